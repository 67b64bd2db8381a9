"""Tables of measured numbers in handout and README files, written from results/.

    .venv/bin/python benchmarks/written_tables.py [--check]

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->` in a Markdown file.
This writes all of them anew, so no number in them is typed by hand. With `--check` nothing is
written, and files whose tables are not what results/ gives are named.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from statistics import median

import keras_notebook
import measure
import numpy as np
import published_pieces
import random_search
import relu_seeds
import rnn_memory
import study_figures

PLACE = re.compile(r"(<!-- table: ([\w-]+) -->\n\n)(.*?)(\n\n<!-- end of table -->)", re.S)
FILES = ("README.md", "benchmarks/README.md", "assignment/*.md")


def two_approaches() -> str:
    """Fixed against random lengths, from the final label."""
    lines = [
        "| training strings | seeds solved (95% interval) | mean accuracy (95% interval) "
        "| worst and best seed |",
        "|---|---|---|---|",
    ]
    found = study_figures.kinds(study_figures.pieces(study_figures.STUDY)["approaches"])
    for one_length, name in ((True, "all of length {0}"), (False, "random length 1 to {0}")):
        runs = found["final", one_length]
        accuracies = [run["accuracy"] for run in runs]
        low, high = measure.mean_interval(accuracies)
        lines.append(
            f"| {name.format(runs[0]['longest'])} | {study_figures.share(runs)} "
            f"| {np.mean(accuracies):.4f} ({low:.4f} to {high:.4f}) "
            f"| {min(accuracies):.4f}, {max(accuracies):.4f} |"
        )
    return "\n".join(lines)


def final_label() -> str:
    """What the recipe of short strings first costs, and how far it reaches."""
    found = measure.load("parity_training")
    runs = found["runs"]
    lines = [
        "| | |",
        "|---|---|",
        f"| CPU-seconds, median (most) | {spread([run['cpu_seconds'] for run in runs], '.2f')} |",
        f"| updates, median (most) | {spread([run['steps'] for run in runs], '.0f')} |",
    ]
    for length, n in found["settings"]["tests"].items():
        exact = of_all(sum(run["wrong"][length] == 0 for run in runs), len(runs))
        wrong = sum(run["wrong"][length] for run in runs)
        lines += [
            f"| exact on {n:,} strings of length {int(length):,} | {exact} |",
            f"| wrong answers, length {int(length):,} | {wrong} of {n * len(runs):,} |",
        ]
    return "\n".join(lines)


def spread(values: list[float], form: str) -> str:
    """The median, and the most."""
    return f"{median(values):{form}} ({max(values):{form}})"


def of_all(count: int, n: int) -> str:
    """A share with its interval."""
    low, high = measure.share_interval(count, n)
    return f"{count} of {n} ({low:.2f} to {high:.2f})"


def search(piece: str) -> str:
    """Random search: `first` that separates the training strings, or first that is `proved`."""
    runs = measure.load("random_search")[piece]
    found = [run for run in runs if run["network"]]
    seconds, draws = ([run[key] for run in runs] for key in ("cpu_seconds", "draws"))
    lines = [
        "| | |",
        "|---|---|",
        f"| seeds that found one | {len(found)} of {len(runs)} |",
        f"| networks drawn, median (most) | {median(draws):,.0f} ({max(draws):,}) |",
        f"| CPU-seconds, median (most) | {median(seconds):.2g} ({max(seconds):.2g}) |",
    ]
    for length, n in random_search.TESTS.items():
        exact = sum(run["wrong"][str(length)] == 0 for run in found)
        lines.append(f"| exact on {n:,} strings of length {length:,} | {exact} of {len(found)} |")
    return "\n".join(lines)


def keras() -> str:
    """The published network: ported as written and corrected, and as written on Keras 3."""
    found = measure.load("keras_notebook")
    lines = keras_notebook.table(found["runs"]).splitlines()
    for run in found["original"]:
        lines.append(
            f"| as written, on Keras {run['keras']}, seed {run['seed']} | 1 "
            f"| {run['accuracy'][-1]:.5f} | | | | {median(run['cpu_seconds']):.1f} |"
        )
    return "\n".join(lines)


def relu() -> str:
    """How often two layers and a ReLU learn XOR."""
    found = measure.load("relu_seeds")
    return relu_seeds.table(found["counts"], found["seeds"])


def false_fails() -> str:
    """How often chance decides about right work, by test file, and about wrong work."""
    found = measure.load("false_fails")
    lines = [
        "| | implementations | trials | decided by chance | 95% bound of the rate |",
        "|---|---|---|---|---|",
    ]
    rights = found["false_fails"]
    rows = [
        *((f"right, `{file}`", each) for file, each in rights["by_file"].items()),
        ("right, a grading of all but the extension", rights["gradings"]),
        ("wrong, caught by nothing else", found["false_passes"]),
    ]
    for name, each in rows:
        implementations = each.get("implementations", each.get("cases", ""))
        bound = f"{100 * each['upper_bound_95']:.2f}%"
        lines.append(
            f"| {name} | {implementations} | {each['trials']:,} | {each['events']} | {bound} |"
        )
    return "\n".join(lines)


def chance() -> str:
    """The same in a sentence for students."""
    gradings = measure.load("false_fails")["false_fails"]["gradings"]
    events = gradings["events"] or "none"
    return (
        f"Right work was graded {gradings['trials']:,} times, each time with other random numbers. "
        f"In {events} of them chance decided a check against it, so the rate is at "
        f"most {100 * gradings['upper_bound_95']:.2f}%, with 95% confidence."
    )


TABLES: dict[str, Callable[[], str]] = {
    "false-fails": false_fails,
    "chance": chance,
    "two-approaches": two_approaches,
    "final-label": final_label,
    "search": lambda: search("first"),
    "search-proved": lambda: search("proved"),
    "keras": keras,
    "relu-seeds": relu,
    "published-pieces": published_pieces.table,
    "study-sizes": lambda: study_figures.sizes(study_figures.STUDY),
    "tiny-networks": lambda: rnn_memory.table(rnn_memory.read_done()),
    "tiny-reach": lambda: rnn_memory.reaches(rnn_memory.read_done()),
    "tiny-settings": lambda: rnn_memory.settings_table(rnn_memory.read_done()),
}


def written(text: str) -> str:
    """A file's text with all of its tables as results/ gives them.

    Raises:
        KeyError: a place names a table that there is not.
    """
    return PLACE.sub(lambda place: place[1] + TABLES[place[2]]() + place[4], text)


def main() -> None:
    """Write the tables, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for path in sorted(path for pattern in FILES for path in measure.ROOT.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        if (fresh := written(text)) != text:
            stale.append(str(path.relative_to(measure.ROOT)))
            if not check:
                path.write_text(fresh, encoding="utf-8")
    if check and stale:
        sys.exit(f"not what results/ gives: {', '.join(stale)}; type: make tables")
    print(*stale or ["all tables are as results/ gives them"], sep="\n")


if __name__ == "__main__":
    main()
