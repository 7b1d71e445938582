"""A client made of a few words of TOML and a few files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from client_folder import Folder

from segment_lib.client import Client, open_client

HEAD = '[client]\nname = "small"\nas_of = 2025-12-31\n'
Make = Callable[..., Client]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """`make(toml, {"orders.csv": text or bytes})` writes both and opens the client."""

    def write(toml: str, files: dict[str, str | bytes], head: str = HEAD) -> Client:
        folder = tmp_path / "client"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(data)
        (folder / "client.toml").write_text(head + toml, encoding="utf-8")
        return open_client(folder / "client.toml", out=tmp_path / "out")

    return write


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder of a client: `add` lists, `propose`, `edit`, `build`."""
    return Folder(tmp_path)
