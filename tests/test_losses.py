"""The table of losses: what is derived, how it is shown, what is kept."""

import json
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lm.losses import HEADINGS, LossTable, Row


@pytest.fixture
def table() -> LossTable:
    table = LossTable("ten <names>")
    table.add("uniform", parameters=0, train=math.log(27), dev=math.log(27))
    table.add("bigram, k < 1", parameters=729, train=np.float64(2.25), dev=np.float32(np.inf))
    table.add("4-gram | quoted", parameters=531441, train=None, dev=2 * math.log(2))
    return table


def test_bits_and_perplexity_are_derived_from_nats(table):
    assert table["4-gram | quoted"].cells() == ("4-gram | quoted", "531,441", "–", "1.3863", "2.0000", "4.00")
    assert table["uniform"].cells()[3:] == ("3.2958", "4.7549", "27.00")
    assert table["bigram, k < 1"].cells()[2:] == ("2.2500", "∞", "∞", "∞")
    assert Row("hopeless", 1, 1.0, 800.0).cells()[5] == "∞"


def test_a_row_added_twice_stands_once_in_its_place(table):
    table.add("uniform", parameters=0, train=3.0, dev=3.5)
    assert [row.model for row in table.rows] == ["uniform", "bigram, k < 1", "4-gram | quoted"]
    assert table["uniform"].dev == 3.5


@pytest.mark.parametrize("losses", [(1.0, -0.1), (-2.0, 1.0), (1.0, math.nan), (math.nan, 1.0)])
def test_a_loss_that_cannot_be_is_refused(losses):
    with pytest.raises(ValueError, match="0 or more"):
        LossTable("x").add("m", parameters=1, train=losses[0], dev=losses[1])
    with pytest.raises(ValueError, match="parameters is 0 or more, got -1"):
        LossTable("x").add("m", parameters=-1, train=1.0, dev=1.0)


def test_an_unknown_model_names_those_that_are_there(table):
    with pytest.raises(KeyError, match=r"trigram.*uniform, bigram"):
        table["trigram"]


def test_html_is_a_table_with_a_caption_and_headers(table):
    root = ElementTree.fromstring(table._repr_html_())
    assert root.findtext("caption") == "Losses a character on ten <names>"
    assert [cell.text for cell in root.findall("thead/tr/th[@scope='col']")] == list(HEADINGS)
    assert [cell.text for cell in root.findall("tbody/tr/th[@scope='row']")] == [row.model for row in table.rows]
    assert all(len(row) == len(HEADINGS) for row in root.findall("tbody/tr"))


def test_markdown_and_plain_text_hold_the_same_cells(table):
    lines = table._repr_markdown_().splitlines()
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines[2:]} == {len(HEADINGS) + 1}
    for row in table.rows:
        assert all(cell in str(table) for cell in row.cells())
    assert len({len(line) for line in str(table).splitlines()[1:]}) == 1


def test_names_stand_at_the_left_and_numbers_at_the_right():
    table = LossTable("x")
    table.add("a", parameters=1, train=None, dev=0.0)
    table.add("longer", parameters=1000, train=0.5, dev=math.log(20))
    short, long = str(table).splitlines()[2:]
    assert short.startswith("a       ")
    assert short.endswith(" 1.00")
    assert long.startswith("longer  ")
    assert long.endswith("20.00")
    assert table._repr_markdown_().splitlines()[3] == "| --- |" + " ---: |" * 5


def test_a_loss_without_bound_is_kept_in_both_columns(tmp_path):
    table = LossTable("x")
    table.add("never seen", parameters=1, train=math.inf, dev=math.inf)
    table.save(tmp_path / "losses.json", command="make book")
    assert LossTable.load(tmp_path / "losses.json", "x")["never seen"].cells()[2:4] == ("∞", "∞")


def test_rows_are_kept_with_the_command_that_made_them(table, tmp_path):
    table.add("measured elsewhere", parameters=3, train=1.0, dev=2.0, command="python train.py")
    file = tmp_path / "losses.json"
    table.save(file, command="make book")
    again = LossTable.load(file, "ten <names>")
    assert [row.cells() for row in again.rows] == [row.cells() for row in table.rows]
    assert [row.command for row in again.rows] == ["make book"] * 3 + ["python train.py"]
    assert "Infinity" not in file.read_text()


def test_tables_of_two_corpora_share_a_file(table, tmp_path):
    file = tmp_path / "losses.json"
    table.save(file, command="one")
    other = LossTable("names.txt")
    other.add("uniform", parameters=0, train=None, dev=3.2958)
    other.save(file, command="two")
    assert list(json.loads(file.read_text())) == ["ten <names>", "names.txt"]
    assert len(LossTable.load(file, "ten <names>").rows) == 3
    with pytest.raises(ValueError, match="holds no losses on 'trees', only on: ten <names>, names"):
        LossTable.load(file, "trees")
