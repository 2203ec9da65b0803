"""The widget of week 6: its merges against Python on the same texts; its words; itself."""

import json
import random
from collections import Counter
from itertools import pairwise

import pytest
import regex
import traitlets
from browser import settle
from widget_javascript import javascript, needs_node, sentence_of

from lm.widgets import Merges

pytestmark = needs_node


def merged(text: str, words: bool) -> tuple[list[tuple[bytes, bytes, int]], list[int]]:
    """Merges with their counts, and numbers of tokens: tokens are bytes here, where the widget has ids."""
    pieces = regex.findall(r"[ \n]?[^ \n]+|[ \n]+(?![^ \n])|[ \n]", text) if words else [text]
    texts = [[bytes([byte]) for byte in piece.encode()] for piece in pieces]
    merges, sizes = [], [sum(map(len, texts))]
    while True:
        counts = Counter(pair for tokens in texts for pair in pairwise(tokens))
        best = max(counts, key=lambda pair: (counts[pair], pair), default=None)
        if best is None or counts[best] < 2:
            return merges, sizes
        merges.append((*best, counts[best]))
        for tokens in texts:
            i = 0
            while i < len(tokens) - 1:
                if (tokens[i], tokens[i + 1]) == best:
                    tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]
                i += 1
        sizes.append(sum(map(len, texts)))


TEXTS = {
    "default": Merges().text,
    "runs": "aaaaaaa aaa bbbbb",
    "no pair twice": "abcdef",
    "one byte": "x",
    "empty": "",
    "scripts": "naïve 中文中文 🙂🙂 naïve café\u0301\n\n  naïve  \n",
    "ties": "".join(random.Random(3).choices("abc d", k=150)),
    "long": "".join(random.Random(4).choices("the and on\n", k=1200)),
}


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_merges_counts_and_sizes_are_those_of_python(name, words):
    # two tokens of different ids may have the same bytes; then pairs of bytes count as one, and pairs of ids as two
    text = TEXTS[name]
    got = javascript(
        Merges,
        f"((run) => [run.merges.map(({{ pair, count }}) => [...pair.map((id) => run.vocab[id]), count]), run.sizes])"
        f"(train({json.dumps(text)}, {json.dumps(words)}))",
    )
    merges, sizes = merged(text, words)
    theirs = [(bytes(first), bytes(second), count) for first, second, count in got[0]]
    assert theirs[:20] == merges[:20]
    assert got[1][:20] == sizes[:20]


@pytest.mark.parametrize("words", [False, True])
def test_the_tokens_spell_the_text_after_every_number_of_merges(words):
    text = TEXTS["scripts"]
    spelled = javascript(
        Merges,
        "linspace(0, 30, 31)"
        f".map((merges) => complete({{ text: {json.dumps(text)}, merges, words: {json.dumps(words)} }}))"
        ".map(({ pieces, run }) => pieces.flat().flatMap((id) => run.vocab[id]))",
    )
    assert {bytes(one) for one in spelled} == {text.encode()}


def test_the_text_is_shown_after_as_many_merges_as_are_asked_for():
    shown = javascript(
        Merges,
        "[0, 1, 2, 9].map((merges) => complete({ text: 'abab cabab', merges, words: true }))"
        ".map(({ pieces, steps, run }) => [steps, pieces.flat().length, run.sizes[steps]])",
    )
    assert shown == [[0, 10, 10], [1, 6, 6], [2, 4, 4], [2, 4, 4]]


def test_of_equal_counts_the_greatest_bytes_win_the_first_part_first():
    ranked = javascript(
        Merges,
        "((run) => rankedPairs(run.start, run.vocab))(train('ab ab ba ba é é', true))"
        ".map(({ pair, count }) => [...pair, count])",
    )
    assert ranked == [[195, 169, 2], [98, 97, 2], [97, 98, 2], [32, 195, 2], [32, 98, 2], [32, 97, 1]]
    assert javascript(
        Merges, "[compareBytes([1], [1, 0]), compareBytes([2], [1, 9]), compareBytes([5], [5])].map(Math.sign)"
    ) == [-1, 1, 0]


def test_a_text_may_be_merged_over_the_borders_of_its_words_and_then_within_them():
    runs = javascript(Merges, "[false, true, false].map((words) => train('a b a b a b', words).sizes)")
    assert runs == [[11, 8, 5, 3], [11, 8, 6], [11, 8, 5, 3]]


def test_a_tie_is_told_where_there_is_one():
    tied = javascript(Merges, "['abab cdcd', 'ababab cdcd'].map((text) => train(text, true).merges[0].tie)")
    assert tied == [True, False]


def test_bytes_that_are_no_character_are_shown_as_numbers():
    got = javascript(
        Merges, "[[0xE4, 0xB8], [0xE4, 0xB8, 0xAD], [32, 97], [10], [0xEF, 0xBB, 0xBF], [10, 0xC3]].map(shown)"
    )
    assert [one["text"] for one in got] == ["E4 B8", "中", "␣a", "↵", "\ufeff", "0A C3"]
    assert [one["hex"] for one in got] == [True, False, False, False, False, True]


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(traitlets.TraitError, match="at most 1,200 characters: got 1300"):
        Merges(text="x" * 1300)


SENTENCES = [
    (Merges(merges=0), "105 characters are 106 bytes, and each byte is a token."),
    (Merges(text="aaab", merges=1), "Merge 1: “a” + “a” occurs twice and becomes “aa”, id 256. The text has 3 tokens"),
    (Merges(text="aaab", merges=1), "The text has 3 tokens now, 1.33 bytes each."),
    (Merges(text="aaab", merges=1), "No pair occurs twice any more"),
    (Merges(text="abab cdcd", merges=0), "Next: “c” + “d”, twice; of the pairs that occur so often it has"),
    (Merges(text="中中", merges=0), "Next: ⟨E4⟩ + ⟨B8⟩, twice"),
    (Merges(text="", merges=3), "Write a text"),
    (Merges(text="x", merges=3), "1 character is 1 byte"),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "part"), SENTENCES, ids=[part for _, part in SENTENCES])
def test_the_sentence_says_what_is_seen(widget, part):
    assert part in sentence_of(widget)


# --- in a browser ------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_merge_and_undo_undo_each_other_and_merge_begins_anew_at_the_end(play):
    page = play(Merges(text="abababab", merges=0))
    tokens = page.locator(".lm-tokens .lm-token")
    assert tokens.all_inner_texts() == list("abababab")
    merge = page.get_by_role("button", name="Merge")
    merge.click()
    settle(page)
    assert tokens.all_inner_texts() == ["ab"] * 4
    assert page.locator(".lm-fresh").count() == 4
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert tokens.count() == 8
    for _ in range(2):
        merge.click()
    settle(page)
    assert tokens.all_inner_texts() == ["abab"] * 2
    merge.click()
    settle(page)
    assert tokens.count() == 8


@pytest.mark.browser
def test_a_text_of_ones_own_is_merged(play):
    page = play(Merges(merges=1))
    page.get_by_role("textbox").fill("hum hum hum")
    settle(page)
    assert page.locator(".lm-tokens .lm-fresh").all_inner_texts() == ["um"] * 3
    assert page.locator(".lm-ledger tbody tr").first.inner_text().split() == ["h", "um", "3", "next"]
    page.get_by_role("textbox").fill("")
    assert settle(page).startswith("Write a text")
    assert page.locator(".lm-tokens .lm-token").count() == 0


@pytest.mark.browser
def test_play_merges_until_pause_and_without_motion_at_once(play):
    page = play(Merges(merges=0))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("model.get('merges') >= 2")
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("model.get('merges')") < 10
    page = play(Merges(merges=0), reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    assert "No pair occurs twice any more" in settle(page)


@pytest.mark.browser
def test_markup_in_the_text_stays_text(play):
    page = play(Merges(text="<b>x</b><b>y</b>", merges=3))
    assert page.locator(".lm-play b").count() == 0
    assert "".join(page.locator(".lm-tokens .lm-token").all_inner_texts()) == "<b>x</b><b>y</b>"
