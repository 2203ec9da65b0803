"""Known wrong solutions of week 2, each with the sentence that its author should read. Spliced, never imported."""

import math

import numpy as np

from autograder.variants import wrong
from reference import (
    MLP,
    Layer,
    Neuron,
    Value,
    ValueFunctions,
    backward,
    linear_forward,
    topological_order,
    unbroadcast,
    zero_grad,
)

# 2.1 Value


@wrong(
    "Value",
    "Where a number is used twice, as in a + a or a * a, one of its two shares of the gradient is lost: it looks as if the gradient were assigned where it should be added to.",
)
class assigns_gradients:
    def __init__(self, data, parents=(), push=None):
        self.data, self.grad, self._parents, self._push = float(data), 0.0, parents, push

    def _make(self, data, other, by_self, by_other):
        def push(upstream):
            self.grad = by_self * upstream
            other.grad = by_other * upstream

        return Value(data, (self, other), push)

    def _lift(self, x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, o):
        o = self._lift(o)
        return self._make(self.data + o.data, o, 1.0, 1.0)

    def __mul__(self, o):
        o = self._lift(o)
        return self._make(self.data * o.data, o, o.data, self.data)

    def __sub__(self, o):
        o = self._lift(o)
        return self._make(self.data - o.data, o, 1.0, -1.0)

    def __truediv__(self, o):
        o = self._lift(o)
        return self._make(self.data / o.data, o, 1 / o.data, -self.data / o.data**2)

    def __pow__(self, o):
        o = self._lift(o)
        a, b = self.data, o.data
        if a < 0 and b != int(b):
            raise ValueError("a negative base with a fractional exponent")
        by_a = 0.0 if b == 0 else math.inf if a == 0 and b < 1 else b * a ** (b - 1)
        by_b = a**b * math.log(a) if a > 0 else math.nan if a < 0 else 0.0
        return self._make(a**b, o, by_a, by_b)

    def __neg__(self):
        return Value(0.0) - self

    def __radd__(self, o):
        return Value(o) + self

    def __rmul__(self, o):
        return Value(o) * self

    def __rsub__(self, o):
        return Value(o) - self

    def __rtruediv__(self, o):
        return Value(o) / self

    def __rpow__(self, o):
        return Value(o) ** self

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for parent in v._parents:
                    visit(parent)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            if v._push:
                v._push(v.grad)


@wrong(
    "Value",
    "Where a number is used twice by one operation, as in a + a, it seems to be counted once: a set or a dict of children keeps each child only once. Use a tuple or a list.",
)
class children_in_a_set(Value):
    def __init__(self, data, children=(), local_grads=()):
        pairs = {id(child): (child, local_grad) for child, local_grad in zip(children, local_grads)}
        super().__init__(data, tuple(c for c, _ in pairs.values()), tuple(g for _, g in pairs.values()))


@wrong(
    "Value",
    "With a number on the left of a minus, as in 2 - a, you seem to compute a - 2. In __rsub__, self is the right operand.",
)
class rsub_turned_round(Value):
    def __rsub__(self, other):
        return self - other


@wrong(
    "Value",
    "With a number on the left of a division, as in 2 / a, you seem to compute a / 2. In __rtruediv__, self is the right operand.",
)
class rtruediv_turned_round(Value):
    def __rtruediv__(self, other):
        return self / other


@wrong(
    "Value",
    "With a number as the base, as in 2 ** a, you seem to compute a ** 2. In __rpow__, self is the exponent.",
)
class rpow_turned_round(Value):
    def __rpow__(self, other):
        return self**other


@wrong(
    "Value",
    "With a number on the left, several operators seem to take it as the right operand. In 2 - a, 2 / a and 2 ** a, self is the right one.",
)
class all_reflected_turned_round(Value):
    def __rsub__(self, other):
        return self - other

    def __rtruediv__(self, other):
        return self / other

    def __rpow__(self, other):
        return self**other


@wrong(
    "Value",
    "The minus sign seems to lose the record: -a has the right data, but no gradient reaches a through it. Its result needs a child and a local derivative like every other.",
)
class detached_negation(Value):
    def __neg__(self):
        return Value(-self.data)


@wrong(
    "Value",
    "The minus sign seems to lose the record, and your subtraction is built on it: no gradient reaches what is subtracted. Give the result of -a its child and its local derivative.",
)
class detached_subtraction(Value):
    def __neg__(self):
        return Value(-self.data)

    def __sub__(self, other):
        return self + (-(other if isinstance(other, Value) else Value(other)))

    def __rsub__(self, other):
        return (-self) + other


@wrong(
    "Value",
    "With a number on the left, the result seems to lose the record: its data are right, but no gradient reaches the Value. Let the reflected operators build their result as the others do.",
)
class detached_reflected(Value):
    def __radd__(self, other):
        return Value(other + self.data)

    def __rsub__(self, other):
        return Value(other - self.data)

    def __rmul__(self, other):
        return Value(other * self.data)

    def __rtruediv__(self, other):
        return Value(other / self.data)

    def __rpow__(self, other):
        return Value(other**self.data)


@wrong(
    "Value",
    "In a product, the local derivatives seem to be exchanged: how fast does a * b change when a changes? It is the other factor that counts.",
)
class product_slopes_exchanged(Value):
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (self.data, other.data))


@wrong(
    "Value",
    "In a difference, both local derivatives seem to be 1. When the subtracted number grows, the difference falls.",
)
class difference_slopes_both_one(Value):
    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data - other.data, (self, other), (1.0, 1.0))


@wrong(
    "Value",
    "The local derivative of a quotient with respect to the denominator has the wrong sign: when the denominator grows, a positive quotient falls.",
)
class quotient_slope_sign(Value):
    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data / other.data, (self, other), (1 / other.data, self.data / other.data / other.data))


@wrong(
    "Value",
    "The local derivative of a quotient a / b with respect to b seems to lack the numerator: differentiate a * b^(-1), not b^(-1).",
)
class quotient_slope_without_numerator(Value):
    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data / other.data, (self, other), (1 / other.data, -1 / other.data**2))


@wrong(
    "Value",
    "In a quotient, no gradient seems to reach the denominator: its reciprocal was computed from the data alone, outside the record.",
)
class quotient_denominator_detached(Value):
    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self * Value(1 / other.data)


@wrong(
    "Value",
    "The derivative of a power does not lower the exponent: for a ** 3 it is not 3 times a ** 3.",
)
class power_exponent_kept(Value):
    def __pow__(self, other):
        y = super().__pow__(other)
        exponent = y.children[1].data
        return Value(y.data, y.children, (exponent * y.data, y.local_grads[1]))


@wrong(
    "Value",
    "The derivative of a power seems to lack the factor in front: for a ** 3 it is not a ** 2 alone.",
)
class power_factor_missing(Value):
    def __pow__(self, other):
        y = super().__pow__(other)
        a, b = self.data, y.children[1].data
        slope = 0.0 if b == 0 else math.inf if a == 0 and b < 1 else a ** (b - 1)
        return Value(y.data, y.children, (slope, y.local_grads[1]))


@wrong(
    "Value",
    "Powers of 0 fail where the exponent is below 1, since the formula b * a ** (b - 1) divides by zero there. a ** 0 has slope 0 everywhere, and a ** 0.5 has an infinite slope at 0.",
)
class power_formula_at_zero(Value):
    def __pow__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        if a < 0 and not b.is_integer():
            raise ValueError("fractional power of a negative number")
        by_exponent = a**b * math.log(a) if a > 0 else math.nan if a < 0 else 0.0
        return Value(a**b, (self, other), (b * a ** (b - 1), by_exponent))


@wrong(
    "Value",
    "Powers of 0 or of negative numbers are refused or fail. Only a fractional power of a negative base is an error; whole powers of any base are allowed. (The logarithm of the base is needed for the derivative by the exponent alone, and only where the base is positive.)",
)
class power_logarithm_of_every_base(Value):
    def __pow__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        a, b = self.data, other.data
        by_base = 0.0 if b == 0 else math.inf if a == 0 and b < 1 else b * a ** (b - 1)
        return Value(a**b, (self, other), (by_base, a**b * math.log(a)))


@wrong(
    "Value",
    "Powers of 0 or of negative numbers are refused or fail. Only a fractional power of a negative base is an error; whole powers of any base are allowed. (The logarithm of the base is needed for the derivative by the exponent alone, and only where the base is positive.)",
)
class power_of_positive_only(Value):
    def __pow__(self, other):
        if self.data <= 0:
            raise ValueError("the base must be positive")
        return super().__pow__(other)


@wrong(
    "Value",
    "A fractional power of a negative number is no real number: Python computes a complex one. Your code must raise a ValueError there.",
)
class power_complex(Value):
    def __pow__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        if self.data < 0 and not other.data.is_integer():
            return Value(abs(self.data**other.data), (self, other), (1.0, math.nan))
        return super().__pow__(other)


@wrong(
    "Value",
    "No gradient seems to reach the exponent of a power, where the exponent is a Value: a ** b changes with b too.",
)
class power_exponent_detached(Value):
    def __pow__(self, other):
        y = super().__pow__(other.data if isinstance(other, Value) else other)
        return Value(y.data, (self,), y.local_grads[:1])

    def __rpow__(self, other):
        return Value(other) ** self


@wrong(
    "Value",
    "For a negative base, the derivative by the exponent is not defined, and the contract asks for NaN there; you seem to give 0, or to use the size of the base.",
)
class power_exponent_slope_zero(Value):
    def __pow__(self, other):
        y = super().__pow__(other)
        return Value(y.data, y.children, (y.local_grads[0], 0.0)) if self.data < 0 else y


@wrong(
    "Value",
    "For a negative base, the derivative by the exponent is not defined, and the contract asks for NaN there; you seem to give 0, or to use the size of the base.",
)
class power_exponent_slope_of_size(Value):
    def __pow__(self, other):
        y = super().__pow__(other)
        return Value(y.data, y.children, (y.local_grads[0], y.data * math.log(-self.data))) if self.data < 0 else y


@wrong(
    "Value",
    "The derivative of a power by its exponent seems to lack the logarithm of the base.",
)
class power_exponent_slope_without_log(Value):
    def __pow__(self, other):
        y = super().__pow__(other)
        return Value(y.data, y.children, (y.local_grads[0], y.data)) if self.data > 0 else y


@wrong(
    "Value",
    "At a base of 0 and an exponent between 0 and 1, the tangent is vertical: the derivative is infinite, not 0.",
)
class power_slope_at_zero_is_zero(Value):
    def __pow__(self, other):
        y = super().__pow__(other)
        return Value(y.data, y.children, (0.0, y.local_grads[1])) if math.isinf(y.local_grads[0]) else y


@wrong(
    "Value",
    "At a base of 0, the derivative of a power is always 0 in your code. But a ** 1 has slope 1 everywhere, and a ** 0.5 has an infinite slope at 0.",
)
class power_slope_at_zero_always_zero(Value):
    def __pow__(self, other):
        y = super().__pow__(other)
        return Value(y.data, y.children, (0.0, y.local_grads[1])) if self.data == 0 else y


@wrong("Value", "Your Values keep integers as they are. The data of a Value is always a float.")
class data_not_float(Value):
    def __init__(self, data, children=(), local_grads=()):
        super().__init__(data, children, local_grads)
        self.data = data


@wrong("Value", "The gradient of a new Value is not 0.0 in your code. Every Value starts with grad = 0.0.")
class gradient_starts_at_none(Value):
    def __init__(self, data, children=(), local_grads=()):
        super().__init__(data, children, local_grads)
        self.grad = None


@wrong("Value", "The gradient of a new Value is not 0.0 in your code. Every Value starts with grad = 0.0.")
class gradient_starts_at_one(Value):
    def __init__(self, data, children=(), local_grads=()):
        super().__init__(data, children, local_grads)
        self.grad = 1.0


@wrong(
    "Value",
    "Your operators seem to change their left operand instead of making a new Value. Then a + b changes a, and every later use of a sees it.",
)
class operand_overwritten(Value):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        self.data += other.data
        return self


@wrong(
    "Value",
    "Division by zero gives infinity in your code. As Python does it with floats, it must raise a ZeroDivisionError.",
)
class division_by_zero_is_infinite(Value):
    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        with np.errstate(all="ignore"):
            a, b = np.float64(self.data), np.float64(other.data)
            return Value(a / b, (self, other), (1 / b, -a / b / b))


@wrong(
    "Value",
    "Division by zero raises another error than ZeroDivisionError in your code. Let Python's own division speak up.",
)
class division_by_zero_other_error(Value):
    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        if other.data == 0:
            raise ValueError("division by zero")
        return super().__truediv__(other)


@wrong(
    "Value",
    "Your operators take floats but no ints. Both kinds of numbers may stand beside a Value.",
)
class ints_refused(Value):
    def _check(self, other):
        if not isinstance(other, (Value, float)):
            raise TypeError("a Value or a float is needed")
        return other

    def __add__(self, other):
        return super().__add__(self._check(other))

    def __sub__(self, other):
        return super().__sub__(self._check(other))

    def __mul__(self, other):
        return super().__mul__(self._check(other))

    def __truediv__(self, other):
        return super().__truediv__(self._check(other))


@wrong(
    "Value",
    "A plain number as the right operand seems to be used as if it were a Value (it has no attribute data). Turn it into a Value first.",
)
class numbers_not_lifted(Value):
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))


@wrong(
    "Value",
    "Sums seem to keep no record: their data are right, but no gradient reaches the operands.",
)
class detached_sum(Value):
    def __add__(self, other):
        return Value(self.data + (other.data if isinstance(other, Value) else other))

    def __radd__(self, other):
        return self + other


# 2.2 ValueFunctions


@wrong(
    "ValueFunctions",
    "The slope of exp is taken from the input. The derivative of e^x is e^x itself: the number that you have just computed.",
)
class exp_slope_is_the_input(ValueFunctions):
    def exp(self):
        return Value(math.exp(self.data), (self,), (self.data,))


@wrong(
    "ValueFunctions",
    "The slope of exp seems to be x e^(x - 1). That rule is for x^n, where the exponent stands still.",
)
class exp_by_the_power_rule(ValueFunctions):
    def exp(self):
        return Value(math.exp(self.data), (self,), (self.data * math.exp(self.data - 1),))


@wrong(
    "ValueFunctions",
    "The slope of the logarithm is not the logarithm itself. How steep is ln x where x is large?",
)
class log_slope_is_log(ValueFunctions):
    def log(self):
        if self.data <= 0:
            raise ValueError("log of a number that is not positive")
        return Value(math.log(self.data), (self,), (math.log(self.data),))


@wrong(
    "ValueFunctions",
    "The slope of the logarithm is 1 divided by the input, not by the output.",
)
class log_slope_from_the_output(ValueFunctions):
    def log(self):
        if self.data <= 0:
            raise ValueError("log of a number that is not positive")
        y = math.log(self.data)
        return Value(y, (self,), (1 / y if y else math.inf,))


@wrong("ValueFunctions", "Your logarithm has another base than e. In Python, math.log is the natural one.")
class log_to_base_ten(ValueFunctions):
    def log(self):
        if self.data <= 0:
            raise ValueError("log of a number that is not positive")
        return Value(math.log10(self.data), (self,), (1 / (self.data * math.log(10)),))


@wrong(
    "ValueFunctions",
    "The logarithm of 0 or of a negative number must raise a ValueError. You seem to return a number there.",
)
class log_clipped(ValueFunctions):
    def log(self):
        x = max(self.data, 1e-12)
        return Value(math.log(x), (self,), (1 / x,))


@wrong(
    "ValueFunctions",
    "The logarithm of 0 or of a negative number must raise a ValueError. You seem to return a number there.",
)
class log_infinite(ValueFunctions):
    def log(self):
        with np.errstate(all="ignore"):
            x = np.float64(self.data)
            return Value(np.log(x), (self,), (float(1 / x),))


@wrong(
    "ValueFunctions",
    "The slope of tanh is computed as 1 - x^2 with the input. In 1 - t^2 the letter t is the output.",
)
class tanh_slope_from_the_input(ValueFunctions):
    def tanh(self):
        return Value(math.tanh(self.data), (self,), (1 - self.data**2,))


@wrong(
    "ValueFunctions",
    "In the slope of tanh a square seems to be missing: it is 1 - t^2, with t the output.",
)
class tanh_slope_without_square(ValueFunctions):
    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t,))


@wrong(
    "ValueFunctions",
    "The slope of tanh seems to be computed with tanh of tanh. The output has been through tanh already.",
)
class tanh_slope_twice(ValueFunctions):
    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - math.tanh(t) ** 2,))


@wrong(
    "ValueFunctions",
    "At x = 0, the derivative of ReLU is defined to be 0 here. Yours is 1: look at your comparison.",
)
class relu_slope_one_at_zero(ValueFunctions):
    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0 if self.data >= 0 else 0.0,))


@wrong(
    "ValueFunctions",
    "ReLU seems to pass the gradient everywhere. Where the input is negative, the output does not move, so the slope is 0.",
)
class relu_slope_always_one(ValueFunctions):
    def relu(self):
        return Value(max(0.0, self.data), (self,), (1.0,))


@wrong(
    "ValueFunctions",
    "ReLU seems to lose the record: its data are right, but no gradient reaches the input where it is positive.",
)
class relu_detached(ValueFunctions):
    def relu(self):
        return Value(max(0.0, self.data))


@wrong(
    "ValueFunctions",
    "The slope of the sigmoid seems to apply the sigmoid a second time. In s(1 - s), s is the output, which has been through it already.",
)
class sigmoid_slope_twice(ValueFunctions):
    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        ss = 1 / (1 + math.exp(-s))
        return Value(s, (self,), (ss * (1 - ss),))


@wrong(
    "ValueFunctions",
    "The slope of the sigmoid seems to be 1/(1 + e^(-x))^2: the e^(-x) of the numerator got lost. It is s(1 - s).",
)
class sigmoid_slope_squared(ValueFunctions):
    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self,), (s * s,))


@wrong(
    "ValueFunctions",
    "The slope of the sigmoid seems to be computed from the input: in s(1 - s), s is the output.",
)
class sigmoid_slope_from_the_input(ValueFunctions):
    def sigmoid(self):
        return Value(1 / (1 + math.exp(-self.data)), (self,), (self.data * (1 - self.data),))


@wrong(
    "ValueFunctions",
    "The sign of the exponent in your sigmoid is turned round: it must climb from 0 to 1, not fall.",
)
class sigmoid_falls(ValueFunctions):
    def sigmoid(self):
        s = 1 / (1 + math.exp(self.data))
        return Value(s, (self,), (-s * (1 - s),))


@wrong(
    "ValueFunctions",
    "Your functions change the Value on which they are called. They must return a new one and leave self as it is.",
)
class self_overwritten(ValueFunctions):
    def relu(self):
        self.data = max(0.0, self.data)
        return self


@wrong(
    "ValueFunctions",
    "Your functions change the Value on which they are called. They must return a new one and leave self as it is.",
)
class self_overwritten_by_exp(ValueFunctions):
    def exp(self):
        x = Value(self.data, self.children, self.local_grads)
        self.data = math.exp(self.data)
        self.children, self.local_grads = (x,), (self.data,)
        return self


# 2.3 topological_order


@wrong(
    "topological_order",
    "Your list has parents before their children: the root comes first. Write a node down when its children are done, not when you meet it.",
)
def parents_first(root):
    order, seen = [], set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
            stack.extend(node.children)
    return order


@wrong(
    "topological_order",
    "Your list has parents before their children: the root comes first. Write a node down when its children are done, not when you meet it.",
)
def topological_but_reversed(root):
    return topological_order(root)[::-1]


@wrong(
    "topological_order",
    "Your list has parents before their children: the root comes first. Write a node down when its children are done, not when you meet it.",
)
def breadth_first(root):
    order, seen = [root], {id(root)}
    for node in order:
        for child in node.children:
            if id(child) not in seen:
                seen.add(id(child))
                order.append(child)
    return order


@wrong(
    "topological_order",
    "Your order seems to be breadth-first, or the order in which a search meets the nodes, read from the end. That fails where a node is used both near the root and deeper down: it must stand before both uses.",
)
def breadth_first_from_the_end(root):
    order, seen = [root], {id(root)}
    for node in order:
        for child in node.children:
            if id(child) not in seen:
                seen.add(id(child))
                order.append(child)
    return order[::-1]


@wrong(
    "topological_order",
    "Your order seems to be breadth-first, or the order in which a search meets the nodes, read from the end. That fails where a node is used both near the root and deeper down: it must stand before both uses.",
)
def first_met_from_the_end(root):
    order, seen = [], set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
            stack.extend(node.children)
    return order[::-1]


@wrong(
    "topological_order",
    "Your order seems to be breadth-first, or the order in which a search meets the nodes, read from the end. That fails where a node is used both near the root and deeper down: it must stand before both uses.",
)
def first_met_from_the_end_other_side(root):
    order, seen = [], set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
            stack.extend(reversed(node.children))
    return order[::-1]


@wrong(
    "topological_order",
    "Nodes that are used more than once stand in your list more than once. Remember which ones you have seen.",
)
def nodes_repeated(root):
    order, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done or not node.children:
            order.append(node)
        else:
            stack.append((node, True))
            stack.extend((child, False) for child in node.children)
    return order


@wrong(
    "topological_order",
    "A chain of 10,000 operations raises a RecursionError: your function calls itself once for every node on the way down, and Python allows about 1,000 nested calls. Keep the nodes that wait in a list of your own.",
)
def one_call_for_every_node(root):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for child in node.children:
                visit(child)
            order.append(node)

    visit(root)
    return order


@wrong(
    "topological_order",
    "Nodes that hold equal numbers seem to be taken for one and the same. Two Values are different nodes if they are different objects.",
)
def seen_by_number(root):
    order, seen = [], set()
    stack = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node.data not in seen:
            seen.add(node.data)
            stack.append((node, True))
            stack.extend((child, False) for child in node.children)
    return order


@wrong("topological_order", "The root itself is missing in your list. It is the last node.")
def root_left_out(root):
    return topological_order(root)[:-1]


@wrong("topological_order", "Leaves are missing in your list: a node without children belongs to it too.")
def leaves_left_out(root):
    return [node for node in topological_order(root) if node.children]


@wrong(
    "topological_order",
    "Your function stops too early: only the root and its own children are in the list. Children have children.",
)
def two_generations(root):
    return [*{id(child): child for child in root.children}.values(), root]


@wrong(
    "topological_order",
    "A node that waits on your stack seems to be marked as seen when it is put there. If a deeper node needs it, it comes too late. Mark a node when you take it from the stack.",
)
def marked_when_pushed(root):
    order, seen = [], {id(root)}
    stack = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
            continue
        stack.append((node, True))
        for child in node.children:
            if id(child) not in seen:
                seen.add(id(child))
                stack.append((child, False))
    return order


# 2.4 backward


@wrong(
    "backward",
    "Where a node is used more than once, only one of its shares is left: it looks as if a share were assigned where it should be added.",
)
def share_assigned(self):
    order = topological_order(self)
    self.grad = 1.0 if self.children else self.grad + 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad = local_grad * node.grad


@wrong(
    "backward",
    "The gradient reaches only the result and its own children: either your pass goes through the nodes in forward order, children first, or it stops after one level. A node sends its shares when its own gradient is complete, so the result comes first, and every node has its turn.",
)
def forward_order(self):
    order = topological_order(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    for node in order:
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "All gradients stay 0: the result itself never gets its gradient 1, so there is nothing to send down.",
)
def no_seed(self):
    order = topological_order(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "A second pass sends too much down: inner nodes seem to keep the gradient of the pass before and to send it again. Only leaves accumulate.",
)
def inner_gradients_kept(self):
    order = topological_order(self)
    self.grad = 1.0 if self.children else self.grad + 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "A second pass sends too much down: the gradients of inner nodes and of the result seem to stay from the pass before. Only leaves accumulate.",
)
def all_gradients_kept(self):
    order = topological_order(self)
    self.grad += 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "Your pass seems to clear the gradients of leaves, too. Leaves accumulate: what stands there from earlier passes must stay in the sum.",
)
def leaves_cleared(self):
    order = topological_order(self)
    for node in order:
        node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "Called on a leaf, backward sets its gradient to 1. A leaf accumulates: its gradient must grow by 1.",
)
def leaf_set_to_one(self):
    order = topological_order(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "The shares that you send down seem to be the local derivatives alone. Each must be multiplied by the gradient of the node that sends it.",
)
def upstream_forgotten(self):
    order = topological_order(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad


@wrong(
    "backward",
    "The gradient seems to be handed down unchanged. Each share must be multiplied by the local derivative for that child.",
)
def local_forgotten(self):
    order = topological_order(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    for node in reversed(order):
        for child in node.children:
            child.grad += node.grad


@wrong(
    "backward",
    "A node that is used several times seems to send its shares several times, each time with all that has arrived so far. Visit every node once, when its gradient is complete.",
)
def sends_at_each_visit(self):
    for node in topological_order(self):
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    waiting = [self]
    while waiting:
        node = waiting.pop()
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad
            waiting.append(child)


@wrong(
    "backward",
    "The gradient reaches only the result and its own children: either your pass goes through the nodes in forward order, children first, or it stops after one level. A node sends its shares when its own gradient is complete, so the result comes first, and every node has its turn.",
)
def one_level(self):
    if self.children:
        self.grad = 0.0
    self.grad += 1.0
    for child in {id(child): child for child in self.children}.values():
        if child.children:
            child.grad = 0.0
    for child, local_grad in zip(self.children, self.local_grads):
        child.grad += local_grad * self.grad


@wrong(
    "backward",
    "After your pass, inner nodes hold no gradient: only leaves get theirs, or the others are cleared at the end. Clear inner nodes at the start, so that their gradients can be read afterwards.",
)
def inner_cleared_afterwards(self):
    order = topological_order(self)
    self.grad += 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad
        if node.children:
            node.grad = 0.0


@wrong(
    "backward",
    "Where one operation uses a node twice, as in a * a, the node gets only one share.",
)
def twins_counted_once(self):
    order = topological_order(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    for node in reversed(order):
        for child, local_grad in {id(c): (c, g) for c, g in zip(node.children, node.local_grads)}.values():
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "A chain of 10,000 operations raises a RecursionError: somewhere your pass calls itself once for every node. Walk through a list of nodes in a loop.",
)
def one_call_for_every_node_backward(self):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for child in node.children:
                visit(child)
            order.append(node)

    visit(self)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


@wrong(
    "backward",
    "After your pass, inner nodes hold no gradient: only leaves get theirs, or the others are cleared at the end. Clear inner nodes at the start, so that their gradients can be read afterwards.",
)
def only_leaves(self):
    order = topological_order(self)
    grads = {id(node): 0.0 for node in order}
    grads[id(self)] = 1.0
    for node in reversed(order):
        for child, local_grad in zip(node.children, node.local_grads):
            grads[id(child)] += local_grad * grads[id(node)]
        if not node.children:
            node.grad += grads[id(node)]


@wrong(
    "backward",
    "Your pass seems to walk through the nodes in the order in which a search meets them. Where a node is used on ways of different length, it then sends its shares before all its own have arrived.",
)
def order_of_meeting(self):
    order, seen = [self], {id(self)}
    for node in order:
        for child in node.children:
            if id(child) not in seen:
                seen.add(id(child))
                order.append(child)
    for node in order:
        if node.children:
            node.grad = 0.0
    self.grad += 1.0
    for node in order:
        for child, local_grad in zip(node.children, node.local_grads):
            child.grad += local_grad * node.grad


# 2.5 zero_grad, sgd_step


@wrong(
    "zero_grad",
    "zero_grad sets the data to 0 and so forgets all that was learned. Only the gradients are to be cleared.",
)
def clears_data(params):
    for p in params:
        p.data = 0.0


@wrong("zero_grad", "zero_grad clears the data along with the gradients. The data are what was learned; leave them.")
def clears_both(params):
    for p in params:
        p.data = p.grad = 0.0


@wrong(
    "zero_grad",
    "zero_grad has no effect: in the loop a new object, or the name of the loop variable, is changed, but not the Values in the list.",
)
def rebinds_in_zero_grad(params):
    for p in params:
        g = p.grad
        g = 0.0


@wrong(
    "zero_grad",
    "zero_grad sets the gradients to None. Then the next backward pass cannot add to them; they must be 0.0.",
)
def gradients_to_none(params):
    for p in params:
        p.grad = None


@wrong("zero_grad", "zero_grad empties the list of parameters. It must only set the gradients of its Values to 0.")
def empties_the_list(params):
    params.clear()


@wrong("zero_grad", "zero_grad returns something. It works in place and returns None.")
def zero_grad_returns(params):
    for p in params:
        p.grad = 0.0
    return params


@wrong(
    "zero_grad",
    "zero_grad seems to clear only the first gradient: a return inside the loop ends it after one round.",
)
def only_the_first(params):
    for p in params:
        p.grad = 0.0
        return


@wrong("sgd_step", "sgd_step goes uphill: it adds the gradient. To make the loss smaller, go against it.")
def uphill(params, lr):
    for p in params:
        p.data += lr * p.grad


@wrong(
    "sgd_step",
    "sgd_step has no effect on the Values: new ones are made and put into a list of your own. The model goes on using the old ones; change their data.",
)
def rebinds_in_sgd_step(params, lr):
    params = [type(p)(p.data - lr * p.grad, 0.0) for p in params]


@wrong(
    "sgd_step",
    "sgd_step puts new Values into the list. The model still holds the old ones and does not learn; change the data of those that are there.",
)
def replaces_in_sgd_step(params, lr):
    params[:] = [type(p)(p.data - lr * p.grad, p.grad) for p in params]


@wrong("sgd_step", "sgd_step seems to clear the gradients before it uses them, so nothing moves.")
def clears_before_use(params, lr):
    for p in params:
        p.grad = 0.0
        p.data -= lr * p.grad


@wrong("sgd_step", "sgd_step clears the gradients after the step. That is the work of zero_grad; here they must stay.")
def clears_after_use(params, lr):
    for p in params:
        p.data -= lr * p.grad
        p.grad = 0.0


@wrong("sgd_step", "sgd_step does not use the step size lr, or uses it in the wrong place.")
def step_size_forgotten(params, lr):
    for p in params:
        p.data -= p.grad


@wrong("sgd_step", "sgd_step does not use the step size lr, or uses it in the wrong place.")
def step_size_on_the_data(params, lr):
    for p in params:
        p.data = lr * (p.data - p.grad)


@wrong(
    "sgd_step",
    "sgd_step seems to forget where the parameter was: the step is taken from the old data, it does not replace them.",
)
def data_replaced(params, lr):
    for p in params:
        p.data = -lr * p.grad


@wrong("sgd_step", "sgd_step changes the gradients: it multiplies them by lr in place. Only data may change.")
def gradient_scaled(params, lr):
    for p in params:
        p.grad *= lr
        p.data -= p.grad


@wrong("sgd_step", "sgd_step returns something. It works in place and returns None.")
def sgd_step_returns(params, lr):
    for p in params:
        p.data -= lr * p.grad
    return params


@wrong(
    "sgd_step",
    "sgd_step seems to divide by the number of parameters. The average over examples is the loss's business, and parameters are not averaged at all.",
)
def averaged_over_parameters(params, lr):
    for p in params:
        p.data -= lr * p.grad / len(params)


# 2.6 softmax_nll


@wrong(
    "softmax_nll",
    "Large logits overflow: e^1000 is too large for a float. Subtract the largest logit from all of them first; the probabilities stay the same.",
)
def nothing_subtracted(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    return sum(z.exp() for z in logits).log() - logits[target]


@wrong(
    "softmax_nll",
    "Some large logits overflow: you seem to subtract the mean, the smallest or the right class's logit. Only with the largest one is no exponent above 0.",
)
def mean_subtracted(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    shift = sum(z.data for z in logits) / len(logits)
    return sum((z - shift).exp() for z in logits).log() - (logits[target] - shift)


@wrong(
    "softmax_nll",
    "Some large logits overflow: you seem to subtract the mean, the smallest or the right class's logit. Only with the largest one is no exponent above 0.",
)
def smallest_subtracted(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    shift = min(z.data for z in logits)
    return sum((z - shift).exp() for z in logits).log() - (logits[target] - shift)


@wrong(
    "softmax_nll",
    "The loss has the wrong sign: the logarithm of a probability is negative, and the loss is minus that.",
)
def minus_forgotten(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    return (logits[target] - top) - sum((z - top).exp() for z in logits).log()


@wrong("softmax_nll", "You seem to return the probability of the target. The loss is minus its logarithm.")
def probability_returned(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    exps = [(z - top).exp() for z in logits]
    return exps[target] / sum(exps)


@wrong(
    "softmax_nll",
    "You seem to divide the loss by the number of classes. There is one example, and one class in it is right: nothing is averaged.",
)
def averaged_over_classes(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    return (sum((z - top).exp() for z in logits).log() - (logits[target] - top)) / len(logits)


@wrong("softmax_nll", "Your logarithm has base 2. The loss is asked for in nats: the natural logarithm.")
def in_bits(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    return (sum((z - top).exp() for z in logits).log() - (logits[target] - top)) / math.log(2)


@wrong(
    "softmax_nll",
    "A target that is no class is accepted (Python counts negative indices from the end) or raises another error. Check it first and raise a ValueError.",
)
def target_unchecked(logits, target):
    top = max(z.data for z in logits)
    return sum((z - top).exp() for z in logits).log() - (logits[target] - top)


@wrong(
    "softmax_nll",
    "A target that is no class is accepted (Python counts negative indices from the end) or raises another error. Check it first and raise a ValueError.",
)
def target_negative_accepted(logits, target):
    if target >= len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    return sum((z - top).exp() for z in logits).log() - (logits[target] - top)


@wrong(
    "softmax_nll",
    "Something small seems to be added inside the logarithm, or the probability clipped. A class that is far behind must cost its full price; with the largest logit subtracted no such help is needed.",
)
def epsilon_inside_the_logarithm(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    exps = [(z - top).exp() for z in logits]
    return -(exps[target] / sum(exps) + 1e-9).log()


@wrong(
    "softmax_nll",
    "The largest logit was subtracted in the sum but not from the target's logit, or the other way round. It must be subtracted everywhere, or added back.",
)
def target_not_shifted(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    return sum((z - top).exp() for z in logits).log() - logits[target]


@wrong(
    "softmax_nll",
    "The loss has the right number, but it was computed from the data alone: no gradient reaches the logits. Use the operators and methods of Value.",
)
def detached(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    return Value(math.log(sum(math.exp(z.data - top) for z in logits)) - (logits[target].data - top))


@wrong(
    "softmax_nll",
    "The loss has the right number, but the largest logit gets too much gradient: it is subtracted as a plain number and added back as a Value. Treat it in the same way in both places.",
)
def maximum_differentiated_once_too_often(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(logits, key=lambda z: z.data)
    return sum((z - top.data).exp() for z in logits).log() + top - logits[target]


@wrong(
    "softmax_nll",
    "The sum under the fraction seems to leave out the target's own class. It runs over all classes.",
)
def target_not_in_the_sum(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    if len(logits) == 1:
        return logits[0] * 0
    top = max(z.data for z in logits)
    return sum((z - top).exp() for i, z in enumerate(logits) if i != target).log() - (logits[target] - top)


@wrong(
    "softmax_nll",
    "The logits are changed: the largest one is subtracted from their data in place. Make new Values instead.",
)
def logits_changed(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    for z in logits:
        z.data -= top
    return sum(z.exp() for z in logits).log() - logits[target]


@wrong(
    "softmax_nll",
    "The loss adds up over all classes. Only the probability of the right class counts.",
)
def summed_over_classes(logits, target):
    if not 0 <= target < len(logits):
        raise ValueError("target")
    top = max(z.data for z in logits)
    log_total = sum((z - top).exp() for z in logits).log()
    return sum(log_total - (z - top) for z in logits)


# 2.7 Neuron, Layer, MLP


@wrong(
    "Neuron",
    "The bias is missing: either the neuron has none, or parameters() does not list it. A parameter that is not in the list is never trained.",
)
class bias_not_listed(Neuron):
    def parameters(self):
        return self.weights


@wrong(
    "Neuron",
    "The bias is missing: either the neuron has none, or parameters() does not list it. A parameter that is not in the list is never trained.",
)
class no_bias(Neuron):
    def __call__(self, x):
        if len(x) != len(self.weights):
            raise ValueError("inputs")
        score = sum(w * x_i for w, x_i in zip(self.weights, x))
        return score.tanh() if self.activate else score

    def parameters(self):
        return self.weights


@wrong("Neuron", "The bias seems to be added after the tanh. It belongs to the weighted sum, inside.")
class bias_outside(Neuron):
    def __call__(self, x):
        if len(x) != len(self.weights):
            raise ValueError("inputs")
        score = sum(w * x_i for w, x_i in zip(self.weights, x))
        return (score.tanh() if self.activate else score) + self.bias


@wrong("Neuron", "The bias seems to be added once for every input. It is added once.")
class bias_for_every_input(Neuron):
    def __call__(self, x):
        if len(x) != len(self.weights):
            raise ValueError("inputs")
        score = sum(w * x_i + self.bias for w, x_i in zip(self.weights, x))
        return score.tanh() if self.activate else score


@wrong(
    "Neuron",
    "A wrong number of inputs is accepted: zip stops at the end of the shorter list without a word. Compare the lengths and raise a ValueError.",
)
class inputs_not_counted(Neuron):
    def __call__(self, x):
        score = self.bias
        for w, x_i in zip(self.weights, x):
            score = score + w * x_i
        return score.tanh() if self.activate else score


@wrong("Neuron", "All weights start at 0. Then the hidden units are all alike, and no gradient reaches them.")
class all_zero(Neuron):
    def __init__(self, nin, rng, activate=True):
        super().__init__(nin, rng, activate)
        self.weights = [Value(0.0) for _ in range(nin)]


@wrong(
    "Neuron",
    "The weights do not come from the generator that is passed in: another one gives the same weights, or the same one gives others. Draw from rng and from nothing else.",
)
class generator_ignored(Neuron):
    def __init__(self, nin, rng, activate=True):
        super().__init__(nin, rng, activate)
        own = np.random.default_rng(nin)
        self.weights = [Value(w) for w in own.normal(size=nin)]


@wrong(
    "Neuron",
    "Several weights are one and the same, or start with equal numbers. Units with equal weights get equal gradients and stay equal for ever: draw a new number for each weight of each neuron.",
)
class one_weight_for_all_inputs(Neuron):
    def __init__(self, nin, rng, activate=True):
        super().__init__(nin, rng, activate)
        w = float(rng.normal())
        self.weights = [Value(w) for _ in range(nin)]


@wrong(
    "Neuron",
    "Several weights are one and the same, or start with equal numbers. Units with equal weights get equal gradients and stay equal for ever: draw a new number for each weight of each neuron.",
)
class one_weight_shared_by_inputs(Neuron):
    def __init__(self, nin, rng, activate=True):
        super().__init__(nin, rng, activate)
        self.weights = [Value(rng.normal())] * nin


@wrong("Neuron", "A neuron must apply tanh, unless it is told not to. Yours gives the weighted sum itself.")
class tanh_missing(Neuron):
    def __init__(self, nin, rng, activate=False):
        super().__init__(nin, rng, False)


@wrong("Neuron", "Your neurons apply another function than tanh.")
class relu_instead_of_tanh(Neuron):
    def __call__(self, x):
        if len(x) != len(self.weights):
            raise ValueError("inputs")
        score = self.bias
        for w, x_i in zip(self.weights, x):
            score = score + w * x_i
        return score.relu() if self.activate else score


@wrong(
    "Neuron",
    "No gradient reaches the inputs through your network: they are turned into plain numbers on the way. Use the Values themselves.",
)
class inputs_detached(Neuron):
    def __call__(self, x):
        return super().__call__([x_i.data if isinstance(x_i, Value) else x_i for x_i in x])


@wrong(
    "Neuron",
    "parameters() returns copies. A step of training would change the copies, and the network would stay as it is.",
)
class parameters_copied(Neuron):
    def parameters(self):
        return [Value(p.data) for p in [*self.weights, self.bias]]


@wrong(
    "Layer",
    "Several weights are one and the same, or start with equal numbers. Units with equal weights get equal gradients and stay equal for ever: draw a new number for each weight of each neuron.",
)
class every_neuron_the_same(Layer):
    def __init__(self, nin, nout, rng, activate=True):
        self.neurons = [Neuron(nin, rng, activate)] * nout


@wrong(
    "Layer",
    "Several weights are one and the same, or start with equal numbers. Units with equal weights get equal gradients and stay equal for ever: draw a new number for each weight of each neuron.",
)
class every_neuron_starts_equal(Layer):
    def __init__(self, nin, nout, rng, activate=True):
        super().__init__(nin, nout, rng, activate)
        for neuron in self.neurons:
            for w, first in zip(neuron.weights, self.neurons[0].weights):
                w.data = first.data


@wrong("Layer", "A single output comes as a list of one. It must be the Value itself.")
class single_output_in_a_list(Layer):
    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]


@wrong("Layer", "A layer lists the parameters of one of its neurons only. All of them must be trained.")
class parameters_of_one_neuron(Layer):
    def parameters(self):
        return self.neurons[0].parameters()


@wrong(
    "MLP", "Your last layer applies tanh. It must be linear: logits may be any number, not only those between -1 and 1."
)
class tanh_on_the_last_layer(MLP):
    def __init__(self, nin, nouts, rng):
        sizes = [nin, *nouts]
        self.layers = [Layer(sizes[i], sizes[i + 1], rng) for i in range(len(nouts))]


@wrong(
    "MLP", "Your hidden layers are linear. Without tanh between them, all layers together are only one linear layer."
)
class linear_everywhere(MLP):
    def __init__(self, nin, nouts, rng):
        sizes = [nin, *nouts]
        self.layers = [Layer(sizes[i], sizes[i + 1], rng, False) for i in range(len(nouts))]


@wrong("MLP", "tanh seems to be applied in the first layer alone. All layers but the last need it.")
class tanh_on_the_first_layer_only(MLP):
    def __init__(self, nin, nouts, rng):
        sizes = [nin, *nouts]
        self.layers = [Layer(sizes[i], sizes[i + 1], rng, i == 0 and len(nouts) > 1) for i in range(len(nouts))]


@wrong(
    "MLP",
    "A hidden layer with a single neuron fails: it returns a Value, but the next layer wants a list.",
)
class narrow_layer_not_wrapped(MLP):
    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


@wrong("MLP", "parameters() of your MLP leaves out a layer. Parameters that are not in the list are never trained.")
class parameters_of_the_last_layer(MLP):
    def parameters(self):
        return self.layers[-1].parameters()


@wrong("MLP", "parameters() of your MLP leaves out a layer. Parameters that are not in the list are never trained.")
class parameters_of_the_hidden_layers(MLP):
    def parameters(self):
        return [p for layer in self.layers[:-1] for p in layer.parameters()] or self.layers[0].parameters()


@wrong("MLP", "A single output comes as a list of one. It must be the Value itself.")
class network_output_in_a_list(MLP):
    def __call__(self, x):
        out = super().__call__(x)
        return out if isinstance(out, list) else [out]


# 2.8 unbroadcast


@wrong(
    "unbroadcast",
    "Axes of length 1 are lost: they must be summed over, but stay in the result with length 1.",
)
def keepdims_lost(grad, shape):
    unbroadcast(grad, shape)
    extra = grad.ndim - len(shape)
    axes = (*range(extra), *(extra + i for i, size in enumerate(shape) if size == 1))
    return np.array(np.sum(grad, axis=axes))


@wrong(
    "unbroadcast",
    "Only the first axis seems to be summed over. Every axis that was put in front, and every axis that was stretched, has to go.",
)
def first_axis_only(grad, shape):
    unbroadcast(grad, shape)
    if grad.ndim > len(shape):
        return grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            return grad.sum(axis=axis, keepdims=True)
    return grad.copy()


@wrong(
    "unbroadcast",
    "Axes that were put in front are summed over, but axes of length 1 that were stretched are not.",
)
def front_axes_only(grad, shape):
    unbroadcast(grad, shape)
    return np.array(grad.sum(axis=tuple(range(grad.ndim - len(shape)))))


@wrong(
    "unbroadcast",
    "Axes that were stretched from length 1 are summed over, but axes that were put in front are not.",
)
def stretched_axes_only(grad, shape):
    unbroadcast(grad, shape)
    extra = grad.ndim - len(shape)
    axes = tuple(extra + i for i, size in enumerate(shape) if size == 1)
    return np.array(grad.sum(axis=axes, keepdims=True))


@wrong(
    "unbroadcast",
    "The shapes () and (1,) are not told apart: () is a number without any axis, (1,) an array of one number.",
)
def number_as_array(grad, shape):
    return np.atleast_1d(unbroadcast(grad, shape))


@wrong(
    "unbroadcast",
    "The shapes () and (1,) are not told apart: () is a number without any axis, (1,) an array of one number.",
)
def array_as_number(grad, shape):
    result = unbroadcast(grad, shape)
    return np.array(result.sum()) if shape == (1,) else result


@wrong(
    "unbroadcast",
    "You seem to take the mean over the copies. A number that is used three times gets the sum of three gradients.",
)
def mean_of_the_copies(grad, shape):
    result = unbroadcast(grad, shape)
    return result * result.size / grad.size


@wrong("unbroadcast", "You seem to take the gradient of one of the copies. All of them have to be added up.")
def one_copy(grad, shape):
    unbroadcast(grad, shape)
    extra = grad.ndim - len(shape)
    result = grad[(0,) * extra]
    for axis, size in enumerate(shape):
        if size == 1:
            result = np.take(result, [0], axis=axis)
    return np.array(result)


@wrong(
    "unbroadcast",
    "Where the shapes are equal, you return grad itself. Whoever changes the result then changes grad; return a new array.",
)
def same_array(grad, shape):
    return grad if grad.shape == shape else unbroadcast(grad, shape)


@wrong(
    "unbroadcast",
    "Shapes that do not broadcast to that of grad are not refused as a ValueError. Check this before you sum.",
)
def clash_not_noticed(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and axis < grad.ndim:
            grad = grad.sum(axis=axis, keepdims=True)
    return np.array(grad)


@wrong(
    "unbroadcast",
    "Shapes that do not broadcast to that of grad are not refused as a ValueError. Check this before you sum.",
)
def clash_reshaped(grad, shape):
    if len(shape) > grad.ndim:
        return np.broadcast_to(grad, shape).copy()
    extra = grad.ndim - len(shape)
    axes = (*range(extra), *(extra + i for i, size in enumerate(shape) if size == 1))
    return np.resize(grad.sum(axis=axes, keepdims=True), shape)


@wrong(
    "unbroadcast",
    "It is not enough that the two shapes fit together: shape must broadcast to the shape of grad, so grad itself may not be stretched.",
)
def fits_in_either_direction(grad, shape):
    result = np.broadcast_shapes(grad.shape, shape)
    return unbroadcast(np.broadcast_to(grad, result), shape)


@wrong(
    "unbroadcast",
    "The shapes seem to be compared from the left. NumPy compares them from the right: missing axes are put in front.",
)
def compared_from_the_left(grad, shape):
    unbroadcast(grad, shape)
    padded = (*shape, *(1,) * (grad.ndim - len(shape)))
    axes = tuple(i for i, size in enumerate(padded) if size == 1)
    result = grad.sum(axis=axes, keepdims=True)
    return result.reshape(shape) if result.size == math.prod(shape) else result


# 2.9 linear_forward, linear_backward


@wrong("linear_backward", "dW comes out transposed. It must have the shape of W, (D, H).")
def weights_gradient_transposed(dout, cache):
    x, W = cache
    return dout @ W.T, dout.T @ x, dout.sum(axis=0)


@wrong(
    "linear_backward",
    "db is not summed over the examples. One bias serves all rows, so it collects the gradients of all of them.",
)
def bias_gradient_not_summed(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.copy()


@wrong(
    "linear_backward",
    "You seem to divide by the number of examples. If the loss is a mean, dout holds this factor already.",
)
def divided_by_examples(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout / len(x), dout.mean(axis=0)


@wrong(
    "linear_backward",
    "The bias's gradient seems to be a mean over the examples. It is the sum; if the loss is a mean, dout holds the factor already.",
)
def bias_gradient_mean(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.mean(axis=0)


@wrong(
    "linear_backward",
    "The gradient of W seems to be divided by the number of examples. If the loss is a mean, dout holds this factor already.",
)
def weights_gradient_mean(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout / len(x), dout.sum(axis=0)


@wrong("linear_backward", "db has shape (1, H). It must have the shape of b, (H,).")
def bias_gradient_with_an_axis(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=0, keepdims=True)


@wrong(
    "linear_backward",
    "dx is computed with W instead of its transpose. With a square W the shapes fit, but the numbers are wrong.",
)
def weights_not_transposed(dout, cache):
    x, W = cache
    dx = dout @ W if W.shape[0] == W.shape[1] else dout @ W.reshape(W.shape[::-1])
    return dx, x.T @ dout, dout.sum(axis=0)


@wrong("linear_backward", "dx comes out transposed. It must have the shape of x, (N, D).")
def input_gradient_transposed(dout, cache):
    x, W = cache
    return W @ dout.T, x.T @ dout, dout.sum(axis=0)


@wrong("linear_backward", "The three gradients come in another order than (dx, dW, db).")
def other_order(dout, cache):
    x, W = cache
    return x.T @ dout, dout.sum(axis=0), dout @ W.T


@wrong("linear_backward", "dout itself is changed by your backward pass. Make new arrays.")
def dout_overwritten(dout, cache):
    x, W = cache
    dx, dW = dout @ W.T, x.T @ dout
    dout *= 0
    return dx, dW, dout.sum(axis=0)


@wrong("linear_forward", "The bias is missing in your output.")
def bias_forgotten(x, W, b):
    return x @ W, (x, W)


@wrong("linear_forward", "The bias seems to be multiplied along with the weights: it is added after the product.")
def bias_inside(x, W, b):
    return (x + 1) @ W * 0 + (x @ W) + b * W.sum(), (x, W)


@wrong(
    "linear_forward",
    "Your backward pass works only for the layer that was called last: the arrays seem to be kept in one common place. Put them into the cache that is returned.",
)
def one_cache_for_all(x, W, b):
    shared = vars(linear_forward).setdefault("shared", {})
    shared["x"], shared["W"] = x, W

    class Shared:
        def __iter__(self):
            return iter((shared["x"], shared["W"]))

    return x @ W + b, Shared()


@wrong("linear_forward", "The forward pass changes its arguments. x += ... works in place; make new arrays.")
def bias_overwritten(x, W, b):
    b += x @ W[:, 0] @ np.ones(len(x)) * 0 + 1
    b -= 1
    x *= 2
    return x / 2 @ W + b, (x / 2, W)


# 2.10 embedding_backward


@wrong(
    "embedding_backward",
    "Where a row was looked up several times, only the last gradient is left. dC[X] = dout assigns, and dC[X] += dout reads all rows first and writes them afterwards, so repeated rows overwrite each other. The gradients of all uses must be added up.",
)
def last_use_only(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    dC[X] = dout
    return dC


@wrong(
    "embedding_backward",
    "Where a row was looked up several times, only the last gradient is left. dC[X] = dout assigns, and dC[X] += dout reads all rows first and writes them afterwards, so repeated rows overwrite each other. The gradients of all uses must be added up.",
)
def fancy_index_addition(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    dC[X] += dout
    return dC + 0.0


@wrong(
    "embedding_backward",
    "Repeated rows are added up within an example or between examples, but not both: a loop over one axis with dC[rows] += still loses repetitions.",
)
def loop_over_examples(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    for rows, gradients in zip(X, dout):
        dC[rows] += gradients
    return dC


@wrong(
    "embedding_backward",
    "Repeated rows are added up within an example or between examples, but not both: a loop over one axis with dC[rows] += still loses repetitions.",
)
def loop_over_places(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    for place in range(X.shape[1]):
        dC[X[:, place]] += dout[:, place]
    return dC


@wrong(
    "embedding_backward",
    "The gradients of a row that was looked up several times are averaged. They must be added up.",
)
def uses_averaged(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    np.add.at(dC, X, dout)
    return dC / np.maximum(np.bincount(X.ravel(), minlength=V), 1)[:, None]


@wrong(
    "embedding_backward",
    "The result has not one row for each row of the table. It needs V rows, also for those that were not looked up.",
)
def rows_that_occur(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((X.max() + 1, dout.shape[-1]))
    np.add.at(dC, X, dout)
    return dC


@wrong(
    "embedding_backward",
    "The result has not one row for each row of the table. It needs V rows, also for those that were not looked up.",
)
def one_row_an_example(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    return dout.sum(axis=1)


@wrong(
    "embedding_backward",
    "Row numbers that the table does not have are not refused with a ValueError. NumPy counts negative ones from the end, and raises an IndexError for large ones; check both yourself.",
)
def rows_unchecked(dout, X, V):
    dC = np.zeros((V, dout.shape[-1]))
    np.add.at(dC, X, dout)
    return dC


@wrong(
    "embedding_backward",
    "Negative row numbers are accepted: NumPy counts them from the end. They must raise a ValueError.",
)
def negative_rows_accepted(dout, X, V):
    if X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    np.add.at(dC, X, dout)
    return dC


@wrong(
    "embedding_backward",
    "Each gradient seems to be divided by the number of examples or places. Looking up copies numbers, so the gradients are added as they are.",
)
def divided_by_batch(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    np.add.at(dC, X, dout / len(X))
    return dC


@wrong(
    "embedding_backward",
    "The result counts how often each row was looked up, but not which gradients arrived.",
)
def counts_only(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    return np.repeat(np.bincount(X.ravel(), minlength=V)[:, None], dout.shape[-1], axis=1).astype(float)


@wrong("embedding_backward", "The arguments are changed. Make a new array for the result.")
def dout_reused(dout, X, V):
    if X.min() < 0 or X.max() >= V:
        raise ValueError("row numbers")
    dC = np.zeros((V, dout.shape[-1]))
    np.add.at(dC, X, dout)
    dout[...] = 0.0
    return dC


# 2.11 tanh_backward, relu_backward, sigmoid_backward


@wrong(
    "tanh_backward",
    "tanh_backward treats out as the input and applies tanh once more. out is the output; it has been through tanh.",
)
def tanh_again(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return dout * (1 - np.tanh(out) ** 2)


@wrong("tanh_backward", "tanh_backward returns the slope alone: the gradient that arrives, dout, is missing.")
def tanh_without_dout(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return 1 - out**2


@wrong("tanh_backward", "tanh_backward seems to lack the square: the slope is 1 - out^2.")
def tanh_without_square(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return dout * (1 - out)


@wrong("tanh_backward", "tanh_backward squares the gradient along with the output: parentheses.")
def tanh_square_of_all(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return 1 - (dout * out) ** 2


@wrong(
    "tanh_backward",
    "tanh_backward accepts arrays of different shapes, which NumPy broadcasts. Compare the shapes and raise a ValueError.",
)
def tanh_shapes_unchecked(dout, out):
    return dout * (1 - out**2)


@wrong("tanh_backward", "tanh_backward changes its arguments: *= works in place. Return a new array.")
def tanh_in_place(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    dout *= 1 - out**2
    return dout


@wrong(
    "relu_backward",
    "relu_backward looks at the sign of dout. What counts is where the unit was on: the sign of out.",
)
def relu_mask_on_dout(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return np.where(dout > 0, dout, 0.0)


@wrong(
    "relu_backward", "relu_backward passes the gradient where out is 0. There the unit is off, and the gradient is 0."
)
def relu_passes_at_zero(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return dout * (out >= 0)


@wrong("relu_backward", "relu_backward returns the mask alone: the gradient that arrives, dout, is missing.")
def relu_without_dout(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return (out > 0).astype(float)


@wrong(
    "relu_backward",
    "relu_backward multiplies by the output. The slope of ReLU is 1 where it is on, whatever the output is.",
)
def relu_times_output(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return dout * out


@wrong(
    "relu_backward",
    "relu_backward accepts arrays of different shapes, which NumPy broadcasts. Compare the shapes and raise a ValueError.",
)
def relu_shapes_unchecked(dout, out):
    return dout * (out > 0)


@wrong(
    "relu_backward", "relu_backward changes its arguments: it sets entries of dout to 0 in place. Return a new array."
)
def relu_in_place(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    dout[out <= 0] = 0.0
    return dout


@wrong(
    "sigmoid_backward",
    "sigmoid_backward treats out as the input and applies the sigmoid once more. out is the output; it has been through the sigmoid.",
)
def sigmoid_again(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    s = 1 / (1 + np.exp(-out))
    return dout * s * (1 - s)


@wrong("sigmoid_backward", "sigmoid_backward returns the slope alone: the gradient that arrives, dout, is missing.")
def sigmoid_without_dout(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return out * (1 - out)


@wrong("sigmoid_backward", "sigmoid_backward uses the slope of tanh, 1 - out^2. That of the sigmoid is out (1 - out).")
def sigmoid_with_tanh_slope(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return dout * (1 - out**2)


@wrong("sigmoid_backward", "In sigmoid_backward a factor is missing: the slope is out (1 - out).")
def sigmoid_one_factor(dout, out):
    if dout.shape != out.shape:
        raise ValueError("shapes")
    return dout * (1 - out)


@wrong(
    "sigmoid_backward",
    "sigmoid_backward accepts arrays of different shapes, which NumPy broadcasts. Compare the shapes and raise a ValueError.",
)
def sigmoid_shapes_unchecked(dout, out):
    return dout * out * (1 - out)


# 2.12 residual_net_grads


@wrong(
    "residual_net_grads",
    "The gradient that comes along the skip path is missing in dh1. h1 goes into h3 directly, too.",
)
def skip_path_dropped(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "The gradient that comes through the block is missing in dh1. h1 goes into z2, too.",
)
def block_path_dropped(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3.copy()
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "On its way back through the block, the gradient is multiplied by W2 where it should be the transpose. W2 is square, so the shapes do not warn you.",
)
def block_not_transposed(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2 @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "The derivative of ReLU at exactly 0 is 1 in your code. Here it is defined to be 0; look at your comparisons.",
)
def relu_on_at_zero(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 >= 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 >= 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "A ReLU seems to be applied to the sum h3 as well. In this network the sum goes into the softmax as it is.",
)
def relu_on_the_sum(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(np.maximum(h3, 0) - h3.max())
    dh3 = (e / e.sum() - y_onehot) * (h3 > 0)
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "All gradients have the wrong sign: dh3 is probabilities minus one-hot, not the other way round.",
)
def sign_of_the_start(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = y_onehot - e / e.sum()
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads", "dh3 seems to be h3 - y: the softmax is missing. The gradient is probabilities minus one-hot."
)
def softmax_forgotten(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    dh3 = h1 + np.maximum(z2, 0) - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong("residual_net_grads", "The network runs without its skip connection: h3 is the sum of h1 and h2.")
def forward_without_skip(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong("residual_net_grads", "The block's ReLU is not undone: dz2 must be 0 where z2 is not positive.")
def block_mask_forgotten(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3.copy()
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong("residual_net_grads", "The first ReLU is not undone: dz1 must be 0 where z1 is not positive.")
def first_mask_forgotten(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1.copy()
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "The two masks seem to be mixed up: the gradient of z2 is cut where z2 is not positive, that of z1 where z1 is not.",
)
def masks_exchanged(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z1 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z2 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "dW1 and dW2 come out transposed. A gradient has the shape of its matrix: rows belong to outputs.",
)
def weights_transposed(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(x, dz1), dW2=np.outer(h1, dz2)
    )


@wrong(
    "residual_net_grads", "dW2 seems to be made with z1 or x in the place of the block's input. The input of W2 is h1."
)
def block_input_before_relu(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, z1)
    )


@wrong(
    "residual_net_grads",
    "The skip path seems to add dh3 a second time further down, at z1. It joins at h1, before the first ReLU.",
)
def skip_added_after_relu(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = e / e.sum() - y_onehot
    dz2 = dh3 * (z2 > 0)
    dh1 = W2.T @ dz2
    dz1 = dh1 * (z1 > 0) + dh3
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


@wrong(
    "residual_net_grads",
    "The gradients are divided by the number of classes. This is one example, and nothing is averaged.",
)
def divided_by_classes(x, y_onehot, W1, W2):
    z1 = W1 @ x
    h1 = np.maximum(z1, 0)
    z2 = W2 @ h1
    h3 = h1 + np.maximum(z2, 0)
    e = np.exp(h3 - h3.max())
    dh3 = (e / e.sum() - y_onehot) / len(y_onehot)
    dz2 = dh3 * (z2 > 0)
    dh1 = dh3 + W2.T @ dz2
    dz1 = dh1 * (z1 > 0)
    return dict(
        dh3=dh3, dh2=dh3.copy(), dz2=dz2, dh1=dh1, dz1=dz1, dx=W1.T @ dz1, dW1=np.outer(dz1, x), dW2=np.outer(dz2, h1)
    )


# 2.13 two_layer_step


@wrong(
    "two_layer_step",
    "Your increments have the wrong sign: adding them would make the error larger. The delta of the output has the sign of y - y_hat.",
)
def error_sign(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y_hat - y) * y_hat * (1 - y_hat)
    return lr * delta * h, lr * delta * W * h * (1 - h) * x, y_hat


@wrong(
    "two_layer_step",
    "The slope of the sigmoid is computed by applying the sigmoid to an output that has been through it already. Use y_hat (1 - y_hat) and h (1 - h).",
)
def slope_of_the_output_twice(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    s, t = 1 / (1 + np.exp(-y_hat)), 1 / (1 + np.exp(-h))
    delta = (y - y_hat) * s * (1 - s)
    return lr * delta * h, lr * delta * W * t * (1 - t) * x, y_hat


@wrong(
    "two_layer_step",
    "The slope of the sigmoid is computed by applying the sigmoid to an output that has been through it already. Use y_hat (1 - y_hat) and h (1 - h).",
)
def hidden_slope_twice(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    t = 1 / (1 + np.exp(-h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    return lr * delta * h, lr * delta * W * t * (1 - t) * x, y_hat


@wrong("two_layer_step", "You seem to round on the way, as one does on paper. Keep all digits.")
def rounded_on_the_way(x, y, w, W, lr):
    h = round(1 / (1 + math.exp(-(w @ x))), 3)
    y_hat = round(1 / (1 + math.exp(-W * h)), 3)
    delta = round((y - y_hat) * y_hat * (1 - y_hat), 3)
    return lr * delta * h, lr * delta * W * h * (1 - h) * x, y_hat


@wrong(
    "two_layer_step", "The hidden delta seems to lack the weight W, through which the error reaches the hidden unit."
)
def hidden_delta_without_weight(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    return lr * delta * h, lr * delta * h * (1 - h) * x, y_hat


@wrong(
    "two_layer_step",
    "The hidden delta seems to be computed with the new W. Both deltas belong to the same point: use the old one.",
)
def new_weight_used(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    dW = lr * delta * h
    return dW, lr * delta * (W + dW) * h * (1 - h) * x, y_hat


@wrong(
    "two_layer_step",
    "The output's delta seems to lack the slope of the output's sigmoid. With the squared error it does not cancel, as it does with cross-entropy.",
)
def output_slope_missing(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = y - y_hat
    return lr * delta * h, lr * delta * W * h * (1 - h) * x, y_hat


@wrong("two_layer_step", "The hidden delta seems to lack the slope of the hidden unit's own sigmoid.")
def hidden_slope_missing(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    return lr * delta * h, lr * delta * W * x, y_hat


@wrong("two_layer_step", "The step size lr is missing in an increment.")
def step_size_missing(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    return delta * h, delta * W * h * (1 - h) * x, y_hat


@wrong("two_layer_step", "The step size lr is missing in an increment.")
def step_size_missing_below(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    return lr * delta * h, delta * W * h * (1 - h) * x, y_hat


@wrong("two_layer_step", "A factor 2 too much: the loss has a factor 1/2, which cancels the 2 of the square.")
def factor_two(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = 2 * (y - y_hat) * y_hat * (1 - y_hat)
    return lr * delta * h, lr * delta * W * h * (1 - h) * x, y_hat


@wrong("two_layer_step", "You return the new weights. Asked for are the increments, which somebody else will add.")
def new_weights_returned(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    return W + lr * delta * h, w + lr * delta * W * h * (1 - h) * x, y_hat


@wrong("two_layer_step", "The output seems to be linear: W h without a sigmoid. Both units have one.")
def linear_output(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = W * h
    delta = y - y_hat
    return lr * delta * h, lr * delta * W * h * (1 - h) * x, y_hat


@wrong(
    "two_layer_step", "The increments are made with the wrong inputs: the input of W is h, and the inputs of w are x."
)
def inputs_exchanged(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    return lr * delta * y_hat, lr * delta * W * h * (1 - h) * np.array([h, h]), y_hat


@wrong("two_layer_step", "You return the output after the step. Asked for is the one before it.")
def output_after_the_step(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    dW, dw = lr * delta * h, lr * delta * W * h * (1 - h) * x
    new = 1 / (1 + np.exp(-(W + dW) / (1 + np.exp(-((w + dw) @ x)))))
    return dW, dw, new


@wrong("two_layer_step", "The weights are changed in place. Return the increments and leave w as it is.")
def weights_changed(x, y, w, W, lr):
    h = 1 / (1 + np.exp(-(w @ x)))
    y_hat = 1 / (1 + np.exp(-W * h))
    delta = (y - y_hat) * y_hat * (1 - y_hat)
    dw = lr * delta * W * h * (1 - h) * x
    w += dw
    return lr * delta * h, dw, y_hat
