"""What a law file says, once read: an instrument, its provisions and their effects, its terms, params and cases."""

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

EffectKind: TypeAlias = Literal[
    "requires",
    "forbids",
    "permits",
    "protects",
    "limits",
    "obliges",
    "costs",
    "advises",
    "conditions",
    "lost_when",
    "penalty",
]
EFFECT_KINDS: tuple[EffectKind, ...] = get_args(EffectKind)
DUTIES: tuple[EffectKind, ...] = ("requires", "forbids")
MONEY: tuple[EffectKind, ...] = ("conditions", "lost_when", "penalty")

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
HOURS_MAX = 366 * 24  # of a limit: no law keeps anybody for a year on a request


class Effect(Struct, frozen=True):
    """What a provision does to an action, and when; `when` may still name terms, params and `asked`.

    `action` is empty for obligations and costs, which belong to no single action.
    """

    kind: EffectKind
    action: str
    when: syntax.Condition = ALWAYS


class Limit(Struct, frozen=True):
    """How long a hold may last: `hours` from `starts`, or until the time of day `until` on the day of `of`.

    `earlier` starts at receipt or when release is due, whichever comes first. `holidays` are those that do not count where
    the clock leaves them out: `federal`, days, and days of every year. `chosen` marks the reading that counsel has chosen
    among federal ones.
    """

    hours: int = 0
    clock: Literal["continuous", "excluding_weekends_holidays"] = "continuous"
    starts: Literal["receipt", "release_eligible", "earlier"] = "release_eligible"
    until: str = ""
    of: Literal["", "receipt", "release_eligible"] = ""
    holidays: tuple[str, ...] = ("federal",)
    chosen: bool = False


class Obligation(Struct, frozen=True):
    """A duty that a decision leaves behind: who does what, for whom, and by when."""

    deed: str
    bearer: str
    to: str = ""
    within: str = ""
    after: str = ""
    every: str = ""
    by: str = ""


class Cost(Struct, frozen=True):
    """What a hold costs or pays: an amount in cents, the unit it is counted in, and who bears it."""

    amount_cents: int
    unit: str = ""
    bearer: str = ""
    source: str = ""


class Provision(Struct, frozen=True):
    """The smallest citable unit that has an effect. `id` is the instrument's with `#1`, or `#1.2` for a second one.

    `plain` is the sentence that says the same in plain words; `place` is where its block stands in the file.
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


class Definition(Struct, frozen=True):
    """A defined term; `parameter` names the record it is said of, if any."""

    name: str
    parameter: str
    body: syntax.Condition
    place: Place


class Param(Struct, frozen=True):
    """A dated value apart from the logic: each value from its day, until the next one's."""

    name: str
    values: tuple[tuple[date, int | date], ...]

    def on(self, day: date) -> int | date:
        """The value in force on a day; before the first day, the first value."""
        return next((value for since, value in reversed(self.values) if since <= day), self.values[0][1])


class Suspension(Struct, frozen=True):
    """A stay or an injunction: from when to before when, by which instrument, for whom, of which provisions.

    `covers` is `everyone`, `parties` (those whom the order commands), places, or agencies by kind or name.
    """

    since: LegalDay
    until: LegalDay | None = None
    by: str = ""
    covers: tuple[str, ...] = ("everyone",)
    provisions: tuple[str, ...] = ()


class Case(Struct, frozen=True):
    """An acceptance test of the law: facts, still as text, and what must follow from them.

    `then` holds outcomes by action; `possible` the open outcomes of an action; a case with `stack` runs among
    all the law of its day.
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


class Explained(Struct, frozen=True):
    """Why a finding about the provisions under a heading is no fault of the file but of the law that it writes down."""

    finding: str
    because: str
    heading: str
    place: Place

    def covers(self, provision: str) -> bool:
        """Whether a provision stands under the heading."""
        return provision == self.heading or provision.startswith(f"{self.heading}.")


class PlaceFact(Struct, frozen=True):
    """A dated, sourced fact that is true of a place; `value` is still text, typed by the vocabulary.

    None where it is not known here, whatever holds of a wider place.
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
    """One legal act in its file. `jurisdiction` is the path of the folder that it lies in.

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
    explained: tuple[Explained, ...] = ()

    @property
    def made(self) -> LegalDay:
        """When it was enacted, or where that is not recorded, when it took effect."""
        return self.enacted or self.effective

    @property
    def first_sure_day(self) -> date:
        """The first day on which it certainly is in force; one that only reaches back is over when it takes effect."""
        if self.applies_from and self.ended and self.ended.last <= self.effective.last:
            return self.applies_from.last
        return self.effective.last


def short(provision: str, instruments: Mapping[str, Instrument]) -> str:
    """A provision's citation for people: the citation it carries, else its instrument's title."""
    instrument = instruments.get(provision.partition("#")[0])
    found = next((own for own in instrument.provisions if own.id == provision), None) if instrument else None
    if found and found.cite:
        return found.cite
    return instrument.title if instrument else provision
