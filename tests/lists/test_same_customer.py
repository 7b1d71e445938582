"""名寄せ: who may be the same customer, by what, how sure; measured on planted pairs."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from make.words import GIVEN_NAMES, SURNAMES
from segment_lib.checks import KitError
from segment_lib.lists.same.compared import compared_forms
from segment_lib.lists.same.same_customer import (
    LISTED,
    candidate_pairs,
    find_same_customers,
    same_customers_summary,
)
from segment_lib.voice import language


def pairs_of(rows: dict[str, list[str]], at_least: float = 0.0) -> pd.DataFrame:
    count = len(next(iter(rows.values())))
    return find_same_customers(
        pd.DataFrame(rows, index=pd.Index([f"{n:03d}" for n in range(count)], name="customer_id")),
        at_least,
    )


def only(rows: dict[str, list[str]]) -> pd.Series:
    pairs = pairs_of(rows)
    assert len(pairs) == 1
    return pairs.iloc[0]


def test_name_and_telephone_are_nearly_a_proof() -> None:
    twice = {
        "name": ["㈱アオバ", "アオバ株式会社"],
        "telephone": ["03-1234-5678", "０３(１２３４)５６７８"],
        "email": ["A@x.example", "a@X.example"],
    }
    pair = only(twice)
    assert pair.to_list()[:3] == ["000", "001", "name, telephone, email"]
    with language("ja"):
        assert only(twice)["keys"] == "お名前、電話番号、メール"
    assert pair["score"] > 0.99


def test_tom_and_tom_a_may_be_tom_ashdown() -> None:
    """A diary kept by hand: whoever is known well stands under a given name."""
    three = {"name": ["Tom", "Tom A", "Tom Ashdown"], "telephone": ["07521 710122"] * 3}
    pairs = pairs_of(three)
    assert (len(pairs), set(pairs["keys"])) == (3, {"similar name, telephone"})
    assert (pairs["score"] > 0.9).all()
    alone = pairs_of({"name": ["Tom", "Tom Ashdown", "Sophie Ward", "Sophie Wright"]}, 0.05)
    assert alone["keys"].to_list() == ["similar name"]
    families = ["Ash", "Berg", "Dal", "Eng", "Fox", "Gee", "Hay"]
    many = {"name": ["Tom", *(f"Tom {family}" for family in families)]}
    assert pairs_of(many, 0.05).empty  # which of them?
    siblings = {"name": ["Li Wei", "Li Weiming"], "address": ["1 Elm Road", "1 Elm Road"]}
    assert (pairs_of(siblings)["score"] < LISTED).all()


def test_a_person_s_name_alone_is_a_hint_a_company_s_is_worth_reading() -> None:
    assert only({"name": ["佐倉 一花", "佐倉一花"]})["score"] < 0.2
    assert only({"name": ["㈱アオバ商事", "アオバ商事(株)"]})["score"] >= LISTED
    branch = only(
        {"name": ["㈱アオバ商事", "アオバ商事(株)"], "telephone": ["03-1234-5678", "06-1234-5678"]}
    )
    assert branch["score"] < LISTED
    assert branch["differ"] == "telephone"


def test_old_characters_are_a_key_of_their_own_and_weigh_less() -> None:
    telephone = ["090-1234-5678"] * 2
    usual = only({"name": ["高沢 一花", "高沢一花"], "telephone": telephone})
    old = only({"name": ["髙澤 一花", "高沢一花"], "telephone": telephone})
    assert usual["keys"] == "name, telephone"
    assert old["keys"] == "name in other characters, telephone"
    assert LISTED < old["score"] < usual["score"]
    alone = only({"name": ["髙澤 一花", "高沢一花"]})
    assert alone["keys"] == "name in other characters"
    assert alone["score"] < only({"name": ["高沢 一花", "高沢一花"]})["score"]


def test_a_slip_is_strong_with_a_telephone_and_nothing_alone() -> None:
    slip = ["佐倉 一花", "佐蔵 一花"]
    pair = only({"name": slip, "telephone": ["090-1234-5678"] * 2})
    assert pair["keys"] == "similar name, telephone"
    assert pair["score"] > LISTED
    assert pairs_of({"name": slip}).empty


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一花 佐倉", "佐倉 一花"),
        ("㈱アオバ商事", "アオバ商事㈱ 大阪支店"),
        ("アオバフーズ", "アオバフース"),
    ],
)
def test_similar_names(one: str, other: str) -> None:
    assert only({"name": [one, other], "email": ["u@x.example"] * 2})["keys"] == (
        "similar name, email"
    )


@pytest.mark.parametrize(
    ("one", "other"), [("佐倉 一郎", "佐倉 二郎"), ("アオバ1号店", "アオバ2号店"), ("三枝", "古賀")]
)
def test_names_that_are_not_similar(one: str, other: str) -> None:
    pair = only({"name": [one, other], "telephone": ["090-1234-5678"] * 2})
    assert pair["keys"] == "telephone"
    assert pair["score"] < LISTED


def test_a_household_shares_all_but_the_given_name() -> None:
    same = {
        "telephone": ["03-1234-5678"] * 2,
        "address": ["青葉市本町1-2-3"] * 2,
        "郵便番号": ["123-4567"] * 2,
        "email": ["home@x.example"] * 2,
    }
    assert only({"name": ["佐倉 一花", "佐倉 三太"], **same})["score"] < LISTED
    # one sign apart, and other birthdays: sisters, not a slip of the hand
    sisters = {"name": ["佐倉 陽菜", "佐倉 陽葵"], "birthday": ["1990-01-01", "1993-05-05"]}
    assert only(sisters | same)["score"] < LISTED


def test_who_married_is_worth_reading_by_their_own_e_mail() -> None:
    mail = {"email": ["ichika@x.example"] * 2}
    assert only({"name": ["佐倉 一花", "古賀野 一花"], **mail})["score"] >= LISTED
    assert only({"name": ["佐倉 一花", "古賀野 三太"], **mail})["score"] < LISTED
    # kana and kanji cannot be compared, so they do not speak against each other
    kana = only({"name": ["佐倉 一花", "サクラ イチカ"], **mail})
    assert (kana["keys"], kana["differ"]) == ("email", "")
    assert kana["score"] >= LISTED


def test_gmail_dots_and_plus_are_a_weaker_key() -> None:
    names = ["佐倉 一花", "佐倉一花"]
    pair = only({"name": names, "email": ["i.chika+dm@gmail.com", "ichika@gmail.com"]})
    exact = only({"name": names, "email": ["ichika@gmail.com"] * 2})
    assert pair["keys"] == "name, similar email"
    assert LISTED < pair["score"] < exact["score"]


def test_addresses_rooms_and_prefectures() -> None:
    names = ["佐倉 一花", "佐倉一花"]
    one = "東京都渋谷区代々木一丁目2番3号"
    assert only({"name": names, "address": [one, "渋谷区代々木1-2-3"]})["keys"] == "name, address"
    for other in ("大阪府渋谷区代々木1-2-3", "神奈川県伊勢原市粟窪****"):
        assert only({"name": names, "address": [one, other]})["keys"] == "name"
    rooms = [f"{one} 501号室", f"{one} 502号室"]
    assert only({"name": names, "address": rooms})["keys"] == "name"


def test_two_contact_persons_of_one_firm_are_for_a_person_to_say() -> None:
    firm = {"name": ["㈱アオバ", "アオバ㈱"], "telephone": ["03-1234-5678"] * 2}
    alone = only(firm)
    pair = only(firm | {"contact_person": ["佐倉 一花", "三枝 光"]})
    assert LISTED <= pair["score"] < alone["score"]
    assert pair["differ"] == "contact person"


def test_name_and_birthday_are_found_under_any_usual_header() -> None:
    for header in ("birthday", "生年月日", "Birth_Day", "born_on"):
        pair = only({"name": ["佐倉 一花", "佐倉一花"], header: ["1980-04-01", "昭和55年4月1日"]})
        assert pair["keys"] == "name, birthday"
        assert pair["score"] > 0.9
    day = pd.to_datetime(["1980-04-01", "1980-04-01"])
    assert only({"name": ["佐倉 一花", "佐倉一花"], "birthday": day})["keys"] == "name, birthday"


def test_what_many_share_says_little() -> None:
    def with_others(count: int) -> float:
        others = [f"{a}{b}" for a in "甲乙丙丁戊己庚辛壬癸" for b in "子丑寅卯辰巳午未申酉戌亥"]
        names = ["佐倉 一花", "佐倉一花", *others[:count]]
        pairs = pairs_of({"name": names, "telephone": ["03-1234-5678"] * len(names)})
        pairs = pairs[(pairs["customer_id"] == "000") & (pairs["other_id"] == "001")]
        return float(pairs["score"].iloc[0])

    scores = [with_others(count) for count in (0, 1, 10, 100)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_a_shared_switchboard_does_not_explode() -> None:
    people = [f"{a} {b}" for a in SURNAMES for b in GIVEN_NAMES] * 6
    customers = pd.DataFrame(
        {"customer_id": [f"{n:05d}" for n in range(len(people))], "telephone": "0312345678"}
    )
    started = time.process_time()
    forms = compared_forms(customers.assign(name=people))
    assert len(candidate_pairs(forms)) < 10 * len(people)
    assert find_same_customers(customers).empty
    assert time.process_time() - started < 10


def test_nothing_to_compare() -> None:
    columns = ["customer_id", "other_id", "keys", "differ", "score"]
    for customers in (
        pd.DataFrame({"customer_id": ["1", "2"]}),
        pd.DataFrame({"customer_id": [], "name": []}),
        pd.DataFrame({"customer_id": ["1", "2"], "name": [None, ""], "telephone": [None, "なし"]}),
    ):
        found = find_same_customers(customers, at_least=0)
        assert found.empty
        assert found.columns.to_list() == columns
        assert same_customers_summary(found).empty
    with pytest.raises(KitError) as caught:
        find_same_customers(pd.DataFrame({"customer_id": ["1"]}), at_least=50)
    assert str(caught.value) == "at_least is 50; it must lie between 0 and 1, for example 0.5."


CELLS = st.sampled_from(
    ["", "佐倉 一花", "佐倉一花", "㈱アオバ", "0312345678", "1-2-3", "a@b.example"]
)


@settings(max_examples=12)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=12), st.randoms())
def test_the_order_of_the_rows_is_no_matter(rows: list[tuple[str, ...]], chance) -> None:
    columns = ["name", "telephone", "email", "address"]
    customers = pd.DataFrame(rows, columns=columns).assign(
        customer_id=[f"{n:02d}" for n in range(len(rows))]
    )
    shuffled = customers.sample(frac=1, random_state=chance.randrange(1000))
    pairs = find_same_customers(customers, at_least=0)
    pd.testing.assert_frame_equal(pairs, find_same_customers(shuffled, at_least=0))
    assert (pairs["customer_id"] < pairs["other_id"]).all()
    assert pairs["score"].between(0, 1).all()
    assert not pairs.duplicated(["customer_id", "other_id"]).any()


def test_the_summary_counts_pairs_by_band_and_keys() -> None:
    names = ["佐倉 一花", "佐倉一花", "三枝 光", "三枝光"]
    pairs = pairs_of({"name": names, "telephone": ["03-1234-5678"] * 2 + ["", ""]})
    assert same_customers_summary(pairs).to_numpy().tolist() == [
        ["0.95 – 1", "name, telephone", 1],
        ["0 – 0.5", "name", 1],
    ]


# --- measured ---------------------------------------------------------------------------------
def as_sets(pairs: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in pairs[["customer_id", "other_id"]].to_numpy().tolist()}


def test_the_sample_s_planted_pairs_are_found_and_no_other(root: Path) -> None:
    ledger = pd.read_excel(
        root / "sample_data" / "顧客台帳.xlsx", header=2, dtype="str", engine="calamine"
    )
    headers = {"顧客コード": "customer_id", "会社名": "name", "担当者名": "contact_person"}
    headers |= {"電話番号": "telephone", "メールアドレス": "email"}
    customers = ledger.rename(columns=headers)[[*headers.values()]].fillna("")
    customers = customers[customers["customer_id"] != ""].drop_duplicates("customer_id")
    planted = pd.read_csv(root / "sample_data" / "truth" / "same_customer.csv", dtype=str)
    found = as_sets(find_same_customers(customers))
    assert found == {frozenset(pair) for pair in planted[["old_id", "new_id"]].to_numpy().tolist()}


def test_common_names_of_the_shop_do_not_stand_in_the_list(root: Path) -> None:
    members = pd.read_excel(
        root / "sample_data" / "shop" / "会員名簿.xlsx", header=2, dtype="str", engine="calamine"
    )
    members = members.rename(columns={"会員番号": "customer_id", "お名前": "name"})
    hints = find_same_customers(members[["customer_id", "name", "生年月日"]], at_least=0)
    assert len(hints) == 334
    assert (hints["score"] >= LISTED).sum() <= 1  # two of one name, born on one day


def test_the_thirty_pairs_of_100knocks(real_data: Path) -> None:
    people = pd.read_csv(
        real_data / "100knocks-ja" / "customer.csv", dtype=str, encoding="utf-8-sig"
    )
    people = people.rename(columns={"customer_name": "name"})
    again = people[people.duplicated(["name", "postal_cd"], keep=False)]
    planted = {frozenset(ids) for _, ids in again.groupby(["name", "postal_cd"])["customer_id"]}
    assert len(planted) == 30
    few = ["customer_id", "name", "postal_cd"]
    for columns in (few, [*few, "birth_day"]):
        pairs = find_same_customers(people[columns])
        both = pairs["keys"].str.startswith("name, postal code")
        assert as_sets(pairs[both]) == planted
        assert (~both).sum() <= 1
    # the ten of other birthdays come last
    assert pairs.loc[both, "differ"].to_list() == [""] * 20 + ["birthday"] * 10


def test_a_number_with_the_country_is_that_dialled_at_home() -> None:
    pair = only(
        {
            "name": ["Anna Smith", "Anna Smith"],
            "telephone": ["+44 7911 123456", "07911 123456"],
        }
    )
    assert (pair["keys"], pair["differ"]) == ("name, telephone", "")


def test_an_address_whose_numbers_are_none_is_read() -> None:
    for address in ("金沢市広岡二十五十番地", "新潟市中央区十十番地", "仙台市青葉区9十十号"):
        assert len(pairs_of({"name": ["佐倉 一花"] * 2, "address": [address] * 2})) == 1
