"""One message to the box and its reply, while output is taken in and usage is watched."""

from __future__ import annotations

import os
import selectors
import socket
from collections.abc import Callable
from typing import Any

from . import wire
from .deadline import Ending, Lost

TICK_SECONDS = 0.05
"""How often usage is looked at while student code runs."""


class SupervisorEnded(Exception):
    """The supervisor, which runs no student code, is gone."""


class Output:
    """What a submission's processes print: kept up to a cap, never parsed.

    Args:
        most: bytes that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept = bytearray()
        self.descriptor = -1

    @property
    def text(self) -> str:
        """What is kept."""
        return self._kept.decode("utf-8", "replace")

    def drain(self) -> bool:
        """Take in what is there; False at end of file."""
        try:
            data = os.read(self.descriptor, wire.READ_SIZE)
        except BlockingIOError:
            return True
        self._kept += data[: max(0, self._most - len(self._kept))]
        return bool(data)

    def close(self) -> None:
        """Take in what is left; another descriptor may follow."""
        self.drain()
        os.close(self.descriptor)


def exchange(
    channel: socket.socket,
    supervisor: socket.socket,
    output: Output,
    unsent: memoryview,
    look: Callable[[], None],
) -> dict[str, Any]:
    """Send what is packed, then read a reply.

    Args:
        channel: to a task, or `supervisor` itself.
        look: called every `TICK_SECONDS`; what it raises ends the exchange.

    Raises:
        Lost: the task's process ended without a reply, or what `look` says.
        SupervisorEnded: it did.
        ProtocolError: the reply is malformed.
    """
    reader = wire.FrameReader()
    channel.setblocking(False)
    with selectors.DefaultSelector() as selector:
        sources: set[int | socket.socket] = {channel, supervisor, output.descriptor}
        for source in sources:
            selector.register(source, selectors.EVENT_READ)
        selector.modify(channel, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while True:
            look()
            ready = {key.fileobj: events for key, events in selector.select(TICK_SECONDS)}
            if output.descriptor in ready and not output.drain():
                selector.unregister(output.descriptor)
            if ready.get(channel, 0) & selectors.EVENT_WRITE:
                unsent = _send_some(channel, unsent)
                if not unsent:
                    selector.modify(channel, selectors.EVENT_READ)
            if ready.get(channel, 0) & selectors.EVENT_READ:
                message = _read_some(channel, reader)
                if message is not None:
                    return message
            elif supervisor is not channel and supervisor in ready:
                _expect_end_of_task(supervisor)


def _expect_end_of_task(supervisor: socket.socket) -> None:
    """Hear that the task's process has ended without a reply; nothing else may be said."""
    supervisor.setblocking(True)
    if wire.receive(supervisor) is None:
        raise SupervisorEnded
    raise Lost(Ending.CRASHED)


def _read_some(channel: socket.socket, reader: wire.FrameReader) -> dict[str, Any] | None:
    try:
        data = channel.recv(wire.READ_SIZE)
    except BlockingIOError:
        return None
    except OSError:
        data = b""
    if not data:
        raise Lost(Ending.CRASHED)
    return reader.feed(data)


def _send_some(channel: socket.socket, unsent: memoryview) -> memoryview:
    try:
        return unsent[channel.send(unsent) :]
    except BlockingIOError:
        return unsent
    except OSError:
        raise Lost(Ending.CRASHED) from None
