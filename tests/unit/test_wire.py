"""The wire carries data, exactly, and nothing else."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.kit.failures import CheckFailure
from autograder.kit.values import Crossing, Handle, Unsendable
from autograder.sandbox import wire

DTYPES = st.one_of(
    hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.unsigned_integer_dtypes(), hnp.floating_dtypes()
).filter(lambda dtype: dtype.itemsize <= 8)
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**900), 2**900), st.floats(), st.text(), ARRAYS
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(), inner, max_size=4),
    ),
    max_leaves=12,
)


def travel(message: dict[str, Any]) -> dict[str, Any] | None:
    """Through one frame, byte by byte in two pieces."""
    frame = wire.pack(message)
    reader = wire.FrameReader()
    return reader.feed(frame[:7]) or reader.feed(frame[7:])


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray | np.generic):
        return (
            type(one) is type(other)
            and one.dtype == other.dtype
            and np.shape(one) == np.shape(other)
            and np.asarray(one).tobytes() == np.asarray(other).tobytes()
        )
    if isinstance(one, float):
        return type(other) is float and (one == other or (math.isnan(one) and math.isnan(other)))
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


@given(VALUES)
def test_what_has_crossed_once_crosses_unchanged(value: Any) -> None:
    crossing = Crossing()
    once = crossing.outward(value)
    assert same(travel({"value": once})["value"], once)
    assert same(crossing.outward(crossing.inward(once)), once)


class LoudFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class LoudArray(np.ndarray):
    def __array_function__(self, *args: Any) -> Any:
        return True


def test_subclasses_arrive_as_what_they_are_made_of() -> None:
    crossing = Crossing()
    number = crossing.outward(LoudFloat(0.25))
    assert type(number) is float
    assert number != 0.5
    array = crossing.outward(np.zeros(3).view(LoudArray))
    assert type(array) is np.ndarray
    assert type(crossing.outward(np.float32(2))) is np.float32


def test_tensors_arrive_as_arrays_of_their_type() -> None:
    crossing = Crossing()
    got = crossing.outward(torch.ones(2, 3, requires_grad=True))
    assert got.dtype == np.float32
    assert got.shape == (2, 3)
    assert crossing.outward(torch.tensor([1, 2])).dtype == np.int64
    assert crossing.outward(torch.ones(1, dtype=torch.bfloat16)).dtype == np.float32


def test_inputs_are_copies() -> None:
    original = np.zeros(3)
    inside = Crossing().inward([original])
    inside[0][:] = 7
    assert original.tolist() == [0, 0, 0]


def test_objects_stay_behind_handles_for_one_check() -> None:
    crossing = Crossing()
    model = object()
    handle = crossing.outward([model])[0]
    assert crossing.inward(handle) is model
    crossing.forget()
    with pytest.raises(Unsendable, match="earlier check"):
        crossing.inward(handle)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda handle: handle.shape,
        lambda handle: handle[0],
        float,
        np.asarray,
        list,
        lambda handle: handle(1),
    ],
)
def test_a_handle_used_as_the_object_is_reported_as_that(misuse: Any) -> None:
    with pytest.raises(CheckFailure, match="an object of your code: Linear"):
        misuse(Handle(1, "Linear"))


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (nested(100), "nested"),
        (10**400, "bits"),
        ("x" * 1_000_001, "characters"),
        ([0] * 200_001, "parts"),
        (np.zeros((1, 1, 1, 1, 1, 1, 1, 1, 1)), "absurd shape"),
    ],
)
def test_what_is_too_much_does_not_cross(value: Any, reason: str) -> None:
    with pytest.raises(Unsendable, match=reason):
        Crossing().outward(value)


def frame(structure: bytes, arrays: bytes = b"") -> bytes:
    return wire.HEADER.pack(len(structure), len(arrays)) + structure + arrays


def huge_shape() -> bytes:
    header = json.dumps({"0": {"dtype": "F32", "shape": [0, 10**18], "data_offsets": [0, 0]}})
    return len(header).to_bytes(8, "little") + header.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff\xff\x00\x00\x00\x00",
        frame(b"{"),
        frame(b"[" * 100_000),
        frame(b"NaN"),
        frame(b"[]"),
        frame(b'{"dict": [["a", 1], ["a", 2]]}'),
        frame(b'{"dict": [], "dict": []}'),
        frame(b'{"pickle": "x"}'),
        frame(b'{"dict": [["a", {"array": "0"}]]}'),
        frame(b'{"dict": [["a", {"array": "0"}]]}', b"rubbish"),
        frame(b'{"dict": [["a", {"array": "0"}]]}', huge_shape()),
        frame(b'{"dict": [["a", {"float": "1e400"}]]}'),
        frame(b'{"dict": [["a", {"handle": 3}]]}'),
        frame(b'{"dict": []}') + b"more",
    ],
)
def test_a_malformed_frame_is_the_other_ends_failure(data: bytes) -> None:
    with pytest.raises(wire.ProtocolError):
        wire.FrameReader().feed(data)


@given(st.binary(max_size=200))
def test_random_bytes_give_a_message_a_wait_or_a_protocol_error(data: bytes) -> None:
    reader = wire.FrameReader()
    try:
        message = reader.feed(data)
    except wire.ProtocolError:
        return
    assert message is None or isinstance(message, dict)


def forged(structure: str, kind: str, shape: list[int], data: bytes) -> dict[str, Any]:
    """What the trusted side makes of a frame with one array that no worker would send."""
    about = {"0": {"dtype": kind, "shape": shape, "data_offsets": [0, len(data)]}}
    header = json.dumps(about).encode()
    return wire.unpack(structure.encode(), len(header).to_bytes(8, "little") + header + data)


def test_an_array_crosses_once_however_often_it_is_named() -> None:
    once = '{"dict": [["value", {"array": "0"}]]}'
    assert forged(once, "F64", [2], bytes(16))["value"].tolist() == [0.0, 0.0]
    many = '{"dict": [["value", [{"array": "0"}, {"array": "0"}]]]}'
    with pytest.raises(wire.ProtocolError, match="malformed array"):
        forged(many, "F64", [2], bytes(16))


def test_arrays_hold_plain_numbers_only() -> None:
    once = '{"dict": [["value", {"array": "0"}]]}'
    with pytest.raises(wire.ProtocolError):
        forged(once, "C64", [1], bytes(8))
    assert forged(once, "BOOL", [2], b"\x07\x00")["value"].view(np.uint8).tolist() == [1, 0]


def test_integers_are_no_longer_than_what_may_cross() -> None:
    with pytest.raises(wire.ProtocolError, match="integer"):
        wire.unpack(b'{"dict": [["value", ' + b"9" * 400 + b"]]}", b"")
