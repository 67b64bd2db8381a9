"""What the pictures of the students' pages should look like."""

import numpy as np


def two_values_standardised(reference):
    """As kept by the public check."""
    return reference.standardise(np.array([1.0, 3.0]))


def before_and_after(reference):
    """Three values, and what becomes of them."""
    values = np.array([1.0, 2.0, 6.0])
    return [(1, 2, 3), values, reference.standardise(values)]
