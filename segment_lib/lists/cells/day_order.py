"""A declared order of day and month that the days themselves contradict, over a whole list.

3/4/2025 reads either way, so a wrong `dates = ["mdy"]` loses only the days above 12 and swaps the
rest without a word. Each chunk is counted; at the end of the list the counts decide.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ListError
from segment_lib.lists.cells.codes import without_codes
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.layout import PLACE, match_header
from segment_lib.lists.cells.values import tidy_text
from segment_lib.lists.cells.vectors import as_array
from segment_lib.lists.cells.words import column_kind
from segment_lib.settings import Client
from segment_lib.voice import Sentence, _

_FIRST = ("dmy", "mdy")
_SHAPE = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)")
_LETTERS = 10  # 01/03/2025
# So many of the days must be out of the calendar before it is more than mistyped cells.
_SHARE = 0.01


@dataclass
class _Seen:
    """Days such as 3/4/2025 of one column: how many there are, and by which order they read."""

    days: int = 0
    only_declared: int = 0
    only_other: int = 0
    example: str = ""


@dataclass
class DayOrder:
    """Whether the days of a list are written as client.toml says; asked chunk by chunk."""

    client: Client
    list_name: str
    seen: dict[str, _Seen] = field(default_factory=dict)

    def look(self, frame: pd.DataFrame) -> None:
        """Count the days of a chunk, if client.toml says which of day and month comes first."""
        if not self._declared:
            return
        section, table = self.client.lists[self.list_name], self.client.table_of(self.list_name)
        has = [str(name) for name in frame.columns if name not in PLACE]
        for column, wanted in section.columns.items():
            header = match_header(wanted, has)
            if header and column_kind(self.client, column, table) == "date":
                text = without_codes(section, column, frame[header])
                self._count(self.seen.setdefault(column, _Seen()), text, frame)

    def require_right(self) -> None:
        """Raise `ListError` if many days are in the calendar only with the other order."""
        for column, seen in self.seen.items():
            # Where each order has days of its own, the list is mixed: its rows tell, not this.
            if seen.only_other > _SHARE * seen.days and seen.only_declared * 100 < seen.only_other:
                raise ListError(self._sentence(column, seen))

    @property
    def _declared(self) -> str:
        dates = self.client.lists[self.list_name].dates
        return next((order for order in _FIRST if order in dates), "")

    @property
    def _other(self) -> str:
        return "mdy" if self._declared == "dmy" else "dmy"

    def _count(self, seen: _Seen, text: pd.Series, frame: pd.DataFrame) -> None:
        starts = pc.utf8_slice_codeunits(pc.utf8_ltrim_whitespace(as_array(text)), 0, _LETTERS)
        counts: Counter[str] = Counter()
        odd = []
        for entry in pc.value_counts(starts).to_pylist():
            shape = _SHAPE.match(tidy_text(entry["values"] or ""))
            if shape is None:
                continue
            declared, other = (_reads(shape[1], order) for order in (self._declared, self._other))
            counts["days"] += entry["counts"]
            counts["only_declared"] += entry["counts"] * (declared and not other)
            counts["only_other"] += entry["counts"] * (other and not declared)
            odd += [entry["values"]] if other and not declared else []
        seen.days += counts["days"]
        seen.only_declared += counts["only_declared"]
        seen.only_other += counts["only_other"]
        if odd and not seen.example:
            where = pc.index(pc.is_in(starts, pa.array(odd, starts.type)), True).as_py()
            row = frame.iloc[where]
            seen.example = _(
                "row {row_number} of {file}: {cell}",
                row_number=row["row_number"],
                file=row["file"],
                cell=text.iloc[where],
            )

    def _sentence(self, column: str, seen: _Seen) -> str:
        section, declared, other = self.client.lists[self.list_name], self._declared, self._other
        right = ", ".join(f'"{other if one == declared else one}"' for one in section.dates)
        said = {
            "list_name": self.list_name,
            "header": section.columns[column],
            "column": column,
            "only_other": seen.only_other,
            "days": seen.days,
            "example": seen.example,
            "right": right,
        }
        if declared == "dmy":
            wrong = _(
                '{list_name}: "{header}" ({column}) is read with the day first, but then '
                "{only_other:,} of its {days:,} days are not in the calendar, for example "
                "{example}; with the month first {others} are. Write under [lists.{list_name}] "
                "dates = [{right}].",
                others=_others(seen),
                **said,
            )
        else:
            wrong = _(
                '{list_name}: "{header}" ({column}) is read with the month first, but then '
                "{only_other:,} of its {days:,} days are not in the calendar, for example "
                "{example}; with the day first {others} are. Write under [lists.{list_name}] "
                "dates = [{right}].",
                others=_others(seen),
                **said,
            )
        return wrong


def _others(seen: _Seen) -> str:
    if not seen.only_declared:
        return _("all of them")
    return _("all but {count:,} of them", count=seen.only_declared)


def _reads(text: str, order: str) -> bool:
    return not isinstance(parse_date(text, (order,)), Sentence)
