"""The title of every chart: the question it answers, in both languages."""

from __future__ import annotations

from segment_lib.columns import Language

QUESTIONS: dict[str, tuple[str, str]] = {
    "ledger": ("What became of every row of the lists?", "リストの各行はどうなったか？"),
    "attributes": (
        "Who are the customers, and what do we not know?",
        "どんなお客様か、何がまだ分からないか？",
    ),
    "deciles_of_spend": ("Who brings the money?", "売上を支えるのは誰か？"),
    "deciles": (
        "Who brings the money, and do they get results?",
        "売上を支えるのは誰か、成果は出ているか？",
    ),
    "rfm_grid": (
        "How recently and how often do they buy?",
        "いつ、どれくらいの頻度で購入されているか？",
    ),
    "rfm_segments": (
        "Which RFM segments hold the people, which the money?",
        "人はどのRFMセグメントに、売上はどこにあるか？",
    ),
    "five_types": (
        "Which types of customers are there, and what does each call for?",
        "5タイプの人数・粗利は？ それぞれに何をするか？",
    ),
    "next_order": (
        "Whose next order is due, and whose is overdue?",
        "次のご注文はいつ頃か、遅れているのはどなたか？",
    ),
    "waiting_curve": (
        "How long do customers wait before they order again?",
        "次のご注文までどれくらい間があくか？",
    ),
    "pyramid": ("Does the pyramid keep its shape?", "顧客ピラミッドの形は保たれているか？"),
    "deal_against_status": (
        "Of the quotes still open, how many are being decided now?",
        "「見積提出のまま」の案件のうち、「今検討中」は何件か？",
    ),
    "steps_funnel": (
        "Which requests are answered, and where do customers stop?",
        "どの依頼にお答えいただき、どこで止まっているか？",
    ),
    "moved": ("Who moved, and where to?", "誰がどこへ動いたか？"),
    "movement": ("Who moved, and is it more than chance?", "誰が動いたか、偶然を超えているか？"),
    "cluster_profile": ("What do the behaviour clusters look like?", "行動クラスタの特徴は？"),
    "cluster_choice": ("How many clusters are stable?", "安定したクラスタはいくつか？"),
    "fields": ("Who pays, and who gets results?", "売上 × 成果：どなたがどこにいるか？"),
    "result_rates": (
        "What tells more about results: what customers do, or who they are?",
        "成果を見分けるのは行動か、業種・役職などの属性か？",
    ),
    "rules": ("What do customers who get results share?", "成果を出しているお客様の共通点は？"),
    "guesses": ("Do the stated guesses hold?", "事前に書いた仮説は当たっていたか？"),
    "worth_bands": (
        "Where is an approach likely to pay?",
        "どこなら働きかけが実を結ぶ見込みがあるか？",
    ),
    "decisions": ("What is decided for whom, and why?", "誰に何を判断したか、その理由は？"),
    "hours": ("Which hours become free, and where do they go?", "どの時間が空き、どこへ使うか？"),
    "owner_load": (
        "Does the work fit into each owner's hours?",
        "担当ごとの時間に収まっているか？",
    ),
    "monday": ("Whom does this owner call on Monday?", "月曜の朝、誰に何をするか？"),
}


def ask(name: str, language: Language) -> str:
    """The question of one chart."""
    return QUESTIONS[name][language == "ja"]
