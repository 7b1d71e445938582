"""What notebooks 08 and 09 say of worth, of the list, of the hours and of the playbook.

Each function takes frames and gives sentences that stay true on other lists; where there is nothing
to say it says so.
"""

from __future__ import annotations

import pandas as pd

from segment_lib.approach.choosing import ADDRESSES
from segment_lib.approach.plan import is_pinned
from segment_lib.approach.playbook import Playbook, preset_said
from segment_lib.approach.service import is_idle
from segment_lib.approach.weeks import NO_HOURS, Weeks
from segment_lib.approach.worth import WorthBands
from segment_lib.client import Client
from segment_lib.columns import label, value_label
from segment_lib.in_words import count, hours_said, money, percent
from segment_lib.voice import _, is_to_share, ngettext, pgettext, said_by_people, sentences

DAYS_OF_A_MONTH = 30
A_WEEK = 40.0  # hours: a plan of fewer asks for nothing that could not be done
FAR_MORE = 1.5  # times the hours really spent, from which on a plan must be asked about

HARDLY_MOVES = 0.1  # of the longest list


def says_break_even(client: Client) -> str:
    """Cost over value, in words."""
    worth = client.worth
    if worth.break_even is None:
        return _(
            "No value or cost is stated in [worth]: nobody can be called not worth the effort."
        )
    currency = client.client.currency
    cost, value = (
        f"{currency}{amount:,.0f}" for amount in (worth.cost_per_approach, worth.value_per_result)
    )
    due, even = percent(worth.share_due_to_us), percent(worth.break_even, 1)
    return _(
        "An approach costs {cost}, a customer with results is worth {value}. Counted as results "
        "that would not have come without an approach: {due}, which people assume and nobody "
        "has measured. So it pays where more than {even} of those approached sign and get results.",
        cost=cost,
        value=value,
        due=due,
        even=even,
    )


def says_shares(shares: pd.DataFrame, client: Client) -> str:
    """How the list changes with the share of results that would not have come without an approach;
    asked for where nobody has stated and signed it. `shares` as `DecisionView` has it.
    """
    if shares.empty:
        return _("Without a list there is nothing that hangs on share_due_to_us.")
    told = [
        _(
            "at {share}: break-even {even}, {left_out} left out, {approached} approached, "
            "{in_doubt} of these in doubt",
            share=percent(row.share_due_to_us),
            even=percent(row.break_even, 1),
            left_out=count(row.left_out),
            approached=count(row.approached),
            in_doubt=count(row.in_doubt),
        )
        for row in shares.itertuples()
    ]
    says = _(
        "How the list changes with the share of results that would not have come without an "
        "approach: {shares}.",
        shares=pgettext("shares", "; ").join(told),
    )
    return says if client.worth.share_is_stated else sentences(asks_for_share(), says)


def asks_for_share() -> str:
    """The one sentence that asks for `share_due_to_us`."""
    return _(
        "Please say which share of the results would not have come without an approach, and sign "
        "it ([worth] share_due_to_us): nobody has, so all of them are counted."
    )


def says_drawn(drawn: dict[str, str], client: Client) -> list[str]:
    """That a list says who was contacted by lot, and that this is not used; one per column.

    `drawn` as `drawn_by_lot` gives it.
    """
    says = []
    for name, level in drawn.items():
        stated = client.attributes[name]
        named = said_by_people(stated.label_en or name, stated.label_ja or name)
        declared = _(
            "“{column}” says who was contacted, drawn by lot. It is not used here: “likely to pay” "
            "tells who signs and gets results after an approach, not what would have come without "
            "one. Those drawn and those left out, compared, would tell that.",
            column=named,
        )
        looks = _(
            "“{column}” has customers with “{level}”. If it was drawn by lot whom to contact, say "
            "so (drawn_by_lot in [attributes.{name}]). It is not used here: “likely to pay” tells "
            "who signs and gets results after an approach, not what would have come without one.",
            column=named,
            level=level,
            name=name,
        )
        says.append(declared if level == "declared" else looks)
    return says


def says_learned(bands: WorthBands) -> str:
    """What the score was learned from, or why it was not."""
    if bands.message_:
        return bands.message_
    n = {name: count(value) for name, value in bands.learned_from_.items()}
    return _(
        "Learned from {decided} decided customers, {signed} of whom signed, and from "
        "{known} known results, {results} of them yes. Everybody was scored by models that had "
        "never seen them; the scores were cut into {bands} bands.",
        decided=n["decided"],
        signed=n["signed"],
        known=n["known"],
        results=n["results"],
        bands=len(bands.bands_),
    )


def says_bands(bands: pd.DataFrame, break_even: float | None) -> list[str]:
    """What the lowest band means, and the one that is most in doubt."""
    doubt = (bands["p_worth_it"] - 0.5).abs().sort_values().index[:1]
    told = bands.loc[[*bands.index[:1], *doubt]]
    return [_says_band(band, break_even) for _at, band in told.iterrows()]


def _says_band(band: pd.Series, break_even: float | None) -> str:
    """What one band means, in counts and then in words."""
    low, high = percent(band["low"], 1), percent(band["high"], 1)
    number, even = int(band["band"]), percent(break_even, 1)
    return _(
        "Band {number}: of {decided} decided customers {signed} signed; of {known} with a "
        "known result {results} got results. From these counts the share that signs and "
        "gets results is estimated at {rate} ({low} – {high}), and the chance that it is "
        "truly above {even} at {p_worth_it}.",
        number=number,
        decided=count(band["decided"]),
        signed=count(band["signed"]),
        known=count(band["known"]),
        results=count(band["results"]),
        rate=percent(band["rate"], 1),
        low=low,
        high=high,
        even=even,
        p_worth_it=percent(band["p_worth_it"], 1),
    )


def says_sizes(sizes: pd.DataFrame) -> str:
    """Whether the list swings when the break-even moves; `sizes`: break_even, not_worth_it."""
    if sizes.empty:
        return _("Without a break-even there is no list to try this on.")
    fewest, most = sizes["not_worth_it"].min(), sizes["not_worth_it"].max()
    heads = count(most) if fewest == most else f"{count(fewest)} – {count(most)}"
    low, high = percent(sizes["break_even"].min(), 1), percent(sizes["break_even"].max(), 1)
    verdict = (
        _("It hardly hangs on that number.")
        if most - fewest <= HARDLY_MOVES * max(most, 1)
        else _("It swings with that number: decide value and cost again before you use it.")
    )
    return _(
        "Between a break-even of {low} and {high} the list leaves out {heads} customers. {verdict}",
        low=low,
        high=high,
        heads=heads,
        verdict=verdict,
    )


def says_if_wrong(listed: pd.DataFrame, bands: pd.DataFrame, client: Client) -> str:
    """What the list may cost: results of those left out, and hours saved, in money.

    `listed` are the customers left out as not worth it, with `worth_band` and `band_rate`.
    """
    worth = client.worth
    if listed.empty:
        return _("Nobody is left out as not worth it, so this list can cost no result.")
    most = listed["worth_band"].map(bands.set_index("band")["high"]).astype("float64").sum()
    lost = float(listed["band_rate"].sum())
    saved = len(listed) * worth.cost_per_approach
    told = [
        money(amount, client.client.currency)
        for amount in (
            saved,
            lost * worth.value_per_result * worth.share_due_to_us,
            most * worth.value_per_result * worth.share_due_to_us,
        )
    ]
    return _(
        "Approaching all {n} would cost {saved}, as an approach is priced. About {lost:.0f} of "
        "them would sign and get results, counted as {given_up}; what of that comes without an "
        "approach too, nobody has measured. If every band were as good as its interval allows, it "
        "would be {most:.0f}, or {given_up_at_most}.",
        n=count(len(listed)),
        saved=told[0],
        lost=lost,
        given_up=told[1],
        most=most,
        given_up_at_most=told[2],
    )


def says_warranty(decided: pd.DataFrame, warranty: pd.DataFrame, client: Client) -> str:
    """What is warranted of the list: of the group, of nobody in it; and where the doubt begins.

    `decided` has `reason`, one row per customer; `warranty` as `WorthBands.warranty` gives it.
    """
    worth, listed = client.worth, int(decided["reason"].eq("not_worth_it").sum())
    doubt = int(decided["reason"].eq("in_doubt_left_out").sum())
    left = _(
        "{n} more are left out in doubt, by the declared appetite: their rate is below break-even "
        "by estimate alone, and no warranty is given.",
        n=count(doubt),
    )
    if warranty.empty or not listed:
        none = _(
            "No warranty can be given for any list: no group of which that is sure stays below "
            "break-even."
        )
        return sentences(none, left if doubt else "")
    rows = warranty.set_index("of")
    best = rows.loc["best_fifth"]
    most = listed * rows.loc["all", "highest"] * worth.value_per_result * worth.share_due_to_us
    says = _(
        "The warranty: approaching all {n} would cost {cost}, and results worth {gain} at most "
        "would follow, as their success rate is at most {highest}, below {even}. A statement of "
        "this kind is right in at least {right} of 100 lists. It is about the group, no promise "
        "about anybody in it.",
        n=count(listed),
        cost=money(listed * worth.cost_per_approach, client.client.currency),
        gain=money(most, client.client.currency),
        highest=percent(rows.loc["all", "highest"], 1),
        even=percent(worth.break_even, 1),
        right=f"{100 * (1 - worth.not_worth_probability):.0f}",
    )
    fifth = (
        _(
            "In the best fifth of them {signed} of {decided} signed, and {results} of {known} with "
            "a known result got results.",
            **{name: count(best[name]) for name in ("signed", "decided", "results", "known")},
        )
        if best["known"]
        else _(
            "In the best fifth of them {signed} of {decided} succeeded.",
            signed=count(best["signed"]),
            decided=count(best["decided"]),
        )
    )
    return sentences(says, fifth, left if doubt else "")


def says_freed(freed: pd.DataFrame) -> str:
    """How many hours a month become free by whom we do not approach, with whom, where they may go.

    Nothing is said where nothing was spent.
    """
    if freed.empty:
        return ""
    told = [
        _(
            "In the last 90 days {hours} a month went to {n} customers who are not approached now; "
            "they become free.",
            hours=hours_said(freed["hours"].sum()),
            n=count(freed["customers"].sum()),
        )
    ]
    for row in freed.itertuples():
        fields = {
            "owner": value_label("owner", row.owner),
            "hours": hours_said(row.hours),
            "goes_to": row.goes_to,
        }
        told.append(
            _("{owner}: {hours}, which may go to {goes_to}.", **fields)
            if row.goes_to
            else _("{owner}: {hours}, which stay there.", **fields)
        )
    return sentences(*told)


def says_weeks(plan: pd.DataFrame, weeks: Weeks) -> str:
    """From when to when the plan goes, how many actions and hours it holds."""
    done = plan[plan["planned_week"].notna()]
    fields = {
        "first": weeks.first.date(),
        "last": weeks.last.date(),
        "days": len(weeks.days),
        "n": count(len(done)),
        "hours": hours_said(done["effort_hours"].sum()),
    }
    return _(
        "The plan goes from {first} to {last}, {days} working days, and holds {n} actions "
        "({hours}).",
        **fields,
    )


def says_beside_spent(hours: pd.DataFrame, weeks: Weeks) -> str:
    """Whether the plan asks for far more hours than were really spent; nothing if not, or if no
    contact says its hours. `hours` as `hours_table` gives it.
    """
    spent, planned = hours["hours_before"].sum(), hours["hours_after"].sum()
    in_these_weeks = spent * (weeks.last - weeks.first).days / DAYS_OF_A_MONTH
    if not spent or planned <= max(FAR_MORE * in_these_weeks, A_WEEK):
        return ""
    return _(
        "The plan asks for {planned}; in as many days we really spent {spent}, as the contacts of "
        "the last 90 days say. Either contacts are not noted, or the stated hours are not there: "
        "settle that before you hand the plan out.",
        planned=hours_said(planned),
        spent=hours_said(in_these_weeks),
    )


def says_price(plan: pd.DataFrame, client: Client) -> str:
    """Whether [worth] and the playbook price an approach alike; else the question to ask."""
    hours = client.worth.hours_per_approach
    planned = plan.loc[plan["decision"].eq("approach"), "effort_hours"].mean()
    if hours is None or pd.isna(planned) or not planned or hours <= planned:
        return ""
    return _(
        "To be settled: an approach is priced at {hours}. One action of the plan for a customer "
        "without a contract takes {planned} on average, so the price is that of {times:.0f} such "
        "actions. If it does not take so many, [worth] in client.toml must be corrected.",
        hours=hours_said(hours),
        planned=hours_said(planned),
        times=hours / planned,
    )


def says_playbook(playbook: pd.DataFrame, groups: pd.DataFrame, book: Playbook) -> list[str]:
    """Whose playbook it is and who signed it; rows that are hidden or take nobody; groups of the
    leading cut that have no row of their own, or share one.
    """
    unsigned = int((~playbook["signed"].astype(bool)).sum())
    fields = {
        "n": len(playbook), "unsigned": unsigned, "preset": preset_said(book),
        "taken": int(playbook["takes"].gt(0).sum()),
    }  # fmt: skip
    says = [
        _(
            "The playbook is “{preset}”: {n} rows, read from the top; {taken} of them take "
            "somebody today, and everybody has exactly one.",
            **fields,
        )
        if book.chosen
        else _(
            "Nobody has chosen a playbook. These lists propose “{preset}”: {n} rows, read from the "
            "top; {taken} of them take somebody today, and everybody has exactly one.",
            **fields,
        )
    ]
    says[0] = sentences(
        says[0],
        _("{unsigned} rows are defaults that nobody has signed yet.", **fields)
        if unsigned
        else _("Every row is signed."),
    )
    for row in playbook[playbook["hidden_by"] != ""].itertuples():
        says.append(
            _(
                "“{name}” can take nobody: “{earlier}” stands before it and takes them all. Move "
                "it up, or strike it out.",
                name=row.action,
                earlier=row.hidden_by,
            )
        )
    idle = playbook[playbook["takes"].eq(0) & playbook["hidden_by"].eq("")]
    if len(idle):
        listed = pgettext("rows", ", ").join(f"“{name}”" for name in idle["action"])
        says.append(_("Nobody today: {rows}.", rows=listed))
    return [*says, *_says_groups(groups)]


def says_addresses(plan: pd.DataFrame, facts: pd.DataFrame) -> list[str]:
    """Which channels are planned although no list holds the address that they need; in a copy to
    share all addresses were taken out.
    """
    if is_to_share():
        return []
    return [
        ngettext(
            "{n:,} action goes by {channel}, but no list holds the column {column}: whoever does "
            "it must know how to reach the customer.",
            "{n:,} actions go by {channel}, but no list holds the column {column}: whoever does "
            "them must know how to reach the customer.",
            n,
            channel=value_label("channel", channel),
            column=label(ADDRESSES[channel]),
        )
        for channel, n in plan.loc[~is_idle(plan), "channel"].value_counts().items()
        if channel in ADDRESSES
        and (ADDRESSES[channel] not in facts or facts[ADDRESSES[channel]].isna().all())
    ]


def _says_groups(groups: pd.DataFrame) -> list[str]:
    """What is said of groups of the leading cut: those without a row, those that share one."""
    said = [str(value_label(row.column, row.group)) for row in groups.itertuples()]
    groups = groups.assign(said=said)
    told = [
        _(
            "No row is for “{group}” ({n} customers): they get what is left over. Write one for "
            "them, or strike the group out.",
            group=row.said,
            n=count(row.customers),
        )
        for row in groups[groups["row_of_its_own"].eq("") & ~groups["cut_further"]].itertuples()
    ]
    shared = groups[groups["same_as"] != ""].drop_duplicates("row_of_its_own")
    told += [
        _(
            "“{row}” is the action of “{group}” and of “{same_as}”: merge the groups, or say what "
            "differs.",
            row=row.row_of_its_own,
            group=row.said,
            same_as=row.same_as,
        )
        for row in shared.itertuples()
    ]
    return told or [_("Every group of the leading cut has an action of its own.")]


def says_waiting(plan: pd.DataFrame, client: Client) -> str:
    """How many actions do not fit into the weeks, whose they are, and who of them cannot wait."""
    hours, teams = client.capacity, client.teams.values()
    stated = hours.hours_per_month or hours.owners or any(one.hours_per_week for one in teams)
    late = plan[plan["waits_because"].isin(NO_HOURS)]
    soon = plan[plan["waits_because"] == "too_soon"]
    if late.empty:
        says = (
            _("Every action that is due fits into these weeks.")
            if stated
            else _("No hours are stated, so every action that is due is planned.")
        )
    else:
        says = _(
            "{n} actions ({hours}) do not fit into the weeks and wait: {sell} proposals to "
            "customers we serve, {care} other actions for them, {others} for everybody else.",
            n=count(len(late)),
            hours=hours_said(late["effort_hours"].sum()),
            **_by_relation(late),
        )
    must = late[late["cannot_wait"].astype(bool)]
    return sentences(
        says,
        _(
            "{n} of them cannot wait ({hours}): the hours of their owners are too few.",
            n=count(len(must)),
            hours=hours_said(must["effort_hours"].sum()),
        )
        if len(must)
        else "",
        _("{n} more wait because we were in touch lately.", n=count(len(soon)))
        if len(soon)
        else "",
        _later_than_its_days(plan),
    )


def _later_than_its_days(plan: pd.DataFrame) -> str:
    """How many actions stand on a later day than their row asks for: the days before were full."""
    if "do_to" not in plan:
        return ""
    late = plan[plan["planned_week"].notna() & ~is_pinned(plan) & plan["do_on"].gt(plan["do_to"])]
    days = (late["do_on"] - late["do_to"]).dt.days
    return (
        ngettext(
            "{n} planned action stands later than its row asks for, by {days} days: the days "
            "before were full.",
            "{n:,} of the planned actions stand later than their rows ask for, half of them by "
            "{days} days or more: the days before were full.",
            len(late),
            days=int(days.median()),
        )
        if len(late)
        else ""
    )


def _by_relation(late: pd.DataFrame) -> dict[str, str]:
    served = late["under_contract"].astype(bool)
    sells = served & late["purpose"].eq("propose")
    return {
        "sell": count(sells.sum()),
        "care": count((served & ~sells).sum()),
        "others": count((~served).sum()),
    }
