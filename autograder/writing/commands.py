"""The command lines that a README names, and which of them a machine can run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

SET_UP = frozenset({"pip", "venv", "virtualenv", "ensurepip", "jupyter", "jupyterlab", "notebook"})
"""Modules that prepare a computer or wait for its user, and need a network or a screen."""
INLINE = frozenset({"jupyter", "ipython", "papermill", "bash", "sh", "make"})
"""What else, at the beginning of inline code, makes it a command."""
SHELL_LANGUAGES = frozenset({"", "sh", "bash", "zsh", "shell", "console", "powershell", "cmd"})
"""Languages of code blocks that hold commands."""
WITHOUT_PUBLIC_CHECKS = ["--ignore=tests/public"]
"""They were run from the bundle's own copy already, and training costs most of the time."""
LONGEST = 300
_FENCE = re.compile(r"[ \t]*(?:```|~~~)[ \t]*(\w*)")
_INLINE_CODE = re.compile(r"`([^`]+)`")
_PYTHON = re.compile(r"py|python(3(\.\d+)?)?")
_NEEDS_A_SHELL = re.compile(r"[$`*?~{}]|^[|&;<>()]+$")


@dataclass(frozen=True)
class Command:
    """A command line.

    Attributes:
        arguments: those of Python; empty where no machine can run the command.
    """

    text: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Ran:
    """What came of a command.

    Attributes:
        succeeded: None where no machine can tell, so that a person has to try it.
        note: a sentence for the student; empty for success.
    """

    text: str
    succeeded: bool | None
    note: str = ""


def find_commands(text: str) -> list[Command]:
    """The commands in the code blocks and in the inline code of a Markdown text, each once."""
    lines = (line.strip().removeprefix("$ ").strip() for line in _code(text))
    return [_command(line) for line in dict.fromkeys(lines) if line and not line.startswith("#")]


def _code(text: str) -> Iterator[str]:
    """Lines of code blocks that may be commands, and inline code that looks like one."""
    language: str | None = None  # of the block that is open
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if fence:
            language = fence.group(1).casefold() if language is None else None
        elif language is not None:
            if language in SHELL_LANGUAGES:
                yield line
        else:
            indented = [line] if line.startswith(("    ", "\t")) else []
            for code in (*indented, *_INLINE_CODE.findall(line[: 10 * LONGEST])):
                first, _, more = code.strip().removeprefix("$ ").partition(" ")
                if first in {"pytest", *INLINE} or (_PYTHON.fullmatch(first) and more):
                    yield code


def _command(text: str) -> Command:
    """A line as Python is to run it, if it is Python or pytest and needs no shell."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        first, *words = list(lexer) if len(text) <= LONGEST else [""]
    except ValueError:  # a quotation mark without its partner
        first, words = "", []
    code = words[1:2] if words[:1] == ["-c"] else []
    needs_a_shell = any(_NEEDS_A_SHELL.search(word) for word in words if word not in code)
    if first == "pytest":
        first, words = "python", ["-m", "pytest", *words]
    if words[:2] == ["-m", "pytest"]:
        words[2:2] = WITHOUT_PUBLIC_CHECKS
    runs = bool(_PYTHON.fullmatch(first)) and not needs_a_shell and _is_a_program(words)
    return Command(text[:LONGEST], tuple(words) if runs else ())


def _is_a_program(words: list[str]) -> bool:
    match words:
        case ["-m", module, *_]:
            return module.partition(".")[0] not in SET_UP
        case ["-c", _, *_]:
            return True
        case [file, *_]:
            return file.endswith(".py")
    return False
