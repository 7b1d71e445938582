"""Names in the form that is compared: without legal form, signs and blanks; and a looser one.

`plain_name` is the name itself. `loose_name` also folds what the same name may be written with:
old and new characters (髙 and 高), hiragana and katakana, ヴァ and バ, long vowels, small kana. Two
names that are equal only there may be one: it is a suggestion and never counts as an equal name.
"""

from __future__ import annotations

import re
import unicodedata

from segment_lib.lists.cells.values import tidy_text

_LEGAL_FORM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|相互会社|(?:特例|一般|公益)?(?:社団|財団)法人"
    r"|医療法人(?:社団|財団)?|社会福祉法人|学校法人|宗教法人|特定非営利活動法人|npo法人"
    r"|(?:国立大学|独立行政|地方独立行政|税理士|弁護士|司法書士|行政書士|社会保険労務士|監査|農事組合)法人"
    r"|\((?:[株有同資名社財医学福宗独特監代]|一社|一財|公社|公財|特非)\)|カブシキガイシャ|ユウゲンガイシャ"
    r"|^[カユド]\)|\([カユド]\)?$"  # ｶ) and (ｶ: as banks write it
)
_WESTERN_FORM = re.compile(
    r"(?:[\s,.&]+(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|llp|plc|gmbh|ag"
    r"|k\.?k|pty|pte|s\.?a|s\.?p\.?a|b\.?v|sdn|bhd)\b\.?)+$"
)
_TITLE = re.compile(r"(?:御中|様|さま|\s殿)$")
# Words by which a name is a business's, where the legal form is left out.
_BUSINESS = re.compile(
    r"会社|法人|商事|商会|商店|商工|工業|工務|工場|製作|製造|建設|産業|物産|物流|運輸|電機|電気工|設備"
    r"|不動産|住宅|事務所|病院|医院|クリニック|歯科|薬局|整骨院|美容室|サロン|食堂|レストラン|ホテル|旅館"
    r"|協会|組合|学校|学園|大学|スクール|学習塾|銀行|保険|本店|支店|営業所|ストア|マート|センター|サービス"
    r"|システム|ホールディングス|グループ|ジャパン"
    r"|\b(?:inc|corp|co|ltd|llc|gmbh|company|corporation|limited|group|holdings|store|shop)\b"
)
# Pairs of old (or second) and usual characters in names of people and places.
_OLD_AND_USUAL = (
    "髙高 﨑崎 嵜崎 碕崎 邊辺 邉辺 齋斎 齊斉 斎斉 濵浜 濱浜 澤沢 國国 廣広 嶋島 嶌島 德徳 櫻桜 "
    "龍竜 瀧滝 眞真 惠恵 壽寿 榮栄 藏蔵 萬万 與与 實実 淺浅 豐豊 圓円 學学 彌弥 晉晋 會会 鐵鉄 "
    "條条 莊荘 禮礼 靜静 將将 曾曽 冨富 峯峰 槇槙 桒桑 柗松 凜凛 敎教 淸清 增増 黑黒 橫横 渕淵 "
    "渊淵 舘館 髮髪 關関 縣県 當当 聲声 繩縄 總総 續続 臺台 舊旧 假仮 價価 兒児 劍剣 剱剣 勳勲 "
    "區区 卷巻 吳呉 堯尭 槗橋 𣘺橋 𠮷吉 穗穂 緖緒 緣縁 綠緑 瑤瑶 禰祢 藪薮 祿禄 萠萌 薰薫 藝芸 "
    "遙遥 邨村 醫医 釋釈 顯顕 驒騨 麴麹 鶯鴬 鷗鴎 亞亜 佛仏 傳伝 應応 懷懐 戶戸 拜拝 收収 敕勅 "
    "數数 晝昼 曉暁 樂楽 樓楼 檜桧 權権 歸帰 步歩 每毎 氣気 滿満 濟済 瀨瀬 燈灯 獨独 畫画 發発 "
    "盡尽 粹粋 經経 縱縦 藥薬 處処 號号 蠶蚕 衞衛 讀読 讓譲 賴頼 轉転 辨弁 辯弁 郞郎 鄕郷 銳鋭 "
    "鎭鎮 鑛鉱 靈霊 頰頬 餘余 鷄鶏 麥麦 黃黄 齡齢 龜亀 籠篭 灣湾 來来 寬寛 寳宝 寶宝 專専 尙尚 "
    "巖巌 嚴厳 廳庁 彈弾 從従 惡悪 愼慎 戀恋 拂払 擇択 攝摂 晚晩 曆暦 棧桟 樣様 歷歴 殘残 淨浄 "
    "涉渉 溪渓 滯滞 潛潜 澁渋 爐炉 狹狭 珎珍 甁瓶 硏研 礪砺 祕秘 稻稲 竝並 聰聡 萊莱 螢蛍 襃褒 "
    "豫予 遲遅 鄰隣 錄録 鍊錬 隱隠 雜雑 雙双 雞鶏 靑青 飜翻 驛駅 體体 鬪闘 鹽塩 點点 齒歯"
)
_OLD = {pair[0]: pair[1] for pair in _OLD_AND_USUAL.split()}
_VU = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴュ": "ビユ", "ヴ": "ブ"}
_SMALL_KANA = dict(zip("ァィゥェォッャュョヮヵヶ之", "アイウエオツヤユヨワカケノ", strict=True))
# 齋 is written 斎, which is written 斉: follow the pairs to their end.
_USUAL = {**{old: _OLD.get(usual, usual) for old, usual in _OLD.items()}, **_SMALL_KANA, "ー": ""}
_TO_USUAL = str.maketrans(_USUAL)
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def plain_name(name: str) -> str:
    """A company's or person's name without legal form, title, blanks and signs.

    >>> plain_name("㈱ アオバ商事"), plain_name("アオバ商事 株式会社"), plain_name("Aoba Co., Ltd.")
    ('アオバ商事', 'アオバ商事', 'aoba')
    >>> plain_name("佐倉 一花 様"), plain_name("髙﨑一花")
    ('佐倉一花', '髙﨑一花')
    """
    return _letters(_bare(name))


def loose_name(plain: str) -> str:
    """A plain name in usual characters: what two ways of writing one name have in common.

    >>> loose_name("髙﨑一花"), loose_name("コンピューターヴィレッジ"), loose_name("さくら")
    ('高崎一花', 'コンピユタビレツジ', 'サクラ')
    """
    kana = plain.translate(_HIRAGANA)
    if "ヴ" in kana:
        for old, new in _VU.items():
            kana = kana.replace(old, new)
    usual = kana.translate(_TO_USUAL)
    return (re.sub(r"(.)々", r"\1\1", usual) if "々" in usual else usual) or plain


def is_business(name: str) -> bool:
    """Whether a name is a company's: it has a legal form, or a word such as 商店 or クリニック.

    >>> is_business("㈲ミドリ"), is_business("緑川歯科"), is_business("緑川 一花")
    (True, True, False)
    """
    text = _dressed(name)
    return bool(_LEGAL_FORM.search(text) or _WESTERN_FORM.search(text) or _BUSINESS.search(text))


def name_parts(name: str) -> tuple[str, ...]:
    """The words of a name, each in its loose form: family and given name of a person.

    >>> name_parts("髙﨑　一花 様")
    ('高崎', '一花')
    """
    words = (_letters(word) for word in _bare(name).split())
    return tuple(loose_name(word) for word in words if word)


def _dressed(name: str) -> str:
    return _TITLE.sub("", tidy_text(name).casefold()).strip()


def _bare(name: str) -> str:
    return _WESTERN_FORM.sub("", _LEGAL_FORM.sub(" ", _dressed(name)).strip())


def _letters(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN")
