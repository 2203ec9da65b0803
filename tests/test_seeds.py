"""The secret seeds of a course: drawn once for a week, kept, and readable by the instructor alone."""

import json

import pytest

from autograder.errors import CourseError
from autograder.seeds import course_seed


def test_a_seed_is_drawn_once_for_each_week_and_kept(tmp_path):
    first, other = course_seed(tmp_path / "grades", "week1-a"), course_seed(tmp_path / "grades", "week2-b")
    assert first != other
    assert course_seed(tmp_path / "grades", "week1-a") == first
    assert json.loads((tmp_path / "grades" / "seeds.json").read_text()) == {"week1-a": first, "week2-b": other}


def test_a_given_seed_and_a_new_one_are_kept_from_then_on(tmp_path):
    assert course_seed(tmp_path, "week1-a", given=0) == 0
    assert course_seed(tmp_path, "week1-a") == 0
    new = course_seed(tmp_path, "week1-a", new=True)
    assert new > 0
    assert course_seed(tmp_path, "week1-a") == new


def test_the_file_of_seeds_is_for_its_owner_alone(tmp_path):
    course_seed(tmp_path, "week1-a")
    assert (tmp_path / "seeds.json").stat().st_mode & 0o077 == 0


def test_a_damaged_file_of_seeds_is_an_error_that_names_it_and_not_a_new_seed(tmp_path):
    (tmp_path / "seeds.json").write_text('{"week1-a": ')
    with pytest.raises(CourseError, match=r"seeds\.json is damaged; take it from a backup"):
        course_seed(tmp_path, "week1-a")
    assert (tmp_path / "seeds.json").read_text() == '{"week1-a": '
