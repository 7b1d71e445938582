"""What engines do differently: when a day begins, and what they cannot count.

A column of moments (PostgreSQL's and DuckDB's timestamptz, every timestamp of Spark) holds no days:
half past midnight in Tokyo is the day before in London. So the zone must be said, and Spark, whose
moments Ibis shows without a zone, is taken to mean UTC where it is not.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from segment_lib.checks import KitError
from segment_lib.lists import in_memory
from segment_lib.voice import _


@ibis.udf.scalar.builtin
def timezone(zone: str, moment: dt.Timestamp(timezone="UTC")) -> dt.timestamp:  # type: ignore[valid-type]
    """The time on the clocks of a zone: PostgreSQL, DuckDB."""


@ibis.udf.scalar.builtin
def from_utc_timestamp(moment: dt.timestamp, zone: str) -> dt.timestamp:
    """The time on the clocks of a zone: Spark."""


def in_days(table: ir.Table, name: str, time_zone: str | None) -> ir.Table:
    """`table` with the moments in its columns `…_on` as days of the zone.

    Raises `KitError` if there are some and no zone is stated, or the zone is none.
    """
    kinds = {column: kind for column, kind in table.schema().items() if column.endswith("_on")}
    moments = [column for column, kind in kinds.items() if kind.is_timestamp() and kind.timezone]
    if time_zone is None:
        if moments:
            raise KitError(
                _(
                    "{table}.{column} holds moments, and when a day begins depends on the zone. "
                    'Say it: time_zone="Asia/Tokyo", or give a column of days.',
                    table=name,
                    column=moments[0],
                )
            )
        return table
    _require_zone(time_zone)
    days = {one: timezone(time_zone, table[one]).date() for one in moments}
    if not in_memory(table) and table.get_backend().name == "pyspark":
        times = [column for column, kind in kinds.items() if kind.is_timestamp()]
        days = {one: from_utc_timestamp(table[one], time_zone).date() for one in times}
    return table.mutate(**days)


def _require_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ValueError, OSError, KeyError):
        raise KitError(
            _('time_zone is "{zone}", which is none. Write it like "Asia/Tokyo".', zone=time_zone)
        ) from None


def require_engine(expr: ir.Table) -> ir.Table:
    """The expression; raises `KitError` if its engine lacks something that is in it."""
    engine = expr.get_backend()
    if engine.name == "duckdb":  # the tests run on it
        return expr
    try:
        engine.compile(expr)
    except IbisError as lacking:
        raise KitError(
            _(
                "{engine} cannot count this: {lacking}. DuckDB, PostgreSQL and Spark can; or take "
                "the orders into memory: orders.to_pandas().",
                engine=engine.name,
                lacking=lacking,
            )
        ) from None
    return expr
