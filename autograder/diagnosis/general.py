"""Symptoms that any function with trials may show, the most telling first.

Those of a result's form are looked for before what a bundle declares, those of its numbers
where nothing else fits. Their words fit every function, so they say what results have in
common and leave the reason to the reader.
"""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

import numpy as np

from .declare import Misconception
from .relations import (
    accepts,
    apart_by_one_number,
    constant,
    factors,
    fewer,
    in_proportion,
    lengths,
    more,
    nearly,
    never_changes,
    of_several,
    other_error,
    other_kind_alone,
    other_number_of_parts,
    other_order,
    other_shape_alone,
    parts_turned_round,
    place_wrong,
    raises,
)
from .symptoms import (
    Tells,
    always,
    changed_by,
    close,
    numbers_in,
    only_where,
    part_wrong,
    related,
)

_Row: TypeAlias = tuple[str, Tells, str, str, str]
"""Name, predicate, title and the two hints."""
_EXAMPLE = "work the smallest example out by hand, and look for the first number that differs."


def of_form(function: str) -> list[Misconception]:
    """Symptoms of a result's form: where it is not right, its numbers say nothing."""
    return _declared(function, _FORM)


def of_numbers(function: str) -> list[Misconception]:
    """Symptoms of a result's numbers."""
    return _declared(function, _NUMBERS)


def _declared(function: str, table: list[_Row]) -> list[Misconception]:
    stem = function.replace("_", "-")
    return [
        Misconception(f"{stem}-results-{name}", function, title, hint, hint_2, tells=tells)
        for name, tells, title, hint, hint_2 in table
    ]


_FORM: list[_Row] = [
    (
        "gives-nothing",
        always(lambda got, right: got is None and right is not None),
        "Nothing is returned.",
        "A function without a return gives None.",
        "which value should stand after return, and is it reached on every way?",
    ),
    (
        "number-of-results",
        always(other_number_of_parts),
        "Another number of results comes back than the docstring lists.",
        "A function returns what its docstring lists, in that order.",
        "count the results after return, and those of the docstring.",
    ),
    (
        "results-turned-round",
        always(parts_turned_round),
        "The results come back in another order.",
        "A function returns what its docstring lists, in that order.",
        "compare the results after return with the docstring, one by one.",
    ),
    (
        "shape",
        always(other_shape_alone),
        "The numbers are right, the shape of the result is not.",
        "The docstring names the shape of the result.",
        "print the shape of what you return.",
    ),
    (
        "kind",
        always(other_kind_alone),
        "The values are right, their kind is not.",
        "The docstring says whether floats, integers or text are due.",
        "print the type, and the dtype, of what you return.",
    ),
]
_NUMBERS: list[_Row] = [
    (
        "raises",
        always(raises),
        "An error is raised on input that is allowed.",
        "The docstring says what a function must take.",
        "call the function with the example and read the last line of the error.",
    ),
    (
        "accepts",
        always(accepts),
        "What should be refused is accepted.",
        "The docstring says what must raise an error.",
        "call the function with the example: which condition does it break?",
    ),
    (
        "raises-another-error",
        always(other_error),
        "Another kind of error is raised than the docstring names.",
        "Who calls the function catches the error that the docstring names.",
        "compare the name of the error with the docstring's `Raises`.",
    ),
    (
        "never-changes",
        never_changes,
        "The same comes back whatever is handed over.",
        "A result must follow from the arguments.",
        "call the function with two inputs: which argument is never used?",
    ),
    (
        "sign",
        changed_by(lambda right: -right),
        "Every number has the opposite sign.",
        "Two differences of the same numbers have opposite signs: which is taken from which?",
        _EXAMPLE,
    ),
    (
        "complement",
        changed_by(lambda right: 1.0 - right),
        "One minus the right result comes back.",
        "What is counted, or named 1, is the other of two cases.",
        _EXAMPLE,
    ),
    (
        "factor",
        constant(factors),
        "Everything is right but for a constant factor.",
        "A number multiplies the result that the formula does not have, or one is missing.",
        "divide your result by the expected one: where does this number come from?",
    ),
    (
        "offset",
        constant(lambda got, right: got - right),
        "Everything is right but for a constant that is added.",
        "A number is added to the result that the formula does not have, or one is missing.",
        "subtract the expected result from yours: where does this number come from?",
    ),
    (
        "transposed",
        always(lambda got, right: np.ndim(right) == 2 and close(np.transpose(got), right)),
        "Rows and columns have changed places.",
        "The docstring names the shape of the result.",
        "print the result beside its shape, for an input that is not square.",
    ),
    (
        "without-signs",
        related(lambda got, right: close(np.abs(got), np.abs(right))),
        "All sizes are right, but some signs are not.",
        "Something turns a sign, or takes one away: an absolute value, a square, a difference.",
        _EXAMPLE,
    ),
    (
        "cut-off",
        changed_by(lambda right: np.maximum(right, 0.0)),
        "Negative results are cut off at 0.",
        "Nothing in the formula limits the result.",
        _EXAMPLE,
    ),
    (
        "limited",
        changed_by(lambda right: np.clip(right, 0.0, 1.0)),
        "Results are limited to the range from 0 to 1.",
        "Nothing in the formula limits the result.",
        _EXAMPLE,
    ),
    (
        "limited-to-one",
        changed_by(lambda right: np.clip(right, -1.0, 1.0)),
        "Results are limited to the range from -1 to 1.",
        "Nothing in the formula limits the result.",
        _EXAMPLE,
    ),
    *(
        (
            f"rounded-to-{places}",
            changed_by(partial(np.round, decimals=places)),
            f"Results are rounded to {places or 'no'} decimals.",
            "Rounding is for people who read numbers; who computes with them needs them all.",
            "look for round, int, format or // on the way to your result.",
        )
        for places in range(4)
    ),
    (
        "square",
        changed_by(lambda right: right**2),
        "The square of the right result comes back.",
        "A square is taken once too often, or a root is missing.",
        _EXAMPLE,
    ),
    (
        "root",
        changed_by(lambda right: np.sqrt(np.abs(right))),
        "The square root of the right result comes back.",
        "A root is taken that the formula does not have.",
        _EXAMPLE,
    ),
    (
        "proportions",
        of_several(related(in_proportion)),
        "The direction of the result is right, its size is not: a factor varies with the input.",
        "Is something divided by a length, a largest value or a number of samples?",
        "divide your result by the expected one, for two inputs: what is the factor made of?",
    ),
    (
        "shifted-values",
        of_several(related(apart_by_one_number)),
        "All numbers are off by the same amount, which varies with the input.",
        "The same term is added to all of them, or missing from all: a bias, a mean, a largest?",
        "subtract the expected result from yours, for two inputs: what is the rest made of?",
    ),
    (
        "reversed",
        of_several(related(lambda got, right: close(got[::-1], right))),
        "The numbers are right, but stand in the reverse order.",
        "Result i belongs to input i.",
        _EXAMPLE,
    ),
    (
        "shifted-by-a-place",
        of_several(
            related(lambda got, right: any(close(np.roll(got, by), right) for by in (1, -1)))
        ),
        "The numbers are right, but stand one place off.",
        "Result i belongs to input i.",
        _EXAMPLE,
    ),
    (
        "another-order",
        of_several(related(other_order)),
        "The numbers are right, but stand in another order.",
        "Result i belongs to input i.",
        _EXAMPLE,
    ),
    (
        "nearly-right",
        related(nearly),
        "Results are nearly right, but off by a little: something small is added or lost.",
        "Rounding, a small constant against division by zero, a penalty, or few steps of a search?",
        "look for small constants such as 1e-3 in your code, and for round.",
    ),
    *(
        (
            f"only-result-{number + 1}-wrong",
            part_wrong(number),
            f"Of the results, only the {name} is wrong.",
            "The others are right, so what they share is right as well.",
            f"which lines does only the {name} result come from?",
        )
        for number, name in enumerate(("first", "second", "third"))
    ),
    (
        "only-the-last-wrong",
        place_wrong(lambda n: n - 1),
        "Only the last number of the result is wrong.",
        "A loop or a slice ends one too early or too late, or an end is treated apart.",
        _EXAMPLE,
    ),
    (
        "only-the-first-wrong",
        place_wrong(lambda _: 0),
        "Only the first number of the result is wrong.",
        "A loop or a slice begins one too late, or the beginning is treated apart.",
        _EXAMPLE,
    ),
    (
        "several-rows-wrong",
        only_where(lambda given: max(lengths(given), default=0) > 1),
        "One row alone is answered rightly, several together are not.",
        "Each row has a result of its own, whatever else is handed over with it.",
        "compare two rows together with each of them alone.",
    ),
    (
        "single-row-wrong",
        only_where(lambda given: max(lengths(given), default=2) == 1),
        "Several rows are answered rightly, one row alone is not.",
        "One row is an input like any other.",
        "call the function with the first row of a larger input.",
    ),
    *(
        (f"wrong-with-{name}", only_where(condition), title, hint, _EXAMPLE)
        for name, condition, title, hint in (
            (
                "negative-numbers",
                lambda given: any(n < 0 for n in numbers_in(given)),
                "Results are wrong only where an input is negative.",
                "Nothing in the docstring limits inputs to positive numbers.",
            ),
            (
                "fractions",
                lambda given: any(n != round(n) for n in numbers_in(given)),
                "Results are right for whole numbers only.",
                "Nothing in the docstring limits inputs to whole numbers.",
            ),
            (
                "large-numbers",
                lambda given: any(abs(n) > 1 for n in numbers_in(given)),
                "Results are wrong only where an input is larger than 1.",
                "Nothing in the docstring limits inputs to numbers from -1 to 1.",
            ),
            (
                "zeros",
                lambda given: any(n == 0 for n in numbers_in(given)),
                "Results are wrong only where an input holds a zero.",
                "A zero is a number, and not a missing one.",
            ),
        )
    ),
    (
        "fewer-numbers",
        always(fewer),
        "Fewer numbers come back than are due.",
        "The docstring names the shape of the result.",
        "print the shape of what you return: what is left out?",
    ),
    (
        "more-numbers",
        always(more),
        "More numbers come back than are due.",
        "The docstring names the shape of the result.",
        "print the shape of what you return: over which axis is something still to be summed?",
    ),
]
