"""Known wrong solutions of week 4, each with the sentence that its author should read. Spliced, never imported."""

import math

import numpy as np
from reference import (
    BatchNorm1d,
    _check_ids,
    _log_softmax,
    apply_temperature,
    bag_of_words,
    batchnorm_backward,
    context_dataset,
    cosine_similarity,
    dead_units,
    embed_and_flatten,
    evaluate_loss,
    fold_batchnorm,
    greedy,
    init_mlp,
    minibatches,
    mlp_backward,
    mlp_forward,
    nearest,
    sample,
    sample_mlp,
    saturation,
    top_k_filter,
    top_p_filter,
    update_ratio,
)

from autograder.variants import wrong

# For exercises that stand before 9.1, whose function is not there yet.
SOFTMAX = lambda z: np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))

# 4.1 context_dataset


@wrong(
    "context_dataset",
    "Your window seems to end with the target itself, so a model would only have to copy it. A context holds what comes before the target: note the example first, then move the window.",
)
def window_includes_target(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return np.concatenate([X[:, 1:], Y[:, None]], axis=1), Y


@wrong(
    "context_dataset",
    "Your context is not reset between words: the second word begins with the letters of the first. Words have nothing to do with each other, so each begins with zeros.",
)
def not_reset(words, stoi, block_size):
    if block_size < 1:
        raise ValueError("block_size")
    X, Y, context = [], [], [0] * block_size
    for word in words:
        for c in word + ".":
            X.append(context)
            Y.append(stoi[c])
            context = [*context[1:], stoi[c]]
    return np.array(X), np.array(Y)


@wrong(
    "context_dataset",
    "The zeros of your contexts stand on the right. What is missing at the beginning of a word is the past, so they belong on the left; the newest character always stands in the last place.",
)
def padding_on_the_right(words, stoi, block_size):
    if block_size < 1:
        raise ValueError("block_size")
    X, Y = [], []
    for word in words:
        ids = [stoi[c] for c in word]
        for i, target in enumerate([*ids, 0]):
            seen = ids[max(0, i - block_size) : i]
            X.append(seen + [0] * (block_size - len(seen)))
            Y.append(target)
    return np.array(X), np.array(Y)


@wrong(
    "context_dataset",
    "Your contexts seem to have the newest character first. The oldest comes first, as one reads.",
)
def newest_first(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return X[:, ::-1], Y


@wrong(
    "context_dataset",
    "The end of a word seems to be no target in your data. The model must learn when to stop: behind each word stands one more example, with the target 0.",
)
def end_is_no_target(words, stoi, block_size):
    if block_size < 1:
        raise ValueError("block_size")
    X, Y = [], []
    for word in words:
        context = [0] * block_size
        for c in word:
            X.append(context)
            Y.append(stoi[c])
            context = [*context[1:], stoi[c]]
    return np.array(X), np.array(Y)


@wrong(
    "context_dataset",
    "The first characters of your words are no targets: it seems that only full windows count. A model must begin a word, too; fill the window with zeros where the word has not begun.",
)
def only_full_windows(words, stoi, block_size):
    if block_size < 1:
        raise ValueError("block_size")
    X, Y = [], []
    for word in words:
        ids = [*[stoi[c] for c in word], 0]
        for i in range(block_size, len(ids)):
            X.append(ids[i - block_size : i])
            Y.append(ids[i])
    return np.array(X, dtype=np.int64).reshape(len(Y), block_size), np.array(Y, dtype=np.int64)


@wrong(
    "context_dataset",
    "Your words seem to begin with a single zero, however long the window is. Then the first characters of a word are never predicted: as many zeros are needed as the window has places.",
)
def one_zero_in_front(words, stoi, block_size):
    if block_size < 1:
        raise ValueError("block_size")
    X, Y = [], []
    for word in words:
        ids = [0, *[stoi[c] for c in word], 0]
        for i in range(block_size, len(ids)):
            X.append(ids[i - block_size : i])
            Y.append(ids[i])
    return np.array(X, dtype=np.int64).reshape(len(Y), block_size), np.array(Y, dtype=np.int64)


@wrong(
    "context_dataset",
    "Your contexts are one character too short. block_size counts the characters of the context alone; the target is not one of them.",
)
def block_counts_the_target(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return X[:, 1:], Y


@wrong(
    "context_dataset",
    "All contexts of a word are equal. It seems that one and the same list was noted again and again and changed afterwards; note a copy, or make a new list in each step.",
)
def same_list_in_every_row(words, stoi, block_size):
    if block_size < 1:
        raise ValueError("block_size")
    X, Y = [], []
    for word in words:
        context = [0] * block_size
        for c in word + ".":
            X.append(context)
            Y.append(stoi[c])
            context.append(stoi[c])
            context.pop(0)
    return np.array(X), np.array(Y)


@wrong(
    "context_dataset",
    "Your words seem to be joined to one text with a single end. Each word has an end of its own, and the next one begins anew.",
)
def words_joined(words, stoi, block_size):
    return context_dataset(["".join(words)], stoi, block_size)


@wrong(
    "context_dataset",
    "Your X and Y are lists. The contract asks for arrays of integers, which can be used as indices.",
)
def lists_of_ids(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return X.tolist(), Y.tolist()


@wrong(
    "context_dataset",
    "Your ids are floats, perhaps because np.zeros makes floats. Ids are used as indices, so they must be integers.",
)
def ids_as_floats(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return X.astype(float), Y.astype(float)


@wrong(
    "context_dataset",
    "Your Y has two axes. There is one target for each context, so its shape is (N,).",
)
def targets_as_a_column(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return X, Y[:, None]


@wrong(
    "context_dataset",
    "A character that stoi does not know seems to get the id 0. Then the end mark stands in the middle of words, and nobody notices: refuse it.",
)
def unknown_becomes_the_end(words, stoi, block_size):
    if block_size < 1:
        raise ValueError("block_size")
    X, Y = [], []
    for word in words:
        context = [0] * block_size
        for c in word + ".":
            X.append(context)
            Y.append(stoi.get(c, 0))
            context = [*context[1:], stoi.get(c, 0)]
    return np.array(X), np.array(Y)


@wrong(
    "context_dataset",
    "Your ids seem to be computed from the character itself, with ord, or from a table of your own. The table is given: stoi.",
)
def own_table(words, stoi, block_size):
    return context_dataset(words, {".": 0, **{c: i for i, c in enumerate(sorted(set(stoi) - {"."}), 1)}}, block_size)


@wrong(
    "context_dataset",
    "An empty word seems to be left out. It gives one example: the end, right after the beginning.",
)
def empty_words_left_out(words, stoi, block_size):
    return context_dataset([word for word in words if word], stoi, block_size)


@wrong(
    "context_dataset",
    "A block_size below 1 must raise a ValueError. Your function goes on, and its contexts are empty or too long.",
)
def block_size_unchecked(words, stoi, block_size):
    if block_size >= 1:
        return context_dataset(words, stoi, block_size)
    X, Y = [], []
    for word in words:
        context = [0] * block_size
        for c in word + ".":
            X.append(context)
            Y.append(stoi[c])
    return np.array(X), np.array(Y)


@wrong(
    "context_dataset",
    "Your function changes the list of words that was handed to it. Others may still need it: work on copies.",
)
def words_changed(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    for i, word in enumerate(words):
        words[i] = word + "."
    return X, Y


@wrong(
    "context_dataset",
    "Your words seem to be lower-cased first. Every character counts as it is, and stoi knows which there are.",
)
def words_lower_cased(words, stoi, block_size):
    return context_dataset([word.lower() for word in words], stoi, block_size)


# 4.2 embed_and_flatten


@wrong(
    "embed_and_flatten",
    "Your result has one row for each character, not one for each context. The vectors of a context stand side by side, in one row.",
)
def row_for_each_character(C, X):
    embed_and_flatten(C, X)
    return C[X].reshape(-1, C.shape[1])


@wrong(
    "embed_and_flatten",
    "Your result has one row for each character, not one for each context. The vectors of a context stand side by side, in one row.",
)
def vectors_below_each_other(C, X):
    embed_and_flatten(C, X)
    return np.concatenate([C[X[:, b]] for b in range(X.shape[1])], axis=0)


@wrong(
    "embed_and_flatten",
    "The shape is right, but the numbers of different characters are mixed: the axes of places and of numbers seem to be exchanged before the flatten. Each vector stays together.",
)
def places_and_numbers_exchanged(C, X):
    embed_and_flatten(C, X)
    return C[X].transpose(0, 2, 1).reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "The shape is right, but the numbers of different characters are mixed: the axes of places and of numbers seem to be exchanged before the flatten. Each vector stays together.",
)
def flattened_by_columns(C, X):
    embed_and_flatten(C, X)
    return C[X].reshape(len(X), -1, order="F")


@wrong(
    "embed_and_flatten",
    "The shape is right, but rows of different contexts are mixed: the axes of contexts and of places seem to be exchanged before the flatten.",
)
def contexts_and_places_exchanged(C, X):
    embed_and_flatten(C, X)
    return C[X].transpose(1, 0, 2).reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "The vectors of a context seem to be averaged or added up. Then their order is lost, and `abc` looks like `cba`: put them side by side.",
)
def mean_of_vectors(C, X):
    embed_and_flatten(C, X)
    return C[X].mean(axis=1)


@wrong(
    "embed_and_flatten",
    "The vectors of a context seem to be averaged or added up. Then their order is lost, and `abc` looks like `cba`: put them side by side.",
)
def sum_of_vectors(C, X):
    embed_and_flatten(C, X)
    return C[X].sum(axis=1)


@wrong(
    "embed_and_flatten",
    "The flatten is missing: your result still has three axes, and a product with W1 will fail. Make one row out of the vectors of each context.",
)
def no_flatten(C, X):
    embed_and_flatten(C, X)
    return C[X]


@wrong(
    "embed_and_flatten",
    "Your result has as many rows as a context has characters. Rows are examples: there are as many as contexts.",
)
def places_as_rows(C, X):
    embed_and_flatten(C, X)
    return C[X].reshape(X.shape[1], -1)


@wrong(
    "embed_and_flatten",
    "The vectors of your contexts stand in reverse order. The first character's vector comes first.",
)
def last_vector_first(C, X):
    return embed_and_flatten(C, X[:, ::-1])


@wrong(
    "embed_and_flatten",
    "Your result loses axes of length 1, perhaps through squeeze. A single context still makes an array with one row.",
)
def squeezed(C, X):
    return np.squeeze(embed_and_flatten(C, X))


@wrong(
    "embed_and_flatten",
    "Your rows seem to hold the one-hot vectors of the characters. Look up their rows of C.",
)
def one_hot_in_the_place_of_vectors(C, X):
    embed_and_flatten(C, X)
    return np.eye(len(C))[X].reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "Ids outside the table are not checked. NumPy takes a negative id for a row counted from the end and says nothing, and a large one ends in an IndexError; the contract asks for a ValueError.",
)
def ids_unchecked(C, X):
    return C[X].reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "Large ids are refused, but negative ones are not. NumPy takes -1 for the last row, so a mistake in the data would never be seen.",
)
def negative_ids_pass(C, X):
    if np.any(X >= len(C)):
        raise ValueError("ids")
    return C[X].reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "Negative ids are refused, but ids of V and above end in an IndexError of NumPy, or in nothing. The last id is V - 1; refuse larger ones with a ValueError.",
)
def large_ids_pass(C, X):
    if np.any(X < 0):
        raise ValueError("ids")
    return C[X].reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "Ids outside the table seem to be moved into it, to its border or around it. A wrong id is a mistake in the data, and a ValueError says so.",
)
def ids_clipped(C, X):
    return C[np.clip(X, 0, len(C) - 1)].reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "Ids outside the table seem to be moved into it, to its border or around it. A wrong id is a mistake in the data, and a ValueError says so.",
)
def ids_wrapped(C, X):
    return C[X % len(C)].reshape(len(X), -1)


@wrong(
    "embed_and_flatten",
    "Your function changes X or C, which belong to the caller. Make something new.",
)
def ids_moved_in_place(C, X):
    out = embed_and_flatten(C, X)
    C -= C.mean(axis=0)
    return out


# 4.3 init_mlp


@wrong(
    "init_mlp",
    "W1 seems to be scaled by the number of hidden units, its fan-out. A hidden unit sums its inputs: how many of them there are is what counts.",
)
def fan_out(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * gain / math.sqrt(H)}


@wrong(
    "init_mlp",
    "W1 seems to be divided by the fan-in itself. The standard deviation of a sum of n independent numbers grows with the square root of n, so divide by that; else the hidden units see almost nothing.",
)
def no_square_root(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * gain / (B * D)}


@wrong(
    "init_mlp",
    "The gain seems to be missing in W1. tanh squashes what it gets; the gain makes up for it.",
)
def no_gain(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) / math.sqrt(B * D)}


@wrong(
    "init_mlp",
    "W1 is not scaled at all. The sums that go into tanh then grow with the number of inputs, and most units begin saturated.",
)
def standard_normal(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H))}


@wrong(
    "init_mlp",
    "Your fan-in seems to count the numbers of one character. A hidden unit gets those of all B characters of the context.",
)
def block_forgotten(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * gain / math.sqrt(D)}


@wrong(
    "init_mlp",
    "W1 seems to be scaled by the mean of fan-in and fan-out, after Glorot and Bengio. That is a sound rule, too, but another one: here the fan-in alone counts.",
)
def mean_of_fans(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * gain * math.sqrt(2 / (B * D + H))}


@wrong(
    "init_mlp",
    "W1 seems to be multiplied by the square root of the fan-in. The more inputs a unit has, the smaller its weights must be.",
)
def multiplied_by_root(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * gain * math.sqrt(B * D)}


@wrong(
    "init_mlp",
    "The gain seems to act on W1 twice. Multiply by it once.",
)
def gain_squared(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * gain**2 / math.sqrt(B * D)}


@wrong(
    "init_mlp",
    "The gain seems to stand under the square root. Only the fan-in belongs there; the gain multiplies the standard deviation itself.",
)
def gain_under_the_root(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * math.sqrt(gain / (B * D))}


@wrong(
    "init_mlp",
    "W1 is a thousand times too large. Every tanh unit sits at -1 or 1, where its slope is 0, and the first layer learns nothing.",
)
def times_thousand(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.normal(size=(B * D, H)) * 1000}


@wrong(
    "init_mlp",
    "All your weights are 0. Units with equal weights compute the same and get equal gradients, so they stay equal for ever: random numbers have to make them different.",
)
def all_zeros(V, B, D, H, rng, gain=5 / 3):
    return {name: np.zeros_like(array) for name, array in init_mlp(V, B, D, H, rng, gain).items()}


@wrong(
    "init_mlp",
    "Your W1 seems to come from a uniform distribution with mean 0. The contract asks for normal draws.",
)
def uniform_weights(V, B, D, H, rng, gain=5 / 3):
    width = gain * math.sqrt(3 / (B * D))
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.uniform(-width, width, size=(B * D, H))}


@wrong(
    "init_mlp",
    "All entries of your W1 are positive: rng.random draws between 0 and 1. The contract asks for normal draws with mean 0, so that sums do not drift to one side.",
)
def positive_weights(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W1": rng.random(size=(B * D, H)) * gain / math.sqrt(B * D)}


@wrong(
    "init_mlp",
    "Your C seems to be scaled like a layer. Its rows are inputs of the network, drawn with standard deviation 1; the scale of W1 counts on that.",
)
def embeddings_scaled(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "C": rng.normal(size=(V, D)) / math.sqrt(D)}


@wrong(
    "init_mlp",
    "Your C seems to be drawn with a standard deviation of 0.01. That is meant for W2; inputs so small leave the hidden units near 0.",
)
def tiny_embeddings(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "C": rng.normal(size=(V, D)) * 0.01}


@wrong(
    "init_mlp",
    "W2 seems to be scaled like a hidden layer. Its outputs are logits, and a model that knows nothing should have small ones: 0.01.",
)
def last_layer_by_fan_in(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W2": rng.normal(size=(H, V)) / math.sqrt(H)}


@wrong(
    "init_mlp",
    "W2 seems to be scaled like W1, with the gain. No tanh stands behind it; its outputs are logits, and they should begin small: 0.01.",
)
def last_layer_like_the_first(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W2": rng.normal(size=(H, V)) * gain / math.sqrt(H)}


@wrong(
    "init_mlp",
    "W2 is not scaled: its standard deviation is 1. The logits are large then, and the untrained model is sure of itself and wrong.",
)
def last_layer_not_scaled(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W2": rng.normal(size=(H, V))}


@wrong(
    "init_mlp",
    "The standard deviation of W2 is 0.1. It seems that 0.01 was taken for the variance.",
)
def variance_for_deviation(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W2": rng.normal(size=(H, V)) * 0.1}


@wrong(
    "init_mlp",
    "Your W2 is 0 everywhere. The first loss is right then, but the hidden layer gets no gradient in the first step: draw it with the small standard deviation of the contract.",
)
def last_layer_zero(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W2": np.zeros((H, V))}


@wrong(
    "init_mlp",
    "The argument gain seems to be ignored: W1 always gets 5/3. That is only the default.",
)
def gain_ignored(V, B, D, H, rng, gain=5 / 3):
    return init_mlp(V, B, D, H, rng)


@wrong(
    "init_mlp",
    "The gain seems to act on W2, too. It makes up for a tanh, and behind W2 there is none.",
)
def gain_on_both_layers(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "W2": rng.normal(size=(H, V)) * 0.01 * gain}


@wrong(
    "init_mlp",
    "Your biases are random. They begin at 0: nothing is known yet that would prefer a unit or a character.",
)
def random_biases(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "b1": rng.normal(size=H) * 0.01, "b2": rng.normal(size=V) * 0.01}


@wrong(
    "init_mlp",
    "Your biases have two axes. There is one for each unit: their shapes are (H,) and (V,).",
)
def biases_as_rows(V, B, D, H, rng, gain=5 / 3):
    return {**init_mlp(V, B, D, H, rng, gain), "b1": np.zeros((1, H)), "b2": np.zeros((1, V))}


@wrong(
    "init_mlp",
    "Your weights are the same whatever the generator is: your function seems to make a generator of its own with a fixed seed. Use the one that is passed in.",
)
def weights_of_an_own_seed(V, B, D, H, rng, gain=5 / 3):
    return init_mlp(V, B, D, H, np.random.default_rng(42), gain)


@wrong(
    "init_mlp",
    "Your random numbers do not come from the generator that is passed in, so nobody can repeat your training. Use rng, not NumPy's global functions.",
)
def global_weights(V, B, D, H, rng, gain=5 / 3):
    np.random.rand(3)
    return init_mlp(V, B, D, H, np.random.default_rng(np.random.randint(2**31)), gain)


@wrong(
    "init_mlp",
    "Your arrays seem to be the same draws, only cut and scaled differently. Each number is drawn for itself: let one generator run on from array to array.",
)
def same_draws_for_each_array(V, B, D, H, rng, gain=5 / 3):
    seed = int(rng.integers(2**31))
    names = ("C", "W1", "W2")
    arrays = [init_mlp(V, B, D, H, rng, gain)[name].shape for name in names]
    scales = (1, gain / math.sqrt(B * D), 0.01)
    drawn = [np.random.default_rng(seed).normal(size=shape) * scale for shape, scale in zip(arrays, scales)]
    return {**dict(zip(names, drawn)), "b1": np.zeros(H), "b2": np.zeros(V)}


# 4.4 mlp_forward


@wrong(
    "mlp_forward",
    "Your forward pass returns probabilities. Logits are raw scores: the softmax comes later, with the loss, and a second one would flatten everything.",
)
def softmax_applied(p, X):
    logits, cache = mlp_forward(p, X)
    return SOFTMAX(logits), cache


@wrong(
    "mlp_forward",
    "Your forward pass returns the logarithms of probabilities. Logits are the raw scores before any softmax.",
)
def log_softmax_applied(p, X):
    logits, cache = mlp_forward(p, X)
    return np.log(SOFTMAX(logits)), cache


@wrong("mlp_forward", "Your hidden layer seems to use ReLU. It is tanh here, also below 0.")
def relu_instead(p, X):
    x = embed_and_flatten(p["C"], X)
    h = np.maximum(x @ p["W1"] + p["b1"], 0)
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong("mlp_forward", "Your hidden layer seems to use the sigmoid, whose values lie between 0 and 1. It is tanh here.")
def sigmoid_instead(p, X):
    x = embed_and_flatten(p["C"], X)
    h = 0.5 + 0.5 * np.tanh((x @ p["W1"] + p["b1"]) / 2)
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong(
    "mlp_forward",
    "There seems to be no activation between your two layers. Without the tanh they are one linear map, and the hidden layer gains nothing.",
)
def no_activation(p, X):
    x = embed_and_flatten(p["C"], X)
    h = x @ p["W1"] + p["b1"]
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong(
    "mlp_forward",
    "Your logits seem to pass through a tanh as well, so that none is larger than 1. Scores must be free to grow: the last layer is linear.",
)
def activation_on_the_logits(p, X):
    logits, cache = mlp_forward(p, X)
    return np.tanh(logits), cache


@wrong("mlp_forward", "b2 seems to be missing. It holds how frequent each character is, whatever the context.")
def output_bias_missing(p, X):
    logits, cache = mlp_forward(p, X)
    return logits - p["b2"], cache


@wrong("mlp_forward", "b1 seems to be missing in the hidden layer.")
def hidden_bias_missing(p, X):
    return mlp_forward({**p, "b1": p["b1"] * 0}, X)


@wrong("mlp_forward", "b1 seems to be added after the tanh. It belongs inside, to the sum.")
def bias_after_tanh(p, X):
    x = embed_and_flatten(p["C"], X)
    h = np.tanh(x @ p["W1"]) + p["b1"]
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong(
    "mlp_forward",
    "Your biases seem to be added as columns, one number for each example. There is one for each unit: broadcasting adds a vector of shape (H,) to every row by itself.",
)
def bias_as_a_column(p, X):
    x = embed_and_flatten(p["C"], X)
    h = np.tanh(x @ p["W1"] + p["b1"][:, None])
    logits = h @ p["W2"] + p["b2"][:, None]
    return logits, (X, x, h, logits)


@wrong(
    "mlp_forward",
    "Your weight matrices seem to be transposed. W1 has one row for each input and one column for each unit, so rows of examples are multiplied from the left.",
)
def weights_transposed(p, X):
    x = embed_and_flatten(p["C"], X)
    h = np.tanh(x @ p["W1"].T + p["b1"])
    logits = h @ p["W2"].T + p["b2"]
    return logits, (X, x, h, logits)


@wrong(
    "mlp_forward",
    "The characters of your contexts seem to enter in reverse order. The oldest character's vector meets the first rows of W1.",
)
def context_reversed(p, X):
    return mlp_forward(p, X[:, ::-1])


@wrong(
    "mlp_forward",
    "Your function seems to return the logits alone. The contract asks for a pair: the logits and a cache for the backward pass.",
)
def no_cache(p, X):
    return mlp_forward(p, X)[0]


@wrong("mlp_forward", "Your pair seems to be turned around. The logits come first, then the cache.")
def cache_first(p, X):
    logits, cache = mlp_forward(p, X)
    return cache, logits


@wrong(
    "mlp_forward",
    "Ids outside of the table are not refused. NumPy takes a negative id for a row from the end; use your embed_and_flatten, which checks, or check here.",
)
def forward_ids_unchecked(p, X):
    x = p["C"][X].reshape(len(X), -1)
    h = np.tanh(x @ p["W1"] + p["b1"])
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong(
    "mlp_forward",
    "Your function writes into the dict of parameters, perhaps to remember the activations. That belongs into the cache: p is the caller's, and whoever loops over it meets arrays that are no parameters.",
)
def activations_in_the_parameters(p, X):
    logits, cache = mlp_forward(p, X)
    p["h"] = cache[2]
    return logits, cache


# 4.5 mlp_backward


@wrong(
    "mlp_backward",
    "Your gradient is that of the sum of the losses, N times too large. The loss is their mean: divide once, in the gradient with respect to the logits.",
)
def not_divided_by_n(p, cache, Y):
    return {name: gradient * len(Y) for name, gradient in mlp_backward(p, cache, Y).items()}


@wrong(
    "mlp_backward",
    "Your gradients seem to be divided by the number of examples twice. Once is enough, at the logits: all that comes behind inherits the factor.",
)
def divided_twice(p, cache, Y):
    return {name: gradient / len(Y) for name, gradient in mlp_backward(p, cache, Y).items()}


@wrong(
    "mlp_backward",
    "Your gradients seem to be divided by all entries of the logits, N times V. The mean is over the examples alone.",
)
def divided_by_all_entries(p, cache, Y):
    return {name: gradient / len(p["b2"]) for name, gradient in mlp_backward(p, cache, Y).items()}


@wrong(
    "mlp_backward",
    "The gradients of your biases seem to be means over the examples, where the division by N has happened already. Sum the rows.",
)
def biases_averaged(p, cache, Y):
    g = mlp_backward(p, cache, Y)
    return {**g, "b1": g["b1"] / len(Y), "b2": g["b2"] / len(Y)}


@wrong(
    "mlp_backward",
    "Your gradients have the opposite sign. With respect to the logits the gradient is probabilities minus one-hot: a gradient points uphill, and the step goes against it.",
)
def sign_turned(p, cache, Y):
    return {name: -gradient for name, gradient in mlp_backward(p, cache, Y).items()}


@wrong(
    "mlp_backward",
    "The targets seem to play no part in your gradient: it uses the probabilities as they are. Take 1 away from the target's.",
)
def one_hot_forgotten(p, cache, Y):
    X, x, h, logits = cache
    mlp_backward(p, cache, Y)
    d = SOFTMAX(logits) / len(Y)
    dz = (d @ p["W2"].T) * (1 - h**2)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, (dz @ p["W1"].T).reshape(*X.shape, -1))
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong(
    "mlp_backward",
    "Your softmax seems to run over the examples. Each row of the logits belongs to one example, and its probabilities sum to 1.",
)
def softmax_over_examples(p, cache, Y):
    X, x, h, logits = cache
    mlp_backward(p, cache, Y)
    d = SOFTMAX(logits.T).T
    d[np.arange(len(Y)), Y] -= 1
    d = d / len(Y)
    dz = (d @ p["W2"].T) * (1 - h**2)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, (dz @ p["W1"].T).reshape(*X.shape, -1))
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong(
    "mlp_backward",
    "Your softmax overflows for large logits. Subtract the largest logit of each row first; the probabilities stay the same.",
)
def overflowing_softmax(p, cache, Y):
    X, x, h, logits = cache
    mlp_backward(p, cache, Y)
    d = np.exp(logits)
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(len(Y)), Y] -= 1
    d = d / len(Y)
    dz = (d @ p["W2"].T) * (1 - h**2)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, (dz @ p["W1"].T).reshape(*X.shape, -1))
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong(
    "mlp_backward",
    "A character that occurs several times keeps only one of its gradients: assigning, or `+=`, with an array of indices counts a repeated row once. All its copies must be added up.",
)
def scatter_assigns(p, cache, Y):
    X, x, h, logits = cache
    g = mlp_backward(p, cache, Y)
    d = SOFTMAX(logits)
    d[np.arange(len(Y)), Y] -= 1
    dz = (d / len(Y) @ p["W2"].T) * (1 - h**2)
    dC = np.zeros_like(p["C"])
    dC[X] = (dz @ p["W1"].T).reshape(*X.shape, -1)
    return {**g, "C": dC}


@wrong(
    "mlp_backward",
    "A character that occurs several times keeps only one of its gradients: assigning, or `+=`, with an array of indices counts a repeated row once. All its copies must be added up.",
)
def scatter_loses_duplicates(p, cache, Y):
    X, x, h, logits = cache
    g = mlp_backward(p, cache, Y)
    d = SOFTMAX(logits)
    d[np.arange(len(Y)), Y] -= 1
    dz = (d / len(Y) @ p["W2"].T) * (1 - h**2)
    dC = np.zeros_like(p["C"])
    dC[X] += (dz @ p["W1"].T).reshape(*X.shape, -1)
    return {**g, "C": dC}


@wrong(
    "mlp_backward",
    "The gradients of a character that occurs several times seem to be averaged. Each of its copies acts on the loss by itself, so they add up.",
)
def scatter_averages(p, cache, Y):
    g = mlp_backward(p, cache, Y)
    counts = np.bincount(cache[0].ravel(), minlength=len(p["C"]))
    return {**g, "C": g["C"] / np.maximum(counts, 1)[:, None]}


@wrong(
    "mlp_backward",
    "The gradient of C has the right shape, but numbers of different characters are mixed. Undo the flatten exactly as it was done: one vector of D numbers after the other.",
)
def unflattened_wrongly(p, cache, Y):
    X, x, h, logits = cache
    g = mlp_backward(p, cache, Y)
    d = SOFTMAX(logits)
    d[np.arange(len(Y)), Y] -= 1
    dx = ((d / len(Y) @ p["W2"].T) * (1 - h**2)) @ p["W1"].T
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, dx.reshape(len(X), -1, X.shape[1]).transpose(0, 2, 1))
    return {**g, "C": dC}


@wrong(
    "mlp_backward",
    "There is no gradient of C in your dict. The vectors of the characters are parameters like the others; learning them is the point of this network.",
)
def embeddings_not_learnt(p, cache, Y):
    g = mlp_backward(p, cache, Y)
    del g["C"]
    return g


@wrong(
    "mlp_backward",
    "The slope of tanh seems to be taken at h, so that tanh is applied twice. In terms of h, it is 1 minus the square of h.",
)
def slope_at_the_output(p, cache, Y):
    X, x, h, logits = cache
    g = mlp_backward(p, cache, Y)
    d = SOFTMAX(logits)
    d[np.arange(len(Y)), Y] -= 1
    dz = (d / len(Y) @ p["W2"].T) * (1 - np.tanh(h) ** 2)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, (dz @ p["W1"].T).reshape(*X.shape, -1))
    return {**g, "C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0)}


@wrong(
    "mlp_backward",
    "The slope of tanh seems to be missing: the gradient passes the hidden layer unchanged. W2 and b2 are right, everything below is too large.",
)
def slope_missing(p, cache, Y):
    X, x, h, logits = cache
    g = mlp_backward(p, cache, Y)
    d = SOFTMAX(logits)
    d[np.arange(len(Y)), Y] -= 1
    dz = d / len(Y) @ p["W2"].T
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, (dz @ p["W1"].T).reshape(*X.shape, -1))
    return {**g, "C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0)}


@wrong("mlp_backward", "Your slope of tanh seems to be 1 - h. It is 1 minus the square of h.")
def square_forgotten(p, cache, Y):
    X, x, h, logits = cache
    g = mlp_backward(p, cache, Y)
    d = SOFTMAX(logits)
    d[np.arange(len(Y)), Y] -= 1
    dz = (d / len(Y) @ p["W2"].T) * (1 - h)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, (dz @ p["W1"].T).reshape(*X.shape, -1))
    return {**g, "C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0)}


@wrong(
    "mlp_backward",
    "The gradient of b1 is summed along the wrong axis. A bias acts on every example, so its gradient is the sum over the examples, and its shape is (H,).",
)
def bias_summed_over_units(p, cache, Y):
    X, x, h, logits = cache
    g = mlp_backward(p, cache, Y)
    d = SOFTMAX(logits)
    d[np.arange(len(Y)), Y] -= 1
    return {**g, "b1": ((d / len(Y) @ p["W2"].T) * (1 - h**2)).sum(axis=1)}


@wrong(
    "mlp_backward",
    "The gradients of your biases have an axis too many, perhaps through keepdims. A gradient has the shape of its parameter, here (H,) and (V,).",
)
def bias_gradients_as_rows(p, cache, Y):
    g = mlp_backward(p, cache, Y)
    return {**g, "b1": g["b1"][None], "b2": g["b2"][None]}


@wrong(
    "mlp_backward",
    "The gradients of W1 and W2 are transposed. A gradient has the shape of its parameter.",
)
def gradients_transposed(p, cache, Y):
    g = mlp_backward(p, cache, Y)
    return {**g, "W1": g["W1"].T, "W2": g["W2"].T}


@wrong(
    "mlp_backward",
    "Targets outside the vocabulary are not refused with a ValueError. NumPy takes -1 for the last column and says nothing.",
)
def targets_unchecked(p, cache, Y):
    V = len(p["b2"])
    if np.any(Y >= V):
        raise IndexError("target")
    return mlp_backward(p, cache, Y % V)


@wrong(
    "mlp_backward",
    "A second call with the same cache gives other gradients: your function changes arrays in the cache in place, such as the probabilities from which 1 is taken away. Work on a copy.",
)
def cache_used_up(p, cache, Y):
    gradients = mlp_backward(p, cache, Y)
    logits = cache[3]
    logits[:] = SOFTMAX(logits)
    logits[np.arange(len(Y)), Y] -= 1
    return gradients


@wrong(
    "mlp_backward",
    "Your function already takes a step: the parameters are changed. It only computes gradients; what is done with them is the caller's decision.",
)
def takes_a_step(p, cache, Y):
    gradients = mlp_backward(p, cache, Y)
    for name in p:
        p[name] -= 0.1 * gradients[name]
    return gradients


# 4.6 expected_initial_loss, is_confidently_wrong


@wrong(
    "expected_initial_loss",
    "Your expected loss is in bits: it uses the logarithm to base 2. In this course losses are in nats.",
)
def bits(V):
    return math.log2(V)


@wrong(
    "expected_initial_loss",
    "Your expected loss seems to use the logarithm to base 10. In this course losses are in nats.",
)
def base_ten(V):
    return math.log10(V)


@wrong("expected_initial_loss", "Your expected loss is a probability, 1/V. The loss is minus its logarithm.")
def probability(V):
    return 1 / V


@wrong(
    "expected_initial_loss",
    "Your expected loss is negative. A loss is MINUS the logarithm of a probability, and 1/V lies below 1.",
)
def minus_forgotten(V):
    return math.log(1 / V)


@wrong(
    "expected_initial_loss",
    "Your expected loss seems to be the perplexity, V itself. The loss in nats is its logarithm.",
)
def perplexity_instead(V):
    return float(V)


@wrong(
    "expected_initial_loss",
    "Your expected loss is one summand of an entropy, (1/V) ln V, or a mean over the V characters. The target always has the probability 1/V, so its whole -ln is paid.",
)
def one_summand(V):
    return math.log(V) / V


@wrong(
    "expected_initial_loss",
    "Your expected loss seems to count one character less, perhaps because of the dot. The end is predicted like any other character.",
)
def dot_not_counted(V):
    return math.log(V - 1)


@wrong("expected_initial_loss", "Your expected loss is rounded. Return the number itself; rounding is for printing.")
def rounded(V):
    return round(math.log(V), 2)


@wrong(
    "is_confidently_wrong",
    "You seem to compare with twice the expected loss. That is too generous: a model that pays almost twice as much as one that knows nothing is very sure of wrong things.",
)
def twice_the_expected(loss, V):
    return loss > 2 * math.log(V)


@wrong(
    "is_confidently_wrong",
    "Your comparison seems to be turned around: a loss above the expected one is the bad sign, a loss below it means that something has been learnt.",
)
def turned_around(loss, V):
    return loss < math.log(V)


@wrong(
    "is_confidently_wrong",
    "Any loss that differs from the expected one seems to count as confidently wrong for you, also a lower one. A lower loss means that the model knows something.",
)
def any_difference(loss, V):
    return abs(loss - math.log(V)) > 0.5


@wrong(
    "is_confidently_wrong",
    "Your line seems to be a fixed number. For 50,000 tokens a loss of 8 is better than chance, for 27 characters it is far too high: the line depends on V.",
)
def fixed_line(loss, V):
    return loss > 4


@wrong(
    "is_confidently_wrong",
    "You seem to compare the loss with V itself. The loss is a logarithm: the model that knows nothing pays ln V.",
)
def compared_with_v(loss, V):
    return loss > V


@wrong("is_confidently_wrong", "Your function never complains, whatever the loss is.")
def never(loss, V):
    return False


@wrong("is_confidently_wrong", "Your function always complains, also about a model that is better than chance.")
def always(loss, V):
    return True


# 4.7 minibatches


@wrong(
    "minibatches",
    "Each of your batches seems to be drawn by itself, with replacement: in an epoch some examples come twice and others never. Shuffle once, then cut.",
)
def with_replacement(N, batch, rng, drop_last=False):
    for ids in minibatches(N, batch, rng, drop_last):
        yield rng.integers(0, N, size=len(ids))


@wrong(
    "minibatches",
    "Within a batch no example comes twice, but in different batches it does: each batch seems to be drawn from all examples anew. Shuffle once, then cut.",
)
def each_batch_by_itself(N, batch, rng, drop_last=False):
    for ids in minibatches(N, batch, rng, drop_last):
        yield rng.permutation(N)[: len(ids)]


@wrong(
    "minibatches",
    "Every epoch has the same order: your function seems to make a generator of its own with a fixed seed. Use the one that is passed in.",
)
def same_order_each_epoch(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, np.random.default_rng(0), drop_last)


@wrong(
    "minibatches",
    "Your random numbers do not come from the generator that is passed in, so nobody can repeat your training. Use rng, not NumPy's global functions.",
)
def global_order(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, np.random.default_rng(np.random.randint(2**31)), drop_last)


@wrong("minibatches", "The last, smaller batch seems to be lost always. Only with drop_last is it left out.")
def loses_the_tail(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, rng, True)


@wrong("minibatches", "drop_last seems to be ignored: the last batch is not full, and comes all the same.")
def never_drops(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, rng, False)


@wrong("minibatches", "drop_last seems to be read the wrong way round.")
def drop_last_inverted(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, rng, not drop_last)


@wrong(
    "minibatches",
    "With drop_last, your last batch is left out also where it is full. Only a batch that is not full is dropped.",
)
def drops_a_full_batch(N, batch, rng, drop_last=False):
    batches = list(minibatches(N, batch, rng))
    yield from batches[:-1] if drop_last else batches


@wrong(
    "minibatches",
    "Where batch divides N, an empty batch seems to come at the end. A model cannot compute the mean of nothing.",
)
def empty_batch_at_the_end(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, rng, drop_last)
    if N % batch == 0:
        yield np.zeros(0, dtype=np.int64)


@wrong(
    "minibatches",
    "Your last batch seems to be filled up with examples that have been used already. It holds the rest alone, and is shorter.",
)
def tail_filled_up(N, batch, rng, drop_last=False):
    batches = list(minibatches(N, batch, rng, drop_last))
    for ids in batches:
        yield np.concatenate([ids, batches[0]])[:batch] if N >= batch else ids


@wrong(
    "minibatches",
    "Your batches are about equally large, none of them quite full, or the rest is shared out, as np.array_split does. All batches hold `batch` examples; only the last may be shorter.",
)
def equal_shares(N, batch, rng, drop_last=False):
    batches = list(minibatches(N, batch, rng, drop_last))
    yield from np.array_split(np.concatenate(batches), len(batches)) if batches else []


@wrong(
    "minibatches",
    "The examples are not shuffled. Neighbours in the data, such as the letters of one word, then always stand in one batch.",
)
def no_shuffle(N, batch, rng, drop_last=False):
    start = 0
    for ids in minibatches(N, batch, rng, drop_last):
        yield np.arange(start, start + len(ids))
        start += len(ids)


@wrong(
    "minibatches",
    "Only the order of your batches is random: the same examples always stand in the same batch. Shuffle the numbers, then cut.",
)
def only_batches_shuffled(N, batch, rng, drop_last=False):
    cut = [np.arange(start, min(start + batch, N)) for start in range(0, N, batch)]
    sizes = list(minibatches(N, batch, rng, drop_last))
    yield from [cut[i] for i in rng.permutation(len(cut))][: len(sizes)]


@wrong(
    "minibatches",
    "Your numbers are shuffled only inside their batch: the first batch always has the first examples. Shuffle all of them, then cut.",
)
def shuffled_inside_batches(N, batch, rng, drop_last=False):
    start = 0
    for ids in minibatches(N, batch, rng, drop_last):
        yield rng.permutation(np.arange(start, start + len(ids)))
        start += len(ids)


@wrong(
    "minibatches",
    "Your order seems to be rotated, not shuffled: only the beginning is random, and neighbours stay neighbours.",
)
def order_rotated(N, batch, rng, drop_last=False):
    shift = int(rng.integers(N))
    start = 0
    for ids in minibatches(N, batch, rng, drop_last):
        yield (np.arange(start, start + len(ids)) + shift) % N
        start += len(ids)


@wrong("minibatches", "Your numbers run from 1 to N. Indices run from 0 to N - 1; example 0 would never be seen.")
def counts_from_one(N, batch, rng, drop_last=False):
    for ids in minibatches(N, batch, rng, drop_last):
        yield ids + 1


@wrong("minibatches", "The last number, N - 1, never comes. range and NumPy's functions leave out their end already.")
def last_number_missing(N, batch, rng, drop_last=False):
    yield from minibatches(N - 1, batch, rng, drop_last)


@wrong("minibatches", "Your tour never ends: after the last example it begins again. One call is one epoch.")
def endless(N, batch, rng, drop_last=False):
    for _ in range(1000):
        yield from minibatches(N, batch, rng, drop_last)


@wrong("minibatches", "Your batches are lists. The contract asks for arrays of integers, which can be used as indices.")
def lists_in_the_place_of_arrays(N, batch, rng, drop_last=False):
    for ids in minibatches(N, batch, rng, drop_last):
        yield ids.tolist()


@wrong(
    "minibatches",
    "A batch below 1 must raise a ValueError. With a negative step range is empty, so your function gives no batch and no message.",
)
def batch_unchecked(N, batch, rng, drop_last=False):
    if batch >= 1:
        yield from minibatches(N, batch, rng, drop_last)


# 4.8 evaluate_loss


@wrong(
    "evaluate_loss",
    "You seem to average the means of the batches. A smaller last batch then counts as much as a full one, and its examples too much: add up the losses of all examples and divide once.",
)
def mean_of_batch_means(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    starts = range(0, len(X), batch)
    return float(np.mean([evaluate_loss(p, X[i : i + batch], Y[i : i + batch], batch) for i in starts]))


@wrong("evaluate_loss", "The last, smaller batch seems to be dropped. Every example counts.")
def drops_the_last_batch(p, X, Y, batch):
    whole = evaluate_loss(p, X, Y, batch)
    n = len(X) // batch * batch
    return evaluate_loss(p, X[:n], Y[:n], batch) if n else whole * 0


@wrong("evaluate_loss", "Only the first batch seems to be evaluated. Is the return inside the loop?")
def first_batch_only(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    return evaluate_loss(p, X[:batch], Y[:batch], batch)


@wrong("evaluate_loss", "Your loss seems to be that of the last batch. Is the sum set anew in each round?")
def last_batch_only(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    start = (len(X) - 1) // batch * batch
    return evaluate_loss(p, X[start:], Y[start:], batch)


@wrong(
    "evaluate_loss",
    "Your loss is the sum over all examples. Divide by their number: a loss must not depend on how much was measured.",
)
def sum_of_losses(p, X, Y, batch):
    return evaluate_loss(p, X, Y, batch) * len(X)


@wrong(
    "evaluate_loss",
    "Your sum seems to be divided by the places in all batches, as if the last one were full. Divide by the number of examples.",
)
def divided_by_full_batches(p, X, Y, batch):
    return evaluate_loss(p, X, Y, batch) * len(X) / (math.ceil(len(X) / batch) * batch)


@wrong(
    "evaluate_loss",
    "Your loss seems to be divided by the number of characters V as well. The mean is over the examples.",
)
def divided_by_v(p, X, Y, batch):
    return evaluate_loss(p, X, Y, batch) / len(p["b2"])


@wrong("evaluate_loss", "Your loss is in bits: it uses the logarithm to base 2. In this course losses are in nats.")
def loss_in_bits(p, X, Y, batch):
    return evaluate_loss(p, X, Y, batch) / math.log(2)


@wrong("evaluate_loss", "Your loss is negative. It is the mean of MINUS the logarithms.")
def loss_negative(p, X, Y, batch):
    return -evaluate_loss(p, X, Y, batch)


@wrong("evaluate_loss", "Your number seems to be a perplexity, e to the loss. Return the mean itself, in nats.")
def perplexity_returned(p, X, Y, batch):
    return math.exp(min(evaluate_loss(p, X, Y, batch), 700))


@wrong(
    "evaluate_loss",
    "Your loss seems to be the logarithm of a mean probability. First the logarithm of each target's probability, then the mean: the two may not be exchanged.",
)
def logarithm_of_the_mean(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    log_p = _log_softmax(mlp_forward(p, X)[0])[np.arange(len(Y)), Y]
    return float(-np.log(np.mean(np.exp(log_p))))


@wrong(
    "evaluate_loss",
    "Your softmax overflows, or its logarithm meets a probability that was rounded to 0. Compute the logarithm of the softmax directly, with the largest logit subtracted first.",
)
def logarithm_of_the_softmax(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    return float(-np.mean(np.log(SOFTMAX(mlp_forward(p, X)[0])[np.arange(len(Y)), Y])))


@wrong(
    "evaluate_loss",
    "Your softmax overflows for large logits. Subtract the largest logit of each row first; the result stays the same.",
)
def exponents_too_large(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    z = mlp_forward(p, X)[0]
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(Y)), Y]))


@wrong(
    "evaluate_loss",
    "A small number seems to be added to the probabilities before the logarithm. It hides how wrong the network was: who gives the target almost no probability must pay the full price.",
)
def small_number_added(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    return float(-np.mean(np.log(SOFTMAX(mlp_forward(p, X)[0])[np.arange(len(Y)), Y] + 1e-9)))


@wrong(
    "evaluate_loss",
    "Your softmax seems to be applied twice: probabilities are taken for logits. Then all of them lie close together, and the loss near ln V.",
)
def softmax_twice(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    log_p = _log_softmax(SOFTMAX(mlp_forward(p, X)[0]))
    return float(-np.mean(log_p[np.arange(len(Y)), Y]))


@wrong(
    "evaluate_loss",
    "Without examples there is no mean. Your function returns a number, NaN or another error than ValueError.",
)
def no_examples_unchecked(p, X, Y, batch):
    return 0.0 if len(X) == 0 and len(Y) == 0 else evaluate_loss(p, X, Y, batch)


@wrong(
    "evaluate_loss",
    "Without examples there is no mean. Your function returns a number, NaN or another error than ValueError.",
)
def divides_by_no_examples(p, X, Y, batch):
    return 0.0 / len(X) if len(X) == 0 and len(Y) == 0 else evaluate_loss(p, X, Y, batch)


@wrong(
    "evaluate_loss",
    "A batch below 1 must raise a ValueError. With a negative step the loop has no round, and your loss is 0.",
)
def evaluation_batch_unchecked(p, X, Y, batch):
    return 0.0 if batch < 0 else evaluate_loss(p, X, Y, batch)


@wrong(
    "evaluate_loss",
    "X and Y of different lengths must raise a ValueError. Your function seems to stop where the shorter one ends, or to fail on the way.",
)
def lengths_unchecked(p, X, Y, batch):
    n = min(len(X), len(Y))
    return evaluate_loss(p, X[:n], Y[:n], batch)


@wrong(
    "evaluate_loss",
    "Targets outside the vocabulary are not refused. NumPy takes -1 for the last column and says nothing; a large one ends in an IndexError.",
)
def evaluation_targets_unchecked(p, X, Y, batch):
    V = len(p["b2"])
    if np.any(Y >= V):
        raise IndexError("target")
    return evaluate_loss(p, X, Y % V, batch)


@wrong("evaluate_loss", "Your function returns the loss of each example. Wanted is one number, their mean.")
def losses_of_all_examples(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    return -_log_softmax(mlp_forward(p, X)[0])[np.arange(len(Y)), Y]


# 4.9 BatchNorm1d


@wrong(
    "BatchNorm1d",
    "Your training batch seems to be normalised with the unbiased variance, which divides by n - 1. That one is for the running statistics; the batch itself is normalised with the biased one.",
)
class BothUnbiased(BatchNorm1d):
    def __call__(self, x, training):
        out = super().__call__(x, training)
        if training:
            out = self.gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + self.eps) + self.beta
        return out


@wrong(
    "BatchNorm1d",
    "Your running variance seems to collect the biased variance, which is a little too small on average. It collects the unbiased one, divided by n - 1.",
)
class BothBiased(BatchNorm1d):
    def __call__(self, x, training):
        old = self.running_var
        out = super().__call__(x, training)
        if training:
            self.running_var = (1 - self.momentum) * old + self.momentum * x.var(axis=0)
        return out


@wrong(
    "BatchNorm1d",
    "Your two variances seem to be exchanged: the batch is normalised with the biased one, and the running variance collects the unbiased one.",
)
class VariancesExchanged(BatchNorm1d):
    def __call__(self, x, training):
        old = self.running_var
        out = super().__call__(x, training)
        if training:
            out = self.gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + self.eps) + self.beta
            self.running_var = (1 - self.momentum) * old + self.momentum * x.var(axis=0)
        return out


@wrong(
    "BatchNorm1d",
    "Your layer seems to normalise rows, as LayerNorm does. Batch normalisation looks at one column over all examples of the batch.",
)
class RowsNormalised(BatchNorm1d):
    def __call__(self, x, training):
        out = super().__call__(x, training)
        if training:
            xhat = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + self.eps)
            out = self.gamma * xhat + self.beta
        return out


@wrong(
    "BatchNorm1d",
    "Your layer seems to use one mean and one variance for all numbers of the batch. Each column has its own.",
)
class OneMeanForAll(BatchNorm1d):
    def __call__(self, x, training):
        old = self.running_mean, self.running_var
        out = super().__call__(x, training)
        if training:
            self.running_mean = (1 - self.momentum) * old[0] + self.momentum * x.mean()
            self.running_var = (1 - self.momentum) * old[1] + self.momentum * x.var(ddof=1)
            out = self.gamma * (x - x.mean()) / np.sqrt(x.var() + self.eps) + self.beta
        return out


@wrong(
    "BatchNorm1d",
    "Your running statistics move out of training, too. What is measured in use must not change the model: the answer to one question would depend on those before.",
)
class StatisticsMoveInUse(BatchNorm1d):
    def __call__(self, x, training):
        out = super().__call__(x, training)
        if not training:
            var = x.var(axis=0, ddof=1) if len(x) > 1 else self.running_var
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(axis=0)
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
        return out


@wrong(
    "BatchNorm1d",
    "Your momentum seems to be the weight of the old statistics. Here, as in PyTorch, it is the weight of the new batch: with 0.1, nine tenths of the old value stay.",
)
class MomentumInverted(BatchNorm1d):
    def __call__(self, x, training):
        momentum = self.momentum
        self.momentum = 1 - momentum
        try:
            return super().__call__(x, training)
        finally:
            self.momentum = momentum


@wrong(
    "BatchNorm1d",
    "Your running statistics seem to be those of the last batch alone. They keep a share of what was known before: a running average.",
)
class OnlyTheLastBatch(BatchNorm1d):
    def __call__(self, x, training):
        out = super().__call__(x, training)
        if training:
            self.running_mean, self.running_var = x.mean(axis=0), x.var(axis=0, ddof=1)
        return out


@wrong(
    "BatchNorm1d",
    "Your running statistics never move. Out of training they are needed, and then they should say what the batches of training were like.",
)
class StatisticsNeverMove(BatchNorm1d):
    def __call__(self, x, training):
        old = self.running_mean, self.running_var
        out = super().__call__(x, training)
        self.running_mean, self.running_var = old
        return out


@wrong(
    "BatchNorm1d",
    "The weights of your running average do not add up to 1: the old value seems to be kept in full, and the new one added.",
)
class OldValueKeptInFull(BatchNorm1d):
    def __call__(self, x, training):
        old = self.running_mean, self.running_var
        out = super().__call__(x, training)
        if training:
            self.running_mean = old[0] + self.momentum * x.mean(axis=0)
            self.running_var = old[1] + self.momentum * x.var(axis=0, ddof=1)
        return out


@wrong(
    "BatchNorm1d",
    "Your running variance seems to collect standard deviations. It collects variances; the root is taken when they are used.",
)
class DeviationsCollected(BatchNorm1d):
    def __call__(self, x, training):
        old = self.running_var
        out = super().__call__(x, training)
        if training:
            self.running_var = (1 - self.momentum) * old + self.momentum * x.std(axis=0, ddof=1)
        return out


@wrong(
    "BatchNorm1d",
    "Your eps seems to be added to the standard deviation. It belongs to the variance, under the root. For the usual 1e-5 the difference is small, for a column that hardly varies it is not.",
)
class EpsilonOutside(BatchNorm1d):
    def __call__(self, x, training):
        super().__call__(x, training)
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        return self.gamma * (x - m) / (np.sqrt(v) + self.eps) + self.beta


@wrong(
    "BatchNorm1d",
    "Your layer seems to leave out eps, or to use always the same one. A column of equal numbers has variance 0, and eps keeps the division possible.",
)
class EpsilonLeftOut(BatchNorm1d):
    def __call__(self, x, training):
        super().__call__(x, training)
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        return self.gamma * (x - m) / np.sqrt(v) + self.beta


@wrong(
    "BatchNorm1d",
    "Your layer seems to leave out eps, or to use always the same one. A column of equal numbers has variance 0, and eps keeps the division possible.",
)
class EpsilonFixed(BatchNorm1d):
    def __call__(self, x, training):
        super().__call__(x, training)
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        return self.gamma * (x - m) / np.sqrt(v + 1e-5) + self.beta


@wrong("BatchNorm1d", "Your momentum seems to be always 0.1. That is only the default; the attribute says what it is.")
class MomentumFixed(BatchNorm1d):
    def __call__(self, x, training):
        momentum, self.momentum = self.momentum, 0.1
        try:
            return super().__call__(x, training)
        finally:
            self.momentum = momentum


@wrong(
    "BatchNorm1d",
    "Your layer divides by the variance. Divide by its square root, the standard deviation.",
)
class RootForgotten(BatchNorm1d):
    def __call__(self, x, training):
        super().__call__(x, training)
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        return self.gamma * (x - m) / (v + self.eps) + self.beta


@wrong(
    "BatchNorm1d",
    "Out of training your layer still uses the statistics of the batch. Then an answer depends on who else is asked about, and a single example cannot be normalised at all: use the running statistics.",
)
class BatchStatisticsInUse(BatchNorm1d):
    def __call__(self, x, training):
        if training:
            return super().__call__(x, True)
        return self.gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps) + self.beta


@wrong(
    "BatchNorm1d",
    "In training your layer normalises with the running statistics. Those are for use; a training batch is normalised with its own mean and variance.",
)
class RunningStatisticsInTraining(BatchNorm1d):
    def __call__(self, x, training):
        super().__call__(x, training)
        return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta


@wrong("BatchNorm1d", "gamma and beta seem to be left out. They give back scale and shift where these are useful.")
class ScaleAndShiftLeftOut(BatchNorm1d):
    def __call__(self, x, training):
        return (super().__call__(x, training) - self.beta) / self.gamma


@wrong("BatchNorm1d", "beta seems to be multiplied by gamma, too. First scale, then shift.")
class ShiftScaled(BatchNorm1d):
    def __call__(self, x, training):
        return super().__call__(x, training) - self.beta + self.gamma * self.beta


@wrong(
    "BatchNorm1d",
    "gamma and beta are used in training only. They are learnt parameters, and belong to the layer in use as well.",
)
class PlainInUse(BatchNorm1d):
    def __call__(self, x, training):
        if training:
            return super().__call__(x, True)
        return (x - self.running_mean) / np.sqrt(self.running_var + self.eps)


@wrong(
    "BatchNorm1d",
    "Your running variance begins at 0. Before the first batch nothing is known, and 1 leaves the input as it is.",
)
class VarianceBeginsAtZero(BatchNorm1d):
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        super().__init__(dim, eps, momentum)
        self.running_var = np.zeros(dim)


@wrong("BatchNorm1d", "Your attributes have two axes. There is one number for each column: their shape is (dim,).")
class AttributesAsRows(BatchNorm1d):
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        super().__init__(dim, eps, momentum)
        self.gamma, self.beta = np.ones((1, dim)), np.zeros((1, dim))
        self.running_mean, self.running_var = np.zeros((1, dim)), np.ones((1, dim))


@wrong(
    "BatchNorm1d",
    "A training batch of one example is accepted. It has no variance: its output would be beta, whatever it is, and the running variance would become NaN. Raise a ValueError.",
)
class OneExampleAccepted(BatchNorm1d):
    def __call__(self, x, training):
        if training and len(x) == 1:
            return self.beta + 0 * x
        return super().__call__(x, training)


@wrong("BatchNorm1d", "Your layer changes x in place. The layer before still needs its output for the backward pass.")
class InputChanged(BatchNorm1d):
    def __call__(self, x, training):
        out = super().__call__(x, training)
        x -= x.mean(axis=0)
        return out


# 4.10 batchnorm_backward


@wrong(
    "batchnorm_backward",
    "Mean and variance seem to be treated as constants. They are computed from the same x: if one number moves, they move too, and with them all outputs of the column.",
)
def statistics_as_constants(dout, cache):
    xhat, gamma, scale = cache
    return dout * gamma * scale, *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "What goes through the variance seems to be missing in dx. Three roads lead back to x: directly, through the mean, and through the variance.",
)
def variance_as_constant(dout, cache):
    xhat, gamma, scale = cache
    d = dout * gamma
    return scale * (d - d.mean(axis=0)), *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "What goes through the mean seems to be missing in dx. Three roads lead back to x: directly, through the mean, and through the variance.",
)
def mean_as_constant(dout, cache):
    xhat, gamma, scale = cache
    d = dout * gamma
    return scale * (d - xhat * (d * xhat).mean(axis=0)), *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "n - 1 seems to occur in your dx. The batch is normalised with the biased variance, so it is n everywhere.",
)
def unbiased_inside(dout, cache):
    xhat, gamma, scale = cache
    d = dout * gamma
    dx = scale * (d - d.mean(axis=0) - xhat * (d * xhat).sum(axis=0) / (len(d) - 1))
    return dx, *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "What goes through the variance has the wrong sign in your dx.",
)
def variance_with_the_wrong_sign(dout, cache):
    xhat, gamma, scale = cache
    d = dout * gamma
    return scale * (d - d.mean(axis=0) + xhat * (d * xhat).mean(axis=0)), *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "What goes through the variance has a factor of 2 too many or too few in your dx. A square has the derivative 2x, and a root 1 / (2 root).",
)
def variance_halved(dout, cache):
    xhat, gamma, scale = cache
    d = dout * gamma
    return scale * (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0) / 2), *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "What goes through the variance has a factor of 2 too many or too few in your dx. A square has the derivative 2x, and a root 1 / (2 root).",
)
def variance_doubled(dout, cache):
    xhat, gamma, scale = cache
    d = dout * gamma
    return scale * (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0) * 2), *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "gamma seems to be left out in dx. The gradient with respect to the normalised values is dout times gamma.",
)
def scale_left_out(dout, cache):
    xhat, gamma, scale = cache
    return batchnorm_backward(dout, cache)[0] / gamma, *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "dx is not divided by the standard deviation, or multiplied by it. A column with a large spread is made smaller, and so is its gradient.",
)
def deviation_left_out(dout, cache):
    xhat, gamma, scale = cache
    return batchnorm_backward(dout, cache)[0] / scale, *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "eps seems to be left out in dx. The forward pass divides by the root of variance plus eps; the backward pass divides by the same number.",
)
def epsilon_left_out_backward(dout, cache):
    xhat, gamma, scale = cache
    size = np.sqrt((xhat**2).mean(axis=0))  # the deviation without eps, over that with it
    return batchnorm_backward(dout, (xhat / size, gamma, scale / size))[0], *batchnorm_backward(dout, cache)[1:]


@wrong(
    "batchnorm_backward",
    "dgamma is not summed over the examples. gamma acts on every row, so the gradients of all rows add up, and the shape is (dim,).",
)
def scale_not_summed(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dout * cache[0], dbeta


@wrong(
    "batchnorm_backward",
    "dbeta is not summed over the examples. beta acts on every row, so the gradients of all rows add up, and the shape is (dim,).",
)
def shift_not_summed(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma, dout.copy()


@wrong(
    "batchnorm_backward",
    "dgamma and dbeta seem to be means over the examples. Whether the loss is a mean is known to dout already: sum.",
)
def parameters_averaged(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@wrong(
    "batchnorm_backward",
    "dgamma seems to use the deviations from the mean before they are divided by the standard deviation. gamma multiplies the normalised values.",
)
def scale_before_division(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma / cache[2], dbeta


@wrong(
    "batchnorm_backward",
    "dgamma seems to use the output, with gamma and beta in it, or to be multiplied by gamma once more. gamma multiplies the normalised values, so these are its slope.",
)
def scale_twice(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma * cache[1], dbeta


@wrong("batchnorm_backward", "dgamma and dbeta seem to be exchanged. The order is dx, dgamma, dbeta.")
def parameters_exchanged(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dbeta, dgamma


@wrong("batchnorm_backward", "dgamma and dbeta have an axis too many, perhaps through keepdims. Their shape is (dim,).")
def gradients_as_rows(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma[None], dbeta[None]


@wrong("batchnorm_backward", "Your function changes dout in place. It belongs to the caller.")
def dout_changed(dout, cache):
    gradients = batchnorm_backward(dout, cache)
    dout *= cache[1]
    return gradients


# 4.11 fold_batchnorm


@wrong(
    "fold_batchnorm",
    "The rows of W seem to be scaled. The normalisation acts on the columns of z = x W + b, and column j of z comes from column j of W.",
)
def rows_scaled(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return W * s[:, None], (b - mean) * s + beta


@wrong(
    "fold_batchnorm",
    "Your weights stay as they are. The factor of the normalisation multiplies all of z = x W + b, so W as well as b.",
)
def weights_not_scaled(W, b, gamma, beta, mean, var, eps):
    return W.copy(), fold_batchnorm(W, b, gamma, beta, mean, var, eps)[1]


@wrong("fold_batchnorm", "The running mean seems to be forgotten. It is taken away from z before the scaling.")
def mean_forgotten(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, b, gamma, beta, 0 * mean, var, eps)


@wrong("fold_batchnorm", "The running mean seems to be added. The normalisation subtracts it.")
def mean_added(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, b, gamma, beta, -mean, var, eps)


@wrong(
    "fold_batchnorm",
    "The running mean seems to be subtracted without being scaled. It is subtracted first, and the difference is scaled.",
)
def mean_unscaled(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return W * s, b * s - mean + beta


@wrong(
    "fold_batchnorm",
    "The old bias seems to be added unscaled. It is part of z, so it goes through the normalisation like x W.",
)
def bias_unscaled(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return W * s, b - mean * s + beta


@wrong("fold_batchnorm", "The old bias seems to be forgotten. It is part of z.")
def bias_forgotten(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, 0 * b, gamma, beta, mean, var, eps)


@wrong("fold_batchnorm", "beta seems to be forgotten. It is added at the very end, and belongs to the new bias.")
def shift_forgotten(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, b, gamma, 0 * beta, mean, var, eps)


@wrong("fold_batchnorm", "beta seems to be scaled. It is added at the very end, after the scaling.")
def shift_scaled(W, b, gamma, beta, mean, var, eps):
    return W * (gamma / np.sqrt(var + eps)), (b - mean + beta) * (gamma / np.sqrt(var + eps))


@wrong("fold_batchnorm", "gamma seems to be forgotten. The factor of a column is gamma over the standard deviation.")
def scale_forgotten(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, b, 0 * gamma + 1, beta, mean, var, eps)


@wrong(
    "fold_batchnorm",
    "eps seems to be forgotten. The layer that you replace has it, and the outputs must agree up to rounding.",
)
def epsilon_forgotten(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, b, gamma, beta, mean, var, 0.0)


@wrong("fold_batchnorm", "eps seems to be added to the standard deviation. It belongs to the variance, under the root.")
def epsilon_outside_the_root(W, b, gamma, beta, mean, var, eps):
    s = gamma / (np.sqrt(var) + eps)
    return W * s, (b - mean) * s + beta


@wrong("fold_batchnorm", "You seem to divide by the variance. Divide by its square root, the standard deviation.")
def root_forgotten(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, b, gamma, beta, mean, (var + eps) ** 2, 0.0)


@wrong(
    "fold_batchnorm",
    "You seem to compute mean and variance anew, from the numbers at hand. Folded are the running statistics, mean and var: they are what the layer uses out of training.",
)
def other_statistics_folded(W, b, gamma, beta, mean, var, eps):
    z = W + b
    return fold_batchnorm(W, b, gamma, beta, z.mean(axis=0), z.var(axis=0), eps)


@wrong("fold_batchnorm", "Your pair seems to be turned around: first the weights, then the bias.")
def bias_first(W, b, gamma, beta, mean, var, eps):
    return fold_batchnorm(W, b, gamma, beta, mean, var, eps)[::-1]


@wrong(
    "fold_batchnorm", "Your function changes W or b in place. Training may go on with the old layer: make new arrays."
)
def weights_changed(W, b, gamma, beta, mean, var, eps):
    W2, b2 = fold_batchnorm(W, b, gamma, beta, mean, var, eps)
    W[:] = W2
    return W, b2


# 4.12 saturation, dead_units, update_ratio


@wrong(
    "saturation",
    "This seems to be the mean size of the activations. Wanted is the share of those beyond the threshold.",
)
def mean_of_activations(h, thr=0.97):
    return np.mean(np.abs(h))


@wrong(
    "saturation",
    "Only activations near 1 seem to be counted. Those near -1 are saturated as well: look at the absolute value.",
)
def positive_side_only(h, thr=0.97):
    return np.mean(h > thr)


@wrong("saturation", "Your function counts the saturated activations. Wanted is their share, a number from 0 to 1.")
def counted_not_shared(h, thr=0.97):
    return float(np.sum(np.abs(h) > thr))


@wrong("saturation", "Your share seems to be that of the activations that are NOT saturated.")
def share_of_the_others(h, thr=0.97):
    return 1 - saturation(h, thr)


@wrong("saturation", "The threshold seems to be always 0.97. That is only the default.")
def threshold_ignored(h, thr=0.97):
    return saturation(h)


@wrong("saturation", "An activation that lies exactly at the threshold is counted. Only those beyond it are.")
def threshold_included(h, thr=0.97):
    return np.mean(np.abs(h) >= thr)


@wrong("saturation", "Your function returns a share for each unit. Wanted is one number for all activations together.")
def share_of_each_unit(h, thr=0.97):
    return np.mean(np.abs(h) > thr, axis=0)


@wrong(
    "dead_units",
    "A unit seems to count as dead if it is saturated for a single example. It is dead if that holds for every example: then no gradient ever passes.",
)
def any_example(h):
    return np.flatnonzero(np.any(np.abs(h) > 0.97, axis=0))


@wrong("dead_units", "You seem to look along the wrong axis. Rows are examples, units are columns.")
def rows_instead_of_units(h):
    return np.flatnonzero(np.all(np.abs(h) > 0.97, axis=1))


@wrong(
    "dead_units",
    "A unit seems to count as dead if it is saturated on average. One example at which its slope is not 0 is enough to save it.",
)
def saturated_on_average(h):
    return np.flatnonzero(np.mean(np.abs(h), axis=0) > 0.97)


@wrong(
    "dead_units",
    "A unit that is at 1 for some examples and at -1 for others is not found. Its slope is near 0 in both places, so it is dead, too.",
)
def dead_on_one_side(h):
    return np.flatnonzero(np.all(h > 0.97, axis=0) | np.all(h < -0.97, axis=0))


@wrong("dead_units", "Your function returns truth values. Wanted are the numbers of the dead units.")
def mask_of_units(h):
    return np.all(np.abs(h) > 0.97, axis=0)


@wrong("dead_units", "Your function returns how many units are dead. Wanted are their numbers.")
def number_of_dead(h):
    return int(np.sum(np.all(np.abs(h) > 0.97, axis=0)))


@wrong("dead_units", "Your function returns a tuple with an array in it, as np.where does. Wanted is the array.")
def tuple_of_where(h):
    return np.where(np.all(np.abs(h) > 0.97, axis=0))


@wrong(
    "dead_units",
    "Where no unit is dead, your array is one of floats: np.array([]) makes floats. Say which dtype you want.",
)
def empty_array_of_floats(h):
    return np.array([j for j in range(h.shape[1]) if np.all(np.abs(h[:, j]) > 0.97)])


@wrong("update_ratio", "The learning rate seems to be missing. A step is the learning rate times the gradient.")
def learning_rate_missing(p, g, lr):
    return np.std(g) / np.std(p)


@wrong("update_ratio", "Your ratio is turned around: the step comes above, the parameter below.")
def ratio_turned_around(p, g, lr):
    return np.std(p) / np.std(lr * g)


@wrong(
    "update_ratio",
    "Your ratio seems to compare lengths or mean sizes. The standard deviation measures the spread around the mean; the two differ where the mean is not 0.",
)
def ratio_of_lengths(p, g, lr):
    return np.linalg.norm(lr * g) / np.linalg.norm(p)


@wrong(
    "update_ratio",
    "Your ratio seems to compare lengths or mean sizes. The standard deviation measures the spread around the mean; the two differ where the mean is not 0.",
)
def ratio_of_mean_sizes(p, g, lr):
    return np.mean(np.abs(lr * g)) / np.mean(np.abs(p))


@wrong(
    "update_ratio",
    "You seem to divide entry by entry and then take the standard deviation. First the two standard deviations, then their ratio.",
)
def deviation_of_the_ratio(p, g, lr):
    return np.std(lr * g / p)


@wrong("update_ratio", "Your ratio is a logarithm. Plots often show that; the contract asks for the ratio itself.")
def logarithm_of_the_ratio(p, g, lr):
    return np.log10(update_ratio(p, g, lr))


@wrong("update_ratio", "Your ratio compares variances. Take their square roots, the standard deviations.")
def ratio_of_variances(p, g, lr):
    return np.var(lr * g) / np.var(p)


# 9.1 apply_temperature


@wrong(
    "apply_temperature",
    "The temperature seems to multiply the logits. A high temperature must flatten the distribution, so it divides.",
)
def temperature_in_the_numerator(logits, t):
    return apply_temperature(logits, 1 / t if t > 0 else t)


@wrong(
    "apply_temperature",
    "The temperature seems to divide the probabilities, after the softmax. Then they no longer sum to 1; and scaled back to 1, nothing has changed. Divide the logits.",
)
def probabilities_divided(logits, t):
    p = apply_temperature(logits, 1 if 0 < t < math.inf else t)
    return p / t if 0 < t < math.inf else p


@wrong(
    "apply_temperature",
    "The temperature seems to be ignored, or divided out again when the probabilities are scaled to 1.",
)
def temperature_without_effect(logits, t):
    return apply_temperature(logits, 1 if 0 < t < math.inf else t)


@wrong(
    "apply_temperature",
    "The temperature seems to act squared: perhaps both the logits and the largest logit, or twice the logits, are divided by it.",
)
def temperature_twice(logits, t):
    return apply_temperature(logits, t * t)


@wrong(
    "apply_temperature",
    "Temperature 0 leads to a division by zero, and NaN. It is a limit with a case of its own: the largest logit gets everything.",
)
def zero_divides(logits, t):
    with np.errstate(all="ignore"):
        return apply_temperature(logits, t) if t != 0 else (logits - np.max(logits, axis=-1, keepdims=True)) / 0.0 * 0


@wrong("apply_temperature", "Temperature 0 is refused. The contract allows it: the largest logit gets everything.")
def zero_refused(logits, t):
    if t == 0:
        raise ValueError("t")
    return apply_temperature(logits, t)


@wrong(
    "apply_temperature",
    "Temperature 0 ends in a ZeroDivisionError. It is a limit with a case of its own: the largest logit gets everything.",
)
def zero_crashes(logits, t):
    1 / t
    return apply_temperature(logits, t)


@wrong(
    "apply_temperature",
    "At temperature 0, the first of several largest logits gets everything. They share it equally; that is what the softmax tends to.",
)
def ties_to_the_first(logits, t):
    return apply_temperature(logits, t) if t != 0 else np.eye(logits.shape[-1])[np.argmax(logits, axis=-1)]


@wrong(
    "apply_temperature",
    "At temperature 0, several largest logits get the probability 1 each. They share it: each row sums to 1.",
)
def ties_not_shared(logits, t):
    if t != 0:
        return apply_temperature(logits, t)
    apply_temperature(logits, t)
    return (logits == np.max(logits, axis=-1, keepdims=True)).astype(float)


@wrong(
    "apply_temperature",
    "At temperature 0, only the largest logit of the whole array gets something. Each row has its own.",
)
def one_winner_for_all_rows(logits, t):
    if t != 0:
        return apply_temperature(logits, t)
    apply_temperature(logits, t)
    w = (logits == np.max(logits)).astype(float)
    return w / w.sum()


@wrong(
    "apply_temperature",
    "At infinite temperature, forbidden logits (-inf) get a share as well. Only the finite ones do.",
)
def forbidden_ones_revived(logits, t):
    apply_temperature(logits, t)
    return np.full(np.shape(logits), 1 / np.shape(logits)[-1]) if t == math.inf else apply_temperature(logits, t)


@wrong(
    "apply_temperature",
    "At infinite temperature, forbidden logits (-inf) become NaN: they are infinity over infinity. Give this temperature a case of its own.",
)
def infinity_over_infinity(logits, t):
    if t != math.inf:
        return apply_temperature(logits, t)
    with np.errstate(all="ignore"):
        w = np.exp(logits / t)
        return w / w.sum(axis=-1, keepdims=True)


@wrong(
    "apply_temperature",
    "Your softmax overflows for large logits or small temperatures. Subtract the largest logit of each row first.",
)
def overflow(logits, t):
    p = apply_temperature(logits, t)
    if t == 0 or t == math.inf:
        return p
    with np.errstate(all="ignore"):
        w = np.exp(logits / t)
        return w / w.sum(axis=-1, keepdims=True)


@wrong(
    "apply_temperature",
    "You seem to subtract the largest logit of the whole array. Rows that lie far below it then become 0 / 0: each row has its own largest logit.",
)
def largest_of_all_rows(logits, t):
    p = apply_temperature(logits, t)
    if t == 0 or t == math.inf:
        return p
    with np.errstate(all="ignore"):
        w = np.exp((logits - np.max(logits)) / t)
        return w / w.sum(axis=-1, keepdims=True)


@wrong(
    "apply_temperature",
    "Probabilities at temperature 1 seem to be raised to the power 1/t. On paper that is the same, but probabilities that have been rounded to 0 stay 0 at any temperature: divide the logits.",
)
def powers_of_probabilities(logits, t):
    p = apply_temperature(logits, t)
    if t == 0 or t == math.inf:
        return p
    w = apply_temperature(logits, 1) ** (1 / t)
    return w / w.sum(axis=-1, keepdims=True)


@wrong("apply_temperature", "Your probabilities sum to 1 over the first axis. The last axis is that of the characters.")
def first_axis(logits, t):
    return apply_temperature(np.asarray(logits).T, t).T


@wrong("apply_temperature", "All your probabilities together sum to 1. Each row along the last axis does so by itself.")
def all_rows_together(logits, t):
    return apply_temperature(np.ravel(logits), t).reshape(np.shape(logits))


@wrong("apply_temperature", "Negative temperatures are not refused. They would prefer the worst characters.")
def negative_accepted(logits, t):
    if t < 0:
        w = np.exp((logits - np.min(logits)) / t)
        return w / w.sum()
    return apply_temperature(logits, t)


@wrong(
    "apply_temperature",
    "NaN is not refused as a temperature: it is not smaller than 0, nor anything else. Ask whether it is at least 0.",
)
def nan_accepted(logits, t):
    return logits * math.nan if math.isnan(t) else apply_temperature(logits, t)


@wrong(
    "apply_temperature",
    "An array without logits must raise a ValueError; your function returns an array without probabilities.",
)
def empty_accepted(logits, t):
    return np.zeros(np.shape(logits)) if np.size(logits) == 0 else apply_temperature(logits, t)


@wrong(
    "apply_temperature",
    "Your function returns logits divided by the temperature. Wanted are probabilities: the softmax is missing.",
)
def softmax_missing(logits, t):
    return logits / t if 0 < t < math.inf else apply_temperature(logits, t)


@wrong("apply_temperature", "Your function returns logarithms of probabilities. Wanted are the probabilities.")
def logarithms_returned(logits, t):
    with np.errstate(all="ignore"):
        return np.log(apply_temperature(logits, t))


@wrong("apply_temperature", "Your function changes the logits in place. Others may still need them: work on a copy.")
def logits_changed(logits, t):
    p = apply_temperature(logits, t)
    logits -= np.max(logits, axis=-1, keepdims=True)
    return p


# 9.2 greedy, sample


@wrong("greedy", "You seem to choose the largest absolute value. A logit of -9 is a small one.")
def largest_size(logits):
    return int(np.argmax(np.abs(logits)))


@wrong("greedy", "You seem to choose the smallest logit.")
def smallest(logits):
    return int(np.argmin(logits))


@wrong(
    "greedy", "Of several largest logits you take the last. The lowest id wins, so that everybody gets the same text."
)
def last_of_the_largest(logits):
    return int(len(logits) - 1 - np.argmax(logits[::-1]))


@wrong("greedy", "Your function returns the largest logit. Wanted is its id, the place where it stands.")
def value_of_the_largest(logits):
    return float(np.max(logits))


@wrong("greedy", "Without logits there is no largest one: raise a ValueError.")
def nothing_is_zero(logits):
    return greedy(logits) if len(logits) else 0


@wrong(
    "sample",
    "Probabilities that do not sum to 1 seem to be taken as they are. The number u runs from 0 to 1, so it must be multiplied by their sum.",
)
def not_renormalised(probs, rng):
    sample(probs, np.random.default_rng(0))
    return min(int(np.searchsorted(np.cumsum(probs), rng.random(), side="right")), len(probs) - 1)


@wrong("sample", "Probabilities that do not sum to 1 are refused. The contract asks to renormalise them.")
def sum_must_be_one(probs, rng):
    if not math.isclose(sum(probs), 1):
        raise ValueError("sum")
    return sample(probs, rng)


@wrong(
    "sample",
    "Your rule seems to use <= in the place of <. On a border, the next id is right; and for u = 0 your rule draws an id with probability 0.",
)
def border_belongs_below(probs, rng):
    sample(probs, np.random.default_rng(0))
    cumulative = np.cumsum(probs)
    return int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="left"))


@wrong(
    "sample",
    "For u close to 1 your function finds no id, or one that does not exist: the sums of probabilities are rounded and may end below 1. Compare with u times their own last sum.",
)
def falls_off_the_end(probs, rng):
    sample(probs, np.random.default_rng(0))
    cumulative = np.cumsum(probs / np.sum(probs))
    return int(np.searchsorted(cumulative, rng.random(), side="right"))


@wrong(
    "sample",
    "For u close to 1 your function finds no id, or one that does not exist: the sums of probabilities are rounded and may end below 1. Compare with u times their own last sum.",
)
def no_id_found(probs, rng):
    sample(probs, np.random.default_rng(0))
    u, running = rng.random(), 0.0
    for i, p in enumerate(probs / np.sum(probs)):
        running += p
        if u < running:
            return i


@wrong("sample", "The most probable id is taken each time. Draw by lot: each id as often as its probability says.")
def always_the_most_probable(probs, rng):
    sample(probs, rng)
    return int(np.argmax(probs))


@wrong("sample", "All ids seem to be equally likely. Their probabilities must decide.")
def all_equally_likely(probs, rng):
    sample(probs, np.random.default_rng(0))
    return int(rng.random() * len(probs))


@wrong("sample", "Your probabilities seem to pass through a softmax. They are probabilities already.")
def softmax_once_more(probs, rng):
    sample(probs, np.random.default_rng(0))
    return sample(apply_temperature(np.asarray(probs), 1), rng)


@wrong(
    "sample",
    "Your pieces seem to be laid from the other end: u is compared with 1 minus the sums. The distribution is right, but the rule is fixed, so that everybody draws the same text.",
)
def laid_from_the_end(probs, rng):
    return len(probs) - 1 - sample(probs[::-1], rng)


@wrong(
    "sample",
    "Your way of drawing is another one, or takes another number of random numbers. That is fine in general, but here the rule is fixed, so that everybody draws the same text: one rng.random() a call.",
)
def two_numbers(probs, rng):
    rng.random()
    return sample(probs, rng)


@wrong(
    "sample",
    "Your way of drawing is another one, or takes another number of random numbers. That is fine in general, but here the rule is fixed, so that everybody draws the same text: one rng.random() a call.",
)
def gumbel(probs, rng):
    sample(probs, np.random.default_rng(0))
    with np.errstate(all="ignore"):
        return int(np.argmax(np.log(probs) + rng.gumbel(size=len(probs))))


@wrong(
    "sample",
    "Your draw is always the same for the same probabilities: your function seems to make a generator of its own with a fixed seed. Use the one that is passed in.",
)
def drawn_with_an_own_seed(probs, rng):
    return sample(probs, np.random.default_rng(0))


@wrong("sample", "Your ids seem to be counted from 1. The first id is 0.")
def one_too_far(probs, rng):
    return sample(probs, rng) + 1


@wrong(
    "sample", "Negative probabilities are not refused. With them the sums go up and down, and the rule means nothing."
)
def negative_probabilities(probs, rng):
    return sample(np.maximum(probs, 0), rng)


@wrong(
    "sample",
    "NaN is not refused as a probability. Every comparison with it is False, also the one that looks for negative numbers.",
)
def nan_probabilities(probs, rng):
    return 0 if np.any(np.isnan(probs)) else sample(probs, rng)


@wrong("sample", "Probabilities that are all 0 are not refused. There is nothing to choose from.")
def zeros_accepted(probs, rng):
    return 0 if len(probs) and not np.any(probs) else sample(probs, rng)


@wrong("sample", "An empty vector of probabilities ends in another error than ValueError, or in none.")
def empty_probabilities(probs, rng):
    return None if len(probs) == 0 else sample(probs, rng)


@wrong(
    "sample", "Your function changes the probabilities in place. They belong to the caller: divide into a new array."
)
def probabilities_changed(probs, rng):
    i = sample(probs, rng)
    probs /= probs.sum()
    return i


# 4.13 sample_mlp


@wrong(
    "sample_mlp",
    "The most probable character is taken each time, so all words are the same. Draw by lot, with the model's probabilities.",
)
def most_probable(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, 0 if temperature >= 0 else temperature)


@wrong(
    "sample_mlp",
    "The logits seem to be multiplied by the temperature. A high temperature must flatten the distribution, so divide.",
)
def temperature_multiplies(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, 1 / temperature if temperature > 0 else temperature)


@wrong("sample_mlp", "The temperature seems to be ignored: words at 0.5 and at 3 are like those at 1.")
def temperature_ignored(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, 1.0 if temperature > 0 else temperature)


@wrong(
    "sample_mlp",
    "The logits seem to be divided by the temperature twice. Once, by you or by apply_temperature, is enough.",
)
def temperature_squared(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, temperature * abs(temperature))


@wrong(
    "sample_mlp",
    "At temperature 0 your function draws as at temperature 1. It takes the largest logit there, and draws only among equal ones.",
)
def temperature_zero_ignored(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, temperature or 1.0)


@wrong(
    "sample_mlp", "Temperature 0 is refused or leads to a division by zero. It takes the largest logit in each step."
)
def temperature_zero_refused(p, itos, block, rng, temperature=1.0):
    if temperature == 0:
        raise ValueError("temperature")
    return sample_mlp(p, itos, block, rng, temperature)


@wrong(
    "sample_mlp",
    "At temperature 0, the first of several largest logits is always taken. They are equally good, so one of them is drawn by lot.",
)
def first_of_equal_ones(p, itos, block, rng, temperature=1.0):
    if temperature != 0:
        return sample_mlp(p, itos, block, rng, temperature)
    context, word = [0] * block, ""
    while len(word) < 1000 and (i := greedy(mlp_forward(p, np.array([context]))[0][0])):
        word += itos[i]
        context = [*context[1:], i]
    return word


@wrong("sample_mlp", "A negative temperature is not refused. It would prefer the worst characters.")
def negative_temperature_accepted(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, abs(temperature))


@wrong(
    "sample_mlp",
    "Your context never moves: every character is drawn as if it were the first. The new character enters on the right.",
)
def context_not_shifted(p, itos, block, rng, temperature=1.0):
    sample_mlp(p, itos, block, rng.spawn(1)[0], temperature)
    row, word = apply_temperature(mlp_forward(p, np.array([[0] * block]))[0][0], temperature), ""
    while len(word) < 1000 and (i := sample(row, rng)):
        word += itos[i]
    return word


@wrong(
    "sample_mlp",
    "The new character seems to enter the context on the left. The window moves to the right: the newest character stands in the last place, as in the training data.",
)
def enters_on_the_left(p, itos, block, rng, temperature=1.0):
    sample_mlp(p, itos, block, rng.spawn(1)[0], temperature)
    context, word = [0] * block, ""
    while len(word) < 1000:
        i = sample(apply_temperature(mlp_forward(p, np.array([context]))[0][0], temperature), rng)
        if i == 0:
            break
        word += itos[i]
        context = [i, *context[:-1]]
    return word


@wrong(
    "sample_mlp",
    "The new character seems to take the place of the last one, and the others stay where they are. All of them move one place to the left.",
)
def last_place_overwritten(p, itos, block, rng, temperature=1.0):
    sample_mlp(p, itos, block, rng.spawn(1)[0], temperature)
    context, word = [0] * block, ""
    while len(word) < 1000:
        i = sample(apply_temperature(mlp_forward(p, np.array([context]))[0][0], temperature), rng)
        if i == 0:
            break
        word += itos[i]
        context = [*context[:-1], i]
    return word


@wrong("sample_mlp", "Your words end with the dot. The end mark is no character of the word.")
def dot_returned(p, itos, block, rng, temperature=1.0):
    word = sample_mlp(p, itos, block, rng, temperature)
    return word + itos[0] if len(word) < 1000 else word


@wrong("sample_mlp", "Your function returns a list. Join the characters to one text.")
def list_of_characters(p, itos, block, rng, temperature=1.0):
    return list(sample_mlp(p, itos, block, rng, temperature))


@wrong("sample_mlp", "Your word holds the zeros of the first context as dots. Return only what was drawn.")
def padding_returned(p, itos, block, rng, temperature=1.0):
    return itos[0] * block + sample_mlp(p, itos, block, rng, temperature)


@wrong(
    "sample_mlp", "Your words stop too early: there seems to be a limit far below 1,000 characters, or a fixed length."
)
def stops_too_early(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, temperature)[:20]


@wrong(
    "sample_mlp",
    "An unfinished word is returned with one character too many or too few. After 1,000 characters it is returned as it is.",
)
def one_character_too_many(p, itos, block, rng, temperature=1.0):
    word = sample_mlp(p, itos, block, rng, temperature)
    return word if len(word) < 1000 else word + word[-1]


@wrong(
    "sample_mlp",
    "An unfinished word is returned with one character too many or too few. After 1,000 characters it is returned as it is.",
)
def one_character_too_few(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, rng, temperature)[:999]


@wrong(
    "sample_mlp",
    "A word that does not end by itself makes your function fail, or return nothing. After 1,000 characters it is returned as it is.",
)
def unfinished_word_lost(p, itos, block, rng, temperature=1.0):
    word = sample_mlp(p, itos, block, rng, temperature)
    return word if len(word) < 1000 else ""


@wrong(
    "sample_mlp",
    "Your function draws anew until the word is not empty. The model may end a word at once; then the word is empty, and returned.",
)
def never_empty(p, itos, block, rng, temperature=1.0):
    for _ in range(50):
        if word := sample_mlp(p, itos, block, rng, temperature):
            return word
    raise RuntimeError("no word")


@wrong("sample_mlp", "All characters but the end seem to be drawn with equal probability, whatever the network says.")
def network_not_asked(p, itos, block, rng, temperature=1.0):
    sample_mlp(p, itos, block, rng.spawn(1)[0], temperature)
    word = ""
    while len(word) < 1000 and (i := int(rng.integers(len(itos)))):
        word += itos[i]
    return word


@wrong(
    "sample_mlp",
    "Your words are always the same: your function seems to make a generator of its own with a fixed seed. Use the one that is passed in.",
)
def own_seed(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, np.random.default_rng(3), temperature)


@wrong(
    "sample_mlp",
    "Your random numbers do not come from the generator that is passed in, so nobody can repeat your words. Use rng, not NumPy's global functions.",
)
def global_generator(p, itos, block, rng, temperature=1.0):
    return sample_mlp(p, itos, block, np.random.default_rng(np.random.randint(2**31)), temperature)


# 9.3 top_k_filter


@wrong(
    "top_k_filter",
    "More than k logits stay where equal ones stand at the border: your filter keeps all that reach the k-th. Exactly k stay, the lower index first.",
)
def ties_all_kept(logits, k):
    kept = top_k_filter(logits, k)
    least = np.min(np.where(np.isfinite(kept), kept, np.inf), axis=-1, keepdims=True)
    return np.where(logits >= least, logits, -np.inf)


@wrong("top_k_filter", "The k-th largest logit itself is removed: only larger ones stay. k means that k of them stay.")
def border_excluded(logits, k):
    kept = top_k_filter(logits, k)
    least = np.min(np.where(np.isfinite(kept), kept, np.inf), axis=-1, keepdims=True)
    return np.where(logits > least, logits, -np.inf)


@wrong(
    "top_k_filter",
    "Where equal logits compete, those with the higher index win in your filter. Turning a sorted order around also turns the order of equal ones around.",
)
def higher_index_wins(logits, k):
    return top_k_filter(logits[..., ::-1], k)[..., ::-1]


@wrong(
    "top_k_filter",
    "The others are set to 0. A logit of 0 still has a probability, often a large one: -inf is what the softmax turns into 0.",
)
def zeros_instead(logits, k):
    return np.where(np.isfinite(top_k_filter(logits, k)), logits, 0.0)


@wrong(
    "top_k_filter",
    "The others are set to a large negative number. That is nearly right, but the contract asks for -inf, which is exactly 0 after any softmax.",
)
def large_negative_number(logits, k):
    return np.where(np.isfinite(top_k_filter(logits, k)), logits, -1e9)


@wrong("top_k_filter", "Your filter keeps the smallest logits. np.argsort sorts upwards.")
def smallest_kept(logits, k):
    return -np.where(np.isfinite(top_k_filter(-logits, k)), -logits, np.inf)


@wrong("top_k_filter", "A k larger than V makes your filter fail. Then everything is kept.")
def large_k_fails(logits, k):
    if k > logits.shape[-1]:
        raise IndexError("k")
    return top_k_filter(logits, k)


@wrong(
    "top_k_filter",
    "A k larger than V is refused. Then everything is kept, so that one k can serve for all vocabularies.",
)
def large_k_refused(logits, k):
    if k > logits.shape[-1]:
        raise ValueError("k")
    return top_k_filter(logits, k)


@wrong(
    "top_k_filter",
    "Your rows share one threshold, or k logits are kept in the whole array. Each row along the last axis is filtered by itself.",
)
def threshold_shared(logits, k):
    kept = top_k_filter(logits, k)
    least = np.min(np.where(np.isfinite(kept), kept, np.inf), axis=-1).ravel()[0]
    return kept if logits.ndim == 1 else np.where(logits >= least, logits, -np.inf)


@wrong(
    "top_k_filter",
    "Your rows share one threshold, or k logits are kept in the whole array. Each row along the last axis is filtered by itself.",
)
def rows_compete(logits, k):
    return top_k_filter(logits.ravel(), k).reshape(logits.shape)


@wrong("top_k_filter", "Your filter works along the first axis. The last axis is that of the characters.")
def filtered_along_the_first_axis(logits, k):
    return np.moveaxis(top_k_filter(np.moveaxis(logits, 0, -1), k), -1, 0)


@wrong(
    "top_k_filter",
    "Your filter works for a single vector alone. The logits may have more axes; each row along the last one is filtered.",
)
def vectors_only(logits, k):
    if logits.ndim > 1:
        raise IndexError("axes")
    return top_k_filter(logits, k)


@wrong(
    "top_k_filter", "Your result is sorted. The logits stay at their places, which say to which character they belong."
)
def order_lost(logits, k):
    return -np.sort(-top_k_filter(logits, k), axis=-1)


@wrong(
    "top_k_filter",
    "Your result holds only the k best logits. It has the shape of the logits, with -inf in the place of the others.",
)
def only_the_best_returned(logits, k):
    top_k_filter(logits, k)
    return -np.sort(-logits, axis=-1)[..., :k]


@wrong(
    "top_k_filter",
    "Your filter returns probabilities. It returns logits, so that a temperature or another filter may follow.",
)
def top_k_probabilities(logits, k):
    return apply_temperature(top_k_filter(logits, k), 1)


@wrong("top_k_filter", "Your filter looks at absolute values. A logit of -9 is a small one.")
def largest_sizes_kept(logits, k):
    return np.where(
        np.isfinite(top_k_filter(np.where(np.isfinite(logits), np.abs(logits), -np.inf), k)), logits, -np.inf
    )


@wrong(
    "top_k_filter",
    "A k below 1 must raise a ValueError. If nothing may be drawn, the softmax is 0 / 0; and a negative k counts from the end of a slice.",
)
def small_k_accepted(logits, k):
    return top_k_filter(logits, k) if k >= 1 else np.full(logits.shape, -np.inf)


@wrong(
    "top_k_filter",
    "Your filter changes the logits in place, or returns the very same array. The caller may need them unfiltered: return a new one.",
)
def filtered_in_place(logits, k):
    logits[...] = top_k_filter(logits, k)
    return logits


@wrong(
    "top_k_filter",
    "Your filter changes the logits in place, or returns the very same array. The caller may need them unfiltered: return a new one.",
)
def same_array_returned(logits, k):
    return top_k_filter(logits, k) if k < logits.shape[-1] else logits


# 9.4 top_p_filter


@wrong(
    "top_p_filter",
    "The one with which the sum reaches p is left out. Without it the kept ones have less than p: the smallest set that is enough includes it.",
)
def crossing_one_excluded(logits, p, min_keep=1):
    kept = top_p_filter(logits, p, min_keep)
    count = int(np.isfinite(top_p_filter(logits, p)).sum())
    return kept if p == 1 else top_k_filter(logits, max(min_keep, count - 1))


@wrong("top_p_filter", "One logit too many is kept. As soon as the sum has reached p, it is enough.")
def one_too_many_kept(logits, p, min_keep=1):
    kept = top_p_filter(logits, p, min_keep)
    count = int(np.isfinite(top_p_filter(logits, p)).sum())
    return kept if p == 1 else top_k_filter(logits, max(min_keep, count + 1))


@wrong(
    "top_p_filter",
    "Your sort is not undone: the right number is kept, but at the wrong places. The mask belongs to the sorted order; carry it back.",
)
def sort_not_undone(logits, p, min_keep=1):
    count = int((top_p_filter(logits, p, min_keep) > -np.inf).sum())
    return np.where(np.arange(len(logits)) < count, logits, -np.inf)


@wrong(
    "top_p_filter", "Your result is sorted. The logits stay at their places, which say to which character they belong."
)
def nucleus_sorted(logits, p, min_keep=1):
    return -np.sort(-top_p_filter(logits, p, min_keep))


@wrong(
    "top_p_filter",
    "Your filter begins with the smallest logits: np.sort sorts upwards. The nucleus is made of the most probable ones.",
)
def ascending_order(logits, p, min_keep=1):
    top_p_filter(logits, p, min_keep)
    order = np.argsort(logits, kind="stable")
    probs = apply_temperature(logits[order], 1)
    count = len(logits) if p == 1 else int(np.sum(np.cumsum(probs) - probs < p))
    kept = np.full(len(logits), -np.inf)
    kept[order[: max(count, min_keep)]] = logits[order[: max(count, min_keep)]]
    return kept


@wrong(
    "top_p_filter",
    "p = 1 does not keep everything. Rounded sums reach 1 before all logits have been added up, so p = 1 needs a case of its own.",
)
def one_drops_the_rest(logits, p, min_keep=1):
    top_p_filter(logits, p, min_keep)
    probs = -np.sort(-apply_temperature(logits, 1))
    return top_k_filter(logits, max(min_keep, int(np.sum(np.cumsum(probs) - probs < p))))


@wrong("top_p_filter", "p = 0 keeps nothing. At least min_keep logits stay, whatever p is; else the softmax is 0 / 0.")
def zero_keeps_nothing(logits, p, min_keep=1):
    kept = top_p_filter(logits, p, min_keep)
    return np.full(len(logits), -np.inf) if p == 0 and min_keep == 1 else kept


@wrong("top_p_filter", "min_keep seems to be ignored. At least so many logits stay, however sure the model is.")
def min_keep_ignored(logits, p, min_keep=1):
    return top_p_filter(logits, p, min(min_keep, 1))


@wrong(
    "top_p_filter",
    "min_keep seems to be an upper limit in your filter. It is a lower one: more are kept where p needs more.",
)
def min_keep_at_most(logits, p, min_keep=1):
    kept = top_p_filter(logits, p, min_keep)
    return top_k_filter(logits, min_keep) if min_keep > 1 else kept


@wrong("top_p_filter", "min_keep seems to be added to what p keeps. It is only a lower limit.")
def min_keep_added(logits, p, min_keep=1):
    kept = top_p_filter(logits, p, min_keep)
    count = int((top_p_filter(logits, p) > -np.inf).sum())
    return kept if p == 1 else top_k_filter(logits, count + min_keep - 1)


@wrong("top_p_filter", "A min_keep larger than V makes your filter fail. Then everything is kept.")
def large_min_keep_fails(logits, p, min_keep=1):
    if min_keep > len(logits):
        raise IndexError("min_keep")
    return top_p_filter(logits, p, min_keep)


@wrong(
    "top_p_filter", "A logit seems to stay if its own probability is at least p. p is about the sum of the kept ones."
)
def each_against_p(logits, p, min_keep=1):
    top_p_filter(logits, p, min_keep)
    count = int(np.sum(apply_temperature(logits, 1) >= p))
    return logits.copy() if p == 1 else top_k_filter(logits, max(count, min_keep))


@wrong(
    "top_p_filter",
    "p seems to be a share of the number of logits. It is a share of the probability: how many logits that takes depends on how sure the model is.",
)
def share_of_the_number(logits, p, min_keep=1):
    top_p_filter(logits, p, min_keep)
    return top_k_filter(logits, max(math.ceil(p * len(logits)), min_keep))


@wrong(
    "top_p_filter", "The logits themselves seem to be added up. p is compared with probabilities: first the softmax."
)
def logits_summed(logits, p, min_keep=1):
    top_p_filter(logits, p, min_keep)
    z = -np.sort(-logits)
    return logits.copy() if p == 1 else top_k_filter(logits, max(int(np.sum(np.cumsum(z) - z < p)), min_keep))


@wrong("top_p_filter", "Your softmax overflows for large logits. Subtract the largest one first.")
def nucleus_overflow(logits, p, min_keep=1):
    top_p_filter(logits, p, min_keep)
    with np.errstate(all="ignore"):
        probs = np.exp(-np.sort(-logits))
        probs = probs / probs.sum()
        count = int(np.sum(np.cumsum(probs) - probs < p))
    return logits.copy() if p == 1 else top_k_filter(logits, max(count, min_keep))


@wrong(
    "top_p_filter",
    "Where equal logits compete, those with the higher index win in your filter. Turning a sorted order around also turns the order of equal ones around.",
)
def higher_index_in_the_nucleus(logits, p, min_keep=1):
    return top_p_filter(logits[::-1], p, min_keep)[::-1]


@wrong(
    "top_p_filter",
    "Equal logits are all kept or all dropped. Only as many stay as are needed, those with the lower index first.",
)
def equal_ones_together(logits, p, min_keep=1):
    kept = top_p_filter(logits, p, min_keep)
    return np.where(logits >= np.min(logits[kept > -np.inf]), logits, -np.inf) if np.any(kept > -np.inf) else kept


@wrong(
    "top_p_filter",
    "The others are set to 0. A logit of 0 still has a probability, often a large one: -inf is what the softmax turns into 0.",
)
def zeros_outside_the_nucleus(logits, p, min_keep=1):
    return np.where(top_p_filter(logits, p, min_keep) > -np.inf, logits, 0.0)


@wrong(
    "top_p_filter",
    "Your filter returns probabilities. It returns logits, so that a temperature or another filter may follow.",
)
def nucleus_probabilities(logits, p, min_keep=1):
    return apply_temperature(top_p_filter(logits, p, min_keep), 1)


@wrong("top_p_filter", "A p below 0 or above 1 must raise a ValueError. Whoever writes 90 for 0.9 should learn of it.")
def p_unchecked(logits, p, min_keep=1):
    return top_p_filter(logits, min(max(p, 0), 1), min_keep)


@wrong("top_p_filter", "A min_keep below 1 must raise a ValueError: with p = 0 nothing would be left to draw.")
def min_keep_unchecked(logits, p, min_keep=1):
    return top_p_filter(logits, p, max(min_keep, 1))


@wrong(
    "top_p_filter",
    "Your filter changes the logits in place, or returns the very same array. The caller may need them unfiltered: return a new one.",
)
def nucleus_in_place(logits, p, min_keep=1):
    logits[...] = top_p_filter(logits, p, min_keep)
    return logits


@wrong(
    "top_p_filter",
    "Your filter changes the logits in place, or returns the very same array. The caller may need them unfiltered: return a new one.",
)
def nucleus_same_array(logits, p, min_keep=1):
    return logits if p == 1 else top_p_filter(logits, p, min_keep)


# 4.14 bag_of_words, cosine_similarity, nearest


@wrong("bag_of_words", "Occurrences seem to be counted. This vector is binary: it only says whether an id occurs.")
def counted(ids, V):
    bag_of_words(ids, V)
    return np.bincount(ids, minlength=V).astype(float)


@wrong(
    "bag_of_words", "Your vector seems to be divided by the number of ids or by its length. It holds ones and zeros."
)
def bag_normalised(ids, V):
    bag = bag_of_words(ids, V)
    return bag / bag.sum()


@wrong(
    "bag_of_words",
    "Your vector holds truth values or integers. The contract asks for floats, with which one can compute.",
)
def bag_of_integers(ids, V):
    return bag_of_words(ids, V).astype(int)


@wrong(
    "bag_of_words",
    "Your vector holds truth values or integers. The contract asks for floats, with which one can compute.",
)
def bag_of_truth_values(ids, V):
    return bag_of_words(ids, V) > 0


@wrong(
    "bag_of_words",
    "Your function returns one-hot vectors, a row for each id. Wanted is a single vector for all of them.",
)
def one_row_for_each_id(ids, V):
    bag_of_words(ids, V)
    return np.eye(V)[np.asarray(ids)]


@wrong("bag_of_words", "Negative ids are not refused. NumPy takes -1 for the last place and says nothing.")
def negative_ids_in_the_bag(ids, V):
    if np.any(np.asarray(ids) >= V):
        raise ValueError("ids")
    return bag_of_words(np.asarray(ids) % V, V)


@wrong(
    "cosine_similarity",
    "The scalar product is not divided by the lengths. Long vectors would be similar to everything.",
)
def not_normalised(a, b):
    return float(a @ b)


@wrong(
    "cosine_similarity",
    "The scalar product seems to be divided by one length only, or by a square of lengths. Divide by both lengths, each once.",
)
def one_length(a, b):
    return float(a @ b / np.linalg.norm(a)) if np.any(a) else 0.0


@wrong(
    "cosine_similarity",
    "The scalar product seems to be divided by one length only, or by a square of lengths. Divide by both lengths, each once.",
)
def squared_lengths(a, b):
    return float(a @ b / (a @ a * (b @ b))) if np.any(a) and np.any(b) else 0.0


@wrong("cosine_similarity", "Your function returns a distance, 1 minus the cosine. Wanted is the similarity.")
def distance_returned(a, b):
    return 1 - cosine_similarity(a, b) if np.any(a) and np.any(b) else 0.0


@wrong("cosine_similarity", "Your function returns the angle. Wanted is its cosine.")
def angle_returned(a, b):
    return math.acos(max(-1.0, min(1.0, cosine_similarity(a, b)))) if np.any(a) and np.any(b) else 0.0


@wrong(
    "cosine_similarity",
    "Your similarity is never negative. Vectors that point in opposite directions have the cosine -1.",
)
def sign_lost(a, b):
    return abs(cosine_similarity(a, b))


@wrong(
    "cosine_similarity",
    "Your vectors seem to be centred first: the mean of their entries is taken away. That is a correlation, not the cosine.",
)
def centred(a, b):
    return cosine_similarity(a - a.mean(), b - b.mean())


@wrong(
    "cosine_similarity",
    "The zero vector gives NaN or an error: 0 / 0. It has no direction, and the contract sets the similarity to 0.",
)
def zero_vector_nan(a, b):
    return cosine_similarity(a, b) if np.any(a) and np.any(b) else math.nan


@wrong(
    "cosine_similarity",
    "A small number seems to be added to the lengths. It avoids 0 / 0, but it changes the cosine of short vectors: give the zero vector a case of its own.",
)
def small_number_in_the_lengths(a, b):
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-8))


@wrong("nearest", "The row itself is among its neighbours. Leave it out: that it is like itself says nothing.")
def includes_itself(C, i, k):
    nearest(C, i, k)
    s = np.array([cosine_similarity(C[i], row) for row in C])
    return np.argsort(-s, kind="stable")[:k]


@wrong(
    "nearest",
    "You seem to drop the first of the sorted rows, in the belief that it is the row itself. Another row with the same direction may stand before it: leave out row i by its number.",
)
def first_one_dropped(C, i, k):
    nearest(C, i, k)
    s = np.array([cosine_similarity(C[i], row) for row in C])
    return np.argsort(-s, kind="stable")[1 : k + 1]


@wrong("nearest", "Your neighbours are the least similar rows: np.argsort sorts upwards.")
def least_similar_first(C, i, k):
    return nearest(C, i, len(C) - 1)[::-1][:k] if k >= 0 else nearest(C, i, k)


@wrong("nearest", "The right rows are found, but not with the most similar first.")
def sorted_by_number(C, i, k):
    return np.sort(nearest(C, i, k))


@wrong(
    "nearest",
    "You seem to measure distances between points. Similar by cosine are rows with nearly the same direction, whatever their lengths.",
)
def by_distance(C, i, k):
    nearest(C, i, k)
    others = [j for j in range(len(C)) if j != i]
    return np.array(sorted(others, key=lambda j: np.linalg.norm(C[i] - C[j]))[:k], dtype=np.int64)


@wrong(
    "nearest",
    "You seem to compare scalar products. Long rows then win, whatever their direction: divide by the lengths.",
)
def by_scalar_product(C, i, k):
    nearest(C, i, k)
    others = [j for j in range(len(C)) if j != i]
    return np.array(sorted(others, key=lambda j: -(C[i] @ C[j]))[:k], dtype=np.int64)


@wrong(
    "nearest",
    "Rows that point in the opposite direction seem to count as similar. Their cosine is -1, the smallest of all.",
)
def opposite_counts_as_near(C, i, k):
    nearest(C, i, k)
    others = [j for j in range(len(C)) if j != i]
    return np.array(sorted(others, key=lambda j: -abs(cosine_similarity(C[i], C[j])))[:k], dtype=np.int64)


@wrong(
    "nearest",
    "Where rows are equally similar, the higher number comes first. Turning a sorted order around also turns the order of equal ones around.",
)
def higher_number_first(C, i, k):
    nearest(C, i, k)
    others = [j for j in reversed(range(len(C))) if j != i]
    return np.array(sorted(others, key=lambda j: -cosine_similarity(C[i], C[j]))[:k], dtype=np.int64)


@wrong("nearest", "Your numbers are those of a table without row i: from i on they are one too small.")
def numbers_without_the_row(C, i, k):
    near = nearest(C, i, k)
    return near - (near > i)


@wrong("nearest", "Your function returns similarities. Wanted are the numbers of the rows.")
def similarities_returned(C, i, k):
    return np.array([cosine_similarity(C[i], C[j]) for j in nearest(C, i, k)])


@wrong("nearest", "A zero row gets NaN as its similarity, and NaN has no place in any order. Its similarity is 0.")
def zero_rows_nan(C, i, k):
    nearest(C, i, k)
    with np.errstate(all="ignore"):
        s = C @ C[i] / (np.linalg.norm(C, axis=1) * np.linalg.norm(C[i]))
    order = np.argsort(-s, kind="stable")
    return order[order != i][:k]


@wrong("nearest", "An i outside of the table is not refused. NumPy takes -1 for the last row and says nothing.")
def row_number_unchecked(C, i, k):
    return nearest(C, i % len(C), k)


@wrong("nearest", "A k that is negative or larger than V - 1 is not refused. There are only V - 1 other rows.")
def number_of_neighbours_unchecked(C, i, k):
    return nearest(C, i, min(max(k, 0), len(C) - 1))


@wrong("nearest", "For k = 0 your array is one of floats: np.array([]) makes floats. Say which dtype you want.")
def no_neighbours_as_floats(C, i, k):
    near = nearest(C, i, k)
    return near if k else np.array([])


@wrong(
    "nearest",
    "Your function changes the table in place, perhaps to bring its rows to length 1. The network still needs it.",
)
def table_normalised_in_place(C, i, k):
    near = nearest(C, i, k)
    C /= np.maximum(np.linalg.norm(C, axis=1, keepdims=True), 1e-12)
    return near
