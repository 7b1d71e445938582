"""Names, addresses and e-mail addresses in the form that is compared."""

from __future__ import annotations

import pytest

from segment_lib.lists.cells.names import is_business, loose_name, name_parts, plain_name
from segment_lib.lists.same.compared import (
    NOWHERE,
    is_shared_box,
    loose_email,
    plain_emails,
    plain_place,
    plain_postal_code,
)


@pytest.mark.parametrize(
    "name",
    [
        "株式会社アオバ商事",
        "㈱アオバ商事",
        "（株）アオバ商事",
        "㍿アオバ商事",
        "アオバ商事 株式会社",
        "ｱｵﾊﾞ商事(株)",
        "アオバ・商事",
        "合同会社　アオバ商事",
        "(有)アオバ商事 御中",
        "一般社団法人アオバ商事",
        "カ)アオバ商事",
        "アオバ商事(カ",
    ],
)
def test_one_company_has_one_plain_name(name: str) -> None:
    assert plain_name(name) == "アオバ商事"
    assert is_business(name)


def test_western_forms_go_at_the_end_only() -> None:
    assert plain_name("Aoba Trading Co., Ltd.") == plain_name("AOBA TRADING Inc.") == "aobatrading"
    assert plain_name("Cotton Cola") == "cottoncola"
    assert plain_name("Company of Friends") == "companyoffriends"
    assert plain_name("株式会社") == plain_name("　") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙﨑太郎", "高崎太郎"),
        ("渡邊花", "渡辺花"),
        ("渡邉花", "渡辺花"),
        ("齋藤一花", "斉藤一花"),
        ("斎藤一花", "斉藤一花"),
        ("𠮷野澤", "吉野沢"),
        ("ヴィレッジ", "ビレッジ"),
        ("コンピューター", "コンピュータ"),
        ("キヤノ工房", "キャノ工房"),
        ("さくら堂", "サクラ堂"),
        ("佐々木", "佐佐木"),
        ("霞ヶ丘", "霞ケ丘"),
    ],
)
def test_other_characters_are_equal_only_in_the_loose_form(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)
    assert loose_name(plain_name(one)) == loose_name(plain_name(other))


def test_persons_have_two_names_and_no_title() -> None:
    assert plain_name("佐倉　一花 様") == plain_name("佐倉一花") == "佐倉一花"
    assert name_parts("佐倉　一花 様") == ("佐倉", "一花")
    assert not is_business("佐倉 一花")


@pytest.mark.parametrize(
    "address",
    [
        "東京都渋谷区代々木１丁目２番３号",
        "渋谷区代々木1-2-3",
        "渋谷区代々木一丁目2-3",
        "渋谷区代々木一ー二ー三",
        "〒151-0053 東京都渋谷区代々木1の2の3",
        "東京都 渋谷区 代々木 １－２－３ アオバビル5F",
        "渋谷区代々木1-2-3-501",
    ],
)
def test_one_house_has_one_form(address: str) -> None:
    assert plain_place(address).house == "渋谷区代々木1-2-3"


def test_rooms_prefectures_and_numbers_within_a_town() -> None:
    assert plain_place("渋谷区代々木1-2-3 アオバ荘 501号室").room == "501"
    assert plain_place("渋谷区代々木1-2-3-502").room == "502"
    assert plain_place("渋谷区代々木1-2-3 12階").room == ""
    assert plain_place("北海道札幌市中央区北1条西2丁目3-4") == plain_place(
        "北海道札幌市中央区北一条西二丁目３番４号"
    )
    assert plain_place("京都府京都市中京区1-2").prefecture == "京都府"
    assert plain_place("港区六本木三丁目十二番二十三号").house == "港区六本木3-12-23"
    assert plain_place("千代田区一番町5-3").house == "千代田区一番町5-3"


@pytest.mark.parametrize("address", ["", "神奈川県伊勢原市粟窪**********", "1-2-3", "Springfield"])
def test_an_address_without_town_or_number_says_nothing(address: str) -> None:
    assert plain_place(address) == NOWHERE


def test_western_addresses_postal_codes_and_mail() -> None:
    assert plain_place("12 Main St., Springfield") == plain_place("12 main st Springfield")
    assert plain_postal_code("〒０１０－０００１") == plain_postal_code("100001") == "0100001"
    assert plain_postal_code("000-0000") == plain_postal_code("") == ""
    assert plain_emails("I.Chika@Aoba.example / info@aoba.example, none") == (
        "i.chika@aoba.example",
        "info@aoba.example",
    )
    assert loose_email("i.chika+dm@gmail.com") == loose_email("ichika@gmail.com")
    assert loose_email("i.chika@aoba.example") != loose_email("ichika@aoba.example")
    assert is_shared_box("info@aoba.example")
    assert not is_shared_box("ichika@aoba.example")
