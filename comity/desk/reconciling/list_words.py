"""Reads what cells of a list say of a detainer: its form, and what became of it. Words that are not known say nothing."""

from __future__ import annotations

from comity.desk.reconciling.entries import ANY_I247, Outcome
from comity.facts.synonyms import find_meanings, squeeze
from comity.facts.vocabulary import Vocabulary
from comity.intake.form import form_named, is_edition_unknown

EDITION = "i247_"
DUPLICATE = "duplicate"
# The reasons for lifting a detainer in ICE's releases (2007-2015 and 2022-2026), and the words of jails and police, squeezed.
# "Transferred" is left out: the releases do not say to whom.
OUTCOMES: dict[Outcome, tuple[str, ...]] = {
    "taken": (
        "Booked into Detention", "Transferred to ICE", "Released to ICE", "Turned over to ICE", "Handed over", "Picked up", "Taken",
        "Custody assumed", "Picked up by ICE",
    ),
    "not_taken": (
        "Detainer Declined by LEA", "Early Release", "Insufficient Notice to ICE", "Declined", "Not honored", "Released",
        "No longer in State, Local, or Federal Custody", "Bonded out", "Not picked up", "Not taken",
    ),
    "cancelled": (
        "Lifted", "Lifted - Lack of Funds", "Lifted - Lack of Space", "ICE Temporary Resource Constraint", "Case Closed",
        "Prosecutorial Discretion", "Not Amenable to Removal", "Noncitizen Not Amenable to Removal", "Judicial Review",
        "Alien Not Subject to Deportation", "United States Citizen Interviewed", "Cancelled", "Canceled", "Withdrawn", "Rescinded",
        "USC or Presumptive Claim to US Citizenship",
    ),
    "superseded": ("Superseding - New Form Issued", "Superseded"),
}  # fmt: skip
BY_WORD = {squeeze(word): outcome for outcome, words in OUTCOMES.items() for word in words}


def read_outcome(text: str) -> Outcome:
    """What became of a detainer, by the words of a list; empty where they are not known."""
    return BY_WORD.get(squeeze(text), "")


def read_form(text: str, vocabulary: Vocabulary) -> str:
    """The form that a cell names: a choice of `request.form`, `i247` for one whose edition is open, or empty."""
    meant = find_meanings(text, vocabulary.names.get("request.form", {}))
    if len(meant) == 1:
        return meant[0]
    if meant:
        return ANY_I247 if all(choice.startswith(EDITION) for choice in meant) else ""
    return form_named(text) or (ANY_I247 if is_edition_unknown(text) else "")
