"""A small finished run of invented people, to be shared."""

import invented_run as made
import pytest

from segment_lib.client import open_client
from segment_lib.voice import use_language


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The client, its run finished in English."""
    folder = tmp_path_factory.mktemp("clients") / "falls"
    folder.mkdir()
    made.write(folder / "Hidden Falls people.csv", made.people())
    made.write(folder / "orders.csv", made.orders())
    (folder / "client.toml").write_text(made.TOML, encoding="utf-8")
    client = made.finish(open_client(folder / "client.toml", out=tmp_path_factory.mktemp("out")))
    use_language("en")
    return client
