"""One mistake for your own tests to catch; everything else is your own work."""

import numpy as np


def mean_squared_error(predictions, targets):
    differences = np.asarray(predictions, dtype=float) - targets
    return float(np.sum(differences**2))
