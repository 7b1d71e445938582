"""The truth for every column of the public lists: what a person who knows the list would map.

One block per list: the file below the data folder, ` # ` and the sheet, database table or file in
the archive where it has several. One line is `header | truth`; what truth may be, see
`invented_lists.py`. Lists in which nobody is named (articles, shops, staff) are all `none`: a kit
for customers takes nothing from them. A list without a header has its columns by number.
"""

from __future__ import annotations

_BANK = (
    "age job marital education default balance housing loan contact day month day_of_week duration "
    "campaign pdays previous poutcome emp.var.rate cons.price.idx cons.conf.idx euribor3m "
    "nr.employed y"
)
_STUDENTS = """
Marital status, Application mode, Application order, Course, Daytime/evening attendance,
Previous qualification, Previous qualification (grade), Nacionality, Mother's qualification,
Father's qualification, Mother's occupation, Father's occupation, Admission grade, Displaced,
Educational special needs, Debtor, Tuition fees up to date, Gender, Scholarship holder,
Age at enrollment, International, Curricular units 1st sem (credited),
Curricular units 1st sem (enrolled), Curricular units 1st sem (evaluations),
Curricular units 1st sem (approved), Curricular units 1st sem (grade),
Curricular units 1st sem (without evaluations), Curricular units 2nd sem (credited),
Curricular units 2nd sem (enrolled), Curricular units 2nd sem (evaluations),
Curricular units 2nd sem (approved), Curricular units 2nd sem (grade),
Curricular units 2nd sem (without evaluations), Unemployment rate, Inflation rate, GDP, Target
"""
_NORTHWIND_SHIP = """
ShipName | none
ShipAddress | none
ShipCity | none
ShipRegion | none
ShipPostalCode | none
ShipCountry | none
"""
_NORTHWIND_ORDER = (
    """
OrderID | orders.order_id none
CustomerID | orders.customer_id customers.customer_id
EmployeeID | none
OrderDate | orders.ordered_on none
RequiredDate | none
ShippedDate | none
ShipVia | none
Freight | none
"""
    + _NORTHWIND_SHIP
)
_MAIL_ORDER_PERSON = """
姓 | customers.name none
カナ姓 | none
名 | customers.name none
カナ名 | none
性別 | attribute
生年月日 | attribute
電話番号 | customers.telephone
携帯電話番号 | customers.telephone attribute none
Mailアドレス | customers.email
住所 | customers.address
最終DM名称 | attribute none
総DM発送回数 | attribute none
DM戻り | refusal attribute none
DM拒否 | refusal
メルマガ拒否 | refusal
削除フラグ | refusal
最終更新日時 | none
作成日時 | none
"""
_MAIL_ORDER_LINE = """
受注番号 | order_lines.order_id
受注日 | order_lines.ordered_on
受注年月 | none
受注明細番号 | none
届先明細番号 | none
カタログ種別名 | none
申込者氏名 | customers.name none
商品番号 | none
商品名 | order_lines.product
商品大分類名 | order_lines.product_line
商品中分類名 | none
商品金額 | order_lines.unit_price none
受注個数 | order_lines.quantity
受注金額 | order_lines.amount
支払方法 | none
届先氏名 | none
生産者名 | none
"""
_SALES_BY_SHOP = """
日付 | orders.ordered_on order_lines.ordered_on none
店舗 | none
売上 | orders.amount order_lines.amount none
"""


def _all(truth: str, headers: str, separator: str | None = None) -> str:
    return "\n".join(f"{header.strip()} | {truth}" for header in headers.split(separator))


PUBLIC = {
    "online-retail/online_retail.csv.gz": """
InvoiceNo | order_lines.order_id
StockCode | none
Description | order_lines.product
Quantity | order_lines.quantity
InvoiceDate | order_lines.ordered_on
UnitPrice | order_lines.unit_price
CustomerID | order_lines.customer_id customers.customer_id
Country | attribute
""",
    "cdnow-sample/CDNOW_sample.txt": """
column 1 | orders.customer_id
column 2 | none
column 3 | orders.ordered_on
column 4 | order_lines.quantity none
column 5 | orders.amount
""",
    "cdnow-sample/cdnowElog.csv": """
masterid | orders.customer_id
sampleid | none
date | orders.ordered_on
cds | order_lines.quantity none
sales | orders.amount
""",
    # Repeat orders and weeks, not orders and days: only the id means what the kit means.
    "cdnow-sample/cdnow_customers_summary.csv": """
ID | summaries.customer_id customers.customer_id
frequency | attribute none
recency | attribute none
T | attribute none
""",
    "hillstrom/hillstrom.csv.gz": _all(
        "attribute none",
        "recency history_segment history mens womens zip_code newbie channel segment visit "
        "conversion spend",
    ),
    "bank-marketing/bank+marketing.zip # bank.zip/bank-full.csv": _all("attribute none", _BANK),
    "bank-marketing/bank+marketing.zip # bank-additional.zip/bank-additional/"
    "bank-additional-full.csv": _all("attribute none", _BANK),
    "r-rfm/rfm_data_orders.csv": """
customer_id | orders.customer_id customers.customer_id
order_date | orders.ordered_on
revenue | orders.amount
first_name | customers.name attribute none
last_name | customers.name attribute none
email | customers.email none
""",
    "r-rfm/rfm_data_customer.csv.gz": """
customer_id | summaries.customer_id customers.customer_id
revenue | summaries.monetary
most_recent_visit | summaries.last_order_on
number_of_orders | summaries.frequency
recency_days | summaries.recency_days
first_name | customers.name none
last_name | customers.name none
email | customers.email none
""",
    "r-rfm/published_segments_case_study.csv": """
row | none
customer | summaries.customer_id
segment | attribute none
rfm_score | attribute none
orders | summaries.frequency
recency_days | summaries.recency_days
total_spend | summaries.monetary
""",
    "superstore/Sample - Superstore.xls # Orders": """
Row ID | none
Order ID | order_lines.order_id
Order Date | order_lines.ordered_on
Ship Date | none
Ship Mode | none
Customer ID | order_lines.customer_id customers.customer_id
Customer Name | customers.name
Segment | attribute
Country | attribute none
City | none
State | none
Postal Code | none
Region | none
Product ID | none
Category | order_lines.product_line
Sub-Category | none
Product Name | order_lines.product
Sales | order_lines.amount
Quantity | order_lines.quantity
Discount | none
Profit | order_lines.margin
""",
    "superstore/Sample - Superstore.xls # Returns": _all("none", "Returned,Order ID", ","),
    "superstore/Sample - Superstore.xls # People": _all("none", "Person,Region", ","),
    "superstore/sample-orders.csv": """
order_date | orders.ordered_on
order_id | orders.order_id
customer | orders.customer_id
grand_total | orders.amount
""",
    "superstore/rfm-table.csv": """
customer | summaries.customer_id
frequency | summaries.frequency
recency | summaries.recency_days
monetary_value | summaries.monetary
R_Quartile | attribute none
F_Quartile | attribute none
M_Quartile | attribute none
RFMClass | attribute none
""",
    "100knocks-ja/customer.csv": """
customer_id | customers.customer_id
customer_name | customers.name
gender_cd | attribute none
gender | attribute
birth_day | attribute
age | attribute
postal_cd | attribute none
address | customers.address
application_store_cd | attribute none
application_date | customers.first_contact_on
status_cd | attribute none
""",
    "100knocks-ja/product.csv": _all(
        "none",
        "product_cd category_major_cd category_medium_cd category_small_cd unit_price unit_cost",
    ),
    "100knocks-ja/category.csv": _all(
        "none",
        "category_major_cd category_major_name category_medium_cd category_medium_name "
        "category_small_cd category_small_name",
    ),
    "100knocks-ja/store.csv": _all(
        "none",
        "store_cd store_name prefecture_cd prefecture address address_kana tel_no longitude "
        "latitude floor_area",
    ),
    "gakushu-ja/売上データ.xlsx": """
取引ID | orders.order_id
取引日時 | orders.ordered_on
売上 | orders.amount
顧客番号 | orders.customer_id customers.customer_id
顧客登録日時 | customers.first_contact_on
性別 | attribute
年齢 | attribute
誕生日 | attribute
都道府県 | attribute
""",
    "gakushu-ja/課金データ.xlsx": """
日付 | orders.ordered_on
ユーザーid | orders.customer_id customers.customer_id
アクセス端末 | attribute none
課金額 | orders.amount
性別 | attribute
年齢 | attribute
""",
    "gakushu-ja/顧客データ.xlsx": """
顧客ID | summaries.customer_id
購買頻度 | summaries.frequency
購買金額 | summaries.monetary
最終来店日からの経過日数 | summaries.recency_days
""",
    "mail-order-ja/顧客.csv": "顧客番号 | customers.customer_id\n郵便番号 | attribute none"
    + _MAIL_ORDER_PERSON,
    "mail-order-ja/受注old.csv": "顧客番号 | order_lines.customer_id customers.customer_id\n"
    "郵便番号 | none" + _MAIL_ORDER_LINE,
    "mail-order-ja/受注new.csv": "顧客番号 | order_lines.customer_id customers.customer_id\n"
    "郵便番号 | none" + _MAIL_ORDER_LINE,
    "mail-order-ja/cyusyutu.csv": "顧客番号 | order_lines.customer_id customers.customer_id\n"
    "郵便番号_x | attribute none\n郵便番号_y | none" + _MAIL_ORDER_PERSON + _MAIL_ORDER_LINE,
    "encodings-ja/sales.csv": _SALES_BY_SHOP + "カテゴリ | order_lines.product_line none",
    "encodings-ja/sales.xlsx # 売上データ": _SALES_BY_SHOP
    + "カテゴリ | order_lines.product_line none",
    "encodings-ja/sales.xlsx # 店舗マスタ": _all("none", "店舗 地域 開店年"),
    "encodings-ja/sales.xlsx # 月次報告": _all("none", "月 売上合計"),
    "encodings-ja/stores.csv": _all("none", "店舗 地域 開店年 区分"),
    "encodings-ja/targets.csv": _all("none", "店舗 四半期 目標"),
    "encodings-ja/t_short.csv": "店舗 | none\n売上 | orders.amount none",
    **{
        f"encodings-ja/uriage_{codec}.csv": _SALES_BY_SHOP
        + "商品分類 | order_lines.product_line none\n備考 | none"
        for codec in ("cp932", "utf8", "utf8_bom", "utf16le")
    },
    "hotel-reservations/reserve.csv": """
reserve_id | orders.order_id
hotel_id | none
customer_id | orders.customer_id customers.customer_id
reserve_datetime | orders.ordered_on
checkin_date | none
checkin_time | none
checkout_date | none
people_num | none
total_price | orders.amount
""",
    "hotel-reservations/customer.csv": """
customer_id | customers.customer_id
age | attribute
sex | attribute
home_latitude | attribute none
home_longitude | attribute none
""",
    "hotel-reservations/hotel.csv": _all(
        "none",
        "hotel_id base_price big_area_name small_area_name hotel_latitude hotel_longitude "
        "is_business",
    ),
    "groceries-members/Groceries_dataset.csv": """
Member_number | order_lines.customer_id usage.customer_id
Date | order_lines.ordered_on usage.used_on
itemDescription | order_lines.product usage.feature
""",
    "telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv": "customerID | customers.customer_id\n"
    + _all(
        "attribute none",
        "gender SeniorCitizen Partner Dependents tenure PhoneService MultipleLines InternetService "
        "OnlineSecurity OnlineBackup DeviceProtection TechSupport StreamingTV StreamingMovies "
        "Contract PaperlessBilling PaymentMethod MonthlyCharges TotalCharges Churn",
    ),
    "student-outcomes/predict+students+dropout+and+academic+success.zip # data2.csv": _all(
        "attribute none", _STUDENTS, ","
    ),
    "crm-opportunities/CRM+Sales+Opportunities.zip # sales_pipeline.csv": """
opportunity_id | deals.deal_id
sales_agent | deals.owner
product | none
account | deals.customer_id
deal_stage | deals.won
engage_date | deals.opened_on
close_date | deals.decided_on
close_value | deals.amount
""",
    "crm-opportunities/CRM+Sales+Opportunities.zip # accounts.csv": """
account | customers.customer_id customers.name
sector | attribute
year_established | attribute
revenue | attribute
employees | attribute
office_location | attribute
subsidiary_of | attribute none
""",
    "crm-opportunities/CRM+Sales+Opportunities.zip # products.csv": _all(
        "none", "product series sales_price"
    ),
    "crm-opportunities/CRM+Sales+Opportunities.zip # sales_teams.csv": _all(
        "none", "sales_agent manager regional_office"
    ),
    "crm-opportunities/CRM+Sales+Opportunities.zip # data_dictionary.csv": _all(
        "none", "Table Field Description"
    ),
    "mall-customers/Mall_Customers.csv": "CustomerID | customers.customer_id\n"
    + _all("attribute", "Gender,Age,Annual Income (k$),Spending Score (1-100)", ","),
    "wholesale-customers/Wholesale customers data.csv": _all(
        "attribute none",
        "Channel Region Fresh Milk Grocery Frozen Detergents_Paper Delicassen",
    ),
    "chinook/Chinook_Sqlite.sqlite # Customer": """
CustomerId | customers.customer_id
FirstName | customers.name none
LastName | customers.name none
Company | customers.name attribute
Address | customers.address
City | attribute none
State | attribute
Country | attribute
PostalCode | attribute none
Phone | customers.telephone
Fax | attribute none
Email | customers.email
SupportRepId | customers.owner attribute
""",
    "chinook/Chinook_Sqlite.sqlite # Invoice": """
InvoiceId | orders.order_id
CustomerId | orders.customer_id customers.customer_id
InvoiceDate | orders.ordered_on
BillingAddress | customers.address attribute none
BillingCity | attribute none
BillingState | attribute none
BillingCountry | attribute none
BillingPostalCode | attribute none
Total | orders.amount
""",
    "chinook/Chinook_Sqlite.sqlite # InvoiceLine": """
InvoiceLineId | none
InvoiceId | order_lines.order_id none
TrackId | none
UnitPrice | order_lines.unit_price none
Quantity | order_lines.quantity none
""",
    "chinook/Chinook_Sqlite.sqlite # Employee": _all(
        "none",
        "EmployeeId LastName FirstName Title ReportsTo BirthDate HireDate Address City State "
        "Country PostalCode Phone Fax Email",
    ),
    "chinook/Chinook_Sqlite.sqlite # Track": _all(
        "none",
        "TrackId Name AlbumId MediaTypeId GenreId Composer Milliseconds Bytes UnitPrice",
    ),
    "chinook/Chinook_Sqlite.sqlite # Album": _all("none", "AlbumId Title ArtistId"),
    "chinook/Chinook_Sqlite.sqlite # Artist": _all("none", "ArtistId Name"),
    "chinook/Chinook_Sqlite.sqlite # Playlist": _all("none", "PlaylistId Name"),
    "northwind/northwind_create.sql.gz # Customers": """
CustomerID | customers.customer_id
CompanyName | customers.name
ContactName | customers.contact_person
ContactTitle | attribute
Address | customers.address
City | attribute none
Region | attribute
PostalCode | attribute none
Country | attribute
Phone | customers.telephone
Fax | attribute none
""",
    "northwind/northwind_create.sql.gz # Orders": _NORTHWIND_ORDER,
    "northwind/northwind_create.sql.gz # Order Details": """
OrderID | order_lines.order_id none
ProductID | none
UnitPrice | order_lines.unit_price none
Quantity | order_lines.quantity none
Discount | none
""",
    # UnitPrice is before the discount, so only the extended price is the amount.
    "northwind/northwind_create.sql.gz # Invoices": _NORTHWIND_SHIP
    + """
CustomerID | order_lines.customer_id customers.customer_id
CustomerName | customers.name
Address | customers.address none
City | attribute none
Region | attribute none
PostalCode | attribute none
Country | attribute none
Salesperson | customers.owner none
OrderID | order_lines.order_id
OrderDate | order_lines.ordered_on
RequiredDate | none
ShippedDate | none
ShipperName | none
ProductID | none
ProductName | order_lines.product
UnitPrice | order_lines.unit_price none
Quantity | order_lines.quantity
Discount | none
ExtendedPrice | order_lines.amount
Freight | none
""",
    "northwind/northwind_create.sql.gz # Employees": _all(
        "none",
        "EmployeeID LastName FirstName Title TitleOfCourtesy BirthDate HireDate Address City "
        "Region PostalCode Country HomePhone Extension Photo Notes ReportsTo PhotoPath",
    ),
    "northwind/northwind_create.sql.gz # Suppliers": _all(
        "none",
        "SupplierID CompanyName ContactName ContactTitle Address City Region PostalCode Country "
        "Phone Fax HomePage",
    ),
    "northwind/northwind_create.sql.gz # Products": _all(
        "none",
        "ProductID ProductName SupplierID CategoryID QuantityPerUnit UnitPrice UnitsInStock "
        "UnitsOnOrder ReorderLevel Discontinued",
    ),
    "northwind/northwind_create.sql.gz # Order Subtotals": _all("none", "OrderID Subtotal"),
    "northwind/northwind_create.sql.gz # Shippers": _all("none", "ShipperID CompanyName Phone"),
    "northwind/northwind_create.sql.gz # Sales Totals by Amount": """
SaleAmount | orders.amount none
OrderID | orders.order_id none
CompanyName | customers.name none
ShippedDate | none
""",
}
