"""Which top-level statements the functions of a module depend on.

A module may fill a table in a loop, rebind a function to a decorated one, or
set an attribute of a class; a function that reads such a name is right only
after that has run. A training run whose result no function reads is not
needed, and can wait for ever.
"""

from __future__ import annotations

import ast
import dis
import types
import warnings
from collections.abc import Iterator

MUTATORS = frozenset({"append", "extend", "insert", "update", "setdefault", "add", "pop"}) | {
    *("remove", "discard", "clear", "fill", "sort", "reverse")
}
"""Methods by which a function fills a container that is not its own."""


class Dependencies:
    """Which statements of a module depend on which, through the names they bind and read.

    Args:
        statements: of one module, in order.
    """

    def __init__(self, statements: list[ast.stmt]) -> None:
        functions = {s.name: s for s in statements if isinstance(s, ast.FunctionDef)}
        self._touched = [set(_touched(statement, functions)) for statement in statements]
        self._reads = [_names_read(statement) for statement in statements]

    def of(self, roots: set[str]) -> set[int]:
        """Positions of the statements that bind or change what `roots` depend on.

        Args:
            roots: names to start from, such as the graded functions.
        """
        names = set(roots)
        found: set[int] = set()
        while True:
            new = {i for i, own in enumerate(self._touched) if i not in found and own & names}
            if not new:
                return found
            found |= new
            for i in new:
                names |= self._reads[i]


def needed(statements: list[ast.stmt], roots: set[str]) -> set[int]:
    """Positions of the statements that bind or change what `roots` depend on."""
    return Dependencies(statements).of(roots)


def names_bound(statement: ast.stmt) -> Iterator[str]:
    """Names that a top-level statement binds, blocks below it included."""
    for node in _outside_functions(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name is not None:
            yield node.name


def _touched(statement: ast.stmt, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    """Names that a statement binds, or whose value it may change."""
    if not (isinstance(statement, ast.AnnAssign) and statement.value is None):
        yield from names_bound(statement)
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
        return
    for node in _outside_functions(statement):
        yield from _stored_into(node)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield from root_names(node.func)  # rows.append(...), table.update(...)
            elif isinstance(node.func, ast.Name):
                yield from _effects(node.func.id, functions, set())
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # a call for its effect: register(TABLE, ...), setattr(Settings, ...)
            used = (n.id for n in ast.walk(node.value) if isinstance(n, ast.Name))
            yield from (name for name in used if name not in functions)


def _stored_into(node: ast.AST) -> Iterator[str]:
    """The name behind `name[...] = `, `name.attribute = ` or a deletion of either."""
    changes = (ast.Store, ast.Del)
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, changes):
        yield from root_names(node)


def _effects(name: str, functions: dict[str, ast.FunctionDef], seen: set[str]) -> Iterator[str]:
    """Globals that an own function changes, itself or through others that it calls."""
    if name not in functions or name in seen:
        return
    seen.add(name)
    for node in ast.walk(functions[name]):
        yield from _stored_into(node)
        if isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _effects(node.func.id, functions, seen)
        elif isinstance(node, ast.Attribute) and node.attr in MUTATORS:
            yield from root_names(node)


def root_names(node: ast.expr) -> Iterator[str]:
    """The name at the root of `name.attribute[...](...)`, if there is one."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def _names_read(statement: ast.stmt) -> set[str]:
    """Global names that a statement, or a function defined in it, reads."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(ast.Module([statement], []), "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return set(global_names(code))


def global_names(code: types.CodeType) -> Iterator[str]:
    """Names that compiled code, or a function nested in it, looks up outside functions."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in {"LOAD_GLOBAL", "LOAD_NAME"}:
            yield str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from global_names(constant)


def _outside_functions(statement: ast.stmt) -> Iterator[ast.AST]:
    """The statement and everything in it, but not what stands inside functions and classes."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
