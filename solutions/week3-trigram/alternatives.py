"""Right solutions of week 3 written differently: each must get full marks. Spliced by the grader, never imported."""

import itertools
import math
from bisect import bisect_right
from collections import Counter, defaultdict

import numpy as np
from reference import build_vocab, mean_nll, ngram_counts, ngram_examples, smooth_probs

from autograder.variants import alternative

# 3.1


@alternative("build_vocab")
def by_union_of_sets(words):
    characters = set()
    for word in words:
        characters |= set(word)
    characters.discard(".")
    stoi = {".": 0}
    for c in sorted(characters, key=ord):
        stoi[c] = len(stoi)
    return stoi, list(stoi)


@alternative("build_vocab")
def by_sorting_everything(words):
    letters = [c for c, _ in itertools.groupby(sorted(itertools.chain.from_iterable(words)))]
    itos = [".", *letters]
    return dict(zip(itos, range(len(itos)), strict=True)), itos


# 3.2


@alternative("split_words")
def shuffled_copy(words, rng, fracs=(0.8, 0.1, 0.1)):
    if any(f < 0 for f in fracs) or abs(sum(fracs) - 1) > 1e-9:
        raise ValueError(f"bad fractions {fracs}")
    words = words.copy()
    rng.shuffle(words)
    first = round(fracs[0] * len(words))
    second = round((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@alternative("split_words")
def fisher_yates(words, rng, fracs=(0.8, 0.1, 0.1)):
    """Draws more numbers than it needs, and in another way."""
    if not np.isclose(np.sum(fracs), 1) or np.any(np.array(fracs) < 0):
        raise ValueError("fractions")
    pool = list(words)
    for i in range(len(pool) - 1, 0, -1):
        j = int(rng.random() * (i + 1))
        pool[i], pool[j] = pool[j], pool[i]
    n_train, n_dev = int(fracs[0] * len(pool)), int(fracs[1] * len(pool))
    return [pool[:n_train], pool[n_train : n_train + n_dev], pool[n_train + n_dev :]]


@alternative("split_words")
def by_random_keys(words, rng, fracs=(0.8, 0.1, 0.1)):
    a, b, c = fracs
    if a < 0 or b < 0 or c < 0 or not math.isclose(a + b + c, 1.0, abs_tol=1e-6):
        raise ValueError("fractions")
    order = np.argsort(rng.random(len(words)))
    parts = np.split(order, [int(a * len(words)), int((a + b) * len(words))])
    return tuple([words[i] for i in part] for part in parts)


# 3.3


@alternative("ngram_examples")
def by_slices(words, stoi, n):
    if n <= 0:
        raise ValueError("n must be positive")
    X, Y = [], []
    for word in words:
        ids = [0] * (n - 1) + [stoi[c] for c in word] + [0]
        for i in range(n - 1, len(ids)):
            X.append(ids[i - n + 1 : i])
            Y.append(ids[i])
    return np.array(X, dtype=np.int64).reshape(-1, n - 1) if n > 1 else np.zeros((len(Y), 0), dtype=np.int64), np.array(
        Y
    )


@alternative("ngram_examples")
def by_sliding_windows(words, stoi, n):
    if n < 1:
        raise ValueError("n must be at least 1")
    windows = []
    for word in words:
        if unknown := set(word) - set(stoi):
            raise ValueError(f"unknown characters {unknown}")
        ids = np.array([stoi[c] for c in "." * (n - 1) + word + "."])
        windows.append(np.lib.stride_tricks.sliding_window_view(ids, n))
    windows = np.concatenate(windows)
    return windows[:, :-1], windows[:, -1]


# 3.4


@alternative("ngram_counts")
def by_a_loop(X, Y, V):
    counts = np.zeros([V] * (X.shape[1] + 1))
    for context, target in zip(X.tolist(), Y.tolist(), strict=True):
        if not all(0 <= i < V for i in [*context, target]):
            raise ValueError("an id is out of range")
        counts[(*context, target)] += 1.0
    return counts


@alternative("ngram_counts")
def by_bincount(X, Y, V):
    ids = np.column_stack([X, Y])
    if ids.min() < 0 or ids.max() >= V:
        raise ValueError("an id is out of range")
    n = ids.shape[1]
    flat = np.ravel_multi_index(tuple(ids.T), (V,) * n)
    return np.bincount(flat, minlength=V**n).reshape((V,) * n).astype(float)


@alternative("ngram_counts")
def by_counter(X, Y, V):
    counts = np.zeros((V,) * (X.shape[1] + 1))
    for ngram, times in Counter(map(tuple, np.column_stack([X, Y]).tolist())).items():
        if min(ngram) < 0 or max(ngram) >= V:
            raise ValueError("an id is out of range")
        counts[ngram] = times
    return counts


# 3.5


@alternative("smooth_probs")
def row_by_row(counts, k):
    if k < 0 or math.isinf(k):
        raise ValueError("k")
    V = counts.shape[-1]
    probs = np.empty(counts.shape)
    for index in np.ndindex(counts.shape[:-1]):
        total = sum(counts[index]) + k * V
        for c in range(V):
            probs[(*index, c)] = (counts[index][c] + k) / total if total > 0 else 1 / V
    return probs


@alternative("smooth_probs")
def smooth_then_normalise(counts, k):
    if k < 0 or k == float("inf"):
        raise ValueError("k")
    smoothed = counts + k
    smoothed[~smoothed.any(axis=-1)] = 1.0
    return smoothed / smoothed.sum(axis=-1, keepdims=True)


@alternative("smooth_probs")
def nan_to_uniform(counts, k):
    if not np.isfinite(k) or k < 0:
        raise ValueError("k")
    p = (counts + k) / (counts.sum(-1)[..., None] + k * counts.shape[-1])
    return np.where(np.isnan(p), 1.0 / counts.shape[-1], p)


# 3.6


@alternative("mean_nll")
def one_example_after_the_other(P, X, Y):
    if len(Y) < 1:
        raise ValueError("no examples")
    V, losses = P.shape[0], []
    for context, target in zip(X, Y, strict=True):
        row = P
        for i in [*context, target]:
            if i < 0 or i >= V:
                raise ValueError("id")
            row = row[i]
        losses.append(-math.log(row) if row > 0 else math.inf)
    return math.fsum(losses) / len(losses)


@alternative("mean_nll")
def by_logarithms_of_the_table(P, X, Y):
    N, V = len(X), P.shape[-1]
    ids = np.column_stack([X, Y])
    if N == 0 or np.any((ids < 0) | (ids >= V)):
        raise ValueError("no examples, or bad ids")
    flat = np.ravel_multi_index(tuple(ids.T), P.shape)
    return -np.log(P).ravel()[flat].sum() / N


# 3.7


@alternative("perplexity", "bits_per_char")
class WithNumpy:
    def perplexity(nll):
        return np.exp(nll)

    def bits_per_char(nll):
        return nll * np.log2(np.e)


@alternative("perplexity", "bits_per_char")
class ByPowersOfTwo:
    def perplexity(nll):
        bits = nll / math.log(2)
        return 2.0**bits if bits < 1024 else math.inf

    def bits_per_char(nll):
        return nll / np.log(2.0)


# 3.8


@alternative("sample_word")
def by_running_sum(P, itos, rng, max_len=50):
    context, word = [0] * (P.ndim - 1), ""
    for _ in range(max_len):
        row = P[tuple(context)]
        if not np.isclose(row.sum(), 1.0):
            raise ValueError("the row is no distribution")
        sums = list(itertools.accumulate(row.tolist()))
        i = min(bisect_right(sums, rng.random() * sums[-1]), len(row) - 1)
        if i == 0:
            return word
        word += itos[i]
        context.append(i)
        context = context[1:]
    return word


@alternative("sample_word")
def by_choice(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), []
    while len(word) < max_len:
        character = rng.choice(itos, p=P[context])
        if character == ".":
            break
        word.append(str(character))
        context = (*context, itos.index(character))[1:]
    return "".join(word)


@alternative("sample_word")
def by_gumbel_maximum(P, itos, rng, max_len=50):
    """Adds Gumbel noise to the logarithms and takes the largest (Gumbel, 1954)."""
    n, word = P.ndim, ""
    while len(word) < max_len:
        context = tuple(itos.index(c) for c in ("." * (n - 1) + word)[len(word) :])
        row = P[context]
        if abs(row.sum() - 1) > 1e-6:
            raise ValueError("row")
        with np.errstate(divide="ignore"):
            i = np.argmax(np.log(row) + rng.gumbel(size=len(row)))
        if i == 0:
            break
        word += itos[i]
    return word


@alternative("sample_word")
def by_multinomial(P, itos, rng, max_len=50):
    """Draws one character more than it may need."""
    context, ids = (0,) * (P.ndim - 1), []
    while len(ids) <= max_len:
        if not math.isclose(P[context].sum(), 1, rel_tol=1e-6):
            raise ValueError("row")
        ids.append(int(np.argmax(rng.multinomial(1, P[context]))))
        if ids[-1] == 0:
            break
        context = (*context, ids[-1])[1:]
    return "".join(itos[i] for i in ids if i)[:max_len]


# 3.9


@alternative("one_hot")
def rows_of_the_identity(ids, K):
    ids = np.asarray(ids)
    if ids.min() < 0 or ids.max() >= K:
        raise ValueError("id")
    return np.eye(K)[ids]


@alternative("one_hot")
def ones_put_in_place(ids, K):
    ids = np.array(ids)
    if not np.all((ids >= 0) & (ids < K)):
        raise ValueError("id")
    vectors = np.zeros((ids.size, K))
    for row, i in enumerate(ids.ravel()):
        vectors[row, i] = 1.0
    return vectors.reshape(*ids.shape, K)


# 3.10


@alternative("softmax_regression_loss_grad")
def by_dense_one_hot_vectors(W, X, Y, l2):
    N, V = X.shape[0], W.shape[1]
    if N == 0 or X.min() < 0 or X.max() >= V or Y.min() < 0 or Y.max() >= V:
        raise ValueError("no examples, or bad ids")
    if W.shape[0] == V**2:
        inputs = np.eye(V * V)[X[:, 0] * V + X[:, 1]]
    elif W.shape[0] == 2 * V:
        inputs = np.eye(V)[X].reshape(N, 2 * V)
    else:
        raise ValueError("rows of W")
    logits = inputs @ W
    top = logits.max(axis=1, keepdims=True)
    log_sum = top + np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    targets = np.eye(V)[Y]
    loss = np.sum(targets * (log_sum - logits)) / N + l2 * np.square(W).mean()
    dW = inputs.T @ (np.exp(logits - log_sum) - targets) / N + 2 * l2 / W.size * W
    return loss, dW


@alternative("softmax_regression_loss_grad")
def example_by_example(W, X, Y, l2):
    rows, V = W.shape
    if len(Y) == 0 or rows not in (V * V, 2 * V):
        raise ValueError("no examples, or a wrong number of rows")
    loss, dW = 0.0, np.zeros(W.shape)
    for (a, b), y in zip(X, Y, strict=True):
        if not all(0 <= i < V for i in (a, b, y)):
            raise ValueError("id")
        used = [a * V + b] if rows == V * V else [a, V + b]
        z = sum(W[r] for r in used)
        z = z - max(z)
        p = np.exp(z) / sum(np.exp(z))
        loss += math.log(sum(np.exp(z))) - z[y]
        for r in used:
            dW[r] += p
            dW[r][y] -= 1
    return loss / len(Y) + l2 * (W * W).sum() / (rows * V), dW / len(Y) + l2 * (W + W) / (rows * V)


# 3.11


@alternative("train_softmax_regression")
def by_one_hot_matrix(X, Y, V, lr, steps, l2):
    rows = np.zeros(len(Y), dtype=int)
    for column in X.T:
        rows = rows * V + column
    contexts = V ** X.shape[1]
    inputs, targets = np.eye(contexts)[rows], np.eye(V)[Y]
    W, losses = np.zeros((contexts, V)), []
    for _ in range(steps):
        logits = inputs @ W
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(len(Y)), Y]).mean() + l2 * (W**2).mean())
        dW = inputs.T @ (p - targets) / len(Y) + l2 * 2 * W / W.size
        W -= lr * dW
    return W, np.array(losses)


@alternative("train_softmax_regression")
def context_after_context(X, Y, V, lr, steps, l2):
    followers = defaultdict(list)
    for context, y in zip(X.tolist(), Y.tolist(), strict=True):
        row = 0
        for i in context:
            row = row * V + i
        followers[row].append(y)
    W, losses = np.zeros((V ** X.shape[1], V)), []
    for _ in range(steps):
        loss, dW = l2 * np.mean(W * W), 2 * l2 * W / W.size
        for row, ys in followers.items():
            p = np.exp(W[row] - np.logaddexp.reduce(W[row]))
            loss -= np.log(p[ys]).sum() / len(Y)
            dW[row] += (len(ys) * p - np.bincount(ys, minlength=V)) / len(Y)
        losses.append(loss)
        W = W - lr * dW
    return W, losses


# 3.12


@alternative("tune_smoothing")
def best_so_far(train, dev, ks, n):
    if not ks:
        raise ValueError("ks is empty")
    stoi, itos = build_vocab(train + dev)
    X, Y = ngram_examples(train, stoi, n)
    Xd, Yd = ngram_examples(dev, stoi, n)
    nlls, best = {}, None
    for k in ks:
        nlls[k] = mean_nll(smooth_probs(ngram_counts(X, Y, len(itos)), k), Xd, Yd)
        if best is None or nlls[k] < nlls[best]:
            best = k
    return best, nlls


@alternative("tune_smoothing")
def without_earlier_exercises(train, dev, ks, n):
    """Counts in dictionaries, adds logarithms of the parts of a fraction."""
    if len(ks) < 1:
        raise ValueError("ks is empty")
    V = len(set("".join(train)) | set("".join(dev)) | {"."})

    def grams(words):
        for word in words:
            text = "." * (n - 1) + word + "."
            for i in range(len(word) + 1):
                yield text[i : i + n - 1], text[i + n - 1]

    pairs = Counter(grams(train))
    contexts = Counter(context for context, _ in grams(train))
    nlls = {}
    for k in ks:
        total = N = 0
        for context, c in grams(dev):
            above, below = pairs[context, c] + k, contexts[context] + k * V
            if below == 0:
                above, below = 1, V
            total += math.log(below) - math.log(above) if above else math.inf
            N += 1
        nlls[k] = total / N
    losses = [nlls[k] for k in ks]
    return ks[int(np.argmin(losses))], nlls


# 3.13


@alternative("interpolate")
def by_loops(P1, P2, P3, lam):
    u, b, t = lam
    if u < 0 or b < 0 or t < 0 or abs(u + b + t - 1) > 1e-9:
        raise ValueError("weights")
    V = len(P1)
    mixed = np.zeros((V, V, V))
    for i, j, c in itertools.product(range(V), repeat=3):
        mixed[i, j, c] = u * P1[c] + b * P2[j, c] + t * P3[i, j, c]
    return mixed


@alternative("interpolate")
def by_tensor_product(P1, P2, P3, lam):
    if np.any(np.asarray(lam) < 0) or not np.isclose(np.sum(lam), 1):
        raise ValueError("weights")
    V = len(P1)
    models = [np.broadcast_to(P1, (V, V, V)), np.broadcast_to(P2, (V, V, V)), P3]
    return np.tensordot(lam, np.stack(models), axes=1)
