"""Notebooks, written the same way every time."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from typing import Any

import nbformat
from nbformat import v4


def statements(text: str, modules: Collection[str]) -> list[tuple[ast.stmt, str]]:
    """A module's top-level statements with their source, as a notebook needs them.

    A notebook is one namespace, so imports from the assignment's own modules
    are left out.
    """
    return [
        (node, _source(text, node))
        for node in ast.parse(text).body
        if not (isinstance(node, ast.ImportFrom) and node.module in modules)
    ]


def _source(text: str, node: ast.stmt) -> str:
    """A statement's source, with the decorators above it."""
    parts = [*getattr(node, "decorator_list", []), node]
    sources = [ast.get_source_segment(text, part) or "" for part in parts]
    return "".join(f"@{source}\n" for source in sources[:-1]) + sources[-1]


def notebook_text(cells: Sequence[tuple[str, str]]) -> str:
    """A Jupyter notebook as text.

    Args:
        cells: (kind, source) pairs; kind is `markdown` or `code`.
    """
    api: Any = v4  # nbformat has no type annotations
    makers = {"markdown": api.new_markdown_cell, "code": api.new_code_cell}
    made = [makers[kind](source) for kind, source in cells]
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"  # nbformat would draw them at random
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    writer: Any = nbformat
    return str(writer.writes(api.new_notebook(cells=made, metadata={"kernelspec": kernel}))) + "\n"
