"""Part D: what students get wrong when they draw strings."""

import numpy as np
from parity_data import parity_labels

from autograder.diagnosis.declare import behaviour
from autograder.kit.failures import StudentError

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


EVEN = {
    "hint": "Every length has the same chance.",
    "hint_2": "draw 1000 strings of length up to 12 and count each length.",
}


def shares_of_lengths(student):
    """How often the lengths 1 to 12 come, as multiples of an even share."""
    _, lengths = random(student, 3000, 12)
    return np.bincount(np.clip(lengths, 0, 12), minlength=13)[1:13] / 250.0


@behaviour(
    "lengths-by-rounding",
    "random_length_strings",
    title="The shortest and the greatest length come half as often: numbers between are rounded.",
    **EVEN,
)
def halves_at_the_ends(student):
    shares = shares_of_lengths(student)
    inside = shares[1:-1]
    return inside.min() > 0.75 and max(shares[0], shares[-1]) < 0.72


@behaviour(
    "lengths-falling-off",
    "random_length_strings",
    title="Lengths fall off, as where a string may end by chance after each of its bits.",
    **EVEN,
    case="wrong/lengths-that-may-end-after-each-bit",
)
def fewer_and_fewer(student):
    shares = shares_of_lengths(student)
    return shares[:3].mean() > 1.3 * shares[8:11].mean() and shares[5:8].mean() < shares[:3].mean()


@behaviour(
    "lengths-of-all-strings-alike",
    "random_length_strings",
    title="Long strings come more often, as where each of all strings has the same chance.",
    **EVEN,
)
def more_and_more(student):
    shares = shares_of_lengths(student)
    return shares[8:].mean() > 1.3 * shares[:4].mean() and shares[4:8].mean() < shares[8:].mean()


@behaviour(
    "lengths-mostly-in-the-middle",
    "random_length_strings",
    title="Lengths in the middle come most, as where several draws are added, or ones counted.",
    **EVEN,
    case="wrong/lengths-by-coin-flips",
)
def mostly_in_the_middle(student):
    shares = shares_of_lengths(student)
    return shares[4:8].mean() > 1.5 * max(shares[:2].mean(), shares[-2:].mean())


@behaviour(
    "lengths-uneven",
    "random_length_strings",
    title="Some lengths are drawn more often than others.",
    **EVEN,
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


@behaviour(
    "strings-never-repeated",
    "fixed_length_strings",
    title="No string comes up twice: strings are taken to be all different.",
    hint="Each string is drawn for itself; chance repeats some, and there are only 2^length.",
    hint_2="draw 40 strings of length 3: there are only eight.",
    case="wrong/strings-never-repeated",
)
def never_repeats(student):
    try:
        bits, _ = fixed(student, 40, 3)
    except StudentError:
        return True
    distinct = {tuple(row) for row in fixed(student, 60, 8)[0].tolist()}
    return len(bits) < 40 or len(distinct) == 60


@behaviour(
    "strings-always-balanced",
    "fixed_length_strings",
    title="Every string, or every column, holds as many ones as zeros: bits are not independent.",
    **FAIR,
)
def always_balanced(student):
    draws = [fixed(student, 20, 8, seed)[0] for seed in (1, 2, 3)]
    return any(all(np.ptp(bits.sum(axis=axis)) == 0 for bits in draws) for axis in (0, 1)) or (
        len({int(bits.sum()) for bits in draws}) == 1
    )


@behaviour(
    "strings-in-order",
    "fixed_length_strings",
    title="Strings come in order, or one string depends on the one before.",
    hint="Each string is drawn for itself, whatever stands before it.",
    hint_2="draw 20 strings and read them as binary numbers, one after the other.",
)
def strings_in_order(student):
    bits, _ = fixed(student, 400, 8)
    values = bits @ (2 ** np.arange(8)[::-1])
    steps = np.diff(values)
    followed = np.abs((1 - 2 * bits[1:]).T @ (1 - 2 * bits[:-1])).max()
    return np.all(steps >= 0) or np.all(steps <= 0) or followed > 120


@behaviour(
    "strings-of-other-shape",
    "fixed_length_strings",
    title="The array has another shape than one row of `length` bits a string.",
    hint="bits has the shape (n, length): a string a row.",
    hint_2="draw 5 strings of length 3 and print the shapes.",
)
def another_shape(student):
    bits, lengths = fixed(student, 5, 3)
    return bits.shape != (5, 3) or lengths.shape != (5,)


@behaviour(
    "a-column-never-changes",
    "fixed_length_strings",
    title="One of the columns holds the same bit in every string.",
    **FAIR,
)
def one_column_fixed(student):
    return bool(np.any(np.ptp(fixed(student, 200, 8)[0], axis=0) == 0))


@behaviour(
    "strings-of-a-longer-draw",
    "fixed_length_strings",
    title="Strings draw ones with a chance that varies from string to string.",
    **FAIR,
)
def chance_varies(student):
    ones = fixed(student, 600, 16)[0].sum(axis=1)
    return not 2.8 < ones.var() < 5.6  # 4 is due


@behaviour(
    "lengths-in-order",
    "random_length_strings",
    title="Lengths come in order: one depends on the one before.",
    hint="Each length is drawn for itself.",
    hint_2="draw 20 strings of length up to 5 and look at the lengths, one after the other.",
)
def lengths_in_order(student):
    steps = np.diff(random(student, 60, 12)[1])
    return np.all(steps >= 0) or np.all(steps <= 0) or len(set((steps % 12).tolist())) == 1


@behaviour(
    "lengths-always-balanced",
    "random_length_strings",
    title="Every length comes up equally often in every draw: lengths are not independent.",
    hint="The same chance for each length does not mean that each comes up equally often.",
    hint_2="draw 60 strings of length up to 3 with three seeds, and count the lengths of each.",
)
def lengths_balanced(student):
    return all(
        np.ptp(np.bincount(random(student, 60, 3, seed)[1], minlength=4)[1:]) <= 1
        for seed in (1, 2, 3)
    )


@behaviour(
    "lengths-follow-the-bits",
    "random_length_strings",
    title="Length and bits are drawn together: long strings begin otherwise than short ones.",
    hint="The bits of a string say nothing about its length.",
    hint_2="compare the first bits of short strings with those of long ones.",
)
def bits_follow_lengths(student):
    bits, lengths = random(student, 2000, 6)
    first = bits[:, 0] - bits[:, 0].mean()
    return abs(np.corrcoef(first, lengths)[0, 1]) > 0.15


@behaviour(
    "strings-end-with-a-one",
    "random_length_strings",
    title="All strings begin, or end, with the same bit, as written numbers do.",
    hint="Every bit of a string is a fair coin, the first and the last included.",
    hint_2="draw 20 strings and look at their first and last bits.",
)
def ends_are_fixed(student):
    bits, lengths = random(student, 300, 6)
    last = bits[np.arange(300), lengths - 1]
    return np.ptp(bits[:, 0]) == 0 or np.ptp(last) == 0


@behaviour(
    "random-strings-of-one-parity",
    "random_length_strings",
    title="All strings have the same parity.",
    hint="Every bit of a string is a fair coin of its own.",
    hint_2="draw 100 strings and count the odd ones.",
)
def one_parity_of_random_strings(student):
    bits, lengths = random(student, 300, 6)
    return np.ptp(parity_labels(bits, lengths)) == 0


@behaviour(
    "random-bits-follow-each-other",
    "random_length_strings",
    title="Bits within a string follow each other.",
    hint="Every bit of a string is a fair coin of its own.",
    hint_2="draw 1000 strings: how often do neighbouring bits agree? In half of the cases is due.",
)
def random_bits_follow(student):
    bits, lengths = random(student, 1500, 6)
    signs = 1 - 2 * bits[lengths == 6]
    return np.abs(signs.T @ signs / len(signs) - np.eye(6)).max() > 0.35


@behaviour(
    "random-strings-of-other-shape",
    "random_length_strings",
    title="The arrays have other shapes than (n, longest) and (n,).",
    hint="Every row is `longest` wide, whatever the lengths that are drawn.",
    hint_2="draw 5 strings of length up to 60 and print the shapes.",
)
def other_shape_of_random_strings(student):
    bits, lengths = random(student, 5, 60)
    return bits.shape != (5, 60) or lengths.shape != (5,)
