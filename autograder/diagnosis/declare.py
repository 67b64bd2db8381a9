"""How a bundle declares misconceptions: in plain modules below `tests/diagnoses/`.

    @trials("value_range", rows=("values",), numbers=("values",))
    def samples(rng):
        yield {"values": np.array([0.0, 1.0])}
        ...

    @misconception("sign-turned", "value_range", title="...", hint="...", hint_2="...")
    def smallest_minus_largest(values):
        return float(np.min(values) - np.max(values))

`trials` says on which inputs a declared function is tried, from small to larger. A
misconception is a wrong implementation of that function: whoever gets its results where
the right ones differ is thought to hold it. Where results cannot be compared with those
of another implementation, `behaviour` declares a small experiment instead, and `pattern`
a list of checks that fail beside checks that pass. Nobody can list all mistakes: where no
implementation agrees, a `symptom` says what wrong results have in common; `symptoms` has
the parts of which most are made.

Inputs are of the kind that public checks use, since students read them. Their code is
tried in a process that never meets a hidden input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Given: TypeAlias = dict[str, Any]
"""The arguments of one trial by name, in the order of the function's parameters."""
Call: TypeAlias = Callable[[], object]
"""What calls the student's function with them."""


@dataclass(frozen=True)
class Trials:
    """Inputs on which one declared function is tried.

    Attributes:
        function: its name.
        make: called with the student's functions and a generator of random numbers; gives
            each trial's arguments and the call that tries them.
        right: the right implementation; None for the reference's.
        rows: arguments that share their first axis, so that one row less is still an input.
        steps: arguments that share their second axis, whose end may be cut off as well.
        numbers: arguments of floats, of which any others would do as well.
        shown: arguments that a counterexample shows; None for all.
        tolerance: largest difference, absolute and relative, that is none.
        exact_types: whether a float64 differs from an integer of the same value.
        view: what of a result is compared, where more than one wording is right.
        plain: whether the function is called with just these arguments.
    """

    function: str
    make: Callable[[Any, np.random.Generator], Iterable[tuple[Given, Call | None]]]
    right: Callable[..., object] | None = None
    rows: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    shown: tuple[str, ...] | None = None
    tolerance: float = 1e-5
    exact_types: bool = False
    view: Callable[[Any], object] = lambda result: result
    plain: bool = True


@dataclass(frozen=True)
class Seen:
    """One trial: what a student's function gave, beside what is right, both as compared."""

    given: Given
    got: Any
    right: Any
    wrong: bool


@dataclass(frozen=True)
class Misconception:
    """What a student may think, and how it shows.

    Attributes:
        id: unique in the bundle.
        function: the declared function, or constant, in which it shows.
        title: what is wrong, in a line.
        hint: points to the idea.
        hint_2: says what to compare; the handout's section stands before it.
        section: of the handout; None for the function's own.
        case: the case of the corpus that holds it. What must fail there is what it explains.
        gives: the wrong implementation, if it shows in results.
        shows: called with the student's functions; whether they behave so.
        tells: called with all trials, of which some are wrong; whether they look so.
        fails, passes, out_of_time: checks that do so, where nothing else can be looked at.
    """

    id: str
    function: str
    title: str
    hint: str
    hint_2: str
    section: str | None = None
    case: str | None = None
    gives: Callable[..., object] | None = None
    shows: Callable[[Any], object] | None = None
    tells: Callable[[Sequence[Seen]], object] | None = None
    fails: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    out_of_time: tuple[str, ...] = ()

    @property
    def is_pattern(self) -> bool:
        """Whether it is told by its checks alone."""
        return self.gives is None and self.shows is None and self.tells is None

    @property
    def vagueness(self) -> int:
        """What says less about the mistake is named after what says more."""
        return 2 if self.tells is not None else int(self.is_pattern)


def trials(
    function: str, **options: Any
) -> Callable[[Callable[[np.random.Generator], Iterable[Given]]], Trials]:
    """Declare inputs of a function: a generator of arguments, from small to larger.

    Args:
        options: `right`, `rows`, `steps`, `numbers`, `shown`, `tolerance`, `exact_types`, `view` of
            `Trials`.
    """

    def declare(inputs: Callable[[np.random.Generator], Iterable[Given]]) -> Trials:
        def make(_: object, rng: np.random.Generator) -> Iterable[tuple[Given, None]]:
            return ((given, None) for given in inputs(rng))

        return Trials(function, make, **options)

    return declare


def observed(
    function: str, **options: Any
) -> Callable[[Callable[[Any, np.random.Generator], Iterable[tuple[Given, Call]]]], Trials]:
    """Declare trials of a function that needs objects of the student's, such as a model.

    The generator gets the student's functions and gives pairs: what the right and the wrong
    implementations are called with, and a call that gives the student's result.
    """

    def declare(
        make: Callable[[Any, np.random.Generator], Iterable[tuple[Given, Call]]],
    ) -> Trials:
        return Trials(function, make, **options, plain=False)

    return declare


def misconception(
    identifier: str, function: str, **about: Any
) -> Callable[[Callable[..., object]], Misconception]:
    """Declare a wrong implementation of a function."""
    return lambda gives: Misconception(identifier, function, **about, gives=gives)


def behaviour(
    identifier: str, function: str, **about: Any
) -> Callable[[Callable[[Any], object]], Misconception]:
    """Declare an experiment on the student's functions that says whether they behave so."""
    return lambda shows: Misconception(identifier, function, **about, shows=shows)


def symptom(
    identifier: str, function: str, **about: Any
) -> Callable[[Callable[[Sequence[Seen]], object]], Misconception]:
    """Declare what wrong results have in common; the first that holds is named.

    It is looked for where no wrong implementation gives these results, after the behaviours
    that are declared before it.
    """
    return lambda tells: Misconception(identifier, function, **about, tells=tells)


def pattern(
    identifier: str,
    function: str,
    *,
    fails: Iterable[str] = (),
    passes: Iterable[str] = (),
    out_of_time: Iterable[str] = (),
    **about: Any,
) -> Misconception:
    """Declare checks that fail or run out of time, while others pass."""
    return Misconception(
        identifier,
        function,
        **about,
        fails=tuple(fails),
        passes=tuple(passes),
        out_of_time=tuple(out_of_time),
    )
