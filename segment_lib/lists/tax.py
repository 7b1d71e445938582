"""Amounts with and without tax on one basis, as client.toml declares it."""

from __future__ import annotations

from segment_lib.lists.values import Parsed
from segment_lib.settings import Client


def on_one_basis(client: Client, list_name: str, parsed: dict[str, Parsed]) -> dict[str, Parsed]:
    """The parsed columns with the amounts on the basis of [rules] money."""
    return parsed
