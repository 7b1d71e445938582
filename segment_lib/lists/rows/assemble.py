"""The rows of all lists to the tables of the register: orders from lines, customers, the rest.

`orders` is one row per order, gross and dated: made from `order_lines` where these are given.
Everybody who occurs anywhere is in `customers`. A table is a query on the engine; its rows come
out in one order whatever the order in the files was. Only the order lines stay as the lists have
them: they are many, and nobody needs them sorted.

Orders carry two more columns than others see: `_key`, the place of the customer's id among all ids,
which are the rows of `customers`; and `_gap`, the days since the customer's order day before (null
on the first, 0 on the same day), which no later order changes. Whatever starts from there neither
compares texts nor sorts (`Register.by_key`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from segment_lib.checks import ListError
from segment_lib.columns import REGISTER_COLUMNS, TABLES
from segment_lib.lists.cells.notes import listed
from segment_lib.lists.cells.values import GUEST, IGNORED
from segment_lib.lists.cells.vectors import MONEY
from segment_lib.lists.rows.gathered import Engine, GatheredList, quoted, text
from segment_lib.settings import Client
from segment_lib.voice import Sentence, _

_TYPES = {
    **{"text": pa.string(), "code": pa.string(), "date": pa.date32(), "money": MONEY},
    **{"integer": pa.int64(), "number": pa.float64(), "yes_no": pa.bool_()},
}
_SQL = {
    **{"text": "varchar", "code": "varchar", "date": "date", "money": "decimal(18,4)"},
    **{"integer": "bigint", "number": "double", "yes_no": "boolean"},
}
ORDERS = ("orders", "order_lines")
AS_LISTED = "order_lines"
_MOST = 10**14  # what DECIMAL(18,4) holds
_NAMED = 5  # ids named in a note
# Rows come out in this order; the remaining columns settle what is left.
_SORT_FIRST = ("customer_id", "ordered_on", "adjusted_on", "order_id")
# Columns that the tables have whatever the lists have.
_MADE_HERE = {
    *("customer_id", "order_id", "lines", "used_on", "channel", "allowed", "since"),
    *("adjusted_on", "kind"),
}
# What a row below zero is in a list of orders; a list of adjustments says it itself.
_TAKEN_BACK = {
    "adjusted_on": "ordered_on",
    "kind": "case when _cancelled then 'cancellation' else 'return' end",
}
# One row per customer, one per customer and order: the rest is settled already.
_SETTLED = {
    "customers": tuple(name for name in TABLES["customers"] if name != "customer_id"),
    "orders": ("amount", "lines", "campaign", "margin"),
}


def table_schema(client: Client, table: str) -> pa.Schema:
    """Names and types of a register table; customers carry the client's attributes as well."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in _kinds(client, table).items()])


def _kinds(client: Client, table: str) -> dict[str, str]:
    kinds = {column: str(REGISTER_COLUMNS[column].kind) for column in TABLES[table]}
    if table == "customers":
        for name in attribute_names(client):
            stated = client.attributes.get(name)
            kinds[name] = stated.kind if stated else "text"
    return kinds


def attribute_names(client: Client) -> list[str]:
    """Columns of the customer lists beyond the standard ones, in the order of client.toml."""
    names = [
        name
        for list_name, section in client.lists.items()
        if client.table_of(list_name) == "customers"
        for name in (*section.headers, *section.always)
    ]
    return [name for name in dict.fromkeys(names) if name not in TABLES["customers"]]


def assemble(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> dict[str, str]:
    """Table to the query that gives its rows, sorted, for the tables that exist."""
    made = _plain_tables(client, engine, lists)
    made |= _order_tables(client, engine, lists)
    _lay_out_people(client, engine, [one for one in lists if one.table == "customers"])
    _number_everybody(engine, lists)
    made["customers"] = _everybody(client)
    return {name: _sorted(client, name, made[name], lists) for name in TABLES if name in made}


def _sorted(client: Client, table: str, query: str, lists: Sequence[GatheredList]) -> str:
    """The rows in their order, with the columns that a list gives."""
    kinds, names = _kinds(client, table), _given(client, table, lists)
    columns = ", ".join(quoted(name) for name in names)
    if table == AS_LISTED:
        return f"select {columns} from ({query}) order by _list, _row"
    if table == "orders":
        return _with_gaps(
            f"select {columns}, _key from ({query}) left join ids using (customer_id)"
        )
    settled = _SETTLED.get(table, ())
    first = [name for name in _SORT_FIRST if name in names]
    rest = [name for name in names if name not in first and name not in settled]
    # Texts last: the engine compares a short key of numbers a third faster.
    rest.sort(key=lambda name: kinds[name] in ("text", "code"))
    sorting = ", ".join(quoted(name) for name in (*first, *rest))
    return f"select {columns} from ({query}) order by {sorting}"


def _with_gaps(orders: str) -> str:
    """Orders by customer and day. Whole numbers are compared, and the rows sorted once: the day
    before stands in the row before.
    """
    gap = "case when lag(_key) over () = _key then ordered_on - lag(ordered_on) over () end"
    return (
        f"select *, cast({gap} as integer) as _gap "
        f"from ({orders} order by _key, ordered_on, order_id)"
    )


def _given(client: Client, table: str, lists: Sequence[GatheredList]) -> list[str]:
    """The columns of a table without those that no list has; the register fills them up."""
    given = {column for one in lists for column in one.columns} | _MADE_HERE
    return [name for name in _kinds(client, table) if name in given]


def _kept(client: Client, one: GatheredList, table: str, goes_to: str = "", **instead: str) -> str:
    """The kept rows of one list under the columns of a table; `instead` overrules a column."""
    columns = ["_row"] if table == AS_LISTED else []
    for name, kind in _kinds(client, table).items():
        own = quoted(name) if name in one.columns else "null"
        columns.append(f"cast({instead.get(name, own)} as {_SQL[kind]}) as {quoted(name)}")
    return (
        f"select {', '.join(columns)} from {one.part} "
        f"where _fate = 'kept' and _goes_to = '{goes_to or table}'"
    )


def _plain_tables(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> dict[str, str]:
    made_here = ("customers", "adjustments", *ORDERS)
    parts: dict[str, list[str]] = {}
    for one in lists:
        if one.table not in made_here:
            parts.setdefault(one.table, []).append(_kept(client, one, one.table))
        visits = f"select count(*) from {one.part} where _goes_to = 'usage'"
        if one.table in ORDERS and engine.one(visits):
            parts.setdefault("usage", []).append(_kept(client, one, "usage", used_on="ordered_on"))
        if engine.has(f"{one.part}_permissions"):
            columns = ", ".join(
                f"cast({name} as {_SQL[kind]}) as {name}"
                for name, kind in _kinds(client, "permissions").items()
            )
            parts.setdefault("permissions", []).append(
                f"select {columns} from {one.part}_permissions"
            )
    return {table: " union all ".join(queries) for table, queries in parts.items()}


def require_sums_that_fit(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """Raise `ListError` if an order, or all orders of a customer, add up to more than money can be.

    Each amount fits by itself; a column of article codes or telephone numbers does not in sum.
    """
    parts = [one for one in lists if one.table in ORDERS]
    rows = " union all ".join(
        f"select customer_id, order_id, amount from {one.part} "
        f"where _fate = 'kept' and _goes_to = '{one.table}'"
        for one in parts
    )
    if not rows or not engine.one(f"select max(abs(amount)) * count(*) >= {_MOST} from ({rows})"):
        return
    for keys in ("customer_id, order_id", "customer_id"):
        found = engine.rows(
            f"select {keys}, sum(amount) as total, count(*) from ({rows}) group by {keys} "
            f"having abs(sum(amount)) >= {_MOST} order by abs(total) desc, {keys} limit 1"
        )
        if found:
            *ids, total, count = found[0]
            whose = _('customer "{id}"', id=ids[0])
            if len(ids) > 1:
                whose = _('order "{order_id}" of customer "{id}"', order_id=ids[1], id=ids[0])
            raise ListError(
                _(
                    "{list_name}: the {count} amounts of {whose} add up to "
                    "{total:,.0f}, which is no sum of money. Is another column mapped "
                    "as amount, an article code for example? Check amount in "
                    "[lists.{list_name}.columns].",
                    list_name=parts[0].name,
                    count=count,
                    whose=whose,
                    total=total,
                )
            )


def _order_tables(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> dict[str, str]:
    tables = {}
    lines = [one for one in lists if one.table == "order_lines"]
    orders = [
        query
        for table in ("order_lines", "orders")
        if (query := _one_per_order(client, [one for one in lists if one.table == table]))
    ]
    exist = [query for query in orders if _any(engine, query)]
    if exist:
        tables["orders"] = " union all ".join(exist)
    if lines and exist and exist[0] is orders[0]:
        tables[AS_LISTED] = _lines(client, lines)
    adjustments = _adjustments(client, lists)
    if adjustments and _any(engine, adjustments):
        tables["adjustments"] = adjustments
    return tables


def _lines(client: Client, lists: Sequence[GatheredList]) -> str:
    return " union all ".join(
        f"select {number} as _list, * from ({_kept(client, one, AS_LISTED)})"
        for number, one in enumerate(lists)
    )


def lines_print(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> str:
    """A fingerprint of the order lines in whatever order: the sum of the hashes of their rows."""
    lines = _lines(client, [one for one in lists if one.table == AS_LISTED])
    columns = ", ".join(quoted(name) for name in _given(client, AS_LISTED, lists))
    return str(engine.one(f"select sum(hash({columns})) from ({lines})")) if lines else ""


def _any(engine: Engine, query: str) -> bool:
    return bool(engine.rows(f"select 1 from ({query}) limit 1"))


def _one_per_order(client: Client, lists: Sequence[GatheredList]) -> str:
    """One row per order of the lists of one table; margin is null where no row knows it."""
    if not lists:
        return ""
    rows = " union all ".join(
        _kept(client, one, "orders", one.table, lines="lines" if "lines" in one.columns else "1")
        for one in lists
    )
    given = {column for one in lists for column in one.columns}
    lines = "cast(sum(lines) as bigint)" if "lines" in given else "count(*)"
    campaign = "min(campaign)" if "campaign" in given else "cast(null as varchar)"
    margin = "sum(margin)" if "margin" in given else "null"
    return f"""
        select order_id, customer_id, min(ordered_on) as ordered_on,
            cast(sum(amount) as decimal(18,4)) as amount,
            {lines} as lines, {campaign} as campaign,
            cast({margin} as decimal(18,4)) as margin
        from ({rows}) group by order_id, customer_id"""


def _adjustments(client: Client, lists: Sequence[GatheredList]) -> str:
    """Returns, cancellations and corrections: each with its own date, the amount below zero."""
    below = {"amount": "-abs(amount)"}
    parts = []
    for one in lists:
        if one.table in (*ORDERS, "adjustments"):
            linked = _linked_by_prefix(client, one, lists)
            made = _TAKEN_BACK if one.table in ORDERS else {}
            parts.append(_kept(client, one, "adjustments", **below, **linked, **made))
        # An order with the day of its cancellation stays an order until that day.
        if one.table in ORDERS and "cancelled_on" in one.columns:
            later = _kept(
                client, one, "adjustments", one.table, **below,
                adjusted_on="cancelled_on", kind="'cancellation'",
            )  # fmt: skip
            parts.append(f"{later} and cancelled_on is not null")
    return " union all ".join(parts)


def _linked_by_prefix(
    client: Client, one: GatheredList, lists: Sequence[GatheredList]
) -> dict[str, str]:
    """C536379 takes back 536379, if that is an order of the same customer; else it stays."""
    prefix = client.lists[one.name].cancelled_when_order_id_starts
    if not prefix or "order_id" not in one.columns:
        return {}
    orders = " union all ".join(
        f"select customer_id, order_id from {other.part} "
        f"where _fate = 'kept' and _goes_to in {ORDERS}"
        for other in lists
        if other.table in ORDERS
    )
    rest = f"substr(order_id, {len(prefix) + 1})"
    known = f"starts_with(order_id, {text(prefix)}) and (customer_id, {rest}) in ({orders})"
    if "original_order_id" in one.columns:  # the list says it itself
        known = f"original_order_id is null and {known}"
    return {"order_id": f"case when {known} then {rest} else order_id end"}


def _number_everybody(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """The table `ids`: everybody who occurs anywhere, and the place of the id among them all."""
    nobody = f"('{GUEST.english}', '{IGNORED.english}')"
    seen = "".join(
        f" union select customer_id from {one.part} anti join "
        f"(select _row from {one.aside} where _reason in {nobody}) using (_row) "
        "where customer_id is not null"
        for one in lists
    )
    engine.run(
        f"""create or replace table ids as select customer_id,
        cast(row_number() over (order by customer_id) - 1 as integer) as _key
        from (select customer_id from people{seen})"""
    )


def _everybody(client: Client) -> str:
    """The customer lists, and a row for everybody who occurs in another list only.

    Of several rows the last one that says something has the word; a customer merged into another
    speaks first, so that the one who stays has the last word. Only a contract is one by any row.
    """
    kinds = _kinds(client, "customers")
    columns = ", ".join(quoted(name) for name in kinds)
    last = {
        name: f"last({quoted(name)} order by _own_row, _list, _row) "
        f"filter (where {quoted(name)} is not null)"
        for name in kinds
        if name != "customer_id"
    }
    last["under_contract"] = "bool_or(_contract)"
    said = ", ".join(f"{word} as {quoted(name)}" for name, word in last.items())
    several = "select customer_id from people group by customer_id having count(*) > 1"
    return f"""
        select {columns} from people where customer_id not in ({several})
        union all by name
        select customer_id, {said} from people where customer_id in ({several})
        group by customer_id
        union all by name
        select customer_id from ids where customer_id not in (select customer_id from people)"""


def contract_notes(engine: Engine) -> list[Sentence]:
    """Who is under contract by one row and not by another: they count as under contract."""
    found = engine.rows(
        """select customer_id from people group by customer_id
        having bool_or(_contract) and not bool_and(_contract) order by customer_id"""
    )
    if not found:
        return []
    ids = [str(one) for (one,) in found]
    return [
        Sentence(
            "{count} customer(s) are under contract by one row and not by another "
            "({ids}{more}): they count as under contract. Mend the list if the contract "
            "has ended",
            count=len(ids),
            ids=listed(ids[:_NAMED]),
            more=" …" if len(ids) > _NAMED else "",
        )
    ]


def _lay_out_people(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> None:
    """The rows of all customer lists in one table `people`.

    `_contract` is what a row says about a contract: where its list has a column for it and leaves
    it empty, the day on which the contract began is a yes.
    """
    kinds = _kinds(client, "customers")
    columns = ", ".join(f"{quoted(name)} {_SQL[kind]}" for name, kind in kinds.items())
    engine.run(
        f"create or replace table people "
        f"({columns}, _own_row boolean, _list integer, _row bigint, _contract boolean)"
    )
    for number, one in enumerate(lists):
        own = ", ".join(quoted(name) for name in one.columns if name in kinds)
        said = "under_contract" if "under_contract" in one.columns else "cast(null as boolean)"
        if {"under_contract", "contract_on"} <= set(one.columns):
            said = "coalesce(under_contract, case when contract_on is not null then true end)"
        engine.run(
            f"insert into people by name select {own}, _own_row, {number} as _list, _row, "
            f"{said} as _contract from {one.part} where _fate <> 'set aside'"
        )
