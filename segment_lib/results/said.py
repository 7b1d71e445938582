"""What notebook 07 says of the outcome, of clues and rules, and of what followed.

Each function takes frames and gives sentences that stay true on other lists; where there is nothing
to say it says so.
"""

from __future__ import annotations

import pandas as pd

from segment_lib.columns import value_label
from segment_lib.in_words import count, percent
from segment_lib.results.leaks import BY_DAY, KNOWN_AT_REASONS
from segment_lib.results.target import MISSING, OTHERS, UNLIKE_CHANCE, is_looked_at
from segment_lib.settings import OutcomeSection
from segment_lib.voice import _, ngettext, pgettext, sentences

UNDATED = KNOWN_AT_REASONS["undated"][1]
LARGEST = 3  # groups named per attribute


def says_landmarks(outcome: OutcomeSection) -> str:
    """Start, end of features, day of judgement: the same age for everyone."""
    return _(
        "Everybody is looked at by the same clock. Day 0 is their own start; what happened "
        "up to day {until} may explain; the result is judged on day {judged}.",
        until=outcome.features_until_days,
        judged=outcome.judged_after_days,
    )


def says_our_part(judged: pd.DataFrame) -> str:
    """How many missing results are not counted, because we did not do our part."""
    ours = int((judged["why_unknown"] == "our_part_missing").sum())
    known = judged["got_results"].isin(["yes", "no"])
    left_out = int((known & ~judged["learn_from"]).sum())
    return _(
        "{ours} customers have no result, and we had not done our own part: they are not "
        "yet known. {left_out} more have a known result that nothing is learned from (our "
        "part was missing there too, or the result came before the clues end).",
        ours=count(ours),
        left_out=count(left_out),
    )


def says_apart(apart: pd.DataFrame) -> list[str]:
    """How far the groups of each cut lie apart, beside what chance alone would give."""
    told, chance = _("it tells customers apart"), _("no more than chance")
    return [
        _(
            "{name}: its groups lie {distance:.1f} points from the overall rate "
            "(chance alone: {chance:.1f}): {verdict}.",
            name=row.group,
            distance=100 * row.mean_distance,
            chance=100 * row.by_chance,
            verdict=told if row.p < UNLIKE_CHANCE / len(apart) else chance,
        )
        for row in apart.itertuples()
    ] or [_("No group has enough known results.")]


def says_guesses(guesses: pd.DataFrame) -> list[str]:
    """One sentence per stated guess, with its verdict."""
    return [
        _(
            "{text}: {verdict}. {rate} of {n} ({interval}), {others} of the others.",
            text=row.says,
            verdict=value_label("verdict", row.verdict),
            rate=percent(row.rate),
            n=count(row.n),
            interval=f"{percent(row.low)} – {percent(row.high)}",
            others=percent(row.rate_others),
        )
        for row in guesses.itertuples()
    ] or [_("Nobody wrote down a guess before looking ([[hypotheses]]).")]


def says_leaks(audit: pd.DataFrame, leaks: pd.DataFrame) -> list[str]:
    """How many features may be searched, which know the result too well, which are asked about."""
    heads = audit["use"].value_counts()
    searched, shown, barred = (count(heads.get(use, 0)) for use in ("searched", "shown", "barred"))
    says = _(
        "Of {n} clues {searched} are searched, {shown} are only shown, {barred} "
        "are barred because they come from the result or from revenue.",
        n=len(audit),
        searched=searched,
        shown=shown,
        barred=barred,
    )
    asked = says_questions(audit, leaks)
    return [says, *(asked or [_("No column knows the result too well.")])]


def says_questions(audit: pd.DataFrame, leaks: pd.DataFrame) -> list[str]:
    """What is barred because it knows the result too well, and what is asked about, with the
    evidence; columns with the same evidence stand together.
    """
    known_at = audit.set_index("feature")["known_at"]
    seen = leaks[~leaks["reason"].isin([_(UNDATED)])]
    dated = seen["feature"].map(known_at).isin(BY_DAY)
    says = []
    for (use, of_a_day, why), rows in seen.groupby([seen["use"], dated, "reason"], sort=False):
        named = [f"{row.feature} = {row.cell}" if row.cell else row.feature
                 for row in rows.itertuples()]  # fmt: skip
        fields = {"feature": pgettext("columns", ", ").join(named), "why": why}
        says.append(_question(str(use), bool(of_a_day), fields))
    return says


def _question(use: str, of_a_day: bool, fields: dict[str, str]) -> str:
    """One question, by what is done with the column until it is answered."""
    if use == "barred":
        return _("It knows the result too well: {feature}: {why}.", **fields)
    if use == "shown":
        return _(
            "When is {feature} written? It foretells the result closely: {why}. Until somebody "
            "says so (known_at), it is only shown.",
            **fields,
        )
    if of_a_day:
        return _(
            "{feature} tells much: {why}. It happened before the clues end, so it is searched. Was "
            "its day noted on that day?",
            **fields,
        )
    return _(
        "Was {feature} really known before the result? {why}. It is searched, as declared.",
        **fields,
    )


def says_later(later: pd.DataFrame) -> list[str]:
    """What followed, of those with results and those without; a description, no proof."""
    says = []
    for what, rows in later.groupby("measure", sort=False):
        yes, no = (rows[rows["got_results"] == word].iloc[0] for word in ("yes", "no"))
        fields = {
            "what": str(what).capitalize(),
            "rate": percent(yes["rate"], 1),
            "n": count(yes["n"]),
            "rate_without": percent(no["rate"], 1),
            "n_without": count(no["n"]),
            "difference": _difference(yes, no),
        }
        nobody = _(
            "{what}: there is nobody to compare with, because all known results are alike.",
            **fields,
        )
        compared = _(
            "{what}: {rate} of {n} with results, {rate_without} of {n_without} without. "
            "{difference}",
            **fields,
        )
        says.append(compared if yes["n"] and no["n"] else nobody)
    return says


def _difference(yes: pd.Series, no: pd.Series) -> str:
    """The difference of two rates with its interval, made from theirs (Newcombe's method)."""
    points = 100 * (yes["rate"] - no["rate"])
    if pd.isna(points):
        return _("Too few to say.")
    low = points - 100 * ((yes["rate"] - yes["low"]) ** 2 + (no["high"] - no["rate"]) ** 2) ** 0.5
    high = points + 100 * ((yes["high"] - yes["rate"]) ** 2 + (no["rate"] - no["low"]) ** 2) ** 0.5
    end = _("chance alone could do that") if low <= 0 <= high else _("more than chance")
    return _(
        "Difference {points:+.1f} points ({low:+.1f} to {high:+.1f}): {end}.",
        points=points,
        low=low,
        high=high,
        end=end,
    )


# --- whom to look for -----------------------------------------------------------------------------
def says_who_gathers(target: pd.DataFrame) -> list[str]:
    """Per attribute the largest groups among those with results, in heads."""
    if target.empty:
        return [
            _(
                "No attribute in words is known of anybody beforehand (known_at in "
                "[attributes]), so nothing can be said of whom to gather."
            )
        ]
    own = target[~target["level"].isin([MISSING, OTHERS]) & target["successes"].gt(0)]
    says = []
    for name, rows in own.groupby("attribute", sort=False):
        largest = rows.sort_values("successes", ascending=False, kind="stable").head(LARGEST)
        levels = [
            _(
                "{level} ({won} of {n} got results, {rate}; {heads} in the list)",
                level=row.level,
                rate=percent(row.rate),
                won=count(row.successes),
                n=count(row.n),
                heads=count(row.customers),
            )
            for row in largest.itertuples()
        ]
        says.append(
            _(
                "{attribute}: most frequent among those with results: {levels}.",
                attribute=name,
                levels=pgettext("columns", ", ").join(levels),
            )
        )
    return says or [_("Nobody with a known result stands at a level of five customers or more.")]


def _told_once(target: pd.DataFrame) -> pd.DataFrame:
    """The levels that tell apart; of a yes and its no, which say the same, the higher rate."""
    tell = target[target["tells_apart"].fillna(False).astype(bool)]
    levels = target.loc[is_looked_at(target), "attribute"].value_counts()
    of_two = tell["attribute"].map(levels).eq(2)
    best = tell.sort_values("rate", ascending=False, kind="stable")
    second = best.index[best.duplicated("attribute")]
    return tell[~(of_two & tell.index.isin(second))]


def says_levels(target: pd.DataFrame) -> str:
    """Which levels tell apart, of how many that were looked at."""
    looked = int(target["looked_at"].iloc[0]) if len(target) else 0
    if not looked:
        return _("No level has ten known results, so none is compared with the others.")
    tell = _told_once(target)
    if tell.empty:
        return ngettext(
            "{n} level was looked at; it tells no more than chance who gets results.",
            "{n:,} levels were looked at; none tells more than chance who gets results.",
            looked,
        )
    levels = [
        _(
            "{attribute}: {level} ({rate} of {n}, 95% interval {low} to {high})",
            attribute=row.attribute,
            level=row.level,
            rate=percent(row.rate),
            n=count(row.n),
            low=percent(row.low),
            high=percent(row.high),
        )
        for row in tell.itertuples()
    ]
    says = ngettext(
        "{looked} levels were looked at; after allowing for that, {n} tells apart, against "
        "{overall} of all with a known result. {levels}.",
        "{looked} levels were looked at; after allowing for that, {n:,} tell apart, against "
        "{overall} of all with a known result. {levels}.",
        len(tell),
        looked=count(looked),
        overall=percent(tell["overall_rate"].iloc[0]),
        levels=pgettext("columns", ", ").join(levels),
    )
    marked = target["tells_apart"].fillna(False).astype(bool).sum()
    once = _("Of a yes and its no, which say the same, one is counted.")
    return sentences(says, once if marked > len(tell) else "")


def says_behaviour_beside(spread: pd.DataFrame) -> str:
    """The requests handled beside the attribute that reaches furthest: these gather, that finds."""
    after = spread["known_at"].eq("after_contract")
    if not after.any():
        return _(
            "No requests whose handling could be put beside the attributes are known, so what "
            "behaviour tells more is not said here."
        )
    requests, before = spread[after].iloc[0], spread[~after]
    limit = UNLIKE_CHANCE / len(spread)
    reached = _(
        "Of {few_n} customers who handled {few} requests in time, {few_rate} got results; of "
        "{many_n} who handled {many}, {many_rate}.",
        few=requests["lowest"],
        few_n=count(requests["lowest_n"]),
        few_rate=percent(requests["lowest_rate"]),
        many=requests["highest"],
        many_n=count(requests["highest_n"]),
        many_rate=percent(requests["highest_rate"]),
    )
    rise = requests["highest_rate"] - requests["lowest_rate"]
    finds = rise > 0 and requests["p"] < limit
    if before.empty:
        end = _("That is more than chance.") if finds else _("That is no more than chance.")
        return sentences(reached, end)
    reach = before["highest_rate"] - before["lowest_rate"]
    tell = before["p"] < limit
    # Of many levels the ends lie apart by chance: an attribute that tells goes before a wider one.
    at = reach.where(tell if tell.any() else reach.notna()).idxmax()
    fields = {
        "attribute": before.loc[at, "group"],
        "low": percent(before.loc[at, "lowest_rate"]),
        "lowest": before.loc[at, "lowest"],
        "high": percent(before.loc[at, "highest_rate"]),
        "highest": before.loc[at, "highest"],
    }
    real = _(
        "Of what is known beforehand “{attribute}” reaches furthest, and by more than "
        "chance: from {low} ({lowest}) to {high} ({highest}).",
        **fields,
    )
    chance = _(
        "Of what is known beforehand “{attribute}” reaches furthest, but by no more than "
        "chance: from {low} ({lowest}) to {high} ({highest}).",
        **fields,
    )
    if not finds:
        end = _("The requests tell no more than chance here.")
    elif not tell.any():
        end = _("These gather customers; behaviour finds those who get results.")
    else:
        end = _which_tells_more(requests, before.loc[at])
    gather = ""
    if tell.any() and not tell.all():
        gather = _(
            "{n} of {all} attributes tell no more than chance: enough to gather customers, not to "
            "find those who get results.",
            n=count((~tell).sum()),
            all=count(len(tell)),
        )
    return sentences(reached, real if tell.any() else chance, end, gather)


def _which_tells_more(requests: pd.Series, attribute: pd.Series) -> str:
    """Both tell: whether one reaches further by more than the doubt of the four rates."""
    reach = [row["highest_rate"] - row["lowest_rate"] for row in (requests, attribute)]
    doubt = 1.96 * sum(
        row[f"{end}_rate"] * (1 - row[f"{end}_rate"]) / row[f"{end}_n"]
        for row in (requests, attribute)
        for end in ("lowest", "highest")
    ) ** 0.5  # fmt: skip
    if reach[0] - reach[1] > doubt:
        return _("This helps to gather; to find those who get results, behaviour tells more.")
    if reach[1] - reach[0] > doubt:
        return _("Here behaviour tells less than what is known beforehand.")
    return _("Both tell customers apart; these counts cannot say which of them tells more.")


def says_main(main: pd.DataFrame) -> str:
    """How many main customers there are, and how many of them got results."""
    if main.empty:
        return _(
            "Nobody is known to have done all requests, or to have become a fan after an incident, "
            "so no main customer is named."
        )
    return ngettext(
        "{n} main customer did all requests or became a fan after an incident; {won} of them got "
        "results.",
        "{n:,} main customers did all requests or became fans after an incident; {won} of them got "
        "results.",
        len(main),
        won=count(main["got_results"].eq("yes").sum()),
    )
