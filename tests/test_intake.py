"""Taking in what strangers hand in: everything of theirs that can be found is, and nothing stops the reader."""

import copy
import json
import os

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_course import small_lesson

from autograder.intake import MAX_FILE, find_notebook, read_submission
from autograder.notebooks import as_text, solved_notebook, student_notebook

MINE = {"double": "def double(x):\n    return x + x", "neutral": 'answer_neutral = "B"', "even": "It is $2n$."}


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    return solved_notebook(small_lesson(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def handed_in(solved):
    """The notebook of a student who did three of the tasks, as JSON."""
    notebook = student_notebook(solved)
    for cell in notebook.cells:
        cell.source = MINE.get(cell.id, cell.source)
    return json.loads(as_text(notebook))


@pytest.fixture
def read(tmp_path, solved):
    """Writes JSON (or bytes) as a file and takes it in."""

    def read(data):
        path = tmp_path / "doubling.ipynb"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return read_submission(path, solved)

    return read


@pytest.fixture
def notebook(handed_in):
    return copy.deepcopy(handed_in)


def at(notebook, name):
    """The place of a cell among the cells."""
    return next(index for index, cell in enumerate(notebook["cells"]) if cell.get("id") == name)


def code(source, **more):
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source} | more


def without_marks(cell):
    cell["metadata"] = {}
    del cell["id"]


def test_a_notebook_as_it_should_be_gives_its_answers_and_no_note(read, notebook, solved):
    submission = read(notebook)
    assert submission.answers["double"] == [MINE["double"]]
    assert submission.answers["neutral"] == [MINE["neutral"]]
    assert set(submission.answers) == {"double", "total", "draw", "neutral"}
    assert submission.written == {"even": MINE["even"]}
    assert (submission.added, submission.notes, submission.rejected) == ({}, [], "")


def test_cells_that_a_student_added_stay_behind_the_cell_they_follow(read, notebook):
    place = at(notebook, "check-double") + 1
    notebook["cells"][place:place] = [code("print(1)", id="a1"), code("helper = 2"), code("   \n")]
    assert read(notebook).added == {"check-double": ["print(1)", "helper = 2"]}


def test_outputs_metadata_and_copies_of_the_courses_cells_are_not_taken(read, notebook, solved):
    for cell in notebook["cells"]:
        if cell["id"].startswith(("check-", "test-", "question-")):
            cell["source"] = "import os; os._exit(0)" if cell["cell_type"] == "code" else "# mine"
        cell["metadata"]["tags"] = ["skip-execution"]
        cell["metadata"]["course"] = {"role": "given"}
    notebook["metadata"] = {"kernelspec": {"name": "evil"}}
    submission = read(notebook)
    assert submission.answers["double"] == [MINE["double"]]
    assert (submission.added, submission.notes) == ({}, [])


def test_names_defined_in_a_check_cell_are_noted_because_the_original_runs(read, notebook):
    notebook["cells"][at(notebook, "check-double")]["source"] += "\ndef helper():\n    pass\nfactor = 2\n"
    assert read(notebook).notes == ["factor, helper in the cell check-double did not run: its original did"]


def test_a_changed_given_cell_runs_after_the_original_with_a_note(read, notebook):
    notebook["cells"][at(notebook, "given-1")]["source"] = "import numpy as np\nimport math"
    submission = read(notebook)
    assert submission.added == {"given-1": ["import numpy as np\nimport math"]}
    assert submission.notes == ["the given cell given-1 was changed; the original ran before the changed one"]


def test_a_text_cell_that_was_made_a_code_cell_runs_as_the_students_own(read, notebook):
    place = next(index for index, cell in enumerate(notebook["cells"]) if "One thing to look at" in str(cell["source"]))
    notebook["cells"][place] |= code("helper = 1")
    assert list(read(notebook).added.values()) == [["helper = 1"]]


def test_an_answer_cell_of_another_type_still_counts(read, notebook):
    notebook["cells"][at(notebook, "double")]["cell_type"] = "raw"
    notebook["cells"][at(notebook, "even")]["cell_type"] = "code"
    submission = read(notebook)
    assert submission.answers["double"] == [MINE["double"]]
    assert submission.written["even"] == MINE["even"]


def test_a_split_answer_runs_in_all_its_pieces_in_order(read, notebook):
    place = at(notebook, "double")
    first, second = copy.deepcopy(notebook["cells"][place]), copy.deepcopy(notebook["cells"][place])
    first["source"], second["source"], second["id"] = "def one(x):\n    return x", "double = one", "f00"
    notebook["cells"][place : place + 1] = [first, second]
    submission = read(notebook)
    assert submission.answers["double"] == ["def one(x):\n    return x", "double = one"]
    assert submission.notes == ["the cell of double is there 2 times; all ran, in their order"]


def test_another_try_in_a_cell_of_ones_own_does_not_take_the_place_of_the_answer(read, notebook):
    notebook["cells"].append(code("def double(x):\n    return 0", id="a1"))
    submission = read(notebook)
    assert submission.answers["double"] == [MINE["double"]]
    assert list(submission.added.values()) == [["def double(x):\n    return 0"]]


def test_notes_below_a_question_are_no_part_of_the_answer(read, notebook):
    place = at(notebook, "even")
    notebook["cells"].insert(place, {"cell_type": "markdown", "metadata": {}, "source": "To do.", "id": "a1"})
    assert read(notebook).written == {"even": MINE["even"]}


def test_a_copied_written_answer_is_read_in_one(read, notebook):
    notebook["cells"].append(copy.deepcopy(notebook["cells"][at(notebook, "even")]))
    assert read(notebook).written == {"even": "It is $2n$.\n\nIt is $2n$."}


def test_reordered_cells_are_found_by_their_marks(read, notebook):
    notebook["cells"].reverse()
    submission = read(notebook)
    assert submission.answers["double"] == [MINE["double"]]
    assert submission.notes == []


def test_deleted_answer_cells_are_noted_by_name(read, notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ("double", "even", "test-total")]
    notebook["cells"][at(notebook, "total")]["source"] = MINE["double"]  # belongs to total, where it stands
    submission = read(notebook)
    assert submission.notes == ["answer cells are missing: double, even"]
    assert set(submission.answers) == {"total", "draw", "neutral"}


def test_the_notebook_of_another_week_is_noted_as_such(read):
    submission = read({"cells": [code("def of_another_week():\n    pass")], "nbformat": 4})
    assert submission.notes == [
        "none of this week's answer cells is in it; is it the notebook of another week?",
    ]


def test_answers_that_lost_their_marks_are_found_by_what_they_define_or_below_their_question(read, notebook):
    for name in ("double", "neutral", "even"):
        without_marks(notebook["cells"][at(notebook, name)])
    submission = read(notebook)
    assert submission.answers["double"] == [MINE["double"]]
    assert submission.answers["neutral"] == [MINE["neutral"]]
    assert submission.written == {"even": MINE["even"]}
    assert submission.added == {}
    assert sorted(submission.notes) == [
        "the answer to even had lost its mark; it was found below its question",
        "the cell of double had lost its mark; it was found by what it defines",
        "the cell of neutral had lost its mark; it was found by what it defines",
    ]


def test_an_answer_with_another_grade_id_is_found_by_its_cell_id(read, notebook):
    cell = notebook["cells"][at(notebook, "double")]
    cell["metadata"]["nbgrader"]["grade_id"] = "doubel"
    cell["source"] = "# nothing yet"
    submission = read(notebook)
    assert submission.answers["double"] == ["# nothing yet"]
    assert submission.notes == ["the cell of double had lost its mark; it was found by its id"]


def test_a_notebook_that_lost_every_mark_keeps_all_its_answers(read, notebook):
    for cell in notebook["cells"]:
        without_marks(cell)
    submission = read(notebook)
    assert submission.answers["double"] == [MINE["double"]]
    assert set(submission.answers) == {"double", "total", "draw", "neutral"}
    assert submission.written == {"even": MINE["even"]}


@pytest.mark.parametrize("version", [3, 4])
def test_a_notebook_of_an_older_format_is_read(read, notebook, version):
    old = nbformat.reads(json.dumps(notebook), 4)
    old = nbformat.convert(old, 3) if version == 3 else old | {"nbformat_minor": 4}
    for cell in old.get("cells", []):
        del cell["id"]
    submission = read(old)
    assert submission.answers["double"] == [MINE["double"]]
    assert submission.written == {"even": MINE["even"]}


def test_sources_in_lines_and_with_lone_surrogates_become_texts_that_a_file_can_hold(read, notebook):
    notebook["cells"][at(notebook, "double")]["source"] = ["def double(x):\n", 7, None, '    return "\ud800"']
    (source,) = read(notebook).answers["double"]
    assert source == 'def double(x):\n    return "?"'


STRANGE_CELLS = {
    "cells that are no dicts": [None, 1, "text", ["x"]],
    "a source that is a number": [code(7, metadata={"nbgrader": {"grade_id": "double"}})],
    "names that are lists": [code("x = 1", id=["a"], metadata={"nbgrader": {"grade_id": {}}})],
    "metadata that is a list": [{"cell_type": "code", "source": "x = 1", "metadata": []}],
    "a type that is a dict": [{"cell_type": {}, "source": "x = 1"}],
    "a cell without anything": [{}],
    "a syntax tree too deep": [code("x = " + "-" * 50_000 + "1")],
    "null bytes": [code("x = '\0'")],
}


@pytest.mark.parametrize("cells", STRANGE_CELLS.values(), ids=STRANGE_CELLS.keys())
def test_strange_cells_do_not_hide_the_others(read, notebook, cells):
    place = at(notebook, "double")
    notebook["cells"][place:place] = cells
    assert read(notebook).answers["double"][-1] == MINE["double"]


BROKEN_FILES = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "half a notebook": b'{"cells": [{"cell_type": "code", "source"',
    "a list": b"[]",
    "no cells": b'{"nbformat": 4}',
    "cells that are no list": b'{"nbformat": 4, "cells": {"a": 1}}',
    "an old format without worksheets": b'{"nbformat": 3, "worksheets": 7}',
    "an older format": b'{"nbformat": 1, "cells": 7}',
    "a hundred thousand levels": b"[" * 100_000,
    "an old format, very deep": b'{"nbformat": 3, "worksheets": ' + b"[" * 900 + b"]" * 900 + b"}",
    "a number too long to read": b'{"nbformat": ' + b"1" * 5000 + b"}",
    "Latin-1": '{"nbformat": 4, "cells": ["größer"]}'.encode("latin-1"),
}


@pytest.mark.parametrize("data", BROKEN_FILES.values(), ids=BROKEN_FILES.keys())
def test_a_file_that_is_no_notebook_is_rejected_with_a_reason(read, data):
    submission = read(data)
    assert submission.rejected.startswith("the file is no Jupyter notebook (")
    assert not submission.answers


def test_a_huge_file_is_rejected_unread(tmp_path, solved):
    path = tmp_path / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    assert read_submission(path, solved).rejected == "the file has more than 40 MB"


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.sampled_from(["double", "code"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "id", "nbformat"]), inner
    ),
)  # fmt: skip


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({"nbformat": st.integers(1, 5)}, optional={"cells": st.lists(anything, max_size=4)}))
def test_no_json_in_the_shape_of_a_notebook_stops_the_reader(read, data):
    read(data)


def files(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


def test_the_notebook_with_the_right_name_is_taken_and_others_are_noted(tmp_path):
    files(tmp_path, "doubling.ipynb", "scratch.ipynb", "sub/doubling.ipynb", "data.csv")
    path, notes = find_notebook(tmp_path, "doubling")
    assert path == tmp_path / "doubling.ipynb"
    assert notes == ["other notebooks were ignored: scratch.ipynb, sub/doubling.ipynb"]


@pytest.mark.parametrize("name", ["my solution (1).ipynb", "a/b/doubling.ipynb", "Doubling.ipynb"])
def test_the_only_notebook_is_taken_wherever_it_lies_with_a_note(tmp_path, name):
    files(tmp_path, name)
    assert find_notebook(tmp_path, "doubling") == (tmp_path / name, [f"the notebook is {name}, not doubling.ipynb"])


def test_the_right_name_in_a_folder_is_preferred_to_other_names(tmp_path):
    files(tmp_path, "a.ipynb", "sub/doubling.ipynb")
    path, notes = find_notebook(tmp_path, "doubling")
    assert path == tmp_path / "sub" / "doubling.ipynb"
    assert notes == ["the notebook is sub/doubling.ipynb, not doubling.ipynb", "other notebooks were ignored: a.ipynb"]


def test_checkpoints_and_the_second_files_of_macos_are_not_notebooks(tmp_path):
    files(tmp_path, "mine.ipynb", ".ipynb_checkpoints/mine-checkpoint.ipynb", "__MACOSX/._mine.ipynb", "._mine.ipynb")
    assert find_notebook(tmp_path, "doubling")[0] == tmp_path / "mine.ipynb"


def test_several_notebooks_of_other_names_are_a_reason_to_ask(tmp_path):
    files(tmp_path, "a.ipynb", "b/c.ipynb")
    note = "several notebooks, and not one of them is doubling.ipynb: a.ipynb, b/c.ipynb"
    assert find_notebook(tmp_path, "doubling") == (None, [note])


def test_nothing_handed_in_says_what_was_expected(tmp_path):
    (tmp_path / "doubling.ipynb").mkdir()
    assert find_notebook(tmp_path, "doubling") == (None, ["no notebook was handed in; expected doubling.ipynb"])


def test_links_are_named_and_never_followed(tmp_path):
    files(tmp_path / "elsewhere", "doubling.ipynb")
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "doubling.ipynb").symlink_to(tmp_path / "elsewhere" / "doubling.ipynb")
    (folder / "more").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe.ipynb")
    path, notes = find_notebook(folder, "doubling")
    assert path is None
    assert notes[:2] == ["doubling.ipynb is a link; it was not followed", "more is a link; it was not followed"]
