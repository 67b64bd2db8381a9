"""Working through items in several processes, losing none when a process dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
TRIES = 2
"""How often an item is given to a process before it counts as lost."""


@dataclass(frozen=True)
class Failed:
    """What went wrong with an item.

    Attributes:
        reason: the kind of an exception, or that its process ended; safe to publish.
        detail: the exception's text.
    """

    reason: str
    detail: str = ""


@dataclass
class _Worker(Generic[Item]):
    process: BaseProcess
    connection: Connection
    item: Item | None = None
    attempt: int = 0


def run_jobs(
    items: Sequence[Item],
    workshop: Callable[[], AbstractContextManager[Callable[[Item], Answer]]],
    jobs: int,
) -> Iterator[tuple[Item, Answer | Failed]]:
    """Each item with its answer as it comes in, or with the error that came instead.

    Args:
        workshop: entered once in each process, a fork of this one, so that it may use whatever
            is loaded here; what it gives does the work on one item after the other.
        jobs: how many processes.
    """
    if not items:
        return
    pool = _Pool(workshop, min(jobs, len(items)))
    waiting = deque((item, 1) for item in items)
    try:
        while waiting or pool.busy():
            while waiting and (worker := pool.idle()) is not None:
                item, attempt = waiting.popleft()
                pool.give(worker, item, attempt)
            for worker in pool.ready():
                assert worker.item is not None
                done, worker.item = worker.item, None
                try:
                    answer = worker.connection.recv()
                except (EOFError, ConnectionError):
                    pool.replace(worker)
                    if worker.attempt < TRIES:
                        waiting.appendleft((done, worker.attempt + 1))
                        continue
                    answer = Failed("its process ended twice")
                yield done, answer
    finally:
        pool.stop()


class _Pool(Generic[Item, Answer]):
    def __init__(
        self, workshop: Callable[[], AbstractContextManager[Callable[[Item], Answer]]], jobs: int
    ) -> None:
        self._workshop = workshop
        self._context = multiprocessing.get_context("fork")
        self._workers: list[_Worker[Item]] = []
        for _ in range(jobs):
            self._workers.append(self._start())

    def busy(self) -> bool:
        return any(worker.item is not None for worker in self._workers)

    def idle(self) -> _Worker[Item] | None:
        return next((worker for worker in self._workers if worker.item is None), None)

    def give(self, worker: _Worker[Item], item: Item, attempt: int) -> None:
        worker.item, worker.attempt = item, attempt
        worker.connection.send(item)

    def ready(self) -> list[_Worker[Item]]:
        busy = {w.connection: w for w in self._workers if w.item is not None}
        return [busy[connection] for connection in wait(list(busy))]  # type: ignore[index]

    def replace(self, worker: _Worker[Item]) -> None:
        worker.connection.close()
        worker.process.join()
        self._workers[self._workers.index(worker)] = self._start()

    def stop(self) -> None:
        for worker in self._workers:
            worker.connection.close()
            if worker.item is not None:  # an idle one sees the closed end and leaves in order
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join()

    def _start(self) -> _Worker[Item]:
        ours, theirs = self._context.Pipe()
        inherited = [ours, *(worker.connection for worker in self._workers)]
        process = self._context.Process(target=_serve, args=(self._workshop, theirs, inherited))
        process.start()
        theirs.close()
        return _Worker(process, ours)


def _serve(
    workshop: Callable[[], AbstractContextManager[Callable[[Item], Answer]]],
    connection: Connection,
    inherited: list[Connection],
) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    for other in inherited:  # or this process would never see the parent's end close
        other.close()
    with contextlib.suppress(EOFError, OSError), workshop() as work:
        while True:
            item = connection.recv()
            try:
                connection.send(work(item))
            except Exception as error:  # as text: not every exception survives the way
                connection.send(Failed(type(error).__name__, str(error)))
