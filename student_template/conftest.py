"""Connects pytest with the checks. Leave this file as it is."""

import sys
from pathlib import Path

import pytest

if sys.version_info < (3, 10):
    pytest.exit("Python 3.10 or newer is needed; this is %d.%d" % sys.version_info[:2], 1)
for path in Path(__file__).parent.glob("*.py"):
    if path.stem in {*sys.stdlib_module_names, "numpy", "scipy", "sklearn", "torch", "matplotlib"}:
        pytest.exit("rename your file %s: Python takes it for the library" % path.name, 1)
try:
    from autograde_kit.laptop import pytest_addoption, pytest_configure  # noqa: F401
except ModuleNotFoundError as missing:
    pytest.exit("%s; type: pip install -r requirements.txt" % missing, 1)
