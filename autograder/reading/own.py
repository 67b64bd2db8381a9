"""Readings of our own: what ruff has no rule for.

Each takes a part of the work and yields `(rule, line, text)`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .docstrings import UNFINISHED, lies
from .parts import Definition, Function, Part, first_line, last_line

Found = Iterator[tuple[str, int, str]]
LONGEST_FUNCTION = 60
"""Lines below the docstring."""
SMALLEST_REPETITION = 6
"""Statements; fewer may well be alike by chance."""
Loop = ast.For | ast.AsyncFor
ENDS = ast.Return | ast.Raise | ast.Continue | ast.Break
_COMMENT = re.compile(r"#.*")


def read_alone(part: Part) -> Found:
    """What can be said of a part by itself."""
    yield from _undocumented(part)
    yield from _unfinished(part)
    for node in ast.walk(part.statement):
        if isinstance(node, Function):
            yield from (("docstring-truth", *lie) for lie in lies(node))
            yield from _too_long(node)
            yield from _printed(node)
        if isinstance(node, Loop):
            yield from _shared_variable(node)
        for block in _blocks(node):
            yield from _unreachable(block)


def _undocumented(part: Part) -> Found:
    public = not (part.is_helper and part.name.startswith("_"))
    node = part.statement
    if public and isinstance(node, Definition) and not ast.get_docstring(node):
        yield "docstring", node.lineno, f"{node.name} has no docstring"


def _unfinished(part: Part) -> Found:
    """Comments in capital letters, that is: `todo` means `all` in some languages."""
    for number in range(first_line(part.statement), last_line(part.statement) + 1):
        comment = _COMMENT.search(part.source.lines[number - 1])
        if comment and UNFINISHED.search(comment[0]):
            yield "todo-left", number, "a comment calls this unfinished"


def _too_long(node: Function) -> Found:
    documented = ast.get_docstring(node, clean=False) is not None
    before = last_line(node.body[0]) if documented else node.body[0].lineno - 1
    length = last_line(node) - before
    if length > LONGEST_FUNCTION:
        yield "size", node.lineno, f"{node.name} has {length} lines, at most {LONGEST_FUNCTION}"


def _printed(node: Function) -> Found:
    """What is printed whatever happens; behind an `if` it is meant, and so is a file."""
    waiting: list[ast.AST] = [*node.body]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.If):
            continue
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            to_a_file = any(keyword.arg == "file" for keyword in inner.keywords)
            if inner.func.id == "print" and not to_a_file:
                yield "print", inner.lineno, f"{node.name} prints each time it is called"
        waiting += ast.iter_child_nodes(inner)


def _shared_variable(loop: Loop) -> Found:
    """Loops inside a loop that overwrite its variable."""
    own = set(_names(loop.target)) - {"_"}
    for statement in loop.body:
        for inner in ast.walk(statement):
            if isinstance(inner, Loop) and (shared := own & set(_names(inner.target))):
                yield "loop-variable", inner.lineno, f"an outer loop has {min(shared)} as well"


def _names(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements directly below a node."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value


def _unreachable(block: list[ast.stmt]) -> Found:
    for statement, following in pairwise(block):
        if isinstance(statement, ENDS):
            yield "dead-code", following.lineno, "nothing after the line above it is ever run"
            return


def read_together(parts: Sequence[Part]) -> Iterator[tuple[Part, str, int, str]]:
    """Runs of statements that stand in two parts, whatever their variables are called.

    Yields:
        The later part, rule, line and text; once for each part.
    """
    seen: dict[str, Part] = {}
    for part in parts:
        fragments = list(_fragments(part))
        copy = next(((line, seen[text]) for line, text in fragments if text in seen), None)
        if copy is not None:
            line, other = copy
            yield part, "repetition", line, f"the statements from here on stand in {other.name} too"
        for _, text in fragments:
            seen.setdefault(text, part)


def _fragments(part: Part) -> Iterator[tuple[int, str]]:
    """The shortest runs that are long enough, each from its first statement on: line and text."""
    own = set(_variables(part.statement))
    for node in ast.walk(part.statement):
        for block in _blocks(node):
            body = block[1:] if _is_text(block[0]) else block
            sizes = [sum(isinstance(n, ast.stmt) for n in ast.walk(s)) for s in body]
            for start in range(len(body)):
                end = start + 1
                while end < len(body) and sum(sizes[start:end]) < SMALLEST_REPETITION:
                    end += 1
                if sum(sizes[start:end]) >= SMALLEST_REPETITION:
                    yield body[start].lineno, _normalised(body[start:end], own)


def _variables(statement: ast.stmt) -> Iterator[str]:
    """Names that are bound inside a part, arguments included."""
    for node in ast.walk(statement):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _normalised(statements: list[ast.stmt], own: set[str]) -> str:
    """The statements with their own variables numbered in order of appearance."""
    numbers: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        name = match.group(1)
        return f"id='{numbers.setdefault(name, str(len(numbers)))}'" if name in own else match[0]

    return re.sub(r"id='(\w+)'", numbered, "\n".join(map(ast.dump, statements)))
