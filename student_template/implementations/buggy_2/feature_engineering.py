"""One mistake for your own tests to catch; everything else is your own work."""

import numpy as np


def parity_feature(bits):
    return np.prod(np.asarray(bits, dtype=float), axis=1)
