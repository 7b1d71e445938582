"""Headers of lists in which something happens: deals, touches, use, results, incidents, consent."""

from __future__ import annotations

EVENT_ALIASES: dict[str, tuple[str, ...]] = {
    "deal_id": (
        "deal id", "deal no", "deal number", "opportunity id", "opportunity no",
        "opportunity number", "quote id", "quote number", "案件番号", "案件id", "案件コード",
        "案件no", "案件cd", "案件管理番号", "商談id", "商談番号", "商談コード", "商談no",
        "引合番号", "見積番号", "見積no",
    ),
    "opened_on": (
        "opened on", "engage date", "deal created", "opportunity created date", "案件開始日",
        "案件発生日", "案件登録日", "案件作成日", "案件化日", "商談開始日", "商談発生日",
        "商談登録日", "商談作成日", "引合日",
    ),
    "proposed_on": (
        "proposed on", "proposal date", "proposal sent", "quote date", "quoted on", "見積提出日",
        "見積日", "見積送付日", "見積提示日", "お見積日", "提案日", "提案書提出日",
    ),
    "decided_on": (
        "decided on", "close date", "closed date", "closed on", "decision date", "won date",
        "決定日", "受注決定日", "成約日", "受注確定日", "失注日", "クローズ日", "決着日", "判定日",
        "結果確定日",
    ),
    "won": (
        "won", "is won", "deal stage", "opportunity stage", "受注可否", "受失注", "受注失注",
        "受注・失注", "商談結果", "案件結果", "商談フェーズ", "案件フェーズ", "商談ステータス",
        "案件ステータス", "案件状況",
    ),
    "ended_on": (
        "ended on", "contract end", "contract end date", "contract ended on",
        "契約終了日", "契約満了日", "解約日", "契約解約日",
    ),
    "contacted_on": (
        "contacted on", "contact date", "contacted at", "activity date", "activity datetime",
        "call date", "meeting date", "visit date", "visited on", "interaction date", "touch date",
        "接触日", "接触日時", "対応日", "対応日時", "対応年月日", "活動日", "活動日時", "訪問日",
        "訪問日時", "面談日", "面談日時", "商談日", "商談日時", "応対日", "応対日時", "連絡日",
        "連絡日時", "架電日", "架電日時", "コンタクト日",
    ),
    "kind": (
        "kind", "activity type", "contact type", "interaction type", "touch type", "活動種別",
        "活動区分", "活動種類", "活動内容区分", "接触種別", "接触区分", "対応種別", "対応区分",
        "応対区分", "訪問区分", "コンタクト種別",
    ),
    "channel": (
        "channel", "contact channel", "contact method", "medium", "手段", "連絡手段", "連絡方法",
        "接触手段", "対応手段", "チャネル", "チャンネル", "媒体",
    ),
    "direction": ("direction", "方向", "発信区分", "発着信", "受発信", "受発信区分"),
    "intent": ("intent", "目的区分", "与える求める"),
    "step": ("step", "request", "request name", "ステップ", "依頼", "依頼内容", "依頼項目"),
    "asked_on": ("asked on", "request date", "requested on", "依頼日", "依頼日時", "お願い日",
                 "依頼送信日"),
    "answered_on": ("answered on", "reply date", "replied on", "response date", "回答日",
                    "回答日時", "返信日", "返信日時", "返答日", "ご回答日"),
    "done_well": ("done well", "適切に対応", "対応完了", "適切", "適切対応"),
    "effort_hours": ("effort hours", "hours", "hours spent", "time spent", "作業時間", "対応時間",
                     "工数", "所要時間", "活動時間", "面談時間"),
    "used_on": (
        "used on", "usage date", "login date", "login at", "logged in at", "last login at",
        "access date", "利用日", "利用日時", "ご利用日", "使用日", "使用日時", "ログイン日",
        "ログイン日時", "アクセス日", "アクセス日時", "受講日", "来館日", "入館日時",
    ),
    "feature": ("feature", "feature name", "function", "event name", "機能", "機能名", "利用機能",
                "利用サービス", "操作", "イベント名"),
    "got_results": ("got results", "results achieved", "outcome", "成果", "成果有無", "成果の有無",
                    "目的達成", "目標達成", "達成", "達成有無"),
    "measure": ("measure", "measured result", "測定値", "成果指標", "実績値", "成果値"),
    "occurred_on": ("occurred on", "incident date", "complaint date", "クレーム発生日",
                    "クレーム日", "苦情発生日", "障害発生日", "トラブル発生日"),
    "responded_on": ("responded on", "first response date", "first responded at", "初動日",
                     "一次対応日", "初回対応日", "一次回答日", "初期対応日"),
    "recovered_on": ("recovered on", "resolved date", "resolved on", "resolved at", "リカバリ日",
                     "解決日", "解決日時"),
    "next_delivery_on": ("next delivery on", "next delivery date", "次回納品日", "次回納品"),
    "exceeded": ("exceeded", "exceeded expectation", "期待以上", "期待超え"),
    "severity": ("severity", "重大さ", "重要度", "深刻度", "重大度", "緊急度"),
    "justified": ("justified", "正当な申し出", "正当"),
    "allowed": ("allowed", "opt in", "opted in", "許可", "送信可否", "配信可否", "連絡可否", "可否",
                "同意", "同意有無"),
    "since": ("since", "同意日", "許可日", "拒否日", "オプトアウト日"),
}  # fmt: skip

EVENT_TABLE_ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "deals": {
        "opened_on": ("created date", "create date", "作成日", "登録日"),
        "won": ("stage", "result", "結果", "フェーズ", "ステージ"),
        "amount": (
            "見積金額", "案件金額", "商談金額", "想定金額", "提案金額", "予定金額", "受注予定金額",
            "close value", "deal value", "deal amount", "opportunity amount",
        ),
        "owner": ("担当", "担当者", "担当者名"),
    },
    "contacts": {
        "contacted_on": ("日付", "date", "日時", "年月日"),
        "kind": ("種別", "区分", "type"),
        "intent": ("目的",),
        "owner": ("担当", "担当者", "担当者名", "対応者", "訪問者"),
    },
    "usage": {"used_on": ("日付", "date", "日時", "timestamp")},
    "outcomes": {"decided_on": ("日付", "date")},
    "incidents": {
        "occurred_on": ("日付", "date", "発生日", "発生日時", "受付日"),
        "recovered_on": ("完了日", "対応完了日"),
    },
    "permissions": {"since": ("日付", "date", "受付日")},
}  # fmt: skip
