"""Known wrong solutions of week 1, each with the sentence that its author should read. Spliced, never imported."""

import math

import numpy as np

from autograder.variants import wrong
from reference import GradCheck, sigmoid, softmax

# 1.1 forward_difference


@wrong(
    "forward_difference",
    "Your default step seems to be too small: f(x + h) and f(x) then agree in nearly all their digits, and the difference is mostly rounding error. The default in the signature is 1e-6; keep it.",
)
def default_step_in_the_noise(f, x, h=1e-15):
    if h == 0:
        raise ValueError("h = 0")
    return (f(x + h) - f(x)) / h


@wrong(
    "forward_difference",
    "Your forward difference takes a default step other than 1e-6. The contract fixes it, so that all results can be compared; keep the signature as it is given.",
)
def default_step_changed(f, x, h=1e-5):
    if h == 0:
        raise ValueError("h = 0")
    return (f(x + h) - f(x)) / h


@wrong(
    "forward_difference",
    "Your slopes have the wrong sign: it looks as if the new value were subtracted from the old one. Which order gives a growing function a positive slope?",
)
def difference_turned_round(f, x, h=1e-6):
    if h == 0:
        raise ValueError("h = 0")
    return (f(x) - f(x + h)) / h


@wrong(
    "forward_difference",
    "Your slopes are half of what they should be: you seem to divide by 2h. How far apart are x and x + h?",
)
def divided_by_twice_the_step(f, x, h=1e-6):
    if h == 0:
        raise ValueError("h = 0")
    return (f(x + h) - f(x)) / (2 * h)


@wrong(
    "forward_difference",
    "You seem to return the central difference, from x - h to x + h. It is the better estimate, but here the task is the line through the points at x and at x + h.",
)
def both_sides(f, x, h=1e-6):
    if h == 0:
        raise ValueError("h = 0")
    return (f(x + h) - f(x - h)) / (2 * h)


@wrong(
    "forward_difference",
    "Your second point seems to lie at x - h, which is the backward difference. For a positive h it must lie to the right of x.",
)
def backward(f, x, h=1e-6):
    if h == 0:
        raise ValueError("h = 0")
    return (f(x) - f(x - h)) / h


@wrong(
    "forward_difference",
    "You seem to return the change of f, not its slope. How far did you walk for this change?",
)
def change_without_division(f, x, h=1e-6):
    if h == 0:
        raise ValueError("h = 0")
    return f(x + h) - f(x)


@wrong(
    "forward_difference",
    "Only f(x) seems to be divided by h, not the whole difference. Division binds tighter than subtraction; look at your parentheses.",
)
def missing_parentheses(f, x, h=1e-6):
    if h == 0:
        raise ValueError("h = 0")
    return f(x + h) - f(x) / h


@wrong(
    "forward_difference",
    "Your function does not raise a ValueError for h = 0. Two equal points do not fix a line; check this before you divide.",
)
def step_zero_unchecked(f, x, h=1e-6):
    return (f(x + h) - f(x)) / h


@wrong(
    "forward_difference",
    "A negative h seems to be refused or turned into a positive one. It is allowed: the second point then lies to the left, and the formula stays the same.",
)
def negative_step_made_positive(f, x, h=1e-6):
    if h == 0:
        raise ValueError("h = 0")
    h = abs(h)
    return (f(x + h) - f(x)) / h


@wrong(
    "forward_difference",
    "A negative h seems to be refused or turned into a positive one. It is allowed: the second point then lies to the left, and the formula stays the same.",
)
def negative_step_refused(f, x, h=1e-6):
    if h <= 0:
        raise ValueError("h must be positive")
    return (f(x + h) - f(x)) / h


# 1.2 central_difference


@wrong(
    "central_difference",
    "Your slopes are twice what they should be: you seem to divide by h. One point lies at x - h, the other at x + h; how far apart are they?",
)
def divided_by_one_step(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*right) - f(*left)) / h


@wrong(
    "central_difference",
    "All arguments of f seem to move at the same time. A partial derivative asks what happens if one of them moves and the others stay.",
)
def all_arguments_move(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    return (f(*[v + h for v in vals]) - f(*[v - h for v in vals])) / (2 * h)


@wrong(
    "central_difference",
    "Your function seems to move the first argument of f whatever `arg` says. `arg` names the argument that moves, counted from 0.",
)
def arg_ignored(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    return (f(vals[0] + h, *vals[1:]) - f(vals[0] - h, *vals[1:])) / (2 * h)


@wrong(
    "central_difference",
    "Your function seems to count the arguments of f from 1. Like every index in Python, `arg` counts from 0.",
)
def counted_from_one(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = list(vals), list(vals)
    right[arg - 1] += h
    left[arg - 1] -= h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "You seem to step to one side only, which is the forward difference. The central difference takes one step to each side.",
)
def one_sided(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right = list(vals)
    right[arg] += h
    return (f(*right) - f(*vals)) / h


@wrong(
    "central_difference",
    "You seem to step by h / 2 to each side. Some books do; here the contract says that each step is h, so the points are 2h apart.",
)
def half_steps(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = list(vals), list(vals)
    right[arg] += h / 2
    left[arg] -= h / 2
    return (f(*right) - f(*left)) / h


@wrong(
    "central_difference",
    "Your slopes have the wrong sign: it looks as if the value on the right were subtracted from the value on the left.",
)
def left_minus_right_value(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*left) - f(*right)) / (2 * h)


@wrong(
    "central_difference",
    "Your function fails for integer arguments: it seems to store the moved value in an array of integers, where the fraction is lost or refused. Make the numbers floats first.",
)
def integers_swallow_the_step(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = np.array(vals), np.array(vals)
    right[arg] = right[arg] + h
    left[arg] = left[arg] - h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "Your function fails for integer arguments: it seems to store the moved value in an array of integers, where the fraction is lost or refused. Make the numbers floats first.",
)
def integers_refuse_the_step(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = np.array(vals), np.array(vals)
    right[arg : arg + 1] += h
    left[arg : arg + 1] -= h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "An `arg` that f does not have must raise a ValueError. Your function raises something else or lets it pass; compare `arg` with the number of values first.",
)
def arg_unchecked(f, *vals, arg=0, h=1e-5):
    if h == 0:
        raise ValueError("h = 0")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "An `arg` that f does not have must raise a ValueError. Your function raises something else or lets it pass; compare `arg` with the number of values first.",
)
def arg_wraps_around(f, *vals, arg=0, h=1e-5):
    if h == 0:
        raise ValueError("h = 0")
    right, left = list(vals), list(vals)
    right[arg % len(vals)] += h
    left[arg % len(vals)] -= h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "An `arg` of len(vals) seems to be let through: the largest index is one less than the number of values.",
)
def arg_checked_one_too_late(f, *vals, arg=0, h=1e-5):
    if arg > len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "Your function does not raise a ValueError for h = 0. The two points would be one and the same; check this before you divide.",
)
def central_step_zero_unchecked(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals):
        raise ValueError("wrong argument")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "Your central difference takes a default step other than 1e-5. Keep the signature as it is given: for a central difference, 1e-5 is about where truncation and round-off meet.",
)
def central_default_changed(f, *vals, arg=0, h=1e-6):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*right) - f(*left)) / (2 * h)


@wrong(
    "central_difference",
    "A negative h changes the sign of your result. Going to the left first and to the right second is the same pair of points, so the slope must be the same.",
)
def negative_step_turns_the_sign(f, *vals, arg=0, h=1e-5):
    if not 0 <= arg < len(vals) or h == 0:
        raise ValueError("wrong arguments")
    right, left = list(vals), list(vals)
    right[arg] += h
    left[arg] -= h
    return (f(*right) - f(*left)) / (2 * abs(h))


# 1.3 convergence_order


@wrong(
    "convergence_order",
    "Your result looks like 1/p: the axes seem to be swapped. The error is what depends on h, so log(error) belongs on the vertical axis.",
)
def axes_swapped(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([v for _, v in points], [u for u, _ in points], 1)[0]


@wrong(
    "convergence_order",
    "You seem to fit the errors themselves, not their logarithms. A power law is a straight line only if both axes are logarithmic.",
)
def no_logarithm(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((h, error))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[0]


@wrong(
    "convergence_order",
    "You seem to take the logarithm of one axis only. In log(error) = log(C) + p log(h), both error and h stand inside a logarithm.",
)
def logarithm_of_the_error_only(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((h, math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[0]


@wrong(
    "convergence_order",
    "Your result seems to depend on two of the steps only. The smallest steps are the ones where round-off wins; the fit must use all steps, by least squares.",
)
def smallest_two_steps(f, df, x, hs, scheme):
    points = []
    for h in sorted(hs):
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    (u0, v0), (u1, v1) = points[:2]
    return (v1 - v0) / (u1 - u0)


@wrong(
    "convergence_order",
    "Your result seems to depend on two of the steps only. The smallest steps are the ones where round-off wins; the fit must use all steps, by least squares.",
)
def first_and_last_step(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    (u0, v0), (u1, v1) = points[0], points[-1]
    return (v1 - v0) / (u1 - u0)


@wrong(
    "convergence_order",
    "You seem to take the logarithm of log(error) / log(h) at the smallest step instead of fitting a line. The constant C in C h^p then spoils the result; only a slope between several steps gets rid of it.",
)
def ratio_at_the_smallest_step(f, df, x, hs, scheme):
    points = []
    for h in sorted(hs):
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return points[0][1] / points[0][0]


@wrong(
    "convergence_order",
    "Where the difference quotient lies below the true slope, your error is negative, and a negative number has no logarithm. An error is a distance.",
)
def signed_error(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = (f(x + h) - f(left)) / width - df(x)
        if error != 0:
            points.append((np.log(h), np.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    u, v = np.array(points).T
    return np.sum((u - u.mean()) * (v - v.mean())) / np.sum((u - u.mean()) ** 2)


@wrong(
    "convergence_order",
    "Steps whose difference quotient lies below the true slope seem to be left out. Their error counts like any other; only an error of exactly 0 has no logarithm.",
)
def negative_errors_left_out(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = (f(x + h) - f(left)) / width - df(x)
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[0]


@wrong(
    "convergence_order",
    "Your function trips over a step whose error is exactly 0, because log(0) is minus infinity. Leave such steps out before you fit.",
)
def exact_steps_kept(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        points.append((np.log(h), np.log(abs((f(x + h) - f(left)) / width - df(x)))))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    u, v = np.array(points).T
    return np.sum((u - u.mean()) * (v - v.mean())) / np.sum((u - u.mean()) ** 2)


@wrong(
    "convergence_order",
    "Instead of leaving out a step whose error is exactly 0, you seem to add a small number before the logarithm. This puts a point far below all others and bends the line towards it.",
)
def small_number_inside_the_logarithm(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        points.append((np.log(h), np.log(abs((f(x + h) - f(left)) / width - df(x)) + 1e-12)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[0]


@wrong(
    "convergence_order",
    "Your function seems to use the same difference quotient whatever `scheme` says. The central one takes a step to each side and divides by 2h.",
)
def scheme_ignored(f, df, x, hs, scheme):
    points = []
    for h in hs:
        error = abs((f(x + h) - f(x)) / h - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[0]


@wrong(
    "convergence_order",
    "Your line seems to be forced through the origin. The constant C shifts the line up or down, so the fit needs an intercept.",
)
def through_the_origin(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return sum(u * v for u, v in points) / sum(u * u for u, _ in points)


@wrong(
    "convergence_order",
    "You seem to return the intercept of the line, which is log(C). The order is the slope; which coefficient does your fit return first?",
)
def intercept_returned(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[1]


@wrong(
    "convergence_order",
    "With one step, or the same step several times, no line is fixed. Count the different steps that are left and raise a ValueError if there are fewer than two.",
)
def steps_uncounted(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    u, v = np.array(points).T
    return np.sum((u - u.mean()) * (v - v.mean())) / np.sum((u - u.mean()) ** 2)


@wrong(
    "convergence_order",
    "With one step, or the same step several times, no line is fixed. Count the different steps that are left and raise a ValueError if there are fewer than two.",
)
def equal_steps_counted_twice(f, df, x, hs, scheme):
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len(points) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[0]


@wrong(
    "convergence_order",
    "Your function changes hs: it seems to sort it in place. The order of the steps does not matter for a fit; if you want them sorted, sort a copy.",
)
def steps_sorted_in_place(f, df, x, hs, scheme):
    hs.sort()
    points = []
    for h in hs:
        left, width = (x, h) if scheme == "forward" else (x - h, 2 * h)
        error = abs((f(x + h) - f(left)) / width - df(x))
        if error > 0:
            points.append((math.log(h), math.log(error)))
    if len({u for u, _ in points}) < 2:
        raise ValueError("too few steps")
    return np.polyfit([u for u, _ in points], [v for _, v in points], 1)[0]


# 1.4 f_exercise, grad_f_exercise


@wrong(
    "f_exercise",
    "The value of f looks as if the angle were in degrees. Mathematics and Python's math.sin both take radians; do not convert.",
)
def angle_in_degrees(a, b, c):
    if a < 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -(a**3) + math.sin(math.radians(3 * b)) - 1 / c + b**2.5 - math.sqrt(a)


@wrong(
    "f_exercise",
    "The sine in your f seems to get b, not 3b.",
)
def sine_of_b(a, b, c):
    if a < 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -(a**3) + math.sin(b) - 1 / c + b**2.5 - math.sqrt(a)


@wrong(
    "f_exercise",
    "Your f seems to compute 3 sin(b). The 3 stands inside the sine, where it makes the wave faster, not taller.",
)
def three_times_the_sine(a, b, c):
    if a < 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -(a**3) + 3 * math.sin(b) - 1 / c + b**2.5 - math.sqrt(a)


@wrong(
    "f_exercise",
    "The term b^2.5 in your f looks like 2.5 b. In Python a power is written with two asterisks.",
)
def product_for_power(a, b, c):
    if a < 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -(a**3) + math.sin(3 * b) - 1 / c + b * 2.5 - math.sqrt(a)


@wrong(
    "f_exercise",
    "A sign in your f is off: the term 1/c seems to be added. The formula subtracts it.",
)
def reciprocal_added(a, b, c):
    if a < 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -(a**3) + math.sin(3 * b) + 1 / c + b**2.5 - math.sqrt(a)


@wrong(
    "f_exercise",
    "Outside its domain, f must raise a ValueError. NumPy's functions return NaN there, and in Python a negative number to the power of 2.5 is a complex number: check a, b and c first.",
)
def silent_outside(a, b, c):
    with np.errstate(all="ignore"):
        a, b, c = np.float64(a), np.float64(b), np.float64(c)
        return -(a**3) + np.sin(3 * b) - 1 / c + b**2.5 - np.sqrt(a)


@wrong(
    "f_exercise",
    "Outside its domain, f must raise a ValueError. NumPy's functions return NaN there, and in Python a negative number to the power of 2.5 is a complex number: check a, b and c first.",
)
def complex_for_negative_b(a, b, c):
    return -(a**3) + math.sin(3 * b) - 1 / c + b**2.5 - math.sqrt(a)


@wrong(
    "f_exercise",
    "Your f refuses points at the edge of its domain. a = 0 and b = 0 are allowed for f: the root and the power are both 0 there.",
)
def edge_refused(a, b, c):
    if a <= 0 or b <= 0 or c == 0:
        raise ValueError("outside")
    return -(a**3) + math.sin(3 * b) - 1 / c + b**2.5 - math.sqrt(a)


@wrong(
    "grad_f_exercise",
    "In df/db the chain rule is missing: sin(3b) seems to become cos(3b) alone. What stands inside the sine has a derivative too.",
)
def inner_derivative_missing(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), math.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/db the argument of the cosine is b instead of 3b. The chain rule differentiates the outer function and leaves what is inside as it was.",
)
def inside_changed(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/db the derivative of the sine has the wrong sign. It is the cosine whose derivative has a minus.",
)
def sine_becomes_minus_cosine(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), -3 * math.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/db the angle looks as if it were in degrees. The rule that sine becomes cosine holds for radians only; do not convert.",
)
def slope_in_degrees(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(math.radians(3 * b)) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/db the power b^2.5 seems to lose only its exponent or only its factor. The power rule brings the exponent down as a factor and lowers it by 1.",
)
def power_without_its_factor(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/db the power b^2.5 seems to lose only its exponent or only its factor. The power rule brings the exponent down as a factor and lowers it by 1.",
)
def exponent_not_lowered(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**2.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "df/dc has the wrong sign. The derivative of 1/c is negative, because 1/c falls; and in f there is a minus in front of it.",
)
def reciprocal_sign(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**1.5, -1 / c**2


@wrong(
    "grad_f_exercise",
    "df/dc looks like a logarithm. The logarithm is what you get when you integrate 1/c; to differentiate it, write it as a power of c.",
)
def integral_of_the_reciprocal(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**1.5, -math.log(abs(c))


@wrong(
    "grad_f_exercise",
    "In df/da the root lost its factor 1/2. A root is the power 1/2, and the power rule brings the exponent down as a factor.",
)
def half_missing(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 1 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/da a minus was lost. Both terms with a are subtracted in f, so both slopes are negative.",
)
def cube_sign_lost(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return 3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/da a minus was lost. Both terms with a are subtracted in f, so both slopes are negative.",
)
def root_sign_lost(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 + 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "In df/da the derivative of the root looks like half the root. The exponent 1/2 is lowered by 1, which makes it negative: the root moves below the fraction bar.",
)
def root_stays_above(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 * math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "You seem to return one number, the sum of the partial derivatives. The gradient is the tuple of the three of them.",
)
def summed_up(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a) + 3 * math.cos(3 * b) + 2.5 * b**1.5 + 1 / c**2


@wrong(
    "grad_f_exercise",
    "Outside its domain (a <= 0, b < 0 or c = 0) the gradient must raise a ValueError. NumPy's functions return NaN or infinity there, and a negative number to a fractional power is complex in Python.",
)
def gradient_silent_outside(a, b, c):
    with np.errstate(all="ignore"):
        a, b, c = np.float64(a), np.float64(b), np.float64(c)
        return -3 * a**2 - 0.5 / np.sqrt(a), 3 * np.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "Outside its domain (a <= 0, b < 0 or c = 0) the gradient must raise a ValueError. NumPy's functions return NaN or infinity there, and a negative number to a fractional power is complex in Python.",
)
def gradient_complex_for_negative_b(a, b, c):
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**1.5, 1 / c**2


@wrong(
    "grad_f_exercise",
    "Your gradient refuses b = 0. It is defined there: cos(0) is 1 and 0 to the power of 1.5 is 0. Do you divide by b somewhere?",
)
def divided_by_b(a, b, c):
    if a <= 0 or b < 0 or c == 0:
        raise ValueError("outside")
    return -3 * a**2 - 0.5 / math.sqrt(a), 3 * math.cos(3 * b) + 2.5 * b**2.5 / b, 1 / c**2


# 1.5 numerical_gradient


@wrong(
    "numerical_gradient",
    "Your function changes x and does not put the old entry back. So x is spoilt for the caller, and all entries after the first are computed at the wrong point.",
)
def entry_not_put_back(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        right = f(x)
        x[index] -= 2 * h
        gradient[index] = (right - f(x)) / (2 * h)
    return gradient


@wrong(
    "numerical_gradient",
    "An array of integers cannot hold x + h: the fraction is cut off, and nothing moves. Make a copy of x with floats first.",
)
def integers_cut_off_the_step(f, x, h=1e-5):
    x, gradient = x.copy(), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        right = f(x)
        x[index] = old - h
        gradient[index] = (right - f(x)) / (2 * h)
        x[index] = old
    return gradient


@wrong(
    "numerical_gradient",
    "An array of integers cannot hold x + h: the fraction is cut off, and nothing moves. Make a copy of x with floats first.",
)
def integers_in_the_result(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[index] += h
        left[index] -= h
        gradient[index] = (f(right) - f(left)) / (2 * h)
    return gradient


@wrong(
    "numerical_gradient",
    "An array of integers cannot hold x + h: the fraction is cut off, and nothing moves. Make a copy of x with floats first.",
)
def integer_steps(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@wrong(
    "numerical_gradient",
    "Your gradient is a flat vector. It must have the shape of x, so that each slope stands where its entry stands.",
)
def flat_result(f, x, h=1e-5):
    slopes = []
    for index in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[index] += h
        left[index] -= h
        slopes.append((f(right) - f(left)) / (2 * h))
    return np.array(slopes)


@wrong(
    "numerical_gradient",
    "Your function seems to hand f a flat vector. f expects an array of the shape of x; it may pick out a row or an entry.",
)
def flat_argument(f, x, h=1e-5):
    flat, slopes = np.array(x, dtype=float).ravel(), []
    for i in range(flat.size):
        step = h * np.eye(flat.size)[i]
        slopes.append((f(flat + step) - f(flat - step)) / (2 * h))
    return np.reshape(slopes, x.shape)


@wrong(
    "numerical_gradient",
    "You seem to step to one side only. The task asks for central differences: one step to each side, divided by 2h.",
)
def forward_only(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        right = x.astype(float)
        right[index] += h
        gradient[index] = (f(right) - f(x)) / h
    return gradient


@wrong(
    "numerical_gradient",
    "Your slopes are twice what they should be: you seem to divide by h. How far apart are the two points?",
)
def gradient_divided_by_one_step(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[index] += h
        left[index] -= h
        gradient[index] = (f(right) - f(left)) / h
    return gradient


@wrong(
    "numerical_gradient",
    "Your step seems to grow with the size of the entry. That is a good idea for library code, but here the contract says that the step is h itself.",
)
def step_scaled_up(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        step = h * max(1.0, abs(right[index]))
        right[index] += step
        left[index] -= step
        gradient[index] = (f(right) - f(left)) / (2 * step)
    return gradient


@wrong(
    "numerical_gradient",
    "All entries of x seem to move at the same time, so every slope is the same sum. Move one entry and leave the others where they are.",
)
def all_entries_move(f, x, h=1e-5):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.full(x.shape, slope)


@wrong(
    "numerical_gradient",
    "Whole rows of x seem to move together. Looping over x walks along its first axis only; you need all index tuples.",
)
def rows_move(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        right, left = x.astype(float), x.astype(float)
        right[i] += h
        left[i] -= h
        gradient[i] = (f(right) - f(left)) / (2 * h)
    return gradient


@wrong(
    "numerical_gradient",
    "Where x is a transposed view, your function moves entries of a copy that f never sees. `ravel`, `flatten` and `reshape` may copy; index the array itself, or make your own copy first.",
)
def flattened_copy_moves(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    flat, gradient = x.ravel(), np.zeros(x.size)
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        right = f(x)
        flat[i] = old - h
        gradient[i] = (right - f(x)) / (2 * h)
        flat[i] = old
    return gradient.reshape(x.shape)


@wrong(
    "numerical_gradient",
    "Your numerical gradient takes a default step other than 1e-5. Keep the signature as it is given.",
)
def gradient_default_changed(f, x, h=1e-6):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        right, left = x.astype(float), x.astype(float)
        right[index] += h
        left[index] -= h
        gradient[index] = (f(right) - f(left)) / (2 * h)
    return gradient


# 1.6 numerical_jacobian


@wrong(
    "numerical_jacobian",
    "Your Jacobian is transposed. Row i belongs to output i, column j to input j, so moving one input fills a column.",
)
def transposed(f, x, h=1e-5):
    rows = []
    for step in h * np.eye(len(x)):
        rows.append((np.atleast_1d(f(x + step)) - np.atleast_1d(f(x - step))) / (2 * h))
    return np.array(rows)


@wrong(
    "numerical_jacobian",
    "Your Jacobian seems to be square whatever f returns. The number of rows is the number of outputs, which you know only after calling f.",
)
def always_square(f, x, h=1e-5):
    n = len(x)
    J = np.zeros((n, n))
    for j in range(n):
        step = h * np.eye(n)[j]
        J[:, j] = (f(x + step) - f(x - step)) / (2 * h)
    return J


@wrong(
    "numerical_jacobian",
    "Your Jacobian seems to be square whatever f returns. The number of rows is the number of outputs, which you know only after calling f.",
)
def loops_over_inputs_twice(f, x, h=1e-5):
    n = len(x)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            step = h * np.eye(n)[j]
            J[i, j] = (np.atleast_1d(f(x + step))[i] - np.atleast_1d(f(x - step))[i]) / (2 * h)
    return J


@wrong(
    "numerical_jacobian",
    "All columns of your Jacobian are equal: each input seems to overwrite what the inputs before it gave. Input j belongs into column j alone.",
)
def columns_overwritten(f, x, h=1e-5):
    J = np.zeros((np.size(f(x)), len(x)))
    for step in h * np.eye(len(x)):
        J[:] = ((np.atleast_1d(f(x + step)) - np.atleast_1d(f(x - step))) / (2 * h))[:, None]
    return J


@wrong(
    "numerical_jacobian",
    "Your Jacobian seems to use one step to one side. The task asks for central differences: one step to each side, divided by 2h.",
)
def jacobian_forward_only(f, x, h=1e-5):
    columns = []
    for step in h * np.eye(len(x)):
        columns.append((np.atleast_1d(f(x + step)) - np.atleast_1d(f(x))) / h)
    return np.stack(columns, axis=1)


@wrong(
    "numerical_jacobian",
    "The entries of your Jacobian are twice what they should be: you seem to divide by h. How far apart are the two points?",
)
def jacobian_divided_by_one_step(f, x, h=1e-5):
    columns = []
    for step in h * np.eye(len(x)):
        columns.append((np.atleast_1d(f(x + step)) - np.atleast_1d(f(x - step))) / h)
    return np.stack(columns, axis=1)


@wrong(
    "numerical_jacobian",
    "For a function that returns a single number, the Jacobian is a matrix with one row, of shape (1, n). Yours has lost this axis, or fails there.",
)
def row_lost(f, x, h=1e-5):
    columns = []
    for step in h * np.eye(len(x)):
        columns.append((np.asarray(f(x + step)) - np.asarray(f(x - step))) / (2 * h))
    return np.stack(columns, axis=-1)


@wrong(
    "numerical_jacobian",
    "For a function that returns a single number, the Jacobian is a matrix with one row, of shape (1, n). Yours has lost this axis, or fails there.",
)
def number_has_no_length(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        step = h * np.eye(len(x))[j]
        J[:, j] = (f(x + step) - f(x - step)) / (2 * h)
    return J


@wrong(
    "numerical_jacobian",
    "Your function leaves x changed: it moves an entry and does not put the old one back. So the columns after the first are taken at the wrong point.",
)
def jacobian_entry_not_put_back(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        x[j] += h
        right = np.atleast_1d(f(x))
        x[j] -= 2 * h
        columns.append((right - np.atleast_1d(f(x))) / (2 * h))
    return np.stack(columns, axis=1)


@wrong(
    "numerical_jacobian",
    "An array of integers cannot hold x + h: the fraction is cut off, and nothing moves. Make a copy of x with floats first.",
)
def jacobian_integers_cut_off(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        right, left = x.copy(), x.copy()
        right[j] = right[j] + h
        left[j] = left[j] - h
        columns.append((np.atleast_1d(f(right)) - np.atleast_1d(f(left))) / (2 * h))
    return np.stack(columns, axis=1)


@wrong(
    "numerical_jacobian",
    "Your Jacobian takes a default step other than 1e-5. The contract fixes the default.",
)
def jacobian_default_changed(f, x, h=1e-6):
    columns = []
    for step in h * np.eye(len(x)):
        columns.append((np.atleast_1d(f(x + step)) - np.atleast_1d(f(x - step))) / (2 * h))
    return np.stack(columns, axis=1)


# 1.7 gradient_check


@wrong(
    "gradient_check",
    "You seem to compare the absolute differences. An error of 0.001 is much for a slope of 0.002 and nothing for a slope of 1000, so divide by the size of the slopes.",
)
def absolute_only(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n)
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Where both slopes are 0, your relative error divides 0 by 0. The denominator is never smaller than 1e-8.",
)
def no_floor(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / (np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Your denominator seems to be |a| + |n| + 1e-8. The contract takes the larger of 1e-8 and |a| + |n|, so that ordinary slopes are not affected.",
)
def floor_added(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / (np.abs(a) + np.abs(n) + 1e-8)
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Your denominator seems to be the larger of the two slopes, or one of them alone. Other courses do that; here it is the sum |a| + |n|, with a floor of 1e-8.",
)
def larger_slope_below(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(n)))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Your denominator seems to be the larger of the two slopes, or one of them alone. Other courses do that; here it is the sum |a| + |n|, with a floor of 1e-8.",
)
def numerical_slope_below(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Your denominator adds a and n with their signs. Slopes of opposite sign then cancel; take the sizes first.",
)
def signed_denominator(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, a + n)
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "You seem to report the mean of the relative errors. One wrong entry among a thousand right ones then goes unnoticed: report the largest.",
)
def mean_instead_of_largest(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.mean() <= tol), errors.mean(), worst)


@wrong(
    "gradient_check",
    "A gradient that is too small passes your check: the difference a - n keeps its sign, and a negative number is below every tolerance. An error is a distance.",
)
def signed_difference(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = (a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "You seem to compare the lengths of whole vectors, one relative error for all entries. The contract asks for the relative error of each entry and for the largest of them.",
)
def error_of_the_whole_vector(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    error = np.linalg.norm(a - n) / max(1e-8, np.linalg.norm(a) + np.linalg.norm(n))
    worst = np.unravel_index(np.argmax(np.abs(a - n)), x.shape)
    return GradCheck(bool(error <= tol), error, worst)


@wrong(
    "gradient_check",
    "A gradient with a NaN or an infinite entry passes your check. Comparisons with NaN are False, so NaN slips through a search for the largest number; test for finite entries.",
)
def nan_slips_through(f, grad, x, h=1e-5, tol=1e-6):
    a, worst, where = grad(x), 0.0, (0,) * x.ndim
    for index in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[index] = h
        n = (f(x + e) - f(x - e)) / (2 * h)
        error = abs(a[index] - n) / max(1e-8, abs(a[index]) + abs(n))
        if error > worst:
            worst, where = error, index
    return GradCheck(bool(worst <= tol), worst, where)


@wrong(
    "gradient_check",
    "A gradient with a NaN or an infinite entry passes your check. Comparisons with NaN are False, so NaN slips through a search for the largest number; test for finite entries.",
)
def nan_left_out(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.nanargmax(errors), x.shape)
    return GradCheck(bool(np.nanmax(errors) <= tol), np.nanmax(errors), worst)


@wrong(
    "gradient_check",
    "Where several entries are equally wrong, you seem to report the last one. The contract asks for the first, going through x row by row.",
)
def last_of_equals(f, grad, x, h=1e-5, tol=1e-6):
    a, worst, where, finite = grad(x), 0.0, (0,) * x.ndim, True
    for index in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[index] = h
        n = (f(x + e) - f(x - e)) / (2 * h)
        error = abs(a[index] - n) / max(1e-8, abs(a[index]) + abs(n))
        finite = finite and bool(np.isfinite(a[index]))
        if error > 0 and error >= worst:
            worst, where = error, index
    return GradCheck(finite and bool(worst <= tol), worst, where)


@wrong(
    "gradient_check",
    "Your worst_index does not index x: it looks like the number of the entry in the flattened array. Turn it into an index tuple.",
)
def number_in_the_flat_array(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    return GradCheck(bool(errors.max() <= tol), errors.max(), int(np.argmax(errors)))


@wrong(
    "gradient_check",
    "Your worst_index does not index x: it looks like the number of the entry in the flattened array. Turn it into an index tuple.",
)
def flat_number_in_a_tuple(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    return GradCheck(bool(errors.max() <= tol), errors.max(), (int(np.argmax(errors)),))


@wrong(
    "gradient_check",
    "An error equal to tol should still be ok. Your comparison seems to be strict.",
)
def strictly_below(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() < tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Your numerical slope seems to be a one-sided difference. Its error is so large that right gradients look wrong; the check needs the central difference.",
)
def checked_with_forward_differences(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x)) / h for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Your check seems to use a fixed step, whatever h says. Hand h on to the numerical gradient.",
)
def step_not_handed_on(f, grad, x, h=1e-5, tol=1e-6):
    a, h = grad(x), 1e-5
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= tol), errors.max(), worst)


@wrong(
    "gradient_check",
    "Your check seems to use a fixed tolerance, whatever tol says. Compare the largest relative error with tol.",
)
def tolerance_ignored(f, grad, x, h=1e-5, tol=1e-6):
    a = grad(x)
    n = np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size).reshape(-1, *x.shape)]).reshape(x.shape)
    errors = np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    worst = np.unravel_index(np.argmax(errors), x.shape)
    return GradCheck(bool(errors.max() <= 1e-6), errors.max(), worst)


# 1.8 sigmoid, sigmoid_grad


@wrong(
    "sigmoid",
    "Your sigmoid gives right values but an overflow warning: somewhere e is raised to a large positive power. np.where does not help as long as both of its branches are computed for every entry; make the exponent harmless.",
)
def exponential_overflows(x):
    return 1 / (1 + np.exp(-x))


@wrong(
    "sigmoid",
    "Your sigmoid gives right values but an overflow warning: somewhere e is raised to a large positive power. np.where does not help as long as both of its branches are computed for every entry; make the exponent harmless.",
)
def both_branches_computed(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


@wrong(
    "sigmoid",
    "For large positive x your sigmoid divides infinity by infinity, which is NaN. The form e^x / (1 + e^x) is safe only where x is negative.",
)
def infinity_over_infinity(x):
    return np.exp(x) / (1 + np.exp(x))


@wrong(
    "sigmoid",
    "You seem to clip x before the exponential. The warning is gone, but so are the right values: sigmoid(-700) is about 1e-304, and a clipped x gives something far larger.",
)
def clipped_at_500(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


@wrong(
    "sigmoid",
    "You seem to clip x before the exponential. The warning is gone, but so are the right values: sigmoid(-700) is about 1e-304, and a clipped x gives something far larger.",
)
def clipped_at_30(x):
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


@wrong(
    "sigmoid",
    "For very negative x your sigmoid is 0 or inaccurate. The formula 0.5 (1 + tanh(x / 2)) subtracts two nearly equal numbers there, and the tiny result is lost in rounding.",
)
def by_tanh(x):
    return 0.5 * (1 + np.tanh(x / 2))


@wrong(
    "sigmoid",
    "Your sigmoid falls where it should grow: the sign in the exponent seems to be wrong.",
)
def falling(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, e, 1.0) / (1.0 + e)


@wrong(
    "sigmoid",
    "Your sigmoid is stable, but it changes x, which belongs to the caller. Make a new array.",
)
def sigmoid_in_place(x):
    e = np.exp(-np.abs(x))
    x[:] = np.where(x >= 0, 1.0, e) / (1.0 + e)
    return x


@wrong(
    "sigmoid_grad",
    "You seem to apply the sigmoid twice: the slope is s (1 - s) with s the sigmoid of x, not the sigmoid of the sigmoid.",
)
def sigmoid_of_sigmoid(x):
    s = sigmoid(sigmoid(x))
    return s * (1 - s)


@wrong(
    "sigmoid_grad",
    "You seem to compute x (1 - x), as if x were the output of the sigmoid. In this exercise x is its input.",
)
def input_taken_for_output(x):
    return x * (1 - x)


@wrong(
    "sigmoid_grad",
    "Your slope looks like 1 / (1 + e^(-x))^2. This formula circulates, but the e^(-x) of the numerator got lost: the chain rule puts it there.",
)
def numerator_lost(x):
    return sigmoid(x) ** 2


@wrong(
    "sigmoid_grad",
    "Your slope has the wrong sign. The sigmoid grows everywhere, so its slope is positive; in the chain rule two minus signs meet.",
)
def slope_sign(x):
    return -sigmoid(x) * sigmoid(-x)


@wrong(
    "sigmoid_grad",
    "Your slope looks like that of tanh, 1 - s^2. The sigmoid's is s (1 - s).",
)
def slope_of_tanh_formula(x):
    return 1 - sigmoid(x) ** 2


@wrong(
    "sigmoid_grad",
    "Your slope overflows far to the left: the form e^(-x) / (1 + e^(-x))^2 divides infinity by infinity there. The slope is symmetric, so which exponent would do on both sides?",
)
def slope_overflows(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


@wrong(
    "sigmoid_grad",
    "Your slope seems to subtract the sigmoid from 1 where it is tiny, or to go through tanh: for very negative x the result is 0 or inaccurate. The slope there is nearly as large as the sigmoid itself.",
)
def slope_by_tanh(x):
    return 0.25 * (1 - np.tanh(x / 2) ** 2)


# 1.9 relu_grad, leaky_relu, elu, tanh_grad


@wrong(
    "relu_grad",
    "At x = 0 your slope of ReLU is not 0. At the kink every value between 0 and 1 could be defended; the contract, like PyTorch, takes 0.",
)
def one_at_zero(x):
    return np.where(x >= 0, 1.0, 0.0)


@wrong(
    "relu_grad",
    "At x = 0 your slope of ReLU is not 0. At the kink every value between 0 and 1 could be defended; the contract, like PyTorch, takes 0.",
)
def half_at_zero(x):
    return np.heaviside(x, 0.5)


@wrong(
    "relu_grad",
    "You seem to return ReLU itself. Its slope is a constant on each side of 0.",
)
def relu_itself(x):
    return np.maximum(x, 0)


@wrong(
    "relu_grad",
    "On the negative side your slope of ReLU is -1, as if it were the absolute value. ReLU is flat there.",
)
def sign_of_x(x):
    return np.sign(x)


@wrong(
    "relu_grad",
    "Your relu_grad changes x, which belongs to the caller. Make a new array.",
)
def relu_in_place(x):
    x[x <= 0] = 0
    x[x > 0] = 1
    return x


@wrong(
    "leaky_relu",
    "Your leaky ReLU seems to use a fixed slope on the negative side. The slope is the argument alpha.",
)
def leak_of_one_hundredth(x, alpha):
    return np.where(x > 0, x, 0.01 * x)


@wrong(
    "leaky_relu",
    "Your leaky ReLU does not leak: it is 0 on the negative side. There it must be alpha times x.",
)
def no_leak(x, alpha):
    return np.maximum(x, 0)


@wrong(
    "leaky_relu",
    "Your leaky ReLU seems to be the constant alpha, or its slope, on the negative side. It must be alpha times x.",
)
def constant_leak(x, alpha):
    return np.where(x > 0, x, alpha)


@wrong(
    "leaky_relu",
    "Your leaky ReLU seems to be the constant alpha, or its slope, on the negative side. It must be alpha times x.",
)
def leaky_slope(x, alpha):
    return np.where(x > 0, 1.0, alpha)


@wrong(
    "leaky_relu",
    "In your leaky ReLU the sides seem to be swapped: alpha belongs to the negative side, the positive side stays as it is.",
)
def leak_on_the_wrong_side(x, alpha):
    return np.where(x > 0, alpha * x, x)


@wrong(
    "leaky_relu",
    "On the negative side your leaky ReLU has the wrong sign. alpha times a negative x stays negative.",
)
def leak_turned_round(x, alpha):
    return np.where(x > 0, x, -alpha * x)


@wrong(
    "leaky_relu",
    "Your leaky_relu changes x, which belongs to the caller. Make a new array.",
)
def leaky_in_place(x, alpha):
    x[x < 0] *= alpha
    return x


@wrong(
    "elu",
    "In your ELU alpha seems to be forgotten. It is a factor of the whole negative side: far to the left ELU goes to -alpha.",
)
def elu_without_alpha(x, alpha):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


@wrong(
    "elu",
    "In your ELU the -1 seems to be missing, or to stand outside the parentheses. At 0 both sides must meet at 0.",
)
def elu_without_minus_one(x, alpha):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)))


@wrong(
    "elu",
    "In your ELU the -1 seems to be missing, or to stand outside the parentheses. At 0 both sides must meet at 0.",
)
def minus_one_outside(x, alpha):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)) - 1)


@wrong(
    "elu",
    "In your ELU the sides seem to be swapped, or alpha scales the positive side too. For positive x ELU is x.",
)
def elu_scaled_everywhere(x, alpha):
    return alpha * np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


@wrong(
    "elu",
    "Your ELU is NaN for large x. e^x overflows to infinity there, and infinity times a mask entry of 0 is NaN. Choose without multiplying, or keep the exponent at 0 or below.",
)
def infinity_times_zero(x, alpha):
    with np.errstate(all="ignore"):
        return (x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)


@wrong(
    "elu",
    "Your elu changes x, which belongs to the caller. Make a new array.",
)
def elu_in_place(x, alpha):
    x[x < 0] = alpha * np.expm1(x[x < 0])
    return x


@wrong(
    "tanh_grad",
    "You seem to compute 1 - x^2. The formula 1 - t^2 wants the output t = tanh(x); here x is the input.",
)
def output_formula_for_input(x):
    return 1 - x**2


@wrong(
    "tanh_grad",
    "Your slope of tanh seems to lack the square: it is 1 - tanh(x)^2.",
)
def square_forgotten(x):
    return 1 - np.tanh(x)


@wrong(
    "tanh_grad",
    "Your slope looks like t (1 - t), the formula of the sigmoid. For tanh it is 1 - t^2.",
)
def sigmoid_formula_for_tanh(x):
    t = np.tanh(x)
    return t * (1 - t)


@wrong(
    "tanh_grad",
    "Your tanh_grad changes x, which belongs to the caller. Make a new array.",
)
def tanh_in_place(x):
    np.tanh(x, out=x)
    return 1 - x**2


# 1.10 softmax


@wrong(
    "softmax",
    "Your softmax overflows for large logits, and underflows to 0 / 0 for very negative ones. Adding one number to all logits of a row changes nothing; choose it so that the largest exponent is 0.",
)
def no_shift(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    with np.errstate(all="ignore"):
        e = np.exp(z / temperature)
        return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "You seem to subtract the maximum of the whole array. A row that lies 10,000 below it then underflows to 0 / 0; each row needs its own maximum.",
)
def one_maximum_for_all(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    with np.errstate(all="ignore"):
        e = np.exp((z - z.max()) / temperature)
        return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "Your softmax seems to work along the last axis whatever `axis` says. Hand `axis` on to the maximum and to the sum.",
)
def always_the_last_axis(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return e / e.sum(axis=-1, keepdims=True)


@wrong(
    "softmax",
    "Your softmax seems to work along the first axis where none is given. The default is the last axis, -1.",
)
def first_axis_by_default(z, axis=0, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    e = np.exp((z - z.max(axis=axis, keepdims=True)) / temperature)
    return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "The maximum seems to be taken along another axis than the sum. The number that you subtract must be the same for all logits that share a sum, or it does not cancel.",
)
def maximum_along_another_axis(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    with np.errstate(all="ignore"):
        e = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
        return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "The probabilities of the whole array sum to 1, instead of those of each row. Sum along `axis`, and keep the dimension so that the shapes fit.",
)
def one_sum_for_all(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    e = np.exp((z - z.max(axis=axis, keepdims=True)) / temperature)
    return e / e.sum()


@wrong(
    "softmax",
    "The shapes do not fit in your softmax: a sum or maximum along an axis drops this axis. keepdims=True keeps it with length 1.",
)
def axis_dropped(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    e = np.exp((z - z.max(axis=axis)) / temperature)
    return e / e.sum(axis=axis)


@wrong(
    "softmax",
    "Your softmax multiplies the logits by the temperature. A temperature above 1 must flatten the distribution, so divide.",
)
def temperature_multiplies(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    with np.errstate(all="ignore"):
        e = np.exp((z - z.max(axis=axis, keepdims=True)) * temperature)
        return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "The temperature has no effect on your result. If it divides only the number that is subtracted, it cancels like every shift; it must divide the logits.",
)
def temperature_cancels(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "Your softmax seems to divide the finished probabilities by the temperature. They do not sum to 1 any more; the temperature acts on the logits.",
)
def probabilities_divided(z, axis=-1, temperature=1.0):
    if not temperature > 0 or z.size == 0:
        raise ValueError("wrong arguments")
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True) / temperature


@wrong(
    "softmax",
    "A temperature of 0 or below must raise a ValueError. Your softmax returns something: with a negative temperature, even a distribution that prefers the smallest logit.",
)
def any_temperature(z, axis=-1, temperature=1.0):
    if math.isnan(temperature):
        raise ValueError("NaN")
    with np.errstate(all="ignore"):
        scaled = z / temperature
        e = np.exp(scaled - scaled.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "A temperature of exactly 0 must raise a ValueError: dividing by it is no limit, it is infinity or NaN. Your check lets 0 pass.",
)
def zero_temperature_passes(z, axis=-1, temperature=1.0):
    if temperature < 0 or math.isnan(temperature):
        raise ValueError("negative temperature")
    with np.errstate(all="ignore"):
        e = np.exp((z - z.max(axis=axis, keepdims=True)) / temperature)
        return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "A temperature of NaN passes your check, because every comparison with NaN is False. Ask whether the temperature is above 0, and refuse it if not.",
)
def nan_temperature_passes(z, axis=-1, temperature=1.0):
    if temperature <= 0:
        raise ValueError("temperature")
    e = np.exp((z - z.max(axis=axis, keepdims=True)) / temperature)
    return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "Your softmax refuses an infinite temperature. It is a legitimate limit: all logits divided by infinity are 0, so the distribution is uniform.",
)
def infinite_temperature_refused(z, axis=-1, temperature=1.0):
    if not (math.isfinite(temperature) and temperature > 0):
        raise ValueError("temperature")
    e = np.exp((z - z.max(axis=axis, keepdims=True)) / temperature)
    return e / e.sum(axis=axis, keepdims=True)


@wrong(
    "softmax",
    "Your softmax changes z, which belongs to the caller: operators such as -= and /= work in place. Make a new array.",
)
def logits_changed(z, axis=-1, temperature=1.0):
    if not temperature > 0:
        raise ValueError("temperature")
    z -= z.max(axis=axis, keepdims=True)
    e = np.exp(z / temperature)
    return e / e.sum(axis=axis, keepdims=True)


# 1.11 softmax_jacobian


@wrong(
    "softmax_jacobian",
    "Your matrix is 0 outside the diagonal. If one logit grows, the other probabilities shrink: each of them reacts to every logit.",
)
def only_own_logits(p):
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    return np.diag(p * (1 - p))


@wrong(
    "softmax_jacobian",
    "Your matrix is 0 outside the diagonal. If one logit grows, the other probabilities shrink: each of them reacts to every logit.",
)
def diagonal_of_p(p):
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    return np.diag(p)


@wrong(
    "softmax_jacobian",
    "Your matrix looks like p_i (1 - p_j) everywhere. The 1 is there on the diagonal only; outside it, the derivative is -p_i p_j.",
)
def one_everywhere(p):
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    return np.outer(p, 1 - p)


@wrong(
    "softmax_jacobian",
    "Your matrix has the wrong sign. A probability grows with its own logit, so the diagonal is positive.",
)
def sign_of_the_jacobian(p):
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    return np.outer(p, p) - np.diag(p)


@wrong(
    "softmax_jacobian",
    "You seem to put p through a softmax first. The argument is the output of a softmax already, not its logits.",
)
def softmax_once_more(p):
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    q = softmax(p)
    return np.diag(q) - np.outer(q, q)


@wrong(
    "softmax_jacobian",
    "The 1 of the diagonal seems to be subtracted without the factor p_i: the diagonal must be p_i (1 - p_i).",
)
def identity_minus_products(p):
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    return np.eye(len(p)) - np.outer(p, p)


@wrong(
    "softmax_jacobian",
    "Your function accepts negative entries in p. They can still sum to 1, so they need a check of their own.",
)
def negative_probability_passes(p):
    if abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    return np.diag(p) - np.outer(p, p)


@wrong(
    "softmax_jacobian",
    "Your function does not look at the sum of p, or too loosely. Off 1 by more than 1e-6 is a ValueError; note that np.isclose allows 1e-5 by default.",
)
def sum_unchecked(p):
    if np.any(p < 0):
        raise ValueError("p")
    return np.diag(p) - np.outer(p, p)


@wrong(
    "softmax_jacobian",
    "Your function does not look at the sum of p, or too loosely. Off 1 by more than 1e-6 is a ValueError; note that np.isclose allows 1e-5 by default.",
)
def sum_checked_loosely(p):
    if np.any(p < 0) or not np.isclose(p.sum(), 1):
        raise ValueError("p")
    return np.diag(p) - np.outer(p, p)


@wrong(
    "softmax_jacobian",
    "Your function does not look at the sum of p, or too loosely. Off 1 by more than 1e-6 is a ValueError; note that np.isclose allows 1e-5 by default.",
)
def sum_checked_from_above(p):
    if np.any(p < 0) or p.sum() - 1 > 1e-6:
        raise ValueError("p")
    return np.diag(p) - np.outer(p, p)


@wrong(
    "softmax_jacobian",
    "Your function demands that the sum of p is 1 to the last digit. Floats that came out of a division may be off a little; up to 1e-6 is fine.",
)
def sum_checked_exactly(p):
    if np.any(p < 0) or abs(p.sum() - 1) > 1e-12:
        raise ValueError("p")
    return np.diag(p) - np.outer(p, p)


@wrong(
    "softmax_jacobian",
    "Your function refuses probabilities of exactly 0. Only negative ones are wrong; a 0 gives a row and a column of zeros.",
)
def zero_probability_refused(p):
    if np.any(p <= 0) or abs(p.sum() - 1) > 1e-6:
        raise ValueError("p")
    return np.diag(p) - np.outer(p, p)


# 1.12 logsumexp, log_softmax


@wrong(
    "logsumexp",
    "Your logsumexp overflows for large entries and underflows to log(0) for very negative ones. Take the largest entry of each row out of the sum first.",
)
def sum_overflows(z, axis=-1, keepdims=False):
    with np.errstate(all="ignore"):
        return np.log(np.sum(np.exp(z), axis=axis, keepdims=keepdims))


@wrong(
    "logsumexp",
    "Your logsumexp seems to forget to add back what it subtracted inside: ln(sum of e^(z - m)) is m too small.",
)
def maximum_not_added_back(z, axis=-1, keepdims=False):
    top = np.max(z, axis=axis, keepdims=True)
    with np.errstate(all="ignore"):
        return np.log(np.sum(np.exp(z - np.where(np.isneginf(top), 0, top)), axis=axis, keepdims=keepdims))


@wrong(
    "logsumexp",
    "Your logsumexp seems to subtract the maximum of the whole array. A row far below it underflows to log(0); each row needs its own maximum.",
)
def one_maximum_for_all_sums(z, axis=-1, keepdims=False):
    top = np.max(z)
    with np.errstate(all="ignore"):
        return top + np.log(np.sum(np.exp(z - top), axis=axis, keepdims=keepdims))


@wrong(
    "logsumexp",
    "Your logsumexp loses the axis for keepdims=True. It should stay there with length 1, as in np.sum.",
)
def keepdims_ignored(z, axis=-1, keepdims=False):
    return np.logaddexp.reduce(z, axis=axis)


@wrong(
    "logsumexp",
    "Your logsumexp always keeps the axis with length 1. Unless keepdims is True, it must be gone.",
)
def axis_always_kept(z, axis=-1, keepdims=False):
    return np.logaddexp.reduce(z, axis=axis, keepdims=True)


@wrong(
    "logsumexp",
    "Your logsumexp drops every axis of length 1, also one that was not summed over. Say which axis np.squeeze shall remove.",
)
def all_single_axes_dropped(z, axis=-1, keepdims=False):
    result = np.logaddexp.reduce(z, axis=axis, keepdims=True)
    return result if keepdims else np.squeeze(result)


@wrong(
    "logsumexp",
    "Your logsumexp seems to work along the last axis whatever `axis` says.",
)
def sums_along_the_last_axis(z, axis=-1, keepdims=False):
    return np.logaddexp.reduce(z, axis=-1, keepdims=keepdims)


@wrong(
    "logsumexp",
    "Your logsumexp is NaN where all entries are -inf: the maximum is -inf, and -inf - (-inf) is NaN. Subtract a finite number there; the result must be -inf.",
)
def nan_for_minus_infinity(z, axis=-1, keepdims=False):
    with np.errstate(all="ignore"):
        top = np.max(z, axis=axis, keepdims=True)
        result = top + np.log(np.sum(np.exp(z - top), axis=axis, keepdims=True))
    return result if keepdims else np.squeeze(result, axis=axis)


@wrong(
    "logsumexp",
    "Your logsumexp returns the maximum. That is a fine approximation if one entry is much larger than the others, and too small otherwise.",
)
def maximum_only(z, axis=-1, keepdims=False):
    return np.max(z, axis=axis, keepdims=keepdims)


@wrong(
    "logsumexp",
    "Your logsumexp seems to take the mean of the exponentials instead of their sum.",
)
def logarithm_of_the_mean(z, axis=-1, keepdims=False):
    return np.logaddexp.reduce(z, axis=axis, keepdims=keepdims) - math.log(z.shape[axis])


@wrong(
    "logsumexp",
    "Your logsumexp changes z, which belongs to the caller: -= works in place. Make a new array.",
)
def entries_changed(z, axis=-1, keepdims=False):
    top = np.max(z, axis=axis, keepdims=True)
    top[np.isneginf(top)] = 0.0
    z -= top
    with np.errstate(all="ignore"):
        result = top + np.log(np.sum(np.exp(z), axis=axis, keepdims=True))
    return result if keepdims else np.squeeze(result, axis=axis)


@wrong(
    "log_softmax",
    "Your log_softmax takes the logarithm of the softmax. A probability of e^(-10000) is rounded to 0 before the logarithm sees it, and the result is -inf. Do not compute the probability at all.",
)
def logarithm_of_softmax(z, axis=-1):
    with np.errstate(all="ignore"):
        return np.log(softmax(z, axis=axis))


@wrong(
    "log_softmax",
    "Your log_softmax adds a small number inside the logarithm. This hides the -inf and gives a wrong number instead; the right one is an ordinary number such as -10000.",
)
def small_number_added_inside(z, axis=-1):
    return np.log(softmax(z, axis=axis) + 1e-9)


@wrong(
    "log_softmax",
    "Your log_softmax seems to work along the last axis whatever `axis` says.",
)
def log_softmax_along_the_last_axis(z, axis=-1):
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


@wrong(
    "log_softmax",
    "In your log_softmax the shapes do not fit: the result of logsumexp has lost an axis and is subtracted from the wrong entries. Keep the axis.",
)
def normaliser_without_axis(z, axis=-1):
    return z - np.logaddexp.reduce(z, axis=axis)


@wrong(
    "log_softmax",
    "Your log_softmax has the wrong sign. Probabilities are at most 1, so their logarithms are at most 0.",
)
def negative_log_softmax(z, axis=-1):
    return np.logaddexp.reduce(z, axis=axis, keepdims=True) - z


@wrong(
    "log_softmax",
    "Your log_softmax subtracts the maximum only. That is right only if one logit is much larger than all others; what has to be subtracted is logsumexp.",
)
def shifted_only(z, axis=-1):
    return z - np.max(z, axis=axis, keepdims=True)


# 1.13 cross_entropy, cross_entropy_grad


@wrong(
    "cross_entropy",
    "Your loss is the sum over the examples. The contract asks for the mean, so that the loss does not depend on the size of the batch.",
)
def sum_of_losses(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.sum(log_p[np.arange(len(y)), y])


@wrong(
    "cross_entropy",
    "Your loss is divided by the number of classes as well. The mean runs over the examples: there is one right class in each row.",
)
def mean_over_classes_too(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.mean(np.eye(logits.shape[1])[y] * log_p)


@wrong(
    "cross_entropy",
    "Your loss is in bits: you seem to use the logarithm to base 2. The contract asks for nats, the natural logarithm.",
)
def loss_in_bits(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.mean(log_p[np.arange(len(y)), y]) / math.log(2)


@wrong(
    "cross_entropy",
    "Your loss has the wrong sign. The logarithm of a probability is at most 0, so its negative, the loss, is at least 0.",
)
def sign_of_the_loss(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return np.mean(log_p[np.arange(len(y)), y])


@wrong(
    "cross_entropy",
    "You seem to apply the softmax twice. The logits go through it once; a second softmax makes every distribution nearly uniform.",
)
def softmax_twice(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return -np.mean(np.log(softmax(softmax(logits))[np.arange(len(y)), y]))


@wrong(
    "cross_entropy",
    "You seem to add a small number inside the logarithm. This caps the loss: a hopeless example then costs about 20 nats instead of what it should. Compute log-probabilities without computing probabilities first.",
)
def small_number_in_the_loss(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return -np.mean(np.log(softmax(logits)[np.arange(len(y)), y] + 1e-9))


@wrong(
    "cross_entropy",
    "You seem to add a small number inside the logarithm. This caps the loss: a hopeless example then costs about 20 nats instead of what it should. Compute log-probabilities without computing probabilities first.",
)
def probability_clipped(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return -np.mean(np.log(np.maximum(softmax(logits)[np.arange(len(y)), y], 1e-12)))


@wrong(
    "cross_entropy",
    "Your loss is infinite for a hopeless example: its probability is rounded to 0 before the logarithm sees it. Compute the log-probability without the probability.",
)
def logarithm_of_zero(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    with np.errstate(all="ignore"):
        return -np.mean(np.log(softmax(logits)[np.arange(len(y)), y]))


@wrong(
    "cross_entropy",
    "Your loss overflows for large logits. Subtract the largest logit of each row before you exponentiate.",
)
def loss_overflows(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    with np.errstate(all="ignore"):
        return np.mean(np.log(np.sum(np.exp(logits), axis=1)) - logits[np.arange(len(y)), y])


@wrong(
    "cross_entropy",
    "You seem to pick the columns y of all rows, an N x N table, instead of one entry of each row.",
)
def every_label_in_every_row(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.mean(log_p[:, y])


@wrong(
    "cross_entropy",
    "A negative label passes your check. Python counts it from the end, so it silently means another class; it must be a ValueError.",
)
def negative_label_passes(logits, y):
    if len(y) == 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.mean(log_p[np.arange(len(y)), y])


@wrong(
    "cross_entropy",
    "A label of K or more must raise a ValueError in your loss. Check the labels before you use them as indices: 0 to K - 1 are the classes.",
)
def large_label_unchecked(logits, y):
    if len(y) == 0 or y.min() < 0:
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.mean(log_p[np.arange(len(y)), y])


@wrong(
    "cross_entropy",
    "Your loss does not check its labels. Outside 0 to K - 1 they are a ValueError, negative ones too, which Python would count from the end.",
)
def labels_unchecked(logits, y):
    if len(y) == 0:
        raise ValueError("no examples")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return -np.mean(log_p[np.arange(len(y)), y])


@wrong(
    "cross_entropy",
    "A batch without examples has no mean: your loss is NaN there. Raise a ValueError.",
)
def mean_of_nothing(logits, y):
    if len(y) and (y.min() < 0 or y.max() >= logits.shape[1]):
        raise ValueError("labels")
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.sum(log_p[np.arange(len(y)), y]) / np.float64(len(y))


@wrong(
    "cross_entropy_grad",
    "Your gradient belongs to the sum of the losses. cross_entropy is their mean, so its gradient is N times smaller.",
)
def gradient_of_the_sum(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return softmax(logits) - np.eye(logits.shape[1])[y]


@wrong(
    "cross_entropy_grad",
    "Your gradient has the wrong sign. Raising the logit of the right class lowers the loss, so its entry is negative.",
)
def sign_of_the_gradient(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return (np.eye(logits.shape[1])[y] - softmax(logits)) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient lacks the part of the labels: it is the predicted probabilities alone. A descent along it would lower all logits, whatever the labels say.",
)
def labels_forgotten(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return softmax(logits) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient is divided by the number of classes, or by the number of all entries. The mean of the loss runs over the N examples.",
)
def gradient_divided_by_all_entries(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return (softmax(logits) - np.eye(logits.shape[1])[y]) / logits.size


@wrong(
    "cross_entropy_grad",
    "Your gradient is divided by the number of classes, or by the number of all entries. The mean of the loss runs over the N examples.",
)
def gradient_divided_by_classes(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return (softmax(logits) - np.eye(logits.shape[1])[y]) / logits.shape[1]


@wrong(
    "cross_entropy_grad",
    "In your gradient only the entry of the right class is not 0. The other logits matter too: they stand in the denominator of the softmax.",
)
def right_class_only(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    one_hot = np.eye(logits.shape[1])[y]
    return (softmax(logits) - 1) * one_hot / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient treats the logits as if they were probabilities. They have to go through the softmax once.",
)
def logits_taken_for_probabilities(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return (logits - np.eye(logits.shape[1])[y]) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient applies the softmax twice. The logits go through it once.",
)
def gradient_of_softmax_twice(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return (softmax(softmax(logits)) - np.eye(logits.shape[1])[y]) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient has the slope of the probabilities as an additional factor, as the squared error would. With cross-entropy this factor cancels.",
)
def additional_slope(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    p = softmax(logits)
    return (p - np.eye(logits.shape[1])[y]) * p * (1 - p) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient overflows for large logits. Subtract the largest logit of each row before you exponentiate.",
)
def gradient_overflows(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return (e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[y]) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient does not check its labels, or not all of them. Outside 0 to K - 1 they are a ValueError, negative ones too, which Python would count from the end.",
)
def gradient_labels_unchecked(logits, y):
    if len(y) == 0:
        raise ValueError("no examples")
    return (softmax(logits) - np.eye(logits.shape[1])[y]) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your gradient does not check its labels, or not all of them. Outside 0 to K - 1 they are a ValueError, negative ones too, which Python would count from the end.",
)
def gradient_negative_label_passes(logits, y):
    if len(y) == 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    return (softmax(logits) - np.eye(logits.shape[1])[y]) / len(y)


@wrong(
    "cross_entropy_grad",
    "Your cross_entropy_grad changes the logits, which belong to the caller. Make a new array.",
)
def logits_become_the_gradient(logits, y):
    if len(y) == 0 or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    logits[:] = softmax(logits)
    logits[np.arange(len(y)), y] -= 1
    logits /= len(y)
    return logits


# 1.14 gradient_descent, perceptron_step, logistic_step


@wrong(
    "gradient_descent",
    "Your way has a point too few: x0 or the last point is missing. With x0 there are steps + 1 points.",
)
def last_point_missing(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    x, way = x0, []
    for _ in range(steps):
        way.append(x)
        x = x + (lr if maximize else -lr) * grad(x)
    return np.array(way)


@wrong(
    "gradient_descent",
    "Your way has a point too few: x0 or the last point is missing. With x0 there are steps + 1 points.",
)
def start_missing(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    x, way = x0, []
    for _ in range(steps):
        x = x + (lr if maximize else -lr) * grad(x)
        way.append(x)
    return np.array(way)


@wrong(
    "gradient_descent",
    "Your way has a point too many: it takes one step more than `steps` says.",
)
def one_step_too_many(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    way = [x0]
    for _ in range(steps + 1):
        way.append(way[-1] + (lr if maximize else -lr) * grad(way[-1]))
    return np.array(way)


@wrong(
    "gradient_descent",
    "You seem to return the last point only. The contract asks for the whole way, x0 included, one point a row.",
)
def last_point_only(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    x = x0.copy()
    for _ in range(steps):
        x = x + (lr if maximize else -lr) * grad(x)
    return x


@wrong(
    "gradient_descent",
    "All rows of your way are equal, and x0 has moved: the same array was collected again and again while x -= ... changed it in place. Make a new array in each step.",
)
def same_array_in_every_row(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    x, way = x0, [x0]
    for _ in range(steps):
        x += (lr if maximize else -lr) * grad(x)
        way.append(x)
    return np.array(way)


@wrong(
    "gradient_descent",
    "Your gradient_descent moves x0 itself, which belongs to the caller. Start from a copy.",
)
def start_moves(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    way = [x0.copy()]
    for _ in range(steps):
        x0 += (lr if maximize else -lr) * grad(x0)
        way.append(x0.copy())
    return np.array(way)


@wrong(
    "gradient_descent",
    "Your gradient_descent goes downhill although maximize=True was asked for. The sign of the step has to change.",
)
def maximize_ignored(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    way = [x0]
    for _ in range(steps):
        way.append(way[-1] - lr * grad(way[-1]))
    return np.array(way)


@wrong(
    "gradient_descent",
    "Your gradient_descent goes uphill. The gradient points uphill, so the step goes against it, unless maximize is True.",
)
def up_and_down_swapped(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    way = [x0]
    for _ in range(steps):
        way.append(way[-1] + (-lr if maximize else lr) * grad(way[-1]))
    return np.array(way)


@wrong(
    "gradient_descent",
    "You seem to use the gradient at x0 in every step. It has to be computed again at each new point, because the slope changes on the way.",
)
def gradient_of_the_start(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    slope, way = grad(x0), [x0]
    for _ in range(steps):
        way.append(way[-1] + (lr if maximize else -lr) * slope)
    return np.array(way)


@wrong(
    "gradient_descent",
    "Your step always has the length lr: you seem to divide the gradient by its length. The contract takes lr times the gradient itself, so steps become shorter where the slope does.",
)
def steps_of_equal_length(grad, x0, lr, steps, maximize=False):
    if steps < 0:
        raise ValueError("steps")
    way = [x0]
    for _ in range(steps):
        slope = grad(way[-1])
        way.append(way[-1] + (lr if maximize else -lr) * slope / np.linalg.norm(slope))
    return np.array(way)


@wrong(
    "gradient_descent",
    "A negative number of steps must raise a ValueError. range() of a negative number is empty, so nothing complains by itself.",
)
def negative_steps_pass(grad, x0, lr, steps, maximize=False):
    way = [x0]
    for _ in range(steps):
        way.append(way[-1] + (lr if maximize else -lr) * grad(way[-1]))
    return np.array(way)


@wrong(
    "gradient_descent",
    "Your gradient_descent refuses steps = 0. It is a legitimate question, and the answer is x0 alone, as a single row.",
)
def zero_steps_refused(grad, x0, lr, steps, maximize=False):
    if steps <= 0:
        raise ValueError("steps")
    way = [x0]
    for _ in range(steps):
        way.append(way[-1] + (lr if maximize else -lr) * grad(way[-1]))
    return np.array(way)


@wrong(
    "perceptron_step",
    "Your perceptron moves although the example is classified rightly. The perceptron rule learns from mistakes only.",
)
def perceptron_always_moves(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    return w + lr * y * x, b + lr * y


@wrong(
    "perceptron_step",
    "Your perceptron moves when it is right and stays when it is wrong. Score and label of equal sign mean that it is right.",
)
def perceptron_learns_from_success(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) > 0:
        return w + lr * y * x, b + lr * y
    return w, b


@wrong(
    "perceptron_step",
    "Your perceptron moves the wrong way: after a mistake the score must come closer to the sign of y, so y times x is added.",
)
def perceptron_sign(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) > 0:
        return w, b
    return w - lr * y * x, b - lr * y


@wrong(
    "perceptron_step",
    "A score of exactly 0 counts as wrong, but your perceptron stays where it is. It would never leave w = 0, b = 0.",
)
def zero_counts_as_right(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) < 0:
        return w + lr * y * x, b + lr * y
    return w, b


@wrong(
    "perceptron_step",
    "A score of exactly 0 counts as wrong for both labels. Your perceptron takes it for a decision in favour of one of them.",
)
def zero_counts_as_plus(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if (1 if w @ x + b >= 0 else -1) == y:
        return w, b
    return w + lr * y * x, b + lr * y


@wrong(
    "perceptron_step",
    "A score of exactly 0 counts as wrong for both labels. Your perceptron takes it for a decision in favour of one of them.",
)
def zero_counts_as_minus(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if (1 if w @ x + b > 0 else -1) == y:
        return w, b
    return w + lr * y * x, b + lr * y


@wrong(
    "perceptron_step",
    "Your perceptron does not move b. The bias learns too: it is a weight whose input is always 1.",
)
def bias_stays(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) > 0:
        return w, b
    return w + lr * y * x, b


@wrong(
    "perceptron_step",
    "Your perceptron moves by a step without lr, at least for one of w and b. Both are multiplied by lr.",
)
def bias_without_step_size(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) > 0:
        return w, b
    return w + lr * y * x, b + y


@wrong(
    "perceptron_step",
    "Your perceptron moves by a step without lr, at least for one of w and b. Both are multiplied by lr.",
)
def no_step_size(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) > 0:
        return w, b
    return w + y * x, b + y


@wrong(
    "perceptron_step",
    "Your score leaves out b when it decides whether the example is right. The score is w.x + b.",
)
def decision_without_bias(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x) > 0:
        return w, b
    return w + lr * y * x, b + lr * y


@wrong(
    "perceptron_step",
    "Your perceptron counts an example as right only if its score is at least 1 in size. That is the margin of a support vector machine; for the perceptron the sign is enough.",
)
def margin_of_one(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) > 1:
        return w, b
    return w + lr * y * x, b + lr * y


@wrong(
    "perceptron_step",
    "Your perceptron changes w, which belongs to the caller: w += ... works in place. Return a new array.",
)
def perceptron_in_place(w, b, x, y, lr):
    if y not in (-1, 1):
        raise ValueError("label")
    if y * (w @ x + b) <= 0:
        w += lr * y * x
        b += lr * y
    return w, b


@wrong(
    "perceptron_step",
    "Your perceptron accepts labels that are neither -1 nor +1. With a label 0 it would never learn anything, without telling anybody: raise a ValueError.",
)
def perceptron_takes_any_label(w, b, x, y, lr):
    if y * (w @ x + b) > 0:
        return w, b
    return w + lr * y * x, b + lr * y


@wrong(
    "logistic_step",
    "Your logistic step follows the sum of the gradients. The loss is the mean over the batch, so divide by the number of examples.",
)
def gradient_summed(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w + b) - y
    return w - lr * X.T @ error, b - lr * error.sum()


@wrong(
    "logistic_step",
    "In your logistic step, w follows the mean of the gradients and b their sum, or the other way round. Both belong to the mean loss.",
)
def bias_summed(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w + b) - y
    return w - lr * X.T @ error / len(y), b - lr * error.sum()


@wrong(
    "logistic_step",
    "In your logistic step, w follows the mean of the gradients and b their sum, or the other way round. Both belong to the mean loss.",
)
def weights_summed(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w + b) - y
    return w - lr * X.T @ error, b - lr * error.mean()


@wrong(
    "logistic_step",
    "Your logistic step goes uphill: the loss grows. The gradient is X^T (p - y), and the step goes against it.",
)
def logistic_sign(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w + b) - y
    return w + lr * X.T @ error / len(y), b + lr * error.mean()


@wrong(
    "logistic_step",
    "Your logistic step has the slope of the sigmoid as an additional factor. That is the gradient of the squared error; with the log-loss this factor cancels.",
)
def squared_error(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    p = sigmoid(X @ w + b)
    error = (p - y) * p * (1 - p)
    return w - lr * X.T @ error / len(y), b - lr * error.mean()


@wrong(
    "logistic_step",
    "Your logistic step seems to use hard decisions, 0 or 1, as the perceptron does. Logistic regression uses the probabilities themselves.",
)
def hard_decisions(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = (X @ w + b > 0) - y
    return w - lr * X.T @ error / len(y), b - lr * error.mean()


@wrong(
    "logistic_step",
    "Your logistic step uses the scores as if they were probabilities. They have to go through the sigmoid first.",
)
def sigmoid_forgotten(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = X @ w + b - y
    return w - lr * X.T @ error / len(y), b - lr * error.mean()


@wrong(
    "logistic_step",
    "In your logistic step b does not move, or it is missing in the score. It is a weight whose input is always 1.",
)
def logistic_bias_stays(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w + b) - y
    return w - lr * X.T @ error / len(y), b


@wrong(
    "logistic_step",
    "In your logistic step b does not move, or it is missing in the score. It is a weight whose input is always 1.",
)
def score_without_bias(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w) - y
    return w - lr * X.T @ error / len(y), b - lr * error.mean()


@wrong(
    "logistic_step",
    "Your logistic step changes w, which belongs to the caller: w -= ... works in place. Return a new array.",
)
def logistic_in_place(w, b, X, y, lr):
    if len(y) == 0 or not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w + b) - y
    w -= lr * X.T @ error / len(y)
    b -= lr * error.mean()
    return w, b


@wrong(
    "logistic_step",
    "A batch without examples has no mean gradient: your logistic step returns NaN there. Raise a ValueError.",
)
def step_from_nothing(w, b, X, y, lr):
    if not np.all(np.isin(y, (0, 1))):
        raise ValueError("labels")
    error = sigmoid(X @ w + b) - y
    with np.errstate(all="ignore"):
        return w - lr * X.T @ error / np.float64(len(y)), b - lr * error.sum() / np.float64(len(y))


@wrong(
    "logistic_step",
    "Your logistic step accepts labels that are neither 0 nor 1. With the perceptron's labels -1 and +1 it would learn something wrong without telling anybody: raise a ValueError.",
)
def logistic_takes_any_label(w, b, X, y, lr):
    error = sigmoid(X @ w + b) - y
    return w - lr * X.T @ error / len(y), b - lr * error.mean()
