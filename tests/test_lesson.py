"""Reading a lesson: what is found in it, and that whatever an author gets wrong is refused with place and remedy."""

import pytest
from small_course import LESSON, WEEK, line_of, refusal, small_lesson, write_course

from autograder.errors import LessonError
from autograder.lesson import read_lesson

FILE = f"solutions/{WEEK}/lesson.md"


def test_a_lesson_is_read_into_exercises_quizzes_and_written_questions(tmp_path):
    lesson = small_lesson(tmp_path)
    assert (lesson.week, lesson.topic, lesson.title, lesson.packages) == (1, "doubling", "Doubling", ("numpy",))
    double, total, draw = lesson.exercises.values()
    assert (double.number, double.title, double.functions) == ("1.1", "Twice", ("double",))
    assert (double.difficulty, double.minutes, double.stretch, double.points) == (1, 5, False, 3)
    assert (double.forbid, double.section) == (("numpy.multiply",), "twice")
    assert (total.functions, total.uses) == (("total", "Meter", "_flat"), ("double",))
    assert total.asks_for == ["Meter", "double", "total"]  # what the probes use; nobody must define _flat
    assert draw.stretch
    assert lesson.quizzes["neutral"].right == "B"
    assert lesson.written["even"].title == "Even numbers"
    assert (lesson.max_score, lesson.manual_max) == (3 + 4 + 2 + 1, 3)


@pytest.mark.parametrize(
    "damage",
    [lambda text: text.replace("\n", "\r\n").encode(), lambda text: b"\xef\xbb\xbf" + text.encode()],
    ids=["Windows line ends", "byte order mark"],
)
def test_a_lesson_saved_by_another_editor_reads_the_same(tmp_path, damage):
    plain = small_lesson(tmp_path / "a")
    folder = write_course(tmp_path / "b")
    (folder / "lesson.md").write_bytes(damage(LESSON))
    assert [(cell.source, cell.place) for cell in read_lesson(folder).cells] == [
        (cell.source, cell.place) for cell in plain.cells
    ]


def test_a_lesson_that_is_not_utf8_is_refused_with_file_and_remedy(tmp_path):
    folder = write_course(tmp_path)
    (folder / "lesson.md").write_bytes("größer".encode("latin-1"))
    with pytest.raises(LessonError, match=f"{FILE}: save the file as UTF-8"):
        read_lesson(folder)


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("week: 1\n", "", "needs `week:`, such as `week: 1`"),
        ("title: Doubling\n", "", "needs `title:`"),
        ("packages: [numpy]\n", "", "needs `packages:`, such as `packages: [numpy]`"),
        ("week: 1\n", "week: 2\n", "says week 2; the folder's name asks for 1"),
        ("week: 1\n", 'week: "1"\n', "says week '1'; the folder's name asks for 1"),
        ("week: 1\n", "week: true\n", "says week True; the folder's name asks for 1"),
        ("packages: [numpy]", "packages: [1]", "as a list, such as `packages: [numpy]`"),
        ("packages: [numpy]", "packages: numpy", "as a list, such as `packages: [numpy]`"),
        ("week: 1\n", "week: 1\nalso: 9\n", "write `also:` as a list of numbers, such as `also: [9]`"),
        ("week: 1\n", "week: 1\nalso: [x]\n", "write `also:` as a list of numbers, such as `also: [9]`"),
        ("title: Doubling", "title: 3", "not the form `key: value`: 3 is not of type 'string'"),
        ("title: Doubling", "title: [", "not the form `key: value`"),
    ],
)
def test_a_front_matter_with_a_mistake_is_refused_with_file_and_remedy(tmp_path, old, new, remedy):
    message = refusal(tmp_path, old, new)
    assert message.startswith(f"{FILE}: ")
    assert remedy in message


@pytest.mark.parametrize("name", ["week1_doubling", "week01-doubling", "Week1-doubling", "week1-"])
def test_a_lesson_in_a_folder_with_another_kind_of_name_is_refused(tmp_path, name):
    folder = write_course(tmp_path).rename(tmp_path / name)
    with pytest.raises(LessonError, match=f'{name}: a lesson lives in a folder named like "week1-derivatives"'):
        read_lesson(folder)


@pytest.mark.parametrize("file", ["lesson.md", "reference.py"])
def test_a_folder_without_one_of_its_files_is_refused_by_name(tmp_path, file):
    folder = write_course(tmp_path)
    (folder / file).unlink()
    with pytest.raises(Exception, match=f"{file} is missing; a lesson needs lesson.md and reference.py"):
        read_lesson(folder)


# Each case: what is changed, the first option of the code cell that is to blame ("" for Markdown), what the cell is
# called, and the remedy.
BROKEN_CELLS = {
    "an unknown option": (
        ":difficulty: 1\n",
        ":difficulty: 1\n:dificulty: 2\n",
        ":solution: double",
        "(solution of double)",
        "unknown option dificulty; beside `solution` it may say difficulty, forbid, minutes, section, stretch, uses",
    ),
    "a misspelt kind": (
        ":check: double",
        ":chek: double",
        ":check: double",
        "",
        "unknown option chek; a cell is one of solution, check, probes, quiz",
    ),
    "two kinds in one cell": (
        ":check: double\n",
        ":check: double\n:probes: double\n",
        ":check: double",
        "",
        "not check and probes; split it",
    ),
    "a code option on Markdown": (
        '+++ {"quiz": "neutral", "points": 1}',
        '+++ {"check": "neutral"}',
        "",
        "(check of neutral)",
        "`check` belongs on a code cell",
    ),
    "an empty name": (
        ":solution: draw",
        ":solution:",
        ":solution: draw",
        "(solution of )",
        "letters (a to z), digits and _",
    ),
    "a name with a hyphen": (
        ":solution: draw",
        ":solution: dr-aw",
        ":solution: draw",
        "(solution of dr-aw)",
        "letters (a to z), digits and _",
    ),
    "a name too long for a cell id": (
        '"quiz": "neutral"',
        f'"quiz": "{"n" * 51}"',
        "",
        "",
        "at most 50 letters",
    ),
    "two names for a check": (
        ":check: total",
        ":check: total, Meter",
        ":check: total",
        "(check of total)",
        "takes one name, the first of the solution cell",
    ),
    "no +++ before the heading": (
        "+++\n\n## Exercise 1.2",
        "Some prose.\n\n## Exercise 1.2",
        ":solution: total",
        "(solution of total)",
        'must begin with "## Exercise 1.1: Title" (put a line +++ before the heading)',
    ),
    "code in the solution cell": (
        ":section: twice\n",
        ":section: twice\n\ndef double(x): ...\n",
        ":solution: double",
        "(solution of double)",
        "leave the cell empty; its code comes from reference.py",
    ),
    "a function that the reference lacks": (
        ":solution: total, Meter",
        ":solution: total, Mether",
        ":solution: total",
        "(solution of total)",
        "reference.py does not define Mether",
    ),
    "a hidden function first": (
        ":solution: total, Meter, _flat",
        ":solution: _flat, total, Meter",
        ":solution: total",
        "(solution of _flat)",
        "_flat is hidden from them",
    ),
    "one exercise twice": (
        ":solution: draw",
        ":solution: double",
        ":solution: draw",
        "(solution of double)",
        "double is already the name of another task; choose another",
    ),
    "one function in two exercises": (
        ":solution: draw",
        ":solution: draw, total",
        ":solution: draw",
        "(solution of draw)",
        "total is asked for in exercise total already; name it once",
    ),
    "one function twice in a cell": (
        ":solution: draw",
        ":solution: draw, draw",
        ":solution: draw",
        "(solution of draw)",
        "draw is asked for in the same cell already; name it once",
    ),
    "the number of another week": (
        "## Exercise 1.3",
        "## Exercise 2.3",
        ":solution: draw",
        "(solution of draw)",
        "exercise 2.3 stands in week 1; call it 1.1 or so",
    ),
    "one number twice": (
        "## Exercise 1.3",
        "## Exercise 1.2",
        ":solution: draw",
        "(solution of draw)",
        "1.2 is the number of total already; choose another",
    ),
    "a difficulty of 4": (
        ":difficulty: 3",
        ":difficulty: 4",
        ":solution: draw",
        "(solution of draw)",
        "add `:difficulty:` (1, 2 or 3)",
    ),
    "a difficulty of true": (
        ":difficulty: 1",
        ":difficulty: true",
        ":solution: double",
        "(solution of double)",
        "add `:difficulty:` (1, 2 or 3)",
    ),
    "minutes in words": (
        ":minutes: 10",
        ":minutes: ten",
        ":solution: total",
        "(solution of total)",
        "add `:minutes:` (a whole number)",
    ),
    "a stretch in quotes": (
        ":stretch: true",
        ':stretch: "false"',
        ":solution: draw",
        "(solution of draw)",
        "write `:stretch: true` or leave it out; got 'false'",
    ),
    "a forbidden call with brackets": (
        ":forbid: numpy.multiply",
        ":forbid: numpy.multiply()",
        ":solution: double",
        "(solution of double)",
        "names such as torch.softmax, separated by commas",
    ),
    "use of a later exercise": (
        ":uses: double",
        ":uses: double, draw",
        ":solution: total",
        "(solution of total)",
        "`uses` names draw, which no earlier exercise defines",
    ),
    "a check of nothing": (
        ":check: double",
        ":check: dobule",
        ":check: double",
        "(check of dobule)",
        "no `:solution: dobule` stands before it",
    ),
    "a second check": (
        ":check: total",
        ":check: double",
        ":check: total",
        "(check of double)",
        "double has a visible check already; put all of it into one cell",
    ),
    "second hidden tests": (
        ":probes: total",
        ":probes: double",
        ":probes: total",
        "(probes of double)",
        "double has hidden tests already; put all of them into one cell",
    ),
    "probes without points": (
        ":probes: total\n:points: 4\n",
        ":probes: total\n",
        ":probes: total",
        "(probes of total)",
        "add `points`, a whole number above 0; got None",
    ),
    "no point": (
        '"quiz": "neutral", "points": 1',
        '"quiz": "neutral", "points": 0',
        "",
        "(quiz of neutral)",
        "a whole number above 0; got 0",
    ),
    "half a point": (
        ":points: 4",
        ":points: 4.5",
        ":probes: total",
        "(probes of total)",
        "a whole number above 0; got 4.5",
    ),
    "a rubric with another sum": (
        "- 2 points: the divisor",
        "- 1 point: the divisor",
        "",
        "(rubric of even)",
        "add up to 2, the question has 3",
    ),
    "a written question without an answer": (
        '+++ {"answer": "even"}\n\nIt is $2n$, and 2 divides it.\n\n',
        "",
        "",
        "(written of even)",
        "a cell `answer` and a cell `rubric` with the same name",
    ),
    "a written question without its heading": (
        "### Written question: Even numbers",
        "Even numbers",
        "",
        "(written of even)",
        'begin the cell with "### Written question: title"',
    ),
    "an answer to nothing": (
        '+++ {"written": "even", "points": 3}',
        "+++",
        "",
        "(answer of even)",
        'no cell {"written": "even"} stands before it',
    ),
    "a code cell misspelt": (
        "```{code-cell} python3\n:probes: draw",
        "```{codecell} python3\n:probes: draw",
        "",
        "",
        "a code cell begins with ```{code-cell} python3",
    ),
    "a directive in the prose": (
        "Write `double(x)`.",
        "```{note}\nWrite `double(x)`.\n```",
        "",
        "",
        "prose has no directives",
    ),
    "hidden tests in a plain fence": (
        "```{code-cell} python3\n:probes: draw",
        "```python\n:probes: draw",
        "",
        "",
        "':probes:' stands in the text of a cell",
    ),
    "a quiz without its mark": (
        '+++ {"quiz": "neutral", "points": 1}',
        "+++",
        "",
        "",
        'write +++ {"quiz": "name", "points": 1} above the quiz',
    ),
}


@pytest.mark.parametrize(("old", "new", "first_line", "cell", "remedy"), BROKEN_CELLS.values(), ids=BROKEN_CELLS.keys())
def test_a_cell_with_a_mistake_is_refused_with_file_line_cell_and_remedy(tmp_path, old, new, first_line, cell, remedy):
    message = refusal(tmp_path, old, new)
    place, _, rest = message.partition(": ")
    assert place.startswith(f"{FILE}, line ")
    assert place.endswith(cell)
    assert remedy in rest
    if first_line:
        assert place == f"{FILE}, line {line_of(first_line)} {cell}".rstrip()


def test_exercises_may_have_the_number_of_another_week_that_the_front_matter_names(tmp_path):
    folder = write_course(tmp_path)
    text = LESSON.replace("week: 1\n", "week: 1\nalso: [9]\n")
    (folder / "lesson.md").write_text(text.replace("## Exercise 1.2:", "## Exercise 9.1:"), encoding="utf-8")
    lesson = read_lesson(folder)
    assert (lesson.week, lesson.also) == (1, (9,))
    assert [exercise.number for exercise in lesson.exercises.values()][:2] == ["1.1", "9.1"]
    for number in ("10.1", "91.1", "2.1"):
        (folder / "lesson.md").write_text(text.replace("## Exercise 1.2:", f"## Exercise {number}:"), encoding="utf-8")
        with pytest.raises(LessonError, match=rf"exercise {number} stands in week 1; call it 1\.1 or so"):
            read_lesson(folder)


def test_names_may_be_a_list(tmp_path):
    lesson = small_lesson(tmp_path, ":solution: total, Meter, _flat", ":solution: [total, Meter, _flat]")
    assert lesson.exercises["total"].functions == ("total", "Meter", "_flat")


@pytest.mark.parametrize(("kind", "missing"), [("check", "visible check"), ("probes", "hidden tests")])
def test_an_exercise_without_check_or_hidden_tests_is_refused_with_the_option_to_add(tmp_path, kind, missing):
    start = LESSON.index(f"```{{code-cell}} python3\n:{kind}: draw")
    cell = LESSON[start : LESSON.index("\n```\n", start) + 5]
    message = refusal(tmp_path, cell, "")
    assert message == f"{FILE}: exercise draw has no {missing}; add a code cell with `:{kind}: draw`"


def test_a_lesson_without_any_exercise_is_refused(tmp_path):
    folder = write_course(tmp_path)
    (folder / "lesson.md").write_text(LESSON[: LESSON.index("+++")])
    with pytest.raises(LessonError, match=f"{FILE}: there is no exercise; add a code cell with `:solution:`"):
        read_lesson(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [('{"written": "even", "points": 3}', '{"written": even}'), (":check: draw", ":check draw")],
    ids=["JSON without quotes", "an option without its second colon"],
)
def test_options_that_cannot_be_read_are_refused_with_the_file(tmp_path, old, new):
    assert refusal(tmp_path, old, new).startswith(f"{FILE}: the front matter or an option has not the form")
