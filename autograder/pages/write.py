"""Writing the pages of a graded class; a page that would say the same stays as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import __version__
from ..bundle import Bundle
from ..contract import Report
from ..report.write import Results
from .class_page import class_page
from .figures import Album
from .frame import sources
from .student import student_page

CLASS_PAGE = "index.html"
"""The page about the whole class."""

HEAD = 2000
"""So many bytes of a page hold what it was made from."""


def write_pages(
    bundle: Bundle,
    album: Album,
    results: Results,
    documents: Sequence[dict[str, Any]],
    *,
    published: bool,
    missing: Sequence[str] = (),
) -> None:
    """Write `pages/<id>.html` for each report, and `index.html` for the class.

    Args:
        documents: the reports of the class.
        published: whether anything of the class is released; then students see nothing else.
        missing: ids of those who handed in nothing.

    Raises:
        OutputError: the disk refuses.
    """
    reports = [Report.model_validate(document) for document in documents]
    common = [__version__, hashlib.sha256(sources()).hexdigest(), album.expected, published]
    for report, document in zip(reports, documents, strict=True):
        name = report.submission.id
        artifacts = results.read_json(f"artifacts/{name}.json")
        artifacts.pop("instructor", None)
        made_from = _digest([*common, document, artifacts])
        path = f"pages/{name}.html"
        if made_from not in _head(results.folder / path):
            text = student_page(
                *(report, artifacts, bundle.rubric, album),
                published=published,
                made_from=made_from,
            )
            results.write_text(path, text)
    results.write_text(CLASS_PAGE, class_page(reports, bundle.rubric, missing))


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _head(path: Path) -> str:
    """How a page begins; nothing where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD).decode("utf-8", "replace")
    except OSError:
        return ""
