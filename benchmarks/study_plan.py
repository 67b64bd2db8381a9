"""What the parity study trains: one line for each training, in two sizes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Training:
    """One model, from its initial weights to its tests.

    Attributes:
        piece: the question that it helps to answer.
        labels: "final", one for each string, or "every step".
        shortest, longest: lengths of the training strings.
        hidden, rate, batch, updates, strings, seed: as in Part D; `updates` is the most.
        until_solved: end once all watched strings have been right at several looks.
        every: updates from look to look.
    """

    piece: str
    labels: str
    shortest: int
    longest: int
    hidden: int
    rate: float
    batch: int
    updates: int
    strings: int
    seed: int
    until_solved: bool = False
    every: int = 50

    @property
    def key(self) -> str:
        """All of its settings, in one line: results are kept by it."""
        return ", ".join(f"{name}={value}" for name, value in vars(self).items())

    def of(self, **settings: object) -> bool:
        """Whether these are among its settings."""
        return all(getattr(self, name) == value for name, value in settings.items())


@dataclass(frozen=True)
class Plan:
    """A size of the study.

    Attributes:
        strings, longest, hidden, rate, batch, updates: of all trainings that do not vary them.
        seeds: trainings that differ in nothing but their seed.
        most_updates: of trainings that end once they are solved.
        starts: shortest lengths beside 1, to leave short strings out.
        start_seeds: seeds of these, which take longest.
        sizes: numbers of units beside `hidden`.
        plateau: units, rate and updates of an ordinary run.
        far: the greatest length to test at.
    """

    strings: int
    longest: int
    hidden: int
    rate: float
    batch: int
    updates: int
    seeds: int
    most_updates: int
    starts: tuple[int, ...]
    start_seeds: int
    sizes: tuple[int, ...]
    plateau: tuple[int, float, int]
    far: int

    def trainings(self) -> list[Training]:
        """All of them, those that take longest among the first."""
        usual = (self.hidden, self.rate, self.batch)
        approaches = [
            Training("approaches", labels, shortest, self.longest, *usual, self.updates,
                     self.strings, seed)
            for labels, shortest in (("final", self.longest), ("final", 1),
                                     ("every step", self.longest))
            for seed in range(self.seeds)
        ]  # fmt: skip
        starts = [
            Training("shortest", "final", start, self.longest, *usual, self.most_updates,
                     self.strings, seed, until_solved=True)
            for start in (1, *self.starts)
            for seed in range(min(self.seeds, self.start_seeds))
        ]  # fmt: skip
        sizes = [
            Training("size", "final", 1, self.longest, hidden, self.rate, self.batch,
                     self.most_updates, self.strings, seed, until_solved=True)
            for hidden in self.sizes
            for seed in range(self.seeds)
        ]  # fmt: skip
        hidden, rate, updates = self.plateau
        plateau = Training("plateau", "final", 1, self.longest, hidden, rate, self.batch, updates,
                           self.strings, seed=0, every=25)  # fmt: skip
        return [plateau, *approaches, *starts, *sizes]


FULL = Plan(
    strings=100_000,
    longest=50,
    hidden=32,
    rate=0.01,
    batch=128,
    updates=1500,
    seeds=10,
    most_updates=4000,
    starts=(2, 3, 5),
    start_seeds=3,
    sizes=(1, 2, 4, 8, 16),
    plateau=(64, 0.001, 2344),
    far=10_000,
)
QUICK = Plan(
    strings=20_000,
    longest=20,
    hidden=32,
    rate=0.02,
    batch=64,
    updates=450,
    seeds=2,
    most_updates=600,
    starts=(2, 5),
    start_seeds=2,
    sizes=(1, 2, 8),
    plateau=(32, 0.005, 500),
    far=1000,
)
