"""Revenue crossed with results, and who leaves in silence; every number by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from result_frames import table

from segment_lib.checks import ListError
from segment_lib.results.contrast import (
    cross_results,
    field_table,
    last_signs,
    silent_leavers,
    spend_border,
)

# Under contract and paying: 100, 300, 500, 700: the border is their median, 400.
EIGHT = pd.DataFrame(
    {
        "customer_id": ["1", "2", "3", "4", "5", "6", "7", "8"],
        "monetary": [700.0, 500.0, 300.0, 100.0, 9000.0, 0.0, 400.0, None],
        "under_contract": pd.array([True, True, True, True, False, True, False, None], "boolean"),
        "got_results": ["yes", "no", "yes", "no", "unknown", "unknown", "no", "yes"],
    }
).set_index("customer_id")


def test_the_fields_by_hand() -> None:
    assert spend_border(EIGHT) == 400
    assert cross_results(EIGHT).to_dict() == {
        "1": "pays_and_gets_results", "2": "pays_gets_nothing", "3": "gets_results_pays_little",
        "4": "pays_little_gets_nothing", "5": "not_yet_known", "6": "not_yet_known",
        "7": "pays_gets_nothing", "8": "gets_results_pays_little",
    }  # fmt: skip
    assert cross_results(EIGHT, pays_much_from=600)["2"] == "pays_little_gets_nothing"


def test_without_contracts_everybody_who_pays_makes_the_border() -> None:
    shop = EIGHT.drop(columns="under_contract")
    assert spend_border(shop) == 450  # of 100, 300, 400, 500, 700, 9000


def test_the_table_adds_up_to_everyone() -> None:
    fields = field_table(EIGHT.assign(field=cross_results(EIGHT))).set_index("field")
    assert fields["customers"].sum() == 8
    assert fields["revenue"].sum() == 11_000
    assert fields["results"].sum() == 3
    assert fields["share_of_customers"].sum() == pytest.approx(1)
    assert fields.loc["pays_gets_nothing", "examples"] == "2, 7"
    assert fields.loc["pays_gets_nothing", "share_of_revenue"] == pytest.approx(900 / 11_000)
    empty = field_table(EIGHT.assign(field="not_yet_known"))
    assert empty["customers"].tolist() == [0, 0, 0, 0, 8]
    assert empty["examples"].tolist()[0] == ""


def test_silence_is_measured_by_the_own_cadence() -> None:
    people = pd.DataFrame(
        {
            "customer_id": ["1", "2", "3", "4", "5", "6"],
            "field": ["pays_gets_nothing"] * 5 + ["pays_and_gets_results"],
            "recency_days": [100, 80, 100, 100, 29, 400],
            "gap_days": [91.0, 91.0, 91.0, None, 5.0, 91.0],
            "as_of": pd.Timestamp("2024-06-30"),
            "last_reply_on": pd.to_datetime([None, None, "2024-06-01", "2024-01-01", None, None]),
        }
    ).set_index("customer_id")
    assert silent_leavers(people).to_dict() == {
        "1": True,  # 100 days, own gap 91, never replied
        "2": False,  # still within the own gap
        "3": False,  # replied 29 days ago
        "4": True,  # no gap of its own: the median, 91
        "5": False,  # a short gap, but silent for less than 30 days
        "6": False,  # gets results
    }
    assert not silent_leavers(people, times_own_gap=2).any()


def test_the_last_signs_of_life() -> None:
    contacts = table(
        "contacts",
        {"customer_id": "1", "contacted_on": "2024-05-01", "direction": "in",
         "answered_on": "2024-05-20"},  # answered by us
        {"customer_id": "1", "contacted_on": "2024-06-01", "direction": "out"},
        {"customer_id": "2", "contacted_on": "2024-05-01", "step": "a",
         "answered_on": "2024-05-09"},
        {"customer_id": "2", "contacted_on": "2024-07-01", "direction": "in"},  # tomorrow
    )  # fmt: skip
    usage = table("usage", {"customer_id": "3", "used_on": "2024-06-02"})
    signs = last_signs(contacts, usage, date(2024, 6, 30))
    assert signs["last_reply_on"].dropna().to_dict() == {
        "1": pd.Timestamp("2024-05-01"), "2": pd.Timestamp("2024-05-09"),
    }  # fmt: skip
    assert signs["last_used_on"].dropna().to_dict() == {"3": pd.Timestamp("2024-06-02")}


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ListError) as error:
        cross_results(EIGHT.drop(columns="monetary"))
    assert str(error.value) == (
        "customers lacks column(s) ['monetary']. It has ['under_contract', 'got_results']. "
        'Call the column that holds it "monetary".'
    )
