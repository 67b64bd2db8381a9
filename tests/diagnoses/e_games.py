"""Part E: what students get wrong about games on a grid, when drawing them and when told them.

Most of it is another idea of when a game is over. Each such rule stands once, and shows in
the games that are drawn as well as in the chances.
"""

from functools import partial

import numpy as np
from e_sequences import CELLS, LINES, all_of, games
from grid_games import FILL, THREE_IN_A_ROW, grid_sequences

from autograder.diagnosis.declare import behaviour, misconception, trials


@trials("grid_next", rows=("tokens",), steps=("tokens",))
def played(rng):
    pairs = [[1, 2], [3, 4]]
    for moves in ([0], [0, 1], [0, 1, 3, 2, 0], [0, 4, 1, 3, 0, 2], [0, 1, 2, 0, 1, 4, 3]):
        yield {"tokens": np.array([moves]), "lines": pairs, "cells": 4}
    yield {"tokens": np.array([[0, 2, 1, 3, 0, 1]]), "lines": [[1, 2, 3]], "cells": 3}
    yield {"tokens": np.array([[0, 3, 1, 2, 0, 2]]), "lines": [[1, 2]], "cells": 4}
    for n, steps, lines, cells in (
        *((2, 12, pairs, 4), (2, 16, [[1, 2, 3], [3, 4, 5]], 5)),
        *((2, 24, THREE_IN_A_ROW, 9), (1, 22, FILL, 9)),
    ):
        tokens = grid_sequences(n, steps, int(rng.integers(1000)), lines, cells)
        yield {"tokens": tokens, "lines": lines, "cells": cells}


def in_games(tokens, cells, over, free=None):
    """The chances after every move, from the cells named since the grid was cleared."""
    answers = np.zeros((*tokens.shape, cells + 1))
    for row, sequence in enumerate(tokens.tolist()):
        moves = []
        for step, token in enumerate(sequence):
            moves = [*moves, token] if token else []
            if over(moves, row, step):
                legal = [0]
            elif free:
                legal = free(moves, token)
            else:
                legal = [cell for cell in range(1, cells + 1) if cell not in moves]
            answers[row, step, legal] = 1.0 / max(len(legal), 1)
    return answers


def filled_by(moves, ends):
    return any(set(end) <= set(moves) for end in ends)


FILLED = {
    "hint": "The cells named since the last 0 are filled; all others are free.",
    "hint_2": "after 0, 1, 3 on four cells: which cells are free?",
}
END = {
    "hint": "Clearing is certain as soon as a line is complete, and not allowed before.",
    "hint_2": "with the lines (1, 2) and (3, 4): what may come after 0, 1, 3, and then after 2?",
}


@misconception(
    "games-oracle-allows-the-last-cell",
    "grid_next",
    title="The cell that was just named counts as free.",
    **FILLED,
    case="wrong/games-oracle-allows-filled-cells",
)
def last_cell_free(tokens, lines, cells):
    def free(moves, token):
        return [cell for cell in range(1, cells + 1) if cell not in moves or cell == token]

    return in_games(tokens, cells, lambda moves, *_: filled_by(moves, lines), free)


@misconception(
    "games-oracle-allows-every-cell",
    "grid_next",
    title="Filled cells count as free.",
    **FILLED,
)
def all_cells_free(tokens, lines, cells):
    def free(moves, token):
        return list(range(1, cells + 1))

    return in_games(tokens, cells, lambda moves, *_: filled_by(moves, lines), free)


@misconception(
    "games-oracle-always-allows-clearing",
    "grid_next",
    title="Clearing has a chance beside the free cells, at every move.",
    **END,
)
def may_always_clear(tokens, lines, cells):
    def free(moves, token):
        return [cell for cell in range(cells + 1) if cell not in moves]

    return in_games(tokens, cells, lambda moves, *_: filled_by(moves, lines), free)


@misconception(
    "games-oracle-knows-the-end-beforehand",
    "grid_next",
    title="Whether the grid is cleared next is read off the sequence itself.",
    hint="A position is answered by what stands at it and before it.",
    hint_2="cut a sequence off before its 0: the chances before the cut should stay.",
    case="wrong/games-oracle-knows-the-end-beforehand",
)
def end_beforehand(tokens, lines, cells):
    def over(moves, row, step):
        return step + 1 < tokens.shape[1] and tokens[row, step + 1] == 0

    return in_games(tokens, cells, over)


@misconception(
    "games-oracle-never-empties",
    "grid_next",
    title="Cells stay filled when the grid is cleared.",
    hint="The token 0 empties all cells.",
    hint_2="after 0, 1, 2, 0: which cells are free?",
    case="wrong/games-oracle-never-empties",
)
def never_empties(tokens, lines, cells):
    answers = np.zeros((*tokens.shape, cells + 1))
    for row, sequence in enumerate(tokens.tolist()):
        filled = set()
        for step, token in enumerate(sequence):
            filled |= {token} - {0}
            filled = set() if len(filled) == cells else filled
            free = [cell for cell in range(1, cells + 1) if cell not in filled]
            legal = [0] if filled_by(filled, lines) else free
            answers[row, step, legal] = 1.0 / len(legal)
    return answers


MOVES = {
    "hint": "A move names one of the cells that are free, each with the same chance.",
    "hint_2": "draw 20 games and look at the first moves, and for cells that come twice.",
}


@behaviour(
    "games-name-filled-cells",
    "grid_sequences",
    title="A cell is named twice in one game.",
    **MOVES,
    case="wrong/games-name-filled-cells",
)
def named_twice(student):
    return any(len(set(game)) < len(game) for game in all_of(games(student)))


@behaviour(
    "games-in-order",
    "grid_sequences",
    title="Cells are named in order, not at random.",
    **MOVES,
    case="wrong/games-in-order",
)
def always_in_order(student):
    return all(list(game) == sorted(game) for game in all_of(games(student)))


@behaviour(
    "games-start-alike",
    "grid_sequences",
    title="Every game begins with the same cell.",
    **MOVES,
    case="wrong/games-start-in-the-middle",
)
def one_first_cell(student):
    return len({game[0] for game in all_of(games(student))}) == 1


BOARD = {
    "hint": "The cells are 1 to `cells`, whether or not a line goes through them.",
    "hint_2": "with four cells and the one line (1, 2): which cells may be named first?",
}


@misconception(
    "games-oracle-of-the-lines-cells",
    "grid_next",
    title="A cell through which no line goes has no chance: the lines are taken for the board.",
    **BOARD,
)
def cells_of_lines_alone(tokens, lines, cells):
    board = set().union(*lines)

    def free(moves, token):
        return sorted(board - set(moves))

    return in_games(tokens, cells, lambda moves, *_: filled_by(moves, lines), free)


@behaviour(
    "games-of-the-lines-cells",
    "grid_sequences",
    title="A cell through which no line goes is never named: the lines are taken for the board.",
    **BOARD,
    case="wrong/games-of-the-lines-cells",
)
def names_cells_of_lines_alone(student):
    return set(np.unique(games(student)).tolist()) == {0}.union(*LINES)


def by_one_player(moves, ends, cells):
    """Two players move in turn, and a line must belong to one of them."""
    return filled_by(moves[::2], ends) or filled_by(moves[1::2], ends)


def as_many_as_a_line(moves, ends, cells):
    return len(moves) >= min(map(len, ends))


def all_lines(moves, ends, cells):
    return all(set(end) <= set(moves) for end in ends)


def all_but_one_cell(moves, ends, cells):
    return any(len(set(end) - set(moves)) <= 1 for end in ends)


def without_interruption(moves, ends, cells):
    """The cells of a line must be the last that were named."""
    return any(set(moves[-len(end) :]) == set(end) for end in ends)


def in_the_lines_order(moves, ends, cells):
    """The cells of a line must be named in the order in which the line lists them."""
    return any([move for move in moves if move in end] == list(end) for end in ends)


def these_cells_alone(moves, ends, cells):
    return any(set(moves) == set(end) for end in ends)


def first_line(moves, ends, cells):
    return filled_by(moves, ends[:1])


def last_line(moves, ends, cells):
    return filled_by(moves, ends[-1:])


def counted_from_zero(moves, ends, cells):
    return filled_by([move - 1 for move in moves], ends)


def other_lines(moves, ends, cells):
    return filled_by(moves, THREE_IN_A_ROW)


def before_the_last_move(moves, ends, cells):
    return filled_by(moves[:-1], ends)


def never(moves, ends, cells):
    """No line ends a game, so the full grid does."""
    return False


def any_cell_of_a_line(moves, ends, cells):
    return any(set(end) & set(moves) for end in ends)


LINE = {
    "hint": "All cells of some line are filled: no matter when, by whom, and what else is filled.",
    "hint_2": "with the lines (1, 2) and (3, 4), what must come after 0, 1, 3, 2?",
}
RULES = {
    "only-when-full": (never, "A complete line does not end a game, unless the grid is full."),
    "a-move-late": (before_the_last_move, "A complete line is noticed one move late."),
    "with-two-players": (
        by_one_player,
        "A line counts only if one of two players filled it alone.",
    ),
    "with-all-lines": (all_lines, "A game ends when all lines are complete, not with the first."),
    "with-the-first-line": (first_line, "Only the first line is looked at."),
    "with-the-last-line": (last_line, "Only the last line is looked at."),
    "whatever-the-lines": (
        other_lines,
        "Three in a row ends every game, whatever lines are given.",
    ),
    "counted-from-zero": (counted_from_zero, "Lines count cells from 0, and moves from 1."),
    "with-any-cell": (any_cell_of_a_line, "One cell of a line is enough to end a game."),
    "with-a-cell-to-go": (all_but_one_cell, "A game ends one cell before a line is complete."),
    "after-so-many-moves": (
        as_many_as_a_line,
        "A game ends after as many moves as a line has cells, whichever cells they are.",
    ),
    "without-interruption": (
        without_interruption,
        "A line counts only if its cells are named directly one after the other.",
    ),
    "in-the-lines-order": (
        in_the_lines_order,
        "A line counts only if its cells are named in the order of the line.",
    ),
    "with-these-cells-alone": (
        these_cells_alone,
        "A line counts only if no other cell is filled: equal sets are asked for.",
    ),
}
CASES = {
    "games-end-only-when-full": "wrong/games-cleared-only-when-full",
    "games-end-a-move-late": "wrong/games-cleared-a-move-late",
    "games-end-with-two-players": "wrong/games-of-two-players",
    "games-oracle-ends-only-when-full": "wrong/games-oracle-knows-fill-only",
    "games-oracle-ends-with-two-players": "wrong/games-oracle-of-two-players",
}


def ends_by(rule, student):
    """Whether every game ends with the first move after which a rule says so, or full."""
    settings = [(LINES, CELLS), ([[1, 2], [3, 4]], 4), (THREE_IN_A_ROW, 9)]
    return all(
        len(game) == first_end(game, rule, ends, cells)
        for ends, cells in settings
        for game in all_of(games(student, ends=ends, cells=cells))
    )


def first_end(game, rule, ends, cells):
    """After how many moves of a game it is over; one more than it has where it is not."""
    for moves in range(1, len(game) + 1):
        if moves == cells or rule(game[:moves], ends, cells):
            return moves
    return len(game) + 1


def chances_by(rule, tokens, lines, cells):
    """The chances after every move, where a game is over by some rule or full."""

    def over(moves, *_):
        return len(moves) == cells or (moves and rule(moves, lines, cells))

    return in_games(tokens, cells, over)


def of_rules(declare, function, stem, shows, rules):
    """What is declared of each rule in one of the two functions."""
    return [
        declare(f"{stem}-{name}", function, title=title, **LINE, case=CASES.get(f"{stem}-{name}"))(
            partial(shows, rule)
        )
        for name, (rule, title) in rules.items()
    ]


BEFORE_THE_END = {
    name: (rule, title)
    for name, (rule, title) in RULES.items()
    if rule not in (before_the_last_move, all_lines)  # which shows in drawn games alone
}
OTHER_ENDS = [
    *of_rules(behaviour, "grid_sequences", "games-end", ends_by, RULES),
    *of_rules(misconception, "grid_next", "games-oracle-ends", chances_by, BEFORE_THE_END),
    behaviour(
        "games-cleared-too-early",
        "grid_sequences",
        title="The grid is cleared before any line is complete.",
        **LINE,
    )(lambda student: -1 in moments(student)),
    behaviour(
        "games-cleared-at-another-time",
        "grid_sequences",
        title="Games end at another time than with their first complete line.",
        **LINE,
    )(lambda student: moments(student) != {0}),
]


def moments(student):
    """For every game, how many moves after its first complete line it was cleared; or -1."""
    played = all_of(games(student))
    ends = [
        (len(game), first_end(game, lambda m, e, _: filled_by(m, e), LINES, CELLS))
        for game in played
    ]
    return {length - end if end <= length else -1 for length, end in ends}
