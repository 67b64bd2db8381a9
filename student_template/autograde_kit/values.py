"""What may cross between student code and checks, and what it looks like after.

None, bool, int, float, str, list, tuple, dict with string keys, numpy arrays
and scalars, and torch tensors cross as plain copies (a tensor arrives as an
array). Anything else stays where it is, and a `Handle` crosses in its place:
it can be passed back to student code and nothing more.

Inputs are copied on the way in, so student code can never change a check's own
arrays; results are rebuilt from built-in types on the way out, so a subclass
with a clever `__eq__` arrives as the plain value it is made of.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any, NoReturn

import numpy as np

from .failures import CheckFailure, Reason

MAX_DEPTH = 24
MAX_ITEMS = 200_000
MAX_ARRAYS = 4096
MAX_TEXT = 200_000
MAX_INT_BITS = 1024
MAX_ARRAY_BYTES = 64 * 2**20
MAX_SHAPE = (8, 10**8)
"""Most dimensions of an array, and the longest one."""
ARRAY_KINDS = "biuf"
"""numpy dtype kinds that cross: bool, signed and unsigned integers, floats."""


class Unsendable(ValueError):
    """A value is too deep, too large or of a kind that cannot cross."""


class Handle:
    """Stands for an object that stays in the student's process, such as a model."""

    __slots__ = ("_kind", "_number")

    def __init__(self, number: int, kind: str) -> None:
        self._number = number
        self._kind = kind

    @property
    def number(self) -> int:
        """The key under which the student's process keeps the object."""
        return self._number

    @property
    def kind(self) -> str:
        """The object's type name, for messages."""
        return self._kind

    def __repr__(self) -> str:
        return f"<an object of your code: {self._kind}>"

    def _misused(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise CheckFailure(
            Reason.HANDLE,
            details=f"got {self!r}; only plain numbers, text, lists and arrays can be looked into",
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # protocols probe for these; "no" is the honest answer
            raise AttributeError(name)
        self._misused()

    __call__ = __getitem__ = __iter__ = __len__ = __float__ = __int__ = __array__ = _misused


class Crossing:
    """Turns values into their crossing form and back, keeping objects behind handles."""

    def __init__(self) -> None:
        self._objects: dict[int, object] = {}
        self._count = self._arrays = 0

    def outward(self, value: object) -> Any:
        """The form in which a result reaches the check.

        Raises:
            Unsendable: the value is too deep, too large, or holds itself.
        """
        self._count = self._arrays = 0
        return self._outward(value, 0)

    def inward(self, value: object) -> Any:
        """A fresh copy of a check's input, with handles replaced by their objects.

        Raises:
            Unsendable: a handle is of an earlier check.
        """
        if isinstance(value, Handle):
            try:
                return self._objects[value.number]
            except KeyError:
                raise Unsendable("this object belongs to an earlier check") from None
        if isinstance(value, list):
            return [self.inward(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self.inward(item) for item in value)
        if isinstance(value, dict):
            return {key: self.inward(item) for key, item in value.items()}
        if isinstance(value, np.ndarray):
            return value.copy()
        return value

    def forget(self) -> None:
        """Drop every kept object; handles live for one check."""
        self._objects.clear()

    def keep(self, value: object, kind: str = "") -> Handle:
        """Leave an object where it is, and a handle in its place."""
        number = len(self._objects) + 1
        self._objects[number] = value
        return Handle(number, (kind or type(value).__name__)[:60])

    def _outward(self, value: object, depth: int) -> Any:
        self._count += 1
        if depth > MAX_DEPTH:
            raise Unsendable(f"the result is nested more than {MAX_DEPTH} deep")
        if self._count > MAX_ITEMS:
            raise Unsendable(f"the result has more than {MAX_ITEMS} parts")
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(value)
        if _is_tensor(value):
            return self._array(_tensor_to_array(value))
        if value is None or isinstance(value, (bool, int, float, str)):
            return _scalar(value)
        if isinstance(value, list):
            return [self._outward(item, depth + 1) for item in list.__iter__(value)]
        if isinstance(value, tuple):
            return tuple(self._outward(item, depth + 1) for item in tuple.__iter__(value))
        if isinstance(value, dict) and all(isinstance(key, str) for key in dict.keys(value)):
            pairs = dict.items(value)
            return {_scalar(key): self._outward(item, depth + 1) for key, item in pairs}
        return self.keep(value)

    def _array(self, value: np.ndarray | np.generic) -> Any:
        self._arrays += 1
        if self._arrays > MAX_ARRAYS:
            raise Unsendable(f"the result holds more than {MAX_ARRAYS} arrays")
        array = np.array(value, copy=True, subok=False)
        if array.dtype.kind == "O" or array.dtype.itemsize > 8:
            with contextlib.suppress(TypeError, ValueError):  # numbers in an odd wrapping
                array = array.astype(float) if array.dtype.kind in "fO" else array
        if array.dtype.kind not in ARRAY_KINDS or array.dtype.itemsize > 8:
            return self.keep(value, f"{type(value).__name__} of dtype {array.dtype}")
        if array.nbytes > MAX_ARRAY_BYTES:
            raise Unsendable(f"the array has more than {MAX_ARRAY_BYTES} bytes")
        if not shape_is_sane(array.shape):
            raise Unsendable("the array has an absurd shape")
        plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("=")).reshape(
            array.shape
        )
        return plain[()] if isinstance(value, np.generic) else plain


class Arguments(Crossing):
    """Copies of what a test passes to a function; a handle passes, another object cannot."""

    def keep(self, value: object, kind: str = "") -> Handle:
        """Only what a function gave out can be handed back to it.

        Raises:
            Unsendable: it is something else.
        """
        if isinstance(value, Handle):
            return value
        what = kind or type(value).__name__
        raise Unsendable(f"only numbers, text, lists, dicts and arrays can be passed, no {what}")


def shape_is_sane(shape: tuple[int, ...]) -> bool:
    """Whether an array of this shape may cross (an empty one can still claim 10^18 rows)."""
    most, longest = MAX_SHAPE
    return len(shape) <= most and all(size <= longest for size in shape)


def _scalar(value: bool | int | float | str | None) -> bool | int | float | str | None:
    """The built-in value a subclass is made of."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        plain = int.__int__(value)
        if plain.bit_length() > MAX_INT_BITS:
            raise Unsendable(f"the integer has more than {MAX_INT_BITS} bits")
        return plain
    if isinstance(value, float):
        return float.__float__(value)
    if len(value) > MAX_TEXT:
        raise Unsendable(f"the text has more than {MAX_TEXT} characters")
    return str.__str__(value).encode("utf-8", "replace").decode("utf-8")


def _is_tensor(value: object) -> bool:
    torch = sys.modules.get("torch")  # a value cannot be a tensor before torch is imported
    return torch is not None and isinstance(value, torch.Tensor)


def _tensor_to_array(value: Any) -> np.ndarray:
    torch = sys.modules["torch"]
    if value.is_meta:  # it has a shape and no numbers
        raise Unsendable("the tensor is on the device 'meta', which holds no numbers")
    tensor = value.detach().cpu()
    if tensor.dtype == torch.bfloat16:  # numpy has no such type
        tensor = tensor.float()
    array: np.ndarray = tensor.resolve_conj().resolve_neg().numpy()
    return array
