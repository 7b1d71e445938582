"""Both samples shared: nobody of their raw lists, and nobody of ours, stands in any file."""

import csv
import io
import re
from pathlib import Path

import pytest
from invented_run import finish
from python_calamine import CalamineWorkbook
from said_in_files import found, tables_of, told_by_the_others

from segment_lib.client import list_files, open_client
from segment_lib.sharing import share
from segment_lib.voice import use_language

ROOT = Path(__file__).parents[2]
SAMPLES = {"web": "sample_data/client.toml", "shop": "sample_data/shop/client.toml"}
WHO = ("customer_id", "name", "contact_person", "owner", "telephone", "email", "address",
       "referred_by", "needs")  # fmt: skip
COUNTED = ("Customers", "人数", "Planned in these weeks", "この期間の計画", "n")

pytestmark = pytest.mark.slow


def cells_of(path, section):
    """The rows of a raw list as they stand in the file, headers first."""
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        rows = [[str(cell) for cell in row] for row in sheet]
    else:
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp932")
        rows = list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text[:4000], ",\t;")))
    return rows[(section.header_row or 1) - 1 :]


def everybody(client):
    """Every word of the raw lists that says who somebody is; a telephone with and without marks."""
    words = {}
    for name, section in client.lists.items():
        for path in list_files(client, name):
            head, *rows = cells_of(path, section)
            for column in WHO:
                header = section.columns.get(column)
                at = head.index(header) if header in head else None
                if at is not None:
                    got = {row[at].strip() for row in rows if len(row) > at}
                    words.setdefault(column, set()).update(got)
    if "telephone" in words:
        words["telephone"] |= {re.sub(r"\D", "", one) for one in words["telephone"]}
    return {column: {one for one in got if len(one) > 1} for column, got in words.items()}


@pytest.fixture(scope="module", params=[("web", "en"), ("web", "ja"), ("shop", "ja")])
def shared(request, tmp_path_factory):
    name, spoken = request.param
    client = finish(open_client(ROOT / SAMPLES[name], tmp_path_factory.mktemp("out"), spoken))
    yield client, share(client, tmp_path_factory.mktemp("copies") / "copy").folder
    use_language("en")


def test_no_name_number_or_address_of_the_raw_lists_is_in_any_file(shared):
    client, folder = shared
    words = everybody(client)
    assert len(words["customer_id"]) > 700
    assert len(words["name"]) > 500
    if client.name == "web_marketing":
        assert len(words["email"]) > 4000
        assert len(words["telephone"]) > 4000
        assert len(words["owner"]) > 3
    ours = {"佐藤", "鈴木", "田中", "高橋", client.client.title, client.client.title_ja}
    title = {one for one in ours if one and one in client.path.read_text(encoding="utf-8")}
    assert len(title) >= 2
    everything = set().union(*words.values(), title)
    assert found(everything, folder) == []


def test_no_table_counts_fewer_than_five_or_tells_them_by_a_sum(shared):
    _client, folder = shared
    page = (folder / "report.html").read_text(encoding="utf-8")
    seen = 0
    for table in tables_of(page):
        for at in [at for at, head in enumerate(table[0]) if head in COUNTED]:
            cells = [row[at] for row in table[1:]]
            seen += cells.count("<5")
            shown = [cell for cell in cells if cell not in ("<5", "—")]
            assert all(int(cell.replace(",", "")) % 5 == 0 for cell in shown), table[0]
        if len(table[0]) == 7 and table[0][1] in COUNTED:
            assert [told_by_the_others(row[2:6], row[1]) for row in table[1:]] == [
                [] for _row in table[1:]
            ]
    assert seen
