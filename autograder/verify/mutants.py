"""Small mistakes made on purpose in the reference, one at a time.

Each mutant is the text of one function with a single change of the kinds that
mutation tools make: a comparison shifted or turned, an operator exchanged, a number
moved by one, a condition negated, a statement or a keyword left out, two arguments
swapped, a loop left after its first round. (mutmut and cosmic-ray have the same
operators behind a runner and a database of their own, not as a library.)
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from ..bundle import Bundle
from ..corpus import Case

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.FloorDiv: ast.Div,
    ast.BitXor: ast.BitOr,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True)
class Mutant:
    """A function of the reference with one change.

    Attributes:
        function: its name.
        line: the line of the reference in which the change begins, as it stands there.
        change: what stands where what stood; with a number from the second of a line on.
        source: the function's whole text with the change.
    """

    function: str
    line: str
    change: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others of the bundle."""
        return self.function, self.line, self.change

    def case(self, number: int) -> Case:
        """The right submission with this function instead."""
        about = f"{self.function}: {self.line}: {self.change}"
        name = f"mutant/{number}-{self.function}"
        return Case(name=name, about=about, replace={self.function: self.source})


def mutants_of(bundle: Bundle) -> list[Mutant]:
    """Every mutant of every function of the reference's declared modules, in file order.

    Signatures stay: defaults are the template's, and checks pass every argument. Functions
    that the rubric does not declare count if their name says that they help others of their
    module; the rest come whole with the template, and no student writes them.
    """
    found: list[Mutant] = []
    for module in bundle.rubric.modules:
        text = (bundle.reference_dir / f"{module}.py").read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and (
                node.name.startswith("_") or node.name in bundle.function_names
            ):
                found += _of_function(node, text.split("\n"))
    return found


def _of_function(function: ast.FunctionDef, lines: list[str]) -> Iterator[Mutant]:
    seen: Counter[tuple[str, str]] = Counter()
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    inside = {id(node) for statement in body for node in ast.walk(statement)}
    for place, node in enumerate(ast.walk(function)):
        for new in _alternatives(node) if id(node) in inside else ():
            line = lines[getattr(node, "lineno", function.lineno) - 1].strip()
            change = f"{_short(node)} -> {_short(new)}"
            seen[line, change] += 1
            nth = f" ({seen[line, change]})" if seen[line, change] > 1 else ""
            yield Mutant(function.name, line, change + nth, _with(function, place, new))


def _short(node: ast.AST) -> str:
    """A node's text; of a loop or a branch, its head, and whether it ends in a break."""
    first, *others = ast.unparse(node).split("\n")
    return f"{first} break" if others and others[-1].strip() == "break" else first


def _with(function: ast.FunctionDef, place: int, new: ast.AST) -> str:
    """The function's text with another node in the place of the one that `ast.walk` meets there."""
    whole = copy.deepcopy(function)
    target = list(ast.walk(whole))[place]
    for parent in ast.walk(whole):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if item is target else item for item in value]
    return ast.unparse(ast.fix_missing_locations(whole))


def _alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place by mistake."""
    match node:
        case ast.Compare(ops=[op]):
            for other in COMPARISONS[type(op)]:
                yield _like(node, ops=[other()])
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            yield _like(node, op=OPERATORS[type(op)]())
        case ast.BoolOp(op=op):
            yield _like(node, op=ast.And() if isinstance(op, ast.Or) else ast.Or())
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield _like(node, value=not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (_like(node, value=value + 1), _like(node, value=value - 1))
        case ast.Call():
            yield from _other_calls(node)
        case ast.If() | ast.IfExp() | ast.While():
            yield _like(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.For():
            yield _like(node, body=[*node.body, ast.Break()])
        case ast.Expr() | ast.Assign() | ast.AugAssign() | ast.Raise():
            yield ast.Pass()


def _other_calls(call: ast.Call) -> Iterator[ast.Call]:
    """The first two arguments swapped, and every keyword left out."""
    if len(call.args) > 1 and not any(isinstance(a, ast.Starred) for a in call.args[:2]):
        yield _like(call, args=[call.args[1], call.args[0], *call.args[2:]])
    for keyword in call.keywords:
        yield _like(call, keywords=[other for other in call.keywords if other is not keyword])


Node = TypeVar("Node", bound=ast.AST)


def _like(node: Node, **changes: object) -> Node:
    """A copy of a node with other fields."""
    new = copy.copy(node)
    for name, value in changes.items():
        setattr(new, name, value)
    return new
