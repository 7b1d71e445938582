"""What the numbers say, composed from the kept frames: plain English, natural Japanese.

Each function takes the client and the frames and returns sentences; a frame that is not there
gives none. Nothing is computed here beyond sums and shares of what the frames hold.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from segment_lib.approach.decide import HOURS_SENTENCE
from segment_lib.client import Client
from segment_lib.columns import Language, label, value_label
from segment_lib.plots.words import count, hours, many, money, pair, percent
from segment_lib.report.frames import Frames, drawable, given


def says_register(client: Client, frames: Frames) -> list[str]:
    """How many rows came, what became of them, how many customers there are."""
    ja = client.language
    says = []
    ledger = given(frames, "ledger")
    if ledger is not None:
        says.append(_says_rows(ledger, ja))
    return says + _says_who(frames.get("customers"), client)


def _says_rows(ledger: pd.DataFrame, ja: Language) -> str:
    """Where the rows went; what happened to none is not told."""
    rows, kept, aside, folded = (
        int(ledger[name].sum()) for name in ("rows_in", "kept", "set_aside", "folded")
    )
    says = pair(
        f"{many(len(ledger), 'list')} held {many(rows, 'row')}: {count(kept)} "
        f"{'is' if kept == 1 else 'are'} in the register",
        f"{len(ledger)}件のリストに{count(rows)}行ありました。台帳に採用したのは{count(kept)}行",
        ja,
    )
    if aside:
        says += pair(
            f",{'' if folded else ' and'} {count(aside)} {'was' if aside == 1 else 'were'} set "
            "aside, each with its reason",
            f"、理由を付けて除外したのは{count(aside)}行",
            ja,
        )
    if folded:
        says += pair(
            f", and {count(folded)} {'was' if folded == 1 else 'were'} folded because they said "
            "the same twice",
            f"、重複として統合したのは{count(folded)}行",
            ja,
        )
    balance = rows == kept + aside + folded
    return says + pair(
        f". {'The ledger balances to the row.' if balance else ''}",
        f"です。{'行数の収支は一致しています。' if balance else ''}",
        ja,
    )


def _says_who(customers: pd.DataFrame | None, client: Client) -> list[str]:
    if customers is None or customers.empty:
        return []
    ja, n = client.language, len(customers)
    says = pair(
        f"The register names {many(n, 'customer')}.", f"台帳のお客様は{count(n)}名です。", ja
    )
    if "frequency" in customers:
        says += _says_ordered(int((customers["frequency"].fillna(0) > 0).sum()), ja)
    served = how_many_served(customers)
    if served:
        words = served_words(client)
        says += pair(
            f" {count(served)} {words.are if served > 1 else words.is_so}.",
            f"{words.who_ja}方は{count(served)}名です。",
            ja,
        )
    return [says]


def _says_ordered(n: int, ja: Language) -> str:
    if not n:
        return pair(
            " No order of theirs is in the lists.", "ご注文の記録はリストにありません。", ja
        )
    return pair(
        f" {count(n)} of them {'has' if n == 1 else 'have'} ordered.",
        f"うち{count(n)}名にご注文があります。",
        ja,
    )


class ServedWords(NamedTuple):
    """Words for whoever is served in any case: "customers {who}", "3 {are}", "1 {is_so}"."""

    who: str
    are: str
    is_so: str
    not_so: str
    who_ja: str
    not_so_ja: str
    heading: tuple[str, str]
    meaning: tuple[str, str]


def served_words(client: Client) -> ServedWords:
    """Under contract, or, where [contract] goes by orders, ordered within so many days."""
    if client.contract.under_contract != "ordered_within":
        return ServedWords(
            "under contract", "are under contract now", "is under contract now",
            "without a contract", "ご契約中の", "ご契約のない",
            (label("under_contract"), label("under_contract", "ja")),
            ("A contract runs now: never “not approached”",
             "ご契約中かどうか。ご契約中の方は「アプローチしない」になりません"),
        )  # fmt: skip
    n = client.contract.ordered_within_days
    return ServedWords(
        f"who ordered within {n} days", f"ordered within {n} days", f"ordered within {n} days",
        f"who has not ordered within {n} days", f"お取引中（{n}日以内にご注文）の",
        f"{n}日以内にご注文のない", (f"Ordered within {n} days", f"お取引中（{n}日以内）"),
        (f"Ordered within {n} days: never “not approached”",
         f"{n}日以内にご注文があるか。お取引中の方は「アプローチしない」になりません"),
    )  # fmt: skip


def how_many_served(customers: pd.DataFrame | None) -> int:
    """How many are under contract, or served like it; 0 where no list or rule says so."""
    if customers is None or "under_contract" not in customers:
        return 0
    return int(customers["under_contract"].fillna(False).astype(bool).sum())


def standing(client: Client, frames: Frames) -> str:
    """What this is a decision about, and that nothing changes for whom we serve, if anybody."""
    ja = client.language
    if not how_many_served(frames.get("customers")):
        return HOURS_SENTENCE[ja]
    words = served_words(client)
    return HOURS_SENTENCE[ja] + pair(
        f" Nothing changes for customers {words.who}.",
        f"{words.who_ja}お客様への対応は変わりません。",
        ja,
    )


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
    if not known[top].sum() or not known[~top].sum() or yes.sum() in (0, known.sum()):
        return []  # nobody to compare, or the same result for everybody
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
        *_says_pyramid(_checked(frames), client.language),
        *_says_quotes(given(frames, "deal_against_status"), client.language),
    ]


def _says_types(table: pd.DataFrame | None, client: Client) -> list[str]:
    if table is None:
        return []
    rows = table.set_index(table["five_type"].astype(str))
    total = rows["customers"].sum()
    first = rows["customers"].get("first_time", 0)
    loyal = rows.loc["loyal"] if "loyal" in rows.index else None
    if total == 1 and first:
        return [
            pair(
                "The one customer with orders ordered on one day only.",
                "ご購入のある1名の方は、初回のみのご購入です。",
                client.language,
            )
        ]
    says = pair(
        f"{count(first)} of {many(total, 'customer')} ordered on one day only "
        f"({percent(first / total)}).",
        f"ご購入のある{count(total)}名のうち、初回のみの方は{count(first)}名"
        f"（{percent(first / total)}）です。",
        client.language,
    )
    if loyal is not None and loyal["customers"]:
        spend = money(loyal["spend"], client.language, client.client.currency)
        says += pair(
            f" {many(loyal['customers'], 'loyal customer')} "
            f"{'brings' if loyal['customers'] == 1 else 'bring'} {spend}; "
            f"{_or_none(loyal['lapsed'])} of them {'has' if loyal['lapsed'] <= 1 else 'have'} "
            "gone quiet.",
            f"優良客{count(loyal['customers'])}名の売上は{spend}、"
            + (
                f"うち{count(loyal['lapsed'])}名が離脱しています。"
                if loyal["lapsed"]
                else "離脱した方はいません。"
            ),
            client.language,
        )
    return [says]


def _says_due(due: pd.DataFrame | None, ja: Language) -> list[str]:
    if due is None:
        return []
    known = due.dropna(subset=["due_to_on"])
    if known.empty:
        return []
    over = int((known["overdue_days"].fillna(0) > 0).sum())
    late = count(over)
    return [
        pair(
            f"For {many(len(known), 'order')} to come a range of days can be stated; "
            f"{_or_none(over)} {'is' if over <= 1 else 'are'} past "
            f"{'its' if over <= 1 else 'their'} range. The day itself is hardly "
            "knowable, so a range is shown.",
            f"次回のご注文時期は{count(len(known))}件について期間で予測でき、"
            f"{late}件が期間を過ぎています。日付を1日に絞ることはできないため、幅で示します。",
            ja,
        )
    ]


def _checked(frames: Frames) -> pd.DataFrame | None:
    """The checks of a pyramid that is one: where all stand on one stage it has no shape."""
    if frames.get("pyramid") is not None and drawable(frames, "pyramid") is None:
        return None
    return given(frames, "pyramid_checks")


def _or_none(n: float) -> str:
    return count(n) if n else "none"


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
    if not now:
        return [
            pair(
                f"{many(total, 'deal')} still {'reads' if total == 1 else 'read'} “proposal "
                "sent”; none of these customers is deciding now.",
                f"「見積提出」のままの案件は{count(total)}件、「今検討中」のお客様はいません。",
                ja,
            )
        ]
    return [
        pair(
            f"{many(total, 'deal')} still {'reads' if total == 1 else 'read'} “proposal sent”; "
            f"{count(now)} of these customers ({percent(now / total)}) "
            f"{'is' if now == 1 else 'are'} deciding now.",
            f"「見積提出」のままの案件は{count(total)}件、うち「今検討中」のお客様は"
            f"{count(now)}件（{percent(now / total)}）です。",
            ja,
        )
    ]


def reason_words(reasons: object, client: Client) -> str:
    """All reasons of a customer in words, the main one first."""
    codes = [part.strip() for part in str(reasons).split(";") if part.strip()]
    joined = pair("; ", "／", client.language)
    return joined.join(reason_label(code, client) for code in codes)


def reason_label(code: object, client: Client) -> str:
    """One reason in words; where orders say who is served, none speaks of a contract."""
    if code == "on_the_way" and client.contract.under_contract == "ordered_within":
        return pair("A customer, result still open", "お取引中・成果はこれから", client.language)
    return str(value_label("reason", code, client.language))


def hours_text(value: float, language: Language) -> str:
    """Hours with their unit."""
    return pair(f"{hours(value)} hours", f"{hours(value)}時間", language)
