"""How much grading costs: stock nbgrader against this grader, on the same submissions, in one run.

    python benchmarks/grading.py                 # 12 submissions of week 1
    python benchmarks/grading.py --submissions 40 --scale 20 200 1000
    python benchmarks/grading.py --submissions 0 --interrupt 1000     # kill -9 in the middle, then again

Prints CPU seconds a submission (all processes together), wall time, peak memory of one process, and the ratios:

stock   `nbgrader autograde` and `nbgrader generate_feedback` with nbgrader's own executor. Its hidden-test cells define
        the tests and do not run them, so stock does less work than we do.
ours    `autograder grade` and `autograder feedback`, every sandbox layer on, the run for examples
        included. "first" also asks the known misconceptions what they answer; "again" finds that in the cache.
floor   the student's cells and the same probes, executed by IPython in one warm process without any isolation.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
WEEK = "week1-derivatives"
KINDS_OF_WORK = ("ada", "ben", "chen", "emil", "fay", "ines")  # right, other ways, half, two with mistakes, plots
KINDS = len(KINDS_OF_WORK)

FLOOR = """
import importlib, sys, time
from pathlib import Path
import numpy as np
from autograder import child
from autograder import shell as cells
from autograder.grading import Grader
from autograder.intake import read_submission
from autograder.lesson import read_lesson
from autograder.steps import steps_of
from autograder.wire import decode

lesson = read_lesson(Path(sys.argv[1]))
grader = Grader(lesson, seed=1)
for package in lesson.packages:
    importlib.import_module(package)
shell = cells.make_shell()
asked = {name: grader._questions(name) for name in grader._order()}
jobs = []
for path in sorted(Path(sys.argv[2]).glob("*/*/*.ipynb")):
    steps = steps_of(lesson, grader.solved, read_submission(path, grader.solved), 1, asked, checks=False)
    jobs.append([decode(step["request"]) for step in steps])
started = time.process_time()
for steps in jobs:
    names = {}
    for step in steps:
        if step["kind"] == "cell":
            cells.RECORD.start(1000, 1)
            cells.run_cell(shell, step["source"])
            names |= {name: shell.user_ns[name] for name in step["binds"] if name in shell.user_ns}
        else:
            given = {name: names[name] for name in step["names"] if name in names}
            child._ask(step, given, [])
print((time.process_time() - started) / len(jobs))
"""


def measured(work: Callable[[], None]) -> tuple[float, float, float]:
    """CPU seconds and wall seconds of what `work` starts, and the peak memory (MiB) of the largest process so far."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - started, after.ru_maxrss / 1024


def run(*command: str | Path, course: Path, fine: tuple[int, ...] = (0,)) -> None:
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode not in fine:
        raise SystemExit(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def make_course(folder: Path, number: int) -> None:
    """A copy of the course with `number` submissions: right ones, other right ones, half-done ones, mistaken ones."""
    for name in ("autograder", "solutions"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    run(BIN / "autograder", "build", WEEK, course=folder)
    run(BIN / "autograder", "sample-class", folder / "class", "--week", WEEK, course=folder)
    for index in range(number):
        source = folder / "class" / KINDS_OF_WORK[index % KINDS]
        shutil.copytree(source, folder / "submissions" / f"student{index:04d}")


def make_stock(folder: Path, course: Path) -> None:
    """The same submissions in nbgrader's own layout, with nbgrader's own configuration."""
    shutil.copytree(course / "_build" / "nbgrader" / "source", folder / "source")
    shutil.copytree(course / "submissions", folder / "submitted")
    config = "c = get_config()\nc.CourseDirectory.root = {!r}\nc.ClearSolutions.enforce_metadata = False\n"
    (folder / "nbgrader_config.py").write_text(config.format(str(folder)))
    run(BIN / "nbgrader", "generate_assignment", WEEK, "--force", course=folder)


def compare(number: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        course, stock = Path(place) / "course", Path(place) / "stock"
        course.mkdir()
        stock.mkdir()
        make_course(course, number)
        make_stock(stock, course)
        grade = (BIN / "autograder", "grade", WEEK)
        rows = {
            "stock autograde": measured(lambda: run(BIN / "nbgrader", "autograde", WEEK, course=stock)),
            "stock feedback": measured(lambda: run(BIN / "nbgrader", "generate_feedback", WEEK, course=stock)),
            "our grade, first": measured(lambda: run(*grade, course=course)),
            "our grade, again": measured(lambda: run(*grade, "--again", course=course)),
            "our grade, one job": measured(lambda: run(*grade, "--again", "--jobs", "1", course=course)),
            "our feedback": measured(lambda: run(BIN / "autograder", "feedback", WEEK, course=course)),
        }
        floor_run = subprocess.run(
            [sys.executable, "-c", FLOOR, course / "solutions" / WEEK, course / "submissions"],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        floor = float(floor_run.stdout.split()[-1])  # the notebooks print too
    print(f"{number} submissions of {WEEK}")
    print(f"{'':24}{'CPU s':>10}{'CPU s each':>12}{'wall s':>10}{'peak MiB':>10}")
    for name, (cpu, wall, memory) in rows.items():
        print(f"{name:24}{cpu:10.2f}{cpu / number:12.3f}{wall:10.2f}{memory:10.0f}")
    print(f"{'floor':24}{floor * number:10.2f}{floor:12.3f}")
    stock = [rows["stock autograde"][kind] + rows["stock feedback"][kind] for kind in (0, 1)]
    for name in ("our grade, first", "our grade, again"):
        ours = [rows[name][kind] + rows["our feedback"][kind] for kind in (0, 1)]
        ratios = f"CPU {stock[0] / ours[0]:.1f}, wall time {stock[1] / ours[1]:.1f}"
        print(f"stock / ({name} + feedback): {ratios}")
        print(f"{name} / floor, CPU: {rows[name][0] / number / floor:.1f}")
    two, one = rows["our grade, again"][1], rows["our grade, one job"][1]
    print(f"wall time, one job / all cores ({os.cpu_count()}): {one / two:.2f}")


def scale(numbers: list[int]) -> None:
    """Peak memory of the coordinator for growing classes: it must not grow with them."""
    for number in numbers:
        with tempfile.TemporaryDirectory() as place:
            course = Path(place)
            make_course(course, number)
            probe = "import resource, sys; from autograder.cli import main\ntry: main()\nfinally: print('peak', "
            probe += "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)"
            started = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-c", probe, "grade", WEEK], cwd=course, capture_output=True, text=True
            )
            peak = [line for line in done.stderr.splitlines() if line.startswith("peak")]
            print(
                f"{number} submissions: coordinator {peak[0] if peak else '?'} MiB, {time.monotonic() - started:.0f} s"
            )


def interrupt(number: int) -> None:
    """A class whose grading is killed half-way and started again: nothing is lost, nothing is done twice."""
    with tempfile.TemporaryDirectory() as place:
        course = Path(place)
        make_course(course, number)
        command = [BIN / "autograder", "grade", WEEK, "--results", "results.json"]
        results, started = course / "grades" / "results" / WEEK, time.monotonic()
        first = subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL, start_new_session=True)
        while len(list(results.glob("*.json"))) < number * 2 // 5 and first.poll() is None:
            time.sleep(0.5)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        kept = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}
        print(f"killed after {time.monotonic() - started:.0f} s, with {len(kept)} of {number} results")
        started = time.monotonic()
        run(*command, course=course)
        again = sum(path.stat().st_mtime_ns != kept.get(path.name) for path in results.glob("*.json"))
        rows = json.loads((course / "results.json").read_text())
        database = sqlite3.connect(course / "grades" / "gradebook.db")
        submissions, students = database.execute(
            "select count(*), count(distinct student_id) from submitted_assignment"
        ).fetchone()
        grades, doubled = database.execute(
            "select count(*), count(*) - count(distinct cell_id || notebook_id) from grade"
        ).fetchone()
        open_scores = database.execute(
            "select count(*) from grade join grade_cells on grade.cell_id = grade_cells.id join base_cell on "
            "base_cell.id = grade_cells.id where auto_score is null and base_cell.name like 'test-%'"
        ).fetchone()[0]
        print(f"then {time.monotonic() - started:.0f} s for the other {again}: {len(rows)} rows, {submissions}")
        print(f"submissions of {students} students and {grades} grades in the gradebook, {doubled} doubled,")
        print(f"{open_scores} machine scores missing; scores by kind:")
        kinds: dict[int, set[float]] = {}
        for row in rows:
            kinds.setdefault(int(row["student"].removeprefix("student")) % KINDS, set()).add(row["score"])
        print(kinds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--scale", type=int, nargs="*", default=[])
    parser.add_argument("--interrupt", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.submissions:
        compare(arguments.submissions)
    scale(arguments.scale)
    if arguments.interrupt:
        interrupt(arguments.interrupt)
