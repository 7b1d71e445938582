"""How a file is named in client.toml: relative to it where both lie near each other."""

from __future__ import annotations

import glob
import os
from pathlib import Path


def said_path(path: Path, folder: Path | None) -> str:
    """The path with forward slashes, relative to `folder` if they share more than the root.

    Relative names are patterns in client.toml, so that [2024] in a name is written [[]2024].
    """
    whole = path.resolve()
    if folder is None:
        return whole.as_posix()
    start = folder.resolve()
    try:
        shared = Path(os.path.commonpath([whole, start]))
    except ValueError:  # another drive on Windows
        return whole.as_posix()
    if shared == Path(shared.anchor):
        return whole.as_posix()
    return glob.escape(Path(os.path.relpath(whole, start)).as_posix())
