"""The own list of requests as features: which were properly handled, and how fast."""

from __future__ import annotations

import pandas as pd

from segment_lib.results.features.item import Feature, Words, in_window, key_of, yes_no
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
    each, judged = _each_request(rows)
    circular = client.outcome.source == "steps_done"
    kept = ("barred", "circular") if circular else ("searched", "window")

    def feature(values: pd.Series, words: Words) -> Feature:
        return Feature(values.reindex(window.index), "steps", "by day of features", *kept, words)

    found = {}
    for step in client.steps:
        mine = each[each.index.get_level_values("step") == step.name].droplevel("step")
        said = said_by_people(step.label_en or step.name, step.label_ja or step.name)
        key = key_of(step.name)
        # An attribute may have the same name.
        state = f"step_{key}" if key in client.attributes else key
        found[state] = feature(_step_state(mine, judged), _state_words(said))
        found[f"reply_days_{key}"] = feature(mine["reply_days"], _reply_words(said))
    overall = _over_all(each, len(names))
    return found | {
        name: feature(overall[name], words.said()) for name, words in STEP_WORDS.items()
    }


def _each_request(rows: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """One row per customer and request: asked_on, answered_on, done, reply_days."""
    # An answer after the window is not known yet.
    rows = rows.assign(answered_on=rows["answered_on"].where(rows["answered_on"] <= rows["end_on"]))
    answered = rows["answered_on"].notna()
    # Where nobody ever noted whether it was done well, an answer counts as done.
    judged = bool(rows["done_well"].notna().any())
    well = rows["done_well"].fillna(False).astype(bool) if judged else answered
    by_step = rows.assign(done=answered & well).groupby(["customer_id", "step"])
    each = by_step.agg(
        asked_on=("asked_on", "min"), answered_on=("answered_on", "min"), done=("done", "any")
    )
    waited = (each["answered_on"] - each["asked_on"]).dt.days.astype(float)
    return each.assign(reply_days=waited.where(waited >= 0)), judged


def _over_all(each: pd.DataFrame, n_steps: int) -> dict[str, pd.Series]:
    of_customer = each.groupby("customer_id")
    n_done = of_customer["done"].sum().astype(float)
    return {
        "steps_done": n_done,
        "did_all_steps": yes_no(n_done == n_steps),
        "reply_days": of_customer["reply_days"].median(),
        "reply_share": each["answered_on"].notna().groupby("customer_id").mean(),
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
        step,
        pgettext("request", "{step} {{}}", step=step),
        _("{step} not asked for", step=step),
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
    "reply_share": Words(
        N_("share of requests answered"),
        not_so=N_("was sent no request"),
    ),
}
