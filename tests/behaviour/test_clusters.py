from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from sklearn.metrics import silhouette_score

from segment_lib.behaviour.clusters.estimator import BehaviourClusters, with_names
from segment_lib.behaviour.clusters.gates import (
    BLOCK,
    GATES,
    VALLEY,
    highest_valley,
    mean_silhouettes,
)
from segment_lib.behaviour.clusters.measures import FEATURES, LogScale, moved_evenly
from segment_lib.behaviour.clusters.words import Limits, cluster_names, describe, words_hold
from segment_lib.behaviour.said import _k_changed
from segment_lib.behaviour.views import accepted_clusters, clusters_view
from segment_lib.checks import KitError, ListError
from segment_lib.client import Client
from segment_lib.settings import ClustersSection
from segment_lib.view import settings_of
from segment_lib.voice import language

QUICK = 5  # bootstraps


def group(
    n: int, recency: float, frequency: float, monetary: float, seed: int, name: str
) -> pd.DataFrame:
    """Customers scattered around one kind of behaviour."""
    random = np.random.default_rng(seed)
    spread = np.exp(random.normal(0, 0.15, (n, 3)))
    frame = pd.DataFrame(spread * [recency, frequency, monetary], columns=list(FEATURES))
    frame["recency_days"] = frame["recency_days"].round()
    frame["frequency"] = frame["frequency"].round().clip(lower=1)
    return frame.set_index(pd.Index([f"{name}{i:03d}" for i in range(n)], name="customer_id"))


def planted() -> pd.DataFrame:
    customers = pd.concat(
        [
            group(120, 200, 1, 50, 1, "once"),
            group(100, 40, 4, 300, 2, "some"),
            group(80, 8, 20, 3000, 3, "many"),
        ]
    )
    return customers.assign(as_of=pd.Timestamp("2026-04-01"))


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return planted()


@pytest.fixture(scope="module")
def clusters(customers: pd.DataFrame) -> BehaviourClusters:
    return BehaviourClusters(bootstraps=QUICK).fit(customers)


def test_planted_groups_are_found_and_ordered_by_mean_spend(
    customers: pd.DataFrame, clusters: BehaviourClusters
) -> None:
    assert clusters.k_ == 3
    assert clusters.as_of_ == "2026-04-01"
    labels = clusters.transform(customers)["cluster"]
    kind = pd.Series(customers.index.str[:4], index=customers.index)
    assert labels.groupby(kind).agg(["min", "max"]).T.to_dict("list") == {
        "many": [1, 1], "once": [3, 3], "some": [2, 2],
    }  # fmt: skip
    assert clusters.profile_["mean_monetary"].is_monotonic_decreasing
    assert clusters.profile_["customers"].tolist() == [80, 100, 120]
    assert clusters.message_ == ""


def test_the_largest_number_that_passes_all_four_gates_is_chosen(
    clusters: BehaviourClusters,
) -> None:
    """Pitfalls 46 and 47: the table is shown, silhouette never chooses."""
    choice = clusters.choice_.set_index("k")
    assert choice.index.tolist() == [2, 3, 4, 5, 6, 7, 8]
    for gate, least in GATES.items():
        assert (choice.loc[choice["passes"], gate] >= least).all()
    assert choice.index[choice["passes"]].max() == clusters.k_
    assert choice["silhouette"].notna().all()


def test_names_are_tree_paths_in_words_in_both_languages(clusters: BehaviourClusters) -> None:
    english = cluster_names(clusters.limits_, "¥")
    with language("ja"):
        japanese = cluster_names(clusters.limits_, "¥")
    assert english.is_unique
    assert japanese.is_unique
    said = english.str.cat(sep=" ") + japanese.str.cat(sep=" ")
    assert any(word in said for word in ("days", "orders", "spent"))
    assert any(word in said for word in ("日", "回", "累計"))
    assert (clusters.profile_["share_of_cluster_in_words"] > 0.95).all()


def test_row_order_ids_and_currency_change_nothing(
    customers: pd.DataFrame, clusters: BehaviourClusters
) -> None:
    """Pitfalls 22 and 45."""
    renamed = dict(zip(customers.index, customers.index[::-1] + "x", strict=True))
    other = customers.assign(monetary=customers["monetary"] * 130)
    other = other.rename(index=renamed).sample(frac=1, random_state=9)
    again = BehaviourClusters(bootstraps=QUICK).fit(other)
    there = clusters.transform(customers)["cluster"].rename(index=renamed)
    pd.testing.assert_series_equal(again.transform(other)["cluster"], there.reindex(other.index))
    columns = ["k", *GATES, "passes"]
    pd.testing.assert_frame_equal(again.choice_[columns], clusters.choice_[columns], atol=1e-6)


def test_the_same_input_gives_the_same_file_and_the_file_the_same_labels(
    customers: pd.DataFrame, clusters: BehaviourClusters
) -> None:
    text = clusters.to_json()
    assert BehaviourClusters(bootstraps=QUICK).fit(customers).to_json() == text
    back = BehaviourClusters.from_json(text)
    pd.testing.assert_frame_equal(back.transform(customers), clusters.transform(customers))
    pd.testing.assert_frame_equal(back.choice_, clusters.choice_)
    pd.testing.assert_frame_equal(back.profile_, clusters.profile_)
    assert back.to_json() == text
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_people_without_orders_have_no_cluster_and_negative_spend_counts_as_0(
    customers: pd.DataFrame,
) -> None:
    more = pd.DataFrame(
        {"recency_days": [np.nan, 30.0, np.nan], "frequency": [0, 2, np.nan]}
        | {"monetary": [0.0, -500.0, np.nan]},
        index=pd.Index(["nobody", "returned", "unknown"], name="customer_id"),
    )
    everybody = pd.concat([customers, more])
    before = everybody.copy(deep=True)
    fitted = BehaviourClusters(bootstraps=QUICK).fit(everybody)
    labels = fitted.transform(everybody)
    assert labels.loc[["nobody", "unknown"]].isna().all(axis=None)
    assert labels.loc["returned"].notna().all()
    named = with_names(labels, fitted, "¥")
    assert named.columns.tolist() == ["cluster", "cluster_name"]
    assert named["cluster_name"].dropna().isin(cluster_names(fitted.limits_, "¥")).all()
    assert named["cluster_name"].isna().equals(labels["cluster"].isna())
    assert fitted.message_ == (
        "customers with negative spend, counted as 0: 1; "
        "people without orders, who have no cluster: 2"
    )
    with language("ja"):
        assert fitted.message_ == "累計がマイナスの1名は0として計算。購入のない2名はクラスタなし"
    pd.testing.assert_frame_equal(everybody, before)


def test_no_structure_is_answered_with_no_stable_clusters() -> None:
    random = np.random.default_rng(4)
    cloud = pd.DataFrame(np.exp(random.normal(3, 0.5, (300, 3))), columns=list(FEATURES))
    fitted = BehaviourClusters(bootstraps=QUICK).fit(cloud)
    assert fitted.k_ is None
    assert fitted.message_ == ("no stable clusters; none of 2 to 8 clusters passed all four gates")
    with language("ja"):
        assert fitted.message_.startswith("安定したクラスタはありません")
    assert fitted.transform(cloud).isna().all(axis=None)
    assert len(fitted.profile_) == len(fitted.centres_) == 0
    assert BehaviourClusters.from_json(fitted.to_json()).k_ is None


@pytest.mark.parametrize("n", [0, 1, 2, 19])
def test_too_few_customers_are_a_message_and_no_error(n: int) -> None:
    some = planted().iloc[:n]
    fitted = BehaviourClusters(bootstraps=2).fit(some)
    assert fitted.k_ is None
    assert fitted.message_.startswith(f"no stable clusters; customers: {n}, different ")
    assert fitted.transform(some)["cluster"].isna().all()


def test_fewer_different_rows_than_clusters() -> None:
    """Pitfall 48; also all values equal."""
    five = pd.DataFrame({"recency_days": [1, 2, 3, 90, 91], "frequency": 1, "monetary": 10.0})
    fitted = BehaviourClusters(bootstraps=2).fit(pd.concat([five] * 20, ignore_index=True))
    assert fitted.choice_["k"].tolist() == [2]
    assert fitted.message_ == (
        "customers: 100, different behaviours: 5, no more than 2 clusters were tried"
    )
    same = pd.concat([five.iloc[:1]] * 100, ignore_index=True)
    assert BehaviourClusters(bootstraps=2).fit(same).message_ == (
        "no stable clusters; customers: 100, different behaviours: 1, too few to look for clusters"
    )


def test_names_survive_a_new_month_even_when_the_order_turns(
    customers: pd.DataFrame, clusters: BehaviourClusters
) -> None:
    """Pitfall 45: match to the saved centres."""
    kind = customers.index.str[:4]
    # The middle group now spends more than the top group did; each stays nearest to itself.
    month = customers.assign(
        monetary=customers["monetary"] * np.select([kind == "some", kind == "many"], [4, 0.35], 1)
    )
    fresh = BehaviourClusters(bootstraps=QUICK).fit(month)
    assert fresh.transform(month).loc["some000", "cluster"] == 1
    kept = fresh.keep_names_of(clusters)
    labels, saved = kept.transform(month), clusters.transform(customers)
    assert (labels["cluster"] == saved["cluster"]).mean() > 0.99
    names = cluster_names(kept.limits_, "¥").sort_index()
    pd.testing.assert_series_equal(names, cluster_names(clusters.limits_, "¥"))
    assert fresh.transform(month).loc["some000", "cluster"] == 1  # the fresh one is not changed


def test_the_view_takes_up_the_names_of_the_last_accepted_list(
    customers: pd.DataFrame, clusters: BehaviourClusters, tmp_path
) -> None:
    client = Client.model_validate(
        {
            "client": {"name": "x", "as_of": "2025-06-30"},
            "lists": {"orders": {"files": ["x.csv"], "columns": {"customer_id": "id"}}},
        }
    ).model_copy(update={"path": tmp_path / "client.toml"})
    assert accepted_clusters(client) is None
    renamed = deepcopy(clusters)
    renamed.limits_ = [Limits(own.cluster + 10, own.paths) for own in clusters.limits_]
    for day, saved in (("2025-04-30", clusters), ("2025-05-31", renamed), ("2025-06-30", clusters)):
        (tmp_path / "history" / day).mkdir(parents=True)
        (tmp_path / "history" / day / "clusters.json").write_text(saved.to_json(), "utf-8")
    view = clusters_view(customers, {}, client)  # by the list before today's, not by today's own
    numbers = [own.cluster for own in renamed.limits_]
    assert sorted(view.profile["cluster"]) == sorted(numbers)
    assert BehaviourClusters.from_json(view.learned["learned"].iloc[0]).k_ == clusters.k_


def test_a_new_cluster_gets_a_new_number(
    customers: pd.DataFrame, clusters: BehaviourClusters
) -> None:
    newcomers = group(90, 1, 2, 40_000, 7, "rich")
    fresh = BehaviourClusters(bootstraps=QUICK).fit(pd.concat([customers, newcomers]))
    kept = fresh.keep_names_of(clusters)
    labels = kept.transform(newcomers)["cluster"]
    assert fresh.k_ == 4
    assert labels.unique().tolist() == [4]
    assert cluster_names(kept.limits_).is_unique
    assert kept.transform(customers.loc[["many000"]])["cluster"].tolist() == [1]


def test_mistakes_are_sentences(customers: pd.DataFrame) -> None:
    with pytest.raises(KitError) as error:
        BehaviourClusters().transform(customers)
    assert str(error.value) == (
        "BehaviourClusters has learned nothing yet. Call fit(customers) first."
    )
    with pytest.raises(ListError, match=r"customers lacks column\(s\) \['frequency'\]"):
        BehaviourClusters().fit(customers.drop(columns="frequency"))


def test_limits_are_undone_and_rounded_to_what_a_person_would_say() -> None:
    """Pitfall 44: log1p is undone in words. Limits lie half way on the log scale."""
    frame = pd.DataFrame(
        {"recency_days": [5, 6, 90, 95], "frequency": 1.0, "monetary": [1000.0] * 4}
    )
    scale = LogScale.learn(frame)
    said = describe(scale.points(frame), np.array([0, 0, 1, 1]), scale)
    # half way between log 7 and log 91: exp(3.228) - 1 = 24.2 days, said as 25
    limits = [Limits(number, paths) for number, paths in enumerate(said, start=1)]
    assert cluster_names(limits).tolist() == ["ordered within 25 days", "no order for over 25 days"]
    with language("ja"):
        assert cluster_names(limits, "¥").tolist() == ["25日以内に購入", "25日を超えて購入なし"]
    assert words_hold(frame, said[0]).tolist() == [True, True, False, False]


@pytest.mark.slow
@pytest.mark.real_data
def test_on_online_retail_the_chosen_clusters_hold_and_are_of_use(real_data: Path) -> None:
    """Method notes 4: R² of the log spend of the next 90 days, on customers not used to learn."""
    history, spend = _online_retail(real_data)
    fitted = BehaviourClusters().fit(history)
    chosen = fitted.choice_.set_index("k").loc[fitted.k_]
    assert fitted.k_ == 4
    assert chosen["passes"]
    fold = np.random.default_rng(0).integers(0, 5, len(history))
    explained = []
    for number in range(5):
        learn, test = history[fold != number], history[fold == number]
        labels = _with_k(fitted.k_, learn)
        means = spend[fold != number].groupby(labels.transform(learn)["cluster"]).mean()
        said = labels.transform(test)["cluster"].map(means)
        error = ((spend[fold == number] - said) ** 2).sum()
        around = ((spend[fold == number] - spend[fold != number].mean()) ** 2).sum()
        explained.append(1 - error / around)
    assert np.mean(explained) >= 0.22


def _with_k(k: int, learn: pd.DataFrame) -> BehaviourClusters:
    """Clusters of a given number, without looking for the number again."""
    from segment_lib.behaviour.clusters.gates import learn_centres
    from segment_lib.behaviour.clusters.measures import buyers_of

    made = BehaviourClusters()
    buyers = buyers_of(learn)
    made.scale_, made.k_ = LogScale.learn(buyers), k
    made.centres_scaled_ = learn_centres(made.scale_.points(buyers), k, 0)
    made.limits_ = [Limits(number, []) for number in range(1, k + 1)]
    made.choice_ = pd.DataFrame()
    return made


def _online_retail(folder: Path) -> tuple[pd.DataFrame, pd.Series]:
    lines = pd.read_csv(
        folder / "online-retail" / "online_retail.csv.gz",
        dtype={"InvoiceNo": "str", "CustomerID": "str"},
        usecols=["InvoiceNo", "Quantity", "UnitPrice", "InvoiceDate", "CustomerID"],
    )
    kept = lines["CustomerID"].notna() & ~lines["InvoiceNo"].str.startswith("C")
    lines = lines[kept & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines = lines.assign(
        day=pd.to_datetime(lines["InvoiceDate"]).dt.normalize(),
        amount=lines["Quantity"] * lines["UnitPrice"],
    )
    as_of = pd.Timestamp("2011-09-10")
    past = lines[lines["day"] <= as_of].groupby("CustomerID")
    history = pd.DataFrame(
        {
            "recency_days": (as_of - past["day"].max()).dt.days,
            "frequency": past["InvoiceNo"].nunique(),
            "monetary": past["amount"].sum(),
        }
    )
    coming = (lines["day"] > as_of) & (lines["day"] <= as_of + pd.Timedelta(days=90))
    spend = lines[coming].groupby("CustomerID")["amount"].sum().reindex(history.index).fillna(0)
    return history, np.log1p(spend)


# --- groups, or cuts through a continuum? ---------------------------------------------------------
def continuum(kind: str, n: int, seed: int) -> pd.DataFrame:
    """Customers of one cloud: paces differ, nobody belongs to a group."""
    draw = np.random.default_rng(seed)
    pace, rows = draw.gamma(1.0, 1 / 60, n), []
    for own in np.maximum(pace, 1e-3):
        on, days, leaves = draw.uniform(0, 90), [], draw.beta(1, 4)
        while on < 365:
            days.append(on)
            if kind == "leaving" and draw.random() < leaves:
                break
            again = kind == "clumpy" and draw.random() < 0.5
            on += draw.exponential(5) if again else draw.exponential(1 / own)
        spent = np.exp(draw.normal(8, 0.6) + draw.normal(0, 0.4, len(days))).sum()
        rows.append((int(365 - days[-1]), len(days), spent))
    return pd.DataFrame(rows, columns=list(FEATURES))


def valley_says(customers: pd.DataFrame, seed: int = 0) -> int | None:
    """The largest K with a valley between all neighbours; None: a continuum."""
    scale = LogScale.learn(customers)
    smooth = scale.points(moved_evenly(customers, seed))
    natural = [k for k in range(2, 7) if highest_valley(smooth, k, seed) < VALLEY]
    return max(natural, default=None)


@pytest.mark.parametrize("kind", ["gamma-Poisson", "leaving", "clumpy"])
def test_a_continuum_is_called_one(kind: str) -> None:
    assert [valley_says(continuum(kind, 800, seed)) for seed in range(8)] == [None] * 8


def test_planted_groups_are_called_groups() -> None:
    found = [
        valley_says(
            pd.concat(
                [
                    group(160, 200, 1, 50, 3 * seed, "once"),
                    group(120, 40, 5, 300, 3 * seed + 1, "some"),
                    group(90, 8, 24, 3000, 3 * seed + 2, "many"),
                ]
            )
        )
        for seed in range(8)
    ]
    assert found == [3] * 8


def test_a_valley_by_hand() -> None:
    """Two heaps six widths apart: in the middle each is exp(-4.5) of its peak."""
    draw = np.random.default_rng(0)
    heaps = np.concatenate([draw.normal(0, 1, (4000, 3)), draw.normal([6, 0, 0], 1, (4000, 3))])
    # the kernel fills the valley a little
    assert 2 * np.exp(-4.5) < highest_valley(heaps, 2, 0) < 0.08
    assert highest_valley(draw.normal(0, 1, (4000, 3)), 2, 0) > 0.97
    assert highest_valley(np.repeat([[0.0, 0, 0], [1, 1, 1]], 9, axis=0), 2, 0) == 1.0  # two places


def rules() -> Client:
    """The settings of nobody's client.toml."""
    return settings_of(None, pd.DataFrame({"as_of": [pd.Timestamp("2026-04-01")]}))


def test_it_is_said_whether_they_are_groups(
    customers: pd.DataFrame, clusters: BehaviourClusters
) -> None:
    assert clusters.natural_k_ == clusters.k_ == 3
    said = clusters_view(customers, {}, rules(), clusters=clusters).says()
    assert said["natural"].startswith("There are groups: with K = 3 a valley lies between all")
    assert said["taken"] == "K taken: 3, the largest that is natural and passes all four gates."
    cloud = continuum("gamma-Poisson", 600, 1)
    cuts = BehaviourClusters(bootstraps=QUICK).fit(cloud)
    assert cuts.natural_k_ is None
    said = clusters_view(cloud, {}, rules(), clusters=cuts).says()["natural"]
    assert "useful, not natural" in said
    assert BehaviourClusters.from_json(cuts.to_json()).natural_k_ is None
    few = BehaviourClusters(bootstraps=QUICK).fit(cloud.head(3))
    assert (
        clusters_view(cloud.head(3), {}, rules(), clusters=few)
        .says()["natural"]
        .startswith("Too few customers to ask")
    )


def test_people_may_state_how_many_and_other_gates(customers: pd.DataFrame) -> None:
    stated = BehaviourClusters(bootstraps=QUICK, k=2).fit(customers)
    assert stated.k_ == 2
    assert len(stated.profile_) == 2
    said = clusters_view(customers, {}, rules(), clusters=stated).says()["taken"]
    assert said.startswith("K taken: 2, as [clusters] states; it ")
    strict = BehaviourClusters(bootstraps=QUICK, gates={"smallest_share": 0.49}).fit(customers)
    assert strict.k_ is None
    tiny = BehaviourClusters(bootstraps=QUICK, k=8).fit(customers.head(30))
    assert "[clusters] asks for 8 clusters, which these lists are too few for" in tiny.message_


def test_another_k_than_last_time_is_explained(customers: pd.DataFrame) -> None:
    before = BehaviourClusters(bootstraps=QUICK, k=2).fit(customers)
    now = BehaviourClusters(bootstraps=QUICK, gates={"smallest_share": 0.3}).fit(customers)
    assert _k_changed(before, before) == (
        "The list of 2026-04-01 had as many clusters, made of the same measures."
    )
    assert _k_changed(None, now) == (
        "No list was accepted before: there are no clusters to compare these with."
    )
    three = BehaviourClusters(bootstraps=QUICK).fit(customers)
    assert _k_changed(three, now) == (
        f"The list of 2026-04-01 had 3 clusters, now there are {now.k_ or 0}: 3 fail at Smallest "
        "cluster today."
    )
    assert _k_changed(before, three) == (
        "The list of 2026-04-01 had 2 clusters, now there are 3: so many pass all gates today."
    )


OWN = ("recency_days", "order_days", "order_value")


@pytest.fixture(scope="module")
def other(customers: pd.DataFrame) -> pd.DataFrame:
    """The same people with the two other measures, in three groups as well."""
    per_order = customers["monetary"] / customers["frequency"]
    return customers.assign(order_days=customers["frequency"], order_value=per_order)


def test_people_may_state_other_measures(other: pd.DataFrame) -> None:
    own = BehaviourClusters(bootstraps=QUICK, features=OWN).fit(other)
    assert own.centres_.columns.tolist() == ["cluster", *OWN]
    assert own.k_ == own.natural_k_ == 3
    plain = BehaviourClusters(bootstraps=QUICK).fit(other)
    pd.testing.assert_frame_equal(own.transform(other), plain.transform(other))
    names = " / ".join(cluster_names(own.limits_, "¥"))
    assert "orders" not in names.replace("order days", "")
    assert own.profile_["share_of_words_in_cluster"].ge(0.9).all()
    again = BehaviourClusters.from_json(own.to_json())
    assert again.get_params() == own.get_params()
    pd.testing.assert_frame_equal(again.transform(other), own.transform(other))
    spread = clusters_view(other, {}, rules(), clusters=own).spread
    assert spread.index.tolist() == list(OWN)


def test_of_whom_a_measure_is_not_known_there_is_no_cluster(other: pd.DataFrame) -> None:
    own = BehaviourClusters(bootstraps=QUICK, features=OWN).fit(other)
    lacking = other.assign(order_days=other["order_days"].where(other.index != other.index[0]))
    assert own.transform(lacking)["cluster"].isna().tolist() == [True, *[False] * (len(other) - 1)]
    with pytest.raises(
        ListError, match=r"customers lacks column\(s\) \['order_days', 'order_value'\]"
    ):
        own.transform(other.drop(columns=["order_days", "order_value"]))


def test_the_currency_changes_no_cluster_by_order_value(other: pd.DataFrame) -> None:
    dear = other.assign(**{name: other[name] * 150 for name in ("monetary", "order_value")})
    made = [BehaviourClusters(bootstraps=QUICK, features=OWN).fit(one) for one in (other, dear)]
    first, second = (one.transform(seen) for one, seen in zip(made, (other, dear), strict=True))
    pd.testing.assert_frame_equal(first, second)


def test_names_of_other_measures_are_not_kept(other: pd.DataFrame) -> None:
    saved = BehaviourClusters(bootstraps=QUICK).fit(other)
    now = BehaviourClusters(bootstraps=QUICK, features=OWN).fit(other)
    kept = now.keep_names_of(saved)
    assert cluster_names(kept.limits_).equals(cluster_names(now.limits_))
    assert _k_changed(saved, now) == (
        "The clusters of the list of 2026-04-01 were made of other measures: numbers and names are "
        "new."
    )


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ({"order_days": (2.0, 6.0)}, ("3 to 6 order days", "注文日数が3〜6日")),
        ({"order_value": (500.0, np.inf)}, ("¥500 an order or more", "1回あたり¥500以上")),
        (
            {"span_days": (-np.inf, 90.0)},
            ("first and last order up to 90 days apart", "初回から最終注文まで90日以内"),
        ),
        (
            {"tenure_days": (180.0, np.inf)},
            ("first order over 180 days ago", "初回注文から180日超"),
        ),
    ],
)
def test_every_measure_has_its_words(path: dict, says: tuple[str, str]) -> None:
    limits = Limits(1, [path])
    assert limits.named("¥") == says[0]
    with language("ja"):
        assert limits.named("¥") == says[1]


def test_a_client_states_its_measures() -> None:
    section = ClustersSection(features=("recency_days", "order_value", "order_value"))
    assert section.features == ("recency_days", "order_value")
    assert ClustersSection().features == FEATURES
    for wrong in (("recency_days", "mood"), ("recency_days",)):
        with pytest.raises(ValidationError) as error:
            ClustersSection(features=wrong)
        assert (
            "clusters are made of two or more of ['recency_days', 'frequency', 'monetary', "
            "'order_days', 'order_value', 'span_days', 'tenure_days'], not of " + str(list(wrong))
        ) in str(error.value)


def test_silhouettes_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    points = np.vstack([random.normal(0, 1, (2 * BLOCK, 3)), random.integers(2, 5, (BLOCK + 7, 3))])
    labels = [random.integers(0, k, len(points)) for k in (2, 5)]
    alone = np.where(np.arange(len(points)) == 4, 9, labels[0])  # one cluster of one point
    found = mean_silhouettes(points, [*labels, alone, np.zeros(len(points))])
    wanted = [silhouette_score(points, one) for one in (*labels, alone)]
    np.testing.assert_allclose(found, [*wanted, 0.0], atol=1e-6)
    same = mean_silhouettes(np.ones((20, 3)), [np.arange(20) % 2])
    assert same == [0.0]
    assert mean_silhouettes(points, []) == []
