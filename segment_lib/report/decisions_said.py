"""What was decided, in sentences: who gets what when, whom not to approach, what if it is wrong."""

from __future__ import annotations

import pandas as pd

from segment_lib.approach import said as approach_said
from segment_lib.approach.choosing import ADDRESSES
from segment_lib.approach.hours import page_of
from segment_lib.approach.plan import says_pinned
from segment_lib.approach.reasons import FOR_A_SCORE, IDLE, REASONS
from segment_lib.approach.views import proof_view
from segment_lib.approach.weeks import Weeks, weeks_of
from segment_lib.client import Client
from segment_lib.columns import value_label, value_labels
from segment_lib.in_words import (
    count,
    customers_said,
    days_said,
    hours_said,
    named,
    percent,
    some_ids,
)
from segment_lib.plots.actions import NOBODY_YET
from segment_lib.report.frames import (
    NO_HOURS,
    Frames,
    decisions_in,
    given,
    how_many,
    looked_at,
    plan_of,
)
from segment_lib.report.results_said import says_contrast, says_results
from segment_lib.report.sentences import says_money, says_register, served_within
from segment_lib.voice import N_, _, ngettext, pgettext, sentences


def says_plan(frames: Frames, client: Client) -> list[str]:
    """What is planned from when to when, what is decided for how many, what waits and why."""
    plan = plan_of(frames)
    if plan is None:
        return []
    return [
        sentences(_says_planned(plan, client), approach_said.says_waiting(plan, client)),
        *_says_addresses(frames, plan),
        *filter(None, [_says_beside_spent(frames, client), approach_said.says_price(plan, client)]),
    ]


def _says_addresses(frames: Frames, plan: pd.DataFrame) -> list[str]:
    """Which channels need an address that no list holds; a copy to share holds none of anybody."""
    customers = frames.get("customers")
    told = customers is not None and set(ADDRESSES.values()) <= set(customers)
    return approach_said.says_addresses(plan, customers) if told else []


def _says_beside_spent(frames: Frames, client: Client) -> str:
    hours = given(frames, "hours")
    return "" if hours is None else approach_said.says_beside_spent(hours, weeks_of(client))


def _says_planned(plan: pd.DataFrame, client: Client) -> str:
    weeks, done = weeks_of(client), plan[plan["planned_week"].notna()]
    owners = done.loc[done["owner"] != NOBODY_YET, "owner"].nunique()
    left = int(done["owner"].eq(NOBODY_YET).sum())
    fields = {
        "actions": ngettext("{n} action is planned", "{n:,} actions are planned", len(done)),
        "hours": hours_said(done["effort_hours"].sum()),
        "weeks": ngettext("{n} week", "{n} weeks", client.plan.weeks),
        "days": days_said(weeks.first, weeks.last),
    }
    if not owners:
        return _("{actions} in {weeks}, {days}: {hours} in all. No owner is named yet.", **fields)
    owned = ngettext("{n} owner", "{n:,} owners", owners)
    says = _("{actions} for {owners} in {weeks}, {days}: {hours} in all.", owners=owned, **fields)
    nobody = ngettext("{n} of them has no owner yet.", "{n:,} of them have no owner yet.", left)
    return sentences(says, nobody if left else "")


def _says_decisions(plan: pd.DataFrame) -> str:
    """Every decision with its heads, and how many of them are planned in these weeks."""
    parts = []
    for row in decisions_in(plan).itertuples():
        fields = {"decision": value_label("decision", row.decision), "n": count(row.customers)}
        parts.append(
            _("{decision} {n}", **fields)
            if row.decision in IDLE
            else _(
                "{decision} {n} (in these weeks {planned})", planned=count(row.planned), **fields
            )
        )
    return _(
        "What is right for whom, whatever hours there are: {parts}.",
        parts=pgettext("decisions counted", "; ").join(parts),
    )


def says_actions(frames: Frames, client: Client) -> list[str]:
    """How many actions the weeks hold for how many owners, how many hours; what does not fit."""
    load = given(frames, "owner_load")
    if load is None:
        return []
    done, late = load[load["week"] > 0], load[load["week"] == 0]
    spent, n = hours_said(done["hours"].sum()), int(done["actions"].sum())
    busy = done[done["actions"] > 0]
    owners = busy.loc[busy["owner"].astype(str) != NOBODY_YET, "owner"].nunique()
    if owners:
        says = _(
            "{actions} for {owners}, {spent} in all.",
            actions=ngettext("{n} action", "{n:,} actions", n),
            owners=ngettext("{n} owner", "{n:,} owners", owners),
            spent=spent,
        )
    else:
        says = ngettext(
            "{n} action, {spent} in all; no owner is named yet.",
            "{n:,} actions, {spent} in all; no owner is named yet.",
            n,
            spent=spent,
        )
    names = value_labels("owner", late.loc[late["actions"] > 0, "owner"], pgettext("owners", ", "))
    waits = ngettext(
        "{n} action more ({hours}) does not fit into the weeks: {who}.",
        "{n:,} actions more ({hours}) do not fit into the weeks: {who}.",
        int(late["actions"].sum()),
        hours=hours_said(late["hours"].sum()),
        who=names,
    )
    return [sentences(says, waits if late["actions"].sum() else "")]


def first_pages(plan: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Every owner with planned actions: the rows of the first week that has any, by day."""
    first = plan[plan["planned_week"].notna()].groupby("owner")["planned_week"].min()
    owners = sorted(first.index, key=lambda owner: (owner == NOBODY_YET, owner))
    return [(owner, page_of(plan, owner, int(first[owner]))) for owner in owners]


def says_week(page: pd.DataFrame, client: Client) -> str:
    """Of one owner's week (as `page_of` gives it): which days it has, how much, with whom it
    starts.
    """
    if page.empty:
        return _("Nothing is planned in this week.")
    number, first = int(page["planned_week"].iloc[0]), page.iloc[0]
    return ngettext(
        "{week}: {n} action, {hours}. It starts with {name}.",
        "{week}: {n:,} actions, {hours}. It starts with {name}.",
        len(page),
        week=week_said(weeks_of(client), number),
        hours=hours_said(page["effort_hours"].sum()),
        name=named(who(first)),
    )


def says_balance(plan: pd.DataFrame, owner: str) -> str:
    """与える：求める of one owner: how often their customers were given something and asked for
    something in 90 days; "" where no list tells.
    """
    if not {"gave_90d", "asked_90d"} <= set(plan):
        return ""
    own = plan[plan["owner"] == owner]
    gave, asked = (int(own[name].fillna(0).sum()) for name in ("gave_90d", "asked_90d"))
    if not gave + asked:
        return ""
    return _("In 90 days: {gave} given, {asked} asked for.", gave=count(gave), asked=count(asked))


def who(row: pd.Series) -> str:
    """The name of a customer, or the number where no list names them."""
    name = row.get("name")
    return str(row.name if name is None or pd.isna(name) or not str(name).strip() else name)


def week_said(weeks: Weeks, number: int) -> str:
    """A week of the plan with its first and its last day."""
    days = weeks.days[weeks.week == number]
    if not len(days):
        return _("Week {n}: no working day", n=number)
    return _("Week {n}: {days}", n=number, days=days_said(days[0], days[-1]))


def says_not_approached(frames: Frames, client: Client) -> list[str]:
    """How many are not approached and why, the break-even, the hold-out, the hours that were."""
    summary = given(frames, "decision_summary")
    if summary is None:
        return []
    left_out = summary["decision"].astype(str) == "not_approached"
    total, away = summary["customers"].sum(), summary.loc[left_out, "customers"].sum()
    served, freed = _served(frames, summary), frames.get("freed")
    plan = plan_of(frames)
    idle = 0 if plan is None else int(plan["waits_because"].eq("nothing_now").sum())
    says = _says_away(int(total), int(away), idle, summary[left_out])
    told = [
        sentences(says, _says_none_served(client) if away and served else ""),
        *_notes_about("contract", frames),  # whose records disagree
        _says_worth(client, served),
        _says_hold_out(summary),
        "" if freed is None else approach_said.says_freed(freed),
    ]
    return list(filter(None, told))


def _notes_about(what: str, frames: Frames) -> list[str]:
    """What the decision itself notes."""
    notes = given(frames, "decision_notes")
    return [] if notes is None else list(notes.loc[notes["about"] == what, "message"])


def _says_away(total: int, away: int, idle: int, rows: pd.DataFrame) -> str:
    if not away:
        if total == 1:
            return _("Nobody is left out: the one customer has an action or a day.")
        if idle:
            return _(
                "Nobody is left out for good: {acting} of {n} customers have an action or a day; "
                "for {idle} their row says to do nothing of their own now.",
                acting=count(total - idle),
                n=count(total),
                idle=count(idle),
            )
        return _(
            "Nobody is left out: each of the {n} customers has an action or a day.", n=count(total)
        )
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
        return how_many(frames["customers"], "under_contract") > 0
    kept = {"grow", "recover", "keep_serving"}  # decisions that only they can have
    return bool(summary.loc[summary["decision"].astype(str).isin(kept), "customers"].sum())


def _why(reason: str) -> str:
    """A reason as it stands inside a sentence."""
    because = {row.key: row.because for row in REASONS if row.because}.get(reason)
    return _(because) if because else str(value_label("reason", reason)).lower()


def _says_worth(client: Client, served: bool) -> str:
    even = client.worth.break_even
    if even is None:
        return _("No value or cost is stated in [worth], so nobody is called not worth the effort.")
    pays = _("An approach pays from a success rate of {even} on.", even=percent(even, 1))
    days = served_within(client)
    right = f"{100 * (1 - client.worth.not_worth_probability):.0f}"
    doubt = (
        _("Doubt means approach.")
        if client.worth.appetite == "cautious"
        else _("Who is in doubt is left out too, by the declared appetite, without a warranty.")
    )
    if not served:
        left_out = _(
            "Someone is left out only where the group stays below that with a warranty, right in "
            "{right} of 100 lists.",
            right=right,
        )
    elif days is None:
        left_out = _(
            "Someone without a contract is left out only where the group stays below that with a "
            "warranty, right in {right} of 100 lists.",
            right=right,
        )
    else:
        left_out = _(
            "Someone who has not ordered within {days} days is left out only where the group stays "
            "below that with a warranty, right in {right} of 100 lists.",
            right=right,
            days=days,
        )
    return sentences(pays, left_out, doubt)


def _says_hold_out(summary: pd.DataFrame) -> str:
    """Who is approached to test the list; how many of them in these weeks."""
    drawn = summary[summary["reason"].astype(str) == "hold_out"]
    n = drawn["customers"].sum()
    says = _(
        "{n} who would have been left out are approached all the same, drawn by lot, so that the "
        "list can be proved wrong.",
        n=count(n),
    )
    planned = _("{n} of them are planned in these weeks.", n=count(drawn.get("planned", n).sum()))
    return sentences(says, planned if "planned" in drawn else "") if n else ""


def what_if_wrong(frames: Frames, client: Client) -> list[str]:
    """What the list may cost, when it can be proved wrong, what followed results."""
    plan = plan_of(frames)
    if plan is None:
        return []
    later = frames.get("later")
    proof = proof_view(plan, None, client, later=later).says()
    asked = _("Do customers who got results stay, buy more, send others? This followed:")
    return [
        *_says_if_wrong(frames, plan, client),
        *_says_assumed(frames, client),
        proof["hold_out"],
        *([] if later is None or later.empty else [asked]),
        *proof["claim"].split("\n"),
    ]


def _says_if_wrong(frames: Frames, plan: pd.DataFrame, client: Client) -> list[str]:
    """As notebook 08 says it, of whom the plan leaves out after what people decided."""
    bands = given(frames, "worth_bands")
    if bands is None or not {"worth_band", "band_rate"} <= set(plan):
        return []
    left_out = plan["decision"].eq("not_approached") & plan["reason"].isin(FOR_A_SCORE)
    says = [approach_said.says_if_wrong(plan[left_out], bands, client)]
    warranty = frames.get("warranty")
    if warranty is not None and left_out.any():
        says.append(approach_said.says_warranty(plan[left_out], warranty, client))
    return says


def _says_assumed(frames: Frames, client: Client) -> list[str]:
    """What "likely to pay" does not know: what was drawn by lot and is not used; and the share of
    results that nobody has stated and signed, with its effect on the list.
    """
    drawn, shares = _notes_about("lot", frames), frames.get("due_shares")
    if shares is None or shares.empty or client.worth.share_is_stated:
        return drawn
    return [*drawn, approach_said.says_shares(shares, client)]


def in_short(frames: Frames, client: Client) -> list[str]:
    """The page in at most five points, the plan first, one from each part that says something."""
    decided = sentences(*_decided(frames, client))
    parts = (
        _plan_in_short(frames, client),
        [decided] if decided else [],
        _headline(frames, client),
        says_money(frames, client)[:1],
        _best_of_results(frames, client) or says_contrast(frames, client)[:1],
    )
    return [sentence for part in parts for sentence in part]


def _plan_in_short(frames: Frames, client: Client) -> list[str]:
    """What is planned and how much waits; who waits, and why, stands in part 1."""
    plan = plan_of(frames)
    if plan is None:
        return []
    late = plan[plan["waits_because"].isin(NO_HOURS)]
    waits = ngettext(
        "{n} more ({hours}) waits for hours.",
        "{n:,} more ({hours}) wait for hours.",
        len(late),
        hours=hours_said(late["effort_hours"].sum()),
    )
    return [sentences(_says_planned(plan, client), waits if len(late) else "")]


def _decided(frames: Frames, client: Client) -> list[str]:
    """Every decision with its heads, as the table of part 1 has them, and who is not approached."""
    plan = plan_of(frames)
    counted = [] if plan is None else [_says_decisions(plan)]
    return [*counted, *says_not_approached(frames, client)[:1]]


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


def review_state(frames: Frames, client: Client) -> str:
    """How many were looked at one by one: agreed to, decided otherwise, waiting, naming nobody;
    and whose week holds too much because people set days.
    """
    rest = _("What nobody has looked at one by one is provisional.")
    said = frames.get("overrides")
    customers = frames.get("customers")
    if said is None or said.empty:
        if customers is None or customers.empty:
            return rest
        none = _("0 of {customers} were looked at by a person.",
                 customers=customers_said(len(customers)))  # fmt: skip
        return sentences(none, rest)
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
        ids=some_ids(said.loc[said["state"] == "not_found", "customer_id"]),
    )
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
        _(WAITS[str(why)], ids=some_ids(ids))
        for why, ids in said[said["state"] == "waits"].groupby("why", sort=True)["customer_id"]
    ]
    return _(
        "Decisions that wait: {n} ({parts}).",
        n=count(waits),
        parts=pgettext("waiting", "; ").join(parts),
    )


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
