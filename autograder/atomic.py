"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes, drafts: Path | None = None, mode: int = 0o644) -> None:
    """Replace a file at once: a reader sees the old one or the new one, whole.

    Args:
        drafts: a folder on the same disk in which the new one is written; the file's own
            by default. A refusing disk leaves nothing there; a kill may.
        mode: permissions of the new file.

    Raises:
        OSError: the disk refuses.
    """
    descriptor, name = tempfile.mkstemp(dir=drafts or path.parent, prefix=".draft-")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        draft.chmod(mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
