"""The data-only protocol between the trusted side and a worker.

A frame is a header (two lengths), a bounded JSON document for structure, and
a safetensors document for arrays. Nothing else is understood: no pickle, no
code, no object of the student's making. Both ends treat a malformed frame as
the other end's failure.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from ..kit.values import ARRAY_KINDS, MAX_DEPTH, MAX_INT_BITS, Handle, shape_is_sane

HEADER = struct.Struct("!II")
MAX_JSON_BYTES = 4 * 2**20
MAX_ARRAYS_BYTES = 160 * 2**20
READ_SIZE = 1 << 18
MAX_DESCRIPTORS = 2
MALFORMED = (KeyError, TypeError, ValueError, OverflowError, AttributeError)
TAGS = frozenset({"tuple", "dict", "array", "scalar", "handle", "float"})


class ProtocolError(Exception):
    """The other end sent something that is not a frame of this protocol."""


def pack(message: dict[str, Any]) -> bytes:
    """One frame from a message of crossing values (see `kit.values`)."""
    arrays: dict[str, np.ndarray] = {}
    structure = json.dumps(_encode(message, arrays), allow_nan=False).encode()
    blob = safetensors.numpy.save(arrays) if arrays else b""
    return HEADER.pack(len(structure), len(blob)) + structure + blob


def unpack(structure: bytes, blob: bytes) -> dict[str, Any]:
    """The message of one frame.

    Raises:
        ProtocolError: malformed, too deep, or arrays of absurd shape.
    """
    try:
        document = json.loads(
            structure, parse_constant=_no_constant, object_pairs_hook=_unique_pairs
        )
        arrays = safetensors.numpy.load(blob) if blob else {}
    except (*MALFORMED, RecursionError, safetensors.SafetensorError) as error:
        raise ProtocolError(f"malformed frame: {type(error).__name__}") from None
    if not all(shape_is_sane(array.shape) for array in arrays.values()):
        raise ProtocolError("an array has an absurd shape")
    if not all(array.dtype.kind in ARRAY_KINDS for array in arrays.values()):
        raise ProtocolError("an array holds something else than numbers")
    message = _decode(document, arrays, 0)
    if not isinstance(message, dict):
        raise ProtocolError("a frame must hold a message")
    return message


class FrameReader:
    """Collects bytes as they arrive and gives a message once a frame is whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> dict[str, Any] | None:
        """Add bytes; the message if they complete a frame.

        Raises:
            ProtocolError: lengths out of bounds, bytes after the frame, or bad content.
        """
        self._buffer += data
        if len(self._buffer) < HEADER.size:
            return None
        json_size, arrays_size = HEADER.unpack_from(self._buffer)
        if json_size > MAX_JSON_BYTES or arrays_size > MAX_ARRAYS_BYTES:
            raise ProtocolError("a frame is too large")
        total = HEADER.size + json_size + arrays_size
        if len(self._buffer) < total:
            return None
        if len(self._buffer) > total:
            raise ProtocolError("more bytes than were asked for")
        body, self._buffer = bytes(self._buffer[HEADER.size :]), bytearray()
        return unpack(body[:json_size], body[json_size:])


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """Block until one message arrives; None at end of file.

    Only from an end that runs no student code, for its lengths are not bounded.
    """
    received = receive_with_descriptors(channel)
    return received[0] if received else None


def receive_with_descriptors(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Block until one message arrives, with the descriptors sent along; None at end of file.

    Not a byte beyond it is read: the next message may be waiting already.
    """
    header, descriptors, _, _ = socket.recv_fds(channel, HEADER.size, MAX_DESCRIPTORS)
    header += _exactly(channel, HEADER.size - len(header)) if header else b""
    if len(header) < HEADER.size:
        return None
    json_size, arrays_size = HEADER.unpack(header)
    structure, blob = _exactly(channel, json_size), _exactly(channel, arrays_size)
    if len(structure) < json_size or len(blob) < arrays_size:
        return None
    return unpack(structure, blob), descriptors


def _exactly(channel: socket.socket, size: int) -> bytes:
    """So many bytes; fewer at end of file."""
    data = bytearray()
    while len(data) < size and (part := channel.recv(min(READ_SIZE, size - len(data)))):
        data += part
    return bytes(data)


def _encode(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        name = str(len(arrays))
        arrays[name] = np.ascontiguousarray(value).reshape(np.shape(value))
        return {"scalar" if isinstance(value, np.generic) else "array": name}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, list):
        return [_encode(item, arrays) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [_encode(item, arrays) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[key, _encode(item, arrays)] for key, item in value.items()]}
    if isinstance(value, Handle):
        return {"handle": [value.number, value.kind]}
    raise TypeError(f"{type(value).__name__} does not cross")


def _decode(value: Any, arrays: dict[str, np.ndarray], depth: int) -> Any:
    if depth > 2 * MAX_DEPTH + 8:
        raise ProtocolError("nested too deep")
    if isinstance(value, list):
        return [_decode(item, arrays, depth + 1) for item in value]
    if isinstance(value, int) and value.bit_length() > MAX_INT_BITS:
        raise ProtocolError("an integer is too long")
    if not isinstance(value, dict):
        return value
    if len(value) != 1 or not TAGS.issuperset(value):
        raise ProtocolError("unknown tag")
    ((tag, content),) = value.items()
    try:
        return _decode_tagged(tag, content, arrays, depth)
    except MALFORMED as error:
        raise ProtocolError(f"malformed {tag}: {type(error).__name__}") from None


def _decode_tagged(tag: str, content: Any, arrays: dict[str, np.ndarray], depth: int) -> Any:
    if tag == "array":
        return _taken(arrays, content).copy()  # writable, and its own memory
    if tag == "scalar":
        return _taken(arrays, content).reshape(())[()]
    if tag == "float":
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[content]
    if tag == "handle":
        number, kind = content
        return Handle(int(number), str(kind)[:60])
    if tag == "tuple":
        return tuple(_decode(item, arrays, depth + 1) for item in list(content))
    pairs = [(str(key), _decode(item, arrays, depth + 1)) for key, item in content]
    if len(dict(pairs)) != len(pairs):
        raise ValueError("duplicate keys")
    return dict(pairs)


def _taken(arrays: dict[str, np.ndarray], name: str) -> np.ndarray:
    """An array of the frame, once: named a million times, it would fill this side's memory."""
    array = arrays.pop(name)
    if array.dtype.kind == "b":
        return array.view(np.uint8).astype(bool)  # a byte of it may be 7
    return array


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("duplicate keys")
    return dict(pairs)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
