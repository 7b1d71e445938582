"""Notebooks 00 to 02: what the lists give, what became of every row, and who the customers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from segment_lib.client import Client
from segment_lib.columns import REQUIRED, TABLES, value_label
from segment_lib.in_words import percent
from segment_lib.lists.attributes import attribute_table, missing_table
from segment_lib.lists.frames import tables_of, to_frame
from segment_lib.lists.rows.doubts import doubts_frame, doubts_said
from segment_lib.lists.same.same_customer import find_same_customers
from segment_lib.view import View, question
from segment_lib.voice import _, pgettext, spoken

# The families that every business can ask for; the must-have sort and "other" are none of them.
FAMILIES = ("geographic", "demographic", "psychographic", "behavioural", "company")


# --- 00: what do the lists give, and who has decided what? --------------------------------------
@dataclass(frozen=True, repr=False)
class StartView(View):
    """`lists`: one row per list; `tables`: one row per table, with what is enough to start it;
    `signed`, `unsigned`: one row per section of client.toml.
    """

    lists: pd.DataFrame
    tables: pd.DataFrame
    signed: pd.DataFrame
    unsigned: pd.DataFrame
    rules: Client = field(repr=False)

    def says(self) -> dict[str, str]:
        """client, tables, results, signatures."""
        given = [name for name in TABLES if name in set(self.lists["table"])]
        absent = [name for name in TABLES if name not in {*given, "orders", "order_lines"}]
        steps_tell = self.rules.outcome.source == "steps_done" and self.rules.steps
        about, signed, left = self.rules.client, len(self.signed), len(self.unsigned)
        return {
            "client": _(
                "{client}: {n} list(s), as of {as_of}",
                client=(about.title_ja if spoken() == "ja" else about.title) or about.name,
                n=len(self.lists),
                as_of=about.as_of,
            ),
            "tables": _(
                "Given: {given}. Not given: {absent}.",
                given=", ".join(given),
                absent=", ".join(absent) or pgettext("nothing listed", "none"),
            ),
            "results": (
                _("07: opens, the lists say who got results")
                if "outcomes" in given or steps_tell
                else _("07: stays closed: it needs the table outcomes")
            ),
            "signatures": _(
                "Signed: {signed} of {n} decisions. Still a default that nobody has signed "
                "(初期値・未決定): {left}.",
                signed=signed,
                n=signed + left,
                left=left,
            ),
        }


def start_view(rules: Client) -> StartView:
    """Which tables the lists of a client give, and which decisions nobody has signed yet.

    Read from client.toml alone: no list is opened, nothing is kept.
    """
    lists = pd.DataFrame(
        {
            "list": list(rules.lists),
            "table": [rules.table_of(name) for name in rules.lists],
            "columns": [len(section.columns) for section in rules.lists.values()],
        }
    )
    giving = lists.groupby("table")["list"].agg(", ".join)
    tables = pd.DataFrame(
        {
            "table": list(REQUIRED),
            "enough": [", ".join(columns) for columns in REQUIRED.values()],
            "given_by": [giving.get(name, "—") for name in REQUIRED],
        }
    )
    sections = pd.DataFrame(rules.signatures(), columns=["section", "decided"])
    left = sections["section"].isin(rules.unsigned)
    return StartView(lists, tables, sections[~left], sections[left], rules)


# --- 01: what became of every row? --------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class ListsView(View):
    """`ledger`: one row per list, it balances to the row; `reasons`: one row per list and reason to
    set a row aside; `doubts`: one row per thing that a careful colleague would ask;
    `twice`: pairs of customers who may be one, for a person to say; `merged`: one
    row per number that was merged away, as people confirmed; `later`: orders after the day.
    """

    KEEPS: ClassVar[Mapping[str, str]] = {
        "ledger": "ledger",
        "ledger_reasons": "reasons",
        "register_doubts": "doubts",
    }

    ledger: pd.DataFrame
    reasons: pd.DataFrame
    doubts: pd.DataFrame
    twice: pd.DataFrame
    merged: pd.DataFrame
    later: int
    rules: Client = field(repr=False)

    def says(self) -> dict[str, str]:
        """rows, doubts, merged."""
        rows, kept, aside, folded = self.ledger[["rows_in", "kept", "set_aside", "folded"]].sum()
        return {
            "rows": _(
                "Of {rows:,} rows, {kept:,} are kept ({kept_share}), {aside:,} set aside "
                "({aside_share}), {folded:,} folded. Orders dated after {as_of}: {later:,}; they "
                "are kept, and nothing uses them before their day.",
                rows=rows,
                kept=kept,
                kept_share=percent(kept / rows if rows else None, 1),
                aside=aside,
                aside_share=percent(aside / rows if rows else None, 1),
                folded=folded,
                as_of=self.rules.as_of,
                later=self.later,
            ),
            "doubts": "\n".join(doubts_said(self.doubts)),
            "merged": _(
                "Merged, as confirmed: {merged} ({signed}). Pairs that nobody has answered: "
                "{pairs:,}.",
                merged=len(self.merged),
                signed=self.rules.merges.signature(),
                pairs=len(self.twice),
            ),
        }


@question("01", ListsView)
def lists_view(customers: pd.DataFrame, tables: Any, rules: Client) -> ListsView:
    """What became of every row of the lists, why rows were set aside, who may be there twice.

    `tables` is a register: plain frames have no ledger.
    """
    reasons = (
        tables.set_aside.groupby(["list", "reason"], as_index=False)
        .agg(rows=("row_number", "size"))
        .sort_values("rows", ascending=False, kind="stable", ignore_index=True)
    )
    merged = pd.DataFrame(tables.merged.items(), columns=["old_id", "new_id"], dtype="str")
    ordered_on = to_frame(tables.orders.select("ordered_on"))["ordered_on"]
    return ListsView(
        tables.ledger,
        reasons,
        doubts_frame(rules, tables.doubts),
        find_same_customers(tables.frame("customers")),
        merged,
        int((ordered_on > pd.Timestamp(rules.as_of)).sum()),
        rules,
    )


@dataclass(frozen=True, repr=False)
class ReturnsAndRefusals(View):
    """`adjustments`: one row per kind of return, with rows and amount; `permissions`: one row per
    channel, how many allow and refuse it. `returned`: the whole amount that came back; `named`:
    returns whose order is there; `refusing`: customers who refuse a channel.
    """

    adjustments: pd.DataFrame
    permissions: pd.DataFrame
    returned: float
    named: int
    refusing: int
    currency: str

    def says(self) -> dict[str, str]:
        """returns, refusals."""
        return {
            "returns": _(
                "{n:,} adjustments take back {amount}; {named:,} of them name an order that is in "
                "the register.",
                n=self.adjustments["rows"].sum(),
                amount=f"{self.currency}{self.returned:,.0f}",
                named=self.named,
            ),
            "refusals": _(
                "{n:,} customers have asked us not to use a channel.",
                n=self.refusing,
            ),
        }


def returns_and_refusals_view(
    customers: pd.DataFrame, tables: Any, rules: Client
) -> ReturnsAndRefusals:
    """What came back from orders, and who has said no to which channel; nothing is kept."""
    tables = tables_of(tables)
    back, permissions = tables.frame("adjustments"), tables.frame("permissions")
    by_kind = back.fillna({"kind": "—"}).groupby("kind")["amount"].agg(rows="size", amount="sum")
    allowed = permissions["allowed"].astype(bool)
    by_channel = (
        permissions.assign(allowed=allowed, refused=~allowed)
        .groupby("channel")[["allowed", "refused"]]
        .sum()
        .astype("int64")
    )
    return ReturnsAndRefusals(
        by_kind,
        by_channel,
        abs(back["amount"].sum()),
        int(back["order_id"].isin(tables.frame("orders")["order_id"]).sum()),
        permissions.loc[~allowed, "customer_id"].nunique(),
        rules.client.currency,
    )


# --- 02: who are they, and what do we not know of them? -----------------------------------------
@dataclass(frozen=True, repr=False)
class PeopleView(View):
    """`attributes`: one row per attribute and value; `missing`: one row per attribute, with the
    share of customers of whom it is not known; `families`: one row per family, its attributes that
    say anything and the mean of that share, both missing where there is none.
    """

    KEEPS: ClassVar[Mapping[str, str]] = {"attributes": "attributes"}

    attributes: pd.DataFrame
    missing: pd.DataFrame
    families: pd.DataFrame

    def says(self) -> dict[str, str]:
        """empty_families, known, searched."""
        empty = self.families.index[self.families["attribute"].isna()]
        empty = [str(value_label("family", family)) for family in empty]
        filled = self.missing[self.missing["customers"] > 0]
        late = filled.loc[filled["known_at"].isin(["after_outcome", "undated"]), "attribute"]
        between, none = pgettext("between names", ", "), pgettext("nothing listed", "none")
        return {
            "empty_families": _(
                "Families without a single attribute: {families}.",
                families=between.join(empty) or none,
            ),
            "known": _(
                "Of {n} attributes, {full} are known for nearly everybody, {half} for less than "
                "half.",
                n=len(self.missing),
                full=(self.missing["share_missing"] <= 0.05).sum(),
                half=(self.missing["share_missing"] > 0.5).sum(),
            ),
            "searched": _(
                "{early} of the {n} attributes that say anything are known before a contract. "
                "Shown but never searched: {late}.",
                early=filled["known_at"].eq("before_contract").sum(),
                n=len(filled),
                late=between.join(late) or none,
            ),
        }


@question("02", PeopleView)
def people_view(customers: pd.DataFrame, tables: Any, rules: Client) -> PeopleView:
    """Who the customers are, by every attribute that the lists hold, and what is not known."""
    people = tables_of(tables).frame("customers")
    missing = missing_table(people, rules)
    families = missing[missing["customers"] > 0].groupby("family")
    families = families.agg(
        attribute=("attribute", ", ".join), share_missing=("share_missing", "mean")
    )
    families = families.reindex(pd.Index(FAMILIES, name="family"))
    return PeopleView(attribute_table(people, rules), missing, families)
