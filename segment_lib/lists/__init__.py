"""Raw lists to one register: read the files, understand the cells, account for the rows.

words → cells → reading → rows → register; beside it `same` (名寄せ) and `proposing` (a new client).
This is the door: who comes from outside takes what is named here and looks no deeper. A module is
loaded when a name of it is first used.
"""
# ruff: noqa: F401

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segment_lib.lists.attributes import (
        MISSING,
        OTHER_LEVELS,
        attribute_table,
        missing_table,
        priority_table,
    )
    from segment_lib.lists.cells.dates import parse_date
    from segment_lib.lists.cells.values import reason_said, tidy_text
    from segment_lib.lists.frames import in_memory, tables_of, to_frame, to_table
    from segment_lib.lists.ledger_page import ledger_text
    from segment_lib.lists.proposing.new_client import propose_client
    from segment_lib.lists.reading.before_opening import look_before_opening
    from segment_lib.lists.reading.cell_texts import cell_text
    from segment_lib.lists.reading.clean_rows import without_controls
    from segment_lib.lists.reading.files import read_list
    from segment_lib.lists.reading.kinds import LOOK_BYTES, kind_of
    from segment_lib.lists.reading.plain_text import rows_of_text
    from segment_lib.lists.reading.sheets import Sheet, open_workbook
    from segment_lib.lists.register import ByKey, Register, build_register, open_register
    from segment_lib.lists.rows.merges import read_merges
    from segment_lib.lists.rows.place import require_same_client, require_same_lists
    from segment_lib.lists.rows.store import file_hash, replace_file
    from segment_lib.lists.same.same_customer import (
        find_same_customers,
        same_customers_summary,
    )
    from segment_lib.lists.same.same_review import write_same_customers
    from segment_lib.lists.views import (
        lists_view,
        people_view,
        returns_and_refusals_view,
        start_view,
    )

_DOOR = {
    name: module
    for module, names in {
        "register": "ByKey Register build_register open_register",
        "frames": "in_memory tables_of to_frame to_table",
        "attributes": "MISSING OTHER_LEVELS attribute_table missing_table priority_table",
        "ledger_page": "ledger_text",
        "views": "start_view lists_view returns_and_refusals_view people_view",
        "rows.merges": "read_merges",
        "rows.place": "require_same_client require_same_lists",
        "rows.store": "file_hash replace_file",
        "same.same_customer": "find_same_customers same_customers_summary",
        "same.same_review": "write_same_customers",
        "proposing.new_client": "propose_client",
        # what people wrote, in a workbook or a text
        "reading.files": "read_list",
        "reading.before_opening": "look_before_opening",
        "reading.kinds": "LOOK_BYTES kind_of",
        "reading.plain_text": "rows_of_text",
        "reading.sheets": "Sheet open_workbook",
        "reading.cell_texts": "cell_text",
        "reading.clean_rows": "without_controls",
        "cells.dates": "parse_date",
        "cells.values": "reason_said tidy_text",
    }.items()
    for name in names.split()
}

__all__ = sorted(_DOOR)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _DOOR:
            return getattr(importlib.import_module(f"segment_lib.lists.{_DOOR[name]}"), name)
        raise AttributeError(f"segment_lib.lists has no '{name}'")
