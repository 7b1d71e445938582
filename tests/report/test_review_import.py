"""A reviewed workbook, fate by fate: what is written into it, what is said, left and done next.

Every row of `TAKEN` and `REFUSED` is one row of a workbook as a person may leave it (`attack.md`
1 to 4, `readers.md` "Override loop", `japanese.md` 3, and more of our own): its fate, the whole
sentence, the file that is left, what the next run makes of it. All `SHAPES` must say the same.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from office_files import ods, ods_row

from segment_lib.approach.review import apply_overrides, read_overrides, write_overrides
from segment_lib.checks import KitError
from segment_lib.client import open_client
from segment_lib.columns import label
from segment_lib.report.review_import import ReviewImport, current_state, import_review
from segment_lib.report.reviewed import CALLED, decisions_mark, in_either_language, read_reviewed
from segment_lib.report.sheets import SHEET_COLUMNS
from segment_lib.voice import language

CLIENT = """
[client]
name = "web"
as_of = 2026-03-31
[lists.orders]
files = ["orders.csv"]
columns = { customer_id = "id", ordered_on = "day", amount = "yen" }
"""
# id, under contract, decision, reason, all reasons, owner, due
PEOPLE = [
    ("C000101", True, "grow", "gets_results", "gets_results", "佐藤", "2026-04-14"),
    ("C000102", False, "approach", "worth_it", "worth_it", "佐藤", "2026-04-10"),
    ("C000103", False, "not_approached", "declared", "declared; opted_out", "鈴木", None),
    ("C000123", False, "not_now", "contacted_lately", "contacted_lately", "鈴木", "2026-05-01"),
    ("00777", False, "approach", "in_doubt", "in_doubt", "unassigned", "2026-04-10"),
]  # fmt: skip
HEAD = ["Customer id", "Override", "Why overruled", "Overruled by", "Overruled on"]
HEAD_JA = ["お客様番号", "上書き", "上書きの理由", "上書きした人", "上書き日"]
FIRST = "customer_id,decision,reason_in_words,by,on,owner,do_on,agreed\n"
OLD_FIRST = "customer_id,decision,reason_in_words,by,on\n"
NO_MORE = ",,,"  # no owner, no day, no agreement
GOOD = ["C000102", "Not now", "in talks", "佐藤", "2026-04-02"]
KEPT = "C000102,not_now,in talks,佐藤,2026-04-02"


def decisions() -> pd.DataFrame:
    columns = [
        "customer_id",
        "under_contract",
        "decision",
        "reason",
        "all_reasons",
        "owner",
        "do_on",
    ]
    frame = pd.DataFrame(PEOPLE, columns=columns).set_index("customer_id")
    frame["do_on"] = pd.to_datetime(frame["do_on"]).astype("datetime64[us]")
    return frame.assign(
        action="Serve as agreed", channel="call", effort_hours=1.5,
        evidence="P 90%.", hold_out=False, priority=range(1, len(frame) + 1),
    )  # fmt: skip


@pytest.fixture
def client(tmp_path):
    path = tmp_path / "web" / "client.toml"
    path.parent.mkdir()
    path.write_text(CLIENT, encoding="utf-8")
    return open_client(path, out=tmp_path / "out")


def written(path: Path, *sheets: list[list[Any]], mark: str = "") -> Path:
    """An .xlsx with these sheets; `mark` stands somewhere on the last one."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for cells in [*sheets, *([[[""], ["", "", mark]]] if mark else [])]:
            sheet = book.add_worksheet()
            for at, row in enumerate(cells):
                for place, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(at, place, cell)
    return path


def imported(path: Path, client, **options: Any) -> ReviewImport:
    accept_rest = options.pop("accept_rest", False)
    current = current_state(client, decisions(), **options)
    return import_review(read_reviewed(path), client, current, accept_rest=accept_rest)


def left(client, end: str = NO_MORE) -> str:
    """What stands in overrides.csv, byte for byte, below its first line; every line has this end,
    which is left out.
    """
    path = client.folder / "overrides.csv"
    if not path.exists():
        return ""
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf" + FIRST.encode())
    lines = raw.decode("utf-8-sig").removeprefix(FIRST).splitlines()
    assert all(line.endswith(end) for line in lines)
    return "".join(line.removesuffix(end) + "\n" for line in lines)


def next_decision(client, customer_id: str) -> str:
    review = apply_overrides(decisions(), read_overrides(client))
    return str(review.table["decision"].get(customer_id, "nobody"))


def no_day(text: object) -> str:
    return f'The day "{text}" cannot be read for certain. Write it as 2026-03-31.'


def no_word(text: str, hint: str = "") -> str:
    return f'"{text}" is no decision. {hint}Choose one of: Approach, Not approached, Not now.'


def nobody(text: str, hint: str = "Correct the id") -> str:
    return f'"{text}" is in no list of the last run. {hint}.'


NOT_SIGNED = "Nobody has signed it. Write the name, or add: --by NAME"
NO_NAME = "in the column of who decided is a number or a formula, not a name. Write the name."
OPTED_OUT = (
    "The customer has asked not to be contacted, which nobody can overrule. If that has changed, "
    "change the list of permissions."
)
NO_DECISION = (
    "A reason, a name or a day stands here, but no decision. Choose one, write yes under Looked "
    "at, agreed, or empty the yellow cells."
)


def far(day: str) -> str:
    return (
        f"The day is read as {day}, more than a year from 2026-03-31, the day of the list. Correct "
        "it, or leave it empty."
    )


def two_ways(text: str, first: str, second: str) -> str:
    return (
        f'The day "{text}" can be {first} and {second}: which is the month? Write the year first.'
    )


def on(day: Any, kept: str) -> tuple[list[Any], str]:
    """The good row with another day: taken, and the day as it is kept."""
    return [*GOOD[:4], day], f"C000102,not_now,in talks,佐藤,{kept}"


def not_on(day: Any, says: str) -> tuple[list[Any], str]:
    return [*GOOD[:4], day], says


def word(decision: Any, code: str, who: str = "C000102") -> tuple[list[Any], str]:
    return [
        who,
        decision,
        "in talks",
        "佐藤",
        "2026-04-02",
    ], f"{who},{code},in talks,佐藤,2026-04-02"


# What stands in the row -> the line that is kept, and what the next run decides.
TAKEN: dict[str, tuple[list[Any], str]] = {
    # attack.md 1, readers.md, japanese.md 21: a review is always after the as-of day
    "dated after as_of": (GOOD, KEPT),
    "dated on as_of": on("2026-03-31", "2026-03-31"),
    "no day": on("", "2026-03-31"),
    "a date cell": on(datetime(2026, 4, 2), "2026-04-02"),
    # attack.md 2: the case of a word
    "NOT NOW": word("NOT NOW", "not_now"),
    "not approached": word("not approached", "not_approached"),
    "the code": word("not_approached", "not_approached"),
    "blanks around": word("  Not   now ", "not_now"),
    "full width": word("Ｎｏｔ　Ｎｏｗ", "not_now"),
    "hyphen": word("not-now", "not_now"),
    "Japanese": word("今は待つ", "not_now"),
    "Japanese with a blank": word("アプローチ しない", "not_approached"),
    "grow under contract": word("Recover", "recover", "C000101"),
    "as the kit says: confirmed": word("Approach", "approach"),
    "brought forward": word("Approach", "approach", "C000123"),
    "opted out stays so": word("Not approached", "not_approached", "C000103"),
    # attack.md 3, japanese.md 19 and 20, readers.md: days
    "2026年3月30日": on("2026年3月30日", "2026-03-30"),
    "2026年4月1日": on("2026年4月1日", "2026-04-01"),
    "2026年4月1日（水）": on("2026年4月1日（水）", "2026-04-01"),
    "full width day": on("２０２６／４／１", "2026-04-01"),
    "R8.3.30": on("R8.3.30", "2026-03-30"),
    "令和8年4月1日": on("令和8年4月1日", "2026-04-01"),
    "serial 46111": on(46111, "2026-03-30"),
    "serial with a time": on(46111.5, "2026-03-30"),
    "4/1": on("4/1", "2026-04-01"),
    "4/2": on("4/2", "2026-04-02"),
    "3/30": on("3/30", "2026-03-30"),
    "4月2日": on("4月2日", "2026-04-02"),
    "12/28 was last year": on("12/28", "2025-12-28"),
    "March 30": on("March 30", "2026-03-30"),
    "30 Mar 2026": on("30 Mar 2026", "2026-03-30"),
    "Apr. 2nd, 2026": on("Apr. 2nd, 2026", "2026-04-02"),
    "30.3.2026": on("30.3.2026", "2026-03-30"),
    "3/30/2026": on("3/30/2026", "2026-03-30"),
    "4/4/2026 is one day either way": on("4/4/2026", "2026-04-04"),
    "2026-04-01 with a time": on("2026-04-01 10:30", "2026-04-01"),
    "20260401": on(20260401, "2026-04-01"),
    # ids
    "a full-width id": (["Ｃ０００１０２", *GOOD[1:]], KEPT),
    "an id with blanks and a NBSP": (["\u00a0C000102 ", *GOOD[1:]], KEPT),
    "an id behind a '": (["'00777", *GOOD[1:]], KEPT.replace("C000102", "00777")),
    # texts that a spreadsheet would run stay text
    "a reason that begins with =": (
        [*GOOD[:2], "'=1+1 they said", *GOOD[3:]],
        KEPT.replace("in talks", "'=1+1 they said"),
    ),
    "a reason of two lines": (
        [*GOOD[:2], "in talks,\n again", *GOOD[3:]],
        KEPT.replace("in talks", '"in talks, again"'),
    ),
}  # fmt: skip
# What stands in the row -> the whole sentence; nothing is written.
REFUSED: dict[str, tuple[list[Any], str]] = {
    # attack.md 2, readers.md
    "abc": (word("abc", "")[0], no_word("abc")),
    "aproach": (word("aproach", "")[0], no_word("aproach", 'Did you mean "Approach"? ')),
    "a number as decision": (word(3, "")[0], no_word("3")),
    "under contract -> Not approached": (
        word("Not approached", "", "C000101")[0],
        'The customer is under contract, so "Not approached" is not possible. Choose one of: Grow, '
        "Recover, Keep serving.",
    ),
    "under contract -> Not now": (
        word("Not now", "", "C000101")[0],
        'The customer is under contract, so "Not now" is not possible. Choose one of: Grow, '
        "Recover, Keep serving.",
    ),
    "under contract -> Approach": (
        word("Approach", "", "C000101")[0],
        'The customer is under contract, so "Approach" is not possible. Choose one of: Grow, '
        "Recover, Keep serving.",
    ),
    "no contract -> Grow": (
        word("育てる", "")[0],
        'The customer is without a contract, so "Grow" is not possible. Choose one of: Approach, '
        "Not approached, Not now.",
    ),
    "opted out, behind another reason -> Approach": (
        word("Approach", "", "C000103")[0],
        OPTED_OUT,
    ),
    # attack.md 3, readers.md
    "26/3/30": not_on("26/3/30", no_day("26/3/30")),
    "4/5/2026": not_on("4/5/2026", two_ways("4/5/2026", "2026-04-05", "2026-05-04")),
    "4.5.2026": not_on("4.5.2026", two_ways("4.5.2026", "2026-04-05", "2026-05-04")),
    "12:00 as text": not_on("12:00", no_day("12:00")),
    "12:00 as a time": not_on(time(12), no_day("12:00:00")),
    "now": not_on("now", no_day("now")),
    "today": not_on("today", no_day("today")),
    "今日": not_on("今日", no_day("今日")),
    "2026": not_on("2026", no_day("2026")),
    "2026 as a number": not_on(2026, no_day("2026")),
    "1": not_on(1, no_day("1")),
    "4.2 as a number": not_on(4.2, no_day("4.2")),
    "30/3 has no such month": not_on("30/3", no_day("30/3")),
    "2026-02-30": not_on("2026-02-30", no_day("2026-02-30")),
    "Marzipan 3": not_on("Marzipan 3", no_day("Marzipan 3")),
    "TRUE": not_on(True, no_day("TRUE")),
    "2027-06-01": not_on("2027-06-01", far("2027-06-01")),
    "R7.3.1 is a year too early": not_on("R7.3.1", far("2025-03-01")),
    "serial 45000": not_on(45000, far("2023-03-15")),
    # attack.md 4, readers.md
    "an unknown id": (["X9", *GOOD[1:]], nobody("X9")),
    "123 for C000123": ([123, *GOOD[1:]], nobody("123", "If C000123 is meant, write C000123")),
    "777 for 00777": ([777, *GOOD[1:]], nobody("777", "If 00777 is meant, write 00777")),
    "c000102": (["c000102", *GOOD[1:]], nobody("c000102", "If C000102 is meant, write C000102")),
    "no id": (
        ["", *GOOD[1:]],
        "There is no customer id in this row. Write it, or empty the yellow cells.",
    ),
    "a reason without a decision": (["C000102", "", "in talks", "佐藤", ""], NO_DECISION),
    "a day without a decision": (
        ["C000102", "", "", "佐藤", "2026-04-01"],
        NO_DECISION,
    ),
    "no reason": ([*GOOD[:2], "", *GOOD[3:]], "There is no reason in words. Write why."),
    "a number as reason": ([*GOOD[:2], 7, *GOOD[3:]], '"7" is no reason in words. Write why.'),
    "nobody signed": ([*GOOD[:3], "", GOOD[4]], NOT_SIGNED),
    "a number signs": ([*GOOD[:3], 12, GOOD[4]], f'"12" {NO_NAME}'),
    "a formula signs": ([*GOOD[:3], "=me", GOOD[4]], f'"0" {NO_NAME}'),
    "several at once": (
        ["X9", "abc", "", "", "now"],
        f'{no_day("now")} {nobody("X9")} "abc" is no decision. Choose one of: Approach, Not '
        "approached, Grow, Recover, Keep serving, Not now. There is no reason in words. Write why. "
        "Nobody has signed it. Write the name, or add: --by NAME",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
def test_taken(case: str, client, tmp_path) -> None:
    row, kept = TAKEN[case]
    done = imported(written(tmp_path / "r.xlsx", [HEAD, row, ["C000101", "", "", "", ""]]), client)
    who, decision = kept.split(",")[:2]
    other = "waiting" if who != "C000101" else "elsewhere"
    assert done.fates[["fate", "says"]].values.tolist() == [["taken", ""], [other, ""]]
    assert left(client) == kept + "\n"
    assert next_decision(client, who) == decision
    again = imported(tmp_path / "r.xlsx", client)
    assert again.fates["fate"].tolist() == ["unchanged", other]
    assert again.written is None
    assert left(client) == kept + "\n"


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, client, tmp_path) -> None:
    row, says = REFUSED[case]
    other = ["00777", "Not now", "moving", "鈴木", "2026-04-01"]
    path = written(tmp_path / "r.xlsx", [HEAD, row, other])
    done = imported(path, client)
    assert done.fates["fate"].tolist() == ["refused", "taken"]
    assert done.fates["says"].tolist() == [says, ""]
    assert left(client) == ""
    assert next_decision(client, "C000102") == "approach"
    imported(path, client, accept_rest=True)
    assert left(client) == "00777,not_now,moving,鈴木,2026-04-01\n"
    assert next_decision(client, "00777") == "not_now"


def test_every_sentence_of_a_refusal_has_its_japanese_twin(client, tmp_path) -> None:
    rows = [row for row, _ in REFUSED.values()]
    with language("ja"):
        done = imported(written(tmp_path / "r.xlsx", [HEAD, *rows]), client)
    assert done.fates["says"].str.len().gt(0).all()
    said = done.fates["says"].str.replace(r"「.*?」|--by|Sheet1", "", regex=True)
    assert not said.str.contains("[A-Za-z]{5,}").any()


# --- files that say the same --------------------------------------------------------------------
def text(rows: list[list[Any]], encoding: str, delimiter: str = ",") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding)


OTHERS = [["C000101", "", "", "", ""], ["00777", "", "", "", ""]]
ROWS = [OTHERS[0], GOOD, OTHERS[1]]
WIDE = ["x", "y"]
SHAPES: dict[str, list[list[list[Any]]] | bytes] = {
    "as the kit writes it": [[HEAD, *ROWS]],
    "in Japanese": [[HEAD_JA, *ROWS]],
    "by code": [[["customer_id", "override", "override_why", "override_by", "override_on"], *ROWS]],
    "a title above": [[["Reviewed by the team"], [], HEAD, *ROWS]],
    "far down and to the right": [[[]] * 25 + [[*WIDE, *row] for row in (HEAD, *ROWS)]],
    "columns moved": [[[*reversed(row)] for row in (HEAD, *ROWS)]],
    "sorted, the row at the end": [[HEAD, *OTHERS, GOOD]],
    "blank rows between": [[HEAD, OTHERS[0], [], [], GOOD, [], OTHERS[1]]],
    "the header once more": [[HEAD, OTHERS[0], HEAD, GOOD, OTHERS[1]]],
    "two sheets": [[HEAD, OTHERS[0]], [HEAD, GOOD, OTHERS[1]]],
    "on two sheets, one of them empty": [[HEAD, *OTHERS], [HEAD, GOOD]],
    "headings in capitals, blanks and line breaks": [
        [
            [
                "CUSTOMER ID",
                " Over\nride",
                "why  overruled",
                "Overruled By ",
                "ＯＶＥＲＲＵＬＥＤ ＯＮ",
            ],
            *ROWS,
        ]
    ],
    "renamed id and decision": [[["id", "decision", "reason", "by", "date"], *ROWS]],
    "renamed in Japanese": [[["顧客番号", "判断", "理由", "記入者", "記入日"], *ROWS]],
    "as overrides.csv": [[["customer_id", "decision", "reason_in_words", "by", "on"], *ROWS]],
    "the kit's own decision and reason beside": [
        [
            [*HEAD, "Decision", "Reason"],
            *([*row, "Approach", "Likely to pay"] for row in ROWS),
        ]
    ],
    "a note beside, a sheet of notes": [
        [[*HEAD, "Note"], *([*row, "see mail"] for row in ROWS)],
        [["To do"], ["call the printer"], [5]],
    ],
    "CSV, UTF-8 with a mark": text([HEAD, *ROWS], "utf-8-sig"),
    "CSV, cp932": text([HEAD_JA, *ROWS], "cp932"),
    "CSV, semicolons": text([HEAD, *ROWS], "utf-8", ";"),
    "Unicode text of Excel": text([HEAD_JA, *ROWS], "utf-16", "\t"),
    "CSV with a title": text([["Reviewed", "", "", "", ""], HEAD, *ROWS], "utf-8"),
    "OpenDocument": ods("".join(ods_row(*row) for row in (HEAD, *ROWS))),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_wherever_it_stands_it_is_found(shape: str, client, tmp_path) -> None:
    made = SHAPES[shape]
    path = tmp_path / "反映済み reviewed.xlsx"
    if isinstance(made, bytes):
        path = tmp_path / ("r.ods" if made.startswith(b"PK") else "r.csv")
        path.write_bytes(made)
    else:
        written(path, *made)
    done = imported(path, client)
    heads = done.fates["fate"].value_counts().to_dict()
    assert heads == {"waiting": len(done.fates) - 1, "taken": 1}
    assert len(done.fates) == 3
    assert left(client) == KEPT + "\n"
    assert next_decision(client, "C000102") == "not_now"


def test_the_kits_own_reason_never_stands_for_a_persons(client, tmp_path) -> None:
    head = ["Customer id", "Reason", "Override", "Overruled by"]  # "Why overruled" was deleted
    row = ["C000102", "Likely to pay", "Not now", "佐藤"]
    done = imported(written(tmp_path / "r.xlsx", [head, row]), client)
    assert done.fates["says"].tolist() == ["There is no reason in words. Write why."]


def test_hidden_and_filtered_rows_are_read(client, tmp_path) -> None:
    path = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("List")
        for at, row in enumerate([HEAD, *ROWS]):
            sheet.write_row(at, 0, row)
        sheet.autofilter(0, 0, 3, 4)
        sheet.set_row(2, None, None, {"hidden": True})
        book.add_worksheet("front").activate()
        sheet.hide()
    done = imported(path, client)
    assert done.fates.set_index("customer_id")["fate"].to_dict() == {
        "C000101": "waiting", "C000102": "taken", "00777": "waiting",
    }  # fmt: skip
    assert done.fates[["sheet", "row_number"]].values.tolist() == [
        ["List", 2],
        ["List", 3],
        ["List", 4],
    ]


def test_formulas_are_read_by_what_a_person_sees(client, tmp_path) -> None:
    path = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for place, shown in enumerate(["C000102", "Not now", "in talks", "佐藤"]):
            sheet.write_formula(1, place, "=Other!A1", None, shown)
        sheet.write_formula(1, 4, "=TODAY()", None, 46114)
        sheet.write_row(2, 0, ["00777", "Not now", "x"])
        sheet.write_formula(2, 3, "=me", None, "#NAME?")
    done = imported(path, client)
    assert done.fates["fate"].tolist() == ["taken", "refused"]
    assert done.fates["says"][1] == NOT_SIGNED  # an error is no name either


# --- what cannot be read at all -----------------------------------------------------------------
FILES: dict[str, tuple[str, list[list[list[Any]]] | bytes, str]] = {
    "customers, but the decision has no name": (
        "r.xlsx",
        [[["Customer id", "What we think", "Why overruled"], ["C000102", "Not now", "in talks"]]],
        "r.xlsx, sheet Sheet1, has customers, but no row with the headings Customer id and "
        "Override was found. It has ['Customer id', 'What we think', 'Why overruled']. Name "
        "the columns so, or delete the sheet.",
    ),
    "customers, but the id has no name": (
        "r.xlsx",
        [[HEAD, GOOD], [["No.", *HEAD[1:]], ["00777", *GOOD[1:]]]],
        "r.xlsx, sheet Sheet2, has customers, but no row with the headings Customer id and "
        "Override was found. It has ['No.', 'Override', 'Why overruled', 'Overruled by', "
        "'Overruled on']. Name the columns so, or delete the sheet.",
    ),
    "no header at all": (
        "r.csv",
        text([GOOD], "utf-8"),
        "r.csv, sheet r.csv, has customers, but no row with the headings Customer id and "
        "Override was found. It has ['C000102', 'Not now', 'in talks', '佐藤', '2026-04-02']. "
        "Name the columns so, or delete the sheet.",
    ),
    "two columns of one name": (
        "r.xlsx",
        [[[*HEAD, "上書き"], [*GOOD, "Approach"]]],
        "r.xlsx, sheet Sheet1, has two columns that may be the same: ['Override', '上書き']. "
        "Rename or delete one of them.",
    ),
    "no customers": (
        "r.xlsx",
        [[["To do"], ["call the printer"]]],
        "r.xlsx has no sheet with a customer id and a column to decide in. Give the reviewed "
        "actions.xlsx, or name the columns Customer id and Override.",
    ),
    "a PDF by the name of a workbook": (
        "r.xlsx",
        b"%PDF-1.7\n" + bytes(range(256)) * 4,
        "r.xlsx is no workbook but a PDF document. Give the reviewed actions.xlsx, or a copy of it "
        "as .xlsx, .xls, .ods or .csv.",
    ),
    "nothing": (
        "r.xlsx",
        b"",
        "r.xlsx is empty. Give the reviewed actions.xlsx, or a copy of it as .xlsx, .xls, .ods or "
        ".csv.",
    ),
    "a text by the name of a workbook": (
        "r.xlsx",
        b"not a workbook",
        "r.xlsx has no sheet with a customer id and a column to decide in. Give the reviewed "
        "actions.xlsx, or name the columns Customer id and Override.",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_is_one_sentence(case: str, client, tmp_path) -> None:
    name, made, sentence = FILES[case]
    path = tmp_path / name
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        written(path, *made)
    with pytest.raises(KitError) as told:
        imported(path, client)
    assert str(told.value) == sentence
    assert left(client) == ""


def test_a_damaged_workbook_and_a_missing_one_are_one_sentence(client, tmp_path) -> None:
    path = written(tmp_path / "r.xlsx", [HEAD, GOOD])
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(KitError, match=r"^r\.xlsx \(list review\) is damaged or cut off"):
        imported(path, client)
    with pytest.raises(KitError, match=r"^There is no workbook at .*gone\.xlsx\. Give the path"):
        imported(tmp_path / "gone.xlsx", client)


# --- several rows, several imports --------------------------------------------------------------
def test_the_same_customer_twice(client, tmp_path) -> None:
    equal = [HEAD, GOOD, ["00777", "Not now", "x", "鈴木", "4/1"]]
    path = written(
        tmp_path / "r.xlsx", equal, [HEAD, GOOD, ["00777", "Approach", "x", "鈴木", "4/1"]]
    )
    done = imported(path, client)
    assert done.fates[["row_number", "fate", "says"]].values.tolist() == [
        [2, "taken", ""],
        [3, "refused", "00777 is decided differently in Sheet2, row 3. Keep one of the two."],
        [2, "unchanged", "The same as in Sheet1, row 2."],
        [3, "refused", "00777 is decided differently in Sheet1, row 3. Keep one of the two."],
    ]
    assert left(client) == ""


def test_an_older_workbook_never_beats_a_newer_word(client, tmp_path) -> None:
    newer = written(tmp_path / "newer.xlsx", [HEAD, [*GOOD[:1], "Approach", "back", "鈴木", "4/5"]])
    older = written(tmp_path / "older.xlsx", [HEAD, GOOD])
    imported(newer, client)
    done = imported(older, client)
    assert done.fates[["fate", "says"]].values.tolist() == [
        ["taken", 'A later word stands: "Approach" by 鈴木, 2026-04-05.']
    ]
    assert left(client) == f"C000102,approach,back,鈴木,2026-04-05\n{KEPT}\n"
    assert next_decision(client, "C000102") == "approach"
    again = imported(older, client)
    assert again.fates[["fate", "says"]].values.tolist() == [
        ["unchanged", 'A later word stands: "Approach" by 鈴木, 2026-04-05.']
    ]


def test_at_equal_days_the_last_import_counts_and_an_earlier_file_is_no_news(
    client, tmp_path
) -> None:
    first = written(tmp_path / "first.xlsx", [HEAD, GOOD])
    second = written(tmp_path / "second.xlsx", [HEAD, [*GOOD[:1], "Approach", *GOOD[2:]]])
    imported(first, client)
    imported(second, client)
    assert next_decision(client, "C000102") == "approach"
    done = imported(first, client)
    assert done.fates[["fate", "says"]].values.tolist() == [
        ["unchanged", 'A later word stands: "Approach" by 佐藤, 2026-04-02.']
    ]
    assert next_decision(client, "C000102") == "approach"


def test_who_and_when_may_be_said_on_the_command_line(client, tmp_path) -> None:
    path = written(
        tmp_path / "r.xlsx", [HEAD, [*GOOD[:3], "", ""], ["00777", *GOOD[1:]], ["C000101"]]
    )
    done = imported(path, client, by="山田", on=date(2026, 4, 6))
    assert done.fates["fate"].tolist() == ["taken", "taken", "waiting"]
    assert left(client) == (
        "C000102,not_now,in talks,山田,2026-04-06\n00777,not_now,in talks,佐藤,2026-04-02\n"
    )


def test_an_older_overrides_file_stays_word_for_word(client, tmp_path) -> None:
    kept = client.folder / "overrides.csv"
    kept.write_bytes((OLD_FIRST + "C000123,アプローチする,前から,佐藤,2026/3/1\n").encode("cp932"))
    imported(written(tmp_path / "r.xlsx", [HEAD, GOOD]), client)
    assert left(client) == f"C000123,アプローチする,前から,佐藤,2026/3/1\n{KEPT}\n"
    assert next_decision(client, "C000123") == "approach"
    unchanged = [HEAD, ["C000123", "Approach", "前から", "佐藤", "R8.3.1"]]
    done = imported(written(tmp_path / "again.xlsx", unchanged), client)
    assert done.fates["fate"].tolist() == ["unchanged"]


# --- agreed, another owner, another day ---------------------------------------------------------
MORE = [*HEAD, "Other owner", "Other day", "Looked at, agreed"]
BLANK = [""] * 4
# What stands in the yellow cells behind the id -> fate, the line that is kept.
SAID: dict[str, tuple[list[Any], str, str]] = {
    "yes": ([*BLANK, "", "", "yes"], "agreed", "approach,,山田,2026-03-31,,,yes"),
    "はい": ([*BLANK, "", "", "はい"], "agreed", "approach,,山田,2026-03-31,,,yes"),
    "a circle": ([*BLANK, "", "", "○"], "agreed", "approach,,山田,2026-03-31,,,yes"),
    "a tick": ([*BLANK, "", "", "✓"], "agreed", "approach,,山田,2026-03-31,,,yes"),
    "x": ([*BLANK, "", "", "x"], "agreed", "approach,,山田,2026-03-31,,,yes"),
    "TRUE": ([*BLANK, "", "", True], "agreed", "approach,,山田,2026-03-31,,,yes"),
    "1": ([*BLANK, "", "", 1], "agreed", "approach,,山田,2026-03-31,,,yes"),
    "by whom, when": (
        ["", "", "佐藤", "4/2", "", "", "済み"], "agreed", "approach,,佐藤,2026-04-02,,,yes",
    ),
    "the kit's decision without a reason": (
        ["Approach", "", "", "", "", "", ""], "agreed", "approach,,山田,2026-03-31,,,yes",
    ),
    "agreed, with a reason": (
        ["", "knows them", "", "", "", "", "yes"], "agreed",
        "approach,knows them,山田,2026-03-31,,,yes",
    ),
    "the kit's decision with a reason is a person's own": (
        ["Approach", "must go now", "", "", "", "", ""], "taken",
        "approach,must go now,山田,2026-03-31,,,",
    ),
    "the same, agreed to as well": (
        ["Approach", "must go now", "", "", "", "", "○"], "taken",
        "approach,must go now,山田,2026-03-31,,,",
    ),
    "the owner alone": (
        [*BLANK, "鈴木", "", ""], "taken", "approach,,山田,2026-03-31,鈴木,,yes",
    ),
    "the owner as people write": (
        [*BLANK, " 田中（アフター）", "", ""], "taken",
        "approach,,山田,2026-03-31,田中(アフター),,yes",
    ),
    "the day alone": (
        [*BLANK, "", "4/3", ""], "taken", "approach,,山田,2026-03-31,,2026-04-03,yes",
    ),
    "a day behind the plan": (
        [*BLANK, "", datetime(2026, 5, 7), ""], "taken",
        "approach,,山田,2026-03-31,,2026-05-07,yes",
    ),
    "all of it": (
        ["Not now", "in talks", "佐藤", "4/2", "鈴木", "2026年4月15日", ""], "taken",
        "not_now,in talks,佐藤,2026-04-02,鈴木,2026-04-15,",
    ),
    "not agreed, and decided": (
        ["Not now", "in talks", "", "", "", "", "no"], "taken",
        "not_now,in talks,山田,2026-03-31,,,",
    ),
}  # fmt: skip
NOT_SAID: dict[str, tuple[list[Any], str]] = {
    "an owner nobody knows": (
        [*BLANK, "高橋", "", ""],
        '"高橋" is no owner that is known. There are: 佐藤, 木村, 田中(アフター), 鈴木. Write one '
        "of them, or add the name to [teams] of client.toml.",
    ),
    "a Saturday": (
        [*BLANK, "", "2026-04-04", ""],
        "Other day: 2026-04-04 is no working day. The next possible day is 2026-04-06.",
    ),
    "a holiday": (
        [*BLANK, "", "4/29", ""],
        "Other day: 2026-04-29 is no working day. The next possible day is 2026-04-30.",
    ),
    "in the past": (
        [*BLANK, "", "3/30", ""],
        "Other day: 2026-03-30 lies before the plan, which begins on 2026-04-01. The next "
        "possible day is 2026-04-01.",
    ),
    "a day off of the new owner": (
        [*BLANK, "木村", "4/6", ""],
        "Other day: 木村 does not work on 2026-04-06. The next possible day is 2026-04-08.",
    ),
    "no day": ([*BLANK, "", "soon", ""], "Other day: " + no_day("soon")),
    "years away": (
        [*BLANK, "", "2028-04-03", ""],
        "Other day: The day is read as 2028-04-03, more than a year from 2026-03-31, the day of "
        "the list. Correct it, or leave it empty.",
    ),
    "a day for who is not approached": (
        ["Not approached", "closed", "", "", "", "4/3", ""],
        "Other day: Nothing is done for who is not approached. Empty the day.",
    ),
    "neither yes nor no": (
        [*BLANK, "", "", "perhaps"],
        '"perhaps" under Looked at, agreed is neither a yes nor a no. Write yes, or leave it '
        "empty.",
    ),
    "no, and nothing else": (
        [*BLANK, "", "", "×"],
        "It says that you do not agree, but no other decision stands here. Choose one, or empty "
        "the yellow cells.",
    ),
    "yes, and another decision": (
        ["Not now", "in talks", "", "", "", "", "yes"],
        'It says that you agree to "Approach", and decides "Not now" beside it. Empty one of the '
        "two.",
    ),
    "the same, but not agreed, without a reason": (
        ["Approach", "", "", "", "", "", "no"],
        "There is no reason in words. Write why.",
    ),
}


@pytest.fixture
def teams(client):
    """The client with two teams, the second off on two days."""
    text = client.path.read_text(encoding="utf-8") + (
        '[teams.inside]\nowners = ["田中(アフター)"]\n'
        '[teams.outside]\nowners = ["木村"]\ndays_off = [2026-04-06, 2026-04-07]\n'
    )
    client.path.write_text(text, encoding="utf-8")
    return open_client(client.path, out=client.out)


@pytest.mark.parametrize("case", SAID)
def test_agreed_another_owner_another_day(case: str, teams, tmp_path) -> None:
    cells, fate, kept = SAID[case]
    path = written(tmp_path / "r.xlsx", [MORE, ["C000102", *cells], ["C000101"]])
    done = imported(path, teams, by="山田")
    assert done.fates[["fate", "says"]].values.tolist() == [[fate, ""], ["waiting", ""]]
    assert left(teams, "") == f"C000102,{kept}\n"
    again = imported(path, teams, by="山田")
    assert again.fates["fate"].tolist() == ["unchanged", "waiting"]
    assert left(teams, "") == f"C000102,{kept}\n"


@pytest.mark.parametrize("case", NOT_SAID)
def test_what_cannot_be_agreed_to_or_moved(case: str, teams, tmp_path) -> None:
    cells, says = NOT_SAID[case]
    path = written(tmp_path / "r.xlsx", [MORE, ["C000102", *cells]])
    done = imported(path, teams, by="山田")
    assert done.fates[["fate", "says"]].values.tolist() == [["refused", says]]
    assert left(teams, "") == ""
    with language("ja"):
        told = imported(path, teams, by="山田").fates["says"].str.replace("「.*?」", "", regex=True)
    assert (
        not told.str.replace(r"teams|client\.toml", "", regex=True)
        .str.contains("[A-Za-z]{4,}")
        .any()
    )


def test_nobody_agrees_without_a_name(client, tmp_path) -> None:
    done = imported(
        written(tmp_path / "r.xlsx", [MORE, ["C000102", *BLANK, "", "", "yes"]]), client
    )
    assert done.fates[["fate", "says"]].values.tolist() == [["refused", NOT_SIGNED]]


def test_what_is_printed_of_agreements_owners_and_days(teams, tmp_path) -> None:
    rows = [
        ["C000102", *BLANK, "", "", "yes"],
        ["C000101", *BLANK, "", "", "○"],
        ["00777", "Approach", "knows us", "", "", "鈴木", "4/3", ""],
        ["C000123", *BLANK, "鈴木", "", ""],
    ]
    done = imported(written(tmp_path / "r.xlsx", [MORE, *rows]), teams, by="山田")
    assert done.still_open == 1
    assert done.says()[1:] == [
        "Rows with a customer: 4", "  taken: 2", "  agreed: 2", "  unchanged: 0", "  waiting: 0",
        "  refused: 0", "Taken:",
        "  Approach (brought forward), owner 鈴木, on 2026-04-03: 1, by 山田, 2026-03-31",
        "  Not now, owner 鈴木: 1, by 山田, 2026-03-31",
        "Agreed:", "  2, by 山田, 2026-03-31",
    ]  # fmt: skip
    with language("ja"):
        assert done.says()[-5:] == [
            "取り込んだ判断：",
            "  アプローチする（前倒し）・担当は鈴木・2026-04-03に：1名、山田、2026-03-31",
            "  今は待つ・担当は鈴木：1名、山田、2026-03-31",
            "同意：",
            "  2名、山田、2026-03-31",
        ]


def test_a_customer_on_several_sheets_is_judged_once(client, tmp_path) -> None:
    empty = ["C000102"]
    agreed = ["C000102", "", "", "佐藤", "", "", "", "yes"]
    first = written(tmp_path / "one.xlsx", [MORE, empty, ["00777"]], [MORE, agreed, ["00777"]])
    done = imported(first, client)
    assert done.fates["fate"].tolist() == ["elsewhere", "waiting", "agreed", "elsewhere"]
    assert "  said in another row: 2" in done.says()
    # The next workbook shows on both sheets what stands; one of them is changed.
    changed = ["C000102", "Not now", "in talks", "佐藤", "4/2"]
    second = written(tmp_path / "two.xlsx", [MORE, agreed], [MORE, changed])
    done = imported(second, client)
    assert done.fates[["fate", "says"]].values.tolist() == [["elsewhere", ""], ["taken", ""]]
    assert next_decision(client, "C000102") == "not_now"


def test_an_agreement_holds_as_long_as_the_kit_decides_the_same(client, tmp_path) -> None:
    from segment_lib.report.decisions_said import review_state

    rows = [[name, "", "", "佐藤", "", "", "", "yes"] for name in ("C000102", "00777")]
    imported(written(tmp_path / "r.xlsx", [MORE, *rows]), client)
    review = apply_overrides(decisions(), read_overrides(client))
    assert review.table["agreed"].to_dict() == {
        "C000101": False, "C000102": True, "C000103": False, "C000123": False, "00777": True,
    }  # fmt: skip
    assert review.table["override"].isna().all()  # nobody is brought forward by an agreement
    assert review.table["override_by"].dropna().tolist() == ["佐藤", "佐藤"]
    assert review_state({"overrides": review.overrides}, client) == (
        "Customers a person has looked at: 2; agreed with the decision: 2, decided otherwise: 0. "
        "What nobody has looked at one by one is provisional."
    )
    later = decisions().assign(
        decision=["grow", "not_now", "not_approached", "not_now", "approach"]
    )
    review = apply_overrides(later, read_overrides(client))
    assert review.table["decision"].equals(later["decision"])
    assert review.table.index[review.table["agreed"]].tolist() == ["00777"]
    assert review_state({"overrides": review.overrides}, client) == (
        "Customers a person has looked at: 2; agreed with the decision: 1, decided otherwise: 0. "
        "Decisions that wait: 1 (were agreed to, but the kit decides otherwise now: C000102). What "
        "nobody has looked at one by one is provisional."
    )
    with language("ja"):
        assert "同意した後に、判断が変わりました：C000102" in review_state(
            {"overrides": review.overrides}, client
        )


def test_once_all_are_looked_at_nothing_is_provisional(client) -> None:
    from segment_lib.report.decisions_said import review_state

    seen = decisions().reset_index()[["customer_id", "decision"]]
    write_overrides(
        seen.assign(reason_in_words="", by="佐藤", on="2026-04-02", agreed=True), client
    )
    review = apply_overrides(decisions(), read_overrides(client))
    frames = {"overrides": review.overrides, "customers": review.table}
    assert review_state(frames, client) == (
        "Customers a person has looked at: 5; agreed with the decision: 5, decided otherwise: 0. "
        "Everybody was looked at one by one."
    )


def test_a_week_that_only_people_overfill_is_told_wherever_the_review_is(teams) -> None:
    from segment_lib.report.decisions_said import review_state

    teams.path.write_text(
        teams.path.read_text(encoding="utf-8").replace('["木村"]', '["木村"]\nhours_per_week = 2'),
        encoding="utf-8",
    )
    hours = open_client(teams.path, out=teams.out)
    day = {"do_on": "2026-04-15", "owner": "木村", "agreed": True, "by": "佐藤", "on": "2026-04-02"}
    seen = decisions().reset_index()[["customer_id", "decision"]].iloc[[0, 1]]
    write_overrides(seen.assign(reason_in_words="", **day), hours)
    review = apply_overrides(decisions(), read_overrides(hours))
    set_day = review.table["override_day"]
    plan = review.table.assign(do_on=set_day, owner="木村", planned_week=3)
    frames = {"overrides": review.overrides, "customers": plan}
    assert (
        "木村: the days that people set take 3.0 hours in week 3, but there are 2.0 hours. What "
        "nobody has looked at"
    ) in review_state(frames, hours)


def test_who_agrees_to_another_persons_decision_leaves_it_standing(client) -> None:
    word = {"customer_id": "C000102", "decision": "not_now", "reason_in_words": "in talks"}
    write_overrides(pd.DataFrame([word | {"by": "佐藤", "on": "2026-04-02"}]), client)
    agreed = {
        "reason_in_words": "",
        "by": "鈴木",
        "on": "2026-04-05",
        "owner": "鈴木",
        "agreed": True,
    }
    write_overrides(pd.DataFrame([word | agreed]), client)
    row = apply_overrides(decisions(), read_overrides(client)).table.loc["C000102"]
    assert row[["decision", "override_by", "override_owner"]].tolist() == [
        "not_now",
        "佐藤",
        "鈴木",
    ]
    assert not row["agreed"]


# --- whose workbook, and what was changed outside the yellow columns ----------------------------
def with_others(**cells: Any) -> list[list[Any]]:
    """The good row unwritten, with the columns that are not read, some of them changed."""
    kit = {
        "do_on": datetime(2026, 4, 10), "owner": "佐藤", "channel": "call", "effort_hours": 1.5,
        "action": "Serve as agreed",
    }  # fmt: skip
    head = [*HEAD, *(label(column) for column in kit)]
    return [head, ["C000102", "", "", "", "", *(kit | cells).values()]]


def marked(path: Path, sheet: list[list[Any]], name: str = "web", same: bool = True) -> Path:
    decided = decisions_mark(decisions()) if same else "0" * 12
    return written(path, sheet, mark=f"目印 client={name} as_of=2026-03-31 decisions={decided}")


def test_nothing_changed_is_nobody_looked(client, tmp_path) -> None:
    done = imported(marked(tmp_path / "r.xlsx", with_others()), client)
    assert done.fates["fate"].tolist() == ["waiting"]
    assert done.notes == ()


@pytest.mark.parametrize(
    ("column", "cell", "named"),
    [
        ("owner", "鈴木", 'Owner was changed to "鈴木"'),
        ("owner", "", 'Owner was changed to ""'),
        ("do_on", datetime(2026, 4, 3), 'Planned day was changed to "2026-04-03"'),
        ("do_on", "4月3日", 'Planned day was changed to "4月3日"'),
        ("action", "Send flowers", 'Action was changed to "Send flowers"'),
        ("channel", "visit", 'Channel was changed to "visit"'),
        ("effort_hours", 3, 'Hours was changed to "3"'),
    ],
)
def test_a_change_outside_the_yellow_columns_is_named(
    column, cell, named, client, tmp_path
) -> None:
    yellow = {"owner": "Other owner", "do_on": "Other day"}.get(column)
    instead = (
        f', and write it into the yellow column "{yellow}".'
        if yellow
        else "; actions, means and hours stand in [[actions]] of client.toml."
    )
    path = marked(tmp_path / "r.xlsx", with_others(**{column: cell}))
    done = imported(path, client)
    assert done.fates[["fate", "says"]].values.tolist() == [
        [
            "refused",
            f"{named}, but only the yellow columns are read. Put it back{instead}",
        ]
    ]
    older = marked(tmp_path / "older.xlsx", with_others(**{column: cell}), same=False)
    done = imported(older, client)
    assert done.fates["fate"].tolist() == ["waiting"]
    assert done.notes == (
        "older.xlsx was made from other decisions than those of the last run. Its yellow columns "
        "are checked against the last run; what was changed outside them was not looked at.",
    )


def test_words_of_either_language_are_no_change(client, tmp_path) -> None:
    cells = {
        "channel": "電話", "owner": " 佐藤", "action": "通常対応",
        "do_on": "2026年4月10日",
    }  # fmt: skip
    done = imported(marked(tmp_path / "r.xlsx", with_others(**cells)), client)
    assert done.fates["fate"].tolist() == ["waiting"]


def test_a_workbook_of_another_client_is_refused(client, tmp_path) -> None:
    with pytest.raises(KitError) as told:
        imported(marked(tmp_path / "r.xlsx", [HEAD, GOOD], name="shop"), client)
    assert str(told.value) == (
        'r.xlsx is the workbook of the client "shop", but --client names "web". Nothing was '
        'written. Give the client.toml of "shop", or the workbook of "web".'
    )
    assert left(client) == ""


def test_a_copy_without_the_mark_is_taken_with_a_word(client, tmp_path) -> None:
    sheets = [HEAD, GOOD], [["To do"], ["call the printer"]]
    done = imported(written(tmp_path / "r.xlsx", *sheets), client)
    assert done.notes == (
        "r.xlsx does not say of which client it is (a copy, or of an older kit); it is read as "
        "web's. What was changed outside the yellow columns was not looked at.",
        'The sheet "Sheet2" has no customers and was passed over.',
    )


def test_ids_that_nobody_has_are_told_though_nothing_is_decided(client, tmp_path) -> None:
    rows = [["C000102"], ["901"], ["902"]]
    done = imported(marked(tmp_path / "r.xlsx", [HEAD, *rows]), client)
    assert done.fates["fate"].tolist() == ["waiting"] * 3
    assert done.notes == (
        "2 of the rows that nobody has looked at name an id that is in no list of the last run, "
        "for example 901.",
    )


def test_emptied_cells_take_no_word_back_and_that_is_told(client, tmp_path) -> None:
    imported(written(tmp_path / "r.xlsx", [HEAD, GOOD]), client)
    done = imported(marked(tmp_path / "emptied.xlsx", [HEAD, [*GOOD[:1]], OTHERS[1]]), client)
    assert done.fates["fate"].tolist() == ["waiting", "waiting"]
    assert done.notes == (
        "For 1 of the rows with empty yellow columns an earlier word stands in overrides.csv, for "
        "example C000102. It goes on holding; to change it, write another decision.",
    )
    assert left(client) == KEPT + "\n"


def test_what_is_printed(client, tmp_path) -> None:
    rows = [GOOD, ["00777", *GOOD[1:]], ["C000123", "Not now", "stay", "鈴木", ""], ["C000101"]]
    done = imported(marked(tmp_path / "r.xlsx", [HEAD, *rows]), client)
    assert done.says() == [
        "Rows with a customer: 4",
        "  taken: 3",
        "  agreed: 0",
        "  unchanged: 0",
        "  waiting: 1",
        "  refused: 0",
        "Taken:",
        "  Approach → Not now: 2, by 佐藤, 2026-04-02",
        "  Not now (confirmed): 1, by 鈴木, 2026-03-31",
    ]
    with language("ja"):
        assert done.says()[-3:] == [
            "取り込んだ判断：",
            "  アプローチする → 今は待つ：2名、佐藤、2026-04-02",
            "  今は待つ（そのとおり）：1名、鈴木、2026-03-31",
        ]


def test_no_other_column_of_the_workbook_is_taken_for_a_yellow_one() -> None:
    yellow = {word.casefold() for words in CALLED.values() for word in words}
    others = {name for names in SHEET_COLUMNS.values() for name in names} - set(CALLED)
    labels = others | set().union(*(in_either_language(partial(label, other)) for other in others))
    assert not yellow & {name.casefold() for name in labels}


def test_the_next_run_says_who_was_looked_at_what_holds_waits_and_names_nobody(client) -> None:
    from segment_lib.report.decisions_said import review_state

    said = pd.DataFrame(
        [
            ("C000102", "not_now", "in talks", "佐藤", "2026-04-02"),
            ("C000101", "not_approached", "signed since", "佐藤", "2026-04-02"),
            ("C000103", "approach", "opted out since", "佐藤", "2026-04-02"),
            ("C999", "approach", "gone", "佐藤", "2026-04-02"),
        ],
        columns=["customer_id", "decision", "reason_in_words", "by", "on"],
    )
    write_overrides(said, client)
    review = apply_overrides(decisions(), read_overrides(client))
    frames = {"overrides": review.overrides}
    assert review_state(frames, client) == (
        "Customers a person has looked at: 3; agreed with the decision: 0, decided otherwise: 1. "
        "Decisions that wait: 2 (have asked not to be contacted: C000103; are under contract now: "
        "C000101). "
        "Decisions for ids that stand in no list: 1 (C999). What nobody has looked at one by one "
        "is provisional."
    )
    with language("ja"):
        assert review_state(frames, client) == (
            "担当者が確認したお客様は3名です（判断に同意0名、別の判断1名）。2名の判断は保留しています"
            "（ご連絡を希望されない：C000103、現在ご契約中：C000101）。どのリストにもない番号への判断が"
            "1件あります（C999）。一人ひとり確認していない判断は「暫定」です。"
        )
    assert review_state({}, client) == "What nobody has looked at one by one is provisional."
