"""Marks in a customer list that say whom we may not write to or call: DM拒否, 削除フラグ …"""

from __future__ import annotations

import pandas as pd

from segment_lib.lists.files import RawList
from segment_lib.settings import Client


def permission_rows(
    client: Client, list_name: str, raw: RawList, rows: pd.DataFrame
) -> pd.DataFrame:
    """Rows for the table of permissions that the marks of this list say; none without marks."""
    return pd.DataFrame()
