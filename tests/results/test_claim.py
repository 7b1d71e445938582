"""What followed the day of judgement: by hand."""

from datetime import date

import pandas as pd

from segment_lib.results.claim import later_behaviour

DAY = pd.Timestamp("2025-01-01")
AS_OF = date(2025, 12, 31)


def facts(customers: int = 20) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Half got results; all of them order before and after, the others only before."""
    names = [f"c{n:02d}" for n in range(customers)]
    answers = ["yes" if n % 2 == 0 else "no" for n in range(customers)]
    judged = pd.DataFrame(
        {"got_results": answers, "judged_on": DAY}, index=pd.Index(names, name="customer_id")
    )
    before = [(name, DAY - pd.Timedelta(days=30), 100.0) for name in names]
    after = [(name, DAY + pd.Timedelta(days=30), 150.0) for name in names[::2]]
    orders = pd.DataFrame(before + after, columns=["customer_id", "ordered_on", "amount"])
    people = pd.DataFrame(
        {
            "referred_by": ["c00", "c00", "c01", None],
            "first_contact_on": [DAY + pd.Timedelta(days=d) for d in (10, 20, 300, 5)],
        },
        index=pd.Index(["n1", "n2", "n3", "n4"], name="customer_id"),
    )
    return judged, orders, people


def test_who_got_results_stayed_bought_more_and_sent_others() -> None:
    judged, orders, people = facts()
    table = later_behaviour(judged, orders, people, AS_OF).set_index(["measure", "got_results"])
    assert table.loc[("ordered again", "yes"), "rate"] == 1
    assert table.loc[("ordered again", "no"), "rate"] == 0
    assert table.loc[("bought more than before", "yes"), "successes"] == 10
    # c00 sent two people, counted once; the referral by c01 came 300 days later: too late
    assert table.loc[("sent somebody", "yes"), "successes"] == 1
    assert table.loc[("sent somebody", "no"), "successes"] == 0
    assert table["n"].eq(10).all()


def test_whose_days_are_not_over_and_the_unknown_are_left_out() -> None:
    judged, orders, people = facts()
    judged.loc["c00", "judged_on"] = pd.Timestamp("2025-12-01")
    judged.loc["c02", "got_results"] = "unknown"
    table = later_behaviour(judged, orders, people, AS_OF)
    assert table.loc[table["got_results"] == "yes", "n"].eq(8).all()
    # 8 people are too few for a rate
    assert table.loc[table["got_results"] == "yes", "rate"].isna().all()


def test_nobody_followed_gives_rows_without_rates() -> None:
    judged, orders, people = facts()
    table = later_behaviour(judged, orders, people, date(2025, 2, 1))
    assert len(table) == 6
    assert table["n"].eq(0).all()
