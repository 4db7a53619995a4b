"""Warnings of a stack, each with what makes it count: what it is about, whom it binds, and since when.

A court's word binds where its court's places contain the place, in a case of the place itself, and its parties; elsewhere
it persuades. A ruling whose object is out of force is history.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from comity.decision.answer import Warned
from comity.decision.risks import AGENCY_NOT_GIVEN
from comity.engine.questions.questions import Questions
from comity.language import syntax
from comity.law.in_force import Stack, StandingWarning
from comity.law.instrument import EffectKind, Instrument
from comity.law.rank import LOCAL, ORDERS, level_of

OF_COURTS = (*ORDERS, "precedent", "ruling")
WARNING = ("advises", "penalty")
BINDING, PERSUASIVE = "binding", "persuasive"


class Conditional(Struct, frozen=True):
    """A warning of the stack, with the condition under which it is given."""

    condition: syntax.Condition
    warned: Warned


def warnings_about(asked: Questions, action: str) -> list[Conditional]:
    """Standing warnings of the instruments that speak of an action, then what the law advises and what it punishes."""
    return warnings_in(asked.stack, action, asked.conditions)


def warnings_in(stack: Stack, action: str, conditions: Sequence[syntax.Condition]) -> list[Conditional]:
    """As `warnings_about`, from a stack and the condition of each of its effects."""
    speaking = {effect.instrument for effect in stack.standing if effect.action == action and effect.kind != "limits"}
    return [
        *(
            Conditional(warning.when, standing_warning(stack, warning))
            for warning in stack.warnings
            if warning.provision in speaking
        ),
        *(
            Conditional(condition, advice(stack, effect.provision, effect.kind))
            for condition, effect in zip(conditions, stack.standing, strict=True)
            if effect.kind in WARNING and effect.action == action
        ),
    ]


def advice(stack: Stack, name: str, kind: EffectKind = "advises") -> Warned:
    """What a provision advises, or the penalty that it threatens.

    What is in dispute is not decided, so that a court's word of it has no force.
    """
    provision = stack.provisions[name]
    instrument = stack.instruments[provision.instrument]
    force, court = force_of_word(stack, instrument)
    topic = kind if kind == "penalty" else provision.topic
    in_dispute = topic == "dispute"
    return Warned(
        name, provision.text, topic="history" if instrument.id in stack.moot else topic, about=provision.burdens,
        force="" if in_dispute else force, courts=court, parties_only=is_for_others(stack, instrument),
        same_as=provision.same_as, since=instrument.first_sure_day.isoformat(),
        constitutional=instrument.kind == "constitution",
        disputes=(instrument.reviews or instrument.construes or instrument.id) if in_dispute else "",
    )  # fmt: skip


def standing_warning(stack: Stack, warning: StandingWarning) -> Warned:
    """A warning that the stack itself gives about an instrument; those about the agency are one warning together."""
    instrument = stack.instruments[warning.provision]
    force, court = force_of_word(stack, instrument)
    return Warned(
        instrument.id, warning.text, topic="history" if instrument.id in stack.moot else warning.topic, force=force,
        courts=court, parties_only=is_for_others(stack, instrument), since=instrument.first_sure_day.isoformat(),
        same_as=AGENCY_NOT_GIVEN if warning.of_agency else "",
    )  # fmt: skip


def force_of_word(stack: Stack, instrument: Instrument) -> tuple[str, str]:
    """Whether a court's word binds or persuades at the stack's place, and the court; empty for what no court said."""
    if instrument.kind not in OF_COURTS and not instrument.court:
        return "", ""
    if instrument.parties:
        return PERSUASIVE if is_for_others(stack, instrument) else BINDING, instrument.court
    if level_of(instrument) == LOCAL and _is_within(stack.place, instrument.jurisdiction):
        return BINDING, instrument.court  # a case of this very place
    court = stack.courts.get(instrument.court)
    reached = court is not None and court.appellate and any(_is_within(stack.place, place) for place in court.places)
    return BINDING if reached or instrument.kind == "precedent" else PERSUASIVE, instrument.court


def is_for_others(stack: Stack, instrument: Instrument) -> bool:
    """Whether a court's word commands named parties, and nobody of the stack's place is among them.

    A party may be a place or the name of an agency; an agency that is not given may be one of the place's own court order.
    """
    if not instrument.parties or instrument.kind not in OF_COURTS:
        return False
    if any(_is_within(stack.place, party) or party == stack.agency.name for party in instrument.parties):
        return False
    places_only = all(party.startswith("us") and " " not in party for party in instrument.parties)
    of_here = level_of(instrument) == LOCAL and _is_within(stack.place, instrument.jurisdiction)
    return places_only or not of_here


def _is_within(place: str, container: str) -> bool:
    return place == container or place.startswith(f"{container}/")
