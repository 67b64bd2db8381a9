"""The frame of every page: one file, all text escaped, nothing asked of anybody."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..model import Verdict
from ..report.text import printable

TEMPLATES = Path(__file__).parent.parent / "templates" / "pages"
VERDICTS = {
    Verdict.PASS: ("✓", "passed"),
    Verdict.PARTIAL: ("◐", "in part"),
    Verdict.FAIL: ("✗", "failed"),
    Verdict.ERROR: ("✗", "crashed"),
    Verdict.TIMEOUT: ("✗", "out of time"),
    Verdict.NOT_RUN: ("–", "not run"),
    Verdict.GRADER_ERROR: ("–", "not judged"),
}
"""A sign and a word for each verdict: colour alone says nothing."""


def page(
    template: str, script: str = "", style: str = "", *, asks: bool = False, **values: Any
) -> str:
    """A whole page; no character of `values` can become markup or turn text around.

    Args:
        script: file of the only script that may run in it.
        style: file of what it looks like beyond `page.css`.
        asks: whether the script may ask the server that the page comes from.
    """
    looks = _source("page.css") + (_source(style) if style else "")
    code = _source(script) if script else ""
    policy = f"default-src 'none'; style-src '{_hash(looks)}'"
    if code:
        policy += f"; script-src '{_hash(code)}'"
    if asks:
        policy += "; connect-src 'self'"
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            policy=f"{policy}; base-uri 'none'; form-action 'none'",
            style=Markup(looks),  # our own files: nothing in them needs escaping
            script=Markup(code),
            verdicts=VERDICTS,
        )
    )


def sources() -> bytes:
    """Everything that templates say: where it changes, pages have to be made anew."""
    return b"\0".join(path.read_bytes() for path in sorted(TEMPLATES.iterdir()))


def points(value: object) -> str:
    """Points as people write them: no zeros behind the point."""
    return f"{float(str(value)):.2f}".rstrip("0").rstrip(".")


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else printable(value),
    )
    environment.filters.update(points=points, count=count)
    return environment


@cache
def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
