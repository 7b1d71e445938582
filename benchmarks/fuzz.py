"""Ten minutes of coverage-guided fuzzing of the readers, the parsers and the whole register.

    python benchmarks/fuzz.py [--minutes 10] [--into FOLDER]

Needs atheris (Linux). Prints per target how many inputs it tried and what it covered, and ends
with 1 if one of them was a finding; the input then lies in the folder.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

TARGETS = {"values": 0.2, "read": 0.4, "build": 0.4}  # shares of the time
SCRIPT = Path(__file__).resolve().parent.parent / "tests" / "lists" / "fuzz_targets.py"


def main() -> int:
    """Fuzz each target for its share of the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--into", type=Path, default=Path("findings"))
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    worst = 0
    for target, share in TARGETS.items():
        seconds = int(options.minutes * 60 * share)
        command = [sys.executable, str(SCRIPT), target, f"-max_total_time={seconds}"]
        command += ["-timeout=60", "-rss_limit_mb=4096", "-max_len=20000"]
        command += [f"-artifact_prefix={options.into}/{target}-"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        runs = re.findall(r"#(\d+)\s.*?cov: (\d+)", done.stderr)
        tried, covered = runs[-1] if runs else ("0", "0")
        verdict = "no finding" if done.returncode == 0 else "A FINDING"
        print(f"{target:<8}{seconds:>5} s  {int(tried):>9,} inputs  {covered:>6} edges  {verdict}")
        if done.returncode:
            print(done.stdout[-4000:])
            print(done.stderr[-4000:])
            worst = 1
    return worst


if __name__ == "__main__":
    sys.exit(main())
