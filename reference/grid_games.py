"""Part E: games on a grid. A network that plays them needs a bit for every cell.

Name a free cell at every move, and clear the grid exactly when the game is over, neither
a move too early nor too late. Then the next game begins. Two games on three by three
cells, and one rule for both: a game is over as soon as all cells of some *line* are
filled.

- Fill: the only line is the whole grid. Move 10 clears.
- Three in a row: the lines are the rows, the columns and the two diagonals.

Which cells are filled is nowhere to be seen, so whoever plays has to remember it.

Tokens: 0 clears, 1 to `cells` are the cells, row by row. A sequence starts with the 0
that clears the grid of a game before it.
"""

from __future__ import annotations

import numpy as np

CLEAR = 0
CELLS = 9
FILL = [[1, 2, 3, 4, 5, 6, 7, 8, 9]]
THREE_IN_A_ROW = [
    [1, 2, 3], [4, 5, 6], [7, 8, 9],
    [1, 4, 7], [2, 5, 8], [3, 6, 9],
    [1, 5, 9], [3, 5, 7],
]  # fmt: skip


def grid_sequences(n: int, steps: int, seed: int, lines: list[list[int]], cells: int) -> np.ndarray:
    """Draw sequences of games in which every move goes to a random free cell.

    Args:
        n: how many sequences.
        steps: tokens of each; the last game may be cut off anywhere.
        seed: of the draw.
        lines: sets of cells; a game is over when all cells of one of them are filled.
            At least one, and none empty.
        cells: how many cells there are.

    Returns:
        int64 array of shape (n, steps).
    """
    rng = np.random.default_rng(seed)
    games = [set(line) for line in lines]
    return np.array([_stream_of_games(steps, rng, games, cells) for _ in range(n)], dtype=np.int64)


def _stream_of_games(
    steps: int, rng: np.random.Generator, lines: list[set[int]], cells: int
) -> list[int]:
    tokens = [CLEAR]
    while len(tokens) < steps:
        filled = set[int]()
        for cell in (rng.permutation(cells) + 1).tolist():
            tokens.append(cell)
            filled.add(cell)
            if any(line <= filled for line in lines):
                break
        tokens.append(CLEAR)
    return tokens[:steps]


def grid_next(tokens: np.ndarray, lines: list[list[int]], cells: int) -> np.ndarray:
    """The exact chance of every token to come next, after every token of legal sequences.

    Only what stands at or before a position counts, never what follows. A token that
    cannot follow has the chance 0: all free cells are equally likely until the game is
    over, and then clearing is certain.

    Args:
        tokens: int64 of shape (n, T), as `grid_sequences` draws them.
        lines, cells: as in `grid_sequences`.

    Returns:
        float64 array of shape (n, T, cells + 1).
    """
    tokens = np.asarray(tokens)
    games = np.zeros((len(lines), cells + 1))
    for row, line in zip(games, lines, strict=True):
        row[line] = 1.0
    chances = np.empty((*tokens.shape, cells + 1))
    filled = np.zeros((len(tokens), cells + 1))
    for step in range(tokens.shape[1]):
        filled[np.arange(len(tokens)), tokens[:, step]] = 1.0
        filled[tokens[:, step] == CLEAR] = 0.0
        over = np.any(filled @ games.T == games.sum(axis=1), axis=1)
        free = 1.0 - filled
        free[:, CLEAR] = 0.0
        free[over] = np.arange(cells + 1) == CLEAR
        chances[:, step] = free / free.sum(axis=1, keepdims=True)
    return chances
