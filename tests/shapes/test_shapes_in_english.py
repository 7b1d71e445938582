"""Nine shapes of lists walk from their files to report and workbook, in English."""

from __future__ import annotations

from pathlib import Path

import pytest
from nine_shapes import in_turn
from said_of_shapes import CLOSED, ENGLISH
from shape_checks import check_shape, walked


@pytest.mark.parametrize("name", in_turn("en"))
def test_it_walks_to_the_end_and_says_what_is_known(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = walked(name, "en", tmp_path, monkeypatch)
    check_shape(results, CLOSED[name], ENGLISH[name])
