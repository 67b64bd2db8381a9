"""What the four published pieces claim, what their way gives here, and what ours gives.

Every number but those claimed is read from results/, so that none can drift; a cell whose
benchmark has not been run says so. `written_tables.py` puts the table into the handout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

from grid_games import CELLS
from keras_notebook import GOOD, until_good
from published_xor import NOT_MEASURED, Found, browser_sketch, cell, tutorial
from rnn_memory import OPEN

HEAD = (
    "what | claimed | their way, run here | ours",
    "--- | --- | --- | ---",
)


def table() -> str:
    """All four pieces as Markdown."""
    rows = [*HEAD]
    for title, their_commands, our_commands, piece in PIECES:
        rows.append(f"**{title}** | | {their_commands} | {our_commands}")
        rows += [" | ".join(row) for row in piece()]
    return "\n".join(f"| {row} |" for row in rows)


def request() -> Iterator[tuple[str, ...]]:
    """Two ways to choose the training strings, and whether they succeed."""

    def approach(one_length: bool) -> str:
        def write(found: Found) -> str:
            runs = [
                run
                for run in found["runs"].values()
                if (run["piece"], run["labels"]) == ("approaches", "final")
                and (run["shortest"] == run["longest"]) == one_length
            ]
            count = sum(run["wrong"] == 0 for run in runs)
            mean = sum(run["accuracy"] for run in runs) / len(runs)
            return f"{count} of {len(runs)} seeds exact, mean accuracy {mean:.4f}"

        return cell("parity_study", write)

    def searched(piece: str) -> str:
        def write(found: Found) -> str:
            runs = found[piece]
            count = sum(run["wrong"] is not None and run["wrong"]["50"] == 0 for run in runs)
            seconds = median(run["cpu_seconds"] for run in runs)
            return f"{count} of {len(runs)} exact, {seconds:.2g} CPU-s, by random search"

        return cell("random_search", write)

    def by_length(found: Found) -> str:
        runs = found["runs"]
        count = sum(run["wrong"]["50"] == 0 for run in runs)
        seconds = median(run["cpu_seconds"] for run in runs)
        far = sum(run["wrong"]["10000"] == 0 for run in runs)
        return f"{count} of {len(runs)} exact, {seconds:.2f} CPU-s; at 10,000 bits {far}"

    yield (
        "100,000 strings of length 50, one label each",
        "asked; no number",
        approach(one_length=True),
        searched("first"),
    )
    yield (
        "100,000 strings of length 1 to 50, one label each",
        "asked; no number",
        approach(one_length=False),
        cell("parity_training", by_length),
    )
    yield ("a proof for every length", "none", "none", searched("proved"))


def notebook() -> Iterator[tuple[str, ...]]:
    """The numbers that the notebook prints: one unit, a label at every step."""

    def of_notebook(write: Callable[[Found], str]) -> str:
        return cell(
            "keras_notebook", lambda found: write(found) if found["original"] else NOT_MEASURED
        )

    def last(found: Found, kind: str) -> Found:
        return {run["row"]: run for run in found["runs"] if run["seed"] == 0}[kind]

    def until(found: Found, name: str) -> str:
        there = [seconds for seconds in until_good(found)[name] if seconds is not None]
        return f"{name}: " + (f"{median(there):.2g}" if there else "in no run")

    yield (
        "its size",
        "text: 2 units; code: 1 unit, 20 numbers",
        of_notebook(lambda found: f"{found['original'][0]['parameters']} numbers"),
        "14 numbers, by random search",
    )
    yield (
        "steps right, length 50, its own test",
        "1.0000 after 3 of 7 epochs; “6 to 8 epochs”",
        of_notebook(
            lambda found: (
                f"Keras 3: {found['original'][0]['accuracy'][-1]:.4f} after 7; "
                f"in torch: {last(found, 'as written')['own'][-1]['steps']:.4f}"
            )
        ),
        of_notebook(
            lambda found: (
                f"{found['ours'][0]['fresh']['steps']:.4f} of fresh strings after "
                f"{found['ours'][0]['updates']} updates (an epoch has 782)"
            )
        ),
    )
    yield (
        "its last loss",
        "0.3236; the two softmaxes allow no less than 0.3133",
        of_notebook(
            lambda found: (
                f"Keras 3: {found['original'][0]['loss'][-1]:.4f}; "
                f"in torch: {last(found, 'as written')['last_loss']:.4f}"
            )
        ),
        of_notebook(
            lambda found: f"{last(found, 'corrected')['last_loss']:.4f} with one softmax, in torch"
        ),
    )
    yield (
        "an epoch",
        "75 to 80 s",
        of_notebook(lambda found: f"{median(found['original'][0]['cpu_seconds']):.1f} CPU-s"),
        of_notebook(
            lambda found: f"{median(last(found, 'as written')['cpu_seconds']):.1f} CPU-s, in torch"
        ),
    )
    yield (
        f"CPU-seconds until {GOOD:.0%} of all steps are right",
        "no number",
        of_notebook(
            lambda found: "; ".join(
                until(found, f"as written, {where}") for where in ("on Keras 3", "in torch")
            )
        ),
        of_notebook(
            lambda found: "; ".join(
                until(found, name) for name in until_good(found) if name.startswith("ours")
            ).replace("ours, ", "")
        ),
    )
    yield (
        "lengths 1 to 50, a string at a time, five times each",
        "1.0000 after some 2000 strings",
        of_notebook(one_by_one),
        "see length 1 to 50 above",
    )


def one_by_one(found: Found) -> str:
    """After how many strings the second experiment had every step right."""
    written = []
    for run in found["one_by_one"]:
        fed = len(run["steps"]) * run["every"]
        written.append(f"{run['steps'][-1]:.4f} after {fed} strings")
    return "; ".join(written)


def tiny_networks() -> Iterator[tuple[str, ...]]:
    """Neurons that remember: counting, games on a grid, a grammar."""
    for task, claims in CLAIMED.items():
        for hidden, claimed in claims.items():
            yield (
                f"{task}, {hidden} neuron{'s' if hidden > 1 else ''}",
                claimed,
                cell("rnn_published", lambda found, t=task, h=hidden: theirs(found, t, h)),
                cell("rnn_memory", lambda found, t=task, h=hidden: ours(found, t, h)),
            )
    yield (
        "fill, larger grids",
        "from 11 cells on neurons no longer follow single cells",
        cell("rnn_published", their_larger_grids),
        cell("rnn_memory", larger_grids),
    )


CLAIMED = {
    "counting": {2: "over 90%", 1: "none"},
    "counting in reverse": {2: "shown; no number"},
    "fill": {10: "perfect", 9: "none", 5: "takes shortcuts"},
    "three in a row": {30: "perfect", 20: "none"},
    "grammar": {4: "perfect", 3: "sometimes off by one or more", 2: "none"},
}


def theirs(found: Found, task: str, hidden: int) -> str:
    """One row of the training as published."""
    return outcome(found["runs"].get(f"{task}, {hidden}", []))


def their_larger_grids(found: Found) -> str:
    """Fill on more than nine cells, trained as published."""
    larger = {name: runs for name, runs in found["runs"].items() if name.endswith(" cells")}
    names = (name.split(", ") for name in larger)
    return "; ".join(
        f"{cells}, {hidden} neurons: {outcome(runs)}"
        for (_, hidden, cells), runs in zip(names, larger.values(), strict=True)
    )


def outcome(runs: list[Found]) -> str:
    """How many of the networks trained as published made no mistake, and what they all made."""
    if not runs:
        return NOT_MEASURED
    count = sum(run["exact"] for run in runs)
    shares = [run["right"] for run in runs]
    return f"{count} of {len(runs)} exact; legal {min(shares):.2f} to {max(shares):.2f}"


def ours(found: Found, task: str, hidden: int) -> str:
    """The row of this task and number of neurons on the published grid."""
    for row in found["rows"].values():
        settings = row["settings"]
        if (settings["task"], settings["hidden"], settings["cells"]) == (task, hidden, CELLS):
            seconds = [run["cpu_seconds"] for run in row["runs"]]
            return f"{exact(row)}, {median(seconds):.1f} CPU-s" if seconds else NOT_MEASURED
    return NOT_MEASURED


def larger_grids(found: Found) -> str:
    """Fill on grids of more than nine cells."""
    larger = [row for row in found["rows"].values() if row["settings"]["cells"] > CELLS]
    return (
        "; ".join(
            f"{row['settings']['cells']} cells, {row['settings']['hidden']} neurons: {exact(row)}"
            for row in larger
            if row["runs"]
        )
        or NOT_MEASURED
    )


def exact(row: Found) -> str:
    """How many networks of a row made no mistake: where several tokens may come, of any kind."""
    mistakes = "illegal_before_legal" if row["settings"]["task"] in OPEN else "certain_and_wrong"
    count = sum(run[mistakes] == 0 for run in row["runs"])
    return f"{count} of {len(row['runs'])} exact"


PIECES = (  # title, what measures their way, what measures ours, rows
    (
        "A browser sketch that learns XOR",
        "TensorFlow.js: `xor_pieces.py`",
        "our page: `xor_pieces.py`",
        browser_sketch,
    ),
    (
        "An XOR tutorial that starts in a playground",
        "`xor_pieces.py`",
        "`xor_pieces.py`",
        tutorial,
    ),
    (
        "A request for research on parity",
        "`parity_study.py --full`",
        "`random_search.py`, `parity_training.py`",
        request,
    ),
    (
        "A notebook that answers it",
        "`keras_notebook.py --original`",
        "`keras_notebook.py --original`",
        notebook,
    ),
    (
        "A study of what neurons of tiny networks remember",
        "`rnn_published.py`",
        "`rnn_memory.py`",
        tiny_networks,
    ),
)
