"""Your own tests (handout T.1). The first one is an example; it does not count.

Type `pytest tests/test_own.py` to run them on your work, and
`pytest --implementation buggy_1` (or buggy_2, buggy_3) to see whether they notice
a mistake that somebody else has made.
"""

import numpy as np
from linear_estimator import accuracy


def test_example_one_of_two_is_right():
    assert accuracy(np.array([0.9, 0.9]), np.array([1.0, 0.0])) == 0.5
