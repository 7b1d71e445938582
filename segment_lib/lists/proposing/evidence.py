"""What the values of a list say: whether they read as what the header says, and three examples.

A header and its values must agree. `Look` holds the first rows of a list and answers for single
columns; a column reads as its kind if 95 of 100 filled cells do, likely codes for nothing (不明,
unknown) left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations, product
from typing import NamedTuple

import pandas as pd

from segment_lib.columns import REGISTER_COLUMNS
from segment_lib.lists.cells.amounts import currency_sign, parse_money, with_point
from segment_lib.lists.cells.dates import (
    SURE_SHARE,
    DateWay,
    date_way,
    is_day,
    looks_serial,
    without_year,
)
from segment_lib.lists.cells.headers import PLACE
from segment_lib.lists.cells.words import suggest_missing
from segment_lib.lists.proposing.headers import IDS, candidates, likeliest, weigh
from segment_lib.lists.proposing.meaning import Meaning, meaning
from segment_lib.lists.proposing.reads_as import (
    LONG,
    ONE_TEXT,
    WHOLE_COLUMN,
    is_id,
    plain,
    separator,
)
from segment_lib.voice import Sentence

EXAMPLES = 3
WORTH_SAYING = 0.995  # a share of filled cells below which it is said how many are blank
_MOST_TEXTS = 5_000
_NEARLY = 0.02
_MOSTLY = 0.8
_SEEN = 2
_CENT = 0.011
_POLITE, _SMALL_TEAM = ("様", "さま", "さん", "御中"), 5
_HALF = 0.5
_MANY_SAME = 0.3
_SOME_DAYS = 0.1  # with their year, in a column of others without one
_SAID = {"date": "day", "money": "money"}
_TAX, _RATES = (0.025, 0.28), 2  # of sales, and how many of them a list has
_FEW_TEXTS = 1_000
_FEW_NAMES = 20  # of no more different ones somebody's name is none
_SMALL = 100  # pieces of a row, and how many different ones
_MOSTLY_CODES = 0.9
_STANDS_IN = 10  # times as often as any other value
_OF_A_PERSON = ("part", "email", "telephone")
_PERSONAL = ("name", "contact_person", "telephone", "email", "address")
_KINDS = {
    **dict.fromkeys((*IDS, "original_order_id"), "id"),
    **dict.fromkeys(("name", "contact_person", "address"), "name"),
    **{"email": "email", "telephone": "telephone", "effort_hours": "hours"},
    **{"status": "word", "unit_price": "money", "cancelled_on": "date"},
}
_BY_KIND = {"code": "word", "yes_no": "word", "integer": "whole"}


class Evidence(NamedTuple):
    """What stands beside a proposal: which share of the filled cells read as `kind`, examples."""

    header: str
    kind: str
    read: float
    filled: float
    shown: str


def kind_of_column(column: str) -> str:
    """How the values of a column of the kit read: id, date, money, word, name, text …"""
    known = REGISTER_COLUMNS.get(column)
    kind = "text" if known is None else known.kind
    return _KINDS.get(column) or _BY_KIND.get(kind, kind)


@dataclass(frozen=True)
class Look:
    """The first rows of a list as text; everything that is asked about it is asked here.

    `file` is the name of its file, and of its sheet.
    """

    frame: pd.DataFrame
    file: str = ""

    @cached_property
    def headers(self) -> list[str]:
        """The headers, without the kit's own two columns."""
        return [str(column) for column in self.frame.columns if column not in PLACE]

    @cached_property
    def _counted(self) -> dict[str, dict[str, int]]:
        return {header: counted(self.frame[header]) for header in self.headers}

    def counts(self, header: str) -> dict[str, int]:
        """The filled cells of a column with how often each occurs, the most frequent first."""
        return self._counted[header]

    def ids(self, header: str) -> set[str]:
        """The distinct filled values of a column, without blanks at their ends."""
        return {text.strip() for text in self.counts(header)}

    def without(self, headers: Collection[str]) -> Look:
        """The list without these columns."""
        return Look(self.frame.drop(columns=list(headers)), self.file) if headers else self

    def weigh(self, column: str, table: str) -> list[tuple[str, float]]:
        """(header, weight) of those that may mean the column and read as it, best first."""
        return weigh(self.headers, column, table, self)

    def filled(self, header: str) -> int:
        """How many cells of a column are filled."""
        return sum(self.counts(header).values())

    @cached_property
    def _codes(self) -> dict[str, dict[str, int]]:
        return {header: dict(suggest_missing(self.frame[header])) for header in self.headers}

    def missing_codes(self, header: str) -> dict[str, int]:
        """Values that probably stand for nothing, with counts; for a person to declare."""
        return self._codes[header]

    def share(self, header: str, kind: str) -> float:
        """Which share of the filled cells reads as this kind, likely codes for nothing apart."""
        codes = self.missing_codes(header)
        texts = list(self.counts(header).items())[:_MOST_TEXTS]
        counts = {text: n for text, n in texts if text not in codes}
        if not counts:
            return 0.0
        if kind in ("money", "number") and self.decimal == ",":
            counts = {with_point(text, comma=True): n for text, n in counts.items()}
        if kind in WHOLE_COLUMN:
            share = WHOLE_COLUMN[kind](counts)
            dated = meaning(header).head == "day" or share > _SOME_DAYS
            if kind == "date" and share < SURE_SHARE and dated:
                share += sum(counts[one] for one in without_year(counts)) / sum(counts.values())
            return share
        read = sum(n for text, n in counts.items() if ONE_TEXT[kind](text))
        return read / sum(counts.values())

    def reads(self, header: str, kind: str) -> bool:
        """Whether a column is of this kind: nearly all cells, or most where its header says it;
        most days are days, whatever a "v 18" among them means.
        """
        said = kind == "date" or _SAID.get(kind) == meaning(header).head
        return self.share(header, kind) >= (_MOSTLY if said else SURE_SHARE)

    def unread(self, header: str, kind: str) -> str:
        """A cell that does not read as this kind, the most frequent one; else any cell."""
        texts = list(self.counts(header))[:_MOST_TEXTS]
        reads = is_day if kind == "date" else ONE_TEXT.get(kind, is_id)
        return next((text for text in texts if not reads(text)), texts[0])

    def evidence(self, header: str, column: str) -> Evidence:
        """What the values say about taking this header for that column."""
        kind = kind_of_column(column)
        texts = list(dict.fromkeys(text for text in self.frame[header] if text.strip()))
        shown = " · ".join(shorten(text, column in _PERSONAL) for text in texts[:EXAMPLES])
        filled = self.filled(header) / max(len(self.frame), 1)
        return Evidence(header, kind, self.share(header, kind), filled, shown)

    def examples(self, header: str) -> str:
        """The most frequent values of a column; of a name or an address the first signs."""
        said = meaning(header)
        personal = said.head in _OF_A_PERSON or (said.head == "name" and "customer" in said.of)
        return " · ".join(shorten(text, personal) for text in list(self.counts(header))[:EXAMPLES])

    def fit(self, header: str, column: str, table: str) -> bool:
        """Whether the values read as this column; a whole order's total is no line's amount."""
        if not self.reads(header, kind_of_column(column)):
            return False
        if column == "name" and meaning(header).head == "":  # Partner: yes, no
            return self.distinct(header) > _FEW_NAMES
        if column == "amount" and table in ("orders", "order_lines"):
            price = table == "order_lines" and meaning(header).head == "price"
            again = self.is_of_order(header) or self.is_summed_above(header)
            return not (again or self.is_a_count(header)) and not (
                price and self.price_is_of(header) == "piece"
            )
        return column != "unit_price" or self.price_is_of(header) != "line"

    def same(self, column: str, headers: Sequence[str]) -> bool:
        """Whether several headers say the same in every row: 注文日, 注文日時; ids 1:1."""
        kind = kind_of_column(column)
        if column in IDS:
            return self.is_one_to_one(headers)
        comma = kind == "money" and self.decimal == ","
        cells = [self.frame[header].map(lambda text: with_point(text, comma)) for header in headers]
        dates = self.dates.reading if kind == "date" else ()
        read = [[plain(text, kind, dates) for text in one] for one in cells]
        return all(one == read[0] for one in read[1:])

    @cached_property
    def _order_id(self) -> str:
        """The header of the dictionary for an order's number; "" if there is none."""
        return next(iter(candidates(self.headers, "order_id", "order_lines")), "")

    @cached_property
    def _ordered_on(self) -> str:
        """The likeliest header of an order's day that has any; "" if there is none."""
        days = weigh(self.headers, "ordered_on", "orders")
        return next((header for header, _ in days if self.counts(header)), "")

    def _likeliest(self, column: str) -> str:
        """The header that most likely means a column of the lines, whatever its values."""
        return next((header for header, _ in weigh(self.headers, column, "order_lines")), "")

    @cached_property
    def _number(self) -> str:
        """The order's number: by the dictionary; else of several that which joins rows."""
        weighed = weigh(self.headers, "order_id", "order_lines", self)
        likely = self._order_id or likeliest("order_id", weighed, self)
        return likely or self._likeliest("order_id")

    def stands(self, header: str) -> pd.Series:
        """In which rows something stands in a column."""
        return self.frame[header].str.strip() != ""

    def is_one_to_one(self, headers: Sequence[str]) -> bool:
        """Whether each value of one column stands beside one value of every other: 41 and 00041."""
        pairs = self.frame[list(headers)].drop_duplicates()
        return all(len(pairs) == self.frame[header].nunique() for header in headers)

    def is_steady(self, header: str, number: str) -> bool:
        """Whether a number comes again, and each time with the same value under the header."""
        several = self.frame[header].groupby(self.frame[number]).agg(["size", "nunique"])
        several = several[several["size"] > 1]
        return len(several) > EXAMPLES and bool((several["nunique"] <= 1).all())

    def is_of_order(self, header: str) -> bool:
        """Whether it is of the whole order: in each of its lines again, or in the first only."""
        own = self._number
        if not own or not self.stands(own).all():
            return False
        order = self.per_file(own)
        rows = order.groupby(order).size()
        of_order = self.frame[self.stands(header)].groupby(order)[header]
        first_only = (of_order.size() == 1)[rows[of_order.size().index] > 1]
        if len(first_only) > 1 and first_only.mean() >= SURE_SHARE:
            return True
        several = of_order.nunique()[of_order.size() > 1]
        if len(several) < 2 or (several == 1).mean() < SURE_SHARE:
            return False
        return not self._is_price_times_quantity(header)

    def is_summed_above(self, header: str) -> bool:
        """Whether one row of an order has the sum of its others: a head above its lines.

        Two lines of one price look the same: orders of two rows count only where nearly all do.
        """
        if not self._order_id:
            return False
        numbers = self.numbers([header])[header]
        known = numbers.index[numbers != 0]
        groups = numbers[known].groupby(self.per_file(self._order_id).reindex(known))
        sums = groups.agg(["size", "sum", "max"])
        twice = (2 * sums["max"] - sums["sum"]).abs() < _CENT
        several, pairs = twice[sums["size"] > 2], twice[sums["size"] == 2]
        if len(several) >= _SEEN:
            return bool(several.mean() >= _MOSTLY)
        return len(pairs) > EXAMPLES and bool(pairs.mean() >= SURE_SHARE)

    def per_file(self, header: str) -> pd.Series:
        """A number with its file: in two files the same order may stand again."""
        if "file" not in self.frame:
            return self.frame[header]
        return self.frame["file"].astype("str") + "\n" + self.frame[header]

    def _is_price_times_quantity(self, header: str) -> bool:
        price = candidates(self.headers, "unit_price", "order_lines")
        pieces = candidates(self.headers, "quantity", "order_lines")
        if not price or not pieces:
            return False
        numbers = self.numbers([price[0], pieces[0], header])
        off = (numbers[price[0]] * numbers[pieces[0]] - numbers[header]).abs()
        return len(off) > 0 and bool((off <= 1).mean() >= SURE_SHARE)

    def is_of_a_piece(self, header: str) -> bool:
        """Whether another sum is this one times a number of pieces or people, not always one."""
        sums = [h for h in self.headers if h != header and meaning(h).head == "money"]
        sums = [h for h in sums if self.reads(h, "money")]
        pieces = [h for h in self.headers if meaning(h).head in ("pieces", "count")]
        pieces = [h for h in pieces if self.reads(h, "whole")]
        for number, total in product(pieces, sums):
            numbers = self.numbers([header, number, total])
            off = (numbers[header] * numbers[number] - numbers[total]).abs()
            several = numbers[number] > 1
            if several.any() and (off <= 1).mean() >= SURE_SHARE and numbers[total].any():
                return True
        return False

    def is_a_count(self, header: str) -> bool:
        """Whether it is money by name and how many by its values: a price times it is a sum."""
        if header not in self._sums or self.distinct(header) > _SMALL:
            return False
        count = self._sums[header].dropna()
        if (count != count.round()).any() or count.max() > _SMALL:
            return False
        for price, total in permutations(self._sums.columns.drop(header), 2):
            some = (count > 1) & (self._sums[total] != 0)
            off = (self._sums[price] * count - self._sums[total])[some].abs()
            vary = self._sums[price][some].nunique() > 1  # not a rate of 1
            if vary and len(off) > EXAMPLES and (off <= 1).mean() >= SURE_SHARE:
                return True
        return False

    @cached_property
    def _sums(self) -> pd.DataFrame:
        """The first rows of the columns that are money or a price by name and values."""
        named = [h for h in self.headers if meaning(h).head in ("money", "price")]
        named = [h for h in named if self.counts(h) and self.reads(h, "money")]
        columns = {h: self.numbers([h], _FEW_TEXTS)[h] for h in named}
        return pd.DataFrame(columns, self.frame.index[:_FEW_TEXTS])

    def is_net_of_fees(self, header: str) -> bool:
        """Whether it is what a fee, as of a payment, leaves of another sum."""
        fees = [h for h in self.headers if "fee" in meaning(h).of and h != header]
        sums = [h for h in self.headers if meaning(h).head in ("money", "price") and h != header]
        readable = [h for h in {*fees, *sums} if self.reads(h, "money")]
        for fee, total in product(fees, sums):
            if fee == total or not {fee, total} <= set(readable):
                continue
            numbers = self.numbers([header, fee, total], _FEW_TEXTS)
            some = numbers[numbers[fee] != 0]
            off = (some[total] - some[fee].abs() - some[header]).abs()
            if len(off) > EXAMPLES and (off < _CENT).mean() >= SURE_SHARE:
                return True
        return False

    def may_come_from_above(self, header: str) -> bool:
        """Whether a row that says nothing here may take it from the one above: no sum, or it would
        count again.
        """
        sums = meaning(header).head in ("", "money", "price", "count", "pieces")
        own = meaning(header).head == "" and self.is_nearly_unique(header)  # Job 1181
        return not sums or own or not self.reads(header, "money")

    def differ_in_some(self, one: str, other: str) -> bool:
        """Whether two sums are the same in many rows and differ in others: before and after a
        discount, or postage.
        """
        numbers = self.numbers([one, other], _FEW_TEXTS)
        numbers = numbers[(numbers != 0).any(axis=1)]
        same = (numbers[one] - numbers[other]).abs() < _CENT
        return bool(same.mean() >= _MANY_SAME) and int((~same).sum()) > EXAMPLES

    def is_signed(self, header: str) -> bool:
        """Whether most cells are sums with the sign of a currency: £515.07."""
        counts = self.counts(header)
        signed = sum(n for text, n in counts.items() if currency_sign(text))
        return signed > _HALF * max(sum(counts.values()), 1) and self.reads(header, "money")

    def is_part_of(self, one: str, other: str) -> bool:
        """Whether one sum is never more than the other, and less in some rows: paid of it."""
        numbers = self.numbers([one, other], _FEW_TEXTS)
        less = numbers[one] < numbers[other]
        return bool((numbers[one] <= numbers[other]).all()) and less.sum() > EXAMPLES

    def differ_by_tax(self, one: str, other: str) -> bool:
        """Whether one sum is the other and a tax of one or two rates on top, where they differ."""
        numbers = self.numbers([one, other], _FEW_TEXTS).abs()
        some = numbers[(numbers[one] != numbers[other]) & (numbers > 0).all(axis=1)]
        less, more = some.min(axis=1), some.max(axis=1)
        rates = (more / less - 1).round(3).value_counts().head(_RATES).index
        off = [(less * (1 + rate) - more).abs() for rate in rates if _TAX[0] <= rate <= _TAX[1]]
        if len(some) <= EXAMPLES or not off:
            return False
        rounded = 1 if (some == some.round()).all(axis=None) else 2 * _CENT
        return bool((pd.concat(off, axis=1).min(axis=1) <= rounded).mean() >= SURE_SHARE)

    @cached_property
    def fees(self) -> list[str]:
        """The columns headed Fee and no more: what is paid, where nothing else is money."""
        plain = Meaning("money", frozenset({"fee"}), 0.0)
        named = [h for h in self.headers if meaning(h.rstrip("£$€¥ ")) == plain]
        return [h for h in named if self.distinct(h) > 1 and self.reads(h, "money")]

    def is_dated(self, header: str) -> bool:
        """Whether it stands in most of the rows that have a day."""
        if not self._ordered_on:
            return True
        return bool(self.stands(header)[self.stands(self._ordered_on)].mean() >= _HALF)

    def numbers(
        self, headers: Sequence[str], rows: int = _MOST_TEXTS, all_rows: bool = False
    ) -> pd.DataFrame:
        """Those of the first rows, or of all, in which all these columns read as money, as numbers.

        What is printed is counted over all rows; what only proves something, over the first.
        """
        comma = self.decimal == ","
        cells = self.frame[list(headers)] if all_rows else self.frame[list(headers)].head(rows)
        read = {text: parse_money(with_point(text, comma)) for text in pd.unique(cells.stack())}
        known = {text: one for text, one in read.items() if not isinstance(one, Sentence)}
        return cells.apply(lambda column: column.map(known)).dropna().astype(float)

    def price_is_of(self, header: str) -> str:
        """What a price is of: piece, line, both (each was bought singly) or "" (nothing tells).

        `item-price` is the price of one piece in some shops, in others that of all of them: where
        an article was bought once singly and once several times, its prices tell.
        """
        pieces, product = map(self._likeliest, ("quantity", "product"))
        if header == pieces or not (pieces and product):
            return ""
        numbers = self.numbers([header, pieces])
        single = numbers[pieces] == 1
        if single.all():
            return "both"
        of = self.frame[product].reindex(numbers.index)
        usual = of.map(numbers[single].groupby(of[single])[header].median())
        times = (numbers[header] / usual.where(usual != 0))[~single].dropna()
        many, count = numbers[header][~single], numbers[pieces][~single]
        known = numbers[header][single].unique()
        as_piece = ((times - 1).abs() < _NEARLY).mean(), many.isin(known).mean()
        as_line = (
            ((times / count.reindex(times.index) - 1).abs() < _NEARLY).mean(),
            (many / count).isin(known).mean(),
        )
        for piece, line in zip(as_piece, as_line, strict=True):
            if max(piece, line) >= _MOSTLY > _HALF > min(piece, line) and len(times) >= _SEEN:
                return "piece" if piece > line else "line"
        return ""

    @cached_property
    def decimal(self) -> str:
        """The sign before decimals as its numbers prove; ? where 12.500 may be twelve thousand."""
        read = dict.fromkeys(("point", "comma", "either", ""), 0)
        for header in self.headers:
            read[separator(list(self.counts(header))[:_FEW_TEXTS])] += 1
        if read["comma"]:
            return "?" if read["point"] else ","
        return "?" if read["either"] and not read["point"] else "."

    @cached_property
    def dates(self) -> DateWay:
        """How the days of the list are written, told from all its columns with days."""
        dated = [h for h in self.headers if self.counts(h) and self.reads(h, "date")]
        return date_way(self.counts(header) for header in dated)

    def yearless(self, header: str) -> list[str]:
        """The days of a column of days that have no year: 4/3, 4月3日."""
        return without_year(self.counts(header)) if self.reads(header, "date") else []

    def is_serial(self, header: str) -> bool:
        """Whether the column holds numbers as Excel counts days."""
        return bool(self.counts(header)) and looks_serial(self.counts(header))

    def is_coded(self, header: str) -> bool:
        """Whether nearly all are numbers or codes: some write their name where others take one."""
        return self.share(header, "code") >= _MOSTLY_CODES

    def distinct(self, header: str) -> int:
        """How many different values there are."""
        return len(self.counts(header))

    def is_full(self, header: str) -> bool:
        """Whether nearly every row has a value here."""
        return self.filled(header) >= _MOSTLY * len(self.frame)

    def is_nearly_full(self, header: str) -> bool:
        """Whether hardly any row is blank here."""
        return self.filled(header) >= SURE_SHARE * len(self.frame)

    def has_one_line_each(self) -> bool:
        """Whether no order has two lines, as far as is known: its total is that of its line."""
        own = self._number
        return not own or self.distinct(own) == self.filled(own) > _HALF * len(self.frame)

    def is_nearly_unique(self, header: str) -> bool:
        """The same of nearly all: a draft has no number yet, and NOTPROVIDED is none."""
        most, second, *_others = [*list(self.counts(header).values())[:2], 0, 0]
        stands_in = (
            most >= _STANDS_IN * second > _STANDS_IN / 2 and self.distinct(header) > _FEW_NAMES
        )
        filled = self.filled(header) - (most - 1 if stands_in else 0)
        return len(self.counts(header)) >= _MOSTLY_CODES * filled > 0

    def is_theirs(self, header: str) -> bool:
        """Whether people are those of the customers: hardly anybody comes twice, or they are spoken
        of politely.
        """
        counts = self.counts(header)
        polite = sum(n for text, n in counts.items() if text.strip().endswith(_POLITE))
        others = self.is_nearly_unique(header) and len(counts) > _SMALL_TEAM
        return others or polite > _HALF * max(sum(counts.values()), 1)

    def is_of_one_day(self, header: str) -> bool:
        """Whether each value stands on one day only, as an order's number does."""
        if not self._ordered_on:
            return True
        first = self.frame[self._ordered_on].str.split().str[0]  # the time of day may differ
        of_value = first[self.stands(header)].groupby(self.frame[header])
        return bool((of_value.transform("nunique") <= 1).mean() >= _MOSTLY)

    def both_filled(self, one: str, other: str) -> bool:
        """Whether some rows have both: won and lost days never stand in one."""
        return bool((self.stands(one) & self.stands(other)).any())

    def is_unique(self, header: str) -> bool:
        """Whether every row has another value here."""
        return len(self.counts(header)) == len(self.frame) > 0


def counted(texts: pd.Series) -> dict[str, int]:
    """The filled cells with how often each occurs, the most frequent first."""
    return {str(text): int(n) for text, n in texts.value_counts().items() if str(text).strip()}


def with_counts(counts: Mapping[str, int], most: int | None = None) -> str:
    """Values, the first ones, as examples with how often each occurs; … where there are more."""
    shown = [f"{shorten(text)} {n:,}" for text, n in list(counts.items())[:most]]
    return ", ".join([*shown, "…"] if len(shown) < len(counts) else shown)


def shorten(text: str, personal: bool = False, most: int = LONG) -> str:
    """A cell as an example: one line, not too long; of a person only the first character."""
    line = "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))
    line = line.encode("utf-8", "replace").decode("utf-8")
    if personal:
        return line[:1] + "…"
    return line if len(line) <= most else line[: most - 1] + "…"
