"""A request is read in two ways, and explained in two: each must say the same as the definition."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec import structs

from comity.api import load
from comity.decision import request as ways
from comity.decision.explain import decide_by_definition
from comity.decision.held_law import HeldLaw, held_law
from comity.decision.incoming import incoming
from comity.engine.compiled.beyond import BEYOND
from comity.engine.compiled.record_source import COMPILED_MAX
from comity.engine.compiled.typed import Unusual
from comity.finding import grave
from comity.law.in_force import Agency, in_force
from comity.law.instrument import BEYOND_ACTIONS
from tests.decision.documents import Documents

LIBRARY = load()
PLACES = (
    *("us/fl/miami-dade", "us/ca/los-angeles", "us/ny/new-york-city", "us/tx/harris", "us/dc", "us/il/cook"),
    *("us/pa/philadelphia", "us/ca/alameda", "us/ga/fulton", "us/nc/mecklenburg"),
)
BEYOND_SECTIONS = (*(f"{section}." for section in sorted(BEYOND)), "decision.")
NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)


def by_general_reader(document: dict[str, Any]) -> Any:
    arrived, findings = incoming(document, LIBRARY, now=NOW)
    return ways.decided_of(arrived, LIBRARY) if arrived else [finding.line() for finding in grave(findings)]


@pytest.mark.parametrize("place", PLACES)
def test_the_compiled_reader_says_what_the_general_one_says(place: str) -> None:
    documents, read = Documents(LIBRARY.vocabulary, place, place), 0
    for number in range(60):
        document = documents.document((0.0, 0.4, 0.8)[number % 3])
        held = held_law(LIBRARY)
        read += by_compiled_reader(held, document) is not None
        decision, _ = ways.decided(document, LIBRARY, now=NOW)
        assert decision == by_general_reader(document), document
        assert ways.outcomes(document, LIBRARY)[0] == {
            action: answer.possible for action, answer in decision.actions.items()
        }
    assert read > 40  # of a request in its usual form nothing is left to the general reader


@pytest.mark.parametrize("place", ("us/ny/new-york-city", "us/fl/miami-dade"))
def test_records_whose_fields_come_in_many_orders_say_the_same(place: str) -> None:
    documents, random = Documents(LIBRARY.vocabulary, place, f"{place} orders"), Random(place)
    for _ in range(80):
        document = documents.document(0.0)
        for path in ("convictions", "charges"):
            records = document.get(path)
            if isinstance(records, list):
                document[path] = [dict(random.sample([*record.items()], len(record) // 2)) for record in records * 2]
        decision, _ = ways.decided(document, LIBRARY, now=NOW)
        assert decision and decision == by_general_reader(document), document
        assert ways.outcomes(document, LIBRARY)[0] == {
            action: answer.possible for action, answer in decision.actions.items()
        }
    held = held_law(LIBRARY).places[place, "", ""]
    reader = held.on[held.moments[document["at"]][1]][1]
    for source in (reader.source, reader.source_of_outcomes):
        assert any(len(questions.sums_by_shape) > COMPILED_MAX for questions in source.lists.values())


DAYS_WRITTEN = (
    "20170508",
    "2017-W19-1",
    "2017W191",
    "2017-W19",
    "2017-02-30",
    "2017-05-08 ",
    "5/8/2017",
    "",
    date(2017, 5, 8),
)


@pytest.mark.parametrize("written", DAYS_WRITTEN)
@pytest.mark.parametrize("field", ("convicted_on", "released_on"))  # of which law in Los Angeles reads the first alone
def test_a_day_of_a_record_is_read_or_refused_as_by_the_general_reader(field: str, written: object) -> None:
    record = {"offense": "theft", "grade": "felony", field: written}
    document = {
        "place": PLACES[1],
        "at": "2025-06-02T09:00:00-07:00",
        "convictions": [record, {**record, "grade": None}],
    }
    decision, findings = ways.decided(document, LIBRARY, now=NOW)
    assert (decision or [finding.line() for finding in findings]) == by_general_reader(document)
    outcomes, _ = ways.outcomes(document, LIBRARY)
    assert outcomes == (decision and {action: answer.possible for action, answer in decision.actions.items()})


def test_outcomes_answer_fewer_questions_and_refuse_the_same_values() -> None:
    document = {"place": PLACES[1], "at": "2025-06-02T09:00:00-07:00"}
    held = held_law(LIBRARY).places[PLACES[1], "", ""]
    reader = held.on[held.moments[document["at"]][1]][1]
    splits = reader.questions.splits
    wanted = {fact for place in reader.source_of_outcomes.wanted for fact in splits[place].facts}
    others = {fact for split in splits for fact in split.facts if "." in fact} - wanted
    checked = sorted(fact for fact in others if LIBRARY.vocabulary.kind(fact) and not fact.startswith(BEYOND_SECTIONS))
    assert len(checked) > 3
    for fact in checked:
        section, _, name = fact.rpartition(".")
        assert ways.outcomes({**document, section: {name: [{"wrong": 1.5}]}}, LIBRARY)[0] is None, fact


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_detainer_is_read_by_the_general_reader(place: str) -> None:
    documents = Documents(LIBRARY.vocabulary, place, f"{place} beyond", beyond=True)
    held, asked = held_law(LIBRARY), set[str]()
    for number in range(30):
        document = documents.document((0.0, 0.5, 0.9)[number % 3])
        decision, _ = ways.decided(document, LIBRARY, now=NOW)
        assert decision and decision == by_general_reader(document), document
        assert ways.outcomes(document, LIBRARY)[0] == {
            action: answer.possible for action, answer in decision.actions.items()
        }
        beyond = {*decision.asked} & {*BEYOND_ACTIONS}
        assert {*decision.actions} & {*BEYOND_ACTIONS} == beyond
        assert not beyond or by_compiled_reader(held, document) is None
        asked |= beyond
        arrived, _ = incoming(document, LIBRARY, now=NOW)
        assert arrived
        definition = decide_by_definition(in_force(LIBRARY, place, decision.day), arrived.request)
        assert {action: answer.possible for action, answer in definition.actions.items()} == {
            action: answer.possible for action, answer in decision.actions.items()
        }
    assert asked == {*BEYOND_ACTIONS}


def by_compiled_reader(held: HeldLaw, document: dict[str, Any]) -> Any:
    at_place = held.places[document["place"], "", ""]
    _, day = at_place.moments[document["at"]]
    try:
        return at_place.on[day][1].read(document, day)
    except (Unusual, TypeError):
        return None


@pytest.mark.parametrize("place", PLACES[:4])
def test_spoiled_requests_are_refused_in_the_same_words(place: str) -> None:
    documents, refused = Documents(LIBRARY.vocabulary, place, place), 0
    for _ in range(400):
        document = documents.spoiled()
        decision, findings = ways.decided(document, LIBRARY, now=NOW)
        expected = by_general_reader(document)
        assert (decision or [finding.line() for finding in findings]) == expected, document
        outcomes, faults = ways.outcomes(document, LIBRARY)
        assert [fault.line() for fault in faults] == [finding.line() for finding in findings], document
        assert (outcomes is None) == (decision is None)
        refused += decision is None
    assert 100 < refused < 400


@pytest.mark.parametrize("place", PLACES)
def test_explanations_are_those_of_the_definition(place: str) -> None:
    documents = Documents(LIBRARY.vocabulary, place, f"{place} again")
    for number in range(12):
        document = documents.document((0.0, 0.4, 0.7, 0.9)[number % 4])
        arrived, _ = incoming(document, LIBRARY, now=NOW)
        assert arrived
        decision = ways.decided_of(arrived, LIBRARY)
        stack = in_force(LIBRARY, place, decision.day)
        definition = decide_by_definition(stack, arrived.request)
        same = structs.replace(
            decision, limits=definition.limits, obligations=definition.obligations, findings=(), not_encoded="",
            proof=None, researched_to={}, asked=(), paper="", agreements="",
        )  # fmt: skip
        owed = tuple(structs.replace(owed, deadline="") for owed in decision.obligations)
        assert owed == definition.obligations, document
        assert same == definition, document
        assert [limit.provision for limit in decision.limits] == [limit.provision for limit in definition.limits]


@pytest.mark.parametrize("place", PLACES)
def test_warnings_in_json_have_the_ranks_of_the_risks(place: str) -> None:
    documents = Documents(LIBRARY.vocabulary, place, f"{place} ranks")
    for number in range(40):
        decision, _ = ways.decided(documents.document((0.0, 0.4, 0.8)[number % 3]), LIBRARY, now=NOW)
        assert decision
        risks = {risk.rank: risk for risk in decision.risks()}
        written = decision.to_dict()
        used = set()
        for action, answer in decision.actions.items():
            for warned, shown in zip(answer.warnings, written["actions"][action]["warnings"], strict=True):
                risk = risks[shown["rank"]]
                assert action in risk.actions and warned.provision in risk.provisions
                assert {**shown, "rank": 0} == json.loads(msgspec.json.encode(warned))
                used.add(risk.rank)
        assert used == {*risks}
        assert written["grounds"] == {name: structs.asdict(ground) for name, ground in decision.grounds.items()}


def test_between_two_changes_of_law_only_the_day_differs() -> None:
    random = Random(1)
    held = HeldLaw(LIBRARY)
    places = [*PLACES, *random.sample(sorted(LIBRARY.gazetteer.places), 30)]
    for place in places:
        agency = Agency(random.choice(("", "", "sheriff", "state_prison")), "")
        for _ in range(6):
            day = date(2007, 1, 1) + timedelta(random.randrange(20 * 365))
            fresh = in_force(LIBRARY, place, day, agency)
            if not agency.kind and isinstance(kind := fresh.facts.get("agency.kind"), str):
                fresh = in_force(LIBRARY, place, day, Agency(kind, ""))
            assert held.stack(place, day, agency) == fresh, (place, day, agency)


def test_eight_threads_give_the_same_answers_as_one() -> None:
    documents = [Documents(LIBRARY.vocabulary, place, place).document(0.4) for place in PLACES for _ in range(8)]
    alone = [ways.decided(document, LIBRARY, now=NOW)[0] for document in documents]
    fresh = structs.replace(LIBRARY)  # the same law, of which nothing is prepared yet
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda document: ways.decided(document, fresh, now=NOW)[0], documents * 3))
    assert together == alone * 3


def test_stacks_and_tables_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.decision.held_law.STACKS_MAX", 3)
    held = HeldLaw(LIBRARY)
    first = held.prepared(PLACES[0], date(2017, 1, 25), Agency())
    for place in PLACES[1:4]:
        held.prepared(place, date(2017, 1, 25), Agency())
    assert len(held._stacks) == 3
    again = held.prepared(PLACES[0], date(2017, 1, 25), Agency())
    assert again is not first and again.stack == first.stack


def test_records_alike_are_asked_about_once() -> None:
    convictions = [{"grade": "felony"}] * 30 + [{"grade": "misdemeanor"}]
    document = {
        "place": PLACES[1],
        "at": "2025-06-02T09:00:00-05:00",
        "request": {"form": "i247a"},
        "convictions": convictions,
    }
    decision, _ = ways.decided(document, LIBRARY)
    assert decision
    asked = [missing for missing in decision.actions["notify"].missing if missing.fact.startswith("convictions")]
    assert asked and {missing.fact[: len("convictions[00]")].partition("]")[0] for missing in asked} <= {
        "convictions[0",
        "convictions[30",
    }
    assert {missing.alike for missing in asked if missing.fact.startswith("convictions[0]")} == {30}


@pytest.mark.parametrize("place", PLACES)
def test_five_hundred_convictions_cost_what_their_kinds_cost(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Documents(LIBRARY.vocabulary, place, f"{place} many")
    [kind] = [documents.vocabulary.kind("convictions")]
    records = [documents.record(kind.fields, 0.5) for _ in range(500)]  # type: ignore[union-attr]
    document = {"place": place, "at": "2025-06-02T09:00:00-05:00", "convictions": records}
    decision, _ = ways.decided(document, LIBRARY)
    assert decision and decision.actions["hold"].possible


def test_a_decision_proves_what_it_was_made_from() -> None:
    document: dict[str, Any] = {"place": PLACES[0], "at": "2017-01-25T09:00:00-05:00", "request": {"form": "i247d"}}
    first, again = (ways.decided(document, LIBRARY)[0] for _ in range(2))
    asked, _ = ways.decided(
        {**document, "request": {"form": "i247d", "asks": {"partial": ["hold", "notify"]}}}, LIBRARY
    )
    later, _ = ways.decided({**document, "at": "2017-01-26T09:00:00-05:00"}, LIBRARY)
    assert first and again and asked and later and first.proof and asked.proof and later.proof
    assert first.proof == again.proof and len(first.proof.request) == len(first.proof.stack) == 64
    assert first.proof.filled["request.asks"] == "what the form asks for" and "request.asks" not in asked.proof.filled
    assert first.proof.request == asked.proof.request  # the same facts were read
    assert first.proof.stack != later.proof.stack and first.proof.library == later.proof.library == LIBRARY.digest
