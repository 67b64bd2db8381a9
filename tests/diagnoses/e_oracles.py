"""Part E: what students get wrong about which token may come next."""

from functools import partial

import numpy as np
from counting import DIGITS, counting_sequences
from grammar import grammar_sequences

from autograder.diagnosis.declare import behaviour, misconception, symptom, trials
from autograder.diagnosis.symptoms import always, only_where

NEW_LINE, CHARACTER = 0, 10
STEMS = {"counting_next": "counting", "grid_next": "games", "grammar_next": "strings"}


def numbers(one, other):
    return np.shape(one) == np.shape(other)


def proportional(got, right):
    """Whether only the sums of the positions are wrong."""
    sums = np.sum(got, axis=-1, keepdims=True) if numbers(got, right) else np.zeros(1)
    return bool(np.all(sums > 0)) and np.allclose(got / sums, right, atol=1e-6)


def one_place_late(got, right):
    """Whether each answer is the right one of the position before."""
    return (
        numbers(got, right)
        and np.shape(right)[1] > 1
        and np.allclose(got[:, 1:], right[:, :-1], atol=1e-6)
    )


def of_any(function, sequence, *others):
    """What may be wrong with any of the three, and looks alike in all."""
    stem = STEMS[function]

    def looks_ahead(student):
        """The chances before a cut change with what comes after it."""
        ask, tokens = getattr(student, function), np.array([sequence])
        whole = np.asarray(ask(tokens, *others))
        cuts = range(1, tokens.shape[1])
        return any(
            not np.allclose(whole[:, :cut], ask(tokens[:, :cut], *others), atol=1e-6)
            for cut in cuts
        )

    def forgets_other_rows(given):
        return len(given["tokens"]) > 1

    return [
        behaviour(
            f"{stem}-oracle-looks-ahead",
            function,
            title="The answer for a position depends on what follows it.",
            hint="A position is answered by what stands at it and before it.",
            hint_2="cut a sequence off after three tokens: the chances before the cut should stay.",
            case={
                "counting": "wrong/counting-oracle-looks-ahead",
                "games": "wrong/games-oracle-looks-ahead",
                "strings": "wrong/strings-oracle-looks-ahead",
            }[stem],
        )(looks_ahead),
        symptom(
            f"{stem}-oracle-answers-before-the-token",
            function,
            title="The answer for a position does not know that position's own token yet.",
            hint="The chances at a position are of what comes after the token that stands there.",
            hint_2="ask for the single token 0, and for 0 and one more: is the second answer new?",
        )(always(lambda got, right: np.shape(right)[1] == 1 or one_place_late(got, right))),
        symptom(
            f"{stem}-oracle-not-shared-out",
            function,
            title="The chances of a position do not add up to 1.",
            hint="The chances of a position are shares of one whole.",
            hint_2="sum your answer over its last axis.",
        )(always(proportional)),
        symptom(
            f"{stem}-oracle-allows-the-illegal",
            function,
            title="Tokens have a chance that cannot come.",
            hint="What cannot follow has the chance 0.",
            hint_2="go along the example: at which position does a token too many have a chance?",
            case={"counting": "wrong/counting-oracle-allows-an-early-end"}.get(stem),
        )(
            always(
                lambda got, right: (
                    numbers(got, right)
                    and np.any((got > 1e-9) & (right == 0))
                    and np.all(got[right > 0] > 0)
                )
            )
        ),
        symptom(
            f"{stem}-oracle-forbids-the-legal",
            function,
            title="Tokens that may come have the chance 0.",
            hint="Whatever may follow has a chance above 0.",
            hint_2="go along the example: at which position is a token missing?",
            case={"games": "wrong/games-oracle-forbids-the-middle"}.get(stem),
        )(
            always(
                lambda got, right: (
                    numbers(got, right)
                    and np.any((got <= 1e-9) & (right > 0))
                    and np.all(got[right == 0] <= 1e-9)
                )
            )
        ),
        symptom(
            f"{stem}-oracle-in-other-shares",
            function,
            title="The right tokens may come, but their chances are others.",
            hint="The chances of a position add up to 1, and each is a share of what is possible.",
            hint_2="of what could still come, how much goes on with each token?",
        )(
            always(
                lambda got, right: (
                    numbers(got, right) and np.array_equal(np.asarray(got) > 1e-9, right > 0)
                )
            )
        ),
        symptom(
            f"{stem}-oracle-mixes-sequences",
            function,
            title="One sequence alone is answered rightly, several together are not.",
            hint="Every sequence begins anew; what is counted belongs to one of them.",
            hint_2="ask for two equal sequences: are their chances equal?",
        )(only_where(forgets_other_rows)),
    ]


COUNTING = of_any("counting_next", [0, 3, 10, 10, 10, 0, 2])
GRID = of_any("grid_next", [0, 1, 3, 2, 0], [[1, 2], [3, 4]], 4)
GRAMMAR = of_any("grammar_next", [0, 1, 2, 1, 2, 0, 2], 2)


@trials("counting_next", rows=("tokens",), steps=("tokens",))
def counted_lines(rng):
    for reverse, line in (
        *((False, [0]), (True, [0]), (False, [0, 1, 10, 0]), (True, [0, 10, 1, 0])),
        *((False, [0, 2, 10, 10, 0, 3, 10]), (True, [0, 10, 10, 2, 0, 10])),
        *((False, [0, 9, *[10] * 9, 0]), (True, [0, *[10] * 9, 9, 0])),
    ):
        yield {"tokens": np.array([line]), "reverse": reverse}
    for n, steps in ((1, 20), (3, 25)):
        for reverse in (False, True):
            tokens = counting_sequences(n, steps, int(rng.integers(1000)), reverse)
            yield {"tokens": tokens, "reverse": reverse}


def in_lines(tokens, reverse, chances, count=None):
    """The chances after every token, from the token and the characters left (or so far)."""
    answers = np.zeros((*tokens.shape, 11))
    for row, sequence in enumerate(tokens.tolist()):
        seen = 0
        for step, token in enumerate(sequence):
            seen = count(seen, token, reverse) if count else counted(seen, token, reverse)
            chances(answers[row, step], token, seen, reverse)
    return answers


def counted(seen, token, reverse):
    if token == CHARACTER:
        return seen + 1 if reverse else seen - 1
    return token


def chances_of(answer, token, seen, reverse, *, first=1, short=0, ending=None):
    """Write down the chances of one position.

    Args:
        first: the smallest digit that may begin a line.
        short: so many characters fewer are due.
        ending: the chance that a line of so many characters ends, in reverse.
    """
    if reverse and token == CHARACTER:
        seen = min(seen, DIGITS)
        answer[seen] = ending(seen) if ending else 1.0 / (DIGITS + 1 - seen)
        answer[CHARACTER] += 1.0 - answer[seen]
    elif reverse:
        answer[CHARACTER if token == NEW_LINE else NEW_LINE] = 1.0
    elif token == NEW_LINE:
        answer[first : DIGITS + 1] = 1.0 / (DIGITS + 1 - first)
    else:
        answer[CHARACTER if seen > short else NEW_LINE] = 1.0


COUNTS = {
    "hint": "A digit sets the counter, every character lowers it, and at 0 the line ends.",
    "hint_2": "after 0, 2, 10: how many characters are still to come?",
}


@misconception(
    "counting-oracle-one-short",
    "counting_next",
    title="The end of a line is due one character too early.",
    **COUNTS,
)
def oracle_one_short(tokens, reverse):
    def chances(answer, token, seen, reverse):
        chances_of(answer, token, seen, reverse, short=1)

    return in_lines(tokens, reverse, chances)


@misconception(
    "counting-oracle-one-long",
    "counting_next",
    title="The end of a line is due one character too late.",
    **COUNTS,
)
def oracle_one_long(tokens, reverse):
    def chances(answer, token, seen, reverse):
        chances_of(answer, token, seen, reverse, short=-1)

    return in_lines(tokens, reverse, chances)


@misconception(
    "counting-oracle-of-one-line",
    "counting_next",
    title="The counter is never set back, so only first lines are right.",
    hint="With every line the count begins anew.",
    hint_2="ask for a sequence of two lines: which line is wrong?",
    case="wrong/counting-oracle-of-one-line",
)
def never_set_back(tokens, reverse):
    def count(seen, token, reverse):
        if reverse:
            return min(seen + (token == CHARACTER), DIGITS)
        return seen - 1 if token == CHARACTER else seen + token + 1

    return in_lines(tokens, reverse, chances_of, count)


@misconception(
    "counting-oracle-in-one-direction",
    "counting_next",
    title="`reverse` changes nothing.",
    hint="In reverse the characters come before their digit.",
    hint_2="ask with reverse=True: what may follow the first 0?",
)
def one_direction(tokens, reverse):
    return in_lines(tokens, False, chances_of)


SHARE = {
    "hint": "After k characters the counts k to 9 are left, and all are equally likely.",
    "hint_2": "after 0, 10, 10: how many counts are left, and which share of them is 2?",
}


def by_ending(ending):
    """The oracle whose lines end, in reverse, with another chance after k characters."""
    return lambda tokens, reverse: in_lines(tokens, reverse, partial(chances_of, ending=ending))


OTHER_SHARES = [
    misconception(f"counting-oracle-{name}", "counting_next", title=title, **SHARE, case=case)(
        by_ending(ending)
    )
    for name, title, case, ending in (
        (
            "even-chances",
            "In reverse, going on and ending are taken for equally likely.",
            "wrong/counting-oracle-even-chances",
            lambda k: 0.5 if k < DIGITS else 1.0,
        ),
        (
            "one-ninth",
            "In reverse, every count ends with the chance 1/9, whatever has come before.",
            None,
            lambda k: 1.0 / DIGITS,
        ),
        (
            "without-the-count-itself",
            "In reverse, the count that is reached already is not among those that are left.",
            None,
            lambda k: 1.0 / max(DIGITS - k, 1),
        ),
        (
            "with-the-count-before",
            "In reverse, a count that has been passed is still among those that are left.",
            None,
            lambda k: 1.0 / (DIGITS + 2 - k) if k < DIGITS else 1.0,
        ),
        (
            "knows-no-greatest",
            "In reverse, a tenth character may come: nine is not known to be the greatest count.",
            None,
            lambda k: 1.0 / (DIGITS + 2 - k),
        ),
    )
]


DIGIT = {
    "hint": "After the end of a line any digit from 1 to 9 may come.",
    "hint_2": "sum the chances after 0, and count those above 0.",
}


@misconception(
    "counting-oracle-forbids-nine",
    "counting_next",
    title="After the end of a line, only the digits up to 8 may come.",
    **DIGIT,
    case="wrong/counting-oracle-forbids-nine",
)
def up_to_eight(tokens, reverse):
    def chances(answer, token, seen, reverse):
        chances_of(answer, token, seen, reverse)
        if token == NEW_LINE and not reverse:
            answer[1:10] = [1.0 / 8.0] * 8 + [0.0]

    return in_lines(tokens, reverse, chances)


@misconception(
    "counting-oracle-from-zero",
    "counting_next",
    title="After the end of a line, the end of the next may come at once.",
    **DIGIT,
)
def from_zero(tokens, reverse):
    def chances(answer, token, seen, reverse):
        chances_of(answer, token, seen, reverse, first=0)

    return in_lines(tokens, reverse, chances)


@trials("grammar_next", rows=("tokens",), steps=("tokens",))
def letters(rng):
    for longest, string in (
        *((2, [0]), (0, [0, 2, 1, 0]), (2, [0, 2, 1, 0]), (2, [0, 1, 2, 1, 2, 0])),
        *((2, [0, 1, 1, 2, 1, 2, 2, 0]), (3, [0, 1, 1, 2, 1, 2, 2, 0, 1, 2, 1, 2])),
    ):
        yield {"tokens": np.array([string]), "longest": longest}
    for n, steps, longest in ((1, 20, 3), (2, 24, 4), (2, 40, 10)):
        tokens = grammar_sequences(n, steps, int(rng.integers(1000)), longest)
        yield {"tokens": tokens, "longest": longest}


def in_strings(tokens, first, second=0):
    """The chances after every letter.

    Args:
        first: the chance that the second half begins, after so many letters a.
        second: so many letters b are due beyond the right number.
    """
    answers = np.zeros((*tokens.shape, 3))
    for row, sequence in enumerate(tokens.tolist()):
        string = []
        for step, token in enumerate(sequence):
            string = [*string, token] if token else []
            count = string.index(2) if 2 in string else len(string)
            written = len(string) - count
            if written == 0:
                answers[row, step, 1:] = 1.0 - first(count), first(count)
            elif written == 1:
                answers[row, step, 1] = 1.0
            else:
                answers[row, step, 2 if written < count + 2 + second else 0] = 1.0
    return answers


N = {
    "hint": "After k letters a, every n from k to longest is still possible, and equally likely.",
    "hint_2": "with longest=2, after the first a: which strings are left?",
}
SECOND = {
    "hint": "After ba come as many letters b as there were a; the b of ba is not one of them.",
    "hint_2": "after a, b, a: how many b are due, and what comes then?",
}


@misconception(
    "strings-oracle-knows-no-longest",
    "grammar_next",
    title="An a may follow even where n is as great as it can be.",
    **N,
    case="wrong/strings-oracle-knows-no-longest",
)
def no_longest(tokens, longest):
    return in_strings(tokens, lambda count: 1.0 / (longest + 2 - min(count, longest)))


@misconception(
    "strings-oracle-even-chances",
    "grammar_next",
    title="Going on with a and turning to b are taken for equally likely.",
    **N,
)
def even_letters(tokens, longest):
    return in_strings(tokens, lambda count: 0.5 if count < longest else 1.0)


@misconception(
    "strings-oracle-one-n-for-all",
    "grammar_next",
    title="The b of the middle has the same chance after any number of a.",
    **N,
)
def one_chance(tokens, longest):
    return in_strings(tokens, lambda count: 1.0 / (longest + 1))


@misconception(
    "strings-oracle-forbids-the-empty-middle",
    "grammar_next",
    title="The first letter of a string is always a: n = 0 is forgotten.",
    hint="n may be 0, and then the string is ba.",
    hint_2="what may come after 0?",
    case="wrong/strings-oracle-forbids-the-empty-middle",
)
def never_ba_alone(tokens, longest):
    return in_strings(tokens, lambda count: 1.0 / (longest + 1 - count) if count else 0.0)


@misconception(
    "strings-oracle-counts-the-middle",
    "grammar_next",
    title="The b of the middle is counted as one of the second half.",
    **SECOND,
)
def middle_counted(tokens, longest):
    return in_strings(tokens, lambda count: 1.0 / (longest + 1 - count), -1)


@misconception(
    "strings-oracle-one-b-too-many",
    "grammar_next",
    title="One b more is due than there were a.",
    **SECOND,
)
def one_b_more(tokens, longest):
    return in_strings(tokens, lambda count: 1.0 / (longest + 1 - count), 1)


@misconception(
    "strings-oracle-allows-an-early-end",
    "grammar_next",
    title="The end may come one letter early.",
    **SECOND,
    case="wrong/strings-oracle-allows-an-early-end",
)
def early_end(tokens, longest):
    right = in_strings(tokens, lambda count: 1.0 / (longest + 1 - count))
    early = in_strings(tokens, lambda count: 1.0 / (longest + 1 - count), -1)
    return (right + early) / 2.0


@misconception(
    "counting-oracle-any-digit-in-reverse",
    "counting_next",
    title="In reverse, any digit may come after a character, not that of the count.",
    hint="The digit says how many characters there were.",
    hint_2="after 0, 10, 10: which digit is the only one?",
)
def any_digit_in_reverse(tokens, reverse):
    def chances(answer, token, seen, reverse):
        chances_of(answer, token, seen, reverse)
        if reverse and token == CHARACTER:
            ends = answer[1:CHARACTER].sum()
            answer[1:CHARACTER] = ends / DIGITS

    return in_lines(tokens, reverse, chances)


@misconception(
    "strings-oracle-longest-is-a-length",
    "grammar_next",
    title="`longest` is taken for the length of a string, not for the greatest n.",
    **N,
)
def longest_as_length(tokens, longest):
    most = max((longest - 2) // 2, 0)
    return in_strings(tokens, lambda count: 1.0 / max(most + 1 - count, 1))


@misconception(
    "strings-oracle-longest-left-out",
    "grammar_next",
    title="The greatest n is not among those that are left.",
    **N,
)
def longest_left_out(tokens, longest):
    return in_strings(tokens, lambda count: 1.0 / max(longest - count, 1))


@misconception(
    "strings-oracle-forgets-the-count",
    "grammar_next",
    title="In the second half a further b and the end are taken for equally likely.",
    **SECOND,
)
def forgets_the_count(tokens, longest):
    answers = in_strings(tokens, lambda count: 1.0 / (longest + 1 - count))
    for row, sequence in enumerate(tokens.tolist()):
        string = []
        for step, token in enumerate(sequence):
            string = [*string, token] if token else []
            if 2 in string and len(string) - string.index(2) >= 2:
                answers[row, step] = 0.5, 0.0, 0.5
    return answers
