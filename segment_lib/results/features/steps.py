"""The own list of requests as features: which were properly handled, and how fast."""

from __future__ import annotations

import pandas as pd

from segment_lib.results.features.item import Feature, Words, in_window, key_of, yes_no
from segment_lib.settings import Client


def steps(client: Client, contacts: pd.DataFrame, window: pd.DataFrame) -> dict[str, Feature]:
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
        en, ja = step.label_en or step.name, step.label_ja or step.name
        key = key_of(step.name)
        # An attribute may have the same name.
        state = f"step_{key}" if key in client.attributes else key
        found[state] = feature(_step_state(mine, judged), _state_words(en, ja))
        found[f"reply_days_{key}"] = feature(mine["reply_days"], _reply_words(en, ja))
    overall = _over_all(each, len(names))
    return found | {name: feature(overall[name], STEP_WORDS[name]) for name in STEP_WORDS}


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


def _state_words(en: str, ja: str) -> Words:
    return (en, ja, f"{en} {{}}", f"「{ja}」{{}}", f"{en} not asked for", f"「{ja}」の依頼なし")


def _reply_words(en: str, ja: str) -> Words:
    return (
        f"days to answer {en}", f"{ja}の回答日数",
        f"answered {en} {{days}}", f"「{ja}」に{{days}}回答",
        f"no answer to {en} in time", f"「{ja}」に期間内の回答なし",
    )  # fmt: skip


STEP_WORDS: dict[str, Words] = {
    "steps_done": (
        "requests properly handled", "対応済み依頼数",
        "properly handled {} requests", "適切に対応した依頼数が{}",
        "was sent no request", "依頼の送付なし",
    ),
    "did_all_steps": (
        "did all requests", "全依頼に対応", "properly handled all requests",
        "すべての依頼に適切に対応", "did not handle all requests", "一部の依頼に未対応",
    ),
    "reply_days": (
        "median days to answer", "回答日数（中央値）",
        "usually answered {days}", "通常{days}回答",
        "answered no request in time", "期間内の回答なし",
    ),
    "reply_share": (
        "share of requests answered", "依頼への回答率",
        "", "",
        "was sent no request", "依頼の送付なし",
    ),
}  # fmt: skip
