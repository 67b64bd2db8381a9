"""What a check demands of a result: the `expect` fixture.

Every method raises `CheckFailure` with a reason from a closed list and with
details (given, got, expected, shape) that stay out of a student's sight when
the check is a hidden one.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from .failures import CheckFailure, ForPerson, NotAttempted, Reason, StudentError
from .values import Handle

Given = Mapping[str, object]
Result = TypeVar("Result")
KINDS = {"float": "fiub", "integer": "iub", "bool": "b"}
"""Which numpy dtype kinds pass for which word: whole numbers are numbers too."""
DISPLAY_LIMIT = 1200
DISPLAY = reprlib.Repr()
"""Shows the beginning of a value, however large it is."""
DISPLAY.maxlist = DISPLAY.maxtuple = DISPLAY.maxdict = 40
DISPLAY.maxstring = DISPLAY.maxother = DISPLAY_LIMIT


class Expect:
    """Assertions on results, with messages a student can act on."""

    def close(
        self,
        got: object,
        expected: object,
        *,
        given: Given | None = None,
        what: str = "",
        atol: float = 1e-5,
    ) -> None:
        """Demand numbers of the expected shape within `atol`, wide enough for single precision.

        Args:
            got: a number, list or array from the student's code.
            expected: what it must be, as anything numpy makes an array of.
            given: the inputs, by name, for the message.
            what: which part of a result this is, for the message.
            atol: largest difference, absolute and relative.
        """
        wanted = np.asarray(expected, dtype=float)
        array = self.array(got, shape=wanted.shape, given=given, what=what, expected=wanted)
        reason = None
        if not np.all(np.isfinite(array)):
            reason = Reason.NOT_FINITE
        elif not np.allclose(array, wanted, rtol=atol, atol=atol):
            reason = Reason.VALUE
        if reason is not None:
            raise CheckFailure(reason, "", _details(given, got, wanted, what))

    def equal(
        self,
        got: object,
        expected: object,
        *,
        given: Given | None = None,
        what: str = "",
    ) -> None:
        """Demand exactly the expected whole numbers, text or lists of them."""
        if isinstance(expected, (str, bool, type(None))) or isinstance(got, str):
            if type(got) is not type(expected):
                raise CheckFailure(Reason.TYPE, "", _details(given, got, expected, what))
            same = got == expected
        else:
            wanted = np.asarray(expected)
            array = self.array(
                got, shape=wanted.shape, kind="integer", given=given, what=what, expected=wanted
            )
            same = bool(np.array_equal(array, wanted))
            expected = wanted
        if not same:
            raise CheckFailure(Reason.VALUE, "", _details(given, got, expected, what))

    def array(
        self,
        got: object,
        *,
        shape: tuple[int | None, ...] | None = None,
        kind: str = "float",
        given: Given | None = None,
        what: str = "",
        expected: object = None,
    ) -> np.ndarray:
        """Demand numbers, and return them as an array.

        Args:
            shape: the shape due; None stands for any size of that dimension.
            kind: `float` (any numbers; True and False are 1 and 0), `integer` or `bool`.
            given, what, expected: for the message; see `close`.
        """
        reason, note = None, ""
        array = np.empty(0)
        if isinstance(got, Handle):
            reason = Reason.HANDLE
        elif got is None:
            reason, note = Reason.TYPE, "\nIs a `return` missing?"
        elif not _only_numbers(got):
            reason = Reason.TYPE
        else:
            try:
                array = np.asarray(got)
            except ValueError:  # rows of different lengths
                reason = Reason.SHAPE
        if reason is None and array.dtype.kind not in "biuf":
            reason = Reason.TYPE
        if reason is None and shape is not None and not _shape_fits(array.shape, shape):
            reason = Reason.SHAPE
        if reason is None and array.dtype.kind not in KINDS[kind]:
            reason = Reason.DTYPE
        if reason is Reason.SHAPE and shape is not None and expected is None:
            note = f"\nexpected  shape ({', '.join('any' if s is None else str(s) for s in shape)})"
        if reason is not None:
            raise CheckFailure(reason, details=_details(given, got, expected, what) + note)
        return array.astype(int) if kind == "float" and array.dtype == bool else array

    def parts(self, got: object, names: tuple[str, ...]) -> list[Any]:
        """Demand several results, in this order, and return them."""
        if isinstance(got, np.ndarray) and got.ndim == 1:
            got = list(got)  # several numbers may come as an array
        if not isinstance(got, (tuple, list)) or len(got) != len(names):
            declared = f"{len(names)} results are due, in this order: {', '.join(names)}."
            raise CheckFailure(Reason.SHAPE, declared, _details(None, got, None))
        return list(got)

    def mapping(self, got: object, keys: tuple[str, ...]) -> dict[str, Any]:
        """Demand a dict that has these keys, and return it."""
        if not isinstance(got, dict):
            raise CheckFailure(Reason.TYPE, details=_details(None, got, f"a dict with {keys}"))
        missing = [key for key in keys if key not in got]
        if missing:
            raise CheckFailure(Reason.VALUE, details=f"got keys {list(got)}, missing {missing}")
        return got

    def text(self, got: object) -> str:
        """Demand text, and return it."""
        if not isinstance(got, str):
            raise CheckFailure(Reason.TYPE, details=_details(None, got, "text (a str)"))
        return got

    def that(
        self, holds: object, declared: str, *, given: Given | None = None, got: object = None
    ) -> None:
        """Demand that a property holds; `declared` is what the student reads if it does not."""
        if not holds:
            details = _details(given, got, None) if given or got is not None else ""
            raise CheckFailure(Reason.STATEMENT, declared, details)

    def raises(
        self, name: str, call: Callable[[], object], *, given: Given | None = None
    ) -> StudentError:
        """Demand that student code raises the built-in exception of that name."""
        try:
            got = call()
        except StudentError as error:
            if error.name == name:
                return error
            if error.name == "NotImplementedError":
                raise  # a stub, not a wrong error
            details = _details(given, f"{error} in {error.where}", name)
            raise CheckFailure(Reason.WRONG_ERROR, details=details) from None
        raise CheckFailure(Reason.NO_ERROR, details=_details(given, got, name))

    def first_good(
        self, run: Callable[[int], Result], seeds: Iterable[int], good: Callable[[Result], Any]
    ) -> Result:
        """The first run that is good, else the last: how every check that trains decides.

        Chance may spoil a run of right code, and a good run shows what the code can do. So
        runs are made one after the other, each from its own seed; one good run decides for
        the code, and only n bad ones, as many as there are seeds, decide against it. Right
        code whose runs are good with chance p fails with chance (1 - p)^n: for p = 0.98
        that is 0.04% with two seeds and 0.0008% with three. Wrong code whose runs are good
        with chance r passes with chance 1 - (1 - r)^n, so what is good must be out of reach
        for it: 2% becomes 4% with two seeds. Right code nearly always needs one run only.

        Args:
            run: takes a seed; does a fixed number of updates, never a fixed time.
            seeds: at least one.
            good: whether a run's result decides for the code.
        """
        for seed in seeds:
            result = run(seed)
            if good(result):
                break
        return result

    def attempted(self, holds: object, declared: str) -> None:
        """Say that there is nothing to check yet unless `holds`."""
        if not holds:
            raise NotAttempted(declared)

    def machine(self, holds: object, declared: str) -> None:
        """Say that a person must look, and nothing is lost until then, unless `holds`."""
        if not holds:
            raise ForPerson(declared)


def _shape_fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(
        want is None or size == want for size, want in zip(shape, wanted, strict=True)
    )


def _details(given: Given | None, got: object, expected: object, what: str = "") -> str:
    rows = [("given     " + name + " = ", value) for name, value in (given or {}).items()]
    part = f"{what} = " if what else ""
    rows.append((f"got       {part}", got))
    if expected is not None:
        rows.append((f"expected  {part}", expected))
    return "\n".join(_row(label, value) for label, value in rows)


def _row(label: str, value: object) -> str:
    """A label and its value, the value's further lines below its first."""
    if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0:
        value = value.item()
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=6, threshold=60, separator=", ")
    else:
        text = value if isinstance(value, str) else DISPLAY.repr(value)
    text = text if len(text) <= DISPLAY_LIMIT else text[:DISPLAY_LIMIT] + " …"
    return label + text.replace("\n", "\n" + " " * len(label)) + _shape_note(value)


def _only_numbers(value: object) -> bool:
    """Whether a value is numbers, or lists of them; numpy would make an array of anything."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (list, tuple)):
            waiting += item
        elif isinstance(item, Handle):
            raise CheckFailure(Reason.HANDLE, details=f"got {item!r} inside the result")
        elif not isinstance(item, (bool, int, float, np.ndarray, np.generic)):
            return False
    return True


def _shape_note(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"   (array of shape {value.shape}, {value.dtype})"
    if isinstance(value, (list, tuple)):
        return f"   ({type(value).__name__} of length {len(value)})"
    return ""
