"""The corpora of running text that need no network: Python's reference, many languages, news, the play."""

import csv
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter

import pytest
import regex
from babel import Locale

from lm.corpora import CorpusError, multilingual, news, pastiche, python_reference, tiny_shakespeare
from lm.corpora.locales import LANGUAGES, UNITS

ARTICLES = ['A "quoted", long\narticle.', "Zweiter Artikel: Ä.", "null"]
ROWS = [
    {"article": text, "highlights": f"Short {number} .", "id": f"{number:040x}"} for number, text in enumerate(ARTICLES)
]


# --- Python's language reference -------------------------------------------------------------------------------


def test_the_reference_of_python_is_long_english_prose_with_code():
    text = python_reference()
    assert len(text) > 300_000
    assert text.count("\nfor ") + text.count("   for ") > 5
    assert Counter(text.split()).most_common(1)[0][0] == "the"
    assert text == python_reference()


def test_topics_stand_in_the_order_of_their_names(monkeypatch):
    monkeypatch.setattr("lm.corpora.reference.topics", {"b": "\n  second\n", "a": "first\n\n"})
    assert python_reference() == "first\n\n  second\n"


# --- many languages --------------------------------------------------------------------------------------------


def test_the_multilingual_text_has_many_scripts_and_a_few_hundred_kilobytes():
    text = multilingual()
    assert 400_000 < len(text.encode()) < 800_000
    scripts = """Adlam Arabic Armenian Bengali Cherokee Cyrillic Devanagari Ethiopic Georgian Greek Gujarati
        Gurmukhi Han Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil
        Telugu Thai"""
    assert [script for script in scripts.split() if not regex.search(rf"\p{{Script={script}}}", text)] == []
    assert len(scripts.split()) == 28
    assert not regex.search(r"\p{Script=Tibetan}", text)  # the search can tell
    assert len(LANGUAGES) == len(set(LANGUAGES)) == 65


def test_every_language_has_its_name_months_dates_and_units_in_its_own_words():
    lines = multilingual().splitlines()
    for line in (
        "français",
        "janvier, février, mars, avril, mai, juin, juillet et août",
        "septembre, octobre, novembre et décembre",
        "jeudi 1 février 2024",
        "dimanche 1 décembre 2024",
        "1\xa0heure, 2\xa0heures, 5\xa0heures et 21\xa0heures",
        "العربية",
        "日本語",
        "2024年2月1日木曜日",
        "понедельник, вторник, среда, четверг, пятница, суббота и воскресенье",
        "1 час, 2 часа, 5 часов и 21 час",
    ):
        assert line in lines
    assert "Q1" not in "\n".join(lines[lines.index("français") : lines.index("français") + 70])


def test_lines_are_clean():
    text = multilingual()
    assert text.endswith("\n")
    assert text.count("\n") == len(text.splitlines()) > 4000
    assert all(line == line.strip(" \n") and line for line in text.splitlines())
    assert {c for c in text if unicodedata.category(c) == "Cc"} == {"\n"}
    assert max(map(len, text.splitlines())) < 250


def test_a_name_that_babel_does_not_know_is_left_out_and_so_is_what_is_no_place():
    text = multilingual()
    assert "_" not in text  # the code of a language
    assert [unit for unit in UNITS if unit in text] == []
    assert "Vereinigte Staaten" in text
    german = Locale("de").territories
    assert [german[code] for code in ("XA", "XB", "ZZ") if german[code] in text] == []


def test_the_multilingual_text_does_not_depend_on_what_babel_was_asked_before():
    """Babel keeps what it looked up once, and a locale that inherits may then show the words of another."""
    program = """
import sys
from babel import Locale
from lm.corpora import multilingual
for code in ("zh", "am", "az"):
    for calendar in (Locale(code).months, Locale(code).days, Locale(code).quarters):
        [dict(widths["wide"]) for widths in (calendar["stand-alone"], calendar["format"])]
sys.stdout.buffer.write(multilingual().encode())
"""
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert asked.stdout.decode() == multilingual()


# --- news ------------------------------------------------------------------------------------------------------


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_parquet(path, rows):
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    parquet.write_table(pyarrow.Table.from_pylist(rows), path)


WRITERS = {"csv": write_csv, "jsonl": write_jsonl, "json": write_jsonl, "parquet": write_parquet, "CSV": write_csv}


@pytest.fixture
def datasets_offline(monkeypatch, tmp_path):
    """The `datasets` library, cut off from the network, with its own folder for whatever it might keep."""
    library = pytest.importorskip("datasets")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr(library.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    return library


@pytest.mark.parametrize("ending", WRITERS)
def test_news_gives_the_articles_in_the_order_of_the_file(tmp_path, datasets_offline, ending, capfd):
    path = tmp_path / f"train.{ending}"
    WRITERS[ending](path, ROWS)
    verbosity = datasets_offline.logging.get_verbosity()
    assert news(path) == ARTICLES
    assert news(str(path)) == ARTICLES
    assert list(tmp_path.iterdir()) == [path]
    assert capfd.readouterr() == ("", "")
    assert datasets_offline.is_progress_bar_enabled()
    assert datasets_offline.logging.get_verbosity() == verbosity


def test_a_file_that_was_changed_is_read_anew(tmp_path, datasets_offline):
    path = tmp_path / "train.csv"
    write_csv(path, ROWS)
    news(path)
    write_csv(path, ROWS[1:])
    assert news(path) == ARTICLES[1:]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("train.csv", "id,text\n1,hello\n", r"has the columns id, text, but a column named article was expected"),
        (
            "train.jsonl",
            '{"article": "a"}\n{"article": null}\n',
            r"Article 2 of .*train\.jsonl is None, but a text was expected",
        ),
        ("train.csv", "", r"train\.csv could not be read as \.csv \(EmptyDataError: No columns to parse from file\)"),
        ("train.jsonl", "article: hello\n", r"train\.jsonl could not be read as \.jsonl \(.*\); look whether"),
        ("train.parquet", "PAR0", r"train\.parquet could not be read as \.parquet \(Arrow.*\); look whether"),
        ("train.txt", "hello", r"train\.txt ends in '\.txt', but news comes as one of \.csv, .*text_file\(path\)"),
    ],
)
def test_a_file_that_is_no_news_is_refused_in_one_sentence(tmp_path, datasets_offline, name, content, says, capfd):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(CorpusError, match=says) as caught:
        news(path)
    assert capfd.readouterr() == ("", "")
    assert str(caught.value).endswith(".")
    assert not re.search(r"\n|[a-z)]\. ", str(caught.value))


def test_news_from_nowhere_is_told(tmp_path):
    with pytest.raises(CorpusError, match=r"expected at .*nowhere\.csv .*there is none; check the path"):
        news(tmp_path / "nowhere.csv")


def test_without_the_library_news_says_what_to_install(tmp_path, monkeypatch):
    write_csv(tmp_path / "train.csv", ROWS)
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(CorpusError, match=r"datasets.*is not installed here; .*pip install datasets\.$"):
        news(tmp_path / "train.csv")


# --- the play --------------------------------------------------------------------------------------------------


def words(text):
    return re.findall(r"[a-z']+", text.lower())


def test_the_play_is_long_enough_to_train_on_and_short_enough_to_carry():
    assert 40_000 <= len(pastiche()) <= 60_000


def test_the_play_has_the_layout_of_tiny_shakespeare():
    text = pastiche()
    assert text.endswith(".\n")
    assert not text.endswith("\n\n")
    speakers = Counter()
    for speech in text.rstrip("\n").split("\n\n"):
        name, *lines = speech.split("\n")
        assert re.fullmatch("[A-Z][A-Z ]+:", name), speech
        assert lines, speech
        assert all(line == line.strip() and 0 < len(line) <= 64 and not line.isupper() for line in lines), speech
        speakers[name] += 1
    assert 15 <= len(speakers) <= 25
    assert speakers["AVICE:"] > 40


def test_the_play_is_ascii_and_has_no_character_that_tiny_shakespeare_lacks():
    text = pastiche()
    assert set(text) <= {
        *"\n !',-.:;?",
        *map(chr, range(ord("A"), ord("Z") + 1)),
        *map(chr, range(ord("a"), ord("z") + 1)),
    }


def test_the_play_hardly_repeats_itself():
    lines = [line for line in pastiche().splitlines() if line and not line.endswith(":")]
    assert len(lines) > 1000
    assert Counter(lines).most_common(1)[0][1] <= 2
    spoken = words("\n".join(lines))
    assert len(set(spoken)) > 1600
    eights = Counter(zip(*(spoken[i:] for i in range(8)), strict=False))
    assert eights.most_common(1)[0][1] == 1


@pytest.mark.skipif(
    "COURSE_SHAKESPEARE" not in os.environ, reason="COURSE_SHAKESPEARE does not give the path of input.txt"
)
def test_no_line_of_the_play_is_shakespeares():
    theirs, ours = words(tiny_shakespeare(os.environ["COURSE_SHAKESPEARE"])), words(pastiche())
    known = set(zip(*(theirs[i:] for i in range(8)), strict=False))
    assert [run for run in zip(*(ours[i:] for i in range(8)), strict=False) if run in known] == []
