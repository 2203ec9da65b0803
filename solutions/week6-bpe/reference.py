"""Week 6, byte-pair encoding: the reference solution. Signatures and docstrings are what students see."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import regex

GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"

Pair = tuple[int, int]


# One merge


def pair_counts(ids: Sequence[int], counts: Mapping[Pair, int] | None = None) -> dict[Pair, int]:
    """How often each pair of neighbours stands in a sequence of ids.

    The pairs are (ids[0], ids[1]), (ids[1], ids[2]), ... Each place counts, also where pairs
    overlap: in [7, 7, 7] the pair (7, 7) occurs twice. Fewer than two ids have no pair.

    If counts is given, its numbers are included: the result holds the sum of both.

    Returns a new dict from pair (a tuple of two ids) to how often it occurs, which holds no
    other pairs; a Counter is fine. ids may be a list, a tuple or bytes. ids and counts are not
    changed.
    """
    total = Counter(counts or {})
    total.update(pairwise(ids))
    return total


def merge(ids: Sequence[int], pair: Pair, new_id: int) -> list[int]:
    """Write one new id for each occurrence of a pair, from left to right.

    Where the pair stands, new_id takes the place of both ids, and the search goes on behind
    them. So occurrences that overlap are not both replaced: with the pair (7, 7), the ids
    [7, 7, 7] become [new_id, 7]. All other ids stay, in their order.

    Returns a new list, also if the pair does not occur. ids may be a list, a tuple or bytes, of
    any length (0 too), and is not changed.
    """
    merged = []
    i = 0
    while i < len(ids):
        if i + 1 < len(ids) and ids[i] == pair[0] and ids[i + 1] == pair[1]:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def best_pair(counts: Mapping[Pair, int], vocab: Mapping[int, bytes]) -> Pair:
    """The pair that occurs most often.

    Among pairs that occur equally often it is the greatest one, where the pair (a, b) is
    compared as the tuple of byte strings (vocab[a], vocab[b]), in the way in which Python
    compares tuples and bytes. (The numbers a and b themselves do not matter, nor the two byte
    strings joined.)

    counts maps pairs of ids to positive numbers, vocab maps ids to bytes. They are not changed.

    Raises ValueError if counts is empty.
    """
    if not counts:
        raise ValueError("there is no pair to choose from")
    return max(counts, key=lambda pair: (counts[pair], vocab[pair[0]], vocab[pair[1]]))


# Training


def pretokenize(text: str, pattern: str = GPT2) -> list[str]:
    """Cut a text into pre-tokens, the pieces inside which merges may happen.

    pattern is a regular expression in the syntax of the package regex. The pre-tokens are its
    matches, one after the other from left to right. With GPT2 every character belongs to
    exactly one pre-token, so that the pre-tokens, joined, are the text: no blank and no line
    break gets lost.

    Returns a list of str; the empty text gives [].
    """
    return regex.findall(pattern, text)


def _check_specials(special_tokens: Sequence[str]) -> None:
    if len(set(special_tokens)) < len(special_tokens) or "" in special_tokens:
        raise ValueError(f"special tokens must be distinct and not empty, got {special_tokens}")


def _split_at(text: str, special_tokens: Collection[str]) -> list[str]:
    """Ordinary text, special token, ordinary text, ..., ordinary text; ordinary text may be empty."""
    if not special_tokens:
        return [text]
    longest_first = sorted(special_tokens, key=len, reverse=True)
    return regex.split("(" + "|".join(map(regex.escape, longest_first)) + ")", text)


def _start_training(
    text: str,
    vocab_size: int,
    special_tokens: Sequence[str],
    pattern: str,
) -> tuple[dict[int, bytes], list[str]]:
    """The vocabulary before the first merge, and the pre-tokens of the text between special tokens."""
    _check_specials(special_tokens)
    if vocab_size < 256 + len(special_tokens):
        raise ValueError(f"256 bytes and {len(special_tokens)} special tokens do not fit into {vocab_size} ids")
    tokens = [bytes([i]) for i in range(256)] + [special.encode("utf-8") for special in special_tokens]
    ordinary = _split_at(text, special_tokens)[::2]
    return dict(enumerate(tokens)), [token for piece in ordinary for token in pretokenize(piece, pattern)]


def train_bpe(
    text: str,
    vocab_size: int,
    special_tokens: Sequence[str] = (),
    pattern: str = GPT2,
) -> tuple[dict[int, bytes], list[tuple[bytes, bytes]]]:
    """Train a byte-pair encoding: merge the most frequent pair, again and again.

    First the text is cut at the special tokens, from left to right; where several of them could
    begin at one place, the longest counts. The special tokens themselves are not trained on.
    The text between them is cut into pre-tokens (matches of pattern, as in pretokenize), and
    each pre-token is written as its UTF-8 bytes. Pairs are counted only inside pre-tokens;
    a pre-token that occurs many times counts as many times.

    The ids 0 to 255 are the bytes, the next ones the special tokens in the order given, the
    following ones the merges. In each step the pair that occurs most often gets the next id
    (ties as in best_pair) and is replaced everywhere, as in merge. Training ends when there are
    vocab_size tokens, or when no pair is left; a pair that occurs only once is merged too.

    Returns (vocab, merges): vocab is a dict from id to the token's bytes, in the order of the
    ids (of a special token: its text in UTF-8); merges is a list of pairs (left, right) of
    bytes, in the order in which they were learnt.

    Raises ValueError if vocab_size is less than 256 plus the number of special tokens, or if
    the special tokens are not distinct or one of them is empty.
    """
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    chunks = [list(token.encode("utf-8")) for token in pretokens]
    merges = []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts:
            break
        pair = best_pair(counts, vocab)
        left, right = vocab[pair[0]], vocab[pair[1]]
        new_id = len(vocab)
        chunks = [merge(ids, pair, new_id) for ids in chunks]
        vocab[new_id] = left + right
        merges.append((left, right))
    return vocab, merges


# Encoding and decoding


def encode_chunk(b: bytes, ranks: Mapping[bytes, int]) -> list[int]:
    """Encode the bytes of one pre-token.

    ranks maps the bytes of a token to its id; all 256 single bytes are in it, and the tokens
    that training has learnt, the earlier ones with the smaller ids. The chunk begins as single
    bytes. In each step look at all pairs of neighbours whose bytes, joined, are a token; join
    the pair whose token has the smallest id (if it stands in several places, the leftmost).
    The end is reached when no two neighbours make a token.

    Returns the list of ids; b"" gives []. ranks is not changed.
    """
    parts = [b[i : i + 1] for i in range(len(b))]
    while len(parts) > 1:
        joined = [left + right for left, right in pairwise(parts)]
        best = min(joined, key=lambda token: ranks.get(token, math.inf))
        if best not in ranks:
            break
        i = joined.index(best)
        parts[i : i + 2] = [best]
    return [ranks[token] for token in parts]


def decode(ids: Sequence[int], vocab: Mapping[int, bytes]) -> str:
    """The text that a sequence of ids stands for.

    The bytes of all tokens are joined, and then read as UTF-8. (A single token need not be
    valid UTF-8: a character may be spread over several.) Where the bytes are no valid UTF-8,
    the replacement character U+FFFD appears, as with bytes.decode and errors="replace". Special
    tokens are decoded to their text. No ids give the empty text.

    Raises KeyError or ValueError if an id is not in vocab.
    """
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="replace")


def _parsed_specials(special_tokens: Sequence[str], allowed_special: str | Collection[str]) -> Collection[str]:
    """The special tokens that are looked for in a text."""
    if isinstance(allowed_special, str):
        if allowed_special not in ("all", "none", "none_raise"):
            raise ValueError(f'allowed_special must be "all", "none", "none_raise" or a set, got {allowed_special!r}')
        return () if allowed_special == "none" else special_tokens
    if unknown := set(allowed_special) - set(special_tokens):
        raise ValueError(f"{sorted(unknown)} are no special tokens of this tokenizer: {special_tokens}")
    return allowed_special


class BPETokenizer:
    """A tokenizer made of the results of training: text to ids and back.

    vocab and merges are what train_bpe returns, special_tokens are those of the training (their
    bytes stand in vocab), pattern cuts the text into pre-tokens. The attributes vocab, merges,
    special_tokens and pattern keep them.

    Raises ValueError if the special tokens are not distinct or one of them is empty.
    """

    def __init__(
        self,
        vocab: dict[int, bytes],
        merges: list[tuple[bytes, bytes]],
        special_tokens: Sequence[str] = (),
        pattern: str = GPT2,
    ) -> None:
        _check_specials(special_tokens)
        self.vocab = dict(vocab)
        self.merges = list(merges)
        self.special_tokens = list(special_tokens)
        self.pattern = pattern
        # The bytes have the ids 0-255, special tokens follow, then come the tokens that text can become.
        first_merge = 256 + len(self.special_tokens)
        self.special_ids = {special: 256 + i for i, special in enumerate(self.special_tokens)}
        self.ranks = {token: i for i, token in self.vocab.items() if i < 256 or i >= first_merge}

    def encode(self, text: str, allowed_special: str | Collection[str] = "none_raise") -> list[int]:
        """The ids of a text.

        Ordinary text is cut into pre-tokens, and the UTF-8 bytes of each are encoded as in
        encode_chunk. What happens to a special token that stands in the text is for the caller
        to say:
        - "none_raise" (the default): it is an error, ValueError;
        - "none": it is ordinary text, and none of the ids of the special tokens comes out;
        - "all": it becomes its id;
        - a collection of special tokens (a set, list or tuple, which may be empty): these become
          their ids, all others are ordinary text.
        A single special token is given as a collection of one, {"<s>"}; what any other string
        than the three does is up to you.
        Special tokens are looked for from left to right; if several of them could begin at one
        place, the longest counts. Ordinary text ends where a special token begins, so no
        pre-token reaches across it.

        Returns a list of ids; the empty text has none. The arguments are not changed.

        Raises ValueError also if the collection holds a name that is no special token of this
        tokenizer.
        """
        ids: list[int] = []
        for i, piece in enumerate(_split_at(text, _parsed_specials(self.special_tokens, allowed_special))):
            if i % 2 == 0:
                for pretoken in pretokenize(piece, self.pattern):
                    ids += encode_chunk(pretoken.encode("utf-8"), self.ranks)
            elif allowed_special == "none_raise":
                raise ValueError(f"the text holds the special token {piece!r}; say by allowed_special if that is meant")
            else:
                ids.append(self.special_ids[piece])
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of the ids, special tokens included, as the function decode of 6.7 gives it."""
        return decode(ids, self.vocab)


def _ready(text: str, tokenizer: BPETokenizer, specials: Collection[str]) -> int:
    """How many characters of the beginning of a text can be encoded before the rest of it is known."""
    begun = [i for i in range(len(text)) if any(len(s) > len(text) - i and s.startswith(text[i:]) for s in specials)]
    end = min(begun, default=len(text))  # here a special token may have begun
    start = place = 0
    for i, piece in enumerate(_split_at(text, specials)):
        if i % 2 == 1 and place + len(piece) <= end:
            start = place + len(piece)
        elif i % 2 == 1:
            end = min(end, place)
        place += len(piece)
    # Two pre-tokens may yet change ("'", "l" and then "l" give "'ll"), and white space looks at what follows it.
    pretokens = pretokenize(text[start:end], tokenizer.pattern)[:-2]
    while pretokens and pretokens[-1].isspace():
        pretokens.pop()
    return start + sum(map(len, pretokens))


def encode_iterable(
    tokenizer: BPETokenizer,
    lines: Iterable[str],
    allowed_special: str | Collection[str] = "none_raise",
) -> Iterator[int]:
    """The ids of a text that comes in pieces, one id after the other.

    The pieces, joined, are the text, and the ids are exactly those of
    tokenizer.encode(text, allowed_special), wherever it was cut: a pre-token or a special token
    may be spread over two or more pieces. A piece may be a line, a part of one, or empty. There may
    be no pieces at all: then there are no ids.

    The text need not fit into memory. Ids come as soon as what follows cannot change them: when
    n pieces have been read, all ids but those of the last piece or so have come, and only about
    a piece or two of text is kept. (A pre-token that is itself longer than that is kept whole.)

    Returns an iterator of ids. Raises ValueError as encode does, when it gets there.
    """
    specials = _parsed_specials(tokenizer.special_tokens, allowed_special)
    held = ""
    for line in lines:
        held += line
        ready = _ready(held, tokenizer, specials)
        yield from tokenizer.encode(held[:ready], allowed_special)
        held = held[ready:]
    yield from tokenizer.encode(held, allowed_special)


# Fast training


def train_bpe_fast(
    text: str,
    vocab_size: int,
    special_tokens: Sequence[str] = (),
    pattern: str = GPT2,
) -> tuple[dict[int, bytes], list[tuple[bytes, bytes]]]:
    """Train a byte-pair encoding as train_bpe does, with the same result, but fast.

    Arguments, results and errors are those of train_bpe: the same vocab, the same merges in the
    same order, ties included. It does not count everything again for each merge: equal
    pre-tokens are worked on once, and a merge changes the counts in those pre-tokens alone that
    hold the merged pair.
    """
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    times = Counter(pretokens)
    words = [list(word.encode("utf-8")) for word in times]
    weights = list(times.values())
    counts: dict[Pair, int] = defaultdict(int)
    where: dict[Pair, set[int]] = defaultdict(set)  # in which words a pair stands, or has stood
    for index, (ids, weight) in enumerate(zip(words, weights, strict=True)):
        for pair in pairwise(ids):
            counts[pair] += weight
            where[pair].add(index)
    merges = []
    while len(vocab) < vocab_size and counts:
        most = max(counts.values())
        best = best_pair({pair: count for pair, count in counts.items() if count == most}, vocab)
        left, right = vocab[best[0]], vocab[best[1]]
        new_id = len(vocab)
        vocab[new_id] = left + right
        merges.append((left, right))
        for index in where.pop(best):
            old, weight = words[index], weights[index]
            new = merge(old, best, new_id)
            if len(new) == len(old):  # another merge has taken the pair away
                continue
            for pair in pairwise(old):
                counts[pair] -= weight
                if counts[pair] == 0:
                    del counts[pair]
            for pair in pairwise(new):
                counts[pair] += weight
                where[pair].add(index)
            words[index] = new
    return vocab, merges


# Saving


def save(tokenizer: BPETokenizer, path: str | Path) -> None:
    """Write a tokenizer into one file, from which load makes an equal one.

    The format is your own. Everything that BPETokenizer was given must survive: vocab with its
    ids and their order, merges in their order, special tokens in their order, pattern. Tokens
    are any bytes, also such as are no valid UTF-8.

    The file has exactly the name in path, whatever its ending; one that exists is replaced. Its
    folder exists. Returns None.
    """
    content = {
        "pattern": tokenizer.pattern,
        "special_tokens": tokenizer.special_tokens,
        "vocab": [[i, token.hex()] for i, token in tokenizer.vocab.items()],
        "merges": [[left.hex(), right.hex()] for left, right in tokenizer.merges],
    }
    Path(path).write_text(json.dumps(content, indent=1), encoding="utf-8")


def load(path: str | Path) -> BPETokenizer:
    """The tokenizer that save has written to path: it encodes and decodes as the saved one does."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    vocab = {i: bytes.fromhex(token) for i, token in content["vocab"]}
    merges = [(bytes.fromhex(left), bytes.fromhex(right)) for left, right in content["merges"]]
    return BPETokenizer(vocab, merges, content["special_tokens"], content["pattern"])


# What has been learnt?


def compression_ratio(text: str, ids: Sequence[int]) -> float:
    """How many bytes of text one token stands for, on average.

    text counts by its bytes in UTF-8, not by its characters; ids are the ids of the text.
    Returns one number, the bytes divided by the tokens.

    Raises ValueError if there are no ids.
    """
    if len(ids) == 0:
        raise ValueError("there are no ids to divide by")
    return len(text.encode("utf-8")) / len(ids)


def token_kinds(vocab: Mapping[int, bytes], words: Collection[str]) -> dict[str, int]:
    """How many tokens of a vocabulary are whole words, pieces of words, or not ASCII.

    Each token is of one kind. These questions are asked in this order:
    - "non_ascii": does it hold a byte above 127? (A lone byte above 127 does.)
    - "word": is it one of words, after one blank at its beginning is taken away, if there is
      one? Capital and small letters are different. White space alone is no word.
    - "piece": everything else.

    words is a list, tuple or set of str. Returns a dict with exactly these three keys and the
    numbers of tokens, which may be 0. The arguments are not changed.
    """
    known = {word for word in words if not word.isspace() and word}
    kinds = {"word": 0, "piece": 0, "non_ascii": 0}
    for token in vocab.values():
        if not token.isascii():
            kinds["non_ascii"] += 1
        elif token.decode("ascii").removeprefix(" ") in known:
            kinds["word"] += 1
        else:
            kinds["piece"] += 1
    return kinds


# Characters, bytes and words


def utf8_bytes(s: str) -> bytes:
    """The bytes of a text in UTF-8: one to four for each character (code point)."""
    return s.encode("utf-8")


def is_valid_utf8(b: bytes) -> bool:
    """Whether some text has exactly these bytes in UTF-8. The empty text has no bytes."""
    try:
        b.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class CharTokenizer:
    """A tokenizer whose tokens are the characters of one text.

    Id 0 is "<unk>", which stands for every character that the text does not hold. The other ids
    are the characters (code points) of the text, each once, in sorted order. stoi maps a token
    to its id, itos[i] is the token of the id i; len(tokenizer) is the number of tokens, "<unk>"
    included. Capital and small letters are different characters.
    """

    def __init__(self, text: str) -> None:
        self.itos = ["<unk>", *sorted(set(text))]
        self.stoi = {token: i for i, token in enumerate(self.itos)}

    def __len__(self) -> int:
        return len(self.itos)

    def encode(self, text: str) -> list[int]:
        """One id for each character of a text; 0 for a character that has no id."""
        return [self.stoi.get(character, 0) for character in text]

    def decode(self, ids: Sequence[int]) -> str:
        """The tokens of the ids, joined without anything between them; id 0 becomes "<unk>".

        No ids give the empty text. What a number does that is no id is up to you.
        """
        return "".join(self.itos[i] for i in ids)


class WordTokenizer:
    """A tokenizer whose tokens are the words of one text, which is what str.split() gives.

    Id 0 is "<unk>", which stands for every word that the text does not hold. The other ids are
    the words of the text, each once, in sorted order. stoi, itos and len as in CharTokenizer.
    Capital and small letters make different words, and so do commas that stick to a word.
    """

    def __init__(self, text: str) -> None:
        self.itos = ["<unk>", *sorted(set(text.split()))]
        self.stoi = {token: i for i, token in enumerate(self.itos)}

    def __len__(self) -> int:
        return len(self.itos)

    def encode(self, text: str) -> list[int]:
        """One id for each word of a text; 0 for a word that has no id."""
        return [self.stoi.get(word, 0) for word in text.split()]

    def decode(self, ids: Sequence[int]) -> str:
        """The tokens of the ids with one blank between them; id 0 becomes "<unk>".

        No ids give the empty text. What a number does that is no id is up to you.
        """
        return " ".join(self.itos[i] for i in ids)
