"""What notebooks 00 to 02 say of the lists, by hand, in both languages and where nothing is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from segment_lib.lists import (
    build_register,
    lists_view,
    people_view,
    returns_and_refusals_view,
    start_view,
    tables_of,
)
from segment_lib.voice import language

ORDERS = """[lists.sales]
table = "orders"
files = ["sales.csv"]
guests = ["999"]
columns = { customer_id = "who", ordered_on = "day", amount = "yen" }
[lists.people]
table = "customers"
files = ["people.csv"]
columns = { customer_id = "id", name = "name", telephone = "tel" }
[merges]
file = "merges.csv"
decided_by = "Mori"
decided_on = 2025-12-01
"""
FILES = {
    # two orders are kept, one lies after the day; a guest and a day that is none are set aside
    "sales.csv": "who,day,yen\n"
    "A1,2025-03-01,500\nA2,2026-02-01,300\nA3,2025-04-01,200\n999,2025-05-01,90\nA1,soon,50\n",
    # A4 was A1; B1 and B2 share a name and a telephone; the last row says again what B2 says
    "people.csv": "id,name,tel\nA1,Tanaka Works,03-1111-2222\nA2,Abe,\nA3,Ueno,\n"
    "A4,Tanaka Works,\nB1,Midori Trading,03-5555-0101\nB2,Midori Trading,03-5555-0101\n"
    "B2,Midori Trading,03-5555-0101\n",
    "merges.csv": "old_id,new_id\nA4,A1\n",
}


def test_the_start_by_hand(make) -> None:
    view = start_view(make(ORDERS, FILES))
    assert view.lists.to_dict("list") == {
        "list": ["sales", "people"],
        "table": ["orders", "customers"],
        "columns": [3, 3],
    }
    tables = view.tables.set_index("table")
    assert tables.loc["orders"].tolist() == ["customer_id, ordered_on, amount", "sales"]
    assert tables.loc["usage", "given_by"] == "—"
    assert view.signed["section"].tolist() == ["[merges]"]
    n = len(view.unsigned) + 1
    absent = "adjustments, deals, contacts, usage, outcomes, incidents, permissions, summaries"
    assert view.says() == {
        "client": "small: 2 list(s), as of 2025-12-31",
        "tables": f"Given: customers, orders. Not given: {absent}.",
        "results": "07: stays closed: it needs the table outcomes",
        "signatures": f"Signed: 1 of {n} decisions. Still a default that nobody has signed "
        f"(初期値・未決定): {n - 1}.",
    }
    with language("ja"):
        assert view.says() == {
            "client": "small：リスト2件、基準日 2025-12-31",
            "tables": f"ある表：customers, orders。ない表：{absent}。",
            "results": "07: 開きません（成果の表 outcomes が必要です）",
            "signatures": f"署名済み：{n}件中1件。初期値・未決定：{n - 1}件。",
        }


def test_the_title_stands_for_the_name_in_its_own_language(make) -> None:
    client = make(ORDERS, FILES)
    about = client.client.model_copy(update={"title": "Small Ltd", "title_ja": "小商店"})
    view = start_view(client.model_copy(update={"client": about}))
    assert view.says()["client"].startswith("Small Ltd: 2 list(s)")
    with language("ja"):
        assert view.says()["client"].startswith("小商店：リスト2件")


def test_whoever_has_outcomes_or_stated_steps_is_told_that_07_opens(make) -> None:
    results = (
        '[lists.results]\ntable = "outcomes"\nfiles = ["r.csv"]\n'
        'columns = { customer_id = "id", got_results = "ok" }\n'
    )
    view = start_view(make(results, {"r.csv": "id,ok\n"}))
    assert view.says()["results"] == "07: opens, the lists say who got results"
    with language("ja"):
        assert view.says()["results"] == "07: 開きます（成果が分かります）"


def test_what_became_of_every_row_by_hand(make) -> None:
    client = make(ORDERS, FILES)
    register = build_register(client)
    view = lists_view(register.frame("customers"), register, client)
    assert view.reasons.set_index("reason")["rows"].to_dict() == {
        "guest id": 1,
        "unreadable date": 1,
    }
    assert view.merged.to_dict("list") == {"old_id": ["A4"], "new_id": ["A1"]}
    assert view.twice[["customer_id", "other_id"]].to_numpy().tolist() == [["B1", "B2"]]
    assert view.kept().keys() == {"ledger", "ledger_reasons", "register_doubts"}
    assert view.doubts.columns.tolist() == ["list", "about", "sentence", "signed"]
    assert view.doubts[["about", "signed"]].to_numpy().tolist() == [
        ["books", False],
        ["span", False],
        ["late_days", False],
    ]
    # 5 rows of sales and 7 of people: 3 + 5 kept, 2 set aside, A4 and the second B2 folded
    assert view.says() == {
        "rows": "Of 12 rows, 8 are kept (66.7%), 2 set aside (16.7%), 2 folded. Orders dated after "
        "2025-12-31: 1; they are kept, and nothing uses them before their day.",
        "doubts": "all lists: 2 orders of 2 customers count up to 2025-12-31, 700 together. Rows "
        "of nobody in particular hold 90 more. Do your books say the same?\n"
        "all lists: the orders run from 2025-03-01 to 2026-02-01, those that count to "
        "2025-04-01; as_of is 2025-12-31: 274 days without an order before it. Is a file missing, "
        "or as_of too late?\n"
        "all lists: 1 order row(s) lie after as_of (2025-12-31) and are counted nowhere.",
        "merged": "Merged, as confirmed: 1 (Mori, 2025-12-01). Pairs that nobody has answered: 1.",
    }
    with language("ja"):
        assert view.says() == {
            "rows": "12行のうち、採用8行（66.7%）、除外2行（16.7%）、統合2行。"
            "基準日（2025-12-31）より後の注文は1件。台帳には残し、計算には使いません。",
            "doubts": "すべての一覧: 2025-12-31までに数えるのは、お客様2名の注文2件、合計700。"
            "ほかに、お客様を特定できない行が合計90あります。お手元の帳簿と合いますか。\n"
            "すべての一覧: 注文は 2025-03-01 から 2026-02-01 まで"
            "（数えるのは 2025-04-01 まで）。基準日は 2025-12-31。その前の 274 日間に"
            "注文がありません。ファイルが足りないか、基準日が遅すぎないか確かめてください。\n"
            "すべての一覧: 注文の行のうち 1 件は基準日（2025-12-31）より後で、"
            "どこにも数えていません。",
            "merged": "確認済みで統合：1件（Mori, 2025-12-01）。未回答の候補：1組。",
        }


def test_no_row_at_all_is_said(make) -> None:
    client = make(ORDERS, FILES)
    register = build_register(client)
    full = lists_view(register.frame("customers"), register, client)
    frames = {
        name: getattr(full, name).iloc[:0] for name in ("ledger", "reasons", "twice", "merged")
    }
    says = replace(full, **frames, later=0).says()
    assert says["rows"].startswith("Of 0 rows, 0 are kept (—), 0 set aside (—), 0 folded.")
    assert says["merged"].startswith("Merged, as confirmed: 0 (")


def test_what_came_back_and_who_said_no_by_hand_from_plain_frames(make) -> None:
    client = make(ORDERS, FILES)
    tables = {
        "orders": pd.DataFrame(
            {
                "order_id": ["1"],
                "customer_id": ["A1"],
                "ordered_on": ["2025-03-01"],
                "amount": 500.0,
            }
        ),
        "adjustments": pd.DataFrame(
            {
                "customer_id": ["A1", "A1", "A2"],
                "adjusted_on": "2025-03-05",
                "amount": [-1200.0, -300.0, -50.0],
                "order_id": ["1", None, "9"],
                "kind": ["return", "return", None],
            }
        ),
        "permissions": pd.DataFrame(
            {
                "customer_id": ["A1", "A1", "A2"],
                "channel": ["mail", "call", "mail"],
                "allowed": [False, False, True],
            }
        ),
    }
    view = returns_and_refusals_view(pd.DataFrame(), tables, client)
    assert view.adjustments.to_dict("index") == {
        "return": {"rows": 2, "amount": -1500.0},
        "—": {"rows": 1, "amount": -50.0},
    }
    assert view.permissions.to_dict("index") == {
        "call": {"allowed": 0, "refused": 1},
        "mail": {"allowed": 1, "refused": 1},
    }
    assert view.says() == {
        "returns": "3 adjustments take back ¥1,550; 1 of them name an order that is in the "
        "register.",
        "refusals": "1 customers have asked us not to use a channel.",
    }
    with language("ja"):
        assert view.says() == {
            "returns": "返品・取消・値引3件、計¥1,550。うち1件は元の注文が分かります。",
            "refusals": "連絡手段についてお断りをいただいている方：1名。",
        }
    nothing = returns_and_refusals_view(pd.DataFrame(), {}, client)
    assert nothing.says() == {
        "returns": "0 adjustments take back ¥0; 0 of them name an order that is in the register.",
        "refusals": "0 customers have asked us not to use a channel.",
    }
    assert nothing.permissions.empty


ATTRIBUTES = """[attributes.town]
label_en = "Town"
label_ja = "町"
family = "geographic"
known_at = "before_contract"
[attributes.staff]
label_en = "Staff"
label_ja = "従業員数"
family = "company"
kind = "number"
[attributes.plan]
label_en = "Plan"
label_ja = "プラン"
family = "behavioural"
known_at = "after_outcome"
"""


def test_what_is_known_of_people_by_hand(make) -> None:
    client = make(ORDERS + ATTRIBUTES, FILES)
    people = pd.DataFrame(
        {
            "customer_id": list("abcd"),
            "town": ["Osaka", "Kobe", "Kobe", "Kobe"],
            "staff": [1.0, None, None, None],
            "plan": [None, "S", "S", "M"],
        }
    )
    view = people_view(pd.DataFrame(), {"customers": people}, client)
    shares = view.families["share_missing"]
    assert shares["geographic"] == 0
    assert shares["company"] == 0.75
    assert shares["behavioural"] == 0.25  # the attitude says nothing of anybody
    assert view.families.loc["behavioural", "attribute"] == "Plan"
    # sort, under contract, key account and attitude are four more, and nobody wrote them down
    assert view.says() == {
        "empty_families": "Families without a single attribute: Demographic, Psychographic.",
        "known": "Of 7 attributes, 1 are known for nearly everybody, 5 for less than half.",
        "searched": "1 of the 3 attributes that say anything are known before a contract. "
        "Shown but never searched: Staff, Plan.",
    }
    with language("ja"):
        assert people_view(pd.DataFrame(), {"customers": people}, client).says() == {
            "empty_families": "項目が1つもない種類：人口統計、心理。",
            "known": "属性7項目のうち、ほぼ全員分そろうのは1項目、半分も分からないのは5項目。",
            "searched": "記入のある3項目のうち、契約前から分かるのは1項目。"
            "表示のみで探索に使わない項目：従業員数、プラン。",
        }


def test_nobody_on_the_list_is_said(make) -> None:
    client = make(ORDERS, FILES)
    view = people_view(pd.DataFrame(), {}, client)
    assert tables_of({}).frame("customers").empty
    assert view.attributes.empty
    assert view.says()["searched"] == (
        "0 of the 0 attributes that say anything are known before a contract. "
        "Shown but never searched: none."
    )
    with language("ja"):
        assert view.says()["empty_families"] == (
            "項目が1つもない種類：地理、人口統計、心理、行動、企業。"
        )
