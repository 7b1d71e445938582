"""Invented words for the samples: names of firms and people, places, trades, and how often each.

Nothing here is taken from a register of firms; a likeness to a real one is chance. Telephone
numbers begin with 050-0, which is assigned to nobody; mail addresses end in `.example`.
"""

from __future__ import annotations

import numpy as np


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Two trades whose firms buy through a middleman or by yearly budget: the planted hard ones.
HARD_INDUSTRIES = {"卸売": 0.6, "団体・組合": 0.4}
INDUSTRIES = {
    "飲食": 0.17,
    "美容": 0.14,
    "小売": 0.14,
    "製造": 0.12,
    "建設": 0.11,
    "医療・クリニック": 0.11,
    "士業": 0.08,
    "不動産": 0.07,
    "教育": 0.06,
}
RIVAL_INDUSTRY = "同業他社"
TRADE_NAMES = {
    "卸売": ("商事", "卸センター", "物産"),
    "団体・組合": ("協同組合", "振興会", "事業団"),
    "飲食": ("食堂", "キッチン", "フーズ"),
    "美容": ("美容室", "サロン", "ビューティー"),
    "小売": ("商店", "ストア", "本舗"),
    "製造": ("製作所", "精機", "化成"),
    "建設": ("建設", "工務店", "設備"),
    "医療・クリニック": ("クリニック", "歯科", "整骨院"),
    "士業": ("会計事務所", "法務事務所", "労務事務所"),
    "不動産": ("不動産", "住宅", "エステート"),
    "教育": ("学習塾", "スクール", "アカデミー"),
    RIVAL_INDUSTRY: ("デジタル", "ウェブ", "アド"),
}
FIRST_HALF = _list(
    "蒼葉 燈里 凪瀬 結城野 朝霧 雪ノ瀬 花房 星見台 風早 水面 月影 陽向 彩芽 木洩 千歳原 遠州屋 "
    "サンプル 霞野 鈴代 若苗 白樺坂 紅緒 緑川辺 金糸雀 銀杏 瑠璃 琥珀 珊瑚 真珠浜 翡翠"
)
SECOND_HALF = _list(
    "みどり こだま ひなた つばめ さくら かもめ いぶき しずく あかり ほたる すずめ たんぽぽ "
    "なぎさ はるか みのり わかば つむぎ かえで うさぎ まつり"
)
SURNAMES = _list(
    "佐倉 三枝 古賀野 立花 榊原 桐生 羽鳥 宮園 小野寺 竹之内 水無瀬 東雲 早乙女 神楽 如月 "
    "六花 綾瀬 天野川 久遠 高遠 深山 若月 白石沢 青柳 石動 浅葱 藤代 樋口原 夏目坂 冬木"
)
GIVEN_NAMES = _list(
    "一花 二葉 三太 四郎 五月 六実 七海 八重 九郎 千景 真央 悠斗 結衣 陽菜 蒼太 大和 "
    "凛 楓 航 誠 直樹 裕子 恵 健 茜 光 翼 葵 渚 薫"
)
PREFECTURES = {
    "東京都": 0.2, "大阪府": 0.13, "愛知県": 0.1, "神奈川県": 0.1, "福岡県": 0.08,
    "埼玉県": 0.08, "兵庫県": 0.07, "北海道": 0.06, "千葉県": 0.06, "広島県": 0.05,
    "京都府": 0.04, "宮城県": 0.03,
}  # fmt: skip
ROLES = {"代表": 0.42, "部長": 0.2, "課長": 0.16, "担当": 0.22}
ROUTES = {"検索": 0.36, "紹介": 0.2, "セミナー": 0.16, "展示会": 0.12, "一括見積サイト": 0.16}
MOTIVES = {"新規集客": 0.45, "採用": 0.2, "リピート強化": 0.2, "後継ぎの一新": 0.15}
# Heaps at round numbers, as people estimate; 20 stands in the middle.
STAFF = {
    1: 0.04, 2: 0.05, 3: 0.05, 4: 0.03, 5: 0.06, 6: 0.03, 8: 0.04, 10: 0.08, 12: 0.02, 15: 0.05,
    18: 0.02, 20: 0.11, 25: 0.07, 30: 0.1, 35: 0.03, 40: 0.06, 50: 0.06, 60: 0.03, 80: 0.03,
    100: 0.02, 150: 0.01, 250: 0.01,
}  # fmt: skip
ATTITUDES = ("熱狂的", "肯定的", "無関心", "否定的", "敵対的")
NEEDS = ("問合せを増やしたい", "予約を埋めたい", "求人に困っている", "客単価を上げたい", "相談", "")


def draw(rng: np.random.Generator, shares: dict, size: int) -> np.ndarray:
    """Draw `size` of the keys of `shares` with the shares they have."""
    weights = np.array(list(shares.values()), dtype=float)
    chosen = rng.choice(len(shares), size=size, p=weights / weights.sum())
    return np.array(list(shares), dtype=object)[chosen]


def firm_names(rng: np.random.Generator, industries: np.ndarray) -> list[str]:
    """One invented name per firm, no two alike, with the trade's word and the legal form."""
    cores = [a + b for a in FIRST_HALF for b in SECOND_HALF]
    taken: set[str] = set()
    names = []
    for industry in industries:
        core = _free_core(rng, cores, TRADE_NAMES[industry], taken)
        names.append(_with_legal_form(core, industry, rng.random()))
    return names


def _free_core(
    rng: np.random.Generator, cores: list[str], words: tuple[str, ...], taken: set[str]
) -> str:
    while True:
        core = cores[rng.integers(len(cores))] + words[rng.integers(len(words))]
        if core not in taken:
            taken.add(core)
            return core


def _with_legal_form(core: str, industry: str, chance: float) -> str:
    if industry in ("団体・組合", "士業", "医療・クリニック"):
        return core
    if chance < 0.55:
        return f"株式会社{core}"
    return f"{core}株式会社" if chance < 0.8 else f"有限会社{core}"


def short_form(name: str) -> str:
    """The same firm as somebody else typed it: ㈱ and ㈲ for the legal form, or a blank put in."""
    if "株式会社" in name:
        return name.replace("株式会社", "㈱")
    return name.replace("有限会社", "㈲") if "有限会社" in name else f"{name[:2]} {name[2:]}"
