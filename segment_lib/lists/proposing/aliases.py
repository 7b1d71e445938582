"""Headers that lists carry, Japanese and English, by the column they mean.

Compared after `headers.fold_header` (NFKC, lower case, no blanks, underscores, hyphens, points,
brackets), and only whole: 割引金額 is not 金額. A header that means different things in different
lists (日付 of an order or a visit, 合計 of an order or a line) stands only under the table where it
means one. What is no id, no order date and no amount (発送日, 更新日, 税額, 送料, ポイント, 残高,
目標金額, 商品番号, 店舗ID …) stands nowhere. Sales are here; people and everything that happens to
them stand in `aliases_people` and `aliases_events`.
"""

from __future__ import annotations

from segment_lib.lists.proposing.aliases_events import EVENT_ALIASES, EVENT_TABLE_ALIASES
from segment_lib.lists.proposing.aliases_people import PEOPLE_ALIASES, PEOPLE_TABLE_ALIASES

_SALES: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "customer id", "customer no", "customer number", "customer code", "customer key",
        "customer ref", "cust id", "cust no", "custno", "cust code", "custcode", "client id",
        "client no", "client number", "client code", "account id", "account no", "account number",
        "account code", "user id", "user no", "userid", "member id", "member no", "member number",
        "member code", "membership id", "membership number", "buyer id", "buyer no", "shopper id",
        "patron id", "guest number", "loyalty id", "loyalty number", "loyalty card number",
        "contact id", "company id", "company code", "bill-to customer no", "sold-to party",
        "sold to", "sell-to customer no", "debtor no", "debtor number", "customer unique id",
        "associated company ids", "associated contact ids", "person id", "subscriber id",
        "subscriber number", "patient id", "donor id", "policyholder id", "kundennummer",
        "kunden nr", "kundennr", "顧客番号", "顧客id", "顧客コード", "顧客cd", "顧客no",
        "顧客管理番号", "顧客管理コード", "顧客キー", "お客様番号", "お客様id", "お客様コード",
        "お客様cd", "お客様no", "お客さま番号", "お客さまコード", "会員番号", "会員id",
        "会員コード", "会員cd", "会員no", "会員カード番号", "会員証番号", "メンバーid",
        "メンバー番号", "メンバーズカード番号", "取引先コード", "取引先番号", "取引先id",
        "取引先cd", "取引先no", "取引先管理番号", "得意先コード", "得意先番号", "得意先id",
        "得意先cd", "得意先no", "販売先コード", "企業id", "企業コード", "企業cd", "会社コード",
        "会社id", "法人コード", "ユーザーid", "ユーザid", "ユーザーno", "ユーザー番号",
        "ユーザーコード", "利用者id", "利用者番号", "購入者id", "購入者番号", "注文者id",
        "注文者番号", "注文者コード", "買主id", "受注先コード", "受注先cd", "契約者番号",
        "契約者id", "加入者番号", "患者番号", "患者id", "診察券番号", "カルテ番号", "生徒番号",
        "生徒id", "受講者番号", "受講者id", "学籍番号", "友の会番号", "施主番号", "施主コード",
        "オーナーid",
    ),
    "order_id": (
        "order id", "order no", "order number", "order #", "order code", "order ref",
        "order reference", "sales order", "sales order no", "sales order number", "so number",
        "increment id", "invoice", "invoice no", "invoice number", "invoice id", "invoice #",
        "receipt no", "receipt number", "receipt id", "transaction id", "transaction no",
        "transaction number", "txn id", "trans id", "sales no", "sale id", "purchase id",
        "booking id", "booking number", "booking reference", "reservation id",
        "reservation number", "reserve id", "amazon order id", "document number", "bill no",
        "bill number", "ticket number", "basket id", "checkout id", "注文番号", "注文id", "注文no",
        "注文コード", "注文管理番号", "ご注文番号", "オーダー番号", "オーダーid", "オーダーno",
        "受注番号", "受注id", "受注no", "受注コード", "受注cd", "受注管理番号", "受注伝票番号",
        "受注伝票no", "伝票番号", "伝票no", "伝票id", "売上伝票番号", "売上番号", "売上no",
        "売上id", "請求番号", "請求書番号", "請求no", "納品書番号", "取引id", "取引番号", "取引no",
        "レシート番号", "レシートno", "レシートid", "会計id", "会計番号", "会計no", "購入id",
        "購入番号", "購入no", "予約番号", "予約id", "予約no", "予約コード", "ご予約番号",
        "申込番号", "申込id", "お申込番号", "契約受注番号", "amazon注文番号",
    ),
    "ordered_on": (
        "ordered on", "ordered at", "order date", "order datetime", "order time", "order day",
        "order timestamp", "date of order", "date ordered", "order placed", "order placed on",
        "order placed at", "order purchase timestamp", "order created", "order created at",
        "invoice date", "purchase date", "purchase datetime", "purchase timestamp", "purchased on",
        "purchased at", "date of purchase", "sale date", "sales date", "sold on", "sold at",
        "date sold", "sales ymd", "sales day", "transaction date", "transaction datetime",
        "transaction time", "transaction timestamp", "txn date", "trans date", "receipt date",
        "bill date", "booking date", "booked on", "booked at", "reservation date",
        "reserve datetime", "reserve date", "reserved at", "checkout completed at", "注文日",
        "注文日時", "注文年月日", "注文日付", "注文受付日", "注文受付日時", "注文登録日",
        "ご注文日", "ご注文日時", "ご注文年月日", "オーダー日", "オーダー日時", "受注日",
        "受注日時", "受注年月日", "受注日付", "受注登録日", "受注受付日", "売上日", "売上日時",
        "売上年月日", "売上日付", "売上計上日", "計上日", "購入日", "購入日時", "購入年月日",
        "購入日付", "ご購入日", "ご購入日時", "お買上日", "お買上日時", "お買い上げ日",
        "お買い上げ日時", "お買上げ日", "買上日", "買上日時", "買上年月日", "販売日", "販売日時",
        "販売年月日", "取引日", "取引日時", "取引年月日", "お取引日", "会計日", "会計日時",
        "精算日", "精算日時", "伝票日付", "伝票日", "レシート日時", "課金日", "課金日時",
        "予約日時", "予約受付日", "予約受付日時", "予約登録日時", "申込日", "申込日時", "お申込日",
        "お申込み日", "申込年月日",
    ),
    # Names that say neither "of the whole order" nor "of one article".
    "amount": (
        "amount", "sales", "sales amount", "sale amount", "sales value", "revenue", "net sales",
        "net revenue", "net amount", "turnover", "order amount", "order value", "purchase amount",
        "purchase value", "transaction amount", "spend amount", "amount paid", "paid amount",
        "payment value", "money spent", "total price", "total sales", "金額", "金額円", "売上",
        "売上金額", "売上額", "売上高", "税込売上", "税抜売上", "売上税込", "売上税抜", "純売上",
        "注文金額", "ご注文金額", "注文額", "受注金額", "受注額", "購入金額", "ご購入金額",
        "購入額", "購買金額", "購買額", "取引金額", "お取引金額", "販売金額", "販売額", "買上金額",
        "買上額", "お買上金額", "お買上額", "お買い上げ金額", "お買上げ金額", "税込金額",
        "金額税込", "税抜金額", "金額税抜", "税別金額", "課金額", "課金金額", "ご利用金額",
        "利用金額", "お支払金額", "お支払い金額", "支払金額", "売上合計", "売上金額税込",
        "売上金額税抜", "受注金額税込", "受注金額税抜", "購入金額税込", "注文金額税込",
    ),
    "product": (
        "product", "product name", "product title", "product description", "item", "item name",
        "item title", "item description", "article", "article name", "article description",
        "description", "goods", "goods name", "line item", "lineitem name", "line item name",
        "sku name", "service", "service name", "menu", "menu name", "商品", "商品名", "商品名称",
        "商品名漢字", "商品タイトル", "品名", "品目", "品目名", "アイテム", "アイテム名", "製品",
        "製品名", "製品名称", "サービス", "サービス名", "サービス名称", "メニュー", "メニュー名",
        "コース名", "プラン名", "購入商品", "購入商品名", "注文商品", "注文商品名", "ご注文商品",
        "摘要商品名", "部品名",
    ),
    "product_line": (
        "product line", "product category", "product category name", "category", "category name",
        "item category", "product group", "product group name", "product family", "product type",
        "item group", "department name", "商品ライン", "商品分類", "商品分類名", "商品区分",
        "商品カテゴリ", "商品カテゴリー", "商品カテゴリ名", "商品カテゴリー名", "カテゴリ",
        "カテゴリー", "カテゴリ名", "カテゴリー名", "商品群", "商品グループ", "商品グループ名",
        "商品大分類", "商品大分類名", "大分類", "大分類名", "品種", "品群", "サービス区分",
        "商品ジャンル", "ジャンル",
    ),
    "quantity": (
        "quantity", "qty", "units", "units sold", "pieces", "pcs", "quantity purchased",
        "quantity ordered", "order quantity", "qty ordered", "item quantity", "lineitem quantity",
        "line item quantity", "number of items", "item count", "sales quantity", "数量", "個数",
        "受注個数", "受注数", "受注数量", "注文数", "注文数量", "注文個数", "ご注文数", "購入数",
        "購入数量", "購入個数", "点数", "購入点数", "買上点数", "お買上点数", "販売数", "販売数量",
        "販売個数", "売上数量", "売上数", "売上点数", "出荷数量", "枚数", "本数",
    ),
    "unit_price": (
        "unit price", "price each", "price per unit", "price per item", "lineitem price",
        "line item price", "item unit price", "selling price per unit", "base unit price", "単価",
        "販売単価", "商品単価", "税込単価", "税抜単価", "単価税込", "単価税抜", "売上単価",
        "受注単価", "注文単価", "購入単価", "実売単価", "売単価",
    ),
    "campaign": (
        "campaign", "campaign name", "campaign code", "promotion", "promotion name", "promo",
        "promo code", "promotion code", "promotion ids", "coupon", "coupon code", "coupon codes",
        "discount code", "discount codes", "voucher code", "キャンペーン", "キャンペーン名",
        "キャンペーンコード", "販促名", "販促企画名", "企画名", "クーポン", "クーポン名",
        "クーポンコード", "施策名", "プロモーション名", "セール名",
    ),
    "margin": (
        "margin", "gross margin", "gross profit", "grossprofit", "profit", "profit amount", "粗利",
        "粗利額", "粗利益", "粗利益額", "粗利金額", "売上総利益", "利益", "利益額",
    ),
    "status": (
        "status", "order status", "order state", "financial status", "payment status",
        "transaction status", "invoice status", "注文ステータス", "注文状況", "注文状態",
        "受注ステータス", "受注状態", "受注状況", "ステータス", "状態", "取引状態",
        "取引ステータス", "処理状況", "対応状況", "対応状況名称", "決済ステータス",
        "入金ステータス", "管理ステータス",
    ),
    "cancelled_on": (
        "cancelled on", "canceled on", "cancelled at", "canceled at", "cancel date",
        "cancellation date", "date cancelled", "date canceled", "キャンセル日", "キャンセル日時",
        "キャンセル日付", "取消日", "取消日時", "取り消し日", "解約取消日",
    ),
    "tax_rate": ("tax rate", "vat rate", "税率", "消費税率", "適用税率"),
    "adjusted_on": (
        "adjusted on", "return date", "returned on", "returned at", "refund date", "refunded on",
        "refunded at", "credit note date", "credit memo date", "返品日", "返品日時", "返品受付日",
        "返金日", "返金日時", "調整日", "訂正日", "値引日",
    ),
    "original_order_id": (
        "original order id", "original order number", "original invoice",
        "original transaction id", "related order id", "元注文番号", "元受注番号", "元伝票番号",
        "元取引id", "元取引番号", "取消元注文番号", "返品元注文番号", "元売上番号",
    ),
}  # fmt: skip

# Words that say who, but not whether a number or a name: an id only if the values are numbers.
WHO = (
    "customer", "client", "account", "member", "buyer", "user", "shopper", "account name",
    "customer name", "company", "company name", "member name", "顧客", "お客様", "会員", "取引先",
    "得意先", "ユーザー", "購入者", "注文者", "請求先", "顧客名", "お客様名", "会員名", "取引先名",
    "得意先名", "会社名", "企業名", "購入者名", "注文者名",
)  # fmt: skip

# Amounts of a whole order. In a list of lines they are repeated in every line of the order.
_OF_THE_ORDER = (
    "total", "order total", "grand total", "total amount", "total paid", "amount total",
    "invoice total", "order grand total", "total collected", "total incl tax", "total inc tax",
    "total money", "order total amount", "base grand total", "grand total base", "合計",
    "合計金額", "合計額", "総額", "総合計", "税込合計", "合計税込", "税込合計金額", "合計金額税込",
    "お支払合計", "お支払い合計", "お支払合計金額", "支払合計", "支払合計金額", "支払総額",
    "請求金額", "ご請求金額", "請求額", "請求合計", "請求合計金額", "請求総額", "注文合計",
    "注文合計金額", "ご注文合計", "受注合計", "受注合計金額", "購入合計", "購入合計金額",
    "会計金額", "お会計", "お会計金額", "決済金額",
)  # fmt: skip
_OF_THE_LINE = (
    "line total", "line amount", "line sales", "line net amount", "extended price",
    "extended amount", "item total", "item amount", "row total", "lineitem total", "明細金額",
    "明細合計", "明細小計", "行金額", "行合計", "商品小計", "商品計", "商品売上", "商品別金額",
    "小計税込", "明細売上金額",
)  # fmt: skip
_DAY = ("date", "日付", "年月日", "日時")

_SALES_TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "orders": {"ordered_on": _DAY, "amount": _OF_THE_ORDER},
    "order_lines": {
        "ordered_on": _DAY,
        "amount": _OF_THE_LINE,
        "unit_price": ("price", "item price", "価格", "販売価格", "商品価格", "売価"),
    },
    "adjustments": {
        "adjusted_on": (*_DAY, "処理日"),
        "amount": (
            "返品金額", "返品額", "返金額", "返金金額", "調整額", "調整金額", "値引額",
            "refund amount", "refunded amount", "amount refunded", "return amount",
            "credit amount",
        ),
        "kind": ("種別", "区分", "処理区分", "調整種別", "type", "adjustment type", "返品区分"),
    },
    "summaries": {
        "frequency": (
            "order count", "orders count", "number of orders", "num orders", "total orders",
            "orders", "purchase count", "number of purchases", "購入回数", "累計購入回数",
            "購買回数", "購買頻度", "購入頻度", "注文回数", "総注文回数", "累計注文回数",
            "利用回数", "来店回数", "累計来店回数", "取引回数", "受注回数", "購入件数", "注文件数",
        ),
        "monetary": (
            "monetary", "monetary value", "total spent", "total spend", "lifetime value",
            "lifetime spend", "ltv", "total revenue", "customer lifetime value", "累計購入金額",
            "累計購入額", "総購入金額", "購入合計金額", "購入総額", "購入累計金額", "累計金額",
            "累計売上", "累計売上金額", "累計利用金額", "累計買上金額", "年間購入金額",
            # one row is one customer: the plain words mean all their orders here
            "revenue", "購入金額", "購買金額", "売上金額", "利用金額",
        ),
        "recency_days": (
            "recency days", "days since last order", "days since last purchase",
            "days since last visit", "days since order", "最終購入からの日数",
            "最終購入日からの日数", "最終購入日からの経過日数", "最終購入からの経過日数",
            "最終来店日からの経過日数", "最終来店からの日数", "最終来店日からの日数",
            "最終利用日からの経過日数", "経過日数",
        ),
        "last_order_on": (
            "last order", "last order date", "last order on", "last purchase",
            "last purchase date", "last purchased on", "most recent order",
            "most recent order date", "most recent purchase", "most recent visit", "last visit",
            "last visit date", "最終購入日", "最終購入日時", "最終注文日", "最終注文日時",
            "最終受注日", "最終来店日", "最終来店日時", "最終利用日", "最終買上日", "最終取引日",
            "前回購入日", "前回来店日",
        ),
        "first_order_on": (
            "first order", "first order date", "first order on", "first purchase",
            "first purchase date", "初回購入日", "初回購入日時", "初回注文日", "初回注文日時",
            "初回来店日", "初回利用日", "初回取引日", "初回受注日",
        ),
    },
}  # fmt: skip

# One system's own words: they count only in a list that has all of the telling headers.
SYSTEMS: dict[str, tuple[tuple[str, ...], str, dict[str, str]]] = {
    "Shopify orders": (
        ("Financial Status", "Lineitem name"),
        "order_lines",
        {"order_id": "Name", "ordered_on": "Created at"},
    ),
    "Amazon orders": (
        ("order-item-id", "quantity-purchased"),
        "order_lines",
        {"amount": "item-price"},
    ),
    "Stripe payments": (
        ("Amount Refunded", "Captured"),
        "orders",
        {"order_id": "id", "ordered_on": "Created date (UTC)"},
    ),
    "Magento orders": (("Purchase Point", "Bill-to Name"), "orders", {"order_id": "ID"}),
    "HubSpot deals": (("Record ID", "Deal Stage"), "deals", {"deal_id": "Record ID"}),
    "HubSpot contacts": (
        ("Record ID", "Lifecycle Stage"),
        "customers",
        {"customer_id": "Record ID"},
    ),
    "freee deals": (("収支区分", "勘定科目"), "orders", {"ordered_on": "発生日"}),
}

ALIASES: dict[str, tuple[str, ...]] = {**_SALES, **PEOPLE_ALIASES, **EVENT_ALIASES}
TABLE_ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    **_SALES_TABLES,
    **PEOPLE_TABLE_ALIASES,
    **EVENT_TABLE_ALIASES,
}
ORDER_TOTALS = _OF_THE_ORDER
