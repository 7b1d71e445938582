"""What is said of each of the nine shapes: closed notebooks, and key sentences of the page."""

from __future__ import annotations

NO_ORDERS = ("03", "04", "06", "07")

# Shape → notebooks that its lists do not open.
CLOSED: dict[str, tuple[str, ...]] = {
    "customers_only": NO_ORDERS,
    "leads_only": NO_ORDERS,
    "summed_up": ("04", "07"),
    "visits": NO_ORDERS,
    "deals_without_orders": NO_ORDERS,
    "one_customer": ("07",),
    "no_outcome": ("07",),
    "all_yes": (),
    "all_no": (),
}

ENGLISH: dict[str, tuple[str, ...]] = {
    "customers_only": (
        "1 list held 60 rows: 60 are in the register. The ledger balances to the row.",
        "The register names 60 customers. No order of theirs is in the lists.",
        "Nobody is left out: each of the 60 customers has an action or a day.",
        "60 actions are planned in 4 weeks, Tue 1 July – Mon 28 July 2025: 3.0 hours in all. No "
        "owner is named yet. No hours are stated, so every action that is due is planned.",
        "This is a decision about where our hours go, not about the worth of a customer. 0 of 60 "
        "customers were looked at by a person. What nobody has looked at one by one is "
        "provisional.",
        "Does the pyramid keep its shape? It needs customers on more than one stage (contacts, "
        "deals or orders show it).",
        "Where did our hours go, and where do they go now? It needs contacts of the last 90 days "
        "with their hours.",
    ),
    "leads_only": (
        "The register names 60 customers. No order of theirs is in the lists.",
        "13 deals still read “proposal sent”; 1 of these customers (8%) is deciding now.",
        "45 actions are planned for 2 owners in 4 weeks, Mon 30 June – Fri 25 July 2025: 14 hours "
        "in all. No hours are stated, so every action that is due is planned. 15 more wait because "
        "we were in touch lately.",
        "This is a decision about where our hours go, not about the worth of a customer. 0 of 60 "
        "customers were looked at by a person. What nobody has looked at one by one is "
        "provisional.",
    ),
    "summed_up": (
        "The top tenth, 12 customers, bring 18% of the spend; the top three tenths bring 49%.",
        "Which types of customers are there, and what does each call for? It needs the table "
        "orders (customer_id, ordered_on, amount).",
    ),
    "visits": (
        "The register names 60 customers. No order of theirs is in the lists.",
        "Who brings the money, and do they get results? It needs the table orders (customer_id, "
        "ordered_on, amount), and 10 customers who paid something.",
    ),
    "deals_without_orders": (
        "17 deals still read “proposal sent”; none of these customers is deciding now.",
    ),
    "one_customer": (
        "1 list held 1 row: 1 is in the register. The ledger balances to the row.",
        "The one customer with orders ordered on one day only.",
        "Nobody is left out: the one customer has an action or a day.",
        "Who brings the money, and do they get results? It needs the table orders (customer_id, "
        "ordered_on, amount), and 10 customers who paid something.",
    ),
    "no_outcome": (
        "The top tenth, 10 customers, bring 30% of the spend; the top three tenths bring 61%.",
        "What do customers who get results share? It needs at least 1,000 known results, yes and "
        "no (the table outcomes).",
    ),
    "all_yes": (
        "“got results with the service” is known for 64 customers: all of them did, so nothing can "
        "tell those with results from the others. For 16 it is not yet known, and they count as "
        "neither.",
    ),
    "all_no": (
        "“got results with the service” is known for 64 customers: none of them did, so nothing "
        "can tell those with results from the others. For 16 it is not yet known, and they count "
        "as neither.",
        "45 customers pay ¥753k and get no result: their result comes before any further selling.",
    ),
}

JAPANESE: dict[str, tuple[str, ...]] = {
    "customers_only": (
        "1件のリストに60行ありました。台帳に採用したのは60行です。行数は一致しています。",
        "台帳のお客様は60名です。ご注文の記録はリストにありません。",
        "アプローチしないお客様はいません。60名全員に次の一手か日付があります。",
        "2025年7月1日（火）〜7月28日（月）の4週間に、60件のアクションを計画しています（合計3.0時間）。"
        "担当はまだ決まっていません。使える時間の記載がないため、期日のあるアクションをすべて予定に入れています。",
        "お客様の価値ではなく、当社が時間をどこに使うかの判断です。"
        "60名のうち、担当者が確認した方はまだ0名です。一人ひとり確認していない判断は「暫定」です。",
    ),
    "leads_only": (
        "台帳のお客様は60名です。ご注文の記録はリストにありません。",
        "2025年6月30日（月）〜7月25日（金）の4週間に、45件のアクションを計画しています（担当2名、"
        "合計14時間）。使える時間の記載がないため、期日のあるアクションをすべて予定に入れています。ほかに15件は、最近ご連絡したばかりのため日を置きます。",
    ),
    "summed_up": ("上位1割の12名で売上の18%、上位3割では49%を占めます。",),
    "visits": ("台帳のお客様は60名です。ご注文の記録はリストにありません。",),
    "deals_without_orders": ("「見積提出」のままの案件は17件、「今検討中」のお客様はいません。",),
    "one_customer": (
        "ご購入のある1名の方は、初回のみのご購入です。",
        "アプローチしないお客様はいません。1名に次の一手か日付があります。",
    ),
    "no_outcome": ("上位1割の10名で売上の30%、上位3割では61%を占めます。",),
    "all_yes": (
        "「サービスで成果を出した」かどうかは64名で判明しています。全員が成果ありのため、"
        "成果の有無を分けるものは調べられません。残り16名はまだ不明で、どちらにも数えません。",
    ),
    "all_no": (
        "「サービスで成果を出した」かどうかは64名で判明しています。成果を出した方がいないため、"
        "成果の有無を分けるものは調べられません。残り16名はまだ不明で、どちらにも数えません。",
    ),
}
