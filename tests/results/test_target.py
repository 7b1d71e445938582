"""Whom to look for: what is planted is told, what is dealt out by chance is not; who is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from result_frames import client, table

from segment_lib.checks import NeedsTable
from segment_lib.results.rules.rates import how_far_apart
from segment_lib.results.said import (
    says_behaviour_beside,
    says_levels,
    says_main,
    says_who_gathers,
)
from segment_lib.results.target import ends_of, is_main, main_customers, target_table
from segment_lib.results.views import TargetView, target_view
from segment_lib.voice import language

NAMED = {"trade": ("Trade", "company"), "place": ("Place", "geographic")}
WORDS = {"yes": "yes", "no": "no"}
BEFORE = {"known_at": "before_contract"}
STEPS = [{"name": "sheet", "label_en": "Sheet"}, {"name": "goal", "label_en": "Goal"}]


def people(seed: int, n: int = 600, planted: bool = False) -> pd.DataFrame:
    """Customers of whom one in three gets results; of the shops, where planted, two in three."""
    rng = np.random.default_rng(seed)
    trade = rng.choice(["shop", "maker", "school", "clinic", "inn"], n)
    chance = np.where(planted & (trade == "shop"), 0.66, 0.33)
    place = rng.choice([f"place {i}" for i in range(20)], n)
    return pd.DataFrame(
        {
            "trade": trade,
            "place": place,
            "got_results": np.where(rng.random(n) < chance, "yes", "no"),
            "learn_from": True,
        },
        index=pd.Index([f"C{i:04d}" for i in range(n)], name="customer_id"),
    )


# --- the table ------------------------------------------------------------------------------------
def test_what_is_planted_is_told_and_nothing_beside_it() -> None:
    for seed in range(20):
        found = target_table(people(seed, planted=True), NAMED, WORDS)
        told = found[found["tells_apart"]]
        above = told[told["rate"] > told["overall_rate"]]
        assert above["level"].tolist() == ["shop"], "whoever is not a shop lies below, if at all"
        assert set(told["attribute"]) == {"Trade"}
        assert found["looked_at"].unique().tolist() == [25]


def test_what_is_dealt_out_by_chance_is_told_in_few_lists_of_a_hundred() -> None:
    tells = [
        bool(target_table(people(seed), NAMED, WORDS)["tells_apart"].any()) for seed in range(100)
    ]
    assert sum(tells) <= 5


def test_intervals_alone_would_tell_what_is_chance() -> None:
    """Why all that was looked at is allowed for."""
    alone = 0
    for seed in range(20):
        found = target_table(people(seed), NAMED, WORDS)
        base = found["overall_rate"]
        alone += bool(((found["low"] > base) | (found["high"] < base)).any())
    assert alone >= 8


def test_the_table_by_hand() -> None:
    known = ["yes"] * 8 + ["no"] * 4 + ["unknown"] * 3
    rows = people(0, 20).assign(
        trade=["shop"] * 12 + ["inn"] * 3 + ["school"] + [None] * 4,
        got_results=[*known, *["unknown"] * 5],
        web=pd.array([True] * 5 + [False] * 15, "boolean"),
    )
    rows["learn_from"] = rows["got_results"].ne("unknown")
    named = {"trade": ("Trade", "company"), "web": ("Web", "company")}
    found = target_table(rows, named, {"yes": "はい", "no": "いいえ"})
    columns = ["level", "customers", "n", "successes"]
    assert found[columns].to_numpy().tolist() == [
        ["shop", 12, 12, 8],
        ["(all others)", 4, 0, 0],  # three inns and a school: fewer than five each
        ["(missing)", 4, 0, 0],
        ["いいえ", 15, 7, 3],
        ["はい", 5, 5, 5],
    ]
    assert found["rate"].iloc[0] == pytest.approx(8 / 12)
    assert found["rate"].iloc[1:].isna().all(), "no rate of fewer than ten"
    assert found["looked_at"].eq(1).all()
    assert found.groupby("attribute")["customers"].sum().eq(20).all()


def test_neither_the_order_of_rows_nor_the_frame_itself_changes() -> None:
    rows = people(3, planted=True)
    before = rows.copy()
    anew = target_table(rows.sample(frac=1, random_state=1), NAMED, WORDS)
    pd.testing.assert_frame_equal(anew, target_table(rows, NAMED, WORDS))
    pd.testing.assert_frame_equal(rows, before)


# --- the main customers ---------------------------------------------------------------------------
def test_main_customers_are_named_with_the_reason() -> None:
    rows = pd.DataFrame(
        {
            "name": list("ABCDE"),
            "owner": ["佐藤"] * 5,
            "did_all": pd.array([True, None, True, False, None], "boolean"),
            "incident_state": ["none", "fan", "fan", "open", "recovered"],
            "got_results": ["yes", "no", "unknown", "no", "yes"],
            "field": "not_yet_known",
        },
        index=pd.Index(list("12345"), name="customer_id"),
    )
    found = main_customers(rows)
    assert found["customer_id"].tolist() == ["1", "2", "3"] == [*rows.index[is_main(rows)]]
    assert found["why"].tolist() == [
        "Did all requests",
        "Became a fan after an incident",
        "Did all requests, and became a fan after an incident",
    ]
    assert says_main(found) == (
        "3 main customers did all requests or became fans after an incident; 1 of them got results."
    )
    assert main_customers(rows[["name"]]).empty


# --- sentences ------------------------------------------------------------------------------------
def spread(requests: list[int], trades: list[int]) -> pd.DataFrame:
    """Groups of 200 customers with so many results."""
    rates = pd.DataFrame(
        {
            "group": ["Trade"] * len(trades) + ["Requests handled"] * len(requests),
            "level": [*"abc"[: len(trades)], *map(str, range(len(requests)))],
            "n": 200,
            "rate": [one / 200 for one in (*trades, *requests)],
            "overall_rate": 0.4,
        }
    )
    return ends_of(rates, how_far_apart(rates), by_number="Requests handled")


def test_behaviour_is_put_beside_what_is_known_before() -> None:
    says = says_behaviour_beside(spread([40, 120], [78, 82]))
    assert says == (
        "Of 200 customers who handled 0 requests in time, 20% got results; of 200 who handled 1, "
        "60%. Of what is known beforehand “Trade” reaches furthest, but by no more than "
        "chance: from 39% (a) to 41% (b). These gather customers; behaviour finds those who get "
        "results."
    )


def test_what_only_gathers_is_counted_beside_what_tells() -> None:
    both = spread([40, 120], [60, 100])
    flat = spread([40, 120], [78, 82]).iloc[:1].assign(group="Place")
    assert (
        "1 of 2 attributes tell no more than chance: enough to gather customers, not to find those "
        "who get results."
    ) in says_behaviour_beside(pd.concat([flat, both], ignore_index=True))


@pytest.mark.parametrize(
    ("requests", "trades", "end"),
    [
        ([40, 120], [60, 100], "to find those who get results, behaviour tells more."),
        ([60, 100], [30, 130], "behaviour tells less than what is known beforehand."),
        ([40, 110], [50, 100], "these counts cannot say which of them tells more."),
        ([79, 81], [60, 100], "The requests tell no more than chance here."),
        ([120, 40], [79, 81], "The requests tell no more than chance here."),
        ([40, 120], [], "That is more than chance."),
        ([79, 81], [], "That is no more than chance."),
        ([], [60, 100], "what behaviour tells more is not said here."),
    ],
)
def test_behaviour_is_not_praised_where_it_tells_no_more(requests, trades, end) -> None:
    assert says_behaviour_beside(spread(requests, trades)).endswith(end)
    with language("ja"):
        assert not says_behaviour_beside(spread(requests, trades)).isascii()


def test_the_sentences_of_the_levels() -> None:
    found = target_table(people(0, planted=True), NAMED, WORDS)
    shop = found[found["level"] == "shop"].iloc[0]
    assert says_who_gathers(found)[0].startswith(
        f"Trade: most frequent among those with results: shop ({shop['successes']} of {shop['n']} "
        f"got results, {shop['rate']:.0%}; {shop['customers']} in the list), "
    )
    assert says_levels(found) == (
        "25 levels were looked at; after allowing for that, 2 tell apart, against 39% of all with "
        "a known result. Trade: clinic (24% of 119, 95% interval 18% to 33%), Trade: shop (62% of "
        "118, 95% interval 53% to 70%)."
    )
    none = target_table(people(0), NAMED, WORDS).assign(tells_apart=False)
    assert says_levels(none) == (
        "25 levels were looked at; none tells more than chance who gets results."
    )
    few = target_table(people(0, 12), NAMED, WORDS)
    assert says_levels(few) == (
        "No level has ten known results, so none is compared with the others."
    )


# --- the view -------------------------------------------------------------------------------------
def asked(ids: pd.Index, done: np.ndarray) -> pd.DataFrame:
    """Both requests to everybody on the first day; so many are done a week later."""
    rows = [
        {
            "customer_id": one,
            "contacted_on": "2023-01-12",
            "step": step["name"],
            "asked_on": "2023-01-12",
            "answered_on": "2023-01-19" if place < n else None,
            "done_well": place < n,
        }
        for one, n in zip(ids, done, strict=True)
        for place, step in enumerate(STEPS)
    ]
    return table("contacts", *rows)


def lists(n: int = 300) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Customers with judged results that follow the requests handled, and their tables."""
    rows = people(1, n).assign(name="A", owner="佐藤", start_on=pd.Timestamp("2023-01-10"))
    rows["field"] = "not_yet_known"
    rng = np.random.default_rng(5)
    done = rng.integers(0, 3, n)
    rows["got_results"] = np.where(rng.random(n) < 0.15 + 0.3 * done, "yes", "no")
    rows["did_all"] = done == 2
    rows["incident_state"] = "none"
    outcomes = table(
        "outcomes", *({"customer_id": one, "got_results": "yes"} for one in rows.index)
    )
    tables = {"customers": rows.reset_index(), "outcomes": outcomes}
    tables["customers"]["contract_on"] = rows["start_on"].to_numpy()
    tables["customers"]["first_contact_on"] = pd.NaT
    return rows, tables | {"contacts": asked(rows.index, done)}


def attributes(**known_at: str) -> dict[str, dict[str, str]]:
    return {name: {"known_at": when, "label_ja": "属性"} for name, when in known_at.items()}


def test_a_view_of_lists_in_both_languages() -> None:
    rows, tables = lists()
    stated = attributes(trade="before_contract", place="after_contract")
    view = target_view(rows, tables, client(attributes=stated, steps=STEPS))
    assert view.target["attribute"].unique().tolist() == ["trade"], "only what was known before"
    assert view.spread["group"].tolist() == ["trade", "Requests handled"]
    did = rows[rows["did_all"]]
    won = did["got_results"].eq("yes")
    assert view.main["customer_id"].tolist() == [*did.index[won], *did.index[~won]]
    assert list(TargetView.KEEPS) == ["target", "target_spread", "main_customers"]
    assert "behaviour finds those who get results" in view.says()["behaviour"]
    with language("ja"):
        says = target_view(rows, tables, client(attributes=stated, steps=STEPS)).says()
    assert says["gather"].startswith("属性：成果を出された方に多いのは、")
    assert "成果を出すお客様を見つけるのは行動です" in says["behaviour"]
    assert says["main"].startswith("メインのお客様（")


def test_without_attributes_or_requests_it_is_said() -> None:
    rows, tables = lists()
    for spoken in ("en", "ja"):
        with language(spoken):
            view = target_view(rows, tables, client())
            assert view.target.empty
            assert view.spread.empty
            assert all(view.says().values())
    assert (
        target_view(rows, tables, client())
        .says()["gather"]
        .startswith("No attribute in words is known of anybody beforehand")
    )


def test_an_outcome_made_of_the_requests_is_not_explained_by_them() -> None:
    rows, tables = lists()
    rules = client(
        attributes=attributes(trade="before_contract"),
        steps=STEPS,
        outcome={"source": "steps_done"},
    )
    assert target_view(rows, tables, rules).spread["group"].tolist() == ["trade"]


def test_nobody_is_no_error_and_no_outcome_is_told() -> None:
    rows, tables = lists()
    stated = client(attributes=attributes(trade="before_contract"), steps=STEPS)
    nobody = target_view(rows.iloc[:0], tables, stated)
    assert nobody.target.empty
    assert nobody.main.empty
    assert all(nobody.says().values())
    with pytest.raises(NeedsTable, match="do not say who got results"):
        target_view(rows, {"customers": tables["customers"]}, stated)
