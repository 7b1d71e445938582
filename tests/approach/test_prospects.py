"""What was known before a contract: windows end before the matter was settled, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segment_lib.approach.prospects import prospect_features, signed_or_lost

# a: first contact 1 January, contract 15 February. b: no contract. c: never contacted.
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c"],
        "industry": ["shop", "shop", "school"],
        "plan": ["gold", None, None],
        "founded": pd.to_datetime(["1999-04-01", None, "2010-01-01"]),
        "first_contact_on": pd.to_datetime(["2025-01-01", None, None]),
        "contract_on": pd.to_datetime(["2025-02-15", None, None]),
        "first_order_on": pd.to_datetime(["2025-03-01", None, None]),
    }
).set_index("customer_id")
CONTACTS = pd.DataFrame(
    [
        # a: 45 observed days (1 January to 14 February): two from us, one from them, one meeting.
        ("a", "2025-01-05", "mail", "out", "ask", "2025-01-05", "2025-01-09"),
        ("a", "2025-01-20", "met", "out", "give", None, None),
        ("a", "2025-01-25", "mail", "in", None, None, None),
        # Asked before, answered only after the contract: not answered as far as we knew then.
        ("a", "2025-02-10", "mail", "out", "ask", "2025-02-10", "2025-02-20"),
        ("a", "2025-02-15", "met", "out", "give", None, None),  # on the day itself: too late
        # b: first contact 1 June, as-of day 30 June: 30 days.
        ("b", "2025-06-01", "call", "out", "ask", None, None),
        ("b", "2025-07-02", "mail", "in", None, None, None),  # after the as-of day
    ],
    columns=[
        "customer_id", "contacted_on", "kind", "direction", "intent", "asked_on", "answered_on",
    ],
)  # fmt: skip
for name in ("contacted_on", "asked_on", "answered_on"):
    CONTACTS[name] = pd.to_datetime(CONTACTS[name])
DEALS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "b", "c"],
        "won": pd.array([True, False, None, False], dtype="boolean"),
        "decided_on": pd.to_datetime(["2025-02-10", "2025-06-20", None, "2025-07-20"]),
    }
)
ATTRIBUTES = {
    "industry": {"known_at": "before_contract"},
    "founded": {"known_at": "before_contract", "kind": "date"},
    "plan": {"known_at": "after_contract"},
}


@pytest.fixture
def client(make):
    return make(attributes=ATTRIBUTES)


def test_who_signed_and_when_it_was_settled(client) -> None:
    told = signed_or_lost(CUSTOMERS, DEALS, client.as_of)
    assert told["signed"].tolist() == [True, False, pd.NA]  # c is decided after the as-of day
    assert told["settled_on"].tolist()[:2] == [
        pd.Timestamp("2025-02-10"),
        pd.Timestamp("2025-06-20"),
    ]
    assert pd.isna(told["settled_on"]["c"])


def test_features_by_hand(client) -> None:
    features = prospect_features(CUSTOMERS, CONTACTS, client, settled_on=CUSTOMERS["contract_on"])
    assert "plan" not in features  # only customers have a plan
    a, b, c = features.loc["a"], features.loc["b"], features.loc["c"]
    assert a["founded"] == 1999
    assert a["contacts_out_per_30d"] == pytest.approx(3 / 1.5)
    assert a["contacts_in_per_30d"] == pytest.approx(1 / 1.5)
    assert a["met_per_30d"] == pytest.approx(1 / 1.5)
    assert a["share_from_them"] == 0.25
    assert a["share_answered"] == 0.5
    assert a["answered_within_days"] == 4
    assert b["contacts_out_per_30d"] == 1
    assert b["contacts_in_per_30d"] == 0
    assert b["share_answered"] == 0
    assert c.drop(["industry", "founded"]).isna().all()  # never contacted: unknown, not zero


def test_what_happens_after_the_contract_changes_nothing(client) -> None:
    settled = CUSTOMERS["contract_on"]
    before = prospect_features(CUSTOMERS, CONTACTS, client, settled_on=settled)
    later = CONTACTS.assign(
        contacted_on=CONTACTS["contacted_on"].where(
            CONTACTS["contacted_on"] < pd.Timestamp("2025-02-15"), pd.Timestamp("2025-06-01")
        )
    )
    again = prospect_features(CUSTOMERS, later, client, settled_on=settled)
    np.testing.assert_array_equal(before.loc["a"].to_numpy(str), again.loc["a"].to_numpy(str))


def test_no_contacts_at_all(client) -> None:
    features = prospect_features(CUSTOMERS, CONTACTS.head(0), client)
    assert features.index.tolist() == ["a", "b", "c"]
    assert features["share_answered"].isna().all()
