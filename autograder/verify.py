"""Proof, through the real grader, that a week's tests accept what is right and reject what is known to be wrong."""

import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from autograder.fingerprints import reference_submission, with_variant
from autograder.grading import Grader
from autograder.intake import Submission, take_apart
from autograder.lesson import Exercise, Lesson
from autograder.notebooks import student_notebook
from autograder.outputs import harmless
from autograder.process import Runner
from autograder.result import NOT_ATTEMPTED, PASSED
from autograder.sandbox import Limits
from autograder.steps import steps_of
from autograder.variants import Variant, read_variants


@dataclass
class Row:
    """What was found out about one exercise (or all quizzes together)."""

    name: str
    number: str
    points: int
    probes: int
    misconceptions: int = 0
    killed: int = 0
    named: int = 0
    alternatives: int = 0
    accepted: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass
class Report:
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def verify(
    lesson: Lesson, seed: int, workers: Sequence[Runner], limits: Limits | None = None, only: str | None = None
) -> Report:
    """Grades the stub, the reference, every alternative and every misconception of a week, or of the exercise `only`.

    As many exercises are at work as there are `workers`.
    """
    grader = Grader(lesson, seed, limits)
    report = Report()
    alternatives = _by_exercise(lesson, "alternatives.py", "alternative", report)
    _by_exercise(lesson, "misconceptions.py", "wrong", report)
    _whole_notebooks(grader, workers[0], report, only)
    idle: queue.SimpleQueue[Runner] = queue.SimpleQueue()
    for process in workers:
        idle.put(process)

    def row(exercise: Exercise) -> Row:
        process = idle.get()
        try:
            return _row(grader, exercise, alternatives.get(exercise.name, []), process)
        finally:
            idle.put(process)

    pool = ThreadPoolExecutor(len(workers))
    try:
        report.rows = list(pool.map(row, (lesson.exercises[name] for name in ([only] if only else lesson.exercises))))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    report.problems += [problem for each in report.rows for problem in each.problems]
    return report


def _row(grader: Grader, exercise: Exercise, alternatives: list[Variant], process: Runner) -> Row:
    row = Row(exercise.name, exercise.number, exercise.points, len(exercise.probes))
    _accept_alternatives(grader, exercise, alternatives, process, row)
    _reject_misconceptions(grader, exercise, process, row)
    return row


def _whole_notebooks(grader: Grader, process: Runner, report: Report, only: str | None) -> None:
    cells = [
        {"type": cell.cell_type, "source": cell.source, "grade_id": cell.id}
        for cell in student_notebook(grader.solved).cells
    ]
    stub = grader.grade("stub", take_apart(cells, grader.solved), process, only)
    if stub.score != 0:
        scored = [exercise.name for exercise in stub.exercises if exercise.score]
        report.problems.append(f"the untouched notebook gets points in {', '.join(scored)}")
    if unfilled := [exercise.name for exercise in stub.exercises if exercise.status != NOT_ATTEMPTED]:
        report.problems.append(f"the untouched notebook does not count as not attempted in {', '.join(unfilled)}")
    reference = grader.grade("reference", reference_submission(grader.solved), process, only)
    for exercise in reference.exercises:
        if exercise.status != PASSED:
            failed = [
                f"{behaviour.name} ({behaviour.message})" for behaviour in exercise.behaviours if not behaviour.passed
            ]
            report.problems.append(
                f"the reference loses points in {exercise.name}: {'; '.join(failed)} {exercise.note}"
            )
    for note in reference.notes:
        report.problems.append(f"grading the reference notes: {note}")
    report.problems += _failing_cells(grader, process)


def _failing_cells(grader: Grader, process: Runner) -> list[str]:
    """Given cells and visible checks that do not run through with the reference."""
    steps = steps_of(grader.lesson, grader.solved, reference_submission(grader.solved), grader.seed, {})
    problems = []
    for step, reply in zip(steps, process.run(steps, grader.limits), strict=True):
        errors = [output for output in harmless(reply.data.get("outputs")) if output["output_type"] == "error"]
        reasons = [reply.fate] if reply.fate else [error["evalue"] for error in errors]
        problems += [f"with the reference, the cell {step['label']} fails: {reason}" for reason in reasons]
    return problems


def _by_exercise(lesson: Lesson, file: str, mark: str, report: Report) -> dict[str, list[Variant]]:
    """The variants of a file by exercise; a target that no exercise has is a problem."""
    path = lesson.folder / file
    found: dict[str, list[Variant]] = {}
    for variant in read_variants(path, mark) if path.is_file() else []:
        owners = [task.name for task in lesson.exercises.values() if set(variant.targets) <= set(task.functions)]
        if not owners:
            report.problems.append(
                f"{file}: {variant.name} names {', '.join(variant.targets)}, which no exercise asks for"
            )
        found.setdefault(owners[0] if owners else "", []).append(variant)
    return found


def _submission(grader: Grader, exercise: Exercise, variant: Variant) -> Submission:
    return with_variant(grader.solved, exercise, variant)


def _accept_alternatives(
    grader: Grader,
    exercise: Exercise,
    variants: list[Variant],
    process: Runner,
    row: Row,
) -> None:
    row.alternatives = len(variants)
    if not variants:
        row.problems.append(f"{exercise.name} has no alternative right solution in alternatives.py")
    for variant in variants:
        result = grader.grade(variant.name, _submission(grader, exercise, variant), process, only=exercise.name)
        (outcome,) = result.exercises
        if outcome.status == PASSED:
            row.accepted += 1
            continue
        failed = [f"{behaviour.name} ({behaviour.message})" for behaviour in outcome.behaviours if not behaviour.passed]
        row.problems.append(
            f"{exercise.name}: the alternative {variant.name} loses points: {'; '.join(failed)} {outcome.note}"
        )


def _reject_misconceptions(grader: Grader, exercise: Exercise, process: Runner, row: Row) -> None:
    variants = grader.fingerprints.of(exercise)
    row.misconceptions = len(variants)
    if not variants:
        row.problems.append(f"{exercise.name} has no known wrong solution in misconceptions.py")
    for variant in variants:
        result = grader.grade(variant.name, _submission(grader, exercise, variant), process, only=exercise.name)
        (outcome,) = result.exercises
        if outcome.score == exercise.points:
            row.problems.append(f"{exercise.name}: the misconception {variant.name} gets all points")
            continue
        row.killed += 1
        row.named += outcome.sentence == variant.sentence
        if outcome.sentence and outcome.sentence != variant.sentence:
            row.problems.append(f"{exercise.name}: {variant.name} is taken for {outcome.misconception}")
    row.problems += [
        f"{exercise.name}: the misconception {variant.name} proves nothing: where it fails, its own code is broken "
        f"({error}); mend it"
        for variant, error in grader.fingerprints.broken(exercise, process)
    ]
