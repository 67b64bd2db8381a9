"""What the pictures of the students' pages should look like."""

import numpy as np


def two_values_standardised(reference):
    """As kept by the public check."""
    return reference.standardise(np.array([1.0, 3.0]))
