"""What the numbers say, composed from the kept frames: plain English, natural Japanese.

Each function takes the client and the frames and returns sentences; a frame that is not there
gives none. Nothing is computed here beyond sums and shares of what the frames hold.
"""

from __future__ import annotations

import pandas as pd

from segment_lib.client import Client
from segment_lib.columns import Language, value_label
from segment_lib.plots.words import count, hours, money, pair, percent
from segment_lib.report.frames import Frames, given


def says_register(client: Client, frames: Frames) -> list[str]:
    """How many rows came, what became of them, how many customers there are."""
    ja = client.language
    says = []
    ledger = given(frames, "ledger")
    if ledger is not None:
        rows, kept, aside, folded = (
            count(ledger[name].sum()) for name in ("rows_in", "kept", "set_aside", "folded")
        )
        balance = ledger["rows_in"].sum() == ledger[["kept", "set_aside", "folded"]].sum().sum()
        says.append(
            pair(
                f"{len(ledger)} lists held {rows} rows: {kept} are in the register, {aside} were "
                f"set aside, each with its reason, and {folded} were folded because they said the "
                f"same twice. {'The ledger balances to the row.' if balance else ''}",
                f"{len(ledger)}件のリストに{rows}行ありました。台帳に採用したのは{kept}行、"
                f"理由を付けて除外したのは{aside}行、重複として統合したのは{folded}行です。"
                f"{'行数の収支は一致しています。' if balance else ''}",
                ja,
            )
        )
    return says + _says_who(frames.get("customers"), ja)


def _says_who(customers: pd.DataFrame | None, ja: Language) -> list[str]:
    if customers is None or customers.empty:
        return []
    n = count(len(customers))
    says = pair(f"The register names {n} customers.", f"台帳のお客様は{n}名です。", ja)
    if "frequency" in customers:
        ordered = count((customers["frequency"].fillna(0) > 0).sum())
        says += pair(
            f" {ordered} of them have ordered.", f"うち{ordered}名にご注文があります。", ja
        )
    if "under_contract" in customers:
        served = count(customers["under_contract"].fillna(False).astype(bool).sum())
        says += pair(f" {served} are under contract now.", f"ご契約中の方は{served}名です。", ja)
    return [says]


def says_money(client: Client, frames: Frames) -> list[str]:
    """Who brings the money, and whether those who pay most get results."""
    ja = client.language
    table = given(frames, "deciles")
    if table is None:
        return []
    top = table[table["decile"].astype(str) == "1"].iloc[0]
    third = table[table["decile"].astype(str).isin(["1", "2", "3"])]
    says = [
        pair(
            f"The top tenth, {count(top['customers'])} customers, bring {percent(top['share'])} of "
            f"the spend; the top three tenths bring {percent(third['share'].sum())}.",
            f"上位1割の{count(top['customers'])}名で売上の{percent(top['share'])}、"
            f"上位3割では{percent(third['share'].sum())}を占めます。",
            ja,
        )
    ]
    return says + _says_decile_results(table, ja)


def _says_decile_results(table: pd.DataFrame, ja: Language) -> list[str]:
    if "results_known" not in table or table["results_known"].fillna(0).sum() == 0:
        return []
    top = table["decile"].astype(str) == "1"
    known = table["results_known"].fillna(0)
    yes = table["results_yes"].fillna(0)
    if not known[top].sum() or not known[~top].sum():
        return []
    first, rest = yes[top].sum() / known[top].sum(), yes[~top].sum() / known[~top].sum()
    return [
        pair(
            f"Of those whose result is known, {percent(first)} of the top tenth got results, and "
            f"{percent(rest)} of all the others. What customers bring in and what they get out "
            "are two questions.",
            f"成果が判明しているお客様のうち、上位1割で成果を出したのは{percent(first)}、"
            f"それ以外では{percent(rest)}です。売上の大きさと成果は別の問題です。",
            ja,
        )
    ]


def says_behaviour(client: Client, frames: Frames) -> list[str]:
    """Types, next orders, the pyramid, quotes still out."""
    return [
        *_says_types(given(frames, "five_types"), client),
        *_says_due(given(frames, "next_order"), client.language),
        *_says_pyramid(given(frames, "pyramid_checks"), client.language),
        *_says_quotes(given(frames, "deal_against_status"), client.language),
    ]


def _says_types(table: pd.DataFrame | None, client: Client) -> list[str]:
    if table is None:
        return []
    rows = table.set_index(table["five_type"].astype(str))
    total = rows["customers"].sum()
    first = rows["customers"].get("first_time", 0)
    loyal = rows.loc["loyal"] if "loyal" in rows.index else None
    says = pair(
        f"{count(first)} of {count(total)} customers ordered on one day only "
        f"({percent(first / total)}).",
        f"ご購入のある{count(total)}名のうち、初回のみの方は{count(first)}名"
        f"（{percent(first / total)}）です。",
        client.language,
    )
    if loyal is not None and loyal["customers"]:
        spend = money(loyal["spend"], client.language, client.client.currency)
        says += pair(
            f" {count(loyal['customers'])} loyal customers bring {spend}; "
            f"{count(loyal['lapsed'])} of them have gone quiet.",
            f"優良客{count(loyal['customers'])}名の売上は{spend}、"
            f"うち{count(loyal['lapsed'])}名が離脱しています。",
            client.language,
        )
    return [says]


def _says_due(due: pd.DataFrame | None, ja: Language) -> list[str]:
    if due is None:
        return []
    known = due.dropna(subset=["due_to_on"])
    late = count((known["overdue_days"].fillna(0) > 0).sum())
    return [
        pair(
            f"For {count(len(known))} orders to come a range of days can be stated; {late} are "
            "past their range. The day itself is hardly knowable, so a range is shown.",
            f"次回のご注文時期は{count(len(known))}件について期間で予測でき、"
            f"{late}件が期間を過ぎています。日付を1日に絞ることはできないため、幅で示します。",
            ja,
        )
    ]


def _says_pyramid(checks: pd.DataFrame | None, ja: Language) -> list[str]:
    if checks is None:
        return []
    compared = int(checks["holds"].notna().sum())
    if not compared:  # nothing but zeros: nobody stands on any stage
        return []
    broken = checks[checks["holds"].eq(False).fillna(False)]
    if broken.empty:
        return [
            pair(
                "The pyramid keeps its shape wherever it can be compared.",
                "顧客ピラミッドは、比べられる範囲では形を保っています。",
                ja,
            )
        ]
    where = pair("; ", "、", ja).join(broken["ja" if ja == "ja" else "en"].astype(str))
    return [
        pair(
            f"The pyramid breaks in {len(broken)} of the {compared} places that can be compared: "
            f"{where}.",
            f"顧客ピラミッドは、比べられる{compared}か所のうち{len(broken)}か所で崩れています："
            f"{where}。",
            ja,
        )
    ]


def _says_quotes(table: pd.DataFrame | None, ja: Language) -> list[str]:
    if table is None or not table["deals"].sum():
        return []
    total = table["deals"].sum()
    now = table.loc[table["status"].astype(str) == "deciding_now", "deals"].sum()
    return [
        pair(
            f"{count(total)} deals still read “proposal sent”; {count(now)} of these customers "
            f"({percent(now / total)}) are deciding now.",
            f"「見積提出」のままの案件は{count(total)}件、うち「今検討中」のお客様は"
            f"{count(now)}件（{percent(now / total)}）です。",
            ja,
        )
    ]


def says_results(client: Client, frames: Frames) -> list[str]:
    """Who gets results, what they share, and how sure that is."""
    ja = client.language
    customers = frames.get("customers")
    says = _says_known(customers, client) if customers is not None else []
    rules = given(frames, "rules")
    if rules is None:
        return says
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
    ja = client.language
    what = client.outcome.label_ja if ja == "ja" else client.outcome.label_en
    return [
        pair(
            f"“{what}” is known for {count(yes + no)} customers: {count(yes)} did "
            f"({percent(yes / (yes + no))}), {count(no)} did not. For "
            f"{count(len(answers) - yes - no)} it is not yet known, and they count as neither.",
            f"「{what}」かどうかは{count(yes + no)}名で判明しています。成果ありは{count(yes)}名"
            f"（{percent(yes / (yes + no))}）、成果なしは{count(no)}名です。"
            f"残り{count(len(answers) - yes - no)}名はまだ不明で、どちらにも数えません。",
            ja,
        )
    ]


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
    spend = money(pays["revenue"], ja, client.client.currency)
    says = [
        pair(
            f"{count(pays['customers'])} customers pay {spend} and get no result: their result "
            f"comes before any further selling. {count(grow['customers'])} get results and pay "
            "little: they can be raised, and asked for a reference.",
            f"{count(pays['customers'])}名のお客様は{spend}をお支払いですが、成果が出ていません。"
            "追加のご提案より先に成果を立て直します。"
            f"成果が出ていてお支払いが少ない{count(grow['customers'])}名は、"
            "育てる余地があり、ご紹介もお願いできます。",
            ja,
        )
    ]
    customers = frames.get("customers")
    if customers is not None and "silent_leaver" in customers:
        n = int(customers["silent_leaver"].fillna(False).astype(bool).sum())
        says.append(
            pair(
                f"{count(n)} pay, get nothing and have gone quiet: silent leavers in the making.",
                f"お支払いがあり、成果がなく、連絡も途絶えている方が{count(n)}名"
                "（沈黙の離反予備軍）です。",
                ja,
            )
        )
    return says


def reason_words(reasons: object, language: Language) -> str:
    """All reasons of a customer in words, the main one first."""
    codes = [part.strip() for part in str(reasons).split(";") if part.strip()]
    joined = pair("; ", "／", language)
    return joined.join(str(value_label("reason", code, language)) for code in codes)


def hours_text(value: float, language: Language) -> str:
    """Hours with their unit."""
    return pair(f"{hours(value)} hours", f"{hours(value)}時間", language)
