"""A client and the invented frames of the charts, for the tests of the page and the workbook."""

import importlib.util
from pathlib import Path

import pytest

from segment_lib.client import open_client
from segment_lib.voice import language

INVENTED = Path(__file__).parent.parent / "plots" / "invented_frames.py"
CLIENT = """
[client]
name = "shop"
title = "A <b>shop</b> & more"
title_ja = "架空のお店"
as_of = 2025-06-30
[lists.orders]
files = ["orders.csv"]
columns = { customer_id = "id", ordered_on = "day", amount = "yen" }
[worth]
value_per_result = 100000
cost_per_approach = 16000
decided_by = "佐藤"
decided_on = 2025-06-01
"""


def _invented():
    spec = importlib.util.spec_from_file_location("invented_frames_of_the_report", INVENTED)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def frames():
    return _invented().frames()


@pytest.fixture(scope="session")
def frames_ja():
    """The same of a run in Japanese."""
    with language("ja"):
        return _invented().frames()


@pytest.fixture
def client(tmp_path):
    path = tmp_path / "shop" / "client.toml"
    path.parent.mkdir()
    path.write_text(CLIENT, encoding="utf-8")
    return open_client(path, out=tmp_path / "out")
