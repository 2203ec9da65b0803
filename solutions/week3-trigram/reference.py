"""Week 3, trigram language model: the reference solution. Signatures and docstrings are what students see."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


# From words to numbers


def build_vocab(words: list[str]) -> tuple[dict[str, int], list[str]]:
    """The characters that occur in words, as two tables that translate between character and id.

    The id of a character is its place in this order: first '.', the mark for the start and the
    end of a word; then every character that occurs in words, each once, sorted by code point
    (the order of Python's sorted). Every character counts, also capital letters, accents,
    hyphens and blanks; nothing is lower-cased. (A word that contains '.' does not occur.)

    Returns the pair (stoi, itos): stoi is a dict from character to id, itos a list of the
    characters in the order of their ids, so itos[stoi[c]] is c. An empty list of words gives
    ({'.': 0}, ['.']).
    """
    itos = [".", *sorted(set("".join(words)))]
    stoi = {character: i for i, character in enumerate(itos)}
    return stoi, itos


def split_words(
    words: list[str],
    rng: np.random.Generator,
    fracs: tuple[float, float, float] = (0.8, 0.1, 0.1),
) -> tuple[list[str], list[str], list[str]]:
    """Shuffle the words and cut them into a training, a development and a test list.

    With n = len(words), the first cut lies after int(fracs[0] * n) of the shuffled words, the
    second after int((fracs[0] + fracs[1]) * n); rounding to the nearest number instead is fine
    too. Every word goes as a whole into exactly one of the three lists. A word that stands
    twice in words counts as two words. Every order of the words is equally likely.

    All random numbers come from rng: a generator in the same state gives the same split.
    Returns a tuple of three lists of str. words is not changed.

    Raises ValueError if a fraction is negative, or if the fractions do not sum to 1 (up to
    rounding: 0.7, 0.2 and 0.1 do).
    """
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError(f"fractions must not be negative and must sum to 1, got {fracs}")
    shuffled = [words[i] for i in rng.permutation(len(words))]
    first = int(fracs[0] * len(words))
    second = int((fracs[0] + fracs[1]) * len(words))
    return shuffled[:first], shuffled[first:second], shuffled[second:]


def ngram_examples(words: list[str], stoi: dict[str, int], n: int) -> tuple[Ints, Ints]:
    """All predictions that an n-gram model has to make while it reads the words.

    Each word is read with n - 1 dots before it and one dot behind it; words do not touch each
    other. Each of its characters, and the dot behind it, is one example: its target is the id of
    this character, its context holds the ids of the n - 1 characters before it, the oldest
    first. So a word of L characters gives L + 1 examples, and the empty word gives one. The
    examples stand in the order of the words, and in each word from left to right. (There is at
    least one word; what an empty list gives is up to you.)

    Returns (X, Y), both int64: the contexts X of shape (N, n - 1), and the targets Y of shape
    (N,). For n = 1 there is no context: X has shape (N, 0), and it is int64 all the same.

    Raises ValueError if n is less than 1, and ValueError or KeyError if a character is not in
    stoi.
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    contexts, targets = [], []
    for word in words:
        context = [stoi["."]] * (n - 1)
        for character in word + ".":
            target = stoi[character]
            contexts.append(context)
            targets.append(target)
            context = [*context, target][1:]
    X = np.array(contexts, dtype=np.int64).reshape(len(targets), n - 1)
    return X, np.array(targets, dtype=np.int64)


# Counting


def _check_ids(ids: Ints, size: int) -> None:
    if np.size(ids) and (np.min(ids) < 0 or np.max(ids) >= size):
        raise ValueError(f"ids must lie between 0 and {size - 1}, got {np.min(ids)} to {np.max(ids)}")


def ngram_counts(X: Ints, Y: Ints, V: int) -> Array:
    """How often each target follows each context.

    X has shape (N, n - 1) and Y has shape (N,), as ngram_examples returns them, with ids
    0..V-1. For the trigram (n = 3) the entry [a, b, c] is the number of examples with context
    (a, b) and target c. For n = 1 the result has one axis.

    Returns a new float64 array with n axes, each of length V, also if some ids do not occur.
    Counts may be large. X and Y are not changed.

    Raises ValueError if an id lies outside 0..V-1 (negative ids too).
    """
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts


def smooth_probs(counts: Array, k: float) -> Array:
    """Probabilities of the next character with add-k smoothing: (c + k) / (row sum + k V).

    counts is a float64 array with any number of axes (at least one). A row is what lies along
    the last axis: the counts c of all V targets after one context. Each row of the result sums
    to 1. With k = 0 these are the relative frequencies; a row without any count, which has
    none, becomes uniform.

    Returns a new float64 array of the shape of counts; counts is not changed.

    Raises ValueError if k is negative or infinite.
    """
    if not 0 <= k < math.inf:
        raise ValueError(f"k must be a finite number that is not negative, got {k}")
    V = counts.shape[-1]
    totals = np.sum(counts, axis=-1, keepdims=True) + k * V  # (..., 1)
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


# How good is a model?


def mean_nll(P: Array, X: Ints, Y: Ints) -> float:
    """Mean negative log-likelihood of the targets, in nats (natural logarithm) per token.

    P has one axis more than X has columns: P[a, b, c] is the probability of target c after the
    context (a, b), and likewise for other n; for n = 1, X has shape (N, 0) and P has shape (V,).
    Every example is one token, those whose target is the end mark (id 0) too. Returns one
    number, the mean over the N examples. If a target has probability 0, the result is inf. P is
    taken as it is, also if its rows do not sum to 1.

    The arguments are not changed. N may be so large that the product of the probabilities is
    0 in floating point.

    Raises ValueError if N = 0, or if an id lies outside the axes of P (negative ids too).
    """
    if len(Y) == 0:
        raise ValueError("there is no example to take the mean of")
    _check_ids(X, P.shape[-1])
    _check_ids(Y, P.shape[-1])
    p = P[(*X.T, Y)]  # (N,)
    with np.errstate(divide="ignore"):  # log(0) = -inf is the right answer here
        return float(-np.mean(np.log(p)))


def perplexity(nll: float) -> float:
    """The perplexity that belongs to a mean negative log-likelihood in nats: e to the nll.

    nll is one number, at least 0. Returns one number. If the result is too large for a float,
    it is inf; the nll may itself be inf.
    """
    try:
        return math.exp(nll)
    except OverflowError:
        return math.inf


def bits_per_char(nll: float) -> float:
    """A mean negative log-likelihood in nats, converted to bits: nll / ln 2.

    nll is one number, at least 0; it may be as large as 10,000, or inf. Returns one number.
    """
    return nll / math.log(2)


# Sampling


def sample_word(P: Array, itos: list[str], rng: np.random.Generator, max_len: int = 50) -> str:
    """Draw a word from an n-gram model, one character after the other.

    P has n axes, each of length V = len(itos), for any n >= 1: P[a, b, c] is the probability of
    id c after the context (a, b), the oldest character first. The first context consists of
    dots (id 0). Each new character is drawn from the row of its context, and then it enters
    the context, where the oldest one drops out. When id 0 is drawn, the word is finished.

    Returns the characters as a str, without any dot. A word that is not finished after max_len
    characters is returned as it is then; max_len = 0 gives the empty text.

    All random numbers come from rng: a generator in the same state gives the same word.

    Raises ValueError if a row from which a character is to be drawn does not sum to 1 (up to
    rounding).
    """
    context = (0,) * (P.ndim - 1)
    characters: list[str] = []
    while len(characters) < max_len:
        row = P[context]  # (V,)
        if not math.isclose(np.sum(row), 1, abs_tol=1e-6):
            raise ValueError(f"the row of context {context} sums to {np.sum(row)}, not to 1")
        i = int(rng.choice(len(row), p=row / np.sum(row)))
        if i == 0:
            break
        characters.append(itos[i])
        context = (*context, i)[1:]
    return "".join(characters)


# The same model as a network of one layer


def one_hot(ids: Ints, K: int) -> Array:
    """Vectors of length K that are 1 at the id and 0 elsewhere.

    ids is an int64 array of any shape, or a single integer, with values 0..K-1. The vectors lie
    along a new last axis: ids of shape (N, B) give (N, B, K), a single id gives (K,).

    Returns a new float64 array; ids is not changed.

    Raises ValueError if an id lies outside 0..K-1 (negative ids too).
    """
    _check_ids(ids, K)
    return (np.asarray(ids)[..., np.newaxis] == np.arange(K)).astype(float)


def softmax_regression_loss_grad(W: Array, X: Ints, Y: Ints, l2: float) -> tuple[float, Array]:
    """Loss and gradient of a trigram model that is one matrix W followed by a softmax.

    X has shape (N, 2), Y has shape (N,), with ids 0..V-1; W has V columns, and V is at least 3.
    The logits of the example with context (x1, x2) are rows of W. The number of rows of W tells
    which:
    - V * V rows, one for each pair: the logits are row x1 * V + x2;
    - 2 * V rows, one for each character at each of the two places: the logits are the sum of
      row x1 and row V + x2.
    (Both are a product of a one-hot vector, or of two of them side by side, with W.)

    The loss is the mean cross-entropy of softmax(logits) and Y in nats, plus l2 times the mean
    of the squares of all entries of W (rows that no example uses included). The result is right
    for logits of any size, such as 10,000 or -10,000.

    Returns (loss, dW): a number, and a new array of the shape of W with the derivative of the
    loss with respect to each entry. The arguments are not changed.

    Raises ValueError if N = 0, if an id lies outside 0..V-1 (negative ids too), or if W has
    neither V * V nor 2 * V rows.
    """
    N, V = len(Y), W.shape[1]
    if N == 0:
        raise ValueError("there is no example")
    _check_ids(X, V)
    _check_ids(Y, V)
    if len(W) == V * V:
        rows = [X[:, 0] * V + X[:, 1]]
    elif len(W) == 2 * V:
        rows = [X[:, 0], V + X[:, 1]]
    else:
        raise ValueError(f"W must have {V * V} or {2 * V} rows, got {len(W)}")
    logits = np.sum([W[row] for row in rows], axis=0)  # (N, V)
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    dlogits = np.exp(log_p)  # (N, V)
    dlogits[np.arange(N), Y] -= 1
    dW = 2 * l2 * W / W.size
    for row in rows:
        np.add.at(dW, row, dlogits / N)
    return float(-np.mean(log_p[np.arange(N), Y]) + l2 * np.mean(W**2)), dW


def train_softmax_regression(
    X: Ints,
    Y: Ints,
    V: int,
    lr: float,
    steps: int,
    l2: float,
) -> tuple[Array, list[float]]:
    """Train the one-layer model by gradient descent on all examples at once.

    X has shape (N, n - 1) and Y has shape (N,), with ids 0..V-1, for any n >= 1. W has one row
    for each context and shape (V**(n - 1), V); the contexts are numbered as numbers with V
    digits are, the oldest character being the first digit: row x1 for n = 2, row x1 * V + x2
    for n = 3, and so on. For n = 1 there is one row, row 0.

    W starts at 0. The loss is the mean cross-entropy of softmax(row of the context) and the
    target in nats, plus l2 times the mean of the squares of all entries of W. Each of the
    `steps` steps computes loss and gradient with all N examples, notes the loss, and only then
    subtracts lr times the gradient from W.

    Returns (W, losses): W after the last step, and a list (or array) with one loss for each
    step, before its update. The arguments are not changed.
    """
    rows = X @ V ** np.arange(X.shape[1] - 1, -1, -1)  # (N,)
    counts = np.zeros((V ** X.shape[1], V))
    np.add.at(counts, (rows, Y), 1)
    share = counts / len(Y)  # of each pair of context and target: all that the loss depends on
    W = np.zeros(counts.shape)
    losses = []
    for _ in range(steps):
        shifted = W - np.max(W, axis=1, keepdims=True)
        log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))  # (V**(n-1), V)
        losses.append(float(-np.sum(share * log_p) + l2 * np.mean(W**2)))
        gradient = np.sum(share, axis=1, keepdims=True) * np.exp(log_p) - share
        W = W - lr * (gradient + 2 * l2 * W / W.size)
    return W, losses


# Choosing and mixing


def tune_smoothing(
    train: list[str],
    dev: list[str],
    ks: Sequence[float],
    n: int,
) -> tuple[float, dict[float, float]]:
    """The add-k smoothing with which an n-gram model predicts the development words best.

    The counts come from the words in train alone; the vocabulary holds the characters of both
    lists. For each k in ks, the model's mean negative log-likelihood on the words in dev, in
    nats per token, is measured. It may be inf (for k = 0, where dev has something that train
    does not have).

    Returns (best_k, nlls): nlls is a dict that maps each k in ks to its result on dev, best_k
    is the k with the smallest one; on ties it is the first of them in ks. The arguments are not
    changed.

    Raises ValueError if ks is empty.
    """
    if len(ks) == 0:
        raise ValueError("ks is empty: there is no k to choose")
    stoi, _ = build_vocab([*train, *dev])
    counts = ngram_counts(*ngram_examples(train, stoi, n), len(stoi))
    X, Y = ngram_examples(dev, stoi, n)
    nlls = {k: mean_nll(smooth_probs(counts, k), X, Y) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


def interpolate(P1: Array, P2: Array, P3: Array, lam: Sequence[float]) -> Array:
    """A trigram model that mixes the probabilities of a unigram, a bigram and a trigram model.

    P1 has shape (V,): P1[c] is the probability of c. P2 has shape (V, V): P2[b, c] is the
    probability of c after b. P3 has shape (V, V, V): P3[a, b, c] is the probability of c after
    the characters a, b, the older one first. lam is a list, a tuple or an array of three
    weights: lam[0] belongs to P1, lam[1] to P2, lam[2] to P3.

    Returns a new array M of shape (V, V, V): M[a, b, c] is the weighted mean of the three
    models' probabilities of c after a, b. The arguments are not changed.

    Raises ValueError if a weight is negative, or if the weights do not sum to 1 (up to
    rounding: 0.1, 0.2 and 0.7 do).
    """
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError(f"weights must not be negative and must sum to 1, got {lam}")
    return lam[0] * P1 + lam[1] * P2 + lam[2] * P3  # (V,) and (V, V) broadcast over the older characters
