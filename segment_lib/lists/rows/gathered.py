"""All lists of a client in one engine: raw rows in, typed rows out, each accounted for.

Each list becomes a DuckDB table, `part_0`, `part_1` …: the columns of its table, what accounts for
each row (`fates.py`), and `_row`, its place in the list. `part_0_aside` tells of its rows that were
set aside: where they stand as a person sees it, the cell they stumbled over, and why.
`part_0_permissions` has what its marks say; `merged_ids` all ids that were merged into another.
DuckDB moves to the disk what does not fit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import REQUIRED, SALES
from segment_lib.lists.cells.values import CANCELLED
from segment_lib.lists.reading.engine import FILE_BITS, RawTable
from segment_lib.lists.reading.engine import Engine as Engine
from segment_lib.lists.reading.engine import quoted as quoted
from segment_lib.lists.reading.engine import text as text
from segment_lib.lists.reading.files import ahead, load_list
from segment_lib.lists.reading.pieces import ROWS_AT_ONCE
from segment_lib.lists.rows.asked import Asked, ask, notes_of
from segment_lib.lists.rows.cell_doubts import doubts_of_cells, own_totals
from segment_lib.lists.rows.doubts import Doubt
from segment_lib.lists.rows.fates import decide
from segment_lib.lists.rows.marks import add_permissions
from segment_lib.lists.rows.shapes import shape
from segment_lib.lists.rows.typed import raw_rows, read_rows
from segment_lib.settings import Client
from segment_lib.voice import Sentence

_ROWS_READ = 2 * ROWS_AT_ONCE  # what is asked of each batch costs time of its own


@dataclass(frozen=True)
class GatheredList:
    """One list in the engine: where its rows are, and what was said while reading it.

    `files` has the number of rows of each file; `hashes` the SHA-256 of those that were read byte
    by byte. `headers` is column to header, `own_totals` what the list adds up itself.
    """

    name: str
    table: str
    part: str
    columns: tuple[str, ...]
    notes: list[Sentence]
    files: Mapping[str, int]
    hashes: Mapping[str, str]
    files_in_order: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    own_totals: Mapping[str, float] = field(default_factory=dict)

    @property
    def aside(self) -> str:
        """The table that tells of the rows that were set aside."""
        return f"{self.part}_aside"


def gather_lists(client: Client, engine: Engine, merges: Mapping[str, str]) -> list[GatheredList]:
    """Read all lists into the engine.

    Raises `ListError` or `ClientError` with one sentence if a list cannot be read or something
    must be decided first.
    """
    return [
        _gather(client, engine, name, number, merges) for number, name in enumerate(client.lists)
    ]


def ids_before_merging(engine: Engine, lists: Sequence[GatheredList]) -> set[str]:
    """Every customer id as the lists have it."""
    ids = [f"select customer_id from {one.part} where _own_row" for one in lists]
    if engine.has("merged_ids"):
        ids.append("select _given from merged_ids")
    return {row[0] for row in engine.rows(" union ".join(ids))}


def _gather(
    client: Client, engine: Engine, name: str, number: int, merges: Mapping[str, str]
) -> GatheredList:
    """One list: its raw rows, what is asked of whole columns, its typed rows."""
    part = f"part_{number}"
    raw = load_list(client, engine, name, f"raw_{number}")
    notes = [*raw.notes, *shape(client, raw)]
    asked = ask(client, raw)
    doubts, totals = doubts_of_cells(asked), own_totals(asked)
    for rows in _side_by_side(_batches(asked), partial(read_rows, asked, merges)):
        _add(asked, part, rows)
    if asked.table in SALES and "status" in asked.where:
        _set_aside_what_never_was(asked.raw.engine, part)
    _tell_of_those_aside(asked, part)
    add_permissions(asked, part)
    notes += [*notes_of(asked), *_unread_notes(asked, part)]
    names = [row[0] for row in engine.rows(f"select column_name from (describe {part})")]
    columns = tuple(column for column in names if not column.startswith("_"))
    files = _rows_of_files(raw)
    engine.drop(raw.name, raw.broken, f"{part}_told", f"{part}_unread")
    return GatheredList(
        name, asked.table, part, columns, notes, files, raw.hashes, tuple(raw.files), doubts,
        client.lists[name].headers | {"amount": asked.headers.get("amount", "")}, totals,
    )  # fmt: skip


def _batches(asked: Asked) -> Generator[pa.RecordBatch]:
    """The raw rows, some at a time; at least once, so that the columns are known."""
    with asked.raw.engine.batches(raw_rows(asked), _ROWS_READ) as reader:
        yield next(reader, None) or pa.RecordBatch.from_pylist([], reader.schema)
        yield from reader


def _side_by_side(
    batches: Generator[pa.RecordBatch], read: Callable[[pa.RecordBatch], pa.Table]
) -> Iterator[pa.Table]:
    """The values of every batch in order: two at a time, while the next one comes.

    Arrow leaves the interpreter while it works. No more batches than these are in memory.
    """
    with closing(ahead(batches)) as coming, ThreadPoolExecutor(max_workers=2) as readers:
        waiting: deque[Future[pa.Table]] = deque()
        for batch in coming:
            waiting.append(readers.submit(read, batch))
            if len(waiting) > 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _add(asked: Asked, part: str, rows: pa.Table) -> None:
    """Values into the engine: the typed rows, those set aside and why, and what could not be read.

    `part_unread` has a row for each value of an optional column that was not read.
    """
    fates = decide(asked, rows)
    unread = [
        f"select {text(column)} as column, _row from chunk "
        f"where {quoted(f'{column}?')} is not null and not ({fates.aside})"
        for column in asked.headers
        if column not in REQUIRED[asked.table] and rows[f"{column}?"].null_count < len(rows)
    ]
    queries = {
        part: f"select {fates.typed} from chunk",
        f"{part}_told": f"select {fates.told} from chunk where {fates.aside}",
    }
    if unread:
        queries[f"{part}_unread"] = " union all ".join(unread)
    if not pc.all(rows["_own_row"]).as_py():
        queries["merged_ids"] = "select distinct _given from chunk where not _own_row"
    asked.raw.engine.add(rows, queries)


def _set_aside_what_never_was(engine: Engine, part: str) -> None:
    """Rebates of a cancelled order go with its other rows: nothing of it is left to take back.

    So does the bill by which another one was cancelled, where that is left out: of the same
    customer over the same sum, and no sale of that sum stands.
    """
    taken_back = f"{part} where _fate = 'kept' and _cancelled and _goes_to = 'adjustments'"
    if not engine.rows(f"select 1 from {taken_back} limit 1"):
        return
    cancelled = f"select _row from {part}_told where _reason = {text(CANCELLED.english)}"
    engine.run(
        f"""create or replace temp table never as select _row, _money from {taken_back}
            and order_id in (select order_id from {part} where _row in ({cancelled}))
            and order_id not in (select order_id from {part}
                where _fate = 'kept' and _goes_to <> 'adjustments' and order_id is not null);
        insert into never
        with again as (select *, row_number() over
                (partition by customer_id, _money, _fate, _goes_to order by _row) as n from {part}
                where _row not in (select _row from never)),
            undone as (select * from again where _row in ({cancelled}) and _money > 0)
        select back._row, back._money from again as back join undone on
            undone.customer_id = back.customer_id and undone._money = -back._money
            and undone.n = back.n
        where back._fate = 'kept' and back._cancelled and back._goes_to = 'adjustments'
            and not exists (select 1 from again as sold where sold._fate = 'kept'
                and sold._goes_to <> 'adjustments' and sold.customer_id = back.customer_id
                and sold._money = -back._money);
        insert into {part}_told by name select _row, 'status' as _column,
            {text(CANCELLED.english)} as _reason, _money from never;
        update {part} set _fate = 'set aside' where _row in (select _row from never)"""
    )


def _tell_of_those_aside(asked: Asked, part: str) -> None:
    """Where each row that was set aside stands, and its cell; among them those without values,
    which could not be cut into the columns, or stand apart.
    """
    raw = asked.raw
    cells = dict(asked.where)
    if "amount" not in cells and "unit_price" in cells:
        both = [cells[one] for one in ("unit_price", "quantity") if one in cells]
        cells["amount"] = " || ' × ' || ".join(both)
    stumbled_over = " ".join(f"when {text(one)} then {cell}" for one, cell in cells.items())
    raw.engine.run(
        f"""insert into {part} by name select _row, 0 as _money, true as _own_row,
            'set aside' as _fate, {text(asked.table)} as _goes_to from {raw.broken};
        create table {part}_aside as
        select _row, {raw.shown} as _file, row_number as _row_number, _column,
            case _column {stumbled_over} end as _value, _reason, _money
        from {part}_told join {raw.name} using (_row)
        union all
        select _row, {raw.shown}, row_number, null, value, reason, cast(0 as decimal(18,4))
        from {raw.broken}"""
    )


def _rows_of_files(raw: RawTable) -> dict[str, int]:
    both = f"select _row from {raw.name} union all select _row from {raw.broken}"
    rows = raw.engine.rows(f"select _row >> {FILE_BITS}, count(*) from ({both}) group by 1")
    return {raw.files[file]: count for file, count in rows}


def _unread_notes(asked: Asked, part: str) -> Iterator[Sentence]:
    """A note per optional column with values that could not be read, and where the first one is."""
    raw, headers = asked.raw, asked.client.lists[asked.list_name].headers
    if not raw.engine.has(f"{part}_unread"):
        return
    counts = f'select "column", count(*), min(_row) from {part}_unread group by all'
    found = {column: (values, first) for column, values, first in raw.engine.rows(counts)}
    for column in (column for column in asked.headers if column in found):
        values, first = found[column]
        file, number = raw.place_of(first)
        cell = raw.engine.one(f"select {asked.where[column]} from {raw.name} where _row = {first}")
        where = {"file": file, "row_number": number, "cell": cell}
        yield Sentence(
            "{header} ({column}): {values} value(s) could not be read and are left empty; "
            "the first is in {place}",
            header=headers[column],
            column=column,
            values=values,
            place=Sentence("{file}, row {row_number}: {cell}", **where),
        )
