"""Small samples worked out by hand."""

import numpy as np
import pytest
from outliers import fit_limits, is_outlier
from spread import standardise, value_range


def test_range_of_another_sample():
    assert value_range(np.array([4.0, 1.0, 3.0])) == 3.0


def test_nothing_has_no_range():
    with pytest.raises(ValueError):
        value_range(np.array([]))


def test_two_values_standardised():
    assert np.allclose(standardise(np.array([0.0, 3.0])), [-1.0, 1.0])


def test_far_values_on_both_sides():
    limits = fit_limits(np.array([-1.0, 1.0, -1.0, 1.0]))
    assert list(is_outlier(limits, np.array([-9.0, 0.0, 9.0]))) == [True, False, True]
