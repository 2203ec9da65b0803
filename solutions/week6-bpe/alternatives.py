"""Right solutions of week 6 written differently; each must get full marks. Spliced, never imported."""

import base64
import codecs
import heapq
import itertools
import pickle
import re
import unicodedata
from collections import Counter, defaultdict
from functools import reduce

import numpy as np
import regex
from reference import (
    GPT2,
    BPETokenizer,
    best_pair,
    decode,
    encode_chunk,
    merge,
    pair_counts,
    pretokenize,
    train_bpe,
)

from autograder.variants import alternative

# 6.1


@alternative("pair_counts")
def by_index(ids, counts=None):
    result = {} if counts is None else dict(counts)
    for i in range(1, len(ids)):
        pair = (ids[i - 1], ids[i])
        result[pair] = result.get(pair, 0) + 1
    return result


@alternative("pair_counts")
def by_one_look_back(ids, counts=None):
    result, before = defaultdict(int), None
    for pair in counts or ():
        result[pair] += counts[pair]
    for value in ids:
        if before is not None:
            result[before, value] += 1
        before = value
    return result


# 6.2


@alternative("merge")
def onto_a_stack(ids, pair, new_id):
    """A pair is merged as soon as its right part arrives; what has been merged is marked as used."""
    stack, free = [], False
    for value in ids:
        if free and stack[-1] == pair[0] and value == pair[1]:
            stack[-1], free = new_id, False
        else:
            stack.append(value)
            free = True
    return stack


@alternative("merge")
def by_iterator(ids, pair, new_id):
    source, result = iter(ids), []
    held = next(source, None)
    while held is not None:
        following = next(source, None)
        if (held, following) == pair:
            result.append(new_id)
            held = next(source, None)
        else:
            result.append(held)
            held = following
    return result


# 6.3


@alternative("best_pair")
def ties_collected(counts, vocab):
    if len(counts) == 0:
        raise ValueError("no pair")
    most = max(counts.values())
    tied = {(vocab[a], vocab[b]): (a, b) for (a, b), count in counts.items() if count == most}
    return tied[max(tied)]


@alternative("best_pair")
def by_sorting(counts, vocab):
    if not counts:
        raise ValueError("counts is empty")
    by_bytes = sorted(counts, key=lambda pair: [list(vocab[i]) for i in pair], reverse=True)
    return sorted(by_bytes, key=counts.get, reverse=True)[0]


# 6.4


@alternative("train_bpe")
def on_words_as_tuples(text, vocab_size, special_tokens=(), pattern=GPT2):
    """Each different pre-token once, as a tuple of byte strings, with its weight."""
    if vocab_size < 256 + len(special_tokens):
        raise ValueError("vocab_size")
    if any(not special for special in special_tokens) or len(special_tokens) != len(set(special_tokens)):
        raise ValueError("special tokens")
    pieces, start, place = [], 0, 0
    while place < len(text):
        here = [special for special in special_tokens if text.startswith(special, place)]
        if here:
            pieces.append(text[start:place])
            place += len(max(here, key=len))
            start = place
        else:
            place += 1
    pieces.append(text[start:])
    words = Counter()
    for piece in pieces:
        for match in regex.finditer(pattern, piece):
            words[tuple(bytes([byte]) for byte in match.group().encode())] += 1
    vocab = {i: bytes([i]) for i in range(256)}
    for special in special_tokens:
        vocab[len(vocab)] = special.encode()
    merges = []
    for new_id in range(len(vocab), vocab_size):
        counts = Counter()
        for word, times in words.items():
            for pair in itertools.pairwise(word):
                counts[pair] += times
        if not counts:
            return vocab, merges
        pair = max(counts.items(), key=lambda item: (item[1], item[0]))[0]
        merged = Counter()
        for word, times in words.items():
            new, i = [], 0
            while i < len(word):
                step = 2 if word[i : i + 2] == pair else 1
                new.append(b"".join(word[i : i + step]))
                i += step
            merged[tuple(new)] += times
        words = merged
        merges.append(pair)
        vocab[new_id] = pair[0] + pair[1]
    return vocab, merges


@alternative("train_bpe")
def out_of_earlier_exercises(text, vocab_size, special_tokens=(), pattern=GPT2):
    """Counts with pair_counts, one chunk after the other."""
    specials = list(special_tokens)
    if vocab_size < 256 + len(specials) or len(set(specials)) != len(specials) or not all(specials):
        raise ValueError("vocab_size or special tokens")
    pieces = [text]
    if specials:
        specials_first = "|".join(re.escape(s) for s in sorted(specials, key=lambda s: (-len(s), s)))
        pieces = re.split(specials_first, text)
    chunks = [list(token.encode("utf-8")) for piece in pieces for token in pretokenize(piece, pattern)]
    vocab = dict(enumerate([bytes([i]) for i in range(256)] + [s.encode("utf-8") for s in specials]))
    merges = []
    while len(vocab) < vocab_size:
        counts = {}
        for chunk in chunks:
            counts = pair_counts(chunk, counts)
        if not counts:
            break
        a, b = best_pair(counts, vocab)
        chunks = [merge(chunk, (a, b), len(vocab)) for chunk in chunks]
        merges.append((vocab[a], vocab[b]))
        vocab[len(vocab)] = vocab[a] + vocab[b]
    return vocab, merges


# 6.5


@alternative("pretokenize")
def by_finditer(text, pattern=GPT2):
    return [match[0] for match in regex.compile(pattern).finditer(text)]


@alternative("pretokenize")
def by_hand(text, pattern=GPT2):
    """Reads the text with Unicode's categories, without any regular expression."""

    def kind(character):
        if character.isspace():
            return "S"
        category = unicodedata.category(character)[0]
        return category if category in "LN" else "O"

    tokens, i = [], 0
    while i < len(text):
        ending = next((e for e in ("s", "d", "m", "t", "ll", "ve", "re") if text.startswith("'" + e, i)), None)
        if ending:
            tokens.append("'" + ending)
        else:
            start = i + 1 if text[i] == " " and i + 1 < len(text) and kind(text[i + 1]) != "S" else i
            end = start
            while end < len(text) and kind(text[end]) == kind(text[start]):
                end += 1
            if kind(text[start]) == "S" and end < len(text) and end - start > 1:
                end -= 1
            tokens.append(text[i:end])
        i += len(tokens[-1])
    return tokens


# 6.6


@alternative("encode_chunk")
def all_places_of_the_best(b, ranks):
    """Joins all places of the best token in one walk."""
    ids = [ranks[bytes([byte])] for byte in b]
    token_of = {i: token for token, i in ranks.items()}
    while True:
        joined = [ranks.get(token_of[x] + token_of[y]) for x, y in itertools.pairwise(ids)]
        known = [i for i in joined if i is not None]
        if not known:
            return ids
        best, new, i = min(known), [], 0
        while i < len(ids):
            if i + 1 < len(ids) and token_of[ids[i]] + token_of[ids[i + 1]] == token_of[best]:
                new.append(best)
                i += 2
            else:
                new.append(ids[i])
                i += 1
        ids = new


@alternative("encode_chunk")
def by_borders_and_a_heap(b, ranks):
    """Keeps the border behind each part, and a heap of the pairs."""
    ends = {i: i + 1 for i in range(len(b))}
    before = {i: i - 1 for i in range(len(b))}
    heap = []

    def offer(i):
        if i in ends and ends[i] in ends:
            rank = ranks.get(b[i : ends[ends[i]]])
            if rank is not None:
                heapq.heappush(heap, (rank, i, ends[i], ends[ends[i]]))

    for i in range(len(b)):
        offer(i)
    while heap:
        _, i, middle, end = heapq.heappop(heap)
        if ends.get(i) != middle or ends.get(middle) != end:
            continue
        ends[i] = ends.pop(middle)
        before[end] = i
        offer(i)
        if i > 0:
            offer(before[i])
    return [ranks[b[i:end]] for i, end in sorted(ends.items())]


# 6.7


@alternative("decode")
def by_bytearray(ids, vocab):
    data = bytearray()
    for i in ids:
        if i not in vocab:
            raise ValueError(f"unknown id {i}")
        data.extend(vocab[i])
    return str(data, "utf-8", "replace")


@alternative("decode")
def by_incremental_decoder(ids, vocab):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    return "".join(decoder.decode(vocab[i]) for i in ids) + decoder.decode(b"", final=True)


# 6.8


@alternative("BPETokenizer")
class WithMergesInOrder:
    """Goes through the merges in the order of learning, and through the text character by character."""

    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        if len(special_tokens) > len(set(special_tokens)) or any(s == "" for s in special_tokens):
            raise ValueError("special tokens")
        self.vocab, self.merges, self.pattern = vocab, merges, pattern
        self.special_tokens = tuple(special_tokens)
        self.specials = {s: 256 + n for n, s in enumerate(special_tokens)}
        self.first = 256 + len(special_tokens)

    def _ordinary(self, text):
        ids = []
        for token in regex.findall(self.pattern, text):
            parts = [bytes([byte]) for byte in token.encode()]
            for left, right in self.merges:
                i = 0
                while i < len(parts) - 1:
                    if parts[i] == left and parts[i + 1] == right:
                        parts[i : i + 2] = [left + right]
                    i += 1
            ids += [part[0] if len(part) == 1 else self.numbers[part] for part in parts]
        return ids

    @property
    def numbers(self):
        return {left + right: self.first + n for n, (left, right) in enumerate(self.merges)}

    def encode(self, text, allowed_special="none_raise"):
        if allowed_special == "none":
            return self._ordinary(text)
        if allowed_special in ("all", "none_raise"):
            allowed = set(self.specials)
        else:
            allowed = set(allowed_special)
            if not allowed <= set(self.specials):
                raise ValueError("unknown special token")
        ids, held, i = [], "", 0
        while i < len(text):
            here = [s for s in allowed if text[i : i + len(s)] == s]
            if here and allowed_special == "none_raise":
                raise ValueError("special token in the text")
            if here:
                longest = max(here, key=len)
                ids += [*self._ordinary(held), self.specials[longest]]
                held = ""
                i += len(longest)
            else:
                held += text[i]
                i += 1
        return ids + self._ordinary(held)

    def decode(self, ids):
        return b"".join([self.vocab[i] for i in ids]).decode(errors="replace")


@alternative("BPETokenizer")
class WithCompiledPatterns:
    """Looks for special tokens with finditer; ranks without them; no attribute for the merges' pairs is used."""

    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        seen = set()
        for special in special_tokens:
            if special in seen or len(special) == 0:
                raise ValueError(special)
            seen.add(special)
        self.vocab = vocab
        self.merges = merges
        self.special_tokens = list(special_tokens)
        self.pattern = pattern
        self._compiled = regex.compile(pattern)
        self._ids = dict(zip(special_tokens, itertools.count(256)))
        self._ranks = {token: i for i, token in vocab.items() if i not in self._ids.values()}

    def _encode_ordinary(self, text):
        chunks = [m.group(0).encode() for m in self._compiled.finditer(text)]
        return reduce(lambda ids, chunk: ids + encode_chunk(chunk, self._ranks), chunks, [])

    def encode(self, text, allowed_special="none_raise"):
        if isinstance(allowed_special, str):
            names = {"none": [], "all": self.special_tokens, "none_raise": []}[allowed_special]
            if allowed_special == "none_raise" and any(special in text for special in self.special_tokens):
                raise ValueError("special token")
        else:
            names = list(allowed_special)
            for name in names:
                if name not in self._ids:
                    raise ValueError(name)
        if not names:
            return self._encode_ordinary(text)
        ids, end = [], 0
        for match in regex.finditer("|".join(regex.escape(n) for n in sorted(names, key=len)[::-1]), text):
            ids.extend(self._encode_ordinary(text[end : match.start()]))
            ids.append(self._ids[match.group()])
            end = match.end()
        return ids + self._encode_ordinary(text[end:])

    def decode(self, ids):
        return decode(ids, self.vocab)


# 6.9


@alternative("encode_iterable")
def one_piece_behind(tokenizer, lines, allowed_special="none_raise"):
    """Holds back a whole piece, and cuts before it at the last letter or sign that is followed by a blank."""
    specials = [] if allowed_special == "none" else list(tokenizer.special_tokens)
    if not isinstance(allowed_special, str):
        tokenizer.encode("", allowed_special)
        specials = list(allowed_special)

    def in_a_special(text, place):
        """Whether a special token may reach across this place."""
        return any(
            text[i : i + len(s)] == s[: len(text) - i] and i + len(s) > place
            for s in specials
            for i in range(max(0, place - len(s) + 1), place)
        )

    text = ""
    for line in lines:
        text += line
        for place in range(len(text) - 2, 0, -1):
            is_cut = text[place] == " " and not text[place - 1].isspace() and not text[place + 1].isspace()
            if is_cut and not in_a_special(text, place) and not any(text[place:].startswith(s[0]) for s in specials):
                yield from tokenizer.encode(text[:place], allowed_special)
                text = text[place:]
                break
    yield from tokenizer.encode(text, allowed_special)


@alternative("encode_iterable")
def by_events(tokenizer, lines, allowed_special="none_raise"):
    """Takes what is surely done from the front: a special token, or ordinary text up to a safe place."""
    if isinstance(allowed_special, str):
        specials = () if allowed_special == "none" else tokenizer.special_tokens
    else:
        specials = tuple(allowed_special)
    longest = max(map(len, specials), default=0)
    buffer, pieces, more = "", iter(lines), True
    while more or buffer:
        piece = next(pieces, None)
        more = piece is not None
        buffer += piece or ""
        if not more:
            yield from tokenizer.encode(buffer, allowed_special)
            return
        place = 0
        while place < len(buffer):
            here = [s for s in specials if buffer.startswith(s, place)]
            unsure = any(s.startswith(buffer[place:]) for s in specials if len(s) > len(buffer) - place)
            if unsure or (here and len(buffer) - place < longest):
                break
            if here:
                end = place + len(max(here, key=len))
                yield from tokenizer.encode(buffer[:end], allowed_special)
                buffer, place = buffer[end:], 0
            else:
                place += 1
        tokens, cut = pretokenize(buffer[:place], tokenizer.pattern), 0
        for n, token in enumerate(tokens[:-2]):
            if not token.isspace():
                cut = sum(map(len, tokens[: n + 1]))
        yield from tokenizer.encode(buffer[:cut], allowed_special)
        buffer = buffer[cut:]


# 6.10


@alternative("train_bpe_fast")
def with_a_heap(text, vocab_size, special_tokens=(), pattern=GPT2):
    """A heap whose entries are checked when they are taken; only the neighbours of a merge are updated."""
    vocab, _ = train_bpe("", vocab_size, special_tokens, pattern)
    pieces = [text]
    if special_tokens:
        longest_first = sorted(special_tokens, key=len, reverse=True)
        pieces = regex.split("|".join(map(regex.escape, longest_first)), text)
    frequencies = Counter(token for piece in pieces for token in regex.findall(pattern, piece))
    words, weights = [list(word.encode()) for word in frequencies], list(frequencies.values())
    counts, where = defaultdict(int), defaultdict(set)
    for index, word in enumerate(words):
        for pair in itertools.pairwise(word):
            counts[pair] += weights[index]
            where[pair].add(index)

    class Entry:
        def __init__(self, pair):
            self.pair = pair
            self.key = (counts[pair], vocab[pair[0]], vocab[pair[1]])

        def __lt__(self, other):
            return self.key > other.key

    heap = [Entry(pair) for pair in counts]
    heapq.heapify(heap)
    merges = []
    while len(vocab) < vocab_size and heap:
        entry = heapq.heappop(heap)
        pair = entry.pair
        if counts[pair] <= 0:
            continue
        if counts[pair] != entry.key[0]:
            heapq.heappush(heap, Entry(pair))
            continue
        new_id, (a, b) = len(vocab), pair
        vocab[new_id] = vocab[a] + vocab[b]
        merges.append((vocab[a], vocab[b]))
        touched = set()
        for index in where.pop(pair):
            word, weight = words[index], weights[index]
            for old in itertools.pairwise(word):
                counts[old] -= weight
                touched.add(old)
            words[index] = word = merge(word, pair, new_id)
            for new in itertools.pairwise(word):
                counts[new] += weight
                where[new].add(index)
                touched.add(new)
        for other in touched:
            if counts[other] > 0:
                heapq.heappush(heap, Entry(other))
    return vocab, merges


@alternative("train_bpe_fast")
def with_linked_places(text, vocab_size, special_tokens=(), pattern=GPT2):
    """All words in one array with links to the left and right; each place is changed by itself."""
    vocab, _ = train_bpe("", vocab_size, special_tokens, pattern)
    pieces = [text]
    if special_tokens:
        pieces = regex.split("|".join(map(regex.escape, sorted(special_tokens, key=len)[::-1])), text)
    frequencies = Counter(token.encode() for piece in pieces for token in regex.findall(pattern, piece))
    ids, left, right, weight = [], [], [], []
    counts, places = defaultdict(int), defaultdict(set)
    for word, times in frequencies.items():
        for n, byte in enumerate(word):
            here = len(ids)
            ids.append(byte)
            weight.append(times)
            left.append(here - 1 if n else -1)
            right.append(here + 1 if n + 1 < len(word) else -1)
    for here, following in enumerate(right):
        if following >= 0:
            counts[ids[here], ids[following]] += weight[here]
            places[ids[here], ids[following]].add(here)

    def change(here, sign):
        """Counts the pair that begins at `here` in or out."""
        if here >= 0 and right[here] >= 0:
            pair = (ids[here], ids[right[here]])
            counts[pair] += sign * weight[here]
            (places[pair].add if sign > 0 else places[pair].discard)(here)

    merges = []
    while len(vocab) < vocab_size:
        most = max(counts.values(), default=0)
        if most == 0:
            break
        best = max((p for p, n in counts.items() if n == most), key=lambda p: (vocab[p[0]], vocab[p[1]]))
        new_id = len(vocab)
        vocab[new_id] = vocab[best[0]] + vocab[best[1]]
        merges.append((vocab[best[0]], vocab[best[1]]))
        for here in sorted(places[best]):
            following = right[here]
            if ids[here] != best[0] or following < 0 or ids[following] != best[1]:
                continue  # used up by the place before
            change(left[here], -1)
            change(here, -1)
            change(following, -1)
            ids[here], ids[following] = new_id, -1
            right[here] = right[following]
            if right[here] >= 0:
                left[right[here]] = here
            right[following] = -1
            change(left[here], +1)
            change(here, +1)
        del counts[best], places[best]
    return vocab, merges


# 6.11


@alternative("save", "load")
class WithPickle:
    def save(tokenizer, path):
        with open(path, "wb") as file:
            pickle.dump((tokenizer.vocab, tokenizer.merges, tokenizer.special_tokens, tokenizer.pattern), file)

    def load(path):
        with open(path, "rb") as file:
            return BPETokenizer(*pickle.load(file))


@alternative("save", "load")
class WithLines:
    """One line a token: the pattern, the number of special tokens, and base64. The vocabulary follows."""

    def save(tokenizer, path):
        def line(data):
            return base64.b64encode(data).decode() + "\n"

        with open(path, "w", encoding="ascii") as file:
            file.write(line(tokenizer.pattern.encode()))
            file.write(f"{len(tokenizer.special_tokens)}\n")
            for special in tokenizer.special_tokens:
                file.write(line(special.encode()))
            for left, right in tokenizer.merges:
                file.write(base64.b64encode(left).decode() + " " + line(right))

    def load(path):
        with open(path, encoding="ascii") as file:
            pattern, number, *lines = file.read().split("\n")[:-1]
        specials = [base64.b64decode(line).decode() for line in lines[: int(number)]]
        merges = [tuple(base64.b64decode(side) for side in line.split(" ")) for line in lines[int(number) :]]
        tokens = [bytes([i]) for i in range(256)] + [s.encode() for s in specials] + [a + b for a, b in merges]
        return BPETokenizer(dict(enumerate(tokens)), merges, specials, base64.b64decode(pattern).decode())


# 6.12


@alternative("compression_ratio", "token_kinds")
class WithNumpy:
    def compression_ratio(text, ids):
        if not len(ids):
            raise ValueError("no ids")
        return np.float64(len(bytes(text, "utf8"))) / np.size(ids)

    def token_kinds(vocab, words):
        tokens = list(vocab.values())
        foreign = np.array([any(byte > 127 for byte in token) for token in tokens], dtype=bool)
        known = {bytes(word, "utf8") for word in words if word.strip()}
        whole = np.array([(token[1:] if token[:1] == b" " else token) in known for token in tokens], dtype=bool)
        number = int(np.sum(foreign)), int(np.sum(whole & ~foreign))
        return {"word": number[1], "non_ascii": number[0], "piece": len(tokens) - sum(number)}


@alternative("compression_ratio", "token_kinds")
class ByCounter:
    def compression_ratio(text, ids):
        number = sum(1 for _ in ids)
        if number == 0:
            raise ValueError("no ids")
        return sum(1 + (c > 0x7F) + (c > 0x7FF) + (c > 0xFFFF) for c in map(ord, text)) / number

    def token_kinds(vocab, words):
        def kind(token):
            try:
                text = token.decode("ascii")
            except UnicodeDecodeError:
                return "non_ascii"
            if text.startswith(" "):
                text = text[1:]
            return "word" if text.strip() != "" and text in words else "piece"

        kinds = {"word": 0, "piece": 0, "non_ascii": 0}
        kinds.update(Counter(map(kind, vocab.values())))
        return kinds


# 6.13


@alternative("utf8_bytes", "is_valid_utf8", "CharTokenizer", "WordTokenizer")
class ByHand:
    def utf8_bytes(s):
        result = bytearray()
        for point in map(ord, s):
            if point < 0x80:
                result.append(point)
            elif point < 0x800:
                result += bytes([0xC0 | point >> 6, 0x80 | point & 0x3F])
            elif point < 0x10000:
                result += bytes([0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F])
            else:
                result += bytes(
                    [0xF0 | point >> 18, 0x80 | point >> 12 & 0x3F, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F]
                )
        return bytes(result)

    def is_valid_utf8(b):
        i = 0
        while i < len(b):
            first = b[i]
            size = 1 if first < 0x80 else 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4
            if size == 4 and not 0xF0 <= first < 0xF5:
                return False
            rest = b[i + 1 : i + size]
            if len(rest) < size - 1 or any(not 0x80 <= byte < 0xC0 for byte in rest):
                return False
            if (first == 0xE0 and rest[0] < 0xA0) or (first == 0xED and rest[0] >= 0xA0):
                return False
            if (first == 0xF0 and rest[0] < 0x90) or (first == 0xF4 and rest[0] >= 0x90):
                return False
            i += size
        return True

    class CharTokenizer:
        def __init__(self, text):
            self.stoi = {"<unk>": 0}
            for character in sorted(set(text)):
                self.stoi[character] = len(self.stoi)
            self.itos = {i: token for token, i in self.stoi.items()}

        def __len__(self):
            return len(self.stoi)

        def encode(self, text):
            return [self.stoi.get(c, 0) for c in text]

        def decode(self, ids):
            text = ""
            for i in ids:
                text += self.itos[i]
            return text

    class WordTokenizer:
        def __init__(self, text):
            words = sorted(dict.fromkeys(text.split()))
            self.itos = {0: "<unk>", **{i + 1: word for i, word in enumerate(words)}}
            self.stoi = {word: i for i, word in self.itos.items()}

        def __len__(self):
            return len(self.itos)

        def encode(self, text):
            return [self.stoi.get(word, 0) for word in text.split()]

        def decode(self, ids):
            return " ".join([self.itos[i] for i in ids])


@alternative("utf8_bytes", "is_valid_utf8", "CharTokenizer", "WordTokenizer")
class WithoutUnknownInTheTable:
    def utf8_bytes(s):
        return bytes(s, "utf-8")

    def is_valid_utf8(b):
        return b.decode("utf-8", errors="replace").encode("utf-8") == b

    class CharTokenizer:
        def __init__(self, text):
            self.itos = ["<unk>", *sorted(set(text))]
            self.stoi = dict(zip(self.itos[1:], range(1, len(self.itos)), strict=True))

        def __len__(self):
            return 1 + len(self.stoi)

        def encode(self, text):
            return list(map(lambda c: self.stoi.get(c, 0), text))

        def decode(self, ids):
            return "".join(map(self.itos.__getitem__, ids))

    class WordTokenizer:
        def __init__(self, text):
            self.itos = ["<unk>", *sorted(set(text.split()))]
            self.stoi = dict(zip(self.itos[1:], range(1, len(self.itos)), strict=True))

        def __len__(self):
            return 1 + len(self.stoi)

        def encode(self, text):
            return [self.stoi.get(word, 0) for word in text.split()]

        def decode(self, ids):
            return " ".join(map(self.itos.__getitem__, ids))
