"""Week 4, MLP language model: the reference solution. Signatures and docstrings are what students see."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


# From words to a network's input


def context_dataset(words: list[str], stoi: dict[str, int], block_size: int) -> tuple[Ints, Ints]:
    """All predictions that a model with a window of block_size characters makes while it reads the words.

    Each character of a word, and the end mark '.' (id 0) behind it, is one example. Its target
    is the id of this character; its context holds the ids of the block_size characters before
    it, the oldest first. Where the word has not begun yet, the context is filled with id 0, on
    the left. Words do not touch each other: each begins with a context of zeros. A word of L
    characters gives L + 1 examples, and the empty word gives one. The examples stand in the
    order of the words, and in each word from left to right. (There is at least one word; what an
    empty list gives is up to you.)

    Returns (X, Y), both int64: the contexts X of shape (N, block_size), and the targets Y of
    shape (N,). The arguments are not changed.

    Raises ValueError if block_size is less than 1, and ValueError or KeyError if a character is
    not in stoi.
    """
    if block_size < 1:
        raise ValueError(f"block_size must be at least 1, got {block_size}")
    contexts, targets = [], []
    for word in words:
        context = [0] * block_size
        for character in word + ".":
            target = stoi[character]
            contexts.append(context)
            targets.append(target)
            context = [*context[1:], target]
    X = np.array(contexts, dtype=np.int64).reshape(len(targets), block_size)
    return X, np.array(targets, dtype=np.int64)


def _check_ids(ids: Ints, size: int) -> None:
    if np.size(ids) and (np.min(ids) < 0 or np.max(ids) >= size):
        raise ValueError(f"ids must lie between 0 and {size - 1}, got {np.min(ids)} to {np.max(ids)}")


def embed_and_flatten(C: Array, X: Ints) -> Array:
    """Looks up the vector of each character of a context and puts these vectors side by side.

    C has shape (V, D): row i is the vector of the character with id i. X has shape (N, B), with
    ids 0..V-1. Row n of the result is the vector of X[n, 0], followed by the vector of X[n, 1],
    and so on, so that it has B * D numbers.

    Returns a new array of shape (N, B * D). C and X are not changed.

    Raises ValueError if an id lies outside 0..V-1 (negative ids too).
    """
    _check_ids(X, len(C))
    N, B = X.shape
    return C[X].reshape(N, B * C.shape[1])


# The network


def init_mlp(V: int, B: int, D: int, H: int, rng: np.random.Generator, gain: float = 5 / 3) -> dict[str, Array]:
    """The parameters of a network with V characters, B of them as context, vectors of D numbers, H hidden units.

    Returns a dict with five float64 arrays. All random entries are independent normal draws with
    mean 0 and the standard deviation that is given here:
    - "C", shape (V, D): 1;
    - "W1", shape (B * D, H): gain divided by the square root of the number of inputs of a hidden
      unit, which is B * D (its fan-in);
    - "b1", shape (H,): all zeros;
    - "W2", shape (H, V): 0.01 (gain plays no part here);
    - "b2", shape (V,): all zeros.

    All random numbers come from rng: a generator in the same state gives the same parameters.
    How they are drawn, and in which order, is up to you.
    """
    fan_in = B * D
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(fan_in, H)) * gain / math.sqrt(fan_in),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


def mlp_forward(p: dict[str, Array], X: Ints) -> tuple[Array, object]:
    """The forward pass: from contexts to logits.

    p holds the arrays "C" (V, D), "W1" (B * D, H), "b1" (H,), "W2" (H, V) and "b2" (V,). X has
    shape (N, B), with ids 0..V-1. Row n goes through these steps: the vectors of its B
    characters side by side, oldest first; times W1, plus b1; tanh; times W2, plus b2.

    Returns (logits, cache). logits has shape (N, V): scores, not probabilities. The cache is
    whatever your mlp_backward will need of this pass; what it is, is up to you. The arguments are
    not changed.

    Raises ValueError if an id lies outside 0..V-1 (negative ids too).
    """
    x = embed_and_flatten(p["C"], X)  # (N, B * D)
    h = np.tanh(x @ p["W1"] + p["b1"])  # (N, H)
    logits = h @ p["W2"] + p["b2"]  # (N, V)
    return logits, (X, x, h, logits)


def mlp_backward(p: dict[str, Array], cache: object, Y: Ints) -> dict[str, Array]:
    """The backward pass: the gradient of the loss with respect to each parameter.

    p is the dict that went into mlp_forward, cache is what your mlp_forward returned for the N
    contexts, and Y, of shape (N,), holds their targets, ids 0..V-1. The loss is the mean over
    the N examples of the cross-entropy -ln softmax(logits)[target].

    Returns a dict with the keys of p: "C", "W1", "b1", "W2", "b2". Each gradient is a new array
    of the shape of its parameter. A row of C that no context contains has gradient 0. Right for
    logits of any size, such as 10,000 or -10,000. The arguments are not changed, nor is the cache:
    a second call with it gives the same.

    Raises ValueError if a target lies outside 0..V-1 (negative targets too).
    """
    X, x, h, logits = cache
    N, V = logits.shape
    _check_ids(Y, V)
    dlogits = np.exp(_log_softmax(logits))  # (N, V)
    dlogits[np.arange(N), Y] -= 1
    dlogits /= N
    dz = (dlogits @ p["W2"].T) * (1 - h**2)  # (N, H)
    dx = dz @ p["W1"].T  # (N, B * D)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, dx.reshape(*X.shape, -1))
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ dlogits, "b2": dlogits.sum(axis=0)}


def _log_softmax(logits: Array) -> Array:
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


# Training and measuring


def expected_initial_loss(V: int) -> float:
    """The loss, in nats, of a model that gives each of the V characters the same probability."""
    return math.log(V)


def is_confidently_wrong(loss: float, V: int) -> bool:
    """Whether the loss (in nats) of an untrained model is far too high for V characters.

    True if the loss lies well above that of a model that gives each character the same
    probability: then the model is sure of itself before it has seen anything. False if the loss
    lies below it. Where exactly you draw the line above it is up to you: the tests ask about
    clear cases only. But a model that pays almost twice as much as the one that knows nothing is
    a clear case.
    """
    return loss > expected_initial_loss(V) + 1


def minibatches(N: int, batch: int, rng: np.random.Generator, drop_last: bool = False) -> Iterator[Ints]:
    """One epoch: the numbers 0..N-1 in random order, batch by batch.

    Yields int64 arrays of shape (batch,). Each of the numbers 0..N-1 comes exactly once. If batch
    does not divide N, the last array holds the rest and is shorter; with drop_last=True it is
    left out. So if batch is larger than N, there is a single array with all N numbers, or none.
    Each order is equally likely, and each call (each epoch) has a new one. N is at least 1; what
    N = 0 gives is up to you.

    All random numbers come from rng: a generator in the same state gives the same batches. You
    may write a generator function (with yield), or return an iterator or a list.

    Raises ValueError if batch is less than 1: at the call, or when the first batch is asked for.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1, got {batch}")
    order = rng.permutation(N)
    for start in range(0, N, batch):
        if drop_last and start + batch > N:
            return
        yield order[start : start + batch]


def evaluate_loss(p: dict[str, Array], X: Ints, Y: Ints, batch: int) -> float:
    """The mean cross-entropy over all N examples, in nats, computed batch by batch.

    p, X and Y are as in mlp_forward and mlp_backward. At most `batch` examples go through the
    network at once, so that large data fit into memory; the last batch may be smaller. Each of
    the N examples counts the same, whatever batch is: up to rounding, the result is that of a
    single batch of all examples. Right for logits of any size, such as 10,000 or -10,000.

    Returns one number. The arguments are not changed.

    Raises ValueError if there is no example (N = 0), if batch is less than 1, if X and Y have
    different lengths, or if an id lies outside 0..V-1 (negative ids too).
    """
    if len(X) == 0 or len(X) != len(Y) or batch < 1:
        raise ValueError(f"expected as many contexts as targets, and batch >= 1; got {len(X)}, {len(Y)}, {batch}")
    _check_ids(Y, len(p["C"]))
    total = 0.0
    for start in range(0, len(X), batch):
        y = Y[start : start + batch]
        log_p = _log_softmax(mlp_forward(p, X[start : start + batch])[0])  # (<= batch, V)
        total -= np.sum(log_p[np.arange(len(y)), y])
    return float(total / len(X))


# Batch normalisation


class BatchNorm1d:
    """Batch normalisation of dim columns: each gets mean beta and standard deviation gamma (nearly).

    The attributes are
    - gamma and beta, arrays of shape (dim,): the learnt scale, 1 at the start, and the learnt
      shift, 0 at the start;
    - running_mean and running_var, arrays of shape (dim,): what is known about all batches so
      far, 0 and 1 at the start;
    - eps, a small number that keeps the square root away from 0;
    - momentum, the weight of the new batch in the running statistics.

    Two conventions are possible for the variance of n numbers: the biased one divides the sum of
    the squared deviations by n, the unbiased one by n - 1. Here, as in PyTorch, a training batch
    is normalised with its BIASED variance, while running_var collects the UNBIASED variance.
    """

    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1):
        """Makes the six attributes."""
        self.gamma, self.beta = np.ones(dim), np.zeros(dim)
        self.running_mean, self.running_var = np.zeros(dim), np.ones(dim)
        self.eps, self.momentum = eps, momentum

    def __call__(self, x: Array, training: bool) -> Array:
        """The output for x of shape (n, dim), rows are examples: a new array of the same shape.

        Each column is normalised, (x - mean) / sqrt(variance + eps), then multiplied by its gamma,
        then its beta is added. Where mean and variance come from depends on training:
        - True: mean and biased variance of the column in this batch. Then the running statistics
          move: running = (1 - momentum) * running + momentum * (that of this batch), with the
          batch's mean and unbiased variance. And the attribute `cache` now holds whatever your
          batchnorm_backward needs.
        - False: running_mean and running_var. Nothing is changed. One example is enough.

        gamma and beta are used, not changed; x is not changed.

        Raises ValueError if training is True and the batch has a single example.
        """
        if not training:
            return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta
        if len(x) < 2:
            raise ValueError(f"a training batch needs at least 2 examples, got {len(x)}")
        mean, variance = x.mean(axis=0), x.var(axis=0)  # (dim,)
        scale = 1 / np.sqrt(variance + self.eps)
        normalised = (x - mean) * scale
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(axis=0, ddof=1)
        self.cache = normalised, self.gamma, scale
        return self.gamma * normalised + self.beta


def batchnorm_backward(dout: Array, cache: object) -> tuple[Array, Array, Array]:
    """The backward pass of BatchNorm1d in training.

    dout, of shape (n, dim), is the gradient with respect to the output; cache is the attribute
    `cache` of your layer after the training call. Mean and variance of the batch depend on x, so
    each row of the output depends on each row of x.

    Returns (dx, dgamma, dbeta), of the shapes (n, dim), (dim,), (dim,). dout is not changed.
    """
    normalised, gamma, scale = cache
    d = dout * gamma  # gradient with respect to the normalised values
    dx = scale * (d - d.mean(axis=0) - normalised * (d * normalised).mean(axis=0))
    return dx, np.sum(dout * normalised, axis=0), np.sum(dout, axis=0)


def fold_batchnorm(
    W: Array,
    b: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    var: Array,
    eps: float,
) -> tuple[Array, Array]:
    """Turns a linear layer and the batch normalisation behind it into one linear layer, for use after training.

    W has shape (D, H), and all the others have shape (H,), but eps, which is a number. mean and
    var are the running statistics. For every x, x @ W2 + b2 equals what the two layers give:
    gamma * (x @ W + b - mean) / sqrt(var + eps) + beta.

    Returns (W2, b2), new arrays of the shapes of W and b. The arguments are not changed.
    """
    scale = gamma / np.sqrt(var + eps)  # (H,)
    return W * scale, (b - mean) * scale + beta


# Diagnostics


def saturation(h: Array, thr: float = 0.97) -> float:
    """The share of the activations h whose absolute value is larger than thr: a number from 0 to 1.

    h has shape (N, H): N examples, H tanh units.
    """
    return float(np.mean(np.abs(h) > thr))


def dead_units(h: Array) -> Ints:
    """The units that are saturated for every example.

    h has shape (N, H): N examples, H tanh units. A unit is saturated for an example if the
    absolute value of its activation is larger than 0.97.

    Returns the numbers (columns of h) of the units that are saturated in all N rows, in ascending
    order: an int64 array, of shape (0,) if there are none.
    """
    return np.flatnonzero(np.all(np.abs(h) > 0.97, axis=0))


def update_ratio(p: Array, g: Array, lr: float) -> float:
    """How large one step of gradient descent is compared with the parameter that it moves.

    p is a parameter, g its gradient, of the same shape (any), lr the learning rate. Returns the
    standard deviation of the entries of the step lr * g, divided by the standard deviation of the
    entries of p.
    """
    return float(np.std(lr * g) / np.std(p))


# Decoding: from logits to a text


def apply_temperature(logits: Array, t: float) -> Array:
    """The probabilities softmax(logits / t) over the last axis.

    logits has shape (..., V). Large logits, such as 10,000 or -10,000, and small t, such as 0.001,
    give the right answer. A logit of -inf gives probability 0 at every temperature (in each row,
    at least one logit is finite).

    Two limits are allowed for t:
    - t = 0: the largest logit gets everything. If several share the largest value, they share the
      probability equally.
    - t = math.inf: each finite logit gets the same probability.

    Returns a new float64 array of the shape of logits; each row sums to 1. logits is not changed.

    Raises ValueError if t is negative or NaN, or if there are no logits.
    """
    if not t >= 0:
        raise ValueError(f"the temperature must be a number that is not negative, got {t}")
    if np.size(logits) == 0:
        raise ValueError("there are no logits")
    top = np.max(logits, axis=-1, keepdims=True)
    if t == 0:
        weights = (logits == top).astype(float)
    elif t == math.inf:
        weights = np.isfinite(logits).astype(float)
    else:
        weights = np.exp((logits - top) / t)
    return weights / np.sum(weights, axis=-1, keepdims=True)


def greedy(logits: Array) -> int:
    """The id of the largest of the V logits; if several share the largest value, the lowest of these ids.

    logits has shape (V,), and some logits may be -inf. Returns one id, as an int or a NumPy
    integer. logits is not changed.

    Raises ValueError if there are no logits.
    """
    return int(np.argmax(logits))


def sample(probs: Array, rng: np.random.Generator) -> int:
    """Draws an id: id i with the probability probs[i] / sum(probs).

    probs has shape (V,). The rule is fixed, so that everybody draws the same id from the same
    generator: take ONE number u = rng.random(), and return the first i for which u * sum(probs)
    is less than probs[0] + ... + probs[i]. (u lies between 0 and 1; it may be 0, but not 1.) An id
    with probability 0 is never returned.

    probs need not sum to 1; it is not changed. Returns one id, as an int or a NumPy integer.

    Raises ValueError if a probability is negative or NaN, if all are 0, or if there are none.
    """
    cumulative = np.cumsum(probs)
    if not np.all(np.asarray(probs) >= 0) or not np.any(probs):
        raise ValueError(f"probabilities must not be negative or NaN, and not all 0, got {probs}")
    return int(np.argmax(rng.random() * cumulative[-1] < cumulative))  # the first that is True


def sample_mlp(
    p: dict[str, Array],
    itos: list[str],
    block: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
) -> str:
    """Draws a word from the network, one character after the other.

    p holds the parameters, as in mlp_forward; itos translates from id to character, and block is
    the length of the context. The first context is all zeros. Each new id is drawn with the
    probabilities softmax(logits / temperature) that belong to its context; then it enters the
    context on the right, and the oldest id drops out on the left. When id 0 is drawn, the word is
    finished.

    Returns the characters as a str, without the end mark. A word that is not finished after 1,000
    characters is returned as it is then. temperature = 0 takes the largest logit in each step; if
    several share the largest value, each of them is equally likely.

    All random numbers come from rng: a generator in the same state gives the same word. The
    arguments are not changed.

    Raises ValueError if the temperature is negative.
    """
    if temperature < 0:
        raise ValueError(f"the temperature must not be negative, got {temperature}")
    context, characters = [0] * block, []
    while len(characters) < 1000:
        logits, _ = mlp_forward(p, np.array([context]))  # (1, V)
        i = sample(apply_temperature(logits[0], temperature), rng)
        if i == 0:
            break
        characters.append(itos[i])
        context = [*context[1:], i]
    return "".join(characters)


def top_k_filter(logits: Array, k: int) -> Array:
    """Keeps the k largest logits of each row and puts -inf in the place of the others.

    logits has shape (..., V); each row along the last axis is filtered by itself. Exactly k logits
    are kept: where equal logits compete for the last places, those with the lower index win. If k
    is larger than V, all are kept.

    Returns a new float64 array of the shape of logits, which is not changed.

    Raises ValueError if k is less than 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    best = np.argsort(-logits, axis=-1, kind="stable")[..., :k]
    kept = np.full(logits.shape, -math.inf)
    np.put_along_axis(kept, best, np.take_along_axis(logits, best, axis=-1), axis=-1)
    return kept


def top_p_filter(logits: Array, p: float, min_keep: int = 1) -> Array:
    """Keeps the largest logits that together have at least the probability p; -inf in the place of the others.

    logits has shape (V,), and the probabilities are softmax(logits). From the largest logit
    downwards, as few as possible are kept such that their probabilities sum to p or more. So the
    one with which the sum reaches p is kept too. But never fewer than min_keep are kept (and all
    of them, if min_keep is larger than V). Where equal logits compete, those with the lower index
    win. p = 1 keeps everything, however small its probability.

    Right for large logits too, such as 10,000 or -10,000. Some logits may be -inf: their
    probability is 0.

    Returns a new float64 array of shape (V,); logits is not changed.

    Raises ValueError if p lies outside 0..1, or if min_keep is less than 1.
    """
    if not 0 <= p <= 1 or min_keep < 1:
        raise ValueError(f"expected p from 0 to 1 and min_keep of at least 1, got {p} and {min_keep}")
    order = np.argsort(-logits, kind="stable")
    probs = apply_temperature(logits[order], 1)
    mass_before = np.cumsum(probs) - probs  # of all that come earlier in the order
    enough = len(logits) if p == 1 else int(np.sum(mass_before < p))
    best = order[: max(enough, min_keep)]
    kept = np.full(logits.shape, -math.inf)
    kept[best] = logits[best]
    return kept


# Similarity


def bag_of_words(ids: Sequence[int], V: int) -> Array:
    """Which ids occur: a vector of length V that is 1 for each id that occurs, however often, and 0 elsewhere.

    ids is a list or an array of ids 0..V-1, in any order. Returns a new float64 array of shape
    (V,).

    Raises ValueError if an id lies outside 0..V-1 (negative ids too).
    """
    ids = np.asarray(ids, dtype=np.int64)
    _check_ids(ids, V)
    bag = np.zeros(V)
    bag[ids] = 1
    return bag


def cosine_similarity(a: Array, b: Array) -> float:
    """The cosine of the angle between two vectors of shape (D,): their scalar product over both lengths.

    If one of them is the zero vector, which has no direction, the similarity is 0. Returns one
    number.
    """
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / lengths) if lengths > 0 else 0.0


def nearest(C: Array, i: int, k: int) -> Ints:
    """The k rows of C that are most similar to row i, by cosine similarity; row i itself is left out.

    C has shape (V, D). Returns their numbers, the most similar first; where several are equally
    similar, the lower number comes first: an int64 array of shape (k,), which is empty for k = 0.
    The zero vector has similarity 0 to every vector. C is not changed.

    Raises ValueError if i lies outside 0..V-1 (negative i too), or k outside 0..V-1.
    """
    V = len(C)
    if not 0 <= i < V or not 0 <= k <= V - 1:
        raise ValueError(f"expected i and k from 0 to {V - 1}, got {i} and {k}")
    others = np.array([j for j in range(V) if j != i], dtype=np.int64)
    similarities = np.array([cosine_similarity(C[i], C[j]) for j in others])
    return others[np.argsort(-similarities, kind="stable")[:k]]
