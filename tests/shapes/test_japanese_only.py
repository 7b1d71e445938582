"""With language = "ja" no English sentence is left: in what a run leaves, in what is answered.

What is English on purpose: names, keys and commands, and the cells of notebook 00 that show both
languages side by side.
"""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from python_calamine import CalamineWorkbook
from quick_walk import OneProcess

from segment_lib import walk
from segment_lib.__main__ import main
from segment_lib.approach import standing_sentence
from segment_lib.columns import dictionary
from segment_lib.voice import language

ROOT = Path(__file__).parents[2]
SAMPLES = {
    "web_marketing": ROOT / "sample_data" / "client.toml",
    "shop": ROOT / "sample_data" / "shop" / "client.toml",
}
ENGLISH = re.compile(r"\b[A-Za-z][a-z']+(?: [A-Za-z][a-z']*){2,}")


def english(text: str) -> list[str]:
    """What reads like an English sentence: three words in a row."""
    with language("en"):
        both_are_shown = (standing_sentence(), *dictionary("status")["English"])
    for on_purpose in both_are_shown:
        text = text.replace(on_purpose, "")
    return ENGLISH.findall(text)


def page(path: Path) -> str:
    text = re.sub(r"<(script|style).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"<[^>]+>", "\n", text)


def workbook(path: Path) -> str:
    book = CalamineWorkbook.from_path(path)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return "\n".join(str(cell) for rows in sheets for row in rows for cell in row)


def printed(path: Path) -> str:
    outputs = [
        output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])
    ]
    plain = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs]
    return "\n".join(plain)


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_a_run_on_a_sample(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(walk, "Kernels", OneProcess)
    call = ["run", "--client", str(SAMPLES[name]), "--out", str(tmp_path), "--language", "ja"]
    assert main(call) == 0
    plt.close("all")
    folder = tmp_path / name
    assert english(capsys.readouterr().out) == []
    assert english(page(folder / "report.html")) == []
    assert english(workbook(folder / "actions.xlsx")) == []
    for notebook in sorted((folder / "notebooks").glob("*.ipynb")):
        assert english(printed(notebook)) == [], notebook.name


ORDERS = "id,day,total\n1,2024-03-01,1200\n2,2024-04-01,800\n"
HEAD = '[client]\nname = "small"\nas_of = 2024-12-31\nlanguage = "ja"\n'
LIST = '[lists.orders]\nfiles = ["orders.csv"]\n'
COLUMNS = '[lists.orders.columns]\ncustomer_id = "id"\nordered_on = "day"\namount = "total"\n'
WHOLE = HEAD + LIST + COLUMNS
MISTAKES: dict[str, tuple[str, str]] = {  # client.toml, orders.csv
    "no TOML": ('language = "ja"\n[client\n', ORDERS),
    "no client": ('language = "ja"\n' + LIST + COLUMNS, ORDERS),
    "no lists": (HEAD, ORDERS),
    "a key unknown": (HEAD + "colour = 1\n" + LIST + COLUMNS, ORDERS),
    "a section unknown": (WHOLE + "[rmf]\n", ORDERS),
    "a day as text": (HEAD.replace("2024-12-31", '"soon"') + LIST + COLUMNS, ORDERS),
    "no such file": (HEAD + LIST.replace("orders.csv", "no.csv") + COLUMNS, ORDERS),
    "no such column": (WHOLE.replace('"total"', '"sum"'), ORDERS),
    "a column not mapped": (WHOLE.replace('ordered_on = "day"\n', ""), ORDERS),
    "a table unknown": (
        HEAD + LIST.replace("orders]", "visits]") + COLUMNS.replace("orders", "visits"), ORDERS,
    ),
    "days in two orders": (
        WHOLE, ORDERS.replace("2024-03-01", "3/4/2024").replace("2024-04-01", "4/3/2024"),
    ),
    "nothing but a header": (WHOLE, "id,day,total\n"),
    "an empty file": (WHOLE, ""),
    "a word not explained": (
        WHOLE + 'status = "state"\n', "id,day,total,state\n1,2024-03-01,5,hmm\n",
    ),
    "cuts twice": (WHOLE + "[rfm]\nfrequency_cuts = [2, 2]\n", ORDERS),
    "a status unknown": (WHOLE + '[contract]\nunder_contract = "maybe"\n', ORDERS),
    "features after the result": (WHOLE + "[outcome]\nfeatures_until_days = 200\n", ORDERS),
    "an action without a decision": (WHOLE + '[[actions]]\nname = "x"\n', ORDERS),
    "an action for what never occurs": (
        WHOLE + '[[actions]]\nname = "x"\ndecision = "grow"\nreasons = ["not_worth_it"]\n'
        'action = "y"\npurpose = "trust"\nchannel = "call"\neffort_hours = 1\n', ORDERS,
    ),
    "a share above one": (WHOLE + "[worth]\nhold_out_share = 2\n", ORDERS),
    "a condition that is none": (
        WHOLE + '[[contact_policy.should_not]]\nbecause = "x"\nconditions = ["never"]\n', ORDERS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_japanese(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml, orders = MISTAKES[name]
    folder = tmp_path / "顧客"
    folder.mkdir()
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    (folder / "client.toml").write_text(toml, encoding="utf-8")
    code = main(["check", "--client", str(folder / "client.toml")])
    said = capsys.readouterr()
    text = (said.out + said.err).replace(str(tmp_path), "")
    assert code in (0, 1), text
    assert re.search("[\u3040-\u30ff]", text), text
    assert english(re.sub(r"\([^()]*\)", "", text)) == [], text
