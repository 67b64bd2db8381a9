"""Part D, further: a proof that a one-unit LSTM is right on strings of every length.

Tests on fresh strings can only ever say that no error was met. But the state of an LSTM
with one unit is two numbers, the hidden value h and the cell c: a point in the plane.
To be right for ever is to keep two sets of points apart: E, where the state can be after
an even number of ones, and O, after an odd number. They are the smallest sets such that

    one bit leads from the zero state into E if it is a 0, into O if it is a 1;
    a 0 leads from E into E and from O into O;
    a 1 leads from E into O and from O into E.

If the head answers 0 on all of E and 1 on all of O, the network is right for every
length, by induction over the bits. E and O have no formula, so they are covered by boxes.
Where a bit leads from the points of a box is computed by interval arithmetic: a box again,
which holds all their images. It joins the cover of its parity, with a little room around
it, and its own images are computed in turn. Boxes whose middles fall into the same cell of
a grid are made one. When every image lies within a box that is already there, the cover
is closed, and holds all that can ever be reached. Where a network's states draw together,
the little room soon swallows the images, and a few dozen boxes suffice. If all boxes lie on
their sides of the head's threshold, that is the proof. If one does not, nothing is proved:
the cover is larger than what it covers, and smaller boxes may help.

Every operation rounds outwards, by more than the rounding of single precision can amount
to. So the proof holds for exact arithmetic, and also for every program that computes the
network in single precision or better, in whatever order it adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

# Granted to every operation, relative to its size: 8 roundings of single precision, which is
# more than the errors of tanh, of the sigmoid, and of a sum of five terms.
ROUNDING = 8 * 2.0**-23
CELLS = (4, 16, 64)  # to one unit of h, or of c near 0; large ones are tried first
ROOM = 0.1  # of a cell, around each box
MOST_BOXES, MOST_ROUNDS = 1000, 400
FARTHEST = 2.0**40  # where the search for a cover gives up
LOW = np.array([True, False, True, False])  # the low ends in a box: low h, high h, low c, high c


@dataclass(frozen=True)
class Interval:
    """All numbers from `low` to `high`, elementwise; every result is rounded outwards.

    Attributes:
        low, high: arrays of one shape.
    """

    low: np.ndarray
    high: np.ndarray

    def widened(self, size: np.ndarray | float) -> Interval:
        """With room for the rounding of numbers up to this size, on both sides."""
        error = ROUNDING * size
        return Interval(self.low - error, self.high + error)

    def within(self, low: float, high: float) -> Interval:
        """What of it lies between two bounds that are known to hold."""
        return Interval(np.maximum(self.low, low), np.minimum(self.high, high))

    def __add__(self, other: Interval) -> Interval:
        total = Interval(self.low + other.low, self.high + other.high)
        return total.widened(self.size + other.size)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        product = Interval(np.minimum.reduce(ends), np.maximum.reduce(ends))
        return product.widened(self.size * other.size)

    @property
    def size(self) -> np.ndarray:
        """The greatest magnitude."""
        return np.maximum(np.abs(self.low), np.abs(self.high))

    def sigmoid(self) -> Interval:
        """Of all its numbers: the sigmoid rises, so ends lead to ends."""
        image = Interval(expit(self.low), expit(self.high))
        return image.widened(1.0).within(0.0, 1.0)

    def tanh(self) -> Interval:
        """Of all its numbers: tanh rises, too."""
        image = Interval(np.tanh(self.low), np.tanh(self.high))
        return image.widened(1.0).within(-1.0, 1.0)


@dataclass(frozen=True)
class Certificate:
    """A proof for every length: what covers the states of either parity.

    Attributes:
        cells: to one unit of h.
        even, odd: boxes, each of shape (n, 4): low h, high h, low c, high c.
        margin: the logit is at least as far from 0 as that, on the right side, always.
    """

    cells: int
    even: np.ndarray
    odd: np.ndarray
    margin: float


def certify(
    weights: dict[str, Any], counted: int = 1, cells: Sequence[int] = CELLS
) -> Certificate | None:
    """Try to prove that a network gives the parity of every string of one bit or more.

    Args:
        weights: a network with one unit, as `export_weights` returns it.
        counted: the bit whose parity it is: 1, or 0 to prove that a network gives the
            parity of the zeros (on strings of even length this is that of the ones).
        cells: sizes to try, in cells to one unit of h.

    Returns:
        The proof, or None. A network without one is not thereby wrong.

    Raises:
        ValueError: not an LSTM with one layer and one unit, or numbers that are not finite.
    """
    network = _gate_sums(weights)
    head = float(np.asarray(weights["head_weight"])[0]), float(weights["head_bias"])
    proofs = (_cover(network, head, counted, count) for count in cells)
    return next((proof for proof in proofs if proof is not None), None)


def step(network: np.ndarray, bit: int, h: Interval, c: Interval) -> tuple[Interval, Interval]:
    """Boxes around the states into which one bit leads from all points of given boxes.

    Args:
        network: from `_gate_sums`.
        bit: 0 or 1.
        h, c: the boxes, as intervals of one shape.
    """

    def gate_sum(gate: int) -> Interval:
        begin, size, weight = network[bit, gate]
        ends = begin + np.sort([weight * h.low, weight * h.high], axis=0)
        return Interval(ends[0], ends[1]).widened(size + abs(weight))

    i, f, o = (gate_sum(gate).sigmoid() for gate in (0, 1, 3))
    new_c = f * c + i * gate_sum(2).tanh()
    return (o * new_c.tanh()).within(-1.0, 1.0), new_c


def _gate_sums(weights: dict[str, Any]) -> np.ndarray:
    """For each bit and gate: what stands before h comes in, its size, and the weight of h.

    Returns:
        Shape (2, 4, 3).
    """
    names = ("zero", "one", "weight_ih", "weight_hh", "bias_ih", "bias_hh", "head_weight")
    numbers = {name: np.asarray(weights[name], dtype=np.float64) for name in names}
    if weights["architecture"] != "lstm-1" or numbers["weight_hh"].shape != (4, 1):
        raise ValueError("a certificate needs an LSTM with one layer and one unit")
    everything = [*numbers.values(), np.asarray(weights["head_bias"], dtype=np.float64)]
    if not all(np.isfinite(values).all() for values in everything):
        raise ValueError("the network has weights that are not finite")
    biases = np.column_stack([numbers["bias_ih"], numbers["bias_hh"]])
    terms = [np.column_stack([numbers["weight_ih"] * numbers[bit], biases]) for bit in names[:2]]
    return np.stack(
        [
            np.column_stack([of_bit.sum(1), np.abs(of_bit).sum(1), numbers["weight_hh"]])
            for of_bit in terms
        ]
    )


def _cover(
    network: np.ndarray, head: tuple[float, float], counted: int, cells: int
) -> Certificate | None:
    """Cover all states that can be reached, or give up when a box meets the wrong side."""
    boxes: dict[tuple[int, ...], np.ndarray] = {}  # by parity and cell
    parities, changed = np.zeros(1, dtype=np.int64), np.zeros((1, 4))  # the zero state
    for _ in range(MOST_ROUNDS):
        grown: dict[tuple[int, ...], np.ndarray] = {}
        for bit in (0, 1):
            images = _images(network, bit, changed)
            if np.abs(images).max() >= FARTHEST:
                return None
            for key, image in _by_cell(parities ^ int(bit == counted), images, cells):
                box = boxes.get(key)
                if box is None or not _holds(box, image):
                    hull = image if box is None else _hull(np.stack([box, image]))
                    grown[key] = boxes[key] = _with_room(hull, cells)
        if not grown:
            return _proof(boxes, head, cells)
        parities, changed = np.array([key[0] for key in grown]), np.array(list(grown.values()))
        if len(boxes) > MOST_BOXES or _margins(parities, changed, head).min() <= 0.0:
            return None
    return None


def _images(network: np.ndarray, bit: int, boxes: np.ndarray) -> np.ndarray:
    """For each box, a box that holds wherever the bit leads from it."""
    h, c = step(network, bit, Interval(*boxes[:, :2].T), Interval(*boxes[:, 2:].T))
    return np.stack([h.low, h.high, c.low, c.high], axis=1)


def _by_cell(
    parities: np.ndarray, boxes: np.ndarray, cells: int
) -> Iterator[tuple[tuple[int, ...], np.ndarray]]:
    """Boxes of one parity whose middles share a cell, as one; cells grow with |c|."""
    h, c = boxes[:, :2].mean(axis=1), np.arcsinh(boxes[:, 2:].mean(axis=1))
    keys = np.column_stack([parities, np.rint(h * cells), np.rint(c * cells)]).astype(np.int64)
    unique, which = np.unique(keys, axis=0, return_inverse=True)
    for k, key in enumerate(unique.tolist()):
        yield tuple(key), _hull(boxes[which.ravel() == k])


def _hull(boxes: np.ndarray) -> np.ndarray:
    """The smallest box that holds them all."""
    return np.where(LOW, boxes.min(axis=0), boxes.max(axis=0))


def _holds(box: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.all(np.where(LOW, box <= other, box >= other)))


def _with_room(box: np.ndarray, cells: int) -> np.ndarray:
    """The box and a part of a cell on all four sides."""
    room = ROOM / cells * np.array([1.0, 1.0, *np.hypot(1.0, box[2:])])
    return box + np.where(LOW, -room, room)


def _margins(parities: np.ndarray, boxes: np.ndarray, head: tuple[float, float]) -> np.ndarray:
    """For each box the least logit on its side: negative where the box crosses over."""
    weight, bias = (Interval(np.array(value), np.array(value)) for value in head)
    logit = Interval(boxes[:, 0], boxes[:, 1]) * weight + bias
    return np.where(parities == 1, logit.low, -logit.high)


def _proof(
    boxes: dict[tuple[int, ...], np.ndarray], head: tuple[float, float], cells: int
) -> Certificate:
    """What a closed cover proves."""
    parities, every = np.array([key[0] for key in boxes]), np.array(list(boxes.values()))
    margin = float(_margins(parities, every, head).min())
    return Certificate(cells, every[parities == 0], every[parities == 1], margin)
