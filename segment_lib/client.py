"""Read client.toml, and tell a mistake in it by its key, what it holds and what is allowed."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from segment_lib.checks import PROGRAM, ClientError, closest
from segment_lib.columns import READ_ALONG, REQUIRED, SALES, TABLES
from segment_lib.settings import Client
from segment_lib.settings.list_checks import check_money, check_shapes
from segment_lib.voice import (
    LANGUAGES,
    N_,
    Language,
    _,
    language_of,
    sentences,
    spoken,
    use_language,
)


def open_client(
    path: str | Path, out: str | Path | None = None, language: Language | None = None
) -> Client:
    """Read and check client.toml.

    `out` is the folder under which results are written (default: `out` beside the folder that
    holds client.toml); `language` overrules the file's. From then on the kit speaks the client's
    language; until the file could be read, that of a line in it, else the system's. Raises
    `ClientError` with one sentence per mistake, each with the key it stands under.
    """
    path = Path(path)
    if language is None or language in LANGUAGES:  # a wrong word changes nothing
        use_language(language or language_of(path))
    if not path.is_file():
        raise ClientError(
            "There is no client file at {path}. Give the path of a "
            "client.toml, or make one with: {program} new NAME --lists FILE …",
            path=path,
            program=PROGRAM,
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
        stated = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ClientError(
            "{file_name} is not saved as UTF-8 (byte {byte}). Save it as UTF-8.",
            file_name=path.name,
            byte=error.start,
        ) from error
    except tomllib.TOMLDecodeError as error:
        says = _(
            "{file_name} is not valid TOML: {error}.",
            file_name=path.name,
            error=error,
            where=_place_in(str(error)),
        )
        raise ClientError(sentences(says, *_broken_line(text, str(error)))) from error
    for key in ("path", "out", "fingerprint"):
        if key in stated:
            raise ClientError(
                "{file_name}: the key '{key}' is not known. Remove it.",
                file_name=path.name,
                key=key,
            )
    try:
        client = Client.model_validate(stated)
    except ValidationError as error:
        raise ClientError(_sentences(path.name, error)) from None
    _check_columns(client, path.name)
    check_shapes(client, path.name)
    check_money(client, path.name)
    settings = client.client
    if language is not None:
        if language not in LANGUAGES:
            raise ClientError(
                'LANGUAGE is "{language}"; it must be "en" or "ja".', language=language
            )
        settings = settings.model_copy(update={"language": language})
    use_language(settings.language)
    return client.model_copy(
        update={
            "client": settings,
            "path": path.resolve(),
            "out": Path(out) if out is not None else path.resolve().parent.parent / "out",
            "fingerprint": hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:16],
        }
    )


def signed_client(client: Client, signed: Sequence[str], out: Path) -> Client:
    """The client as if these doubts about its lists were signed, with a folder of its own."""
    settings = client.client.model_copy(update={"checked": tuple(signed)})
    return client.model_copy(update={"client": settings, "out": out})


def _place_in(error: str) -> str:
    """Where TOML breaks: its reader says more, but says it in English."""
    at = re.search(r"line (\d+), column (\d+)", error)
    if at is None:
        return _("at the end of the file")
    return _("in line {line}, column {column}", line=at[1], column=at[2])


def _broken_line(text: str, error: str) -> list[str]:
    """The line that cannot be read, and what people most often mean by such a line."""
    at = re.search(r"line (\d+)", error)
    line = text.splitlines()[int(at[1]) - 1].strip() if at else ""
    if not line:
        return []
    key, _equals, value = line.partition("=")
    hints = {
        _("＝ is a sign of full width: write =."): "＝" in key,
        _('“ and ” are quotation marks of letters: write ".'): re.search("[“”＂「」]", line),
        _('Such a day is written 2026-03-31, without "".'): re.search(
            r"^[^\"]*(?:年.*月|(?<!\d)\d{1,4}/\d)", value
        ),
        _('A key in other letters than a-z stands in "…".'): re.search(
            r"^[^\"\[]*[^\x00-\x7f]", key
        ),
    }
    said = next((hint for hint, found in hints.items() if found), "")
    return [_("The line is `{line}`.", line=line), said]


def list_files(client: Client, list_name: str) -> list[Path]:
    """The files of one list, sorted, each once; patterns and $VARIABLES are resolved.

    None for a list that comes from a database. Raises `ClientError` if a name matches nothing, or
    something that is no file of the client: a folder, a device, a link out of the folder.
    """
    found: dict[Path, None] = {}
    for name in client.lists[list_name].files:
        wanted = os.path.expandvars(name)
        if "$" in wanted:
            raise ClientError(
                '[lists.{list_name}] files holds "{name}", but that variable is '
                "not set here. Set it, or write the path.",
                list_name=list_name,
                name=name,
            )
        matches = _matching_files(client.folder, wanted)
        if not matches:
            raise ClientError(
                '[lists.{list_name}] names the file "{name}", but there is none '
                "beside {client_file}. Check the name, or take the list out.",
                list_name=list_name,
                name=name,
                client_file=client.path.name,
            )
        for match in matches:
            place = f'[lists.{list_name}] files = ["{name}"]'
            _require_own_file(match, client.folder, wanted, place)
        found |= dict.fromkeys(matches)
    return list(found)


def fingerprints(client: Client) -> list[dict[str, str]]:
    """One row per file of the client: list, file name, sha256. Raises if a file is missing."""
    files = [("client.toml", client.path)]
    files += [(name, path) for name in client.lists for path in list_files(client, name)]
    return [{"list": name, "file": path.name, "sha256": sha256(path)} for name, path in files]


def sha256(path: Path) -> str:
    """The SHA-256 of a file, whatever its size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _matching_files(folder: Path, wanted: str) -> list[Path]:
    anchor = Path(wanted).anchor
    root = Path(anchor or folder)
    pattern = wanted.removeprefix(anchor)
    literal = _as_spelt(root / pattern)
    if literal is not None or not re.search(r"[*?\[]", pattern):
        return [] if literal is None else [literal]
    # A pattern means lists: not folders, not what Excel and editors leave beside an open file.
    try:
        matches = list(root.glob(pattern))
    except (ValueError, NotImplementedError):  # no pattern that pathlib knows: a**
        return []
    return sorted(
        path for path in matches if not path.name.startswith((".", "~$")) and not path.is_dir()
    )


def _as_spelt(path: Path) -> Path | None:
    """The path if it is there; a Mac spells が as か and ゛, which looks the same and is not."""
    if os.path.lexists(path):
        return path
    name = unicodedata.normalize("NFC", path.name)
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    return next((p for p in beside if unicodedata.normalize("NFC", p.name) == name), None)


def _require_own_file(path: Path, folder: Path, wanted: str, place: str) -> None:
    """A relative name means a file of the client: a link must not lead elsewhere unnoticed."""
    if path.is_dir():
        raise ClientError(
            '{place} is a folder. Name the files in it: "{file_name}/*.csv".',
            place=place,
            file_name=path.name,
        )
    if not Path(wanted).is_absolute():
        ups = Path(os.path.normpath(wanted)).parts.count("..")
        inside = os.path.realpath(folder.joinpath(*[".."] * ups))
        if not Path(os.path.realpath(path)).is_relative_to(inside):
            raise ClientError(
                "{place}: {file_name} is a link to a place outside the client's "
                "folder. Copy the file there, or write its whole path.",
                place=place,
                file_name=path.name,
            )
    if not path.exists():
        raise ClientError(
            "{place}: {file_name} is a link to a file that is gone. Copy the file.",
            place=place,
            file_name=path.name,
        )
    if not path.is_file():
        raise ClientError(
            "{place}: {file_name} is no file but a device or a pipe. Name a file.",
            place=place,
            file_name=path.name,
        )


def _check_columns(client: Client, file_name: str) -> None:
    for name, section in client.lists.items():
        table = client.table_of(name)
        mapped, missing = section.mapped, client.lacks(name)
        if "customer_id" in missing and table in SALES:
            raise ClientError(
                "{file_name}: [lists.{name}.columns] does not say which column is customer_id. "
                'Add: customer_id = "the header in the list". Where there is no number, a mail or '
                "a telephone will do, or several cells together: [lists.{name}] id_from = "
                '["name", "telephone"].',
                file_name=file_name,
                name=name,
            )
        if "customer_id" in missing:
            raise ClientError(
                "{file_name}: [lists.{name}.columns] does not say which column is customer_id. "
                "Without one nobody can tell whether two equal rows are one person or two. Add: "
                'customer_id = "the header in the list"; or, if every row is another customer, '
                "[lists.{name}] one_row_is_one_customer = true: then the row number is the id.",
                file_name=file_name,
                name=name,
            )
        if missing:
            raise ClientError(
                "{file_name}: [lists.{name}.columns] does not say which column is {missing}. "
                '{table} needs {needed}. Add: {first} = "the header in the list".',
                file_name=file_name,
                name=name,
                missing=", ".join(missing),
                table=table,
                needed=", ".join(REQUIRED[table]),
                first=missing[0],
            )
        allowed = set(TABLES[table]) | _read_along(table)
        _require_told_apart(mapped, table, name, file_name)
        unknown = [] if table == "customers" else sorted(mapped - allowed)
        if unknown:
            near = closest(unknown[0], allowed)
            raise ClientError(
                sentences(
                    _(
                        "{file_name}: [lists.{name}.columns] names {column}, which {table} does "
                        "not have.",
                        file_name=file_name,
                        name=name,
                        column=unknown[0],
                        table=table,
                    ),
                    _("Did you mean {near}?", near=near) if near else "",
                    _("It has {names}.", names=sorted(allowed)),
                )
            )


def _read_along(table: str) -> set[str]:
    """Columns that say something about the rows of this table and are no columns of it."""
    if table in ("orders", "order_lines", "adjustments"):
        return set(READ_ALONG)
    with_money = {"amount", "monetary"} & set(TABLES[table])
    return {"status", "tax_rate"} if with_money else {"status"}


def _require_told_apart(mapped: set[str], table: str, name: str, file_name: str) -> None:
    """The engine does not tell Email from email: two columns must differ in more than capitals."""
    known = {column.casefold(): column for column in TABLES[table]}
    for column in sorted(mapped):
        other = known.setdefault(column.casefold(), column)
        if other != column:
            raise ClientError(
                "{file_name}: [lists.{name}.columns] names {column}, which differs from {other} in "
                "capitals only. Write {other} if the same is meant, else another name.",
                file_name=file_name,
                name=name,
                column=column,
                other=other,
            )


def _sentences(file_name: str, error: ValidationError) -> str:
    """One sentence per mistake; the alternatives of one key are one mistake."""
    problems: dict[tuple[str, str], list[Any]] = {}
    for problem in error.errors():
        problems.setdefault(_place(problem), []).append(problem)
    # a needed key that was misspelt is one mistake: the unknown key says it already
    kinds = {place: several[0]["type"] for place, several in problems.items()}
    unknown = [place for place, kind in kinds.items() if kind == "extra_forbidden"]
    for place, key in [place for place, kind in kinds.items() if kind == "missing"]:
        if any(where == place and closest(came, [key]) for where, came in unknown):
            problems.pop((place, key))
    return "\n".join(
        f"{file_name}: {_sentence(place, key, several)}"
        for (place, key), several in problems.items()
    )


def _sentence(place: str, key: str, problems: list[Any]) -> str:
    first = problems[0]
    if first["type"] == "extra_forbidden":
        known = _known_keys(first["loc"][:-1])
        key = key or place.strip("[]")
        place = _("the file") if len(first["loc"]) == 1 else place
        near = closest(key.split(".")[-1], known)
        return sentences(
            _("{place} has the key '{key}', which is not known.", place=place, key=key),
            _("Did you mean '{near}'?", near=near) if near else "",
            _("Allowed: {keys}.", keys=", ".join(known)),
        )
    if first["type"] == "missing" and not key:
        return _("{place} is missing.", place=place)
    if first["type"] == "missing":
        return _("{place} needs the key '{key}'.", place=place, key=key)
    needed = _needed(first)
    for problem in problems[1:]:
        needed = _("{one} or {other}", one=needed, other=_needed(problem))
    if first["type"] == "value_error":
        where = f"{place} {key}".rstrip()
        return _("{where}: {needed}.", where=where, needed=needed)
    return _(
        "{place} {key} is {came!r}, but should {needed}.",
        place=place,
        key=key,
        came=first.get("input"),
        needed=needed,
    )


# What pydantic says of a value, as far as settings can be wrong in it: only for their twins.
_NEEDED = {
    "bool_parsing": N_("be true or false"),
    "bool_type": N_("be true or false"),
    "date_from_datetime_inexact": N_("be a day without a time"),
    "date_from_datetime_parsing": N_("be a day such as 2026-03-31"),
    "date_parsing": N_("be a day such as 2026-03-31"),
    "date_type": N_("be a day such as 2026-03-31"),
    "dict_type": N_("be a table of keys and values"),
    "finite_number": N_("be a number"),
    "float_parsing": N_("be a number"),
    "float_type": N_("be a number"),
    "greater_than": N_("be greater than {gt}"),
    "greater_than_equal": N_("be {ge} or more"),
    "int_from_float": N_("be a whole number"),
    "int_parsing": N_("be a whole number"),
    "int_type": N_("be a whole number"),
    "less_than": N_("be less than {lt}"),
    "less_than_equal": N_("be {le} or less"),
    "literal_error": N_("be {expected}"),
    "model_type": N_("be a section of its own"),
    "string_type": N_("be a text"),
    "too_short": N_("have at least {min_length} entries"),
    "tuple_type": N_("be a list"),
}


def _needed(problem: Any) -> str:
    """What a value should be: as pydantic says it, in Japanese as we do."""
    said = _NEEDED.get(problem["type"])
    if said is None or spoken() == "en":
        msg = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
        return str(msg.removeprefix("should "))
    limits = problem.get("ctx", {})
    if "expected" in limits:
        limits = {"expected": limits["expected"].replace(" or ", ", ").replace(", ", "、")}
    return _(said, **limits)


def _place(problem: Any) -> tuple[str, str]:
    """The TOML header and the key that a problem is about; no key where it is the whole section."""
    path: list[int | str] = []
    for part in problem["loc"]:
        # pydantic adds the alternative it tried ("tuple[float, ...]") to the path: leave it out
        if isinstance(part, str) and ("[" in part or part == "constrained-str"):
            break
        path.append(part)
    while len(path) > 2 and isinstance(path[-1], int):
        path.pop()  # the place within a list of values: the key says enough
    names = [str(part) for part in path if not isinstance(part, int)]
    numbers = [part for part in path if isinstance(part, int)]
    whole_section = isinstance(problem.get("input"), dict) and problem["type"] != "missing"
    if not numbers and (whole_section or len(names) < 2):
        return (f"[{'.'.join(names)}]" if names else _("the file")), ""
    header = ".".join(names[:-1])
    if not numbers:
        return f"[{header}]", names[-1]
    return _("[[{header}]] number {number}", header=header, number=numbers[0] + 1), names[-1]


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """The keys that the section at this location knows, walked down through the models."""
    model: Any = Client
    for part in location:
        if isinstance(part, int) or not hasattr(model, "model_fields"):
            continue
        if part not in model.model_fields:
            continue  # the free name of a list, attribute or product line
        annotation = model.model_fields[part].annotation
        arguments = [a for a in getattr(annotation, "__args__", ()) if hasattr(a, "model_fields")]
        model = annotation if hasattr(annotation, "model_fields") else (arguments or [model])[0]
    hidden = {"path", "out", "fingerprint"}
    return [key for key in model.model_fields if key not in hidden]
