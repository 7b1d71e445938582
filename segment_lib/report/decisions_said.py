"""What was decided, in sentences: whom not to approach, who gets what when, what is not said."""

from __future__ import annotations

import pandas as pd

from segment_lib.client import Client
from segment_lib.columns import Language, value_label
from segment_lib.plots.words import count, many, named, pair, percent
from segment_lib.report.frames import NOBODY_YET, Frames, given
from segment_lib.report.results_said import says_contrast, says_results
from segment_lib.report.sentences import (
    hours_text,
    how_many_served,
    says_money,
    says_register,
    served_words,
)


def says_not_approached(client: Client, frames: Frames) -> list[str]:
    """How many are not approached and why, the break-even, the hold-out, the hours."""
    ja = client.language
    summary = given(frames, "decision_summary")
    if summary is None:
        return []
    heads = summary.assign(reason=summary["reason"].astype(str)).groupby(
        summary["decision"].astype(str)
    )["customers"]
    total, away = summary["customers"].sum(), heads.sum().get("not_approached", 0)
    if away:
        says = pair(
            f"Of {many(total, 'customer')} {count(away)} {'is' if away == 1 else 'are'} not "
            f"approached{_because(summary, ja)}.",
            f"{count(total)}名のうち、アプローチしないのは{count(away)}名です"
            f"{_because(summary, ja)}。",
            ja,
        )
    else:
        says = pair(
            f"Nobody is left out: {_everyone(total)} an action or a day.",
            f"アプローチしないお客様はいません。{count(total)}名{'全員' if total > 1 else ''}に"
            "次の一手か日付があります。",
            ja,
        )
    served = _served(frames, summary)
    if away and served:
        words = served_words(client)
        says += pair(f" Nobody {words.who} is among them.", f"{words.who_ja}方は含みません。", ja)
    return [
        says,
        *_says_disputed(frames),
        *_says_worth(client, served),
        *_says_hold_out(client, summary),
        *_says_hours(client, frames),
    ]


def _says_disputed(frames: Frames) -> list[str]:
    """Whose records disagree about a contract; the note of the decision names them."""
    notes = given(frames, "decision_notes")
    return [] if notes is None else list(notes.loc[notes["about"] == "contract", "message"])


def _everyone(total: int) -> str:
    return "the one customer has" if total == 1 else f"each of the {count(total)} customers has"


def _served(frames: Frames, summary: pd.DataFrame) -> bool:
    """Whether anybody is under contract, or served like it."""
    if frames.get("customers") is not None:
        return how_many_served(frames["customers"]) > 0
    kept = {"grow", "recover", "keep_serving"}  # decisions that only they can have
    return bool(summary.loc[summary["decision"].astype(str).isin(kept), "customers"].sum())


def _because(summary: pd.DataFrame, ja: Language) -> str:
    rows = summary[summary["decision"].astype(str) == "not_approached"]
    sums = rows.groupby(rows["reason"].astype(str))["customers"].sum()
    sums = sums[sums > 0].sort_values(ascending=False)
    parts = [
        pair(
            f"{count(n)} {_lower(reason)}", f"{value_label('reason', reason, 'ja')}{count(n)}名", ja
        )
        for reason, n in sums.items()
    ]
    if not parts:
        return ""
    return pair(": " + "; ".join(parts), "（" + "、".join(parts) + "）", ja)


REASON_WORDS = {
    "not_worth_it": "because our effort would bring them no result today",
    "opted_out": "because they asked not to be contacted",
    "declared": "because we declared so and signed it",
}


def _lower(reason: object) -> str:
    return REASON_WORDS.get(str(reason), str(value_label("reason", reason)).lower())


def _says_worth(client: Client, served: bool) -> list[str]:
    even = client.worth.break_even
    if even is None:
        return [
            pair(
                "No value or cost is stated in [worth], so nobody is called not worth the effort.",
                "[worth]に価値と費用の記載がないため、採算を理由に外したお客様はいません。",
                client.language,
            )
        ]
    least = percent(client.worth.not_worth_probability)
    words = served_words(client)
    return [
        pair(
            f"An approach pays from a success rate of {percent(even, 1)} on. Someone "
            f"{words.not_so + ' ' if served else ''}is left out only where the chance of reaching "
            f"that is at most {least} in the band they belong to; doubt means approach.",
            f"採算に必要な成功率は{percent(even, 1)}です。"
            f"{words.not_so_ja + '方' if served else 'お客様'}を外すのは、"
            f"同じバンドでこの率に届く確率が{least}以下の場合だけで、迷う場合はアプローチします。",
            client.language,
        )
    ]


def _says_hold_out(client: Client, summary: pd.DataFrame) -> list[str]:
    n = summary.loc[summary["reason"].astype(str) == "hold_out", "customers"].sum()
    if not n:
        return []
    return [
        pair(
            f"{count(n)} who would have been left out are approached all the same, drawn by lot, "
            "so that the list can be proved wrong.",
            f"外れるはずだったお客様のうち{count(n)}名には、このリストの正しさを確かめるため、"
            "抽選であえてアプローチします。",
            client.language,
        )
    ]


def _says_hours(client: Client, frames: Frames) -> list[str]:
    table = given(frames, "hours")
    if table is None:
        return []
    change = table["hours_after"] - table["hours_before"]
    if not (change < 0).any():
        return []  # hours become free only by whom we do not approach
    group = table["decision"].astype(str)
    into = [
        str(value_label("decision", name, client.language))
        for name in group[change > 0].loc[change[change > 0].sort_values(ascending=False).index]
    ]
    freed = hours_text(-change.clip(upper=0).sum(), client.language)
    where = pair(", ", "・", client.language).join(into)
    if not into:
        return [pair(f"{freed} a month become free.", f"月{freed}が空きます。", client.language)]
    return [
        pair(
            f"{freed} a month become free; more time goes to: {where}.",
            f"月{freed}が空き、その時間を「{where}」に使います。",
            client.language,
        )
    ]


def says_actions(client: Client, frames: Frames) -> list[str]:
    """How many actions, how many hours, whose work does not fit."""
    ja = client.language
    load = given(frames, "owner_load")
    if load is None:
        return []
    spent, n = hours_text(load["hours"].sum(), ja), load["actions"].sum()
    nobody = load["owner"].astype(str) == NOBODY_YET
    owners = int((~nobody).sum())
    if not owners:
        says = pair(
            f"{many(n, 'action')}, {spent} in all; no owner is named yet.",
            f"アクションは{count(n)}件、合計{spent}です。担当はまだ決まっていません。",
            ja,
        )
        return [says + _says_fits(load, ja)]
    says = pair(
        f"{many(n, 'action')} for {many(owners, 'owner')}, {spent} in all.",
        f"アクションは{count(n)}件、担当は{owners}名、合計{spent}です。",
        ja,
    )
    left = load.loc[nobody, "actions"].sum()
    if left:
        says += pair(
            f" {count(left)} of them {'has' if left == 1 else 'have'} no owner yet.",
            f"うち{count(left)}件は担当未定です。",
            ja,
        )
    return [says + _says_fits(load, ja)]


def _says_fits(load: pd.DataFrame, ja: Language) -> str:
    """Whether the work fits, as far as hours are stated."""
    hours = load["capacity_hours"].astype("float64")
    nobody = load["owner"].astype(str) == NOBODY_YET
    over = load[load["hours"] > hours]
    if nobody.all() and hours.notna().all():
        limit = hours_text(hours.sum(), ja)
        return (
            pair(f" That is more than the {limit} stated.", f"決められた{limit}を超えます。", ja)
            if len(over)
            else pair(f" It fits into the {limit} stated.", f"決められた{limit}に収まります。", ja)
        )
    if len(over):
        who = pair(", ", "、", ja).join(
            str(value_label("owner", name, ja)) for name in over["owner"]
        )
        return pair(f" More than fits into the hours of: {who}.", f"時間を超える担当：{who}。", ja)
    if hours.notna().all():
        return pair(" It fits into everyone's hours.", "全員の時間内に収まっています。", ja)
    return ""


def says_monday(client: Client, frames: Frames) -> list[str]:
    """Whom the Monday page starts with."""
    page = given(frames, "monday")
    if page is None:
        return []
    first = page.iloc[0]
    name = named(first.get("name", first.name), client.language)
    owner = str(first.get("owner", "—"))
    whose = (
        pair("The Monday page (no owner yet)", "月曜のページ（担当未定）", client.language)
        if owner in (NOBODY_YET, "—")
        else pair(f"{owner}'s Monday page", f"{owner}さんの月曜のページ", client.language)
    )
    return [
        pair(
            f"{whose} holds {many(len(page), 'action')} and starts with {name}.",
            f"{whose}は{count(len(page))}件で、最初は{name}です。",
            client.language,
        )
    ]


def five_sentences(client: Client, frames: Frames) -> list[str]:
    """The page in at most five sentences, one from each part that has something to say."""
    parts = (
        _headline(client, frames),
        says_money(client, frames)[:1],
        _best_of_results(client, frames) or says_contrast(client, frames)[:1],
        says_not_approached(client, frames)[:1],
        says_actions(client, frames)[:1],
    )
    return [sentence for part in parts for sentence in part]


def _headline(client: Client, frames: Frames) -> list[str]:
    """How many customers, and that no row was lost; the whole ledger stands in part 1."""
    says = says_register(client, frames)
    ledger = given(frames, "ledger")
    if ledger is None or len(says) < 2:
        return says[:1]
    came, held = ledger["rows_in"].sum(), ledger["kept"].sum()
    rows, kept = count(came), count(held)
    told = (
        pair(
            " Its one row was kept." if came == 1 else f" All {rows} rows were kept.",
            f"{rows}行{'' if came == 1 else 'すべて'}を採用しました。",
            client.language,
        )
        if came == held
        else pair(
            f" Of {rows} rows {kept} were kept, and every other row is accounted for.",
            f"{rows}行のうち{kept}行を採用し、残りの行もすべて行き先が分かります。",
            client.language,
        )
    )
    return [says[1] + told]


def _best_of_results(client: Client, frames: Frames) -> list[str]:
    """The first rule if there is one, else what is known of the results."""
    says = says_results(client, frames)
    return (says[1:2] if given(frames, "rules") is not None else []) or says[:1]


WAITS = {
    "under_contract": ("are under contract now", "現在ご契約中"),
    "no_contract": ("have no contract now", "現在ご契約なし"),
    "opted_out": ("have asked not to be contacted", "ご連絡を希望されない"),
}
MOST_IDS = 3


def review_state(client: Client, frames: Frames) -> str:
    """How many were looked at one by one, how many of these decisions hold, wait, name nobody."""
    ja = client.language
    rest = pair(
        "What nobody has looked at one by one is provisional.",
        "一人ひとり確認していない判断は「暫定」です。",
        ja,
    )
    said = frames.get("overrides")
    if said is None or said.empty:
        return rest
    heads = said["state"].value_counts()
    holds, waits, nobody = (int(heads.get(name, 0)) for name in ("holds", "waits", "not_found"))
    says = pair(
        f"Customers a person has looked at: {count(holds + waits)}; decisions of theirs that hold: "
        f"{count(holds)}. ",
        f"担当者が確認したお客様は{count(holds + waits)}名で、うち{count(holds)}名の判断を反映して"
        "います。",
        ja,
    )
    if waits:
        says += _says_waits(said, waits, ja)
    if nobody:
        ids = _some_ids(said[said["state"] == "not_found"], ja)
        says += pair(
            f"Decisions for ids that stand in no list: {count(nobody)} ({ids}). ",
            f"どのリストにもない番号への判断が{count(nobody)}件あります（{ids}）。",
            ja,
        )
    return says + rest


def _says_waits(said: pd.DataFrame, waits: int, ja: Language) -> str:
    parts = [
        f"{pair(*WAITS[str(why)], ja)}{pair(': ', '：', ja)}{_some_ids(rows, ja)}"
        for why, rows in said[said["state"] == "waits"].groupby("why", sort=True)
    ]
    return pair(
        f"Decisions that wait: {count(waits)} ({'; '.join(parts)}). ",
        f"{count(waits)}名の判断は保留しています（{'、'.join(parts)}）。",
        ja,
    )


def _some_ids(rows: pd.DataFrame, ja: Language) -> str:
    ids = [str(one) for one in rows["customer_id"]]
    more = "" if len(ids) <= MOST_IDS else " …"
    return pair(", ", "・", ja).join(ids[:MOST_IDS]) + more


def what_it_does_not_say(client: Client, frames: Frames) -> list[str]:
    """How sure this is, and what nobody should read into it."""
    ja = client.language
    rules = given(frames, "rules")
    looked = int(rules["looked_at"].iloc[0]) if rules is not None and "looked_at" in rules else 0
    searched = pair(
        f"{count(looked)} combinations were looked at; “confirmed” allows for all of them.",
        f"{count(looked)}通りを調べました。「確認済み」はその数を考慮した判定です。",
        ja,
    )
    describes = pair(
        "It describes customers; it does not prove that an approach causes the result. Only "
        "customers left out by lot could show that.",
        "お客様の姿を描くもので、働きかけが成果の原因だと証明するものではありません。"
        "それを示せるのは抽選による比較だけです。",
        ja,
    )
    learned = pair(
        "Those who are customers today were once approached and signed: of those who never "
        "were, less is known.",
        "今のお客様は、過去に働きかけて契約に至った方々です。"
        "働きかけたことのない方については、分かることが限られます。",
        ja,
    )
    unknown = pair(
        "“Not yet known” is never counted as failure. Rates stand beside the number of "
        "customers and a 95% interval; below 10 customers no rate is shown.",
        "「まだ不明」を失敗とは数えません。割合には人数と95%区間を添え、"
        "10名未満では割合を示しません。",
        ja,
    )
    advice = pair(
        "It gives no legal advice: whether a channel may be used is what the permissions say.",
        "法的な助言ではありません。連絡手段の可否は許可の記録に従います。",
        ja,
    )
    says = {searched: looked > 0, learned: given(frames, "worth_bands") is not None}
    return [one for one in (searched, describes, learned, unknown, advice) if says.get(one, True)]
