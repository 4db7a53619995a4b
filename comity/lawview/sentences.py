"""One effect of the law as a sentence: `Forbidden, unless a judge has signed a warrant`."""

from __future__ import annotations

from collections.abc import Iterable

from comity.lawview.view import Entry
from comity.present.shorten import clip

EFFECT_WORDS = {
    "requires": "Required",
    "forbids": "Forbidden",
    "permits": "Permitted",
    "protects": "No lower law may forbid it",
}
AGENCY_WORDS = {
    "corrections_department": "corrections",
    "police_department": "police",
    "court": "courts",
    "school": "schools",
    "health": "hospitals and clinics",
    "city_agency": "departments of the city or county",
    "state_agency": "agencies of the State",
}  # the other kinds, and names, are said as they are
LEAST = 20  # characters of a condition that are shown whatever else there is
ON_REQUEST = "a request asks for it"


def describe_effect(entry: Entry, most: int = 0) -> str:
    """An effect with its condition and who decides, without a full stop.

    Where it is longer than `most` characters (0 is no limit), its condition is cut.
    """
    begun, condition = EFFECT_WORDS[entry.effect], describe_condition(entry, " where ")
    decides = f"{entry.decider} decides" if entry.decider and entry.effect == "permits" else ""
    decides = f"once {entry.decider} has ordered it" if entry.decider and entry.effect == "requires" else decides
    if entry.only and not (entry.where or entry.on_request):
        decides = "; ".join(filter(None, (decides, "then forbidden" if entry.unless else "")))
    elif entry.only:
        begun, condition = "Forbidden", describe_condition(entry, ", unless ")
        decides = f"then {decides}" if decides else "then permitted"
    tail = f"; {decides}" if decides else ""
    return f"{begun}{clip(condition, max(most - len(begun) - len(tail), LEAST) if most else 0)}{tail}"


def name_agencies(binds: Iterable[str]) -> str:
    """The agencies that an instrument binds, by kind or by name: `sheriff, corrections and police`; empty for all."""
    names = [AGENCY_WORDS.get(agency, agency.replace("_", " ")) for agency in binds]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def describe_condition(entry: Entry, lead: str = ", where ") -> str:
    """` where A, unless B`, beginning with `lead`; empty where the effect always applies."""
    parts = [part for part in (ON_REQUEST if entry.on_request else "", entry.where) if part]
    where = f"{lead}{', and '.join(parts)}" if parts else ""
    if not entry.unless:
        return where
    return f"{where}, {'except where' if entry.only and where else 'unless'} {entry.unless}"
