"""The own list of requests as features: which were properly handled, and how fast."""

from __future__ import annotations

import pandas as pd

from segment_lib.behaviour.steps import each_request
from segment_lib.results.features.item import (
    Feature,
    Words,
    dated_feature,
    in_window,
    key_of,
    yes_no,
)
from segment_lib.settings import Client
from segment_lib.voice import N_, _, pgettext, said_by_people


def steps(contacts: pd.DataFrame, window: pd.DataFrame, client: Client) -> dict[str, Feature]:
    """Per request its state and the days to the answer; over all, how many, how fast, and all."""
    names = [step.name for step in client.steps]
    requests = contacts[contacts["step"].isin(names)]
    requests = requests.assign(asked_on=requests["asked_on"].fillna(requests["contacted_on"]))
    rows = in_window(requests, "asked_on", window, from_start=False)
    if rows.empty:
        return {}
    judged = bool(rows["done_well"].notna().any())
    each = each_request(rows, rows["end_on"], judged)  # an answer after the window is not known yet
    each["reply_days"] = each["reply_days"].where(each["reply_days"] >= 0)
    use = "barred" if client.outcome.source == "steps_done" else "searched"
    found: dict[str, tuple[pd.Series, Words]] = {}
    for step in client.steps:
        mine = each[each.index.get_level_values("step") == step.name].droplevel("step")
        said = said_by_people(step.label_en or step.name, step.label_ja or step.name)
        key = key_of(step.name)
        # An attribute may have the same name.
        state = f"step_{key}" if key in client.attributes else key
        found[state] = _step_state(mine, judged), _state_words(said)
        found[f"reply_days_{key}"] = mine["reply_days"], _reply_words(said)
    of_customer = each.groupby("customer_id")
    n_done = of_customer["done"].sum().astype(float)
    overall = {
        "steps_done": n_done,
        "did_all_steps": yes_no(n_done == len(names)),
        "reply_days": of_customer["reply_days"].median(),
        "reply_share": each["answered_on"].notna().groupby("customer_id").mean(),
    }
    found |= {name: (overall[name], words.said()) for name, words in STEP_WORDS.items()}
    feature = dated_feature("steps")
    return {
        name: feature(values.reindex(window.index), words, use, "circular")
        for name, (values, words) in found.items()
    }


def _step_state(each: pd.DataFrame, judged: bool) -> pd.Series:
    """done_well, answered (but not properly, or nobody noted it), no_answer; not asked: missing."""
    state = pd.Series("no_answer", each.index, dtype="str")
    state[each["answered_on"].notna()] = "answered"
    if judged:
        state[each["done"]] = "done_well"
    return state


def _state_words(step: str) -> Words:
    return Words(
        step, pgettext("request", "{step} {{}}", step=step), _("{step} not asked for", step=step)
    )


def _reply_words(step: str) -> Words:
    return Words(
        _("days to answer {step}", step=step),
        _("answered {step} {{days}}", step=step),
        _("no answer to {step} in time", step=step),
    )


STEP_WORDS = {
    "steps_done": Words(
        N_("requests properly handled"),
        N_("properly handled {} requests"),
        N_("was sent no request"),
    ),
    "did_all_steps": Words(
        N_("did all requests"),
        N_("properly handled all requests"),
        N_("did not handle all requests"),
    ),
    "reply_days": Words(
        N_("median days to answer"),
        N_("usually answered {days}"),
        N_("answered no request in time"),
    ),
    "reply_share": Words(N_("share of requests answered"), not_so=N_("was sent no request")),
}
