"""Raw lists to one register: read the files, understand the cells, account for the rows.

words → cells → reading → rows → register; beside it `same` (名寄せ) and `proposing` (a new client).
This is the door: who comes from outside takes what is named here and looks no deeper. A module is
loaded when a name of it is first used.
"""

from __future__ import annotations

from segment_lib.checks import door

__all__, __getattr__ = door(
    __name__,
    {
        "register": "ByKey Register build_register open_register",
        "frames": "in_memory tables_of to_frame to_table",
        "attributes": "MISSING OTHER_LEVELS attribute_table missing_table priority_table",
        "ledger_page": "ledger_text",
        "views": "start_view lists_view returns_and_refusals_view people_view",
        "rows.doubts": "doubts_said",
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
        "reading.pieces": "cell_text",
        "reading.text_rows": "rows_of_text",
        "reading.workbooks": "Sheet open_workbook",
        "cells.dates": "parse_date",
        "cells.values": "reason_said tidy_text without_controls",
    },
)
