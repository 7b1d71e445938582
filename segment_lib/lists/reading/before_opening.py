"""What a workbook holds, looked at before it is opened.

The reader of workbooks keeps a sheet as one full rectangle: two cells in opposite corners of a
sheet would need 500 GB and end the program. And a zip of 10 MB may unpack to 10 GB. So the parts of
the file are unpacked once, piece by piece, and only measured.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from copy import copy
from pathlib import Path

from segment_lib.checks import ListError
from segment_lib.lists.reading.sheet_reach import (
    SheetFacts,
    binary_sheet,
    is_protected,
    open_document,
    reach_of_values,
    sheets_of,
    streams_of,
    xml_sheet,
)

# A sheet as large as Excel allows, 1,048,576 rows, with 20 columns of text unpacks to some 1 GB.
MOST_UNPACKED_BYTES = 2_000_000_000
MOST_CELLS = 40_000_000  # 1,048,576 rows of 38 columns; some 1.3 GB as a rectangle
_MOST_PARTS = 10_000
_PIECE = 1 << 20
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


def look_before_opening(path: Path, shown: str, list_name: str) -> dict[str, SheetFacts]:
    """What is known of each sheet, by its name.

    Raises `ListError` if the file is cut off, protected by a password, or absurdly large.
    """
    said = {"file_name": shown, "list_name": list_name}
    try:
        with path.open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
        return _in_package(path, said) if is_zip else _in_container(path, said)
    except ListError:
        raise
    except Exception as error:
        # A damaged directory makes `zipfile` fail in a dozen ways (IndexError, ValueError …).
        raise ListError(
            "{file_name} (list {list_name}) is damaged or cut off ({error}): it cannot be opened "
            "as a workbook. Copy or export it again.",
            **said,
            error=error,
        ) from None


def _in_package(path: Path, said: dict[str, str]) -> dict[str, SheetFacts]:
    """The sheets of a zip: .xlsx, .xlsb or .ods, by what it holds."""
    with zipfile.ZipFile(path) as package:
        infos = [info for info in package.infolist() if not info.is_dir()]
        if any(info.flag_bits & 1 for info in infos):
            raise _protected(said)
        size = sum(info.file_size for info in infos)
        if size > MOST_UNPACKED_BYTES or len(infos) > _MOST_PARTS:
            raise ListError(
                "{file_name} (list {list_name}) has {packed:,} bytes but unpacks to {unpacked:,} "
                "in {parts:,} parts; a workbook may have {most_bytes:,} in {most_parts:,}. If it "
                "is really a list, export it as CSV.",
                **said,
                packed=path.stat().st_size,
                unpacked=size,
                parts=len(infos),
                most_bytes=MOST_UNPACKED_BYTES,
                most_parts=_MOST_PARTS,
            )
        names = {name.lower() for name in package.namelist()}
        kind = "xlsb" if "xl/workbook.bin" in names else "xlsx"
        kind = "ods" if "content.xml" in names else kind
        facts = {info.filename: _look_at(package, info, kind, said) for info in infos}
        parts = _sheet_parts(package) if kind == "xlsx" else {}
    _check_reach([one for part in facts.values() for one in part.values()], said)
    if kind == "ods":
        return facts.get("content.xml", {})
    return {name: facts[part][""] for name, part in parts.items() if "" in facts.get(part, {})}


def _in_container(path: Path, said: dict[str, str]) -> dict[str, SheetFacts]:
    """An .xls, or whatever else lies in the container of old Office files."""
    streams = streams_of(path.read_bytes())
    book = streams.get("Workbook") or streams.get("Book") or b""
    if "EncryptedPackage" in streams or is_protected(book):
        raise _protected(said)
    if not book:
        raise ListError(
            "{file_name} (list {list_name}) is an old Office file, but no workbook. Open it in "
            "its program and save the list as .xlsx.",
            **said,
        )
    facts = sheets_of(book)
    rows = max((one.rows for one in facts.values()), default=0)
    # all its sheets are read at once
    whole = SheetFacts(rows, sum(one.rows * one.columns for one in facts.values()) // max(rows, 1))
    _check_reach([whole], said)
    return facts


def _protected(said: dict[str, str]) -> ListError:
    return ListError("{file_name} is protected by a password. Save it without one.", **said)


def _check_reach(sheets: list[SheetFacts], said: dict[str, str]) -> None:
    for one in sheets:
        if one.rows * one.columns > MOST_CELLS:
            raise ListError(
                "{file_name} (list {list_name}) has a sheet that reaches to row {rows:,} and "
                "column {columns:,}; {most:,} cells can be read. Delete the cells far from the "
                "list, or export the sheet as CSV.",
                **said,
                rows=one.rows,
                columns=one.columns,
                most=MOST_CELLS,
            )


def _look_at(
    package: zipfile.ZipFile, info: zipfile.ZipInfo, kind: str, said: dict[str, str]
) -> dict[str, SheetFacts]:
    """The facts of the sheets in one part; every part is unpacked, to see that its size is true."""
    pieces = _unpacked(package, info, said)
    name = info.filename
    if kind == "ods" and name == "META-INF/manifest.xml":
        if b"encryption-data" in b"".join(pieces):
            raise _protected(said)
    elif kind == "ods" and name == "content.xml":
        return open_document(pieces)
    elif name.startswith("xl/worksheets/") and name.endswith(".bin"):
        return {"": binary_sheet(pieces)}
    elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
        facts, is_addressed = xml_sheet(pieces)
        if facts.rows * facts.columns > MOST_CELLS and is_addressed:
            # perhaps most cells have a format only, and no value
            rows, columns = reach_of_values(_unpacked(package, info, said))
            facts = facts._replace(rows=rows, columns=columns)
        return {"": facts}
    for _piece in pieces:
        pass
    return {}


def _unpacked(
    package: zipfile.ZipFile, info: zipfile.ZipInfo, said: dict[str, str]
) -> Iterator[bytes]:
    """The bytes of a part, not more than its directory says: that may be a lie."""
    to_its_end = copy(info)
    to_its_end.file_size, to_its_end.CRC = 1 << 62, None  # type: ignore[assignment]
    seen = 0
    with package.open(to_its_end) as part:
        while piece := part.read(_PIECE):
            seen += len(piece)
            if seen > info.file_size:
                raise ListError(
                    "{file_name} holds more than its directory says ({member}: {bytes:,} bytes). "
                    "It is not opened: get it again from its source.",
                    **said,
                    member=info.filename,
                    bytes=info.file_size,
                )
            yield piece
    if seen < info.file_size:
        raise zipfile.BadZipFile(f"{info.filename} ends early")


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Name of the sheet to its part, as the workbook says."""
    book = ET.fromstring(package.read("xl/workbook.xml"))
    links = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    target = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iterfind(".//{*}sheet"):
        link = next(filter(None, map(sheet.get, _RELATIONS)), None)
        place = target.get(link, "") or ""
        found[sheet.get("name", "")] = place.lstrip("/") if place.startswith("/") else f"xl/{place}"
    return found
