"""What a row takes from other rows: of its order's first line, of another list, of several cells.

All of it is done while the cells are text, before a column is read, and told in a note: a further
line of an order is silent about what its first line says; payments carry an order's number, and
customer and day stand in the list of the orders; a name and a telephone together are an id; and
what was paid back of a row is a row of its own, below zero.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from segment_lib.checks import ListError, closest
from segment_lib.columns import SALES
from segment_lib.lists.cells.layout import match_header
from segment_lib.lists.cells.values import REPLACED
from segment_lib.lists.cells.words import word_of
from segment_lib.lists.reading.engine import text
from segment_lib.lists.reading.raw_table import FILE_BITS, RawTable, load_list, set_apart
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence, _

REFUND = "refund (of the row's amount)"
# What stands in an order's first line only, in the exports of some shops.
_OF_THE_ORDER = ("customer_id", "status", "ordered_on", "cancelled_on")
_NO_SALE = ("cancelled", "ignored")


def take_from_beside(client: Client, raw: RawTable) -> list[Sentence]:
    """The columns of `[lists.NAME.beside]`, by the order's number; notes on what is not found.

    Raises `ListError` if a header is not there, or a number stands beside two different customers.
    """
    section = client.lists[raw.list_name]
    if section.beside is None:
        return []
    beside = _load_beside(client, section, raw)
    number = beside.cell(_header(beside, section.beside.order_id, "order_id", raw.list_name))
    cells = {
        column: beside.cell(_header(beside, header, column, raw.list_name))
        for column, header in section.lent.items()
    }
    _require_one_answer(beside, number, cells, raw.list_name)
    own = raw.cell(_own_header(raw, section.columns["order_id"]))
    taken = ", ".join(f"max({cell}) as {column}" for column, cell in cells.items())
    raw.engine.run(
        f"create or replace temp table lent as select trim({number}) as number, {taken} "
        f"from {beside.name} where trim({number}) <> '' group by 1"
    )
    for column in cells:
        header = f"{', '.join(beside.files)}: {section.lent[column]}"
        raw.add_columns([header])
        cell = raw.cell(header)
        raw.made[column] = header
        raw.engine.run(
            f"update {raw.name} set {cell} = lent.{column} from lent "
            f"where trim({own}) = lent.number"
        )
    notes = [*beside.notes, *_not_found(raw, own, ", ".join(beside.files))]
    raw.hashes |= beside.hashes
    beside.drop()
    return notes


def _load_beside(client: Client, section: ListSection, raw: RawTable) -> RawTable:
    """The list beside as a raw table of its own."""
    assert section.beside is not None
    said = section.beside.model_dump(exclude={"order_id", "columns"}, exclude_defaults=True)
    other = ListSection.model_validate({**said, "table": "contacts"})
    lists = {**client.lists, raw.list_name: other}
    return load_list(
        client.model_copy(update={"lists": lists}), raw.engine, raw.list_name, f"{raw.name}_beside"
    )


def _header(beside: RawTable, wanted: str, column: str, list_name: str) -> str:
    header = match_header(wanted, beside.columns)
    if header is None:
        raise ListError(
            _(
                '{file_name} lacks the column "{wanted}". It has {has}. Mend it in client.toml: '
                '[lists.{list_name}.beside] {column} = "{near}".',
                file_name=beside.files[0],
                wanted=wanted,
                has=beside.columns,
                list_name=list_name,
                column=column,
                near=closest(wanted, beside.columns) or "...",
            )
        )
    return header


def _own_header(raw: RawTable, wanted: str) -> str:
    """A header of the list itself; the reader has made sure that it is there."""
    return str(match_header(wanted, raw.columns))


def _require_one_answer(
    beside: RawTable, number: str, cells: dict[str, str], list_name: str
) -> None:
    for column, cell in cells.items():
        found = beside.engine.rows(
            f"select trim({number}), min({cell}), max({cell}) from {beside.name} "
            f"where trim({number}) <> '' group by 1 having min({cell}) <> max({cell}) limit 1"
        )
        if found:
            order, first, other = found[0]
            raise ListError(
                _(
                    "{files}, which stands beside the list {list_name}, has the order {order} "
                    "twice: with {first} and with {other} as {column}. Its number must be that of "
                    "one order. Take the rows that count into a file of their own.",
                    files=", ".join(beside.files),
                    list_name=list_name,
                    order=order,
                    first=first,
                    other=other,
                    column=column,
                )
            )


def _not_found(raw: RawTable, own: str, files: str) -> list[Sentence]:
    lonely = raw.engine.one(
        f"select count(*) from {raw.name} where trim({own}) not in (select number from lent)"
    )
    idle, orders = raw.engine.rows(
        f"select count(*) filter (number not in (select trim({own}) from {raw.name})), count(*) "
        "from lent"
    )[0]
    notes = []
    if lonely:
        notes.append(
            Sentence(
                "{count} row(s) carry an order's number that {files} does not have",
                count=lonely,
                files=files,
            )
        )
    if idle:
        notes.append(
            Sentence(
                "{files}: {count} of {orders} orders have no row in this list",
                files=files,
                count=idle,
                orders=orders,
            )
        )
    return notes


# --- orders that stand in two files --------------------------------------------------------------


def leave_what_does_not_count(client: Client, raw: RawTable) -> list[Sentence]:
    """Rows of orders that stand again in a file that counts (`counts`): set aside."""
    section = client.lists[raw.list_name]
    if not section.counts:
        return []
    counting = [place for place, file in enumerate(raw.files) if _named(file, section.counts)]
    if not counting or "order_id" not in section.columns:
        raise ListError(
            _(
                "[lists.{list_name}] counts names {counts}; it must name files of this list, and "
                "order_id must be mapped. The files are {files}.",
                list_name=raw.list_name,
                counts=", ".join(section.counts),
                files=", ".join(raw.files),
            )
        )
    order = raw.cell(_own_header(raw, section.columns["order_id"]))
    counts = f"(_row >> {FILE_BITS}) in ({', '.join(map(str, counting))})"
    left = set_apart(
        raw,
        f"not {counts} and trim({order}) <> '' and {order} in "
        f"(select {order} from {raw.name} where {counts})",
        REPLACED.english,
    )
    return [
        Sentence(
            "{count} row(s) of orders that stand in {counts} as well were left out",
            count=left,
            counts=", ".join(section.counts),
        )
    ]


def _named(file: str, wanted: tuple[str, ...]) -> bool:
    return any(fnmatchcase(file, one) or file == one for one in wanted)


# --- an order's first line ---------------------------------------------------------------------


def take_from_first_line(client: Client, raw: RawTable) -> list[Sentence]:
    """Blank cells of an order's further lines: what its other lines, all alike, say of it."""
    section = client.lists[raw.list_name]
    if client.table_of(raw.list_name) not in SALES or "order_id" not in section.columns:
        return []
    order = raw.cell(_own_header(raw, section.columns["order_id"]))
    notes = []
    for column in _OF_THE_ORDER:
        if column not in section.columns:
            continue
        header = _own_header(raw, section.columns[column])
        cell = raw.cell(header)
        raw.engine.run(
            f"create or replace temp table said as select {order} as number, max({cell}) as cell "
            f"from {raw.name} where trim({order}) <> '' group by 1 having "
            f"count(distinct nullif(trim({cell}), '')) = 1 and count(*) > 1 "
            f"and bool_or(trim({cell}) = '')"
        )
        count = raw.engine.one(
            f"select count(*) from {raw.name} join said on {order} = said.number "
            f"where trim({cell}) = ''"
        )
        if not count:
            continue
        raw.engine.run(
            f"update {raw.name} set {cell} = said.cell from said "
            f"where {order} = said.number and trim({cell}) = ''"
        )
        notes.append(
            Sentence(
                "{count} row(s) say nothing under {header}: they take it from the other lines of "
                "their order",
                count=count,
                header=header,
            )
        )
    return notes


# --- an id of several cells ---------------------------------------------------------------------


def make_ids(client: Client, raw: RawTable) -> list[Sentence]:
    """The customer's id of several cells: a name and a telephone."""
    section = client.lists[raw.list_name]
    if not section.id_from:
        return []
    said = _joined(raw, "customer_id", section.id_from, " / ")
    return [
        Sentence(
            "no customer id: {headers} together tell one customer from another, so that one who "
            "writes them in two ways is two",
            headers=said,
        )
    ]


def make_names(client: Client, raw: RawTable) -> list[Sentence]:
    """The customer's name of several cells: the given name and the family's."""
    section = client.lists[raw.list_name]
    if not section.name_from:
        return []
    return [
        Sentence(
            "{headers} together are the name", headers=_joined(raw, "name", section.name_from, " ")
        )
    ]


def _joined(raw: RawTable, column: str, wanted: tuple[str, ...], between: str) -> str:
    """A column made of several; their headers, as a sentence names them."""
    key = "id_from" if column == "customer_id" else "name_from"
    headers = [_wanted(raw, one, key) for one in wanted]
    parts = ", ".join(f"nullif(trim({raw.cell(header)}), '')" for header in headers)
    name = (" + " if between.strip() else " ").join(headers)
    raw.add_columns([name])
    raw.made[column] = name
    raw.engine.run(f"update {raw.name} set {raw.cell(name)} = concat_ws('{between}', {parts})")
    return ", ".join(headers)


def _wanted(raw: RawTable, wanted: str, key: str) -> str:
    header = match_header(wanted, raw.columns)
    if header is None:
        raise ListError(
            _(
                '[lists.{list_name}] {key} names the column "{wanted}", which the list does not '
                "have. It has {has}. Did you mean {near}?",
                list_name=raw.list_name,
                key=key,
                wanted=wanted,
                has=raw.columns,
                near=closest(wanted, raw.columns) or "...",
            )
        )
    return header


# --- refunds ------------------------------------------------------------------------------------


def make_refunds(client: Client, raw: RawTable) -> list[Sentence]:
    """A row of its own, below zero, for what was paid back of each row that is a sale."""
    section = client.lists[raw.list_name]
    if not section.refunds:
        return []
    refund = raw.cell(_wanted(raw, section.refunds, "refunds"))
    amount = raw.cell(_own_header(raw, section.columns["amount"]))
    cells = {name: name for name in raw.cells}
    cells[amount] = f"'-' || ltrim(trim({refund}), '-')"
    if section.refunds_on:
        day = raw.cell(_own_header(raw, section.columns["ordered_on"]))
        stated = raw.cell(_wanted(raw, section.refunds_on, "refunds_on"))
        cells[day] = f"coalesce(nullif(trim({stated}), ''), {day})"

    paid_back = f"regexp_matches({refund}, '[1-9]') and not ({_no_sale(client, raw)})"
    raw.add_columns([REFUND])
    cells[raw.cell(REFUND)] = "'1'"
    first = f"((_row >> {FILE_BITS}) << {FILE_BITS})"
    row = f"{first} + (_row - {first}) * 2"
    count = raw.engine.one(f"select count(*) from {raw.name} where {paid_back}")
    back = ", ".join(f"{said} as {name}" for name, said in cells.items())
    raw.engine.run(
        f"create table {raw.name}_both as "
        f"select {row} as _row, row_number, {', '.join(raw.cells)} from {raw.name} union all "
        f"select {row} + 1 as _row, row_number, {back} from {raw.name} where {paid_back} order by 1"
    )
    raw.engine.run(f"drop table {raw.name}; alter table {raw.name}_both rename to {raw.name}")
    return [
        Sentence(
            "{count} row(s) carry a refund ({header}): each is a row of its own, below zero",
            count=count,
            header=section.refunds,
        )
    ]


def _no_sale(client: Client, raw: RawTable) -> str:
    """In SQL: a row whose status says that it never was a sale; nothing is paid back of it."""
    section = client.lists[raw.list_name]
    if "status" not in section.columns:
        return "false"
    header, mean = (
        _own_header(raw, section.columns["status"]),
        word_of(client, raw.list_name, "status"),
    )
    never = [one for one in raw.counts(header) if mean(one) in _NO_SALE]
    return f"{raw.cell(header)} in ({', '.join(map(text, never))})" if never else "false"
