"""Everything that is written in a folder, and which words stand in it; how its tables count.

Nothing here is taken from the library: files are opened as anybody would open them.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq

PICTURE = re.compile(r"data:image/[a-z+]+;base64,([A-Za-z0-9+/=]+)")


def texts_in(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a file by where it stands: parts of a zip, columns and metadata of Parquet,
    pictures in a page; its own bytes and its name too.
    """
    data = path.read_bytes()
    yield "name", path.name
    yield "bytes", _plain(data)
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            for part in book.infolist():
                yield part.filename, _plain(book.read(part)) + part.comment.decode()
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        yield "metadata", f"{table.schema.metadata} {table.schema}"
        for name in table.column_names:
            yield name, "\n".join({str(one) for one in table[name].to_pylist()})
    for at, picture in enumerate(PICTURE.findall(data.decode("utf-8", "replace"))):
        yield f"picture {at}", _plain(base64.b64decode(picture))


def _plain(data: bytes) -> str:
    text = PICTURE.sub("", data.decode("utf-8", "replace"))
    text = html.unescape(text)
    return text + re.sub(r"<[^>]*>", "", text)  # a word may be cut by markup


def found(words: Iterable[str], folder: Path) -> list[str]:
    """Where any of the words stands in a file of the folder: file, place, word."""
    wanted = {one for word in words for one in _spellings(word)}
    return [
        f"{path.name} {where}: {word}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for where, text in texts_in(path)
        for word in _standing_in(text, wanted)
    ]


def _standing_in(text: str, wanted: set[str]) -> list[str]:
    """The words that stand in a text; of most their first signs do not."""
    begin = 4
    starts = {text[at : at + begin] for at in range(len(text))}
    near = [word for word in wanted if len(word) < begin or word[:begin] in starts]
    return [word for word in near if word in text and _as_a_word(word, text)]


def _as_a_word(word: str, text: str) -> bool:
    """A number stands for somebody where it is not the middle of another: 0.00010322."""
    return not word.isdigit() or re.search(rf"(?<![\d.]){word}(?!\d)", text) is not None


def _spellings(word: str) -> set[str]:
    return {word, unicodedata.normalize("NFKC", word), html.escape(word), ascii(word)[1:-1]}


# --- the page ----------------------------------------------------------------------------------
def tables_of(page: str) -> list[list[list[str]]]:
    """Every table of a page: its rows as texts, the headings first."""
    return [
        [
            [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in cells]
            for cells in (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows)
        ]
        for rows in (
            re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
            for table in re.findall(r"<table.*?</table>", page, re.DOTALL)
        )
    ]


def column(table: list[list[str]], heading: str) -> list[str]:
    """The cells below a heading."""
    at = table[0].index(heading)
    return [row[at] for row in table[1:]]


def may_be(cell: str) -> range:
    """Which counts a cell may stand for."""
    if cell == "<5":
        return range(1, 5)
    if cell == "—":
        return range(1, 10_000_000)
    n = int(cell.replace(",", ""))
    return range(n - 2, n + 3) if n else range(0, 1)


def told_by_the_others(parts: list[str], total: str) -> list[str]:
    """The hidden cells of which one count alone is left, where all of them add up to the total."""
    least, most = sum(may_be(one)[0] for one in parts), sum(may_be(one)[-1] for one in parts)
    whole = may_be(total)
    return [
        f"{parts} of {total}"
        for one in parts
        if one == "<5"
        and (
            max(1, whole[0] - (most - may_be(one)[-1]))
            == min(4, whole[-1] - (least - may_be(one)[0]))
        )
    ]
