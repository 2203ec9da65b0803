"""Whether a probe's answer is right: by comparison with the reference's, or by the probe's judge."""

from typing import Any

from autograder.compare import difference
from autograder.expected import Expected
from autograder.probes import Mistake, Probe, generator
from autograder.wire import Raised


def verdict(probe: Probe, expected: Expected, answer: Any, seed: int) -> tuple[str, str]:
    """("", "") if the behaviour holds, else what differs and the name of the misconception if a judge gave one.

    `seed` is that of the probe's inputs: a judge may draw them again.
    """
    if probe.judge is None:
        return difference(expected.answer, answer, probe.tolerance) or "", ""
    if isinstance(answer, Raised) and not isinstance(expected.answer, Raised):
        return f"{answer.name} was raised", ""
    try:
        opinion = probe.judge(answer, expected.answer, generator(seed))
    except Exception:  # a judge reads what a stranger sent; what it cannot read is not what was asked for
        return "the answer does not have the form that was asked for", ""
    if isinstance(opinion, Mistake):
        return "the answer is that of a known mistake", opinion.name
    return opinion or "", ""
