"""Our encoder and two libraries, given the same merges, write the same text in the same ids."""

import random
from pathlib import Path
from pydoc_data.topics import topics

import pytest
import tiktoken
from babel import Locale
from modules import module_at

from lm.byte_level_bpe import ByteLevelBPE

bpe = module_at("solutions/week6-bpe/reference.py")
LANGUAGES = "ar bn cs de el en es fa fi fr he hi hu it ja ka km ko my pl pt ru sv sw ta th tr uk vi yo zh"
LINES = 10_000


def locale_lines():
    """Names of languages, countries, months and days in many languages and scripts, a few on each line."""
    lines = []
    for code in LANGUAGES.split():
        locale = Locale.parse(code)
        names = [*locale.languages.values(), *locale.territories.values(), *locale.currencies.values()]
        names += [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
        lines += [", ".join(names[i : i + 5]) + "." for i in range(0, len(names), 5)]
    return lines


def emoji_lines(count):
    """Emoji alone, in a row, with skin tones and joiners, between words and digits."""
    draw = random.Random(6)
    emoji = [chr(point) for point in (*range(0x1F600, 0x1F650), *range(0x1F680, 0x1F6C0), *range(0x2600, 0x2640))]
    parts = [
        *emoji,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f44d\U0001f3fd",
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
    ]
    words = [" ", "  ", " ok", " it's", "!!", " 42", "\u00bd", "e\u0301", " na\u00efve", " they'll", "\t", "_x_"]
    return ["".join(draw.choice(draw.choice((parts, words))) for _ in range(draw.randint(1, 14))) for _ in range(count)]


@pytest.fixture(scope="module")
def lines():
    text = [line for topic in topics.values() for line in topic.splitlines()]
    code = [
        line for path in sorted(Path(__file__).parent.glob("*.py")) for line in path.read_text("utf-8").splitlines()
    ]
    mixed = [*locale_lines(), *text, *code, *emoji_lines(2000)]
    random.Random(1).shuffle(mixed)
    assert len(mixed) >= LINES
    return mixed


@pytest.fixture(scope="module")
def library(lines):
    """Byte-level BPE of Hugging Face, trained on the lines."""
    library = ByteLevelBPE.train("\n".join(lines), 3000)
    assert len(library.vocab) == 3000
    return library


@pytest.fixture(scope="module")
def ours(library):
    """Our tokenizer out of the library's merges."""
    return bpe.BPETokenizer(library.vocab, library.merges)


def test_the_ids_are_those_of_hugging_face_on_ten_thousand_lines(lines, library, ours):
    for line in lines:
        assert ours.encode(line) == library.encode(line), line


def test_the_ids_are_those_of_tiktoken_on_ten_thousand_lines_and_on_whole_pages(lines, ours):
    encoding = tiktoken.Encoding(
        "ours", pat_str=bpe.GPT2, mergeable_ranks={t: i for i, t in ours.vocab.items()}, special_tokens={}
    )
    pages = ["\n".join(lines[i : i + 40]) for i in range(0, 2000, 40)]
    for text in [*lines, *pages]:
        assert ours.encode(text) == encoding.encode_ordinary(text), text
        assert ours.decode(ours.encode(text)) == text


def test_special_tokens_are_read_as_tiktoken_reads_them(lines, ours):
    specials = ["<|end|>", "<|pad|>"]
    vocab, merges = bpe.train_bpe_fast("\n".join(lines[:500]), 600, specials)
    tokenizer = bpe.BPETokenizer(vocab, merges, specials)
    encoding = tiktoken.Encoding(
        "ours",
        pat_str=bpe.GPT2,
        mergeable_ranks={token: i for i, token in vocab.items() if token.decode("utf-8", "replace") not in specials},
        special_tokens={special: 256 + i for i, special in enumerate(specials)},
    )
    texts = [
        f"<|end|>{first} <|pad|> {second}<|end|><|pad"
        for first, second in zip(lines[:300], lines[300:600], strict=True)
    ]
    for text in texts:
        assert tokenizer.encode(text, "all") == encoding.encode(text, allowed_special="all")
        assert tokenizer.encode(text, "none") == encoding.encode_ordinary(text)
        some = encoding.encode(text, allowed_special={"<|pad|>"}, disallowed_special=())
        assert tokenizer.encode(text, {"<|pad|>"}) == some
        with pytest.raises(ValueError, match="special token"):
            tokenizer.encode(text)
