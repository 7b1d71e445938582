"""The notebooks of one client: copies beside client.toml, used by a run, brought back on demand."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import nbformat
import pytest

import segment_lib as sl
from segment_lib import __main__ as program
from segment_lib.client import Client
from segment_lib.own_notebooks import (
    KIT,
    bring_back,
    differing_cells,
    files_for,
    folder_for,
    make_copies,
    read,
)
from segment_lib.walk import _say_whose

NAME = "03_revenue_view.ipynb"


@pytest.fixture
def client(orders_client: Path, tmp_path: Path) -> Client:
    return sl.open_client(orders_client, out=tmp_path / "out")


def change(path: Path, source: str) -> None:
    """Write another source into the last code cell."""
    notebook = read(path)
    [cell for cell in notebook.cells if cell.cell_type == "code"][-1].source = source
    nbformat.write(notebook, path)


def kit_hash() -> str:
    files = sorted(KIT.glob("*.ipynb"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def test_copies_stand_beside_client_toml_with_its_own_parameters(client: Client) -> None:
    before = kit_hash()
    folder = make_copies(client)
    assert folder == client.path.parent / "notebooks"
    assert [path.name for path in sorted(folder.glob("*.ipynb"))] == [
        path.name for path in sorted(KIT.glob("*.ipynb"))
    ]
    copy = read(folder / NAME)
    (cell,) = [one for one in copy.cells if "parameters" in one.metadata.get("tags", [])]
    assert cell.source.split("\n")[:3] == [
        'CLIENT = "../client.toml"', 'OUT = "../../out"', 'LANGUAGE = "en"',
    ]  # fmt: skip
    assert not any(one.get("outputs") for one in copy.cells)
    assert kit_hash() == before, "the kit's own notebooks have taken something up"


def test_a_copy_that_is_there_is_never_written_over(client: Client) -> None:
    folder = make_copies(client)
    change(folder / NAME, "print('ours')")
    make_copies(client)
    assert differing_cells(folder / NAME) != []
    assert differing_cells(folder / "04_five_types_and_next_order.ipynb") == []


def test_a_run_takes_the_clients_own_and_says_in_which_cells_it_differs(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {path.parent for path in files_for(client)} == {KIT}
    folder = make_copies(client)
    (folder / "02_who_they_are.ipynb").unlink()
    change(folder / NAME, "print('ours')")
    nbformat.write(nbformat.v4.new_notebook(), folder / "11_our_own.ipynb")
    files = files_for(client)
    assert [path.name[:2] for path in files] == [f"{n:02}" for n in range(12)]
    assert files[2].parent == KIT
    assert {path.parent for path in [*files[:2], *files[3:]]} == {folder}
    _say_whose(files)
    (number,) = differing_cells(folder / NAME)
    assert capsys.readouterr().out == (
        f"  notebooks of this client: {folder}\n"
        f"  03_revenue_view differs from the kit's in cell {number}\n"
    )


def test_reset_brings_the_kits_back_and_keeps_what_was_changed(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_copies(client)
    change(folder / NAME, "print('ours')")
    assert bring_back(client) == [NAME]
    assert differing_cells(folder / NAME) == []
    change(folder / NAME, "print('ours again')")
    assert bring_back(client) == [NAME]
    kept = [folder / "replaced" / name for name in (NAME, "03_revenue_view (2).ipynb")]
    for path, source in zip(kept, ("print('ours')", "print('ours again')"), strict=True):
        assert source in [cell.source for cell in read(path).cells]
    call = ["reset", "--notebooks", "--client", str(client.path)]
    assert program.main(call) == 0
    assert capsys.readouterr().out == f"The notebooks in {folder} are those of the kit again.\n"


def test_the_samples_use_the_notebooks_of_the_kit(capsys: pytest.CaptureFixture[str]) -> None:
    sample = program.SAMPLE
    assert folder_for(sl.open_client(sample)) == KIT
    assert make_copies(sl.open_client(sample)) == KIT
    assert program.main(["reset", "--notebooks"]) == 1
    assert capsys.readouterr().err == (
        "The samples use the notebooks of the kit: there is nothing to bring back.\n"
    )


def test_lab_begins_where_client_lists_and_results_are_reached(
    client: Client, tmp_path: Path
) -> None:
    options = argparse.Namespace(client=client.path, out=str(tmp_path / "out"), language=None)
    root, folder = program._lab_place(options)
    assert root == tmp_path
    for place in (client.path, client.out, folder):
        assert place.is_relative_to(root)
    options = argparse.Namespace(client=program.SAMPLE, out=program.OUT, language=None)
    assert program._lab_place(options) == (KIT.parent, KIT)
