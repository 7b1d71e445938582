"""What people decided: the values of each section of client.toml in words, and what is unsigned."""

from __future__ import annotations

import pandas as pd

from segment_lib.approach.playbook import playbook_of, preset_said
from segment_lib.approach.said import says_break_even
from segment_lib.approach.weeks import weeks_of
from segment_lib.client import Client
from segment_lib.columns import label, value_label, value_labels
from segment_lib.in_words import day_said, days_said, hours_said, money, percent
from segment_lib.report.frames import Frames
from segment_lib.report.sentences import served_within
from segment_lib.results.rules.words import rule_words
from segment_lib.settings.plan import TeamSection
from segment_lib.voice import _, ngettext, pgettext, said_by_people, sentences


def says_decided(frames: Frames, client: Client) -> list[str]:
    """Which sections nobody has signed yet, and how much of the playbook is a default."""
    left = [section_said(name) for name in client.unsigned if not name.startswith("[[actions")]
    rows = playbook_of(client).rows
    defaults = sum(not row.is_signed for row in rows)
    if defaults:
        says = _("the actions ({n} of {rows} are defaults)", n=defaults, rows=len(rows))
        left.append(says)
    unsigned = _(
        "Not signed yet: {sections}. What stands there is used all the same.",
        sections=pgettext("sections", "; ").join(left),
    )
    return [unsigned if left else _("Every section of client.toml is signed.")]


def section_said(name: str) -> str:
    """A section of client.toml in words, as "[worth]" or "[teams.NAME]" names it."""
    key, dot, own = name.lstrip("[").split("]")[0].partition(".")
    if name.startswith("[[") and dot:
        key, dot = own, ""
    words = {
        "client": pgettext("section", "Day and currency"),
        "merges": pgettext("section", "Customers merged"),
        "rules": pgettext("section", "Money and returns"),
        "rfm": pgettext("section", "RFM cut points"),
        "five_types": pgettext("section", "Five types"),
        "next_order": pgettext("section", "Next order"),
        "clusters": pgettext("section", "Clusters"),
        "stages": pgettext("section", "Stages"),
        "status": pgettext("section", "Status and its spans"),
        "outcome": pgettext("section", "What counts as a result"),
        "hypotheses": pgettext("section", "Guess"),
        "our_part": pgettext("section", "Our own part"),
        "contract": pgettext("section", "Contract"),
        "worth": pgettext("section", "Cost and value of an approach"),
        "contact_policy": pgettext("section", "Contact policy"),
        "should_not": pgettext("section", "Declared by us"),
        "capacity": pgettext("section", "Hours a month"),
        "teams": pgettext("section", "Team"),
        "plan": pgettext("section", "Weeks and order of service"),
        "playbook": pgettext("section", "Playbook"),
        "channels": pgettext("section", "Channels in use"),
        "offers": pgettext("section", "Offer"),
        "actions": pgettext("section", "Action"),
    }
    told = (own if dot else name.partition("]] ")[2]).strip('"')
    parts = {"section": words.get(key, name), "own": told}
    return _("{section}: {own}", **parts) if told else parts["section"]


def decided_values(name: str, client: Client) -> str:
    """What stands in a section of client.toml, or is taken where nobody wrote it; "" if no value
    of it is used here.
    """
    key, _dot, own = name.strip("[]").partition(".")
    if key == "teams":
        return _team_values(client.teams[own])
    if name.startswith("[[contact_policy"):
        return _declared_values(name, client)
    says = {
        "client": _client_values, "merges": _merges_values, "rules": _money_values,
        "rfm": _rfm_values, "five_types": _type_values, "stages": _stages_values,
        "next_order": _next_values, "clusters": _cluster_values,
        "status": _status_values, "outcome": _outcome_values,
        "our_part": _part_values, "contract": _contract_values, "worth": _worth_values,
        "contact_policy": _policy_values, "capacity": _capacity_values, "plan": _plan_values,
        "playbook": _playbook_values,
        "channels": _channel_values,
    }.get(key)  # fmt: skip
    return says(client) if says else ""


def _client_values(client: Client) -> str:
    return _(
        "Lists as of {day}; amounts in {currency}.",
        day=client.as_of,
        currency=client.client.currency,
    )


def _merges_values(client: Client) -> str:
    file = client.merges.file
    return _("The pairs in {file}; nobody else.", file=file) if file else _("Nobody.")


def _stages_values(client: Client) -> str:
    stages, comma = client.stages, pgettext("names", ", ")
    return _(
        "A meeting: {met}; a meal: {meal}; by mail or telephone: {other}. Looked ahead with {n:,} "
        "first meetings a month more.",
        met=value_labels("channel", stages.met, comma),
        meal=value_labels("channel", stages.meal, comma),
        other=value_labels("channel", stages.mail_or_call, comma),
        n=stages.more_first_meetings,
    )


def _money_values(client: Client) -> str:
    return sentences(
        _("A return takes its money back from its own day on.")
        if client.rules.returns == "net"
        else _("Returns are not taken off."),
        _("Orders of nothing are set aside.")
        if client.rules.zero_amounts == "set_aside"
        else _("Orders of nothing are counted."),
    )


def _rfm_values(client: Client) -> str:
    rfm = client.rfm
    cuts = {"recency": _cuts(rfm.recency_cuts), "monetary": _cuts(rfm.monetary_cuts)}
    return sentences(
        _(
            "Recency in days: {recency}; days between orders: {interval}; spend: {monetary}.",
            interval=_cuts(rfm.interval_cuts),
            **cuts,
        )
        if rfm.f == "interval"
        else _(
            "Recency in days: {recency}; orders: {frequency}; spend: {monetary}.",
            frequency=_cuts(rfm.frequency_cuts),
            **cuts,
        ),
        _(
            "ABC at {first} and {second} of the spend.",
            first=percent(rfm.abc_cuts[0]),
            second=percent(rfm.abc_cuts[1]),
        ),
    )


def _cuts(cuts: str | tuple[float, ...]) -> str:
    if isinstance(cuts, str):
        return _("cut into equal parts")
    return pgettext("cuts", ", ").join(f"{cut:,g}" for cut in cuts)


def _type_values(client: Client) -> str:
    lines = pgettext("names", ", ").join(client.five_types.lines)
    return sentences(
        _("The published CPM rule.")
        if client.five_types.rule == "cpm"
        else _("The rule of the kit; a threshold that nobody states is proposed from the data."),
        _("Thresholds of their own: {lines}.", lines=lines) if lines else "",
        _("A unit price is high from {price} on.", price=money(high, client.client.currency))
        if (high := client.five_types.high_unit_price)
        else "",
    )


def _next_values(client: Client) -> str:
    contacts = client.next_order.contacts
    return sentences(
        _("Forecast for {days} days.", days=client.next_order.horizon_days),
        _("The alarm list holds a tenth of those who could be on it.")
        if contacts is None
        else _("The alarm list holds {n} customers.", n=contacts),
    )


def _cluster_values(client: Client) -> str:
    section = client.clusters
    gates = pgettext("names", ", ").join(
        _("{gate} at least {least}", gate=label(name), least=percent(least))
        for name, least in section.gates().items()
    )
    made_of = _(
        "Made of: {measures}.", measures=pgettext("names", ", ").join(map(label, section.features))
    )
    if section.k is None:
        return sentences(made_of, _("As many as pass the gates: {gates}.", gates=gates))
    many = _("{k} clusters, whatever the gates say ({gates}).", k=section.k, gates=gates)
    return sentences(made_of, many)


def _status_values(client: Client) -> str:
    status = client.status
    spans = [
        _("{status}: {days} days", status=value_label("status", code), days=days)
        for code, days in status.span_days.items()
    ]
    return sentences(
        _(
            "A reply is fresh for {reply} days and known for {known}, a proposal fresh for "
            "{proposal}; quiet after {quiet} days.",
            reply=status.reply_fresh_days,
            known=status.reply_known_days,
            proposal=status.proposal_fresh_days,
            quiet=status.quiet_after_days,
        ),
        _(
            "Between our last contact and the next at least: {spans}.",
            spans=pgettext("spans", "; ").join(spans),
        ),
    )


def _outcome_values(client: Client) -> str:
    outcome = client.outcome
    return _(
        "“{label}”; judged on day {judged}, explained by what happened up to day {until}.",
        label=outcome.label,
        judged=outcome.judged_after_days,
        until=outcome.features_until_days,
    )


def _part_values(client: Client) -> str:
    part = client.our_part
    within = _(
        "{share} of their questions answered within {days} days.",
        share=percent(part.reply_share),
        days=part.reply_within_days,
    )
    return sentences(
        _("At least {n} requests sent.", n=part.requests_sent),
        within if part.reply_within_days else "",
        _("Every incident recovered.") if part.incidents_recovered else "",
    )


def _contract_values(client: Client) -> str:
    days = served_within(client)
    if days is not None:
        return _("Whoever ordered within {days} days is served like one under contract.", days=days)
    return _("The customer list says it, or any other record.")


def _worth_values(client: Client) -> str:
    worth = client.worth
    spent = hours_said(worth.hours_per_approach) if worth.hours_per_approach else ""
    return sentences(
        says_break_even(client),
        _("The cost counts {hours} of an approach.", hours=spent) if spent else "",
        _(
            "Left out with a warranty that is right in {right} of 100 lists; {drawn} of them are "
            "approached all the same, to test the list.",
            right=f"{100 * (1 - worth.not_worth_probability):.0f}",
            drawn=percent(worth.hold_out_share),
        )
        if worth.break_even
        else "",
        _("Who is in doubt is left out too, without a warranty.")
        if worth.break_even and worth.appetite == "expected_value"
        else "",
    )


def _policy_values(client: Client) -> str:
    policy = client.contact_policy
    return _(
        "At least {days} days between two contacts where there is no status; looked at again "
        "after {review} days.",
        days=policy.min_days_between,
        review=policy.review_in_days,
    )


def _declared_values(name: str, client: Client) -> str:
    """Who is meant by one declaration: by what they have in common, or by their numbers."""
    names = {key: said_by_people(one.label_en, one.label_ja)
             for key, one in client.attributes.items()}  # fmt: skip
    labels = pd.DataFrame({"name": pd.Series(names, dtype="str")})
    for row in client.contact_policy.should_not:
        if name.endswith(f"]] {said_by_people(row.because, row.because_ja)}"):
            by_name = ngettext("{n} customer by number.", "{n:,} customers by number.",
                               len(row.customers))  # fmt: skip
            return sentences(
                _("{rule}.", rule=rule_words(row.conditions, labels)) if row.conditions else "",
                by_name if row.customers else "",
            )
    return ""


def _capacity_values(client: Client) -> str:
    capacity = client.capacity
    stated = [
        _("{owner} {hours} a month", owner=owner, hours=hours_said(hours))
        for owner, hours in capacity.owners.items()
    ]
    if capacity.hours_per_month is not None:
        stated.append(_("all together {hours} a month", hours=hours_said(capacity.hours_per_month)))
    return pgettext("hours", "; ").join(stated) or _("No hours a month are stated.")


def _team_values(team: TeamSection) -> str:
    owners = pgettext("names", ", ").join(team.owners)
    shares = pgettext("names", ", ").join(team.shares_hours_with)
    if team.hours_per_week is None:
        heads = _("{owners}; no hours a week are stated.", owners=owners)
    else:
        fields = {"people": team.people, "hours": hours_said(team.hours_per_week)}
        heads = (
            _("{owners}: {people} × {hours} a week.", owners=owners, **fields)
            if len(team.owners) == 1
            else _("{owners}, each {people} × {hours} a week.", owners=owners, **fields)
        )
    off = pgettext("days", ", ").join(day_said(day) for day in team.days_off)
    return sentences(
        heads,
        _("Days off: {days}.", days=off) if off else "",
        _("Hours that become free go to {teams}.", teams=shares) if shares else "",
    )


def _playbook_values(client: Client) -> str:
    book = playbook_of(client)
    fields = {"preset": preset_said(book), "n": len(book.rows)}
    if not book.chosen:
        return _("Proposed by the lists: {preset} ({n} rows).", **fields)
    return _("{preset} ({n} rows).", **fields)


def _channel_values(client: Client) -> str:
    return value_labels("channel", playbook_of(client).channels, pgettext("names", ", "))


def _plan_values(client: Client) -> str:
    plan, weeks = client.plan, weeks_of(client)
    off = pgettext("days", ", ").join(day_said(day) for day in plan.days_off)
    order = [said_by_people(row.says, row.says_ja) for row in plan.order]
    return sentences(
        ngettext("{n} week, {days}.", "{n} weeks, {days}.", plan.weeks,
                 days=days_said(weeks.first, weeks.last)),
        _("Public holidays ({country}) are left free.", country=plan.holidays)
        if plan.holidays else "",
        _("Days off: {days}.", days=off) if off else "",
        _("Order of service: {order}.", order=pgettext("order", " → ").join(order)),
    )  # fmt: skip
