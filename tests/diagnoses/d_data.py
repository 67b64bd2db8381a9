"""Part D: what students get wrong about strings and their labels."""

import numpy as np
from parity_data import parity_labels

from autograder.diagnosis.declare import behaviour, misconception, trials


@trials("parity_labels", rows=("bits", "lengths"))
def padded_strings(rng):
    for row, length in (([1], 1), ([0], 1), ([0, 1], 1), ([1, 0], 1), ([1, 1], 2), ([0, 1], 2)):
        yield {"bits": np.array([row]), "lengths": np.array([length])}
    for bit in (1, 0):
        yield {"bits": np.array([[bit]]), "lengths": np.array([0])}
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


SEED = {
    "hint": "The same seed draws the same strings, another seed other ones.",
    "hint_2": "draw with the seeds 1, 1 and 2, and compare.",
}
FAIR = {
    "hint": "Every bit is a fair coin of its own.",
    "hint_2": "draw 1000 strings: look at the mean of each column, and at a few rows.",
}


def fixed(student, n=200, length=6, seed=1):
    bits, lengths = student.fixed_length_strings(n, length, seed)
    return np.asarray(bits), np.asarray(lengths)


@behaviour(
    "fixed-lengths-wrong",
    "fixed_length_strings",
    title="The lengths are not the length that was asked for.",
    hint="In approach 1 all strings are equally long.",
    hint_2="draw six strings of length 5 and look at `lengths`.",
    case="wrong/fixed-lengths-of-one",
)
def not_that_long(student):
    _, lengths = fixed(student, 20, 6)
    return not (lengths == 6).all()


@behaviour(
    "strings-seeded-alike",
    "fixed_length_strings",
    title="The seed is ignored, so training and test strings are the same.",
    **SEED,
    case="wrong/strings-seeded-alike",
)
def fixed_always_the_same(student):
    return np.array_equal(fixed(student)[0], fixed(student, seed=2)[0])


@behaviour(
    "strings-without-seed",
    "fixed_length_strings",
    title="Every call draws something else, whatever the seed.",
    **SEED,
    case="wrong/strings-without-seed",
)
def fixed_never_the_same(student):
    return not np.array_equal(fixed(student)[0], fixed(student)[0])


@behaviour(
    "strings-as-bytes",
    "fixed_length_strings",
    title="Bits are of another type than int64.",
    hint="Bits are counted and indexed; a small or a fractional type goes wrong silently.",
    hint_2="print bits.dtype and lengths.dtype.",
    case="wrong/strings-as-bytes",
)
def another_type(student):
    return any(values.dtype != np.int64 for values in fixed(student))


@behaviour(
    "strings-of-signs",
    "fixed_length_strings",
    title="Strings are made of -1 and 1, not of 0 and 1.",
    **FAIR,
)
def of_signs(student):
    return set(np.unique(fixed(student)[0]).tolist()) == {-1, 1}


@behaviour(
    "strings-of-zeros",
    "fixed_length_strings",
    title="Only one of the two bits is ever drawn: the upper end is left out.",
    **FAIR,
)
def one_bit_alone(student):
    return len(np.unique(fixed(student)[0])) == 1


@behaviour(
    "strings-all-the-same",
    "fixed_length_strings",
    title="One string is drawn and repeated.",
    **FAIR,
    case="wrong/strings-all-the-same",
)
def one_string(student):
    return len(np.unique(fixed(student)[0], axis=0)) == 1


@behaviour(
    "bits-follow-their-neighbours",
    "fixed_length_strings",
    title="Bits follow their neighbours.",
    **FAIR,
    case="wrong/bits-follow-their-neighbours",
)
def neighbours_alike(student):
    bits, _ = fixed(student, 500)
    return np.abs(np.corrcoef(bits.T) - np.eye(bits.shape[1])).max() > 0.5


@behaviour(
    "bits-always-even",
    "fixed_length_strings",
    title="All strings have the same parity.",
    **FAIR,
    case="wrong/bits-always-even",
)
def one_parity(student):
    return len(np.unique(fixed(student)[0].sum(axis=1) % 2)) == 1


@behaviour(
    "bits-unfair",
    "fixed_length_strings",
    title="Ones and zeros are not equally likely.",
    **FAIR,
    case="wrong/bits-unfair",
)
def unfair(student):
    bits, _ = fixed(student, 1000, 8)
    return abs(bits.mean() - 0.5) > 0.05


def random(student, n=300, longest=3, seed=1):
    bits, lengths = student.random_length_strings(n, longest, seed)
    return np.asarray(bits), np.asarray(lengths)


ENDS = {
    "hint": "Lengths run from 1 to longest, both included; most random functions leave one out.",
    "hint_2": "draw 300 strings of length up to 3 and count the lengths.",
}


@behaviour(
    "upper-end-excluded",
    "random_length_strings",
    title="The greatest length is never drawn: the upper end is left out.",
    **ENDS,
    case="wrong/lengths-never-the-longest",
)
def never_the_longest(student):
    return set(random(student)[1].tolist()) == {1, 2}


@behaviour(
    "lengths-from-zero",
    "random_length_strings",
    title="The empty string is drawn as well.",
    **ENDS,
    case="wrong/lengths-from-zero",
)
def empty_strings(student):
    return 0 in random(student)[1]


@behaviour(
    "lengths-too-long",
    "random_length_strings",
    title="A length may be greater than the longest.",
    **ENDS,
    case="wrong/lengths-too-long",
)
def too_long(student):
    return random(student)[1].max() > 3


@behaviour(
    "lengths-all-the-same",
    "random_length_strings",
    title="One length is drawn for all strings.",
    hint="Each string has a length of its own.",
    hint_2="draw ten strings and look at `lengths`.",
    case="wrong/lengths-all-the-same",
)
def one_length(student):
    return all(len(set(random(student, seed=s)[1].tolist())) == 1 for s in (1, 2))


@behaviour(
    "random-strings-seeded-alike",
    "random_length_strings",
    title="The seed is ignored: the same strings are drawn every time.",
    **SEED,
)
def random_always_the_same(student):
    return np.array_equal(random(student)[1], random(student, seed=2)[1])


@behaviour(
    "random-strings-without-seed",
    "random_length_strings",
    title="Every call draws something else, whatever the seed.",
    **SEED,
)
def random_never_the_same(student):
    return not np.array_equal(random(student)[1], random(student)[1])


@behaviour(
    "random-strings-as-bytes",
    "random_length_strings",
    title="Bits or lengths are of another type than int64.",
    hint="Bits are counted and indexed; a small or a fractional type goes wrong silently.",
    hint_2="print bits.dtype and lengths.dtype.",
    case="wrong/lengths-as-a-list",
)
def another_type_of_random_strings(student):
    parts = student.random_length_strings(10, 3, 1)
    return any(getattr(part, "dtype", None) != np.int64 for part in parts)


@behaviour(
    "lengths-uneven",
    "random_length_strings",
    title="Some lengths are drawn more often than others.",
    hint="Every length has the same chance.",
    hint_2="draw 1000 strings of length up to 12 and count each length.",
    case="wrong/lengths-by-coin-flips",
)
def uneven_lengths(student):
    _, lengths = random(student, 3000, 12)
    counts = np.bincount(lengths, minlength=13)[1:13]
    return counts.max() > 2 * counts.min()


@behaviour(
    "rows-as-wide-as-the-drawn",
    "random_length_strings",
    title="Rows are only as wide as the longest string that was drawn.",
    hint="The shape is (n, longest), whatever was drawn.",
    hint_2="draw one string of length up to 50 and look at the shape of `bits`.",
)
def only_as_wide_as_drawn(student):
    bits, lengths = random(student, 2, 60)
    return bits.shape[1] == lengths.max() < 60


@behaviour(
    "random-bits-unfair",
    "random_length_strings",
    title="Ones and zeros are not equally likely within the strings.",
    **FAIR,
)
def unfair_within(student):
    bits, lengths = random(student, 1000, 8)
    inside = np.arange(8) < lengths[:, np.newaxis]
    return abs(bits[inside].mean() - 0.5) > 0.05
