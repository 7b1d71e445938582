"""What a file is, told by its first bytes: a list that can be read, or something else.

A name says little: many systems export a web page, or plain text, under the name `.xls`.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from segment_lib.checks import ListError
from segment_lib.voice import N_, _, sentences

LOOK_BYTES = 65_536
READABLE = ("text", "workbook", "parquet", "sqlite", "duckdb")
PACKED = ("gzip", "zip", "tar")
UNKNOWN = N_("a binary file")
TOO_DEEP = N_("an archive within archives")

_SAVE_AS = N_("Open it in Excel and save it as .xlsx.")
_ASK = N_("Ask for the list itself, as CSV or as a workbook.")
_UNPACK = N_("Unpack it, and name the file that comes out.")
_LOAD = N_(
    "Load it into its database and give connection and db_table, or export the table as CSV."
)
# Where the sign of a kind stands.
_SIGNS = (
    (0, b"PAR1", "parquet"), (0, b"SQLite format 3", "sqlite"), (8, b"DUCK", "duckdb"),
    (0, b"\xd0\xcf\x11\xe0", "workbook"), (0, b"PK\x03\x04", "zip"), (0, b"PK\x05\x06", "zip"),
    (0, b"\x1f\x8b", "gzip"), (257, b"ustar", "tar"),
)  # fmt: skip
# First bytes, what the file is then, and what to do.
_STRANGE: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", N_("a PDF document"), _ASK),
    (b"\xff\xd8\xff", N_("a JPEG picture"), _ASK),
    (b"\x89PNG", N_("a PNG picture"), _ASK),
    (b"GIF8", N_("a GIF picture"), _ASK),
    (b"II*\x00", N_("a TIFF picture"), _ASK),
    (b"MM\x00*", N_("a TIFF picture"), _ASK),
    (b"MZ", N_("a Windows program, which is never run"), _ASK),
    (b"\x7fELF", N_("a program, which is never run"), _ASK),
    (b"{\\rtf", N_("a text document (RTF)"), _SAVE_AS),
    (b"Rar!", N_("a RAR archive"), _UNPACK),
    (b"7z\xbc\xaf", N_("a 7-Zip archive"), _UNPACK),
    (b"BZh", N_("packed with bzip2"), _UNPACK),
    (b"\xfd7zXZ", N_("packed with xz"), _UNPACK),
    (b"\x28\xb5\x2f\xfd", N_("packed with zstandard"), _UNPACK),
    (
        b"\x00\x01\x00\x00Standard",
        N_("an Access database"),
        N_("Export its table as .xlsx or CSV."),
    ),
    (b"RDX", N_("an R workspace"), N_("Save the table in R with write.csv.")),
    (b"$FL2", N_("an SPSS file"), N_("Save it as CSV.")),
    (b"\x89HDF", N_("an HDF5 file"), N_("Save its table as CSV or Parquet.")),
    (b"ARROW1", N_("an Arrow file"), N_("Save it as Parquet or CSV.")),
    (b"PARE", N_("an encrypted Parquet file"), N_("Save it without encryption.")),
    (b"PGDMP", N_("a PostgreSQL dump"), _LOAD),
    (b"MIME-Version:", N_("a web page (MHTML)"), _SAVE_AS),
)
_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"<\?xml[^>]*\?>\s*<\?mso-application|<workbook", N_("an XML sheet of Excel 2003"), _SAVE_AS),
    (r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|style)",
     N_("a web page (HTML)"), _SAVE_AS),
    (r"<\?xml", N_("an XML file"), N_("Export the list as CSV.")),
    (r"\{\s*\"|\[\s*\{", N_("a JSON file"), N_("Export the list as CSV.")),
    (r"(?:--|/\*|pragma\b|create\b|drop\b|insert\b|begin\b|set\b)"
     r"(?=.*^\s*(?:create\s+table|insert\s+into)\b)",
     N_("a script of SQL commands, which are never run"), _LOAD),
)  # fmt: skip
_IN_ZIP: tuple[tuple[str, str, str], ...] = (
    (r"word/document.*", N_("a Word document"),
     N_("Copy its table into a workbook, saved as .xlsx.")),
    (r"ppt/presentation.*", N_("a PowerPoint file"), _ASK),
    (r"Index/Tables/.*", N_("a Numbers table"), N_("Export it from Numbers as .xlsx or CSV.")),
    (r"Index/.*\.iwa|Index\.zip|index\.apxl", N_("a Pages, Numbers or Keynote document"),
     N_("Export its table as .xlsx or CSV.")),
    (r"META-INF/MANIFEST\.MF|AndroidManifest\.xml", N_("a program, which is never run"), _ASK),
)  # fmt: skip
ISO_2022 = re.compile(rb"\x1b[$(][@BIJ]")  # what switches alphabets in mails of old (JIS)
_SHEETS = re.compile(r"(?i)xl/workbook\.(?:xml|bin)")
_FLAGS = re.IGNORECASE | re.DOTALL | re.MULTILINE
_OF_R = (".rda", ".rdata", ".rds")
_OPEN_DOCUMENT = {"mimetype", "content.xml"}


def kind_of(start: bytes) -> str:
    """One of `READABLE` or `PACKED`, "empty", or what the file seems to be instead.

    `start` is the beginning of the file, up to `LOOK_BYTES`. A zip may still be a workbook:
    `kind_of_zip` tells.
    """
    if not start:
        return "empty"
    for at, sign, kind in _SIGNS:
        if start.startswith(sign, at):
            return kind
    for mark, what, _advice in _STRANGE:
        # MZ and BZh may begin a header; a real program is full of control bytes.
        if start.startswith(mark) and (not mark.isalnum() or _binary(start)):
            return what
    # UTF-16 without its zeros reads like ASCII: enough for the tags of a web page.
    text = start.replace(b"\0", b"").decode("ascii", "ignore").lstrip()
    for pattern, what, _advice in _WORDS:
        if re.match(pattern, text, _FLAGS):
            return what
    return UNKNOWN if _binary(start) and not looks_like_utf16(start) else "text"


def kind_of_zip(names: list[str]) -> str:
    """Whether a zip with these members is a workbook, another document, or an archive: "zip"."""
    if any(map(_SHEETS.fullmatch, names)) or set(names) >= _OPEN_DOCUMENT:
        return "workbook"
    for pattern, what, _advice in _IN_ZIP:
        if any(re.fullmatch(pattern, name) for name in names):
            return what
    return "zip"


def _binary(start: bytes) -> bool:
    """Text has next to no control bytes; NUL bytes alone pad the columns of old host systems."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    plain = ISO_2022.sub(b"", start.replace(b"\0", b""))
    odd = len(plain) - len(plain.translate(None, bytes({*range(1, 32), 127} - set(b"\t\n\r"))))
    return odd > 0.02 * len(plain) + 5 or len(plain) < 0.2 * len(start)


def looks_like_utf16(start: bytes) -> str | None:
    """The codec of UTF-16 without its mark: it fits, no sign is NUL, and there are lines."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    # ASCII has its NUL bytes on one side; the wide blank of Japanese has them on the other.
    if min(even, odd) > 0.3 * max(even, odd) or not even + odd:
        return None
    codec = "utf-16-le" if odd >= even else "utf-16-be"
    text = start.decode(codec, "ignore")
    fits = len(text.encode("utf-16-le")) >= 0.99 * len(start) - 2
    return codec if fits and "\0" not in text and re.search(r"[,;\t|\r\n]", text) else None


def require_list(kind: str, file_name: str, list_name: str) -> None:
    """Raise `ListError` if a file of this kind is no list: what it is, and what to do."""
    if kind in READABLE:
        return
    named = PurePath(file_name).suffix.lower()
    kind = N_("an R workspace") if named in _OF_R else kind
    advice = {what: do for _sign, what, do in (*_STRANGE, *_WORDS, *_IN_ZIP)} | {TOO_DEEP: _UNPACK}
    told = N_("{file_name} (list {list_name}) is {kind}, not a list of rows.")
    if named in (".xls", ".xlsx", ".csv", ".tsv", ".parquet") and "Parquet" not in kind:
        told = N_(
            "{file_name} (list {list_name}) is {kind}, though it is named {named}, not a list of "
            "rows."
        )
    said = {"file_name": file_name, "list_name": list_name, "kind": _(kind), "named": named}
    raise ListError(sentences(_(told, **said), _(advice.get(kind, _ASK))))
