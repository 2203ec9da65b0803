"""Week 2, backpropagation: the reference solution. Signatures and docstrings are what students see."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


# A number that remembers how it was computed


class Value:
    """A number that remembers how it was computed.

    Every Value has
    - data: the number, always a float;
    - grad: 0.0 at the start; exercise 2.4 will put a derivative here.
    `__init__` is given. It also stores what backpropagation needs to know:
    - children: the Values from which this one was computed directly; none for a leaf;
    - local_grads: for each child, in the same order, the derivative of this Value's data with
      respect to the data of the child.

    The operators + - * / ** and the minus sign return a new Value and change neither operand. One
    of the two operands may be an int or a float, on the left or on the right; it counts as a
    constant Value. The result has the data that Python computes with floats. Its children are the
    operands, so the derivative of any expression can be found by following children. An operand
    that is used twice, as in a * a, contributes twice.

    Powers a ** b, with derivatives by the base a and, if b is a Value, by the exponent b:
    - a whole exponent is allowed for every base. a ** 0 is 1 and has derivative 0 by a, also at
      a = 0. At a = 0, a ** 1 has derivative 1 and a ** 2 has derivative 0.
    - at a = 0 with 0 < b < 1 the derivative by a is infinite: math.inf.
    - for a negative base the derivative by the exponent is NaN (as in PyTorch).
    - a negative base with an exponent that is not whole raises ValueError.

    Division by zero raises ZeroDivisionError.

    You may store more, or something else, and whether a constant becomes a child is up to you.
    If you replace children and local_grads by a design of your own, all exercises up to 2.7 are
    graded with it, and your class needs a working backward from the start.
    """

    def __init__(self, data: float, children: tuple["Value", ...] = (), local_grads: tuple[float, ...] = ()):  # given
        self.data = float(data)
        self.grad = 0.0
        self.children = children
        self.local_grads = local_grads

    def __repr__(self) -> str:  # given
        return f"Value({self.data:.6g}, grad={self.grad:.6g})"

    def __add__(self, other: "Value | float") -> "Value":
        """self + other."""
        other = _lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __radd__(self, other: float) -> "Value":
        """other + self, where other is a number."""
        return _lift(other) + self

    def __neg__(self) -> "Value":
        """-self."""
        return Value(-self.data, (self,), (-1.0,))

    def __sub__(self, other: "Value | float") -> "Value":
        """self - other."""
        other = _lift(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __rsub__(self, other: float) -> "Value":
        """other - self, where other is a number."""
        return _lift(other) - self

    def __mul__(self, other: "Value | float") -> "Value":
        """self * other."""
        other = _lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __rmul__(self, other: float) -> "Value":
        """other * self, where other is a number."""
        return _lift(other) * self

    def __truediv__(self, other: "Value | float") -> "Value":
        """self / other."""
        other = _lift(other)
        quotient = self.data / other.data
        return Value(quotient, (self, other), (1 / other.data, -quotient / other.data))

    def __rtruediv__(self, other: float) -> "Value":
        """other / self, where other is a number."""
        return _lift(other) / self

    def __pow__(self, other: "Value | float") -> "Value":
        """self ** other."""
        other = _lift(other)
        base, exponent = self.data, other.data
        if base < 0 and not exponent.is_integer():
            raise ValueError(f"a negative base needs a whole exponent, got {base} ** {exponent}")
        power = base**exponent
        if exponent == 0:
            by_base = 0.0
        elif base == 0 and exponent < 1:
            by_base = math.inf
        else:
            by_base = exponent * base ** (exponent - 1)
        without_logarithm = 0.0 if base == 0 else math.nan
        by_exponent = power * math.log(base) if base > 0 else without_logarithm
        return Value(power, (self, other), (by_base, by_exponent))

    def __rpow__(self, other: float) -> "Value":
        """other ** self, where other is a number."""
        return _lift(other) ** self


def _lift(operand: Value | float) -> Value:
    return operand if isinstance(operand, Value) else Value(operand)


class ValueFunctions:
    """Five functions of one Value. The cell below makes each of them a method of Value.

    Each returns a new Value that has self as its only child and leaves self as it is. Inputs
    between -700 and 700 are enough.
    """

    def exp(self) -> Value:
        """e to the power of self."""
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self) -> Value:
        """Natural logarithm. Raises ValueError if self.data is 0 or negative."""
        if self.data <= 0:
            raise ValueError(f"the logarithm needs a positive number, got {self.data}")
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def tanh(self) -> Value:
        """Hyperbolic tangent."""
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def relu(self) -> Value:
        """max(0, x). At x = 0 the derivative is defined to be 0."""
        return Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def sigmoid(self) -> Value:
        """1 / (1 + e^(-x))."""
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self,), (s * (1 - s),))


# The backward pass


def topological_order(root: Value) -> list[Value]:
    """All Values that root was computed from, root included, children before parents.

    Returns a list. Each node (a Value object) that can be reached from root through children stands
    in it exactly once, behind all of its own children; so root is the last. Nodes are different if
    they are different objects, even if their data are equal. Where several orders fulfil this, any
    of them is right. The graph is not changed.

    Works for deep graphs: a chain of 10,000 operations must not raise RecursionError.
    """
    order: list[Value] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, children_are_done = stack.pop()
        if children_are_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))  # comes back when all that lies above it on the stack is done
            stack.extend((child, False) for child in node.children)
    return order


def backward(self: Value) -> None:
    """Backpropagation: computes the derivative of self with respect to every node below it.

    The cell below makes this function a method, so that y.backward() works. Afterwards, for each
    node that y was computed from,
    - a leaf (a node without children): the derivative of y with respect to the leaf has been ADDED
      to its grad. Whatever was there before stays in the sum, so a second y.backward() adds
      exactly the same once more.
    - an inner node, y included: grad is the derivative of y with respect to the node, of this pass
      alone. What earlier passes left there plays no part.
    So y.grad is 1.0 afterwards, or has grown by 1 if y is itself a leaf.

    Returns None. Works for a chain of 10,000 operations.
    """
    order = topological_order(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads, strict=True):
            child.grad += local_grad * node.grad


Value.backward = backward
for _name in ("exp", "log", "tanh", "relu", "sigmoid"):
    setattr(Value, _name, getattr(ValueFunctions, _name))


# Learning


def zero_grad(params: list[Value]) -> None:
    """Sets grad of every Value in params to 0.0, in place. Their data stay. Returns None."""
    for p in params:
        p.grad = 0.0


def sgd_step(params: list[Value], lr: float) -> None:
    """One step of gradient descent, in place: every Value in params moves by lr times its grad, downhill.

    Only data change: grad stays as it is, and params still holds the same Values. Returns None.
    """
    for p in params:
        p.data -= lr * p.grad


def softmax_nll(logits: list[Value], target: int) -> Value:
    """Negative log-likelihood, in nats, of class `target` under the softmax of the logits.

    logits holds one Value for each class. Returns a Value, the loss of this one example:
    -ln softmax(logits)[target]. It is computed from the logits, so that its backward reaches each
    of them. The logits are not changed.

    Right for large logits, such as 1000 or -1000: nothing overflows. (Logits that lie more than 500
    below the largest one need not work as targets.)

    Raises ValueError if target is not one of 0, ..., len(logits) - 1 (a negative target too), or if
    there are no logits.
    """
    if not 0 <= target < len(logits):
        raise ValueError(f"target must lie between 0 and {len(logits) - 1}, got {target}")
    top = max(logit.data for logit in logits)  # a number: the loss does not depend on which one it is
    shifted = [logit - top for logit in logits]
    total = sum(z.exp() for z in shifted)
    return total.log() - shifted[target]


class Neuron:
    """One unit: tanh(w_1 x_1 + ... + w_nin x_nin + b).

    Neuron(nin, rng) draws its weights from the NumPy generator rng; which distribution, and in what
    order, is up to you, but the same state of the generator gives the same weights, the weights
    differ from each other, and not all are 0. The bias may start at 0.

    A last argument of your choice may switch the tanh off; without it, there is a tanh.
    """

    def __init__(self, nin: int, rng: np.random.Generator, activate: bool = True):
        """Makes nin weights and one bias, each a Value."""
        self.weights = [Value(w) for w in rng.normal(size=nin) / math.sqrt(nin)]
        self.bias = Value(0.0)
        self.activate = activate

    def __call__(self, x: list[Value | float]) -> Value:
        """The output for the nin inputs x, numbers or Values. Raises ValueError for another number of inputs."""
        if len(x) != len(self.weights):
            raise ValueError(f"expected {len(self.weights)} inputs, got {len(x)}")
        score = self.bias
        for w, x_i in zip(self.weights, x, strict=True):
            score = score + w * x_i
        return score.tanh() if self.activate else score

    def parameters(self) -> list[Value]:
        """The nin weights and the bias, in any order: the Values themselves, not copies."""
        return [*self.weights, self.bias]


class Layer:
    """nout neurons that look at the same nin inputs, each with weights and a bias of its own."""

    def __init__(self, nin: int, nout: int, rng: np.random.Generator, activate: bool = True):
        """Makes the neurons. A last argument of your choice may switch the tanh off."""
        self.neurons = [Neuron(nin, rng, activate) for _ in range(nout)]

    def __call__(self, x: list[Value | float]) -> Value | list[Value]:
        """The outputs of the neurons: a list of Values, or, if nout is 1, the one Value itself.

        Raises ValueError for another number of inputs than nin.
        """
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        """All weights and biases, in any order, each once."""
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP:
    """A multi-layer perceptron: layers one behind the other, tanh in all of them but the last.

    MLP(nin, nouts, rng) has nin inputs and len(nouts) layers; nouts[i] is the number of neurons of
    layer i. MLP(2, [8, 3], rng) has one hidden layer of 8 neurons and 3 outputs. Any layer may have
    a single neuron, also a hidden one. The last layer is linear: weighted sum plus bias, no tanh.
    """

    def __init__(self, nin: int, nouts: list[int], rng: np.random.Generator):
        """Makes the layers."""
        sizes = [nin, *nouts]
        self.layers = [Layer(sizes[i], sizes[i + 1], rng, i + 1 < len(nouts)) for i in range(len(nouts))]

    def __call__(self, x: list[Value | float]) -> Value | list[Value]:
        """The outputs for nin inputs: a list of Values, or one Value if there is one output.

        Raises ValueError for another number of inputs.
        """
        for layer in self.layers:
            x = layer(x if isinstance(x, list) else [x])
        return x

    def parameters(self) -> list[Value]:
        """All weights and biases of all layers, in any order, each once."""
        return [p for layer in self.layers for p in layer.parameters()]


# From scalars to arrays


def unbroadcast(grad: Array, shape: tuple[int, ...]) -> Array:
    """Sums grad down to the given shape: the backward pass of broadcasting.

    An array of shape `shape` was broadcast to grad.shape, as NumPy does it: axes were put in front,
    and axes of length 1 were stretched. Each entry of the array was therefore used several times,
    and its gradient is the sum over all its uses.

    Returns a new array of exactly this shape, also where nothing needs to be summed. The shapes ()
    and (1,) are different results. grad is not changed.

    Raises ValueError if an array of shape `shape` does not broadcast to grad.shape.
    """
    if np.broadcast_shapes(shape, grad.shape) != grad.shape:  # raises ValueError where they clash
        raise ValueError(f"an array of shape {shape} does not broadcast to {grad.shape}")
    extra = grad.ndim - len(shape)
    stretched = [extra + axis for axis, size in enumerate(shape) if size == 1]
    summed = np.sum(grad, axis=(*range(extra), *stretched), keepdims=True)
    return np.reshape(summed, shape)


def linear_forward(x: Array, W: Array, b: Array) -> tuple[Array, object]:
    """Forward pass of a linear layer: every row of x times W, plus b.

    x has shape (N, D), one example a row; W has shape (D, H), b has shape (H,).

    Returns (out, cache): out has shape (N, H). The cache is for linear_backward; what it is, is up
    to you. The arguments are not changed.
    """
    return x @ W + b, (x, W)


def linear_backward(dout: Array, cache: object) -> tuple[Array, Array, Array]:
    """Backward pass of a linear layer.

    dout has shape (N, H): the gradient of the loss with respect to out. cache is what YOUR
    linear_forward returned beside this out; between the two calls, other forward passes may have
    happened.

    Returns (dx, dW, db), the gradients with respect to x, W and b, of shapes (N, D), (D, H) and
    (H,). The loss is whatever it is: if it is a mean over the N examples, dout holds the 1/N
    already. dout is not changed, nor is what linear_forward was given.
    """
    x, W = cache
    dx = dout @ W.T  # (N, D)
    dW = x.T @ dout  # (D, H)
    db = np.sum(dout, axis=0)  # (H,)
    return dx, dW, db


def embedding_backward(dout: Array, X: Ints, V: int) -> Array:
    """Gradient of an embedding table C of shape (V, D), from which the forward pass took C[X].

    X has shape (N, B) and holds row numbers 0..V-1: for each of N examples the B rows of C that were
    looked up. The same row may be looked up many times. dout has shape (N, B, D): the gradient
    with respect to C[X].

    Returns a new array of shape (V, D): row v is the sum of dout over all places where X is v. A row
    that was never looked up has gradient 0. The arguments are not changed.

    Raises ValueError if a number in X lies outside 0..V-1 (negative ones too).
    """
    if np.any(X < 0) or np.any(X >= V):
        raise ValueError(f"X must lie between 0 and {V - 1}, got {np.min(X)} to {np.max(X)}")
    dC = np.zeros((V, dout.shape[-1]))  # (V, D)
    np.add.at(dC, X, dout)  # unlike dC[X] += dout, this counts a row as often as it comes
    return dC


def _check_same_shape(dout: Array, out: Array) -> None:
    if np.shape(dout) != np.shape(out):
        raise ValueError(f"dout and out need the same shape, got {np.shape(dout)} and {np.shape(out)}")


def tanh_backward(dout: Array, out: Array) -> Array:
    """Backward pass of out = tanh(x), computed from the output alone.

    out is the OUTPUT of the forward pass, dout the gradient with respect to it; both have the same
    shape, which may be any. Returns the gradient with respect to x, a new array of this shape. The
    arguments are not changed.

    Raises ValueError if the shapes differ.
    """
    _check_same_shape(dout, out)
    return dout * (1 - out**2)


def relu_backward(dout: Array, out: Array) -> Array:
    """Backward pass of out = max(0, x), computed from the output alone.

    Arguments, result and errors as in tanh_backward. Where out is 0, the gradient is 0.
    """
    _check_same_shape(dout, out)
    return dout * (out > 0)


def sigmoid_backward(dout: Array, out: Array) -> Array:
    """Backward pass of out = sigmoid(x) = 1 / (1 + e^(-x)), computed from the output alone.

    Arguments, result and errors as in tanh_backward.
    """
    _check_same_shape(dout, out)
    return dout * out * (1 - out)


def residual_net_grads(x: Array, y_onehot: Array, W1: Array, W2: Array) -> dict[str, Array]:
    """All gradients of a small residual network, for one example.

    Vectors are columns here: z1 = W1 x, h1 = relu(z1), z2 = W2 h1, h2 = relu(z2), h3 = h1 + h2,
    p = softmax(h3), loss = cross-entropy of p with y_onehot, which is 1 at the right class and 0
    elsewhere.

    x has shape (d,), W1 has shape (k, d), W2 has shape (k, k), y_onehot has shape (k,). The
    derivative of ReLU at 0 is 0.

    Returns a dict with the keys dh3, dh2, dz2, dh1, dz1, dx, dW1, dW2: the gradient of the loss with
    respect to each of these, in the shape of the thing itself. dh1 is the whole gradient of
    h1, over both ways on which h1 reaches the loss. The arguments are not changed.
    """
    z1 = W1 @ x  # (k,)
    h1 = np.maximum(z1, 0.0)
    z2 = W2 @ h1
    h2 = np.maximum(z2, 0.0)
    h3 = h1 + h2
    e = np.exp(h3 - np.max(h3))
    dh3 = e / np.sum(e) - y_onehot
    dh2 = dh3.copy()
    dz2 = dh2 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return {
        "dh3": dh3,
        "dh2": dh2,
        "dz2": dz2,
        "dh1": dh1,
        "dz1": dz1,
        "dx": W1.T @ dz1,  # (d,)
        "dW1": np.outer(dz1, x),  # (k, d)
        "dW2": np.outer(dz2, h1),  # (k, k)
    }


def two_layer_step(x: Array, y: float, w: Array, W: float, lr: float) -> tuple[float, Array, float]:
    """One step of learning in the smallest network with a hidden unit, as one does it by hand.

    h = sigmoid(w . x) and y_hat = sigmoid(W h), without bias; the loss is (y - y_hat)^2 / 2. x and
    w have shape (2,); y, W and lr are numbers.

    Returns (dW, dw, y_hat): the increments that are to be ADDED to W and w in a step of gradient
    descent, dW a number and dw of shape (2,), and the output before the step. An increment is
    lr * delta * input, where delta is minus the derivative of the loss with respect to the weighted
    sum of the unit. Both deltas are computed with the old W. The arguments are not changed, nothing
    is rounded.

    Example: x = (0.1, 0.3), w = (0.4, -0.2), W = 0.1, y = 1, lr = 0.5 give, to three digits,
    y_hat = 0.512, the delta of the output 0.122, and dW = 0.0302.
    """
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta_out = (y - y_hat) * y_hat * (1 - y_hat)
    delta_hidden = delta_out * W * h * (1 - h)
    return float(lr * delta_out * h), lr * delta_hidden * x, float(y_hat)
