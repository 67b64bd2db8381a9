"""Your own tests. This one is an example; it does not count."""

from spread import value_range


def test_example_of_one_value():
    assert value_range([3.0]) == 0.0
