"""Headers about a customer: who it is, how to reach them, and what kind of facts the rest are."""

from __future__ import annotations

PEOPLE_ALIASES: dict[str, tuple[str, ...]] = {
    "name": (
        "customer name", "client name", "account name", "member name", "full name", "company",
        "company name", "organization", "organization name", "organisation", "business name",
        "buyer name", "billing name", "bill-to name", "billing company", "顧客名", "顧客名称",
        "顧客氏名", "お客様名", "お客様氏名", "会員名", "会員氏名", "氏名", "氏名漢字", "お名前",
        "お名前漢字", "会社名", "会社名称", "企業名", "企業名称", "法人名", "貴社名", "御社名",
        "取引先名", "取引先名称", "得意先名", "得意先名称", "契約者名", "契約者氏名", "購入者名",
        "購入者氏名", "注文者氏名", "申込者氏名", "利用者名", "利用者氏名", "患者氏名", "患者名",
        "生徒氏名", "受講者氏名", "施主名",
    ),
    "contact_person": (
        "contact name", "contact person", "primary contact", "primary contact name", "ご担当者",
        "ご担当者名", "ご担当者様", "ご担当者氏名", "先方担当者", "先方担当者名", "先方担当",
        "取引先担当者", "取引先担当者名", "得意先担当者", "得意先担当者名", "窓口担当者",
        "お客様担当者", "顧客担当者", "客先担当者",
    ),
    "sort": ("sort", "eu・パートナー", "エンドユーザー・パートナー", "顧客区分", "取引区分種別"),
    "attitude": ("attitude", "態度", "態度区分", "顧客態度"),
    "attitude_on": ("attitude on", "態度の記録日", "態度記録日"),
    "needs": ("needs", "ニーズ", "ご要望", "要望", "課題", "お困りごと"),
    "potential_amount": (
        "potential amount", "potential", "annual potential", "ポテンシャル", "ポテンシャル金額",
        "見込金額", "年間見込額", "年間見込金額", "購買余力",
    ),
    "key_account": (
        "key account", "維持顧客", "大口", "重点顧客", "維持顧客・大口", "大口顧客", "重要顧客",
    ),
    "under_contract": (
        "under contract", "contract active", "ご契約中", "契約中", "契約有無", "契約状況",
        "契約の有無", "契約中フラグ",
    ),
    "contract_on": (
        "contract on", "contract date", "contract start", "contract start date", "契約日",
        "契約開始日", "ご契約日", "ご契約開始日", "契約締結日", "初回契約日",
    ),
    "referred_by": (
        "referred by", "referrer", "referrer id", "referring customer id", "紹介元", "ご紹介元",
        "紹介元番号", "紹介元コード", "紹介者番号", "紹介者id", "紹介者コード", "紹介者会員no",
        "紹介者会員番号", "紹介者会員id",
    ),
    "owner": (
        "owner", "sales rep", "sales agent", "salesperson", "sales person", "sales owner",
        "account owner", "account manager", "contact owner", "company owner", "deal owner",
        "opportunity owner", "sales representative", "support rep", "support rep id", "営業担当",
        "営業担当者", "営業担当者名", "社内担当", "社内担当者", "弊社担当", "弊社担当者",
        "当社担当", "当社担当者", "自社担当", "自社担当者", "自社担当者名", "担当営業",
        "担当営業名", "取引先所有者", "取引先責任者所有者", "商談所有者", "所有者", "案件担当者",
        "主担当",
    ),
    "first_contact_on": (
        "first contact on", "first contact", "first contact date", "signup date", "sign up date",
        "signed up on", "registered on", "registration date", "registered at", "member since",
        "customer since", "join date", "joined on", "date joined", "enrollment date",
        "application date", "subscribed on", "初回接触日", "初回連絡日", "初回問合せ日",
        "初回問い合わせ日", "登録日", "登録日時", "登録年月日", "会員登録日", "会員登録日時",
        "顧客登録日", "顧客登録日時", "お客様登録日", "ユーザー登録日", "新規登録日", "入会日",
        "入会日時", "入会年月日", "加入日", "取引開始日", "名刺交換日", "リード獲得日",
    ),
    "telephone": (
        "telephone", "telephone number", "phone", "phone number", "phone no", "tel", "tel no",
        "contact phone", "buyer phone number", "billing phone", "mobile", "mobile phone",
        "mobile number", "home phone", "default address phone", "電話番号", "電話", "電話番号1",
        "お電話番号", "電話番号メイン", "ご連絡先電話番号", "連絡先電話番号", "連絡先", "代表電話",
        "代表電話番号", "自宅電話番号", "注文者電話番号", "購入者電話番号", "tel1", "携帯電話番号",
        "携帯番号", "携帯電話",
    ),
    "email": (
        "email", "e-mail", "mail", "mail address", "email address", "e-mail address",
        "customer email", "contact email", "buyer email", "billing email", "user email", "メール",
        "メールアドレス", "mailアドレス", "eメール", "eメールアドレス", "e-mailアドレス",
        "電子メール", "メルアド", "pcメール", "pcメールアドレス", "メールアドレス1",
        "メールアドレスpc", "メールアドレスメイン", "注文者メールアドレス", "購入者メールアドレス",
        "会員メールアドレス",
    ),
    "address": (
        "address", "address 1", "address1", "address line 1", "street", "street address",
        "billing street", "billing address", "billing address1", "mailing address",
        "postal address", "mailing street", "home address", "住所", "住所1", "ご住所", "ご住所1",
        "所在地", "現住所", "住所市区町村", "注文者住所", "購入者住所", "会社住所", "自宅住所",
        "請求先住所", "本社所在地",
    ),
}  # fmt: skip

# In a list of customers these mean one thing; elsewhere they are our own people, or an article.
PEOPLE_TABLE_ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "customers": {
        "name": ("name", "名称", "名前", "billing company name", "default address company"),
        "contact_person": ("担当者名", "担当者氏名"),
        "sort": ("区分",),
        "owner": ("担当", "担当者", "所有者名", "assigned to"),
        "needs": ("pain points",),
    },
}

# What a list says about itself or in free words: no fact about the customer to sort people by.
NO_FACTS = (
    "updated at", "updated on", "update date", "updated date", "last updated", "last update",
    "last updated date", "last modified", "last modified date", "modified at", "modified date",
    "modified by", "updated by", "created by", "created at", "created on", "create date",
    "created date", "deleted at", "password", "accepts sms marketing", "notes", "note", "comment",
    "comments", "remarks", "memo", "url", "website", "photo", "picture", "image", "row id", "row",
    "index", "unnamed 0", "first name", "last name", "firstname", "lastname", "given name",
    "family name", "surname", "middle name", "kana", "name kana", "fax", "fax number", "address 2",
    "address2", "address kana", "billing zip", "zip", "zip code", "zipcode", "postal code",
    "postcode", "更新日", "更新日時", "更新者", "最終更新日", "最終更新日時", "最終更新者",
    "データ更新日", "作成日", "作成日時", "作成者", "レコード番号", "レコードid", "行番号", "連番",
    "no", "備考", "備考欄", "メモ", "メモ欄", "ショップ用メモ欄", "コメント", "特記事項",
    "パスワード", "写真", "画像", "姓", "名", "苗字", "氏", "カナ姓", "カナ名", "姓カナ", "名カナ",
    "セイ", "メイ", "フリガナ", "ふりがな", "カナ", "氏名カナ", "カナ氏名", "会社名カナ",
    "氏名フリガナ", "お名前姓", "お名前名", "お名前セイ", "お名前メイ", "氏名姓", "氏名名",
    "fax番号", "住所2", "住所3", "郵便番号", "建物名", "番地",
)  # fmt: skip

# Families of attributes by their headers; what is not here is "other" until a person decides.
FAMILIES: dict[str, tuple[str, ...]] = {
    "geographic": (
        "country", "state", "region", "city", "prefecture", "province", "county", "area",
        "location", "office location", "customer city", "customer state", "billing country",
        "billing state", "billing city", "default address city", "country code",
        "default address country code", "国", "国名", "地域", "都道府県", "都道府県名",
        "都道府県名称", "市区町村", "エリア", "地区", "支社", "居住地",
    ),
    "demographic": (
        "age", "gender", "gender cd", "sex", "birthday", "birth day", "birth date", "birthdate",
        "date of birth", "marital", "marital status", "education", "job", "occupation", "income",
        "annual income", "annual income k$", "dependents", "senior citizen", "age group", "性別",
        "性別名称", "年齢", "年代", "生年月日", "誕生日", "職業", "職業名称", "家族構成",
        "世帯構成", "婚姻", "所得", "年収", "学歴",
    ),
    "psychographic": ("interests", "hobby", "hobbies", "趣味", "興味", "関心", "動機", "価値観"),
    "behavioural": (
        "last activity date", "newsletter", "lifecycle stage", "lead status", "会員ステータス",
        "会員ランク", "ランク", "退会日", "購入回数", "累計購入金額", "保有ポイント",
    ),
    "company": (
        "industry", "sector", "employees", "number of employees", "staff", "revenue",
        "annual revenue", "year established", "contact title", "job title", "role", "segment",
        "業種", "業界", "従業員数", "社員数", "資本金", "年商", "設立年", "役職", "部署", "規模",
        "企業規模", "上場区分",
    ),
}  # fmt: skip
