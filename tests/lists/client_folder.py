"""A client's folder for tests: lists go in, a proposal comes out, an edited one is built."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from segment_lib.client import open_client
from segment_lib.lists.proposing.new_client import propose_client
from segment_lib.lists.register import Register, build_register

START = date(2024, 1, 5)
Rows = list[list[object]]


def day(number: int, form: str = "%Y-%m-%d") -> str:
    return f"{START + timedelta(days=number):{form}}"


def table(header: str, rows: Rows, mark: str = ",") -> str:
    lines = [header, *(mark.join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"


class Folder:
    """A client's folder: lists go in, a proposal comes out, an edited one is built."""

    def __init__(self, path: Path) -> None:
        self.path, self.files, self.text = path, [], ""

    def add(self, name: str, text: str | bytes) -> Folder:
        file = self.path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.files.append(file)
        return self

    def propose(self) -> str:
        self.new = propose_client("shop", self.files, self.path)
        self.text = self.new.text
        return self.text

    def edit(self, *pairs: tuple[str, str]) -> Folder:
        if not self.text:
            self.propose()
        for old, new in pairs:
            assert old in self.text, old
            self.text = self.text.replace(old, new, 1)
        return self

    def build(self) -> Register:
        if not self.text:
            self.propose()
        (self.path / "client.toml").write_text(self.text, encoding="utf-8")
        return build_register(open_client(self.path / "client.toml", self.path / "out", "en"))

    def columns(self, table: str) -> dict[str, str]:
        planned = next(one for one in self.new.plan.lists if one.proposal.table == table)
        return {column: seen.header for column, seen in planned.proposal.columns.items()}


def total(register: Register, name: str = "orders") -> float:
    return round(float(register.frame(name)["amount"].sum()), 2)
