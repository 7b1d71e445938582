"""The sections about raw lists: [lists.NAME], one per kind of file, and [merges]."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from segment_lib.settings.sections import Section, Signed
from segment_lib.voice import _

DateFormat = Literal["ymd", "era", "dmy", "mdy", "serial"]


class ListSection(Section):
    """[lists.NAME]: one raw list: where it lies, how it is written, which column is which."""

    # Where it lies: files beside client.toml, or a database.
    files: tuple[str, ...] = ()
    connection: str = ""  # an Ibis connection string; $VARIABLES are filled in
    db_table: str = ""
    member: str = ""  # which file inside an archive: "inner.zip/folder/list.csv", "2024*.csv"
    sheet: tuple[str, ...] = ()  # one name, several, or patterns: one sheet per month
    # How it is written; what is left out is found.
    encoding: str = ""
    delimiter: str = ""  # " " stands for a run of blanks
    header_row: int | None = Field(default=None, ge=1)
    header_rows: int | None = Field(default=None, ge=1, le=3)  # a header of several rows
    names: tuple[str, ...] = ()  # a list without a header: the names of its columns, in order
    dates: tuple[DateFormat, ...] = ("ymd", "era")
    missing: tuple[str, ...] = ()  # words that stand for nothing, in any column
    # the same in one column only: pdays = ["999"]
    missing_in: dict[str, tuple[str, ...]] = Field(default={})
    tax: Literal["included", "excluded"] | None = None
    tax_rate: float = Field(default=10, ge=0, lt=100)  # percent; or map the column tax_rate
    # What its rows are.
    table: str = ""
    one_row_is_one_order: bool = False
    one_row_is_one_customer: bool = False  # no id: the row number is the id, nothing is folded
    zero_amounts: Literal["set_aside", "keep", "visit"] | None = None
    duplicates: Literal["keep", "fold"] = "keep"
    guests: tuple[str, ...] = ()
    cancelled_when_order_id_starts: str = ""
    # header → patterns of rows that are no sales
    not_sales: dict[str, tuple[str, ...]] = Field(default={})
    # Which column is which: the kit's name = the header in the list.
    columns: dict[str, str] = Field(default={})
    # several articles in a row: 商品1, 商品2 …
    positions: dict[str, tuple[str, ...]] = Field(default={})
    always: dict[str, str] = Field(default={})
    words: dict[str, dict[str, tuple[str, ...]]] = Field(default={})
    # channel → headers that say "no more" (DM拒否)
    refusals: dict[str, tuple[str, ...]] = Field(default={})
    # channel → headers that say "you may"
    consents: dict[str, tuple[str, ...]] = Field(default={})

    @field_validator("sheet", mode="before")
    @classmethod
    def _one_sheet(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("refusals", "consents", mode="before")
    @classmethod
    def _one_header(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {key: (said,) if isinstance(said, str) else said for key, said in value.items()}

    @model_validator(mode="after")
    def _says_where_it_lies(self) -> ListSection:
        if bool(self.files) == bool(self.connection):
            raise ValueError(_('needs files = ["…"] or connection = "…", one of the two'))
        if self.connection and not self.db_table:
            raise ValueError(_("has a connection, so it must say which table: db_table"))
        return self

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> ListSection:
        if {"dmy", "mdy"} <= set(self.dates):
            raise ValueError(_('dates may hold "dmy" or "mdy", not both: 03/04/2025 fits either'))
        if self.names and (self.header_row or self.header_rows):
            raise ValueError(_("has names, so it has no header_row: leave one of them out"))
        if self.one_row_is_one_customer and "customer_id" in self.columns:
            raise ValueError(
                _("says one_row_is_one_customer, and names a customer_id: leave one of them out")
            )
        return self

    @model_validator(mode="after")
    def _positions_are_even(self) -> ListSection:
        both = sorted(set(self.positions) & set(self.columns))
        if both:
            raise ValueError(
                _("names {column} under columns and under positions: keep one", column=both[0])
            )
        if len({len(headers) for headers in self.positions.values()}) > 1:
            counts = {column: len(headers) for column, headers in self.positions.items()}
            raise ValueError(
                _(
                    "positions must name equally many headers per column, not {counts}",
                    counts=counts,
                )
            )
        return self

    @property
    def headers(self) -> dict[str, str]:
        """Column to header, the first of several positions standing for all of them."""
        return self.columns | {column: said[0] for column, said in self.positions.items() if said}


class MergesSection(Signed):
    """[merges]: the confirmed table old_id → new_id (名寄せ); nothing else is merged."""

    file: str = ""
