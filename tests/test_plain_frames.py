"""An analyst without a client.toml: a frame, a day as text, a few lines; errors that fit."""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.cluster import KMeans
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

import segment_lib as sl

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """Orders of 200 customers: half every few weeks until now, half once or twice long ago."""
    rng = np.random.default_rng(8)
    rows = []
    for number in range(200):
        often = number % 2
        until = pd.Timestamp(AS_OF) - pd.Timedelta(days=rng.integers(1, 20) + (0 if often else 400))
        for place in range(rng.integers(8, 14) if often else rng.integers(1, 3)):
            day = until - pd.Timedelta(days=int(place * rng.integers(20, 30)))
            rows.append((f"C{number:03d}", day, float(rng.integers(20, 60) * (4 if often else 1))))
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on", "amount"])


class HandsOver:
    """A frame of another library: all that is known of it is the Arrow C stream."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.table = pa.Table.from_pandas(frame, preserve_index=False)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def test_five_lines_on_a_plain_frame(orders: pd.DataFrame) -> None:
    h = sl.order_history(orders, as_of=AS_OF)
    h = h.join(sl.ScoreCuts().fit_transform(h))
    h["segment"], h["decile"] = sl.name_segments(h), sl.assign_deciles(h)
    h = h.join(sl.assign_five_types(h))
    h = h.join(sl.BehaviourClusters(bootstraps=5).fit_transform(h))
    assert h.index.name == "customer_id"
    assert len(h) == 200
    assert h[["segment", "decile", "five_type", "cluster"]].notna().all(axis=None)
    assert h.groupby("cluster", observed=True)["monetary"].mean().is_monotonic_decreasing


def test_the_analysts_pipeline(orders: pd.DataFrame) -> None:
    history = sl.order_history(orders, as_of=AS_OF)
    groups = make_pipeline(sl.ScoreCuts(), SimpleImputer(), KMeans(2, n_init=5, random_state=0))
    found = pd.Series(groups.fit_predict(history), index=history.index)
    often = pd.Series(history.index.str[1:].astype(int) % 2, index=history.index)
    assert (pd.crosstab(often, found) == 0).to_numpy().sum() == 2  # each its own group


@pytest.mark.parametrize(
    "made",
    [
        lambda frame: frame,
        lambda frame: frame.assign(ordered_on=frame["ordered_on"].dt.strftime("%Y-%m-%d")),
        lambda frame: frame.assign(ordered_on=frame["ordered_on"].dt.tz_localize("Asia/Tokyo")),
        lambda frame: frame.astype({"customer_id": "category"}),
        lambda frame: frame.set_index("customer_id"),
        lambda frame: frame.assign(
            note=[7, "seven", None] * (len(frame) // 3) + [7] * (len(frame) % 3)
        ),
        lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
        HandsOver,
    ],
)
@pytest.mark.parametrize("day", [AS_OF, date(2025, 6, 30), pd.Timestamp(AS_OF)])
def test_any_frame_and_any_day_give_the_same_history(
    orders: pd.DataFrame, made, day: object
) -> None:
    expected = sl.to_frame(sl.order_history(ibis.memtable(orders), date(2025, 6, 30)), indexed=True)
    pd.testing.assert_frame_equal(sl.order_history(made(orders), as_of=day), expected)


def test_lines_days_and_summaries_take_frames_too(orders: pd.DataFrame) -> None:
    lines = orders.assign(product_line="tea")
    by_line = sl.line_history(lines, AS_OF)
    history = sl.order_history(orders, AS_OF)
    assert by_line.index.equals(history.index)
    assert by_line["order_days"].tolist() == history["order_days"].tolist()
    days = sl.order_days(orders, AS_OF)
    assert (
        len(days) == len(sl.behaviour.line_order_days(lines, AS_OF)) == history["order_days"].sum()
    )
    assert sl.WaitingCurve().fit(sl.order_gaps(days)).returns_ == len(days) - len(history)
    summed = history[["frequency", "monetary", "last_order_on"]]
    again = sl.summary_history(summed, AS_OF, customers=pd.DataFrame({"customer_id": ["new"]}))
    assert again.loc[history.index, "recency_days"].tolist() == history["recency_days"].tolist()
    assert again.loc["new", "frequency"] == 0


def test_returns_and_people_may_be_frames(orders: pd.DataFrame) -> None:
    back = pd.DataFrame({"customer_id": ["C001"], "adjusted_on": ["2025-06-01"], "amount": [-5]})
    plain = sl.order_history(orders, AS_OF)
    net = sl.order_history(orders, AS_OF, back, pd.DataFrame({"customer_id": ["new"]}))
    assert net.loc["C001", "monetary"] == plain.loc["C001", "monetary"] - 5
    assert net.loc["new", "frequency"] == 0


def test_an_ibis_table_stays_lazy_and_a_frame_is_not_changed(orders: pd.DataFrame) -> None:
    assert isinstance(sl.order_history(ibis.memtable(orders), AS_OF), ibis.Table)
    before = orders.copy(deep=True)
    sl.order_history(orders, AS_OF)
    pd.testing.assert_frame_equal(orders, before)


def test_errors_say_what_came_and_nothing_of_a_file_that_is_not_there(
    orders: pd.DataFrame,
) -> None:
    mistakes = [
        (
            lambda: sl.order_history(orders.rename(columns={"amount": "Amount"}), AS_OF),
            "orders lacks column(s) ['amount']. It has ['customer_id', 'ordered_on', 'Amount']. "
            'Rename "Amount" to "amount" if that is it.',
        ),
        (
            lambda: sl.order_history(orders, "30/6/2025"),
            "as_of is '30/6/2025', which is no day. Write it as 2025-06-30.",
        ),
        (
            lambda: sl.order_history(orders.assign(ordered_on="spring"), AS_OF),
            "ordered_on holds 'spring', which is no day. Write days as 2025-06-30, or give a "
            "column of dates.",
        ),
        (
            lambda: sl.order_history([1, 2], AS_OF),
            "orders is a list; it must be a pandas, Polars or Arrow table or an Ibis table. Of a "
            "lazy frame give what .collect() returns.",
        ),
        (
            lambda: sl.assign_deciles(pd.DataFrame({"spend": [1]})),
            "customers lacks column(s) ['monetary', 'frequency', 'recency_days']. It has "
            "['spend']. Call the column that holds it \"monetary\".",
        ),
    ]
    for call, sentence in mistakes:
        with pytest.raises(sl.KitError) as error:
            call()
        assert str(error.value) == sentence


def test_a_table_of_the_register_is_told_where_client_toml_maps_it() -> None:
    stored = ibis.table({"customer_id": "string", "ordered_on": "date"}, name="orders")
    with pytest.raises(sl.ListError, match=r"\[lists.orders.columns\] amount"):
        sl.order_history(stored, AS_OF)


def test_rules_are_public_and_have_defaults(orders: pd.DataFrame) -> None:
    history = sl.order_history(orders, AS_OF)
    by_default = sl.assign_five_types(history)
    pd.testing.assert_frame_equal(
        by_default, sl.assign_five_types(history, rules=sl.FiveTypesRules(), thresholds=None)
    )
    cpm = sl.assign_five_types(history, sl.FiveTypesRules(rule="cpm"))
    assert not cpm["five_type"].equals(by_default["five_type"])
    assert sl.ScoreCuts.from_rules(sl.RfmRules(frequency_cuts=(2, 3, 4, 5))).frequency_cuts[-1] == 5
    assert sl.StagesRules().met == ("met",)
    assert sl.StatusRules().reply_fresh_days == 30
    assert sl.RfmRules(segments=(sl.SegmentRow(name="All"),)).segments[0].r == (1, 5)
    assert sl.FiveTypesRules(lines={"tea": sl.TypeThresholds(often_gap_days=9)}).lines
