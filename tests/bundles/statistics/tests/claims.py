"""What a report states of the student's own sample, from the student's own code."""

import numpy as np


def range_of_the_sample(student):
    """Largest minus smallest of the sample."""
    return student.value_range(np.array(student.SAMPLE, dtype=float))


def largest_standardised(student):
    """The largest value of the sample in deviations from its mean."""
    return np.max(student.standardise(np.array(student.SAMPLE, dtype=float)))
