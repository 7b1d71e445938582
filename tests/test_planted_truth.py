"""The web-marketing service: what was planted is found, and nothing else is claimed."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import segment_lib as sl
from segment_lib.settings import Client

SAMPLE = Path(__file__).parents[1] / "sample_data"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return sl.open_client(SAMPLE / "client.toml", out=tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    table = pd.read_csv(SAMPLE / "truth" / "customers.csv", dtype=str, keep_default_na=False)
    return table.set_index("customer_id")


@pytest.fixture(scope="module")
def searched(client: Client):
    """Features, known results and what the search found, as notebook 07 makes them."""
    register = sl.take_up_register(client)
    customers = sl.together(client, register, "revenue", "types", "stages", "results")
    view = sl.rules_view(customers, register, client)
    return view.features, sl.known_outcome(customers), view.profile


def yes(truth: pd.DataFrame, column: str) -> set[str]:
    return set(truth.index[truth[column].isin(["True", "true", "1", "yes"])])


def in_group(truth: pd.DataFrame, name: str) -> set[str]:
    return set(truth.index[[name in groups.split() for groups in truth["groups"]]])


def test_at_least_1600_results_are_known(client: Client) -> None:
    results = sl.take_up(client, "results")
    assert results["got_results"].isin(["yes", "no"]).sum() >= 1600


def test_both_planted_rules_are_confirmed_and_nothing_else(searched, truth: pd.DataFrame) -> None:
    features, known, profile = searched
    planted = [yes(truth, name) & set(known.index) for name in ("rule_1", "rule_2")]
    assert all(len(people) >= 0.12 * len(known) for people in planted)
    overlap = np.array(
        [
            [jaccard(covered(features, known, row), people) for people in planted]
            for _, row in profile.confirmed.iterrows()
        ]
    )
    assert len(overlap) >= 2
    assert (overlap.max(axis=1) >= 0.5).all(), "a confirmed rule is not a planted one"
    assert (overlap.max(axis=0) >= 0.5).all(), "a planted rule was not found"


def covered(features, known: pd.Series, row: pd.Series) -> set[str]:
    import json

    mask = sl.results.rule_mask(features.table.loc[known.index], json.loads(row["conditions"]))
    return set(known.index[mask])


def jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def test_with_outcomes_shuffled_nothing_is_confirmed(searched, client: Client) -> None:
    features, known, _ = searched
    for seed in range(3):
        shuffled = pd.Series(
            np.random.default_rng(seed).permutation(known.to_numpy()), index=known.index
        )
        profile = sl.results.search_rules(
            features, shuffled, client, leaks=pd.DataFrame({"feature": [], "use": []})
        )
        assert profile.confirmed.empty


def test_the_list_is_precise_and_finds_most(client: Client, truth: pd.DataFrame) -> None:
    decision = sl.take_up(client, "decision")
    listed = set(decision.index[decision["reason"] == "not_worth_it"])
    planted = yes(truth, "not_worth_it")
    free = set(decision.index[~decision["under_contract"].astype(bool)])
    assert len(planted & free) >= 0.15 * len(free)
    assert len(listed & planted) / len(listed) >= 0.9
    assert len(listed & planted) / len(planted & free) >= 0.6


def test_nobody_under_contract_or_under_served_is_on_the_list(
    client: Client, truth: pd.DataFrame
) -> None:
    decision = sl.take_up(client, "decision")
    listed = decision[decision["decision"] == "not_approached"]
    assert len(listed) > 0
    assert not listed["under_contract"].any()
    assert not set(listed.index) & in_group(truth, "under_served")
    assert decision.groupby(level=0).size().eq(1).all()
    customers = sl.take_up_register(client).frame("customers")
    assert set(decision.index) == set(customers.index)


def test_who_pays_gets_nothing_and_went_quiet_is_seen(client: Client, truth: pd.DataFrame) -> None:
    results = sl.take_up(client, "results")
    found = set(results.index[results["silent_leaver"].astype(bool)])
    planted = in_group(truth, "silent_leaver")
    assert len(found & planted) >= 0.9 * len(planted)


def test_an_open_incident_comes_first_and_is_never_a_reason_to_stay_away(
    client: Client, truth: pd.DataFrame
) -> None:
    plan = sl.take_up(client, "plan")
    served = plan[plan["under_contract"].astype(bool)]
    open_ones = served.index.intersection(list(in_group(truth, "open_incident")))
    assert len(open_ones) > 0
    assert (served.loc[open_ones, "decision"] == "recover").all()
    assert served.loc[open_ones, "priority"].max() < served["priority"].median()
    assert served.loc[open_ones, "planned_week"].eq(1).all()


def test_achievers_send_others_more_often(client: Client) -> None:
    later = sl.take_up(client, "later").set_index(["measure", "got_results"])["rate"]
    assert later["sent somebody", "yes"] > later["sent somebody", "no"]


def test_truth_says_what_it_planted() -> None:
    stated = tomllib.loads((SAMPLE / "truth" / "truth.toml").read_text(encoding="utf-8"))
    assert {"rule_1", "rule_2"} <= set(stated["rules"])
