"""A replay as a page for people: how the requests come out, what the open ones turn on, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comity.decision.page import ACTION_WORDS, OUTCOME_WORDS
from comity.engine.outcome import OUTCOMES
from comity.present.page import Block, Heading, Table, Text
from comity.records.pieces import ANSWER, COUNT, LAW, LIFTED
from comity.records.replay_result import Replayed, Tally

REFUSED_SHOWN = 5
LAWS_SHOWN = 30
GROUPS_SHOWN = 60
NOTHING_READ = "Nothing in the table bears on what this law asks."
CLASS_WORDS = {
    "federal_prison": "federal prisons and marshals, which no local law binds",
    "immigration_site": "immigration offices and sites, which no local law binds",
    "hospital": "hospitals, where who holds the person is not known",
    "unknown": "facilities of which the place is not certain",
    "city_lockup": "city lock-ups whose place is not certain",
    "juvenile": "juvenile facilities whose place is not certain",
    "county_jail": "county jails whose place is not certain",
    "state_prison": "state prisons whose state is not certain",
}
LIFTED_CAVEAT = (
    "Recorded afterwards, never an input. The record cannot show whether a jail held anyone for 48 hours: a person booked "
    "into detention may have been handed over at the door, and a blank means that nothing was recorded."
)


def page_of(own: Replayed, name: str = "") -> list[Block]:
    """The whole replay; `name` is the place's name in words, where one law was named."""
    place, _, day = own.law.partition("@")
    head = f"the law of {name or place}, {day}" if own.law else "the law of their place and day"
    blocks: list[Block] = [Heading(f"{own.rows:,} requests under {head}", 1)]
    read = f"Read of each: {', '.join(own.read)}." if own.read else NOTHING_READ
    beyond = sum(own.beyond.values())
    parts = [
        f"{own.decided:,} rows decided",
        f"{beyond:,} beyond local law" if beyond else "",
        f"{len(own.refused):,} refused",
    ]
    parts += [f"{own.left_out:,} left out as likely duplicates"] if own.left_out else []
    blocks.append(Text(f"{own.source}: {', '.join(part for part in parts if part)}. {read}", "quiet"))
    law = f"Law of {own.law}" if own.law else "Law"
    blocks.append(Text(f"{law}, version {own.law_version}; each request keeps its own days.", "quiet"))
    blocks += [*_supposed(own), Text(""), _outcomes(own), *_beyond(own), *_open(own), *_groups(own), *_laws(own)]
    blocks += [*_grounds(own), *_lifted(own), *_findings(own)]
    return blocks


def _supposed(own: Replayed) -> Iterable[Block]:
    for fact, value in own.assumed.items():
        yield Text(f"Assumed where a row does not say: {fact} = {value}.", "open")
    for fact, value in own.of_place.items():
        yield Text(f"Known of the place: {fact} = {value}.", "quiet")


def _outcomes(own: Replayed) -> Block:
    actions = own.actions
    if not own.decided:
        return Text("No request was put under any law.", "strong")
    seen = [outcome for outcome in OUTCOMES if any(outcome in tally.outcomes for tally in actions.values())]
    head = ("Action", *(OUTCOME_WORDS[outcome].lower() for outcome in seen))
    rows = []
    for action, tally in actions.items():
        rows.append((ACTION_WORDS.get(action, action), *(_count(tally.outcomes.get(outcome, 0)) for outcome in seen)))
    return Table(head, tuple(rows))


def _count(number: int) -> str:
    return f"{number:,}" if number else "-"


def _beyond(own: Replayed) -> Iterable[Block]:
    """The rows that no local law was put to; they stay in the total."""
    if own.beyond:
        yield Heading("Beyond local law")
        yield Table(
            ("Requests", "Held in"),
            tuple((f"{count:,}", CLASS_WORDS.get(kind, kind)) for kind, count in own.beyond.items()),
        )


def _open(own: Replayed) -> Iterable[Block]:
    """What stays undetermined, between which outcomes, and on which facts."""
    open_actions = {action: tally for action, tally in own.actions.items() if "undetermined" in tally.outcomes}
    if open_actions:
        yield Heading("What stays undetermined, and on which facts it turns")
    for action, tally in open_actions.items():
        count = tally.outcomes["undetermined"]
        yield Text(f"{ACTION_WORDS.get(action, action)} [{action}]: {count:,} requests", "strong", 1)
        for possible, rows in tally.possible.items():
            if " or " in possible:
                yield Text(f"{_possible(possible)}: {rows:,}", "", 2, "-")
        facts = ", ".join(f"{fact} ({rows:,})" for fact, rows in tally.turns_on.items())
        yield Text(f"turns on {facts}", "", 2, "-")


def _possible(text: str) -> str:
    return text.replace("unaddressed", "not decided by law").replace("_", " ")


def _groups(own: Replayed) -> Iterable[Block]:
    """Holds by group, as bounds: what surely comes out so, and what may."""
    if not own.grouped_by:
        return
    groups = own.by(*own.grouped_by)
    yield Heading(f"Holds by {', '.join(own.grouped_by)}: how many surely come out so, and at most how many")
    seen = [outcome for outcome in OUTCOMES if own.bounds("hold", outcome, own.counted())[1]]
    head = (*own.grouped_by, "requests", *(OUTCOME_WORDS[outcome].lower() for outcome in seen), "beyond local law")
    rows = []
    for key, counted in list(groups.items())[:GROUPS_SHOWN]:
        bounds = [_bounds(*own.bounds("hold", outcome, counted)) for outcome in seen]
        beyond = sum(part[COUNT] for part in counted if part[ANSWER] is None)
        total = sum(part[COUNT] for part in counted)
        rows.append((*(_text(part) for part in key), f"{total:,}", *bounds, _count(beyond)))
    yield Table(head, tuple(rows))
    if len(groups) > GROUPS_SHOWN:
        yield Text(f"and {len(groups) - GROUPS_SHOWN:,} more groups; --json names each", "quiet", 1)


def _text(part: Any) -> str:
    return "-" if part is None else str(part)


def _bounds(surely: int, perhaps: int) -> str:
    return _count(surely) if surely == perhaps else f"{surely:,} to {perhaps:,}"


def _laws(own: Replayed) -> Iterable[Block]:
    """Which laws the rows were put under, where there are several."""
    laws = {key[0]: counted for key, counted in own.by(LAW).items() if key[0] is not None}
    if own.law or not laws:
        return
    yield Heading("By which law")
    ordered = sorted(laws.items(), key=lambda pair: (-sum(part[COUNT] for part in pair[1]), pair[0]))
    rows = []
    for law, counted in ordered[:LAWS_SHOWN]:
        place, _, day = law.partition("@")
        outcomes = own.tally("hold", counted).outcomes
        words = ", ".join(
            f"{OUTCOME_WORDS[outcome].lower()} {outcomes[outcome]:,}" for outcome in OUTCOMES if outcome in outcomes
        )
        rows.append((f"{sum(part[COUNT] for part in counted):,}", place, day, words))
    yield Table(("Requests", "Law of", "as it stood from", "Holds"), tuple(rows))
    if len(laws) > LAWS_SHOWN:
        yield Text(f"and {len(laws) - LAWS_SHOWN:,} more; --json names each", "quiet", 1)


def _grounds(own: Replayed) -> Iterable[Block]:
    rows = [row for action, tally in own.actions.items() for row in _of_action(action, tally, own)]
    if rows:
        yield Heading("On which provisions")
        yield Table(("Action", "Requests", "Provision", "Cited as"), tuple(rows))


def _of_action(action: str, tally: Tally, own: Replayed) -> Iterable[tuple[str, ...]]:
    for name, count in tally.determining.items():
        yield action, f"{count:,}", name, own.grounds[name].cite if name in own.grounds else ""


def _lifted(own: Replayed) -> Iterable[Block]:
    """What was recorded when the detainer was lifted, beside what the law says of a hold."""
    if not own.lifted:
        return
    groups = sorted(own.by(LIFTED).items(), key=lambda pair: -sum(part[COUNT] for part in pair[1]))
    seen = [outcome for outcome in OUTCOMES if outcome in own.actions["hold"].outcomes]
    yield Heading("Holds by the recorded reason for lifting the detainer")
    yield Text(LIFTED_CAVEAT, "quiet")
    head = ("Recorded", "requests", *(OUTCOME_WORDS[outcome].lower() for outcome in seen), "beyond local law")
    yield Table(head, tuple(_reason(key[0], counted, seen, own) for key, counted in groups))


def _reason(reason: str | None, counted: list[dict[str, Any]], seen: list[Any], own: Replayed) -> tuple[str, ...]:
    outcomes: Mapping[str, int] = own.tally("hold", counted).outcomes
    total = sum(part[COUNT] for part in counted)
    beyond = total - sum(outcomes.values())
    return (
        reason or "nothing recorded",
        f"{total:,}",
        *(_count(outcomes.get(outcome, 0)) for outcome in seen),
        _count(beyond),
    )


def _findings(own: Replayed) -> Iterable[Block]:
    if own.findings:
        yield Heading("What was refused, odd or not understood")
        rows = tuple((f"{count:,}", code, own.examples.get(code, "")) for code, count in own.findings.items())
        yield Table(("Rows", "Finding", "For example"), rows)
    for refused in own.refused[:REFUSED_SHOWN]:
        yield Text(f"row {refused.row} is not decided: {refused.message}", "alarm", 1, "-")
    if len(own.refused) > REFUSED_SHOWN:
        yield Text(
            f"and {len(own.refused) - REFUSED_SHOWN:,} more; the findings file and --json name each", "alarm", 1, "-"
        )
