"""What an ordinary training run looks like: nothing for a while, then parity.

    .venv/bin/python benchmarks/plateau.py [--seed 0] [--epochs 3]

64 units, Adam at 0.001, 100,000 strings of random length 1 to 50 and their final label.
While `train_model` works, its accuracy is taken on fresh strings of length 50 and of
length 1 to 10. Writes results/plateau.json.
"""

from __future__ import annotations

import argparse

import measure  # puts reference/ on the path
from parity_data import fixed_length_strings, parity_labels, random_length_strings
from parity_lstm import build_model, train_model

STRINGS, LONGEST, TESTS = 100_000, 50, 2000
HIDDEN, RATE, BATCH = 64, 0.001, 128
EVERY = 25
SHORT = 10
FRESH = 1_000_000  # test seeds start here


def main() -> None:
    """Train once, watched."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=float, default=3.0)
    options = parser.parse_args()
    seed, updates = options.seed, round(options.epochs * STRINGS / BATCH)
    bits, lengths = random_length_strings(STRINGS, LONGEST, seed)
    model = build_model(HIDDEN, seed)
    long_strings = fixed_length_strings(TESTS, LONGEST, FRESH + seed)
    short_strings = random_length_strings(TESTS, SHORT, FRESH + seed)
    on_long = measure.watch_accuracy(model, *long_strings, EVERY)
    on_short = measure.watch_accuracy(model, *short_strings, EVERY)
    labels = parity_labels(bits, lengths)
    losses = train_model(model, bits, lengths, labels, updates, RATE, BATCH, seed)
    for name, accuracies in (("1 to 10", on_short), ("50", on_long)):
        first = next((k * EVERY for k, value in enumerate(accuracies) if value > 0.9), None)
        print(f"length {name}: above 0.9 first after {first} updates, {accuracies[-1]:.4f} at last")
    measure.save(
        "plateau",
        {
            "seed": seed,
            "updates_an_epoch": STRINGS / BATCH,
            "every": EVERY,
            "losses": [round(loss, 4) for loss in losses],
            "accuracy_short": on_short,
            "accuracy_long": on_long,
        },
    )


if __name__ == "__main__":
    main()
