"""Right solutions of week 2 written differently: each must get full marks. Spliced by the grader, never imported."""

import math
import operator
from collections import Counter, deque
from functools import reduce

import numpy as np
from reference import MLP, Layer, Neuron, Value, topological_order

from autograder.variants import alternative

# 2.1


@alternative("Value")
class StoredFunctions:
    """Each node stores a function that sends its gradient to its parents, and the class has its own backward."""

    def __init__(self, data, _prev=()):
        self.data, self.grad = float(data), 0.0
        self._prev = _prev
        self._backward = lambda: None

    def _binary(self, other, data, by_self, by_other):
        out = Value(data, (self, other))

        def send():
            self.grad += by_self * out.grad
            other.grad += by_other * out.grad

        out._backward = send
        return out

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.of(other)
        return self._binary(other, self.data + other.data, 1.0, 1.0)

    def __mul__(self, other):
        other = Value.of(other)
        return self._binary(other, self.data * other.data, other.data, self.data)

    def __pow__(self, other):
        other = Value.of(other)
        a, b = self.data, other.data
        if a < 0 and b % 1:
            raise ValueError("fractional power of a negative number")
        by_a = 0.0 if b == 0 else math.inf if a == 0 and b < 1 else b * a ** (b - 1)
        by_b = math.nan if a < 0 else a**b * math.log(a) if a > 0 else 0.0
        return self._binary(other, a**b, by_a, by_b)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-Value.of(other))

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rtruediv__(self, other):
        return Value.of(other) / self

    def __rpow__(self, other):
        return Value.of(other) ** self

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for child in v._prev:
                    visit(child)
                order.append(v)

        visit(self)
        for v in order:
            if v._prev:
                v.grad = 0.0
        self.grad += 1.0
        for v in reversed(order):
            v._backward()


@alternative("Value")
class StoredFunctionsAlone:
    """As far as one gets before exercise 2.4: stored functions, slots, and no backward yet."""

    __slots__ = ("children", "data", "grad", "send")

    def __init__(self, data, children=frozenset(), send=None):
        self.data, self.grad, self.children, self.send = float(data), 0.0, children, send

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, {self, other})

        def send():
            self.grad += out.grad
            other.grad += out.grad

        out.send = send
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, {self, other})

        def send():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.send = send
        return out

    def __pow__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        if a < 0 and not b.is_integer():
            raise ValueError("fractional power of a negative number")
        out = Value(a**b, {self, other})

        def send():
            if b != 0:
                self.grad += (math.inf if a == 0 and b < 1 else b * a ** (b - 1)) * out.grad
            if a != 0:
                other.grad += (out.data * math.log(a) if a > 0 else math.nan) * out.grad

        out.send = send
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-1) * other

    def __truediv__(self, other):
        return self * other**-1 if isinstance(other, Value) else self * (1 / other)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    def __rpow__(self, other):
        return Value(other) ** self


@alternative("Value")
class ConstantsAreNoChildren:
    """Constants leave no trace; differences and quotients are made of other operations."""

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad = float(data), 0.0
        self.children, self.local_grads = list(children), list(local_grads)

    def __repr__(self):
        return str(self.data)

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, [self, other], [1, 1])
        return Value(self.data + other, [self], [1])

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, [self, other], [other.data, self.data])
        return Value(self.data * other, [self], [other])

    def __neg__(self):
        return -1.0 * self

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        if isinstance(other, Value):
            return self * other._reciprocal()
        return self * (1.0 / other)

    def _reciprocal(self):
        return Value(1.0 / self.data, [self], [-1.0 / self.data**2])

    def __pow__(self, other):
        exponent = other.data if isinstance(other, Value) else float(other)
        base = self.data
        if base < 0 and exponent != math.floor(exponent):
            raise ValueError("fractional power of a negative number")
        slope = 0.0
        if exponent:
            try:
                slope = exponent * base ** (exponent - 1)
            except ZeroDivisionError:
                slope = math.inf
        children, slopes = [self], [slope]
        if isinstance(other, Value):
            children.append(other)
            slopes.append(base**exponent * math.log(base) if base > 0 else math.nan)
        return Value(base**exponent, children, slopes)

    def __rpow__(self, base):
        return Value(base) ** self

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return -self + other

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return self._reciprocal() * other


# 2.2


@alternative("ValueFunctions")
class FromThePieces:
    """One helper for all five; other formulas for the slopes."""

    def exp(self):
        return self._one(math.exp, math.exp)

    def log(self):
        return self._one(math.log, lambda x: x**-1)  # math.log raises the ValueError itself

    def tanh(self):
        return self._one(math.tanh, lambda x: 1 / math.cosh(x) ** 2)

    def relu(self):
        return self._one(lambda x: x if x > 0 else 0.0, lambda x: float(x > 0))

    def sigmoid(self):
        def sigma(x):
            return math.exp(x) / (1 + math.exp(x)) if x < 0 else 1 / (1 + math.exp(-x))

        return self._one(sigma, lambda x: sigma(x) * sigma(-x))

    def _one(self, function, slope):
        return Value(function(self.data), (self,), (slope(self.data),))


@alternative("ValueFunctions")
class WithNumPy:
    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self):
        if not self.data > 0:
            raise ValueError("log")
        return Value(np.log(self.data), (self,), (1 / self.data,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def relu(self):
        return self * (1.0 if self.data > 0 else 0.0)

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        return Value(s, (self,), (s - s * s,))


# 2.3


@alternative("topological_order")
def count_the_uses(root):
    """Kahn's algorithm: a node is free when all its uses are listed; then the list is turned round."""
    uses, waiting, found = Counter(), [root], {id(root)}
    while waiting:
        for child in waiting.pop().children:
            uses[id(child)] += 1
            if id(child) not in found:
                found.add(id(child))
                waiting.append(child)
    free, order = deque([root]), []
    while free:
        node = free.popleft()
        order.append(node)
        for child in node.children:
            uses[id(child)] -= 1
            if uses[id(child)] == 0:
                free.append(child)
    return order[::-1]


@alternative("topological_order")
def iterators_on_a_stack(root):
    order, seen = [], {root}
    stack = [(root, iter(root.children))]
    while stack:
        node, children = stack[-1]
        for child in children:
            if child not in seen:
                seen.add(child)
                stack.append((child, iter(child.children)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


# 2.4


@alternative("backward")
def table_of_gradients(self):
    """Gradients are collected in a table first, and written into the nodes at the end."""
    order = topological_order(self)
    table = dict.fromkeys(map(id, order), 0.0)
    table[id(self)] = 1.0
    for node in order[::-1]:
        upstream = table[id(node)]
        for child, local_grad in zip(node.children, node.local_grads, strict=True):
            table[id(child)] += upstream * local_grad
    for node in order:
        node.grad = table[id(node)] + (0.0 if node.children else node.grad)


@alternative("backward")
def pull_instead_of_push(self):
    """Every node asks those that use it; the order is that of counting down the uses."""
    uses, waiting = {id(self): []}, [self]
    while waiting:
        node = waiting.pop()
        for child, local_grad in zip(node.children, node.local_grads, strict=True):
            if id(child) not in uses:
                uses[id(child)] = []
                waiting.append(child)
            uses[id(child)].append((node, local_grad))
    left = {key: len(users) for key, users in uses.items()}
    ready, of_this_pass = [self], {}
    while ready:
        node = ready.pop()
        total = sum(of_this_pass[id(user)] * local_grad for user, local_grad in uses[id(node)])
        of_this_pass[id(node)] = total + (node is self)
        for child in node.children:
            left[id(child)] -= 1
            if left[id(child)] == 0:
                ready.append(child)
        node.grad = of_this_pass[id(node)] if node.children else node.grad + of_this_pass[id(node)]


# 2.5


@alternative("zero_grad", "sgd_step")
class OneLine:
    def zero_grad(params):
        for i in range(len(params)):
            params[i].grad *= 0

    def sgd_step(params, lr):
        for p in params:
            p.data = p.data + (-lr) * p.grad


@alternative("zero_grad", "sgd_step")
class WithSetattr:
    def zero_grad(params):
        deque((setattr(p, "grad", 0) for p in params), maxlen=0)

    def sgd_step(params, lr):
        new = np.array([p.data for p in params]) - lr * np.array([p.grad for p in params])
        for p, x in zip(params, new, strict=True):
            p.data = x


# 2.6


@alternative("softmax_nll")
def probabilities_first(logits, target):
    if target not in range(len(logits)):
        raise ValueError(f"no class {target}")
    largest = max(logits, key=lambda z: z.data).data
    exps = [(z - largest).exp() for z in logits]
    p = exps[target] / reduce(operator.add, exps)
    return -(p.log())


@alternative("softmax_nll")
def differences_to_the_maximum(logits, target):
    """The maximum is a node of the graph: it cancels, and so do its gradients."""
    if not logits or target < 0 or target >= len(logits):
        raise ValueError("no such class")
    top = sorted(logits, key=lambda z: z.data)[-1]
    total = Value(0.0)
    for z in logits:
        total = total + (z - top).exp()
    return total.log() + top - logits[target]


# 2.7


@alternative("Neuron", "Layer", "MLP")
class Independent:
    """Another initialisation, order of parameters and division of work."""

    class Neuron:
        def __init__(self, nin, rng, nonlin=True):
            self.b = Value(rng.uniform(-1, 1))
            self.w = [Value(rng.uniform(-1, 1)) for _ in range(nin)]
            self.nonlin = nonlin

        def __call__(self, x):
            if len(x) != len(self.w):
                raise ValueError("wrong number of inputs")
            score = sum((w * v for w, v in zip(self.w, x, strict=True)), self.b)
            return score.tanh() if self.nonlin else score

        def parameters(self):
            return [self.b, *self.w]

    class Layer:
        def __init__(self, nin, nout, rng, **kwargs):
            self.neurons = [Neuron(nin, rng, **kwargs) for _ in range(nout)]

        def __call__(self, x):
            out = [n(x) for n in self.neurons]
            return out if len(out) > 1 else out[0]

        def parameters(self):
            return [p for n in reversed(self.neurons) for p in n.parameters()]

    class MLP:
        def __init__(self, nin, nouts, rng):
            self.layers = []
            for i, nout in enumerate(nouts):
                self.layers.append(Layer(nin, nout, rng, nonlin=i < len(nouts) - 1))
                nin = nout

        def __call__(self, x):
            for layer in self.layers:
                if isinstance(x, Value):
                    x = [x]
                x = layer(x)
            return x

        def parameters(self):
            return [p for layer in reversed(self.layers) for p in layer.parameters()]


@alternative("MLP")
class LastLayerByHand(MLP):
    """tanh is decided in the call, not in the neurons; all parameters are kept in one list."""

    def __init__(self, nin, nouts, rng):
        self.shape, self.values = (nin, *nouts), []
        for n, m in zip(self.shape[:-1], self.shape[1:], strict=True):
            self.values.append([[Value(rng.standard_normal()) for _ in range(n + 1)] for _ in range(m)])

    def __call__(self, x):
        if len(x) != self.shape[0]:
            raise ValueError("inputs")
        for depth, rows in enumerate(self.values):
            x = [sum(w * v for w, v in zip(row, [*x, 1.0], strict=True)) for row in rows]
            if depth + 1 < len(self.values):
                x = [score.tanh() for score in x]
        return x[0] if len(x) == 1 else x

    def parameters(self):
        return [w for rows in self.values for row in rows for w in row]


# 2.8


@alternative("unbroadcast")
def axis_by_axis(grad, shape):
    if len(shape) > grad.ndim:
        raise ValueError("too many axes")
    result = np.array(grad, dtype=float)
    while result.ndim > len(shape):
        result = result.sum(axis=0)
    for axis, size in enumerate(shape):
        if size not in (1, result.shape[axis]):
            raise ValueError(f"axis {axis} does not fit")
        if size == 1:
            result = result.sum(axis=axis, keepdims=True)
    return result


@alternative("unbroadcast")
def entry_by_entry(grad, shape):
    """Broadcasts the places of the entries, and counts with them."""
    places = np.broadcast_to(np.arange(math.prod(shape)).reshape(shape), grad.shape)  # raises the ValueError
    return np.bincount(places.ravel(), weights=grad.ravel(), minlength=math.prod(shape)).reshape(shape)


# 2.9


@alternative("linear_forward", "linear_backward")
class WithEinsum:
    def linear_forward(x, W, b):
        out = np.einsum("nd,dh->nh", x, W)
        out += b
        return out, {"x": x.copy(), "W": W.copy()}

    def linear_backward(dout, cache):
        dx = np.einsum("nh,dh->nd", dout, cache["W"])
        dW = np.einsum("nd,nh->dh", cache["x"], dout)
        return [dx, dW, np.ones(len(dout)) @ dout]


@alternative("linear_forward", "linear_backward")
class ExampleByExample:
    def linear_forward(x, W, b):
        out = np.stack([row @ W + b for row in x])

        def go_back(dout):
            dW = sum(np.outer(row, d) for row, d in zip(x, dout, strict=True))
            return np.stack([W @ d for d in dout]), dW, sum(d for d in dout)

        return out, go_back

    def linear_backward(dout, cache):
        return cache(dout)


# 2.10


@alternative("embedding_backward")
def two_loops(dout, X, V):
    dC = np.zeros((V, dout.shape[2]))
    for n in range(X.shape[0]):
        for place in range(X.shape[1]):
            v = X[n, place]
            if not 0 <= v < V:
                raise ValueError(f"no row {v}")
            dC[v] += dout[n, place]
    return dC


@alternative("embedding_backward")
def one_hot_product(dout, X, V):
    if set(X.ravel().tolist()) - set(range(V)):
        raise ValueError("no such row")
    one_hot = (X.reshape(-1, 1) == np.arange(V)).astype(float)  # (N * B, V)
    return one_hot.T @ dout.reshape(-1, dout.shape[-1])


# 2.11


@alternative("tanh_backward", "relu_backward", "sigmoid_backward")
class OtherFormulas:
    def tanh_backward(dout, out):
        if dout.shape != out.shape:
            raise ValueError("shapes differ")
        return dout * (1 - out) * (1 + out)

    def relu_backward(dout, out):
        if dout.shape != out.shape:
            raise ValueError("shapes differ")
        din = dout.copy()
        din[out <= 0] = 0.0
        return din

    def sigmoid_backward(dout, out):
        if dout.shape != out.shape:
            raise ValueError("shapes differ")
        return dout * (0.25 - (out - 0.5) ** 2)


@alternative("relu_backward")
def relu_with_sign(dout, out):
    if np.shape(dout) != np.shape(out):
        raise ValueError("shapes differ")
    return np.where(np.sign(out) == 1, dout, 0.0)


# 2.12


@alternative("residual_net_grads")
def with_jacobians(x, y_onehot, W1, W2):
    """The same with whole Jacobian matrices."""
    z1 = W1 @ x
    D1 = np.diag((z1 > 0).astype(float))
    h1 = D1 @ z1
    z2 = W2 @ h1
    D2 = np.diag((z2 > 0).astype(float))
    h2 = D2 @ z2
    p = np.exp(h1 + h2) / np.exp(h1 + h2).sum()
    g = p - y_onehot
    dh1 = (np.eye(len(g)) + D2 @ W2).T @ g
    return {
        "dW1": (D1 @ dh1)[:, None] * x[None, :],
        "dW2": (D2 @ g)[:, None] @ h1[None, :],
        "dx": (D1 @ W1).T @ dh1,
        "dz1": D1 @ dh1,
        "dh1": dh1,
        "dz2": D2 @ g,
        "dh2": g,
        "dh3": g,
    }


@alternative("residual_net_grads")
def mask_of_the_outputs(x, y_onehot, W1, W2):
    h1 = np.clip(W1.dot(x), 0, None)
    h2 = np.clip(W2.dot(h1), 0, None)
    logits = h1 + h2
    log_p = logits - np.logaddexp.reduce(logits)
    grads = {"dh3": np.exp(log_p) - y_onehot}
    grads["dh2"] = grads["dh3"]
    grads["dz2"] = np.where(h2 > 0, grads["dh2"], 0)
    grads["dh1"] = grads["dh3"] + grads["dz2"] @ W2
    grads["dz1"] = np.where(h1 > 0, grads["dh1"], 0)
    grads["dx"] = grads["dz1"] @ W1
    grads["dW1"] = np.einsum("i,j->ij", grads["dz1"], x)
    grads["dW2"] = np.einsum("i,j->ij", grads["dz2"], h1)
    return grads


# 2.13


@alternative("two_layer_step")
def with_gradients(x, y, w, W, lr):
    """By the chain rule from the loss, and minus the gradient at the end."""

    def sigma(t):
        return 0.5 * (1 + math.tanh(t / 2))

    score = sum(float(a) * float(b) for a, b in zip(w, x, strict=True))
    h = sigma(score)
    y_hat = sigma(W * h)
    dL_dy = -(y - y_hat)
    dL_ds = dL_dy * sigma(W * h) * sigma(-W * h)
    dL_dW = dL_ds * h
    dL_dw = dL_ds * W * sigma(score) * sigma(-score) * np.asarray(x)
    return -lr * dL_dW, -lr * dL_dw, y_hat


@alternative("two_layer_step")
def loop_over_the_inputs(x, y, w, W, lr):
    h = 1 / (1 + math.exp(-math.fsum(w * x)))
    y_hat = 1 / (1 + math.exp(-W * h))
    delta = (y - y_hat) * (y_hat - y_hat**2)
    hidden = delta * W * (h - h**2)
    return np.float64(lr * delta * h), np.array([lr * hidden * x_i for x_i in x]), y_hat
