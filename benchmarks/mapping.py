"""How many columns `kit.py new` maps by itself: right, wrong, left open, per list.

python benchmarks/mapping.py [--data FOLDER]     (or set SEGMENT_LIB_DATA)

Truth: `public_lists.py` for the public lists, `invented_lists.py` for systems that are not among
them. Right: every place a column is taken for is one of its truths, or it is left alone and
`none` is one. Wrong: it is taken for anything else. Open: it means something and is not taken.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
from invented_lists import INVENTED
from public_lists import PUBLIC

from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.looking import lists_in
from segment_lib.lists.proposing.proposal import Proposal, propose

ID = ("customer_id", "order_id", "deal_id", "referred_by", "original_order_id")
AMOUNT = ("amount", "monetary", "unit_price", "margin", "potential_amount")
GROUPS = ("id", "date", "amount", "other")
VERDICTS = ("right", "wrong", "open")
MOST_WRONG = 0.02


def truth_of(block: str) -> dict[str, set[str]]:
    """Header to what is right for it."""
    rows = (line.split(" | ") for line in block.splitlines() if line.strip())
    return {row[0].strip(): set(row[1].split()) for row in rows}


def invented_frame(block: str) -> pd.DataFrame:
    """The list that an invented block describes."""
    cells = {}
    for line in block.strip().splitlines():
        header, _, values = line.split(" | ")
        cells[header.strip()] = [v.strip().strip("_") for v in values.split(" · ")]
    rows = max(map(len, cells.values()))
    return pd.DataFrame({h: [c[i % len(c)] for i in range(rows)] for h, c in cells.items()})


def judge(proposal: Proposal, truth: dict[str, set[str]]) -> Iterator[tuple[str, str, str, str]]:
    """(header, group, verdict, what it was taken for), for every column of the list."""
    taken = proposal.mapped
    for header in proposal.look.headers:
        right = truth[header.strip("\ufeff")]
        got = taken.get(header, [])
        if got:
            verdict = "right" if set(got) <= right else "wrong"
        else:
            verdict = "right" if "none" in right else "open"
        yield header, group_of(got or sorted(right)), verdict, ", ".join(got) or "-"


def group_of(meanings: list[str]) -> str:
    """Whether a column is, or was taken for, an id, a date, an amount, or something else."""
    for meaning in meanings:
        column = meaning.split(".")[-1]
        if column in ID:
            return "id"
        if column.endswith("_on"):
            return "date"
        if column in AMOUNT:
            return "amount"
    return "other"


def public_proposals(data: Path) -> Iterator[tuple[str, Proposal]]:
    """Every public list with what is proposed for it."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in PUBLIC:
            file, _, part = name.partition(" # ")
            path = data / file
            if path.name == "northwind_create.sql.gz":
                path = _database_of(path, Path(scratch) / "northwind.sqlite")
            several = lists_in(path)
            found = next(one for one in several if len(several) == 1 or one.part == part)
            yield name, propose(found.look, without_header="names" in found.said)


def _database_of(dump: Path, made: Path) -> Path:
    """The SQLite file that an SQL dump makes."""
    if not made.exists():
        text = gzip.decompress(dump.read_bytes()).decode("utf-8")
        with closing(sqlite3.connect(made)) as database:
            database.executescript("pragma synchronous = off; begin;" + text)
            database.commit()
    return made


def invented_proposals() -> Iterator[tuple[str, Proposal]]:
    """Every invented list with what is proposed for it."""
    for name, block in INVENTED.items():
        yield name, propose(Look(invented_frame(block)))


def table(
    proposals: Iterator[tuple[str, Proposal]], blocks: dict[str, str], misses: list[str]
) -> pd.DataFrame:
    """One row per list: table, columns, right, wrong, open; misses are added to `misses`."""
    rows = []
    for name, proposal in proposals:
        counts: Counter[str] = Counter()
        for header, group, verdict, got in judge(proposal, truth_of(blocks[name])):
            counts[verdict] += 1
            counts[f"{group} {verdict}"] += 1
            if verdict != "right":
                misses.append(f"{verdict}: {name}: {header} -> {got}")
        shown = "left out" if proposal.left_out else proposal.table
        rows.append({"list": name, "table": shown, "columns": len(proposal.look.headers), **counts})
    frame = pd.DataFrame(rows)
    return frame.reindex(columns=list(dict.fromkeys([*frame.columns, *VERDICTS]))).fillna(0)


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Per group and in total: columns, right, wrong, open, and the share wrong."""
    rows = []
    for group in ("all", *GROUPS):
        names = [v if group == "all" else f"{group} {v}" for v in VERDICTS]
        counts = [int(frame[name].sum()) if name in frame else 0 for name in names]
        total = sum(counts)
        shares = [f"{count / total:.1%}" if total else "-" for count in counts]
        rows.append([group, total, *counts, *shares])
    return pd.DataFrame(
        rows, columns=["group", "columns", *VERDICTS, *(f"% {v}" for v in VERDICTS)]
    )


def main() -> int:
    """Print the tables; 1 if the bounds are not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("SEGMENT_LIB_DATA", ""))
    data = parser.parse_args().data
    parts = {"Systems with invented values": (invented_proposals(), INVENTED)}
    if data:
        parts["Public lists"] = (public_proposals(Path(data)), PUBLIC)
    else:
        print("The public lists are not here: set SEGMENT_LIB_DATA to their folder.")
    good = True
    for title, (proposals, blocks) in parts.items():
        misses: list[str] = []
        frame = table(proposals, blocks, misses)
        totals = summary(frame).set_index("group")
        shown = frame[["list", "table", "columns", *VERDICTS]].astype({v: int for v in VERDICTS})
        print(f"\n{title}\n{shown.to_string(index=False)}")
        print(f"\n{totals.to_string()}\n")
        print("\n".join(sorted(misses, reverse=True)))
        sure = totals.loc[["id", "date", "amount"], "wrong"].sum() == 0
        good &= (
            bool(sure) and totals.loc["all", "wrong"] <= MOST_WRONG * totals.loc["all", "columns"]
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
