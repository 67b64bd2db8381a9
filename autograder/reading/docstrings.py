"""Whether docstrings tell the truth about arguments and results."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")
_ARGUMENTS = re.compile(r"^(Args|Arguments|Parameters):?$")
_RETURNS = re.compile(r"^(Returns|Yields):?\n(-+\n)?+(?!\s*None\b)", re.M)
_ENTRY = re.compile(r"^([\w*, ]*\w)(?: \(.*\))? *:")
_SPHINX = re.compile(r"^:param (?:[^:]* )?(\w+):", re.M)
_UNDERLINE = re.compile(r"^-{3,}$")
_OTHERS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def lies(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
    """What a function's docstring says wrongly: line and text.

    What it leaves out is no lie, and neither is anything about `*args` and `**options`.
    """
    docstring = ast.get_docstring(node)
    if not docstring:
        return
    line = node.body[0].lineno
    if UNFINISHED.search(docstring):
        yield line, f"the docstring of {node.name} is still a TODO"
    arguments = node.args
    if not (arguments.vararg or arguments.kwarg):
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        foreign = [n for n in _described(docstring) if n not in {a.arg for a in every}]
        if foreign:
            text = f"the docstring describes {', '.join(foreign)}, which {node.name} does not take"
            yield line, text
    if _RETURNS.search(docstring) and not _gives_something(node):
        yield line, f"the docstring promises a result; {node.name} returns none"


def _described(docstring: str) -> list[str]:
    """Parameters that a docstring describes, in the forms of Google, numpy and Sphinx."""
    names = _SPHINX.findall(docstring)
    lines = docstring.split("\n")
    for number, line in enumerate(lines):
        if _ARGUMENTS.match(line):
            names += _entries(lines[number + 1 :])
    return [name for name in names if name.isidentifier()]


def _entries(lines: Sequence[str]) -> Iterator[str]:
    """Names at the left edge of the section that begins here."""
    underlined = bool(lines) and bool(_UNDERLINE.match(lines[0]))
    body = lines[1:] if underlined else lines
    first = next((line for line in body if line.strip()), "")
    indent = len(first) - len(first.lstrip())
    for number, line in enumerate(body):
        following = body[number + 1] if number + 1 < len(body) else ""
        inner = not line.strip() or line.startswith(" " * (indent or 1))
        if (not inner and not underlined) or _UNDERLINE.match(following):
            return
        entry = _ENTRY.match(line[indent:])
        if entry and len(line) - len(line.lstrip()) == indent:
            yield from (name.strip("* ") for name in entry.group(1).split(","))


def _gives_something(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has a result, nested functions aside; raising at once is one as well."""
    waiting: list[ast.AST] = [*node.body]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if isinstance(inner, ast.Return) and inner.value is not None:
            return True
        if not isinstance(inner, _OTHERS):
            waiting += ast.iter_child_nodes(inner)
    return isinstance(node.body[-1], ast.Raise)
