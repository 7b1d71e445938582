"""kit.py share: nobody is named in any file of the copy, and no small group is counted."""

import os
import shutil
import stat

import invented_run as made
import pandas as pd
import pytest
from said_in_files import column, found, may_be, tables_of, told_by_the_others

from segment_lib import thread
from segment_lib.__main__ import main
from segment_lib.checks import KitError, StaleResult
from segment_lib.client import open_client
from segment_lib.in_words import count
from segment_lib.report.few import covered
from segment_lib.results_folder import take_along
from segment_lib.sharing import frames as shared
from segment_lib.sharing import share
from segment_lib.sharing.pseudonyms import pseudonyms_of
from segment_lib.voice import in_fives, language, ngettext, to_share

WHO = ("no", "firm", "person", "tel", "mail", "place", "rep", "wish")
OURS = ("佐伯", "Ms Quill", "Dr. Ferngrove", "Hidden Falls", "hidden_falls")
FILES = ["README.txt", "actions.xlsx", "customers.parquet", "decisions.parquet", "report.html"]


@pytest.fixture(scope="module", params=["en", "ja"])
def copy(small, request, tmp_path_factory):
    """A copy of the small run, in each language."""
    client = open_client(small.path, small.out, request.param)
    folder = tmp_path_factory.mktemp("copies") / "copy"
    share(client, folder)
    return folder


def words_of_everybody() -> set[str]:
    return {row[name] for row in made.people() for name in WHO if len(row[name]) > 1}


def test_nobody_is_named_in_any_file(copy):
    assert sorted(path.name for path in copy.iterdir()) == FILES
    assert found({*words_of_everybody(), *OURS}, copy) == []


def test_the_search_finds_whoever_is_named(small):
    """The same search in the run itself, or the test above could not fail."""
    hits = " ".join(found([*OURS[:4], "Wolfram007 Werke", "K-0007"], small.out_folder))
    for where in ("report.html", "actions.xlsx", "customers.parquet", "plan.csv", "picture"):
        assert where in hits


def test_no_path_of_the_machine_and_no_key_stands_in_it(copy, small):
    key = (small.out_folder / "share.key").read_text().strip()
    assert found([str(small.out), str(small.path.parent), key], copy) == []


def test_every_customer_is_there_once_with_what_was_decided(copy, small):
    told = pd.read_parquet(copy / "decisions.parquet")
    real = thread.read_decisions(small)
    assert told["customer_id"].is_unique
    assert told["customer_id"].is_monotonic_increasing  # their order tells no id
    assert told["customer_id"].str.fullmatch(r"C_[0-9a-f]{8,}").all()
    for name in ("decision", "reason", "do_on", "effort_hours"):
        assert told[name].value_counts().to_dict() == real[name].value_counts().to_dict()


def test_who_sent_whom_still_fits_together(copy):
    people = pd.read_parquet(copy / "customers.parquet")
    sent = people["referred_by"].dropna()
    assert len(sent) == 12
    assert set(sent) <= set(people["customer_id"])
    assert people["owner"].nunique() == 4  # three, and nobody
    single = people.groupby("owner").size()
    assert sorted(single) == [7, 13, 20, 20]


def test_no_attribute_singles_out_fewer_than_five(copy):
    people = pd.read_parquet(copy / "customers.parquet")
    assert people["trade"].value_counts().min() >= 5
    assert "circus" not in set(people["trade"])
    assert people["staff"].value_counts().min() >= 5
    assert "98" not in " ".join(people["staff"].dropna())  # that of whoever has most


def test_tables_count_nobody_below_five_and_tell_none_by_a_sum(copy):
    page = (copy / "report.html").read_text(encoding="utf-8")
    numbers, tables = 0, tables_of(page)
    assert "&lt;5" in page
    for table in tables:
        for heading in {"Customers", "人数", "Planned in these weeks", "この期間の計画", "n"} & set(
            table[0]
        ):
            cells = [cell for cell in column(table, heading) if cell != "—"]
            numbers += len(cells)
            assert all(may_be(cell)[-1] < 5 or int(cell.replace(",", "")) % 5 == 0 for cell in cells
                       if cell != "<5")  # fmt: skip
            assert not {"1", "2", "3", "4"} & set(cells)
            assert told_by_the_others(cells, _fives(made.PEOPLE)) == []
    assert numbers > 10
    decisions = next(table for table in tables if len(table[0]) == 7)
    for row in decisions[1:]:
        assert told_by_the_others(row[2:6], row[1]) == []


def _fives(n: int) -> str:
    with to_share():
        return count(n)


@pytest.mark.parametrize("least", range(1, 5))
def test_no_small_count_comes_out_of_what_adds_up(least):
    """Every table of three groups and one small one, whatever their sizes."""
    with to_share():
        for first in range(5, 16):
            for second in range(5, 16):
                for third in (0, 3, 7, 8, 12):
                    parts = [least, first, second, third]
                    assert told_by_the_others(covered(parts), count(sum(parts))) == [], parts
        assert told_by_the_others(["<5", "10", "15"], "35") != []  # or this could not fail


def test_fives_and_less_than_five_are_said_in_sentences():
    assert [in_fives(n) for n in (0, 1, 2, 4, 5, 7, 8, 12, 13, 1002)] == [
        0, 2, 2, 2, 5, 5, 10, 10, 15, 1000,
    ]  # fmt: skip
    with to_share():
        assert count(3) == "<5"
        assert ngettext("{n} customer", "{n:,} customers", 1) == "<5 customers"
        assert ngettext("{n} week", "{n} weeks", 3) == "3 weeks"
    assert count(3) == "3"


def test_a_sentence_that_says_a_person_is_left_out(copy):
    told = pd.read_parquet(copy / "decisions.parquet")
    own = told[told["content"].str.contains("Wolfram|Zimt|secret")]
    assert own.empty
    asked = told[told["action"].str.startswith("Ask ")]
    assert len(asked)
    assert (asked["content"] == asked["action"]).all()
    assert asked["action"].str.contains("Person|担当").all()


def test_every_text_of_the_kept_frames_is_decided_about(small):
    """A new column of text stays out of the copy until somebody writes it into kept.toml."""
    names = pseudonyms_of(b"k" * 32, "b", [], [])
    frame = pd.DataFrame({"customers": [9], "a_new_text": ["K-0007 said"], "reason": ["date"]})
    with to_share():
        told = shared.shared_frame(frame, small, names)
    assert told["a_new_text"].isna().all()
    assert told["reason"].tolist() == ["date"]


# --- the key -----------------------------------------------------------------------------------
def test_the_key_is_apart_for_its_owner_alone_and_gives_the_same_names(copy, small, tmp_path):
    key = small.out_folder / "share.key"
    if os.name != "nt":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    client = open_client(small.path, small.out, "ja" if "表" in _readme(copy) else "en")
    again = share(client, tmp_path / "again")
    assert again.key == key
    for name in FILES:
        assert (again.folder / name).read_bytes() == (copy / name).read_bytes()


def test_the_next_run_takes_the_key_along(copy, small, tmp_path):
    take_along(small.out_folder, tmp_path)
    kept = tmp_path / "share.key"
    assert kept.read_text() == (small.out_folder / "share.key").read_text()
    if os.name != "nt":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def _readme(folder):
    return (folder / "README.txt").read_text(encoding="utf-8")


def test_a_new_key_gives_everybody_another_name(moved, copy, tmp_path):
    other = share(open_client(*moved, "en"), tmp_path / "other", new_key=True)
    ids = [
        set(pd.read_parquet(one / "decisions.parquet")["customer_id"])
        for one in (other.folder, copy)
    ]
    assert not ids[0] & ids[1]


def test_two_that_would_be_called_alike_get_longer_names():
    names = pseudonyms_of(
        b"k" * 32, "b", map(str, range(200_000)), ["山（内）", "山(内)", "", "林"]
    )
    assert len(set(names.customers.values())) == 200_000
    assert names.persons["山（内）"] == names.persons["山(内)"] != names.persons["林"]
    with language("ja"):
        assert pseudonyms_of(b"k" * 32, "b", [], ["林"]).persons["林"].startswith("担当 ")


# --- what stands in the way --------------------------------------------------------------------
def test_a_folder_of_other_things_is_left_alone(small, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(KitError) as error:
        share(small, tmp_path)
    assert str(error.value) == (
        f"{tmp_path} is no copy to share: there lies letter.txt. Nothing was written. Name a "
        "folder that is empty or does not exist yet: --to FOLDER"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    (tmp_path / "letter.txt").unlink()
    (tmp_path / "README.txt").write_text("an older copy")
    assert sorted(path.name for path in share(small, tmp_path).folder.iterdir()) == FILES


def test_without_a_finished_run_there_is_nothing_to_share(small, tmp_path):
    client = open_client(small.path, tmp_path)
    with pytest.raises(KitError) as error:
        share(client)
    assert str(error.value) == (
        f"There is no finished run of hidden_falls in {tmp_path / 'hidden_falls'}: a copy shows "
        f"what a run made. Run first: kit.py run --client {small.path}"
    )


@pytest.fixture
def moved(small, tmp_path):
    """The same client and run in folders of their own, to be changed."""
    shutil.copytree(small.path.parent, tmp_path / "client")
    shutil.copytree(small.out, tmp_path / "out")
    (tmp_path / "out" / "hidden_falls" / "register" / "place.json").unlink()
    return tmp_path / "client" / "client.toml", tmp_path / "out"


def test_a_run_of_another_client_toml_is_not_shared(moved):
    toml, out = moved
    toml.write_text(toml.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(KitError) as error:
        share(open_client(toml, out))
    assert str(error.value) == (
        f"The results of hidden_falls in {out / 'hidden_falls'} were made from another client.toml "
        f"than the one of today. Run again, then share: kit.py run --client {toml}"
    )


def test_a_list_that_changed_since_is_not_shared(moved, tmp_path):
    toml, out = moved
    with (toml.parent / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("O99999,K-0001,2025-06-01,100,tea\n")
    with pytest.raises(StaleResult):
        share(open_client(toml, out), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_broken_key_is_said_and_never_overwritten(moved, tmp_path):
    toml, out = moved
    key = out / "hidden_falls" / "share.key"
    key.write_text("half")
    with pytest.raises(KitError) as error:
        share(open_client(toml, out), tmp_path / "copy")
    assert str(error.value) == (
        f"{key} holds no key: it needs 64 digits of 0 to 9 and a to f. Bring it back from a "
        "backup, or make another one, with other pseudonyms: --new-key"
    )
    assert key.read_text() == "half"


def test_a_handful_of_customers_is_not_shared(small, monkeypatch):
    monkeypatch.setattr("segment_lib.sharing.copy.LEAST", 61)
    with pytest.raises(KitError) as error:
        share(small)
    assert str(error.value) == (
        "hidden_falls has 60 customer(s). In a list of fewer than 61 everybody is recognised "
        "without a name, so no copy to share is made."
    )


def test_what_was_begun_goes_where_it_cannot_be_finished(small, tmp_path, monkeypatch):
    def full(*_anything):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("segment_lib.sharing.copy.build_workbook", full)
    with pytest.raises(OSError, match="No space"):
        share(small, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_where_all_of_it_is_and_what_to_read(small, capsys):
    out = ["--client", str(small.path), "--out", str(small.out)]
    assert main(["share", *out, "--language", "en"]) == 0
    to = next((small.out / "copies_to_share").iterdir())
    assert to.name.startswith("B_")
    assert capsys.readouterr().out == (
        f"The copy to share: {to}\n"
        f"Its key: {small.out_folder / 'share.key'}. Whoever has it can find out who is who: keep "
        "it, and hand it to nobody. The same key gives the same pseudonyms again.\n"
        "Before you hand it on, read what people wrote in client.toml (part 4 of the report, the "
        "names of actions, offers and attributes): no program knows whether a name stands in it.\n"
    )
