"""Part B: what students get wrong in the line of text that shows a plane."""

import re

import numpy as np
from linear_estimator import (
    linear_formula,
)

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where


@trials("linear_formula", numbers=())
def formulas(rng):
    names = ("A1", "A2")
    for weights, bias in (
        ([1.0, 1.0], 0.0),
        ([1.0, -1.0], 1.0),
        ([0.25, -1.5], 0.5),
        ([0.5, 0.5], -0.5),
        ([-1e-7, 1e-7], 0.5),
        ([1.0, 2.0], -1e-9),
        ([-0.0004, 1.0], -0.004),
        ([0.0, 1.0], 0.5),
    ):
        for decimals in (3, 2):
            yield {"weights": weights, "bias": bias, "names": names, "decimals": decimals}
    three = {"weights": [1.0, 1.0, -2.0], "bias": 0.0}
    yield {**three, "names": ("A1", "A2", "A1*A2"), "decimals": 3}
    yield {**three, "names": ("u", "v", "w"), "decimals": 1}


SIGNS = {
    "hint": "A formula is read by people, who write a minus once, and none before a zero.",
    "hint_2": "format -1.5 and -0.0000001 with your code, and look at the signs.",
}


@misconception(
    "formula-plus-minus",
    "linear_formula",
    title="A negative number follows a plus.",
    **SIGNS,
    case="wrong/formula-plus-minus",
)
def plus_minus(weights, bias, names, decimals):
    return linear_formula(weights, bias, names, decimals).replace("- ", "+ -")


@misconception(
    "formula-with-negative-zero",
    "linear_formula",
    title="Rounding noise leaves a minus sign in front of zero.",
    **SIGNS,
    case="wrong/formula-with-negative-zero",
)
def negative_zero(weights, bias, names, decimals):
    terms = [f"{value:.{decimals}f}" for value in (*weights, bias)]
    products = [f"{term}*{name}" for term, name in zip(terms[:-1], names, strict=True)]
    return ("Z = " + " + ".join([*products, terms[-1]])).replace("+ -", "- ")


@misconception(
    "formula-both-signs",
    "linear_formula",
    title="Signs stand as they are: a plus before a minus, and a minus before a zero.",
    **SIGNS,
)
def both_signs(weights, bias, names, decimals):
    return negative_zero.gives(weights, bias, names, decimals).replace("- ", "+ -")


@misconception(
    "formula-with-fixed-decimals",
    "linear_formula",
    title="Three decimals, whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare your formula for decimals 3 and 2.",
    case="wrong/formula-with-fixed-decimals",
)
def three_decimals(weights, bias, names, decimals):
    return linear_formula(weights, bias, names, 3)


@misconception(
    "formula-with-fixed-names",
    "linear_formula",
    title="The columns are always called A1, A2, A3.",
    hint="Every argument of a function should matter.",
    hint_2="compare your formula with names A1, A2 and with u, v.",
    case="wrong/formula-with-fixed-names",
)
def fixed_names(weights, bias, names, decimals):
    return linear_formula(weights, bias, ("A1", "A2", "A3")[: len(weights)], decimals)


@misconception(
    "formula-without-bias",
    "linear_formula",
    title="The formula forgets the bias.",
    hint="Every number of the model stands in its formula.",
    hint_2="compare your formula for a bias of 0.5 with the docstring's example.",
)
def formula_without_bias(weights, bias, names, decimals):
    return linear_formula(weights, bias, names, decimals).rpartition(" ")[0].rstrip(" +-")


@misconception(
    "formula-with-the-bias-first",
    "linear_formula",
    title="The bias stands before the products.",
    hint="The order is that of the docstring: the products, then the bias.",
    hint_2="compare your formula with the one in the docstring, sign by sign.",
)
def bias_first_in_the_formula(weights, bias, names, decimals):
    text = linear_formula([bias, *weights], 0.0, ("@", *names), decimals)
    return text.replace("*@", "").rpartition(" + ")[0]


@misconception(
    "formula-rounds-only-noise",
    "linear_formula",
    title="Only tiny numbers lose their minus, not all that round to zero.",
    hint="Whether a number stands as zero depends on the decimals.",
    hint_2="format -0.0004 with 3 decimals, and look at the sign.",
)
def only_noise_is_zero(weights, bias, names, decimals):
    quiet = [0.0 if abs(value) < 1e-6 else value for value in (*weights, bias)]
    return negative_zero.gives(quiet[:-1], quiet[-1], names, decimals)


@misconception(
    "formula-without-zero-terms",
    "linear_formula",
    title="Terms whose weight is zero are left out.",
    hint="Every number of the model stands in its formula, a zero as well.",
    hint_2="format the weights 0 and 1.",
)
def without_zero_terms(weights, bias, names, decimals):
    kept = [(w, name) for w, name in zip(weights, names, strict=True) if round(w, decimals)]
    return linear_formula([w for w, _ in kept], bias, [name for _, name in kept], decimals)


@misconception(
    "formula-without-trailing-zeros",
    "linear_formula",
    title="Numbers are rounded, but not padded to the decimals.",
    hint="round() gives a number; how many digits stand is a matter of formatting.",
    hint_2="format 0.5 with 3 decimals: it reads 0.500.",
)
def without_trailing_zeros(weights, bias, names, decimals):
    text = linear_formula(weights, bias, names, decimals)
    return re.sub(r"(\.\d+?)0+(?!\d)", r"\1", text)


@misconception(
    "formula-without-names",
    "linear_formula",
    title="The names of the columns are missing.",
    hint="Each weight stands before the name of its column.",
    hint_2="compare your formula with the one in the docstring, sign by sign.",
)
def without_names(weights, bias, names, decimals):
    text = linear_formula(weights, bias, ["@"] * len(names), decimals)
    return text.replace("*@", "")


@misconception(
    "formula-name-before-weight",
    "linear_formula",
    title="The name stands before its weight.",
    hint="The order is that of the docstring: weight*name.",
    hint_2="compare your formula with the one in the docstring, sign by sign.",
)
def names_first(weights, bias, names, decimals):
    text = linear_formula(weights, bias, names, decimals)
    return re.sub(r"([\d.]+)\*(\S+)", r"\2*\1", text)


def as_written(formula):
    """The numbers of a formula in order, and what stands between them."""
    text = "".join(str(formula).split())
    numbers = [float(number) for number in re.findall(r"[-+]?\d+\.?\d*(?![\w(])", text)]
    return numbers, re.sub(r"[-+]?\d+\.?\d*(?![\w(])", "#", text)


def compared(relation):
    """What a relation says of numbers and words, as they came and as they are due."""

    def tells(seen):
        wrong = [one for one in seen if one.wrong]
        return all(relation(*as_written(one.got), *as_written(one.right)) for one in wrong)

    return tells


LINE = {
    "hint": "The docstring shows the line, character by character.",
    "hint_2": "write the docstring's example with your code, and lay both lines over each other.",
}


def written_out(got, _, right, __):
    return len(got) == len(right) and np.allclose(got, right, atol=0.06)


WRONG_LINES = [
    symptom(
        "formula-sizes-right",
        "linear_formula",
        title="The sizes of the numbers are right, some of their signs are not.",
        **SIGNS,
    )(
        compared(
            lambda got, _, right, __: (
                len(got) == len(right)
                and np.allclose(np.abs(got), np.abs(right), atol=1e-6)
                and not np.allclose(got, right)
            )
        )
    ),
    symptom(
        "formula-words-alone-wrong",
        "linear_formula",
        title="The numbers are right, what stands around them is not: Z, names, stars or signs.",
        **LINE,
    )(compared(lambda got, _, right, __: len(got) == len(right) and np.allclose(got, right))),
    symptom(
        "formula-rounds-otherwise",
        "linear_formula",
        title="The numbers are nearly right: they are rounded, cut off or padded in another way.",
        hint="Every number has `decimals` digits after the point, rounded and padded with zeros.",
        hint_2="write 0.25 and -0.0004 with 1, 2 and 3 decimals.",
    )(compared(written_out)),
    symptom(
        "formula-of-fewer-terms",
        "linear_formula",
        title="Terms are missing from the formula.",
        hint="Every column has a term, also where its weight is 0, and the bias stands last.",
        hint_2="write a formula of three columns, one weight of which is 0.",
    )(compared(lambda got, _, right, __: len(got) < len(right))),
    symptom(
        "formula-wrong-near-zero",
        "linear_formula",
        title="Only formulas with a number that is zero, or rounds to zero, are wrong.",
        **SIGNS,
    )(only_where(lambda given: np.min(np.abs([*given["weights"], given["bias"]])) < 0.01)),
    symptom(
        "formula-wrong-for-other-columns",
        "linear_formula",
        title="Only formulas with other columns than A1 and A2 are wrong.",
        hint="`names` holds the names of the columns, however many.",
        hint_2="write a formula of the columns u, v and w.",
    )(only_where(lambda given: tuple(given["names"]) != ("A1", "A2"))),
]
