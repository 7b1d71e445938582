"""Workbooks that no program writes by itself: broken, protected, huge, or made by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_TYPES = (
    f'{_XML}<Types xmlns="{_PACK}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>"
)


def _relations(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_PACK}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/{kind}" Target="{target}"/></Relationships>'
    )


def xlsx(pieces: Iterable[str], more: Mapping[str, bytes] | None = None) -> bytes:
    """An .xlsx with one sheet, 表, whose rows are written as XML."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _relations("officeDocument", "xl/workbook.xml"))
        package.writestr(
            "xl/workbook.xml",
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels", _relations("worksheet", "worksheets/sheet1.xml")
        )
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for piece in pieces:
                sheet.write(piece.encode())
            sheet.write(b"</sheetData></worksheet>")
        for name, data in (more or {}).items():
            package.writestr(name, data)
    return target.getvalue()


def row(number: int, cells: Mapping[str, str | float | None], more: str = "") -> str:
    """A row as XML; None is a cell with a format and no value."""
    return f'<row r="{number}">{"".join(_cell(c, number, v) for c, v in cells.items())}{more}</row>'


def _cell(column: str, number: int, value: str | float | None) -> str:
    if value is None:
        return f'<c r="{column}{number}" s="0"/>'
    if isinstance(value, str):
        return f'<c r="{column}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{column}{number}"><v>{value}</v></c>'


def letters(number: int) -> str:
    """The name of a column: 1 is A, 16384 is XFD."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def ods(rows_xml: str, manifest: str = "") -> bytes:
    """An .ods with one sheet, 表."""
    name = "urn:oasis:names:tc:opendocument:xmlns"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        package.writestr(
            "content.xml",
            f'{_XML}<office:document-content xmlns:office="{name}:office:1.0" '
            f'xmlns:table="{name}:table:1.0" xmlns:text="{name}:text:1.0" office:version="1.2">'
            f'<office:body><office:spreadsheet><table:table table:name="表">{rows_xml}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def ods_row(*cells: str | float, times: int = 1) -> str:
    """A row of an .ods."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        if isinstance(cell, str)
        else f'<table:table-cell office:value-type="float" office:value="{cell}">'
        f"<text:p>{cell}</text:p></table:table-cell>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{inside}</table:table-row>'


_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: Mapping[str, bytes]) -> bytes:
    """The container of old Office files and of protected workbooks, with these streams."""
    datas = [data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0") for data in streams.values()]
    folders = -(-(1 + len(streams)) // 4)
    fat = [_FAT, *range(2, folders + 1), _END]
    entries: list[tuple[str, int, int, int]] = [("Root Entry", 5, _END, 0)]
    for name, data in zip(streams, datas, strict=True):
        start, count = len(fat), len(data) // 512
        fat += [*range(start + 1, start + count), _END]
        entries.append((name, 2, start, len(data)))
    table = b"".join(_entry(at, len(entries), *entry) for at, entry in enumerate(entries))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0)
    header += struct.pack("<IIIII", 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    filled = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    return header + filled + table.ljust(folders * 512, b"\0") + b"".join(datas)


def _entry(at: int, count: int, name: str, kind: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    right = at + 1 if 0 < at < count - 1 else _FREE
    child = 1 if at == 0 else _FREE
    return raw.ljust(64, b"\0") + struct.pack(
        "<HBBIII16sIQQIQ", len(raw) + 2, kind, 1, _FREE, right, child, b"", 0, 0, 0, start, size
    )


def xls(rows: Sequence[Sequence[str | float | None]], password: bool = False) -> bytes:
    """An old .xls with one sheet; None is a cell with #N/A."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    sheet = begin(0x10)
    for down, cells in enumerate(rows):
        for across, value in enumerate(cells):
            place = struct.pack("<HHH", down, across, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                sheet += record(0x204, place + struct.pack("<HB", len(value), 1) + text)
            elif value is None:
                sheet += record(0x205, place + b"\x2a\x01")
            else:
                sheet += record(0x203, place + struct.pack("<d", value))
    before = begin(5) + (record(0x2F, bytes(6)) if password else b"")
    named = record(0x85, struct.pack("<IBBBB", len(before) + 22, 0, 0, 6, 0) + b"Sheet1")
    return ole({"Workbook": before + named + record(0x0A) + sheet + record(0x0A)})
