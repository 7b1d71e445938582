"""One word, one number: every count in the plan sections of the report is that of the plan.

    python tests/report/test_report_numbers.py CLIENT.toml [OUT]

holds a real run against its own plan, in the language of its report.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from segment_lib.approach import hours_table, page_of
from segment_lib.approach.weeks import weeks_of
from segment_lib.columns import value_label
from segment_lib.in_words import hours
from segment_lib.report import build_report
from segment_lib.report.sentences import reason_label
from segment_lib.voice import language, pgettext

# The sections that speak of the plan, and the points of "In short" that do.
SECTIONS = ("plan", "owners", "not-approached")
POINTS_OF_THE_PLAN = 2
NUMBER = re.compile(r"(?<![A-Za-z0-9_.,])\d+(?:\.\d+)?(?![\d%])")


# --- what the report says ------------------------------------------------------------------------
def section(text: str, name: str) -> str:
    return re.search(rf'<section id="{name}"[^>]*>(.*?)</section>', text, re.S)[1]


def tables_of(part: str) -> list[list[list[str]]]:
    """Per table its rows as texts, the headings first."""
    found = []
    for table in re.findall(r"<table.*?</table>", part, re.S):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)
        found.append(
            [
                [plain(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)]
                for row in rows
            ]
        )
    return found


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def sentences_of(part: str) -> list[str]:
    """Its paragraphs, and what is told of a picture to whoever does not see it."""
    said = [plain(one) for one in re.findall(r"<p[^>]*>(.*?)</p>", part, re.S)]
    return said + [html.unescape(one) for one in re.findall(r'alt="([^"]*)"', part)]


def numbers(text: str) -> list[str]:
    """Every number in a sentence, but for shares, money, days and what is no number of the plan."""
    text = re.sub(
        r"\d{4}-\d\d-\d\d|\d+年|\d+月\d+日|\b\d{1,2} (?:January|February|March|April|May"
        r"|June|July|August|September|October|November|December)(?: \d{4})?",
        " ",
        text,
    )
    text = re.sub(r"[\d.,]+%", " ", text)
    text = re.sub(r"[¥$]\s?[\d.,]+[kMB]?|[\d.,]+(?:万|億)?円", " ", text)
    return NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3})", "", text))


# --- what the plan says --------------------------------------------------------------------------
def facts(frames: dict[str, pd.DataFrame], client) -> dict[str, set[str]]:
    """Every number that the plan has for a sentence, with where it comes from."""
    plan = frames["customers"]
    done = plan["planned_week"].notna()
    late = plan["waits_because"].isin(["no_hours", "too_long"])
    served = plan["under_contract"].fillna(False).astype(bool)
    sells = served & plan["purpose"].eq("propose")
    found: dict[str, set[str]] = {}

    def say(what: str, value: float, unit: str = "heads") -> None:
        number = hours(value).replace(",", "") if unit == "hours" else f"{value:.0f}"
        found.setdefault(number, set()).add(what)

    def say_of(what: str, those: pd.Series) -> None:
        say(what, those.sum())
        say(f"{what}, hours", plan.loc[those, "effort_hours"].sum(), "hours")

    say("customers", len(plan))
    say("weeks", client.plan.weeks)
    say_of("planned", done)
    say_of("waits for hours", late)
    say_of("waits for hours, cannot wait", late & plan["cannot_wait"].astype(bool))
    say("planned, no owner", (done & plan["owner"].eq("unassigned")).sum())
    say("owners", plan.loc[done & plan["owner"].ne("unassigned"), "owner"].nunique())
    say("waits: too soon", plan["waits_because"].eq("too_soon").sum())
    say("waits: proposals under contract", (late & sells).sum())
    say("waits: care under contract", (late & served & ~sells).sum())
    say("waits: no contract", (late & ~served).sum())
    idle = plan["waits_because"].eq("nothing_now").sum()
    say("nothing now", idle)
    say("an action or a day", len(plan) - idle)
    say("drawn", plan["reason"].eq("hold_out").sum())
    say("drawn and planned", (plan["reason"].eq("hold_out") & done).sum())
    say("of 100 lists", 100)
    say("of 100 lists the warranty is right in", 100 * (1 - client.worth.not_worth_probability))
    warranty = frames.get("warranty")
    if warranty is not None:
        for name in ("decided", "signed", "known", "results"):
            for value in warranty.loc[warranty["of"] == "best_fifth", name]:
                say(f"best fifth of the warranted: {name}", value)
    for decision in plan["decision"].unique():
        say(f"{decision}", plan["decision"].eq(decision).sum())
        say_of(f"{decision} planned", plan["decision"].eq(decision) & done)
    for reason in plan.loc[plan["decision"].eq("not_approached"), "reason"].unique():
        say(reason, (plan["decision"].eq("not_approached") & plan["reason"].eq(reason)).sum())
    say("days of the balance", 90)
    for owner in plan["owner"].unique():
        for name in ("gave_90d", "asked_90d"):
            if name in plan:
                say(f"{owner}: {name}", plan.loc[plan["owner"].eq(owner), name].fillna(0).sum())
        for week in range(1, client.plan.weeks + 1):
            page = page_of(plan, owner, week)
            say(f"{owner} in week {week}", len(page))
            say(f"{owner} in week {week}, hours", page["effort_hours"].sum(), "hours")
            say(f"{owner} in week {week}, beyond the page", len(page) - 15)
            say("a week", week)
    then = frames.get("owner_pyramids")
    if then is not None and len(then):
        beside = plan["lapsed"].fillna(False).astype(bool) | plan["lost"].fillna(False).astype(bool)
        now = plan[~beside].groupby(["owner", "stage"], observed=True).size()
        for row in then.itertuples():
            say(f"{row.owner}: {row.stage} a year ago", row.customers_then)
            say(f"{row.owner}: {row.stage} today", now.get((row.owner, row.stage), 0))
    for table, column, unit in (
        ("freed", "customers", "heads"), ("freed", "hours", "hours"),
        ("hours", "hours_before", "hours"),
    ):  # fmt: skip
        values = frames[table][column] if frames.get(table) is not None else pd.Series(dtype=float)
        say(f"{table}.{column}", values.sum(), unit)
        for value in values:
            say(f"{table}.{column}", value, unit)
    pinned = plan["override_day"].eq(plan["do_on"]) if "override_day" in plan else False
    last = plan["do_to"] if "do_to" in plan else plan["do_on"]  # plain frames have no windows
    moved = plan[done & plan["do_on"].gt(last) & ~pinned]
    say("planned after their days", len(moved))
    say("days later", int((moved["do_on"] - moved["do_to"]).dt.days.median() if len(moved) else 0))
    for action in plan.loc[plan["reason"].eq("hold_out"), "action"].unique():
        say("drawn, by action", (plan["reason"].eq("hold_out") & plan["action"].eq(action)).sum())
    weeks = weeks_of(client)
    if frames.get("hours") is not None:
        a_month = frames["hours"]["hours_before"].sum()
        say("really spent in such weeks", a_month * (weeks.last - weeks.first).days / 30, "hours")
    rows = frames.get("playbook")
    if rows is not None:
        say("rows that take nobody", (~rows["row"].isin(plan["row"])).sum())
    say("days that hours are looked back", 90)
    say("days of [contract]", client.contract.ordered_within_days)
    one = plan.loc[plan["decision"].eq("approach"), "effort_hours"].mean()
    stated = client.worth.hours_per_approach
    if stated is not None:
        say("hours of one approach", stated, "hours")
        say("hours of one action", one, "hours")
        say("actions in the price of an approach", stated / one)
    return found


# --- one held against the other ------------------------------------------------------------------
def differences(text: str, frames: dict[str, pd.DataFrame], client) -> list[str]:
    """What the plan sections of a report say otherwise than the plan; spoken language = its own."""
    plan, known = frames["customers"], facts(frames, client)
    points = re.findall(r"<li>(.*?)</li>", section(text, "in-short"), re.S)
    said = [plain(one) for one in points[:POINTS_OF_THE_PLAN]]
    said += [one for name in SECTIONS for one in sentences_of(section(text, name))]
    wrong = [f"{number} in “{one}”" for one in said for number in numbers(one)
             if number not in known]  # fmt: skip
    by_decision, load, actions = tables_of(section(text, "plan"))[:3]
    wrong += _wrong_rows(
        "decisions", by_decision[1:], _by(plan, ["decision"], client), slice(1, None)
    )
    wrong += _wrong_rows("actions", actions[1:], _by_action(plan, client), slice(3, None))
    (reasons,) = tables_of(section(text, "not-approached"))
    table = {key: row[:2] for key, row in _by(plan, ["decision", "reason"], client).items()}
    wrong += _wrong_rows("reasons", reasons[1:], table, slice(2, None))
    return wrong + list(_wrong_load(load[1:], plan, client)) + list(_wrong_pages(text, plan))


def _by(plan: pd.DataFrame, columns: list[str], client) -> dict[tuple[str, ...], list[str]]:
    """In words: customers, planned, waits for hours, waits for its day, no action, hours."""
    rows = {}
    for codes, part in plan.groupby(columns):
        done = part["planned_week"].notna()
        late = part["waits_because"].isin(["no_hours", "too_long"])
        day = part["waits_because"].isin(["too_soon", "date"])
        none = ~(done | late | day)
        counts = [len(part), *(those.sum() for those in (done, late, day, none))]
        spent = hours(part.loc[done, "effort_hours"].sum())
        rows[_words(columns, codes, client)] = [*(f"{n:,}" for n in counts), spent]
    return rows


def _words(columns: list[str], codes: tuple[str, ...], client) -> tuple[str, ...]:
    return tuple(
        reason_label(code, client) if name == "reason" else str(value_label(name, code))
        for name, code in zip(columns, codes, strict=True)
    )


def _by_action(plan: pd.DataFrame, client) -> dict[tuple[str, ...], list[str]]:
    rows = {}
    columns = ["action", "purpose", "measure"]
    plan = plan if "measure" in plan else plan.assign(measure="")
    for codes, part in plan.groupby(columns):
        done = part["planned_week"].notna()
        late = part["waits_because"].isin(["no_hours", "too_long"])
        if (done | late).any():
            spent = hours(part.loc[done, "effort_hours"].sum())
            rows[_words(columns, codes, client)] = [f"{done.sum():,}", spent, f"{late.sum():,}"]
    return rows


def _wrong_rows(
    name: str, rows: list[list[str]], expected: dict[tuple[str, ...], list[str]], cells: slice
) -> Iterator[str]:
    """Rows of a table that are not those of the plan; a row that is missing is one too."""
    said = {tuple(row[: cells.start]): row[cells] for row in rows}
    for key in {**expected, **said}:
        if said.get(key) != expected.get(key):
            yield f"{name}, {key}: {said.get(key)} is said, {expected.get(key)} is planned"


def _wrong_load(rows: list[list[str]], plan: pd.DataFrame, client) -> Iterator[str]:
    """Per owner and week the hours and the actions, and what waits for hours."""
    weeks = range(1, client.plan.weeks + 1)
    late = plan["waits_because"].isin(["no_hours", "too_long"])
    owners = {str(value_label("owner", owner)): owner for owner in plan["owner"].unique()}
    for row in rows:
        mine = plan["owner"].eq(owners.get(row[0], ""))
        for week, cell in zip([*weeks, 0], row[1:], strict=False):
            those = mine & (late if week == 0 else plan["planned_week"].eq(week))
            expected = {hours(plan.loc[those, "effort_hours"].sum()), f"{those.sum():,}"}
            found = set(re.findall(r"[\d,]+(?:\.\d+)?", cell))
            if not (cell == "—" and not those.any()) and not expected <= found:
                yield f"{row[0]}, week {week}: “{cell}” is said, {sorted(expected)} is planned"


def _wrong_pages(text: str, plan: pd.DataFrame) -> Iterator[str]:
    """Every owner with planned actions has a page, in the order of day and service."""
    part = section(text, "owners")
    pages = dict(zip([plain(one) for one in re.findall(r"<h3>(.*?)</h3>", part)], tables_of(part),
                     strict=True))  # fmt: skip
    done = plan[plan["planned_week"].notna()]
    expected = {str(value_label("owner", owner)) for owner in done["owner"].unique()}
    if set(pages) != expected:
        yield f"pages of {sorted(pages)}, but {sorted(expected)} have planned actions"
    for owner, rows in done.groupby("owner"):
        shown = pages.get(str(value_label("owner", owner)), [[]])
        first = page_of(plan, owner, int(rows["planned_week"].min())).head(15)
        actions = [row[shown[0].index(pgettext("measure", "Content"))] for row in shown[1:]]
        if actions != list(first["content"].str.strip()):
            yield f"the page of {owner} shows other actions than its week"


# --- the tests -----------------------------------------------------------------------------------
@pytest.fixture
def kept(frames):
    plan = frames["customers"]
    spent = pd.Series(0.25, index=plan.index)
    return {name: frames[name] for name in ("owner_load", "freed", "later")} | {
        "customers": plan, "hours": hours_table(plan, spent),
    }  # fmt: skip


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_every_count_of_the_plan_is_that_of_the_plan(client, kept, spoken):
    with language(spoken):
        text = build_report(client, kept).read_text(encoding="utf-8")
        assert differences(text, kept, client) == []
        # and the reader does find one customer who is told otherwise
        for column, value in (
            ("planned_week", None), ("waits_because", "no_hours"), ("decision", "not_approached"),
        ):  # fmt: skip
            moved = kept["customers"].copy()
            moved.loc[moved.index[0], column] = value
            assert differences(text, kept | {"customers": moved}, client) != []


def test_days_shares_and_money_are_no_counts():
    assert numbers("Wed 1 April – Tue 28 April 2026: 1,842 hours, 69% and ¥38.6k.") == ["1842"]
    assert numbers("2026年4月1日（水）〜4月28日（火）の4週間に、38万円、8.4時間") == ["4", "8.4"]


def main(path: str, out: str | None = None) -> int:
    """Hold the report of a real run against its plan."""
    import segment_lib as sl
    from segment_lib.thread import report_frames

    client = sl.open_client(path, out)
    text = (Path(client.out_folder) / "report.html").read_text(encoding="utf-8")
    with language(re.search(r'<html lang="(\w+)"', text)[1]):
        wrong = differences(text, report_frames(client), client)
    print(*wrong, sep="\n")
    print(f"{len(wrong)} differences; {len(weeks_of(client).days)} days planned")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
