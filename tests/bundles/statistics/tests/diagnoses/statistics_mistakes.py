"""What students get wrong about samples."""

import numpy as np

from autograder.diagnosis.declare import behaviour, misconception, pattern, trials


@trials("value_range", rows=("values",), numbers=("values",))
def samples_with_a_range(rng):
    for size in (1, 2, 3, 8):
        yield {"values": np.arange(size, dtype=float)}
        yield {"values": rng.normal(size=size).round(2)}


EXAMPLE = pattern(
    "example-looked-up",
    "value_range",
    fails=["range_of_other_samples"],
    passes=["range_of_three_values"],
    title="The answer to the example is written down.",
    hint="A function computes its result from what it is given.",
    hint_2="compare your result for two different samples.",
    case="wrong/visible-range",
)


@trials("standardise", rows=("values",), numbers=("values",))
def samples_to_standardise(rng):
    for size in (2, 3, 5, 9):
        yield {"values": np.arange(size, dtype=float)}
        yield {"values": rng.normal(size=size).round(2)}


@misconception(
    "sample-deviation",
    "standardise",
    title="The deviation is divided by n - 1.",
    hint="These n values are all there are; nothing is estimated from them.",
    hint_2="compare the deviation of your result with 1.",
    case="wrong/sample-deviation",
)
def with_the_sample_deviation(values):
    return (values - values.mean()) / values.std(ddof=1)


@misconception(
    "order-reversed",
    "standardise",
    title="The values are subtracted from their mean.",
    hint="Which of the results should be the largest?",
    hint_2="compare the order of your result with that of the sample.",
    case="wrong/order-reversed",
)
def mean_minus_value(values):
    return (values.mean() - values) / values.std()


@behaviour(
    "limits-handed-back",
    "fit_limits",
    title="The limits come back where an answer for each value is due.",
    hint="Your object is for your own functions; what is asked for are booleans.",
    hint_2="look at what is_outlier returns for nine zeros and a 100.",
    case="wrong/own-object-returned",
)
def hands_back_an_object(student):
    values = np.array([0.0] * 9 + [100.0])
    flags = student.is_outlier(student.fit_limits(values), values)
    return not isinstance(flags, (list, tuple, np.ndarray))
