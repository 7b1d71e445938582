# ruff: noqa: E501  (tables are read across)
"""Invented frames of the shape the other rooms make, in the words of the run: for the charts, the
page and the workbook.
"""

import numpy as np
import pandas as pd

from segment_lib.voice import spoken

AS_OF = pd.Timestamp("2025-06-30")
NAMES = (
    "髙﨑建材㈱", "㈱山田商店", "有限会社みどり園芸", "株式会社とても長い名前のサービス開発研究所東京本社",
    "青木歯科医院", "A$B$ Trading <Ltd>", "北浜食品株式会社", "合同会社ねこのて", "大阪ペイント㈱",
    "=cmd|'/c calc'!A1", "東雲税理士事務所", "やまびこ旅館", "㈱サンライズ物流", "花岡電機製作所",
)  # fmt: skip
OWNERS = ("佐藤", "鈴木", "田中", "高橋")
STEPS = (
    ("hearing_sheet", "Hearing sheet", "ヒアリングシート"),
    ("goal_sharing", "Sharing of goals", "目標の共有"),
    ("tag_access", "Access to the tag", "計測タグの権限"),
    ("material", "Material", "素材の提供"),
    ("report_reply", "Answer to the first report", "初回レポートへの返答"),
)


def said(english, japanese):
    """What the other rooms put into a frame: the words of the run."""
    return japanese if spoken() == "ja" else english


def frames() -> dict[str, pd.DataFrame]:
    """Every frame the page expects, by name."""
    return {
        "ledger": ledger(), "ledger_reasons": ledger_reasons(), "attributes": attributes(),
        "deciles": deciles(), "lorenz": lorenz(), "abc": abc(), "second_orders": second_orders(),
        "rfm_segments": rfm_segments(), "five_types": five_types(),
        "next_order": next_order(), "waiting_curve": waiting_curve(), "pyramid": pyramid(),
        "pyramid_checks": pyramid_checks(), "deal_against_status": deal_against_status(),
        "pyramid_path": pyramid_path(), "orders_ahead": pyramid_path(),
        "repeater_cost": repeater_cost(), "owner_pyramids": owner_pyramids(),
        "steps_funnel": steps_funnel(), "movement": movement(), "who_ordered": who_ordered(),
        "cluster_profile": cluster_profile(), "cluster_choice": cluster_choice(),
        "result_rates": result_rates(), "rules": rules(), "guesses": guesses(), "fields": fields(),
        "worth_bands": worth_bands(), "decision_summary": decision_summary(), "hours": hours(),
        "owner_load": owner_load(), "week_page": week_page(), "customers": customers(),
        "freed": freed(), "later": later(), "playbook": playbook(), "target": target(),
        "target_spread": target_spread(), "main_customers": main_customers(),
    }  # fmt: skip


def playbook() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": ["Put it right", "Do our part", "Give first"],
            "action": ["お困りごとが先", "Do our part", "Give first, and ask for nothing at all"],
            "purpose": ["recover", "recover", "educate"],
            "fits": [38, 50, 3998],
            "takes": [38, 0, 600],
            "hours": [76.0, 0.0, 150.25],
        }
    )


def ledger() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "list": ["customers", "orders_2023", "orders_2024", "contacts"],
            "table": ["customers", "orders", "orders", "contacts"],
            "rows_in": [4120, 6035, 7210, 21980],
            "kept": [3998, 5901, 7004, 21511],
            "set_aside": [8, 134, 206, 469],
            "folded": [114, 0, 0, 0],
        }
    )


def ledger_reasons() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "list": ["customers", "orders_2023", "orders_2023", "orders_2024", "contacts", "contacts"],
            "reason": said(
                ["no customer id", "no customer id", "cancelled order", "not a date",
                 "after the as-of day", "not a number"],
                ["お客様番号なし", "お客様番号なし", "取消済みの注文", "日付として読めない",
                 "基準日より後", "数値として読めない"],
            ),
            "rows": [8, 94, 40, 206, 300, 169],
        }
    )  # fmt: skip


def attributes() -> pd.DataFrame:
    rows = [
        (said("Sort", "区分"), said("End user", "エンドユーザー"), 3600),
        (said("Sort", "区分"), said("Partner", "パートナー"), 240),
        (said("Sort", "区分"), "(missing)", 160),
        (said("industry", "業種"), "小売", 1200), (said("industry", "業種"), "製造", 900),
        (said("industry", "業種"), "飲食", 700), (said("industry", "業種"), "医療", 400),
        (said("industry", "業種"), "士業", 250), (said("industry", "業種"), "宿泊", 130),
        (said("industry", "業種"), None, 420),
        (said("role", "ご担当者の役職"), "社長", 1800), (said("role", "ご担当者の役職"), "部長", 900),
        (said("role", "ご担当者の役職"), None, 1300),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["attribute", "level", "customers"])


def deciles() -> pd.DataFrame:
    share = np.array([0.46, 0.17, 0.11, 0.08, 0.06, 0.045, 0.03, 0.02, 0.015, 0.01, 0.0])
    rate = np.array([0.31, 0.33, 0.30, 0.36, 0.29, 0.34, 0.31, 0.27, 0.33, 0.30, np.nan])
    known = np.array([150, 148, 139, 141, 133, 128, 120, 96, 60, 25, 4])
    half = 1.96 * np.sqrt(rate * (1 - rate) / known)
    return pd.DataFrame(
        {
            "decile": [*map(str, range(1, 11)), "0 or less"],
            "customers": [180] * 10 + [37],
            "spend": share * 412_000_000,
            "share": share,
            "cumulative_share": share.cumsum(),
            "results_known": known,
            "results_yes": (np.nan_to_num(rate) * known).round(),
            "result_rate": rate,
            "low": rate - half,
            "high": rate + half,
        }
    )


def lorenz() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customers": 1800,
            "customers_up_to": [0.0, 0.5, 0.7, 0.85, 0.95, 1.0],
            "spend_up_to": [0.0, 0.1, 0.2, 0.3, 0.55, 1.0],
            "abc": ["C", "B", "", "A", "", ""],
            "gini": 0.64,
        }
    )


def abc() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "abc": ["A", "B", "C", "0 or less"],
            "customers": [270, 630, 900, 37],
            "share": [0.15, 0.35, 0.5, np.nan],
            "spend_share": [0.7, 0.2, 0.1, np.nan],
        }
    )


def second_orders() -> pd.DataFrame:
    rows = [
        (f"2025-0{month}", days, 8 if month == 2 else 20 + month, share)
        for month in range(1, 7)
        for days, share in ((30, 0.2 if month < 6 else None), (90, 0.4 if month < 4 else None))
    ]
    rows += [("(all)", 30, 100, 0.2), ("(all)", 90, 55, 0.4)]
    table = pd.DataFrame(rows, columns=["first_month", "within_days", "customers", "share_back"])
    table["share_back"] = table["share_back"].astype("float64")
    back = (table["customers"] * table["share_back"]).round().astype("Int64")
    every = table["first_month"] == "(all)"
    curve = table["share_back"].where(every)
    return table.assign(came_back=back, curve_share=curve, low=curve - 0.1, high=curve + 0.1)


def rfm_segments() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rfm_segment": ["Best", "Regulars", "New", "At risk", "Asleep"],
            "name": said(
                ["Best", "Regulars", "New", "At risk", "Asleep"],
                ["最優良", "常連", "新規", "離反の恐れ", "休眠"],
            ),
            "customers": [160, 420, 310, 380, 530],
            "spend": [180e6, 120e6, 12e6, 70e6, 30e6],
        }
    )


def five_types() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "five_type": ["first_time", "toddler", "steady", "fad", "loyal"],
            "customers": [610, 340, 420, 130, 300],
            "lapsed": [300, 120, 140, 90, 30],
            "spend": [40e6, 50e6, 90e6, 42e6, 190e6],
            "margin_rate": [0.31, 0.33, 0.36, 0.14, 0.38],
            "action_hint": said(
                ["A survey, and an offer good on order two", "Show the whole range, the people behind it",
                 "New items at intervals, up-sell, cross-sell", "Do not chase; note the few who turn loyal",
                 "Special treatment, events, ask for a reference"],
                ["アンケートと2回目に使える特典", "商品の全体像と作り手を紹介", "定期的に新商品・関連商品をご案内",
                 "追いかけない。優良客になる方だけ見守る", "特別なおもてなし、ご紹介のお願い"],
            ),
        }
    )  # fmt: skip


def next_order() -> pd.DataFrame:
    n = 14
    last = AS_OF - pd.to_timedelta(np.linspace(40, 190, n).round(), unit="D")
    due_from = last + pd.to_timedelta([78] * n, unit="D")
    due_to = last + pd.to_timedelta([104] * n, unit="D")
    return pd.DataFrame(
        {
            "customer_id": [f"{i:05d}" for i in range(n)],
            "name": NAMES,
            "product_line": (["A", "B"] * n)[:n],
            "last_order_on": last,
            "was_due_from": due_from,
            "was_due_by": due_to,
            "overdue_days": (AS_OF - due_to).days.to_numpy().clip(0),
            "chance_30d": np.linspace(0.5, 0.1, n),
            "next_from": AS_OF + pd.to_timedelta([9] * n, unit="D"),
            "next_to": AS_OF + pd.to_timedelta([140] * n, unit="D"),
            "next_chance": np.linspace(0.9, 0.2, n),
            "next_within_days": 180,
            "orders_lost": np.linspace(0.1, 2.4, n),
            "as_of": AS_OF,
        }
    )


def waiting_curve() -> pd.DataFrame:
    days = np.arange(0, 241, 5)
    parts = [
        pd.DataFrame({"order_number": name, "days": days, "share_back": top * (1 - np.exp(-days / pace)),
                      "n": n})
        for name, top, pace, n in (("1", 0.45, 90, 1800), ("2", 0.7, 80, 900), ("3", 0.82, 70, 610), ("4+", 0.93, 60, 2400))
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def pyramid() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stage": ["acquaintance", "prospect", "customer", "repeater"],
            "customers": [1450, 720, 410, 480],
            "effort_hours": [610.0, 900.0, 540.0, 380.0],
            "revenue": [0.0, 0.0, 61_000_000.0, 351_000_000.0],
            "profit": [0.0, 0.0, 20_000_000.0, 130_000_000.0],
            "beside_customers": [240, 310, 190, 120],
        }
    )


def pyramid_checks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "what": ["customers", "customers", "customers", "effort_hours"],
            "holds": pd.array([True, True, False, False], dtype="boolean"),
            "says": said(
                [
                    "Heads: acquaintance 1,450 > prospect 720",
                    "Heads: prospect 720 > customer 410",
                    "Heads: customer 410 is not above repeater 480",
                    "Hours: acquaintance 610 is not above prospect 900",
                ],
                [
                    "人数：知り合い1,450 > 見込み720",
                    "人数：見込み720 > 顧客410",
                    "人数：顧客410がリピーター480を上回っていない",
                    "時間：知り合い610が見込み900を上回っていない",
                ],
            ),
        }
    )


def pyramid_path() -> pd.DataFrame:
    """Thirteen month-ends behind, six ahead in two scenarios."""
    stages = {"acquaintance": 1400, "prospect": 700, "customer": 400, "repeater": 480}
    stages["all"] = sum(stages.values())
    days = pd.date_range("2024-06-30", periods=19, freq="ME")
    rows = []
    for number, day in enumerate(days):
        for scenario in ("seen",) if number < 13 else ("as_now", "more"):
            for stage, heads in stages.items():
                n, off = heads + 4 * number, 1 + max(number - 12, 0) * 0.02
                orders = n // 5 if stage in ("customer", "repeater", "all") else 0
                row = {"scenario": scenario, "month_end": day, "stage": stage, "came": 30.0}
                row |= {"customers": n, "orders": orders, "effort_hours": None}
                if scenario != "seen":
                    row |= {"customers_low": n / off, "customers_high": n * off}
                    row |= {"orders_low": orders / off, "orders_high": orders * off}
                    row |= {"effort_hours": 100.0}
                rows.append(row)
    return pd.DataFrame(rows)


def repeater_cost() -> pd.DataFrame:
    row = {"became": 60.0, "effort_hours": 1800.0, "hours_each": 30.0, "days_to_repeater": 400.0}
    return pd.DataFrame([row])


def owner_pyramids() -> pd.DataFrame:
    rows = [
        (owner, stage, 10, 12)
        for owner in ("suzuki", "tanaka")
        for stage in ("acquaintance", "prospect", "customer", "repeater")
    ]
    return pd.DataFrame(rows, columns=["owner", "stage", "customers_then", "customers"])


def deal_against_status() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "status": ["deciding_now", "likely", "nurture", "pending", "quiet", "repair_first"],
            "deals": [38, 22, 31, 74, 57, 6],
            "median_days": [14, 40, 75, 61, 210, 90],
        }
    )


def steps_funnel() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "step": [name for name, _, _ in STEPS],
            "label": [said(en, ja) for _, en, ja in STEPS],
            "asked": [1700, 1680, 1640, 1600, 1500],
            "answered": [1400, 1210, 1010, 900, 640],
            "done_well": [1250, 990, 820, 610, 430],
            "median_days": [3, 5, 8, 9, 12],
        }
    )


def movement() -> pd.DataFrame:
    states = ["deciding_now", "likely", "pending", "quiet"]
    rows = []
    for i, before in enumerate([*states, "new"]):
        for j, after in enumerate([*states, "left"]):
            if (before, after) == ("new", "left"):
                continue
            n = 240 if i == j else 30 + 10 * abs(i - j)
            rows.append((before, after, n, n / 480))
    return pd.DataFrame(rows, columns=["before", "after", "customers", "share_of_row"])


def who_ordered() -> pd.DataFrame:
    rows = [
        ("active", 740, 399, 462.0, -4.4, "less", 0.10),
        ("cooling", 367, 90, 55.0, 4.3, "more", 0.43),
        ("quiet", 870, 150, 156.0, -0.4, "as_expected", 0.30),
        ("all", 1977, 639, 673.0, -1.2, "as_expected", 0.12),
    ]
    columns = ["before", "customers", "ordered", "expected_customers", "z", "compared"]
    table = pd.DataFrame(rows, columns=[*columns, "smallest_fall"])
    return table.assign(windows=6, season="unknown")


def cluster_profile() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cluster": [1, 2, 3, 4],
            "cluster_name": ["recency_days <= 60 and frequency > 6", "recency_days <= 60 and frequency <= 6",
                             "recency_days > 60 and monetary > 120,000", "最終購入から60日超・累計12万円以下"],
            "customers": [310, 420, 380, 690],
            "recency_days": [21.3, 34.0, 122.9, 260.1],
            "frequency": [11.4, 3.1, 5.2, 1.3],
            "monetary": [880_000.0, 130_000.0, 410_000.0, 42_000.0],
            "gap_days": [28.1, 61.0, 75.5, np.nan],
        }
    )  # fmt: skip


def cluster_choice() -> pd.DataFrame:
    k = np.arange(2, 9)
    return pd.DataFrame(
        {
            "k": k,
            "ari": [0.99, 0.97, 0.93, 0.81, 0.78, 0.7, 0.66],
            "prediction_strength": [0.98, 0.95, 0.88, 0.7, 0.66, 0.6, 0.58],
            "smallest_share": [0.4, 0.22, 0.14, 0.1, 0.06, 0.04, 0.03],
            "tree_accuracy": [0.98, 0.95, 0.91, 0.88, 0.82, 0.8, 0.74],
            "inertia": 100 / k,
            "silhouette": 0.5 - 0.02 * k,
            "passes": k <= 4,
        }
    )


def result_rates() -> pd.DataFrame:
    rows = [
        (said("steps_done", "回答した依頼の数"), str(i), n, r)
        for i, n, r in zip(
            range(6),
            (210, 260, 300, 310, 290, 270),
            (0.12, 0.17, 0.24, 0.32, 0.45, 0.66),
            strict=True,
        )
    ]
    rows += [
        (said("industry", "業種"), said(en, ja), n, r)
        for en, ja, n, r in (
            ("retail", "小売", 500, 0.33),
            ("manufacturing", "製造", 410, 0.35),
            ("restaurants", "飲食", 300, 0.30),
            ("medical", "医療", 180, 0.37),
            ("inns", "宿泊", 7, 0.43),
        )
    ]
    rows += [(said("role", "役職"), said(en, ja), n, r) for en, ja, n, r in (
        ("president", "社長", 700, 0.36), ("head of department", "部長", 500, 0.32), ("staff", "担当者", 300, 0.31))]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["group", "level", "n", "rate"])
    half = 1.96 * np.sqrt(frame["rate"] * (1 - frame["rate"]) / frame["n"])
    return frame.assign(
        low=(frame["rate"] - half).clip(0), high=(frame["rate"] + half).clip(upper=1)
    )


def rules() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rule": said(
                ["hearing_sheet = done and staff <= 20", "reply_days <= 4 and referred = yes",
                 "tag_access = done and a_very_long_feature_name_indeed >= 12 and industry = retail",
                 "industry = medical"],
                ["ヒアリングシート対応済み かつ 従業員20名以下", "回答4日以内 かつ ご紹介",
                 "計測タグの権限あり かつ とても長い名前の項目が12以上 かつ 小売業", "業種 = 医療"],
            ),
            "n": [260, 210, 190, 180],
            "successes": [170, 131, 80, 66],
            "n_all": [512, 430, 377, 369],
            "successes_all": [349, 275, 170, 140],
            "rate": [0.654, 0.624, 0.42, 0.367],
            "low": [0.59, 0.55, 0.35, 0.30],
            "high": [0.71, 0.69, 0.49, 0.44],
            "overall_rate": 0.342,
            "n_left": [260, 120, 110, 100],
            "rate_left": [0.654, 0.61, 0.38, 0.33],
            "low_left": [0.59, 0.52, 0.29, 0.25],
            "high_left": [0.71, 0.69, 0.47, 0.43],
            "overall_left": [0.342, 0.30, 0.27, 0.27],
            "lift": [1.91, 1.82, 1.23, 1.07],
            "p_adjusted": [1e-12, 1e-8, 0.4, 1.0],
            "verdict": ["confirmed", "confirmed", "not_confirmed", "not_confirmed"],
            "confirmed": [True, True, False, False],
            "looked_at": 12_480,
        }
    )  # fmt: skip


def target() -> pd.DataFrame:
    industry, role = said("Industry", "業種"), said("Role", "役職")
    rows = [
        (industry, "飲食", 700, 400, 150, 0.375, 0.33, 0.42), (industry, "小売", 300, 200, 60, 0.3, 0.24, 0.37),
        (industry, "士業", 9, 3, 0, np.nan, np.nan, np.nan), (industry, "(all others)", 8, 0, 0, np.nan, np.nan, np.nan),
        (role, "社長", 900, 500, 180, 0.36, 0.32, 0.4), (role, "(missing)", 117, 103, 30, 0.29, 0.21, 0.39),
    ]  # fmt: skip
    columns = ["attribute", "level", "customers", "n", "successes", "rate", "low", "high"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(family="company", overall_rate=0.34, tells_apart=False, looked_at=3)


def target_spread() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": [said("Industry", "業種"), said("Requests handled", "対応した依頼の数")],
            "known_at": ["before_contract", "after_contract"],
            "levels": [2, 6], "mean_distance": [0.03, 0.12], "by_chance": [0.02, 0.02], "p": [0.2, 1e-9],
            "lowest": ["小売", "0"], "lowest_n": [200, 210], "lowest_rate": [0.3, 0.12],
            "highest": ["飲食", "5"], "highest_n": [400, 270], "highest_rate": [0.375, 0.66],
        }
    )  # fmt: skip


def main_customers() -> pd.DataFrame:
    n = 18
    return pd.DataFrame(
        {
            "customer_id": [f"{i:05d}" for i in range(n)],
            "name": (NAMES * 2)[:n],
            "owner": (OWNERS * 5)[:n],
            "why": said("Did all requests", "すべての依頼に対応"),
            "got_results": (["yes", "no", "unknown"] * 6)[:n],
            "field": (["pays_and_gets_results", "pays_gets_nothing", "not_yet_known"] * 6)[:n],
        }
    )


def guesses() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "says": said(
                ["Who answers the hearing sheet gets results", "Small firms do better", "Presidents decide faster"],
                ["ヒアリングシートに答える方は成果が出る", "小さな会社ほど成果が出る", "社長が担当だと成果が出る"],
            ),
            "n": [900, 820, 700],
            "rate": [0.44, 0.36, 0.35],
            "low": [0.41, 0.33, 0.31],
            "high": [0.47, 0.40, 0.39],
            "overall_rate": 0.342,
            "p_value": [1e-9, 0.2, 0.6],
            "verdict": ["holds", "cannot_tell", "cannot_tell"],
        }
    )  # fmt: skip


def fields() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "field": ["pays_and_gets_results", "pays_gets_nothing", "gets_results_pays_little",
                      "pays_little_gets_nothing", "not_yet_known"],
            "customers": [310, 420, 260, 650, 160],
            "revenue": [160e6, 140e6, 22e6, 40e6, 50e6],
            "examples": ["、".join(NAMES[:3]), "、".join(NAMES[3:6]), "、".join(NAMES[6:9]),
                         "、".join(NAMES[10:13]), "、".join(NAMES[12:14])],
            "action": said(
                ["Hold them; ask for a reference", "Repair the result before selling any more",
                 "Show what else could help", "Normal service", "Do our part first"],
                ["関係を保ち、ご紹介をお願いする", "追加のご提案より先に成果を立て直す",
                 "ほかに役立つものをご案内", "通常対応", "まず当社の責任を果たす"],
            ),
        }
    )  # fmt: skip


def worth_bands() -> pd.DataFrame:
    rate = np.array([0.01, 0.02, 0.03, 0.06, 0.12, 0.19, 0.25, 0.33, 0.41, 0.52])
    return pd.DataFrame(
        {
            "band": range(1, 11),
            "customers": [90] * 10,
            "rate": rate,
            "low": (rate - 0.03).clip(0),
            "high": rate + 0.08,
            "p_worth_it": [0.0, 0.001, 0.002, 0.02, 0.2, 0.7, 0.93, 0.99, 1.0, 1.0],
            "warranted": [True] * 4 + [False] * 6,
        }
    )


def decision_summary() -> pd.DataFrame:
    rows = [
        ("approach", "worth_it", False, 420, 260.0), ("approach", "in_doubt", False, 380, 190.0),
        ("approach", "not_enough_known", False, 120, 60.0), ("approach", "hold_out", False, 31, 15.5),
        ("not_approached", "opted_out", False, 44, 0.0), ("not_approached", "declared", False, 12, 0.0),
        ("not_approached", "not_worth_it", False, 590, 0.0), ("not_now", "contacted_lately", False, 160, 0.0),
        ("grow", "on_the_way", True, 80, 40.0), ("recover", "open_incident", True, 18, 36.0),
        ("recover", "our_part_missing", True, 61, 90.0), ("grow", "gets_results_pays_little", True, 240, 190.0),
        ("grow", "silent_leaver", True, 35, 70.0), ("keep_serving", "normal_service", True, 809, 202.0),
    ]  # fmt: skip
    columns = ["decision", "reason", "under_contract", "customers", "hours"]
    return pd.DataFrame(rows, columns=columns)


def hours() -> pd.DataFrame:
    """A month really spent, and what these weeks hold."""
    return pd.DataFrame(
        {
            "decision": ["approach", "not_approached", "grow", "recover", "keep_serving"],
            "customers": [951, 646, 355, 79, 809],
            "hours_before": [410.0, 26.0, 120.0, 40.0, 210.0],
            "hours_after": [525.5, 0.0, 260.0, 126.0, 202.0],
        }
    )


def freed() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "owner": ["佐藤", "鈴木"],
            "customers": [30, 9],
            "hours": [18.5, 7.5],
            "goes_to": ["", "内勤"],
        }
    )


def later() -> pd.DataFrame:
    rows = [("ordered again", "yes", 600, 363, 0.605, 0.565, 0.643),
            ("ordered again", "no", 795, 438, 0.551, 0.516, 0.585)]  # fmt: skip
    columns = ["measure", "got_results", "n", "successes", "rate", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def owner_load() -> pd.DataFrame:
    """Owner and week, as `customers` says it; week 0 is what does not fit."""
    rows = customers()
    late = rows["waits_because"].isin(["no_hours", "too_long"])
    week = rows["planned_week"].mask(late, 0)
    sums = rows.groupby(["owner", week])["effort_hours"].agg(["size", "sum"])
    index = pd.MultiIndex.from_product([OWNERS, range(5)], names=["owner", "week"])
    load = sums.set_axis(["actions", "hours"], axis=1).reindex(index, fill_value=0).reset_index()
    stated = load["owner"].ne("高橋") & load["week"].gt(0)
    return load.assign(capacity_hours=np.where(stated, 6.0, np.nan))


def customers(n: int = 40) -> pd.DataFrame:
    """The plan of `n` customers, with what is known of them: four weeks from 1 July 2025."""
    summary = decision_summary()
    picks = summary.iloc[np.arange(n) % len(summary)].reset_index(drop=True)
    idle = picks["decision"].isin(["not_approached", "not_now"])
    late = ~idle & (np.arange(n) % 7 == 3)
    soon = ~idle & ~late & (np.arange(n) % 11 == 5)
    done = ~idle & ~late & ~soon
    days = pd.bdate_range(AS_OF + pd.Timedelta(days=1), periods=10)
    on = pd.Series(days[np.arange(n) % len(days)]).astype("datetime64[us]")
    waits = pd.Series("", index=range(n), dtype="str").mask(late, "no_hours")
    waits = waits.mask(soon, "too_soon").mask(picks["decision"].eq("not_now"), "date")
    rows = pd.DataFrame(
        {
            "name": [NAMES[i % len(NAMES)] for i in range(n)],
            "contact_person": [None if i % 5 == 4 else "青柳 五月" for i in range(n)],
            "got_results": [("yes", "no", "unknown")[i % 3] for i in range(n)],
            "under_contract": picks["under_contract"].astype("boolean"),
            "decision": picks["decision"],
            "reason": picks["reason"],
            "all_reasons": picks["reason"],
            "evidence": "band 2 of 10: 2 of 90 signed and got results; break-even 16%",
            "hold_out": picks["reason"].eq("hold_out"),
            "review_on": AS_OF + pd.Timedelta(days=90),
            "worth_band": 2,
            "band_rate": 0.02,
            "action": [
                said(f"Call and ask what they need ({d})", f"お電話でご要望を伺う({d})")
                for d in picks["decision"]
            ],
            "content": [
                said(f"After {d}: call, ask what they need.", f"{d}の後、ご要望を伺います。")
                for d in picks["decision"]
            ],
            "measure": said("an answer within 14 days", "14日以内にお返事"),
            "purpose": "understand",
            "channel": "call",
            "do_on": on.where(done),
            "planned_week": pd.Series(np.arange(n) % 10 // 5 + 1, dtype="Int64").where(done),
            "waits_because": waits,
            "cannot_wait": False,
            "priority": range(1, n + 1),
            "why_now": said("In its turn.", "順番どおり。"),
            "owner": [OWNERS[i % 4] for i in range(n)],
            "effort_hours": 0.5 + (np.arange(n) % 4) * 0.5,
            "monetary": np.linspace(0, 3e6, n),
        }
    )
    rows.loc[idle, "effort_hours"] = 0.0
    rows.loc[idle, "why_now"] = ""
    rows.loc[rows["decision"].eq("not_approached"), ["action", "content", "channel"]] = ""
    rows.index = pd.Index([f"{i:05d}" for i in range(n)], name="customer_id", dtype="str")
    return rows


def week_page() -> pd.DataFrame:
    rows = customers()
    return rows[rows["owner"].eq("佐藤") & rows["planned_week"].eq(1)].sort_values("do_on")
