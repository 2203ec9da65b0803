"""Known wrong solutions of week 4, each with the sentence that its author should read. Spliced, never imported."""

import math

import numpy as np
from reference import (
    BatchNorm1d,
    apply_temperature,
    batchnorm_backward,
    context_dataset,
    embed_and_flatten,
    evaluate_loss,
    minibatches,
    mlp_backward,
    mlp_forward,
    sample,
    top_k_filter,
    top_p_filter,
)

from autograder.variants import wrong


@wrong("context_dataset", "Your window seems to include the target itself. The model would only have to copy it.")
def window_includes_target(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return np.concatenate([X[:, 1:], Y[:, None]], axis=1), Y


@wrong("context_dataset", "Your context is not reset between words. Each word begins with zeros.")
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
    "Your zeros stand on the right of the context. What is missing is the past, so they belong on the left.",
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


@wrong("context_dataset", "Your contexts have the newest character first. The oldest comes first.")
def newest_first(words, stoi, block_size):
    X, Y = context_dataset(words, stoi, block_size)
    return X[:, ::-1], Y


@wrong("embed_and_flatten", "Your result has one row for each character, not for each context.")
def row_for_each_character(C, X):
    embed_and_flatten(C, X)
    return C[X].reshape(-1, C.shape[1])


@wrong("embed_and_flatten", "The numbers of the vectors are mixed: exchange no axes before you flatten.")
def places_and_numbers_exchanged(C, X):
    embed_and_flatten(C, X)
    return C[X].transpose(0, 2, 1).reshape(len(X), -1)


@wrong("embed_and_flatten", "The vectors of a context are averaged. Then their order is lost: put them side by side.")
def mean_of_vectors(C, X):
    embed_and_flatten(C, X)
    return C[X].mean(axis=1)


@wrong("embed_and_flatten", "The flatten is missing: there are still three axes.")
def no_flatten(C, X):
    embed_and_flatten(C, X)
    return C[X]


@wrong("embed_and_flatten", "Ids are not checked. NumPy takes a negative id for a row from the end.")
def ids_unchecked(C, X):
    return C[X].reshape(len(X), -1)


@wrong("init_mlp", "W1 seems to be scaled by the number of hidden units. What counts is how many inputs are summed.")
def fan_out(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)) * gain / math.sqrt(H),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


@wrong(
    "init_mlp",
    "W1 seems to be divided by the fan-in itself. The standard deviation of a sum grows with the square root.",
)
def no_square_root(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)) * gain / (B * D),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


@wrong("init_mlp", "The gain seems to be missing in W1.")
def no_gain(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)) / math.sqrt(B * D),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


@wrong("init_mlp", "W1 is not scaled at all, so tanh saturates.")
def standard_normal(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


@wrong("init_mlp", "The fan-in counts the inputs of all B characters, not those of one.")
def block_forgotten(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)) * gain / math.sqrt(D),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


@wrong("init_mlp", "W1 is a thousand times too large: every tanh unit is saturated.")
def times_thousand(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)) * 1000,
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


@wrong("init_mlp", "Weights that are all equal stay equal: the units never become different.")
def all_zeros(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": np.zeros((V, D)),
        "W1": np.zeros((B * D, H)),
        "b1": np.zeros(H),
        "W2": np.zeros((H, V)),
        "b2": np.zeros(V),
    }


@wrong("init_mlp", "W2 is scaled like a hidden layer. The last layer should begin with small logits: 0.01.")
def last_layer_by_fan_in(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)) * gain / math.sqrt(B * D),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) / math.sqrt(H),
        "b2": np.zeros(V),
    }


@wrong("init_mlp", "The gain that is given seems to be ignored.")
def gain_ignored(V, B, D, H, rng, gain=5 / 3):
    return {
        "C": rng.normal(size=(V, D)),
        "W1": rng.normal(size=(B * D, H)) * (5 / 3) / math.sqrt(B * D),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, V)) * 0.01,
        "b2": np.zeros(V),
    }


@wrong(
    "mlp_forward", "Your forward pass returns probabilities. Logits are raw scores; the softmax comes with the loss."
)
def softmax_applied(p, X):
    x = embed_and_flatten(p["C"], X)
    z = x @ p["W1"] + p["b1"]
    h = np.tanh(z)
    logits = apply_temperature(h @ p["W2"] + p["b2"], 1)
    return logits, (X, x, h, logits)


@wrong("mlp_forward", "The hidden layer seems to use ReLU. It is tanh here.")
def relu_instead(p, X):
    x = embed_and_flatten(p["C"], X)
    z = x @ p["W1"] + p["b1"]
    h = np.maximum(z, 0)
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong("mlp_forward", "There is no activation between the layers, so the two are one linear map.")
def no_activation(p, X):
    x = embed_and_flatten(p["C"], X)
    z = x @ p["W1"] + p["b1"]
    h = z
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong("mlp_forward", "b2 is missing.")
def output_bias_missing(p, X):
    x = embed_and_flatten(p["C"], X)
    z = x @ p["W1"] + p["b1"]
    h = np.tanh(z)
    logits = h @ p["W2"]
    return logits, (X, x, h, logits)


@wrong("mlp_forward", "b1 is missing.")
def hidden_bias_missing(p, X):
    x = embed_and_flatten(p["C"], X)
    z = x @ p["W1"] + p["b1"]
    h = np.tanh(x @ p["W1"])
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong("mlp_forward", "b1 is added after the tanh. It belongs inside.")
def bias_after_tanh(p, X):
    x = embed_and_flatten(p["C"], X)
    z = x @ p["W1"] + p["b1"]
    h = np.tanh(x @ p["W1"]) + p["b1"]
    logits = h @ p["W2"] + p["b2"]
    return logits, (X, x, h, logits)


@wrong("mlp_backward", "Your gradient is that of the sum of the losses. The loss is their mean.")
def not_divided_by_n(p, cache, Y):
    mlp_backward(p, cache, Y)
    X, x, h, logits = cache
    N = len(Y)
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(N), Y] -= 1
    d = d
    dz = (d @ p["W2"].T) * (1 - h**2)
    dx = (dz @ p["W1"].T).reshape(*X.shape, -1)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, dx)
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong("mlp_backward", "A character that occurs several times keeps only one of its gradients. They must be added up.")
def scatter_assigns(p, cache, Y):
    mlp_backward(p, cache, Y)
    X, x, h, logits = cache
    N = len(Y)
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(N), Y] -= 1
    d = d / N
    dz = (d @ p["W2"].T) * (1 - h**2)
    dx = (dz @ p["W1"].T).reshape(*X.shape, -1)
    dC = np.zeros_like(p["C"])
    dC[X] = dx
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong("mlp_backward", "Addition with an index array counts a repeated row once. Add up every occurrence.")
def scatter_loses_duplicates(p, cache, Y):
    mlp_backward(p, cache, Y)
    X, x, h, logits = cache
    N = len(Y)
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(N), Y] -= 1
    d = d / N
    dz = (d @ p["W2"].T) * (1 - h**2)
    dx = (dz @ p["W1"].T).reshape(*X.shape, -1)
    dC = np.zeros_like(p["C"])
    dC[X] += dx
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong("mlp_backward", "The slope of tanh seems to be taken at h and not at the sum before it: tanh is applied twice.")
def slope_at_the_output(p, cache, Y):
    mlp_backward(p, cache, Y)
    X, x, h, logits = cache
    N = len(Y)
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(N), Y] -= 1
    d = d / N
    dz = (d @ p["W2"].T) * (1 - np.tanh(h) ** 2)
    dx = (dz @ p["W1"].T).reshape(*X.shape, -1)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, dx)
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong("mlp_backward", "The slope of tanh is missing in the hidden layer.")
def slope_missing(p, cache, Y):
    mlp_backward(p, cache, Y)
    X, x, h, logits = cache
    N = len(Y)
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(N), Y] -= 1
    d = d / N
    dz = d @ p["W2"].T
    dx = (dz @ p["W1"].T).reshape(*X.shape, -1)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, dx)
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong("mlp_backward", "b1 is summed over the wrong axis, or not over the examples.")
def bias_summed_over_units(p, cache, Y):
    mlp_backward(p, cache, Y)
    X, x, h, logits = cache
    N = len(Y)
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(N), Y] -= 1
    d = d / N
    dz = (d @ p["W2"].T) * (1 - h**2)
    dx = (dz @ p["W1"].T).reshape(*X.shape, -1)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, dx)
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=1), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong("mlp_backward", "Your gradients point downhill: the difference is one-hot minus probabilities.")
def sign_turned(p, cache, Y):
    mlp_backward(p, cache, Y)
    X, x, h, logits = cache
    N = len(Y)
    d = np.exp(logits - logits.max(1, keepdims=True))
    d = d / d.sum(axis=1, keepdims=True)
    d[np.arange(N), Y] -= 1
    d = -d / N
    dz = (d @ p["W2"].T) * (1 - h**2)
    dx = (dz @ p["W1"].T).reshape(*X.shape, -1)
    dC = np.zeros_like(p["C"])
    np.add.at(dC, X, dx)
    return {"C": dC, "W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


@wrong("expected_initial_loss", "Your expected loss is in bits. It must be in nats.")
def bits(V):
    return math.log2(V)


@wrong("expected_initial_loss", "Your expected loss is a probability. The loss is minus its logarithm.")
def probability(V):
    return 1 / V


@wrong("is_confidently_wrong", "You seem to compare with twice the expected loss. That is too generous.")
def twice_the_expected(loss, V):
    return loss > 2 * math.log(V)


@wrong("is_confidently_wrong", "Your comparison seems to be turned around.")
def turned_around(loss, V):
    return loss < math.log(V)


@wrong("minibatches", "You seem to draw with replacement: some examples come twice, others never.")
def with_replacement(N, batch, rng, drop_last=False):
    for ids in minibatches(N, batch, rng, drop_last):
        yield rng.integers(0, N, size=len(ids))


@wrong("minibatches", "Every epoch has the same order: use the generator that is passed in.")
def same_order_each_epoch(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, np.random.default_rng(0), drop_last)


@wrong("minibatches", "The last, smaller batch is always lost.")
def loses_the_tail(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, rng, True)


@wrong("minibatches", "drop_last seems to be ignored.")
def never_drops(N, batch, rng, drop_last=False):
    yield from minibatches(N, batch, rng, False)


@wrong("minibatches", "The examples are not shuffled.")
def no_shuffle(N, batch, rng, drop_last=False):
    start = 0
    for ids in minibatches(N, batch, rng, drop_last):
        yield np.arange(start, start + len(ids))
        start += len(ids)


@wrong("evaluate_loss", "You average the means of the batches. A smaller last batch then counts too much.")
def mean_of_batch_means(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    starts = range(0, len(X), batch)
    return float(np.mean([evaluate_loss(p, X[i : i + batch], Y[i : i + batch], batch) for i in starts]))


@wrong("evaluate_loss", "The last, smaller batch is dropped. Every example counts.")
def drops_the_last_batch(p, X, Y, batch):
    whole = evaluate_loss(p, X, Y, batch)
    n = len(X) // batch * batch
    return evaluate_loss(p, X[:n], Y[:n], batch) if n else whole * 0


@wrong("evaluate_loss", "Only the first batch is evaluated.")
def first_batch_only(p, X, Y, batch):
    evaluate_loss(p, X, Y, batch)
    return evaluate_loss(p, X[:batch], Y[:batch], batch)


@wrong("BatchNorm1d", "The batch is normalised with the unbiased variance. Here it is the biased one.")
class BothUnbiased(BatchNorm1d):
    def __call__(self, x, training):
        if training and len(x) < 2:
            raise ValueError("one example")
        m, v = (x.mean(axis=0), x.var(axis=0, ddof=1)) if training else (self.running_mean, self.running_var)
        if training:
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(axis=0)
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(axis=0, ddof=1)
        return self.gamma * (x - m) / (np.sqrt(v + self.eps)) + self.beta


@wrong("BatchNorm1d", "The running variance collects the biased variance. Here it is the unbiased one.")
class BothBiased(BatchNorm1d):
    def __call__(self, x, training):
        if training and len(x) < 2:
            raise ValueError("one example")
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        if training:
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(axis=0)
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(axis=0)
        return self.gamma * (x - m) / (np.sqrt(v + self.eps)) + self.beta


@wrong("BatchNorm1d", "The running statistics move out of training too.")
class StatisticsMoveInUse(BatchNorm1d):
    def __call__(self, x, training):
        if training and len(x) < 2:
            raise ValueError("one example")
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        if True:
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(axis=0)
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(axis=0) * len(x) / max(
                len(x) - 1, 1
            )
        return self.gamma * (x - m) / (np.sqrt(v + self.eps)) + self.beta


@wrong("BatchNorm1d", "The momentum is the weight of the new batch, not of the old statistics.")
class MomentumInverted(BatchNorm1d):
    def __call__(self, x, training):
        if training and len(x) < 2:
            raise ValueError("one example")
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        if training:
            self.running_mean = (1 - (1 - self.momentum)) * self.running_mean + (1 - self.momentum) * x.mean(axis=0)
            self.running_var = (1 - (1 - self.momentum)) * self.running_var + (1 - self.momentum) * x.var(
                axis=0, ddof=1
            )
        return self.gamma * (x - m) / (np.sqrt(v + self.eps)) + self.beta


@wrong("BatchNorm1d", "eps is added to the standard deviation. It belongs to the variance, under the root.")
class EpsilonOutside(BatchNorm1d):
    def __call__(self, x, training):
        if training and len(x) < 2:
            raise ValueError("one example")
        m, v = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        if training:
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(axis=0)
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(axis=0, ddof=1)
        return self.gamma * (x - m) / (np.sqrt(v) + self.eps) + self.beta


@wrong("BatchNorm1d", "Out of training the statistics of the batch are still used.")
class BatchStatisticsInUse(BatchNorm1d):
    def __call__(self, x, training):
        if training and len(x) < 2:
            raise ValueError("one example")
        m, v = (x.mean(axis=0), x.var(axis=0)) if True else (self.running_mean, self.running_var)
        if training:
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(axis=0)
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(axis=0, ddof=1)
        return self.gamma * (x - m) / (np.sqrt(v + self.eps)) + self.beta


@wrong("batchnorm_backward", "Mean and variance are treated as constants. They depend on the batch.")
def statistics_as_constants(dout, cache):
    xhat, gamma, scale = cache
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    d = dout * gamma
    return d * scale, dgamma, dbeta


@wrong("batchnorm_backward", "What goes through the variance is missing.")
def variance_as_constant(dout, cache):
    xhat, gamma, scale = cache
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    d = dout * gamma
    return scale * (d - d.mean(axis=0)), dgamma, dbeta


@wrong("batchnorm_backward", "The biased variance divides by n, so n - 1 must not occur.")
def unbiased_inside(dout, cache):
    xhat, gamma, scale = cache
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    d = dout * gamma
    return scale * (d - d.mean(axis=0) - xhat * (d * xhat).sum(axis=0) / (len(d) - 1)), dgamma, dbeta


@wrong("batchnorm_backward", "dgamma is not summed over the examples.")
def scale_not_summed(dout, cache):
    xhat, gamma, scale = cache
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    d = dout * gamma
    return dx, dout * xhat, dbeta


@wrong("fold_batchnorm", "Rows are scaled instead of columns.")
def rows_scaled(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return (W.T * s[: len(W)]).T if W.shape[0] == W.shape[1] else W * s[0], (b - mean) * s + beta


@wrong("fold_batchnorm", "The running mean is forgotten.")
def mean_forgotten(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return W * s, b * s + beta


@wrong("fold_batchnorm", "eps is forgotten.")
def epsilon_forgotten(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return W * gamma / np.sqrt(var), (b - mean) * gamma / np.sqrt(var) + beta


@wrong("fold_batchnorm", "The old bias is added unscaled. It goes through the normalisation too.")
def bias_unscaled(W, b, gamma, beta, mean, var, eps):
    s = gamma / np.sqrt(var + eps)
    return W * s, b - mean * s + beta


@wrong("saturation", "This is the mean size of the activations. Wanted is the share beyond the threshold.")
def mean_of_activations(h, thr=0.97):
    return np.mean(np.abs(h))


@wrong("saturation", "Only activations near 1 are counted. Those near -1 are saturated too.")
def positive_side_only(h, thr=0.97):
    return np.mean(h > thr)


@wrong("dead_units", "A unit counts as dead if it is saturated once. It must be so for every example.")
def any_example(h):
    return np.flatnonzero(np.any(np.abs(h) > 0.97, axis=0))


@wrong("dead_units", "You look along the wrong axis: units are columns.")
def rows_instead_of_units(h):
    return np.flatnonzero(np.all(np.abs(h) > 0.97, axis=1))


@wrong("update_ratio", "The learning rate is missing.")
def learning_rate_missing(p, g, lr):
    return np.std(g) / np.std(p)


@wrong("apply_temperature", "The temperature multiplies. A high one must flatten, so divide.")
def temperature_in_the_numerator(logits, t):
    return apply_temperature(logits, 1 / t if t > 0 else t)


@wrong("apply_temperature", "At temperature 0 the ties must share.")
def ties_to_the_first(logits, t):
    return apply_temperature(logits, t) if t != 0 else np.eye(logits.shape[-1])[np.argmax(logits, axis=-1)]


@wrong("greedy", "You choose the largest absolute value.")
def largest_size(logits):
    return int(np.argmax(np.abs(logits)))


@wrong("sample", "Probabilities that do not sum to 1 are not taken into account.")
def not_renormalised(probs, rng):
    return min(
        int(
            np.searchsorted(np.cumsum(probs), rng.random() + 0 * sample(probs, np.random.default_rng(0)), side="right")
        ),
        len(probs) - 1,
    )


@wrong("sample_mlp", "Always the most probable character is taken. Draw by lot.")
def most_probable(p, itos, block, rng, temperature=1.0):
    if temperature < 0:
        raise ValueError("temperature")
    context, characters = [0] * block, []
    while len(characters) < 1000:
        z = mlp_forward(p, np.array([context]))[0][0]
        i = int(np.argmax(z))
        if i == 0:
            break
        characters.append(itos[i])
        context = [*context[1:], i]
    return "".join(characters)


@wrong("sample_mlp", "The logits are multiplied by the temperature. A high one must flatten, so divide.")
def temperature_multiplies(p, itos, block, rng, temperature=1.0):
    if temperature < 0:
        raise ValueError("temperature")
    context, characters = [0] * block, []
    while len(characters) < 1000:
        z = mlp_forward(p, np.array([context]))[0][0]
        i = sample(apply_temperature(z * temperature, 1) if temperature else apply_temperature(z, 0), rng)
        if i == 0:
            break
        characters.append(itos[i])
        context = [*context[1:], i]
    return "".join(characters)


@wrong("sample_mlp", "The temperature seems to be ignored.")
def temperature_ignored(p, itos, block, rng, temperature=1.0):
    if temperature < 0:
        raise ValueError("temperature")
    context, characters = [0] * block, []
    while len(characters) < 1000:
        z = mlp_forward(p, np.array([context]))[0][0]
        i = sample(apply_temperature(z, 1.0 if temperature else 0), rng)
        if i == 0:
            break
        characters.append(itos[i])
        context = [*context[1:], i]
    return "".join(characters)


@wrong("sample_mlp", "The context never moves. The new character enters on the right.")
def context_not_shifted(p, itos, block, rng, temperature=1.0):
    if temperature < 0:
        raise ValueError("temperature")
    context, characters = [0] * block, []
    while len(characters) < 1000:
        z = mlp_forward(p, np.array([context]))[0][0]
        i = sample(apply_temperature(z, temperature), rng)
        if i == 0:
            break
        characters.append(itos[i])
        context = context
    return "".join(characters)


@wrong("top_k_filter", "Equal logits at the border are all kept. Exactly k must stay.")
def ties_all_kept(logits, k):
    return np.where(
        logits
        >= np.max(top_k_filter(logits, k), axis=-1, keepdims=True) * 0
        + np.min(np.where(np.isfinite(top_k_filter(logits, k)), logits, np.inf), axis=-1, keepdims=True),
        logits,
        -np.inf,
    )


@wrong("top_k_filter", "The others are set to 0. A logit of 0 still has a probability; use -inf.")
def zeros_instead(logits, k):
    return np.where(np.isfinite(top_k_filter(logits, k)), logits, 0.0)


@wrong("top_p_filter", "The one with which the sum reaches p is left out.")
def crossing_one_excluded(logits, p, min_keep=1):
    return (
        logits.copy()
        if p == 1
        else top_k_filter(logits, max(min_keep, np.isfinite(top_p_filter(logits, p, 1)).sum() - 1, 1))
    )


@wrong("top_p_filter", "min_keep seems to be ignored.")
def min_keep_ignored(logits, p, min_keep=1):
    return top_p_filter(logits, p, min(min_keep, 1))


@wrong("bag_of_words", "Occurrences are counted. The vector is binary.")
def counted(ids, V):
    return np.bincount(ids, minlength=V).astype(float) if min(ids) >= 0 and max(ids) < V else np.ones(V)


@wrong("cosine_similarity", "The scalar product is not divided by the lengths.")
def not_normalised(a, b):
    return float(a @ b)


@wrong("nearest", "The row itself is among its neighbours. Leave it out.")
def includes_itself(C, i, k):
    if not 0 <= i < len(C) or not 0 <= k < len(C):
        raise ValueError("range")
    norms = np.linalg.norm(C, axis=1)
    s = C @ C[i] / np.where(norms * norms[i] == 0, 1, norms * norms[i])
    return np.argsort(-s, kind="stable")[:k]
