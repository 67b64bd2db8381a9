"""Part D: what students get wrong about the parity of a string."""

import numpy as np
from parity_data import parity_labels

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where


@trials("parity_labels", rows=("bits", "lengths"))
def padded_strings(rng):
    for row, length in (([1], 1), ([0], 1), ([0, 1], 1), ([1, 0], 1), ([1, 1], 2), ([0, 1], 2)):
        yield {"bits": np.array([row]), "lengths": np.array([length])}
    for bit in (1, 0):
        yield {"bits": np.array([[bit]]), "lengths": np.array([0])}
    for number in range(8):
        yield {"bits": np.array([[number >> k & 1 for k in range(3)]]), "lengths": np.array([3])}
    for n, longest in ((2, 3), (3, 4), (4, 5), (5, 6), (6, 8), (8, 9)):
        bits, lengths = rng.integers(0, 2, (n, longest)), rng.integers(1, longest + 1, n)
        yield {"bits": bits, "lengths": lengths}


def of_string(function, bits, lengths):
    """A label for each string, by a function of its own bits."""
    strings = [row[:length] for row, length in zip(bits, lengths, strict=True)]
    return np.array([int(function(string)) for string in strings])


PARITY = {
    "hint": "The parity is 1 where the number of ones is odd.",
    "hint_2": "count the ones of 1011, 110, 0 and 00 by hand.",
}


@misconception(
    "labels-count-the-padding",
    "parity_labels",
    title="Ones after the string's end are counted: the parity is that of the whole row.",
    hint="What stands after a string's length does not belong to it.",
    hint_2="change a bit after the end of a string: its label should stay.",
    case="wrong/labels-count-the-padding",
)
def of_the_whole_row(bits, lengths):
    return bits.sum(axis=1) % 2


@misconception(
    "labels-inverted",
    "parity_labels",
    title="Labels are inverted: 1 where the number of ones is even.",
    **PARITY,
    case="wrong/labels-of-even-strings",
)
def even_is_one(bits, lengths):
    return 1 - parity_labels(bits, lengths)


@misconception(
    "labels-as-counts",
    "parity_labels",
    title="The number of ones comes back, without the remainder by 2.",
    **PARITY,
    case="wrong/labels-as-counts",
)
def counts(bits, lengths):
    return of_string(np.sum, bits, lengths)


@misconception(
    "labels-one-bit-short",
    "parity_labels",
    title="The last bit is not counted.",
    hint="lengths[i] columns belong to string i: those with the numbers 0 to lengths[i] - 1.",
    hint_2="look at the string 1, of length 1.",
    case="wrong/labels-one-bit-short",
)
def one_bit_short(bits, lengths):
    return of_string(lambda s: s[:-1].sum() % 2, bits, lengths)


@misconception(
    "labels-one-bit-long",
    "parity_labels",
    title="The first bit of the padding is counted.",
    hint="lengths[i] columns belong to string i: those with the numbers 0 to lengths[i] - 1.",
    hint_2="look at the string 0, of length 1, in a row 01.",
)
def one_bit_long(bits, lengths):
    return parity_labels(bits, np.minimum(lengths + 1, bits.shape[1]))


@misconception(
    "labels-of-the-last-bit",
    "parity_labels",
    title="The last bit comes back instead of the parity.",
    **PARITY,
    case="wrong/labels-of-the-last-bit",
)
def last_bit(bits, lengths):
    return bits[np.arange(len(bits)), lengths - 1]


@misconception(
    "labels-of-any-one",
    "parity_labels",
    title="The label says whether there is a one at all.",
    **PARITY,
)
def any_one(bits, lengths):
    return of_string(np.any, bits, lengths)


@misconception(
    "labels-of-the-majority",
    "parity_labels",
    title="The label says whether ones are in the majority.",
    **PARITY,
)
def majority(bits, lengths):
    return of_string(lambda s: 2 * s.sum() > len(s), bits, lengths)


@misconception(
    "labels-of-the-length",
    "parity_labels",
    title="The label is the parity of the length, not of the ones.",
    **PARITY,
)
def of_the_length(bits, lengths):
    return lengths % 2


@misconception(
    "labels-of-zeros",
    "parity_labels",
    title="Zeros are counted instead of ones.",
    **PARITY,
)
def of_the_zeros(bits, lengths):
    return of_string(lambda s: (s == 0).sum() % 2, bits, lengths)


@misconception(
    "labels-shifted-by-a-row",
    "parity_labels",
    title="Every string gets the label of its neighbour.",
    hint="Label i belongs to row i.",
    hint_2="compare the labels of two strings with those that you get for each alone.",
)
def of_the_neighbour(bits, lengths):
    return np.roll(parity_labels(bits, lengths), 1)


@misconception(
    "labels-of-every-step",
    "parity_labels",
    title="A label for every step comes back, not one for each string.",
    hint="Only the whole string is labelled.",
    hint_2="compare the shape of your result with (n,).",
)
def of_every_step(bits, lengths):
    return np.cumsum(bits, axis=1) % 2


@misconception(
    "labels-of-empty-strings",
    "parity_labels",
    title="An empty string gets the label of its whole row.",
    hint="A string of length 0 holds no ones.",
    hint_2="look at a row of length 0.",
    case="wrong/labels-fail-on-empty-strings",
)
def empty_for_full(bits, lengths):
    return parity_labels(bits, np.where(lengths == 0, bits.shape[1], lengths))


@misconception(
    "labels-as-signs",
    "parity_labels",
    title="Labels are -1 and 1, not 0 and 1.",
    **PARITY,
)
def as_signs(bits, lengths):
    return 2 * parity_labels(bits, lengths) - 1


@misconception(
    "labels-as-floats",
    "parity_labels",
    title="Labels come back as floats.",
    hint="The values are right; their kind is not.",
    hint_2="look at the dtype of what you return, and at astype.",
    case="wrong/labels-as-floats",
)
def as_floats(bits, lengths):
    return parity_labels(bits, lengths).astype(float)


@misconception(
    "labels-carried-on",
    "parity_labels",
    title="Each string starts from the parity of those before it.",
    hint="Every string starts from 0, whatever stood before it.",
    hint_2="compare the labels of two strings with those that you get for each alone.",
    case="wrong/labels-carried-on",
)
def carried_on(bits, lengths):
    return np.cumsum(parity_labels(bits, lengths)) % 2


@misconception(
    "labels-of-the-whole-batch",
    "parity_labels",
    title="All strings get the parity of all their ones together.",
    hint="Each string has a parity of its own.",
    hint_2="compare the labels of two strings with those that you get for each alone.",
)
def of_the_whole_batch(bits, lengths):
    labels = parity_labels(bits, lengths)
    return np.full(len(labels), labels.sum() % 2)


@misconception(
    "labels-of-the-first-bit",
    "parity_labels",
    title="The first bit comes back instead of the parity.",
    **PARITY,
)
def first_bit(bits, lengths):
    return bits[:, 0]


@misconception(
    "labels-of-the-ends",
    "parity_labels",
    title="Only the first and the last bit are compared.",
    **PARITY,
)
def ends_differ(bits, lengths):
    return of_string(lambda s: s[0] != s[-1], bits, lengths)


@misconception(
    "labels-of-two-bits",
    "parity_labels",
    title="Only the last two bits are compared.",
    **PARITY,
)
def last_two_bits(bits, lengths):
    return of_string(lambda s: s[-2:].sum() % 2, bits, lengths)


@misconception(
    "labels-without-the-first-bit",
    "parity_labels",
    title="The first bit is not counted.",
    hint="lengths[i] columns belong to string i: those with the numbers 0 to lengths[i] - 1.",
    hint_2="look at the string 1, of length 1.",
)
def first_bit_skipped(bits, lengths):
    return of_string(lambda s: s[1:].sum() % 2, bits, lengths)


@misconception(
    "labels-of-the-longest",
    "parity_labels",
    title="All strings are counted up to the longest of them.",
    hint="What stands after a string's length does not belong to it.",
    hint_2="change a bit after the end of a string: its label should stay.",
)
def up_to_the_longest(bits, lengths):
    return parity_labels(bits, np.full(len(bits), lengths.max()))


@misconception(
    "labels-of-all-ones",
    "parity_labels",
    title="The label says whether all bits are ones.",
    **PARITY,
)
def all_ones(bits, lengths):
    return of_string(np.all, bits, lengths)


@misconception(
    "labels-of-a-single-one",
    "parity_labels",
    title="A label is 1 for exactly one 1: the remainder is forgotten.",
    **PARITY,
)
def exactly_one(bits, lengths):
    return of_string(lambda s: s.sum() == 1, bits, lengths)


@misconception(
    "empty-strings-are-odd",
    "parity_labels",
    title="The empty string gets a 1.",
    hint="A string of length 0 holds no ones.",
    hint_2="look at a row of length 0.",
)
def empty_is_odd(bits, lengths):
    return np.where(lengths == 0, 1, parity_labels(bits, lengths))


@misconception(
    "labels-as-a-column",
    "parity_labels",
    title="Labels stand in a column of shape (n, 1).",
    hint="One axis is enough for one label a string.",
    hint_2="compare the shape of your result with (n,).",
)
def as_a_column(bits, lengths):
    return parity_labels(bits, lengths)[:, np.newaxis]


@misconception(
    "labels-of-the-longest-run",
    "parity_labels",
    title="The label says whether the last run of equal bits is odd, not the number of ones.",
    **PARITY,
)
def of_the_last_run(bits, lengths):
    def last_run(string):
        length = 0
        while length < len(string) and string[len(string) - 1 - length] == 1:
            length += 1
        return length % 2

    return of_string(last_run, bits, lengths)


@misconception(
    "labels-of-changes",
    "parity_labels",
    title="Changes from bit to bit are counted, not ones.",
    **PARITY,
)
def of_changes(bits, lengths):
    return of_string(lambda s: np.sum(s[1:] != s[:-1]) % 2, bits, lengths)


@misconception(
    "labels-of-left-padding",
    "parity_labels",
    title="The string is looked for at the end of its row, as if padding stood before it.",
    hint="The first lengths[i] columns belong to string i; padding follows.",
    hint_2="look at the string 1, of length 1, in a row 10.",
)
def at_the_end_of_the_row(bits, lengths):
    rows = zip(bits, lengths, strict=True)
    return np.array([int(row[len(row) - length :].sum()) % 2 for row, length in rows])


WRONG_LABELS = [
    symptom(
        "labels-wrong-for-empty-strings",
        "parity_labels",
        title="Labels are wrong only for empty strings.",
        hint="A string of length 0 holds no ones.",
        hint_2="look at a row of length 0.",
    )(only_where(lambda given: np.any(given["lengths"] == 0))),
    symptom(
        "labels-wrong-with-padding",
        "parity_labels",
        title="Labels are right only for strings that fill their row: padding changes them.",
        hint="What stands after a string's length does not belong to it.",
        hint_2="change a bit after the end of a string: its label should stay.",
    )(only_where(lambda given: np.any(given["lengths"] < given["bits"].shape[1]), mostly=0.3)),
    symptom(
        "labels-wrong-without-padding",
        "parity_labels",
        title="Labels are wrong only for strings that fill their row.",
        hint="A string may be as long as its row.",
        hint_2="look at the string 1, of length 1, in a row of one column.",
    )(only_where(lambda given: np.any(given["lengths"] == given["bits"].shape[1]), mostly=0.3)),
    symptom(
        "labels-wrong-in-a-batch",
        "parity_labels",
        title="A string alone gets its label, several together do not.",
        hint="Each string has a parity of its own.",
        hint_2="compare the labels of two strings with those that you get for each alone.",
    )(only_where(lambda given: len(given["lengths"]) > 1)),
    symptom(
        "labels-other-than-bits",
        "parity_labels",
        title="Other labels than 0 and 1 come back.",
        **PARITY,
    )(lambda seen: any(not np.isin(one.got, (0, 1)).all() for one in seen)),
    symptom(
        "labels-wrong-for-longer-strings",
        "parity_labels",
        title="Labels of strings of up to two bits are right, longer ones are not.",
        **PARITY,
    )(only_where(lambda given: np.any(given["lengths"] > 2))),
]


@misconception(
    "labels-of-every-second-bit",
    "parity_labels",
    title="Only every second bit is counted.",
    **PARITY,
)
def every_second_bit(bits, lengths):
    return of_string(lambda s: s[::2].sum() % 2, bits, lengths)
