"""What the four published pieces claim, what their way gives here, and what ours gives.

Every number but those claimed is read from results/, so that none can drift.
`written_tables.py` puts the table into the handout.
"""

from __future__ import annotations

from statistics import median

import measure
from grid_games import CELLS
from keras_notebook import GOOD, until_good
from published_xor import Found, Row, browser_sketch, tutorial
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


def request() -> list[Row]:
    """Two ways to choose the training strings, and whether they succeed."""
    trained = measure.load("parity_training")["runs"]
    far = sum(run["wrong"]["10000"] == 0 for run in trained)
    return [
        (
            "100,000 strings of length 50, one label each",
            "asked; no number",
            approach(one_length=True),
            searched("first"),
        ),
        (
            "100,000 strings of length 1 to 50, one label each",
            "asked; no number",
            approach(one_length=False),
            f"{right_at_50(trained)}, {cpu_seconds(trained):.2f} CPU-s; at 10,000 bits {far}",
        ),
        ("a proof for every length", "none", "none", searched("proved")),
    ]


def approach(*, one_length: bool) -> str:
    """One of the two ways, as asked."""
    runs = [
        run
        for run in measure.load("parity_study")["runs"].values()
        if (run["piece"], run["labels"]) == ("approaches", "final")
        and (run["shortest"] == run["longest"]) == one_length
    ]
    count = sum(run["wrong"] == 0 for run in runs)
    mean = sum(run["accuracy"] for run in runs) / len(runs)
    return f"{count} of {len(runs)} seeds exact, mean accuracy {mean:.4f}"


def searched(piece: str) -> str:
    """Random search, up to the first that separates or the first with a proof."""
    runs = measure.load("random_search")[piece]
    return f"{right_at_50(runs)}, {cpu_seconds(runs):.2g} CPU-s, by random search"


def right_at_50(runs: list[Found]) -> str:
    """How many runs gave a network without a mistake at length 50."""
    count = sum(run["wrong"] is not None and run["wrong"]["50"] == 0 for run in runs)
    return f"{count} of {len(runs)} exact"


def cpu_seconds(runs: list[Found]) -> float:
    """The median."""
    return median(run["cpu_seconds"] for run in runs)


def notebook() -> list[Row]:
    """The numbers that the notebook prints: one unit, a label at every step."""
    found = measure.load("keras_notebook")
    return [*accuracies(found), *speeds(found)]


def in_torch(found: Found, kind: str) -> Found:
    """The notebook's network on torch, as written or corrected."""
    return {run["row"]: run for run in found["runs"] if run["seed"] == 0}[kind]


def accuracies(found: Found) -> list[Row]:
    """How large the network is, and what it gets right."""
    keras, written, ours = found["original"][0], in_torch(found, "as written"), found["ours"][0]
    return [
        (
            "its size",
            "text: 2 units; code: 1 unit, 20 numbers",
            f"{keras['parameters']} numbers",
            "14 numbers, by random search",
        ),
        (
            "steps right, length 50, its own test",
            "1.0000 after 3 of 7 epochs; “6 to 8 epochs”",
            f"Keras 3: {keras['accuracy'][-1]:.4f} after 7; "
            f"in torch: {written['own'][-1]['steps']:.4f}",
            f"{ours['fresh']['steps']:.4f} of fresh strings after "
            f"{ours['updates']} updates (an epoch has 782)",
        ),
        (
            "its last loss",
            "0.3236; the two softmaxes allow no less than 0.3133",
            f"Keras 3: {keras['loss'][-1]:.4f}; in torch: {written['last_loss']:.4f}",
            f"{in_torch(found, 'corrected')['last_loss']:.4f} with one softmax, in torch",
        ),
    ]


def speeds(found: Found) -> list[Row]:
    """How long its training takes."""
    keras, written = found["original"][0], in_torch(found, "as written")
    ours = [name for name in until_good(found) if name.startswith("ours")]
    return [
        (
            "an epoch",
            "75 to 80 s",
            f"{median(keras['cpu_seconds']):.1f} CPU-s",
            f"{median(written['cpu_seconds']):.1f} CPU-s, in torch",
        ),
        (
            f"CPU-seconds until {GOOD:.0%} of all steps are right",
            "no number",
            "; ".join(until(found, f"as written, {where}") for where in ("on Keras 3", "in torch")),
            "; ".join(until(found, name) for name in ours).replace("ours, ", ""),
        ),
        (
            "lengths 1 to 50, a string at a time, five times each",
            "1.0000 after some 2000 strings",
            "; ".join(map(one_by_one, found["one_by_one"])),
            "see length 1 to 50 above",
        ),
    ]


def until(found: Found, name: str) -> str:
    """After how many CPU-seconds a way is good, if ever."""
    there = [seconds for seconds in until_good(found)[name] if seconds is not None]
    return f"{name}: " + (f"{median(there):.2g}" if there else "in no run")


def one_by_one(run: Found) -> str:
    """After how many strings a run of the second experiment had every step right."""
    return f"{run['steps'][-1]:.4f} after {len(run['steps']) * run['every']} strings"


def tiny_networks() -> list[Row]:
    """Neurons that remember: counting, games on a grid, a grammar."""
    published, rows = measure.load("rnn_published")["runs"], measure.load("rnn_memory")["rows"]
    usual = {
        (row["settings"]["task"], row["settings"]["hidden"]): row
        for row in rows.values()
        if row["settings"]["cells"] == CELLS
    }
    return [
        *(
            (
                f"{task}, {hidden} neuron{'s' if hidden > 1 else ''}",
                claimed,
                outcome(published[f"{task}, {hidden}"]),
                f"{exact(usual[task, hidden])}, "
                f"{cpu_seconds(usual[task, hidden]['runs']):.1f} CPU-s",
            )
            for task, claims in CLAIMED.items()
            for hidden, claimed in claims.items()
        ),
        (
            "fill, larger grids",
            "from 11 cells on neurons no longer follow single cells",
            their_larger_grids(published),
            our_larger_grids(list(rows.values())),
        ),
    ]


CLAIMED = {
    "counting": {2: "over 90%", 1: "none"},
    "counting in reverse": {2: "shown; no number"},
    "fill": {10: "perfect", 9: "none", 5: "takes shortcuts"},
    "three in a row": {30: "perfect", 20: "none"},
    "grammar": {4: "perfect", 3: "sometimes off by one or more", 2: "none"},
}


def outcome(runs: list[Found]) -> str:
    """How many of the networks trained as published made no mistake, and what they all made."""
    count, shares = sum(run["exact"] for run in runs), [run["right"] for run in runs]
    return f"{count} of {len(runs)} exact; legal {min(shares):.2f} to {max(shares):.2f}"


def their_larger_grids(published: Found) -> str:
    """Fill on more than nine cells, trained as published."""
    names = [name for name in published if name.endswith(" cells")]
    written = []
    for name in names:
        _, hidden, cells = name.split(", ")
        written.append(f"{cells}, {hidden} neurons: {outcome(published[name])}")
    return "; ".join(written)


def our_larger_grids(rows: list[Found]) -> str:
    """Fill on more than nine cells."""
    return "; ".join(
        f"{row['settings']['cells']} cells, {row['settings']['hidden']} neurons: {exact(row)}"
        for row in rows
        if row["settings"]["cells"] > CELLS
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
