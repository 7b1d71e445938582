"""All lists of a client in one engine: raw rows in, typed rows out, each accounted for.

Each list becomes a DuckDB table, `part_0`, `part_1` …: the columns of its table, what accounts for
each row (`typed.py`), and `_row`, its place in the list. `part_0_aside` tells of its rows that were
set aside: where they stand as a person sees it, the cell they stumbled over, and why.
`part_0_permissions` has what its marks say. DuckDB moves to the disk what does not fit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa

from segment_lib.columns import TABLES
from segment_lib.lists.reading.engine import Engine as Engine
from segment_lib.lists.reading.engine import quoted as quoted
from segment_lib.lists.reading.engine import text as text
from segment_lib.lists.reading.raw_list import ROWS_AT_ONCE
from segment_lib.lists.reading.raw_table import FILE_BITS, RawTable, ahead, load_list
from segment_lib.lists.rows.asked import Asked, ask, float_id_notes
from segment_lib.lists.rows.cell_doubts import doubts_of_cells
from segment_lib.lists.rows.doubts import Doubt
from segment_lib.lists.rows.marks import add_permissions
from segment_lib.lists.rows.row_doubts import PartOf
from segment_lib.lists.rows.shapes import shape
from segment_lib.lists.rows.typed import TypedRows, raw_rows, read_rows
from segment_lib.settings import Client
from segment_lib.voice import Sentence

FATES = ("kept", "set aside", "folded")


@dataclass(frozen=True)
class GatheredList:
    """One list in the engine: where its rows are, and what was said while reading it.

    `files` has the number of rows of each file; `hashes` the SHA-256 of those that were read byte
    by byte.
    """

    name: str
    table: str
    part: str
    columns: tuple[str, ...]
    notes: tuple[Sentence, ...]
    files: Mapping[str, int]
    hashes: Mapping[str, str]
    files_in_order: tuple[str, ...] = ()
    merged_ids: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = ()

    @property
    def asked_of(self) -> PartOf:
        """What the doubts ask of it."""
        return PartOf(self.name, self.table, self.part, self.columns, self.files_in_order)

    @property
    def aside(self) -> str:
        """The table that tells of the rows that were set aside."""
        return f"{self.part}_aside"

    def with_notes(self, *more: Sentence) -> GatheredList:
        """The same list with further notes."""
        return replace(self, notes=(*self.notes, *more))

    @property
    def told(self) -> list[Sentence]:
        """The notes, each once."""
        return list(dict.fromkeys(self.notes))


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
    own = " union ".join(
        f"select customer_id from {one.part} where _own_row and customer_id is not null"
        for one in lists
    )
    return {row[0] for row in engine.rows(own)}.union(*(one.merged_ids for one in lists))


def _gather(
    client: Client, engine: Engine, name: str, number: int, merges: Mapping[str, str]
) -> GatheredList:
    """One list: its raw rows, what is asked of whole columns, its typed rows."""
    part = f"part_{number}"
    raw = load_list(client, engine, name, f"raw_{number}")
    shaped = shape(client, raw)
    asked = ask(client, raw)
    doubts = tuple(doubts_of_cells(asked))
    merged: frozenset[str] = frozenset()
    for typed in _side_by_side(_batches(asked), partial(read_rows, asked, merges)):
        _add(engine, part, typed, asked.table)
        merged |= typed.merged
    _add_broken(asked, part)
    add_permissions(asked, part)
    notes = (*raw.notes, *shaped, *float_id_notes(asked), *_unread_notes(asked, part))
    names = [row[0] for row in engine.rows(f"select column_name from (describe {part})")]
    columns = tuple(column for column in names if not column.startswith("_"))
    files = _rows_of_files(raw)
    in_order = tuple(raw.files)
    raw.drop()
    for told in ("told", "unread"):
        engine.drop(f"{part}_{told}")
    return GatheredList(
        name, asked.table, part, columns, notes, files, raw.hashes, in_order, merged, doubts
    )


def _batches(asked: Asked) -> Generator[pa.RecordBatch]:
    """The raw rows, some at a time; at least once, so that the columns are known."""
    with asked.raw.engine.batches(raw_rows(asked), ROWS_AT_ONCE) as reader:
        some = False
        for batch in reader:
            some = True
            yield batch
        if not some:
            yield pa.RecordBatch.from_pylist([], reader.schema)


def _side_by_side(
    batches: Generator[pa.RecordBatch], read: Callable[[pa.RecordBatch], TypedRows]
) -> Iterator[TypedRows]:
    """The typed rows of every batch in order: two at a time, while the next one comes.

    Arrow leaves the interpreter while it works. No more batches than these are in memory.
    """
    with closing(ahead(batches)) as coming, ThreadPoolExecutor(max_workers=2) as readers:
        waiting: deque[Future[TypedRows]] = deque()
        for batch in coming:
            waiting.append(readers.submit(read, batch))
            if len(waiting) > 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _add(engine: Engine, part: str, typed: TypedRows, table: str) -> None:
    """Typed rows into the engine: what became of them as two words.

    The words are enums, for every query asks for them.
    """
    fate = f"case when _kept then {_word('kept', FATES)} else {_word('set aside', FATES)} end"
    goes_to = (
        f"case when _taken_back then {_word('adjustments', TABLES)} "
        f"when _visit then {_word('usage', TABLES)} else {_word(table, TABLES)} end"
    )
    columns = f"* exclude (_kept, _taken_back, _visit), {fate} as _fate, {goes_to} as _goes_to"
    engine.add(part, typed.rows, columns)
    for name, rows in ((f"{part}_told", typed.aside), (f"{part}_unread", typed.unread)):
        if rows.num_rows or not engine.has(name):
            engine.add(name, rows)


def _add_broken(asked: Asked, part: str) -> None:
    """The rows that could not be cut into the columns, or stand apart: set aside, no values."""
    raw = asked.raw
    raw.engine.run(
        f"insert into {part} by name select _row, 0 as _money, true as _own_row, "
        f"{_word('set aside', FATES)} as _fate, {_word(asked.table, TABLES)} as _goes_to "
        f"from {raw.broken}"
    )
    raw.engine.run(
        f"""create table {part}_aside as
        select _row, {raw.shown} as _file, row_number as _row_number, _column,
            {_stumbled_over(asked)} as _value, _reason, _money
        from {part}_told join {raw.name} using (_row)
        union all
        select _row, {raw.shown}, row_number, null, value, reason, cast(0 as decimal(18,4))
        from {raw.broken}"""
    )


def _stumbled_over(asked: Asked) -> str:
    """The cell that a row was set aside for, as it stands in the file, in SQL."""
    cells = dict(asked.where)
    if "amount" not in cells and "unit_price" in cells:
        both = [cells[one] for one in ("unit_price", "quantity") if one in cells]
        cells["amount"] = " || ' × ' || ".join(both)
    return f"case _column {' '.join(f'when {text(one)} then {cells[one]}' for one in cells)} end"


def _rows_of_files(raw: RawTable) -> dict[str, int]:
    both = f"select _row from {raw.name} union all select _row from {raw.broken}"
    rows = raw.engine.rows(f"select _row >> {FILE_BITS}, count(*) from ({both}) group by 1")
    return {raw.files[file]: count for file, count in rows}


def _unread_notes(asked: Asked, part: str) -> list[Sentence]:
    """A note per optional column with values that could not be read, and where the first one is."""
    raw, headers = asked.raw, asked.client.lists[asked.list_name].headers
    counts = f'select "column", count(*), min(_row) from {part}_unread group by all'
    found = {column: (values, first) for column, values, first in raw.engine.rows(counts)}
    notes = []
    for column in (column for column in asked.headers if column in found):
        values, first = found[column]
        file, number = raw.place_of(first)
        cell = raw.engine.one(f"select {asked.where[column]} from {raw.name} where _row = {first}")
        where = {"file": file, "row_number": number, "cell": cell}
        notes.append(
            Sentence(
                "{header} ({column}): {values} value(s) could not be read and are left empty; "
                "the first is in {place}",
                header=headers[column],
                column=column,
                values=values,
                place=Sentence("{file}, row {row_number}: {cell}", **where),
            )
        )
    return notes


def _word(word: str, words: Iterable[str]) -> str:
    """One of several words in SQL, as an enum: a byte instead of a text."""
    return f"cast({text(word)} as enum {tuple(words)})"
