"""What could be said on another day: nothing later is used, today gives what the walk gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

import segment_lib as sl
from segment_lib.columns import labelled
from segment_lib.voice import language

NAMES = ["likelihood", "relationship", "status", "status_reason"]


def test_the_status_of_today_is_the_kept_one_and_the_past_knows_nothing_later(
    orders_client: Path, tmp_path: Path
) -> None:
    client = sl.open_client(orders_client, tmp_path / "out")
    register = sl.build_register(client)
    kept = sl.take_up(client, "stages")
    pd.testing.assert_frame_equal(sl.status_on(register, client, client.as_of), kept[NAMES])
    earlier = sl.status_on(register, client, date(2024, 3, 15))
    # 001 ordered on 1 March, 002 on 1 April: on 15 March nobody had heard of 002.
    assert earlier["status_reason"].to_dict() == {"001": "in_touch", "002": "never_heard"}
    assert sl.behaviour.known_by(register, date(2024, 3, 15)).to_dict() == {
        "001": True,
        "002": False,
    }


def test_movement_and_crosstabs_are_shown_in_words() -> None:
    moves = pd.DataFrame({"before": ["new", "quiet"], "after": ["quiet", "left"]})
    with language("ja"):
        shown = labelled(moves, before="status", after="status")
    assert shown.columns.tolist() == ["前回", "今回"]
    assert shown.to_numpy().tolist() == [["新規", "E 静か"], ["E 静か", "一覧から外れた"]]
    counts = pd.crosstab(pd.Series(["loyal"], name="five_type"), pd.Series([1], name="cluster"))
    with language("ja"):
        table = labelled(counts)
    assert (table.index.tolist(), table.index.name) == (["優良客"], "5タイプ")
    assert (table.columns.tolist(), table.columns.name) == (["1"], "クラスタ")
    assert (counts.index.name, counts.columns.name) == ("five_type", "cluster")
