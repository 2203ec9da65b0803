"""Known wrong solutions of week 3, each with the sentence that its author should read. Spliced, never imported."""

import math
import random
from collections import Counter

import numpy as np

from autograder.variants import wrong
from reference import (
    _check_ids,
    build_vocab,
    mean_nll,
    ngram_counts,
    ngram_examples,
    smooth_probs,
)

# 3.1 build_vocab


@wrong(
    "build_vocab",
    "Your characters seem to come in the order in which a set gives them. This order may be another one the next time Python starts, and then every id means something else: sort them.",
)
def order_of_a_set(words):
    itos = [".", *set("".join(words))]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Your characters seem to come in the order in which they first occur. Then the ids depend on the order of the words: sort the characters.",
)
def order_of_appearance(words):
    itos = [".", *dict.fromkeys("".join(words))]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Your characters seem to be ordered by how often they occur. The contract asks for the order of Python's sorted.",
)
def most_frequent_first(words):
    itos = [".", *[c for c, _ in Counter("".join(words)).most_common()]]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Your dot has the last id. It must be id 0, whatever other characters there are.",
)
def dot_last(words):
    itos = [*sorted(set("".join(words))), "."]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Your dot seems to be sorted among the other characters. For letters it comes first by luck, but a hyphen or a blank is sorted before it: put it in front by hand.",
)
def dot_sorted_with_the_others(words):
    itos = sorted(set("".join(words)) | {"."})
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Two characters share the id 0: the dot and the first letter. The letters begin at 1.",
)
def off_by_one(words):
    letters = sorted(set("".join(words)))
    stoi = {c: i for i, c in enumerate(letters)}
    stoi["."] = 0
    return stoi, [".", *letters]


@wrong(
    "build_vocab",
    "Your ids and your list do not fit together: itos[stoi[c]] must be c for every character. Does your list begin with the dot?",
)
def list_without_dot(words):
    letters = sorted(set("".join(words)))
    stoi = {c: i + 1 for i, c in enumerate(letters)}
    stoi["."] = 0
    return stoi, letters


@wrong(
    "build_vocab",
    "Your alphabet seems to begin its letters at id 2, so that one id belongs to nobody. The first letter after the dot has id 1.",
)
def letters_begin_at_two(words):
    letters = sorted(set("".join(words)))
    return {".": 0, **{c: i + 2 for i, c in enumerate(letters)}}, [".", *letters]


@wrong(
    "build_vocab",
    "Your words seem to be lower-cased first. Every character counts as it is: A and a are two characters.",
)
def lower_cased(words):
    itos = [".", *sorted(set("".join(words).lower()))]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Some characters are missing: it seems that only letters are kept. Every character that occurs counts, hyphens, blanks and digits too.",
)
def letters_only(words):
    itos = [".", *sorted({c for c in "".join(words) if c.isalpha()})]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Your alphabet seems to be a fixed one, from a to z. Only the characters that occur in the words belong to it, and all of those.",
)
def fixed_alphabet(words):
    itos = list(".abcdefghijklmnopqrstuvwxyz")
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Capital and small letters seem to be sorted into each other. The contract asks for the order of code points, which is that of sorted without a key.",
)
def sorted_without_case(words):
    itos = [".", *sorted(sorted(set("".join(words))), key=str.lower)]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "Your itos is a dict. The contract asks for a list: the ids are 0, 1, 2, ..., and the place in the list says it all.",
)
def itos_as_a_dict(words):
    itos = [".", *sorted(set("".join(words)))]
    return {c: i for i, c in enumerate(itos)}, dict(enumerate(itos))


@wrong(
    "build_vocab",
    "The two tables seem to be returned in the wrong order: first stoi, from character to id, then itos.",
)
def tables_swapped(words):
    itos = [".", *sorted(set("".join(words)))]
    return itos, {c: i for i, c in enumerate(itos)}


@wrong(
    "build_vocab",
    "Your vocabulary seems to hold whole words. This is a model of characters: join the words and look at their characters.",
)
def vocabulary_of_words(words):
    itos = [".", *sorted(set(words))]
    return {c: i for i, c in enumerate(itos)}, itos


@wrong(
    "build_vocab",
    "An empty list of words seems to be refused. There is an answer to it: an alphabet of the dot alone.",
)
def no_words_refused(words):
    if not words:
        raise ValueError("no words")
    itos = [".", *sorted(set("".join(words)))]
    return {c: i for i, c in enumerate(itos)}, itos


# 3.2 split_words


@wrong(
    "split_words",
    "Your function shuffles the caller's list: rng.shuffle works in place. Shuffle a copy.",
)
def in_place_shuffle(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    rng.shuffle(words)
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Pieces of words seem to be shuffled and split, not words. Then parts of one word lie in training and in test, and the test measures what the model has seen: keep each word whole.",
)
def pieces_of_words(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    pieces = [f".{word}."[i : i + 3] for word in words for i in range(len(word))]
    pieces = [pieces[i] for i in rng.permutation(len(pieces))]
    first, second = int(fracs[0] * len(pieces)), int((fracs[0] + fracs[1]) * len(pieces))
    return pieces[:first], pieces[first:second], pieces[second:]


@wrong(
    "split_words",
    "Some words get lost: three lengths that are each rounded down need not add up to the whole. Cut twice, and let the last list have what is left.",
)
def rounding_loses_words(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    a, b, c = (int(f * len(words)) for f in fracs)
    return words[:a], words[a : a + b], words[a + b : a + b + c]


@wrong(
    "split_words",
    "The words are not shuffled. Lists of names are often sorted, and then the test words all begin with z.",
)
def no_shuffle(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Your split is the same whatever the generator is: your function seems to make a generator of its own with a fixed seed. Use the one that is passed in.",
)
def own_seed(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [words[i] for i in np.random.default_rng(42).permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Your random numbers do not come from the generator that is passed in, so nobody can repeat your split. Use rng, not Python's or NumPy's global generator.",
)
def global_generator(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = list(words)
    random.shuffle(words)
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Your random numbers do not come from the generator that is passed in, so nobody can repeat your split. Use rng, not Python's or NumPy's global generator.",
)
def global_numpy_generator(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [words[i] for i in np.random.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "The list seems to be rotated, not shuffled: neighbours stay neighbours. Every word has to find its place independently of the one before it.",
)
def rotated(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    start = int(rng.integers(len(words)))
    words = words[start:] + words[:start]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Some words come several times and others not at all: you seem to draw with replacement. A shuffle uses each word once.",
)
def with_replacement(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [str(word) for word in rng.choice(words, size=len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Words that stand twice in the list seem to be counted once, as in a set. They are two words; the frequency of a name is part of the data.",
)
def twins_lost(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = sorted(set(words))
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Each word seems to draw its list by lot, so the sizes are right only on average. Shuffle once and cut at fixed places.",
)
def sizes_by_lot(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    parts = [], [], []
    for word, which in zip(words, rng.choice(3, size=len(words), p=fracs)):
        parts[which].append(word)
    return parts


@wrong(
    "split_words",
    "Your fractions seem to be always 80, 10 and 10 per cent. The argument fracs says where to cut.",
)
def fractions_ignored(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(0.8 * len(words)), int(0.9 * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Your development list and your test list seem to be exchanged. The order is training, development, test.",
)
def dev_and_test_exchanged(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[second:], words[first:second]


@wrong(
    "split_words",
    "Some words stand in two lists. The test list must begin where the development list ends; else the model is tested on words by which it was chosen.",
)
def test_overlaps_dev(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[first:]


@wrong(
    "split_words",
    "Your lists are NumPy arrays. The contract asks for lists of str, as the words were given.",
)
def arrays_instead_of_lists(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = rng.permutation(words)
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Fractions that do not sum to 1 must raise a ValueError. Your function takes them as they are; somebody who typed 0.2 for 0.1 would never know.",
)
def sum_unchecked(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0:
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Your function refuses fractions that sum to less than 1, but not those that sum to more, or the other way round. Both must raise a ValueError.",
)
def only_too_large_sums_refused(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or sum(fracs) > 1 + 1e-9:
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "A negative fraction must raise a ValueError, also if the sum is 1. Python slices with negative numbers without complaint.",
)
def negative_fractions_pass(words, rng, fracs=(0.8, 0.1, 0.1)):
    if not math.isclose(sum(fracs), 1):
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


@wrong(
    "split_words",
    "Your function seems to ask for a sum of exactly 1. In floating point 0.7 + 0.2 + 0.1 is a little less: compare with a tolerance.",
)
def sum_must_be_exact(words, rng, fracs=(0.8, 0.1, 0.1)):
    if min(fracs) < 0 or fracs[0] + fracs[1] + fracs[2] not in (1, 1.0):
        raise ValueError("fractions")
    words = [words[i] for i in rng.permutation(len(words))]
    first, second = int(fracs[0] * len(words)), int((fracs[0] + fracs[1]) * len(words))
    return words[:first], words[first:second], words[second:]


# 3.3 ngram_examples


@wrong(
    "ngram_examples",
    "Your words begin with a single dot, whatever n is. For n = 3 this loses the first character of each word: no example has it as its target, so the model never learns how words begin. Put n - 1 dots in front.",
)
def one_start_dot(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    for word in words:
        ids = [stoi[c] for c in "." + word + "."] if n > 1 else [stoi[c] for c in word + "."]
        for i in range(n - 1, len(ids)):
            X.append(ids[i - n + 1 : i])
            Y.append(ids[i])
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "The ends of the words are missing. Without an example that has the dot as its target, the model never learns where words end.",
)
def no_end_mark(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    for word in words:
        ids = [0] * (n - 1) + [stoi[c] for c in word]
        for i in range(n - 1, len(ids)):
            X.append(ids[i - n + 1 : i])
            Y.append(ids[i])
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "Your contexts reach into the word before. Each word has to begin with fresh dots; the list of names has no order that could be learnt.",
)
def context_crosses_words(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    context = [0] * (n - 1)
    for word in words:
        for c in word + ".":
            X.append(context)
            Y.append(stoi[c])
            context = [*context, stoi[c]][1:]
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "Your contexts reach into the word before. Each word has to begin with fresh dots; the list of names has no order that could be learnt.",
)
def one_long_text(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    ids = [0] * (n - 1) + [stoi[c] for word in words for c in word + "."]
    X = [ids[i - n + 1 : i] for i in range(n - 1, len(ids))]
    Y = ids[n - 1 :]
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "Your contexts begin with the newest character. The contract wants the oldest first, in the order in which one reads.",
)
def newest_first(words, stoi, n):
    X, Y = ngram_examples(words, stoi, n)
    return X[:, ::-1], Y


@wrong(
    "ngram_examples",
    "Your contexts have n characters. In an n-gram the target is one of the n, so the context has n - 1.",
)
def context_of_n_characters(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    return ngram_examples(words, stoi, n + 1)


@wrong(
    "ngram_examples",
    "Your contexts contain their own target. The last character of the context is the one before the target.",
)
def target_in_the_context(words, stoi, n):
    X, Y = ngram_examples(words, stoi, n)
    return np.concatenate([X, Y[:, None]], axis=1)[:, 1:], Y


@wrong(
    "ngram_examples",
    "Contexts at the beginning of a word are filled with dots on the wrong side. The dots stand before the word, so they come first in the context.",
)
def dots_on_the_right(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    for word in words:
        ids = [stoi[c] for c in word + "."]
        for i, target in enumerate(ids):
            known = ids[max(0, i - n + 1) : i]
            X.append(known + [0] * (n - 1 - len(known)))
            Y.append(target)
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "Your words end with n - 1 dots. One is enough: after the first dot the word is over, and there is nothing left to predict.",
)
def several_end_marks(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    for word in words:
        context = [0] * (n - 1)
        for c in word + "." * max(1, n - 1):
            X.append(context)
            Y.append(stoi[c])
            context = [*context, stoi[c]][1:]
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "Contexts that begin with a dot are missing: the first n - 1 characters of each word are never a target. Put n - 1 dots in front of each word.",
)
def no_start_dots(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    for word in words:
        ids = [stoi[c] for c in word + "."]
        for i in range(n - 1, len(ids)):
            X.append(ids[i - n + 1 : i])
            Y.append(ids[i])
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "Your function makes trigrams, whatever n is. The argument n says how long the context is.",
)
def always_trigrams(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    return ngram_examples(words, stoi, 3)


@wrong(
    "ngram_examples",
    "Your ids seem to be computed from the characters themselves, as if the letters were always a to z. The table stoi says which id a character has.",
)
def ids_by_code_point(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    for word in words:
        for c in word:
            stoi[c]
    table = {c: ord(c) - 96 for c in stoi if c != "."}
    return ngram_examples(words, {".": 0, **table}, n)


@wrong(
    "ngram_examples",
    "Your words seem to be lower-cased first. A character is what it is: stoi tells A and a apart.",
)
def words_lower_cased(words, stoi, n):
    return ngram_examples([word.lower() for word in words], stoi, n)


@wrong(
    "ngram_examples",
    "A character that is not in stoi becomes a dot, or is left out. That would teach the model that words end there: let it raise an error.",
)
def unknown_becomes_dot(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    for word in words:
        context = [0] * (n - 1)
        for c in word + ".":
            X.append(context)
            Y.append(stoi.get(c, 0))
            context = [*context, stoi.get(c, 0)][1:]
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "A character that is not in stoi becomes a dot, or is left out. That would teach the model that words end there: let it raise an error.",
)
def unknown_left_out(words, stoi, n):
    return ngram_examples(["".join(c for c in word if c in stoi) for word in words], stoi, n)


@wrong(
    "ngram_examples",
    "The empty word is skipped. It is a word too: it has one example, its end right after the start.",
)
def empty_word_skipped(words, stoi, n):
    return ngram_examples([word for word in words if word], stoi, n)


@wrong(
    "ngram_examples",
    "An n below 1 must raise a ValueError: there is no n-gram without a target.",
)
def n_unchecked(words, stoi, n):
    X, Y = [], []
    for word in words:
        context = [0] * (n - 1)
        for c in word + ".":
            X.append(context)
            Y.append(stoi[c])
            context = [*context, stoi[c]][1:]
    return np.array(X, dtype=int).reshape(len(Y), -1 if Y and n > 1 else 0), np.array(Y, dtype=int)


@wrong(
    "ngram_examples",
    "For n = 1 your X is an array of floats: NumPy takes an empty list for floats. Say which type you want.",
)
def floats_without_context(words, stoi, n):
    X, Y = ngram_examples(words, stoi, n)
    return np.array(X.tolist()), Y


@wrong(
    "ngram_examples",
    "For n = 1 your contexts are not empty: putting the new id in and cutting the oldest off must leave nothing when there was nothing. In which order do you do the two?",
)
def context_grows_for_unigrams(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    if n > 1:
        return ngram_examples(words, stoi, n)
    X, Y = ngram_examples(words, stoi, 2)
    return X, Y


@wrong(
    "ngram_examples",
    "For n = 1 your function raises an error or returns an X of the wrong shape. X has N rows and no column then; it is the model that looks at nothing.",
)
def unigrams_refused(words, stoi, n):
    if n < 2:
        raise ValueError("n")
    return ngram_examples(words, stoi, n)


@wrong(
    "ngram_examples",
    "For n = 1 your function raises an error or returns an X of the wrong shape. X has N rows and no column then; it is the model that looks at nothing.",
)
def flat_for_unigrams(words, stoi, n):
    X, Y = ngram_examples(words, stoi, n)
    return (X if n > 1 else np.zeros(0, dtype=int)), Y


@wrong(
    "ngram_examples",
    "For n = 2 your X is a vector. It has one column, but it is a matrix like all others, of shape (N, 1).",
)
def flat_for_bigrams(words, stoi, n):
    X, Y = ngram_examples(words, stoi, n)
    return (X[:, 0] if n == 2 else X), Y


@wrong(
    "ngram_examples",
    "All rows of your X seem to be one and the same list, changed in place while you went on. Put a new list, or a copy, into X for each example.",
)
def one_list_for_all(words, stoi, n):
    if n < 1:
        raise ValueError("n")
    X, Y = [], []
    for word in words:
        context = [0] * (n - 1)
        for c in word + ".":
            X.append(context)
            Y.append(stoi[c])
            if n > 1:
                context.append(stoi[c])
                context.pop(0)
    return np.array(X, dtype=int).reshape(len(Y), n - 1), np.array(Y, dtype=int)


# 3.4 ngram_counts


@wrong(
    "ngram_counts",
    "Examples that occur several times are counted once. With arrays as indices, `counts[...] += 1` reads all entries first and writes them back once; np.add.at, or a loop, adds for each example.",
)
def duplicates_lost(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1))
    counts[(*X.T, Y)] += 1
    return counts


@wrong(
    "ngram_counts",
    "Your first axis belongs to the target. The context comes first, the oldest character on the first axis, and the target has the last axis.",
)
def target_first(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (Y, *X.T), 1)
    return counts


@wrong(
    "ngram_counts",
    "The characters of the context lie on your axes in reverse. The first column of X, the oldest character, belongs to the first axis.",
)
def context_reversed(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T[::-1], Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your counts overflow: an integer type of 8 or 16 bits begins again, or stops, at a few hundred or thousand. The contract asks for float64.",
)
def eight_bits(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1), dtype=np.uint8)
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your counts overflow: an integer type of 8 or 16 bits begins again, or stops, at a few hundred or thousand. The contract asks for float64.",
)
def signed_eight_bits(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1), dtype=np.int8)
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your counts overflow: an integer type of 8 or 16 bits begins again, or stops, at a few hundred or thousand. The contract asks for float64.",
)
def sixteen_bits(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1), dtype=np.uint16)
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your counts stop growing at a few thousand: a float of 16 bits cannot tell 2048 from 2049. The contract asks for float64.",
)
def half_precision(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1), dtype=np.float16)
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your counts are integers. The contract asks for a float64 array, because smoothing adds fractions to it.",
)
def integers(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1), dtype=np.int64)
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your array is as large as the largest id that occurs. It needs V entries along each axis, because the characters that did not occur here may occur elsewhere.",
)
def size_from_the_data(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    V = int(max(Y.max(), X.max() if X.size else 0)) + 1
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your counts begin at 1 instead of 0. Smoothing is another exercise, and there it can be chosen.",
)
def begins_with_ones(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.ones((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "You seem to return frequencies instead of counts. How often is asked for; dividing comes in the next exercise.",
)
def shares_instead_of_counts(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts / len(Y)


@wrong(
    "ngram_counts",
    "Your function seems to handle one n only. The number of axes is one more than the number of columns of X, and X may have any number of columns, also none.",
)
def bigrams_only(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V, V))
    np.add.at(counts, (X[:, -1], Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your function seems to handle one n only. The number of axes is one more than the number of columns of X, and X may have any number of columns, also none.",
)
def trigrams_only(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    counts = np.zeros((V, V, V))
    np.add.at(counts, (X[:, 0], X[:, 1], Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "The contexts lie along one long axis. Each character of the context has an axis of its own, so the result has n axes.",
)
def contexts_on_one_axis(X, Y, V):
    _check_ids(X, V)
    _check_ids(Y, V)
    rows = X @ V ** np.arange(X.shape[1] - 1, -1, -1)
    counts = np.zeros((V ** X.shape[1], V))
    np.add.at(counts, (rows, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Ids that are too large must raise a ValueError. NumPy raises an IndexError, which says less: check the ids before you count.",
)
def large_ids_left_to_numpy(X, Y, V):
    if np.any(X < 0) or np.any(Y < 0):
        raise ValueError("negative")
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Negative ids must raise a ValueError. NumPy takes -1 for the last entry, so a wrong count would go unnoticed.",
)
def negative_ids_wrap(X, Y, V):
    if np.any(X >= V) or np.any(Y >= V):
        raise ValueError("too large")
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Your function does not check the ids: too large and negative ones must raise a ValueError. For NumPy, -1 is the last entry.",
)
def ids_unchecked(X, Y, V):
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts


@wrong(
    "ngram_counts",
    "Only one of X and Y seems to be checked. Contexts and targets can both hold ids that do not exist.",
)
def only_targets_checked(X, Y, V):
    _check_ids(Y, V)
    counts = np.zeros((V,) * (X.shape[1] + 1))
    np.add.at(counts, (*X.T, Y), 1)
    return counts


# 3.5 smooth_probs


@wrong(
    "smooth_probs",
    "You seem to divide by the sums of the columns. The last axis is that of the targets: along it the probabilities of one context have to sum to 1.",
)
def columns_normalised(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[0]
    totals = counts.sum(axis=0, keepdims=True) + k * V
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "Your sum lost its axis: a sum over the last axis without keepdims lines up with the wrong axis when you divide, and NumPy does not complain. Each row has to be divided by its own sum.",
)
def axis_lost(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1) + k * V
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "The k is added after the division. It is a number of imagined observations, so it is added to the counts, before.",
)
def k_after_the_division(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True)
    p = np.where(totals == 0, 1 / V, counts / np.where(totals == 0, 1, totals))
    return (p + k) / (1 + k * V)


@wrong(
    "smooth_probs",
    "The k is added after the division. It is a number of imagined observations, so it is added to the counts, before.",
)
def k_after_the_division_and_no_sum(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True)
    return np.where(totals == 0, 1 / V, counts / np.where(totals == 0, 1, totals)) + k


@wrong(
    "smooth_probs",
    "The number of all entries, V squared for bigrams, seems to stand in your denominator. Each row has only V targets that get k each.",
)
def all_entries_in_the_denominator(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True) + k * counts.size
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "The number of all entries, V squared for bigrams, seems to stand in your denominator. Each row has only V targets that get k each.",
)
def v_squared_in_the_denominator(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True) + k * V**2
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "Your rows do not sum to 1: the denominator lacks what was added above. Every one of the V targets of a row got k more.",
)
def denominator_without_k(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True)
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "Your rows do not sum to 1: k appears once in the denominator. Every one of the V targets of a row got k more.",
)
def denominator_with_one_k(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True) + k
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "You seem to divide by the sum of all counts. That gives the probability of context and target together; a row has to be divided by its own sum.",
)
def joint_probabilities(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    total = counts.sum() + k * counts.size
    return (counts + k) / total if total else np.full(counts.shape, 1 / counts.shape[-1])


@wrong(
    "smooth_probs",
    "A row without counts gives NaN for k = 0, because 0 is divided by 0. The contract makes such a row uniform.",
)
def nan_rows(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    with np.errstate(all="ignore"):
        return (counts + k) / (counts.sum(axis=-1, keepdims=True) + k * counts.shape[-1])


@wrong(
    "smooth_probs",
    "A row without counts stays 0 for k = 0. A row of zeros is no distribution: the contract makes it uniform.",
)
def zero_rows(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    totals = counts.sum(axis=-1, keepdims=True) + k * counts.shape[-1]
    return (counts + k) / np.maximum(totals, 1e-12)


@wrong(
    "smooth_probs",
    "Your k = 0 is not 0: a small number is added all the same, so what never occurred gets a probability. With k = 0 the relative frequencies are asked for, exactly.",
)
def a_little_k(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    k = max(k, 1e-9)
    return (counts + k) / (counts.sum(axis=-1, keepdims=True) + k * counts.shape[-1])


@wrong(
    "smooth_probs",
    "Your smoothing adds 1, whatever k is. The argument k says how much.",
)
def always_add_one(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    return (counts + 1) / (counts.sum(axis=-1, keepdims=True) + counts.shape[-1])


@wrong(
    "smooth_probs",
    "Your smoothing does nothing: the relative frequencies come out for every k.",
)
def k_ignored(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True)
    return np.where(totals == 0, 1 / V, counts / np.where(totals == 0, 1, totals))


@wrong(
    "smooth_probs",
    "Only entries with count 0 seem to get k. Add-k treats all entries alike, also those that were seen.",
)
def only_zeros_smoothed(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    smoothed = np.where(counts == 0, k, counts)
    totals = smoothed.sum(axis=-1, keepdims=True)
    return np.where(totals == 0, 1 / V, smoothed / np.where(totals == 0, 1, totals))


@wrong(
    "smooth_probs",
    "Your k seems to be rounded to an integer. k may be a fraction such as 0.3, and the best one usually is.",
)
def integer_k(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    smoothed = counts.astype(int) + int(k)
    totals = smoothed.sum(axis=-1, keepdims=True)
    return np.where(totals == 0, 1 / V, smoothed / np.where(totals == 0, 1, totals))


@wrong(
    "smooth_probs",
    "Your function seems to be made for a matrix. counts may have any number of axes, and the rows always lie along the last one, axis -1.",
)
def axis_one(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=1, keepdims=True) + k * V
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "Your function changes the counts of the caller: `counts += k` works in place. The next k would be added to the counts of the last one.",
)
def counts_changed(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    counts += k
    totals = counts.sum(axis=-1, keepdims=True)
    unseen = totals == 0
    return np.where(unseen, 1 / V, counts / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "Your function changes the counts of the caller where a row is empty. Make a copy before you write into it.",
)
def empty_rows_filled_in_place(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    counts[(counts.sum(axis=-1) == 0)] = 1
    return (counts + k) / (counts.sum(axis=-1, keepdims=True) + k * counts.shape[-1])


@wrong(
    "smooth_probs",
    "A negative k must raise a ValueError. It would make probabilities negative.",
)
def negative_k_passes(counts, k):
    if k == math.inf:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True) + k * V
    unseen = totals == 0
    return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "An infinite k must raise a ValueError. Infinity divided by infinity is NaN.",
)
def infinite_k_passes(counts, k):
    if k < 0:
        raise ValueError("k")
    V = counts.shape[-1]
    totals = counts.sum(axis=-1, keepdims=True) + k * V
    unseen = totals == 0
    with np.errstate(all="ignore"):
        return np.where(unseen, 1 / V, (counts + k) / np.where(unseen, 1, totals))


@wrong(
    "smooth_probs",
    "Your function refuses k = 0. It is a legitimate choice: no smoothing, and uniform rows where nothing was counted.",
)
def zero_k_refused(counts, k):
    if not 0 < k < math.inf:
        raise ValueError("k")
    return (counts + k) / (counts.sum(axis=-1, keepdims=True) + k * counts.shape[-1])


@wrong(
    "smooth_probs",
    "Your rows seem to be a softmax of the counts. Counts are no logits: 3 against 1 means three times as probable, not e to the 2 times.",
)
def softmax_of_the_counts(counts, k):
    if not 0 <= k < math.inf:
        raise ValueError("k")
    e = np.exp(counts + k - np.max(counts + k, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# 3.6 mean_nll


@wrong(
    "mean_nll",
    "You return the sum over the examples. The mean is asked for, so that texts of different length can be compared.",
)
def sum_over_examples(P, X, Y):
    return mean_nll(P, X, Y) * len(Y)


@wrong(
    "mean_nll",
    "You seem to divide by the number of words (the ends), not by the number of tokens. The loss is that of an average character, the ends of words included.",
)
def mean_over_words(P, X, Y):
    return np.divide(mean_nll(P, X, Y) * len(Y), np.sum(Y == 0))


@wrong(
    "mean_nll",
    "The ends of words are left out. They are predictions like all others, and the model has to pay for them.",
)
def ends_left_out(P, X, Y):
    mean_nll(P, X, Y)
    inside = Y != 0
    return mean_nll(P, X[inside], Y[inside]) if np.any(inside) else 0.0


@wrong(
    "mean_nll",
    "The losses of the ends of words are in your sum, but the ends are not in the number by which you divide. Every example is one token.",
)
def ends_not_counted(P, X, Y):
    return mean_nll(P, X, Y) * len(Y) / max(1, np.sum(Y != 0))


@wrong(
    "mean_nll",
    "Your loss is in bits: the logarithm has base 2. Here the natural logarithm is asked for, so the loss is in nats.",
)
def in_bits(P, X, Y):
    return mean_nll(P, X, Y) / math.log(2)


@wrong(
    "mean_nll",
    "Your loss has base 10. The natural logarithm is asked for.",
)
def base_ten(P, X, Y):
    return mean_nll(P, X, Y) / math.log(10)


@wrong(
    "mean_nll",
    "Targets with probability 0 seem to be left out. They are the worst that can happen to a model: the loss is infinite then.",
)
def zeros_left_out(P, X, Y):
    mean_nll(P, X, Y)
    p = P[(*X.T, Y)]
    return -np.mean(np.log(p[p > 0]))


@wrong(
    "mean_nll",
    "A small number seems to be added inside the logarithm, or small probabilities are lifted to it. It hides that the model ruled out what happened, and changes the loss of everything improbable.",
)
def epsilon_in_the_logarithm(P, X, Y):
    mean_nll(P, X, Y)
    return -np.mean(np.log(P[(*X.T, Y)] + 1e-9))


@wrong(
    "mean_nll",
    "A small number seems to be added inside the logarithm, or small probabilities are lifted to it. It hides that the model ruled out what happened, and changes the loss of everything improbable.",
)
def probabilities_clipped(P, X, Y):
    mean_nll(P, X, Y)
    return -np.mean(np.log(np.clip(P[(*X.T, Y)], 1e-12, 1)))


@wrong(
    "mean_nll",
    "A probability of 0 raises an error in your function: math.log refuses it. The result has to be inf.",
)
def error_at_zero(P, X, Y):
    mean_nll(P, X, Y)
    return -sum(math.log(p) for p in P[(*X.T, Y)]) / len(Y)


@wrong(
    "mean_nll",
    "You seem to multiply the probabilities first and to take the logarithm afterwards. For many examples the product is 0 in floating point: add logarithms instead.",
)
def logarithm_of_the_product(P, X, Y):
    mean_nll(P, X, Y)
    with np.errstate(all="ignore"):
        return -np.log(np.prod(P[(*X.T, Y)])) / len(Y)


@wrong(
    "mean_nll",
    "You take the logarithm of the mean probability. The mean of the logarithms is asked for; it is larger, and only it belongs to the product of the probabilities.",
)
def logarithm_of_the_mean(P, X, Y):
    mean_nll(P, X, Y)
    return -np.log(np.mean(P[(*X.T, Y)]))


@wrong(
    "mean_nll",
    "Your loss has the wrong sign. Logarithms of probabilities are negative; the minus makes a good model's loss a small positive number.",
)
def sign_forgotten(P, X, Y):
    return -mean_nll(P, X, Y)


@wrong(
    "mean_nll",
    "You seem to return the perplexity. That is the next exercise; here its logarithm is asked for.",
)
def perplexity_returned(P, X, Y):
    return np.exp(mean_nll(P, X, Y))


@wrong(
    "mean_nll",
    "Your contexts are read in the wrong order. The first column of X, the oldest character, belongs to the first axis of P.",
)
def context_read_backwards(P, X, Y):
    return mean_nll(P, X[:, ::-1], Y)


@wrong(
    "mean_nll",
    "Your function seems to use one column of X only, or to be made for one n. All columns together are the context; there may be any number, also none.",
)
def bigram_models_only(P, X, Y):
    if len(Y) == 0:
        raise ValueError("N = 0")
    _check_ids(X, P.shape[-1])
    _check_ids(Y, P.shape[-1])
    with np.errstate(all="ignore"):
        return -np.mean(np.log(P[X[:, 0], Y]))


@wrong(
    "mean_nll",
    "Your function seems to use one column of X only, or to be made for one n. All columns together are the context; there may be any number, also none.",
)
def no_unigram_models(P, X, Y):
    if X.shape[1] == 0:
        return -np.mean(np.log(P[X[:, 0], Y]))
    return mean_nll(P, X, Y)


@wrong(
    "mean_nll",
    "You seem to average over all of P and not only over the examples. Each example picks one probability, that of its own target in its own context.",
)
def whole_table(P, X, Y):
    mean_nll(P, X, Y)
    with np.errstate(all="ignore"):
        return -np.mean(np.log(P))


@wrong(
    "mean_nll",
    "Without any example your function does not raise a ValueError. The mean of nothing is NaN, and NaN goes a long way before somebody notices.",
)
def no_examples_unchecked(P, X, Y):
    _check_ids(X, P.shape[-1])
    _check_ids(Y, P.shape[-1])
    if len(Y) == 0:
        return math.nan
    return mean_nll(P, X, Y)


@wrong(
    "mean_nll",
    "Without any example your function does not raise a ValueError. The mean of nothing is NaN, and NaN goes a long way before somebody notices.",
)
def no_examples_no_loss(P, X, Y):
    return mean_nll(P, X, Y) if len(Y) else 0.0


@wrong(
    "mean_nll",
    "Ids that P does not have must raise a ValueError. NumPy raises an IndexError for large ones and takes -1 for the last entry.",
)
def loss_ids_unchecked(P, X, Y):
    if len(Y) == 0:
        raise ValueError("N = 0")
    with np.errstate(all="ignore"):
        return -np.mean(np.log(P[(*X.T, Y)]))


@wrong(
    "mean_nll",
    "Negative ids must raise a ValueError too. NumPy takes -1 for the last entry, so the loss would be that of another character.",
)
def loss_negative_ids_wrap(P, X, Y):
    if len(Y) == 0 or np.any(X >= P.shape[-1]) or np.any(Y >= P.shape[-1]):
        raise ValueError("N = 0 or ids")
    with np.errstate(all="ignore"):
        return -np.mean(np.log(P[(*X.T, Y)]))


# 3.7 perplexity, bits_per_char


@wrong(
    "perplexity",
    "You raise 2 to the loss. That is right for a loss in bits; this one is in nats, and its base is e.",
)
def two_to_the_nats(nll):
    try:
        return 2.0**nll
    except OverflowError:
        return math.inf


@wrong(
    "perplexity",
    "The exponent seems to be a multiple of the loss, such as the loss of a whole word. The loss that goes in is already the mean over the characters; take it as it is.",
)
def loss_of_a_whole_word(nll):
    try:
        return math.exp(6 * nll)
    except OverflowError:
        return math.inf


@wrong(
    "perplexity",
    "The loss seems to be converted to bits before it becomes an exponent of e. Either e to the nats or 2 to the bits; both give the same number.",
)
def e_to_the_bits(nll):
    try:
        return math.exp(nll / math.log(2))
    except OverflowError:
        return math.inf


@wrong(
    "perplexity",
    "Your perplexity is below 1: the exponent has the wrong sign. The negative log-likelihood is positive already.",
)
def e_to_minus(nll):
    return math.exp(-nll)


@wrong(
    "perplexity",
    "Where the result is too large for a float, your function raises an OverflowError. The contract asks for inf.",
)
def overflow_raised(nll):
    return math.exp(nll)


@wrong(
    "perplexity",
    "A limit seems to be put on the exponent, so that huge perplexities all look alike. Too large for a float means inf, and everything below is computed as it is.",
)
def exponent_limited(nll):
    return math.exp(min(nll, 100))


@wrong(
    "perplexity",
    "A limit seems to be put on the exponent, so that huge perplexities all look alike. Too large for a float means inf, and everything below is computed as it is.",
)
def infinite_too_early(nll):
    return math.exp(nll) if nll <= 100 else math.inf


@wrong(
    "perplexity",
    "You seem to return e to the loss minus 1. A model that is always right hesitates between 1 character, not 0.",
)
def minus_one(nll):
    return float(np.expm1(min(nll, 1e4)))


@wrong(
    "bits_per_char",
    "You multiply by ln 2 instead of dividing. A bit is less than a nat (ln 2 of it), so a loss has more bits than nats.",
)
def times_ln_two(nll):
    return nll * math.log(2)


@wrong(
    "bits_per_char",
    "You take the base-2 logarithm of the loss. The loss is a logarithm already; only its base has to change, and that is a constant factor.",
)
def logarithm_of_the_loss(nll):
    return float(np.log2(nll))


@wrong(
    "bits_per_char",
    "Large losses fail: you seem to go through the perplexity, which overflows. A change of base needs no exponential.",
)
def through_the_perplexity(nll):
    return math.log2(math.exp(nll))


@wrong(
    "bits_per_char",
    "Large losses fail: you seem to go through the perplexity, which overflows. A change of base needs no exponential.",
)
def through_the_perplexity_with_numpy(nll):
    with np.errstate(all="ignore"):
        return float(np.log2(np.exp(nll)))


@wrong(
    "bits_per_char",
    "You seem to divide by 2 and not by the logarithm of 2.",
)
def half(nll):
    return nll / 2


@wrong(
    "bits_per_char",
    "The loss seems to be converted to decimal digits, with the logarithm of 10. Bits belong to base 2.",
)
def decimal_digits(nll):
    return nll / math.log(10)


# 3.8 sample_word


@wrong(
    "sample_word",
    "Your function always takes the most probable character, so the same model gives the same word every time. Draw instead: a character with probability 0.3 comes in three of ten cases.",
)
def most_probable(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        if abs(np.sum(P[context]) - 1) > 1e-6:
            raise ValueError("row")
        i = int(np.argmax(P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your context does not move: every character is drawn as if it were the first. The new id has to enter the context, and the oldest has to leave it.",
)
def context_stays(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
    return word


@wrong(
    "sample_word",
    "The characters of your context are in the wrong order, the newest first. The oldest belongs to the first axis of P.",
)
def newest_character_first(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (i, *context)[: P.ndim - 1]
    return word


@wrong(
    "sample_word",
    "Only the last place of your context changes; the character before it should move one place to the left, and the oldest should drop out.",
)
def only_the_last_place(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context[:-1], i) if context else ()
    return word


@wrong(
    "sample_word",
    "Your words never stop before they end by themselves: max_len is ignored, or it is another number. A model that never draws the end would run forever.",
)
def no_limit(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < 10_000 and (max_len > 0 or word):
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your words never stop before they end by themselves: max_len is ignored, or it is another number. A model that never draws the end would run forever.",
)
def always_fifty(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < 50:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your unfinished words have one character too many: max_len is checked after the character has been added and only then compared. At most max_len characters are allowed.",
)
def one_too_many(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) <= max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your unfinished words have one character too few. max_len counts the characters of the word; the start does not count.",
)
def one_too_few(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len - 1:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "With max_len = 0 your word has a character all the same: a character is added before the length is looked at.",
)
def length_checked_late(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while True:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
        if len(word) >= max_len:
            break
    return word


@wrong(
    "sample_word",
    "A word that is not finished after max_len characters is thrown away or drawn again. Return what there is.",
)
def unfinished_thrown_away(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    for _ in range(max_len + 1):
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            return word
        word += itos[i]
        context = (*context, i)[1:]
    return ""


@wrong(
    "sample_word",
    "A word that is not finished after max_len characters must not raise an error. Return what there is.",
)
def unfinished_is_an_error(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    for _ in range(max_len + 1):
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            return word
        word += itos[i]
        context = (*context, i)[1:]
    raise ValueError("unfinished")


@wrong(
    "sample_word",
    "Your words end with a dot. The dot is the mark that the word is over, it is no part of it.",
)
def dot_at_the_end(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        word += itos[i]
        if i == 0:
            break
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your words begin with the dots of the first context. They are a mark of the start, no part of the word.",
)
def dots_at_the_start(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return "." * (P.ndim - 1) + word


@wrong(
    "sample_word",
    "You return a list of characters or of ids. A word is a str: join the characters.",
)
def list_of_characters(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), []
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word.append(itos[i])
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "All characters seem to be equally likely in your words. Draw with the probabilities of the row.",
)
def uniform_draws(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        if abs(np.sum(P[context]) - 1) > 1e-6:
            raise ValueError("row")
        possible = np.flatnonzero(P[context])
        i = int(rng.choice(possible))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "The end of the word seems never to be drawn at the start, so your model has no empty words. The contract draws from the row as it is.",
)
def no_empty_words(P, itos, rng, max_len=50):
    while True:
        context, word = (0,) * (P.ndim - 1), ""
        while len(word) < max_len:
            i = int(rng.choice(len(itos), p=P[context]))
            if i == 0:
                break
            word += itos[i]
            context = (*context, i)[1:]
        if word or max_len == 0 or P[(0,) * P.ndim] > 0.999:
            return word


@wrong(
    "sample_word",
    "Your probabilities seem to be sharpened or flattened before the draw, or to go through a softmax. The row holds probabilities already: draw with them as they are.",
)
def softmax_of_probabilities(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        if abs(np.sum(P[context]) - 1) > 1e-6:
            raise ValueError("row")
        e = np.where(P[context] > 0, np.exp(P[context]), 0)
        i = int(rng.choice(len(itos), p=e / e.sum()))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your probabilities seem to be sharpened or flattened before the draw, or to go through a softmax. The row holds probabilities already: draw with them as they are.",
)
def squared_probabilities(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        if abs(np.sum(P[context]) - 1) > 1e-6:
            raise ValueError("row")
        i = int(rng.choice(len(itos), p=P[context] ** 2 / np.sum(P[context] ** 2)))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your draw is off by one character: with a running sum, the first place where it exceeds the random number is the one that is drawn.",
)
def running_sum_off_by_one(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        if abs(np.sum(P[context]) - 1) > 1e-6:
            raise ValueError("row")
        i = max(0, int(np.searchsorted(np.cumsum(P[context]), rng.random(), side="right")) - 1)
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your random numbers do not come from the generator that is passed in, so nobody can repeat your words. Use rng, not the global generator.",
)
def global_draws(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(np.random.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Your word is the same whatever the generator is: your function seems to make a generator of its own with a fixed seed. Use the one that is passed in.",
)
def draws_with_own_seed(P, itos, rng, max_len=50):
    rng = np.random.default_rng(2147483647)
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "For a unigram model your function fails: its context is empty and has to stay so. Put the new id in first and cut the oldest off afterwards.",
)
def unigram_context_grows(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context]))
        if i == 0:
            break
        word += itos[i]
        context = (*context[1:], i)
    return word


@wrong(
    "sample_word",
    "Your function seems to be made for bigram models, or for trigram models, only. P.ndim says how long the context is.",
)
def bigram_models_alone(P, itos, rng, max_len=50):
    i, word = 0, ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[i]))
        if i == 0:
            break
        word += itos[i]
    return word


@wrong(
    "sample_word",
    "Your function seems to be made for bigram models, or for trigram models, only. P.ndim says how long the context is.",
)
def trigram_models_alone(P, itos, rng, max_len=50):
    a, b, word = 0, 0, ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[a, b]))
        if i == 0:
            break
        word += itos[i]
        a, b = b, i
    return word


@wrong(
    "sample_word",
    "A row that does not sum to 1 is used all the same: it seems to be divided by its sum. Such a row says that something is wrong with the model; raise a ValueError.",
)
def rows_renormalised(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = int(rng.choice(len(itos), p=P[context] / max(np.sum(P[context]), 1e-300)))
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "A row that does not sum to 1 goes unnoticed, because you draw with a running sum. Check the sum before you draw, and raise a ValueError.",
)
def running_sum_unchecked(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    while len(word) < max_len:
        i = min(int(np.searchsorted(np.cumsum(P[context]), rng.random(), side="right")), len(itos) - 1)
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


@wrong(
    "sample_word",
    "Only the first row seems to be checked. Every row from which a character is drawn has to sum to 1.",
)
def only_the_first_row_checked(P, itos, rng, max_len=50):
    context, word = (0,) * (P.ndim - 1), ""
    if abs(np.sum(P[context]) - 1) > 1e-6:
        raise ValueError("row")
    while len(word) < max_len:
        i = min(int(np.searchsorted(np.cumsum(P[context]), rng.random(), side="right")), len(itos) - 1)
        if i == 0:
            break
        word += itos[i]
        context = (*context, i)[1:]
    return word


# 3.9 one_hot


@wrong(
    "one_hot",
    "Your vectors are integers or truth values. Gradients are fractions, and in an integer array they are cut to 0: return float64.",
)
def integer_vectors(ids, K):
    _check_ids(ids, K)
    return np.eye(K, dtype=int)[ids]


@wrong(
    "one_hot",
    "Your vectors are integers or truth values. Gradients are fractions, and in an integer array they are cut to 0: return float64.",
)
def truth_values(ids, K):
    _check_ids(ids, K)
    return np.asarray(ids)[..., None] == np.arange(K)


@wrong(
    "one_hot",
    "Your result has lost the shape of the ids: it seems to be flattened. Ids of shape (N, B) give (N, B, K).",
)
def flattened(ids, K):
    _check_ids(ids, K)
    return np.eye(K)[np.ravel(ids)] if np.ndim(ids) else np.eye(K)[ids]


@wrong(
    "one_hot",
    "The ones stand one place too far to the left: ids begin at 0, so id 0 belongs to the first place.",
)
def one_place_left(ids, K):
    _check_ids(ids, K)
    return np.eye(K)[np.asarray(ids) - 1]


@wrong(
    "one_hot",
    "The ones stand one place too far to the right: ids begin at 0, so id 0 belongs to the first place.",
)
def one_place_right(ids, K):
    _check_ids(ids, K)
    return np.eye(K)[(np.asarray(ids) + 1) % K]


@wrong(
    "one_hot",
    "Your new axis comes first. Each id becomes a vector, so the new axis comes last, behind the axes of ids.",
)
def axis_in_front(ids, K):
    _check_ids(ids, K)
    return np.moveaxis(np.eye(K)[ids], -1, 0)


@wrong(
    "one_hot",
    "Your function works for a vector of ids only. ids may have any shape, and may be a single integer.",
)
def vectors_only(ids, K):
    _check_ids(ids, K)
    vectors = np.zeros((len(ids), K))
    vectors[np.arange(len(ids)), ids] = 1
    return vectors


@wrong(
    "one_hot",
    "A single id gives a matrix of one row. It has no axis of its own, so the result is a vector of shape (K,).",
)
def single_id_as_a_row(ids, K):
    _check_ids(ids, K)
    return np.eye(K)[np.atleast_1d(ids)]


@wrong(
    "one_hot",
    "A single integer is refused or fails. It has the shape (), and the result has the shape (K,).",
)
def single_id_fails(ids, K):
    if min(np.shape(ids)) > 0:
        _check_ids(ids, K)
    return np.eye(K)[ids]


@wrong(
    "one_hot",
    "The length of your vectors depends on the ids that occur. The argument K says how long they are.",
)
def length_from_the_ids(ids, K):
    _check_ids(ids, K)
    return np.eye(int(np.max(ids)) + 1)[ids]


@wrong(
    "one_hot",
    "Your result seems to be one row in which the ids that occur are marked. Each id has a vector of its own.",
)
def bag_of_ids(ids, K):
    _check_ids(ids, K)
    vector = np.zeros(K)
    vector[np.ravel(ids)] = 1
    return vector


@wrong(
    "one_hot",
    "Ids that are too large must raise a ValueError. NumPy's own IndexError is not the error that the contract names.",
)
def too_large_left_to_numpy(ids, K):
    if np.any(np.asarray(ids) < 0):
        raise ValueError("negative")
    return np.eye(K)[ids]


@wrong(
    "one_hot",
    "Ids that are too large give a vector of zeros, without a word. They must raise a ValueError.",
)
def too_large_gives_zeros(ids, K):
    if np.any(np.asarray(ids) < 0):
        raise ValueError("negative")
    return (np.asarray(ids)[..., None] == np.arange(K)).astype(float)


@wrong(
    "one_hot",
    "Negative ids must raise a ValueError. NumPy takes -1 for the last row, so a wrong vector would go unnoticed.",
)
def negative_counts_from_the_end(ids, K):
    if np.any(np.asarray(ids) >= K):
        raise ValueError("too large")
    return np.eye(K)[ids]


# 3.10 softmax_regression_loss_grad


@wrong(
    "softmax_regression_loss_grad",
    "The gradient of your penalty lacks the factor 2 that comes from the square.",
)
def penalty_without_two(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), gradient + l2 * W / W.size


@wrong(
    "softmax_regression_loss_grad",
    "The gradient of your penalty is not divided by the number of entries of W. The penalty is the mean of the squares, and the mean has this factor.",
)
def penalty_without_size(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), gradient + 2 * l2 * W


@wrong(
    "softmax_regression_loss_grad",
    "The gradient of your penalty is divided by the number of examples or of rows, not by the number of all entries of W.",
)
def penalty_over_rows(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), gradient + 2 * l2 * W / len(W)


@wrong(
    "softmax_regression_loss_grad",
    "The gradient of your penalty is divided by the number of examples or of rows, not by the number of all entries of W.",
)
def penalty_over_examples(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), gradient + 2 * l2 * W / len(Y)


@wrong(
    "softmax_regression_loss_grad",
    "Your penalty is in the loss, but not in the gradient. Then gradient descent never notices it.",
)
def penalty_in_the_loss_only(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), gradient


@wrong(
    "softmax_regression_loss_grad",
    "Your penalty is in the gradient, but not in the loss that you return.",
)
def penalty_in_the_gradient_only(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    return loss - l2 * np.mean(W**2), gradient


@wrong(
    "softmax_regression_loss_grad",
    "Your loss and gradient do not contain the penalty at all.",
)
def no_penalty(W, X, Y, l2):
    return softmax_regression_loss_grad(W, X, Y, 0.0)


@wrong(
    "softmax_regression_loss_grad",
    "Your penalty is l2 times the sum of the squares. The contract takes their mean.",
)
def penalty_summed(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.sum(W**2), gradient + 2 * l2 * W


@wrong(
    "softmax_regression_loss_grad",
    "Your penalty is half of what is asked for: l2 / 2 is another convention, in which the factor 2 of the gradient disappears.",
)
def penalty_halved(W, X, Y, l2):
    return softmax_regression_loss_grad(W, X, Y, l2 / 2)


@wrong(
    "softmax_regression_loss_grad",
    "Only the rows that occur in the examples are penalised. The mean of the squares is over all entries of W.",
)
def penalty_of_used_rows(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    V = W.shape[1]
    rows = X[:, 0] * V + X[:, 1] if len(W) == V * V else np.concatenate([X[:, 0], V + X[:, 1]])
    used = np.isin(np.arange(len(W)), rows)[:, None] * W
    return loss + l2 * np.mean(used**2), gradient + 2 * l2 * used / W.size


@wrong(
    "softmax_regression_loss_grad",
    "Your loss is the sum over the examples, or your gradient is. The mean is asked for in both.",
)
def summed_loss_and_gradient(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return len(Y) * loss + l2 * np.mean(W**2), len(Y) * gradient + 2 * l2 * W / W.size


@wrong(
    "softmax_regression_loss_grad",
    "Your loss is the sum over the examples, or your gradient is. The mean is asked for in both.",
)
def summed_gradient(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), len(Y) * gradient + 2 * l2 * W / W.size


@wrong(
    "softmax_regression_loss_grad",
    "Your loss is the sum over the examples, or your gradient is. The mean is asked for in both.",
)
def summed_loss(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    penalty = l2 * np.mean(W**2)
    return (loss - penalty) * len(Y) + penalty, gradient


@wrong(
    "softmax_regression_loss_grad",
    "Your gradient has the wrong sign in the part of the cross-entropy: it is probabilities minus one-hot targets.",
)
def target_minus_probability(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), -gradient + 2 * l2 * W / W.size


@wrong(
    "softmax_regression_loss_grad",
    "Examples that use the same row of W are lost in your gradient: with an array of rows as the index, += writes each row once. np.add.at adds for each example, and so does a product with the one-hot matrix.",
)
def shared_rows_lost(W, X, Y, l2):
    loss, _ = softmax_regression_loss_grad(W, X, Y, l2)
    V, N = W.shape[1], len(Y)
    rows = [X[:, 0] * V + X[:, 1]] if len(W) == V * V else [X[:, 0], V + X[:, 1]]
    logits = sum(W[row] for row in rows)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    d = e / e.sum(axis=1, keepdims=True) - np.eye(V)[Y]
    gradient = 2 * l2 * W / W.size
    for row in rows:
        gradient[row] += d / N
    return loss, gradient


@wrong(
    "softmax_regression_loss_grad",
    "The row of a pair seems to be x2 * V + x1. The older character, x1, is the one that is multiplied by V.",
)
def pair_turned_round(W, X, Y, l2):
    if len(W) == W.shape[1] ** 2:
        return softmax_regression_loss_grad(W, X[:, ::-1], Y, l2)
    return softmax_regression_loss_grad(W, X, Y, l2)


@wrong(
    "softmax_regression_loss_grad",
    "With 2 V rows, the two places are exchanged: the first V rows belong to x1, the second V rows to x2.",
)
def places_exchanged(W, X, Y, l2):
    if len(W) == 2 * W.shape[1]:
        return softmax_regression_loss_grad(W, X[:, ::-1], Y, l2)
    return softmax_regression_loss_grad(W, X, Y, l2)


@wrong(
    "softmax_regression_loss_grad",
    "With 2 V rows, both characters seem to use the first V rows. The second character has rows of its own: V + x2.",
)
def both_places_share(W, X, Y, l2):
    N, V = len(Y), W.shape[1]
    if len(W) != 2 * V or not N:
        return softmax_regression_loss_grad(W, X, Y, l2)
    _check_ids(X, V)
    _check_ids(Y, V)
    logits = W[X[:, 0]] + W[X[:, 1]]
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    d = (np.exp(log_p) - np.eye(V)[Y]) / N
    gradient = 2 * l2 * W / W.size
    np.add.at(gradient, X[:, 0], d)
    np.add.at(gradient, X[:, 1], d)
    return -np.mean(log_p[np.arange(N), Y]) + l2 * np.mean(W**2), gradient


@wrong(
    "softmax_regression_loss_grad",
    "With 2 V rows, only one of the two characters is used, or gets a gradient. The logits are the sum of two rows, and both of them learn.",
)
def second_place_learns_nothing(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    V = W.shape[1]
    if len(W) == 2 * V:
        gradient[V:] = 2 * l2 * W[V:] / W.size
    return loss, gradient


@wrong(
    "softmax_regression_loss_grad",
    "With 2 V rows, your logits seem to be the mean of the two rows. A product with two one-hot vectors side by side adds them.",
)
def mean_of_two_rows(W, X, Y, l2):
    V = W.shape[1]
    if len(W) != 2 * V:
        return softmax_regression_loss_grad(W, X, Y, l2)
    loss, gradient = softmax_regression_loss_grad(W / 2, X, Y, 0.0)
    return loss + l2 * np.mean(W**2), gradient / 2 + 2 * l2 * W / W.size


@wrong(
    "softmax_regression_loss_grad",
    "A W with 2 V rows fails or is refused. The number of rows tells which of the two models is meant.",
)
def pairs_only(W, X, Y, l2):
    if len(W) != W.shape[1] ** 2:
        raise ValueError("rows")
    return softmax_regression_loss_grad(W, X, Y, l2)


@wrong(
    "softmax_regression_loss_grad",
    "A number of rows that fits neither model must raise a ValueError. Your function takes everything that is not V * V for 2 V, or does not look at it at all.",
)
def number_of_rows_unchecked(W, X, Y, l2):
    V = W.shape[1]
    if len(W) in (V * V, 2 * V) or not len(Y):
        return softmax_regression_loss_grad(W, X, Y, l2)
    return softmax_regression_loss_grad(np.resize(W, (2 * V, V)), X, Y, l2)


@wrong(
    "softmax_regression_loss_grad",
    "Large logits overflow. Subtract the largest logit of each row before the exponential; the result is the same, and nothing can become infinite.",
)
def overflow(W, X, Y, l2):
    _, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    V, N = W.shape[1], len(Y)
    rows = [X[:, 0] * V + X[:, 1]] if len(W) == V * V else [X[:, 0], V + X[:, 1]]
    with np.errstate(all="ignore"):
        e = np.exp(sum(W[row] for row in rows))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(N), Y])) + l2 * np.mean(W**2), gradient


@wrong(
    "softmax_regression_loss_grad",
    "Where the right character lies far behind, your loss is infinite or too small: the logarithm is taken of a probability that is 0 for a float. Compute the logarithm of the softmax directly.",
)
def logarithm_of_softmax(W, X, Y, l2):
    _, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    V, N = W.shape[1], len(Y)
    rows = [X[:, 0] * V + X[:, 1]] if len(W) == V * V else [X[:, 0], V + X[:, 1]]
    logits = sum(W[row] for row in rows)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.mean(np.log(p[np.arange(N), Y])) + l2 * np.mean(W**2), gradient


@wrong(
    "softmax_regression_loss_grad",
    "Where the right character lies far behind, your loss is infinite or too small: the logarithm is taken of a probability that is 0 for a float. Compute the logarithm of the softmax directly.",
)
def epsilon_added(W, X, Y, l2):
    _, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    V, N = W.shape[1], len(Y)
    rows = [X[:, 0] * V + X[:, 1]] if len(W) == V * V else [X[:, 0], V + X[:, 1]]
    logits = sum(W[row] for row in rows)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(N), Y] + 1e-9)) + l2 * np.mean(W**2), gradient


@wrong(
    "softmax_regression_loss_grad",
    "Your cross-entropy is in bits. The natural logarithm is asked for; only then is the gradient probabilities minus targets.",
)
def cross_entropy_in_bits(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    penalty = l2 * np.mean(W**2)
    return (loss - penalty) / math.log(2) + penalty, gradient


@wrong(
    "softmax_regression_loss_grad",
    "Your function changes W, which belongs to the caller. Return the gradient; the step is taken elsewhere.",
)
def weights_changed(W, X, Y, l2):
    loss, gradient = softmax_regression_loss_grad(W, X, Y, l2)
    W -= W.mean()
    return loss, gradient


@wrong(
    "softmax_regression_loss_grad",
    "Without any example your function does not raise a ValueError. There is no mean of nothing.",
)
def nothing_to_learn_unchecked(W, X, Y, l2):
    if not len(Y):
        return math.nan, np.zeros(W.shape)
    return softmax_regression_loss_grad(W, X, Y, l2)


@wrong(
    "softmax_regression_loss_grad",
    "Ids outside 0..V-1 must raise a ValueError, negative ones too. In W they would name the row of another context.",
)
def regression_ids_unchecked(W, X, Y, l2):
    V, N = W.shape[1], len(Y)
    if not N or len(W) not in (V * V, 2 * V):
        raise ValueError("N or rows")
    rows = [X[:, 0] * V + X[:, 1]] if len(W) == V * V else [X[:, 0], V + X[:, 1]]
    logits = sum(W[row] for row in rows)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    d = (np.exp(log_p) - np.eye(V)[Y]) / N
    gradient = 2 * l2 * W / W.size
    for row in rows:
        np.add.at(gradient, row, d)
    return -np.mean(log_p[np.arange(N), Y]) + l2 * np.mean(W**2), gradient


@wrong(
    "softmax_regression_loss_grad",
    "Negative ids must raise a ValueError too. In W they would name the row of another context.",
)
def regression_negative_ids_wrap(W, X, Y, l2):
    V = W.shape[1]
    if len(Y) and np.all(X < V) and np.all(Y < V):
        return softmax_regression_loss_grad(W, X % V, Y % V, l2)
    return softmax_regression_loss_grad(W, X, Y, l2)


# 3.11 train_softmax_regression


@wrong(
    "train_softmax_regression",
    "Your losses are noted after the update. The first one should be the loss at W = 0, which is ln V.",
)
def loss_after_the_step(X, Y, V, lr, steps, l2):
    W, _ = train_softmax_regression(X, Y, V, lr, steps, l2)
    return W, train_softmax_regression(X, Y, V, lr, steps + 1, l2)[1][1:]


@wrong(
    "train_softmax_regression",
    "There is one loss too many. Each step has one loss, before its update; after the last update nothing is noted.",
)
def one_loss_too_many(X, Y, V, lr, steps, l2):
    W, _ = train_softmax_regression(X, Y, V, lr, steps, l2)
    return W, train_softmax_regression(X, Y, V, lr, steps + 1, l2)[1]


@wrong(
    "train_softmax_regression",
    "The last update is missing: W is what it was when the last loss was noted.",
)
def last_update_missing(X, Y, V, lr, steps, l2):
    W, _ = train_softmax_regression(X, Y, V, lr, steps - 1, l2)
    return W, train_softmax_regression(X, Y, V, lr, steps, l2)[1]


@wrong(
    "train_softmax_regression",
    "Your training goes uphill: the loss grows. The step goes against the gradient.",
)
def uphill(X, Y, V, lr, steps, l2):
    return train_softmax_regression(X, Y, V, -lr, steps, l2)


@wrong(
    "train_softmax_regression",
    "Gradients of earlier steps are still in your gradient. Each step begins with a gradient of 0 and computes it anew.",
)
def gradients_pile_up(X, Y, V, lr, steps, l2):
    rows = X @ V ** np.arange(X.shape[1] - 1, -1, -1)
    share = np.zeros((V ** X.shape[1], V))
    np.add.at(share, (rows, Y), 1 / len(Y))
    W, gradient, losses = np.zeros(share.shape), np.zeros(share.shape), []
    for _ in range(steps):
        shifted = W - W.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        losses.append(-np.sum(share * log_p) + l2 * np.mean(W**2))
        gradient = gradient + share.sum(axis=1, keepdims=True) * np.exp(log_p) - share + 2 * l2 * W / W.size
        W = W - lr * gradient
    return W, losses


@wrong(
    "train_softmax_regression",
    "Your gradient seems to be computed once, at the beginning, and used for all steps. It changes with W.",
)
def gradient_of_the_start(X, Y, V, lr, steps, l2):
    W, _ = train_softmax_regression(X, Y, V, lr, 1, l2)
    return W * steps, [math.log(V)] * steps


@wrong(
    "train_softmax_regression",
    "The penalty is missing in your losses, or in the gradient. It belongs to both: it is a part of the loss.",
)
def losses_without_penalty(X, Y, V, lr, steps, l2):
    W, losses = train_softmax_regression(X, Y, V, lr, steps, l2)
    weights = [train_softmax_regression(X, Y, V, lr, step, l2)[0] for step in range(steps)]
    return W, [loss - l2 * np.mean(w**2) for loss, w in zip(losses, weights)]


@wrong(
    "train_softmax_regression",
    "The penalty is missing in your losses, or in the gradient. It belongs to both: it is a part of the loss.",
)
def penalty_never_learnt(X, Y, V, lr, steps, l2):
    W, losses = train_softmax_regression(X, Y, V, lr, steps, 0.0)
    weights = [train_softmax_regression(X, Y, V, lr, step, 0.0)[0] for step in range(steps)]
    return W, [loss + l2 * np.mean(w**2) for loss, w in zip(losses, weights)]


@wrong(
    "train_softmax_regression",
    "Your training takes no notice of l2.",
)
def l2_ignored(X, Y, V, lr, steps, l2):
    return train_softmax_regression(X, Y, V, lr, steps, 0.0)


@wrong(
    "train_softmax_regression",
    "Your penalty has another scale: it is l2 times the mean of the squares of all entries of W, and its gradient is 2 l2 W divided by their number.",
)
def penalty_is_a_sum(X, Y, V, lr, steps, l2):
    return train_softmax_regression(X, Y, V, lr, steps, l2 * V ** (X.shape[1] + 1))


@wrong(
    "train_softmax_regression",
    "Your penalty has another scale: it is l2 times the mean of the squares of all entries of W, and its gradient is 2 l2 W divided by their number.",
)
def penalty_is_half(X, Y, V, lr, steps, l2):
    return train_softmax_regression(X, Y, V, lr, steps, l2 / 2)


@wrong(
    "train_softmax_regression",
    "Your gradient is that of the sum of the losses, so your steps are N times as long. The mean over the examples is asked for.",
)
def sum_of_gradients(X, Y, V, lr, steps, l2):
    return train_softmax_regression(X, Y, V, lr * len(Y), steps, l2 / len(Y))


@wrong(
    "train_softmax_regression",
    "Your W begins with random numbers. The contract begins with zeros, where the first loss is ln V.",
)
def random_beginning(X, Y, V, lr, steps, l2):
    rows = X @ V ** np.arange(X.shape[1] - 1, -1, -1)
    share = np.zeros((V ** X.shape[1], V))
    np.add.at(share, (rows, Y), 1 / len(Y))
    W, losses = np.random.default_rng(0).normal(size=share.shape), []
    for _ in range(steps):
        shifted = W - W.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        losses.append(-np.sum(share * log_p) + l2 * np.mean(W**2))
        W = W - lr * (share.sum(axis=1, keepdims=True) * np.exp(log_p) - share + 2 * l2 * W / W.size)
    return W, losses


@wrong(
    "train_softmax_regression",
    "Each context seems to weigh the same in your loss. The mean is over the examples, so a context that occurs often weighs more.",
)
def contexts_weigh_the_same(X, Y, V, lr, steps, l2):
    rows = X @ V ** np.arange(X.shape[1] - 1, -1, -1)
    share = np.zeros((V ** X.shape[1], V))
    np.add.at(share, (rows, Y), 1.0)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1)
    share /= share.sum()
    W, losses = np.zeros(share.shape), []
    for _ in range(steps):
        shifted = W - W.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        losses.append(-np.sum(share * log_p) + l2 * np.mean(W**2))
        W = W - lr * (share.sum(axis=1, keepdims=True) * np.exp(log_p) - share + 2 * l2 * W / W.size)
    return W, losses


@wrong(
    "train_softmax_regression",
    "Examples with the same context are lost in your gradient: with an array of rows as the index, += writes each row once.",
)
def gradient_loses_duplicates(X, Y, V, lr, steps, l2):
    rows = X @ V ** np.arange(X.shape[1] - 1, -1, -1)
    W, losses, N = np.zeros((V ** X.shape[1], V)), [], len(Y)
    for _ in range(steps):
        shifted = W[rows] - W[rows].max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        losses.append(-np.mean(log_p[np.arange(N), Y]) + l2 * np.mean(W**2))
        gradient = 2 * l2 * W / W.size
        gradient[rows] += (np.exp(log_p) - np.eye(V)[Y]) / N
        W = W - lr * gradient
    return W, losses


@wrong(
    "train_softmax_regression",
    "The rows of your W are numbered from the wrong end: the oldest character is the first digit, the one with the largest weight.",
)
def contexts_numbered_backwards(X, Y, V, lr, steps, l2):
    return train_softmax_regression(X[:, ::-1], Y, V, lr, steps, l2)


@wrong(
    "train_softmax_regression",
    "Your function seems to be made for one n only. W has V to the power of the number of columns of X rows; for n = 1 that is a single one.",
)
def trigram_training_only(X, Y, V, lr, steps, l2):
    rows = X[:, 0] * V + X[:, 1]
    return train_softmax_regression(np.stack([rows // V, rows % V], axis=1), Y, V, lr, steps, l2)


@wrong(
    "train_softmax_regression",
    "Your function seems to be made for one n only. W has V to the power of the number of columns of X rows; for n = 1 that is a single one.",
)
def bigram_training_only(X, Y, V, lr, steps, l2):
    return train_softmax_regression(X[:, :1], Y, V, lr, steps, l2)


@wrong(
    "train_softmax_regression",
    "Your function seems to be made for one n only. W has V to the power of the number of columns of X rows; for n = 1 that is a single one.",
)
def no_unigram_training(X, Y, V, lr, steps, l2):
    X[:, 0]
    return train_softmax_regression(X, Y, V, lr, steps, l2)


@wrong(
    "train_softmax_regression",
    "You return only the last loss. One loss for each step is asked for: the curve tells whether the training went well.",
)
def last_loss_only(X, Y, V, lr, steps, l2):
    W, losses = train_softmax_regression(X, Y, V, lr, steps, l2)
    return W, losses[-1]


@wrong(
    "train_softmax_regression",
    "You seem to return probabilities instead of the weights W.",
)
def probabilities_returned(X, Y, V, lr, steps, l2):
    W, losses = train_softmax_regression(X, Y, V, lr, steps, l2)
    return np.exp(W) / np.exp(W).sum(axis=1, keepdims=True), losses


# 3.12 tune_smoothing


@wrong(
    "tune_smoothing",
    "The losses are those on the training words. Training words always vote for no smoothing; choose by the development words.",
)
def chosen_on_train(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi, _ = build_vocab([*train, *dev])
    X, Y = ngram_examples(train, stoi, n)
    counts = ngram_counts(X, Y, len(stoi))
    nlls = {k: mean_nll(smooth_probs(counts, k), X, Y) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "The development words are counted too. Then the model has seen what it is measured on, and the choice is worth nothing.",
)
def dev_words_counted(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi, _ = build_vocab([*train, *dev])
    counts = ngram_counts(*ngram_examples([*train, *dev], stoi, n), len(stoi))
    X, Y = ngram_examples(dev, stoi, n)
    nlls = {k: mean_nll(smooth_probs(counts, k), X, Y) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "The losses seem to mix training and development words. Only the development words are new to the model, so only they decide.",
)
def train_and_dev_decide(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi, _ = build_vocab([*train, *dev])
    counts = ngram_counts(*ngram_examples(train, stoi, n), len(stoi))
    X, Y = ngram_examples([*train, *dev], stoi, n)
    nlls = {k: mean_nll(smooth_probs(counts, k), X, Y) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "You seem to split the words again. train and dev have been split already, and the split must stay the same for all models that are compared.",
)
def split_again(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    words = [*train, *dev]
    stoi, _ = build_vocab(words)
    words = [words[i] for i in np.random.default_rng(0).permutation(len(words))]
    counts = ngram_counts(*ngram_examples(words[: len(train)], stoi, n), len(stoi))
    X, Y = ngram_examples(words[len(train) :], stoi, n)
    nlls = {k: mean_nll(smooth_probs(counts, k), X, Y) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "train and dev seem to be exchanged: the model counts the development words and is measured on the training words.",
)
def lists_exchanged(train, dev, ks, n):
    return tune_smoothing(dev, train, ks, n)


@wrong(
    "tune_smoothing",
    "Your vocabulary holds the characters of the training words only. A character that occurs in dev alone has no id then: build it from both lists.",
)
def vocabulary_of_train(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi, _ = build_vocab(train)
    counts = ngram_counts(*ngram_examples(train, stoi, n), len(stoi))
    X, Y = ngram_examples(dev, stoi, n)
    nlls = {k: mean_nll(smooth_probs(counts, k), X, Y) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "Your vocabulary seems to hold all of a to z. V is the number of characters that occur in the two lists, and the dot; smoothing depends on it.",
)
def vocabulary_of_the_alphabet(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi = {c: i for i, c in enumerate(".abcdefghijklmnopqrstuvwxyz")}
    counts = ngram_counts(*ngram_examples(train, stoi, n), len(stoi))
    X, Y = ngram_examples(dev, stoi, n)
    nlls = {k: mean_nll(smooth_probs(counts, k), X, Y) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "You choose the k with the largest loss. The loss says how surprised the model is; the smallest one wins.",
)
def largest_loss_wins(train, dev, ks, n):
    _, nlls = tune_smoothing(train, dev, ks, n)
    return max(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "On ties you take the last k. The first one in ks is asked for: a later one has to be better, not only as good.",
)
def last_on_ties(train, dev, ks, n):
    _, nlls = tune_smoothing(train, dev, ks, n)
    return min(reversed(ks), key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "On ties you take the smallest k. The first one in ks is asked for, in the order in which they are given.",
)
def smallest_on_ties(train, dev, ks, n):
    _, nlls = tune_smoothing(train, dev, ks, n)
    return min(sorted(ks), key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "You return the place of the best k in the list. The k itself is asked for.",
)
def place_of_the_best(train, dev, ks, n):
    best, nlls = tune_smoothing(train, dev, ks, n)
    return list(ks).index(best), nlls


@wrong(
    "tune_smoothing",
    "An infinite loss is left out of your results. It is a result like the others: this k rules out what happened.",
)
def infinite_left_out(train, dev, ks, n):
    best, nlls = tune_smoothing(train, dev, ks, n)
    return best, {k: v for k, v in nlls.items() if v < math.inf}


@wrong(
    "tune_smoothing",
    "The loss of k = 0 is finite although dev has something that train does not have. Something hides the zero probabilities; then k = 0 may even win.",
)
def infinity_hidden(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi, _ = build_vocab([*train, *dev])
    counts = ngram_counts(*ngram_examples(train, stoi, n), len(stoi))
    X, Y = ngram_examples(dev, stoi, n)
    nlls = {k: -np.mean(np.log(smooth_probs(counts, k)[(*X.T, Y)] + 1e-12)) for k in ks}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "The loss of k = 0 is finite although dev has something that train does not have. Something hides the zero probabilities; then k = 0 may even win.",
)
def impossible_examples_skipped(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi, _ = build_vocab([*train, *dev])
    counts = ngram_counts(*ngram_examples(train, stoi, n), len(stoi))
    X, Y = ngram_examples(dev, stoi, n)
    ps = {k: smooth_probs(counts, k)[(*X.T, Y)] for k in ks}
    nlls = {k: -np.mean(np.log(p[p > 0])) for k, p in ps.items()}
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "Where every loss is infinite, your function returns no k. The best loss so far begins with inf, and inf is not smaller than inf.",
)
def no_best_if_infinite(train, dev, ks, n):
    best, nlls = tune_smoothing(train, dev, ks, n)
    return (best if nlls[best] < math.inf else None), nlls


@wrong(
    "tune_smoothing",
    "Your function makes models of one n only. The argument n says which model is tuned.",
)
def n_ignored(train, dev, ks, n):
    return tune_smoothing(train, dev, ks, 3)


@wrong(
    "tune_smoothing",
    "Your dict holds perplexities. The mean negative log-likelihood in nats is asked for.",
)
def perplexities_reported(train, dev, ks, n):
    best, nlls = tune_smoothing(train, dev, ks, n)
    return best, {k: float(np.exp(v)) for k, v in nlls.items()}


@wrong(
    "tune_smoothing",
    "Your losses are sums over the development words. The mean per token is asked for.",
)
def sums_reported(train, dev, ks, n):
    best, nlls = tune_smoothing(train, dev, ks, n)
    tokens = sum(len(word) + 1 for word in dev)
    return best, {k: v * tokens for k, v in nlls.items()}


@wrong(
    "tune_smoothing",
    "The smoothing of one k seems to be still in the counts when the next k has its turn. Each k begins with the counts as they were.",
)
def smoothing_piles_up(train, dev, ks, n):
    if not len(ks):
        raise ValueError("ks")
    stoi, _ = build_vocab([*train, *dev])
    counts = ngram_counts(*ngram_examples(train, stoi, n), len(stoi))
    X, Y = ngram_examples(dev, stoi, n)
    nlls = {}
    for k in ks:
        counts = counts + k
        nlls[k] = mean_nll(smooth_probs(counts, 0), X, Y)
    return min(ks, key=lambda k: nlls[k]), nlls


@wrong(
    "tune_smoothing",
    "Your function sorts or changes the caller's list of k. Make a copy, or leave the order alone.",
)
def ks_sorted_in_place(train, dev, ks, n):
    best, nlls = tune_smoothing(train, dev, ks, n)
    ks.sort()
    return best, nlls


@wrong(
    "tune_smoothing",
    "Your function adds the development words to the caller's training list. Whoever uses the list afterwards trains on them.",
)
def train_list_extended(train, dev, ks, n):
    answer = tune_smoothing(train, dev, ks, n)
    train += dev
    return answer


@wrong(
    "tune_smoothing",
    "An empty ks must raise a ValueError: there is nothing to choose from.",
)
def empty_ks_unchecked(train, dev, ks, n):
    return tune_smoothing(train, dev, ks, n) if len(ks) else (None, {})


# 3.13 interpolate


@wrong(
    "interpolate",
    "Weights that do not sum to 1 must raise a ValueError. Your function uses them as they are, and the rows of the mixture do not sum to 1.",
)
def weights_unchecked(P1, P2, P3, lam):
    if min(lam) < 0:
        raise ValueError("lam")
    return lam[0] * P1 + lam[1] * P2 + lam[2] * P3


@wrong(
    "interpolate",
    "Weights that do not sum to 1 seem to be divided by their sum. They must raise a ValueError: somebody made a mistake, and should know.",
)
def weights_normalised(P1, P2, P3, lam):
    if min(lam) < 0:
        raise ValueError("lam")
    a, b, c = np.asarray(lam) / np.sum(lam)
    return a * P1 + b * P2 + c * P3


@wrong(
    "interpolate",
    "A negative weight must raise a ValueError, also if the sum is 1. Probabilities could become negative.",
)
def negative_weights_pass(P1, P2, P3, lam):
    if not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return lam[0] * P1 + lam[1] * P2 + lam[2] * P3


@wrong(
    "interpolate",
    "Your function seems to ask for a sum of exactly 1. In floating point 0.7 + 0.2 + 0.1 is a little less: compare with a tolerance.",
)
def exact_sum_asked_for(P1, P2, P3, lam):
    if min(lam) < 0 or lam[0] + lam[1] + lam[2] not in (1, 1.0) and not isinstance(lam, np.ndarray):
        raise ValueError("lam")
    return lam[0] * P1 + lam[1] * P2 + lam[2] * P3


@wrong(
    "interpolate",
    "Your bigram model is asked about the older character of the context. What it knows is what comes after the newer one: it lies along the last two axes.",
)
def bigram_of_the_older_character(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return lam[0] * P1 + lam[1] * P2[:, None, :] + lam[2] * P3


@wrong(
    "interpolate",
    "The unigram probability is taken of a character of the context. P1 says how probable the target is: it lies along the last axis.",
)
def unigram_of_the_context(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return lam[0] * P1[None, :, None] + lam[1] * P2 + lam[2] * P3


@wrong(
    "interpolate",
    "The unigram probability is taken of a character of the context. P1 says how probable the target is: it lies along the last axis.",
)
def unigram_of_the_oldest(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return lam[0] * P1[:, None, None] + lam[1] * P2 + lam[2] * P3


@wrong(
    "interpolate",
    "Your bigram model is used backwards: P2[b, c] is the probability of c after b, not of b after c.",
)
def bigram_transposed(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return lam[0] * P1 + lam[1] * P2.T + lam[2] * P3


@wrong(
    "interpolate",
    "Your weights are assigned in reverse: lam[0] belongs to the unigram model, lam[2] to the trigram model.",
)
def weights_reversed(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return lam[2] * P1 + lam[1] * P2 + lam[0] * P3


@wrong(
    "interpolate",
    "Your models seem to be mixed with equal weights. lam says how much each of them counts.",
)
def equal_weights(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return (P1 + P2 + P3) / 3


@wrong(
    "interpolate",
    "You seem to mix logarithms, or powers, of the probabilities. Interpolation is the weighted mean of the probabilities themselves; the other mixture would be 0 wherever one model says 0.",
)
def geometric_mean(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    mixed = P1 ** lam[0] * P2 ** lam[1] * P3 ** lam[2]
    return mixed / mixed.sum(axis=-1, keepdims=True)


@wrong(
    "interpolate",
    "Only the trigram model is used where it gives a probability above 0, or where it has a weight. Interpolation always mixes all three; asking the shorter model only when needed is called back-off.",
)
def back_off(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return np.where(P3 > 0, P3, np.where(P2 > 0, P2, P1))


@wrong(
    "interpolate",
    "Your function changes P3, which belongs to the caller: *= and += work in place. Make a new array.",
)
def trigram_model_changed(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    P3 *= lam[2]
    P3 += lam[0] * P1 + lam[1] * P2
    return P3


@wrong(
    "interpolate",
    "Models with weight 0 seem to be left out together with their axes. The result always has the shape (V, V, V).",
)
def shape_of_the_models_used(P1, P2, P3, lam):
    if min(lam) < 0 or not math.isclose(sum(lam), 1):
        raise ValueError("lam")
    return sum(weight * P for weight, P in zip(lam, (P1, P2, P3)) if weight > 0)
