"""The dictionaries by which raw lists are understood, as data: a TOML file each, in both languages.

Whoever meets a header or word that the kit does not know adds it there; code holds none of them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def words(name: str) -> dict[str, Any]:
    """The dictionary `name`.toml; its lists are tuples.

    >>> words("answers")["yes"][:3]
    ('yes', 'y', 'true')
    """
    read: dict[str, Any] = _frozen(
        tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    )
    return read


def pattern(alternatives: tuple[str, ...]) -> str:
    """Several patterns as the one that any of them fits.

    >>> pattern(("a+", "b"))
    'a+|b'
    """
    return "|".join(alternatives)


def _frozen(read: Any) -> Any:
    if isinstance(read, dict):
        return {key: _frozen(value) for key, value in read.items()}
    return tuple(read) if isinstance(read, list) else read
