"""What notebooks 07 to 09 say of what they have just computed, in English or Japanese.

Each function takes frames and gives sentences that stay true on other lists; where there is nothing
to say it says so. What the report says too stands in `report`.
"""

from __future__ import annotations

import pandas as pd

from segment_lib.approach.worth import WorthBands
from segment_lib.client import Client
from segment_lib.columns import Language
from segment_lib.plots.words import count, money, pair, percent
from segment_lib.report.sentences import hours_text

UNLIKE_CHANCE = 0.05
HARDLY_MOVES = 0.1  # of the longest list


def says_landmarks(client: Client) -> str:
    """Start, end of features, day of judgement: the same age for everyone."""
    until, judged = client.outcome.features_until_days, client.outcome.judged_after_days
    return pair(
        f"Everybody is looked at by the same clock. Day 0 is their own start; what happened up to "
        f"day {until} may explain; the result is judged on day {judged}.",
        f"どのお客様も同じ時計で見ます。それぞれの開始日を0日目とし、{until}日目までの行動だけを"
        f"手がかりに、{judged}日目の成果を判定します。",
        client.language,
    )


def says_our_part(judged: pd.DataFrame, language: Language = "en") -> str:
    """How many missing results are not counted, because we did not do our part."""
    ours = int((judged["why_unknown"] == "our_part_missing").sum())
    known = judged["got_results"].isin(["yes", "no"])
    left_out = int((known & ~judged["learn_from"]).sum())
    return pair(
        f"{count(ours)} customers have no result, and we had not done our own part: they are not "
        f"yet known. {count(left_out)} more have a known result that nothing is learned from "
        "(our part was missing there too, or the result came before the clues end).",
        f"成果がなく、当社の対応も不足していたお客様が{count(ours)}名います。「まだ不明」とします。"
        f"ほかに{count(left_out)}名は結果が判明していますが、学習には使いません"
        "（当社の対応不足、または手がかりの期間より前の判定）。",
        language,
    )


def says_apart(apart: pd.DataFrame, language: Language = "en") -> list[str]:
    """How far the groups of each cut lie apart, beside what chance alone would give."""
    says = []
    for row in apart.itertuples():
        name = row.group_ja if language == "ja" else row.group
        distance, chance = 100 * row.mean_distance, 100 * row.by_chance
        verdict = (
            pair("it tells customers apart", "お客様を見分けられる", language)
            if row.p < UNLIKE_CHANCE / len(apart)
            else pair("no more than chance", "偶然の範囲", language)
        )
        says.append(
            pair(
                f"{name}: its groups lie {distance:.1f} points from the overall rate "
                f"(chance alone: {chance:.1f}): {verdict}.",
                f"{name}：各グループは全体の率から平均{distance:.1f}ポイント離れています"
                f"（偶然だけなら{chance:.1f}）。{verdict}。",
                language,
            )
        )
    nothing = pair("No group has enough known results.", "判明した結果が足りません。", language)
    return says or [nothing]


def says_guesses(guesses: pd.DataFrame, language: Language = "en") -> list[str]:
    """One sentence per stated guess, with its verdict."""
    says = []
    for row in guesses.itertuples():
        text, verdict = (
            (row.says_ja, row.verdict_ja)
            if language == "ja"
            else (row.says, str(row.verdict).replace("_", " "))
        )
        rate, others = percent(row.rate), percent(row.rate_others)
        interval = f"{percent(row.low)} – {percent(row.high)}"
        says.append(
            pair(
                f"{text}: {verdict}. {rate} of {count(row.n)} ({interval}), "
                f"{others} of the others.",
                f"{text}：{verdict}。{count(row.n)}名の{rate}（{interval}）、それ以外は{others}。",
                language,
            )
        )
    nothing = pair(
        "Nobody wrote down a guess before looking ([[hypotheses]]).",
        "見る前に書いた仮説がありません（[[hypotheses]]）。",
        language,
    )
    return says or [nothing]


def says_leaks(audit: pd.DataFrame, leaks: pd.DataFrame, language: Language = "en") -> list[str]:
    """How many features may be searched, and which know the result too well."""
    heads = audit["use"].value_counts()
    searched, shown, barred = (count(heads.get(use, 0)) for use in ("searched", "shown", "barred"))
    says = [
        pair(
            f"Of {len(audit)} clues {searched} are searched, {shown} are only shown, {barred} are "
            "barred because they come from the result or from revenue.",
            f"手がかり{len(audit)}件のうち、探索するのは{searched}件、表示のみが{shown}件、"
            f"成果や売上から作られるため使わないものが{barred}件です。",
            language,
        )
    ]
    for row in leaks.itertuples():
        why = row.reason_ja if language == "ja" else row.reason
        cell = f" = {row.cell}" if row.cell else ""
        says.append(
            pair(
                f"It knows the result too well: {row.feature}{cell}: {why}.",
                f"成果を知りすぎている列：{row.feature}{cell}（{why}）。",
                language,
            )
        )
    nothing = pair(
        "No column knows the result too well.", "成果を知りすぎている列はありません。", language
    )
    return says if len(leaks) else [*says, nothing]


def says_later(later: pd.DataFrame, language: Language = "en") -> list[str]:
    """What followed, of those with results and those without; a description, no proof."""
    says = []
    for _, rows in later.groupby("measure", sort=False):
        yes, no = (rows[rows["got_results"] == word].iloc[0] for word in ("yes", "no"))
        what = yes["measure_ja" if language == "ja" else "measure"]
        if not yes["n"] or not no["n"]:
            says.append(
                pair(
                    f"{str(what).capitalize()}: there is nobody to compare with, because all known "
                    "results are alike.",
                    f"{what}：判明した成果が全員同じため、比べる相手がいません。",
                    language,
                )
            )
            continue
        says.append(
            pair(
                f"{str(what).capitalize()}: {percent(yes['rate'], 1)} of {count(yes['n'])} with "
                f"results, {percent(no['rate'], 1)} of {count(no['n'])} without. "
                f"{_difference(yes, no, language)}",
                f"{what}：成果ありの{count(yes['n'])}名では{percent(yes['rate'], 1)}、"
                f"成果なしの{count(no['n'])}名では{percent(no['rate'], 1)}。"
                f"{_difference(yes, no, language)}",
                language,
            )
        )
    return says


def _difference(yes: pd.Series, no: pd.Series, language: Language) -> str:
    """The difference of two rates with its interval, made from theirs (Newcombe's method)."""
    points = 100 * (yes["rate"] - no["rate"])
    if pd.isna(points):
        return pair("Too few to say.", "人数が足りません。", language)
    low = points - 100 * ((yes["rate"] - yes["low"]) ** 2 + (no["high"] - no["rate"]) ** 2) ** 0.5
    high = points + 100 * ((yes["high"] - yes["rate"]) ** 2 + (no["rate"] - no["low"]) ** 2) ** 0.5
    end = (
        pair("chance alone could do that", "偶然でも起こりえます", language)
        if low <= 0 <= high
        else pair("more than chance", "偶然の範囲を超えています", language)
    )
    return pair(
        f"Difference {points:+.1f} points ({low:+.1f} to {high:+.1f}): {end}.",
        f"差は{points:+.1f}ポイント（{low:+.1f}〜{high:+.1f}）で、{end}。",
        language,
    )


def says_break_even(client: Client) -> str:
    """Cost over value, in words."""
    ja, worth = client.language, client.worth
    if worth.break_even is None:
        return pair(
            "No value or cost is stated in [worth]: nobody can be called not worth the effort.",
            "[worth] に価値と費用の記載がありません。採算を理由に外すお客様はいません。",
            ja,
        )
    currency = client.client.currency
    cost, value = (
        f"{currency}{amount:,.0f}" for amount in (worth.cost_per_approach, worth.value_per_result)
    )
    due, even = percent(worth.share_due_to_us), percent(worth.break_even, 1)
    return pair(
        f"An approach costs {cost}, a customer with results is worth {value}, and {due} of the "
        f"results are put down to our approach. So it pays where more than {even} of those "
        "approached sign and get results.",
        f"1回の働きかけの費用は{cost}、成果を出したお客様の価値は{value}、そのうち当社の働きかけに"
        f"よる割合を{due}とします。受注して成果を出す方が{even}を超えれば、採算が取れます。",
        ja,
    )


def says_learned(bands: WorthBands, client: Client) -> str:
    """What the score was learned from, or why it was not."""
    if bands.message_:
        return pair(bands.message_, bands.message_ja_, client.language)
    n = {name: count(value) for name, value in bands.learned_from_.items()}
    return pair(
        f"Learned from {n['decided']} decided customers, {n['signed']} of whom signed, and from "
        f"{n['known']} known results, {n['results']} of them yes. One half learned the score; the "
        f"other half, which it never saw, was cut into {len(bands.bands_)} bands.",
        f"決着したお客様{n['decided']}名（うち受注{n['signed']}名）と、判明した結果{n['known']}名"
        f"（うち成果あり{n['results']}名）から学びました。半分でスコアを学び、"
        f"見せていない残り半分を{len(bands.bands_)}のバンドに分けました。",
        client.language,
    )


def says_band(band: pd.Series, client: Client) -> str:
    """What one band means, in counts and then in words."""
    low, high = percent(band["low"], 1), percent(band["high"], 1)
    number, even = int(band["band"]), percent(client.worth.break_even, 1)
    return pair(
        f"Band {number}: of {count(band['decided'])} decided customers {count(band['signed'])} "
        f"signed; of {count(band['known'])} with a known result {count(band['results'])} got "
        f"results. From these counts the share that signs and gets results is estimated at "
        f"{percent(band['rate'], 1)} ({low} – {high}), and the chance that it is truly above "
        f"{even} at {percent(band['p_worth_it'], 1)}.",
        f"バンド{number}：決着した{count(band['decided'])}名のうち受注{count(band['signed'])}名、"
        f"結果が判明した{count(band['known'])}名のうち成果あり{count(band['results'])}名。"
        f"この件数から、受注して成果を出す割合は{percent(band['rate'], 1)}（{low}〜{high}）、"
        f"本当の割合が{even}を超える確率は{percent(band['p_worth_it'], 1)}と推定します。",
        client.language,
    )


def says_sizes(sizes: pd.DataFrame, language: Language = "en") -> str:
    """Whether the list swings when the break-even moves; `sizes`: break_even, not_worth_it."""
    if sizes.empty:
        return pair(
            "Without a break-even there is no list to try this on.",
            "採算ラインがないため、試すリストがありません。",
            language,
        )
    fewest, most = sizes["not_worth_it"].min(), sizes["not_worth_it"].max()
    heads = count(most) if fewest == most else f"{count(fewest)} – {count(most)}"
    low, high = percent(sizes["break_even"].min(), 1), percent(sizes["break_even"].max(), 1)
    verdict = (
        pair("It hardly hangs on that number.", "この数字にはほとんど左右されません。", language)
        if most - fewest <= HARDLY_MOVES * max(most, 1)
        else pair(
            "It swings with that number: decide value and cost again before you use it.",
            "この数字で大きく変わります。使う前に、価値と費用をもう一度決めてください。",
            language,
        )
    )
    return pair(
        f"Between a break-even of {low} and {high} the list leaves out {heads} customers. "
        f"{verdict}",
        f"採算ラインを{low}から{high}まで動かすと、外れるのは{heads}名です。{verdict}",
        language,
    )


def says_if_wrong(listed: pd.DataFrame, bands: pd.DataFrame, client: Client) -> str:
    """What the list may cost: results given up, and hours saved, in money.

    `listed` are the customers left out as not worth it, with `worth_band` and `band_rate`.
    """
    ja, worth = client.language, client.worth
    if listed.empty:
        return pair(
            "Nobody is left out as not worth it, so this list can cost no result.",
            "採算を理由に外すお客様がいないため、取りこぼしもありません。",
            ja,
        )
    most = listed["worth_band"].map(bands.set_index("band")["high"]).astype("float64").sum()
    lost = float(listed["band_rate"].sum())
    saved = len(listed) * worth.cost_per_approach
    told = [
        money(amount, ja, client.client.currency)
        for amount in (
            saved,
            lost * worth.value_per_result * worth.share_due_to_us,
            most * worth.value_per_result * worth.share_due_to_us,
        )
    ]
    return pair(
        f"Leaving out {count(len(listed))} customers saves {told[0]}. Among them about "
        f"{lost:.0f} would have signed and got results: {told[1]} given up. If every band were as "
        f"good as its interval allows, it would be {most:.0f}, or {told[2]}.",
        f"{count(len(listed))}名を外すことで{told[0]}の費用が浮きます。そのうち約{lost:.0f}名は"
        f"受注して成果を出したはずで、{told[1]}を手放します。どのバンドも区間の上限どおり良かった"
        f"場合は{most:.0f}名、{told[2]}です。",
        ja,
    )


def says_freed(freed: pd.DataFrame, language: Language = "en") -> str:
    """How many hours the list frees, and where they go."""
    sums = freed.groupby("part")["hours"].sum()
    if not sums.get("freed", 0):
        return pair(
            "Nobody is on the list, so no hours become free.",
            "アプローチしないお客様がいないため、空く時間はありません。",
            language,
        )
    gone = freed[freed["part"] == "goes_to"]
    heads = count(gone["customers"].sum())
    away = count(freed.loc[freed["part"] == "freed", "customers"].sum())
    left = sums.get("not_planned", 0.0)
    says = pair(
        f"{hours_text(sums['freed'], language)} become free at {away} customers who are not "
        f"approached; {hours_text(sums.get('goes_to', 0.0), language)} of them serve {heads} "
        "others.",
        f"アプローチしない{away}名の分、{hours_text(sums['freed'], language)}が空き、"
        f"{hours_text(sums.get('goes_to', 0.0), language)}をほかの{heads}名に使います。",
        language,
    )
    if left:
        rest = hours_text(left, language)
        says += pair(f" {rest} are not planned yet.", f"{rest}はまだ予定がありません。", language)
    return says


def says_playbook(playbook: pd.DataFrame, client: Client) -> list[str]:
    """How many pairs have their action, who signed, and which rows ask for the same."""
    ja = client.language
    unsigned = int(playbook["decided"].str.contains("初期値").sum())
    says = [
        pair(
            f"{len(playbook)} pairs of decision and reason can occur; each has exactly one action. "
            f"{unsigned} of them are defaults that nobody has signed yet.",
            f"起こりうる判断と理由の組は{len(playbook)}通りで、どれにもアクションが1つあります。"
            f"うち{unsigned}通りは誰も署名していない初期値です。",
            ja,
        )
    ]
    same = playbook[playbook["same_as"] != ""].drop_duplicates("name")
    for row in same.itertuples():
        says.append(
            pair(
                f"“{row.name}” asks for the same as “{row.same_as}”: merge them, or say what "
                "differs.",
                f"「{row.name}」は「{row.same_as}」と同じ内容です。統合するか、違いを書いてください。",
                ja,
            )
        )
    nothing = pair("No two of them ask for the same.", "同じ内容の組はありません。", ja)
    return says if len(same) else [*says, nothing]


def says_waiting(actions: pd.DataFrame, language: Language = "en") -> str:
    """How many actions wait for next month because no hours are left."""
    late = actions[actions["reason"] == "over_capacity"]
    if late.empty:
        return pair(
            "Everything fits, or no capacity is stated.",
            "すべて収まるか、時間の上限が決められていません。",
            language,
        )
    hours = hours_text(late["effort_hours"].sum(), language)
    return pair(
        f"{count(len(late))} actions ({hours}) do not fit into this month's hours and wait for the "
        "next. Mending and serving never wait.",
        f"{count(len(late))}件（{hours}）は今月の時間に収まらず、来月に回します。"
        "リカバリと通常対応は先送りしません。",
        language,
    )
