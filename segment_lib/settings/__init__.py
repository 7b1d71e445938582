"""client.toml as frozen settings: what *people* decide, never what data teach.

Every section may carry `decided_by` and `decided_on`; one that nobody signed prints as
「初期値・未決定」. `segment_lib.client` reads the file and tells mistakes in sentences.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field, model_validator

from segment_lib.checks import WrongValue
from segment_lib.columns import REQUIRED, TABLES
from segment_lib.settings.decisions import (
    AttributeSection,
    ClientSection,
    ClustersSection,
    ContactPolicySection,
    ContractSection,
    FiveTypesSection,
    GuessRow,
    NextOrderSection,
    OurPartSection,
    OutcomeSection,
    RfmSection,
    RulesSection,
    SegmentRow,
    ShouldNotRow,
    StagesSection,
    StatusSection,
    StepRow,
    TypeThresholds,
    WorthSection,
)
from segment_lib.settings.lists import ListSection, MergesSection
from segment_lib.settings.plan import (
    ActionRow,
    CapacitySection,
    ChannelsSection,
    OfferRow,
    PlanSection,
    PlaybookSection,
    ServiceRow,
    TeamSection,
    When,
)
from segment_lib.settings.sections import KnownAt, Section, Signed, split_condition
from segment_lib.voice import Language, said_by_people

# The same sections under the names in which somebody without a client.toml meets them.
RfmRules = RfmSection
FiveTypesRules = FiveTypesSection
StagesRules = StagesSection
StatusRules = StatusSection

__all__ = [
    "ActionRow", "AttributeSection", "CapacitySection", "ChannelsSection", "Client",
    "ClientSection", "ClustersSection", "ContactPolicySection", "ContractSection", 
    "FiveTypesRules", "FiveTypesSection", "GuessRow", "KnownAt", "ListSection", "MergesSection",
    "NextOrderSection", "OfferRow", "OurPartSection", "OutcomeSection", "PlanSection",
    "PlaybookSection", "RfmRules", "RfmSection", "RulesSection", "Section", "SegmentRow",
    "ServiceRow", "ShouldNotRow", "Signed", "StagesRules", "StagesSection", "StatusRules",
    "StatusSection", "StepRow", "TeamSection", "TypeThresholds", "When", "WorthSection",
    "split_condition",
]  # fmt: skip


class Client(Section):
    """Everything people decided about one client, and where its files lie."""

    client: ClientSection
    lists: dict[str, ListSection] = Field(min_length=1)
    merges: MergesSection = MergesSection()
    attributes: dict[str, AttributeSection] = Field(default={})
    rules: RulesSection = RulesSection()
    rfm: RfmSection = RfmSection()
    five_types: FiveTypesSection = FiveTypesSection()
    next_order: NextOrderSection = NextOrderSection()
    clusters: ClustersSection = ClustersSection()
    stages: StagesSection = StagesSection()
    status: StatusSection = StatusSection()
    steps: tuple[StepRow, ...] = ()
    outcome: OutcomeSection = OutcomeSection()
    hypotheses: tuple[GuessRow, ...] = ()
    our_part: OurPartSection = OurPartSection()
    contract: ContractSection = ContractSection()
    worth: WorthSection = WorthSection()
    contact_policy: ContactPolicySection = ContactPolicySection()
    capacity: CapacitySection = CapacitySection()
    teams: dict[str, TeamSection] = Field(default={})
    plan: PlanSection = PlanSection()
    playbook: PlaybookSection = PlaybookSection()
    channels: ChannelsSection = ChannelsSection()
    offers: tuple[OfferRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()

    # Filled in by open_client, not by the file.
    path: Path = Field(default=Path("client.toml"), exclude=True)
    out: Path = Field(default=Path("out"), exclude=True)
    fingerprint: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _lists_name_tables(self) -> Client:
        for name, section in self.lists.items():
            table = section.table or name
            if table not in TABLES:
                raise WrongValue(
                    "[lists.{name}] must say which table it is: table = one of {tables}",
                    name=name,
                    tables=list(TABLES),
                )
        return self

    @model_validator(mode="after")
    def _each_owner_is_in_one_team(self) -> Client:
        seen: dict[str, str] = {}
        for name, team in self.teams.items():
            for owner in team.owners:
                if seen.setdefault(owner, name) != name:
                    raise WrongValue(
                        '[teams.{name}] names the owner "{owner}", who is in [teams.{other}] '
                        "too. Take one of them out.",
                        name=name,
                        owner=owner,
                        other=seen[owner],
                    )
            for other in team.shares_hours_with:
                if other not in self.teams:
                    raise WrongValue(
                        '[teams.{name}] shares its hours with "{other}", but the teams are '
                        "{teams}.",
                        name=name,
                        other=other,
                        teams=list(self.teams),
                    )
        return self

    @property
    def name(self) -> str:
        """The short name; the folder below `out`."""
        return self.client.name

    @property
    def as_of(self) -> date:
        """The day we pretend it is."""
        return self.client.as_of

    @property
    def language(self) -> Language:
        """The language of printed sentences, charts, report and workbook."""
        return self.client.language

    @property
    def folder(self) -> Path:
        """The folder of client.toml; file names in it are relative to this."""
        return self.path.parent

    @property
    def out_folder(self) -> Path:
        """Where this client's run leaves its results."""
        return self.out / self.client.name

    def table_of(self, list_name: str) -> str:
        """Which table of the register a list becomes."""
        return self.lists[list_name].table or list_name

    @property
    def team_of(self) -> dict[str, str]:
        """By each owner whom a team names, the name of that team."""
        return {owner: name for name, team in self.teams.items() for owner in team.owners}

    def lacks(self, list_name: str) -> list[str]:
        """What its table needs and the list does not say; price times quantity is an amount."""
        mapped, table = self.lists[list_name].mapped, self.table_of(list_name)
        money = (
            {"amount"} if table == "order_lines" and {"quantity", "unit_price"} <= mapped else set()
        )
        # without a deal_id each row is a deal
        return [one for one in REQUIRED[table] if one not in {*mapped, *money, "deal_id"}]

    def signatures(self) -> list[dict[str, str]]:
        """One row per section people sign: section, decided (who and when, or not yet)."""
        return [{"section": name, "decided": one.signature()} for name, one in self._to_sign()]

    @property
    def unsigned(self) -> list[str]:
        """The sections that nobody has signed yet."""
        return [name for name, one in self._to_sign() if not one.is_signed]

    def _to_sign(self) -> list[tuple[str, Signed]]:
        found: list[tuple[str, Signed]] = []
        for key in type(self).model_fields:
            section = getattr(self, key)
            if key == "capacity" and self.teams and section == CapacitySection():
                continue  # the hours stand in [teams]
            if isinstance(section, Signed):
                found.append((f"[{key}]", section))
                if isinstance(section, ContactPolicySection):  # each declaration is its own
                    rows = [(said_by_people(one.because, one.because_ja), one)
                            for one in section.should_not]  # fmt: skip
                    found += [(f"[[{key}.should_not]] {says}", one) for says, one in rows]
            elif isinstance(section, dict):
                signed = {name: one for name, one in section.items() if isinstance(one, Signed)}
                found += [(f"[{key}.{name}]", one) for name, one in signed.items()]
            elif isinstance(section, tuple):
                for row in section:
                    if isinstance(row, Signed):
                        says = getattr(row, "name", "") or getattr(row, "says", "")
                        says = said_by_people(says, getattr(row, "says_ja", ""))
                        found.append((f"[[{key}]] {says}", row))
        return found
