"""Small samples."""

import numpy as np
import pytest


@pytest.mark.check(
    task="spread",
    section="S.1",
    function="value_range",
    hint="Largest minus smallest.",
    category="implementation",
)
def test_range_of_three_values(student, expect, keep):
    """The range of 2, 7, 4 is 5."""
    keep("range", [student.value_range(np.array([2.0, 7.0, 4.0]))])
    expect.close(student.value_range(np.array([2.0, 7.0, 4.0])), 5.0, given={"values": [2, 7, 4]})


@pytest.mark.check(
    task="spread", section="S.2", function="standardise", hint="Mean 0, deviation 1."
)
def test_two_values_standardised(student, expect, keep):
    """1 and 3 become -1 and 1."""
    three = np.array([1.0, 2.0, 6.0])
    keep("before_and_after", lambda: [(1, 2, 3), three, student.standardise(three)])
    keep("two_values", student.standardise(np.array([1.0, 3.0])))
    expect.close(student.standardise(np.array([1.0, 3.0])), [-1.0, 1.0], given={"values": [1, 3]})


@pytest.mark.check(
    task="outliers", section="O.2", function="is_outlier", hint="Outside the limits on either side."
)
def test_one_far_value(student, expect):
    """Among nine zeros and a 100, the 100 stands apart."""
    values = np.array([0.0] * 9 + [100.0])
    got = student.is_outlier(student.fit_limits(values), values)
    expect.equal(got, [0] * 9 + [1], given={"values": values})


@pytest.mark.check(
    task="lean", section="L.1", function="skewness", hint="The cubes of -0.5 and of 2 keep signs."
)
def test_one_value_to_the_right(student, expect):
    """Four zeros and a 1 lean to the right by 1.5."""
    values = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    expect.close(student.skewness(values), 1.5, given={"values": values})


@pytest.mark.check(
    task="outliers", section="O.2", function="SAMPLE", hint="Write numbers into sample.json."
)
def test_own_sample_is_numbers(student, expect):
    """Your own sample is a list of numbers."""
    expect.array(student.SAMPLE, shape=(None,))
