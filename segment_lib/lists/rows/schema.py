"""Names and types of the tables of a register, in words that the engine and Ibis understand."""

from __future__ import annotations

from segment_lib.columns import REGISTER_COLUMNS, TABLES
from segment_lib.settings import Client

KINDS = {
    "text": "string", "code": "string", "date": "date", "money": "decimal(18, 4)",
    "integer": "int64", "number": "double", "yes_no": "boolean",
}  # fmt: skip


def table_schema(client: Client, table: str) -> dict[str, str]:
    """Column to type of a table; customers carry the client's attributes as well."""
    kinds = {column: REGISTER_COLUMNS[column].kind for column in TABLES[table]}
    if table == "customers":
        for list_name, section in client.lists.items():
            if client.table_of(list_name) == "customers":
                for name in (*section.headers, *section.always):
                    stated = client.attributes.get(name)
                    kinds.setdefault(name, stated.kind if stated else "text")
    return {column: KINDS[kind] for column, kind in kinds.items()}
