"""What was decided, in sentences: whom not to approach, who gets what when, what is not said."""

from __future__ import annotations

import pandas as pd

from segment_lib.approach.plan import says_pinned
from segment_lib.approach.reasons import REASONS
from segment_lib.approach.weeks import weeks_of
from segment_lib.client import Client
from segment_lib.columns import value_label
from segment_lib.in_words import count, customers_said, hours_said, named, percent
from segment_lib.plots.actions import NOBODY_YET
from segment_lib.report.frames import Frames, given, looked_at
from segment_lib.report.results_said import says_contrast, says_results
from segment_lib.report.sentences import how_many_served, says_money, says_register, served_within
from segment_lib.voice import N_, _, ngettext, pgettext, sentences


def says_not_approached(frames: Frames, client: Client) -> list[str]:
    """How many are not approached and why, the break-even, the hold-out, the hours."""
    summary = given(frames, "decision_summary")
    if summary is None:
        return []
    heads = summary.assign(reason=summary["reason"].astype(str)).groupby(
        summary["decision"].astype(str)
    )["customers"]
    total, away = summary["customers"].sum(), heads.sum().get("not_approached", 0)
    served = _served(frames, summary)
    says = _says_away(int(total), int(away), summary)
    return [
        sentences(says, _says_none_served(client) if away and served else ""),
        *_says_disputed(frames),
        *_says_worth(client, served),
        *_says_hold_out(summary),
        *_says_hours(frames, client),
    ]


def _says_disputed(frames: Frames) -> list[str]:
    """Whose records disagree about a contract; the note of the decision names them."""
    notes = given(frames, "decision_notes")
    return [] if notes is None else list(notes.loc[notes["about"] == "contract", "message"])


def _says_away(total: int, away: int, summary: pd.DataFrame) -> str:
    if not away:
        if total == 1:
            return _("Nobody is left out: the one customer has an action or a day.")
        return _(
            "Nobody is left out: each of the {n} customers has an action or a day.", n=count(total)
        )
    rows = summary[summary["decision"].astype(str) == "not_approached"]
    sums = rows.groupby(rows["reason"].astype(str))["customers"].sum()
    sums = sums[sums > 0].sort_values(ascending=False)
    parts = [_("{n} {reason}", n=count(n), reason=_why(str(reason))) for reason, n in sums.items()]
    return ngettext(
        "Of {customers} {n} is not approached: {reasons}.",
        "Of {customers} {n:,} are not approached: {reasons}.",
        away,
        customers=customers_said(total),
        reasons=pgettext("reasons counted", "; ").join(parts),
    )


def _says_none_served(client: Client) -> str:
    days = served_within(client)
    if days is not None:
        return _("Nobody who ordered within {days} days is among them.", days=days)
    return _("Nobody under contract is among them.")


def _served(frames: Frames, summary: pd.DataFrame) -> bool:
    """Whether anybody is under contract, or served like it."""
    if frames.get("customers") is not None:
        return how_many_served(frames["customers"]) > 0
    kept = {"grow", "recover", "keep_serving"}  # decisions that only they can have
    return bool(summary.loc[summary["decision"].astype(str).isin(kept), "customers"].sum())


def _why(reason: str) -> str:
    """A reason as it stands inside a sentence."""
    because = {row.key: row.because for row in REASONS if row.because}.get(reason)
    return _(because) if because else str(value_label("reason", reason)).lower()


def _says_worth(client: Client, served: bool) -> list[str]:
    even = client.worth.break_even
    if even is None:
        return [
            _("No value or cost is stated in [worth], so nobody is called not worth the effort.")
        ]
    pays = _("An approach pays from a success rate of {even} on.", even=percent(even, 1))
    least, days = percent(client.worth.not_worth_probability), served_within(client)
    if not served:
        left_out = _(
            "Someone is left out only where the chance of reaching that is at most {least} in the "
            "band they belong to; doubt means approach.",
            least=least,
        )
    elif days is None:
        left_out = _(
            "Someone without a contract is left out only where the chance of reaching that is at "
            "most {least} in the band they belong to; doubt means approach.",
            least=least,
        )
    else:
        left_out = _(
            "Someone who has not ordered within {days} days is left out only where the chance of "
            "reaching that is at most {least} in the band they belong to; doubt means approach.",
            least=least,
            days=days,
        )
    return [sentences(pays, left_out)]


def _says_hold_out(summary: pd.DataFrame) -> list[str]:
    n = summary.loc[summary["reason"].astype(str) == "hold_out", "customers"].sum()
    says = _(
        "{n} who would have been left out are approached all the same, drawn by lot, so that the "
        "list can be proved wrong.",
        n=count(n),
    )
    return [says] if n else []


def _says_hours(frames: Frames, client: Client) -> list[str]:
    table = given(frames, "hours")
    if table is None:
        return []
    change = table["hours_after"] - table["hours_before"]
    if not (change < 0).any():
        return []  # hours become free only by whom we do not approach
    freed = hours_said(-change.clip(upper=0).sum())
    more = change[change > 0].sort_values(ascending=False)
    if more.empty:
        return [_("{freed} a month become free.", freed=freed)]
    where = _listed("decision", table.loc[more.index, "decision"], pgettext("decisions", ", "))
    return [_("{freed} a month become free; more time goes to: {where}.", freed=freed, where=where)]


def _listed(column: str, codes: pd.Series, between: str) -> str:
    return between.join(str(value_label(column, str(code))) for code in codes)


def says_actions(frames: Frames, client: Client) -> list[str]:
    """How many actions, how many hours, whose work does not fit."""
    load = given(frames, "owner_load")
    if load is None:
        return []
    spent, n = hours_said(load["hours"].sum()), int(load["actions"].sum())
    nobody = load["owner"].astype(str) == NOBODY_YET
    left = int(load.loc[nobody, "actions"].sum())
    without = ngettext("{n} of them has no owner yet.", "{n:,} of them have no owner yet.", left)
    says = _(
        "{actions} for {owners}, {spent} in all.",
        actions=ngettext("{n} action", "{n:,} actions", n),
        owners=ngettext("{n} owner", "{n:,} owners", int((~nobody).sum())),
        spent=spent,
    )
    if nobody.all():
        without = ""
        says = ngettext(
            "{n} action, {spent} in all; no owner is named yet.",
            "{n:,} actions, {spent} in all; no owner is named yet.",
            n,
            spent=spent,
        )
    return [sentences(says, without if left else "", _says_fits(load))]


def _says_fits(load: pd.DataFrame) -> str:
    """Whether the work fits, as far as hours are stated."""
    hours = load["capacity_hours"].astype("float64")
    nobody = load["owner"].astype(str) == NOBODY_YET
    over = load[load["hours"] > hours]
    if nobody.all() and hours.notna().all():
        limit = hours_said(hours.sum())
        if len(over):
            return _("That is more than the {limit} stated.", limit=limit)
        return _("It fits into the {limit} stated.", limit=limit)
    if len(over):
        who = _listed("owner", over["owner"], pgettext("owners", ", "))
        return _("More than fits into the hours of: {who}.", who=who)
    return _("It fits into everyone's hours.") if hours.notna().all() else ""


def says_monday(frames: Frames, client: Client) -> list[str]:
    """Whom the Monday page starts with."""
    page = given(frames, "monday")
    if page is None:
        return []
    first = page.iloc[0]
    name = named(first.get("name", first.name))
    owner = str(first.get("owner", "—"))
    if owner in (NOBODY_YET, "—"):
        says = ngettext(
            "The Monday page (no owner yet) holds {n} action and starts with {name}.",
            "The Monday page (no owner yet) holds {n:,} actions and starts with {name}.",
            len(page),
            name=name,
        )
    else:
        says = ngettext(
            "{owner}'s Monday page holds {n} action and starts with {name}.",
            "{owner}'s Monday page holds {n:,} actions and starts with {name}.",
            len(page),
            owner=owner,
            name=name,
        )
    return [says]


def five_sentences(frames: Frames, client: Client) -> list[str]:
    """The page in at most five sentences, one from each part that has something to say."""
    parts = (
        _headline(frames, client),
        says_money(frames, client)[:1],
        _best_of_results(frames, client) or says_contrast(frames, client)[:1],
        says_not_approached(frames, client)[:1],
        says_actions(frames, client)[:1],
    )
    return [sentence for part in parts for sentence in part]


def _headline(frames: Frames, client: Client) -> list[str]:
    """How many customers, and that no row was lost; the whole ledger stands in part 1."""
    says = says_register(frames, client)
    ledger = given(frames, "ledger")
    if ledger is None or len(says) < 2:
        return says[:1]
    return [sentences(says[1], _says_kept(ledger["rows_in"].sum(), ledger["kept"].sum()))]


def _says_kept(rows: int, kept: int) -> str:
    if rows == kept == 1:
        return _("Its one row was kept.")
    if rows == kept:
        return _("All {rows} rows were kept.", rows=count(rows))
    return _(
        "Of {rows} rows {kept} were kept, and every other row is accounted for.",
        rows=count(rows),
        kept=count(kept),
    )


def _best_of_results(frames: Frames, client: Client) -> list[str]:
    """The first rule if there is one, else what is known of the results."""
    says = says_results(frames, client)
    return (says[1:2] if given(frames, "rules") is not None else []) or says[:1]


WAITS = {
    "under_contract": N_("are under contract now: {ids}"),
    "no_contract": N_("have no contract now: {ids}"),
    "opted_out": N_("have asked not to be contacted: {ids}"),
    "kit_differs": N_("were agreed to, but the kit decides otherwise now: {ids}"),
}
MOST_IDS = 3


def review_state(frames: Frames, client: Client) -> str:
    """How many were looked at one by one: agreed to, decided otherwise, waiting, naming nobody;
    and whose week holds too much because people set days.
    """
    rest = _("What nobody has looked at one by one is provisional.")
    said = frames.get("overrides")
    if said is None or said.empty:
        return rest
    heads = said["state"].value_counts()
    holds, waits, nobody = (int(heads.get(name, 0)) for name in ("holds", "waits", "not_found"))
    agreed = int((said["state"].eq("holds") & said["decision"].eq(said["kit"])).sum())
    looked_at = _(
        "Customers a person has looked at: {looked_at}; agreed with the decision: {agreed}, "
        "decided otherwise: {overruled}.",
        looked_at=count(holds + waits),
        agreed=count(agreed),
        overruled=count(holds - agreed),
    )
    strangers = _(
        "Decisions for ids that stand in no list: {n} ({ids}).",
        n=count(nobody),
        ids=_some_ids(said[said["state"] == "not_found"]),
    )
    customers = frames.get("customers")
    if customers is not None and holds == len(customers):
        rest = _("Everybody was looked at one by one.")
    days_set = customers is not None and {"override_day", "planned_week"} <= set(customers)
    return sentences(
        looked_at,
        _says_waits(said, waits) if waits else "",
        strangers if nobody else "",
        says_pinned(customers, weeks_of(client)) if days_set else "",
        rest,
    )


def _says_waits(said: pd.DataFrame, waits: int) -> str:
    parts = [
        _(WAITS[str(why)], ids=_some_ids(rows))
        for why, rows in said[said["state"] == "waits"].groupby("why", sort=True)
    ]
    return _(
        "Decisions that wait: {n} ({parts}).",
        n=count(waits),
        parts=pgettext("waiting", "; ").join(parts),
    )


def _some_ids(rows: pd.DataFrame) -> str:
    ids = [str(one) for one in rows["customer_id"]]
    more = "" if len(ids) <= MOST_IDS else " …"
    return pgettext("ids", ", ").join(ids[:MOST_IDS]) + more


def what_it_does_not_say(frames: Frames, client: Client) -> list[str]:
    """How sure this is, and what nobody should read into it."""
    rules = given(frames, "rules")
    looked = looked_at(rules)
    searched = _(
        "{looked} combinations were looked at; “confirmed” allows for all of them.",
        looked=count(looked),
    )
    describes = _(
        "It describes customers; it does not prove that an approach causes the result. "
        "Only customers left out by lot could show that."
    )
    learned = _(
        "Those who are customers today were once approached and signed: of those who never "
        "were, less is known."
    )
    unknown = _(
        "“Not yet known” is never counted as failure. Rates stand beside the number of "
        "customers and a 95% interval; below 10 customers no rate is shown."
    )
    advice = _(
        "It gives no legal advice: whether a channel may be used is what the permissions say."
    )
    says = {searched: looked > 0, learned: given(frames, "worth_bands") is not None}
    return [one for one in (searched, describes, learned, unknown, advice) if says.get(one, True)]
