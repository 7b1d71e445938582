"""The files of a list wherever they lie: on disk, in a .gz, in a .zip, in a .zip within a .zip.

`open_files` gives each as a `ListFile`, to be opened as often as a reader wants. Nothing is
unpacked under a name from the archive: what must lie on disk (a workbook, a database, an inner
archive) goes to a temporary folder that is removed afterwards, also after an error.
"""

from __future__ import annotations

import re
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.notes import did_you_mean, first_of
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.reading.kinds import (
    LOOK_BYTES,
    PACKED,
    READABLE,
    TOO_DEEP,
    kind_of,
    kind_of_zip,
)
from segment_lib.lists.reading.unpacking import (
    DAMAGE,
    MOST_ON_DISK,
    ListFile,
    damaged,
    open_gzip,
    open_plain,
    open_tarred,
    open_zipped,
    require_no_bomb,
    unpacked,
)
from segment_lib.voice import _, sentences

DEEPEST = 3
MOST_MEMBERS = 10_000
_LOOK_LINES = 5
_NOT_MINE = ("__MACOSX", "Thumbs.db")
_SURE = (".csv", ".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet",
         ".sqlite", ".sqlite3", ".db", ".duckdb")  # fmt: skip


@contextmanager
def open_files(
    path: Path, member: str, list_name: str, shown: str = "", wanted: Collection[str] = ()
) -> Iterator[list[ListFile]]:
    """The list file at `path`, or the wanted ones inside it, in order of their names.

    `shown` is the name under which the file at `path` is told of, if not its own; `wanted` are
    headers by which a person is told which of several lists is probably meant.

    Raises `ListError`: no such member, several and none is named, a password, damage, a bomb.
    """
    with ExitStack() as stack:
        found = _Look(list_name, stack).files_at(path, shown or path.name)
        chosen = _chosen(found, path, member, list_name, wanted)
        for file in chosen:
            if file.error is not None:
                raise file.error
        yield chosen


def archive_members(path: Path, list_name: str = "") -> list[str]:
    """The lists inside an archive, each as `member` can name it; [] for a file that is none."""
    with ExitStack() as stack:
        found = _Look(list_name, stack).files_at(path, path.name)
        return sorted(file.member for file in _lists_among(found) if file.inside)


class _Look:
    """One look into an archive: what it opened, and how much more it may."""

    def __init__(self, list_name: str, stack: ExitStack) -> None:
        self.list_name, self.stack = list_name, stack
        self.members_left, self.disk_left = MOST_MEMBERS, MOST_ON_DISK

    def files_at(self, path: Path, shown: str) -> list[ListFile]:
        """The file itself, or all files inside it, archives within archives opened."""
        outermost = ListFile(shown, "", partial(open_plain, path, self.list_name), path, path)
        return list(self._files_in(outermost, 0))

    def _files_in(self, file: ListFile, depth: int) -> Iterator[ListFile]:
        try:
            with file.open() as stream:
                kind = kind_of(stream.read(LOOK_BYTES))
        except ListError as error:  # of a member it is told only if it is the one wanted
            if not file.inside:
                raise
            yield replace(file, error=error)
            return
        if kind in PACKED and depth >= DEEPEST:
            yield replace(file, kind=TOO_DEEP)
        elif kind == "gzip":
            unzipped = replace(file, open=partial(open_gzip, file), path=None)
            yield from self._files_in(unzipped, depth + 1)
        elif kind == "zip":
            yield from self._in_zip(file, depth)
        elif kind == "tar":
            yield from self._in_tar(file, depth)
        else:
            yield replace(file, kind=kind)

    def _in_zip(self, file: ListFile, depth: int) -> Iterator[ListFile]:
        path = self._on_disk(file)
        try:
            archive = self.stack.enter_context(zipfile.ZipFile(path))
        except (*DAMAGE, OSError, NotImplementedError, ValueError):
            if path.suffix.lower() not in (".xlsx", ".xlsm", ".xlsb", ".ods"):
                raise damaged(file, "zip") from None
            yield replace(file, kind="workbook", path=path)  # its reader says what is wrong with it
            return
        entries = {_name_of(info): info for info in archive.infolist()}
        kind = kind_of_zip(list(entries))
        if kind != "zip":
            require_no_bomb(archive, file)
            yield replace(file, kind=kind, path=path)
            return
        members = {
            name: partial(open_zipped, archive, info, self.list_name)
            for name, info in entries.items()
        }
        yield from self._members(file, depth, members)

    def _in_tar(self, file: ListFile, depth: int) -> Iterator[ListFile]:
        try:
            archive = self.stack.enter_context(tarfile.TarFile.open(self._on_disk(file), "r:"))
            members = {
                info.name: partial(open_tarred, archive, info) for info in archive if info.isreg()
            }
        except (*DAMAGE, OSError):
            raise damaged(file, "tar") from None
        yield from self._members(file, depth, members)

    def _members(
        self, file: ListFile, depth: int, members: Mapping[str, Callable[[ListFile], BinaryIO]]
    ) -> Iterator[ListFile]:
        self.members_left -= len(members)
        if self.members_left < 0:
            raise ListError(
                "{file_name} holds more than {most:,} files. Unpack it, and name those that are "
                "lists.",
                file_name=file.outer.name,
                most=MOST_MEMBERS,
            )
        for raw, opened in members.items():
            if not _is_hidden(raw):
                name = unicodedata.normalize("NFC", raw)
                inside = (*file.inside, name)
                inner = replace(file, shown=f"{file.shown} / {name}", path=None, inside=inside)
                yield from self._files_in(replace(inner, open=partial(opened, inner)), depth + 1)

    def _on_disk(self, file: ListFile) -> Path:
        """Where an archive lies; one within another is unpacked until the look is over."""
        if file.path is not None:
            return file.path
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="list-"))
        path = unpacked(file, Path(folder), self.disk_left)
        self.disk_left -= path.stat().st_size
        return path


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name of a member; Japanese Windows writes cp932 and does not say so, a Mac UTF-8."""
    if info.flag_bits & 0x800:
        return info.orig_filename.replace("\\", "/")
    raw = info.orig_filename.encode("cp437")
    for codec in ("utf-8", "cp932", "cp437"):
        try:
            return raw.decode(codec).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(
        part in ("__MACOSX", "Thumbs.db") or part.startswith((".", "~$")) for part in parts
    )
    return hidden or not parts or name.endswith("/")


# --- which of them is meant -------------------------------------------------------------------


def _chosen(
    found: list[ListFile], path: Path, member: str, list_name: str, wanted: Collection[str]
) -> list[ListFile]:
    said = {"file_name": path.name, "list_name": list_name, "member": member}
    if len(found) == 1 and not found[0].inside:
        return found
    if not member:
        lists = _lists_among(found)
        if len(lists) == 1:
            return lists
        raise ListError(_none_or_several(lists, found, said, wanted))
    named = _matching(found, unicodedata.normalize("NFC", member.replace("\\", "/").strip("/")))
    names = sorted(file.member for file in named or found)
    if not named:
        near = closest(member, names) or closest(member, [name.split("/")[-1] for name in names])
        told = _(
            '{file_name} has no file "{member}". It has {names}.', **said, names=first_of(names)
        )
        raise ListError(sentences(told, did_you_mean(near) or _("Write one of these as member.")))
    if len(named) > 1 and not re.search(r"[*?\[]", member):
        raise ListError(
            '{file_name} has {count} files "{member}": {names}. Write the '
            'whole name: [lists.{list_name}] member = "{first}".',
            **said,
            count=len(named),
            names=first_of(names),
            first=names[0],
        )
    return sorted(named, key=lambda file: file.member)


def _matching(found: list[ListFile], wanted: str) -> list[ListFile]:
    """The member of that name; else the only one that ends in it; else all of that pattern."""
    exact = [file for file in found if file.member == wanted]
    ending = [file for file in found if file.member.endswith("/" + wanted)]
    if exact or len(ending) == 1:
        return exact or ending
    return [
        file
        for file in found
        if fnmatchcase(file.member, wanted) or fnmatchcase(file.member, f"*/{wanted}")
    ]


def _lists_among(found: list[ListFile]) -> list[ListFile]:
    """What can be a list: files named like one; a .txt, often a read-me, only if there is none."""
    able = [file for file in found if file.kind in READABLE or file.error]
    sure = [file for file in able if file.member.lower().removesuffix(".gz").endswith(_SURE)]
    return sure or able


def _none_or_several(
    lists: list[ListFile], found: list[ListFile], said: dict[str, str], wanted: Collection[str]
) -> str:
    names = first_of(sorted(file.member for file in lists or found))
    if not lists:
        return _(
            "{file_name} (list {list_name}) holds no list that can be read: it has {others}. "
            "Ask for the list as CSV or as a workbook.",
            **said,
            others=names,
        )
    holds = _(
        "{file_name} (list {list_name}) holds {count} lists: {names}.",
        **said,
        count=len(lists),
        names=names,
    )
    whole = [file.member for file in lists if _has_headers(file, wanted)]
    if len(whole) != 1:
        choose = _('Say which one is meant: [lists.{list_name}] member = "…".', **said)
        return sentences(holds, choose)
    choose = _(
        "The headers of this list stand in one of them; if it is meant, write "
        '[lists.{list_name}] member = "{member}".',
        **said | {"member": whole[0]},
    )
    return sentences(holds, choose)


def _has_headers(file: ListFile, wanted: Collection[str]) -> bool:
    """Whether a text begins with all of these headers; of workbooks nobody looks inside."""
    if file.kind != "text" or not wanted:
        return False
    with file.open() as stream:
        start = stream.read(LOOK_BYTES)
    marked = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    folded = {fold_word(one) for one in wanted}
    for codec in ("utf-16",) if marked else ("utf-8", "cp932", "euc_jp"):
        for line in start.decode(codec, "ignore").splitlines()[:_LOOK_LINES]:
            cells = re.split(r"[,;|\t]", line)
            if folded <= {fold_word(cell.strip("\ufeff\"' ")) for cell in cells}:
                return True
    return False
