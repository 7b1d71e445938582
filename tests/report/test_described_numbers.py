"""Every count in the parts of the report that describe the customers, worked out again.

`described` reads tables, sentences, and the numbers drawn in the pictures, in either language, and
holds them against sums over one row per customer and over the register: plain pandas, none of the
functions that made them. tests/test_plan_on_samples.py calls it on both samples.
"""

from __future__ import annotations

import base64
import html
import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

import numpy as np
import pandas as pd
from described_facts import (
    Facts,
    abc,
    alarm,
    back_test,
    doubts,
    due,
    growth,
    kaplan_meier,
    quotes,
    requests,
    returns,
    second_orders,
    unknown,
    who_ordered,
)
from test_report_numbers import POINTS_OF_THE_PLAN, plain, section, tables_of

from segment_lib.columns import label, values_of
from segment_lib.in_words import SMALLEST_SHOWN, count, hours, percent
from segment_lib.plots import charts
from segment_lib.plots.lists import MOST_REASONS
from segment_lib.plots.repeats import MOST_MONTHS
from segment_lib.results.rules.search import NEEDED_KNOWN, NEEDED_SUCCESSES
from segment_lib.voice import pgettext, said_by_people

DAYS = re.compile(r"\d{4}-\d\d-\d\d|\d+年\d+月\d+日|95% intervals?|95%区間|\d割|\dつの|1日に絞")
NUMBER = re.compile(r"[¥$]?-?[¥$]?\d+(?:\.\d+)?(?:[kMB]\b|[万億]?円|%)?")
MOST_LATE = 12  # shown in the picture of what is due


def told(text: str) -> list[str]:
    """The numbers of a text as they stand there: counts, shares, money; no days."""
    return NUMBER.findall(re.sub(r"(?<=\d),(?=\d{3})", "", DAYS.sub(" ", text)))


def as_told(expected: list[object]) -> list[str]:
    """What should be told: whole numbers with marks, everything else as it is written."""
    found = [
        as_told(one) if isinstance(one, list) else told(one if isinstance(one, str) else count(one))
        for one in expected
    ]
    return list(chain(*found))


class Page:
    """The parts of the page: sentences, tables, and what each picture says and draws."""

    def __init__(self, text: str, own: list[str]) -> None:
        self.text, self.own = text, own
        self.pictures = {}
        for source, alt in re.findall(r'<img src="data:[^,]*,([^"]*)" alt="([^"]*)"', text):
            drawn = re.findall(r"<!-- (.*?) -->", base64.b64decode(source).decode(), re.S)
            self.pictures[html.unescape(alt)] = [html.unescape(one) for one in drawn]

    def sentences(self, name: str) -> list[list[str]]:
        """Per sentence with numbers its numbers; what people and rules call a thing is left out."""
        part = section(self.text, name)
        said = [plain(one) for one in re.findall(r"<p[^>]*>(.*?)</p>", part, re.S)]
        return [sorted(found) for one in said if (found := told(self.without_names(one)))]

    def points(self, first: int) -> list[list[str]]:
        """The same of "In short", from the point on that is the `first` to describe."""
        points = re.findall(r"<li>(.*?)</li>", section(self.text, "in-short"), re.S)[first:]
        return [sorted(told(self.without_names(plain(one)))) for one in points]

    def without_names(self, text: str) -> str:
        for name in sorted(self.own, key=len, reverse=True):
            text = text.replace(name, " ")
        return text

    def picture(self, name: str) -> tuple[list[str], list[str]] | None:
        """The numbers below a picture's question, and those drawn in it; None: not drawn."""
        for alt, drawn in self.pictures.items():
            if alt.startswith(question := str(charts()[name].question)):
                below = told(alt.removeprefix(question))
                below = below[:2] if name == "ledger" else below  # no count: where its axis begins
                return below, told(" | ".join(self.without_names(one) for one in drawn))
        return None


# --- the sentences -------------------------------------------------------------------------------
def expected_sentences(facts: Facts) -> dict[str, list[list[object]]]:
    """Per part of the page the numbers of each sentence that has any."""
    frames, people, ordered = facts.frames, facts.people, facts.ordered
    rows, kept, aside, folded = frames["ledger"][["rows_in", "kept", "set_aside", "folded"]].sum()
    served, days = facts.flag("under_contract").sum(), facts.client.contract.ordered_within_days
    by_orders = facts.client.contract.under_contract == "ordered_within"
    who = [len(people), len(ordered), served, *([days] if by_orders else [])]
    shares = [facts.spend(one) / facts.spend(ordered) for one in facts.tenths.values()]
    top = facts.tenths["1"]
    rest = facts.known & ~people.index.isin(top.index)
    first = facts.yes(top) / facts.known[top.index].sum()
    others = facts.yes(people[rest]) / rest.sum()
    known, won, learned = facts.known.sum(), facts.yes(people), len(facts.learned)
    found = [known, won, percent(won / known), known - won, *unknown(facts)]
    found += [learned, known - learned] if learned not in (0, known) else []
    field = {name: people[people["field"] == name] for name in values_of("field")}
    pays, grow = field["pays_gets_nothing"], field["gets_results_pays_little"]
    tops = [len(top), percent(shares[0]), percent(sum(shares[:3]))]
    best = next(iter(_of_rules(facts))) if len(frames["rules"]) else found
    return {
        "in-short": [[*who, rows, kept], tops, best],
        "register": [
            [len(frames["ledger"]), rows, kept, *(n for n in (aside, folded) if n)], who,
            *doubts(facts),
        ],
        "money": [tops, [percent(first), percent(others)], list(_of_abc(facts))],
        "behaviour": list(_of_behaviour(facts)),
        "results": [found, *_of_rules(facts)],
        "target": list(_of_target(facts)),
        "contrast": [
            [len(pays), facts.money(facts.spend(pays)), len(grow)],
            [facts.flag("silent_leaver").sum()],
        ],
    }  # fmt: skip


def _of_behaviour(facts: Facts) -> Iterator[list[object]]:
    types = facts.ordered.groupby("five_type")
    once, loyal = (types.get_group(name) for name in ("first_time", "loyal"))
    gone = loyal["lapsed"].fillna(False).astype(bool).sum()
    share = percent(len(once) / len(facts.ordered))
    yield [len(once), len(facts.ordered), share, len(loyal), facts.money(facts.spend(loyal)), gone]
    yield list(_of_second_orders(facts))
    yield list(due(facts))
    yield back_test(facts)
    yield alarm(facts)
    checks = facts.frames["pyramid_checks"]
    broken = checks[checks["holds"].eq(False).fillna(False)]
    if len(broken):
        yield [len(broken), checks["holds"].notna().sum(), *broken["says"]]
    yield from growth(facts)
    deals = quotes(facts)
    if len(deals):
        now = deals.eq("deciding_now").sum()
        yield [len(deals), now, percent(now / len(deals))]
    moved = facts.frames["movement"]["customers"].sum()
    if moved > len(facts.ordered):
        yield [moved, moved - len(facts.ordered)]
    yield from _beside_expected(facts)


def _beside_expected(facts: Facts) -> Iterator[list[object]]:
    """Of all, and of what is claimed: heads counted again, beside what was expected of them."""
    told, so = facts.frames["who_ordered"].set_index("before"), who_ordered(facts)
    shown = told[(told.index == "all") | told["compared"].isin(["more", "less"])]
    shown = shown[~shown["compared"].isin(["too_few", "unknown"])]
    for group, row in shown.iterrows():
        heads, ordered = so.loc[group]
        expected = row["expected_customers"]
        off = [] if row["compared"] == "as_expected" else [percent(abs(ordered / expected - 1))]
        fall = row["smallest_fall"]
        seen = [f"{math.ceil(100 * fall)}%"] if fall < 1 else []
        yield [ordered, heads, count(expected), *off, *seen]
    if len(shown) and shown["season"].iloc[0] != "unknown":
        yield [told["windows"].iloc[0]]


def _of_abc(facts: Facts) -> Iterator[object]:
    heads, shares, uneven = abc(facts)
    for n, share in zip(heads, shares, strict=True):
        yield [n, percent(n / sum(heads)), percent(share)]
    yield f"{uneven:.2f} 0 1"


def _of_second_orders(facts: Facts) -> Iterator[object]:
    people, shares = second_orders(facts)
    sizes = people["month"].value_counts()
    yield "F2"
    for within in shares:
        known = shares[within].dropna()
        n = sizes[known.index].sum()
        back = (people.loc[people["month"].isin(known.index), "waited"] <= within).sum()
        yield [percent(back / n), within, n]
    yield [360, *map(percent, kaplan_meier(people, 360))]
    yield [360, shares.index[shares[360].isna()].min()]


def _of_rules(facts: Facts) -> Iterator[list[object]]:
    rules, won = facts.frames["rules"], facts.yes(facts.learned)
    known = len(facts.learned)
    overall = percent(won / known)
    if rules.empty:
        left = max(NEEDED_KNOWN - known, round((NEEDED_SUCCESSES - won) / (won / known)))
        yield [known, won, NEEDED_KNOWN, NEEDED_SUCCESSES, left, overall]
    covered = pd.Series(False, facts.learned.index)
    for verdict in ("confirmed", "warning"):
        for row in rules[rules["verdict"] == verdict].itertuples():
            half = [percent(one) for one in (row.successes / row.n, row.low, row.high)]
            new = [percent(one) for one in (row.successes_left / row.n_left, row.low_left,
                                            row.high_left)]  # fmt: skip
            # A rule of requests is not to be seen in the lists, nor who is left once it holds.
            rest = None if covered is None else facts.learned[~covered]
            left = row.overall_left if rest is None else facts.yes(rest) / len(rest)
            beside = [row.n_left, *new, percent(left)] if row.overall_left != won / known else []
            yield [row.n, *half, overall, row.successes_all, row.n_all, *beside]
            those = facts.meets(row.conditions)
            unseen = covered is None or those is None
            covered = None if unseen else covered | covered.index.isin(those.index)
    for line in str(facts.frames["rules_note"]["questions"].iloc[0]).splitlines():
        name, level = re.search(r"(\w+) = ([^\s:]+)", line).groups()
        those = facts.learned[facts.learned[name].astype("str").eq(level)]
        yield [facts.yes(those), len(those), f"{len(those) * won / known:.0f}"]


def _of_target(facts: Facts) -> Iterator[list[object]]:
    """Whom to look for: the largest groups in heads, what tells apart, the main customers."""
    people, learned, target = facts.people, facts.learned, facts.frames["target"]
    labels = {said_by_people(one.label_en or name, one.label_ja or name): name
              for name, one in facts.client.attributes.items()}  # fmt: skip
    yes_no = {pgettext("level", one): one for one in ("yes", "no")}

    def at(attribute: str, level: str, rows: pd.DataFrame) -> pd.DataFrame:
        name = labels[attribute]
        return rows[facts.levels(name, rows).astype("object").eq(yes_no.get(level, level))]

    own = target[~target["level"].isin(values_of("level"))]
    for name, rows in own.groupby("attribute", sort=False):
        heads = [(facts.yes(at(name, one, learned)), len(at(name, one, learned)),
                  len(at(name, one, people)), one) for one in rows["level"]]  # fmt: skip
        largest = sorted(heads, key=lambda one: one[0], reverse=True)[:3]
        yield list(chain(*((won, n, percent(won / n), *rest) for won, n, *rest in largest if won)))
    looked = sum(len(at(row.attribute, row.level, learned)) >= 10 for row in own.itertuples())
    tell = own[own["tells_apart"]]
    both = own[own["n"] >= 10].groupby("attribute").size().eq(2)  # of a yes and its no the better
    better = own.loc[own.groupby("attribute")["rate"].idxmax(), "level"]
    tell = tell[~tell["attribute"].isin(both.index[both]) | tell.index.isin(better.index)]
    told = [[row.level, percent(facts.yes(at(row.attribute, row.level, learned)) / row.n), row.n,
             percent(row.low), percent(row.high)] for row in tell.itertuples()]  # fmt: skip
    yield [
        looked,
        *([len(tell), percent(facts.yes(learned) / len(learned))] if told else []),
        *told,
    ]
    spread = facts.frames["target_spread"]
    ends = [[row.lowest, percent(row.lowest_rate), row.highest, percent(row.highest_rate)]
            for row in spread.itertuples()]  # fmt: skip
    requests = spread[spread["known_at"] == "after_contract"]
    if len(requests):
        before = spread[spread["known_at"] == "before_contract"]
        tells = before[before["p"] < 0.05 / len(spread)]
        reach = before["highest_rate"] - before["lowest_rate"]
        at_most = reach[tells.index].idxmax() if len(tells) else reach.idxmax()
        n = requests[["lowest_n", "highest_n"]].iloc[0].tolist()
        only = [len(before) - len(tells), len(before)] if 0 < len(tells) < len(before) else []
        yield [*n, *ends[requests.index[0]], *ends[at_most], *only]
    did = facts.flag("did_all") | people["incident_state"].eq("fan").fillna(False).astype(bool)
    if did.any():
        yield [did.sum(), facts.yes(people[did])]
    # What stands below the tables.
    rest = [len(rows) - 5 - rows["tells_apart"].iloc[5:].sum()
            for _name, rows in own.groupby("attribute")]  # fmt: skip
    yield from ([n] for n in (sum(n for n in rest if n > 0), did.sum() - 15) if n > 0)


def _of_proof(facts: Facts) -> Iterator[list[object]]:
    """What followed results, and how many combinations were looked at."""
    later = facts.frames["later"]
    for _measure, rows in later.groupby("measure"):
        for row in rows.itertuples():
            yield [percent(row.successes / row.n, 1), row.n]
    for searched in facts.frames["rules"]["looked_at"].head(1):
        yield [searched]


# --- the pictures and the tables -----------------------------------------------------------------
def expected_pictures(facts: Facts) -> Iterator[tuple[str, list[object], list[list[object]]]]:
    """Per picture: the numbers below its question, and the runs of numbers that are drawn."""
    frames, people, ordered, n = facts.frames, facts.people, facts.ordered, len(facts.ordered)
    yield "attributes", [len(people)], []
    lines = frames["ledger"]
    aside = facts.read("set_aside")["reason"].value_counts()
    gone = [*aside.head(MOST_REASONS), aside.iloc[MOST_REASONS:].sum(), lines["folded"].sum()]
    ends = [[lines[one].sum(), percent(lines[one].sum() / lines["rows_in"].sum(), 1)]
            for one in ("rows_in", "kept")]  # fmt: skip
    yield "ledger", [lines["rows_in"].sum(), len(lines)], [*ends, *([n] for n in gone if n)]
    tenths = facts.tenths
    known = [[one, facts.known[rows.index].sum()] for one, rows in tenths.items()]
    shares = [percent(facts.spend(rows) / facts.spend(ordered)) for rows in tenths.values()]
    yield "deciles", [n, shares[0]], [known, shares]
    heads, money_of, uneven = abc(facts)
    best, spent = np.cumsum(heads) / sum(heads), np.cumsum(money_of)
    drawn = [[percent(a), percent(b)] for a, b in zip(best[:2], spent[:2], strict=True)]
    yield "lorenz", [sum(heads), f"{uneven:.2f}"], drawn
    of_months, shares = second_orders(facts)
    sizes = of_months["month"].value_counts().sort_index().tail(MOST_MONTHS)
    cells = [[f"{100 * one:.0f}" for one in shares.loc[month].dropna()]
             for month, n in sizes.items() if n >= SMALLEST_SHOWN]  # fmt: skip
    named = [[f"{month} · {n}"] for month, n in sizes.items()]
    yield "second_orders", [sizes.sum(), SMALLEST_SHOWN], [*cells, *named]
    segments = [ordered[ordered["rfm_segment"] == one] for one in frames["rfm_segments"].iloc[:, 0]]
    both = [[len(rows), facts.money(facts.spend(rows))] for rows in segments]
    yield "rfm_segments", [n], [both]
    yield "five_types", [n], [_type(rows) for _code, rows in ordered.groupby("five_type")]
    shown = min(MOST_LATE, due(facts)[0])
    yield "next_order", [*due(facts), shown, facts.client.next_order.horizon_days], []
    yield "waiting_curve", [returns(facts).sum()], [[one] for one in returns(facts)]
    shape = facts.pyramid
    drawn = [list(shape["heads"]), [hours(one) for one in shape["hours"]],
             [facts.money(one) for one in shape["revenue"]], list(shape["beside"])]  # fmt: skip
    yield "pyramid", [shape["heads"].sum(), shape["beside"].sum()], drawn
    path = frames["pyramid_path"]
    active = [shape["heads"].sum(), *([8, 10] if (path["scenario"] == "as_now").any() else [])]
    yield "pyramid_path", active, []
    brought = path[(path["scenario"] == "seen") & (path["stage"] == "all")]["orders"].sum()
    yield "orders_ahead", [brought, 8, 10], []
    deals = quotes(facts)
    stand = [[(deals == one).sum(), percent((deals == one).mean())] for one in values_of("status")]
    yield "deal_against_status", [len(deals), (deals == "deciding_now").sum()], stand
    steps = requests(facts)
    well = [[percent(row.done / row.asked), row.days] for row in steps.itertuples()]
    yield "steps_funnel", [steps["asked"].max() if len(steps) else 0], well
    groups = [rows for _number, rows in ordered.groupby("cluster")]
    yield "cluster_choice", [len(groups)], [[percent(min(map(len, groups)) / n)]]
    yield "cluster_profile", [n, len(groups)], list(_clusters(facts, groups))
    moves = frames["movement"]
    cells = [[row.customers, percent(row.share_of_row)] for row in moves.itertuples()]
    yield "movement", [moves["customers"].sum()], [cells]
    expected, so = (
        frames["who_ordered"].set_index("before")["expected_customers"],
        who_ordered(facts),
    )
    drawn = [[row.ordered, row.customers, count(expected[row.Index])] for row in so.itertuples()]
    yield "who_ordered", [so.loc["all", "customers"]], drawn
    rates = frames["result_rates"]
    yield "result_rates", [len(facts.learned)], [list(map(_rate, rates.itertuples()))]
    guesses = frames["guesses"]
    yield "guesses", [len(guesses)], [list(map(_rate, guesses.itertuples()))]
    rules = frames["rules"]
    searched = rules["looked_at"].head(1).tolist()
    found = [[*_rate(row), row.successes_all, row.n_all] for row in rules.itertuples()]
    yield "rules", searched, [found]
    bands = frames["worth_bands"]
    drawn = [[row.band, row.decided, percent(row.p_worth_it)] for row in bands.itertuples()]
    yield "worth_bands", [bands["decided"].sum()], [drawn]
    of_known = facts.spend(people[facts.known])
    by_field = [people[(people["field"] == one) & facts.known] for one in values_of("field")]
    drawn = [[len(rows), facts.money(facts.spend(rows)), percent(facts.spend(rows) / of_known)]
             for rows in by_field if len(rows)]  # fmt: skip
    away = facts.money(facts.spend(people[~facts.known]))
    yield "fields", [facts.known.sum(), (~facts.known).sum(), away], drawn


def _type(rows: pd.DataFrame) -> list[object]:
    margin = rows["margin_sum"].sum() / rows["monetary"].sum()
    return [len(rows), rows["lapsed"].fillna(False).astype(bool).sum(), percent(margin)]


def _rate(row: object) -> list[object]:
    share = row.successes / row.n if hasattr(row, "successes") else row.rate
    return [percent(share), row.n]


def _clusters(facts: Facts, groups: list[pd.DataFrame]) -> Iterator[list[object]]:
    yield [len(rows) for rows in groups]
    yield [facts.money(rows["monetary"].mean()) for rows in groups]
    yield [facts.money(rows["monetary"].median()) for rows in groups]
    yield [f"{rows['frequency'].median():g}" for rows in groups]
    yield [f"{rows['recency_days'].median():.0f}" for rows in groups]


def expected_rows(facts: Facts) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Per part its table: the name of each row and the cells after it that count."""
    ledger = facts.frames["ledger"].set_index("list")
    cells = ledger[["rows_in", "kept", "set_aside", "folded"]]
    yield "register", {one: [count(n) for n in row] for one, row in cells.iterrows()}
    names = facts.frames["rfm_segments"]
    by = facts.ordered.groupby(facts.ordered["rfm_segment"].astype("object"))
    counted = {one: by.get_group(one) if one in by.groups else facts.ordered.iloc[:0]
               for one in names["rfm_segment"].astype("object")}  # fmt: skip
    yield (
        "money",
        {
            name: [count(len(rows)), facts.money(facts.spend(rows))]
            for name, rows in zip(names["name"], counted.values(), strict=True)
        },
    )
    yield "results", {
        row.rule: [
            count(row.n), percent(row.successes / row.n), f"{percent(row.low)} {percent(row.high)}",
            f"{count(row.successes_all)} {count(row.n_all)}",
        ]
        for row in facts.frames["rules"].itertuples()
    }  # fmt: skip


# --- what was kept on the way, against the register ----------------------------------------------
def kept_otherwise(facts: Facts) -> Iterator[str]:
    """Kept counts that one row per customer or the register does not bear out."""
    frames, ledger = facts.frames, facts.frames["ledger"]
    apart = ledger["rows_in"] - ledger[["kept", "set_aside", "folded"]].sum(axis=1)
    if apart.any():
        yield f"the ledger does not balance: {list(ledger.loc[apart != 0, 'list'])}"
    aside = facts.read("set_aside").groupby("list").size().reindex(ledger["list"], fill_value=0)
    if list(aside) != list(ledger["set_aside"]):
        yield f"set aside: {list(aside)} rows in the register"
    lines = ledger.groupby("table")["kept"].sum()
    for table in lines.index.difference(["customers", "order_lines", "adjustments"]):
        if len(facts.read(table)) != lines[table]:
            yield f"{table}: {lines[table]} kept, {len(facts.read(table))} in the register"
    sold = len(facts.read("order_lines")) + len(facts.read("adjustments"))
    if sold != lines.reindex(["order_lines", "adjustments"]).sum():
        yield f"order lines and adjustments: {sold} in the register"
    shape, checks = facts.pyramid, frames["pyramid_checks"]
    for row in checks[checks["what"] == "customers"].itertuples():
        lower, upper = (shape["heads"][one] for one in (row.lower_stage, row.upper_stage))
        if bool(row.holds) != (lower > upper) and lower + upper:
            yield f"pyramid: {lower} → {upper} holds: {row.holds}"
    last = pd.to_datetime(facts.read("orders").groupby("customer_id")["ordered_on"].max())
    back = (facts.day - last[last <= facts.day]).dt.days  # of whom every order was taken back, too
    days = facts.people["recency_days"].astype("float64").fillna(back.reindex(facts.people.index))
    now = pd.cut(days, [-1, 90, 181, 1e6], labels=["active", "cooling", "quiet"])
    told = frames["movement"].groupby("after")["customers"].sum()
    for name, heads in now.value_counts().items():
        if told.get(name) != heads:
            yield f"movement: {told.get(name)} now {name}, but {heads} are"
    told, so = frames["who_ordered"].set_index("before"), who_ordered(facts)
    for name, row in told.iterrows():
        if list(row[["customers", "ordered"]]) != list(so.loc[name]):
            yield f"who ordered, {name}: {list(so.loc[name])} are"
    for rules, heads, won in (("guesses", "n", "successes"), ("rules", "n_all", "successes_all")):
        for row in frames[rules].itertuples():
            those = facts.meets(row.conditions)
            said = getattr(row, heads), getattr(row, won)
            if those is not None and said != (len(those), facts.yes(those)):
                yield f"{rules}, {row.rule}: {said}, but {len(those)}, {facts.yes(those)} are"
    for name in facts.client.attributes:
        rates = frames["result_rates"]
        told = rates[rates["group"] == label(name)].set_index("level")
        own = facts.levels(name, facts.learned) if len(told) else None
        for level, row in told.iterrows():
            those = facts.learned[own == level] if level in set(own) else None
            if those is not None and (row["n"], round(row["rate"], 9)) != (
                len(those), round(facts.yes(those) / len(those), 9),
            ):  # fmt: skip
                yield f"{name} {level}: n {row['n']}, but {len(those)} are"


def described(text: str, frames: dict[str, pd.DataFrame], client) -> list[str]:
    """What the describing parts of a report say otherwise than the rows it was made from."""
    facts = Facts(frames, client)
    own = [client.outcome.label_en, client.outcome.label_ja, *frames["rules"]["rule"]]
    page = Page(text, [one for one in own if one])
    wrong = list(kept_otherwise(facts))
    for name, sentences in expected_sentences(facts).items():
        parts = page.points(POINTS_OF_THE_PLAN) if name == "in-short" else page.sentences(name)
        said = Counter(map(tuple, parts))
        so = Counter(tuple(sorted(as_told(one))) for one in sentences)
        wrong += [f"{name}: {list(one)} is said and is not so" for one in said - so]
        wrong += [f"{name}: {list(one)} is so and is not said" for one in so - said]
    proof = Counter(chain(*page.sentences("if-wrong")))
    for one in map(as_told, _of_proof(facts)):
        wrong += [f"if-wrong: {one} is so and is not said"] if Counter(one) - proof else []
    for name, below, runs in expected_pictures(facts):
        seen = page.picture(name)
        if seen is None:
            continue
        if sorted(seen[0]) != sorted(as_told(below)):
            wrong.append(f"picture {name}: {seen[0]} below it, {as_told(below)} is so")
        line = " ".join(["", *seen[1], ""])
        wrong += [f"picture {name}: {one} is not drawn" for one in map(as_told, runs)
                  if one and f" {' '.join(one)} " not in line]  # fmt: skip
    for name, rows in expected_rows(facts):
        table = (tables_of(section(text, name)) or [[]])[0][1:]
        found = {row[0]: told(" | ".join(row[1:])) for row in table}
        wrong += [f"{name}, {one}: {found.get(one)} in the table, {cells} is so"
                  for one, cells in rows.items()
                  if Counter(as_told(cells)) - Counter(found.get(one, []))]  # fmt: skip
        if len(table) != len(rows):
            wrong.append(f"{name}: {len(table)} rows, {len(rows)} should be")
    return wrong
