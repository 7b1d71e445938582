"""The lists of the workbook in words: which customers stand on which sheet, with which columns.

A customer with a planned week stands on the sheet of their owner, one with an action or a day but
no week on "waiting", one we do not approach on "not approached": there the yellow columns are, one
place to write in per customer. "hand-overs" and "all" show them once more, to be read only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
import pandas as pd

from segment_lib.approach.reasons import LABELS
from segment_lib.approach.review import ALLOWED
from segment_lib.approach.weeks import Weeks
from segment_lib.client import Client
from segment_lib.columns import label, value_label
from segment_lib.in_words import count, hours, hours_said, named
from segment_lib.report.frames import NO_HOURS, Frames, given, how_many
from segment_lib.report.sentences import reason_label, reason_words, served_within
from segment_lib.voice import N_, _, is_to_share, pgettext, sentences

LONGEST_NAME = 31  # Excel allows no longer sheet name
SIGNS_NOT_ALLOWED = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
ASKED = (
    "override", "override_why", "override_by", "override_on", "override_owner", "override_day",
    "agreed",
)  # fmt: skip
NOBODY = "unassigned"
# What is printed of each sheet, and what stands to the right of that on the screen only.
PRINTED: dict[str, tuple[str, ...]] = {
    "owner": (
        "customer_id", "planned_week", "do_on", "name", "contact_person", "telephone",
        "last_contact_on", "status", "product_due", "reason", "content", "why_now", "channel",
        "effort_hours",
    ),
    "waiting": (
        "customer_id", "name", "owner", "decision", "status", "product_due", "reason", "content",
        "waits_because", "do_from", "why_now", "effort_hours",
    ),
    "not_approached": ("customer_id", "name", "owner", "status", "reason", "review_on"),
    "hand_overs": (
        "customer_id", "name", "owner", "team", "hand_over_to", "status", "sub_stage", "decision",
        "planned_week",
    ),
    "all": (
        "customer_id", "name", "owner", "under_contract", "status", "decision", "all_reasons",
        "planned_week", "do_on", "waits_because", "effort_hours",
    ),
}  # fmt: skip
BESIDE: dict[str, tuple[str, ...]] = {
    "owner": ("email", "decision", *ASKED),
    "waiting": ("contact_person", "telephone", "email", "last_contact_on", *ASKED),
    "not_approached": ("last_contact_on", "all_reasons", *ASKED),
    "hand_overs": (),
    "all": (
        "team",
        "action",
        "content",
        "purpose",
        "channel",
        "measure",
        "asked_90d",
        "gave_90d",
        "expected_value",
        "review_on",
        "hold_out",
    ),
}
SHEET_COLUMNS = {kind: PRINTED[kind] + BESIDE[kind] for kind in PRINTED}
# Columns that are left out where no customer of the client has anything in them.
IF_KNOWN = (
    "contact_person", "telephone", "email", "last_contact_on", "status", "product_due", "sub_stage",
    "team",
)  # fmt: skip
# What every column means, in the order of the sheets.
MEANINGS: dict[str, str] = {
    "customer_id": N_("Who; kept as text, so that 00123 stays 00123"),
    "planned_week": N_("In which week of the plan it is done; empty where it waits"),
    "do_on": N_("On which day it is planned; it may be done earlier in that week"),
    "name": N_("Name of the person or company"),
    "contact_person": N_("Whom we talk to there"),
    "telephone": N_("Telephone number of the customer list"),
    "email": N_("E-mail address of the customer list"),
    "last_contact_on": N_("Our own last touch: the day, and by which means if the list says so"),
    "status": N_("Where the customer stands now; it rises and falls"),
    "product_due": N_(
        "The product whose next order is most urgent, and from when until when it is expected"
    ),
    "reason": N_("The one main reason, and the facts behind it"),
    "action": N_("The row of the playbook"),
    "content": N_("What to do and to say; what the lists do not tell is left out of the sentence"),
    "measure": N_("What to look at afterwards; what follows an action need not come from it"),
    "asked_90d": N_("How often we asked them for something in 90 days"),
    "gave_90d": N_("How often we gave them something in 90 days"),
    "why_now": N_("What placed it where it stands in the order of service"),
    "channel": N_("By which means"),
    "effort_hours": N_("Our hours it takes"),
    "decision": N_("What was decided; hours never change it"),
    "owner": N_("Who of us does it"),
    "waits_because": N_("Why it has no week in this plan"),
    "do_from": N_("From which day on it can be done"),
    "review_on": N_("The day the decision is looked at again"),
    "team": N_("The team of the owner"),
    "hand_over_to": N_("The team that should have the customer by [teams]"),
    "sub_stage": N_("How far the relation has come"),
    "under_contract": N_("A contract runs now: never “not approached”"),
    "purpose": N_("What the action is for: understand, educate, trust, propose, recover"),
    "all_reasons": N_("All reasons, the main one first"),
    "expected_value": N_(
        "Money that may follow, by the success rate of those alike; empty where it is not known"
    ),
    "hold_out": N_("Drawn by lot to test the list; approach as usual"),
    "override": N_("For you: another decision, where you know better (drop-down)"),
    "override_why": N_("For you: why you decided otherwise"),
    "override_by": N_("For you: your name"),
    "override_on": N_(
        "For you: the day, as 2026-04-01. 4/2 is read as month and day, in the year nearest to "
        "the as-of day; empty means the as-of day"
    ),
    "override_owner": N_("For you: another owner, where somebody else should do it (drop-down)"),
    "override_day": N_("For you: another day, where you have agreed one"),
    "agreed": N_("For you: yes, where you looked at it and leave it as it is"),
}


@dataclass(frozen=True)
class ListSheet:
    """One list of the workbook: `rows` are one per customer, in words; `says` what it holds, in a
    sentence; `printed` how many of its `columns` go on paper.
    """

    name: str
    kind: str
    says: str
    rows: pd.DataFrame
    columns: tuple[str, ...]
    printed: int


def fixed_names() -> dict[str, str]:
    """The sheets that every workbook has."""
    return {
        "about": _("About"),
        "waiting": _("Waiting"),
        "not_approached": str(value_label("decision", "not_approached")),
        "hand_overs": _("Hand-overs"),
        "all": _("All"),
        "words": _("Words"),
    }


def list_sheets(client: Client, frames: Frames, weeks: Weeks) -> list[ListSheet]:
    """The sheets that hold customers, in their order; one that would be empty is left out.

    `all` is always there. The rows of an owner stand by week, day and order of service.
    """
    table = plan_in_words(client, frames)
    unknown = {name for name in IF_KNOWN if _is_empty(table[name])}
    if not how_many(frames["customers"], "under_contract"):
        unknown.add("under_contract")  # no list and no rule says that anybody is
    if is_to_share():
        unknown |= {"name", *ASKED}  # nobody reviews a copy
    names = fixed_names()
    used = {name.lower() for name in names.values()}
    planned, away = table["planned_week"].notna(), table["code"] == "not_approached"
    other = table[table["hand_over_to"].fillna("") != ""]
    lists = {
        "waiting": (table[~planned & ~away], _says_waiting),
        "not_approached": (table[away].sort_values(["reason_rank", "customer_id"]), _says_away),
        "hand_overs": (
            other.sort_values(["owner", "hand_over_to", "customer_id"]), _says_hand_overs,
        ),
        "all": (table.sort_values("customer_id"), _says_all),
    }  # fmt: skip
    of_owners = [
        ("owner", sheet_name(str(value_label("owner", owner)), used), rows,
         _says_owner(rows, weeks.hours(owner), weeks))
        for owner, rows in _by_owner(table[planned])
    ]  # fmt: skip
    of_all = [
        (kind, names[kind], rows, says(rows))
        for kind, (rows, says) in lists.items()
        if kind == "all" or len(rows)
    ]
    return [_sheet(*part, unknown) for part in of_owners + of_all]


def _sheet(kind: str, name: str, rows: pd.DataFrame, says: str, unknown: set[str]) -> ListSheet:
    printed, beside = (
        tuple(column for column in there[kind] if column not in unknown)
        for there in (PRINTED, BESIDE)
    )
    return ListSheet(name, kind, says, rows, printed + beside, len(printed))


def _is_empty(values: pd.Series) -> bool:
    return bool((values.isna() | values.astype("object").eq("")).all())


def _by_owner(planned: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Owners by name with their rows; what nobody has yet comes last."""
    rows = planned.sort_values(["planned_week", "do_on", "priority"], kind="stable")
    groups = {str(owner): own for owner, own in rows.groupby("owner_code", sort=True)}
    return sorted(groups.items(), key=lambda one: (one[0] == NOBODY, one[0]))


def _says_owner(rows: pd.DataFrame, stated: np.ndarray | None, weeks: Weeks) -> str:
    fields = {
        "n": count(len(rows)),
        "hours": hours(rows["effort_hours"].sum()),
        "first": weeks.first.date(),
        "last": weeks.last.date(),
    }
    shared = weeks.hours_of_all()
    if stated is None and shared is not None:
        return _(
            "{n} actions from {first} to {last}: {hours} of the {limit} hours that all share.",
            limit=hours(shared.sum()),
            **fields,
        )
    if stated is None:
        return _(
            "{n} actions from {first} to {last}: {hours} hours; none are stated for this owner.",
            **fields,
        )
    return _(
        "{n} actions from {first} to {last}: {hours} of the {limit} hours stated.",
        limit=hours(stated.sum()),
        **fields,
    )


def _says_waiting(rows: pd.DataFrame) -> str:
    late = rows[rows["waits_code"].isin(NO_HOURS)]
    idle = rows["waits_code"].eq("nothing_now")
    nothing = _("{n} more get nothing of their own now, by their row.", n=count(idle.sum()))
    rows = rows[~idle]
    says = _(
        "{n} customers have an action or a day, but no week in this plan: {late} wait for hours "
        "({hours}), {others} for their day. In the order of service.",
        n=count(len(rows)),
        late=count(len(late)),
        hours=hours_said(late["effort_hours"].sum()),
        others=count(len(rows) - len(late)),
    )
    return sentences(says, nothing if idle.any() else "")


def _says_away(rows: pd.DataFrame) -> str:
    return _(
        "{n} customers are not approached now; each is looked at again on the day beside the name.",
        n=count(len(rows)),
    )


def _says_hand_overs(rows: pd.DataFrame) -> str:
    if is_to_share():
        return _("{n} customers should have another team by [teams].", n=count(len(rows)))
    return _(
        "{n} customers should have another team by [teams]. Nothing is handed over by itself: name "
        "the new owner in yellow, on the sheet where the customer stands.",
        n=count(len(rows)),
    )


def _says_all(rows: pd.DataFrame) -> str:
    if is_to_share():
        return _("{n} customers, each once, to be looked up.", n=count(len(rows)))
    return _(
        "{n} customers, each once, to be looked up. The yellow columns are on the other sheets.",
        n=count(len(rows)),
    )


# --- the plan in words --------------------------------------------------------------------------
def plan_in_words(client: Client, frames: Frames) -> pd.DataFrame:
    """One row per customer in the order of service, as people read it: customer_id and every column
    of the sheets, days as days and numbers as numbers; owner_code, code (of the decision),
    waits_code and served (under contract) as the plan has them; reason_rank.
    """
    customers = frames["customers"]
    assert customers is not None
    every = {name for columns in SHEET_COLUMNS.values() for name in columns} - {"customer_id"}
    rows = customers.reindex(columns=[*every, "priority", "evidence", "last_contact_by"])
    coded = ["owner", "decision", "status", "sub_stage", "purpose", "channel", "waits_because"]
    told = {name: _each(rows[name], partial(_word, name)) for name in coded}
    yes_no = {True: _("yes"), False: _("no")}
    for name in ("under_contract", "hold_out"):
        told[name] = rows[name].astype("boolean").map(yes_no)
    told["agreed"] = rows["agreed"].astype("boolean").map({True: _("yes")})
    told["override"] = _each(rows["override"], partial(_word, "decision"), empty="")
    told["name"] = rows["name"].map(named)
    told["all_reasons"] = _each(rows["all_reasons"], lambda codes: reason_words(codes, client))
    told["reason"] = _reasons(rows, client)
    told["last_contact_on"] = _last_contact(rows)
    lines = given(frames, "next_order")
    if lines is None and "was_due_by" in customers:
        lines = customers.drop(columns="product_line", errors="ignore")
    told["product_due"] = product_due(lines).reindex(rows.index)
    codes = {"owner_code": "owner", "code": "decision", "waits_code": "waits_because"}
    ranks = {reason: at for at, reason in enumerate(LABELS)}
    kept = {name: rows[column].astype("object") for name, column in codes.items()}
    kept["reason_rank"] = rows["reason"].astype("object").map(ranks)
    kept["served"] = rows["under_contract"].astype("boolean").fillna(False)
    table = rows.assign(**told, **kept).rename_axis("customer_id").reset_index()
    return table.sort_values(["priority", "customer_id"], kind="stable").reset_index(drop=True)


def _word(column: str, code: str) -> str:
    return str(value_label(column, code))


def _each(values: pd.Series, say: Callable[[str], str], empty: str | None = None) -> pd.Series:
    """What `say` makes of each value; each different one is said once."""
    plain = values.astype("object")
    words = {one: say(str(one)) if str(one) else "" for one in plain.dropna().unique()}
    return plain.map(words).astype("object").where(plain.notna(), empty)


def _reasons(rows: pd.DataFrame, client: Client) -> pd.Series:
    labels = _each(rows["reason"], lambda code: reason_label(code, client))
    both = zip(labels, rows["evidence"].astype("object").fillna(""), strict=True)
    said = [
        _("{reason}. {evidence}", reason=one, evidence=evidence) if evidence else one
        for one, evidence in both
    ]
    return pd.Series(said, index=rows.index, dtype="object")


def _last_contact(rows: pd.DataFrame) -> pd.Series:
    both = zip(pd.to_datetime(rows["last_contact_on"]), rows["last_contact_by"], strict=True)
    said = [
        None
        if pd.isna(day)
        else _("{day:%Y-%m-%d}", day=day)
        if pd.isna(by)
        else _("{day:%Y-%m-%d}, {by}", day=day, by=value_label("channel", by))
        for day, by in both
    ]
    return pd.Series(said, index=rows.index, dtype="object")


def product_due(lines: pd.DataFrame | None) -> pd.Series:
    """Per customer the product whose next order is most urgent, and its range, in words.

    `lines` is the kept frame next_order: one row per customer and product line, or per customer.
    Most urgent is what was expected first, of lines that have not gone quiet; the range is that
    from today on.
    """
    if lines is None:
        return pd.Series(dtype="object")
    rows = lines if "customer_id" in lines else lines.rename_axis("customer_id").reset_index()
    quiet = pd.Series(False, index=rows.index)
    if "lapsed" in rows:
        quiet = rows["lapsed"].astype("boolean").fillna(False).astype(bool)
    days = ["was_due_by", "next_from", "next_to", "last_order_on"]
    rows = rows.reindex(columns=["customer_id", "product_line", "overdue_days", *days])
    by = pd.to_datetime(rows["was_due_by"]).fillna(pd.to_datetime(rows["next_to"]))
    rows = rows.assign(quiet=quiet, by=by).sort_values(["quiet", "by"], kind="stable")
    first = rows.drop_duplicates("customer_id").set_index("customer_id")
    late = pd.to_numeric(first["overdue_days"]).fillna(0) > 0
    dated = (pd.to_datetime(first[day]) for day in days)
    said = map(_one_due, first["product_line"], first["quiet"], late, *dated)
    return pd.Series(list(said), index=first.index, dtype="object")


def _one_due(
    line: object,
    quiet: bool,
    late: bool,
    by: datetime,
    first: datetime,
    last: datetime,
    ordered: datetime,
) -> str:
    if quiet and not pd.isna(ordered):
        says = _("gone quiet, last order {day:%Y-%m-%d}", day=ordered)
    elif pd.isna(last):
        return ""
    elif late:
        says = _("late, was expected by {day:%Y-%m-%d}", day=by)
    else:
        says = _("{first:%Y-%m-%d} – {last:%Y-%m-%d}", first=first, last=last)
    return _("{product}: {due}", product=line, due=says) if isinstance(line, str) else says


# --- names, headings, how to review -------------------------------------------------------------
def allowed_overrides(under_contract: bool, opted_out: bool) -> list[str]:
    """What a reviewer may choose: nobody under contract can be put among the not approached, and
    nobody's wish not to be contacted can be overruled.
    """
    names = [name for name in ALLOWED[under_contract] if not (opted_out and name == "approach")]
    return [str(value_label("decision", name)) for name in names]


def known_owners(client: Client, owners: Iterable[object]) -> list[str]:
    """Whom work can be given to: the owners of the plan, of [teams] and of [capacity]."""
    named = {*client.team_of, *client.capacity.owners, *map(str, owners)}
    return sorted(named - {NOBODY, "nan", ""})


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


def heading(column: str, client: Client) -> str:
    """What stands above a column."""
    days = served_within(client)
    if column == "under_contract" and days is not None:
        return _("Ordered within {days} days", days=days)
    # "Decision" would be read as a reviewer's own on a sheet that has no yellow columns
    return _("What is decided") if column == "decision" else label(column)


def how_to_review(client_path: str, client: Client, customers: pd.DataFrame) -> list[str]:
    """The steps of a review; `client_path` is how the command names client.toml. Only sheets that
    this workbook has are named.
    """
    command = f"kit.py review --client {client_path} --import"
    names = fixed_names()
    planned, away = customers["planned_week"].notna(), customers["decision"].eq("not_approached")
    there = {
        "owners": (planned & customers["owner"].ne(NOBODY)).any(),
        "nobody": (planned & customers["owner"].eq(NOBODY)).any(),
        "waiting": (~planned & ~away).any(),
        "not_approached": away.any(),
    }
    said = {
        "owners": _("the sheet of each owner"),
        "nobody": _("“{sheet}”", sheet=value_label("owner", NOBODY)),
        "waiting": _("“{sheet}”", sheet=names["waiting"]),
        "not_approached": _("“{sheet}”", sheet=names["not_approached"]),
    }
    sheets = [says for name, says in said.items() if there[name]]
    days = served_within(client)
    served = _("Customers under contract cannot be put among the not approached.")
    if days is not None:
        served = _(
            "Customers who ordered within {days} days cannot be put among the not approached.",
            days=days,
        )
    return [
        _("How to review"),
        _(
            "1. Read {sheets}; recall each face. There, and only there, every customer has yellow "
            "columns.",
            sheets=pgettext("sheets", ", ").join(sheets),
        ),
        _(
            "2. Where you know better, choose another decision, another owner or another day in "
            "yellow; say why, who, when."
        ),
        _("3. Where you agree, choose yes under “{agreed}”.", agreed=label("agreed")),
        _(
            "4. Save the file; “{command} FILE” takes your decisions over. Only the yellow columns "
            "are read; they are not printed.",
            command=command,
        ),
        *([served] if how_many(customers, "under_contract") else []),
    ]


def columns_said(client: Client, columns: Iterable[str]) -> list[list[str]]:
    """Heading, meaning and name of each of `columns`, in the order of `MEANINGS`."""
    shown, days = set(columns), served_within(client)
    meanings = {name: _(says) for name, says in MEANINGS.items() if name in shown}
    if "under_contract" in meanings and days is not None:
        meanings["under_contract"] = _(
            "Ordered within {days} days: never “not approached”", days=days
        )
    return [[heading(name, client), says, name] for name, says in meanings.items()]
