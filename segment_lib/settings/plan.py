"""The sections that say who does what, when: [capacity], [teams], [plan], [playbook], [[actions]],
[channels], [[offers]].
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from typing import Annotated, Any, Literal
from unicodedata import normalize

import holidays
from pydantic import AfterValidator, Field, field_validator, model_validator

from segment_lib.checks import WrongValue
from segment_lib.settings.sections import Section, Signed, code_of
from segment_lib.voice import N_

# A table of conditions: column = one word or a list of words; all of its keys must hold.
When = dict[str, Any]


def as_in_the_lists(owner: str) -> str:
    """An owner as the register writes it: full-width brackets and blanks are folded there too."""
    return normalize("NFKC", owner).strip()


Owner = Annotated[str, AfterValidator(as_in_the_lists)]


class CapacitySection(Signed):
    """[capacity]: hours a month, by owner or for all; nothing stated means no limit."""

    hours_per_month: float | None = Field(default=None, gt=0)
    owners: dict[Owner, float] = Field(default={})


class TeamSection(Signed):
    """[teams.NAME]: owners by their names in the lists, the hours behind them, whom they serve.

    `people` are the heads behind each owner. `owns`: conditions, any of which makes a customer this
    team's (分業ライン); `shares_hours_with`: teams to which hours that become free may go.
    """

    owners: tuple[Owner, ...] = Field(min_length=1)
    people: int = Field(default=1, gt=0)
    hours_per_week: float | None = Field(default=None, gt=0)
    days_off: tuple[date, ...] = ()
    shares_hours_with: tuple[str, ...] = ()
    owns: tuple[When, ...] = ()


class ServiceRow(Section):
    """[[plan.order]]: a place in the order of service; who fits an earlier row stands there."""

    says: str
    says_ja: str = ""
    when: When = Field(default={})
    cannot_wait: bool = False


# Who comes first where hours are few, until a client writes and signs another order.
ORDER = tuple(
    ServiceRow(says=says, when=when, cannot_wait=must)
    for says, when, must in (
        (N_("Something went wrong with a repeater and is open"),
         {"reason": "open_incident", "stage": "repeater"}, True),
        (N_("Something went wrong and is open"), {"reason": "open_incident"}, True),
        (N_("We have not done our part"), {"reason": "our_part_missing"}, True),
        (N_("A person who knows them asked for it"),
         {"override": ["approach", "grow", "recover", "keep_serving"]}, True),
        (N_("Drawn to test the list"), {"hold_out": "yes"}, True),
        (N_("On the way to the first result"),
         {"under_contract": "yes", "reason": "on_the_way", "purpose": "educate"}, True),
        (N_("Deciding now"), {"status": "deciding_now"}, False),
        (N_("Pays and gets no result"), {"decision": "recover"}, False),
        (N_("The relation needs repair"), {"status": "repair_first"}, False),
        (N_("Likely to order"), {"status": "likely"}, False),
        (N_("The next order is late"), {"due": "overdue"}, False),
        (N_("The next order is due"), {"due": "soon"}, False),
        (N_("Their decision is pending"), {"status": "pending"}, False),
        (N_("The relation is good"), {"status": "nurture"}, False),
        (N_("In its turn"), {}, False),
    )
)  # fmt: skip


class PlanSection(Signed):
    """[plan]: from which day, for how many weeks, on which days we work, who comes first.

    `plan_from` left out is the first working day after as_of. `holidays`: a country by its two
    letters, or "" for none. `csv_encoding`: of plan.csv and owners/*.csv, "cp932" for programs that
    read no UTF-8.
    """

    plan_from: date | None = None
    weeks: int = Field(default=4, ge=1, le=53)
    holidays: str = "JP"
    days_off: tuple[date, ...] = ()
    order: tuple[ServiceRow, ...] = ORDER
    csv_encoding: Literal["utf-8", "cp932"] = "utf-8"

    @field_validator("holidays")
    @classmethod
    def _a_country(cls, country: str) -> str:
        if country and country not in holidays.list_supported_countries():
            raise WrongValue(
                '"{country}" is no country by its two letters, such as JP', country=country
            )
        return country


class PlaybookSection(Signed):
    """[playbook]: the preset whose rows stand behind [[actions]]; who signs it signs its rows.

    `use` left out is proposed by the tables that are there, "own" is none: [[actions]] alone.
    `cut`: the label by which the playbook is cut first, each group of which has a row of its own.
    """

    use: Literal["", "b2b_service", "mail_order", "orders_only", "own"] = ""
    cut: tuple[str, ...] = ()


def proposed_playbook(tables: Container[str]) -> str:
    """The preset for lists of these tables: deals or contacts, members and lines, orders alone.

    >>> proposed_playbook({"customers", "orders", "deals"}), proposed_playbook({"orders"})
    ('b2b_service', 'orders_only')
    """
    if "deals" in tables or "contacts" in tables:
        return "b2b_service"
    members = "customers" in tables and "order_lines" in tables
    return "mail_order" if members else "orders_only"


def channel_of(word: str) -> str:
    """Our code of a channel, by whatever people call it; a word of their own is a channel too.

    >>> channel_of("Telephone"), channel_of("LINE")
    ('call', 'LINE')
    """
    try:
        return code_of("channel", word)
    except ValueError:
        return word


Channel = Annotated[str, AfterValidator(channel_of)]


class ChannelsSection(Signed):
    """[channels]: by which means this business speaks with its customers; others are skipped."""

    in_use: tuple[Channel, ...] = ()


class OfferRow(Signed):
    """[[offers]]: what an action may offer, until when; people state it.

    `kind` names the field of a sentence that it fills: second_order, event, new, or with (instead
    of what the orders say goes well with a line). Out of stock or past its day, it is not offered.
    """

    kind: Literal["second_order", "event", "new", "with"]
    says: str
    says_ja: str = ""
    until: date | None = None
    in_stock: bool = True
    product_line: str = ""


class NoAnswer(Section):
    """if_no_answer: after so many days without an answer the action of that row follows."""

    days: int = Field(gt=0)
    row: str


# What a purpose means for the balance of giving and asking, unless a row says otherwise.
INTENTS = {"understand": "ask", "propose": "ask", "educate": "give", "trust": "give",
           "recover": "give", "none": ""}  # fmt: skip
# The keys of a row of an earlier version, and what they are called today.
RENAMED = {"action": "content", "action_ja": "content_ja", "channel": "channels"}


class ActionRow(Signed):
    """[[actions]]: one row of the playbook; the first that fits is a customer's action.

    `when`: the conditions, all of which must hold; `decision` and `reasons` are two more. `content`
    is a sentence with {facts}; a part in [brackets] is left out where its fact is not known, a fact
    outside of them, or in `needs`, must be known or the row does not fit. `channels`: in order, the
    first that this customer can be reached by. `days_before_due`: so many days before the next
    order is expected. `intent`: give or ask, else as the purpose is.
    """

    name: str
    name_ja: str = ""
    when: When = Field(default={})
    decision: str = ""
    reasons: tuple[str, ...] = ()
    content: str
    content_ja: str = ""
    purpose: str
    channels: tuple[Channel, ...] = ("none",)
    owner: str = ""
    effort_hours: float = Field(ge=0)
    due_in_days: int = Field(default=14, ge=0)
    days_before_due: int | None = Field(default=None, ge=0)
    needs: tuple[str, ...] = ()
    measure: str = ""
    measure_ja: str = ""
    if_no_answer: NoAnswer | None = None
    intent: Literal["", "give", "ask"] = ""

    @model_validator(mode="before")
    @classmethod
    def _as_it_is_called_today(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        named = {RENAMED.get(key, key): value for key, value in row.items()}
        channels = named.get("channels")
        return named | ({"channels": (channels,)} if isinstance(channels, str) else {})

    @field_validator("decision", "purpose")
    @classmethod
    def _one_of_ours(cls, value: str, info: Any) -> str:
        if info.field_name == "decision" and not value:
            return value
        return code_of(info.field_name, value)

    @field_validator("reasons")
    @classmethod
    def _reasons_of_ours(cls, reasons: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(code_of("reason", reason) for reason in reasons)

    @property
    def asks(self) -> bool:
        """Whether it asks something of the customer, rather than gives."""
        return (self.intent or INTENTS[self.purpose]) == "ask"

    @property
    def conditions(self) -> When:
        """All that must hold: `when`, decision and reasons."""
        more: When = {"decision": self.decision} if self.decision else {}
        return self.when | more | ({"reason": list(self.reasons)} if self.reasons else {})
