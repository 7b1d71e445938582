"""Header rows of systems whose lists are not among the public ones, with the truth for each column.

Written from what these systems export, before the matching was tuned to them; all values are
invented. One line is one column: header | truth | values, ` · ` between values, `_` for a blank
cell; fewer values than rows start again from the first. Truth is `table.column`, `attribute`
(a fact about the customer), `refusal` or `consent` (a mark), `none`, or several of these where
more than one is right.
"""

# ruff: noqa: E501  (one line is one column of a list, however wide its values)

from __future__ import annotations

INVENTED = {
    "EC-CUBE 4, orders": """
注文ID | order_lines.order_id none | 101 · 101 · 102 · 103 · 103 · 104
注文番号 | order_lines.order_id | 101 · 101 · 102 · 103 · 103 · 104
会員ID | order_lines.customer_id | 7 · 7 · 12 · 31 · 31 · 7
お名前(姓) | none | 青木 · 青木 · 井上 · 上田 · 上田 · 青木
お名前(名) | none | 葵 · 葵 · 樹 · 海 · 海 · 葵
会社名 | customers.name attribute none | _ · _ · ㈱イノウエ · _ · _ · _
都道府県(名称) | attribute none | 東京都 · 東京都 · 大阪府 · 福岡県 · 福岡県 · 東京都
住所1 | customers.address none | 架空区1 · 架空区1 · 仮市2 · 例市3 · 例市3 · 架空区1
住所2 | none | 1-2 · 1-2 · 3-4 · 5-6 · 5-6 · 1-2
メールアドレス | customers.email none | a@example.jp · a@example.jp · b@example.jp · c@example.jp · c@example.jp · a@example.jp
TEL | customers.telephone none | 0312345678 · 0312345678 · 0612345678 · 0922345678 · 0922345678 · 0312345678
性別(名称) | attribute none | 女性 · 女性 · 男性 · 女性 · 女性 · 女性
誕生日 | attribute none | 1988-02-03 · 1988-02-03 · 1979-11-30 · 1990-06-15 · 1990-06-15 · 1988-02-03
小計 | none | 5500 · 5500 · 2200 · 7700 · 7700 · 1100
値引き | none | 0 · 0 · 200 · 0 · 0 · 0
送料 | none | 500
税金 | none | 500 · 500 · 200 · 700 · 700 · 100
合計 | none | 6000 · 6000 · 2500 · 8200 · 8200 · 1600
支払合計 | none | 6000 · 6000 · 2500 · 8200 · 8200 · 1600
対応状況(ID) | none | 5 · 5 · 5 · 3 · 3 · 1
対応状況(名称) | order_lines.status | 発送済み · 発送済み · 発送済み · 注文取消し · 注文取消し · 新規受付
支払方法(名称) | none | 代金引換 · 代金引換 · クレジットカード
受注日 | order_lines.ordered_on | 2025-03-01 10:15:00 · 2025-03-01 10:15:00 · 2025-03-02 9:00:10 · 2025-03-05 21:40:02 · 2025-03-05 21:40:02 · 2025-03-09 12:00:00
入金日 | none | 2025-03-03 00:00:00 · 2025-03-03 00:00:00 · _ · 2025-03-06 00:00:00 · 2025-03-06 00:00:00 · _
注文詳細ID | none | 1 · 2 · 3 · 4 · 5 · 6
商品ID | none | 3 · 8 · 3 · 9 · 8 · 11
商品名 | order_lines.product | 彩のジェラート · 銀の匙 · 彩のジェラート · 卓上花 · 銀の匙 · 花瓶
商品コード | none | sa-3 · gi-8 · sa-3 · ta-9 · gi-8 · ka-11
価格 | order_lines.unit_price | 1000 · 4000 · 2000 · 3000 · 4000 · 1000
個数 | order_lines.quantity | 1 · 1 · 1 · 1 · 1 · 1
税率 | order_lines.tax_rate none | 10
配送先_お名前(姓) | none | 青木 · 青木 · 井上 · 江口 · 江口 · 青木
お届け希望日 | none | 2025-03-05 · 2025-03-05 · _ · 2025-03-12 · 2025-03-12 · _
発送日 | none | 2025-03-04 · 2025-03-04 · 2025-03-04 · _ · _ · _
""",
    "EC-CUBE 4, members": """
会員ID | customers.customer_id summaries.customer_id | 1 · 2 · 3 · 4 · 5
お名前(姓) | none | 青木 · 井上 · 上田 · 江口 · 小川
お名前(名) | none | 葵 · 樹 · 海 · 栞 · 蓮
会社名 | customers.name none | _ · ㈱イノウエ · _ · _ · 小川商店
郵便番号 | attribute none | 1000001 · 5300001 · 8100001 · 0600001 · 4600001
都道府県(ID) | attribute none | 13 · 27 · 40 · 1 · 23
都道府県(名称) | attribute | 東京都 · 大阪府 · 福岡県 · 北海道 · 愛知県
住所1 | customers.address | 架空区1 · 仮市2 · 例市3 · 見本区4 · 試市5
住所2 | none | 1-2 · 3-4 · 5-6 · _ · 7-8
メールアドレス | customers.email | a@example.jp · b@example.jp · c@example.jp · d@example.jp · e@example.jp
TEL | customers.telephone | 0312345678 · 0612345678 · 0922345678 · 0112345678 · 0522345678
性別(名称) | attribute | 女性 · 男性 · 女性 · 女性 · 男性
職業(名称) | attribute | 会社員 · 自営業 · 学生 · 会社員 · 公務員
誕生日 | attribute | 1988-02-03 · 1979-11-30 · 1990-06-15 · _ · 1965-01-20
初回購入日 | summaries.first_order_on attribute none | 2024-01-05 · 2024-02-10 · _ · 2025-01-03 · 2023-11-11
最終購入日 | summaries.last_order_on attribute none | 2025-03-09 · 2025-03-02 · _ · 2025-01-03 · 2025-02-14
購入回数 | summaries.frequency attribute | 4 · 2 · 0 · 1 · 9
会員ステータス(名称) | attribute none | 本会員 · 本会員 · 仮会員 · 本会員 · 退会
登録日 | customers.first_contact_on | 2024-01-05 10:00:00 · 2024-02-09 08:00:00 · 2025-01-01 00:00:00 · 2025-01-03 22:10:11 · 2023-11-11 11:11:11
更新日 | none | 2025-03-09 12:00:00 · 2025-03-02 09:00:00 · 2025-01-01 00:00:00 · 2025-02-03 22:10:11 · 2025-02-14 11:11:11
""",
    "Shopify, orders": """
Name | order_lines.order_id | #1001 · #1001 · #1002 · #1003 · #1003 · #1004
Email | customers.email order_lines.customer_id none | a@example.com · a@example.com · b@example.com · c@example.com · c@example.com · a@example.com
Financial Status | order_lines.status | paid · _ · refunded · paid · _ · pending
Paid at | none | 2025-02-03 10:00:00 +0900 · _ · 2025-02-04 11:30:00 +0900 · 2025-02-13 09:12:00 +0900 · _ · _
Fulfillment Status | none | fulfilled · _ · fulfilled · fulfilled · _ · unfulfilled
Fulfilled at | none | 2025-02-05 10:00:00 +0900 · _ · 2025-02-06 11:30:00 +0900 · 2025-02-14 09:12:00 +0900 · _ · _
Accepts Marketing | consent none | yes · _ · no · yes · _ · yes
Currency | none | JPY · _ · JPY · JPY · _ · JPY
Subtotal | none | 5500 · _ · 2200 · 7700 · _ · 1100
Shipping | none | 500 · _ · 500 · 500 · _ · 500
Taxes | none | 545 · _ · 245 · 745 · _ · 145
Total | none | 6000 · _ · 2700 · 8200 · _ · 1600
Discount Code | order_lines.campaign none | SPRING · _ · _ · _ · _ · SPRING
Discount Amount | none | 100 · _ · 0 · 0 · _ · 100
Created at | order_lines.ordered_on | 2025-02-03 09:59:00 +0900 · 2025-02-03 09:59:00 +0900 · 2025-02-04 11:29:00 +0900 · 2025-02-13 09:11:00 +0900 · 2025-02-13 09:11:00 +0900 · 2025-02-20 19:11:00 +0900
Lineitem quantity | order_lines.quantity | 1 · 2 · 1 · 3 · 1 · 1
Lineitem name | order_lines.product | Tea · Cup · Tea · Pot · Cup · Spoon
Lineitem price | order_lines.unit_price | 1500 · 2000 · 2200 · 2000 · 1700 · 1100
Lineitem sku | none | T-1 · C-1 · T-1 · P-1 · C-2 · S-1
Billing Name | customers.name none | Ann Able · _ · Ben Bold · Cleo Calm · _ · Ann Able
Billing Zip | none | '1000001 · _ · '5300001 · '8100001 · _ · '1000001
Shipping Name | none | Ann Able · _ · Bea Bold · Cleo Calm · _ · Ann Able
Cancelled at | order_lines.cancelled_on | _ · _ · 2025-02-07 10:00:00 +0900 · _ · _ · _
Refunded Amount | none | 0 · _ · 2700 · 0 · _ · 0
Vendor | none | Ours
Id | none | 58001 · _ · 58002 · 58003 · _ · 58004
""",
    "Shopify, customers": """
Customer ID | customers.customer_id summaries.customer_id | '7001 · '7002 · '7003 · '7004 · '7005
First Name | customers.name none | Ann · Ben · Cleo · Dan · Eve
Last Name | customers.name none | Able · Bold · Calm · Dark · Even
Email | customers.email | a@example.com · b@example.com · c@example.com · d@example.com · e@example.com
Accepts Email Marketing | consent | yes · no · yes · yes · no
Accepts SMS Marketing | consent | no · no · yes · no · no
Default Address Company | customers.name attribute none | _ · Bold Ltd · _ · _ · _
Default Address City | attribute none | Oslo · Rome · Bonn · Oslo · Oslo
Default Address Country Code | attribute none | NO · IT · DE · NO · NO
Phone | customers.telephone | +47 2212 3456 · +39 0612 34567 · _ · +47 2212 9999 · _
Total Spent | summaries.monetary attribute | 120.00 · 0.00 · 33.50 · 980.10 · 20.00
Total Orders | summaries.frequency attribute | 3 · 0 · 1 · 12 · 1
Tags | attribute none | vip · _ · _ · vip · _
Tax Exempt | attribute none | no · no · yes · no · no
""",
    "Rakuten RMS, orders": """
注文番号 | order_lines.order_id | 123-20250301-0001 · 123-20250301-0001 · 123-20250302-0007 · 123-20250305-0003 · 123-20250305-0003
ステータス | order_lines.status | 発送済 · 発送済 · 処理済 · キャンセル確定 · キャンセル確定
注文日時 | order_lines.ordered_on none | 2025/03/01 10:15:00 · 2025/03/01 10:15:00 · 2025/03/02 09:00:10 · 2025/03/05 21:40:02 · 2025/03/05 21:40:02
注文日 | order_lines.ordered_on none | 2025/03/01 · 2025/03/01 · 2025/03/02 · 2025/03/05 · 2025/03/05
注文時間 | none | 10:15:00 · 10:15:00 · 09:00:10 · 21:40:02 · 21:40:02
キャンセル期限日 | none | 2025/03/02 · 2025/03/02 · 2025/03/03 · 2025/03/06 · 2025/03/06
注文確定日時 | none | 2025/03/01 11:15:00 · 2025/03/01 11:15:00 · 2025/03/02 10:00:10 · _ · _
発送完了報告日時 | none | 2025/03/03 11:15:00 · 2025/03/03 11:15:00 · 2025/03/04 10:00:10 · _ · _
支払方法名 | none | クレジットカード · クレジットカード · 銀行振込 · クレジットカード · クレジットカード
商品合計金額 | none | 5500 · 5500 · 2200 · 7700 · 7700
消費税合計 | none | 500 · 500 · 200 · 700 · 700
送料合計 | none | 0 · 0 · 500 · 0 · 0
代引料合計 | none | 0
請求金額 | none | 5400 · 5400 · 2700 · 7700 · 7700
合計金額 | none | 5500 · 5500 · 2700 · 7700 · 7700
ポイント利用額 | none | 100 · 100 · 0 · 0 · 0
クーポン利用総額 | none | 0
注文者都道府県 | attribute none | 東京都 · 東京都 · 大阪府 · 福岡県 · 福岡県
注文者姓 | none | 青木 · 青木 · 井上 · 上田 · 上田
注文者名 | customers.name none | 葵 · 葵 · 樹 · 海 · 海
注文者メールアドレス | customers.email order_lines.customer_id none | a@example.jp · a@example.jp · b@example.jp · c@example.jp · c@example.jp
注文者性別 | attribute none | 女 · 女 · 男 · 女 · 女
送付先ID | none | 1 · 1 · 2 · 3 · 3
送付先姓 | none | 青木 · 青木 · 井上 · 江口 · 江口
商品名 | order_lines.product | 和菓子 · 銘茶 · 和菓子 · 急須 · 銘茶
商品番号 | none | w-1 · m-2 · w-1 · k-3 · m-2
単価 | order_lines.unit_price | 1500 · 4000 · 2200 · 1850 · 4000
個数 | order_lines.quantity | 1 · 1 · 1 · 2 · 1
税率 | order_lines.tax_rate none | 0.08
""",
    "BASE, orders": """
注文ID | order_lines.order_id | A1B2C3 · A1B2C3 · D4E5F6 · G7H8I9
注文日時 | order_lines.ordered_on | 2025-04-01 12:00:00 · 2025-04-01 12:00:00 · 2025-04-02 13:10:00 · 2025-04-20 09:01:00
氏(請求先) | none | 青木 · 青木 · 井上 · 上田
名(請求先) | none | 葵 · 葵 · 樹 · 海
郵便番号(請求先) | none | 100-0001 · 100-0001 · 530-0001 · 810-0001
都道府県(請求先) | attribute none | 東京都 · 東京都 · 大阪府 · 福岡県
メールアドレス | customers.email order_lines.customer_id none | a@example.jp · a@example.jp · b@example.jp · c@example.jp
氏(配送先) | none | 青木 · 青木 · 井上 · 江口
商品ID | none | 900 · 901 · 900 · 902
商品名 | order_lines.product | 手ぬぐい · 巾着 · 手ぬぐい · 扇子
バリエーション | none | 藍 · _ · 紅 · _
価格 | order_lines.unit_price | 1200 · 2500 · 1200 · 4800
数量 | order_lines.quantity | 2 · 1 · 1 · 1
合計金額 | none | 4900 · 4900 · 1200 · 4800
送料 | none | 350
支払い方法 | none | クレジットカード · クレジットカード · コンビニ決済
代引き手数料 | none | 0
発送状況 | order_lines.status none | 対応済 · 対応済 · 未対応 · キャンセル
備考 | none | _
""",
    "MakeShop, orders": """
注文番号 | order_lines.order_id orders.order_id | P1713 · P1714 · P1715 · P1716
日付 | order_lines.ordered_on orders.ordered_on | 2025/8/10 · 2025/8/10 · 2025/8/12 · 2025/9/1
注文時間 | none | 103309 · 113000 · 090001 · 221500
処理状況 | order_lines.status orders.status none | 配送 · 未処理 · 注文キャンセル · 配送
会員ID | order_lines.customer_id orders.customer_id | aoki7 · inoue · ueda · aoki7
会員グループ | attribute none | 一般 · 一般 · 卸 · 一般
注文者 | customers.name none | 青木葵 · 井上樹 · 上田海 · 青木葵
メールアドレス | customers.email none | a@example.jp · b@example.jp · c@example.jp · a@example.jp
注文合計金額 | orders.amount | 3300 · 12000 · 800 · 5400
利用ポイント | none | 0 · 100 · 0 · 0
配送料 | none | 600 · 0 · 600 · 600
消費税 | none | 300 · 1090 · 72 · 490
お届け先 | none | 青木葵 · 井上樹 · 江口栞 · 青木葵
お届け先電話番号 | none | 0312345678 · 0612345678 · 0112345678 · 0312345678
希望配達日 | none | _ · 2025/8/15 · _ · 2025/9/5
""",
    "futureshop, orders": """
受注コード | order_lines.order_id | 00001 · 00001 · 00002 · 00003 · 00003
注文日時 | order_lines.ordered_on | 2025/05/01 10:00:00 · 2025/05/01 10:00:00 · 2025/05/03 18:00:00 · 2025/05/09 07:30:00 · 2025/05/09 07:30:00
請求合計金額 | none | 9900 · 9900 · 3300 · 6600 · 6600
商品合計金額 | none | 9900 · 9900 · 2800 · 6600 · 6600
消費税合計 | none | 900 · 900 · 300 · 600 · 600
送料 | none | 0 · 0 · 500 · 0 · 0
決済手数料 | none | 0
決済方法 | none | クレジットカード · クレジットカード · 代引き · 代引き · 代引き
入金確認日 | none | 2025/05/02 · 2025/05/02 · _ · 2025/05/10 · 2025/05/10
会員番号 | order_lines.customer_id | F100 · F100 · F205 · F300 · F300
氏名(姓) | none | 青木 · 青木 · 井上 · 上田 · 上田
氏名(名) | none | 葵 · 葵 · 樹 · 海 · 海
電話番号(メイン) | customers.telephone none | 0312345678 · 0312345678 · 0612345678 · 0922345678 · 0922345678
お届け先氏名(姓) | none | 青木 · 青木 · 井上 · 江口 · 江口
お届け希望日 | none | 2025/05/06 · 2025/05/06 · _ · _ · _
商品番号 | none | A-1 · B-2 · A-1 · C-3 · B-2
商品名 | order_lines.product | 麻のシャツ · 綿の帽子 · 麻のシャツ · 靴下 · 綿の帽子
販売単価 | order_lines.unit_price | 6600 · 3300 · 2800 · 1650 · 3300
購入数量 | order_lines.quantity | 1 · 1 · 1 · 2 · 1
ポイント利用額 | none | 0
""",
    "Amazon, order report": """
order-id | order_lines.order_id | 250-1111111-1111111 · 250-1111111-1111111 · 250-2222222-2222222 · 250-3333333-3333333
order-item-id | none | 41111 · 41112 · 42221 · 43331
purchase-date | order_lines.ordered_on | 2025-01-03T18:54:21+00:00 · 2025-01-03T18:54:21+00:00 · 2025-01-04T01:00:00+00:00 · 2025-02-01T10:00:00+00:00
payments-date | none | 2025-01-03T19:54:21+00:00 · 2025-01-03T19:54:21+00:00 · 2025-01-04T02:00:00+00:00 · 2025-02-01T11:00:00+00:00
buyer-email | customers.email order_lines.customer_id none | x1@example.com · x1@example.com · y2@example.com · z3@example.com
buyer-name | customers.name none | Ann Able · Ann Able · Ben Bold · Cleo Calm
buyer-phone-number | customers.telephone none | 0312345678 · 0312345678 · 0612345678 · 0922345678
sku | none | S-1 · S-2 · S-1 · S-9
product-name | order_lines.product | Lamp · Bulb · Lamp · Desk
quantity-purchased | order_lines.quantity | 1 · 4 · 1 · 1
currency | none | JPY
item-price | order_lines.amount | 4500 · 2000 · 4500 · 15000
item-tax | none | 0
shipping-price | none | 500 · 0 · 500 · 1200
ship-service-level | none | Standard · Standard · Standard · Expedited
recipient-name | none | Ann Able · Ann Able · Bea Bold · Cleo Calm
ship-postal-code | none | 100-0001 · 100-0001 · 530-0001 · 810-0001
item-promotion-discount | none | 0 · 0 · 0 · -1500
""",
    "Salesforce, opportunities": """
商談 ID | deals.deal_id | 0065g00000A1 · 0065g00000A2 · 0065g00000A3 · 0065g00000A4
取引先 ID | deals.customer_id | 0015g00000B1 · 0015g00000B2 · 0015g00000B1 · 0015g00000B3
取引先名 | customers.name none | 青葉商事 · 緑山工業 · 青葉商事 · 若葉堂
商談名 | none | 春の刷新 · 保守更新 · 追加席 · 新規導入
フェーズ | deals.won | 成立 · 不成立 · 提案 · 成立
確度 (%) | none | 100 · 0 · 40 · 100
金額 | deals.amount | 1,200,000 · 300,000 · 540,000 · 980,000
完了予定日 | none | 2025/03/31 · 2025/02/28 · 2025/09/30 · 2025/01/15
作成日 | deals.opened_on none | 2025/01/05 · 2024/12/01 · 2025/06/01 · 2024/10/10
商談 所有者 | deals.owner | 佐伯 · 森 · 佐伯 · 森
リードソース | none | 展示会 · 紹介 · 紹介 · Web
最終更新日 | none | 2025/03/30 · 2025/02/27 · 2025/06/12 · 2025/01/14
""",
    "HubSpot, contacts": """
Record ID | customers.customer_id none | 501 · 502 · 503 · 504 · 505
First Name | customers.name none | Ann · Ben · Cleo · Dan · Eve
Last Name | customers.name none | Able · Bold · Calm · Dark · Even
Email | customers.email | a@example.com · b@example.com · c@example.com · d@example.com · e@example.com
Phone Number | customers.telephone | +1 212 555 0101 · _ · +1 212 555 0103 · _ · +1 212 555 0105
Contact owner | customers.owner | Pat Poe · Pat Poe · Sam Sun · Sam Sun · Pat Poe
Lifecycle Stage | attribute none | Lead · Customer · Lead · Customer · Opportunity
Lead Status | attribute none | New · Open · New · _ · Open
Industry | attribute | Retail · Software · Retail · Retail · Media
Number of Employees | attribute | 12 · 250 · 8 · 40 · 31
Create Date | customers.first_contact_on attribute none | 2024-05-01 10:11 · 2024-06-01 09:00 · 2024-06-02 17:45 · 2025-01-10 08:30 · 2025-01-11 12:00
Last Activity Date | attribute none | 2025-02-01 10:00 · 2025-01-31 16:00 · _ · 2025-01-12 11:11 · _
Unsubscribed from all email | refusal | FALSE · TRUE · FALSE · FALSE · FALSE
""",
    "HubSpot, deals": """
Record ID | deals.deal_id none | 9001 · 9002 · 9003 · 9004
Deal Name | none | Refit · Renewal · Seats · Pilot
Deal Stage | deals.won | Closed Won · Closed Lost · Contract Sent · Closed Won
Amount | deals.amount | 12000 · 3000 · 5400 · 9800
Create Date | deals.opened_on none | 2024-05-01 10:11 · 2024-06-01 09:00 · 2024-06-02 17:45 · 2025-01-10 08:30
Close Date | deals.decided_on | 2024-07-01 10:11 · 2024-07-09 09:00 · 2025-03-31 17:45 · 2025-02-10 08:30
Deal owner | deals.owner | Pat Poe · Sam Sun · Pat Poe · Sam Sun
Associated Company IDs | deals.customer_id | 77001 · 77002 · 77001 · 77003
Associated Company | customers.name none | Able Inc. · Bold Ltd · Able Inc. · Calm GmbH
Pipeline | none | Sales
""",
    "kintone, visits (訪問記録)": """
レコード番号 | none | 1 · 2 · 3 · 4
訪問日 | contacts.contacted_on | 2025-02-03 · 2025-02-04 · 2025-02-10 · 2025-03-01
顧客コード | contacts.customer_id | K-001 · K-002 · K-001 · K-003
会社名 | customers.name none | 青葉商事 · 緑山工業 · 青葉商事 · 若葉堂
活動種別 | contacts.kind | 訪問 · 電話 · メール · 訪問
商談内容 | none | 見積の説明 · 納期の確認 · 資料送付 · 初回の挨拶
自社担当者 | contacts.owner | 佐伯 · 森 · 佐伯 · 森
次回訪問予定日 | none | 2025-03-03 · _ · _ · 2025-04-01
所要時間 | contacts.effort_hours | 1:30 · 0:20 · 0:10 · 1:00
作成日時 | none | 2025/02/03 18:00 · 2025/02/04 18:10 · 2025/02/10 09:00 · 2025/03/01 19:20
更新日時 | none | 2025/02/03 18:00 · 2025/02/05 18:10 · 2025/02/10 09:00 · 2025/03/02 19:20
更新者 | none | 佐伯 · 森 · 佐伯 · 森
""",
    "Yayoi, sales lines (弥生販売 売上明細)": """
伝票区分 | none | 売上 · 売上 · 売上 · 返品
伝票番号 | order_lines.order_id | 00000101 · 00000101 · 00000102 · 00000103
売上日 | order_lines.ordered_on | 令和7年4月1日 · 令和7年4月1日 · 令和7年4月3日 · 令和7年4月5日
得意先コード | order_lines.customer_id | 000012 · 000012 · 000031 · 000012
得意先名 | customers.name none | 青葉商事 · 青葉商事 · 緑山工業 · 青葉商事
担当者名 | none | 佐伯 · 佐伯 · 森 · 佐伯
行番号 | none | 1 · 2 · 1 · 1
商品コード | none | 0101 · 0205 · 0101 · 0205
商品名 | order_lines.product | 用紙A4 · トナー · 用紙A4 · トナー
数量 | order_lines.quantity | 10 · 1 · 5 · -1
単位 | none | 箱 · 本 · 箱 · 本
単価 | order_lines.unit_price none | 2,300 · 11,000 · 2,300 · 11,000
金額 | order_lines.amount | 23,000 · 11,000 · 11,500 · ▲11,000
原単価 | none | 1,800 · 8,000 · 1,800 · 8,000
粗利益 | order_lines.margin | 5,000 · 3,000 · 2,500 · ▲3,000
税率 | order_lines.tax_rate none | 10%
請求日 | none | 令和7年4月30日 · 令和7年4月30日 · 令和7年4月30日 · 令和7年4月30日
""",
    "freee, deals (取引)": """
収支区分 | none | 収入 · 収入 · 収入
管理番号 | none | M-1 · M-2 · M-3
発生日 | orders.ordered_on none | 2025/04/30 · 2025/05/31 · 2025/05/31
決済期日 | none | 2025/05/31 · 2025/06/30 · 2025/06/30
取引先コード | orders.customer_id | T01 · T02 · T01
取引先 | customers.name none | 青葉商事 · 緑山工業 · 青葉商事
勘定科目 | none | 売上高
税区分 | none | 課税売上10%
金額 | orders.amount | 110000 · 55000 · 33000
税計算区分 | none | 内税
税額 | none | 10000 · 5000 · 3000
備考 | none | 4月分 · 5月分 · 追加
決済金額 | none | 110000 · 55000 · 33000
""",
    "Smaregi, transactions (スマレジ)": """
取引ID | orders.order_id | 10001 · 10002 · 10003 · 10004
取引日時 | orders.ordered_on | 2025-06-01 10:01:02 · 2025-06-01 11:12:00 · 2025-06-02 15:00:00 · 2025-06-02 15:30:00
取引区分 | none | 1
取消区分 | orders.status none | 0 · 0 · 1 · 0
単価値引き前小計 | none | 1000 · 2500 · 800 · 4200
小計 | none | 1000 · 2300 · 800 · 4200
小計値引き | none | 0 · 200 · 0 · 0
合計 | orders.amount | 1100 · 2530 · 880 · 4620
内消費税 | none | 100 · 230 · 80 · 420
ポイント値引き | none | 0
付与ポイント | none | 11 · 25 · 8 · 46
店舗ID | none | 1
会員ID | orders.customer_id | 51 · _ · 52 · 51
会員コード | orders.customer_id none | 000051 · _ · 000052 · 000051
販売員名 | none | 森
締め日 | none | 2025-06-01 · 2025-06-01 · 2025-06-02 · 2025-06-02
""",
    "Square, items": """
Date | order_lines.ordered_on | 03/14/2025 · 03/14/2025 · 03/15/2025 · 03/22/2025
Time | none | 10:01:00 · 10:01:00 · 16:20:11 · 09:09:09
Time Zone | none | Eastern Time (US & Canada)
Category | order_lines.product_line | Drinks · Bakery · Drinks · Drinks
Item | order_lines.product | Latte · Bagel · Mocha · Latte
Qty | order_lines.quantity | 1.0 · 2.0 · 1.0 · 1.0
SKU | none | _
Gross Sales | none | $4.50 · $7.00 · $5.25 · $4.50
Discounts | none | $0.00 · ($1.00) · $0.00 · $0.00
Net Sales | order_lines.amount | $4.50 · $6.00 · $5.25 · $4.50
Tax | none | $0.40 · $0.53 · $0.47 · $0.40
Transaction ID | order_lines.order_id | tx1aa · tx1aa · tx2bb · tx3cc
Payment ID | none | p1 · p1 · p2 · p3
Device Name | none | Register 1
Event Type | none | Payment · Payment · Refund · Payment
Customer ID | order_lines.customer_id | CU77 · CU77 · _ · CU78
Customer Name | customers.name none | Ann Able · Ann Able · _ · Ben Bold
Customer Reference ID | none | _
""",
    "WooCommerce, orders": """
order_id | orders.order_id | 801 · 802 · 803 · 804
order_number | orders.order_id none | 801 · 802 · 803 · 804
order_date | orders.ordered_on | 2025-07-01 10:00:00 · 2025-07-02 11:00:00 · 2025-07-02 12:00:00 · 2025-07-30 13:00:00
paid_date | none | 2025-07-01 10:01:00 · 2025-07-02 11:01:00 · _ · 2025-07-30 13:01:00
status | orders.status | completed · processing · cancelled · completed
shipping_total | none | 5.00 · 0.00 · 5.00 · 5.00
tax_total | none | 2.10 · 8.40 · 1.05 · 4.20
discount_total | none | 0.00 · 4.00 · 0.00 · 0.00
order_total | orders.amount | 17.10 · 48.40 · 11.05 · 29.20
refunded_total | none | 0.00
order_currency | none | EUR
payment_method | none | card · card · bank · card
customer_id | orders.customer_id | 31 · 32 · 0 · 31
billing_first_name | none | Ann · Ben · Cleo · Ann
billing_email | customers.email none | a@example.com · b@example.com · c@example.com · a@example.com
billing_city | attribute none | Bonn · Rome · Oslo · Bonn
shipping_first_name | none | Ann · Ben · Dan · Ann
download_permissions | none | 0
""",
    "Stripe, payments": """
id | orders.order_id none | ch_1 · ch_2 · ch_3 · ch_4
Created date (UTC) | orders.ordered_on none | 2025-08-01 10:00:00 · 2025-08-02 11:00:00 · 2025-08-09 12:00:00 · 2025-08-30 13:00:00
Amount | orders.amount | 20.00 · 35.50 · 20.00 · 99.00
Amount Refunded | none | 0.00 · 0.00 · 20.00 · 0.00
Currency | none | usd
Captured | none | true
Fee | none | 0.88 · 1.33 · 0.88 · 3.17
Status | orders.status | Paid · Paid · Refunded · Failed
Customer ID | orders.customer_id | cus_A · cus_B · cus_A · cus_C
Customer Email | customers.email none | a@example.com · b@example.com · a@example.com · c@example.com
Invoice ID | orders.order_id none | in_1 · in_2 · _ · in_4
Card ID | none | card_1 · card_2 · card_1 · card_3
Refunded date (UTC) | none | _ · _ · 2025-08-11 12:00:00 · _
""",
    "Magento, orders": """
ID | orders.order_id none | 000000011 · 000000012 · 000000013
Purchase Point | none | Main Website
Purchase Date | orders.ordered_on | Mar 3, 2025 9:10:11 AM · Mar 4, 2025 10:00:00 PM · Mar 21, 2025 7:00:00 AM
Bill-to Name | customers.name none | Ann Able · Ben Bold · Cleo Calm
Ship-to Name | none | Ann Able · Bea Bold · Cleo Calm
Grand Total (Base) | orders.amount none | 31.00 · 59.00 · 20.50
Grand Total (Purchased) | orders.amount none | 31.00 · 59.00 · 20.50
Status | orders.status | complete · closed · pending
Customer Email | customers.email orders.customer_id none | a@example.com · b@example.com · c@example.com
Customer Group | attribute none | General · Wholesale · General
Subtotal | none | 26.00 · 54.00 · 15.50
Shipping and Handling | none | 5.00
Total Refunded | none | 0.00 · 59.00 · 0.00
""",
    "Olist, orders": """
order_id | orders.order_id | e481f5 · 53cdb2 · 47770e · 949d5b
customer_id | orders.customer_id | 9ef432 · b0830f · 41ce2a · f88197
order_status | orders.status | delivered · delivered · canceled · shipped
order_purchase_timestamp | orders.ordered_on | 2017-10-02 10:56:33 · 2018-07-24 20:41:37 · 2018-08-08 08:38:49 · 2017-11-18 19:28:06
order_approved_at | none | 2017-10-02 11:07:15 · 2018-07-26 03:24:27 · 2018-08-08 08:55:23 · 2017-11-18 19:45:59
order_delivered_carrier_date | none | 2017-10-04 19:55:00 · 2018-07-26 14:31:00 · _ · 2017-11-22 13:39:59
order_delivered_customer_date | none | 2017-10-10 21:25:13 · 2018-08-07 15:27:45 · _ · _
order_estimated_delivery_date | none | 2017-10-18 00:00:00 · 2018-08-13 00:00:00 · 2018-09-04 00:00:00 · 2017-12-15 00:00:00
payment_value | orders.amount | 38.71 · 141.46 · 179.12 · 72.20
""",
    "Olist, customers": """
customer_id | customers.customer_id none | 06b8 · 18955 · 4e7b · b2b6
customer_unique_id | customers.customer_id | 861e · 290c · 060e · 259d
customer_zip_code_prefix | attribute none | 14409 · 09790 · 01151 · 08775
customer_city | attribute | franca · sao paulo · sao paulo · mogi
customer_state | attribute | SP · SP · SP · SP
""",
    "Online Retail II": """
Invoice | order_lines.order_id | 489434 · 489434 · C489449 · 489436
StockCode | none | 85048 · 79323P · 22087 · 48173C
Description | order_lines.product | LIGHTS · CHERRY LIGHTS · PAPER BUNTING · DOOR MAT
Quantity | order_lines.quantity | 12 · 12 · -12 · 10
InvoiceDate | order_lines.ordered_on | 2009-12-01 07:45:00 · 2009-12-01 07:45:00 · 2009-12-01 10:33:00 · 2009-12-01 09:06:00
Price | order_lines.unit_price | 6.95 · 6.75 · 2.95 · 5.95
Customer ID | order_lines.customer_id | 13085 · 13085 · 16321 · 13078
Country | attribute none | United Kingdom · United Kingdom · Australia · United Kingdom
""",
    "Air Regi, receipts (Airレジ 会計明細)": """
会計日 | order_lines.ordered_on | 20250701 · 20250701 · 20250702 · 20250709
会計時間 | none | 101500 · 101500 · 183000 · 120000
レシートNo | order_lines.order_id | 000123 · 000123 · 000124 · 000130
商品コード | none | 1 · 2 · 1 · 3
商品名 | order_lines.product | 珈琲 · 菓子 · 珈琲 · 軽食
カテゴリー名 | order_lines.product_line | 飲料 · 菓子 · 飲料 · 食事
税込単価 | order_lines.unit_price none | 500 · 300 · 500 · 900
数量 | order_lines.quantity | 1 · 2 · 1 · 1
税込金額 | order_lines.amount | 500 · 600 · 500 · 900
うち消費税 | none | 45 · 54 · 45 · 81
お客様番号 | order_lines.customer_id | 0007 · 0007 · 0012 · 0007
預かり金 | none | 1100 · 1100 · 500 · 1000
お釣り | none | 0 · 0 · 0 · 100
""",
    "Call centre, complaints (クレーム台帳)": """
受付番号 | none | Q-1 · Q-2 · Q-3
お客様番号 | incidents.customer_id | 0007 · 0012 · 0031
発生日 | incidents.occurred_on | 2025/3/1 · 2025/3/9 · 2025/4/2
一次対応日 | incidents.responded_on | 2025/3/1 · 2025/3/11 · 2025/4/2
解決日 | incidents.recovered_on | 2025/3/5 · _ · 2025/4/3
重要度 | incidents.severity | 高 · 中 · 中
内容 | none | 届かない · 破損 · 遅延
対応者 | none | 森 · 森 · 佐伯
更新日時 | none | 2025/3/5 10:00 · 2025/3/11 9:00 · 2025/4/3 18:00
""",
    "A mail-order house, wide orders (横持ち)": """
受注No | order_lines.order_id | 1001 · 1002 · 1003 · 1004
会員No | order_lines.customer_id | 12 · 31 · 12 · 44
ご注文日 | order_lines.ordered_on | 2025/1/6 · 2025/1/7 · 2025/2/1 · 2025/2/2
商品1 | order_lines.product | 青汁 · 酢 · 青汁 · 茶
数量1 | order_lines.quantity | 1 · 2 · 1 · 1
金額1 | order_lines.amount | 3000 · 2400 · 3000 · 1500
商品2 | order_lines.product | 酢 · _ · 茶 · _
数量2 | order_lines.quantity | 1 · _ · 2 · _
金額2 | order_lines.amount | 1200 · _ · 3000 · _
送料 | none | 0 · 500 · 0 · 500
残高 | none | 0
担当者コード | none | 9
""",
    "A gym, members with traps (会員台帳)": """
会員No. | customers.customer_id | 00012 · 00031 · 00044 · 00050
氏名 | customers.name | 青木 葵 · 井上 樹 · 上田 海 · 江口 栞
生年月日 | attribute | 昭和60年1月2日 · 平成2年3月4日 · 昭和47年12月30日 · 平成11年7月7日
入会日 | customers.first_contact_on | 2020/4/1 · 2021/5/2 · 2019/9/9 · 2024/1/15
退会日 | refusal attribute none | _ · _ · 2024/3/31 · _
月会費 | attribute none | 7,700 · 9,900 · 7,700 · 5,500
目標金額 | attribute none | 100000 · 50000 · 20000 · 80000
店舗ID | attribute none | S1 · S2 · S1 · S1
紹介者会員No | customers.referred_by attribute none | _ · 00012 · _ · 00031
DM送付可否 | consent attribute none | 可 · 不可 · 可 · 可
電話不可 | refusal | _ · 1 · _ · _
最終更新日 | none | 2025/1/1 · 2025/1/2 · 2024/4/1 · 2025/2/2
""",
}
