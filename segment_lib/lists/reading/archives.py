"""The files of a list wherever they lie: on disk, in a .gz, in a .zip, in a .zip within a .zip.

`open_files` gives each as a `ListFile`, to be opened as often as a reader wants. A stream is
watched while it is read: it stops at a bomb, before the disk or the memory fills, and damage is one
sentence. What must lie on disk (a workbook, a database, an inner archive) goes to a temporary
folder that is removed afterwards, also after an error, under its last name only; no name from an
archive ever decides where something is written.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.values import did_you_mean, first_of, fold_word
from segment_lib.lists.reading.kinds import (
    LOOK_BYTES,
    PACKED,
    READABLE,
    TOO_DEEP,
    kind_of,
    kind_of_zip,
)
from segment_lib.voice import N_, _, sentences

# Text packs 5 to 30 times smaller, a column of equal cells up to 100 times; a bomb 1,000 times.
# Below 1 GB any ratio passes: that does no harm.
HARMLESS_BYTES = 1 << 30
HIGHEST_RATIO = 200
MOST_ON_DISK = 20 << 30
DEEPEST = 3
MOST_MEMBERS = 10_000
_DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, tarfile.TarError)
_AT_ONCE = 1 << 20
_LOOK_LINES = 5
_NOT_MINE = ("__MACOSX", "Thumbs.db")
_SURE = (".csv", ".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet",
         ".sqlite", ".sqlite3", ".db", ".duckdb")  # fmt: skip


@dataclass(frozen=True)
class ListFile:
    """One file of a list: `shown` names it ("a.zip / b.csv"), `open` reads it from its start.

    `path` is where it lies on disk, None inside an archive; `outer` is the outermost file.
    A member that cannot be opened has the `error`: it is told only if it is the one wanted.
    """

    shown: str
    list_name: str
    open: Callable[[], BinaryIO]
    outer: Path
    path: Path | None = None
    kind: str = ""
    inside: tuple[str, ...] = ()
    error: ListError | None = None

    @property
    def said(self) -> dict[str, str]:
        """How a sentence names it."""
        return {"shown": self.shown, "file_name": self.shown, "list_name": self.list_name}

    @property
    def member(self) -> str:
        """Its name within the archive, as `member` in client.toml has it."""
        return "/".join(self.inside)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Where it lies, for readers that need a path; from an archive for this while only."""
        if self.path is not None:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="list-") as folder:
            yield _unpacked(self, Path(folder), MOST_ON_DISK)


def file_on_disk(path: Path, list_name: str, shown: str = "") -> ListFile:
    """The file at `path`; opening it raises `ListError` if it may not be read."""
    opened = partial(open_plain, path, list_name)
    return ListFile(shown or path.name, list_name, opened, path, path)


def open_plain(path: Path, list_name: str) -> BinaryIO:
    """The bytes of the file at `path`; raises `ListError` if it may not be read."""
    try:
        return path.open("rb")
    except OSError as error:
        raise ListError(
            "{file_name} (list {list_name}) cannot be opened ({error}). Close it in other "
            "programs, and check that you may read it.",
            file_name=path.name,
            list_name=list_name,
            error=error.strerror,
        ) from None


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
        found = list(_Look(stack).files_in(file_on_disk(path, list_name, shown)))
        packed = len(found) != 1 or bool(found[0].inside)
        chosen = _chosen(found, path, member, list_name, wanted) if packed else found
        for file in chosen:
            if file.error is not None:
                raise file.error
        yield chosen


def archive_members(path: Path, list_name: str = "") -> list[str]:
    """The lists inside an archive, each as `member` can name it; [] for a file that is none."""
    with ExitStack() as stack:
        found = list(_Look(stack).files_in(file_on_disk(path, list_name)))
        return sorted(file.member for file in _lists_among(found) if file.inside)


class _Look:
    """One look into an archive: what it opened, and how much more it may."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack, self.members_left, self.disk_left = stack, MOST_MEMBERS, MOST_ON_DISK

    def files_in(self, file: ListFile, depth: int = 0) -> Iterator[ListFile]:
        """The file itself, or all files inside it, archives within archives opened."""
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
            unzipped = replace(file, open=partial(_open_gzip, file), path=None)
            yield from self.files_in(unzipped, depth + 1)
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
        except (*_DAMAGE, OSError, NotImplementedError, ValueError):
            if path.suffix.lower() not in (".xlsx", ".xlsm", ".xlsb", ".ods"):
                raise _damaged(file, "zip") from None
            yield replace(file, kind="workbook", path=path)  # its reader says what is wrong with it
            return
        entries = {_name_of(info): info for info in archive.infolist()}
        kind = kind_of_zip(list(entries))
        if kind != "zip":
            # Its reader unpacks a workbook in memory: the figures of the zip must be sane.
            if sum(info.file_size for info in archive.infolist()) > _allowed_bytes(file):
                raise _bomb(file)
            yield replace(file, kind=kind, path=path)
            return
        members = {name: partial(_open_zipped, archive, info) for name, info in entries.items()}
        yield from self._members(file, depth, members)

    def _in_tar(self, file: ListFile, depth: int) -> Iterator[ListFile]:
        try:
            archive = self.stack.enter_context(tarfile.TarFile.open(self._on_disk(file), "r:"))
            members = {
                info.name: partial(_open_tarred, archive, info) for info in archive if info.isreg()
            }
        except (*_DAMAGE, OSError):
            raise _damaged(file, "tar") from None
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
                yield from self.files_in(replace(inner, open=partial(opened, inner)), depth + 1)

    def _on_disk(self, file: ListFile) -> Path:
        """Where an archive lies; one within another is unpacked until the look is over."""
        if file.path is not None:
            return file.path
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="list-"))
        path = _unpacked(file, Path(folder), self.disk_left)
        self.disk_left -= path.stat().st_size
        return path


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name of a member; Japanese Windows writes cp932 and does not say so, a Mac UTF-8."""
    if info.flag_bits & 0x800:
        return info.orig_filename.replace("\\", "/")
    raw = info.orig_filename.encode("cp437")
    for codec in ("utf-8", "cp932"):
        with suppress(UnicodeDecodeError):
            return raw.decode(codec).replace("\\", "/")
    return info.orig_filename.replace("\\", "/")


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    mine = all(part not in _NOT_MINE and not part.startswith((".", "~$")) for part in parts)
    return not mine or not parts or name.endswith("/")


# --- unpacking, with an eye on bombs and damage -----------------------------------------------


class _Watched(io.RawIOBase):
    """A stream out of an archive: it stops at a bomb, and tells damage in one sentence."""

    def __init__(self, stream: BinaryIO, file: ListFile, packing: str, packed: BinaryIO | None):
        self._stream, self._file, self._packing, self._packed = stream, file, packing, packed
        self._bytes = 0
        self._allowed = _allowed_bytes(file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except _DAMAGE:
            raise _damaged(self._file, self._packing) from None
        self._bytes += len(data)
        if self._bytes > self._allowed:
            raise _bomb(self._file)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        for stream in (self._stream, self._packed):
            if stream is not None:
                stream.close()
        super().close()


def _watched(
    stream: BinaryIO, file: ListFile, packing: str, packed: BinaryIO | None = None
) -> BinaryIO:
    return io.BufferedReader(_Watched(stream, file, packing, packed), 1 << 18)


def _open_gzip(file: ListFile) -> BinaryIO:
    packed = file.open()
    return _watched(cast(BinaryIO, gzip.GzipFile(fileobj=packed)), file, "gz", packed)


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: ListFile) -> BinaryIO:
    """A member of a zip; raises `ListError` for a password or an unknown way of packing."""
    if info.flag_bits & 1:
        raise ListError(
            "{shown} (list {list_name}) is protected by a password. Unpack it with the password, "
            "and name the file that comes out.",
            **file.said,
        )
    try:
        return _watched(cast(BinaryIO, archive.open(info)), file, "zip")
    except NotImplementedError:
        raise ListError(
            "{shown} (list {list_name}) is packed in a way that cannot be read here (method "
            "{method}). Unpack it, and name the file that comes out.",
            **file.said,
            method=info.compress_type,
        ) from None
    except (*_DAMAGE, OSError, RuntimeError, ValueError):  # ValueError: a name that is no UTF-8
        raise _damaged(file, "zip") from None


def _open_tarred(archive: tarfile.TarFile, info: tarfile.TarInfo, file: ListFile) -> BinaryIO:
    return _watched(cast(BinaryIO, archive.extractfile(info)), file, "tar")


def _allowed_bytes(file: ListFile) -> int:
    return max(HARMLESS_BYTES, HIGHEST_RATIO * file.outer.stat().st_size)


def _bomb(file: ListFile) -> ListError:
    most = _allowed_bytes(file)
    size = f"{most / (1 << 30):.3g} GB" if most >= 1 << 28 else f"{most / (1 << 20):.3g} MB"
    return ListError(
        "{shown} swells to more than {size} when it is unpacked, over {times} times its size: "
        "reading was stopped. If it is a real list, unpack it yourself and name the file that "
        "comes out.",
        **file.said,
        size=size,
        times=HIGHEST_RATIO,
    )


def _damaged(file: ListFile, packing: str) -> ListError:
    told = N_("{shown} is a .{packing} file that is damaged or cut off.")
    return ListError(told, **file.said, packing=packing)


def _unpacked(file: ListFile, folder: Path, room: int) -> Path:
    """The file in a temporary folder, under its own last name only."""
    name = PurePosixPath(file.inside[-1] if file.inside else file.outer.name).name
    target = folder / (re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name)[-60:] or "member")
    room = min(room, shutil.disk_usage(folder).free * 3 // 4)
    with file.open() as stream, target.open("wb") as copy:
        while data := stream.read(_AT_ONCE):
            room -= len(data)
            if room < 0:
                raise ListError(
                    "{shown} is too large to be unpacked for a while (more than the temporary "
                    "folder holds). Unpack it yourself and name the file that comes out.",
                    **file.said,
                )
            copy.write(data)
    return target


# --- which of them is meant -------------------------------------------------------------------


def _chosen(
    found: list[ListFile], path: Path, member: str, list_name: str, wanted: Collection[str]
) -> list[ListFile]:
    named = _matching(found, member) if member else _lists_among(found)
    if len(named) == 1 or (named and re.search(r"[*?\[]", member)):
        return sorted(named, key=lambda file: file.member)
    names = sorted(file.member for file in named or found)
    said = {"file_name": path.name, "list_name": list_name, "member": member}
    said |= {"count": str(len(named)), "names": first_of(names)}
    if not member:
        raise ListError(_none_or_several(named, said, wanted))
    if not named:
        near = closest(member, names) or closest(member, [name.split("/")[-1] for name in names])
        told = _('{file_name} has no file "{member}". It has {names}.', **said)
        raise ListError(sentences(told, did_you_mean(near) or _("Write one of these as member.")))
    raise ListError(
        '{file_name} has {count} files "{member}": {names}. Write the whole name: '
        '[lists.{list_name}] member = "{first}".',
        **said,
        first=names[0],
    )


def _matching(found: list[ListFile], member: str) -> list[ListFile]:
    """The member of that name; else the only one that ends in it; else all of that pattern."""
    wanted = unicodedata.normalize("NFC", member.replace("\\", "/").strip("/"))
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


def _none_or_several(lists: list[ListFile], said: dict[str, str], wanted: Collection[str]) -> str:
    if not lists:
        return _(
            "{file_name} (list {list_name}) holds no list that can be read: it has {others}. "
            "Ask for the list as CSV or as a workbook.",
            **said,
            others=said["names"],
        )
    holds = _("{file_name} (list {list_name}) holds {count} lists: {names}.", **said)
    choose = _('Say which one is meant: [lists.{list_name}] member = "…".', **said)
    whole = [file.member for file in lists if _has_headers(file, wanted)]
    if len(whole) == 1:
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
