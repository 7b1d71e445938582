"""client.toml: what is read, and the sentence for each mistake."""

from datetime import date
from pathlib import Path

import pytest

from segment_lib.checks import ClientError
from segment_lib.client import list_files, open_client
from segment_lib.voice import language, language_of, spoken, system_language

MINIMAL = """[client]
name = "small"
as_of = 2025-12-31
[lists.orders]
files = ["orders.csv"]
[lists.orders.columns]
customer_id = "CustomerID"
ordered_on = "Date"
amount = "Total"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "client.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_minimal_client_has_at_most_twelve_lines_and_signed_defaults(tmp_path: Path) -> None:
    assert len(MINIMAL.splitlines()) <= 12
    client = open_client(write(tmp_path, MINIMAL), out=tmp_path / "out")
    assert client.as_of == date(2025, 12, 31)
    assert client.out_folder == tmp_path / "out" / "small"
    assert client.rfm.frequency_cuts == (2, 3, 6, 12)
    assert client.rfm.signature() == "default, not decided yet (初期値・未決定)"
    with language("ja"):
        assert client.rfm.signature() == "初期値・未決定"
    assert client.table_of("orders") == "orders"


def test_same_text_same_fingerprint_whatever_the_line_ends(tmp_path: Path) -> None:
    one = open_client(write(tmp_path, MINIMAL)).fingerprint
    path = tmp_path / "client.toml"
    path.write_bytes(MINIMAL.replace("\n", "\r\n").encode())
    assert open_client(path).fingerprint == one


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "as_of =",
            "as_off =",
            "client.toml: [client] has the key 'as_off', which is not known. Did you mean 'as_of'? "
            "Allowed: decided_by, decided_on, name, as_of, title, title_ja, language, currency, "
            "time_zone, same_ids, checked.",
        ),
        (
            "as_of = 2025-12-31",
            'as_of = "the last day"',
            "client.toml: [client] as_of is 'the last day', but should be a valid date "
            "or datetime, invalid character in year.",
        ),
        (
            'amount = "Total"',
            'amonut = "Total"',
            "client.toml: [lists.orders.columns] does not say which column is amount. "
            "orders needs customer_id, ordered_on, amount. "
            'Add: amount = "the header in the list".',
        ),
        (
            'amount = "Total"',
            'amount = "Total"\nmargn = "Margin"',
            "client.toml: [lists.orders.columns] names margn, which orders does not have. "
            "Did you mean margin? It has ['amount', 'campaign', 'cancelled_on', 'customer_id', "
            "'lines', 'margin', 'order_id', 'ordered_on', 'original_order_id', "
            "'status', 'tax_rate', 'unit_price'].",
        ),
        (
            "[lists.orders]",
            '[rfm]\nrecency_cuts = "quintiles"\n[lists.orders]',
            "client.toml: [rfm] recency_cuts is 'quintiles', but should be 'quantiles' "
            "or be a valid tuple.",
        ),
        (
            "[lists.orders]",
            "[outcome]\nfeatures_until_days = 300\n[lists.orders]",
            "client.toml: [outcome]: features_until_days must be smaller than "
            "judged_after_days: "
            "features end before the outcome is judged.",
        ),
        (
            "[lists.orders]\n",
            '[lists.orders]\ndates = ["dmy", "mdy"]\n',
            'client.toml: [lists.orders]: dates may hold "dmy" or "mdy", not both: '
            "03/04/25 fits either.",
        ),
    ],
)
def test_each_mistake_has_its_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(ClientError) as told:
        open_client(write(tmp_path, MINIMAL.replace(old, new, 1)))
    assert str(told.value) == sentence


def test_an_unknown_section_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="the file has the key 'capasity', which is not known"):
        open_client(write(tmp_path, MINIMAL + "[capasity]\nhours_per_month = 3\n"))


def test_no_file_no_toml_no_utf8(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="There is no client file at"):
        open_client(tmp_path / "client.toml")
    with pytest.raises(ClientError, match="is not valid TOML"):
        open_client(write(tmp_path, "[client\n"))
    (tmp_path / "client.toml").write_bytes("[client] # 顧客".encode("cp932"))
    with pytest.raises(ClientError, match="is not saved as UTF-8"):
        open_client(tmp_path / "client.toml")


def test_a_missing_list_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = open_client(write(tmp_path, MINIMAL))
    with pytest.raises(ClientError) as told:
        list_files(client, "orders")
    assert str(told.value) == (
        '[lists.orders] names the file "orders.csv", but there is none beside client.toml. '
        "Check the name, or take the list out."
    )
    (tmp_path / "orders.csv").write_text("x")
    assert list_files(client, "orders") == [tmp_path / "orders.csv"]
    monkeypatch.delenv("NO_SUCH_PLACE", raising=False)
    lost = open_client(write(tmp_path, MINIMAL.replace("orders.csv", "$NO_SUCH_PLACE/o.csv")))
    with pytest.raises(ClientError, match="that variable is not set here"):
        list_files(lost, "orders")


def test_break_even_is_cost_over_value_due_to_us(tmp_path: Path) -> None:
    stated = "[worth]\nvalue_per_result = 600\ncost_per_approach = 60\nshare_due_to_us = 0.5\n"
    assert open_client(write(tmp_path, MINIMAL + stated)).worth.break_even == pytest.approx(0.2)
    assert open_client(write(tmp_path, MINIMAL)).worth.break_even is None


def test_two_columns_that_differ_in_capitals_only(tmp_path: Path) -> None:
    toml = (
        '[client]\nname = "a"\nas_of = 2025-01-01\n[lists.customers]\nfiles = ["a.csv"]\n'
        'columns = {customer_id = "id", Email = "Email"}\n'
    )
    with pytest.raises(ClientError) as told:
        open_client(write(tmp_path, toml))
    assert str(told.value) == (
        "client.toml: [lists.customers.columns] names Email, which differs from email in capitals "
        "only. Write email if the same is meant, else another name."
    )


def japanese(folder: Path, text: str, **how: str) -> str:
    with pytest.raises(ClientError) as caught:
        open_client(write(folder, text), **how)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_broken_japanese_file_is_told_of_in_japanese(tmp_path: Path) -> None:
    text = MINIMAL.replace("as_of", 'language = "ja"\nas_of')
    assert japanese(tmp_path, text.replace("as_of =", "as_off =")) == (
        "client.toml: [client] にキー「as_off」がありますが、使えません。"
        "「as_of」のことでしょうか。"
        "使えるのは decided_by, decided_on, name, as_of, title, title_ja, language, currency, "
        "time_zone, same_ids, checked です。"
    )
    assert japanese(tmp_path, text.replace("2025-12-31", '"the last day"')) == (
        "client.toml: [client] as_of は 'the last day' になっていますが、"
        "2026-03-31 のような日付にしてください。"
    )
    wrong = text + '[rfm]\nrecency_cuts = true\n[rules]\nreturns = "no"\n[contact_policy]\n'
    assert japanese(tmp_path, wrong + "review_in_days = 0\n").splitlines() == [
        "client.toml: [rules] returns は 'no' になっていますが、"
        "'net'、'ignore' のどれかにしてください。",
        "client.toml: [rfm] recency_cuts は True になっていますが、"
        "'quantiles' のどれか、または値の並び（[…]）にしてください。",
        "client.toml: [contact_policy] review_in_days は 0 になっていますが、"
        "0 より大きい値にしてください。",
    ]
    files = text.replace('files = ["orders.csv"]\n', "")
    assert japanese(tmp_path, files) == (
        'client.toml: [lists.orders]: files = ["…"] か connection = "…" のどちらか1つが必要です。'
    )
    assert (
        japanese(tmp_path, text + "[") == "client.toml はファイルの末尾で TOML として読めません。"
    )
    assert spoken() == "ja"


def test_before_it_is_read_the_argument_then_the_file_then_the_system_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    broken = MINIMAL + "["
    assert japanese(tmp_path, broken).endswith("で TOML として読めません。")
    assert "is not valid TOML" in japanese(tmp_path, 'language = "en"\n' + broken)
    assert "is not valid TOML" in japanese(tmp_path, broken, language="en")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert "is not valid TOML" in japanese(tmp_path, broken)
    assert "TOML として" in japanese(tmp_path, "  language='ja'\n" + broken)
    with pytest.raises(ClientError, match="There is no client file at"):
        open_client(tmp_path / "nothing.toml")
    with pytest.raises(ClientError, match="に設定ファイルがありません"):
        open_client(tmp_path / "nothing.toml", language="ja")
    # once it is read, what it says counts, and it says nothing: English
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    open_client(write(tmp_path, MINIMAL))
    assert spoken() == "en"


@pytest.mark.parametrize(
    ("said", "expected"),
    [("ja_JP.UTF-8", "ja"), ("Japanese_Japan", "ja"), ("en_US.UTF-8", "en"), ("C", "en")],
)
def test_the_language_of_the_system(
    said: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: (said, "cp932"))  # as Windows says it
    assert system_language() == expected
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert system_language() == "en"


def test_the_line_is_found_in_a_file_of_any_encoding(tmp_path: Path) -> None:
    path = tmp_path / "client.toml"
    for codec in ("utf-16", "cp932", "utf-8-sig"):
        path.write_text('# 設定\nlanguage = "ja" # 日本語\n', encoding=codec)
        assert language_of(path) == "ja"


@pytest.mark.parametrize(
    ("written", "speaks"), [("日本語", "ja"), ("Japanese", "ja"), ("jp", "ja"), ("English", "en")]
)
def test_a_language_in_words_is_answered_in_it(
    written: str, speaks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8" if speaks == "ja" else "ja_JP.UTF-8")
    stated = MINIMAL.replace("[client]", f'[client]\nlanguage = "{written}"')
    says = {"ja": "のどれかにしてください", "en": "should be 'en' or 'ja'"}[speaks]
    with language("en"), pytest.raises(ClientError, match=says):
        open_client(write(tmp_path, stated))


def test_a_sign_of_full_width_in_the_place_of_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="＝ is a sign of full width: write ="):
        open_client(write(tmp_path, MINIMAL.replace("name =", "name ＝")))


def test_a_language_that_is_none_changes_nothing(tmp_path: Path) -> None:
    with language("ja"):
        with pytest.raises(ClientError, match=r"^LANGUAGE"):
            open_client(write(tmp_path, MINIMAL), language="jp")  # type: ignore[arg-type]
        assert spoken() == "ja"
