"""The same customer twice: how many planted pairs are found, how many listed pairs are right, and
how long 100,000 customers take.

    python benchmarks/same_customer.py [customers]

Prints three lists. The sample's planted pairs and its shop (no pair is planted there: every listed
one is a coincidence of the invented names). The 30 repeated name + postal code pairs of 100knocks,
if SEGMENT_LIB_DATA names the folder of the public lists. And a generated list: names shared as in
life, households on one telephone, offices on one switchboard, and 4 % of the people planted a
second time in nine ways, each with its own recall.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from segment_lib.client import open_client
from segment_lib.lists.register import build_register
from segment_lib.lists.same.same_customer import LISTED, find_same_customers, same_customers_summary
from segment_lib.settings import MergesSection

ROOT = Path(__file__).resolve().parent.parent
SEED = 20260403
# Signs of invented names: a family name is two of these, a given name two of those.
FAMILY = "石川山田中村林森池沢原野島崎谷橋本木上下北南西東高小大松竹梅藤"
GIVEN = "一二三美子郎太明和正裕智恵直樹香奈菜花翔蓮結陽真由優愛理沙希健拓也介"
TRADES = ("商店", "工務店", "クリニック", "商事", "製作所", "不動産", "食堂", "デザイン")
CITIES = ("青葉市中央区桜台", "緑川市本町", "若苗市北一条西", "白樺坂市霞が丘", "水面市港町")
OLD = str.maketrans("高沢崎島真恵", "髙澤﨑嶋眞惠")
KINDS = {
    "same name, same telephone": 0.2,
    "legal form or blanks otherwise": 0.1,
    "old characters, same telephone": 0.1,
    "a slip in the name, same telephone": 0.15,
    "moved: only name and e-mail": 0.1,
    "telephone without its 0, extension": 0.1,
    "address otherwise, no telephone": 0.1,
    "only name and birthday": 0.1,
    "only the name": 0.05,
}


def main(size: int = 100_000) -> None:
    """Measure and print."""
    samples()
    knocks()
    generated(size)


def told(title: str, pairs: pd.DataFrame, planted: set[frozenset[str]]) -> None:
    """Recall and precision of what is listed, and of listed and hints together."""
    print(f"\n{title}: {len(planted):,} pairs planted")
    for name, found in (("listed", pairs[pairs["score"] >= LISTED]), ("with hints", pairs)):
        ours = {frozenset(pair) for pair in found[["customer_id", "other_id"]].to_numpy().tolist()}
        right = len(ours & planted)
        recall = f"{right / len(planted):.1%}" if planted else "—"
        precision = f"{right / len(ours):.1%}" if ours else "—"
        print(f"  {name:<11}{len(ours):>9,} pairs   recall {recall:>6}   precision {precision:>6}")


def samples() -> None:
    """Both samples as their registers have them, before any merge."""
    for name, truth in (("sample_data", "truth/same_customer.csv"), ("sample_data/shop", "")):
        client = open_client(ROOT / name / "client.toml")
        with tempfile.TemporaryDirectory() as out:
            unmerged = {"merges": MergesSection(), "out": Path(out)}
            register = build_register(client.model_copy(update=unmerged))
            customers = register.frame("customers")
        planted = pd.read_csv(ROOT / name / truth, dtype=str) if truth else pd.DataFrame()
        pairs = planted[["old_id", "new_id"]].to_numpy().tolist() if truth else []
        told(name, find_same_customers(customers, at_least=0), {frozenset(one) for one in pairs})


def knocks() -> None:
    """100knocks: with name and postal code, and with the birthday too."""
    folder = Path(os.environ.get("SEGMENT_LIB_DATA", ""), "100knocks-ja")
    if not (folder / "customer.csv").is_file():
        print("\n100knocks: SKIPPED, SEGMENT_LIB_DATA is not set")
        return
    people = pd.read_csv(folder / "customer.csv", dtype=str, encoding="utf-8-sig")
    people = people.rename(columns={"customer_name": "name", "postal_cd": "postal_code"})
    again = people[people.duplicated(["name", "postal_code"], keep=False)]
    planted = {frozenset(ids) for _, ids in again.groupby(["name", "postal_code"])["customer_id"]}
    few = ["customer_id", "name", "postal_code"]
    for title, columns in (("name, postal code", few), ("birthday too", [*few, "birth_day"])):
        told(f"100knocks, {title}", find_same_customers(people[columns], at_least=0), planted)


def generated(size: int) -> None:
    """A list of `size` customers: time, recall by kind of planted pair, precision."""
    customers, planted = draw_customers(size, SEED)
    started = time.perf_counter()
    pairs = find_same_customers(customers)
    seconds = time.perf_counter() - started
    hints = find_same_customers(customers, at_least=0)
    told(f"generated, {size:,} customers", hints, set(planted))
    listed = {frozenset(pair) for pair in pairs[["customer_id", "other_id"]].to_numpy().tolist()}
    for kind in KINDS:
        of_kind = [pair for pair, its in planted.items() if its == kind]
        print(f"    {kind:<36}{sum(p in listed for p in of_kind) / max(len(of_kind), 1):>7.1%}")
    print(same_customers_summary(pairs).head(12).to_string(index=False))
    print(f"  {seconds:.1f} s for {size:,} customers")


def draw_customers(size: int, seed: int) -> tuple[pd.DataFrame, dict[frozenset[str], str]]:
    """Customers with planted second rows, shuffled, and the kind of each planted pair."""
    rng = np.random.default_rng(seed)
    twice = size // 26
    first = _people(rng, size - twice)
    kinds = rng.choice(list(KINDS), size=twice, p=list(KINDS.values()))
    chosen = rng.choice(len(first), size=twice, replace=False)
    first.iloc[chosen] = _complete(rng, first.iloc[chosen])
    again = first.iloc[chosen].to_dict("records")
    rows = [_second(rng, row, kind) for row, kind in zip(again, kinds, strict=True)]
    both = pd.concat([first, pd.DataFrame(rows)], ignore_index=True)
    numbers = rng.permutation(len(both)) + 1
    both.insert(0, "customer_id", [f"{number:07d}" for number in numbers])
    ids = both["customer_id"].to_numpy()
    planted = {
        frozenset((ids[one], ids[len(first) + place])): str(kind)
        for place, (one, kind) in enumerate(zip(chosen, kinds, strict=True))
    }
    return both.sort_values("customer_id", ignore_index=True), planted


def _people(rng: np.random.Generator, size: int) -> pd.DataFrame:
    """Four in five are persons, of whom every eighth lives with another customer of the name."""
    family = _names(rng, FAMILY, size, 1.0)
    given = _names(rng, GIVEN, size, 0.7)
    telephone = _telephones(rng, size)
    house = _houses(rng, size)
    postal = np.array(
        [f"{n:07d}" for n in rng.integers(100, 100 + max(size // 40, 50), size)], dtype=object
    )
    born = pd.Timestamp("1935-01-01") + pd.to_timedelta(rng.integers(0, 25_000, size), unit="D")
    together = np.flatnonzero(rng.random(size) < 0.06)
    with_whom = np.maximum(together - 1, 0)
    for values in (family, telephone, house, postal):
        values[together] = values[with_whom]
    business = rng.random(size) < 0.2
    trade = rng.choice(TRADES, size=size)
    core = family + _names(rng, GIVEN, size, 0.3)
    name = np.where(business, "株式会社" + core + trade, family + " " + given)
    office = np.flatnonzero(rng.random(size) < 0.02)  # two hundred on each switchboard
    telephone[office] = [
        f"03-5500-{n:04d}" for n in rng.integers(0, max(len(office) // 200, 1), len(office))
    ]
    email = np.array([f"u{n}@mail{n % 7}.example" for n in rng.permutation(size)], dtype=object)
    known = rng.random((size, 4))
    return pd.DataFrame(
        {
            "name": name,
            "telephone": np.where(known[:, 0] < 0.85, telephone, ""),
            "email": np.where(known[:, 1] < 0.6, email, ""),
            "address": house,
            "postal_code": postal,
            "birthday": np.where(business | (known[:, 2] < 0.4), "", born.strftime("%Y-%m-%d")),
        }
    ).astype("object")


def _names(rng: np.random.Generator, signs: str, size: int, slope: float) -> np.ndarray:
    """Two signs each; the commonest name is some forty times as common as the median one."""
    every = np.array([a + b for a in signs for b in signs if a != b], dtype=object)
    shares = 1 / np.arange(1, len(every) + 1) ** slope
    return rng.permutation(every)[rng.choice(len(every), size=size, p=shares / shares.sum())]


def _telephones(rng: np.random.Generator, size: int) -> np.ndarray:
    """Drawn numbers in the shape of mobile ones."""
    drawn = rng.integers(10**8, size=size)
    start = rng.choice(["070", "080", "090"], size=size)
    return np.array(
        [f"{s}-{n // 10_000:04d}-{n % 10_000:04d}" for s, n in zip(start, drawn, strict=True)],
        dtype=object,
    )


def _houses(rng: np.random.Generator, size: int) -> np.ndarray:
    parts = rng.integers(1, 30, (size, 3))
    city = rng.choice(CITIES, size=size)
    area = rng.integers(1, max(size // 200, 2), size)
    return np.array(
        [
            f"青緑県{c}{n}町{a}丁目{b}番{d}号"
            for c, n, (a, b, d) in zip(city, area, parts, strict=True)
        ],
        dtype=object,
    )


def _complete(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of those who are entered twice: what the second row repeats must be there."""
    fill = {
        "telephone": _telephones(rng, len(rows)),
        "email": [f"v{n}@other.example" for n in rng.permutation(len(rows))],
        "birthday": [
            f"19{n % 60 + 40}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
            for n in rng.integers(10**6, size=len(rows))
        ],
    }
    return rows.assign(
        **{key: rows[key].where(rows[key] != "", values) for key, values in fill.items()}
    )


def _second(rng: np.random.Generator, row: dict[str, str], kind: str) -> dict[str, str]:
    """The row as it was entered a second time."""
    blank = dict.fromkeys(("telephone", "email", "address", "postal_code", "birthday"), "")
    name, number = row["name"], row["telephone"]
    if kind == "same name, same telephone":
        return blank | {"name": name, "telephone": number.replace("-", "")}
    if kind == "legal form or blanks otherwise":
        other = name.replace("株式会社", "㈱") if "株式会社" in name else name.replace(" ", "　")
        return blank | {"name": other, "postal_code": row["postal_code"]}
    if kind == "old characters, same telephone":
        return blank | {"name": name.translate(OLD), "telephone": number}
    if kind == "a slip in the name, same telephone":
        place = int(rng.integers(len(name)))
        return blank | {"name": name[:place] + "仮" + name[place + 1 :], "telephone": number}
    if kind == "moved: only name and e-mail":
        mail, moved = row["email"].upper(), f"080-0000-{rng.integers(10_000):04d}"
        return blank | {"name": name, "email": mail, "telephone": moved}
    if kind == "telephone without its 0, extension":
        short = f"{number.lstrip('0')}（内線{rng.integers(99)}）"
        return blank | {"name": name, "telephone": short}
    if kind == "address otherwise, no telephone":
        other = row["address"].removeprefix("青緑県").replace("丁目", "－").replace("番", "－")
        return blank | {"name": name, "address": other.replace("号", "　コーポ水面")}
    if kind == "only name and birthday":
        return blank | {"name": name, "birthday": row["birthday"]}
    return blank | {"name": name}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
