"""What stops a register: something undecided, lists of no use, sums that are none, days too early.

Each raises one sentence that says what to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from segment_lib.checks import ClientError, ListError
from segment_lib.columns import SALES
from segment_lib.lists.cells.values import reason_said
from segment_lib.lists.rows.gathered import Engine, GatheredList
from segment_lib.settings import Client
from segment_lib.voice import _

_MOST = 10**14  # what DECIMAL(18,4) holds


def require_decided(client: Client) -> None:
    """Raise `ClientError` about the time zone, or something that a person has yet to decide."""
    try:
        ZoneInfo(client.client.time_zone)
    except (ValueError, OSError, KeyError):
        raise ClientError(
            'client.toml: [client] time_zone = "{time_zone}" is not a time '
            'zone. Write it like "Asia/Tokyo".',
            time_zone=client.client.time_zone,
        ) from None
    for name, section in client.lists.items():
        if section.undecided:
            raise ClientError(
                "{file_name}: [lists.{name}] undecided still names {waiting}. Look at what the "
                "comments there say, write the line that is right, and take the word out of "
                "undecided; also where nothing has to be written.",
                file_name=client.path.name,
                name=name,
                waiting=", ".join(section.undecided),
            )


def require_rows_of_use(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """Raise `ListError` about a list of which no row can be used: a mistake in client.toml, not a
    small list.
    """
    for one in lists:
        rows, kept = engine.rows(
            f"select count(*), count(*) filter (where _fate <> 'set aside') from {one.part}"
        )[0]
        if not rows or kept:
            continue
        counts = engine.rows(
            f"select _reason, count(*) as n from {one.aside} group by all order by n desc, _reason"
        )
        number, file, column, value = engine.rows(
            f"select _row_number, _file, _column, _value from {one.aside} order by _row limit 1"
        )[0]
        raise ListError(
            "{list_name}: none of its {rows} rows can be kept ({reasons}). For "
            'example row {number} of {file} has {column} = "{value}". Check '
            "columns, dates and missing in [lists.{list_name}].",
            list_name=one.name,
            rows=rows,
            reasons=", ".join(f"{reason_said(why)} {n}" for why, n in counts),
            number=number,
            file=file,
            column=column,
            value=value,
        )


def sales_of(what: str, lists: Sequence[GatheredList]) -> str:
    """The kept rows that are sales, of all lists."""
    return " union all ".join(
        f"select {what} from {one.part} where _fate = 'kept' and _goes_to = '{one.table}'"
        for one in lists
        if one.table in SALES
    )


def require_sums_that_fit(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """Raise `ListError` if an order, or all orders of a customer, add up to more than money can be.

    Each amount fits by itself; a column of article codes or telephone numbers does not in sum.
    """
    rows = sales_of("customer_id, order_id, amount", lists)
    if not rows or not engine.one(f"select max(abs(amount)) * count(*) >= {_MOST} from ({rows})"):
        return
    for keys in ("customer_id, order_id", "customer_id"):
        for *ids, total, count in engine.rows(
            f"select {keys}, sum(amount) as total, count(*) from ({rows}) group by {keys} "
            f"having abs(sum(amount)) >= {_MOST} order by abs(total) desc, {keys} limit 1"
        ):
            whose = _('customer "{id}"', id=ids[0])
            if len(ids) > 1:
                whose = _('order "{order_id}" of customer "{id}"', order_id=ids[1], id=ids[0])
            raise ListError(
                "{list_name}: the {count} amounts of {whose} add up to "
                "{total:,.0f}, which is no sum of money. Is another column mapped "
                "as amount, an article code for example? Check amount in "
                "[lists.{list_name}.columns].",
                list_name=next(one.name for one in lists if one.table in SALES),
                count=count,
                whose=whose,
                total=total,
            )


def require_orders_by_as_of(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> None:
    """Raise `ListError` if all orders lie after as_of, or a list that is summed up knows later
    ones.
    """
    sales = sales_of("ordered_on", lists)
    first = engine.one(f"select min(ordered_on) from ({sales})") if sales else None
    if first and first > client.as_of:
        raise ListError(
            "as_of is {as_of}, but the first order is dated {first}. Set "
            "[client] as_of in client.toml to {first} or later.",
            as_of=client.as_of,
            first=first,
        )
    for one in lists:
        if one.table == "summaries" and "last_order_on" in one.columns:
            last = engine.one(f"select max(last_order_on) from {one.part} where _fate = 'kept'")
            if last is not None and last > client.as_of:
                raise ListError(
                    "as_of is {as_of}, but {list_name} tells of an order on {last}, "
                    "and a list that is summed up cannot be taken back to an earlier "
                    "day. Set [client] as_of in client.toml to {last} or later.",
                    as_of=client.as_of,
                    list_name=one.name,
                    last=last,
                )
