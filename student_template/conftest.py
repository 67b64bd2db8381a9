"""Connects pytest with the checks. Leave this file as it is."""

import sys

import pytest

if sys.version_info < (3, 10):
    pytest.exit("Python 3.10 or newer is needed; this is %d.%d" % sys.version_info[:2], 1)
try:
    from autograde_kit.laptop import pytest_addoption, pytest_configure  # noqa: F401
except ModuleNotFoundError as missing:
    pytest.exit("%s; type: pip install -r requirements.txt" % missing, 1)
