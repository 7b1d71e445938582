"""The readers under any bytes: a short run of the fuzzer, and of hypothesis."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_targets import TARGETS, seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# So many inputs of one seed: the same run on any machine.
RUNS = {"values": 1500, "read": 700, "build": 80}


@pytest.mark.parametrize("target", TARGETS)
def test_what_the_fuzzer_begins_with(target: str) -> None:
    for seed in seeds(target):
        TARGETS[target](seed)
        TARGETS[target](seed[: len(seed) // 2])


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_value_or_a_reason(text: str) -> None:
    TARGETS["values"](text.encode("utf-8", errors="replace"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 255), st.one_of(st.binary(max_size=200), st.text(max_size=80)))
def test_any_file_is_rows_or_a_sentence(first: int, content: bytes | str) -> None:
    data = content.encode() if isinstance(content, str) else content
    TARGETS["read"](bytes([first]) + data)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_short_run_of_the_fuzzer(target: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed here: the coverage-guided run did not take place")
    done = subprocess.run(
        [
            *(sys.executable, str(Path(__file__).with_name("fuzz_targets.py")), target),
            *(f"-runs={RUNS[target]}", "-timeout=60", "-rss_limit_mb=4096"),
            *(f"-artifact_prefix={tmp_path}/", "-seed=1", "-max_len=20000"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert "Done " in done.stderr
