"""The sections about raw lists: [lists.NAME], one per kind of file, and [merges]."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field, model_validator

from segment_lib.checks import WrongValue
from segment_lib.settings.sections import Section, Several, Signed

# How days are written; or spelt out: "%d.%m.%y". Also years of other calendars.
DATE_FORMATS = ("ymd", "era", "dmy", "mdy", "yymd", "serial", "minguo", "buddhist")
_ORDERS = {"dmy", "mdy", "yymd"}


_PIECES = {"%Y", "%y", "%m", "%b", "%d", "%H", "%M", "%S"}


def is_pattern(way: str) -> bool:
    """Whether a way of writing days is spelt out: "%d.%m.%y", "%Y%m%d%H%M%S".

    >>> is_pattern("%d/%m"), is_pattern("%b %d, %Y")
    (False, True)
    """
    named = set(re.findall("%.", way))
    said = [{"%Y", "%y"} & named, {"%m", "%b"} & named, {"%d"} & named]
    return named <= _PIECES and all(len(one) == 1 for one in said)


class BesideSection(Section):
    """[lists.NAME.beside]: another list of the same orders, found by their number.

    There stand the `columns` that the list itself lacks: customer_id, ordered_on, status.
    """

    files: tuple[str, ...] = Field(min_length=1)
    order_id: str
    columns: dict[str, str] = Field(min_length=1)
    encoding: str = ""
    delimiter: str = ""
    member: str = ""
    db_table: str = ""
    sheet: Several = ()
    header_row: int | None = Field(default=None, ge=1)
    names: tuple[str, ...] = ()


class ListSection(Section):
    """[lists.NAME]: one raw list: where it lies, how it is written, which column is which."""

    # Where it lies: files beside client.toml, or a database.
    files: tuple[str, ...] = ()
    connection: str = ""  # an Ibis connection string; $VARIABLES are filled in
    db_table: str = ""
    member: str = ""  # which file inside an archive: "inner.zip/folder/list.csv", "2024*.csv"
    sheet: Several = ()  # one name, several, or patterns: one sheet per month
    # How it is written; what is left out is found.
    encoding: str = ""
    delimiter: str = ""  # " " stands for a run of blanks
    header_row: int | None = Field(default=None, ge=1)
    header_rows: int | None = Field(default=None, ge=1, le=3)  # a header of several rows
    names: tuple[str, ...] = ()  # a list without a header: the names of its columns, in order
    headings: str = ""  # rows of a single cell are headings: the column they become of those below
    # Blank in all of these, a row is one more of that above it; [["day"], ["who"]]: each by itself.
    as_above: tuple[str | tuple[str, ...], ...] = ()
    dates: tuple[str, ...] = ("ymd", "era")
    # "2025-04": the month from which days without a year (4/3), or months side by side (4月 … 3月),
    # count
    months_from: str = ""
    decimal: Literal[".", ","] = "."  # "," where 1.234,50 stands for 1234.50
    around_numbers: tuple[str, ...] = ()  # before or behind a number, meaning nothing: 約
    rates: dict[str, float] = Field(default={})  # currency → what one unit is worth in ours
    id_digits: int | None = Field(default=None, ge=1, le=40)  # zeros lost at the start come back
    id_after: str = ""  # the id is what stands behind this: 顧客企業::::青葉商事
    counts: tuple[str, ...] = ()  # files whose orders count where they stand in others as well
    unit: int = Field(default=1, ge=1, le=10**6)  # money in thousands (千円): 1000
    missing: tuple[str, ...] = ()  # words that stand for nothing, in any column
    # the same in one column only: pdays = ["999"]
    missing_in: dict[str, tuple[str, ...]] = Field(default={})
    tax: Literal["included", "excluded"] | None = None
    tax_rate: float = Field(default=10, ge=0, lt=100)  # percent; or map the column tax_rate
    undecided: tuple[str, ...] = ()  # what a person has yet to decide: nothing is read before
    # What its rows are.
    table: str = ""
    one_row_is_one_order: bool = False
    one_row_is_one_customer: bool = False  # no id: the row number is the id, nothing is folded
    # "order": the amount is that of the whole order, in each of its rows or in the first: once
    amount_of: Literal["row", "order"] = "row"
    zero_amounts: Literal["set_aside", "keep", "visit"] | None = None
    duplicates: Literal["keep", "fold"] = "keep"
    guests: tuple[str, ...] = ()
    cancelled_when_order_id_starts: str = ""
    # header → patterns of rows that are no sales
    not_sales: dict[str, tuple[str, ...]] = Field(default={})
    # header → patterns of rows that give money back though their amount is above zero
    returns: dict[str, tuple[str, ...]] = Field(default={})
    # Which column is which: the kit's name = the header in the list.
    columns: dict[str, str] = Field(default={})
    # several articles in a row: 商品1, 商品2 …
    positions: dict[str, tuple[str, ...]] = Field(default={})
    sums: dict[str, tuple[str, ...]] = Field(default={})  # columns to add up: online and store
    # columns of which a row has one or the other, the first that is filled: won on, lost on
    either: dict[str, tuple[str, ...]] = Field(default={})
    guests_by: str = ""  # who has no id is told apart by this column: a mail
    id_from: tuple[str, ...] = ()  # no id: these cells together tell one customer from another
    name_from: tuple[str, ...] = ()  # no name: these cells together are it
    order_id_from: tuple[str, ...] = ()  # numbers that begin anew: series and number, the last
    discounts: tuple[str, ...] = ()  # columns to take off the amount of a row
    refunds: str = ""  # of a row's amount, what was paid back later
    refunds_on: str = ""  # and on which day; else on that of the row
    beside: BesideSection | None = None
    always: dict[str, str] = Field(default={})
    words: dict[str, dict[str, tuple[str, ...]]] = Field(default={})
    # channel → headers that say "no more" (DM拒否)
    refusals: dict[str, Several] = Field(default={})
    # channel → headers that say "you may"
    consents: dict[str, Several] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _makes_the_orders_number(cls, said: Any) -> Any:
        """The column that `order_id_from` makes, mapped as any other."""
        parts, columns = said.get("order_id_from"), said.get("columns", {})
        texts = isinstance(parts, (list, tuple)) and all(isinstance(one, str) for one in parts)
        if not parts or not texts or not isinstance(columns, dict):
            return said
        if "order_id" in columns:
            raise WrongValue(
                "names the order's number by {several}: keep one",
                several="columns.order_id, order_id_from",
            )
        return {**said, "columns": {**columns, "order_id": " + ".join(parts)}}

    @model_validator(mode="after")
    def _says_where_it_lies(self) -> ListSection:
        if bool(self.files) == bool(self.connection):
            raise WrongValue('needs files = ["…"] or connection = "…", one of the two')
        if self.connection and not self.db_table:
            raise WrongValue("has a connection, so it must say which table: db_table")
        return self

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> ListSection:
        if len(_ORDERS & set(self.dates)) > 1:
            first, second = (one for one in self.dates if one in _ORDERS)
            raise WrongValue(
                'dates may hold "{first}" or "{second}", not both: 03/04/25 fits either',
                first=first,
                second=second,
            )
        for header, patterns in self.not_sales.items():
            if {"…", "..."} & set(patterns):
                raise WrongValue(
                    'not_sales."{header}" still holds "…": write in its place what else says '
                    "that a row is no sale, or take it out",
                    header=header,
                )
        strange = [one for one in self.dates if one not in DATE_FORMATS and not is_pattern(one)]
        if strange:
            raise WrongValue(
                "dates holds '{strange}', which is none of {known}, nor a day spelt out "
                'with a year, a month and a day, such as "%d.%m.%y" or "%Y%m%d"',
                strange=strange[0],
                known=", ".join(DATE_FORMATS),
            )
        if self.months_from and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", self.months_from):
            raise WrongValue(
                "months_from is '{said}': write the year and the month of the first, such as "
                '"2025-04"',
                said=self.months_from,
            )
        if self.names and (self.header_row or self.header_rows):
            raise WrongValue("has names, so it has no header_row: leave one of them out")
        return self

    @model_validator(mode="after")
    def _names_one_customer(self) -> ListSection:
        said = {
            "customer_id": "customer_id" in self.columns,
            "id_from": bool(self.id_from),
            "one_row_is_one_customer": self.one_row_is_one_customer,
            "beside.columns.customer_id": "customer_id" in self.lent,
        }
        several = [name for name, one in said.items() if one]
        if len(several) > 1:
            raise WrongValue(
                "names the customer by {several}: keep one", several=", ".join(several)
            )
        if self.guests_by and "customer_id" not in self.columns:
            raise WrongValue("has guests_by, which needs customer_id under columns")
        for key in ("discounts", "refunds", "returns"):
            if self.positions and getattr(self, key):
                raise WrongValue(
                    "has positions, and {key} does not say which of them it is of", key=key
                )
        if self.beside and "order_id" not in self.columns:
            raise WrongValue(
                "has a list beside it, found by the order's number: map order_id as well"
            )
        return self

    @model_validator(mode="after")
    def _names_the_name_once(self) -> ListSection:
        if self.name_from and "name" in self.columns:
            raise WrongValue(
                "names the name by {several}: keep one", several="columns.name, name_from"
            )
        return self

    @property
    def lent(self) -> dict[str, str]:
        """Column to the header of the list beside, for what is taken from there."""
        return self.beside.columns if self.beside else {}

    @property
    def made(self) -> set[str]:
        """The columns that are no single column of the list."""
        ids = {"customer_id"} if self.id_from or self.one_row_is_one_customer else set()
        named = ["name"] if self.name_from else []
        months = {"ordered_on", "amount"} if self.has_months_side_by_side else set()
        return {*self.lent, *self.sums, *self.either, *ids, *named, *months}

    @property
    def has_months_side_by_side(self) -> bool:
        """Whether a row holds several months, each an order of its own: no column is its day."""
        return bool(self.months_from) and "ordered_on" not in self.columns

    @property
    def mapped(self) -> set[str]:
        """The columns of the kit that its rows have, of the list, beside it or made."""
        return {*self.headers, *self.always, *self.made}

    @model_validator(mode="after")
    def _positions_are_even(self) -> ListSection:
        both = sorted(set(self.positions) & set(self.columns))
        if both:
            raise WrongValue(
                "names {column} under columns and under positions: keep one", column=both[0]
            )
        if len({len(headers) for headers in self.positions.values()}) > 1:
            counts = {column: len(headers) for column, headers in self.positions.items()}
            raise WrongValue(
                "positions must name equally many headers per column, not {counts}",
                counts=counts,
            )
        return self

    @property
    def headers(self) -> dict[str, str]:
        """Column to header, the first of several positions standing for all of them."""
        return self.columns | {column: said[0] for column, said in self.positions.items() if said}

    @property
    def taken_from_above(self) -> list[tuple[str, ...]]:
        """The headers of `as_above` that are blank together, and those that are each by itself."""
        together = tuple(one for one in self.as_above if isinstance(one, str))
        apart = [one for one in self.as_above if not isinstance(one, str)]
        return [together, *apart] if together else apart


class MergesSection(Signed):
    """[merges]: the confirmed table old_id → new_id (名寄せ); nothing else is merged."""

    file: str = ""
