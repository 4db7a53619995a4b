"""The content of a law file: an instrument, its provisions and their effects, its terms, params and cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from comity.finding import Place
from comity.language import syntax
from comity.language.connect import ALWAYS
from comity.period import LegalDay

ACTIONS = ("hold", "notify", "transfer", "interview", "share_status")
FURTHER_ACTIONS = ("share_custody", "access")  # answered where law speaks of them
# Not about a detainer: answered where the request asks for them. In a visit, an encounter or a certification it does.
BEYOND_ACTIONS = ("enter_nonpublic", "use_property", "ask_status", "certify_victim")
KNOWN_ACTIONS = (*ACTIONS, *FURTHER_ACTIONS, *BEYOND_ACTIONS)

EffectKind: TypeAlias = Literal[
    "requires",
    "forbids",
    "permits",
    "protects",
    "limits",
    "obliges",
    "asks",
    "costs",
    "advises",
    "conditions",
    "lost_when",
    "penalty",
]
EFFECT_KINDS: tuple[EffectKind, ...] = get_args(EffectKind)
DUTIES: tuple[EffectKind, ...] = ("requires", "forbids")
MONEY: tuple[EffectKind, ...] = ("conditions", "lost_when", "penalty")
DEEDS: tuple[EffectKind, ...] = ("obliges", "asks")  # with a bearer and a deed, and no action of their own

Topic: TypeAlias = Literal["authority", "liability", "money", "form", "dispute", "history"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
Burden: TypeAlias = Literal["doing", "declining"]
BURDENS: tuple[Burden, ...] = get_args(Burden)

Evidence: TypeAlias = Literal["verified", "partly", "recalled-high", "recalled-medium", "recalled-low"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)

InstrumentKind: TypeAlias = Literal[
    "constitution",
    "charter",
    "statute",
    "ordinance",
    "regulation",
    "directive",
    "resolution",
    "board_policy",
    "executive_order",
    "memo",
    "agency_policy",
    "practice",
    "form",
    "programme",
    "precedent",
    "ruling",
    "injunction",
    "decree",
    "order",
    "agreement",
]
INSTRUMENT_KINDS: tuple[InstrumentKind, ...] = get_args(InstrumentKind)
# Bearers of an obligation that are, or may be, the agency that received the request.
RECEIVING = frozenset({
    *("agency", "law_enforcement_agency", "jail", "county_jail", "parish_jail", "detention_center", "jail_custodian"),
    *("sheriff", "sheriff_or_chief_correctional_officer", "correctional_facility"),
})  # fmt: skip
HOURS_MAX = 366 * 24  # the longest limit of a hold


class Effect(Struct, frozen=True):
    """What a provision does to an action, and when; `when` may contain terms, params and `asked`.

    `action` is empty for obligations, for what is asked and for costs, which belong to no single action.
    """

    kind: EffectKind
    action: str
    when: syntax.Condition = ALWAYS


class Limit(Struct, frozen=True):
    """How long a hold may last: `hours` from `starts`, or until the time of day `until` on the day of `of`.

    `earlier` starts at receipt or when release is due, whichever comes first. `holidays` are those that the
    clock leaves out: `federal`, days, and days of every year. `chosen` marks the reading that counsel chose among federal
    ones.
    """

    hours: int = 0
    clock: Literal["continuous", "excluding_weekends_holidays"] = "continuous"
    starts: Literal["receipt", "release_eligible", "earlier"] = "release_eligible"
    until: str = ""
    of: Literal["", "receipt", "release_eligible"] = ""
    holidays: tuple[str, ...] = ("federal",)
    chosen: bool = False


class Obligation(Struct, frozen=True):
    """A duty that follows from a decision, or what a form asks: the bearer, the deed, its recipient and the deadline.

    `does` are the actions that whoever fulfils it does, `refuses` those that it then does not do. `sentence` says the deed to
    the bearer, as `Give the person a copy of the form.`
    """

    deed: str
    bearer: str
    to: str = ""
    within: str = ""
    after: str = ""
    every: str = ""
    by: str = ""
    does: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    sentence: str = ""

    @property
    def demands(self) -> tuple[tuple[str, EffectKind], ...]:
        """The duties that it amounts to: each action with `requires` or `forbids`."""
        return (*((action, "requires") for action in self.does), *((action, "forbids") for action in self.refuses))


class Cost(Struct, frozen=True):
    """A cost of a hold or a payment for one: the amount in cents, the unit, and who bears it."""

    amount_cents: int
    unit: str = ""
    bearer: str = ""
    source: str = ""


class Provision(Struct, frozen=True):
    """The smallest citable unit that has an effect. `id` is the instrument's id with `#1`, or `#1.2` for a second one.

    `plain` is the same in plain words; `place` is the place of its block in the file. Of advice, `topic` says what kind of risk
    it tells of, `burdens` whether the risk is in doing the action or in declining it (empty: in either), and `same_as` the
    provision that says the same, with which it is shown as one warning.
    """

    id: str
    instrument: str
    heading: str
    plain: str
    effects: tuple[Effect, ...]
    evidence: Evidence
    place: Place
    cite: str = ""
    name: str = ""
    decider: str = ""
    text: str = ""
    limit: Limit | None = None
    obligation: Obligation | None = None
    cost: Cost | None = None
    topic: Topic | Literal[""] = ""
    burdens: Burden | Literal[""] = ""
    same_as: str = ""


class Definition(Struct, frozen=True):
    """A defined term; `parameter` is the variable for the record that it describes, if any."""

    name: str
    parameter: str
    body: syntax.Condition
    place: Place


class Param(Struct, frozen=True):
    """A dated value used in conditions: each value holds from its day until the day of the next."""

    name: str
    values: tuple[tuple[date, int | date], ...]

    def on(self, day: date) -> int | date:
        """The value in force on a day; before the first day, the first value."""
        return next((value for since, value in reversed(self.values) if since <= day), self.values[0][1])


class Suspension(Struct, frozen=True):
    """A stay or an injunction: its first day, the day after its last, the order, the parties and the provisions covered.

    `covers` is `everyone`, `parties` (those whom the order commands), places, or agencies by kind or name.
    """

    since: LegalDay
    until: LegalDay | None = None
    by: str = ""
    covers: tuple[str, ...] = ("everyone",)
    provisions: tuple[str, ...] = ()


class Case(Struct, frozen=True):
    """An acceptance test of the law: facts, as text, and the result that must follow from them.

    `then` holds outcomes by action; `possible` the open outcomes of an action; `asked` the deeds that a form asks for. A case
    with `stack` is decided under all the law of its day.
    """

    name: str
    instrument: str
    heading: str
    place: Place
    given: dict[str, object]
    then: dict[str, str]
    at: date | None = None
    stack: bool = False
    possible: dict[str, tuple[str, ...]] = {}
    obligations: tuple[str, ...] | None = None
    limits: tuple[str, ...] | None = None
    asked: tuple[str, ...] | None = None


class ExplainedFinding(Struct, frozen=True):
    """A note that a finding about the provisions under a heading is a defect of the law itself, not of the file."""

    finding: str
    because: str
    heading: str
    place: Place

    def covers(self, provision: str) -> bool:
        """Whether a provision is under the heading."""
        return provision == self.heading or provision.startswith(f"{self.heading}.")


class PlaceFact(Struct, frozen=True):
    """A dated, sourced fact that is true of a place; `value` is still text, typed by the vocabulary.

    `value` is None where the fact is not known here, even if it is known of a wider place.
    """

    fact: str
    value: object
    place_path: str
    since: date
    until: date
    source: str
    evidence: Evidence
    place: Place
    binds: tuple[str, ...] = ()


class Instrument(Struct, frozen=True):
    """One legal act, read from its file. `jurisdiction` is the path of its folder.

    `effective` may be uncertain; `ended` is the first day that is not in force.
    """

    id: str
    jurisdiction: str
    title: str
    kind: InstrumentKind
    effective: LegalDay
    evidence: Evidence
    place: Place
    summary: str = ""
    citation: str = ""
    court: str = ""
    enacted: LegalDay | None = None
    ended: LegalDay | None = None
    ended_by: str = ""
    expiring: bool = False
    applies_from: LegalDay | None = None
    known: date | None = None
    suspended: tuple[Suspension, ...] = ()
    overrides: tuple[str, ...] = ()
    subject_to: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    construes: str = ""
    reviews: str = ""
    parties: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    uses: dict[str, tuple[str, ...]] = {}
    exports: tuple[str, ...] = ()
    register: tuple[str, ...] = ()
    provisions: tuple[Provision, ...] = ()
    terms: dict[str, Definition] = {}
    params: dict[str, Param] = {}
    cases: tuple[Case, ...] = ()
    explained: tuple[ExplainedFinding, ...] = ()

    @property
    def enactment(self) -> LegalDay:
        """The day of enactment, or of taking effect where that is not recorded."""
        return self.enacted or self.effective

    @property
    def first_sure_day(self) -> date:
        """The first day on which it is certainly in force. An act that only reaches back has ended when it takes effect."""
        if self.applies_from and self.ended and self.ended.last <= self.effective.last:
            return self.applies_from.last
        return self.effective.last


def citation_of(provision: str, instruments: Mapping[str, Instrument]) -> str:
    """The citation of a provision, else the title of its instrument."""
    instrument = instruments.get(provision.partition("#")[0])
    provisions = instrument.provisions if instrument else ()
    found = next((candidate for candidate in provisions if candidate.id == provision), None)
    if found and found.cite:
        return found.cite
    return instrument.title if instrument else provision
