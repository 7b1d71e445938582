"""Lists of other shapes than one row, one thing: several articles in a row, rows without an id."""

from __future__ import annotations

from segment_lib.lists.files import RawList
from segment_lib.settings import Client


def shaped(client: Client, list_name: str, raw: RawList) -> RawList:
    """The list with one row per thing: as client.toml says, else as it came."""
    return raw
