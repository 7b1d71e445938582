"""What was accepted, month by month: the lists people signed, and what moved since the last one.

An accepted list lies in `history/<as_of>/` of the client's folder: plan.parquet (one row per
customer: decision, reason, status, owner, team, week, day), decisions.parquet as the run left it,
clusters.json (what was learned of behaviour), accepted.toml (who, when). A second acceptance goes
to `<as_of>-2`: the last counts, and nothing there is written over. No clock is asked: the day is
the one that people give.

Months nobody accepted are recalculated from dated facts and say so (`source`). Owners have no
history in the lists, so a recalculated month counts everybody with the team of today.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from segment_lib.approach.weeks import NO_HOURS
from segment_lib.behaviour.as_of import known_by, lay_out_days, status_on
from segment_lib.checks import PROGRAM
from segment_lib.client import Client
from segment_lib.columns import VALUES, as_text, value_label
from segment_lib.in_words import count
from segment_lib.lists import tables_of
from segment_lib.view import View, question
from segment_lib.voice import _, ngettext, pgettext, sentences

FOLDER = "history"
MONTHS = 6
MOST_WHYS = 3
PLAN = (
    "under_contract", "decision", "reason", "hold_out", "row", "status", "stage", "five_type",
    "owner", "team", "hand_over_to", "purpose", "channel", "effort_hours", "expected_value",
    "place", "priority", "do_from", "do_to", "do_on", "planned_week", "waits_because", "review_on",
    "override", "override_by", "override_on", "override_owner", "override_day", "agreed",
)  # fmt: skip
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(?:-(\d+))?")


# --- what was accepted --------------------------------------------------------------------------
def write_accepted(
    plan: pd.DataFrame, decisions: Path, client: Client, by: str, on: date, *, clusters: str = ""
) -> Path:
    """Copy the list of a run to `history/<as_of>/`, or beside an earlier one; returns the folder.

    `plan`: one row per customer with what is planned and known of them; `decisions`: the file as
    the run left it; `clusters`: what was learned of behaviour, so that the names stay next month.
    The folder is made beside its place and then put there: a stop leaves nothing half done, and
    what lies there is never written over.
    """
    home = client.folder / FOLDER
    home.mkdir(exist_ok=True)
    kept = plan[[name for name in PLAN if name in plan]].rename_axis("customer_id")
    with tempfile.TemporaryDirectory(dir=home, prefix=".") as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        kept.reset_index().to_parquet(made / "plan.parquet", index=False)
        shutil.copyfile(decisions, made / "decisions.parquet")
        if clusters:
            (made / "clusters.json").write_text(clusters, encoding="utf-8", newline="\n")
        note = _note(client, by, on, kept)
        (made / "accepted.toml").write_text(note, encoding="utf-8", newline="\n")
        place = _free_place(home, client.as_of)
        made.rename(place)
    return place


def _free_place(home: Path, as_of: date) -> Path:
    numbers = [number for day, number, _path in _places(home) if day == as_of]
    number = max(numbers, default=0) + 1
    return home / (f"{as_of}" if number == 1 else f"{as_of}-{number}")


def _note(client: Client, by: str, on: date, plan: pd.DataFrame) -> str:
    says = _("A list as it was accepted. Nothing here is written over or taken out by the kit.")
    agreed = int(plan["agreed"].sum()) if "agreed" in plan else 0
    stated = {
        "client": json.dumps(client.name, ensure_ascii=False),
        "as_of": client.as_of.isoformat(),
        "accepted_by": json.dumps(by, ensure_ascii=False),
        "accepted_on": on.isoformat(),
        "customers": len(plan),
        "looked_at_and_agreed": agreed,
    }
    return f"# {says}\n" + "".join(f"{name} = {value}\n" for name, value in stated.items())


def _places(home: Path) -> Iterator[tuple[date, int, Path]]:
    for path in sorted(home.glob("*")) if home.is_dir() else ():
        found = _NAME.fullmatch(path.name)
        if found and path.is_dir():
            yield date.fromisoformat(found[1]), int(found[2] or 1), path


def accepted_lists(client: Client) -> pd.DataFrame:
    """One row per acceptance, by day: as_of, number, accepted_by, accepted_on, counts (whether it
    is the last of its day), folder.
    """
    rows = []
    for as_of, number, path in _places(client.folder / FOLDER):
        if not all((path / name).is_file() for name in ("accepted.toml", "plan.parquet")):
            continue  # nothing that was accepted here
        note = tomllib.loads((path / "accepted.toml").read_text(encoding="utf-8"))
        signed = (note["accepted_by"], pd.Timestamp(note["accepted_on"]))
        rows.append((pd.Timestamp(as_of), number, *signed, str(path)))
    columns = ["as_of", "number", "accepted_by", "accepted_on", "folder"]
    lists = pd.DataFrame(rows, columns=columns).sort_values(["as_of", "number"])
    return lists.assign(counts=~lists["as_of"].duplicated(keep="last")).reset_index(drop=True)


def accepted_plans(client: Client) -> dict[date, pd.DataFrame]:
    """The plan that counts of each day on which a list was accepted, by customer_id."""
    lists = accepted_lists(client)
    return {
        row.as_of.date(): pd.read_parquet(Path(row.folder) / "plan.parquet").set_index(
            "customer_id"
        )
        for row in lists[lists["counts"]].itertuples()
    }


# --- heads by status, team and month ------------------------------------------------------------
def status_by_month(
    tables: Any,
    client: Client,
    plans: Mapping[date, pd.DataFrame],
    owners: pd.Series,
    *,
    months: int = MONTHS,
) -> pd.DataFrame:
    """One row per month, status and team: as_of (its day), source, status, team, customers.

    `plans`: the accepted ones by their day; where a month has several the latest counts. The other
    months are recalculated on their last day; `owners`: whose each customer is today.
    """
    team = client.team_of
    today = pd.Series([team.get(one, "") for one in owners], index=owners.index, dtype="str")
    parts = []
    lay_out_days(tables, client)
    for end in _month_ends(client.as_of, months):
        there = [day for day in plans if (day.year, day.month) == (end.year, end.month)]
        there = [day for day in there if day <= end]
        if there:
            end, source = max(there), "accepted"
            heads = plans[end].reindex(columns=["status", "team"])
        else:
            source = "recalculated"
            status = status_on(tables, client, end)["status"][known_by(tables, end)]
            heads = pd.DataFrame({"status": status, "team": today.reindex(status.index)})
        heads = heads.astype("object").fillna("").value_counts(["status", "team"], sort=False)
        parts.append(heads.rename("customers").reset_index().assign(as_of=end, source=source))
    table = pd.concat(parts, ignore_index=True)
    table["as_of"] = pd.to_datetime(table["as_of"]).astype("datetime64[us]")
    rank = {code: place for place, code in enumerate(VALUES["status"])}
    by = table.assign(rank=table["status"].map(rank)).sort_values(["as_of", "rank", "team"])
    table = by[["as_of", "source", "status", "team", "customers"]].reset_index(drop=True)
    return table.assign(**{name: as_text(table[name]) for name in ("source", "status", "team")})


def _month_ends(as_of: date, months: int) -> list[date]:
    """The day itself, and the last days of the months before it."""
    before = pd.date_range(end=as_of.replace(day=1), periods=months - 1, freq=pd.offsets.MonthEnd())
    return [*before.date, as_of]


# --- what moved since -----------------------------------------------------------------------------
def moved_since(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Who is new on a list or gone from it, one row per customer and list, and why.

    on_list (not_approached, plan), moved (new, gone), decision_before, decision_now, reason_before,
    reason_now (missing where the customer is in no list of that day), waits_because (now).
    """
    everyone = before.index.union(now.index)
    was, is_now = before.reindex(everyone), now.reindex(everyone)
    parts = []
    for name in ("not_approached", "plan"):
        then, today = _on_list(was, name), _on_list(is_now, name)
        moved = as_text((today & ~then).map({True: "new", False: "gone"}))
        parts.append(
            pd.DataFrame(
                {
                    "on_list": name,
                    "moved": moved,
                    "decision_before": was["decision"],
                    "decision_now": is_now["decision"],
                    "reason_before": was["reason"],
                    "reason_now": is_now["reason"],
                    "waits_because": is_now["waits_because"],
                }
            )[then != today]
        )
    table = pd.concat(parts)
    return table.assign(**{name: as_text(table[name].astype("object")) for name in table})


def _on_list(plan: pd.DataFrame, name: str) -> pd.Series:
    if name == "plan":
        return plan["planned_week"].notna()
    return plan["decision"].eq("not_approached").fillna(False).astype(bool)


# --- the view -------------------------------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class HistoryView(View):
    """`lists`: one row per acceptance; `heads`: customers by month, status and team, accepted or
    recalculated; `since`: the day of the list that `moved` is measured from (None: none was
    accepted); `moved`: who is new on a list or gone from it, and why.
    """

    KEEPS: ClassVar[Mapping[str, str]] = {"status_months": "heads", "list_moved": "moved"}

    lists: pd.DataFrame
    heads: pd.DataFrame
    since: date | None
    moved: pd.DataFrame

    def says(self) -> dict[str, str]:
        """Which lists were accepted, how many stand where, what moved on the lists."""
        return {
            "accepted": says_accepted(self.lists),
            "months": says_months(self.heads),
            "moved": says_moved(self.moved, self.since),
        }


@question("10", HistoryView, needs="stages plan")
def history_view(customers: pd.DataFrame, tables: Any, rules: Client) -> HistoryView:
    """Heads by status, team and month, and what moved since the last accepted list.

    `customers` hold status and plan. The list to compare with is the last one accepted before
    today's as_of, else one of this very day.
    """
    tables = tables_of(tables)
    plans = {day: plan for day, plan in accepted_plans(rules).items() if day <= rules.as_of}
    since = max((day for day in plans if day < rules.as_of), default=max(plans, default=None))
    nothing = moved_since(customers.iloc[:0], customers.iloc[:0])
    return HistoryView(
        accepted_lists(rules),
        status_by_month(tables, rules, plans, customers["owner"]),
        since,
        nothing if since is None else moved_since(plans[since], customers),
    )


def says_accepted(lists: pd.DataFrame) -> str:
    """How many lists were accepted, the last one by whom and when."""
    if lists.empty:
        return _(
            "No list has been accepted yet. Whoever accepts this one says so: {call}",
            call=f"{PROGRAM} review --client …/client.toml --accept --by NAME",
        )
    last = lists.iloc[-1]
    return ngettext(
        "{n} list was accepted, the one of {as_of}, by {by} on {on}.",
        "{n:,} lists were accepted, the last one, of {as_of}, by {by} on {on}.",
        len(lists),
        as_of=last["as_of"].date(),
        by=last["accepted_by"],
        on=last["accepted_on"].date(),
    )


def says_months(heads: pd.DataFrame) -> str:
    """How many stood in each status on the first day and stand there on the last."""
    if heads.empty:
        return ""
    ends = heads["as_of"].min(), heads["as_of"].max()
    then, now = (heads[heads["as_of"] == day].groupby("status")["customers"].sum() for day in ends)
    codes = [code for code in VALUES["status"] if code in then.index or code in now.index]
    told = [
        _(
            "{status} {then} → {now}",
            status=value_label("status", code),
            then=count(then.get(code, 0)),
            now=count(now.get(code, 0)),
        )
        for code in codes
    ]
    sources = heads.drop_duplicates("as_of")["source"].value_counts()
    return _(
        "From {first} to {last}: {told}. Months with an accepted list: {accepted}; recalculated "
        "from dated facts: {recalculated}.",
        first=ends[0].date(),
        last=ends[1].date(),
        told=pgettext("statuses", "; ").join(told),
        accepted=int(sources.get("accepted", 0)),
        recalculated=int(sources.get("recalculated", 0)),
    )


def says_moved(moved: pd.DataFrame, since: date | None) -> str:
    """How many are new on each list or gone from it, and the commonest reasons."""
    if since is None:
        return ""
    if moved.empty:
        return _("Nobody is new on a list or gone from it since {since}.", since=since)
    heads = moved.groupby(["on_list", "moved"]).size()
    told = [
        _(
            "Since the list accepted as of {since}: not approached {away_new} new, {away_gone} no "
            "longer; in the plan {plan_new} new, {plan_gone} no longer.",
            since=since,
            away_new=count(heads.get(("not_approached", "new"), 0)),
            away_gone=count(heads.get(("not_approached", "gone"), 0)),
            plan_new=count(heads.get(("plan", "new"), 0)),
            plan_gone=count(heads.get(("plan", "gone"), 0)),
        )
    ]
    away = moved[moved["on_list"] == "not_approached"]
    if len(away):
        told.append(_("Most often: {whys}.", whys=_whys(away)))
    gone = moved[moved["on_list"].eq("plan") & moved["moved"].eq("gone")]
    if late := int(gone["waits_because"].isin(NO_HOURS).sum()):
        says = _("Of those no longer in the plan {n} wait for hours.", n=count(late))
        told.append(says)
    return sentences(*told)


def _whys(moved: pd.DataFrame) -> str:
    pairs = moved.fillna({"reason_before": "", "reason_now": ""})
    heads = pairs.groupby(["reason_before", "reason_now"]).size()
    most = heads.sort_values(ascending=False, kind="stable").head(MOST_WHYS)
    told = [
        _("{before} → {now} ({n})", before=_reason(before), now=_reason(now), n=count(n))
        for (before, now), n in most.items()
    ]
    return pgettext("statuses", "; ").join(told)


def _reason(code: str) -> object:
    return value_label("reason", code) if code else _("in no list")
