"""Showing that a bundle marks right work right and wrong work wrong, check by check."""
