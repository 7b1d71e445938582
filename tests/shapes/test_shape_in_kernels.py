"""One of the nine shapes through the command itself, with a kernel for each notebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from nine_shapes import client_toml
from said_of_shapes import CLOSED, ENGLISH
from shape_checks import check_shape, read_results

from segment_lib.walk import run_walk


@pytest.mark.slow
def test_leads_walk_to_the_end_with_real_kernels(tmp_path: Path) -> None:
    out = run_walk(client_toml("leads_only", tmp_path), tmp_path / "out", "en")
    check_shape(read_results(out), CLOSED["leads_only"], ENGLISH["leads_only"])
