"""Marks that say whom we may not contact: read, carried along per channel, obeyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from segment_lib.approach.gates import CHANNEL_OF_WORD, assign_gates, channel_code
from segment_lib.checks import ClientError, ListError
from segment_lib.client import Client
from segment_lib.lists.register import build_register
from segment_lib.lists.rows.gathered import Engine, gather_lists
from segment_lib.lists.rows.marks import recognised_marks

Make = Callable[..., Client]

MARKED = """
[lists.customers]
files = ["c.csv"]
refusals.letter = ["DM拒否", "DM戻り"]
refusals.mail = "メルマガ拒否"
refusals.call = ["Do Not Call"]
refusals.all = ["削除フラグ"]
[lists.customers.columns]
customer_id = "番号"
"""
HEAD = "番号,DM拒否,DM戻り,メルマガ拒否,Do Not Call,削除フラグ\n"


def marks(client: Client, name: str = "customers", merges: dict[str, str] | None = None):
    """(customer, channel, allowed, since) per permission."""
    with Engine(client.folder) as engine:
        (one,) = [one for one in gather_lists(client, engine, merges or {}) if one.name == name]
        if not engine.has(f"{one.part}_permissions"):
            return []
        return sorted(
            engine.rows(f"select customer_id, channel, allowed, since from {one.part}_permissions")
        )


def test_each_mark_is_a_refusal_of_its_channel(make: Make) -> None:
    text = HEAD + (
        "1,,,,,\n2,1,0,0,0,0\n3,×,2,N,,0\n4,いいえ,,○,,\n5,,,,true,\n6,,,,,1\n7,可,０,希望する,no,\n"
        "8,希望しない,,配信停止,,\n9,Ｙ,-,,DNC,\n"
    )
    assert marks(make(MARKED, {"c.csv": text})) == [
        ("2", "letter", False, None),
        ("3", "letter", False, None),  # two letters came back
        ("4", "mail", False, None),
        ("5", "call", False, None),
        ("6", "all", False, None),
        ("8", "letter", False, None),
        ("8", "mail", False, None),
        ("9", "call", False, None),
        ("9", "letter", False, None),
    ]


def test_a_day_is_a_refusal_since_that_day(make: Make) -> None:
    text = HEAD + "1,,,2025/4/1,,\n2,,,20250402,,\n3,,,令和7年4月3日,,2024-05-06 10:00\n"
    assert marks(make(MARKED, {"c.csv": text})) == [
        ("1", "mail", False, date(2025, 4, 1)),
        ("2", "mail", False, date(2025, 4, 2)),
        ("3", "all", False, date(2024, 5, 6)),
        ("3", "mail", False, date(2025, 4, 3)),
    ]


def test_a_consent_says_yes_and_no_and_nothing(make: Make) -> None:
    toml = MARKED[: MARKED.index("refusals")] + (
        'consents.mail = ["メール配信"]\n[lists.customers.columns]\ncustomer_id = "番号"\n'
    )
    text = "番号,メール配信\n1,○\n2,×\n3,\n4,希望する\n5,配信停止\n6,2025-01-05\n7,0\n8,1\n9,-\n"
    assert marks(make(toml, {"c.csv": text})) == [
        ("1", "mail", True, None),
        ("2", "mail", False, None),
        ("4", "mail", True, None),
        ("5", "mail", False, None),
        ("6", "mail", True, date(2025, 1, 5)),
        ("7", "mail", False, None),
        ("8", "mail", True, None),
    ]


def test_a_word_that_nobody_explained_stops_with_words_and_counts(make: Make) -> None:
    files = {"c.csv": HEAD + "1,保留,,,,\n2,保留,,,,\n3,確認中,,,,\n4,1,,,,\n"}
    with pytest.raises(ListError) as caught:
        build_register(make(MARKED, files))
    assert str(caught.value) == (
        'customers: the column "DM拒否" (refusals.letter) holds 2 word(s) that client.toml does '
        'not explain: "保留" (2), "確認中" (1). Write which ones mean a refusal '
        '(yes) and which do not (no), for example: [lists.customers.words."DM拒否"] '
        'yes = ["保留"]; and the others as no = […].'
    )
    words = '[lists.customers.words."DM拒否"]\nyes = ["保留"]\nno = ["確認中"]\n'
    assert marks(make(MARKED + words, files)) == [
        ("1", "letter", False, None),
        ("2", "letter", False, None),
        ("4", "letter", False, None),
    ]


def test_codes_for_nothing_say_nothing(make: Make) -> None:
    toml = MARKED.replace("refusals.mail", 'missing_in = { "DM拒否" = ["９"] }\nrefusals.mail')
    text = HEAD + "1,9,,,,\n2,9,9,,,\n"
    assert marks(make(toml, {"c.csv": text})) == [("2", "letter", False, None)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            '"DM拒否", "DM戻り"', '"DM拒絶"',
            '[lists.customers] refusals.letter names the column "DM拒絶", which the list does not '
            "have. It has ['番号', 'DM拒否', 'DM戻り', 'メルマガ拒否', 'Do Not Call', "
            "'削除フラグ']. Mend it in client.toml: refusals.letter = [\"DM拒否\"].",
        ),
        (
            "refusals.letter", "refusals.leter",
            "client.toml: [lists.customers] refusals has the channel 'leter'. Did you mean "
            "'letter'? The kit knows all, mail, call, letter, visit; another one must look "
            "different.",
        ),
        (
            "[lists.customers.columns]",
            '[lists.customers.words."DM拒否"]\nrefused = ["x"]\n[lists.customers.columns]',
            "client.toml: [lists.customers.words.\"DM拒否\"] maps to 'refused', which is not one "
            "of ['yes', 'no'].",
        ),
    ],
)  # fmt: skip
def test_mistakes_in_marks_are_told(make: Make, old: str, new: str, sentence: str) -> None:
    client = make(MARKED.replace(old, new), {"c.csv": HEAD + "1,,,,,\n"})
    with pytest.raises((ClientError, ListError)) as caught:
        build_register(client)
    assert str(caught.value) == sentence


def test_words_of_a_column_that_is_not_mapped_are_a_mistake(make: Make) -> None:
    with pytest.raises(ClientError) as caught:
        make(MARKED + '[lists.customers.words."DM拒み"]\nyes = ["x"]\n', {"c.csv": HEAD})
    assert str(caught.value) == (
        "client.toml: [lists.customers.words] names DM拒み, which this list does not map. "
        "Did you mean DM拒否? It has ['DM戻り', 'DM拒否', 'Do Not Call', 'customer_id', "
        "'メルマガ拒否', '削除フラグ']."
    )


def test_who_refused_has_refused_whatever_else_the_row_says(make: Make) -> None:
    toml = (
        '[lists.orders]\nfiles = ["o.csv"]\nguests = ["GUEST"]\nrefusals.call = "電話不可"\n'
        '[lists.orders.columns]\ncustomer_id = "id"\nordered_on = "day"\namount = "total"\n'
    )
    text = (
        "id,day,total,電話不可\n1,soon,5,1\nGUEST,2025-01-01,5,1\n,2025-01-01,5,1\n"
        "2,2025-01-01,5,0\n3b,2025-01-01,5,1\n"
    )
    found = marks(make(toml, {"o.csv": text}), "orders", merges={"3b": "3"})
    assert found == [("1", "call", False, None), ("3", "call", False, None)]


def test_the_register_carries_the_marks_and_the_first_gate_obeys_them(make: Make) -> None:
    text = HEAD + ("1,1,,,,\n2,,1,,,\n3,,,1,,\n4,,,,1,\n5,,,,,1\n6,N,0,N,,N\n7,1,,1,1,\n")
    client = make(MARKED, {"c.csv": text})
    register = build_register(client)
    permissions = register.frame("permissions")
    assert len(permissions) == 8
    gates = assign_gates(register.frame("customers"), client, permissions)
    assert gates["channels_refused"].to_dict() == {
        **{"1": "letter", "2": "letter", "3": "mail", "4": "call"},
        **{"5": "call, letter, mail", "6": "", "7": "call, letter, mail"},
    }
    assert gates.index[gates["opted_out"]].to_list() == ["5", "7"]


def test_a_permission_beside_a_refusal_yields(make: Make) -> None:
    toml = MARKED.replace("refusals.call", 'consents.mail = "メール配信"\nrefusals.call')
    text = HEAD.replace("\n", ",メール配信\n") + "1,,,1,,,1\n2,,,,,,1\n3,,,,,1,1\n"
    client = make(toml, {"c.csv": text})
    register = build_register(client)
    gates = assign_gates(register.frame("customers"), client, register.frame("permissions"))
    assert gates["channels_refused"].to_dict() == {"1": "mail", "2": "", "3": "call, mail"}


@pytest.mark.real_data
def test_the_marks_of_a_real_mail_order_list(make: Make, real_data: Path, tmp_path: Path) -> None:
    path = real_data / "mail-order-ja" / "顧客.csv"
    text = path.read_bytes().decode("cp932")
    headers = [header.strip('"') for header in text.splitlines()[0].split(",")]
    known = recognised_marks(headers)
    assert {header: tuple(mark) for header, mark in known.items()} == {
        "DM戻り": ("letter", "refusals"),
        "DM拒否": ("letter", "refusals"),
        "メルマガ拒否": ("mail", "refusals"),
        "削除フラグ": ("all", "refusals"),
    }
    toml = MARKED.replace('["c.csv"]', f'["{path}"]').replace("番号", "顧客番号")
    toml = toml.replace('refusals.call = ["Do Not Call"]\n', "")
    assert marks(make(toml, {})) == []  # all ten say N
    # the same list with its marks set for five of the ten people
    lines = text.splitlines()
    places = {header: headers.index(header) for header in known}
    for row, header in enumerate([*places, "DM拒否"], start=1):
        cells = lines[row].split(",")
        cells[places[header]] = '"Y"'
        lines[row] = ",".join(cells)
    (tmp_path / "client").mkdir(exist_ok=True)
    changed = {"c.csv": "\n".join(lines).encode("cp932")}
    client = make(toml.replace(f'"{path}"', '"c.csv"'), changed)
    register = build_register(client)
    gates = assign_gates(register.frame("customers"), client, register.frame("permissions"))
    assert gates["channels_refused"].value_counts().to_dict() == {
        **{"": 5, "letter": 3, "mail": 1, "call, letter, mail": 1},
    }
    assert int(gates["opted_out"].sum()) == 1


@pytest.mark.parametrize(
    ("header", "channel", "says"),
    [
        ("DM拒否", "letter", "refusals"),
        ("ＤＭ戻り回数", "letter", "refusals"),
        ("カタログ送付停止", "letter", "refusals"),
        ("郵送不可フラグ", "letter", "refusals"),
        ("メルマガ拒否", "mail", "refusals"),
        ("メール配信停止日", "mail", "refusals"),
        ("メルマガ解除", "mail", "refusals"),
        ("配信停止", "mail", "refusals"),
        ("Unsubscribed", "mail", "refusals"),
        ("unsubscribed_at", "mail", "refusals"),
        ("Email Opt-Out", "mail", "refusals"),
        ("HasOptedOutOfEmail", "mail", "refusals"),
        ("Do Not Call", "call", "refusals"),
        ("DoNotCall", "call", "refusals"),
        ("電話不可", "call", "refusals"),
        ("架電禁止", "call", "refusals"),
        ("opt-out", "all", "refusals"),
        ("do_not_contact", "all", "refusals"),
        ("削除フラグ", "all", "refusals"),
        ("退会日", "all", "refusals"),
        ("連絡不要", "all", "refusals"),
        ("メール配信", "mail", "consents"),
        ("配信許可", "mail", "consents"),
        ("メルマガ希望", "mail", "consents"),
        ("Newsletter", "mail", "consents"),
        ("email_opt_in", "mail", "consents"),
        ("DM可否", "letter", "consents"),
        ("電話連絡可否", "call", "consents"),
        ("opt in", "all", "consents"),
        ("Marketing Consent", "all", "consents"),
    ],
)
def test_marks_are_recognised_by_their_header(header: str, channel: str, says: str) -> None:
    assert recognised_marks([header]) == {header: (channel, says)}


@pytest.mark.parametrize(
    "header",
    ["総DM発送回数", "最終DM名称", "メール", "メールアドレス", "電話番号", "連絡希望日時", "DM",
     "配信", "営業停止", "営業担当", "案内日", "携帯電話番号", "Mailアドレス", "E-mail",
     "Phone", "住所",
     "削除しない理由", "連絡先", "contact", "契約解除日", "ステータス", "有効フラグ"],
)  # fmt: skip
def test_what_is_no_mark_is_not_recognised(header: str) -> None:
    assert recognised_marks([header]) == {}


def test_the_channels_of_marks_are_those_that_the_gate_knows() -> None:
    for channel in ("mail", "call", "letter"):
        assert channel_code(channel) == channel
        assert channel in set(CHANNEL_OF_WORD.values())
