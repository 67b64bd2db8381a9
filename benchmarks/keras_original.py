"""The published Keras network, on Keras 3; runs in an environment of its own.

    KERAS_BACKEND=torch PYTHON benchmarks/keras_original.py SEED EPOCHS STRINGS

Everything as in the notebook: one-hot bits, an LSTM with one unit, two softmaxes one after
the other, binary cross-entropy, a label at every step, Adam, batches of 128. Prints a line
of JSON: CPU-seconds of every epoch, and after each the accuracy that Keras states for its
test strings, which are the first tenth of the training strings.
`keras_notebook.py` sets the environment up and starts this.
"""

from __future__ import annotations

import json
import sys
import time

import keras
import numpy as np
import torch

torch.set_num_threads(1)


def main(seed: int, epochs: int, strings: int) -> None:
    """Train by `fit`, an epoch at a time."""
    keras.utils.set_random_seed(seed)
    bits = np.random.default_rng(seed).integers(0, 2, size=(strings, 50))
    x, y = (np.eye(2, dtype=np.float32)[values] for values in (bits, bits.cumsum(axis=1) % 2))
    model = keras.Sequential(
        [
            keras.layers.Input((50, 2)),
            keras.layers.LSTM(1, return_sequences=True, kernel_initializer="glorot_normal"),
            keras.layers.Dense(2, activation="softmax", kernel_initializer="glorot_normal"),
            keras.layers.Activation("softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["categorical_accuracy"])
    model.fit(x[:128], y[:128], batch_size=128, verbose=0)  # the first update builds much
    seconds, accuracy, losses = [], [], []
    tenth = max(strings // 10, 1)
    for _ in range(epochs):
        start = time.process_time()
        model.fit(x, y, batch_size=128, verbose=0)
        seconds.append(round(time.process_time() - start, 2))
        loss, right = model.evaluate(x[:tenth], y[:tenth], batch_size=1000, verbose=0)
        accuracy.append(round(float(right), 5))
        losses.append(round(float(loss), 4))
    result = {"cpu_seconds": seconds, "accuracy": accuracy, "loss": losses}
    result["parameters"] = model.count_params()
    print(json.dumps({**result, "keras": keras.__version__, "backend": keras.backend.backend()}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
