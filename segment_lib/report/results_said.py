"""Who gets results and what they share, and results beside revenue, in sentences."""

from __future__ import annotations

import pandas as pd

from segment_lib.client import Client
from segment_lib.in_words import count, money, percent
from segment_lib.report.frames import Frames, given, how_many, looked_at
from segment_lib.results import said as notebook_said
from segment_lib.voice import _, ngettext, said_by_people, sentences

# Of these no result can be expected: what `why_unknown` says of them.
NEVER_STARTED = ("no_start", "not_started")


def says_results(frames: Frames, client: Client) -> list[str]:
    """Who gets results, what they share, and how sure that is."""
    customers = frames.get("customers")
    says = _says_known(customers, client) if customers is not None else []
    rules, note = given(frames, "rules"), frames.get("rules_note")
    asked = _says_questions(note)
    if rules is None:
        return [*says, *_says_why_no_rule(note), *asked]
    nothing = _(
        "{looked} combinations were looked at; nothing is more than chance.",
        looked=count(looked_at(rules)),
    )
    told = [
        _says_rule(row)
        for verdict in ("confirmed", "warning")
        for _at, row in rules[rules["verdict"] == verdict].iterrows()
    ]
    return [*says, *(told or [nothing]), *asked]


def _says_questions(note: pd.DataFrame | None) -> list[str]:
    """What is asked about columns that know the result too well, as the search noted it."""
    if note is None or note.empty or "questions" not in note:
        return []
    return [one for one in str(note["questions"].iloc[0]).split("\n") if one]


def _says_why_no_rule(note: pd.DataFrame | None) -> list[str]:
    """What the search itself says where it could not begin; of one result only, nothing."""
    if note is None or note.empty or note["overall_rate"].iloc[0] in (0, 1):
        return []
    message = str(note["message"].iloc[0])
    return [message] if message else []


def _says_rule(row: pd.Series) -> str:
    """A rule of success, or a warning, which is called one; and the same among those whom no rule
    before it covers, where that is not everyone.
    """
    told = {
        "rule": row["rule"], "n": count(row["n"]), "rate": percent(row["rate"]),
        "low": percent(row["low"]), "high": percent(row["high"]),
        "overall": percent(row["overall_rate"]), "won": count(row["successes_all"]),
        "whole": count(row["n_all"]),
    }  # fmt: skip
    says = _(
        "“{rule}”: of {n} such customers who were kept apart to check the rule, {rate} got results "
        "(95% interval {low} to {high}), against {overall} of all who were looked at. In the whole "
        "list {won} of {whole} did.",
        **told,
    )
    if row["verdict"] == "warning":
        says = _(
            "A warning, as it marks those without results: “{rule}”: of {n} such customers who "
            "were kept apart to check it, only {rate} got results (95% interval {low} to {high}), "
            "against {overall} of all who were looked at. In the whole list {won} of {whole} did. "
            "Ask what they lack before anything is sold to them.",
            **told,
        )
    if row["overall_left"] == row["overall_rate"]:
        return says
    return sentences(
        says,
        _(
            "Of those whom no rule before it covers: {rate} of {n} (95% interval {low} to {high}), "
            "against {overall} of all such.",
            rate=percent(row["rate_left"]),
            n=count(row["n_left"]),
            low=percent(row["low_left"]),
            high=percent(row["high_left"]),
            overall=percent(row["overall_left"]),
        ),
    )


def _says_known(customers: pd.DataFrame, client: Client) -> list[str]:
    if "got_results" not in customers or customers.empty:
        return []
    answers = customers["got_results"].astype("object").fillna("unknown").astype(str)
    yes, no = int((answers == "yes").sum()), int((answers == "no").sum())
    if not yes + no:
        return []
    what = said_by_people(client.outcome.label_en, client.outcome.label_ja)
    return [
        sentences(
            _says_answers(what, yes, no),
            _says_unknown(customers, ~answers.isin(["yes", "no"])),
            _says_learned_from(customers, yes + no),
        )
    ]


def _says_unknown(customers: pd.DataFrame, unknown: pd.Series) -> str:
    """Whose result is not known: who never started, apart from those of whom it may yet be."""
    if not unknown.any():
        return ""
    why = customers.get("why_unknown", pd.Series("", index=customers.index, dtype="str"))
    never = int((unknown & why.isin(NEVER_STARTED)).sum())
    rest = int(unknown.sum()) - never
    if not never:
        return _("For {n} it is not yet known, and they count as neither.", n=count(rest))
    if not rest:
        return _("{never} never started with us, and count as neither.", never=count(never))
    return _(
        "{never} never started with us, and for {n} more it is not yet known; they count as "
        "neither.",
        never=count(never),
        n=count(rest),
    )


def _says_learned_from(customers: pd.DataFrame, known: int) -> str:
    """From how many of the known results nothing is learned, where that is not all of them."""
    if "learn_from" not in customers:
        return ""
    learned = how_many(customers, "learn_from")
    if learned in (0, known):
        return ""
    return _(
        "What they share was looked for among {learned} of them: {n} were decided too early, or we "
        "had not done our part.",
        learned=count(learned),
        n=count(known - learned),
    )


def _says_answers(what: str, yes: int, no: int) -> str:
    if not no:
        return ngettext(
            "“{what}” is known for {n} customer: all of them did, so nothing can tell those with "
            "results from the others.",
            "“{what}” is known for {n:,} customers: all of them did, so nothing can tell those "
            "with results from the others.",
            yes,
            what=what,
        )
    if not yes:
        return ngettext(
            "“{what}” is known for {n} customer: none of them did, so nothing can tell those with "
            "results from the others.",
            "“{what}” is known for {n:,} customers: none of them did, so nothing can tell those "
            "with results from the others.",
            no,
            what=what,
        )
    return _(
        "“{what}” is known for {known} customers: {yes} did ({share}), {no} did not.",
        what=what,
        known=count(yes + no),
        yes=count(yes),
        share=percent(yes / (yes + no)),
        no=count(no),
    )


def says_target(frames: Frames, client: Client) -> list[str]:
    """Whom to look for: who gathers, which levels tell apart, what behaviour tells more."""
    target, spread, main = map(frames.get, ("target", "target_spread", "main_customers"))
    if target is None or spread is None or main is None:
        return [
            _(
                "Whom to look for is said where it is known who got results (outcomes), and what "
                "was known of them beforehand."
            )
        ]
    if target.empty:
        return [*notebook_said.says_who_gathers(target), notebook_said.says_main(main)]
    return [
        _(
            "What was known beforehand of those who got results. Such words help to gather "
            "customers; they do not decide about a single one."
        ),
        notebook_said.says_levels(target),
        *notebook_said.says_who_gathers(target),
        notebook_said.says_behaviour_beside(spread),
        notebook_said.says_main(main),
    ]


def says_contrast(frames: Frames, client: Client) -> list[str]:
    """Who pays and gets nothing, who gets results and pays little, who is leaving silently."""
    table = given(frames, "fields")
    if table is None:
        return []
    rows = table.set_index(table["field"].astype(str))
    pays, grow = (
        rows.loc[name] if name in rows.index else pd.Series({"customers": 0, "revenue": 0.0})
        for name in ("pays_gets_nothing", "gets_results_pays_little")
    )
    repair = ngettext(
        "{n} customer pays {spend} and gets no result: their result comes before any further "
        "selling.",
        "{n:,} customers pay {spend} and get no result: their result comes before any further "
        "selling.",
        int(pays["customers"]),
        spend=money(pays["revenue"], client.client.currency),
    )
    raised = ngettext(
        "{n} gets results and pays little: they can be raised, and asked for a reference.",
        "{n:,} get results and pay little: they can be raised, and asked for a reference.",
        int(grow["customers"]),
    )
    leavers = how_many(frames.get("customers"), "silent_leaver")
    leave = ngettext(
        "{n} pays, gets nothing and has gone quiet: silent leavers in the making.",
        "{n:,} pay, get nothing and have gone quiet: silent leavers in the making.",
        leavers,
    )
    both = sentences(repair if pays["customers"] else "", raised if grow["customers"] else "")
    return [one for one in (both, leave if leavers else "") if one]
