"""Runs the cases in law files. A case that fails is a finding at its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import TypeAlias
from zoneinfo import ZoneInfo

from comity.decision.decision import Decision
from comity.decision.explain import Explainer, decide
from comity.engine.outcome import Outcome, outcome_of
from comity.engine.questions.bounds import TooLarge
from comity.facts.kinds import Value
from comity.facts.request import READ_AS, Request, derive_days, flatten, read_values
from comity.finding import Finding
from comity.law.consistency import as_words
from comity.law.in_force import Stack, agency_of, in_force, of_instrument
from comity.law.instrument import Case, Instrument
from comity.law.library import Library

Engine: TypeAlias = Callable[[Stack, Request], Decision]
ExplainerOf: TypeAlias = Callable[[Instrument, Case, Mapping[str, Value]], Explainer]
FAILS = "case-fails"


def run_cases(
    library: Library,
    instruments: Iterable[Instrument] | None = None,
    engine: Engine = decide,
    explainer_of: ExplainerOf | None = None,
) -> list[Finding]:
    """Runs the cases of some instruments, or of all, and returns a finding for each that fails.

    `explainer_of` returns an explainer prepared for the stack of a case; if given, it is used instead of `engine`.
    """
    chosen = library.instruments.values() if instruments is None else instruments
    return [
        finding
        for instrument in chosen
        for case in instrument.cases
        for finding in run_case(library, instrument, case, engine, explainer_of)
    ]


def run_case(
    library: Library,
    instrument: Instrument,
    case: Case,
    engine: Engine = decide,
    explainer_of: ExplainerOf | None = None,
) -> list[Finding]:
    """Runs one case: a finding for each fact that cannot be read and for each answer other than the expected one."""
    values, findings = values_of(library, instrument, case)
    if values is None:
        return [Finding(fault.code, case.place, _titled(case, fault.message), fault.help) for fault in findings]
    day, at = case.at or instrument.first_sure_day, moment_of(library, instrument, case)
    request = Request(instrument.jurisdiction, at, values)
    try:
        if explainer_of is not None:
            expected = {*case.then, *case.possible}
            if _is_met(case, explainer_of(instrument, case, values).possible(request, expected)):
                return []
            decision = explainer_of(instrument, case, values).decide(request)
        elif case.stack:
            decision = engine(in_force(library, instrument.jurisdiction, day, agency_of(values)), request)
        else:
            decision = engine(of_instrument(library, instrument, day), request)
    except TooLarge as fault:
        return [
            Finding(fault.code, case.place, _titled(case, f"not run, since {fault.message}"), fault.help)
            for fault in fault.findings
        ]
    return [Finding(FAILS, case.place, _titled(case, words)) for words in _differences(case, decision)]


def moment_of(library: Library, instrument: Instrument, case: Case) -> datetime:
    """Noon, local time, on the day for which a case runs."""
    return datetime.combine(
        case.at or instrument.first_sure_day, time(12), ZoneInfo(library.gazetteer.zone_of(instrument.jurisdiction))
    )


def values_of(library: Library, instrument: Instrument, case: Case) -> tuple[dict[str, Value] | None, list[Finding]]:
    """The facts of a case, or None and a finding for each that cannot be read."""
    flat = {path: as_words(value) for path, value in flatten(case.given, library.vocabulary).items()}
    read, findings = read_values(flat, library.vocabulary, case.place.source)
    at = moment_of(library, instrument, case)
    values, of_days = derive_days(read, library.gazetteer.zone_of(instrument.jurisdiction), at, case.place.source)
    return (None, [_as_fault(finding) for finding in (*findings, *of_days)]) if findings or of_days else (values, [])


def _as_fault(finding: Finding) -> Finding:
    """A finding as a fault of the case: a law file may not use a synonym, which a request may."""
    help = "write the word of the vocabulary" if finding.code == READ_AS else finding.help
    return finding.changed(grave=True, help=help)


def _titled(case: Case, words: str) -> str:
    return f'case "{case.name}": {words}'


def _is_met(case: Case, possible: Mapping[str, tuple[Outcome, ...]]) -> bool:
    """Whether the outcomes alone are all that a case expects, and are as expected; then no explanation is needed."""
    if case.obligations is not None or case.asked is not None or case.limits is not None:
        return False
    if not {*case.then, *case.possible} <= {*possible}:
        return False
    return all(outcome_of(possible[action]) == expected for action, expected in case.then.items()) and all(
        {*possible[action]} == {*expected} for action, expected in case.possible.items()
    )


def _differences(case: Case, decision: Decision) -> Iterable[str]:
    for action, expected in case.then.items():
        got = decision.outcome(action)
        if got != expected:
            yield _expected(f"{action} {expected}", f"{action} {got}", _because(decision, action))
    for action, outcomes in case.possible.items():
        answer = decision.actions.get(action)
        left = answer.possible if answer else ("unaddressed",)
        if {*left} != {*outcomes}:
            yield _expected(f"{action} possibly {_list(outcomes)}", _list(left), "")
    if case.obligations is not None:
        yield from _compared(
            "obligations", case.obligations, (owed.deed for owed in decision.obligations if not owed.condition)
        )
    if case.asked is not None:
        asked = (deed.deed for deed in decision.asked_by_form if not deed.condition)
        yield from _compared("what a form asks", case.asked, asked)
    if case.limits is not None:
        limits = (limit.provision.removeprefix(case.instrument) for limit in decision.limits if not limit.condition)
        yield from _compared("limits", case.limits, limits)


def _compared(name: str, expected: Iterable[str], got: Iterable[str]) -> Iterable[str]:
    wanted, found = sorted({*expected}), sorted({*got})
    if wanted != found:
        yield _expected(f"{name} {_list(wanted)}", _list(found), "")


def _expected(wanted: str, got: str, because: str) -> str:
    return f"expected {wanted}, got {got}" + (f" ({because})" if because else "")


def _because(decision: Decision, action: str) -> str:
    """The provisions on which the outcome rests, and the facts that the case would have to give for one outcome."""
    answer = decision.actions.get(action)
    rests_on = f"by {_list(answer.determining)}" if answer and answer.determining else ""
    open_facts = _list(missing.fact for missing in answer.missing) if answer and answer.missing else ""
    return "; ".join(filter(None, (rests_on, f"the case does not give {open_facts}" if open_facts else "")))


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
