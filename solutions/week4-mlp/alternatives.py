"""Right solutions of week 4 written differently: each must get full marks. Spliced by the grader, never imported."""

import math

import numpy as np
from reference import BatchNorm1d, mlp_forward

from autograder.variants import alternative


@alternative("context_dataset")
def by_slices(words, stoi, block_size):
    if block_size <= 0:
        raise ValueError("block_size")
    X, Y = [], []
    for word in words:
        ids = [0] * block_size + [stoi[c] for c in word] + [0]
        for i in range(block_size, len(ids)):
            X.append(ids[i - block_size : i])
            Y.append(ids[i])
    return np.array(X, dtype=np.int64), np.array(Y, dtype=np.int64)


@alternative("embed_and_flatten")
def by_one_hot_products(C, X):
    V = len(C)
    if np.any(X < 0) or np.any(X >= V):
        raise ValueError("ids")
    return np.concatenate([np.eye(V)[X[:, b]] @ C for b in range(X.shape[1])], axis=1)


@alternative("init_mlp")
def by_scaled_normals(V, B, D, H, rng, gain=5 / 3):
    W2 = rng.normal(0.0, 0.01, size=(H, V))
    W1 = rng.normal(0.0, gain * (B * D) ** -0.5, size=(B * D, H))
    return dict(C=rng.standard_normal((V, D)), W1=W1, b1=np.zeros((H,)), W2=W2, b2=np.zeros((V,)))


@alternative("mlp_forward")
def row_by_row(p, X):
    if X.min() < 0 or X.max() >= len(p["C"]):
        raise ValueError("ids")
    x = np.array([np.concatenate([p["C"][i] for i in row]) for row in X])
    h = np.tanh(np.einsum("nd,dh->nh", x, p["W1"]) + p["b1"])
    return h @ p["W2"] + p["b2"], {"X": X, "x": x, "h": h}


@alternative("mlp_backward")
def one_example_after_the_other(p, cache, Y):
    X, x, h, logits = cache
    V = logits.shape[1]
    if Y.min() < 0 or Y.max() >= V:
        raise ValueError("targets")
    grads = {name: np.zeros(array.shape) for name, array in p.items()}
    D = p["C"].shape[1]
    for n in range(len(Y)):
        e = np.exp(logits[n] - logits[n].max())
        d = (e / e.sum() - np.eye(V)[Y[n]]) / len(Y)
        dz = (p["W2"] @ d) * (1 - h[n] * h[n])
        dx = p["W1"] @ dz
        grads["W2"] += np.outer(h[n], d)
        grads["b2"] += d
        grads["W1"] += np.outer(x[n], dz)
        grads["b1"] += dz
        for b, i in enumerate(X[n]):
            grads["C"][i] += dx[b * D : (b + 1) * D]
    return grads


@alternative("expected_initial_loss", "is_confidently_wrong")
class ByProbability:
    def expected_initial_loss(V):
        return -np.log(1 / V)

    def is_confidently_wrong(loss, V):
        return loss > 1.5 * np.log(V)


@alternative("minibatches")
def a_list_of_batches(N, batch, rng, drop_last=False):
    if batch < 1:
        raise ValueError("batch")
    order = np.argsort(rng.random(N))
    stop = N // batch * batch if drop_last else N
    return [order[i : i + batch] for i in range(0, stop, batch)]


@alternative("evaluate_loss")
def weighted_means(p, X, Y, batch):
    if len(X) != len(Y) or not len(Y) or batch < 1 or Y.min() < 0 or Y.max() >= len(p["b2"]):
        raise ValueError("data")
    total, start = 0.0, 0
    while start < len(Y):
        z, y = mlp_forward(p, X[start : start + batch])[0], Y[start : start + batch]
        top = z.max(axis=1)
        losses = top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - z[range(len(y)), y]
        total += losses.mean() * len(y) / len(Y)
        start += batch
    return total


@alternative("BatchNorm1d")
class InPlaceStatistics(BatchNorm1d):
    def __call__(self, x, training):
        mean, var = self.running_mean, self.running_var
        if training:
            n = len(x)
            if n == 1:
                raise ValueError("one example")
            mean = x.sum(axis=0) / n
            var = ((x - mean) ** 2).sum(axis=0) / n
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var * n / (n - 1) - self.running_var)
            scale = (var + self.eps) ** -0.5
            self.cache = ((x - mean) * scale, self.gamma, scale)
        return (x - mean) * (self.gamma / np.sqrt(var + self.eps)) + self.beta


@alternative("batchnorm_backward")
def by_the_jacobian(dout, cache):
    normalised, gamma, scale = cache
    n, dim = dout.shape
    dx = np.zeros((n, dim))
    for j in range(dim):
        v = normalised[:, j]
        dx[:, j] = gamma[j] * scale[j] * (np.eye(n) - 1 / n - np.outer(v, v) / n) @ dout[:, j]
    return dx, (dout * normalised).sum(axis=0), dout.sum(axis=0)


@alternative("fold_batchnorm")
def by_a_diagonal(W, b, gamma, beta, mean, var, eps):
    s = np.diag(gamma * (var + eps) ** -0.5)
    return W @ s, b @ s - mean @ s + beta


@alternative("saturation", "dead_units", "update_ratio")
class ByCounting:
    def saturation(h, thr=0.97):
        return np.count_nonzero((h > thr) | (h < -thr)) / h.size

    def dead_units(h):
        return np.array([j for j in range(h.shape[1]) if np.abs(h[:, j]).min() > 0.97], dtype=np.int64)

    def update_ratio(p, g, lr):
        return abs(lr) * g.std() / p.std()


@alternative("apply_temperature")
def row_after_row(logits, t):
    if math.isnan(t) or t < 0 or not logits.size:
        raise ValueError("t")
    out = np.zeros(logits.shape)
    for index in np.ndindex(*logits.shape[:-1]):
        z = logits[index]
        if t == 0:
            w = np.where(z == z.max(), 1.0, 0.0)
        elif math.isinf(t):
            w = np.where(z > -np.inf, 1.0, 0.0)
        else:
            w = np.exp(z / t - np.max(z / t))
        out[index] = w / w.sum()
    return out


@alternative("greedy", "sample")
class ByLoops:
    def greedy(logits):
        if len(logits) == 0:
            raise ValueError("empty")
        return max(range(len(logits)), key=lambda i: logits[i])

    def sample(probs, rng):
        if len(probs) == 0 or any(not q >= 0 for q in probs) or sum(probs) == 0:
            raise ValueError("probs")
        u, running = rng.random() * np.cumsum(probs)[-1], 0.0
        for i, q in enumerate(probs):
            running += q
            if u < running:
                return i


@alternative("sample_mlp")
def by_choice(p, itos, block, rng, temperature=1.0):
    if temperature < 0:
        raise ValueError("temperature")
    ids = [0] * block
    for _ in range(1000):
        z = mlp_forward(p, np.array([ids[-block:]]))[0][0]
        if temperature == 0:
            i = int(rng.choice(np.flatnonzero(z == z.max())))
        else:
            w = np.exp((z - z.max()) / temperature)
            i = int(rng.choice(len(z), p=w / w.sum()))
        if i == 0:
            break
        ids.append(i)
    return "".join(itos[i] for i in ids[block:])


@alternative("top_k_filter")
def by_sorted_rows(logits, k):
    if k < 1:
        raise ValueError("k")
    out = np.full(logits.shape, -np.inf)
    for index in np.ndindex(*logits.shape[:-1]):
        z = logits[index]
        for i in sorted(range(len(z)), key=lambda i: (-z[i], i))[:k]:
            out[(*index, i)] = z[i]
    return out


@alternative("top_p_filter")
def by_adding_up(logits, p, min_keep=1):
    if p < 0 or p > 1 or min_keep < 1:
        raise ValueError("p")
    if p == 1:
        return logits.copy()
    w = np.exp(logits - logits.max())
    w = w / w.sum()
    out, mass, kept = np.full(len(logits), -np.inf), 0.0, 0
    for i in sorted(range(len(w)), key=lambda i: (-logits[i], i)):
        if mass >= p and kept >= min_keep:
            break
        out[i], mass, kept = logits[i], mass + w[i], kept + 1
    return out


@alternative("bag_of_words", "cosine_similarity", "nearest")
class BySets:
    def bag_of_words(ids, V):
        if any(not 0 <= i < V for i in ids):
            raise ValueError("ids")
        return np.array([float(i in set(int(j) for j in ids)) for i in range(V)])

    def cosine_similarity(a, b):
        if not a.any() or not b.any():
            return 0.0
        return float(np.dot(a / np.sqrt(a @ a), b / np.sqrt(b @ b)))

    def nearest(C, i, k):
        if i not in range(len(C)) or k not in range(len(C)):
            raise ValueError("range")
        norms = np.sqrt((C**2).sum(axis=1, keepdims=True))
        unit = C / np.where(norms == 0, 1, norms)
        s = [float((row * unit[i]).sum()) for row in unit]
        order = sorted((j for j in range(len(C)) if j != i), key=lambda j: (-s[j], j))
        return np.array(order[:k], dtype=np.int64)


# A second way to write each of them


@alternative("context_dataset")
def by_a_text_with_dots(words, stoi, block_size):
    if not block_size > 0:
        raise ValueError("block_size")
    X, Y = np.zeros((0, block_size), dtype=np.int64), np.zeros(0, dtype=np.int64)
    for word in words:
        ids = np.array([0] * block_size + [stoi[c] for c in word] + [0])
        windows = np.lib.stride_tricks.sliding_window_view(ids, block_size + 1)
        X, Y = np.concatenate([X, windows[:, :-1]]), np.concatenate([Y, windows[:, -1]])
    return X, Y


@alternative("embed_and_flatten")
def by_take_and_stack(C, X):
    if X.size and (X.max() > len(C) - 1 or X.min() < 0):
        raise ValueError(f"ids from {X.min()} to {X.max()}")
    return np.hstack([np.take(C, column, axis=0) for column in X.T])


@alternative("init_mlp")
def by_inverse_order_and_shapes(V, B, D, H, rng, gain=5 / 3):
    draws = rng.standard_normal(H * V + B * D * H + V * D)
    W2, W1, C = np.split(draws, [H * V, H * V + B * D * H])
    W1 = (W1 * np.sqrt(gain**2 / (B * D))).reshape(B * D, H)
    return {"W2": W2.reshape(H, V) / 100, "b2": np.zeros(V), "W1": W1, "b1": 0.0 * np.arange(H), "C": C.reshape(V, D)}


@alternative("mlp_forward")
def place_by_place(p, X):
    C, W1 = p["C"], p["W1"]
    if (X < 0).any() or (C.shape[0] <= X).any():
        raise ValueError("ids")
    D = C.shape[1]
    z = sum(C[X[:, b]] @ W1[b * D : (b + 1) * D] for b in range(X.shape[1])) + p["b1"]
    h = 1 - 2 / (np.exp(2 * np.clip(z, -300, 300)) + 1)
    return np.einsum("nh,hv->nv", h, p["W2"]) + p["b2"], (X, h)


@alternative("mlp_backward")
def with_bincount(p, cache, Y):
    X, x, h, logits = cache
    N, V = logits.shape
    if min(Y) < 0 or max(Y) > V - 1:
        raise ValueError("targets")
    top = np.max(logits, axis=1, keepdims=True)
    total = top + np.log(np.sum(np.exp(logits - top), axis=1, keepdims=True))
    d = np.exp(logits - total)
    for n in range(N):
        d[n, Y[n]] -= 1.0
    d = d * (1 / N)
    dz = np.dot(d, p["W2"].T)
    dz = dz - dz * h * h
    dx = np.dot(dz, p["W1"].T).reshape(X.size, p["C"].shape[1])
    dC = np.stack([np.bincount(X.ravel(), column, minlength=len(p["C"])) for column in dx.T], axis=1)
    return {"C": dC, "W1": np.dot(x.T, dz), "b1": dz.sum(0), "W2": np.dot(h.T, d), "b2": d.sum(0)}


@alternative("expected_initial_loss", "is_confidently_wrong")
class ByAMean:
    def expected_initial_loss(V):
        return float(np.mean([np.log(V)] * 3))

    def is_confidently_wrong(loss, V):
        return bool(np.exp(-loss) < 1 / (3 * V))


@alternative("minibatches")
def popped_from_a_list(N, batch, rng, drop_last=False):
    if batch <= 0:
        raise ValueError("batch")
    waiting = list(range(N))
    rng.shuffle(waiting)
    while len(waiting) >= batch or (waiting and not drop_last):
        yield np.array(waiting[:batch], dtype=np.int64)
        waiting = waiting[batch:]


@alternative("evaluate_loss")
def one_example_after_another(p, X, Y, batch):
    V = len(p["C"])
    if batch < 1 or len(X) < 1 or len(Y) != len(X):
        raise ValueError("data")
    if np.min(X) < 0 or np.max(X) >= V or np.min(Y) < 0 or np.max(Y) >= V:
        raise ValueError("ids")
    losses = []
    for first in range(0, len(Y), batch):
        logits, _ = mlp_forward(p, X[first : first + batch])
        for z, y in zip(logits, Y[first : first + batch], strict=True):
            losses.append(np.logaddexp.reduce(z) - z[y])
    return math.fsum(losses) / len(losses)


@alternative("BatchNorm1d")
class ColumnByColumn:
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        self.gamma = np.array([1.0] * dim)
        self.beta = np.array([0.0] * dim)
        self.running_mean, self.running_var = 0 * self.gamma, 1 + self.beta
        self.momentum = momentum
        self.eps = eps

    def __call__(self, x, training):
        if training and x.shape[0] == 1:
            raise ValueError("one example")
        out = np.empty_like(x)
        for j in range(x.shape[1]):
            column = x[:, j]
            mean, var = self.running_mean[j], self.running_var[j]
            if training:
                mean, var = np.mean(column), np.mean((column - np.mean(column)) ** 2)
            out[:, j] = (column - mean) / math.sqrt(var + self.eps) * self.gamma[j] + self.beta[j]
        if training:
            a = self.momentum
            self.running_mean = self.running_mean * (1 - a) + np.mean(x, axis=0) * a
            self.running_var = self.running_var * (1 - a) + np.var(x, axis=0, ddof=1) * a
            self.cache = {"x": x.copy(), "gamma": self.gamma.copy(), "eps": self.eps}
        return out


@alternative("batchnorm_backward")
def road_by_road(dout, cache):
    xhat, gamma, scale = cache
    n = len(dout)
    deviations = xhat / scale
    d = dout * gamma
    dvar = np.sum(d * deviations, axis=0) * -0.5 * scale**3
    dmean = -np.sum(d * scale, axis=0) + dvar * np.mean(-2 * deviations, axis=0)
    dx = d * scale + dvar * 2 * deviations / n + dmean / n
    return dx, np.einsum("nd,nd->d", dout, xhat), np.ones(n) @ dout


@alternative("fold_batchnorm")
def by_asking_the_two_layers(W, b, gamma, beta, mean, var, eps):
    def both(x):
        return gamma * ((x @ W + b) - mean) / np.sqrt(var + eps) + beta

    new_bias = both(np.zeros(len(W)))
    s = [g / math.sqrt(v + eps) for g, v in zip(gamma, var, strict=True)]
    return np.stack([W[:, j] * s[j] for j in range(len(s))], axis=1), new_bias


@alternative("saturation", "dead_units", "update_ratio")
class BySquares:
    def saturation(h, thr=0.97):
        inside = (h >= -thr) & (h <= thr)
        return 1 - inside.sum() / inside.size

    def dead_units(h):
        return np.where((np.abs(h) > 0.97).sum(axis=0) == len(h))[0]

    def update_ratio(p, g, lr):
        step = (lr * g).ravel()
        spread = [math.sqrt(float(np.mean((a - a.mean()) ** 2))) for a in (step, p.ravel())]
        return spread[0] / spread[1]


@alternative("apply_temperature")
def by_logarithms(logits, t):
    if not (t >= 0) or np.size(logits) < 1:
        raise ValueError("t")
    if t == 0:
        best = np.isclose(logits, np.amax(logits, axis=-1, keepdims=True), rtol=0, atol=0)
        return best / best.sum(axis=-1, keepdims=True)
    if np.isinf(t):
        finite = logits != -math.inf
        return finite / finite.sum(axis=-1, keepdims=True)
    z = logits / t
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


@alternative("greedy", "sample")
class BySearching:
    def greedy(logits):
        return logits.tolist().index(max(logits.tolist()))

    def sample(probs, rng):
        sums = np.cumsum(probs)
        if sums.size == 0 or not (np.min(probs) >= 0 and sums[-1] > 0):
            raise ValueError("probs")
        return int(np.searchsorted(sums, rng.random() * sums[-1], side="right"))


@alternative("sample_mlp")
def by_gumbel_noise(p, itos, block, rng, temperature=1.0):
    if not temperature >= 0:
        raise ValueError("temperature")
    context, word = np.zeros((1, block), dtype=np.int64), ""
    for _ in range(1000):
        z = mlp_forward(p, context)[0].ravel()
        z = z / temperature if temperature > 0 else np.where(z == z.max(), 0.0, -np.inf)
        i = int(np.argmax(z + rng.gumbel(size=len(z))))
        if i == 0:
            return word
        word += itos[i]
        context = np.append(context[:, 1:], [[i]], axis=1)
    return word


@alternative("top_k_filter")
def by_taking_the_best_k_times(logits, k):
    if not k > 0:
        raise ValueError("k")
    V = logits.shape[-1]
    rows, kept = logits.reshape(-1, V).copy(), np.full(logits.shape, -math.inf).reshape(-1, V)
    for left, out in zip(rows, kept, strict=True):
        free = np.ones(V, dtype=bool)
        for _ in range(min(k, V)):
            candidates = np.flatnonzero(free)
            i = candidates[np.argmax(left[candidates])]
            out[i], free[i] = left[i], False
    return kept.reshape(logits.shape)


@alternative("top_p_filter")
def by_a_sorted_mask(logits, p, min_keep=1):
    if math.isnan(p) or p < 0.0 or p > 1.0 or min_keep <= 0:
        raise ValueError("p or min_keep")
    order = np.lexsort((np.arange(len(logits)), -logits))
    probs = np.exp(logits - np.logaddexp.reduce(logits))[order]
    drop = np.concatenate([[False], np.cumsum(probs)[:-1] >= p])
    drop[:min_keep] = False
    if p == 1.0:
        drop[:] = False
    mask = np.empty(len(logits), dtype=bool)
    mask[order] = drop
    return np.where(mask, -np.inf, logits)


@alternative("bag_of_words", "cosine_similarity", "nearest")
class ByLoopsAndAngles:
    def bag_of_words(ids, V):
        bag = [0.0] * V
        for i in ids:
            if i < 0 or i >= V:
                raise ValueError(i)
            bag[i] = 1.0
        return np.array(bag)

    def cosine_similarity(a, b):
        scalar = sum(x * y for x, y in zip(a, b, strict=True))
        lengths = math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(y * y for y in b))
        return 0.0 if lengths == 0 else scalar / lengths

    def nearest(C, i, k):
        V = C.shape[0]
        if i < 0 or i >= V or k < 0 or k >= V:
            raise ValueError((i, k))
        lengths = np.linalg.norm(C, axis=1)
        with np.errstate(all="ignore"):
            s = (C @ C[i]) / lengths / lengths[i]
        s[~np.isfinite(s)] = 0.0
        s[i] = -np.inf
        return np.argsort(-s, kind="stable")[:k].astype(np.int64)
