"""Week 1, derivatives: the reference solution. Signatures and docstrings are what students see."""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


# Difference quotients


def forward_difference(f: Callable[[float], float], x: float, h: float = 1e-6) -> float:
    """Slope of the line through the points of f at x and at x + h.

    Returns one number. x may be an int. A negative h is allowed: then the second point lies to
    the left of x.

    Raises ValueError if h is 0: two equal points do not fix a line.
    """
    if h == 0:
        raise ValueError("h must not be 0: a slope needs two different points")
    return (f(x + h) - f(x)) / h


def central_difference(f: Callable[..., float], *vals: float, arg: int = 0, h: float = 1e-5) -> float:
    """Partial derivative of f at the point vals, estimated from one step to each side.

    f takes as many numbers as there are in vals. Argument number `arg` (counted from 0) is
    moved by h to the right and by h to the left of its value, so the two points are 2h apart;
    the other arguments stay where they are. central_difference(f, 2.0, 5.0, arg=1) estimates
    df/db of f(a, b) at a = 2, b = 5.

    Returns one number. The values may be ints; a negative h gives the same as a positive one.

    Raises ValueError if arg is len(vals) or more, or if h is 0.
    """
    if not 0 <= arg < len(vals):
        raise ValueError(f"arg must be between 0 and {len(vals) - 1}, got {arg}")
    if h == 0:
        raise ValueError("h must not be 0: a slope needs two different points")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*right) - f(*left)) / (2 * h)


def convergence_order(
    f: Callable[[float], float],
    df: Callable[[float], float],
    x: float,
    hs: Array,
    scheme: Literal["forward", "central"],
) -> float:
    """Order p with which the error of a difference quotient shrinks: error ~ constant * h**p.

    df is the true derivative of f. For each step h in hs, the error is the distance between
    df(x) and the difference quotient of f at x with this h: (f(x + h) - f(x)) / h if scheme is
    "forward", (f(x + h) - f(x - h)) / (2h) if scheme is "central". The result is the slope of
    the straight line that fits log(error) as a function of log(h) best, in the sense of least
    squares, over all steps in hs (positive numbers, not necessarily sorted). Expect about 1 for
    "forward" and about 2 for "central" as long as no step is so small that round-off takes
    over.

    A step whose error is exactly 0 has no logarithm and is left out. hs is not changed.

    Raises ValueError if fewer than two different steps are left, or if scheme is neither of the
    two names.
    """
    if scheme not in ("forward", "central"):
        raise ValueError(f"scheme must be 'forward' or 'central', got {scheme!r}")
    log_h, log_error = [], []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            log_h.append(math.log(h))
            log_error.append(math.log(error))
    if len(set(log_h)) < 2:
        raise ValueError("at least two different steps with an error above 0 are needed")
    slope, _intercept = np.polyfit(log_h, log_error, 1)
    return float(slope)


# Rules of differentiation


def f_exercise(a: float, b: float, c: float) -> float:
    """Value of f(a, b, c) = -a^3 + sin(3b) - 1/c + b^2.5 - sqrt(a), the angle in radians.

    Returns one number. f is defined for a >= 0, b >= 0 and c != 0 (all three may be ints).

    Raises ValueError outside (for c = 0 a ZeroDivisionError is fine too).
    """
    if a < 0 or b < 0 or c == 0:
        raise ValueError(f"f needs a >= 0, b >= 0 and c != 0, got a={a}, b={b}, c={c}")
    return -(a**3) + math.sin(3 * b) - 1 / c + b**2.5 - math.sqrt(a)


def grad_f_exercise(a: float, b: float, c: float) -> tuple[float, float, float]:
    """Gradient of f_exercise by the rules of differentiation: the tuple (df/da, df/db, df/dc).

    Exact formulas, no difference quotients. Defined for a > 0, b >= 0 and c != 0: at a = 0 the
    square root has a vertical tangent.

    Raises ValueError outside (where the formula divides by 0, a ZeroDivisionError is fine too).
    """
    if a <= 0 or b < 0 or c == 0:
        raise ValueError(f"the gradient needs a > 0, b >= 0 and c != 0, got a={a}, b={b}, c={c}")
    df_da = -3 * a**2 - 0.5 / math.sqrt(a)
    df_db = 3 * math.cos(3 * b) + 2.5 * b**1.5
    df_dc = 1 / c**2
    return df_da, df_db, df_dc


# Gradient and Jacobian


def numerical_gradient(f: Callable[[Array], float], x: Array, h: float = 1e-5) -> Array:
    """Gradient of f at x by central differences: entry i of the result is df / dx_i.

    f takes an array of the shape of x and returns one number. x may have any shape, also () or
    (2, 3, 4), may be a view such as a transpose, and may hold integers. The step is h itself
    for every entry, it is not scaled with the size of the entry.

    Returns a new float64 array of the shape of x. After the call, x is what it was before.
    """
    x = np.array(x, dtype=float)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


def numerical_jacobian(f: Callable[[Array], Array], x: Array, h: float = 1e-5) -> Array:
    """Jacobian of f at x by central differences: J[i, j] = d f_i / d x_j.

    x has shape (n,) and may hold integers. f takes an array of shape (n,) and returns m numbers
    as an array of shape (m,), where m may differ from n; a function that returns a single
    number counts as m = 1. The step is h itself for every entry. (Some books use the transposed
    layout; here a row belongs to an output.)

    Returns a new float64 array of shape (m, n). After the call, x is what it was before.
    """
    x = np.array(x, dtype=float)  # (n,)
    columns = []
    for step in h * np.eye(len(x)):
        difference = np.atleast_1d(f(x + step)) - np.atleast_1d(f(x - step))  # (m,)
        columns.append(difference / (2 * h))
    return np.stack(columns, axis=1)  # (m, n)


class GradCheck(NamedTuple):
    """What gradient_check found."""

    ok: bool
    max_rel_err: float
    worst_index: tuple[int, ...]


def gradient_check(
    f: Callable[[Array], float],
    grad: Callable[[Array], Array],
    x: Array,
    h: float = 1e-5,
    tol: float = 1e-6,
) -> GradCheck:
    """Compare the gradient that grad claims with central differences of f, entry by entry.

    f takes an array of the shape of x and returns a number, grad takes the same and returns an
    array of the shape of x. With a the entry of grad(x), and n the central difference of f with
    step h for this entry, the relative error of the entry is

        |a - n| / max(1e-8, |a| + |n|)

    (the 1e-8 keeps two zeros from being divided by zero; the assignments of Stanford's course
    CS231n measure in the same way).

    Returns a GradCheck (or any object with these three attributes):
    - max_rel_err: the largest of the relative errors;
    - worst_index: the tuple of ints that indexes x at the largest error, e.g. (3,) or (0, 2);
      on ties the first one, going through x row by row;
    - ok: True if max_rel_err <= tol. If grad(x) has a NaN or an infinite entry, ok is False,
      and the other two are not fixed.

    After the call, x is what it was before.
    """
    x = np.array(x, dtype=float)
    analytic = np.asarray(grad(x.copy()), dtype=float)
    errors = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        a, n = analytic[index], (f(x + step) - f(x - step)) / (2 * h)
        finite = np.isfinite(a) and np.isfinite(n)
        errors[index] = abs(a - n) / max(1e-8, abs(a) + abs(n)) if finite else np.inf
    worst = tuple(int(i) for i in np.unravel_index(np.argmax(errors), x.shape))
    return GradCheck(bool(errors[worst] <= tol), float(errors[worst]), worst)


# Activation functions


def sigmoid(x: Array) -> Array:
    """The logistic function 1 / (1 + e^(-x)) of every entry.

    x is a float64 array of any shape. Returns a new array of the same shape; x is not changed.

    Between -1000 and 1000 there is no warning. Small results are accurate relatively:
    sigmoid(-700) is about 1e-304, not 0. (Below about -709 results may round to 0.)
    """
    e = np.exp(-np.abs(x))  # at most 1, so nothing can overflow
    return np.where(x >= 0, 1.0, e) / (1.0 + e)


def sigmoid_grad(x: Array) -> Array:
    """Derivative of the sigmoid at x, for every entry of x.

    x is the input of the sigmoid, not its output. x is a float64 array of any shape. Returns a
    new array of the same shape; x is not changed.

    Between -1000 and 1000 there is no warning. For negative x the result is accurate
    relatively, down to x = -700; for positive x it is enough that it is accurate to 1e-9.
    """
    return sigmoid(x) * sigmoid(-x)


def relu_grad(x: Array) -> Array:
    """Derivative of ReLU(x) = max(0, x), for every entry of x: 1 where x > 0, else 0.

    At x = 0, where ReLU has a kink, the derivative is defined to be 0 (as PyTorch does; 1 is
    used elsewhere).

    x is the input of ReLU, a float64 array of any shape. Returns a new float64 array of the
    same shape; x is not changed.
    """
    return np.where(x > 0, 1.0, 0.0)


def leaky_relu(x: Array, alpha: float) -> Array:
    """x where x > 0, alpha * x elsewhere (Maas, Hannun and Ng, 2013). alpha lies between 0 and 1.

    x is a float64 array of any shape. Returns a new array of the same shape; x is not changed.
    """
    return np.where(x > 0, x, alpha * x)


def elu(x: Array, alpha: float) -> Array:
    """x where x > 0, alpha * (e^x - 1) elsewhere (Clevert, Unterthiner and Hochreiter, 2016).

    alpha is positive. x is a float64 array of any shape, its entries may be as large as 1000:
    elu(1000) is 1000. Returns a new array of the same shape; x is not changed.
    """
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def tanh_grad(x: Array) -> Array:
    """Derivative of tanh at x, for every entry of x.

    x is the input of tanh, not its output: a float64 array of any shape. Returns a new array of
    the same shape; x is not changed.
    """
    return 1.0 - np.tanh(x) ** 2


# Softmax and its relatives


def softmax(z: Array, axis: int = -1, temperature: float = 1.0) -> Array:
    """Probabilities e^(z_i / T) / sum_j e^(z_j / T) along one axis, with T the temperature.

    z holds logits: a float64 array of any shape with at least one axis. The sum runs along
    `axis`. Returns a new array of the shape of z, positive numbers that sum to 1 along `axis`;
    z is not changed.

    The result is right for logits of any size, such as 10,000 or -10,000, also when one row
    holds large and another row very negative numbers. An infinite temperature gives the uniform
    distribution.

    Raises ValueError if the temperature is not above 0 (0, negative or NaN), if there is no
    such axis, or if there are no logits along it.
    """
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, got {temperature}")
    shifted = (z - np.max(z, axis=axis, keepdims=True)) / temperature  # at most 0
    e = np.exp(shifted)
    return e / np.sum(e, axis=axis, keepdims=True)


def softmax_jacobian(p: Array) -> Array:
    """Jacobian of softmax, written in terms of its output p: J[i, j] = d p_i / d z_j.

    p is a vector of K probabilities, the output of a softmax at temperature 1 (not its logits).
    Returns a new array of shape (K, K); p is not changed.

    Raises ValueError if an entry of p is negative, or if p sums to a number that is off 1 by
    more than 1e-6.
    """
    if np.any(p < 0):
        raise ValueError("probabilities must not be negative")
    if not abs(np.sum(p) - 1) <= 1e-6:
        raise ValueError(f"probabilities must sum to 1, they sum to {np.sum(p)}")
    return np.diag(p) - np.outer(p, p)  # (K, K)


def logsumexp(z: Array, axis: int = -1, keepdims: bool = False) -> Array:
    """Natural logarithm of the sum of e^z along one axis.

    z is a float64 array of any shape with at least one axis. The result has the shape of z
    without `axis` (a vector gives one number); with keepdims=True the axis stays, with length
    1. z is not changed.

    The result is right for entries of any size, such as 10,000 or -10,000. An entry of -inf
    adds nothing to the sum; where all entries along the axis are -inf, the result is -inf.

    Raises ValueError if there is no such axis. (Algorithm and error analysis: Blanchard, Higham
    and Higham, 2021.)
    """
    top = np.max(z, axis=axis, keepdims=True)
    top = np.where(np.isneginf(top), 0.0, top)  # -inf - (-inf) would be NaN
    with np.errstate(divide="ignore"):  # log(0) = -inf is the right answer here
        result = top + np.log(np.sum(np.exp(z - top), axis=axis, keepdims=True))
    return result if keepdims else np.squeeze(result, axis=axis)


def log_softmax(z: Array, axis: int = -1) -> Array:
    """Natural logarithm of softmax(z) along one axis, at temperature 1.

    z is a float64 array of any shape with at least one axis. Returns a new array of the shape
    of z; z is not changed.

    The result is right for finite logits of any size: a logit that lies 10,000 below the
    largest one has the log-probability -10,000, not -inf.

    Raises ValueError if there is no such axis.
    """
    return z - logsumexp(z, axis=axis, keepdims=True)


# Cross-entropy


def _check_labels(logits: Array, y: Ints) -> None:
    if len(y) == 0 or len(y) != len(logits):
        raise ValueError(f"one label for each row of logits: {len(logits)} rows, {len(y)} labels")
    if np.min(y) < 0 or np.max(y) >= logits.shape[1]:
        raise ValueError(f"labels must lie between 0 and {logits.shape[1] - 1}, got {np.min(y)} to {np.max(y)}")


def cross_entropy(logits: Array, y: Ints) -> float:
    """Mean negative log-likelihood of the labels y under softmax(logits), in nats (natural logarithm).

    logits has shape (N, K): row n holds the logits of example n, not probabilities. y has shape
    (N,) and holds integers 0..K-1: y[n] is the right class of example n. Returns one number,
    the mean over the N examples. The arguments are not changed.

    The result is right for logits of any size: if the right class lies 10,000 below the best
    one, the loss of this example is 10,000.

    Raises ValueError if N = 0, if there are not as many labels as rows, or if a label lies
    outside 0..K-1 (negative labels too).
    """
    _check_labels(logits, y)
    shifted = logits - np.max(logits, axis=1, keepdims=True)  # (N, K)
    log_normaliser = np.log(np.sum(np.exp(shifted), axis=1))  # (N,)
    return float(np.mean(log_normaliser - shifted[np.arange(len(y)), y]))


def cross_entropy_grad(logits: Array, y: Ints) -> Array:
    """Gradient of cross_entropy(logits, y) with respect to the logits.

    Arguments as in cross_entropy. Returns a new array of shape (N, K): entry [n, k] is the
    derivative of the mean loss with respect to logits[n, k]. The arguments are not changed,
    logits may be of any size.

    Raises ValueError if N = 0, if there are not as many labels as rows, or if a label lies
    outside 0..K-1 (negative labels too).
    """
    _check_labels(logits, y)
    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)  # (N, K)
    one_hot = np.eye(logits.shape[1])[y]  # (N, K)
    return (p - one_hot) / len(y)


# Gradient descent


def gradient_descent(grad: Callable[[Array], Array], x0: Array, lr: float, steps: int, maximize: bool = False) -> Array:
    """Walk `steps` steps against the gradient, starting from x0, and return the whole way.

    grad takes an array of the shape of x0 and returns the gradient there, of the same shape.
    Each step moves the current point by lr times the gradient at the current point: downhill,
    or uphill if maximize is True.

    Returns a new float64 array of shape (steps + 1, *x0.shape): row 0 is x0, row t the point
    after t steps. steps = 0 gives x0 alone, as a single row. x0 is not changed.

    Raises ValueError if steps is negative.
    """
    if steps < 0:
        raise ValueError(f"steps must not be negative, got {steps}")
    signed_lr = lr if maximize else -lr
    way = np.empty((steps + 1, *x0.shape))
    way[0] = x0
    for t in range(steps):
        way[t + 1] = way[t] + signed_lr * grad(way[t].copy())
    return way


def perceptron_step(w: Array, b: float, x: Array, y: int, lr: float) -> tuple[Array, float]:
    """One step of the perceptron rule (Rosenblatt, 1958) on one example.

    w and x have shape (D,), b is a number, y is the label, -1 or +1. The score is w.x + b; the
    example is classified rightly if the score has the sign of y. A score of exactly 0 counts as
    wrong. If the example is wrong, w moves by lr * y * x and b by lr * y; if it is right,
    nothing moves.

    Returns (w, b) after the step. The arguments are not changed.

    Raises ValueError if y is anything but -1 or +1 (0 is a label of the other convention).
    """
    if y not in (-1, 1):
        raise ValueError(f"the label must be -1 or +1, got {y}")
    if y * (w @ x + b) > 0:
        return w.copy(), b
    return w + lr * y * x, b + lr * y


def logistic_step(w: Array, b: float, X: Array, y: Ints, lr: float) -> tuple[Array, float]:
    """One step of gradient descent for logistic regression on a batch of N examples.

    X has shape (N, D), one example a row; w has shape (D,), b is a number; y has shape (N,) and
    holds labels 0 or 1. The model says P(y = 1 | x) = sigmoid(w.x + b). The loss is the MEAN
    log-loss of the batch; the step goes against its gradient with respect to w and b, with step
    size lr. Scores may be of any size.

    Returns (w, b) after the step. The arguments are not changed.

    Raises ValueError if N = 0, or if a label is neither 0 nor 1 (-1 is a label of the other
    convention).
    """
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError(f"labels must be 0 or 1 and at least one, got {y}")
    p = 0.5 * (1 + np.tanh(0.5 * (X @ w + b)))  # (N,) the sigmoid of the scores, without overflow
    error = p - y  # (N,)
    return w - lr * X.T @ error / len(y), b - lr * float(np.mean(error))
