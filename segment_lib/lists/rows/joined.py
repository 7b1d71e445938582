"""What a row takes from other rows: of its order's first line, of another list, of several cells.

All of it is done while the cells are text, before a column is read, and told in a note: a further
line of an order is silent about what its first line says; payments carry an order's number, and
customer and day stand in the list of the orders; a name and a telephone together are an id; and
what was paid back of a row is a row of its own, below zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import pyarrow as pa

from segment_lib.checks import ListError
from segment_lib.columns import SALES
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import REPLACED, fold_word
from segment_lib.lists.cells.vectors import reader_of
from segment_lib.lists.cells.words import declared_codes, word_of
from segment_lib.lists.reading.engine import FILE_BITS, RawTable, set_apart, text
from segment_lib.lists.reading.files import load_list
from segment_lib.lists.rows.made import (
    REFUND,
    fits,
    make_column,
    mapped_cell,
    order_number,
    replace_rows,
    spread,
    wanted_header,
)
from segment_lib.settings import Client, ListSection
from segment_lib.voice import N_, Sentence

# What stands in an order's first line only, in the exports of some shops.
_OF_THE_ORDER = ("customer_id", "status", "ordered_on", "cancelled_on")
_NO_SALE = ("cancelled", "ignored")
_NEARLY = 0.95
_NOT_BESIDE = N_(
    '{file_name} lacks the column "{wanted}". It has {has}. Mend it in client.toml: '
    '[lists.{list_name}.beside] {column} = "{near}".'
)


def take_from_beside(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """The columns of `[lists.NAME.beside]`, by the order's number; notes on what is not found.

    Raises `ListError` if a header is not there, or a number stands beside two different customers.
    """
    section = client.lists[raw.list_name]
    if section.beside is None:
        return
    beside = _load_beside(client, section, raw)
    wanted = {"order_id": section.beside.order_id} | section.lent
    cells = {
        column: beside.cell(wanted_header(beside, header, _NOT_BESIDE, column=column))
        for column, header in wanted.items()
    }
    number = f"trim({cells.pop('order_id')})"
    files = ", ".join(beside.files)
    for column, cell in cells.items():
        _require_one_answer(beside, number, column, cell)
    taken = ", ".join(f"max({cell}) as {column}" for column, cell in cells.items())
    raw.engine.run(
        f"create or replace temp table lent as select {number} as number, {taken} "
        f"from {beside.name} where {number} <> '' group by 1"
    )
    own = order_number(client, raw)
    for column in cells:
        header = f"{files}: {section.lent[column]}"
        make_column(raw, column, header, f"lent.{column}", f"from lent where {own} = lent.number")
    yield from beside.notes
    lonely, idle, orders = raw.engine.rows(
        f"""select (select count(*) from {raw.name} where {own} not in (select number from lent)),
            count(*) filter (number not in (select {own} from {raw.name})), count(*) from lent"""
    )[0]
    if lonely:
        yield Sentence(
            "{count} row(s) carry an order's number that {files} does not have",
            count=lonely,
            files=files,
        )
    if idle:
        yield Sentence(
            "{files}: {count} of {orders} orders have no row in this list",
            files=files,
            count=idle,
            orders=orders,
        )
    raw.hashes |= beside.hashes
    raw.engine.drop(beside.name, beside.broken)


def _load_beside(client: Client, section: ListSection, raw: RawTable) -> RawTable:
    """The list beside as a raw table of its own."""
    assert section.beside is not None
    said = section.beside.model_dump(exclude={"order_id", "columns"}, exclude_defaults=True)
    other = ListSection.model_validate({**said, "table": "contacts"})
    lists = {**client.lists, raw.list_name: other}
    return load_list(
        client.model_copy(update={"lists": lists}), raw.engine, raw.list_name, f"{raw.name}_beside"
    )


def _require_one_answer(beside: RawTable, number: str, column: str, cell: str) -> None:
    for order, first, other in beside.engine.rows(
        f"select {number}, min(trim({cell})), max(trim({cell})) from {beside.name} "
        f"where {number} <> '' group by 1 having min(trim({cell})) <> max(trim({cell})) limit 1"
    ):
        raise ListError(
            "{files}, which stands beside the list {list_name}, has the order {order} "
            "twice: with {first} and with {other} as {column}. Its number must be that of "
            "one order. Take the rows that count into a file of their own.",
            files=", ".join(beside.files),
            list_name=beside.list_name,
            order=order,
            first=first,
            other=other,
            column=column,
        )


def leave_what_does_not_count(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """Rows of orders that stand again in a file that counts (`counts`): set aside."""
    section = client.lists[raw.list_name]
    if not section.counts:
        return
    counts = ", ".join(section.counts)
    counting = [
        str(place)
        for place, file in enumerate(raw.files)
        if any(fnmatchcase(file, one) or file == one for one in section.counts)
    ]
    if not counting or "order_id" not in section.columns:
        raise ListError(
            "[lists.{list_name}] counts names {counts}; it must name files of this list, and "
            "order_id must be mapped. The files are {files}.",
            list_name=raw.list_name,
            counts=counts,
            files=", ".join(raw.files),
        )
    order = order_number(client, raw)
    count = f"(_row >> {FILE_BITS}) in ({', '.join(counting)})"
    left = set_apart(
        raw,
        f"not {count} and {order} <> '' and {order} in "
        f"(select {order} from {raw.name} where {count})",
        REPLACED.english,
    )
    yield Sentence(
        "{count} row(s) of orders that stand in {counts} as well were left out",
        count=left,
        counts=counts,
    )


def take_from_first_line(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """Blank cells of an order's further lines: what its other lines, all alike, say of it."""
    section = client.lists[raw.list_name]
    columns = section.columns
    if client.table_of(raw.list_name) not in SALES or "order_id" not in columns:
        return
    order = order_number(client, raw)
    totals = ("amount",) if section.amount_of == "order" else ()
    mapped = [columns[column] for column in (*_OF_THE_ORDER, *totals) if column in columns]
    told = [columns.get(name, name) for name in (*section.not_sales, *section.returns)]
    for wanted in dict.fromkeys((*mapped, *told)):
        if (header := match_header(wanted, raw.columns)) is None:
            continue  # who reads it says so
        cell = raw.cell(header)
        # Blanks sort before ! or beyond ASCII: mostly the engine knows that no cell does.
        perhaps = f"({cell} < '!' or {cell} > '~')"
        blank = f"select 1 from {raw.name} where {perhaps} and trim({cell}) = '' limit 1"
        if not raw.engine.one(blank):  # mostly: it spares grouping all rows by a text
            continue
        raw.engine.run(
            f"create or replace temp table said as select {order} as number, max({cell}) as cell "
            f"from {raw.name} where {order} <> '' group by 1 having "
            f"count(distinct nullif(trim({cell}), '')) = 1 and count(*) > 1 "
            f"and bool_or(trim({cell}) = '')"
        )
        silent = f"said where {order} = said.number and trim({cell}) = ''"
        count = raw.engine.one(f"select count(*) from {raw.name}, {silent}")
        if count:
            raw.engine.run(f"update {raw.name} set {cell} = said.cell from {silent}")
            yield Sentence(
                "{count} row(s) say nothing under {header}: they take it from the other lines of "
                "their order",
                count=count,
                header=header,
            )


def take_ids_of_guests(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """Rows without an id: that of whoever has the same mail in other rows, else the mail."""
    wanted = client.lists[raw.list_name].guests_by
    if not wanted:
        return
    section, own = client.lists[raw.list_name], mapped_cell(client, raw, "customer_id")
    codes = declared_codes(section, "customer_id")
    guests = [
        id
        for id in raw.counts(wanted_header(raw, section.columns["customer_id"]))
        if fold_word(id) in codes or any(fits(id, one) for one in section.guests)
    ]
    is_nobody = f"trim({own}) in ({', '.join(map(text, ['', *map(str.strip, guests)]))})"
    header = wanted_header(raw, wanted, key="guests_by")
    mail = f"lower(trim({raw.cell(header)}))"
    nobody = f"{raw.name} where {is_nobody} and {mail} <> ''"
    raw.engine.run(
        f"""create or replace temp table known as
        select {mail} as mail, count(distinct trim({own})) filter (not {is_nobody}) = 1 as has_id,
            if(has_id, max({own}) filter (not {is_nobody}), min(trim({raw.cell(header)}))) as id
        from {raw.name} where {mail} <> '' group by 1"""
    )
    rows, known = raw.engine.rows(
        f"select count(*), count(*) filter ({mail} in (select mail from known where has_id)) "
        f"from {nobody}"
    )[0]
    raw.engine.run(
        f"update {raw.name} set {own} = (select id from known where mail = {mail}) "
        f"where {is_nobody} and {mail} <> ''"
    )
    yield Sentence("{rows} row(s) without an id are those of {header}", rows=rows, header=header)
    if known:
        yield Sentence(
            "{known} of the rows without an id have a {header} that stands beside one id in other "
            "rows, and take it",
            known=known,
            header=header,
        )


def require_one_total(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """Raise `ListError` where the rows of an order say different totals of it."""
    section = client.lists[raw.list_name]
    if section.amount_of == "row":
        return
    if not {"order_id", "amount"} <= set(section.columns):
        raise ListError(
            '[lists.{list_name}] amount_of = "order" needs order_id and amount under columns.',
            list_name=raw.list_name,
        )
    order, amount = order_number(client, raw), f"trim({mapped_cell(client, raw, 'amount')})"
    read = reader_of(client, raw.list_name, "amount")
    for number, said in raw.engine.rows(
        f"select {order}, list(distinct {amount} order by {amount}) from {raw.name} "
        f"where {order} <> '' and {amount} <> '' group by 1 having count(distinct {amount}) > 1"
    ):
        money = read(pa.array(said, pa.large_string())).values.to_pylist()
        if len(set(money)) == 1:  # 1,200 and 1200
            continue
        first, *_others, other = said
        raise ListError(
            '[lists.{list_name}] says amount_of = "order", but the rows of order {order} have '
            "{first} and {other} under {header}. Map the column that is the same in all of them, "
            "or take amount_of out.",
            list_name=raw.list_name,
            order=number,
            first=first,
            other=other,
            header=section.columns["amount"],
        )
    yield from ()


def make_either(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """A column made of several, of which a row has one or the other: the first that is filled."""
    for column, wanted in client.lists[raw.list_name].either.items():
        headers = [wanted_header(raw, one, key=f"either.{column}") for one in wanted]
        cells = [f"nullif(trim({raw.cell(header)}), '')" for header in headers]
        make_column(raw, column, " / ".join(headers), f"coalesce({', '.join(cells)}, '')")
        yield Sentence(
            "{column} is what stands under {headers}: the first that is filled",
            column=column,
            headers=", ".join(headers),
        )


def make_order_ids(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """The order's number of several cells, the last of them the number itself: a series, a year."""
    wanted = client.lists[raw.list_name].order_id_from
    if wanted:
        headers = _joined(raw, "order_id", wanted, "order_id_from", "-")
        number = raw.cell(wanted_header(raw, wanted[-1]))
        blank = f"update {raw.name} set {raw.cell(raw.made['order_id'])} = ''"
        raw.engine.run(f"{blank} where trim({number}) = ''")
        yield Sentence("{headers} together are the number of an order", headers=headers)


def make_ids(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """The customer's id of several cells: a name and a telephone."""
    wanted = client.lists[raw.list_name].id_from
    if wanted:
        yield Sentence(
            "no customer id: {headers} together tell one customer from another, so that one who "
            "writes them in two ways is two",
            headers=_joined(raw, "customer_id", wanted, "id_from", " / "),
        )


def make_names(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """The customer's name of several cells: the given name and the family's."""
    wanted = client.lists[raw.list_name].name_from
    if wanted:
        headers = _joined(raw, "name", wanted, "name_from", " ")
        yield Sentence("{headers} together are the name", headers=headers)


def _joined(raw: RawTable, column: str, wanted: tuple[str, ...], key: str, between: str) -> str:
    """A column made of several; their headers, as a sentence names them."""
    headers = [wanted_header(raw, one, key=key) for one in wanted]
    parts = ", ".join(f"nullif(trim({raw.cell(header)}), '')" for header in headers)
    name = (" + " if between.strip() else " ").join(wanted)
    make_column(raw, column, name, f"concat_ws('{between}', {parts})")
    return ", ".join(headers)


def make_refunds(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """A row of its own, below zero, for what was paid back of each row that is a sale."""
    section = client.lists[raw.list_name]
    if not section.refunds:
        return
    header = wanted_header(raw, section.refunds, key="refunds")
    refund = raw.cell(header)
    counts = list(raw.counts(header))
    read = reader_of(client, raw.list_name, "amount")(pa.array(counts, pa.large_string()))
    nothing = [  # 0.00, and - or none; what has a digit and does not read is told
        one
        for one, money in zip(counts, read.values.to_pylist(), strict=True)
        if money == 0 or (money is None and not any(map(str.isdigit, one)))
    ]
    says = f"trim({refund}) <> '' and {refund} not in ({', '.join(map(text, ['', *nothing]))})"
    cells = {name: name for name in raw.cells}
    for header in section.discounts:  # they are off the row itself
        cells[raw.cell(wanted_header(raw, header, key="discounts"))] = "''"
    first, *others = _money_cells(client, raw)
    cells |= {first: refund} | dict.fromkeys(others, "''")
    if "amount" not in section.mapped:
        cells[mapped_cell(client, raw, "quantity")] = "'1'"
    if section.refunds_on:
        day = mapped_cell(client, raw, "ordered_on")
        stated = raw.cell(wanted_header(raw, section.refunds_on, key="refunds_on"))
        cells[day] = f"coalesce(nullif(trim({stated}), ''), {day})"
    sale = f"not ({_no_sale(client, raw)})"  # of what never was a sale, nothing is paid back
    paid_back = f"{raw.name} where {says} and {sale}"
    if once := _is_of_orders(client, raw, refund, says):
        order = order_number(client, raw)
        paid_back += f" and _row in (select min(_row) from {raw.name} group by {order})"
    count = raw.engine.one(f"select count(*) from {paid_back}")
    sold, back = ", ".join(cells), ", ".join(cells.values())
    raw.add_columns([REFUND])
    replace_rows(
        raw,
        f"select {spread(0, 2)}, {sold}, '' from {raw.name} "
        f"union all select {spread(1, 2)}, {back}, '1' from {paid_back}",
    )
    told = Sentence(
        "{count} row(s) carry a refund ({header}): each is a row of its own, below zero",
        count=count,
        header=section.refunds,
    )
    if once:
        told = Sentence(
            "{count} order(s) carry a refund ({header}), the same in each of their rows: each is a "
            "row of its own, below zero",
            **told.fields,
        )
    yield told


def _is_of_orders(client: Client, raw: RawTable, cell: str, says: str) -> bool:
    """Whether an amount is that of the order, the same in each of its rows; `says` where it is."""
    if "order_id" not in client.lists[raw.list_name].columns:
        return False
    order = order_number(client, raw)
    several, alike = raw.engine.rows(
        f"""select count(*), count(*) filter (alike) from (
            select count(distinct trim({cell})) = 1 as alike from {raw.name}
            where {order} <> '' group by {order}
            having count(*) > 1 and bool_or({says}))"""
    )[0]
    return several > 1 and alike >= _NEARLY * several


def _money_cells(client: Client, raw: RawTable) -> list[str]:
    """In SQL: the cells that the amount of a row is made of, but for its pieces."""
    section = client.lists[raw.list_name]
    if several := section.sums.get("amount"):
        return [raw.cell(wanted_header(raw, one, key="sums.amount")) for one in several]
    return [mapped_cell(client, raw, "amount" if "amount" in section.columns else "unit_price")]


def _no_sale(client: Client, raw: RawTable) -> str:
    """In SQL: a row whose status says that it never was a sale."""
    wanted = client.lists[raw.list_name].columns.get("status")
    if wanted is None:
        return "false"
    header, mean = wanted_header(raw, wanted), word_of(client, raw.list_name, "status")
    never = [text(one) for one in raw.counts(header) if mean(one) in _NO_SALE]
    return f"{raw.cell(header)} in ({', '.join(never)})" if never else "false"
