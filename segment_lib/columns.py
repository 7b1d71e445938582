"""Every public column and every coded value: name, kind, unit, meaning, English and Japanese label.

Code takes names from here; notebooks write the plain string. A test keeps this page and the tables
that the library returns in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Language = Literal["en", "ja"]
Kind = Literal["text", "date", "money", "integer", "number", "yes_no", "code"]


@dataclass(frozen=True)
class Column:
    """One public column: its kind, unit, meaning in one sentence, and both labels."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    en: str
    ja: str


def _rows(*rows: tuple[str, Kind, str, str, str, str]) -> dict[str, Column]:
    return {row[0]: Column(*row) for row in rows}


# fmt: off
# --- what a business has: the register -------------------------------------------------------
REGISTER_COLUMNS = _rows(
    ("customer_id", "text", "", "Who: one person or company; always text", "Customer id", "お客様番号"),
    ("name", "text", "", "The name of the company or person", "Name", "お名前"),
    ("contact_person", "text", "", "Whom we talk to there", "Contact person", "ご担当者"),
    ("sort", "code", "", "End user or partner: the must-have sort", "Sort", "区分"),
    ("attitude", "code", "", "How they stand towards us", "Attitude", "態度"),
    ("attitude_on", "date", "day", "When the attitude was noted", "Attitude noted on", "態度の記録日"),
    ("needs", "text", "", "What they need, in words", "Needs", "ニーズ"),
    ("potential_amount", "money", "currency a year", "How much they could buy", "Potential", "ポテンシャル"),
    ("key_account", "yes_no", "", "A key account to hold, signed by a person", "Key account", "維持顧客・大口"),
    ("under_contract", "yes_no", "", "A contract runs now", "Under contract", "ご契約中"),
    ("contract_on", "date", "day", "Day the first contract began", "Contract since", "契約開始日"),
    ("referred_by", "text", "", "customer_id of who sent them", "Referred by", "ご紹介元"),
    ("owner", "text", "", "Who of us looks after them", "Owner", "担当"),
    ("first_contact_on", "date", "day", "Day of the first touch", "First contact", "初回接触日"),
    ("telephone", "text", "", "Telephone number as digits", "Telephone", "電話番号"),
    ("email", "text", "", "E-mail address", "E-mail", "メール"),
    ("address", "text", "", "Postal address", "Address", "住所"),
    ("order_id", "text", "", "One purchase", "Order", "注文番号"),
    ("ordered_on", "date", "day", "Day of the order", "Ordered on", "注文日"),
    ("amount", "money", "currency", "Gross amount", "Amount", "金額"),
    ("lines", "integer", "lines", "Lines in the order", "Lines", "明細数"),
    ("product", "text", "", "Article", "Product", "商品"),
    ("product_line", "text", "", "Family of articles bought in one rhythm", "Product line", "商品ライン"),
    ("quantity", "number", "pieces", "Pieces", "Quantity", "数量"),
    ("unit_price", "money", "currency", "Price of one piece", "Unit price", "単価"),
    ("campaign", "text", "", "The campaign, boom or sale that set it off", "Campaign", "キャンペーン"),
    ("margin", "money", "currency", "Gross margin", "Margin", "粗利"),
    ("adjusted_on", "date", "day", "Day of the return, cancellation or correction", "Adjusted on", "調整日"),
    ("kind", "code", "", "What kind of touch, or of adjustment", "Kind", "種類"),
    ("deal_id", "text", "", "One deal", "Deal", "案件番号"),
    ("opened_on", "date", "day", "Day the deal was opened", "Opened on", "案件開始日"),
    ("proposed_on", "date", "day", "Day the proposal or quote was sent", "Proposed on", "見積提出日"),
    ("decided_on", "date", "day", "Day it was decided", "Decided on", "決定日"),
    ("won", "yes_no", "", "The deal was won", "Won", "受注"),
    ("ended_on", "date", "day", "Day the contract of the deal ended; empty while it runs", "Ended on", "契約終了日"),
    ("contacted_on", "date", "day", "Day of the touch", "Contacted on", "接触日"),
    ("channel", "text", "", "Mail, telephone, visit …", "Channel", "手段"),
    ("direction", "code", "", "in: from the customer, out: from us", "Direction", "方向"),
    ("intent", "code", "", "Did we give something or ask for something", "Intent", "目的（与える・求める）"),
    ("step", "text", "", "Which request of the business's own list", "Step", "ステップ"),
    ("asked_on", "date", "day", "Day the request was sent", "Asked on", "依頼日"),
    ("answered_on", "date", "day", "Day it was answered", "Answered on", "回答日"),
    ("done_well", "yes_no", "", "Properly done", "Done well", "適切に対応"),
    ("effort_hours", "number", "hours", "Our hours", "Hours", "時間"),
    ("used_on", "date", "day", "Day of use", "Used on", "利用日"),
    ("feature", "text", "", "What was used", "Feature", "機能"),
    ("got_results", "code", "", "Did the customer get results: yes, no, not yet known", "Results", "成果"),
    ("measure", "number", "", "The measured result", "Measure", "測定値"),
    ("occurred_on", "date", "day", "Day it went wrong", "Occurred on", "発生日"),
    ("responded_on", "date", "day", "Day we first responded", "Responded on", "初動日"),
    ("recovered_on", "date", "day", "Day the customer said it was put right", "Recovered on", "リカバリ日"),
    ("next_delivery_on", "date", "day", "Day of the next delivery after it", "Next delivery", "次回納品日"),
    ("exceeded", "yes_no", "", "That delivery exceeded the expectation", "Exceeded", "期待以上"),
    ("severity", "text", "", "How bad it was", "Severity", "重大さ"),
    ("justified", "yes_no", "", "False only if a person signed that it was unreasonable", "Justified", "正当な申し出"),
    ("allowed", "yes_no", "", "We may use this channel", "Allowed", "許可"),
    ("since", "date", "day", "Since when", "Since", "開始日"),
)

# The tables of the register: columns in order; the first names are enough to start.
TABLES: dict[str, tuple[str, ...]] = {
    "customers": (
        "customer_id", "name", "contact_person", "sort", "attitude", "attitude_on", "needs",
        "potential_amount", "key_account", "under_contract", "contract_on", "referred_by", "owner",
        "first_contact_on", "telephone", "email", "address",
    ),
    "orders": ("order_id", "customer_id", "ordered_on", "amount", "lines", "campaign", "margin"),
    "order_lines": (
        "order_id", "customer_id", "ordered_on", "product", "product_line", "quantity", "amount",
        "campaign", "margin",
    ),
    "adjustments": ("customer_id", "adjusted_on", "amount", "order_id", "kind", "product_line"),
    "deals": (
        "customer_id", "deal_id", "opened_on", "proposed_on", "decided_on", "won", "ended_on", "amount",
        "owner",
    ),
    "contacts": (
        "customer_id", "contacted_on", "kind", "channel", "direction", "intent", "step", "asked_on",
        "answered_on", "done_well", "effort_hours", "owner",
    ),
    "usage": ("customer_id", "used_on", "feature"),
    "outcomes": ("customer_id", "got_results", "decided_on", "measure"),
    "incidents": (
        "customer_id", "occurred_on", "responded_on", "recovered_on", "next_delivery_on", "exceeded",
        "severity", "justified",
    ),
    "permissions": ("customer_id", "channel", "allowed", "since"),
    "summaries": (
        "customer_id", "frequency", "monetary", "recency_days", "last_order_on", "first_order_on",
    ),
}

# Enough to start: what a list must map before it can become this table.
REQUIRED: dict[str, tuple[str, ...]] = {
    "customers": ("customer_id",),
    "orders": ("customer_id", "ordered_on", "amount"),
    "order_lines": ("customer_id", "ordered_on", "amount"),
    "adjustments": ("customer_id", "adjusted_on", "amount"),
    "deals": ("customer_id", "deal_id", "opened_on"),
    "contacts": ("customer_id", "contacted_on"),
    "usage": ("customer_id", "used_on"),
    "outcomes": ("customer_id", "got_results"),
    "incidents": ("customer_id", "occurred_on"),
    "permissions": ("customer_id", "channel", "allowed"),
    "summaries": ("customer_id", "frequency"),
}
# Columns of a list that say something about its rows and are no columns of the table.
READ_ALONG = ("status", "unit_price", "cancelled_on", "tax_rate", "original_order_id")
# --- what the kit makes: one row per customer ------------------------------------------------
MEASURE_COLUMNS = _rows(
    ("as_of", "date", "day", "The day we pretend it is; nothing later is used", "As of", "基準日"),
    ("first_order_on", "date", "day", "Day of the first order", "First order", "初回購入日"),
    ("last_order_on", "date", "day", "Day of the last order", "Last order", "最終購入日"),
    ("recency_days", "integer", "days", "as_of minus the last order", "Recency", "最終購入からの日数"),
    ("frequency", "integer", "orders", "Orders, the first included", "Frequency", "購入回数"),
    ("order_days", "integer", "days", "Distinct days with an order", "Order days", "購入日数"),
    ("monetary", "money", "currency", "Net sum of all orders", "Spend", "累計購入金額"),
    ("order_value", "money", "currency", "Mean net amount per order", "Mean order", "平均購入単価"),
    ("margin_sum", "money", "currency", "Sum of gross margin where known", "Margin", "粗利合計"),
    ("returned_amount", "money", "currency", "Sum of returns and cancellations, not above 0", "Returned", "返品・取消額"),
    ("span_days", "integer", "days", "Last minus first order", "Span", "在籍期間"),
    ("tenure_days", "integer", "days", "as_of minus the first order", "Tenure", "初回からの日数"),
    ("gap_days", "number", "days", "Median days between own consecutive order days", "Own gap", "購入間隔"),
    ("longest_gap_days", "integer", "days", "Longest silence between own consecutive order days", "Longest gap", "最長の購入間隔"),
    ("campaign_share", "number", "share", "Share of own net spend in orders that a campaign set off", "Campaign share", "キャンペーン比率"),
    ("first_purchase_unknown", "yes_no", "", "Known before the lists begin: the first order may lie earlier", "First order unknown", "初回購入が不明"),
    ("net_negative", "yes_no", "", "More came back than was paid", "Net negative", "差引マイナス"),
    ("r", "integer", "score", "Recency score, 5 = most recent", "R", "R"),
    ("f", "integer", "score", "Frequency score, 5 = most often", "F", "F"),
    ("m", "integer", "score", "Monetary score, 5 = highest spend", "M", "M"),
    ("rfm_segment", "text", "", "Named cell group by signed rules", "RFM segment", "RFMセグメント"),
    ("decile", "integer", "tenth", "Tenth of the customers by spend, 1 = top", "Decile", "デシル"),
    ("five_type", "code", "", "First-time, toddler, steady, fad, loyal", "Type", "5タイプ"),
    ("cpm_type", "code", "", "Type by the published CPM rule", "Type by CPM", "CPMのタイプ"),
    ("lapsed", "yes_no", "", "Silent for longer than the lapse limit", "Lapsed", "離脱"),
    ("reactivated", "yes_no", "", "Came back after a silence longer than the lapse limit", "Came back", "復活"),
    ("due_from_on", "date", "day", "Next order expected from", "Due from", "次回予測（から）"),
    ("due_on", "date", "day", "Day it falls due", "Due", "期日"),
    ("due_to_on", "date", "day", "Next order expected until", "Due until", "次回予測（まで）"),
    ("overdue_days", "integer", "days", "Days past the expected range, 0 if not past it", "Overdue", "超過日数"),
    ("chance_30d", "number", "probability", "Chance of an order within 30 days", "Chance in 30 days", "30日以内の確率"),
    ("usual_wait_days", "number", "days", "Half of all customers with so many orders are back by then", "Usual wait", "通常の待ち日数"),
    ("lapsed_after_days", "number", "days", "Silence from which the customer counts as lapsed", "Lapsed after", "離脱とみなす日数"),
    ("stage", "code", "", "How far the relation has come; only forward", "Stage", "ステージ"),
    ("sub_stage", "code", "", "Rung within the stage", "Rung", "サブステージ"),
    ("next_step", "text", "", "One rung on: the next step", "Next step", "次の一段"),
    ("skipped_stage", "yes_no", "", "Seems to have skipped a rung: ask about the data", "Rung skipped", "段飛ばし"),
    ("lost", "yes_no", "", "Never bought, a deal was lost, none is open", "Lost", "失注"),
    ("likelihood", "code", "", "How likely is a deal now", "Likelihood", "見込度合"),
    ("relationship", "code", "", "How good is the relation", "Relationship", "関係性"),
    ("status", "code", "", "Where the customer stands now; rises and falls", "Status", "ステータス"),
    ("status_reason", "code", "", "The fact that set the status", "Why", "理由"),
    ("deal_state", "code", "", "State of the deal; a deal only goes forward", "Deal state", "案件の状態"),
    ("proposal_age_days", "integer", "days", "Days since the proposal was sent", "Age of proposal", "見積提出からの日数"),
    ("steps_asked", "integer", "requests", "Requests we sent", "Requests sent", "依頼数"),
    ("steps_done", "integer", "requests", "Requests properly handled", "Requests done", "対応済み依頼数"),
    ("reply_days", "number", "days", "Median days to answer a request", "Days to reply", "回答日数"),
    ("did_all", "yes_no", "", "Did every request properly: a main customer", "Did all", "全依頼に対応"),
    ("open_incident_since", "date", "day", "Since when an incident is open", "Open since", "未解決の発生日"),
    ("incident_state", "code", "", "Open, recovered, fan, or none", "Incident", "クレーム状況"),
    ("cluster", "integer", "", "k-means cluster, ordered by a stated measure", "Cluster", "クラスタ"),
    ("cluster_name", "text", "", "The cluster in words, from its tree path", "Cluster in words", "クラスタの特徴"),
    ("we_did_our_part", "yes_no", "", "The declared minimum of our own service was delivered", "Our part done", "当社の責任を果たした"),
    ("effort_spent_hours", "number", "hours", "Our hours so far", "Hours spent", "投下時間"),
    ("field", "code", "", "Revenue crossed with results", "Field", "4象限"),
    ("silent_leaver", "yes_no", "", "Pays, gets nothing, and has gone quiet", "Silent leaver", "沈黙の離反予備軍"),
    ("p_worth_it", "number", "probability", "P(the rate is above break-even) of the own band", "P(worth it)", "採算確率"),
    ("worth_band", "integer", "", "Score band, 1 = lowest", "Band", "バンド"),
    ("band_rate", "number", "rate", "Rate of success of the own band", "Rate of the band", "バンドの成功率"),
    ("band_customers", "integer", "customers", "Decided customers in the own band", "Band size", "バンドの件数"),
    ("band_signed", "integer", "customers", "Of these, who signed", "Signed in the band", "バンドの受注数"),
    ("band_known", "integer", "customers", "Known results in the own band", "Known in the band", "バンドの判明数"),
    ("band_results", "integer", "customers", "Of these, who got results", "Results in the band", "バンドの成果数"),
    ("like_the_learned", "yes_no", "", "Lies in the population the model learned on", "Like the learned", "学習範囲内"),
    ("signed", "yes_no", "", "Signed (yes) or lost (no); missing where nothing was decided", "Signed", "受注したか"),
    ("settled_on", "date", "day", "First day on which it was settled whether they sign", "Settled on", "決着日"),
    ("opted_out", "yes_no", "", "No channel is allowed any more", "Opted out", "連絡不要"),
    ("channels_refused", "text", "", "Channels the customer refused", "Channels refused", "拒否された手段"),
    ("declared", "text", "", "Why people decided not to approach, and who signed", "Declared", "取り決め"),
    ("last_contact_on", "date", "day", "Our own last touch", "Last contact", "前回のご連絡"),
    ("priority", "integer", "rank", "1 = first", "Priority", "優先順位"),
    ("decision", "code", "", "What we decide", "Decision", "判断"),
    ("reason", "code", "", "The one main reason", "Reason", "主な理由"),
    ("all_reasons", "text", "", "All reasons, main one first", "All reasons", "すべての理由"),
    ("evidence", "text", "", "The numbers behind it", "Evidence", "根拠"),
    ("hold_out", "yes_no", "", "Approached anyway, so that the list can be proved wrong", "Hold-out", "検証用に接触"),
    ("review_on", "date", "day", "Day the decision is looked at again", "Review on", "見直し日"),
    ("action", "text", "", "What to do", "Action", "アクション"),
    ("purpose", "code", "", "What the action is for", "Purpose", "目的"),
    ("override", "text", "", "What the reviewer decided instead", "Override", "上書き"),
    ("override_why", "text", "", "The reviewer's reason in words", "Why overruled", "上書きの理由"),
    ("override_by", "text", "", "Who overruled", "Overruled by", "上書きした人"),
    ("override_on", "date", "day", "When it was overruled", "Overruled on", "上書き日"),
)
# --- what a summary counts: ledgers, attributes, priorities ----------------------------------
SUMMARY_COLUMNS = _rows(
    ("list", "text", "", "The raw list, by its name in client.toml", "List", "リスト"),
    ("table", "text", "", "The table of the register it became", "Table", "表"),
    ("rows_in", "integer", "rows", "Rows of the list, the header left out", "Rows in", "入力行"),
    ("kept", "integer", "rows", "Rows that went into the register", "Kept", "採用"),
    ("set_aside", "integer", "rows", "Rows that could not be used, each with its reason", "Set aside", "除外"),
    ("folded", "integer", "rows", "Rows that say again what another row says", "Folded", "統合"),
    ("money_in", "money", "currency", "Amounts of the list", "Money in", "入力金額"),
    ("money_kept", "money", "currency", "Amounts of the rows kept", "Money kept", "採用金額"),
    ("money_set_aside", "money", "currency", "Amounts of the rows set aside", "Money set aside", "除外金額"),
    ("money_folded", "money", "currency", "Amounts of the rows folded", "Money folded", "統合金額"),
    ("rows", "integer", "rows", "Rows", "Rows", "行数"),
    ("file", "text", "", "The file in which the row stands", "File", "ファイル"),
    ("row_number", "integer", "", "The row as a person sees it in the file", "Row", "行番号"),
    ("column", "text", "", "The column over which the row stumbled", "Column", "列"),
    ("value", "text", "", "What stands there", "Value", "値"),
    ("reason_ja", "text", "", "The reason in Japanese", "Reason", "理由"),
    ("note", "text", "", "What was chosen while reading", "Note", "メモ"),
    ("note_ja", "text", "", "What was chosen while reading, in Japanese", "Note", "メモ"),
    ("other_id", "text", "", "The other customer of a candidate pair", "Other customer", "もう一方の番号"),
    ("keys", "text", "", "What is equal in both", "Equal in both", "一致した項目"),
    ("differ", "text", "", "What both have, and is not equal", "Not equal", "異なる項目"),
    ("score", "number", "", "How much the equal keys say, from 0 to 1", "Score", "一致度"),
    ("score_band", "text", "", "Between which scores", "Score from – to", "一致度の範囲"),
    ("pairs", "integer", "pairs", "Pairs of customers", "Pairs", "組数"),
    ("attribute", "text", "", "The attribute", "Attribute", "属性"),
    ("attribute_ja", "text", "", "The attribute in Japanese", "Attribute", "属性"),
    ("family", "text", "", "Family of attributes", "Family", "属性の種類"),
    ("level", "text", "", "One value of the attribute", "Value", "値"),
    ("level_ja", "text", "", "One value of the attribute in Japanese", "Value", "値"),
    ("known_at", "text", "", "When the attribute was known", "Known", "分かった時期"),
    ("customers", "integer", "customers", "How many customers", "Customers", "人数"),
    ("share", "number", "share", "Share of all", "Share", "割合"),
    ("share_missing", "number", "share", "Share of customers without a value", "Not given", "未記入の割合"),
    ("spend_last_year", "money", "currency", "Net spend of the last 365 days", "Spend, last year", "直近1年の購入額"),
    ("share_of_wallet", "number", "share", "Spend of the last year over the potential", "Our share", "当社シェア"),
    ("still_open", "money", "currency", "Potential minus spend of the last year", "Still open", "残りの余地"),
    ("orders", "integer", "orders", "How many orders", "Orders", "注文数"),
    ("active", "integer", "customers", "Customers who have not lapsed", "Active", "現役"),
    ("spend", "money", "currency", "Net sum of the orders of all of them", "Spend", "売上"),
    ("spend_share", "number", "share", "Share of all spend", "Share of spend", "売上構成比"),
    ("cumulative_share", "number", "share", "Share of spend, added up from the top", "Cumulative share", "累計構成比"),
    ("share_of_all", "number", "share", "Share of the net total, returns deducted", "Share of all", "全体に占める割合"),
    ("mean_spend", "money", "currency", "Mean spend of a customer", "Mean spend", "一人当たり売上"),
    ("mean_order", "money", "currency", "Spend per order", "Mean order", "平均購入単価"),
    ("median_orders", "number", "orders", "Median number of orders", "Median orders", "購入回数（中央値）"),
    ("median_recency_days", "number", "days", "Median days since the last order", "Median recency", "最終購入からの日数（中央値）"),
    ("median_gap_days", "number", "days", "Median of the customers' own gaps", "Median gap", "購入間隔（中央値）"),
    ("tied_at_border", "integer", "customers", "Customers whose equal spend a border splits", "Tied at border", "境目の同額"),
    ("margin_rate", "number", "share", "Margin over spend, where known", "Margin rate", "粗利率"),
    ("repeaters", "integer", "customers", "Customers with two order days or more", "Repeaters", "2日以上ご購入"),
    ("often_gap_days", "number", "days", "An own gap up to this is often", "Often: gap up to", "「頻繁」とみなす間隔"),
    ("loyal_after_days", "number", "days", "Span from which they count as loyal", "Loyal after", "優良とみなす期間"),
    ("loyal_spend", "money", "currency", "Spend from which a short span counts as fad", "Fad from spend", "流行とみなす金額"),
    ("stated", "text", "", "Which thresholds people stated", "Stated by people", "人が決めた項目"),
    ("agree", "yes_no", "", "Both rules name the same type", "Same type", "一致"),
    ("order_number", "integer", "", "Counted from the first order day", "After order", "何回目のあと"),
    ("returns", "integer", "orders", "Orders seen to follow", "Returns seen", "再注文の件数"),
    ("ever_back", "number", "share", "Share seen to order again at all", "Ever back", "再注文された割合"),
    ("from_days", "number", "days", "One in ten of those who return is back by then", "1 in 10 by day", "1割が戻る日数"),
    ("middle_days", "number", "days", "Half of those who return are back by then", "Half by day", "半数が戻る日数"),
    ("to_days", "number", "days", "Nine in ten of those who return are back by then", "9 in 10 by day", "9割が戻る日数"),
    ("section", "text", "", "A section of client.toml", "Section", "client.tomlの項目"),
    ("decided", "text", "", "Who decided it, and when", "Decided by", "決定者"),
    ("activity", "code", "", "Active, cooling or quiet by the days since the last order", "Activity", "稼働"),
    ("before", "code", "", "Label on the earlier day; new: not yet on that list", "Before", "前回"),
    ("after", "code", "", "Label on the later day; left: no longer on that list", "Now", "今回"),
    ("share_of_row", "number", "share", "Share of those with the same label before", "Share of row", "行内の割合"),
    ("share_shown", "text", "", "The same in per cent, — where nobody was in the row", "Share of row", "行内の割合"),
    ("expected_customers", "number", "customers", "How many chance alone would bring, if nobody changed", "Expected by chance", "偶然の期待値"),
    ("z", "number", "deviations", "Seen minus expected, in standard deviations", "z", "z値"),
    ("stands_out", "yes_no", "", "More than chance: z beyond 3, false discoveries held", "Stands out", "偶然を超える"),
    ("cause", "code", "", "What moved the label: behaviour or a rule", "Cause", "動いた理由"),
    ("deals", "integer", "deals", "How many deals", "Deals", "案件数"),
    ("median_days", "number", "days", "Median days", "Median days", "日数（中央値）"),
    ("revenue", "money", "currency", "Net sum of all orders", "Revenue", "売上"),
    ("profit", "money", "currency", "Gross margin of all orders, where known", "Profit", "利益"),
    ("beside_customers", "integer", "customers", "Lapsed or lost, beside the pyramid", "Beside", "別枠（離脱・失注）"),
    ("k", "integer", "clusters", "Number of clusters tried", "K", "クラスタ数"),
    ("ari", "number", "0 to 1", "Agreement of the clusters when customers are drawn again", "Same when re-drawn", "再抽出での一致"),
    ("prediction_strength", "number", "0 to 1", "Pairs that the other half's centres keep together", "Prediction strength", "予測強度"),
    ("smallest_share", "number", "share", "Share of customers in the smallest cluster", "Smallest cluster", "最小クラスタの割合"),
    ("tree_accuracy", "number", "share", "Labels a depth-3 tree gives the other half rightly", "Tree accuracy", "決定木の一致率"),
    ("inertia", "number", "", "Squared distances to the own centre, added up", "Inertia", "慣性"),
    ("held_out_a_month", "integer", "customers", "Drawn this month to test the list", "Drawn this month", "今月の検証対象"),
    ("needed", "integer", "customers", "Fewer than these cannot speak", "Needed", "必要な人数"),
    ("months", "integer", "months", "Months to pool until there are enough", "Months to pool", "合算する月数"),
    ("alarm_from", "integer", "customers", "So many successes or more say that the list is wrong", "Alarm from", "警報とする成功数"),
    ("false_alarm", "number", "probability", "Chance of an alarm though the list is right", "False alarm", "誤警報の確率"),
    ("power_at_break_even", "number", "probability", "Chance of an alarm if they succeed at break-even", "Sees a rate at break-even", "採算ラインなら気づく確率"),
    ("power_at_double", "number", "probability", "Chance of an alarm if they succeed at twice break-even", "Sees twice break-even", "その2倍なら気づく確率"),
    ("successes", "integer", "customers", "Customers who did", "Did", "該当人数"),
    ("silhouette", "number", "-1 to 1", "Shown, never the chooser", "Silhouette", "シルエット"),
    ("passes", "yes_no", "", "Passes all four gates", "Passes", "4基準を満たす"),
    ("share_of_customers", "number", "share", "Share of all with a cluster", "Share", "割合"),
    ("share_of_cluster_in_words", "number", "share", "For how many of the cluster the words are true", "Words fit", "言葉が当てはまる割合"),
    ("share_of_words_in_cluster", "number", "share", "How many whom the words fit are in the cluster", "Words mean it", "言葉どおりの人の割合"),
    ("median_monetary", "money", "currency", "Median spend", "Median spend", "累計購入金額（中央値）"),
    ("median_frequency", "number", "orders", "Median orders", "Median orders", "購入回数（中央値）"),
    ("why", "text", "", "Why, in words", "Because", "その理由"),
    ("group", "text", "", "What the customers are sorted by", "Sorted by", "分け方"),
    ("n", "integer", "customers", "Customers counted", "n", "対象人数"),
    ("rate", "number", "rate", "Share who succeeded", "Rate", "率"),
    ("low", "number", "rate", "Lower end of the 95 % interval", "From", "下限"),
    ("high", "number", "rate", "Upper end of the 95 % interval", "To", "上限"),
    ("overall_rate", "number", "rate", "Rate of all with a known result", "All", "全体の率"),
    ("mean_distance", "number", "rate", "Distance of the groups from the overall rate", "Apart by", "全体との差"),
    ("by_chance", "number", "rate", "That distance if the cut said nothing", "Chance alone", "偶然だけの差"),
    ("says", "text", "", "A guess, in words", "Guess", "仮説"),
    ("verdict", "text", "", "Whether the guess holds", "Verdict", "検証結果"),
    ("use", "code", "", "searched, shown or barred", "Use", "使い方"),
    ("rule", "text", "", "Conditions that hold together, in words", "Rule", "規則"),
    ("confirmed", "yes_no", "", "More than chance, all that was looked at allowed for", "Confirmed", "確認済み"),
    ("asked", "integer", "customers", "Customers asked", "Asked", "依頼した人数"),
    ("answered", "integer", "customers", "Customers who answered", "Answered", "回答した人数"),
    ("done_so_far", "integer", "customers", "Did this request and all before it", "Done so far", "ここまで全部対応"),
    ("share_of_revenue", "number", "share", "Share of the revenue", "Share of revenue", "売上の割合"),
    ("results", "integer", "customers", "Customers who got results", "With results", "成果ありの人数"),
    ("share_of_results", "number", "share", "Share of those with results", "Share of results", "成果の割合"),
    ("results_known", "integer", "customers", "Customers whose result is known", "Result known", "結果が判明"),
    ("results_yes", "integer", "customers", "Customers who got results", "Did get results", "うち成果あり"),
    ("result_rate", "number", "rate", "Share with results, of the known", "Result rate", "成果率"),
    ("followed_by", "text", "", "What happened after the result was judged", "Afterwards", "その後"),
    ("band", "integer", "", "Band of the score, 1 = lowest", "Score band", "スコアのバンド"),
    ("known", "integer", "customers", "Signed, and their result is known", "Known", "結果判明"),
    ("what_if", "text", "", "A different assumption", "What if", "もし"),
    ("break_even", "number", "rate", "Rate from which an approach pays", "Break-even", "採算ライン"),
    ("not_worth_it", "integer", "customers", "Left out as not worth it", "Left out", "外れる人数"),
    ("no_contract", "integer", "customers", "Customers without a contract", "No contract", "ご契約なし"),
    ("part", "code", "", "Freed by the list, or where it goes", "Part", "内訳"),
    ("overruled", "yes_no", "", "A person decided otherwise", "Overruled", "上書きあり"),
    ("due_in_days", "integer", "days", "Days until the action is due", "Within days", "期限（日）"),
    ("hours", "number", "hours", "Our hours of one month", "Hours in all", "時間合計"),
    ("hours_before", "number", "hours", "Hours if nothing were decided", "Hours before", "これまでの時間"),
    ("hours_after", "number", "hours", "Hours as decided", "Hours after", "これからの時間"),
    ("capacity_hours", "number", "hours", "Hours this owner has", "Hours to spend", "使える時間"),
    ("actions", "integer", "actions", "Actions of this month", "Actions", "件数"),
    ("waiting", "integer", "actions", "Actions that wait for next month", "Waiting", "来月まで待つ"),
)
# A list that is already summed up speaks in measures.
REGISTER_COLUMNS |= {name: MEASURE_COLUMNS[name] for name in TABLES["summaries"][1:]}
COLUMNS: dict[str, Column] = SUMMARY_COLUMNS | REGISTER_COLUMNS | MEASURE_COLUMNS

# --- coded values, in the order in which they are shown ---------------------------------------
VALUES: dict[str, dict[str, tuple[str, str]]] = {
    "sort": {"end_user": ("End user", "エンドユーザー"), "partner": ("Partner", "パートナー")},
    "attitude": {
        "enthusiastic": ("Enthusiastic", "熱狂的"),
        "positive": ("Positive", "肯定的"),
        "indifferent": ("Indifferent", "無関心"),
        "negative": ("Negative", "否定的"),
        "hostile": ("Hostile", "敵対的"),
    },
    "got_results": {
        "yes": ("Got results", "成果あり"),
        "no": ("No result", "成果なし"),
        "unknown": ("Not yet known", "まだ不明"),
    },
    "kind": {
        "name": ("Name only", "名前のみ"),
        "mail": ("Mail", "メール"),
        "call": ("Call", "電話"),
        "met": ("Met", "面談"),
        "meal": ("Meal or drinks", "会食"),
        "return": ("Return", "返品"),
        "cancellation": ("Cancellation", "取消"),
        "correction": ("Correction or rebate", "訂正・値引"),
    },
    "direction": {"in": ("From the customer", "お客様から"), "out": ("From us", "当社から")},
    "intent": {"give": ("Give", "与える"), "ask": ("Ask", "求める")},
    # The ten deciles are plain numbers; the row beside them needs words in both languages.
    "decile": {"0 or less": ("0 or less", "0以下")},
    "five_type": {
        "first_time": ("First-time", "初回客"),
        "toddler": ("Toddler", "よちよち客"),
        "steady": ("Steady", "こつこつ客"),
        "fad": ("Fad", "流行客"),
        "loyal": ("Loyal", "優良客"),
    },
    "cpm_type": {},
    "stage": {
        "acquaintance": ("1 Acquaintance", "1 ただの知り合い"),
        "prospect": ("2 Prospect", "2 見込み顧客"),
        "customer": ("3 Customer", "3 顧客"),
        "repeater": ("4 Repeater", "4 リピーター"),
    },
    "sub_stage": {
        "name_only": ("Name only", "名前だけ"),
        "mail_or_call": ("Telephone or e-mail only", "電話・メールのみ"),
        "met_once": ("Met once", "1回会った"),
        "met_twice": ("Met twice or more", "2回以上会った"),
        "meal": ("Had a meal together", "会食した"),
        "proposal": ("Was given a proposal", "提案した"),
        "won_once": ("Won one deal", "1回受注"),
        "repeated_once_or_twice": ("Repeated once or twice", "1〜2回リピート"),
        "repeated_three_times": ("Repeated three times or more", "3回以上リピート"),
    },
    "likelihood": {"high": ("High", "高"), "middle": ("Middle", "中"), "low": ("Low", "低")},
    "relationship": {"good": ("Good", "良好"), "fair": ("Fair", "普通"), "strained": ("Strained", "要修復")},
    "status": {
        "deciding_now": ("A Deciding now", "A 今検討中"),
        "likely": ("B Likely", "B 見込みあり"),
        "nurture": ("C Good relation, no deal yet", "C 関係良好・時期待ち"),
        "pending": ("D Pending", "D 保留"),
        "quiet": ("E Quiet", "E 静か"),
        "repair_first": ("R Repair first", "R 関係修復が先"),
    },
    "status_reason": {
        "open_incident": ("An incident is open", "未解決のクレームあり"),
        "unfriendly": ("Attitude noted as negative or hostile", "否定的・敵対的な態度の記録"),
        "asks_unanswered": ("Our last requests stayed unanswered", "依頼への無回答が続く"),
        "proposal_fresh": ("A proposal went out lately, undecided", "最近の見積が検討中"),
        "due_in_touch": ("The next order is due and they are in touch", "購入時期で連絡も取れている"),
        "proposal_pending": ("The proposal has been lying for a while", "見積が保留のまま"),
        "due_now": ("The next order is due", "購入時期が来ている"),
        "deal_open": ("A deal is open, no proposal yet", "案件あり・提案前"),
        "in_touch": ("Heard from them lately, no deal", "最近連絡あり・案件なし"),
        "in_rhythm": ("Orders in their own rhythm, not due yet", "いつものペース・時期待ち"),
        "friendly": ("Well disposed, no deal", "好意的・案件なし"),
        "overdue": ("Past their own rhythm", "購入ペースを超過"),
        "silent": ("Nothing heard for long", "しばらく連絡なし"),
        "never_heard": ("Never heard from them", "反応の記録なし"),
    },
    "activity": {
        "active": ("Active", "稼働中"),
        "cooling": ("Cooling", "間隔が空き気味"),
        "quiet": ("Quiet", "静か"),
    },
    # Rows and columns of a movement beside the labels themselves.
    "before": {"new": ("New", "新規")},
    "after": {"left": ("Left", "一覧から外れた")},
    "cause": {
        "stayed": ("Stayed", "変わらず"),
        "by behaviour": ("By behaviour", "行動による"),
        "by rule": ("By the rule", "基準による"),
        "by both": ("By both", "両方による"),
    },
    "deal_state": {
        "proposal_sent": ("Proposal sent, undecided", "見積提出のまま"),
    },
    "incident_state": {
        "none": ("None", "なし"),
        "open": ("Open", "対応中"),
        "recovered": ("Recovered", "リカバリ済み"),
        "fan": ("Fan", "ファン化"),
    },
    "field": {
        "pays_and_gets_results": ("Pays, gets results", "売上大・成果あり"),
        "pays_gets_nothing": ("Pays, gets no result", "売上大・成果なし"),
        "gets_results_pays_little": ("Gets results, pays little", "売上小・成果あり"),
        "pays_little_gets_nothing": ("Pays little, no result", "売上小・成果なし"),
        "not_yet_known": ("Result not yet known", "成果はまだ不明"),
    },
    "decision": {
        "approach": ("Approach", "アプローチする"),
        "not_approached": ("Not approached", "アプローチしない"),
        "grow": ("Grow", "育てる"),
        "recover": ("Recover", "リカバリ"),
        "keep_serving": ("Keep serving", "通常対応"),
        "not_now": ("Not now", "今は待つ"),
    },
    "reason": {
        "opted_out": ("Has asked not to be contacted", "連絡不要のご意思"),
        "declared": ("Declared by us, signed", "社内の取り決め（署名あり）"),
        "not_worth_it": ("Our effort brings them no result today", "今の当社の働きかけでは成果につながらない"),
        "contacted_lately": ("Contacted lately", "最近ご連絡済み"),
        "over_capacity": ("No hours left this month", "今月の時間が足りない"),
        "open_incident": ("Something went wrong and is open", "未解決のクレーム"),
        "our_part_missing": ("We did not do our part", "当社の対応が不足"),
        "silent_leaver": ("Pays, gets nothing, has gone quiet", "成果なく沈黙"),
        "pays_gets_nothing": ("Pays and gets no result", "お支払いに成果が見合わない"),
        "gets_results_pays_little": ("Gets results, could do more", "成果あり・伸びしろあり"),
        "gets_results": ("Gets results", "成果あり"),
        "on_the_way": ("Under contract, result still open", "ご契約中・成果はこれから"),
        "normal_service": ("Normal service", "通常対応"),
        "hold_out": ("Drawn to test the list", "検証のため抽出"),
        "worth_it": ("Effort is likely to pay", "採算が見込める"),
        "open_proposal": ("Our proposal is on the table", "ご提案中（お返事待ち）"),
        "current_customer": ("Ordered lately, no contract known", "最近ご注文あり（ご契約の記録なし）"),
        "former_customer": ("Was a customer before", "過去のお客様"),
        "in_doubt": ("In doubt, so approached", "判断がつかないため接触"),
        "not_enough_known": ("Not enough known, so approached", "情報不足のため接触"),
        "reviewed": ("Decided by a person who knows them", "担当者の判断"),
    },
    "family": {
        "must-have sort": ("Must-have sort", "必須の分け方"),
        "geographic": ("Geographic", "地理"),
        "demographic": ("Demographic", "人口統計"),
        "psychographic": ("Psychographic", "心理"),
        "behavioural": ("Behavioural", "行動"),
        "company": ("Company", "企業"),
        "other": ("Other", "その他"),
    },
    "known_at": {
        "standard": ("Standard column", "標準項目"),
        "before_contract": ("Before the contract", "契約前"),
        "after_contract": ("After the contract", "契約後"),
        "after_outcome": ("After the result", "成果の後"),
        "undated": ("Nobody knows when", "時期不明"),
    },
    # Words of the playbook; other words in a client's list are shown as they stand.
    "channel": {
        "call": ("Telephone", "電話"),
        "mail": ("Mail", "メール"),
        "visit": ("Visit", "訪問"),
        "letter": ("Letter", "郵送"),
        "as agreed": ("As agreed", "お約束どおり"),
        "none": ("None", "なし"),
    },
    "owner": {"unassigned": ("Nobody yet", "担当未定")},
    "use": {
        "searched": ("Searched", "探索"),
        "shown": ("Only shown", "表示のみ"),
        "barred": ("Barred", "使わない"),
    },
    "part": {
        "freed": ("Freed", "空く時間"),
        "goes_to": ("Goes to", "使い先"),
        "not_planned": ("Not planned yet", "予定なし"),
    },
    "purpose": {
        "understand": ("Understand", "共感"),
        "educate": ("Educate", "教育"),
        "trust": ("Trust", "信頼"),
        "propose": ("Propose", "提案"),
        "recover": ("Recover", "リカバリ"),
        "none": ("None", "なし"),
    },
}

# fmt: on
VALUES["cpm_type"] = VALUES["five_type"]

UNSIGNED = {"en": "default, not decided yet (初期値・未決定)", "ja": "初期値・未決定"}


def label(column: str, language: Language = "en") -> str:
    """The label of a column; a column this page does not know is shown under its own name."""
    known = COLUMNS.get(column)
    return column if known is None else (known.ja if language == "ja" else known.en)


def value_label(column: str, value: object, language: Language = "en") -> object:
    """The label of a coded value, e.g. ``value_label("five_type", "loyal", "ja")`` is 優良客.

    >>> value_label("five_type", "loyal")
    'Loyal'
    """
    pair = VALUES.get(column, {}).get(str(value))
    return value if pair is None else pair[1 if language == "ja" else 0]


def labelled(frame: pd.DataFrame, language: Language = "en", **coded: str) -> pd.DataFrame:
    """A copy for display: coded values in words; column, index and axis names as labels.

    A column with a Japanese twin (`rule`, `rule_ja`) is shown once, in the language asked for.
    `coded` says what a column of another name holds: ``labelled(moves, "ja", before="status")``.
    """
    twins = [name for name in frame.columns if f"{name}_ja" in frame.columns]
    shown = frame.drop(columns=[f"{name}_ja" for name in twins])
    if language == "ja":
        shown = shown.assign(**{name: frame[f"{name}_ja"] for name in twins})
    holds = {name: name for name in shown.columns.intersection(list(VALUES))}
    for column, named in [*holds.items(), *coded.items()]:
        shown[column] = [value_label(named, value, language) for value in shown[column]]
    shown.index = _labelled_axis(shown.index, language)
    if shown.columns.name in VALUES:
        return shown.set_axis(_labelled_axis(shown.columns, language), axis=1)
    named = shown.columns.name and label(str(shown.columns.name), language)
    return shown.rename(columns=lambda column: label(str(column), language)).rename_axis(
        columns=named
    )


def _labelled_axis(axis: pd.Index, language: Language) -> pd.Index:
    """The axis with its name as label, and its values in words if its name has coded ones."""
    named = None if axis.name is None else label(str(axis.name), language)
    if axis.name in VALUES:
        return pd.Index(
            [value_label(str(axis.name), value, language) for value in axis], name=named
        )
    return axis.rename(named)


def as_category(values: pd.Series, column: str) -> pd.Series:
    """`values` as an ordered categorical in the order of `VALUES[column]`."""
    return values.astype(pd.CategoricalDtype(list(VALUES[column]), ordered=True))
