"""The byte-pair encoding of week 6's solution: its promises, on texts that nobody chose."""

import itertools
import math
import string
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modules import module_at

bpe = module_at("solutions/week6-bpe/reference.py")
SPECIALS = ["<|a|>", "<|a|>b", "|>", "<<", "\u00e9#"]
# pieces that lie near the pattern's and the special tokens' borders
PIECES = [
    "<|a|>",
    "<|a",
    "|",
    ">",
    "<",
    "b",
    " ",
    "\n",
    "\t",
    "\u3000",
    "'",
    "l",
    "s",
    "v",
    "e",
    "d",
    "a",
    "1",
    "\u00bd",
    "_",
]
PIECES += ["!", "\u00e9", "#", "\u4e2d", "\U0001f642", "\u200d", "\u0301", "the", " the", "\x1c", "\x85", "aa"]

whole_unicode = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
near_borders = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
texts = st.one_of(whole_unicode, near_borders)
few_letters = st.lists(st.text("ab n", min_size=1, max_size=9), max_size=30).map(" ".join)
allowed = st.one_of(st.sampled_from(["none", "all"]), st.sets(st.sampled_from(SPECIALS)))


@pytest.fixture(scope="module")
def tokenizer():
    text = (
        "the sea, they'll see; 'the' aaaaa \u4e2d\u6587 \U0001f642\U0001f642 \u00e9t\u00e9  \n\n  \n the!! <|a|>b <<12"
        * 3
    )
    vocab, merges = bpe.train_bpe(text, 256 + len(SPECIALS) + 60, SPECIALS)
    return bpe.BPETokenizer(vocab, merges, SPECIALS)


@given(text=texts, special=allowed)
def test_decoding_gives_back_every_text_that_was_encoded(tokenizer, text, special):
    assert tokenizer.decode(tokenizer.encode(text, special)) == text


@given(text=texts)
def test_as_ordinary_text_no_text_becomes_a_special_token(tokenizer, text):
    assert not set(tokenizer.encode(text, "none")) & set(range(256, 256 + len(SPECIALS)))


@given(chunk=st.binary(max_size=60))
def test_any_bytes_come_back_from_their_ids(tokenizer, chunk):
    ids = bpe.encode_chunk(chunk, tokenizer.ranks)
    assert b"".join(tokenizer.vocab[i] for i in ids) == chunk
    assert bpe.decode(ids, tokenizer.vocab) == chunk.decode("utf-8", errors="replace")


@given(text=texts)
def test_pretokens_joined_are_the_text(text):
    assert "".join(bpe.pretokenize(text)) == text


@given(text=st.one_of(few_letters, texts), merges=st.integers(0, 40))
def test_fast_training_gives_the_vocabulary_and_the_merges_of_the_plain_one(text, merges):
    plain = bpe.train_bpe(text, 256 + len(SPECIALS) + merges, SPECIALS)
    fast = bpe.train_bpe_fast(text, 256 + len(SPECIALS) + merges, SPECIALS)
    assert fast == plain
    assert list(fast[0]) == list(plain[0]) == list(range(len(plain[0])))


@given(text=st.one_of(few_letters, texts))
def test_encoding_by_rank_repeats_the_training_on_its_own_text(text):
    vocab, merges = bpe.train_bpe(text, 300)
    ranks = {token: i for i, token in vocab.items()}
    assert len(ranks) == len(vocab), "every token has bytes of its own"
    for pretoken in bpe.pretokenize(text):
        parts = [bytes([byte]) for byte in pretoken.encode()]
        for left, right in merges:
            parts = bpe.merge(parts, (left, right), left + right)
        assert bpe.encode_chunk(pretoken.encode(), ranks) == [ranks[part] for part in parts]


@settings(max_examples=400)
@given(text=texts, places=st.lists(st.integers(0, 120), max_size=12), special=allowed)
def test_text_in_pieces_gives_the_ids_of_the_whole_wherever_it_is_cut(tokenizer, text, places, special):
    cuts = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    pieces = [text[start:end] for start, end in itertools.pairwise(cuts)]
    assert list(bpe.encode_iterable(tokenizer, pieces, special)) == tokenizer.encode(text, special)


@given(text=near_borders)
def test_text_in_pieces_is_refused_where_the_whole_is(tokenizer, text):
    def outcome(function, *arguments):
        try:
            return list(function(*arguments))
        except ValueError:
            return "refused"

    assert outcome(bpe.encode_iterable, tokenizer, list(text)) == outcome(tokenizer.encode, text)


def test_ids_of_a_line_come_when_the_next_line_has_been_read(tokenizer):
    read = []

    def lines():
        for i in range(50):
            read.append(i)
            yield f"the sea in line {i} was calm, and they'll see\n"

    ids = bpe.encode_iterable(tokenizer, lines())
    size = 0
    for count in range(1, 49):
        while size < 40 * count:
            size += len(tokenizer.vocab[next(ids)])
        assert len(read) <= count + 1


@given(text=texts)
def test_a_tokenizer_comes_back_from_its_file(tokenizer, tmp_path_factory, text):
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    vocab, merges = bpe.train_bpe(text, 300, SPECIALS)
    bpe.save(bpe.BPETokenizer(vocab, merges, SPECIALS, r"\s+|\S+"), path)
    again = bpe.load(str(path))
    assert list(again.vocab.items()) == list(vocab.items())
    assert (again.merges, again.special_tokens, again.pattern) == (merges, SPECIALS, r"\s+|\S+")


def lines_run(train, *args) -> int:
    """How many lines of Python a call runs: the same number on every machine."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        train(*args)
    finally:
        sys.settrace(before)
    return count


def test_fast_training_does_an_eighth_of_the_work_of_the_plain_one():
    words = ["".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=3)]
    text = " ".join(words[i * i % len(words)] + words[i % 97] for i in range(2_000))
    plain, fast = lines_run(bpe.train_bpe, text, 256 + 100), lines_run(bpe.train_bpe_fast, text, 256 + 100)
    assert plain > 8 * fast


def test_the_example_of_the_written_question_comes_from_a_training():
    text = "he1" * 13 + "ll1" * 2 + "llo1" * 4 + "hell1" * 3 + "hello1"
    vocab, merges = bpe.train_bpe(text, 260)
    assert [left + right for left, right in merges] == [b"he", b"ll", b"llo", b"hell"]
    ranks = {token: i for i, token in vocab.items()}
    assert bpe.encode_chunk(b"hello", ranks) == [ranks[b"he"], ranks[b"llo"]]


def test_the_lengths_in_the_quiz_are_those_of_python():
    assert [len(text) for text in ("na\u00efve", "\u6d77\U0001f642")] == [5, 2]
    assert [len(text.encode()) for text in ("na\u00efve", "\u6d77\U0001f642")] == [6, 7]


def test_the_example_of_bits_per_byte_ranks_the_models_against_their_perplexities():
    bits_of_bytes, bits_of_tokens = 1000 * math.log2(4), 250 * math.log2(64)
    assert (bits_of_bytes, bits_of_tokens) == (2000, 1500)
