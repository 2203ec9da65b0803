"""Claims of the sixth chapter's prose that no cell of the page computes, and what the chapter gives to others.

`says(...)` makes sure that the page still makes the claim: a claim that is gone takes its test with it.
"""

import importlib.util
import json
import math
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
import regex
import tiktoken
import torch
from babel import Locale
from chapters import ROOT, Chapter
from modules import module_at

from lm.byte_level_bpe import MEANT, SHOWN, ByteLevelBPE, show
from lm.corpora import multilingual, python_reference
from lm.corpora.locales import LANGUAGES
from lm.text_model import TextModel

CHAPTER = Chapter("week6-bpe")
PAGE, says, answer_of = CHAPTER.text, CHAPTER.says, CHAPTER.answer_of
HARD_LINES = [
    "  two blanks,\ttab\r\n\n   and  more   ",
    "naïve café, e\u0301, 12½ × 3² = x",
    "it's we'll I'd 'twas ''s",
    "Ελληνικά русский עברית العربية हिन्दी ไทย 한국어 日本語 中文",
    "👩‍👩‍👧 🇺🇳 👍🏽 😀😀",
    "def f(x):\n    return {'a': x[0]}  # <|endoftext|>",
    "\u00a0\u2003\u200b\ufeff",
    "",
]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return module_at("solutions/week6-bpe/reference.py")


@pytest.fixture(scope="module")
def text() -> str:
    return python_reference()[:60_000] + multilingual()[::40]


# --- the page ----------------------------------------------------------------------------------------------------


def test_the_widget_merges_what_the_text_after_it_says(reference):
    from lm.widgets.merging import TEXT

    says("the merges were `␣s`, `he`, `␣se` and so on", "`he␣sells` with the end of a word before it")
    says("the words came out: `␣she`, `␣shells`, `␣sea`, `␣the`, `␣sells`")
    across = [left + right for left, right in reference.train_bpe(TEXT, 280, pattern=r"(?s).+")[1]]
    assert across[:3] == [b" s", b"he", b" se"]
    assert b"he sells" in across
    says("merge 6 already reached across two words, `he␣se`", "no word was a token of its own")
    assert next(token for token in across if re.search(rb"[a-z] [a-z]", token)) == across[5] == b"he se"
    words = set(re.findall(r"\w+", TEXT))
    often = [token for token in across if TEXT.encode().count(token) > 1]  # the widget stops there
    assert len(often) >= 12
    assert not {token.decode().strip() for token in often} & words
    inside = [left + right for left, right in reference.train_bpe(TEXT, 280, pattern=r"[ \n]?[^ \n]+")[1]]
    assert {b" she", b" shells", b" sea", b" the", b" sells"} <= set(inside)
    assert not any(b" " in token[1:] for token in inside)
    says("In the second, merge 6 made a whole word")
    wholes = [i for i, token in enumerate(inside) if token.decode(errors="replace").strip() in words]
    assert wholes[0] == 5


# --- what is handed over --------------------------------------------------------------------------------------------


def test_a_tokenizer_of_the_exercises_saved_and_loaded_is_read_by_the_model_of_the_chapter(reference, text, tmp_path):
    vocab, merges = reference.train_bpe_fast(text, 400, ["<|end|>"])
    reference.save(reference.BPETokenizer(vocab, merges, ["<|end|>"]), tmp_path / "tokenizer.json")
    tokenizer = reference.load(tmp_path / "tokenizer.json")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        model = TextModel(tokenizer, block_size=16, n_embd=16)
        before = model.bits_per_byte(text[-2000:])
        history = model.train(text, steps=40, validation=text[-2000:])
        after = model.bits_per_byte(text[-2000:])
    finally:
        torch.set_num_threads(threads)
    compression = len(text[-2000:].encode()) / len(tokenizer.encode(text[-2000:]))
    assert before == pytest.approx(math.log2(len(vocab)) / compression, rel=0.02)
    assert after < before - 0.3
    assert history.validation[-1] < history.validation[0]
    assert model.write("The ", 5, temperature=0).startswith("The ")


def test_bits_do_not_depend_on_how_the_model_is_asked():
    tokenizer = ByteLevelBPE([])
    model = TextModel(tokenizer, block_size=8, n_embd=8)
    assert TextModel(tokenizer, block_size=8, n_embd=8).bits("abc") == model.bits("abc")
    assert model.bits("a") == pytest.approx(8)  # one of 256 equals
    ids = torch.tensor([list(b"abcdef")])
    with torch.no_grad():
        p = torch.softmax(model.gpt.eval()(ids)[0].double(), dim=1)
    nats = math.log(256) - sum(math.log(p[i, b]) for i, b in enumerate(b"bcdef"))
    assert model.bits("abcdef") == pytest.approx(nats / math.log(2))
    assert model.bits_per_byte("abcdef") == pytest.approx(nats / math.log(2) / 6)


def test_the_library_keeps_the_ids_of_the_course(text):
    tokenizer = ByteLevelBPE.train(text, 600)
    assert len(tokenizer.vocab) == 600
    assert [tokenizer.vocab[i] for i in (0, 65, 255)] == [b"\x00", b"A", b"\xff"]
    assert [tokenizer.vocab[256 + i] for i in range(344)] == [a + b for a, b in tokenizer.merges]
    for line in HARD_LINES:
        assert tokenizer.decode(tokenizer.encode(line)) == line
        assert "".join(tokenizer.cut(line)) == line
        assert b"".join(tokenizer.vocab[i] for i in tokenizer.encode(line)) == line.encode()
    assert tokenizer.first(0).encode("né") == list("né".encode())
    assert ByteLevelBPE.train(text, 300).merges == tokenizer.merges[:44] == tokenizer.first(44).merges


def test_a_token_that_two_merges_make_is_refused():
    with pytest.raises(ValueError, match="same token"):
        ByteLevelBPE([(b"a", b"b"), (b"b", b"c"), (b"ab", b"c"), (b"a", b"bc")])


# --- claims of the prose -------------------------------------------------------------------------------------------


def test_the_hindi_sentence_is_nearly_four_times_as_long_in_bytes():
    says("By bytes, the Hindi sentence is nearly four times as long as the English one")
    sentences = dict(re.findall(r'"(\w\w)": \("\w+", "(.+?)"\)', PAGE))
    assert len(sentences) == 8
    ratio = len(sentences["hi"].encode()) / len(sentences["en"].encode())
    assert 3.6 < ratio < 4
    assert [len(sentences[code].split()) for code in ("zh", "th")] == [1, 1]


def test_utf8_uses_as_many_bytes_as_the_table_says():
    says("| up to U+007F | 7 |", "| up to U+07FF | 11 |", "| up to U+FFFF | 16 |", "| up to U+10FFFF | 21 |")
    for last, count, free in [(0x7F, 1, 7), (0x7FF, 2, 11), (0xFFFF, 3, 16), (0x10FFFF, 4, 21)]:
        assert len(chr(last).encode()) == count
        assert last < 2**free
        if count < 4:
            assert len(chr(last + 1).encode()) == count + 1
            assert last == 2**free - 1


def test_scripts_take_the_bytes_that_the_page_says():
    says("Most European letters with accents, Greek, Cyrillic, Hebrew and Arabic take two")
    assert {len(c.encode()) for c in "éßłñůΩяבع"} == {2}
    says("the scripts of India and South-East Asia, and nearly all Chinese, Japanese and Korean, three; smileys four")
    assert {len(c.encode()) for c in "हதไလខ文あア한"} == {3}
    assert len("😀".encode()) == 4


def test_a_dozen_scripts_begin_with_the_byte_e0():
    says("a dozen scripts, from Devanagari to Lao, lie between U+0800 and U+0FFF")
    assert {chr(c).encode()[0] for c in range(0x800, 0x1000)} == {0xE0}
    world = {unicodedata.name(c).split()[0] for c in set(multilingual()) if 0x800 <= ord(c) < 0x1000}
    assert len(world) == 12
    assert {"DEVANAGARI", "LAO"} <= world
    says("The second merge makes `E0 A4`, which stands before most letters of Devanagari")
    letters = [c for c in map(chr, range(0x900, 0x980)) if unicodedata.category(c) == "Lo"]
    assert sum(c.encode()[:2] == b"\xe0\xa4" for c in letters) > len(letters) / 2
    first, second = ByteLevelBPE.train(multilingual(), 258).merges
    assert (first, second) == ((b" ", b"\xe0"), (b"\xe0", b"\xa4"))


def test_languages_of_the_multilingual_text():
    says("in 65 languages", "Nearly half of the languages here are written in Latin letters")
    assert len(LANGUAGES) == 65
    own_names = [Locale.parse(code).get_language_name() for code in LANGUAGES]
    latin = sum("LATIN" in unicodedata.name(name[0]) for name in own_names)
    assert 0.4 < latin / 65 < 0.5


def test_steps_of_the_example_by_hand():
    says("`an` 4, `na` 3, `ba` 2, `nd` 1, `da` 1", "`bZ` 2, `Za` 2, `ZZ` 1, `Zd` 1, `dZ` 1")
    for words, expected in [
        (["banana", "bandana"], {"an": 4, "na": 3, "ba": 2, "nd": 1, "da": 1}),
        (["bZZa", "bZdZa"], {"bZ": 2, "Za": 2, "ZZ": 1, "Zd": 1, "dZ": 1}),
    ]:
        assert Counter(a + b for word in words for a, b in pairwise(word)) == expected
    says("The vocabulary is the letters we began with and one new token for each merge: $4 + 6 = 10$.")
    assert len(set("bananabandana")) + 6 == 10
    says("| before: `b a n a n a` | 1 | 2 | 2 | | | |", "| change | −1 | −2 | −2 | +1 | +1 | +1 |")


def test_longest_token_first_cuts_anana_into_three():
    says("That gives `ana`, then nothing longer than `n`, then `a`: three tokens.")
    tokens, rest, pieces = {"a", "b", "n", "d", "an", "ban", "ana"}, "anana", []
    while rest:
        pieces.append(max((t for t in tokens if rest.startswith(t)), key=len))
        rest = rest[len(pieces[-1]) :]
    assert pieces == ["ana", "n", "a"]


def test_the_pattern_on_the_page_is_that_of_the_notebook(reference):
    assert f"```text\n{reference.GPT2}\n```" in PAGE
    says("read `o200k_base` in the library `tiktoken`")
    source = Path(importlib.util.find_spec("tiktoken_ext.openai_public").origin).read_text(encoding="utf-8")
    newer = source[source.index("def o200k_base()") :].split("\ndef ")[0]
    assert r"\p{M}" in newer
    assert r"\p{M}" not in reference.GPT2


def test_gpt2_has_256_bytes_50000_merges_and_one_special_token():
    says("GPT-2 has 50,257 tokens: 256 bytes, 50,000 merges and one special token")
    assert 256 + 50_000 + 1 == 50_257


def test_tiktoken_refuses_special_tokens_in_text_by_default():
    says("`tiktoken` refuses by default too")
    ranks = {bytes([b]): b for b in range(256)}
    encoding = tiktoken.Encoding("t", pat_str=".+", mergeable_ranks=ranks, special_tokens={"<|end|>": 256})
    with pytest.raises(ValueError, match="disallowed special token"):
        encoding.encode("a<|end|>")


def test_the_longest_special_token_wins(reference):
    says("as `<|end|>` begins `<|end|>>`, the longest one wins")
    specials = ["<|end|>", "<|end|>>"]
    vocab, merges = reference.train_bpe("", 258, specials)
    assert reference.BPETokenizer(vocab, merges, specials).encode("<|end|>>", "all") == [257]


def test_visible_clothes_of_bytes():
    says("the 68 others get the characters from U+0100 on", "The space is byte 32, the 33rd of these others")
    moved = [b for b in range(256) if ord(SHOWN[b]) != b]
    assert len(moved) == 68
    assert moved.index(32) == 32
    assert len(MEANT) == 256
    says("If you ever see `Ã©` or `æĸĩ` in a vocabulary")
    assert (show("é".encode()), show("文".encode())) == ("Ã©", "æĸĩ")


def test_the_record_of_the_benchmark_says_what_the_page_says():
    record = json.loads((ROOT / "lm" / "data" / "bpe_benchmark.json").read_text(encoding="utf-8"))
    assert record["command"].startswith("python benchmarks/bpe.py")
    assert 990_000 < record["text"]["bytes"] <= 1_000_000
    assert record["vocab_size"] == 1000
    assert record["training"]["plain"] > 20 * record["training"]["fast"]
    says(
        "gains more than two orders of magnitude, and stays in Python",
        "The merges of the plain and the fast version are the same, all 744.",
    )
    assert 100 < record["training"]["plain"] / record["training"]["fast"] < 1000
    says("on a file of 5 MB: 68 kB")
    assert round(record["streaming"]["extra bytes of memory"] / 1000) == 68


def test_a_pair_of_probabilities_is_what_wordpiece_looks_at():
    says("a d never comes without an n before it")
    assert all(word[i - 1] == "n" for word in ("banana", "bandana") for i, c in enumerate(word) if c == "d")


# --- the quiz ------------------------------------------------------------------------------------------------------


def test_quiz_bytes_of_a_word_with_an_accent():
    assert answer_of(1) == "B"
    assert (len("naïve"), len("naïve".encode())) == (5, 6)


def test_quiz_first_merge_of_a_tie(reference):
    assert answer_of(2) == "A"
    vocab, merges = reference.train_bpe("abababa", 257)
    assert merges == [(b"b", b"a")]
    assert reference.BPETokenizer(vocab, merges).encode("abababa") == [97, 256, 256, 256]


def test_quiz_a_space_behind_letters_is_cut_off(reference):
    assert answer_of(3) == "C"
    assert regex.findall(reference.GPT2, "returns x") == ["returns", " x"]
    assert regex.findall(reference.GPT2, "a returns\n\nx") == ["a", " returns", "\n", "\n", "x"]
    assert regex.findall(reference.GPT2, "x\n\n") == ["x", "\n\n"]


def test_quiz_order_of_learning(reference):
    assert answer_of(4) == "B"
    merges = [(b"s", b"t"), (b"t", b"e"), (b"e", b"s"), (b"te", b"s")]
    tokenizer = ByteLevelBPE(merges)
    assert [tokenizer.vocab[i] for i in tokenizer.encode("tests")] == [b"te", b"st", b"s"]


def test_quiz_nats_a_byte():
    assert answer_of(6) == "A"
    assert round(4.3 / 3.0, 2) == 1.43
    assert round(5.5 / 3.6, 2) == 1.53


def test_quiz_a_deleted_sign_closes_up():
    assert answer_of(7) == "C"
    assert "<|en<|end|>d|>".replace("<|end|>", "") == "<|end|>"


def test_quiz_marks_inside_words(reference):
    assert answer_of(8) == "A"
    assert len(regex.findall(reference.GPT2, "समानता")) > 1
    assert regex.findall(reference.GPT2.replace(r"\p{L}+|", r"[\p{L}\p{M}]+|", 1), "समानता") == ["समानता"]
