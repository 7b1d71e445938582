"""Opening what is packed, with an eye on bombs and damage: the limits, and what is told.

A stream is watched while it is read: it stops before the disk or the memory fills, and damage is
one sentence. What must lie on disk (a workbook, a database, an inner archive) goes to a temporary
folder under its last name only; no name from an archive ever decides where something is written.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from segment_lib.checks import ListError

# Text packs 5 to 30 times smaller, a column of equal cells up to 100 times; a bomb 1,000 times.
# Below 1 GB any ratio passes: that does no harm.
HARMLESS_BYTES = 1 << 30
HIGHEST_RATIO = 200
MOST_ON_DISK = 20 << 30
DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, tarfile.TarError)
_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class ListFile:
    """One file with rows: `shown` names it ("a.zip / b.csv"), `open` reads it from its start.

    `path` is where it lies on disk, None inside an archive; `outer` is the outermost file.
    A member that cannot be opened has the `error`: it is told only if it is the one wanted.
    """

    shown: str
    kind: str
    open: Callable[[], BinaryIO]
    path: Path | None
    outer: Path
    inside: tuple[str, ...] = ()
    error: ListError | None = None

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
            yield unpacked(self, Path(folder), MOST_ON_DISK)


def open_plain(path: Path, list_name: str) -> BinaryIO:
    """The file at `path`; raises `ListError` if it may not be read."""
    try:
        return path.open("rb")
    except OSError as error:
        raise ListError(
            "{file_name} (list {list_name}) cannot be opened ({error}). Close "
            "it in other programs, and check that you may read it.",
            file_name=path.name,
            list_name=list_name,
            error=error.strerror,
        ) from None


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
        except DAMAGE:
            raise damaged(self._file, self._packing) from None
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


def open_gzip(file: ListFile) -> BinaryIO:
    """What is packed in a .gz file."""
    packed = file.open()
    return _watched(cast(BinaryIO, gzip.GzipFile(fileobj=packed)), file, "gz", packed)


def open_zipped(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, list_name: str, file: ListFile
) -> BinaryIO:
    """A member of a zip; raises `ListError` for a password or an unknown way of packing."""
    if info.flag_bits & 1:
        raise ListError(
            "{shown} (list {list_name}) is protected by a password. Unpack it "
            "with the password, and name the file that comes out.",
            shown=file.shown,
            list_name=list_name,
        )
    try:
        return _watched(cast(BinaryIO, archive.open(info)), file, "zip")
    except NotImplementedError:
        raise ListError(
            "{shown} (list {list_name}) is packed in a way that cannot be read here (method "
            "{method}). Unpack it, and name the file that comes out.",
            shown=file.shown,
            list_name=list_name,
            method=info.compress_type,
        ) from None
    except (*DAMAGE, OSError, RuntimeError, ValueError):  # ValueError: a name that is no UTF-8
        raise damaged(file, "zip") from None


def open_tarred(archive: tarfile.TarFile, info: tarfile.TarInfo, file: ListFile) -> BinaryIO:
    """A member of a tar archive."""
    opened = archive.extractfile(info)
    if opened is None:
        raise damaged(file, "tar")
    return _watched(cast(BinaryIO, opened), file, "tar")


def _allowed_bytes(file: ListFile) -> int:
    return max(HARMLESS_BYTES, HIGHEST_RATIO * file.outer.stat().st_size)


def require_no_bomb(archive: zipfile.ZipFile, file: ListFile) -> None:
    """A workbook is a zip whose reader unpacks it in memory: its own figures must be sane."""
    if sum(info.file_size for info in archive.infolist()) > _allowed_bytes(file):
        raise _bomb(file)


def _bomb(file: ListFile) -> ListError:
    return ListError(
        "{shown} swells to more than {size} when it is unpacked, over "
        "{times} times its size: reading was stopped. If it is a real "
        "list, unpack it yourself and name the file that comes out.",
        shown=file.shown,
        size=_size(_allowed_bytes(file)),
        times=HIGHEST_RATIO,
    )


def damaged(file: ListFile, packing: str) -> ListError:
    """The sentence for what cannot be unpacked."""
    return ListError(
        "{shown} is a .{packing} file that is damaged or cut off.",
        shown=file.shown,
        packing=packing,
    )


def _size(count: int) -> str:
    return f"{count / (1 << 30):.3g} GB" if count >= 1 << 28 else f"{count / (1 << 20):.3g} MB"


def unpacked(file: ListFile, folder: Path, room: int) -> Path:
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
                    shown=file.shown,
                )
            copy.write(data)
    return target
