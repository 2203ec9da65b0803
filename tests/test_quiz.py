"""Quizzes: what students see of one, which letter they mean, and what an author gets wrong."""

import pytest
from small_course import refusal

from autograder.errors import LessonError
from autograder.quiz import Choice, read_quiz

PLACE = "lesson.md, line 9 (quiz of zero)"
QUIZ = """### Quiz: Which number?

Think of $2x = x$,
or of nothing.

- [ ] One,
  or more.
  > Twice one
  > is two.
- [x] Zero.
  > It is `> -1`.

- [ ] None.
  > There is one.
"""


def read(source):
    return read_quiz("zero", source, 2, PLACE)


def test_a_quiz_is_read_into_a_title_choices_with_reasons_and_the_right_letter():
    quiz = read(QUIZ)
    assert (quiz.title, quiz.right, quiz.points, quiz.variable) == ("Which number?", "B", 2, "answer_zero")
    assert quiz.choices == (
        Choice("One, or more.", "Twice one is two."),
        Choice("Zero.", "It is `> -1`."),
        Choice("None.", "There is one."),
    )
    assert quiz.reason("C") == "There is one."


def test_students_see_the_question_with_lettered_choices_and_neither_tick_nor_reason():
    assert read(QUIZ).markdown() == (
        "### Quiz: Which number?\n\nThink of $2x = x$,\nor of nothing.\n\n"
        "- **A.** One, or more.\n- **B.** Zero.\n- **C.** None."
    )


@pytest.mark.parametrize("answer", ["B", "b", " B.", "(b)", "B) because it is nothing", "B: zero"])
def test_a_letter_counts_however_it_is_decorated(answer):
    assert read(QUIZ).letter(answer) == "B"


@pytest.mark.parametrize("answer", [None, "", "D", "Zero", "AB", "1", 2, ["B"], b"B", "?B", "ABC"])
def test_what_is_no_letter_of_a_choice_is_no_answer(answer):
    assert read(QUIZ).letter(answer) is None


def test_a_capital_x_ticks_a_choice():
    assert read(QUIZ.replace("[x]", "[X]")).right == "B"


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("- [ ] One", "- [x] One", "tick exactly one choice `- [x] ...`; 2 are ticked"),
        ("[x]", "[ ]", "tick exactly one choice `- [x] ...`; 0 are ticked"),
        ("  > There is one.\n", "", 'write the reason under "None.", in lines that begin with `  > `'),
        ("- [ ] One", "* [ ] One", 'write "* [ ] One," as `- [ ] text` or `- [x] text` at the start of a line'),
        ("- [ ] None", "-[ ] None", 'write "-[ ] None." as `- [ ] text`'),
        ("- [ ] None", "  - [ ] None", 'write "- [ ] None." as `- [ ] text` or `- [x] text` at the start of a line'),
        ("- [x] Zero", "- [] Zero", 'write "- [] Zero." as `- [ ] text`'),
        (
            "  > There is one.\n",
            "  > There is one.\n\nZero is right.\n",
            '"Zero is right." belongs to no choice; indent what continues a choice',
        ),
        ("  > There is one.\n", "Zero is right.\n  > There is one.\n", '"Zero is right." belongs to no choice'),
        ("  > There is one.\n", "  > There is one.\n  Or so.\n", '"Or so." belongs to no choice'),
        ("### Quiz: Which number?", "## Which number?", 'begin the cell with "### Quiz: title"'),
        (
            "### Quiz: Which number?\n\nThink of $2x = x$,\nor of nothing.\n",
            "",
            'begin the cell with "### Quiz: title"',
        ),
        (QUIZ[QUIZ.index("- [ ] One") : QUIZ.index("- [ ] None")], "", "has 2 to 5 choices `- [ ] ...`, this one 1"),
        ("- [ ] None", "- [ ] a\n  > b\n" * 3 + "- [ ] None", "has 2 to 5 choices `- [ ] ...`, this one 6"),
    ],
)
def test_a_quiz_with_a_mistake_is_refused_with_cell_and_remedy(old, new, remedy):
    assert QUIZ.count(old) == 1
    with pytest.raises(LessonError) as caught:
        read(QUIZ.replace(old, new))
    assert str(caught.value).startswith(f"{PLACE}: ")
    assert remedy in str(caught.value)


def test_the_error_of_a_quiz_names_the_file_and_line_of_the_lesson(tmp_path):
    message = refusal(tmp_path, "- [x] Zero.", "- [ ] Zero.")
    assert message.startswith("solutions/week1-doubling/lesson.md, line ")
    assert "(quiz of neutral): tick exactly one choice" in message
