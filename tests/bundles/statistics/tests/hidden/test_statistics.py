"""Samples nobody has seen."""

import numpy as np
import pytest


@pytest.mark.check(
    task="spread",
    section="S.1",
    function="value_range",
    sibling="range_of_three_values",
    hint="Largest minus smallest, for any number of values.",
    category="implementation",
    weight=2,
)
def test_range_of_other_samples(student, expect, reference, rng):
    """The range of other samples."""
    for size in (1, 5, 40):
        values = rng.normal(size=size)
        expect.close(student.value_range(values), reference.value_range(values))


@pytest.mark.check(
    task="spread",
    section="S.1",
    function="value_range",
    hint="Nothing has no range; say so with ValueError.",
    category="correctness",
)
def test_no_values_are_refused(student, expect):
    """An empty sample is refused."""
    expect.raises("ValueError", lambda: student.value_range(np.array([])))


@pytest.mark.check(
    task="spread",
    section="S.2",
    function="standardise",
    sibling="two_values_standardised",
    hint="Divide by the standard deviation of all n values.",
    category="correctness",
)
def test_standardised_samples(student, expect, rng, keep, shared):
    """Standardised samples have mean 0 and deviation 1."""
    values = rng.normal(3.0, 2.0, 50)
    got = expect.array(student.standardise(values), shape=(50,), kind="float")
    keep("standardised", got)
    shared["sample"] = (values, got)
    expect.close([got.mean(), got.std()], [0.0, 1.0])


@pytest.mark.check(
    task="spread",
    section="S.2",
    function="standardise",
    sibling="two_values_standardised",
    hint="Every value is moved and scaled alike.",
    category="correctness",
)
def test_order_of_a_standardised_sample(expect, shared):
    """Standardising keeps the order of a sample."""
    expect.attempted("sample" in shared, "there is no standardised sample to look at")
    values, got = shared["sample"]
    expect.that(np.array_equal(np.argsort(got), np.argsort(values)), "The order has changed.")


@pytest.mark.check(
    task="spread",
    section="S.2",
    function="standardise",
    sibling="two_values_standardised",
    hint="Nothing of an earlier sample may stay behind.",
    category="correctness",
)
def test_the_same_sample_twice(student, expect, rng):
    """The same sample gives the same values after another one."""
    values = rng.normal(size=20)
    first = expect.array(student.standardise(values), shape=(20,), kind="float")
    student.standardise(rng.normal(size=20))
    again = expect.array(student.standardise(values), shape=(20,), kind="float")
    expect.that(np.array_equal(again, first), "The values have changed.")


@pytest.mark.check(
    task="outliers",
    section="O.1",
    function="fit_limits",
    sibling="one_far_value",
    hint="Two standard deviations around the mean.",
    category="implementation",
    stochastic=True,
)
def test_fitted_limits(student, expect, reference, rng):
    """Limits fitted to one sample judge another."""
    model = student.fit_limits(rng.normal(size=100))
    flags = student.is_outlier(model, np.array([-50.0, 0.0, 50.0]))
    expect.machine(not isinstance(flags, str), "limits that answer in words cannot be tried here.")
    expect.equal(flags, [1, 0, 1])

    def shares_outside(seed):
        values, others = np.random.default_rng(seed).normal(1.0, 3.0, size=(2, 1600))
        flags = student.is_outlier(student.fit_limits(values), others)
        outside = expect.array(flags, shape=(1600,)) == 1
        return [np.mean(outside & (others < 1)), np.mean(outside & (others > 1))]

    def as_of_two_deviations(shares):  # 0.023 of a normal sample on either side
        return 0.008 < min(shares) <= max(shares) < 0.045

    shares = expect.first_good(shares_outside, rng.integers(2**31, size=2), as_of_two_deviations)
    declared = "About one value in fifty should lie beyond the limit on either side."
    expect.that(as_of_two_deviations(shares), declared)


@pytest.mark.check(
    task="outliers",
    section="O.2",
    function="SAMPLE",
    sibling="own_sample_is_numbers",
    hint="A list of at least five numbers.",
    category="correctness",
)
def test_own_sample(student, expect, bundle_file):
    """Your own sample is a list of at least five numbers."""
    sample = student.SAMPLE
    values = expect.array(sample, shape=(None,))
    expect.attempted(len(values) > 0, "still the template's empty sample")
    expect.that(len(values) >= 5, "Fewer than five numbers.")
    expect.that(np.all(np.isfinite(values)), "Only numbers that are finite can be described.")
    expect.that(bundle_file("skeleton/sample.json").strip() == "[]", "the skeleton has changed")


@pytest.mark.check(
    task="lean",
    section="L.1",
    function="skewness",
    sibling="one_value_to_the_right",
    hint="Standardise first; the cube keeps the sign.",
    category="implementation",
)
def test_lean_of_other_samples(student, expect, reference, rng):
    """The skewness of other samples."""
    for values in (rng.exponential(size=30), -rng.exponential(size=9), rng.normal(5, 2, 12)):
        got = student.skewness(values)
        expect.machine(not isinstance(got, str), "a lean in words cannot be compared here.")
        expect.close(got, reference.skewness(values))


@pytest.mark.check(
    task="lean",
    section="L.1",
    function="skewness",
    sibling="one_value_to_the_right",
    hint="Nothing can be divided by a deviation of 0.",
    category="correctness",
)
def test_equal_values_lean_nowhere(student, expect):
    """A sample of equal values leans nowhere."""
    expect.close(student.skewness(np.full(4, 7.0)), 0.0)
