"""What is kept of a class when it is graded: one result at a time."""

import gc
import json
import weakref

import pytest

from autograder.summary import Summary


class Row(dict):
    """A dict that can be watched."""


def test_no_result_is_kept_when_it_has_passed(tmp_path):
    alive = []

    def rows():
        for number in range(50):
            row = Row(student=f"s{number}", status="graded", sandbox="full")
            alive.append(weakref.ref(row))
            yield row
            del row
            gc.collect()
            assert sum(reference() is not None for reference in alive) <= 1

    with Summary(tmp_path / "results.json") as summary:
        names = []
        for row in summary.watch(rows()):
            names.append(row["student"])
            del row
    assert names == [row["student"] for row in json.loads((tmp_path / "results.json").read_text())]


def test_weeks_follow_each_other_in_one_list_and_an_empty_one_is_a_list_too(tmp_path):
    path = tmp_path / "a" / "results.json"
    with Summary(path):
        pass
    assert json.loads(path.read_text()) == []
    weeks = [[{"status": "graded", "sandbox": "full"}] * 2, [{"status": "rejected", "sandbox": ""}]]
    with Summary(path) as summary:
        found = [([*summary.watch(rows)], summary.levels, summary.rejected) for rows in weeks]
    assert json.loads(path.read_text()) == weeks[0] + weeks[1]
    assert found == [(weeks[0], {"full"}, False), (weeks[1], set(), True)]


def test_what_an_earlier_run_wrote_stays_until_all_is_done(tmp_path):
    path = tmp_path / "results.json"
    path.write_text("[1]")

    def interrupted():
        yield {"status": "graded", "sandbox": "full"}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Summary(path) as summary:
        list(summary.watch(interrupted()))
    assert path.read_text() == "[1]"
    assert [file.name for file in tmp_path.iterdir()] == ["results.json"]
