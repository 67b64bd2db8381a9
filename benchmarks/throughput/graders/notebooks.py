"""Notebooks, written as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def code_cell(
    identifier: str, source: str, metadata: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A code cell that has not run."""
    return {
        "cell_type": "code",
        "id": identifier,
        "execution_count": None,
        "metadata": metadata or {},
        "outputs": [],
        "source": source,
    }


def notebook(cells: Sequence[Any]) -> str:
    """The text of a notebook for Python."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
