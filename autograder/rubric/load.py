"""Reading `rubric.yaml`: every mistake names the file, the line and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from ..errors import ExpectedError
from . import model
from .model import Rubric

KeyPath = tuple[str | int, ...]


class RubricError(ExpectedError):
    """The bundle's declaration is wrong; the text is for its author."""


def load_rubric(path: Path) -> Rubric:
    """Read and validate a rubric.

    Raises:
        RubricError: the file is missing, is not YAML, or does not fit the schema.
            All mistakes are listed, each as `file:line: what`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        lines = _lines(node) if node else {}
        data = loader.construct_document(node) if node else None
    except OSError as error:
        raise RubricError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RubricError(f"{path}: is not UTF-8 text") from None
    except _DuplicateKey as error:
        raise RubricError(f"{path}:{error}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RubricError(f"{path}:{line}: not valid YAML: {error.problem}") from None
    try:
        return Rubric.model_validate(data)
    except ValidationError as invalid:
        mistakes = [
            f"{path}:{_line_of(lines, error['loc'])}: {_explain(error)}"
            for error in invalid.errors()
        ]
        raise RubricError("\n".join(dict.fromkeys(mistakes))) from None


def line_of(path: Path, location: KeyPath) -> int:
    """The line of a rubric that can be read, for a mistake that shows only later."""
    node = yaml.SafeLoader(path.read_text(encoding="utf-8")).get_single_node()
    return _line_of(_lines(node), location) if node else 1


class _DuplicateKey(Exception):
    pass


def _lines(node: yaml.Node) -> dict[KeyPath, int]:
    """1-based line of every key and item, by its path."""
    return dict(_walk(node, ()))


def _walk(node: yaml.Node, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in seen:
                raise _DuplicateKey(f"{line}: the key {name!r} stands twice")
            seen.add(name)
            yield from _walk(value, (*path, name))
            yield (*path, name), line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index))


def _line_of(lines: dict[KeyPath, int], location: KeyPath) -> int:
    """The line of the longest known beginning of a path."""
    for length in range(len(location), 0, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return 1


def _explain(error: Any) -> str:
    """One validation error as a sentence."""
    place = ".".join(str(part) for part in error["loc"] if part != "[key]")
    last = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return f"unknown key {last!r}{_did_you_mean(last, _known_keys())}"
    if error["type"] == "missing":
        return f"{place} is missing"
    if not place and error["type"].startswith("model_type"):
        return "this must be a mapping of keys such as `id:` and `tasks:`"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{place}: {message[0].lower()}{message[1:]}" if place else message


def _did_you_mean(word: str, known: set[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _known_keys() -> set[str]:
    """Every key that stands anywhere in a rubric."""
    found: set[str] = set()
    queue: list[Any] = [model.Rubric]
    while queue:
        current = queue.pop()
        if isinstance(current, type) and issubclass(current, BaseModel):
            found |= set(current.model_fields)
            queue += [field.annotation for field in current.model_fields.values()]
        else:
            queue += get_args(current)
    return found
