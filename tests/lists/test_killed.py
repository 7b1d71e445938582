"""A run killed at any moment leaves a whole register: the old one or the new one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.lists.register import build_register, open_register

Make = Callable[..., Client]
ORDERS = """
[lists.orders]
files = ["orders.csv"]
[lists.orders.columns]
customer_id = "id"
order_id = "no"
ordered_on = "day"
amount = "total"
"""
OLD = "id,no,day,total\n1,a,2025-01-05,10\n,b,2025-01-05,10\n"
NEW = "id,no,day,total\n1,a,2025-01-05,10\n2,b,2025-02-05,20\n2,c,2025-03-05,30\n"
# The process ends without any clean-up just before the nth thing that touches the register.
KILLED = """
import os, pathlib, sys
from segment_lib.client import open_client
from segment_lib.lists.register import build_register
left = int(sys.argv[2])
def deadly(does):
    def wrapped(self, *arguments, **options):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return does(self, *arguments, **options)
    return wrapped
for name in ("replace", "unlink", "mkdir", "write_text", "rmdir"):
    setattr(pathlib.Path, name, deadly(getattr(pathlib.Path, name)))
build_register(open_client(sys.argv[1] + "/client/client.toml", out=sys.argv[1] + "/out"))
"""


def run(folder: Path, steps: int) -> int:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(steps)], capture_output=True, check=False
    ).returncode


@pytest.mark.slow
def test_killed_at_any_step(make: Make, tmp_path: Path) -> None:
    client = make(ORDERS, {"orders.csv": OLD})
    old = build_register(client).fingerprint
    make(ORDERS, {"orders.csv": NEW})
    seen, steps, code = set(), 0, 9
    while code == 9:
        code = run(tmp_path, steps)
        register = open_register(client)
        seen.add((register.fingerprint, len(register.frame("orders")), len(register.set_aside)))
        steps += 1
    assert code == 0
    assert steps > 8
    new = open_register(client).fingerprint
    assert new != old
    assert seen == {(old, 1, 1), (new, 3, 0)}
    assert not (client.out_folder / "register.building").exists()
    names = set(json.loads((register.folder / "manifest.json").read_text())["files"].values())
    assert {path.name for path in register.folder.glob("*.parquet")} == names


def test_a_copy_that_is_open_elsewhere_leaves_the_old_register(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make(ORDERS, {"orders.csv": OLD})
    old = build_register(client).fingerprint
    make(ORDERS, {"orders.csv": NEW})
    replace = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if Path(target).name == "set_aside.csv":
            raise PermissionError(13, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(KitError) as caught:
        build_register(client)
    assert str(caught.value) == (
        "register/set_aside.csv is open in another program. Close it there and run again."
    )
    assert open_register(client).fingerprint == old
