"""A replay as a page for people: the result, outcomes, facts that undetermined ones depend on, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comity.decision.words import OUTCOME_WORDS, describe_action, replace_outcomes
from comity.engine.outcome import OUTCOMES
from comity.intake.lines_read import describe_reading
from comity.lawview.named_law import split_law
from comity.present.page import Block, Heading, Table, Text
from comity.records.pieces import ANSWER, COUNT, LAW, LIFTED
from comity.records.replay_result import ReplayResult, Tally
from comity.records.sentences import (
    groups_sentence,
    holds_sentence,
    laws_sentence,
    local_law_sentence,
    requests_words,
    source_words,
)

REFUSED_SHOWN = 5
LAWS_SHOWN = 30
GROUPS_SHOWN = 60
NOTHING_READ = "The table has none of the facts that this law asks for."
CLASS_WORDS = {
    "federal_prison": "federal prisons and marshals, to which no local law applies",
    "immigration_site": "immigration offices and sites, to which no local law applies",
    "hospital": "hospitals, where it is not known who holds the person",
    "unknown": "facilities whose place is not certain",
    "city_lockup": "city lock-ups whose place is not certain",
    "juvenile": "juvenile facilities whose place is not certain",
    "county_jail": "county jails whose place is not certain",
    "state_prison": "state prisons whose state is not certain",
}
GROUP_WORDS = {
    "county": "county",
    "city": "city",
    "state_only": "local, only the State known",
    "state_prison": "State prison",
    "federal": "federal",
    "hospital": "hospital",
    "unknown": "not known",
}
LIFTED_CAVEAT = (
    "Recorded afterwards, and never an input. The record cannot show whether a jail held anyone for 48 hours: a person "
    "booked into detention may have been handed over at once, and a blank means that nothing was recorded."
)


def page_of(replay: ReplayResult, name: str = "") -> list[Block]:
    """The whole replay; `name` is the name of the place, where one law was named."""
    place, day = split_law(replay.law)
    each = "its" if replay.rows == 1 else "their"
    head = f"the law of {name or place}, {day}" if replay.law else f"the law of {each} place and day"
    blocks: list[Block] = [Heading(f"{requests_words(replay.rows)} under {head}", 1)]
    blocks += [Text(holds_sentence(replay), "strong"), Text("")]
    read = f"Read from each: {', '.join(replay.read)}." if replay.read else NOTHING_READ
    not_known = sum(replay.not_placed.values())
    beyond = sum(replay.beyond.values()) - not_known
    parts = [
        f"{replay.decided:,} {'row' if replay.decided == 1 else 'rows'} decided",
        f"{beyond:,} beyond local law" if beyond else "",
        f"{not_known:,} whose place is not known" if not_known else "",
        f"{len(replay.refused):,} refused",
    ]
    parts += [f"{replay.left_out:,} left out as likely duplicates"] if replay.left_out else []
    blocks.append(Text(f"{replay.source}: {', '.join(part for part in parts if part)}. {read}", "quiet"))
    blocks += [Text(sentence, "quiet") for sentence in describe_reading(replay.reading)]
    law = f"Law of {replay.law}" if replay.law else "Law"
    blocks.append(Text(f"{law}, version {replay.law_version}; the dates of each request are unchanged.", "quiet"))
    blocks += [
        *_placed(replay),
        *_assumptions(replay),
        Text(""),
        *_outcomes(replay),
        *_beyond(replay),
        *_open(replay),
        *_groups(replay),
        *_laws(replay),
    ]
    blocks += [*_grounds(replay), *_lifted(replay), *_findings(replay)]
    return blocks


def _placed(replay: ReplayResult) -> Iterable[Block]:
    """What share of the facilities was placed, and as what."""
    total = sum(replay.placed.values())
    if total:
        known = total - replay.placed.get("unknown", 0)
        groups = "; ".join(f"{GROUP_WORDS[group]} {count:,}" for group, count in replay.placed.items())
        yield Text(
            f"Facilities recognized: {known / total:.1%} of {total:,} {'row' if total == 1 else 'rows'} ({groups}).",
            "quiet",
        )


def _assumptions(replay: ReplayResult) -> Iterable[Block]:
    for fact, value in replay.assumed.items():
        yield Text(f"Assumed where a row does not say: {fact} = {value}.", "open")
    for fact, value in replay.of_place.items():
        yield Text(f"Known of the place: {fact} = {value}.", "quiet")


def _outcomes(replay: ReplayResult) -> Iterable[Block]:
    actions = replay.actions
    if not replay.decided:
        return
    seen = [outcome for outcome in OUTCOMES if any(outcome in tally.outcomes for tally in actions.values())]
    head = ("Action", *(OUTCOME_WORDS[outcome] for outcome in seen))
    rows = []
    for action, tally in actions.items():
        rows.append((describe_action(action), *(_count(tally.outcomes.get(outcome, 0)) for outcome in seen)))
    yield Table(head, tuple(rows))
    yield Text(source_words(replay.source, replay.law_version), "quiet")
    if replay.none_encoded:
        yield Text(local_law_sentence(replay.none_encoded, replay.decided), "open")


def _count(number: int) -> str:
    return f"{number:,}" if number else "-"


def _beyond(replay: ReplayResult) -> Iterable[Block]:
    """The rows that no law decided, which are part of the total: no local law applies, or it is not known whose does."""
    not_known = replay.not_placed
    beyond = {kind: count for kind, count in replay.beyond.items() if kind not in not_known}
    for heading, counts in (("Beyond local law", beyond), ("Place not known", not_known)):
        if counts:
            yield Heading(heading)
            rows = tuple((f"{count:,}", CLASS_WORDS.get(kind, kind)) for kind, count in counts.items())
            yield Table(("Requests", "Held in"), rows)


def _open(replay: ReplayResult) -> Iterable[Block]:
    """What is undetermined, between which outcomes, and the facts that it depends on."""
    open_actions = {action: tally for action, tally in replay.actions.items() if "undetermined" in tally.outcomes}
    if open_actions:
        yield Heading("What is undetermined, and the facts that would settle it")
    for action, tally in open_actions.items():
        count = tally.outcomes["undetermined"]
        yield Text(f"{describe_action(action)} [{action}]: {requests_words(count)}", "strong", 1)
        for possible, rows in tally.possible.items():
            if " or " in possible:
                yield Text(f"{replace_outcomes(possible)}: {rows:,}", "", 2, "-")
        facts = ", ".join(f"{fact} ({rows:,})" for fact, rows in tally.turns_on.items())
        yield Text(f"depends on {facts}", "", 2, "-")
        yield from _would_settle(tally, replay)


def _would_settle(tally: Tally, replay: ReplayResult) -> Iterable[Block]:
    """The one assumption that would decide the most requests."""
    for fact, rows in list(tally.turns_on_alone.items())[:1]:
        verb = "is" if rows == 1 else "are"
        value = replay.none_values.get(fact, "VALUE")
        words = f"{rows:,} of {replay.decided:,} rows {verb} open on {fact} alone: --assume {fact}={value}"
        yield Text(words, "open", 2, "-")


def _groups(replay: ReplayResult) -> Iterable[Block]:
    """Holds by group, as bounds: how many certainly have an outcome, and how many may."""
    if not replay.grouped_by:
        return
    groups = replay.by(*replay.grouped_by)
    yield Heading(f"Holds by {', '.join(replay.grouped_by)}: how many at least and at most have each outcome")
    seen = [outcome for outcome in OUTCOMES if replay.bounds("hold", outcome, replay.counted())[1]]
    head = (*replay.grouped_by, "requests", *(OUTCOME_WORDS[outcome] for outcome in seen), "not decided")
    rows = []
    for key, counted in list(groups.items())[:GROUPS_SHOWN]:
        bounds = [_bounds(*replay.bounds("hold", outcome, counted)) for outcome in seen]
        beyond = sum(part[COUNT] for part in counted if part[ANSWER] is None)
        total = sum(part[COUNT] for part in counted)
        rows.append((*(_text(part) for part in key), f"{total:,}", *bounds, _count(beyond)))
    yield Table(head, tuple(rows))
    yield Text(groups_sentence(replay, len(groups)), "quiet")
    if len(groups) > GROUPS_SHOWN:
        yield Text(f"and {len(groups) - GROUPS_SHOWN:,} more groups; the JSON output has all", "quiet", 1)


def _text(part: Any) -> str:
    return "-" if part is None else str(part)


def _bounds(surely: int, perhaps: int) -> str:
    return _count(surely) if surely == perhaps else f"{surely:,} to {perhaps:,}"


def _laws(replay: ReplayResult) -> Iterable[Block]:
    """The laws that decided the rows, where there are several."""
    laws = {key[0]: counted for key, counted in replay.by(LAW).items() if key[0] is not None}
    if replay.law or not laws:
        return
    yield Heading("Laws applied")
    ordered = sorted(laws.items(), key=lambda pair: (-sum(part[COUNT] for part in pair[1]), pair[0]))
    rows = []
    for law, counted in ordered[:LAWS_SHOWN]:
        place, day = split_law(law)
        outcomes = replay.tally("hold", counted).outcomes
        words = ", ".join(
            f"{OUTCOME_WORDS[outcome]} {outcomes[outcome]:,}" for outcome in OUTCOMES if outcome in outcomes
        )
        rows.append((f"{sum(part[COUNT] for part in counted):,}", place, day, words))
    yield Table(("Requests", "Law of", "in force since", "Holds"), tuple(rows))
    yield Text(laws_sentence(replay, len(laws)), "quiet")
    if len(laws) > LAWS_SHOWN:
        yield Text(f"and {len(laws) - LAWS_SHOWN:,} more; the JSON output has all", "quiet", 1)


def _grounds(replay: ReplayResult) -> Iterable[Block]:
    rows = [row for action, tally in replay.actions.items() for row in _of_action(action, tally, replay)]
    if rows:
        yield Heading("Determining provisions")
        yield Table(("Action", "Requests", "Provision", "Cited as"), tuple(rows))


def _of_action(action: str, tally: Tally, replay: ReplayResult) -> Iterable[tuple[str, ...]]:
    for name, count in tally.determining.items():
        yield action, f"{count:,}", name, replay.grounds[name].cite if name in replay.grounds else ""


def _lifted(replay: ReplayResult) -> Iterable[Block]:
    """The reason recorded when the detainer was lifted, beside the outcome for a hold."""
    if not replay.lifted:
        return
    groups = sorted(replay.by(LIFTED).items(), key=lambda pair: -sum(part[COUNT] for part in pair[1]))
    seen = [outcome for outcome in OUTCOMES if outcome in replay.actions["hold"].outcomes]
    yield Heading("Holds by the recorded reason for lifting the detainer")
    yield Text(LIFTED_CAVEAT, "quiet")
    head = ("Recorded", "requests", *(OUTCOME_WORDS[outcome] for outcome in seen), "not decided")
    yield Table(head, tuple(_reason(key[0], counted, seen=seen, replay=replay) for key, counted in groups))


def _reason(
    reason: str | None, counted: list[dict[str, Any]], *, seen: list[Any], replay: ReplayResult
) -> tuple[str, ...]:
    outcomes: Mapping[str, int] = replay.tally("hold", counted).outcomes
    total = sum(part[COUNT] for part in counted)
    beyond = total - sum(outcomes.values())
    return (
        reason or "nothing recorded",
        f"{total:,}",
        *(_count(outcomes.get(outcome, 0)) for outcome in seen),
        _count(beyond),
    )


def _findings(replay: ReplayResult) -> Iterable[Block]:
    if replay.findings:
        yield Heading("What was refused, odd or not understood")
        rows = tuple((f"{count:,}", code, replay.examples.get(code, "")) for code, count in replay.findings.items())
        yield Table(("Rows", "Finding", "For example"), rows)
    for refused in replay.refused[:REFUSED_SHOWN]:
        yield Text(f"{refused.where} is not decided: {refused.message}", "alarm", 1, "-")
    if len(replay.refused) > REFUSED_SHOWN:
        yield Text(
            f"and {len(replay.refused) - REFUSED_SHOWN:,} more; the findings file and the JSON output have all",
            "alarm",
            1,
            "-",
        )
