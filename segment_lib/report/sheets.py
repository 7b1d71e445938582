"""The words of the workbook: sheet names, which columns stand where, how to review."""

from __future__ import annotations

import re

from segment_lib.approach.review import ALLOWED
from segment_lib.columns import label, value_label
from segment_lib.voice import N_, _

LONGEST_NAME = 31  # Excel allows no longer sheet name
SIGNS_NOT_ALLOWED = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
ASKED = ("override", "override_why", "override_by", "override_on")
SHEET_COLUMNS: dict[str, tuple[str, ...]] = {
    "action": (
        "customer_id", "name", "do_on", "owner", "channel", "purpose", "effort_hours", "action",
        "reason", "all_reasons", "evidence", *ASKED, "under_contract", "hold_out", "review_on",
    ),
    "not_now": (
        "customer_id", "name", "review_on", "reason", "all_reasons", "evidence", *ASKED, "owner",
        "action", "do_on", "under_contract",
    ),
    "not_approached": (
        "customer_id", "name", "reason", "evidence", "review_on", *ASKED, "all_reasons", "owner",
    ),
}  # fmt: skip
# What every column means.
MEANINGS: dict[str, str] = {
    "customer_id": N_("Who; kept as text, so that 00123 stays 00123"),
    "name": N_("Name of the person or company"),
    "do_on": N_("By when"),
    "owner": N_("Who of us does it"),
    "channel": N_("By which means"),
    "purpose": N_("What the action is for: understand, educate, trust, propose, recover"),
    "effort_hours": N_("Our hours it takes"),
    "action": N_("What to do"),
    "decision": N_("What was decided"),
    "reason": N_("The one main reason"),
    "all_reasons": N_("All reasons, the main one first"),
    "evidence": N_("The numbers behind it"),
    "override": N_("For you: another decision, where you know better (drop-down)"),
    "override_why": N_("For you: why you decided otherwise"),
    "override_by": N_("For you: your name"),
    "override_on": N_(
        "For you: the day, as 2026-04-01. 4/2 is read as month and day, in the year nearest to "
        "the as-of day; empty means the as-of day"
    ),
    "under_contract": N_("Served in any case"),
    "hold_out": N_("Drawn by lot to test the list; approach as usual"),
    "review_on": N_("The day the decision is looked at again"),
}


def allowed_overrides(under_contract: bool, opted_out: bool) -> list[str]:
    """What a reviewer may choose: nobody under contract can be put among the not approached, and
    nobody's wish not to be contacted can be overruled.
    """
    names = [name for name in ALLOWED[under_contract] if not (opted_out and name == "approach")]
    return [str(value_label("decision", name)) for name in names]


def sheet_name(title: str, used: set[str]) -> str:
    """A sheet name that Excel accepts and that is not in `used`; it is added to `used`.

    >>> used = {"about"}
    >>> sheet_name("About", used), sheet_name("a/b: [c]*", used)
    ('About 2', 'a b c')
    """
    clean = " ".join(SIGNS_NOT_ALLOWED.sub(" ", title).split()).strip("' ") or "sheet"
    number = 1
    while True:
        end = f" {number}" if number > 1 else ""
        name = _cut(clean, LONGEST_NAME - len(end)).rstrip("' ") + end
        if name.lower() not in used and name.lower() != "history":  # Excel keeps that one
            used.add(name.lower())
            return name
        number += 1


def _cut(text: str, most: int) -> str:
    """At most `most` units as Excel counts them: a character beyond U+FFFF takes two."""
    while len(text.encode("utf-16-le")) // 2 > most:
        text = text[:-1]
    return text


def how_to_review(client_path: str) -> list[list[str]]:
    """The steps of a review, one row each; `client_path` is how the command names client.toml."""
    command = f"kit.py review --client {client_path} --import"
    steps = (
        _("How to review"),
        _("1. Read each sheet and recall each face."),
        _("2. Where you know better, choose another decision in yellow; say why, who, when."),
        _("3. Leave the yellow columns empty where you agree."),
        _(
            "4. Save the file; “{command} FILE” takes your decisions over. Only the yellow columns "
            "are read.",
            command=command,
        ),
        _("Customers under contract cannot be put among the not approached."),
    )
    return [[step] for step in steps]


def columns_sheet(served: tuple[str, str] | None = None) -> list[list[str]]:
    """Every column with its meaning, under a title.

    `served`: heading and meaning of `under_contract`; None leaves it out, as the lists do where
    nobody is under contract.
    """
    rows = [[_("What the columns mean")]]
    for name, meaning in MEANINGS.items():
        if name != "under_contract":
            rows.append([label(name), _(meaning), name])
        elif served is not None:
            rows.append([*served, name])
    return rows


def served_heading(days: int | None) -> str:
    """The heading of `under_contract`: by contract, or by orders within so many days."""
    if days is None:
        return label("under_contract")
    return _("Ordered within {days} days", days=days)


def served_meaning(days: int | None) -> str:
    """What that column means."""
    if days is None:
        return _("A contract runs now: never “not approached”")
    return _("Ordered within {days} days: never “not approached”", days=days)
