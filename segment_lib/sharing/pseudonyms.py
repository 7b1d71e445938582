"""Pseudonyms: HMAC-SHA256 of what stood there, under a key that never lies in the copy.

The same key gives the same pseudonyms, so that two copies can be compared; without it nobody can
find out by trying all ids, as with a plain hash. Source: ENISA, Pseudonymisation techniques and
best practices (2019), 4.1; RFC 2104.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from segment_lib.checks import KitError
from segment_lib.settings.plan import as_in_the_lists
from segment_lib.voice import _

KEY_FILE = "share.key"  # in the client's folder of results; a run takes it along
KEY_BYTES = 32
SHORTEST = {"customer": 8, "person": 4, "business": 8}  # digits of 16
NOT_SOMEBODY = ("", "unassigned", "nan")


@dataclass(frozen=True)
class Pseudonyms:
    """By what stands in the results: the pseudonym of each customer id, and of each person of ours
    in every way their name is written; `business` is that of the client.
    """

    customers: Mapping[str, str]
    persons: Mapping[str, str]
    business: str

    @cached_property
    def by_length(self) -> dict[str, str]:
        """The persons as they may stand inside a sentence, the longest first; a single letter
        stands in any word.
        """
        longest = sorted((one for one in self.persons if len(one) > 1), key=len, reverse=True)
        return {one: self.persons[one] for one in longest}


def key_for(folder: Path, *, new: bool) -> bytes:
    """The key of a client, read from `folder` or made there, for the owner of the file alone.

    Raises `KitError` if what stands there is no key.
    """
    path = folder / KEY_FILE
    if new or not path.exists():
        return _written(path, secrets.token_bytes(KEY_BYTES))
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KitError(
            "{file} holds no key: it needs {n} digits of 0 to 9 and a to f. Bring it back from a "
            "backup, or make another one, with other pseudonyms: --new-key",
            file=path,
            n=2 * KEY_BYTES,
        )
    return key


def _written(path: Path, key: bytes) -> bytes:
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    beside.replace(path)
    return key


def pseudonyms_of(
    key: bytes, business: str, customers: Iterable[str], persons: Iterable[str]
) -> Pseudonyms:
    """A pseudonym for each, no two alike; a person written in two widths is one person."""
    ids = {one for one in customers if one}
    written = {one for one in persons if one not in NOT_SOMEBODY}
    plain = {one: as_in_the_lists(one) for one in written}
    digits = _digits(key, "person", plain.values())
    people = {one: _("Person {digits}", digits=digits[plain[one]]) for one in written}
    return Pseudonyms(
        customers={one: f"C_{told}" for one, told in _digits(key, "customer", ids).items()},
        persons=people | {plain[one]: told for one, told in people.items()},
        business=f"B_{_digits(key, 'business', [business])[business]}",
    )


def _digits(key: bytes, kind: str, values: Iterable[str]) -> dict[str, str]:
    """The first digits of each one's HMAC, as many as tell all apart."""
    whole = {
        one: hmac.digest(key, f"{kind}\0{one}".encode("utf-8", "surrogatepass"), "sha256").hex()
        for one in values
    }
    wide = SHORTEST[kind]
    while len({one[:wide] for one in whole.values()}) < len(whole):
        wide += 2
    return {one: told[:wide] for one, told in whole.items()}
