"""All lists of a client in one engine: chunk by chunk in, so that no list has to fit into memory.

Each list becomes a DuckDB table, `part_0`, `part_1` …: the columns of its table and `BOOK`
(`tables.py`), with `_row`, its place in the list. `part_0_aside` tells of its rows that were set
aside (`ASIDE`). DuckDB moves to the disk what does not fit.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ListError
from segment_lib.columns import TABLES
from segment_lib.lists.cells.day_order import DayOrder
from segment_lib.lists.cells.float_ids import NotAllFloats, float_id_notes
from segment_lib.lists.cells.notes import Unread, gather, unread_notes
from segment_lib.lists.cells.words import UnexplainedWords
from segment_lib.lists.reading.files import RawList, read_chunks
from segment_lib.lists.rows.tables import BOOK, CELL, ListRows, list_rows
from segment_lib.settings import Client
from segment_lib.voice import Sentence

FATES = ("kept", "set aside", "folded")


@dataclass(frozen=True)
class GatheredList:
    """One list in the engine: where its rows are, and what was said while reading it."""

    name: str
    table: str
    part: str
    columns: tuple[str, ...]
    notes: tuple[Sentence, ...]
    files: Mapping[str, int]
    merged_ids: frozenset[str] = frozenset()

    @property
    def aside(self) -> str:
        """The table that tells of the rows that were set aside."""
        return aside_of(self.part)

    def with_notes(self, *more: Sentence) -> GatheredList:
        """The same list with further notes."""
        return replace(self, notes=(*self.notes, *more))

    @property
    def told(self) -> list[Sentence]:
        """The notes, each once."""
        return gather(self.notes)


class Engine:
    """A DuckDB of its own in memory; `folder` takes what does not fit, and goes with it."""

    def __init__(self, folder: Path) -> None:
        self.database = duckdb.connect()
        self.database.execute("set autoinstall_known_extensions = false")
        self.database.execute("set autoload_known_extensions = false")
        self.database.execute("set temp_directory = ?", [str(folder / "engine")])
        self.parts: set[str] = set()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def beside(self) -> Engine:
        """The same tables for another thread."""
        other = copy(self)
        other.database = self.database.cursor()
        return other

    def run(self, query: str, *values: object) -> None:
        """Do something."""
        self.database.execute(query, list(values))

    def one(self, query: str) -> Any:
        """The only value of the only row."""
        rows = self.rows(query)
        return rows[0][0] if rows else None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        return self.database.execute(query).fetchall()

    def column(self, query: str) -> np.ndarray:
        """The only column of a result without missing values."""
        (found,) = self.database.sql(query).fetchnumpy().values()
        return np.asarray(found)

    def arrow(self, query: str) -> pa.Table:
        """A result as an Arrow table."""
        return self.database.sql(query).to_arrow_table()

    def add(self, part: str, rows: pa.Table, columns: str = "*") -> None:
        """Rows below those that are there; the first ones make the table."""
        self.database.register("chunk", rows)
        if self.has(part):
            self.run(f"insert into {part} by name select {columns} from chunk")
        else:
            self.run(f"create table {part} as select {columns} from chunk")
            self.parts.add(part)
        self.database.unregister("chunk")

    def add_list(self, part: str, rows: pa.Table, table: str) -> None:
        """Rows of a list (`tables.py`): what became of them as two words, the cells as `_cells`.

        The words are enums, for every query asks for them.
        """
        fate = f"case when _kept then {_word('kept', FATES)} else {_word('set aside', FATES)} end"
        goes_to = (
            f"case when _taken_back then {_word('adjustments', TABLES)} "
            f"when _visit then {_word('usage', TABLES)} else {_word(table, TABLES)} end"
        )
        cells = [name for name in rows.column_names if name.startswith(CELL)]
        columns = (
            f"* exclude ({', '.join(('_kept', '_taken_back', '_visit', *cells))}), "
            f"{fate} as _fate, {goes_to} as _goes_to"
        )
        self.add(part, rows, columns + (f", hash({', '.join(cells)}) as _cells" if cells else ""))

    def has(self, part: str) -> bool:
        """Whether rows of this part were added."""
        return part in self.parts

    def drop(self, part: str) -> None:
        """Forget the rows of a part, if there are any."""
        self.run(f"drop table if exists {part}")
        self.parts.discard(part)


def quoted(name: str) -> str:
    """A column's name in SQL, whatever signs it has.

    >>> quoted("年齢")
    '"年齢"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def gather_lists(client: Client, engine: Engine, merges: Mapping[str, str]) -> list[GatheredList]:
    """Read all lists into the engine.

    Raises `ListError` or `ClientError` with one sentence if a list cannot be read or something
    must be decided first.
    """
    return [
        _gather(client, engine, name, f"part_{number}", merges)
        for number, name in enumerate(client.lists)
    ]


def ids_before_merging(engine: Engine, lists: Sequence[GatheredList]) -> set[str]:
    """Every customer id as the lists have it."""
    own = " union ".join(
        f"select customer_id from {one.part} where _own_row and customer_id is not null"
        for one in lists
    )
    return {row[0] for row in engine.rows(own)}.union(*(one.merged_ids for one in lists))


def _gather(
    client: Client,
    engine: Engine,
    name: str,
    part: str,
    merges: Mapping[str, str],
    no_floats: frozenset[str] = frozenset(),
) -> GatheredList:
    """One list; again from its beginning where a later chunk has other ids than floats."""
    read = partial(list_rows, client, name, merges=merges, no_floats=no_floats)
    try:
        return _gather_chunks(client, engine, name, part, read)
    except NotAllFloats as column:
        for rows in (part, aside_of(part), f"{part}_permissions"):
            engine.drop(rows)
        return _gather(client, engine, name, part, merges, no_floats | {str(column)})


def _gather_chunks(
    client: Client, engine: Engine, name: str, part: str, read: Callable[[RawList], ListRows]
) -> GatheredList:
    notes: list[Sentence] = []
    unread: dict[str, Unread] = {}
    floats: dict[str, bool] = {}
    merged: frozenset[str] = frozenset()
    strange: list[UnexplainedWords] = []
    files: Counter[str] = Counter()
    place, day_order = 0, DayOrder(client, name)
    for raw, reading in _read_side_by_side(read_chunks(client, name), read):
        day_order.look(raw.frame)
        try:
            chunk = reading.result()
        except UnexplainedWords as unexplained:
            strange.append(unexplained)
            continue
        floats = _agreed(floats, chunk.floats)
        engine.add_list(part, _placed(chunk.rows, place), client.table_of(name))
        if chunk.aside.num_rows or not engine.has(aside_of(part)):
            engine.add(aside_of(part), _moved(chunk.aside, place))
        if not chunk.permissions.empty:
            marks = pa.Table.from_pandas(chunk.permissions, preserve_index=False)
            engine.add(f"{part}_permissions", marks)
        place += chunk.rows.num_rows
        files += chunk.files
        notes += chunk.notes
        merged |= chunk.merged_ids
        unread = _added(unread, chunk.unread)
    _require_explained(strange)
    day_order.require_right()
    notes += [*float_id_notes(floats), *unread_notes(unread, client.lists[name].headers)]
    names = [row[0] for row in engine.rows(f"select column_name from (describe {part})")]
    columns = tuple(column for column in names if not column.startswith("_"))
    return GatheredList(name, client.table_of(name), part, columns, tuple(notes), files, merged)


def _agreed(floats: Mapping[str, bool], more: Mapping[str, bool]) -> dict[str, bool]:
    """Which id columns hold nothing but floats so far; raises `NotAllFloats` with a mixed one."""
    for column, all_floats in more.items():
        if floats.get(column, all_floats) != all_floats:
            raise NotAllFloats(column)
    return {**floats, **more}


def _require_explained(strange: Sequence[UnexplainedWords]) -> None:
    """Raise `ListError` about the first column with unexplained words, counted over all chunks."""
    if not strange:
        return
    same = [one for one in strange if one.about == strange[0].about]
    counts: Counter[str] = Counter()
    for one in same:
        counts.update(one.counts)
    raise ListError(same[0].tell(dict(counts)))


def _read_side_by_side(
    chunks: Generator[RawList], read: Callable[[RawList], ListRows]
) -> Iterator[tuple[RawList, Future[ListRows]]]:
    """Every chunk in order, with its rows to come: two at a time, while the next one is cut.

    Arrow leaves the interpreter while it works. No more chunks than these are in memory.
    """
    with ThreadPoolExecutor(max_workers=1) as cutter, ThreadPoolExecutor(max_workers=2) as readers:
        waiting: deque[tuple[RawList, Future[ListRows]]] = deque()
        coming = cutter.submit(next, chunks, None)
        try:
            while (chunk := coming.result()) is not None:
                coming = cutter.submit(next, chunks, None)
                waiting.append((chunk, readers.submit(read, chunk)))
                if len(waiting) == 2:
                    yield waiting.popleft()
            while waiting:
                yield waiting.popleft()
        finally:  # a database is closed by the thread that opened it
            cutter.submit(chunks.close).result()


def _word(word: str, words: Iterable[str]) -> str:
    """One of several words in SQL, as an enum: a byte instead of a text."""
    return f"cast({text(word)} as enum {tuple(words)})"


def aside_of(part: str) -> str:
    """The table that tells of the rows of a part that were set aside."""
    return f"{part}_aside"


def _placed(rows: pa.Table, start: int) -> pa.Table:
    """The rows with their place in the list, and every column of the book and the ids typed."""
    for column, kind in BOOK.items():
        if column not in rows.column_names:
            rows = rows.append_column(column, pa.nulls(rows.num_rows, kind))
    places = pa.array(np.arange(start, start + rows.num_rows, dtype=np.int64))
    return rows.append_column("_row", places)


def _moved(aside: pa.Table, start: int) -> pa.Table:
    """The rows set aside, with their place in the list instead of that in the chunk."""
    places = pc.add(aside["_row"], pa.scalar(start, pa.int64()))
    return aside.set_column(aside.column_names.index("_row"), "_row", places)


def _added(unread: dict[str, Unread], more: dict[str, Unread]) -> dict[str, Unread]:
    both = {
        column: Unread(unread[column].values + one.values, unread[column].place)
        if column in unread
        else one
        for column, one in more.items()
    }
    return unread | both
