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

from collections.abc import Iterator, Sequence

from segment_lib.columns import SALES, TABLES
from segment_lib.lists.cells.values import DECLARED_NO_SALE, GUEST, IGNORED, listed
from segment_lib.lists.rows.gathered import Engine, GatheredList, quoted, text
from segment_lib.lists.rows.store import table_schema
from segment_lib.settings import Client
from segment_lib.voice import Sentence

AS_LISTED = "order_lines"
_NAMED = 5  # ids named in a note
# Rows come out in this order; the remaining columns settle what is left.
_SORT_FIRST = ("customer_id", "ordered_on", "adjusted_on", "order_id")
# Columns that the tables have whatever the lists have.
_MADE_HERE = {
    *("customer_id", "order_id", "lines", "used_on", "channel", "allowed", "since"),
    *("adjusted_on", "kind"),
}


def assemble(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> dict[str, str]:
    """Table to the query that gives its rows, sorted, for the tables that exist."""
    _lay_out_people(client, engine, [one for one in lists if one.table == "customers"])
    _number_everybody(engine, lists)
    _lay_out_owners(client, engine, lists)
    parts: dict[str, list[str]] = {}
    for one in lists:
        for table, query in _gives(client, engine, one, lists):
            parts.setdefault(table, []).append(query)
    for table in ("order_lines", "orders"):
        given = [one for one in lists if one.table == table]
        if given and _any(engine, one_each := _one_per_order(client, given)):
            parts.setdefault("orders", []).append(one_each)
        elif table == AS_LISTED:
            parts.pop(AS_LISTED, None)
    made = {table: " union all ".join(queries) for table, queries in parts.items()}
    if "adjustments" in made and not _any(engine, made["adjustments"]):
        del made["adjustments"]
    made["customers"] = _everybody(client)
    return {name: _sorted(client, name, made[name], lists) for name in TABLES if name in made}


def _gives(
    client: Client, engine: Engine, one: GatheredList, lists: Sequence[GatheredList]
) -> Iterator[tuple[str, str]]:
    """What a list gives of each table, but for customers and orders.

    Returns, cancellations and corrections have their own date each, the amount below zero.
    """
    if one.table not in ("customers", "orders", "adjustments"):
        yield one.table, _kept(client, one, one.table)
    if engine.has(f"{one.part}_permissions"):
        said = ", ".join(TABLES["permissions"])
        yield "permissions", f"select {said} from {one.part}_permissions"
    below = {"amount": "-abs(amount)"} | _linked_by_prefix(client, one, lists)
    if one.table == "adjustments":
        yield "adjustments", _kept(client, one, "adjustments", **below)
    if one.table in SALES:
        if engine.one(f"select count(*) from {one.part} where _goes_to = 'usage'"):
            yield "usage", _kept(client, one, "usage", used_on="ordered_on")
        yield "adjustments", _kept(client, one, "adjustments", **below, **_taken_back(one))
        # An order with the day of its cancellation stays an order until that day.
        if "cancelled_on" in one.columns:
            # a booking that was cancelled before its day never was
            day = "greatest(cancelled_on, ordered_on)"
            later = {"adjusted_on": day, "kind": "'cancellation'"}
            whole = _kept(client, one, "adjustments", one.table, amount=below["amount"], **later)
            yield "adjustments", f"{whole} and cancelled_on is not null"


def _taken_back(one: GatheredList) -> dict[str, str]:
    """What a row below zero is in a list of sales; a list of adjustments says it itself.

    Among the lines of an order of that day of which something is left it is a rebate.
    """
    bought = "order_id, customer_id, ordered_on"
    rebate = f"""({bought}) in (select {bought} from {one.part} where _fate = 'kept'
        and not _cancelled and order_id in
            (select order_id from {one.part} where _goes_to = 'adjustments')
        group by all having sum(_money) > 0)"""
    kind = f"case when _cancelled then 'cancellation' when {rebate} then 'correction' "
    return {"adjusted_on": "ordered_on", "kind": f"{kind} else 'return' end"}


def _sorted(client: Client, table: str, query: str, lists: Sequence[GatheredList]) -> str:
    """The rows in their order, with the columns that a list gives."""
    kinds, names = table_schema(client, table), _given(client, table, lists)
    columns = ", ".join(quoted(name) for name in names)
    if table == AS_LISTED:
        # One row after another, so that the groups are the same on any number of threads.
        return f"select {columns} from ({query}) qualify row_number() over () > 0"
    if table == "customers":
        return f"select {columns} from ({query}) order by customer_id"
    if table == "orders":  # rows are sorted once, customer and day compared as one whole number
        both = "(_key::bigint << 32) + ((ordered_on - date '0001-01-01') << 8)"
        gap = "case when lag(_key) over () = _key then ordered_on - lag(ordered_on) over () end"
        return (
            f"select *, cast({gap} as integer) as _gap from (select {columns}, _key "
            f"from ({query}) left join ids using (customer_id) order by {both}, order_id)"
        )
    first = [name for name in _SORT_FIRST if name in names]
    rest = [name for name in names if name not in first]
    # Texts last: the engine compares a short key of numbers a third faster.
    rest.sort(key=lambda name: kinds[name] == "string")
    sorting = ", ".join(quoted(name) for name in (*first, *rest))
    return f"select {columns} from ({query}) order by {sorting}"


def _given(client: Client, table: str, lists: Sequence[GatheredList]) -> list[str]:
    """The columns of a table without those that no list has; the register fills them up."""
    given = {column for one in lists for column in one.columns} | _MADE_HERE
    return [name for name in table_schema(client, table) if name in given]


def _kept(client: Client, one: GatheredList, table: str, goes_to: str = "", **instead: str) -> str:
    """The kept rows of one list under the columns of a table; `instead` overrules a column."""
    columns = []
    for name, kind in table_schema(client, table).items():
        own = quoted(name) if name in one.columns else "null"
        columns.append(f"cast({instead.get(name, own)} as {kind}) as {quoted(name)}")
    return (
        f"select {', '.join(columns)} from {one.part} "
        f"where _fate = 'kept' and _goes_to = '{goes_to or table}'"
    )


def _any(engine: Engine, query: str) -> bool:
    return bool(engine.rows(f"select 1 from ({query}) limit 1"))


def lines_print(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> str:
    """A fingerprint of the order lines in whatever order: the sum of the hashes of their rows."""
    lines = " union all ".join(
        _kept(client, one, AS_LISTED) for one in lists if one.table == AS_LISTED
    )
    columns = ", ".join(quoted(name) for name in _given(client, AS_LISTED, lists))
    return str(engine.one(f"select sum(hash({columns})) from ({lines})")) if lines else ""


def _one_per_order(client: Client, lists: Sequence[GatheredList]) -> str:
    """One row per order of the lists of one table; margin is null where no row knows it."""
    rows = " union all ".join(
        _kept(client, one, "orders", one.table, lines="lines" if "lines" in one.columns else "1")
        for one in lists
    )
    return f"""
        select order_id, customer_id, min(ordered_on) as ordered_on,
            cast(sum(amount) as decimal(18,4)) as amount, cast(sum(lines) as bigint) as lines,
            min(campaign) as campaign, cast(sum(margin) as decimal(18,4)) as margin
        from ({rows}) group by order_id, customer_id"""


def _linked_by_prefix(
    client: Client, one: GatheredList, lists: Sequence[GatheredList]
) -> dict[str, str]:
    """C536379 takes back 536379, if that is an order of the same customer; else it stays."""
    prefix = client.lists[one.name].cancelled_when_order_id_starts
    if not prefix or "order_id" not in one.columns:
        return {}
    orders = " union all ".join(
        f"select customer_id, order_id from {other.part} "
        f"where _fate = 'kept' and _goes_to in {SALES}"
        for other in lists
        if other.table in SALES
    )
    rest = f"substr(order_id, {len(prefix) + 1})"
    known = f"starts_with(order_id, {text(prefix)}) and (customer_id, {rest}) in ({orders})"
    if "original_order_id" in one.columns:  # the list says it itself
        known = f"original_order_id is null and {known}"
    return {"order_id": f"case when {known} then {rest} else order_id end"}


def _number_everybody(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """The table `ids`: everybody who occurs anywhere, and the place of the id among them all.

    Who stands in a row that is kept is known by `who` (`row_doubts.py`).
    """
    nobody = {one.table: (GUEST.english, IGNORED.english) for one in lists}
    nobody["customers"] = (GUEST.english, DECLARED_NO_SALE.english)  # such a row is no customer
    seen = "".join(
        f" union select customer_id from {one.part} anti join "
        f"(select _row from {one.aside} where _reason in {nobody[one.table]}) using (_row) "
        "where _fate <> 'kept' and customer_id is not null"
        for one in lists
    )
    engine.run(
        f"""create or replace table ids as select customer_id,
        cast(row_number() over (order by customer_id) - 1 as integer) as _key
        from (select customer_id from people union select customer_id from who{seen})"""
    )


def _everybody(client: Client) -> str:
    """The customer lists, and a row for everybody who occurs in another list only.

    Of several rows the last one that says something has the word; a customer merged into another
    speaks first, so that the one who stays has the last word. Only a contract is one by any row.
    """
    kinds = table_schema(client, "customers")
    columns = ", ".join(quoted(name) for name in kinds)
    last = {
        name: f"last({quoted(name)} order by _own_row, _list, _row) "
        f"filter (where {quoted(name)} is not null)"
        for name in kinds
        if name != "customer_id"
    }
    last["under_contract"] = "bool_or(_contract)"
    owned = columns.replace('"owner"', 'coalesce("owner", _owner) as "owner"')
    said = ", ".join(f"{word} as {quoted(name)}" for name, word in last.items())
    several = "select customer_id from people group by customer_id having count(*) > 1"
    return f"""
        select {owned} from (
        select {columns} from people where customer_id not in ({several})
        union all by name
        select customer_id, {said} from people where customer_id in ({several})
        group by customer_id
        union all by name
        select customer_id from ids where customer_id not in (select customer_id from people)
        ) left join owners using (customer_id)"""


def people_notes(engine: Engine) -> Iterator[Sentence]:
    """Whose owner another list says; who is under contract by one row and not by another."""
    if count := engine.one("select count(*) from owners"):
        yield Sentence(
            "no list of customers says who looks after them: for {count} of them it is the owner "
            "of their latest deal, else of their latest touch",
            count=count,
        )
    found = engine.rows(
        """select customer_id from people group by customer_id
        having bool_or(_contract) and not bool_and(_contract) order by customer_id"""
    )
    if found:
        yield Sentence(
            "{count} customer(s) are under contract by one row and not by another "
            "({ids}{more}): they count as under contract. Mend the list if the contract "
            "has ended",
            count=len(found),
            ids=listed(str(one) for (one,) in found[:_NAMED]),
            more=" …" if len(found) > _NAMED else "",
        )


def _lay_out_owners(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> None:
    """The table `owners`: who had the latest deal of a customer by the client's day, else the
    latest touch; empty where a list of customers says who looks after them.
    """
    said = any("owner" in one.columns for one in lists if one.table == "customers")
    parts = [
        f"select customer_id, owner, {rank} as _rank, {day} as _on from {one.part} "
        f"where _fate = 'kept' and owner is not null and {day} <= date '{client.as_of}'"
        for rank, (table, day) in enumerate((("contacts", "contacted_on"), ("deals", "opened_on")))
        for one in lists
        if one.table == table and "owner" in one.columns and not said
    ]
    rows = " union all ".join(parts) or "select '' customer_id, '' owner, 0 _rank, 0 _on limit 0"
    engine.run(
        "create or replace table owners as select customer_id, "
        f"last(owner order by _rank, _on, owner) as _owner from ({rows}) group by customer_id"
    )


def _lay_out_people(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> None:
    """The rows of all customer lists in one table `people`.

    `_contract` is what a row says about a contract: where its list has a column for it and leaves
    it empty, the day on which the contract began is a yes.
    """
    kinds = table_schema(client, "customers")
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in kinds.items())
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
