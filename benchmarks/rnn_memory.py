"""Tiny recurrent networks that remember: success, seconds, and what each neuron follows.

    .venv/bin/python benchmarks/rnn_memory.py [--seeds 10] [--only NAME]...

For each row, networks are trained by the reference's own back-propagation from fresh
seeds, and judged on 500 sequences of 60 tokens that they have not met, in two ways:

- certain: the likeliest token is right wherever only one can come. Such a network prints
  every line, and finishes every string, without a mistake. (That after ten letters a no
  further one may come is not asked here: that is known from the rule, not from the string.)
- legal: every legal token is held for likelier than every illegal one. This asks for
  more, and in games it is what counts.

Prints a table in Markdown. results/rnn_memory.json keeps every training as soon as it is
finished, and of each row the weights of its best network, for the figures; after an
interruption the same command goes on. A row whose settings change begins anew.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
from counting import counting_next, counting_sequences
from grammar import grammar_next, grammar_sequences
from grid_games import CELLS, FILL, THREE_IN_A_ROW, grid_next, grid_sequences
from neuron_labels import (
    Variables,
    counting_variables,
    grammar_variables,
    grid_variables,
    label_neurons,
)
from rnn import Parameters, legal_first, rnn_forward
from rnn_training import start_rnn, train_rnn

Run = dict[str, Any]
TESTS, TEST_TOKENS, BATCH = 500, 60, 32
FRESH = 1_000_000  # test seeds start here, far from those of training
LONGEST, MOST_LETTERS = 10, 30  # of the grammar: letters a in training, and where `reach` ends
SHORTER = range(2, LONGEST)  # what a row that is `staged` practises first
SMALL_GRIDS, LARGE_GRIDS = (6, 8, 9, 10), (11, 12, 14)
GAMES = {"fill": FILL, "three in a row": THREE_IN_A_ROW}
OPEN = (*GAMES, "counting in reverse")  # several tokens may come: being legal is what counts


@dataclass(frozen=True)
class Row:
    """One task with the settings of its training."""

    task: str
    hidden: int
    updates: int
    learning_rate: float
    tokens: int
    keep: float = 0.0
    sequences: int = 1000
    cells: int = CELLS  # of the games
    quiet: bool = False  # see `start`
    staged: bool = False  # of the grammar: short strings first, see `train`


def on_a_grid(cells: int, hidden: int) -> Row:
    """Fill on any number of cells."""
    return Row("fill", hidden, 2500, 0.05, 2 * cells + 12, 1.0, 8000, cells, quiet=True)


def with_ten(cells: int) -> str:
    """The row's name of ten neurons on so many cells; nine are the game itself."""
    return "fill-10" if cells == CELLS else f"fill-10-of-{cells}"


ROWS = {
    "counting-2": Row("counting", 2, 1000, 0.05, 30),
    "counting-1": Row("counting", 1, 1500, 0.1, 30),
    "reverse-2": Row("counting in reverse", 2, 3000, 0.08, 35),
    "reverse-1": Row("counting in reverse", 1, 3000, 0.08, 35, 0.8),
    "fill-9": Row("fill", 9, 4000, 0.05, 22, 1.0, 8000, quiet=True),
    "fill-5": Row("fill", 5, 1500, 0.05, 22, 1.0),
    "three-30": Row("three in a row", 30, 6000, 0.02, 24, 1.0, 8000),
    "three-20": Row("three in a row", 20, 6000, 0.03, 20, 1.0, 8000),
    "grammar-4": Row("grammar", 4, 2500, 0.05, 30, 0.8),
    "grammar-3-at-once": Row("grammar", 3, 6000, 0.1, 30, 0.5),
    "grammar-3": Row("grammar", 3, 4000, 0.05, 30, 0.5, staged=True),
    "grammar-2": Row("grammar", 2, 10_000, 0.03, 30, 0.5),
    # fill on grids of many sizes: with ten neurons, and large ones with one more than cells
    **{with_ten(cells): on_a_grid(cells, 10) for cells in SMALL_GRIDS + LARGE_GRIDS},
    **{f"fill-{cells + 1}-of-{cells}": on_a_grid(cells, cells + 1) for cells in LARGE_GRIDS},
}


def lines_of(row: Row) -> list[list[int]]:
    """The lines that end a game; the one of `fill` is the whole grid, however large."""
    return [list(range(1, row.cells + 1))] if row.task == "fill" else GAMES[row.task]


def sequences(row: Row, n: int, tokens: int, seed: int, longest: int = LONGEST) -> np.ndarray:
    """Fresh sequences of a task; strings of the grammar up to `longest`."""
    if row.task in GAMES:
        return grid_sequences(n, tokens, seed, lines_of(row), row.cells)
    if row.task == "grammar":
        return grammar_sequences(n, tokens, seed, longest)
    return counting_sequences(n, tokens, seed, reverse=row.task != "counting")


def chances(row: Row, tokens: np.ndarray, longest: int = LONGEST) -> np.ndarray:
    """The oracle of a task."""
    if row.task in GAMES:
        return grid_next(tokens, lines_of(row), row.cells)
    if row.task == "grammar":
        return grammar_next(tokens, longest)
    return counting_next(tokens, reverse=row.task != "counting")


def reach(network: Parameters) -> int:
    """The greatest n up to which a network finishes every string a^n ba b^n, from its b on."""
    for n in range(MOST_LETTERS):
        string = np.array([[0, *[1] * n, 2, 1, *[2] * n, 0]])
        _, probabilities = rnn_forward(network, string)
        if (probabilities[0, n + 1 : -1].argmax(axis=-1) != string[0, n + 2 :]).any():
            return n - 1
    return MOST_LETTERS


def variables(row: Row, tokens: np.ndarray) -> Variables:
    """What a person would keep in mind."""
    if row.task in GAMES:
        return grid_variables(tokens, lines_of(row), row.cells)
    if row.task == "grammar":
        return grammar_variables(tokens)
    return counting_variables(tokens, reverse=row.task != "counting")


def start(row: Row, seed: int) -> Parameters:
    """Where training begins.

    Quiet: neurons keep what they hold and do not disturb each other, tokens move them little,
    and what they say counts much. Then few of them settle on a cell that another has found.
    """
    symbols = chances(row, sequences(row, 1, 1, seed)).shape[-1]
    drawn = start_rnn(symbols, row.hidden, seed, row.keep)
    if not row.quiet:
        return drawn
    kept = row.keep * np.eye(row.hidden)
    return {**drawn, "W": kept, "U": 0.2 * drawn["U"], "V": 2.0 * drawn["V"]}


def train(row: Row, seed: int) -> Parameters:
    """A trained network.

    Staged: as many updates as in the last stage are shared by strings up to two letters a,
    then up to three, and so on. A network that counts to two finds counting to three; one
    that is asked to count to ten at once may never find counting at all.
    """
    shorter = SHORTER if row.staged else ()
    stages = [*((n, row.updates // len(shorter)) for n in shorter), (LONGEST, row.updates)]
    trained = start(row, seed)
    for longest, updates in stages:
        tokens = sequences(row, row.sequences, row.tokens, seed, longest)
        targets = chances(row, tokens, longest)
        trained, _ = train_rnn(trained, tokens, targets, updates, row.learning_rate, BATCH, seed)
    return trained


def certain_and_wrong(probabilities: np.ndarray, targets: np.ndarray) -> int:
    """Positions after which one token only can come, and another is held for likelier."""
    certain = targets.max(axis=-1) == 1.0
    return int(np.sum(certain & (probabilities.argmax(axis=-1) != targets.argmax(axis=-1))))


def run(row: Row, seed: int) -> Run:
    """Train one network and judge it."""
    clock = measure.Clock()
    with clock.running():
        trained = train(row, seed)
    test = sequences(row, TESTS, TEST_TOKENS, FRESH + seed)
    targets = chances(row, test)
    hidden, probabilities = rnn_forward(trained, test)
    return {
        "seed": seed,
        "positions": test.size,
        "certain_and_wrong": certain_and_wrong(probabilities, chances(row, test, LONGEST + 1)),
        "illegal_before_legal": int(np.sum(~legal_first(probabilities, targets))),
        "cpu_seconds": round(clock.seconds, 2),
        "neurons": [
            [name, round(share, 3)] for name, share in label_neurons(hidden, variables(row, test))
        ],
        "network": {name: np.round(values, 4).tolist() for name, values in trained.items()},
    }


def read_done() -> dict[str, list[Run]]:
    """The runs of each row that are finished, as far as its settings are still the same."""
    try:
        kept = measure.load("rnn_memory")["rows"]
    except FileNotFoundError:
        kept = {}
    same = {name for name, row in ROWS.items() if kept.get(name, {}).get("settings") == asdict(row)}
    return {name: kept[name]["runs"] if name in same else [] for name in ROWS}


def write_done(done: dict[str, list[Run]]) -> None:
    """Keep what is finished; the weights of the best network of each row alone."""
    for runs in done.values():
        runs.sort(key=lambda run: int(run["seed"]))
        best = best_run(runs)
        for run in runs:
            if run is not best:
                run.pop("network", None)
    rows = {name: {"settings": asdict(ROWS[name]), "runs": runs} for name, runs in done.items()}
    measure.save_lines("rnn_memory", {"rows": rows})


def best_run(runs: list[Run]) -> Run | None:
    """The run with the fewest mistakes, of equal ones the first."""
    return min(
        runs,
        key=lambda run: (run["illegal_before_legal"], run["certain_and_wrong"], run["seed"]),
        default=None,
    )


def share(runs: list[Run], mistakes: str) -> str:
    """How many of the runs made no mistake of a kind, with its interval."""
    exact = sum(run[mistakes] == 0 for run in runs)
    low, high = measure.share_interval(exact, len(runs))
    return f"{exact} of {len(runs)} ({low:.2f} to {high:.2f})"


def table(done: dict[str, list[Run]]) -> str:
    """The results as Markdown, rows that have any."""
    lines = [
        "| task | neurons | certain (95% interval) | legal (95% interval) "
        "| CPU-s, median | the best network's neurons follow, by R² |",
        "|---|---|---|---|---|---|",
    ]
    for name, runs in done.items():
        if (best := best_run(runs)) is None:
            continue
        row = ROWS[name]
        task = row.task if row.cells == CELLS else f"{row.task}, {row.cells} cells"
        followed = sorted(best["neurons"], key=lambda neuron: -neuron[1])[:3]
        lines.append(
            f"| {task} | {row.hidden} "
            f"| {share(runs, 'certain_and_wrong')} | {share(runs, 'illegal_before_legal')} "
            f"| {np.median([run['cpu_seconds'] for run in runs]):.1f} "
            f"| {', '.join(f'{variable} {part:.2f}' for variable, part in followed)} |"
        )
    return "\n".join(lines)


def settings_table(done: dict[str, list[Run]]) -> str:
    """The settings of the rows on the usual grid, and how often they end without a mistake."""
    lines = [
        "| task, neurons | no mistake | `steps` | `learning_rate` | tokens | `keep` |",
        "|---|---|---|---|---|---|",
    ]
    usual = {name: row for name, row in ROWS.items() if row.cells == CELLS}
    tasks = [row.task for row in usual.values()]
    for name, row in sorted(usual.items(), key=lambda x: (tasks.index(x[1].task), -x[1].hidden)):
        mistakes = "illegal_before_legal" if row.task in OPEN else "certain_and_wrong"
        right = sum(run[mistakes] == 0 for run in done[name])
        how = ", quiet" * row.quiet + ", in stages" * row.staged
        lines.append(
            f"| {row.task}, {row.hidden} | {right} of {len(done[name])} | {row.updates} "
            f"| {row.learning_rate} | {row.tokens} | {row.keep:g}{how} |"
        )
    return "\n".join(lines)


def reaches(done: dict[str, list[Run]]) -> str:
    """How far the best networks of the grammar come, in a sentence."""
    found = []
    for hidden, name in (("four", "grammar-4"), ("three", "grammar-3"), ("two", "grammar-2")):
        best = best_run(done[name])
        assert best is not None
        network = {key: np.array(values) for key, values in best["network"].items()}
        found.append(f"with {hidden} neurons up to n = {reach(network)}")
    return f"The best of our networks finished every string {', '.join(found)}."


def main() -> None:
    """Run every seed that is not done yet, the first seeds of all rows first."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", action="append", choices=ROWS, metavar="NAME", default=[])
    options = parser.parse_args()
    done = read_done()
    for seed in range(options.seeds):
        for name in options.only or ROWS:
            if all(run["seed"] != seed for run in done[name]):
                done[name].append(run(ROWS[name], seed))
                write_done(done)
    print(table(done))


if __name__ == "__main__":
    main()
