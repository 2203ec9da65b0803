"""Known wrong solutions of week 6, each with the sentence that its author should read. Spliced, never imported."""

import heapq
import json
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import regex

from autograder.variants import wrong
from reference import (
    GPT2,
    BPETokenizer,
    CharTokenizer,
    WordTokenizer,
    _check_specials,
    _parsed_specials,
    _split_at,
    _start_training,
    best_pair,
    decode,
    encode_chunk,
    encode_iterable,
    merge,
    pair_counts,
    pretokenize,
    token_kinds,
    train_bpe,
)

LETTERS = re.compile(r"'(?:[sdmt]|ll|ve|re)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")

# 6.1 pair_counts


@wrong(
    "pair_counts",
    "Each pair seems to count once, however often it occurs. Every place counts: the counts are what the merges are chosen by.",
)
def each_pair_once(ids, counts=None):
    total = Counter(counts or {})
    total.update(set(pairwise(ids)))
    return dict(total)


@wrong(
    "pair_counts",
    "Your counts seem to be put into the dict that was handed in, and it belongs to the caller. Make a new one.",
)
def changes_the_given_dict(ids, counts=None):
    counts = {} if counts is None else counts
    for pair in pairwise(ids):
        counts[pair] = counts.get(pair, 0) + 1
    return counts


@wrong(
    "pair_counts",
    "A pair that overlaps with itself seems to be counted only where the places do not overlap. In 7 7 7 the pair (7, 7) stands in two places.",
)
def overlaps_once(ids, counts=None):
    total, i = dict(counts or {}), 0
    while i + 1 < len(ids):
        pair = (ids[i], ids[i + 1])
        total[pair] = total.get(pair, 0) + 1
        if ids[i] == ids[i + 1] and i + 2 < len(ids) and ids[i + 2] == ids[i]:
            i += 1
        i += 1
    return total


@wrong(
    "pair_counts",
    "Your pairs seem not to overlap: after a pair you go on behind both ids. Every neighbour counts, so each inner id belongs to two pairs.",
)
def steps_of_two(ids, counts=None):
    total = Counter(counts or {})
    total.update(zip(ids[::2], ids[1::2]))
    return dict(total)


@wrong("pair_counts", "The counts that are handed in seem to be ignored. The result holds the sum of both.")
def given_counts_ignored(ids, counts=None):
    return dict(Counter(pairwise(ids)))


@wrong(
    "pair_counts",
    "Where a pair stands in both, your number seems to replace the one that was handed in. Add the two.",
)
def given_counts_replaced(ids, counts=None):
    return {**(counts or {}), **Counter(pairwise(ids))}


@wrong(
    "pair_counts",
    "Only pairs that stand in the counts handed in seem to be kept. The result holds all pairs of both.",
)
def given_pairs_alone(ids, counts=None):
    own = Counter(pairwise(ids))
    return dict(own) if counts is None else {pair: n + own[pair] for pair, n in counts.items()}


@wrong(
    "pair_counts",
    "Your counts seem to remember the calls before: a default value such as counts={} is made once, and all calls share it.",
)
def remembers_earlier_calls(ids, counts={}):
    for pair in pairwise(ids):
        counts[pair] = counts.get(pair, 0) + 1
    return dict(counts)


@wrong(
    "pair_counts",
    "The pairs (a, b) and (b, a) seem to be counted as one. The order matters: they are merged into different tokens.",
)
def order_ignored(ids, counts=None):
    total = Counter(counts or {})
    total.update(tuple(sorted(pair)) for pair in pairwise(ids))
    return dict(total)


@wrong("pair_counts", "The last pair seems to be missing. A sequence of n ids has n - 1 pairs.")
def last_pair_missing(ids, counts=None):
    total = Counter(counts or {})
    for i in range(len(ids) - 2):
        total[ids[i], ids[i + 1]] += 1
    return dict(total)


@wrong(
    "pair_counts", "The last id and the first one seem to be counted as neighbours. (Has an index of -1 slipped in?)"
)
def end_joined_with_start(ids, counts=None):
    total = Counter(counts or {})
    for i in range(len(ids)):
        total[ids[i - 1], ids[i]] += 1
    return dict(total)


@wrong("pair_counts", "Your result seems to count single ids, not pairs of neighbours.")
def counts_ids(ids, counts=None):
    total = Counter(counts or {})
    total.update(ids)
    return dict(total)


# 6.2 merge


@wrong(
    "merge",
    "The last id seems to get lost where no pair ends the sequence. It has no right neighbour, but it has to be copied.",
)
def last_id_lost(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == tuple(pair):
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


@wrong(
    "merge",
    "After a replacement your loop seems to go on with the second id of the pair, which has been used already. Go on behind both.",
)
def steps_by_one(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == tuple(pair):
            merged.append(new_id)
        else:
            merged.append(ids[i])
        i += 1
    return merged


@wrong(
    "merge",
    "A whole run of equal ids seems to become one new id. Only two ids are replaced at a time: 7 7 7 becomes the new id and a 7.",
)
def whole_run_becomes_one(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == tuple(pair):
            i += 2
            while pair[0] == pair[1] and i < len(ids) and ids[i] == pair[0]:
                i += 1
            merged.append(new_id)
        else:
            merged.append(ids[i])
            i += 1
    return merged


@wrong(
    "merge",
    "The three ids of an overlap such as 7 7 7 seem to become one new id. The third 7 is not part of the first pair: it stays.",
)
def three_become_one(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == tuple(pair):
            merged.append(new_id)
            i += 3 if pair[0] == pair[1] and i + 2 < len(ids) and ids[i + 2] == pair[0] else 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


@wrong(
    "merge",
    "Your merge seems to change the list that it was given. Return a new list; the caller may still need the old one.",
)
def in_place(ids, pair, new_id):
    i = 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == tuple(pair):
            ids[i : i + 2] = [new_id]
        i += 1
    return ids


@wrong(
    "merge",
    "Overlapping places seem to be replaced from right to left. From left to right, 7 7 7 becomes the new id and a 7.",
)
def right_to_left(ids, pair, new_id):
    merged, i = [], len(ids) - 1
    while i >= 0:
        if i > 0 and (ids[i - 1], ids[i]) == tuple(pair):
            merged.append(new_id)
            i -= 2
        else:
            merged.append(ids[i])
            i -= 1
    return merged[::-1]


@wrong("merge", "Only the first place where the pair stands seems to be replaced. All of them are.")
def first_place_alone(ids, pair, new_id):
    ids = list(ids)
    for i in range(len(ids) - 1):
        if (ids[i], ids[i + 1]) == tuple(pair):
            return ids[:i] + [new_id] + ids[i + 2 :]
    return ids


@wrong(
    "merge",
    "Where the pair does not occur, your merge seems to return the very list that it was given. Return a copy of it.",
)
def same_list_where_nothing_is_found(ids, pair, new_id):
    return merge(ids, pair, new_id) if tuple(pair) in set(pairwise(ids)) else ids


@wrong("merge", "The pair turned round seems to be replaced too. (a, b) and (b, a) are different pairs.")
def either_order(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and sorted((ids[i], ids[i + 1])) == sorted(pair):
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


@wrong("merge", "Your merge seems to look at the first id of the pair alone. Both ids have to be there.")
def first_id_decides(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and ids[i] == pair[0]:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


@wrong(
    "merge",
    "Your merge seems to look beyond the end: the last id has no right neighbour. An IndexError there, or a look at the first id, comes from a missing bound.",
)
def looks_beyond_the_end(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        if ids[i] == pair[0] and ids[i + 1] == pair[1]:
            merged.append(new_id)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


@wrong(
    "merge",
    "The new id seems to be written in front of the pair, which is still there. It takes the place of both ids.",
)
def pair_is_kept(ids, pair, new_id):
    merged = []
    for i, value in enumerate(ids):
        if i + 1 < len(ids) and (value, ids[i + 1]) == tuple(pair):
            merged.append(new_id)
        merged.append(value)
    return merged


@wrong("merge", "The ids that belong to no pair seem to be left out. They are copied in their order.")
def other_ids_dropped(ids, pair, new_id):
    return [new_id for i in merge(ids, pair, new_id) if i == new_id]


# 6.3 best_pair


@wrong(
    "best_pair",
    "Where counts are equal, your result seems to be the pair that the dict holds first. The contract names one of them: the greatest pair of byte strings.",
)
def first_in_the_dict(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=counts.get)


@wrong(
    "best_pair",
    "Where counts are equal, your result seems to be the pair that the dict holds last. The contract names one of them: the greatest pair of byte strings.",
)
def last_in_the_dict(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(reversed(list(counts)), key=counts.get)


@wrong(
    "best_pair",
    "Where counts are equal, your result seems to be the smallest pair of byte strings. The greatest is asked for.",
)
def smallest_bytes(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return min(counts, key=lambda p: (-counts[p], vocab[p[0]], vocab[p[1]]))


@wrong(
    "best_pair",
    "Where counts are equal, your pairs seem to be compared by their ids. Compare the bytes that stand behind the ids: ids depend on what was merged when.",
)
def greatest_ids(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (counts[p], p))


@wrong(
    "best_pair",
    "Where counts are equal, your result seems to be the pair with the smallest ids. Compare the bytes that stand behind the ids, and take the greatest.",
)
def smallest_ids(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return min(counts, key=lambda p: (-counts[p], p))


@wrong(
    "best_pair",
    "Your pairs seem to be compared by their bytes joined. Joined, the border between the two tokens is lost; compare the left ones, and then the right ones.",
)
def joined_bytes(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (counts[p], vocab[p[0]] + vocab[p[1]]))


@wrong(
    "best_pair",
    "Only the left tokens seem to be compared where counts are equal. If they are equal too, the right ones decide.",
)
def left_token_alone(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (counts[p], vocab[p[0]]))


@wrong("best_pair", "Where counts are equal, the right tokens seem to be compared first. The left ones come first.")
def right_token_first(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (counts[p], vocab[p[1]], vocab[p[0]]))


@wrong(
    "best_pair",
    "Your tokens seem to be read as text before they are compared. Tokens need not be valid text; bytes are compared as they are.",
)
def compared_as_text(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (counts[p], *(vocab[i].decode(errors="replace") for i in p)))


@wrong(
    "best_pair",
    "Where counts are equal, longer tokens seem to win. What counts is the order of the byte strings, in which b'b' > b'ab'.",
)
def longest_tokens(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (counts[p], len(vocab[p[0]]), vocab[p[0]], len(vocab[p[1]]), vocab[p[1]]))


@wrong(
    "best_pair", "Your result seems to be the greatest pair of byte strings, whatever its count. The count comes first."
)
def count_ignored(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (vocab[p[0]], vocab[p[1]]))


@wrong("best_pair", "Your result seems to be the rarest pair. The most frequent one is merged.")
def rarest(counts, vocab):
    if not counts:
        raise ValueError("no pair")
    return max(counts, key=lambda p: (-counts[p], vocab[p[0]], vocab[p[1]]))


@wrong("best_pair", "Your result holds the bytes of the two tokens. A pair of ids is asked for.")
def returns_bytes(counts, vocab):
    a, b = best_pair(counts, vocab)
    return vocab[a], vocab[b]


@wrong("best_pair", "Without any pair, your function returns None. That must be a ValueError.")
def none_without_pairs(counts, vocab):
    return best_pair(counts, vocab) if counts else None


# 6.5 pretokenize


@wrong(
    "pretokenize",
    "Your text seems to be cut at white space, which is lost. The pre-tokens, joined, must be the text: take the matches of the pattern.",
)
def split_at_white_space(text, pattern=GPT2):
    return text.split()


@wrong(
    "pretokenize",
    "Your text seems to be cut at single blanks. Take the matches of the pattern, so that nothing gets lost.",
)
def split_at_blanks(text, pattern=GPT2):
    return text.split(" ")


@wrong(
    "pretokenize",
    "Your letters seem to be what \\w matches. It matches digits and underscores too, so that they stick to the letters; \\p{L} and \\p{N} keep them apart.",
)
def word_characters(text, pattern=GPT2):
    return re.findall(r"'(?:[sdmt]|ll|ve|re)| ?\w+| ?[^\s\w]+|\s+(?!\S)|\s+", text)


@wrong(
    "pretokenize",
    "Your classes of characters seem to be those of Python's re, put together by hand. Not every number of Unicode is \\d, and not every letter or mark is where it should be: use the pattern with the package regex.",
)
def classes_of_re(text, pattern=GPT2):
    return LETTERS.findall(text)


@wrong(
    "pretokenize",
    "White space seems to be missing. It has pre-tokens of its own, and the blank before a word belongs to the word.",
)
def white_space_dropped(text, pattern=GPT2):
    return [token for token in regex.findall(pattern, text) if not token.isspace()]


@wrong(
    "pretokenize",
    "Your pre-tokens seem to have lost their blanks at the beginning. A blank before a word is a part of its pre-token.",
)
def stripped(text, pattern=GPT2):
    return [token.strip() or token for token in regex.findall(pattern, text)]


@wrong("pretokenize", "White space at the ends of the text seems to get lost. Nothing may be stripped.")
def ends_stripped(text, pattern=GPT2):
    return regex.findall(pattern, text.strip())


@wrong(
    "pretokenize",
    "Of several blanks, the last one should go with the word behind them. Your white space seems to be taken in one piece: the part \\s+(?!\\S) is what leaves it.",
)
def all_blanks_together(text, pattern=GPT2):
    return regex.findall(r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+", text)


@wrong("pretokenize", "Blanks seem to stand at the end of your words. In GPT2, a blank belongs to what follows it.")
def blank_behind(text, pattern=GPT2):
    return regex.findall(r"'(?:[sdmt]|ll|ve|re)|\p{L}+ ?|\p{N}+ ?|[^\s\p{L}\p{N}]+ ?|\s+", text)


@wrong("pretokenize", "Only a to z seem to count as letters. \\p{L} means the letters of every script.")
def ascii_letters(text, pattern=GPT2):
    return regex.findall(r"'(?:[sdmt]|ll|ve|re)| ?[a-zA-Z]+| ?[0-9]+| ?[^\sa-zA-Z0-9]+|\s+(?!\S)|\s+", text)


@wrong("pretokenize", "Line breaks seem to get lost: is the text cut into lines first?")
def line_by_line(text, pattern=GPT2):
    return [token for line in text.splitlines() for token in regex.findall(pattern, line)]


@wrong(
    "pretokenize", "Capital letters seem to be lower-cased. A tokenizer must be able to give the text back as it was."
)
def lower_cased(text, pattern=GPT2):
    return regex.findall(pattern, text.lower())


@wrong("pretokenize", "Endings such as 'S and 'LL seem to be cut off too. The pattern knows the small letters alone.")
def endings_in_capitals(text, pattern=GPT2):
    return regex.findall(r"(?i:'(?:[sdmt]|ll|ve|re))" + GPT2[GPT2.index("|", 20) :], text)


@wrong(
    "pretokenize",
    "Your text seems to be normalised first: characters that were two code points have become one. Decoding could not give the text back.",
)
def normalised(text, pattern=GPT2):
    import unicodedata

    return regex.findall(pattern, unicodedata.normalize("NFC", text))


@wrong("pretokenize", "Your result is an iterator of matches. A list of texts is asked for.")
def iterator_of_matches(text, pattern=GPT2):
    return regex.finditer(pattern, text)


# 6.4 train_bpe


@wrong(
    "train_bpe",
    "Your vocabulary has one token too many. It ends at vocab_size tokens, the 256 bytes and the special tokens included.",
)
def one_merge_too_many(text, vocab_size, special_tokens=(), pattern=GPT2):
    train_bpe(text, vocab_size, special_tokens, pattern)
    return train_bpe(text, vocab_size + 1, special_tokens, pattern)


@wrong(
    "train_bpe",
    "Your vocabulary has one token too few. It ends at vocab_size tokens, the 256 bytes and the special tokens included.",
)
def one_merge_too_few(text, vocab_size, special_tokens=(), pattern=GPT2):
    floor = 256 + len(special_tokens)
    return train_bpe(text, max(vocab_size - 1, floor) if vocab_size >= floor else vocab_size, special_tokens, pattern)


@wrong(
    "train_bpe",
    "The special tokens seem not to count: your vocabulary has more than vocab_size tokens. They take ids like all others.",
)
def special_tokens_come_on_top(text, vocab_size, special_tokens=(), pattern=GPT2):
    train_bpe("", vocab_size, special_tokens, pattern)
    return train_bpe(text, vocab_size + len(special_tokens), special_tokens, pattern)


@wrong("train_bpe", "vocab_size seems to be taken for the number of merges. It is the size of the whole vocabulary.")
def size_is_the_number_of_merges(text, vocab_size, special_tokens=(), pattern=GPT2):
    train_bpe("", vocab_size, special_tokens, pattern)
    return train_bpe(text, 256 + len(special_tokens) + vocab_size, special_tokens, pattern)


@wrong(
    "train_bpe", "The special tokens seem to come after the merges. They come before: their ids follow the 256 bytes."
)
def special_tokens_last(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, merges = train_bpe(text, vocab_size, special_tokens, pattern)
    tokens = list(vocab.values())
    n = 256 + len(special_tokens)
    return dict(enumerate(tokens[:256] + tokens[n:] + tokens[256:n])), merges


@wrong("train_bpe", "The special tokens seem to be sorted. Their ids follow the order in which they were given.")
def special_tokens_sorted(text, vocab_size, special_tokens=(), pattern=GPT2):
    return train_bpe(text, vocab_size, sorted(special_tokens), pattern)


@wrong(
    "train_bpe",
    "Your training seems to learn from the characters of the special tokens. Cut the text at them first: they are no text.",
)
def trains_on_special_tokens(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, _ = train_bpe("", vocab_size, special_tokens, pattern)
    learnt, merges = train_bpe(text, vocab_size - len(special_tokens), (), pattern)
    for token in list(learnt.values())[256:]:
        vocab[len(vocab)] = token
    return vocab, merges


@wrong(
    "train_bpe",
    "The special tokens seem to be taken out of the text, so that what stood on both sides grows together. They are borders: the pieces between them stay apart.",
)
def special_tokens_removed(text, vocab_size, special_tokens=(), pattern=GPT2):
    _check_specials(special_tokens)
    return train_bpe("".join(_split_at(text, special_tokens)[::2]), vocab_size, special_tokens, pattern)


@wrong(
    "train_bpe",
    "Where a shorter and a longer special token could begin, the shorter one (or the one that was given first) seems to win. The longest counts.",
)
def first_special_token_wins(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, _ = train_bpe("", vocab_size, special_tokens, pattern)
    pieces = regex.split("|".join(map(regex.escape, special_tokens)), text) if special_tokens else [text]
    chunks = [list(token.encode()) for piece in pieces for token in pretokenize(piece, pattern)]
    merges = []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts:
            break
        best = best_pair(counts, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        chunks = [merge(ids, best, len(vocab)) for ids in chunks]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe",
    "The signs of your special tokens seem to mean something in a regular expression: <|x|> is three alternatives there. Escape them before you cut.",
)
def special_tokens_not_escaped(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, _ = train_bpe("", vocab_size, special_tokens, pattern)
    longest_first = sorted(special_tokens, key=len, reverse=True)
    pieces = re.split("|".join(longest_first), text) if special_tokens else [text]
    chunks = [list(token.encode()) for piece in pieces for token in pretokenize(piece or "", pattern)]
    merges = []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts:
            break
        best = best_pair(counts, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        chunks = [merge(ids, best, len(vocab)) for ids in chunks]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe",
    "Your training seems to begin with characters in the place of bytes. A character above code point 127 is two to four bytes in UTF-8, and only merges make it one token.",
)
def characters_not_bytes(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    chunks = [[character.encode() for character in token] for token in pretokens]
    merges = []
    while len(vocab) < vocab_size:
        counts = Counter(pair for chunk in chunks for pair in pairwise(chunk))
        if not counts:
            break
        best = max(counts, key=lambda pair: (counts[pair], pair))
        chunks = [merge(chunk, best, best[0] + best[1]) for chunk in chunks]
        merges.append(best)
        vocab[len(vocab)] = best[0] + best[1]
    return vocab, merges


@wrong("train_bpe", "Your vocabulary and merges hold texts. Tokens are bytes: many of them are no valid text.")
def texts_not_bytes(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, merges = train_bpe(text, vocab_size, special_tokens, pattern)
    as_text = {i: token.decode("utf-8", errors="replace") for i, token in vocab.items()}
    return as_text, [tuple(side.decode("utf-8", errors="replace") for side in pair) for pair in merges]


@wrong(
    "train_bpe",
    "Your training seems to stop when no pair occurs twice. It goes on while any pair is left, also one that occurs once.",
)
def stops_at_pairs_that_occur_once(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    chunks, merges = [list(token.encode()) for token in pretokens], []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts or max(counts.values()) < 2:
            break
        best = best_pair(counts, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        chunks = [merge(ids, best, len(vocab)) for ids in chunks]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe",
    "Your training seems to fail where no pair is left before the vocabulary is full. Then it has to stop, with a smaller vocabulary.",
)
def fails_where_no_pair_is_left(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, merges = train_bpe(text, vocab_size, special_tokens, pattern)
    if len(vocab) < vocab_size:
        raise ValueError("max() arg is an empty sequence")
    return vocab, merges


@wrong(
    "train_bpe",
    "Your merges seem to cross the borders of pre-tokens: is the text made into one long list of bytes? Keep one list for each pre-token.",
)
def across_pretokens(text, vocab_size, special_tokens=(), pattern=GPT2):
    return train_bpe(text, vocab_size, special_tokens, r"[\s\S]+")


@wrong(
    "train_bpe",
    "Your text seems to be cut at white space alone, so that digits and signs stick to letters. Use the pattern.",
)
def cut_at_white_space_alone(text, vocab_size, special_tokens=(), pattern=GPT2):
    return train_bpe(text, vocab_size, special_tokens, r" ?\S+|\s+(?!\S)|\s+")


@wrong(
    "train_bpe",
    "White space seems to be thrown away before the training. The blank before a word is a part of its pre-token.",
)
def white_space_thrown_away(text, vocab_size, special_tokens=(), pattern=GPT2):
    return train_bpe(text, vocab_size, special_tokens, pattern.replace(" ?", ""))


@wrong("train_bpe", "Equal pre-tokens seem to count once. A word that comes a thousand times counts a thousand times.")
def equal_pretokens_once(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    chunks, merges = [list(token.encode()) for token in dict.fromkeys(pretokens)], []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts:
            break
        best = best_pair(counts, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        chunks = [merge(ids, best, len(vocab)) for ids in chunks]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe",
    "Where several pairs are equally frequent, your training seems to take the one that it met first. The greatest pair of byte strings is asked for, as in best_pair.",
)
def ties_by_first_place(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    chunks, merges = [list(token.encode()) for token in pretokens], []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts:
            break
        best = max(counts, key=counts.get)
        merges.append((vocab[best[0]], vocab[best[1]]))
        chunks = [merge(ids, best, len(vocab)) for ids in chunks]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe",
    "Where several pairs are equally frequent, your training seems to compare ids. Compare the bytes of the tokens, as in best_pair.",
)
def ties_by_ids(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    chunks, merges = [list(token.encode()) for token in pretokens], []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts:
            break
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append((vocab[best[0]], vocab[best[1]]))
        chunks = [merge(ids, best, len(vocab)) for ids in chunks]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe",
    "Where several pairs are equally frequent, your training seems to take the smallest pair of byte strings. The greatest is asked for, as in best_pair.",
)
def ties_by_smallest_bytes(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    chunks, merges = [list(token.encode()) for token in pretokens], []
    while len(vocab) < vocab_size:
        counts = Counter(pair for ids in chunks for pair in pairwise(ids))
        if not counts:
            break
        best = min(counts, key=lambda pair: (-counts[pair], vocab[pair[0]], vocab[pair[1]]))
        merges.append((vocab[best[0]], vocab[best[1]]))
        chunks = [merge(ids, best, len(vocab)) for ids in chunks]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe",
    "Your pairs seem to be counted once at the beginning. Each merge makes new pairs and takes others away: count again after each.",
)
def counts_once_at_the_beginning(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    counts, merges = Counter(pair for token in pretokens for pair in pairwise(token.encode())), []
    while len(vocab) < vocab_size and counts:
        best = best_pair(counts, vocab)
        del counts[best]
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong("train_bpe", "Your merges hold ids. Pairs of byte strings are asked for.")
def merges_as_ids(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, merges = train_bpe(text, vocab_size, special_tokens, pattern)
    ids = {token: i for i, token in vocab.items()}
    return vocab, [(ids[left], ids[right]) for left, right in merges]


@wrong("train_bpe", "Your merges hold the tokens that were made. The pairs (left, right) are asked for.")
def merges_joined(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, merges = train_bpe(text, vocab_size, special_tokens, pattern)
    return vocab, [left + right for left, right in merges]


@wrong("train_bpe", "Your vocabulary maps bytes to ids. It is asked for the other way round: from id to bytes.")
def vocabulary_turned_round(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, merges = train_bpe(text, vocab_size, special_tokens, pattern)
    return {token: i for i, token in vocab.items()}, merges


@wrong(
    "train_bpe",
    "Your vocabulary seems to hold only the bytes that occur in the text. All 256 have to be there, so that every text can be encoded.",
)
def bytes_of_the_text_alone(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, merges = train_bpe(text, vocab_size, special_tokens, pattern)
    return {i: token for i, token in vocab.items() if i >= 256 or token in text.encode()}, merges


@wrong(
    "train_bpe",
    "A vocab_size that is too small gives no ValueError. The 256 bytes and the special tokens must fit into it.",
)
def size_not_checked(text, vocab_size, special_tokens=(), pattern=GPT2):
    return train_bpe(text, max(vocab_size, 256 + len(special_tokens)), special_tokens, pattern)


@wrong("train_bpe", "The size seems to be checked without the special tokens. They need room too.")
def size_checked_without_special_tokens(text, vocab_size, special_tokens=(), pattern=GPT2):
    if vocab_size < 256:
        raise ValueError("too small")
    return train_bpe(text, max(vocab_size, 256 + len(special_tokens)), special_tokens, pattern)


@wrong("train_bpe", "Special tokens that are empty or not distinct give no ValueError.")
def special_tokens_not_checked(text, vocab_size, special_tokens=(), pattern=GPT2):
    return train_bpe(text, vocab_size, [s for s in dict.fromkeys(special_tokens) if s], pattern)


# 6.6 encode_chunk


@wrong(
    "encode_chunk",
    "Your encoder seems to take the longest token that fits. Join pairs in the order in which they were learnt: the smallest id first.",
)
def longest_match(b, ranks):
    ids, i = [], 0
    while i < len(b):
        j = next(j for j in range(len(b), i, -1) if b[i:j] in ranks)
        ids.append(ranks[b[i:j]])
        i = j
    return ids


@wrong(
    "encode_chunk",
    "Your encoder seems to join the pair that was learnt last. Training merged the earliest ones first, and the encoder repeats it: the smallest id first.",
)
def newest_first(b, ranks):
    parts = [b[i : i + 1] for i in range(len(b))]
    while True:
        joined = [(ranks[x + y], -i) for i, (x, y) in enumerate(pairwise(parts)) if x + y in ranks]
        if not joined:
            return [ranks[part] for part in parts]
        i = -max(joined)[1]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]


@wrong("encode_chunk", "Your encoder seems to join the pair that makes the longest token. The smallest id goes first.")
def longest_pair_first(b, ranks):
    parts = [b[i : i + 1] for i in range(len(b))]
    while True:
        joined = [(len(x + y), -ranks[x + y], -i) for i, (x, y) in enumerate(pairwise(parts)) if x + y in ranks]
        if not joined:
            return [ranks[part] for part in parts]
        i = -max(joined)[2]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]


@wrong(
    "encode_chunk",
    "Your encoder seems to join the first pair from the left that is a token. Look at all pairs, and take the one with the smallest id.",
)
def leftmost_pair_first(b, ranks):
    parts = [b[i : i + 1] for i in range(len(b))]
    while True:
        i = next((i for i, (x, y) in enumerate(pairwise(parts)) if x + y in ranks), None)
        if i is None:
            return [ranks[part] for part in parts]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]


@wrong(
    "encode_chunk",
    "Your encoder seems to walk through the chunk once. After each join there are new neighbours: go on until no two of them are a token.",
)
def single_pass(b, ranks):
    parts, i = [b[i : i + 1] for i in range(len(b))], 0
    while i + 1 < len(parts):
        if parts[i] + parts[i + 1] in ranks:
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        i += 1
    return [ranks[part] for part in parts]


@wrong("encode_chunk", "Your encoder seems to stop after one join. Go on until no two neighbours are a token.")
def one_join(b, ranks):
    parts = [b[i : i + 1] for i in range(len(b))]
    joined = [(ranks[x + y], i) for i, (x, y) in enumerate(pairwise(parts)) if x + y in ranks]
    if joined:
        i = min(joined)[1]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
    return [ranks[part] for part in parts]


@wrong(
    "encode_chunk",
    "Where the same token could be joined in several places, your encoder seems to take the rightmost. The leftmost goes first.",
)
def rightmost_on_ties(b, ranks):
    parts = [b[i : i + 1] for i in range(len(b))]
    while True:
        joined = [(ranks[x + y], -i) for i, (x, y) in enumerate(pairwise(parts)) if x + y in ranks]
        if not joined:
            return [ranks[part] for part in parts]
        i = -min(joined)[1]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]


@wrong(
    "encode_chunk",
    "Your encoder seems to go through the tokens once in the order of their ids and to join each of them in one place only. While a pair stands in the chunk, it is joined.",
)
def each_token_once(b, ranks):
    parts = [b[i : i + 1] for i in range(len(b))]
    for token in sorted(ranks, key=ranks.get):
        for i, (x, y) in enumerate(pairwise(parts)):
            if x + y == token:
                parts[i : i + 2] = [token]
                break
    return [ranks[part] for part in parts]


@wrong(
    "encode_chunk",
    "Your ids seem to be places in the list of tokens. The ids stand in ranks, and there may be a gap behind the bytes.",
)
def places_not_ids(b, ranks):
    places = {token: i for i, token in enumerate(sorted(ranks, key=ranks.get))}
    return encode_chunk(b, places)


@wrong(
    "encode_chunk",
    "Your encoder seems to cut the chunk into characters. A part of a character can be a token: begin with single bytes.",
)
def characters_first(b, ranks):
    parts = [c.encode("utf-8", "surrogateescape") for c in b.decode("utf-8", "surrogateescape")]
    while True:
        joined = [(ranks[x + y], i) for i, (x, y) in enumerate(pairwise(parts)) if x + y in ranks]
        if not joined:
            return [i for part in parts for i in ([ranks[part]] if part in ranks else list(part))]
        i = min(joined)[1]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]


@wrong("encode_chunk", "Your encoder seems to give single bytes, whatever has been learnt. Join pairs that are tokens.")
def bytes_alone(b, ranks):
    return [ranks[b[i : i + 1]] for i in range(len(b))]


@wrong("encode_chunk", "Your encoder fails on the empty chunk, or on one of a single byte. They have no pair to join.")
def fails_without_pairs(b, ranks):
    min(ranks.get(x + y, 10**9) for x, y in pairwise([b[i : i + 1] for i in range(len(b))]))
    return encode_chunk(b, ranks)


@wrong("encode_chunk", "Your result holds the bytes of the tokens. Their ids are asked for.")
def tokens_not_ids(b, ranks):
    token_of = {i: token for token, i in ranks.items()}
    return [token_of[i] for i in encode_chunk(b, ranks)]


@wrong("encode_chunk", "Your encoder seems to change ranks, which belongs to the caller.")
def changes_ranks(b, ranks):
    for i in range(256):
        ranks.pop(bytes([i]))
        ranks[bytes([i])] = i
    return encode_chunk(b, ranks)


# 6.7 decode


@wrong(
    "decode",
    "Your tokens seem to be read as text one by one. A character may be spread over several tokens: join the bytes first, then read them.",
)
def token_by_token(ids, vocab):
    return "".join(vocab[i].decode("utf-8", errors="replace") for i in ids)


@wrong(
    "decode",
    "Bytes that are no valid UTF-8 raise an error in your decoder. A model may produce them; the replacement character stands for them.",
)
def strict(ids, vocab):
    return b"".join(vocab[i] for i in ids).decode("utf-8")


@wrong("decode", "Your bytes seem to be read as latin-1, one letter for each byte. They are UTF-8.")
def latin_1(ids, vocab):
    return b"".join(vocab[i] for i in ids).decode("latin-1")


@wrong(
    "decode",
    "Bytes that are no valid UTF-8 seem to disappear. The replacement character stands for them, so that one can see that something was there.",
)
def errors_ignored(ids, vocab):
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="ignore")


@wrong(
    "decode",
    "Bytes that are no valid UTF-8 seem to be written as escapes such as \\xff. The replacement character stands for them.",
)
def errors_escaped(ids, vocab):
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="backslashreplace")


@wrong(
    "decode",
    "Bytes that are no valid UTF-8 seem to become surrogates, which cannot be printed. The replacement character stands for them.",
)
def errors_as_surrogates(ids, vocab):
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="surrogateescape")


@wrong(
    "decode",
    "A byte-order mark at the beginning seems to get lost: utf-8-sig removes it. The text has to come back as it was.",
)
def byte_order_mark_lost(ids, vocab):
    return b"".join(vocab[i] for i in ids).decode("utf-8-sig", errors="replace")


@wrong(
    "decode",
    "Your decoder seems to put blanks between the tokens. Blanks are parts of tokens, where they belong to the text.",
)
def blanks_between_tokens(ids, vocab):
    return b" ".join(vocab[i] for i in ids).decode("utf-8", errors="replace")


@wrong("decode", "White space at the ends of the text seems to get lost. Nothing may be stripped.")
def ends_stripped_after_decoding(ids, vocab):
    return decode(ids, vocab).strip()


@wrong("decode", "Unknown ids seem to be skipped. They are an error: somebody has mixed up two vocabularies.")
def unknown_ids_skipped(ids, vocab):
    return decode([i for i in ids if i in vocab], vocab)


@wrong("decode", "Unknown ids seem to become the replacement character. They are an error: KeyError or ValueError.")
def unknown_ids_replaced(ids, vocab):
    return b"".join(vocab.get(i, b"\xef\xbf\xbd") for i in ids).decode("utf-8", errors="replace")


@wrong(
    "decode",
    "Your decoder seems to look tokens up by their place, so that -1 finds the last one. Ids are keys of the dict, and -1 is none.",
)
def places_in_a_list(ids, vocab):
    tokens = list(vocab.values())
    try:
        return b"".join(tokens[i] for i in ids).decode("utf-8", errors="replace")
    except IndexError:
        raise KeyError("id")


@wrong("decode", "Special tokens seem to be left out. They are decoded to their text.")
def special_tokens_left_out(ids, vocab):
    return decode([i for i in ids if not vocab[i].startswith(b"<|")], vocab)


@wrong("decode", "Your decoder seems to change the list of ids that it was given. It belongs to the caller.")
def ids_used_up(ids, vocab):
    data = b""
    while ids:
        if isinstance(ids, tuple):
            return decode(ids, vocab)
        data += vocab[ids.pop(0)]
    return data.decode("utf-8", errors="replace")


# 6.8 BPETokenizer


@wrong(
    "BPETokenizer",
    "By default your tokenizer reads special tokens in the text, so that a user can give orders to the model. The default has to refuse them with a ValueError.",
)
class ReadsByDefault(BPETokenizer):
    def encode(self, text, allowed_special="all"):
        return super().encode(text, "all" if allowed_special == "none_raise" else allowed_special)


@wrong(
    "BPETokenizer",
    "By default your tokenizer takes special tokens for ordinary text. It has to refuse them with a ValueError: the caller must say which is meant.",
)
class TakesAsTextByDefault(BPETokenizer):
    def encode(self, text, allowed_special="none"):
        return super().encode(text, "none" if allowed_special == "none_raise" else allowed_special)


@wrong(
    "BPETokenizer",
    'Calling encode without allowed_special does not behave like "none_raise": is the default value another one?',
)
class AnotherDefault(BPETokenizer):
    def encode(self, text, allowed_special="all"):
        return super().encode(text, allowed_special)


@wrong("BPETokenizer", '"none" seems to raise an error. It means that special tokens are ordinary text.')
class NoneRaises(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        return super().encode(text, "none_raise" if allowed_special == "none" else allowed_special)


@wrong(
    "BPETokenizer",
    'With "none" your tokenizer still reads special tokens. Then they are ordinary text, like anything else.',
)
class NoneReads(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        return super().encode(text, "all" if allowed_special == "none" else allowed_special)


@wrong(
    "BPETokenizer",
    'With "none" your tokenizer seems to remove special tokens from the text. They are ordinary text then, and decoding has to give them back.',
)
class NoneRemoves(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        if allowed_special == "none":
            text = "".join(_split_at(text, self.special_tokens)[::2])
        return super().encode(text, allowed_special)


@wrong(
    "BPETokenizer",
    "Ordinary text can become the id of a special token in your tokenizer: the special tokens seem to stand among the tokens that merges can make. Keep them out of the ranks.",
)
class SpecialTokensInRanks(BPETokenizer):
    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        super().__init__(vocab, merges, special_tokens, pattern)
        self.ranks = {token: i for i, token in vocab.items()}


@wrong(
    "BPETokenizer",
    "A token that ordinary text needs seems to be missing in your ranks, because a special token has the same bytes. Both have ids of their own.",
)
class EqualTokensRemoved(BPETokenizer):
    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        super().__init__(vocab, merges, special_tokens, pattern)
        specials = {special.encode() for special in special_tokens}
        self.ranks = {token: i for token, i in self.ranks.items() if token not in specials}


@wrong(
    "BPETokenizer",
    "A character that is also a special token comes out as the special token, though it is ordinary text: your table from bytes to ids seems to hold one id for both. Keep special tokens out of the ranks.",
)
class OneCharacterOverwritten(BPETokenizer):
    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        super().__init__(vocab, merges, special_tokens, pattern)
        ids = {token: i for i, token in vocab.items()}
        self.ranks = {token: ids[token] for token in self.ranks}


@wrong(
    "BPETokenizer",
    "Where a shorter and a longer special token could begin, the one that was given first seems to win. The longest does.",
)
class FirstSpecialTokenWins(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = _parsed_specials(self.special_tokens, allowed_special)
        if not specials or allowed_special == "none_raise":
            return super().encode(text, allowed_special)
        ids = []
        for i, piece in enumerate(regex.split("(" + "|".join(map(regex.escape, specials)) + ")", text)):
            ids += [self.special_ids[piece]] if i % 2 else super().encode(piece, "none")
        return ids


@wrong(
    "BPETokenizer",
    "Where a shorter and a longer special token could begin, the shorter one seems to win. The longest does.",
)
class ShortestSpecialTokenWins(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = sorted(_parsed_specials(self.special_tokens, allowed_special), key=len)
        if not specials or allowed_special == "none_raise":
            return super().encode(text, allowed_special)
        ids = []
        for i, piece in enumerate(regex.split("(" + "|".join(map(regex.escape, specials)) + ")", text)):
            ids += [self.special_ids[piece]] if i % 2 else super().encode(piece, "none")
        return ids


@wrong(
    "BPETokenizer",
    "Your text seems to be cut at one special token after the other, the longest ones first, wherever they stand. The text is read from the left: the one that begins first wins, also if a longer one begins inside of it.",
)
class LongestAnywhere(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = sorted(_parsed_specials(self.special_tokens, allowed_special), key=len, reverse=True)
        if not specials or allowed_special == "none_raise":
            return super().encode(text, allowed_special)

        def encoded(text, specials):
            if not specials:
                return super(LongestAnywhere, self).encode(text, "none")
            ids = []
            for i, piece in enumerate(text.split(specials[0])):
                ids += ([self.special_ids[specials[0]]] if i else []) + encoded(piece, specials[1:])
            return ids

        return encoded(text, specials)


@wrong(
    "BPETokenizer",
    "The signs of your special tokens seem to mean something in a regular expression: <|x|> is three alternatives there, and [b] is a class. Escape them.",
)
class SignsNotEscaped(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = sorted(_parsed_specials(self.special_tokens, allowed_special), key=len, reverse=True)
        if not specials:
            return super().encode(text, allowed_special)
        ids, place = [], 0
        for match in regex.finditer("|".join(specials), text):
            if allowed_special == "none_raise":
                raise ValueError("special token in the text")
            if match.group() in self.special_ids:
                ids += super().encode(text[place : match.start()], "none") + [self.special_ids[match.group()]]
                place = match.end()
        return ids + super().encode(text[place:], "none")


@wrong(
    "BPETokenizer",
    "The whole text seems to be cut into pre-tokens before special tokens are looked for, so that those which fall into two pre-tokens, or stand inside of one, are not found. Cut at the special tokens first.",
)
class PretokensFirst(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = _parsed_specials(self.special_tokens, allowed_special)
        ids = []
        for pretoken in pretokenize(text, self.pattern):
            if pretoken in specials:
                if allowed_special == "none_raise":
                    raise ValueError("special token in the text")
                ids.append(self.special_ids[pretoken])
            else:
                ids += encode_chunk(pretoken.encode(), self.ranks)
        return ids


@wrong(
    "BPETokenizer",
    "White space next to a special token comes out differently: the pieces between special tokens seem to be stripped.",
)
class PiecesStripped(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = _parsed_specials(self.special_tokens, allowed_special)
        if not specials or allowed_special == "none_raise":
            return super().encode(text, allowed_special)
        ids = []
        for i, piece in enumerate(_split_at(text, specials)):
            ids += [self.special_ids[piece]] if i % 2 else super().encode(piece.strip(), "none")
        return ids


@wrong(
    "BPETokenizer",
    "White space before a special token comes out as if ordinary text followed. Each piece between special tokens is pre-tokenized by itself, so the pattern sees the end of the text there.",
)
class PatternSeesSpecialTokens(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = sorted(_parsed_specials(self.special_tokens, allowed_special), key=len, reverse=True)
        if not specials or allowed_special == "none_raise":
            return super().encode(text, allowed_special)
        inside = "|".join(map(regex.escape, specials))
        ids, place = [], 0
        while place < len(text):
            match = regex.compile(f"({inside})|{self.pattern}").match(text, place)
            stop = regex.search(inside, text[place:])
            if match.group(1):
                ids.append(self.special_ids[match.group(1)])
                place = match.end()
            else:
                end = min(match.end(), place + stop.start()) if stop else match.end()
                ids += encode_chunk(text[place:end].encode(), self.ranks)
                place = end
        return ids


@wrong(
    "BPETokenizer",
    "A collection of allowed special tokens seems to mean all of them. Only those that it names are read.",
)
class CollectionMeansAll(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        _parsed_specials(self.special_tokens, allowed_special)
        return super().encode(text, allowed_special if isinstance(allowed_special, str) else "all")


@wrong(
    "BPETokenizer",
    "Special tokens that the collection does not name seem to raise an error. They are ordinary text then.",
)
class OthersRaise(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        specials = _parsed_specials(self.special_tokens, allowed_special)
        if not isinstance(allowed_special, str) and set(_split_at(text, self.special_tokens)[1::2]) - set(specials):
            raise ValueError("special token in the text")
        return super().encode(text, allowed_special)


@wrong("BPETokenizer", "A list or tuple of allowed special tokens does not work as a set does. Any collection will do.")
class OnlySets(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        if isinstance(allowed_special, (list, tuple)):
            raise ValueError("a set was expected")
        return super().encode(text, allowed_special)


@wrong(
    "BPETokenizer",
    "An unknown name among the allowed special tokens gives no ValueError. It is likely a typing error of the caller, who would never hear of it.",
)
class UnknownNamesIgnored(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        if not isinstance(allowed_special, str):
            allowed_special = [special for special in allowed_special if special in self.special_tokens]
        return super().encode(text, allowed_special)


@wrong(
    "BPETokenizer",
    "Your text seems to be encoded in one piece, without pre-tokens. Merges would cross borders that they never crossed in the training.",
)
class NoPretokens(BPETokenizer):
    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        super().__init__(vocab, merges, special_tokens, r"[\s\S]+")


@wrong("BPETokenizer", "Your special tokens seem to get ids in another order than the one in which they were given.")
class SpecialTokensSorted(BPETokenizer):
    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        super().__init__(vocab, merges, special_tokens, pattern)
        self.special_ids = {special: 256 + i for i, special in enumerate(sorted(self.special_tokens))}


@wrong(
    "BPETokenizer", "Your tokenizer seems to encode characters by their code points. Encode the text's bytes in UTF-8."
)
class CodePoints(BPETokenizer):
    def encode(self, text, allowed_special="none_raise"):
        ids = []
        for i, piece in enumerate(_split_at(text, _parsed_specials(self.special_tokens, allowed_special))):
            if i % 2 and allowed_special == "none_raise":
                raise ValueError("special token in the text")
            for pretoken in [] if i % 2 else pretokenize(piece, self.pattern):
                ids += encode_chunk(pretoken.encode("latin-1", errors="replace"), self.ranks)
            ids += [self.special_ids[piece]] if i % 2 else []
        return ids


@wrong(
    "BPETokenizer",
    "Decoding each token by itself breaks characters that are spread over several tokens. Join the bytes first.",
)
class DecodesTokenByToken(BPETokenizer):
    def decode(self, ids):
        return "".join(self.vocab[i].decode("utf-8", errors="replace") for i in ids)


@wrong("BPETokenizer", "Your decode leaves special tokens out. They are decoded to their text.")
class SpecialTokensNotDecoded(BPETokenizer):
    def decode(self, ids):
        return super().decode([i for i in ids if i not in self.special_ids.values()])


@wrong("BPETokenizer", "Special tokens that are empty or not distinct give no ValueError.")
class SpecialTokensNotChecked(BPETokenizer):
    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        super().__init__(vocab, merges, [s for s in dict.fromkeys(special_tokens) if s], pattern)


@wrong(
    "BPETokenizer",
    "Your tokenizer changes what it was given: it makes room in the caller's own dict or lists. Copy them.",
)
class ChangesItsArguments(BPETokenizer):
    def __init__(self, vocab, merges, special_tokens=(), pattern=GPT2):
        super().__init__(vocab, merges, special_tokens, pattern)
        for i in range(len(special_tokens)):
            vocab.pop(256 + i)


# 6.9 encode_iterable


@wrong(
    "encode_iterable",
    "Your pieces seem to be encoded one by one. A pre-token or a special token may be cut in two at the border: hold back what the next piece can change.",
)
def piece_by_piece(tokenizer, lines, allowed_special="none_raise"):
    for line in lines:
        yield from tokenizer.encode(line, allowed_special)


@wrong(
    "encode_iterable",
    "Your ids are right, but the first one comes only when all pieces have been read, so the whole text stands in memory. Give ids as soon as nothing can change them.",
)
def whole_input_first(tokenizer, lines, allowed_special="none_raise"):
    yield from tokenizer.encode("".join(list(lines)), allowed_special)


@wrong(
    "encode_iterable",
    "Your pieces seem to be joined with line breaks between them. The pieces as they are, joined, are the text.",
)
def joined_with_line_breaks(tokenizer, lines, allowed_special="none_raise"):
    yield from encode_iterable(tokenizer, (line + "\n" for line in lines), allowed_special)


@wrong("encode_iterable", "White space at the ends of your pieces seems to get lost. It belongs to the text.")
def pieces_stripped(tokenizer, lines, allowed_special="none_raise"):
    yield from encode_iterable(tokenizer, (line.rstrip("\n") for line in lines), allowed_special)


@wrong(
    "encode_iterable", "What is held back at the end seems to be forgotten: after the last piece, the rest has to come."
)
def rest_forgotten(tokenizer, lines, allowed_special="none_raise"):
    held = ""
    for line in lines:
        held += line
        pretokens = pretokenize(held, tokenizer.pattern)
        done = "".join(pretokens[:-2])
        while done and done[-1].isspace():
            done = done.rstrip()
        yield from tokenizer.encode(done, allowed_special)
        held = held[len(done) :]


@wrong(
    "encode_iterable",
    "Your text seems to be cut behind white space, and encoded as if the text ended there. White space looks at what follows it: cut behind a pre-token that is none.",
)
def cut_behind_white_space(tokenizer, lines, allowed_special="none_raise"):
    specials = _parsed_specials(tokenizer.special_tokens, allowed_special)
    held = ""
    for line in lines:
        held += line
        if any(special[0] in held for special in specials):
            continue
        done = "".join(pretokenize(held, tokenizer.pattern)[:-2])
        yield from tokenizer.encode(done, allowed_special)
        held = held[len(done) :]
    yield from tokenizer.encode(held, allowed_special)


@wrong(
    "encode_iterable",
    "Only the last pre-token seems to be held back. ' and l are two pre-tokens that become one, if another l follows.",
)
def one_pretoken_held_back(tokenizer, lines, allowed_special="none_raise"):
    specials = _parsed_specials(tokenizer.special_tokens, allowed_special)
    held = ""
    for line in lines:
        held += line
        if any(special[0] in held for special in specials):
            continue
        pretokens = pretokenize(held, tokenizer.pattern)[:-1]
        while pretokens and pretokens[-1].isspace():
            pretokens.pop()
        done = "".join(pretokens)
        yield from tokenizer.encode(done, allowed_special)
        held = held[len(done) :]
    yield from tokenizer.encode(held, allowed_special)


@wrong(
    "encode_iterable",
    "Your text seems to be cut at the last line break. A line break and what follows it can be one pre-token, so the ids change.",
)
def cut_at_line_breaks(tokenizer, lines, allowed_special="none_raise"):
    held = ""
    for line in lines:
        held += line
        place = held.rfind("\n") + 1
        yield from tokenizer.encode(held[:place], allowed_special)
        held = held[place:]
    yield from tokenizer.encode(held, allowed_special)


@wrong(
    "encode_iterable",
    "Your text seems to be cut at the last blank, which is right in a line of words, but several blanks, or blanks next to line breaks, are one pre-token.",
)
def cut_at_blanks(tokenizer, lines, allowed_special="none_raise"):
    held = ""
    for line in lines:
        held += line
        place = max(held.rfind(" "), 0)
        yield from tokenizer.encode(held[:place], allowed_special)
        held = held[place:]
    yield from tokenizer.encode(held, allowed_special)


@wrong(
    "encode_iterable",
    "Special tokens that are spread over several pieces seem not to be found. An end of what you hold may be the beginning of a special token: hold it back.",
)
def special_tokens_cut(tokenizer, lines, allowed_special="none_raise"):
    held = ""
    for line in lines:
        held += line
        start = sum(map(len, _split_at(held, _parsed_specials(tokenizer.special_tokens, allowed_special))[:-1]))
        pretokens = pretokenize(held[start:], tokenizer.pattern)[:-2]
        while pretokens and pretokens[-1].isspace():
            pretokens.pop()
        place = start + sum(map(len, pretokens))
        yield from tokenizer.encode(held[:place], allowed_special)
        held = held[place:]
    yield from tokenizer.encode(held, allowed_special)


@wrong(
    "encode_iterable",
    "A special token seems to be read as soon as it is complete, although a longer one may have begun in the same place. Wait for what follows.",
)
def shorter_special_token_at_once(tokenizer, lines, allowed_special="none_raise"):
    specials = _parsed_specials(tokenizer.special_tokens, allowed_special)
    held = ""
    for line in lines:
        held += line
        start = sum(map(len, _split_at(held, specials)[:-1]))
        tail = held[start:]
        begun = [i for i in range(len(tail)) if any(s.startswith(tail[i:]) for s in specials)]
        pretokens = pretokenize(tail[: min(begun, default=len(tail))], tokenizer.pattern)[:-2]
        while pretokens and pretokens[-1].isspace():
            pretokens.pop()
        place = start + sum(map(len, pretokens))
        yield from tokenizer.encode(held[:place], allowed_special)
        held = held[place:]
    yield from tokenizer.encode(held, allowed_special)


@wrong("encode_iterable", "allowed_special seems not to be passed on. What it says holds here as in encode.")
def allowed_special_forgotten(tokenizer, lines, allowed_special="none_raise"):
    yield from encode_iterable(tokenizer, lines)


@wrong(
    "encode_iterable", "Special tokens seem to be read without being asked for. The default refuses them, as in encode."
)
def reads_special_tokens_always(tokenizer, lines, allowed_special="none_raise"):
    yield from encode_iterable(tokenizer, lines, "all")


@wrong("encode_iterable", "Your iterator gives lists. It has to give one id after the other.")
def gives_lists(tokenizer, lines, allowed_special="none_raise"):
    yield list(encode_iterable(tokenizer, lines, allowed_special))


@wrong(
    "encode_iterable",
    "Your text seems to be encoded again from its beginning with each piece: ids come twice. What has been given must not come again.",
)
def ids_come_twice(tokenizer, lines, allowed_special="none_raise"):
    held = ""
    for line in lines:
        held += line
        yield from tokenizer.encode(held, allowed_special)


# 6.10 train_bpe_fast


@wrong(
    "train_bpe_fast",
    "Your training gives the right merges, but it counts everything again for each merge, and that takes too long for a large text.",
)
def counts_everything_again(text, vocab_size, special_tokens=(), pattern=GPT2):
    return train_bpe(text, vocab_size, special_tokens, pattern)


@wrong(
    "train_bpe_fast",
    "Your training works on each pre-token once, but it counts all of them again for each merge. Change the counts only where the merged pair stood.",
)
def counts_every_word_again(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    merges = []
    while len(vocab) < vocab_size:
        counts = defaultdict(int)
        for ids, times in words:
            for pair in pairwise(ids):
                counts[pair] += times
        if not counts:
            break
        best = best_pair(counts, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        words = [(merge(ids, best, len(vocab)), times) for ids, times in words]
        vocab[len(vocab)] = b"".join(merges[-1])
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "Your counts go stale: when a pair is merged, the pairs to its left and right seem to keep their old counts. They disappear from that place too.",
)
def neighbours_keep_their_counts(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = defaultdict(int), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        most, new_id = max(counts.values()), len(vocab)
        best = best_pair({pair: n for pair, n in counts.items() if n == most}, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        counts.pop(best)
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(new):
                where[pair].add(index)
                if new_id in pair:
                    counts[pair] += times
            words[index] = (new, times)
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "A word in which the pair stands several times seems to be subtracted several times. Its old pairs go once, its new ones come once.",
)
def repeated_pairs_subtracted_twice(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = defaultdict(int), defaultdict(list), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].append(index)
    while len(vocab) < vocab_size and any(n > 0 for n in counts.values()):
        best, new_id = best_pair(counts, vocab), len(vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        indices = where.pop(best, [])
        for index in indices:
            for pair in pairwise(words[index][0]):
                counts[pair] -= words[index][1]
        for index in dict.fromkeys(indices):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(new):
                counts[pair] += times
                where[pair].append(index)
            words[index] = (new, times)
        counts.pop(best, None)
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "Where the merged pair stands twice side by side, as in anan, the pair between the two places seems to be subtracted twice, and the pair of the two new tokens is not counted. The left neighbour may already be a new token.",
)
def neighbours_of_the_old_word(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = defaultdict(int), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        most, new_id = max(counts.values()), len(vocab)
        best = best_pair({pair: n for pair, n in counts.items() if n == most}, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            place = 0
            for token in new:
                if token == new_id:
                    if place > 0:
                        counts[ids[place - 1], ids[place]] -= times
                        counts[ids[place - 1], new_id] += times
                    if place + 2 < len(ids):
                        counts[ids[place + 1], ids[place + 2]] -= times
                        counts[new_id, ids[place + 2]] += times
                place += 2 if token == new_id else 1
            for pair in pairwise(new):
                where[pair].add(index)
            words[index] = (new, times)
        counts = defaultdict(int, {pair: n for pair, n in counts.items() if n > 0 and pair != best})
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "Your heap seems to hold stale entries: counts that were true when they were pushed, and have fallen since. Compare an entry with the count of today before you believe it.",
)
def stale_heap_entries(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = defaultdict(int), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)

    def entry(pair):
        key = [(*(-byte for byte in vocab[i]), 1) for i in pair]
        return (-counts[pair], *key, pair)

    heap, done = [entry(pair) for pair in counts], set()
    heapq.heapify(heap)
    while len(vocab) < vocab_size and heap:
        best, new_id = heapq.heappop(heap)[-1], len(vocab)
        if best in done or counts[best] <= 0:
            continue
        done.add(best)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        changed = set()
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(ids):
                counts[pair] -= times
            for pair in pairwise(new):
                counts[pair] += times
                where[pair].add(index)
                if new_id in pair:
                    changed.add(pair)
            words[index] = (new, times)
        for pair in changed:
            heapq.heappush(heap, entry(pair))
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "Each pre-token seems to count once in your training. Work on it once, but with the weight of how often it occurs.",
)
def weights_forgotten(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), 1) for word, times in Counter(pretokens).items()]
    counts, where, merges = defaultdict(int), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        most, new_id = max(counts.values()), len(vocab)
        best = best_pair({pair: n for pair, n in counts.items() if n == most}, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(ids):
                counts[pair] -= times
                if counts[pair] <= 0:
                    del counts[pair]
            for pair in pairwise(new):
                counts[pair] += times
                where[pair].add(index)
            words[index] = (new, times)
        counts.pop(best, None)
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "The weights of the words seem to be forgotten where counts are updated: what is subtracted and added is 1, not how often the word occurs.",
)
def updates_without_weights(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = defaultdict(int), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        most, new_id = max(counts.values()), len(vocab)
        best = best_pair({pair: n for pair, n in counts.items() if n == most}, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(ids):
                counts[pair] -= 1
                if counts[pair] <= 0:
                    del counts[pair]
            for pair in pairwise(new):
                counts[pair] += 1
                where[pair].add(index)
            words[index] = (new, times)
        counts.pop(best, None)
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "New pairs, those that hold a token made by a merge, seem never to be counted. They are what longer tokens grow from.",
)
def new_pairs_not_counted(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = defaultdict(int), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        most, new_id = max(counts.values()), len(vocab)
        best = best_pair({pair: n for pair, n in counts.items() if n == most}, vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(ids):
                counts[pair] -= times
                if counts[pair] <= 0:
                    del counts[pair]
            for pair in pairwise(new):
                counts[pair] += times if max(pair) < 256 else 0
                where[pair].add(index)
            words[index] = (new, times)
        counts = defaultdict(int, {pair: n for pair, n in counts.items() if n > 0 and pair != best})
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "The table of where pairs stand seems not to learn of new pairs: they are counted, but their words are not found when they are merged.",
)
def new_pairs_not_found(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = Counter(), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        best, new_id = best_pair(counts, vocab), len(vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(ids):
                counts[pair] -= times
            for pair in pairwise(new):
                counts[pair] += times
            words[index] = (new, times)
        counts = Counter({pair: n for pair, n in counts.items() if n > 0 and pair != best})
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "Where several pairs are equally frequent, your fast training takes another one than train_bpe: is it the one that was met first? The greatest pair of byte strings is asked for.",
)
def fast_ties_by_first_place(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = Counter(), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        best, new_id = max(counts, key=counts.get), len(vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        for index in sorted(where.pop(best, ())):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(ids):
                counts[pair] -= times
                if not counts[pair]:
                    del counts[pair]
            for pair in pairwise(new):
                counts[pair] += times
                where[pair].add(index)
            words[index] = (new, times)
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "Pairs whose count has fallen to 0 seem to be merged still, or your training does not stop. Where no pair is left, it ends.",
)
def merges_pairs_that_are_gone(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, pretokens = _start_training(text, vocab_size, special_tokens, pattern)
    words = [(list(word.encode()), times) for word, times in Counter(pretokens).items()]
    counts, where, merges = Counter(), defaultdict(set), []
    for index, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(index)
    while len(vocab) < vocab_size and counts:
        best, new_id = best_pair(counts, vocab), len(vocab)
        merges.append((vocab[best[0]], vocab[best[1]]))
        vocab[new_id] = b"".join(merges[-1])
        for index in where.pop(best, ()):
            ids, times = words[index]
            new = merge(ids, best, new_id)
            for pair in pairwise(ids):
                counts[pair] -= times
            for pair in pairwise(new):
                counts[pair] += times
                where[pair].add(index)
            words[index] = (new, times)
        del counts[best]
    return vocab, merges


@wrong(
    "train_bpe_fast", "Your fast training seems not to cut the text at special tokens: it learns from their characters."
)
def fast_trains_on_special_tokens(text, vocab_size, special_tokens=(), pattern=GPT2):
    vocab, _ = train_bpe_fast("", vocab_size, special_tokens, pattern)
    learnt, merges = train_bpe_fast(text, vocab_size - len(special_tokens), (), pattern)
    for token in list(learnt.values())[256:]:
        vocab[len(vocab)] = token
    return vocab, merges


@wrong(
    "train_bpe_fast",
    "The errors of train_bpe are missing in your fast training: a size that is too small, special tokens that are empty or not distinct.",
)
def fast_without_errors(text, vocab_size, special_tokens=(), pattern=GPT2):
    specials = [s for s in dict.fromkeys(special_tokens) if s]
    return train_bpe_fast(text, max(vocab_size, 256 + len(specials)), specials, pattern)


# 6.11 save, load


@wrong(
    "save, load",
    "Tokens that are no valid text seem to change on their way through the file. Bytes cannot be read as UTF-8 and written back, unless they are UTF-8.",
)
class TokensAsText:
    def save(tokenizer, path):
        content = {
            "vocab": [[i, token.decode("utf-8", errors="replace")] for i, token in tokenizer.vocab.items()],
            "merges": [[side.decode("utf-8", errors="replace") for side in pair] for pair in tokenizer.merges],
            "specials": tokenizer.special_tokens,
        }
        Path(path).write_text(json.dumps(content))

    def load(path):
        content = json.loads(Path(path).read_text())
        vocab = {i: token.encode() for i, token in content["vocab"]}
        merges = [(left.encode(), right.encode()) for left, right in content["merges"]]
        return BPETokenizer(vocab, merges, content["specials"])


@wrong(
    "save, load",
    "Your tokens come back as what str() makes of bytes, such as b'\\xc3' letter by letter. Write bytes in a way that can be read back.",
)
class TokensByStr:
    def save(tokenizer, path):
        content = {
            "vocab": [[i, str(token)] for i, token in tokenizer.vocab.items()],
            "merges": [[str(left), str(right)] for left, right in tokenizer.merges],
            "specials": tokenizer.special_tokens,
        }
        Path(path).write_text(json.dumps(content))

    def load(path):
        content = json.loads(Path(path).read_text())
        vocab = {i: token[2:-1].encode() for i, token in content["vocab"]}
        merges = [(left[2:-1].encode(), right[2:-1].encode()) for left, right in content["merges"]]
        return BPETokenizer(vocab, merges, content["specials"])


@wrong(
    "save, load",
    "The ids of your loaded vocabulary are texts: JSON turns the keys of a dict into texts. Turn them back into integers.",
)
class IdsAsText:
    def save(tokenizer, path):
        content = {
            "vocab": {i: token.hex() for i, token in tokenizer.vocab.items()},
            "merges": [[left.hex(), right.hex()] for left, right in tokenizer.merges],
            "specials": tokenizer.special_tokens,
        }
        Path(path).write_text(json.dumps(content))

    def load(path):
        content = json.loads(Path(path).read_text())
        vocab = {i: bytes.fromhex(token) for i, token in content["vocab"].items()}
        merges = [(bytes.fromhex(left), bytes.fromhex(right)) for left, right in content["merges"]]
        tokenizer = BPETokenizer({int(i): token for i, token in vocab.items()}, merges, content["specials"])
        tokenizer.vocab = vocab
        tokenizer.ranks = {token: i for i, token in vocab.items()}
        return tokenizer


@wrong("save, load", "The special tokens seem to get lost in the file. They have to survive.")
class SpecialTokensLost:
    def save(tokenizer, path):
        content = [
            [[i, token.hex()] for i, token in tokenizer.vocab.items()],
            [[left.hex(), right.hex()] for left, right in tokenizer.merges],
        ]
        Path(path).write_text(json.dumps(content))

    def load(path):
        vocab, merges = json.loads(Path(path).read_text())
        merges = [(bytes.fromhex(left), bytes.fromhex(right)) for left, right in merges]
        return BPETokenizer({i: bytes.fromhex(token) for i, token in vocab}, merges)


@wrong(
    "save, load",
    "Special tokens seem to come back in another order: sorted, or as a set gives them. Their ids follow the order.",
)
class SpecialTokensInOtherOrder:
    def save(tokenizer, path):
        content = [
            [[i, token.hex()] for i, token in tokenizer.vocab.items()],
            [[left.hex(), right.hex()] for left, right in tokenizer.merges],
            sorted(tokenizer.special_tokens),
        ]
        Path(path).write_text(json.dumps(content))

    def load(path):
        vocab, merges, specials = json.loads(Path(path).read_text())
        merges = [(bytes.fromhex(left), bytes.fromhex(right)) for left, right in merges]
        return BPETokenizer({i: bytes.fromhex(token) for i, token in vocab}, merges, specials)


@wrong(
    "save, load",
    "The ids after the bytes seem to begin at 255, one too early. There are 256 bytes, 0 to 255, and then comes 256.",
)
class IdsFrom255:
    def save(tokenizer, path):
        content = [
            [token.hex() for token in tokenizer.vocab.values()],
            [[a.hex(), b.hex()] for a, b in tokenizer.merges],
        ]
        Path(path).write_text(json.dumps([*content, tokenizer.special_tokens]))

    def load(path):
        tokens, merges, specials = json.loads(Path(path).read_text())
        vocab = {i: bytes.fromhex(token) for i, token in enumerate(tokens[:256])}
        vocab |= {255 + i: bytes.fromhex(token) for i, token in enumerate(tokens[256:])}
        return BPETokenizer(vocab, [(bytes.fromhex(a), bytes.fromhex(b)) for a, b in merges], specials)


@wrong("save, load", "The order of the vocabulary gets lost: sorted by its tokens, it gives every token another id.")
class VocabularySorted:
    def save(tokenizer, path):
        content = [
            sorted(token.hex() for token in tokenizer.vocab.values()),
            [[a.hex(), b.hex()] for a, b in tokenizer.merges],
        ]
        Path(path).write_text(json.dumps([*content, tokenizer.special_tokens]))

    def load(path):
        tokens, merges, specials = json.loads(Path(path).read_text())
        vocab = dict(enumerate(bytes.fromhex(token) for token in tokens))
        return BPETokenizer(vocab, [(bytes.fromhex(a), bytes.fromhex(b)) for a, b in merges], specials)


@wrong("save, load", "The merges come back in another order, or as a set. Their order is what the training has learnt.")
class MergesSorted:
    def save(tokenizer, path):
        content = [
            [[i, token.hex()] for i, token in tokenizer.vocab.items()],
            sorted([left.hex(), right.hex()] for left, right in tokenizer.merges),
            tokenizer.special_tokens,
        ]
        Path(path).write_text(json.dumps(content))

    def load(path):
        vocab, merges, specials = json.loads(Path(path).read_text())
        merges = [(bytes.fromhex(left), bytes.fromhex(right)) for left, right in merges]
        return BPETokenizer({i: bytes.fromhex(token) for i, token in vocab}, merges, specials)


@wrong(
    "save, load",
    "Your file holds one token a line, and white space at the ends of a line is stripped when it is read. Blanks and line breaks are tokens, too.",
)
class LinesStripped:
    def save(tokenizer, path):
        lines = [token.decode("latin-1") for token in tokenizer.vocab.values()]
        merges = [[left.hex(), right.hex()] for left, right in tokenizer.merges]
        Path(path).write_text(json.dumps([lines, merges, tokenizer.special_tokens]))

    def load(path):
        lines, merges, specials = json.loads(Path(path).read_text())
        vocab = {i: line.strip(" \t\r\n").encode("latin-1") for i, line in enumerate(lines)}
        return BPETokenizer(vocab, [(bytes.fromhex(a), bytes.fromhex(b)) for a, b in merges], specials)


@wrong(
    "save, load",
    "Your tokenizer is kept in a variable, not in the file at path: two files hold the same, or the last one saved wins.",
)
class KeptInAVariable:
    def save(tokenizer, path):
        Path(path).write_text("saved")
        global kept_tokenizer
        kept_tokenizer = tokenizer

    def load(path):
        Path(path).read_text()
        return kept_tokenizer


@wrong(
    "save, load",
    "A file that exists seems not to be replaced: what was written before is still in front, or is read again.",
)
class FileNotReplaced:
    def save(tokenizer, path):
        content = [
            [[i, token.hex()] for i, token in tokenizer.vocab.items()],
            [[left.hex(), right.hex()] for left, right in tokenizer.merges],
            tokenizer.special_tokens,
        ]
        with open(path, "a") as file:
            file.write(json.dumps(content) + "\n")

    def load(path):
        vocab, merges, specials = json.loads(Path(path).read_text().splitlines()[0])
        merges = [(bytes.fromhex(left), bytes.fromhex(right)) for left, right in merges]
        return BPETokenizer({i: bytes.fromhex(token) for i, token in vocab}, merges, specials)


@wrong("save, load", "A path that is a text does not work, only a Path. Path(path) takes both.")
class PathsAlone:
    def save(tokenizer, path):
        content = [
            [[i, token.hex()] for i, token in tokenizer.vocab.items()],
            [[left.hex(), right.hex()] for left, right in tokenizer.merges],
            tokenizer.special_tokens,
        ]
        path.write_text(json.dumps(content))

    def load(path):
        vocab, merges, specials = json.loads(path.read_text())
        merges = [(bytes.fromhex(left), bytes.fromhex(right)) for left, right in merges]
        return BPETokenizer({i: bytes.fromhex(token) for i, token in vocab}, merges, specials)


# 6.12 compression_ratio, token_kinds


@wrong(
    "compression_ratio",
    "Your ratio seems to count characters. It counts bytes, so that it means the same in every language.",
)
def characters_per_token(text, ids):
    if len(ids) == 0:
        raise ValueError("no ids")
    return len(text) / len(ids)


@wrong(
    "compression_ratio",
    "Your ratio is turned round: tokens a byte. Bytes a token are asked for, more than 1 where the tokenizer compresses.",
)
def tokens_per_byte(text, ids):
    if len(ids) == 0:
        raise ValueError("no ids")
    return len(ids) / len(text.encode()) if text else 0.0


@wrong("compression_ratio", "Your ratio is rounded to an integer: // throws the rest away.")
def rounded_down(text, ids):
    if len(ids) == 0:
        raise ValueError("no ids")
    return float(len(text.encode()) // len(ids))


@wrong("compression_ratio", "Each id seems to count once, however often it occurs. Every token of the text counts.")
def different_ids(text, ids):
    if len(ids) == 0:
        raise ValueError("no ids")
    return len(text.encode()) / len(set(ids))


@wrong(
    "compression_ratio",
    "Without ids, your ratio is a number. There is nothing to divide by: that must be a ValueError.",
)
def zero_without_ids(text, ids):
    return len(text.encode()) / len(ids) if len(ids) else 0.0


@wrong("token_kinds", 'The blank before a word seems to count: " sea" is the word "sea" with one blank before it.')
def leading_blank_counts(vocab, words):
    kinds = {"word": 0, "piece": 0, "non_ascii": 0}
    for token in vocab.values():
        kind = (
            "non_ascii"
            if not token.isascii()
            else "word"
            if token.decode() in words and not token.isspace() and token
            else "piece"
        )
        kinds[kind] += 1
    return kinds


@wrong(
    "token_kinds",
    "All white space at the ends of a token seems to be taken away. One blank at the beginning is, and no more.",
)
def white_space_stripped(vocab, words):
    kinds = {"word": 0, "piece": 0, "non_ascii": 0}
    for token in vocab.values():
        text = token.decode(errors="replace").strip()
        kinds["non_ascii" if not token.isascii() else "word" if text and text in words else "piece"] += 1
    return kinds


@wrong("token_kinds", "All blanks at the beginning of a token seem to be taken away. Only one is.")
def all_leading_blanks_stripped(vocab, words):
    kinds = {"word": 0, "piece": 0, "non_ascii": 0}
    for token in vocab.values():
        text = token.decode(errors="replace").lstrip(" ")
        kinds["non_ascii" if not token.isascii() else "word" if text.strip() and text in words else "piece"] += 1
    return kinds


@wrong(
    "token_kinds",
    "Capital and small letters seem to be the same for you. They make different tokens, and different words.",
)
def case_ignored(vocab, words):
    lowered = {i: token.lower() for i, token in vocab.items()}
    return token_kinds(lowered, {word.lower() for word in words})


@wrong(
    "token_kinds",
    "Words that are not ASCII seem to be counted as words. The question about bytes above 127 is asked first.",
)
def words_first(vocab, words):
    kinds = token_kinds(vocab, words)
    for token in vocab.values():
        if not token.isascii() and token.decode(errors="replace").removeprefix(" ") in words:
            kinds["word"] += 1
            kinds["non_ascii"] -= 1
    return kinds


@wrong(
    "token_kinds",
    "Lone bytes above 127, which are no text by themselves, seem to be pieces or to be left out. They are not ASCII.",
)
def lone_bytes_are_pieces(vocab, words):
    kinds = token_kinds(vocab, words)
    for token in vocab.values():
        try:
            token.decode()
        except UnicodeDecodeError:
            kinds["piece"] += 1
            kinds["non_ascii"] -= 1
    return kinds


@wrong(
    "token_kinds",
    "Lone bytes above 127, which are no text by themselves, make your function fail. Ask for bytes above 127 before you read a token as text.",
)
def fails_on_lone_bytes(vocab, words):
    for token in vocab.values():
        token.decode()
    return token_kinds(vocab, words)


@wrong(
    "token_kinds",
    "Kinds of which there are no tokens seem to be missing in your dict. All three keys are always there.",
)
def missing_keys(vocab, words):
    return {kind: n for kind, n in token_kinds(vocab, words).items() if n}


@wrong(
    "token_kinds", "White space alone, or what is left of a single blank, seems to be a word for you. It is a piece."
)
def white_space_is_a_word(vocab, words):
    kinds = token_kinds(vocab, words)
    for token in vocab.values():
        if token.isspace() and (token.decode().removeprefix(" ") in words or token.decode() == " "):
            kinds["word"] += 1
            kinds["piece"] -= 1
    return kinds


@wrong("token_kinds", "A token seems to be a word for you if it is a part of one. It has to be the whole word.")
def parts_are_words(vocab, words):
    kinds = {"word": 0, "piece": 0, "non_ascii": 0}
    for token in vocab.values():
        text = token.decode(errors="replace").removeprefix(" ")
        is_word = text.strip() and any(text in word for word in words)
        kinds["non_ascii" if not token.isascii() else "word" if is_word else "piece"] += 1
    return kinds


@wrong("token_kinds", "Your numbers are shares. The numbers of tokens are asked for.")
def shares(vocab, words):
    return {kind: n / max(len(vocab), 1) for kind, n in token_kinds(vocab, words).items()}


# 6.13


@wrong(
    "utf8_bytes",
    "Your bytes are not those of UTF-8: a character above code point 127 takes two to four bytes. (Is it latin-1, or one byte a character?)",
)
def latin_1_bytes(s):
    return s.encode("latin-1", errors="replace")


@wrong("utf8_bytes", "Characters beyond ASCII seem to be replaced or left out. UTF-8 can write all of them.")
def ascii_bytes(s):
    return s.encode("ascii", errors="ignore")


@wrong("utf8_bytes", "Your bytes seem to be those of UTF-16. UTF-8 is another way to write the same code points.")
def utf_16_bytes(s):
    return s.encode("utf-16-le")


@wrong("utf8_bytes", "Your bytes begin with a byte-order mark. UTF-8 has no need of one.")
def with_byte_order_mark(s):
    return s.encode("utf-8-sig")


@wrong("utf8_bytes", "Your result is a list of numbers. Bytes are asked for.")
def list_of_numbers(s):
    return list(s.encode())


@wrong(
    "is_valid_utf8",
    'Bytes that are not UTF-8 seem to be valid for you: with errors="replace" or "ignore" nothing ever fails.',
)
def always_valid(b):
    b.decode("utf-8", errors="replace")
    return True


@wrong("is_valid_utf8", "Only ASCII seems to be valid for you. UTF-8 has characters of two to four bytes, too.")
def ascii_is_valid(b):
    return b.isascii()


@wrong(
    "is_valid_utf8",
    "Your check seems to look at the shape of the bytes alone: the first byte of a character and the right number of bytes behind it. Forms that are too long, surrogates and numbers beyond U+10FFFF have that shape, and are invalid.",
)
def shape_alone(b):
    i = 0
    while i < len(b):
        size = 1 if b[i] < 0x80 else 2 if b[i] >> 5 == 6 else 3 if b[i] >> 4 == 14 else 4 if b[i] >> 3 == 30 else 0
        if not size or i + size > len(b) or any(byte >> 6 != 2 for byte in b[i + 1 : i + size]):
            return False
        i += size
    return True


@wrong("is_valid_utf8", "Surrogates seem to be valid for you. They are no characters, and UTF-8 does not write them.")
def surrogates_are_valid(b):
    try:
        b.decode("utf-8", errors="surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


@wrong(
    "is_valid_utf8",
    "Bytes that end in the middle of a character seem to be valid for you. The last character has to be complete.",
)
def incomplete_is_valid(b):
    import codecs

    try:
        codecs.getincrementaldecoder("utf-8")().decode(b)
    except UnicodeDecodeError:
        return False
    return True


@wrong("CharTokenizer", "An unknown character is an error in your tokenizer. It has the id 0.")
class UnknownCharacterFails(CharTokenizer):
    def encode(self, text):
        return [self.stoi[character] for character in text]


@wrong("CharTokenizer", "Unknown characters seem to be left out. Each of them becomes one id 0.")
class UnknownCharactersSkipped(CharTokenizer):
    def encode(self, text):
        return [self.stoi[character] for character in text if character in self.stoi]


@wrong("CharTokenizer", "<unk> seems to come last in your alphabet of characters. It has the id 0.")
class UnknownCharacterLast(CharTokenizer):
    def __init__(self, text):
        self.itos = [*sorted(set(text)), "<unk>"]
        self.stoi = {token: i for i, token in enumerate(self.itos)}

    def encode(self, text):
        return [self.stoi.get(character, len(self.itos) - 1) for character in text]


@wrong("CharTokenizer", "Your characters seem to be numbered in the order in which they first occur. Sort them.")
class CharactersNotSorted(CharTokenizer):
    def __init__(self, text):
        self.itos = ["<unk>", *dict.fromkeys(text)]
        self.stoi = {token: i for i, token in enumerate(self.itos)}


@wrong("CharTokenizer", "Capital and small characters seem to be the same for you. Nothing is lower-cased.")
class CharactersLowerCased(CharTokenizer):
    def __init__(self, text):
        super().__init__(text.lower())

    def encode(self, text):
        return super().encode(text.lower())


@wrong("CharTokenizer", "Your characters are joined with blanks between them. Nothing stands between characters.")
class CharactersJoinedWithBlanks(CharTokenizer):
    def decode(self, ids):
        return " ".join(self.itos[i] for i in ids)


@wrong("CharTokenizer", "Your len does not count <unk>. It is a token like the others.")
class LengthWithoutUnknown(CharTokenizer):
    def __len__(self):
        return len(self.itos) - 1


@wrong("WordTokenizer", "An unknown word is an error in your tokenizer. It has the id 0.")
class UnknownWordFails(WordTokenizer):
    def encode(self, text):
        return [self.stoi[word] for word in text.split()]


@wrong("WordTokenizer", "Unknown words seem to be left out. Each of them becomes one id 0.")
class UnknownWordsSkipped(WordTokenizer):
    def encode(self, text):
        return [self.stoi[word] for word in text.split() if word in self.stoi]


@wrong("WordTokenizer", "Words seem to be lower-cased. Capital and small letters make different words.")
class WordsLowerCased(WordTokenizer):
    def __init__(self, text):
        super().__init__(text.lower())

    def encode(self, text):
        return super().encode(text.lower())


@wrong(
    "WordTokenizer",
    "Your text seems to be cut at single blanks, so that line breaks stay in words and several blanks make empty ones. str.split() without an argument is asked for.",
)
class WordsCutAtBlanks(WordTokenizer):
    def __init__(self, text):
        self.itos = ["<unk>", *sorted(set(text.split(" ")))]
        self.stoi = {token: i for i, token in enumerate(self.itos)}

    def encode(self, text):
        return [self.stoi.get(word, 0) for word in text.split(" ")]


@wrong("WordTokenizer", "Commas and full stops seem to be cut off your words. They stay where str.split() leaves them.")
class PunctuationCutOff(WordTokenizer):
    def __init__(self, text):
        super().__init__(regex.sub(r"[^\w\s]", "", text))

    def encode(self, text):
        return super().encode(regex.sub(r"[^\w\s]", "", text))


@wrong("WordTokenizer", "Your words are joined without blanks. One blank stands between two words.")
class WordsJoinedWithoutBlanks(WordTokenizer):
    def decode(self, ids):
        return "".join(self.itos[i] for i in ids)


@wrong("WordTokenizer", "Your words seem to be numbered by how often they occur. Sort them.")
class MostFrequentWordsFirst(WordTokenizer):
    def __init__(self, text):
        self.itos = ["<unk>", *[word for word, _ in Counter(text.split()).most_common()]]
        self.stoi = {token: i for i, token in enumerate(self.itos)}


@wrong("WordTokenizer", "Your first word shares the id 0 with <unk>, or your ids are one too small. Words begin at 1.")
class WordsBeginAtZero(WordTokenizer):
    def __init__(self, text):
        words = sorted(set(text.split()))
        self.itos = ["<unk>", *words]
        self.stoi = {word: i for i, word in enumerate(words)}
