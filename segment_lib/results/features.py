"""What was known about each customer within the first days after the start, and nothing later.

A feature is *searched* if it was known before the result; *shown* if nobody has said when it was
known, or if it can be an effect of success (counts of contacts); *barred*, and not in the table at
all, if it is known only after the result, is a day that lies after the clues end for many, is made
from revenue, or is what the outcome is built from. Only events dated from the start to
`features_until_days` after it (and up to `as_of`) count; for requests it is the day of the answer
that counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from segment_lib.behaviour.steps import each_request
from segment_lib.columns import TABLES, as_text, label
from segment_lib.in_words import percent
from segment_lib.settings import AttributeSection, Client
from segment_lib.voice import N_, _, pgettext, said_by_people, spoken

AUDIT_COLUMNS = ("feature", "family", "known_at", "use", "searched", "why")
WHY = {
    "declared": N_("Known before the result, as declared"),
    "window": N_("Happened within {days} days of the start"),
    "undated": N_("Nobody has said when it is known: set known_at in [attributes.{name}]"),
    "after_outcome": N_("Known only after the result"),
    "late": N_("{late} of its days lie after the clues end: it is written later"),
    "effect": N_("A count of contacts can be an effect of success"),
    "revenue": N_("Made from revenue"),
    "circular": N_("The outcome is built from it"),
}


class Words(NamedTuple):
    """How a feature is said: its name; a phrase for *yes* or for a value; the phrase for *no*."""

    name: str
    says: str = ""
    not_so: str = ""

    def said(self) -> Words:
        """The words in the language of the moment."""
        return Words(*map(_, self))


@dataclass(frozen=True)
class Feature:
    """The values of one feature per customer, and all that the audit and the words need."""

    values: pd.Series
    family: str
    known_at: str
    use: str
    why: str
    words: Words
    late: float = 0.0  # of a day: which share lies after the clues end


@dataclass(frozen=True)
class ResultFeatures:
    """`table`: one row per customer with a start; `audit`, `labels`: one row per feature."""

    table: pd.DataFrame
    audit: pd.DataFrame
    labels: pd.DataFrame

    @property
    def searched(self) -> pd.DataFrame:
        """The features that rules may be searched in."""
        return self.table[list(self.audit.loc[self.audit["searched"], "feature"])]


def build_features(
    customers: pd.DataFrame,
    starts: pd.Series,
    client: Client,
    *,
    contacts: pd.DataFrame | None = None,
    usage: pd.DataFrame | None = None,
    orders: pd.DataFrame | None = None,
) -> ResultFeatures:
    """Features of every customer with a start, with the audit of what may be searched.

    `customers` is indexed by customer_id; `starts` is `start_on`; the others are the register's
    tables, left out or empty if the client has none.
    """
    begun = starts[starts <= pd.Timestamp(client.as_of)].sort_index()
    ends = begun + pd.Timedelta(days=client.outcome.features_until_days)
    window = pd.DataFrame(
        {"start_on": begun, "end_on": ends.clip(upper=pd.Timestamp(client.as_of))}
    )
    found = _attributes(customers.reindex(window.index), window, client)
    if contacts is not None and not contacts.empty:
        found |= _steps(contacts, window, client) | _contact_pattern(contacts, window, client)
    if usage is not None and not usage.empty:
        found |= _use_of_service(usage, window)
    if orders is not None and not orders.empty:
        found |= _early_orders(orders, window, client)
    return _assembled(found, window.index, client)


def _assembled(found: dict[str, Feature], index: pd.Index, client: Client) -> ResultFeatures:
    table = {name: item.values for name, item in found.items() if item.use != "barred"}
    days = client.outcome.features_until_days
    rows = []
    for name, item in found.items():
        why = _(WHY[item.why], days=days, name=name, late=percent(item.late))
        rows.append((name, item.family, item.known_at, item.use, item.use == "searched", why))
    words = pd.DataFrame(
        [item.words for item in found.values()],
        columns=[*Words._fields],
        index=pd.Index(list(found), name="feature", dtype="str"),
    )
    audit = pd.DataFrame(rows, columns=[*AUDIT_COLUMNS]).astype({"searched": bool})
    return ResultFeatures(pd.DataFrame(table, index=index), audit, words)


# --- attributes: searched only if people have said that they were known before -------------------
DAYS_A_YEAR = 365.25  # ages are said in years, not in days
LATE_SHARE = 0.05  # of a column's dates after the clues end: it is written later (last activity)
UNDECLARED = AttributeSection()
STANDARD_ATTRIBUTES = {
    "sort": AttributeSection(),
    "attitude": AttributeSection(family="psychographic"),
    "owner": AttributeSection(),
    "key_account": AttributeSection(kind="yes_no"),
    "potential_amount": AttributeSection(kind="number"),
}
# When it was known → how it is used, and why.
USES = {
    "after_outcome": ("barred", "after_outcome"),
    "undated": ("shown", "undated"),
    "dated": ("searched", "window"),
}


def _attributes(
    customers: pd.DataFrame, window: pd.DataFrame, client: Client
) -> dict[str, Feature]:
    """The attributes of the customer list, each with when it was known."""
    found = {}
    for name in _attribute_names(customers, client):
        section = client.attributes.get(name) or STANDARD_ATTRIBUTES.get(name, UNDECLARED)
        values = customers[name]
        known_at = str(section.known_at)
        noted = f"{name}_on"
        if noted in customers and known_at == "undated":
            # The list says when it was noted, so it dates itself.
            noted_on = pd.to_datetime(customers[noted], errors="coerce")
            values, known_at = values.where(noted_on <= window["end_on"]), "dated"
        late = _late_share(values, section.kind, window)
        use, why = USES.get(known_at, ("searched", "declared"))
        if late >= LATE_SHARE:
            use, why = "barred", "late"
        values, words = _as_kind(values, section.kind, window), _attribute_words(name, section)
        found[name] = Feature(values, section.family, known_at, use, why, words, late)
    return found


def _attribute_names(customers: pd.DataFrame, client: Client) -> list[str]:
    """Declared attributes, the other extra columns of the list, and the standard ones in use."""
    mapped = [
        column
        for name, section in client.lists.items()
        if client.table_of(name) == "customers"
        for column in section.headers
        if column not in TABLES["customers"]
    ]
    names = dict.fromkeys([*client.attributes, *mapped, *STANDARD_ATTRIBUTES])
    return [name for name in names if name in customers and customers[name].notna().any()]


def _late_share(values: pd.Series, kind: str, window: pd.DataFrame) -> float:
    """Which share of the days in a column lies after the clues end; 0 where it holds no days."""
    if kind != "date" and not pd.api.types.is_datetime64_any_dtype(values):
        return 0.0
    day = pd.to_datetime(values, errors="coerce").dropna()
    return float((day > window["end_on"].reindex(day.index)).mean()) if len(day) else 0.0


def _as_kind(values: pd.Series, kind: str, window: pd.DataFrame) -> pd.Series:
    """Text, number, yes / no; a date becomes the full years from it to the start."""
    if kind == "number":
        return pd.to_numeric(values, errors="coerce").astype(float)
    if kind == "date":
        day = pd.to_datetime(values, errors="coerce")
        before = (window["start_on"] - day).dt.days.astype(float) // DAYS_A_YEAR
        return before.where(day <= window["end_on"])
    if pd.api.types.is_bool_dtype(values):
        return _yes_no(values)
    return values.pipe(as_text)


def _attribute_words(name: str, section: AttributeSection) -> Words:
    japanese = spoken() == "ja"
    named = (section.label_ja if japanese else section.label_en) or label(name)
    says = section.says_ja if japanese else section.says_en
    if section.kind == "date" and not says:
        says = _("{attribute}: {{}} years before the start", attribute=named)
    return Words(named, says)


# --- events of the own window: requests, touches, use of the service, orders ---------------------
MOST_USED_FEATURES = 10  # features of the service that become a yes / no of their own
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
CONTACT_WORDS = {
    "spoke_up": Words(
        N_("came to us on their own"),
        N_("came to us on their own"),
        N_("never came to us on their own"),
    ),
    "met_us": Words(N_("met us"), N_("met us"), N_("did not meet us")),
    "contacts_in": Words(N_("contacts from the customer")),
    "contacts_out": Words(N_("contacts from us")),
}


def _steps(contacts: pd.DataFrame, window: pd.DataFrame, client: Client) -> dict[str, Feature]:
    """Per request its state and the days to the answer; over all, how many, how fast, and all."""
    names = [step.name for step in client.steps]
    requests = contacts[contacts["step"].isin(names)]
    requests = requests.assign(asked_on=requests["asked_on"].fillna(requests["contacted_on"]))
    rows = _in_window(requests, "asked_on", window, from_start=False)
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
        key = _key_of(step.name)
        # An attribute may have the same name.
        state = f"step_{key}" if key in client.attributes else key
        answered = pgettext("request", "{step} {{}}", step=said)
        words = Words(said, answered, _("{step} not asked for", step=said))
        found[state] = _step_state(mine, judged), words
        words = Words(
            _("days to answer {step}", step=said),
            _("answered {step} {{days}}", step=said),
            _("no answer to {step} in time", step=said),
        )
        found[f"reply_days_{key}"] = mine["reply_days"], words
    of_customer = each.groupby("customer_id")
    n_done = of_customer["done"].sum().astype(float)
    overall = {
        "steps_done": n_done,
        "did_all_steps": _yes_no(n_done == len(names)),
        "reply_days": of_customer["reply_days"].median(),
        "reply_share": each["answered_on"].notna().groupby("customer_id").mean(),
    }
    found |= {name: (overall[name], words.said()) for name, words in STEP_WORDS.items()}
    return {
        name: _dated("steps", values.reindex(window.index), words, use, "circular")
        for name, (values, words) in found.items()
    }


def _step_state(each: pd.DataFrame, judged: bool) -> pd.Series:
    """done_well, answered (but not properly, or nobody noted it), no_answer; not asked: missing."""
    state = pd.Series("no_answer", each.index, dtype="str")
    state[each["answered_on"].notna()] = "answered"
    if judged:
        state[each["done"]] = "done_well"
    return state


def _contact_pattern(
    contacts: pd.DataFrame, window: pd.DataFrame, client: Client
) -> dict[str, Feature]:
    """Did they come to us, did they meet us; how often is shown only, as an effect of success."""
    rows = _in_window(contacts, "contacted_on", window)
    counts = "searched" if client.outcome.allow_revenue else "shown"
    came, sent = (
        _count(rows[rows["direction"].eq(way).fillna(False)], window.index) for way in ("in", "out")
    )
    kinds = {*client.stages.met, *client.stages.meal}
    met = _count(rows[rows["kind"].pipe(as_text).isin(kinds)], window.index)
    found = {
        "spoke_up": (_yes_no(came > 0), "searched"),
        "met_us": (_yes_no(met > 0), "searched"),
        "contacts_in": (came, counts),
        "contacts_out": (sent, counts),
    }
    return {
        name: _dated("contacts", values, CONTACT_WORDS[name].said(), use, "effect")
        for name, (values, use) in found.items()
    }


def _use_of_service(usage: pd.DataFrame, window: pd.DataFrame) -> dict[str, Feature]:
    """On how many days and what they used, and whether each of the commonest features."""
    rows = _in_window(usage, "used_on", window)
    different = rows.groupby("customer_id")[["used_on", "feature"]].nunique()
    different = different.reindex(window.index, fill_value=0).astype(float)
    found = {"usage_days": _dated("usage", different["used_on"], Words(_("days of use")))}
    if rows["feature"].notna().any():
        words = Words(_("features used"))
        found["features_used"] = _dated("usage", different["feature"], words)
    commonest = rows["feature"].value_counts().sort_index().nlargest(MOST_USED_FEATURES).index
    for used in commonest:
        did = _yes_no(_count(rows[rows["feature"] == used], window.index) > 0)
        said = _("used {used}", used=used)
        words = Words(said, said, _("did not use {used}", used=used))
        found[f"used_{_key_of(used)}"] = _dated("usage", did, words)
    return found


def _early_orders(orders: pd.DataFrame, window: pd.DataFrame, client: Client) -> dict[str, Feature]:
    """Orders and spend of the first days: revenue, so barred unless the client allows it."""
    rows = _in_window(orders, "ordered_on", window)
    use = "searched" if client.outcome.allow_revenue else "barred"
    spend = rows.groupby("customer_id")["amount"].sum().reindex(window.index, fill_value=0.0)
    found = {
        "early_orders": (_count(rows, window.index), Words(_("orders early on"))),
        "early_spend": (spend, Words(_("spend early on"))),
    }
    return {name: _dated("revenue", *told, use, "revenue") for name, told in found.items()}


def _dated(
    family: str, values: pd.Series, words: Words, use: str = "searched", why: str = ""
) -> Feature:
    """A feature whose events carry a date; `why` it is not searched, if it is not."""
    why = "window" if use == "searched" else why
    return Feature(values, family, "by day of features", use, why, words)


def _in_window(
    events: pd.DataFrame, day: str, window: pd.DataFrame, from_start: bool = True
) -> pd.DataFrame:
    """The events of each customer from the own start to the own end of features."""
    rows = events.merge(window, left_on="customer_id", right_index=True)
    inside = rows[day] <= rows["end_on"]
    if from_start:
        inside &= rows[day] >= rows["start_on"]
    return rows[inside]


def _count(rows: pd.DataFrame, index: pd.Index) -> pd.Series:
    """How many of the rows each customer has, 0 for none."""
    return rows.groupby("customer_id").size().reindex(index, fill_value=0).astype(float)


def _yes_no(values: pd.Series) -> pd.Series:
    """True and False as the words of conditions; missing stays missing."""
    return values.astype("boolean").map({True: "yes", False: "no"}).pipe(as_text)


def _key_of(name: str) -> str:
    """A name that can stand in a condition: without signs and blanks."""
    return re.sub(r"[<>=!\s]+", "_", name)
