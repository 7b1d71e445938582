"""A client of whom there is only a list of customers: nothing that the walk keeps breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

import segment_lib as sl
from segment_lib.checks import NeedsTable
from segment_lib.client import Client
from segment_lib.thread import KEPT_BY

_PEOPLE = "id,name,area\n" + "".join(f"{n},名前{n},{'ab'[n % 2]}\n" for n in range(30))
_TOML = (
    '[client]\nname = "small"\nas_of = 2025-12-31\n[lists.customers]\nfiles = ["c.csv"]\n'
    '[lists.customers.columns]\ncustomer_id = "id"\nname = "name"\narea = "area"\n'
)
_RESULTS = (
    '[lists.outcomes]\nfiles = ["c.csv"]\n[lists.outcomes.columns]\ncustomer_id = "id"\n'
    'got_results = "area"\n[lists.outcomes.words.got_results]\nyes = ["a"]\nno = ["b"]\n'
)


def client_of(tmp_path: Path, toml: str) -> Client:
    folder = tmp_path / "client"
    folder.mkdir()
    (folder / "c.csv").write_text(_PEOPLE, encoding="utf-8")
    (folder / "client.toml").write_text(toml, encoding="utf-8")
    return sl.open_client(folder / "client.toml", out=tmp_path / "out")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            "",
            "These lists do not say who got results, so this notebook stays closed; the walk goes "
            "on without it. It would need a table `outcomes` with the columns customer_id and "
            "got_results (yes, no, not yet known), and decided_on if you have it. Map it in "
            "client.toml under [lists.outcomes]. Or name the requests that a successful customer "
            'handles in [[steps]] and set [outcome] source = "steps_done".',
        ),
        (
            _RESULTS,
            "These lists say who got results, but no day on which anybody began, so this notebook "
            "stays closed; the walk goes on without it. It would need contract_on or "
            "first_contact_on in the list of customers, or a table `orders`. Map one of them in "
            "client.toml.",
        ),
    ],
)
def test_every_result_is_there_or_says_what_it_needs(
    tmp_path: Path, more: str, sentence: str
) -> None:
    client = client_of(tmp_path, _TOML + more)
    for name in KEPT_BY:
        if KEPT_BY[name].notebook == "07":
            with pytest.raises(NeedsTable) as caught:
                sl.take_up(client, name)
            assert str(caught.value).split("\n")[0] == sentence
        else:
            sl.take_up(client, name)
    types, actions = sl.take_up(client, "types"), sl.take_up(client, "plan")
    assert types["five_type"].isna().all()
    assert len(types) == len(actions) == 30
    assert sl.take_up(client, "waiting_curve").empty
    assert sl.take_up(client, "next_order").empty
