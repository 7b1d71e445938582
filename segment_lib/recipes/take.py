"""What a recipe may use: the client, its register, and kept results by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from segment_lib.client import Client
from segment_lib.lists.register import Register

Frames = dict[str, pd.DataFrame]

# What the customer list says about a person, for the frames that go on to decide.
PERSON = (
    "name", "contact_person", "sort", "attitude", "attitude_on", "needs", "potential_amount",
    "key_account", "under_contract", "contract_on", "referred_by", "owner", "first_contact_on",
)  # fmt: skip


@dataclass(frozen=True)
class Take:
    """What a recipe may use: the client, its register, and kept results by name."""

    client: Client
    register: Register
    kept: Callable[[str], pd.DataFrame]

    def people(self) -> pd.DataFrame:
        """The customer list, one row per customer."""
        return self.register.frame("customers")

    def together(self, *names: str) -> pd.DataFrame:
        """The customer list and kept results side by side, one row per customer."""
        people = self.people()
        attributes = [name for name in self.client.attributes if name in people]
        frame = people[[*PERSON, *attributes]]
        for name in names:
            made = self.kept(name)
            frame = frame.join(made[made.columns.difference(frame.columns, sort=False)])
        return frame
