"""Make the catalogue anew: what the code says is gathered, its twins are kept, the .mo is written.

    python -m segment_lib.locale.make

Sentences come from `_`, `N_`, `ngettext`, `pgettext`, `Sentence` and errors in the code
and kit.py, whose docstring is its help; labels from the dictionaries of columns.toml; argparse's
own words from the table below. A text that is new stands in the .po with an empty twin, for a
person to write; one that nobody says any more is dropped.
"""

from __future__ import annotations

import ast
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from segment_lib.approach import playbook, reasons
from segment_lib.columns import COLUMNS, DICTIONARIES, OWNED, VALUES, values_of
from segment_lib.settings import keys
from segment_lib.voice import DOMAIN, LOCALE

PO = LOCALE / "ja" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")
ROOM = LOCALE.parent
KIT = ROOM.parent / "kit.py"
KEYWORDS: dict[str, Any] = {
    "_": None, "N_": None, "Sentence": None,
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
# Gathered apart: Babel passes over what is said within an argument of a keyword.
ERRORS = dict.fromkeys(
    [
        "KitError", "ClientError", "ListError", "NeedsTable", "OpenDoubts", "StaleResult",
        "WrongValue",
    ]
)  # fmt: skip
# What argparse says of a call of ours; other Pythons say some of it in other words.
ARGPARSE = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid %(type)s value: %(value)r",
    "ambiguous option: %(option)s could match %(matches)s",
    "ignored explicit argument %r",
    "expected one argument",
    "expected at least one argument",
)


class Plain(Catalog):
    """A catalogue whose head says what is needed to read it: no days, no names of programs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The head."""
        return [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Language", "ja"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: list[tuple[str, str]]) -> None:
        """What a .po says of itself is not taken over."""


def gathered() -> Plain:
    """Every text that the code or a dictionary says, each with the files that say it."""
    catalogue = Plain(locale="ja", domain=DOMAIN, header_comment="")
    for path in (KIT, *sorted([*ROOM.rglob("*.py"), *ROOM.rglob("*.toml.j2")])):
        if path.name == "voice.py":
            continue
        method = "jinja2" if path.suffix == ".j2" else "python"
        said = [one for keys in (KEYWORDS, ERRORS) for one in extract_from_file(method, path, keys)]
        for _line, text, _comments, context in sorted(said, key=lambda one: one[0]):
            _add(catalogue, text, context, path)
    for text in ARGPARSE:
        _add(catalogue, text, None, ROOM / "__main__.py")
    for text in filter(None, reasons.texts()):
        _add(catalogue, text, None, ROOM / "approach" / "reasons.toml")
    for text in keys.texts():
        _add(catalogue, text, None, ROOM / "settings" / "keys.toml")
    for text in filter(None, playbook.texts()):
        _add(catalogue, text, None, ROOM / "approach" / "playbooks")
    _add(catalogue, ast.get_docstring(ast.parse(KIT.read_text("utf-8")), clean=False), None, KIT)
    dictionaries = [(column.dictionary, column.label) for column in COLUMNS.values()]
    for column in (*VALUES, *OWNED):
        words = values_of(column)
        dictionaries += [(DICTIONARIES.get(column, column), word) for word in words.values()]
    for context, text in dictionaries:
        _add(catalogue, text, context, ROOM / "columns.toml")
    return catalogue


def _add(catalogue: Plain, text: Any, context: str | None, path: Path) -> None:
    where = path.relative_to(ROOM.parent).as_posix()
    known = catalogue.get(text[0] if isinstance(text, tuple) else text, context)
    if known is None or (where, 0) not in known.locations:
        catalogue.add(text, locations=[(where, 0)], context=context)


def made_anew(before: Catalog) -> Plain:
    """What is said today, with the twins that `before` has."""
    catalogue = gathered()
    for message in catalogue:
        known = before.get(message.id, message.context) if message.id else None
        if known is not None and known.id == message.id:
            message.string = known.string
    return catalogue


def read_catalogue(path: Path = PO) -> Catalog:
    """The catalogue as people wrote it."""
    if not path.exists():
        return Plain(locale="ja", domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale="ja", domain=DOMAIN)


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po as it is committed: by file, without line numbers."""
    head = 'msgid ""\nmsgstr ""\n' + "".join(
        f'"{name}: {value}\\n"\n' for name, value in Plain().mime_headers
    )
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, sort_by_file=True)
    return f"{head}\n".encode() + body.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The .mo that is read at run time."""
    body = BytesIO()
    write_mo(body, catalogue)
    return body.getvalue()


def _twins(message: Message) -> tuple[str, ...]:
    """What stands for a text: one twin, or one for each form of its number."""
    twins = message.string
    return tuple(twins) if isinstance(twins, tuple | list) else (twins or "",)


def main() -> None:
    """Write both files, and say what waits for its twin."""
    catalogue = made_anew(read_catalogue())
    PO.write_bytes(po_bytes(catalogue))
    MO.write_bytes(mo_bytes(catalogue))
    waiting = [one for one in catalogue if one.id and not all(_twins(one))]
    print(f"{len(catalogue)} texts, {len(waiting)} without a twin")
    for message in waiting:
        print("  ", message.context or "", repr(message.id))


if __name__ == "__main__":
    main()
