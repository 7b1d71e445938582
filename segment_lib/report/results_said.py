"""Who gets results and what they share, and results beside revenue, in sentences."""

from __future__ import annotations

import pandas as pd

from segment_lib.client import Client
from segment_lib.columns import Language
from segment_lib.plots.words import count, many, money, pair, percent
from segment_lib.report.frames import Frames, given


def says_results(client: Client, frames: Frames) -> list[str]:
    """Who gets results, what they share, and how sure that is."""
    ja = client.language
    customers = frames.get("customers")
    says = _says_known(customers, client) if customers is not None else []
    rules = given(frames, "rules")
    if rules is None:
        return [*says, *_says_why_no_rule(frames.get("rules_note"), ja)]
    confirmed = rules[rules["confirmed"].fillna(False).astype(bool)]
    looked = int(rules["looked_at"].iloc[0]) if "looked_at" in rules else 0
    if confirmed.empty:
        return [
            *says,
            pair(
                f"{count(looked)} combinations were looked at; nothing is more than chance.",
                f"{count(looked)}通りを調べましたが、偶然を超えるものはありませんでした。",
                ja,
            ),
        ]
    return [*says, *[_says_rule(row, ja) for _, row in confirmed.iterrows()]]


def _says_why_no_rule(note: pd.DataFrame | None, ja: Language) -> list[str]:
    """What the search itself says where it could not begin; of one result only, nothing."""
    if note is None or note.empty or note["overall_rate"].iloc[0] in (0, 1):
        return []
    message = str(note["message_ja" if ja == "ja" else "message"].iloc[0])
    return [message] if message else []


def _says_rule(row: pd.Series, ja: Language) -> str:
    words = row["rule_ja"] if ja == "ja" and "rule_ja" in row else row["rule"]
    low, high = percent(row["low"]), percent(row["high"])
    return pair(
        f"“{words}”: of the {count(row['n'])} such customers in the half of the list that did not "
        f"find the rule, {percent(row['rate'])} get results (95% interval {low} to {high}), "
        f"against {percent(row['overall_rate'])} of all. In the whole list "
        f"{count(row['successes_all'])} of {count(row['n_all'])} do.",
        f"『{words}』に当てはまるお客様は、条件を見つけていない側の半分では{count(row['n'])}名の"
        f"うち{percent(row['rate'])}が成果を出しています（95%区間{low}〜{high}、全体では"
        f"{percent(row['overall_rate'])}）。リスト全体では{count(row['n_all'])}名中"
        f"{count(row['successes_all'])}名です。",
        ja,
    )


def _says_known(customers: pd.DataFrame, client: Client) -> list[str]:
    if "got_results" not in customers or customers.empty:
        return []
    answers = customers["got_results"].astype("object").fillna("unknown").astype(str)
    yes, no = int((answers == "yes").sum()), int((answers == "no").sum())
    if not yes + no:
        return []
    what = client.outcome.label_ja if client.language == "ja" else client.outcome.label_en
    says = _says_answers(what, yes, no, client.language)
    rest = len(answers) - yes - no
    if rest:
        says += pair(
            f" For {count(rest)} it is not yet known, and they count as neither.",
            f"残り{count(rest)}名はまだ不明で、どちらにも数えません。",
            client.language,
        )
    return [says]


def _says_answers(what: str, yes: int, no: int, ja: Language) -> str:
    known = pair(
        f"“{what}” is known for {many(yes + no, 'customer')}:",
        f"「{what}」かどうかは{count(yes + no)}名で判明しています。",
        ja,
    )
    if not yes or not no:
        return known + pair(
            f" {'all' if yes else 'none'} of them did, so nothing can tell those with "
            "results from the others.",
            f"{'全員が成果ありの' if yes else '成果を出した方がいない'}ため、"
            "成果の有無を分けるものは調べられません。",
            ja,
        )
    return known + pair(
        f" {count(yes)} did ({percent(yes / (yes + no))}), {count(no)} did not.",
        f"成果ありは{count(yes)}名（{percent(yes / (yes + no))}）、成果なしは{count(no)}名です。",
        ja,
    )


def says_contrast(client: Client, frames: Frames) -> list[str]:
    """Who pays and gets nothing, who gets results and pays little, who is leaving silently."""
    ja = client.language
    table = given(frames, "fields")
    if table is None:
        return []
    rows = table.set_index(table["field"].astype(str))
    pays, grow = (
        rows.loc[name] if name in rows.index else pd.Series({"customers": 0, "revenue": 0.0})
        for name in ("pays_gets_nothing", "gets_results_pays_little")
    )
    says = [*_says_pays(pays, client), *_says_grow(int(grow["customers"]), ja)]
    said = [pair(" ", "", ja).join(says)] if says else []
    return said + _says_silent(frames.get("customers"), ja)


def _says_pays(pays: pd.Series, client: Client) -> list[str]:
    if not pays["customers"]:
        return []
    spend = money(pays["revenue"], client.language, client.client.currency)
    one = pays["customers"] == 1
    return [
        pair(
            f"{many(pays['customers'], 'customer')} {'pays' if one else 'pay'} {spend} and "
            f"{'gets' if one else 'get'} no result: their result comes before any further selling.",
            f"{count(pays['customers'])}名のお客様は{spend}をお支払いですが、成果が出ていません。"
            "追加のご提案より先に成果を立て直します。",
            client.language,
        )
    ]


def _says_grow(n: int, ja: Language) -> list[str]:
    if not n:
        return []
    return [
        pair(
            f"{count(n)} {'gets' if n == 1 else 'get'} results and {'pays' if n == 1 else 'pay'} "
            "little: they can be raised, and asked for a reference.",
            f"成果が出ていてお支払いが少ない{count(n)}名は、"
            "育てる余地があり、ご紹介もお願いできます。",
            ja,
        )
    ]


def _says_silent(customers: pd.DataFrame | None, ja: Language) -> list[str]:
    if customers is None or "silent_leaver" not in customers:
        return []
    n = int(customers["silent_leaver"].fillna(False).astype(bool).sum())
    if not n:
        return []
    return [
        pair(
            f"{count(n)} {'pays, gets' if n == 1 else 'pay, get'} nothing and "
            f"{'has' if n == 1 else 'have'} gone quiet: silent leavers in the making.",
            f"お支払いがあり、成果がなく、連絡も途絶えている方が{count(n)}名"
            "（沈黙の離反予備軍）です。",
            ja,
        )
    ]
