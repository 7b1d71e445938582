"""What `kit.py check` prints: in the client's language, in columns straight on a screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segment_lib.client import Client
from segment_lib.lists.ledger_page import ledger_text
from segment_lib.lists.register import build_register
from segment_lib.lists.wide_text import table_text, width

TOML = (
    '[lists.orders]\nfiles = ["受注.csv"]\nguests = ["999"]\n'
    'columns = {customer_id = "会員番号", ordered_on = "受注日", amount = "金額"}\n'
)
ROWS = """会員番号,受注日,金額
001,2025-01-01,1200
002,2025-01-02,x
999,2025-01-03,5
003,2025-01-04,0
"""
HEAD = '[client]\nname = "small"\nas_of = 2025-12-31\nlanguage = "{}"\n'


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "orders  orders        4     1          3       0",
                "orders         1,205           1,200                    5                 0",
                "orders  unreadable amount     1                    0  受注.csv, row 3: amount",
                "orders  guest id              1                    5  受注.csv, row 4: ",
                "To see all of them in a file (set_aside.csv), add: --out FOLDER",
                "customers     3",
                "Not signed yet: [client], [merges], ",
            ),
        ),
        (
            "ja",
            (
                "orders  orders       4     1     3     0",
                "orders  金額を読み取れない     1             0  受注.csv 3 行目: amount = x",
                "すべての行をファイル（set_aside.csv）で見るには: --out フォルダー",
                "[client], [merges], ",
            ),
        ),
    ],
)
def test_the_ledger_is_told_in_the_clients_language(
    language: str, told: tuple[str, ...], make: Callable[..., Client]
) -> None:
    client = make(TOML, {"受注.csv": ROWS}, HEAD.format(language))
    text = ledger_text(client, build_register(client), None)
    for line in told:
        assert line in text


def test_kept_rows_say_where_the_file_is(make: Callable[..., Client]) -> None:
    client = make(TOML, {"受注.csv": ROWS}, HEAD.format("en"))
    register = build_register(client)
    path = register.folder / "set_aside.csv"
    assert path.is_file()
    assert f"All of them: {path}" in ledger_text(client, register, path)


def test_columns_are_straight_whatever_stands_in_them() -> None:
    lines = table_text(["表", "rows"], [["お客様の一覧", "1"], ["ab", "22"]], [1]).splitlines()
    assert len({width(line) for line in lines}) == 1
    assert table_text(["a", "b"], []) == "a  b"
