"""The code cells of a notebook, with IPython's own syntax blanked and reported, never run."""

from __future__ import annotations

import json
import re

PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun"})
"""Cell magics whose cell is still Python."""
_IPYTHON_LINE = re.compile(r"^(\s*)(?:[%!?].*|(?:[\w, ]+=\s*)[%!].*|[\w.]+\?{1,2}\s*)$")


def notebook_cells(text: str, kind: str = "code") -> list[str]:
    """The cells of one kind of a notebook (format 4, or 3 with worksheets).

    Raises:
        ValueError: the text is not a notebook.
    """
    try:
        notebook = json.loads(text)
        groups = [notebook] if "cells" in notebook else notebook["worksheets"]
        cells = [cell for group in groups for cell in group["cells"]]
        chosen = [cell for cell in cells if cell["cell_type"] == kind]
        sources = [cell.get("source", cell.get("input", "")) for cell in chosen]
        return ["".join(source) for source in sources]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a Jupyter notebook ({type(error).__name__})") from None


def blank_magics(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Replace IPython lines by `pass`, keeping line numbers; also list what was replaced."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    found: list[tuple[int, str]] = []
    if lines[first].lstrip().startswith("%%"):
        found.append((first + 1, lines[first].strip()[:80]))
        if lines[first].strip()[2:].split(" ")[0] not in PYTHON_CELL_MAGICS:
            return "", found
        lines[first] = ""
    for index, line in enumerate(lines):
        match = _IPYTHON_LINE.match(line)
        if match:
            found.append((index + 1, line.strip()[:80]))
            lines[index] = match.group(1) + "pass"
    return "\n".join(lines), found
