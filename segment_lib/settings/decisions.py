"""The sections in which people decide: who it is about, attributes, cut points, results, worth."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from segment_lib.checks import WrongValue
from segment_lib.settings.sections import Conditions, KnownAt, Section, Signed, code_of
from segment_lib.voice import Language, said_by_people

# It names folders too: letters of any script (青葉商事), digits, - and _.
CLIENT_NAME = r"[\w-]+"


class ClientSection(Signed):
    """[client]: who this is about, and the day we pretend it is."""

    name: str
    as_of: date
    title: str = ""
    title_ja: str = ""
    language: Language = "en"
    currency: str = "¥"
    time_zone: str = "Asia/Tokyo"
    # What does not tell two customer ids apart: zeros at the start, capitals, hyphens and blanks;
    # of names also legal form and title.
    same_ids: tuple[Literal["zeros", "case", "signs", "names"], ...] = ()
    checked: tuple[str, ...] = ()  # doubts about the lists that somebody has looked at

    @field_validator("name")
    @classmethod
    def _names_a_folder(cls, name: str) -> str:
        if not re.fullmatch(CLIENT_NAME, name):
            raise WrongValue(
                '"{name}" must be letters, digits, - and _: folders are named by it', name=name
            )
        return name


class AttributeSection(Section):
    """[attributes.NAME]: a column of the customer list beyond the standard ones."""

    label_en: str = ""
    label_ja: str = ""
    family: Literal[
        "geographic", "demographic", "psychographic", "behavioural", "company", "other"
    ] = "other"
    known_at: KnownAt = "undated"
    kind: Literal["text", "number", "date", "yes_no"] = "text"
    # It says who was contacted and who was not, and that was drawn by lot.
    drawn_by_lot: bool = False
    # How a rule says it, {} for the value: "has {} staff"; left out, "LABEL {}" is said.
    says_en: str = ""
    says_ja: str = ""


class RulesSection(Signed):
    """[rules]: how money and orders are counted."""

    returns: Literal["net", "ignore"] = "net"
    zero_amounts: Literal["set_aside", "keep"] = "set_aside"
    money: Literal["tax_included", "tax_excluded"] | None = None


class SegmentRow(Section):
    """[[rfm.segments]]: one named group as ranges of the scores, both ends included."""

    name: str
    name_ja: str = ""
    r: tuple[int, int] = (1, 5)
    f: tuple[int, int] = (1, 5)
    m: tuple[int, int] = (1, 5)
    character: str = ""
    character_ja: str = ""
    measure: str = ""
    measure_ja: str = ""


class RfmSection(Signed):
    """[rfm]: cut points as people say them, or "quantiles"; the named segments; the ABC cuts.

    f "interval": the mean days between own order days in place of the number of orders.
    """

    f: Literal["orders", "interval"] = "orders"
    recency_cuts: Literal["quantiles"] | tuple[float, ...] = "quantiles"
    frequency_cuts: Literal["quantiles"] | tuple[float, ...] = (2, 3, 6, 12)
    interval_cuts: Literal["quantiles"] | tuple[float, ...] = "quantiles"
    monetary_cuts: Literal["quantiles"] | tuple[float, ...] = "quantiles"
    abc_cuts: tuple[float, float] = (0.7, 0.9)
    first_match_wins: bool = False
    segments: tuple[SegmentRow, ...] = ()

    @field_validator("abc_cuts")
    @classmethod
    def _shares_that_rise(cls, cuts: tuple[float, float]) -> tuple[float, float]:
        if not 0 < cuts[0] < cuts[1] < 1:
            raise WrongValue(
                "abc_cuts are two shares of the spend that rise between 0 and 1, as [0.7, 0.9]"
            )
        return cuts


class TypeThresholds(Section):
    """Thresholds of the five types; what is left out is proposed from the data and printed."""

    often_gap_days: float | None = Field(default=None, gt=0)
    loyal_after_days: int | None = Field(default=None, gt=0)
    loyal_spend: float | None = Field(default=None, gt=0)
    lapsed_after_days: int | None = Field(default=None, gt=0)


# Of those who were one type half a year ago, how many should have reached the next (MakeRepeater).
CPM_TARGETS = {"toddler": 0.5, "steady": 0.8, "loyal": 0.5}


class FiveTypesSection(Signed, TypeThresholds):
    """[five_types]: the rule, its thresholds, and those of single product lines; from which unit
    price on it is high (left out: the middle of the list); targets of the steps of the CPM rule.
    """

    rule: Literal["default", "cpm"] = "default"
    lines: dict[str, TypeThresholds] = Field(default={})
    high_unit_price: float | None = Field(default=None, gt=0)
    # The type to reach → the share that should, within half a year.
    cpm_targets: dict[str, float] = Field(default=CPM_TARGETS)

    @field_validator("cpm_targets")
    @classmethod
    def _target_of_every_step(cls, stated: dict[str, float]) -> dict[str, float]:
        targets = {code_of("five_type", word): share for word, share in stated.items()}
        wrong = {*targets} - {*CPM_TARGETS} or [s for s in targets.values() if not 0 < s <= 1]
        if wrong:
            raise WrongValue(
                "cpm_targets are shares above 0, up to 1, for {names}",
                names=", ".join(CPM_TARGETS),
            )
        return CPM_TARGETS | targets


class NextOrderSection(Signed):
    """[next_order]: within how many days an order is forecast; how many the alarm list may hold."""

    horizon_days: int = Field(default=180, ge=30, le=730)
    contacts: int | None = Field(default=None, gt=0)  # left out: a tenth of whoever could be on it


# What clusters can be made of: known of everybody who ordered.
CLUSTER_FEATURES = (
    "recency_days", "frequency", "monetary", "order_days", "order_value", "span_days",
    "tenure_days",
)  # fmt: skip


class ClustersSection(Signed):
    """[clusters]: how many, whatever the gates say; of what; other limits of the four gates."""

    k: int | None = Field(default=None, ge=2, le=8)
    features: tuple[str, ...] = CLUSTER_FEATURES[:3]
    ari: float = Field(default=0.85, ge=0, le=1)
    prediction_strength: float = Field(default=0.75, ge=0, le=1)
    smallest_share: float = Field(default=0.05, ge=0, le=0.5)
    tree_accuracy: float = Field(default=0.85, ge=0, le=1)

    @field_validator("features")
    @classmethod
    def _measures_of_everybody(cls, features: tuple[str, ...]) -> tuple[str, ...]:
        if set(features) - set(CLUSTER_FEATURES) or len(set(features)) < 2:
            raise WrongValue(
                "clusters are made of two or more of {known}, not of {given}",
                known=list(CLUSTER_FEATURES),
                given=list(features),
            )
        return tuple(dict.fromkeys(features))

    def gates(self) -> dict[str, float]:
        """The limits, by gate."""
        names = ("ari", "prediction_strength", "smallest_share", "tree_accuracy")
        return {name: getattr(self, name) for name in names}


class StagesSection(Signed):
    """[stages]: which kinds of touch count as a meeting and as a meal; what to look ahead to."""

    met: tuple[str, ...] = ("met",)
    meal: tuple[str, ...] = ("meal",)
    mail_or_call: tuple[str, ...] = ("mail", "call")
    # What the projection asks: so many first meetings a month more, with new people.
    more_first_meetings: int = Field(default=10, ge=0, le=10_000)


# Days between two touches of ours, by status (アプローチのスパン).
SPAN_DAYS = {
    "deciding_now": 3, "likely": 7, "nurture": 30, "pending": 14, "quiet": 90, "repair_first": 7,
}  # fmt: skip


class StatusSection(Signed):
    """[status]: the days after which a fact is no longer fresh; the span of each status."""

    reply_fresh_days: int = Field(default=30, gt=0)
    proposal_fresh_days: int = Field(default=21, gt=0)
    reply_known_days: int = Field(default=90, gt=0)
    quiet_after_days: int = Field(default=180, gt=0)
    unanswered_asks: int = Field(default=3, gt=0)
    # Status, by its letter, word or code, → the fewest days from our last touch to the next.
    span_days: dict[str, int] = Field(default=SPAN_DAYS)

    @field_validator("span_days")
    @classmethod
    def _span_of_every_status(cls, stated: dict[str, int]) -> dict[str, int]:
        days = {code_of("status", word): span for word, span in stated.items()}
        if any(span < 0 for span in days.values()):
            raise WrongValue("a span is a number of days, 0 or more")
        return SPAN_DAYS | days


class StepRow(Section):
    """[[steps]]: one request of the business's own list, in order."""

    name: str
    label_en: str = ""
    label_ja: str = ""


class OutcomeSection(Signed):
    """[outcome]: what "got results" means, and when it is judged.

    start "auto" is the first that any customer has: a contract, a first order, a first contact.
    """

    label_en: str = "got results with the service"
    label_ja: str = "サービスで成果を出した"
    source: Literal["outcomes", "steps_done"] = "outcomes"
    start: Literal["auto", "contract", "first_order", "first_contact"] = "auto"
    features_until_days: int = Field(default=90, gt=0)
    judged_after_days: int = Field(default=180, gt=0)
    allow_revenue: bool = False

    @property
    def label(self) -> str:
        """The outcome in words, in the language of the moment."""
        return said_by_people(self.label_en, self.label_ja)

    @model_validator(mode="after")
    def _features_come_first(self) -> OutcomeSection:
        if self.features_until_days >= self.judged_after_days:
            raise WrongValue(
                "features_until_days must be smaller than judged_after_days: "
                "features end before the outcome is judged"
            )
        return self


class GuessRow(Signed):
    """[[hypotheses]]: what people who know their customers believe, written down before looking."""

    says: str
    says_ja: str = ""
    conditions: Conditions = Field(min_length=1)


class OurPartSection(Signed):
    """[our_part]: the least we promise; below it a missing result says nothing."""

    requests_sent: int = Field(default=0, ge=0)
    reply_within_days: int | None = Field(default=None, gt=0)
    reply_share: float = Field(default=0.8, gt=0, le=1)
    incidents_recovered: bool = True


class ContractSection(Signed):
    """[contract]: how we know that somebody is under contract.

    "column": the customer list says it. "ordered_within": whoever ordered within so many days is
    served like one under contract (for shops). "auto" takes the column where the list has one.
    """

    under_contract: Literal["auto", "column", "ordered_within"] = "auto"
    ordered_within_days: int = Field(default=365, gt=0)


class WorthSection(Signed):
    """[worth]: what an approach costs, what a customer who gets results is worth to both sides."""

    value_per_result: float = Field(default=0, ge=0)
    cost_per_approach: float = Field(default=0, ge=0)
    hours_per_approach: float | None = Field(default=None, gt=0)  # of that cost, if it was counted
    # Of the results, how many would not have come without an approach: people assume it.
    share_due_to_us: float = Field(default=1.0, gt=0, le=1)
    not_worth_probability: float = Field(default=0.05, gt=0, lt=0.5)
    appetite: Literal["cautious", "expected_value"] = "cautious"
    hold_out_share: float = Field(default=0.05, ge=0, lt=1)

    @property
    def break_even(self) -> float | None:
        """The success rate at which an approach pays; None while value or cost are unstated."""
        return self.break_even_at(self.share_due_to_us)

    def break_even_at(self, share_due_to_us: float) -> float | None:
        """The same, if so many of the results would not have come without an approach."""
        if not self.value_per_result or not self.cost_per_approach:
            return None
        return self.cost_per_approach / (self.value_per_result * share_due_to_us)

    @property
    def share_is_stated(self) -> bool:
        """Whether people wrote `share_due_to_us` down and signed it."""
        return self.is_signed and "share_due_to_us" in self.model_fields_set


class ShouldNotRow(Signed):
    """[[contact_policy.should_not]]: whom we decided not to approach, by rule or by name."""

    because: str
    because_ja: str = ""
    conditions: Conditions = ()
    customers: tuple[str, ...] = ()


class ContactPolicySection(Signed):
    """[contact_policy]: whom we may not or should not approach, and how often we may."""

    min_days_between: int = Field(default=14, ge=0)
    all_channels_word: str = "all"
    review_in_days: int = Field(default=90, gt=0)
    should_not: tuple[ShouldNotRow, ...] = ()
