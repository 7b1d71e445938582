"""In `sample_data/`: `python -m make FOLDER` writes the sample lists again."""

from __future__ import annotations

import argparse
from pathlib import Path

from make.shop import make_shop
from make.web_marketing import make_web_marketing


def main() -> None:
    """Write the web-marketing service into the folder and the shop into its folder `shop`."""
    parser = argparse.ArgumentParser(
        prog="python -m make",
        description="Write the raw lists of the two invented businesses, and their truth.",
    )
    parser.add_argument("folder", type=Path, help="where to write them")
    folder = parser.parse_args().folder
    make_web_marketing(folder)
    make_shop(folder / "shop")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(f"{path.stat().st_size:>9,} bytes  {path.relative_to(folder).as_posix()}")


if __name__ == "__main__":
    main()
