"""What the numbers say, composed from the kept frames: plain English, natural Japanese.

Each function takes the frames and the client and returns sentences; a frame that is not there
gives none. Nothing is computed here beyond sums and shares of what the frames hold.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from segment_lib.approach.decision import HOURS_SENTENCE
from segment_lib.approach.moved_said import claims_said
from segment_lib.approach.service import is_care
from segment_lib.behaviour import revenue_said, types_said
from segment_lib.behaviour.stages import said as growth_said
from segment_lib.behaviour.who_ordered import QUARTER
from segment_lib.client import Client
from segment_lib.columns import value_label
from segment_lib.in_words import count, customers_said, money, percent
from segment_lib.lists import doubts_said
from segment_lib.report.frames import NO_HOURS, Frames, drawable, given, how_many, plan_of
from segment_lib.voice import _, is_to_share, ngettext, pgettext, sentences


def says_register(frames: Frames, client: Client) -> list[str]:
    """How many rows came, what became of them, how many customers, and what one should ask."""
    ledger = given(frames, "ledger")
    rows = "" if ledger is None else _says_rows(ledger)
    doubts = given(frames, "register_doubts")
    asked = [] if doubts is None else doubts_said(doubts)
    return [*filter(None, [rows, _says_who(frames.get("customers"), client)]), *asked]


def _says_rows(ledger: pd.DataFrame) -> str:
    """Where the rows went; what happened to none is not told."""
    counted = ledger[["rows_in", "kept", "set_aside", "folded"]].sum()
    rows, kept, aside, folded = map(int, counted)
    says = _(
        "{lists} held {rows}: {where}.",
        lists=ngettext("{n:,} list", "{n:,} lists", len(ledger)),
        rows=ngettext("{n:,} row", "{n:,} rows", rows),
        where=_where_they_went(kept, aside, folded),
    )
    balance = rows == kept + aside + folded
    return sentences(says, _("The ledger balances to the row.") if balance else "")


def _where_they_went(kept: int, aside: int, folded: int) -> str:
    first = ngettext("{n:,} is in the register", "{n:,} are in the register", kept)
    second = ngettext(
        "{n:,} was set aside, each with its reason",
        "{n:,} were set aside, each with its reason",
        aside,
    )
    third = ngettext(
        "{n:,} was folded because they said the same twice",
        "{n:,} were folded because they said the same twice",
        folded,
    )
    if aside and folded:
        return _("{first}, {second}, and {third}", first=first, second=second, third=third)
    if aside or folded:
        return _("{first}, and {second}", first=first, second=second if aside else third)
    return first


def _says_who(customers: pd.DataFrame | None, client: Client) -> str:
    if customers is None or customers.empty:
        return ""
    n, who, ordered = len(customers), how_many(customers, "under_contract"), ""
    names = ngettext("The register names {n} customer.", "The register names {n:,} customers.", n)
    if "frequency" in customers:
        n = int((customers["frequency"].fillna(0) > 0).sum())
        ordered = (
            ngettext("{n} of them has ordered.", "{n:,} of them have ordered.", n)
            if n
            else _("No order of theirs is in the lists.")
        )
    served = ngettext("{n} is under contract now.", "{n:,} are under contract now.", who)
    days = served_within(client)
    if days is not None:
        served = _("{n} ordered within {days} days.", n=count(who), days=days)
    return sentences(names, ordered, _says_what(customers, client), served if who else "")


def _says_what(customers: pd.DataFrame, client: Client) -> str:
    """What one lays beside one's own books first: orders that stand, and their money."""
    if not {"frequency", "monetary"} <= set(customers) or not customers["frequency"].sum():
        return ""
    orders = int(customers["frequency"].sum())
    spend = money(customers["monetary"].sum(), client.client.currency)
    says = ngettext(
        "The {n} order comes to {spend}.", "The {n:,} orders come to {spend}.", orders, spend=spend
    )
    if client.rules.returns == "net":
        says = ngettext(
            "The {n} order comes to {spend} after returns.",
            "The {n:,} orders come to {spend} after returns.",
            orders,
            spend=spend,
        )
    return says


def served_within(client: Client) -> int | None:
    """Who is served in any case: whoever ordered within so many days; None: by contract."""
    by_orders = client.contract.under_contract == "ordered_within"
    return client.contract.ordered_within_days if by_orders else None


def standing(frames: Frames, client: Client) -> str:
    """What this is a decision about, and what it means for whom we serve, if anybody."""
    if not how_many(frames.get("customers"), "under_contract"):
        return _(HOURS_SENTENCE)
    days, waits = served_within(client), _waiting_care(frames)
    served = _("Nothing changes for customers under contract.")
    if days is not None:
        served = _("Nothing changes for customers who ordered within {days} days.", days=days)
    if waits:
        served = ngettext(
            "{n} action for customers we serve waits, because the hours are too few.",
            "{n:,} actions for customers we serve wait, because the hours are too few.",
            waits,
        )
    return sentences(_(HOURS_SENTENCE), served)


def _waiting_care(frames: Frames) -> int:
    """How many actions wait for hours that help whom we serve, and sell nothing."""
    plan = plan_of(frames)
    if plan is None or "purpose" not in plan:
        return 0
    return int((is_care(plan) & plan["waits_because"].isin(NO_HOURS)).sum())


def says_money(frames: Frames, client: Client) -> list[str]:
    """Who brings the money, how few bring most of it, whether those who pay most get results."""
    abc, curve = frames.get("abc"), given(frames, "lorenz")
    told = [] if abc is None or curve is None else [revenue_said.says_abc(abc, curve)]
    return [*_says_tenths(given(frames, "deciles")), *told]


def _says_tenths(table: pd.DataFrame | None) -> list[str]:
    if table is None:
        return []
    top = table[table["decile"].astype(str) == "1"].iloc[0]
    third = table[table["decile"].astype(str).isin(["1", "2", "3"])]
    says = _(
        "The top tenth, {n} customers, bring {share} of the spend; the top three tenths bring "
        "{third}.",
        n=count(top["customers"]),
        share=percent(top["share"]),
        third=percent(third["share"].sum()),
    )
    return [says, *filter(None, [_says_decile_results(table)])]


def _says_decile_results(table: pd.DataFrame) -> str:
    if not {"results_known", "results_yes"} <= set(table):
        return ""
    top = table["decile"].astype(str) == "1"
    known, yes = (table[name].fillna(0) for name in ("results_known", "results_yes"))
    if not known[top].sum() or not known[~top].sum() or yes.sum() in (0, known.sum()):
        return ""  # nobody to compare, or the same result for everybody
    first, rest = yes[top].sum() / known[top].sum(), yes[~top].sum() / known[~top].sum()
    return _(
        "Of those whose result is known, {first} of the top tenth got results, and "
        "{rest} of all the others. What customers bring in and what they get out are "
        "two questions.",
        first=percent(first),
        rest=percent(rest),
    )


def says_behaviour(frames: Frames, client: Client) -> list[str]:
    """Types, next orders, the pyramid, quotes still out."""
    second, ordered = drawable(frames, "second_orders"), given(frames, "who_ordered")
    since = client.as_of - timedelta(days=QUARTER)
    says = [
        _says_types(given(frames, "five_types"), client),
        "" if second is None else types_said.says_second_orders(second),
        *_says_due(frames),
        _says_pyramid(frames),
        *_says_growth(frames),
        _says_quotes(given(frames, "deal_against_status")),
        _says_moved(frames),
        *([] if ordered is None else claims_said(ordered, since)),
    ]
    return list(filter(None, says))


def _says_moved(frames: Frames) -> str:
    """Why more customers are looked at for a move than have ordered: whose orders all came back."""
    movement, customers = given(frames, "movement"), frames.get("customers")
    if movement is None or customers is None or "frequency" not in customers:
        return ""
    looked_at = int(movement["customers"].sum())
    ordered = int((customers["frequency"].fillna(0) > 0).sum())
    if looked_at <= ordered:
        return ""
    return _(
        "Who moved is asked of {n}, {back} more than have ordered: their orders were all taken "
        "back, but have a day.",
        n=customers_said(looked_at),
        back=count(looked_at - ordered),
    )


def _says_types(table: pd.DataFrame | None, client: Client) -> str:
    if table is None:
        return ""
    rows = table.set_index(table["five_type"].astype(str))
    total, first = rows["customers"].sum(), rows["customers"].get("first_time", 0)
    if total == 1 and first:
        return _("The one customer with orders ordered on one day only.")
    says = _(
        "{first} of {customers} ordered on one day only ({share}).",
        first=count(first),
        customers=customers_said(total),
        share=percent(first / total),
    )
    loyal = rows["customers"].get("loyal", 0)
    return sentences(says, _says_loyal(rows.loc["loyal"], client) if loyal else "")


def _says_loyal(loyal: pd.Series, client: Client) -> str:
    n, lapsed = int(loyal["customers"]), int(loyal["lapsed"])
    spend = money(loyal["spend"], client.client.currency)
    if lapsed > 1 or (lapsed and is_to_share()):
        fields = {"n": count(n), "spend": spend, "lapsed": count(lapsed)}
        return _("{n} loyal customers bring {spend}; {lapsed} of them have gone quiet.", **fields)
    if lapsed:
        return ngettext(
            "{n} loyal customer brings {spend}; 1 of them has gone quiet.",
            "{n:,} loyal customers bring {spend}; 1 of them has gone quiet.",
            n,
            spend=spend,
        )
    return ngettext(
        "{n} loyal customer brings {spend}; none of them has gone quiet.",
        "{n:,} loyal customers bring {spend}; none of them has gone quiet.",
        n,
        spend=spend,
    )


def _says_due(frames: Frames) -> list[str]:
    """Orders to come, what the forecast was worth on the past, and the alarm list."""
    due, test = given(frames, "next_order"), frames.get("next_order_test")
    known = pd.DataFrame() if due is None else due.dropna(subset=["next_to"])
    if known.empty:
        return []
    late = int((known["overdue_days"].fillna(0) > 0).sum())
    says = ngettext(
        "For {n} order to come a range of days from today on is stated; expected before today: "
        "{late}.",
        "For {n:,} orders to come a range of days from today on is stated; expected before today: "
        "{late}.",
        len(known),
        late=count(late),
    )
    if test is None or test.empty:
        return [says]
    people = frames.get("customers")
    if people is None or "alarm" not in people or test.to_dict("records")[0]["tells"] is not True:
        return [says, types_said.says_tested(test)]  # which says why there is no alarm list
    alarm = [types_said.says_alarm(people, test)]
    return [says, types_said.says_tested(test), *alarm]


def _says_pyramid(frames: Frames) -> str:
    """Where it breaks; where all stand on one stage it has no shape."""
    checks = given(frames, "pyramid_checks")
    shapeless = frames.get("pyramid") is not None and drawable(frames, "pyramid") is None
    if checks is None or shapeless:
        return ""
    compared = int(checks["holds"].notna().sum())
    broken = checks[checks["holds"].eq(False).fillna(False)]
    if broken.empty:  # nothing to compare: nobody stands on any stage
        kept = _("The pyramid keeps its shape wherever it can be compared.")
        return kept if compared else ""
    return _(
        "The pyramid breaks in {broken} of the {compared} places that can be compared: {where}.",
        broken=len(broken),
        compared=compared,
        where=pgettext("pyramid", "; ").join(broken["says"].astype(str)),
    )


def _says_growth(frames: Frames) -> list[str]:
    """The pyramid a year ago and now, what a repeater takes, and what comes."""
    path, cost = given(frames, "pyramid_path"), frames.get("repeater_cost")
    if path is None:
        return []
    return [
        growth_said.says_then_now(path),
        growth_said.says_came(path),
        "" if cost is None or cost.empty else growth_said.says_cost(cost),
        growth_said.says_ahead(path),
        growth_said.says_more(path),
    ]


def _says_quotes(table: pd.DataFrame | None) -> str:
    if table is None or not table["deals"].sum():
        return ""
    total = table["deals"].sum()
    now = table.loc[table["status"].astype(str) == "deciding_now", "deals"].sum()
    if not now:
        return ngettext(
            "{n} deal still reads “proposal sent”; none of these customers is deciding now.",
            "{n:,} deals still read “proposal sent”; none of these customers is deciding now.",
            int(total),
        )
    if total == 1 and not is_to_share():
        return _(
            "1 deal still reads “proposal sent”; 1 of these customers ({share}) is deciding now.",
            share=percent(1),
        )
    return ngettext(
        "{total} deals still read “proposal sent”; {n} of these customers ({share}) is "
        "deciding now.",
        "{total} deals still read “proposal sent”; {n:,} of these customers ({share}) are "
        "deciding now.",
        int(now),
        total=count(total),
        share=percent(now / total),
    )


def reason_words(reasons: object, client: Client) -> str:
    """All reasons of a customer in words, the main one first."""
    codes = [part.strip() for part in str(reasons).split(";") if part.strip()]
    return pgettext("reasons", "; ").join(reason_label(code, client) for code in codes)


def reason_label(code: object, client: Client) -> str:
    """One reason in words; where orders say who is served, none speaks of a contract."""
    if code == "on_the_way" and served_within(client) is not None:
        return _("A customer, result still open")
    return str(value_label("reason", code))
