"""The scripts of the browser, in Node, give the answers of the other engines: on generated stacks, on every case of the
shipped law, and on whole requests with moments.

Compared are the possible outcomes, with those of the search engine; and what determines, what yields, what is missing and
how it is ranked, what is decisive, obligations and limits, with those of a decision.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from msgspec import to_builtins

from comity.api import load
from comity.clock.days import find_clock_location
from comity.clock.readings import Reading, readings_of
from comity.decision.decision import Decision
from comity.decision.explain import Explainer, decide_by_definition
from comity.decision.grounds import ground_of
from comity.decision.incoming import incoming
from comity.decision.request import applying, decided_of, prepared_for
from comity.engine.browser.clock_json import write_clock
from comity.engine.browser.stack_json import write_stack
from comity.engine.questions.questions import completed, known_truths
from comity.engine.search.search import possible
from comity.facts.document import as_json
from comity.facts.kinds import Value
from comity.facts.request import Request
from comity.finding import grave
from comity.law.in_force import Stack
from tests.agreement.browser_process import Node, node_process
from tests.agreement.stacks import Requests, asks_about_lists, stacks
from tests.agreement.test_agreement import TIMES
from tests.agreement.test_every_engine import stacks_of

LIBRARY = load()
STACKS, REQUESTS, BY_DEFINITION = 75 * TIMES, 8, 10
NOON = datetime(2016, 6, 1, 12, tzinfo=UTC)
OF_ACTION = ("outcome", "possible", "determining", "yielding", "missing", "decisive", "decider")
BESIDE = ("obligations", "asked_by_form", "limits")
PLACES = (
    *(
        "us/fl/miami-dade",
        "us/ny/new-york-city",
        "us/ca/san-francisco",
        "us/la/orleans",
        "us/il/cook",
        "us/az/maricopa",
    ),
    *("us/wa/king", "us/or", "us/tx/travis", "us/co/denver"),
)
DAYS = ("2008-03-08", "2014-11-01", "2017-01-26", "2019-03-09", "2026-11-20")
FORMS = ("i247d", "i247a", "i247_2012", None)
ONLY_ITS_FACTS: dict[str, Any] = {}


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with node_process() as running:
        yield running


@pytest.mark.parametrize("lists", [False, True])
def test_generated_stacks(lists: bool, node: Node, record_property: Callable[[str, object], None]) -> None:
    seen, counts = set[str](), Counter[str]()

    @seed(20)
    @settings(max_examples=3 * STACKS, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(stacks(lists))
    def agree(stack: Stack) -> None:
        key = repr(stack.standing)
        if len(seen) == STACKS or key in seen or asks_about_lists(stack) is not lists:
            return
        seen.add(key)
        requests = Requests(stack, Random(key))
        rows = [requests.partial() if at % 2 else requests.complete() for at in range(REQUESTS)]
        counts.update(compared(node, stack, rows, by_definition=len(seen) <= BY_DEFINITION))

    agree()
    assert len(seen) == STACKS and counts["requests in a browser"] == STACKS * REQUESTS
    record_counts(record_property, counts)


def test_every_case_of_the_law(node: Node, record_property: Callable[[str, object], None]) -> None:
    counts = Counter[str]()
    for id in sorted(instrument.id for instrument in LIBRARY.instruments.values() if instrument.cases):
        for stack, rows in stacks_of(id):
            counts.update(compared(node, stack, rows))
    assert counts["requests in a browser"] == sum(len(each.cases) for each in LIBRARY.instruments.values())
    record_counts(record_property, counts)


def record_counts(record_property: Callable[[str, object], None], counts: Counter[str]) -> None:
    for name, count in counts.items():
        record_property(f"agreement: {name}", count)


def compared(node: Node, stack: Stack, rows: list[dict[str, Value]], *, by_definition: bool = False) -> Counter[str]:
    """Holds the script to the other engines on requests under one stack; what was compared."""
    explainer = Explainer(stack)
    # The facts as they are: what a form asks for is added before a request is decided.
    written = write_stack(explainer.diagrams) | {"asks": ONLY_ITS_FACTS}
    documents = [{path: as_json(value) for path, value in row.items()} for row in rows]
    node.send({"task": "decide", "stack": written, "clock": None, "requests": documents})
    counts = Counter({"stacks in a browser": 1, "requests in a browser": len(rows)})
    wanted = [expected_of(stack, explainer, row, by_definition) for row in rows]
    for row, decision, found in zip(rows, wanted, node.receive()["decisions"], strict=True):
        assert not found["unread"]
        same(found, decision, (stack.place, stack.day, row))
        counts["answers in a browser"] += len(found["actions"])
    return counts


def expected_of(stack: Stack, explainer: Explainer, row: Mapping[str, Value], by_definition: bool) -> Decision:
    """The decision; its possible outcomes are those that the search finds."""
    request = Request(stack.place, NOON, dict(row))
    decision = decide_by_definition(stack, request) if by_definition else explainer.decide(request)
    truths = known_truths(explainer.asked, completed(stack, row))
    for action, answer in decision.actions.items():
        assert answer.possible == possible(explainer.asked, action, truths)
    return decision


def same(found: dict[str, Any], decision: Decision, where: object) -> None:
    """Whether what the script found is what a decision has."""
    wanted = json.loads(
        json.dumps(to_builtins({"actions": decision.actions, **{name: getattr(decision, name) for name in BESIDE}}))
    )
    assert {*found["actions"]} == {*wanted["actions"]}, where
    for action, answer in wanted["actions"].items():
        answer["decisive"] = [known["fact"] for known in answer["decisive"]]
        for name in OF_ACTION:
            assert found["actions"][action][name] == answer[name], (where, action, name)
    for name in BESIDE:
        assert found[name] == wanted[name], (where, name)


@pytest.mark.parametrize("place", PLACES)
def test_whole_requests(place: str, node: Node, record_property: Callable[[str, object], None]) -> None:
    """With moments: the local days, what a form asks for, the ends of limits, which governs, deadlines, all readings."""
    random = Random(place)
    for day in DAYS:
        document = whole_request(place, day, random)
        arrived, findings = incoming(document, LIBRARY)
        assert arrived and not grave(findings), findings
        prepared, decision = prepared_for(arrived, LIBRARY), decided_of(arrived, LIBRARY)
        where = LIBRARY.gazetteer.places[place]
        here = find_clock_location(where.zone, LIBRARY.gazetteer.containing(place))
        written = write_stack(prepared.explainer.diagrams)
        node.send({"task": "decide", "stack": written, "clock": write_clock(here), "requests": [document]})
        values = completed(prepared.stack, arrived.request.values)
        readings = readings_of(applying(decision.limits, prepared.stack), values, here)
        result = node.receive()
        same(result["decisions"][0], decision, (place, day, document))
        assert result["readings"][0] == [shown(reading) for reading in readings], (place, day, document)
        record_property("agreement: readings in a browser", len(readings))


def whole_request(place: str, day: str, random: Random) -> dict[str, Any]:
    """A request received on a day, and release due some hours later, with offsets of anywhere."""
    received = datetime.fromisoformat(f"{day}T00:00:00+00:00") + timedelta(minutes=random.randrange(2_880))
    eligible = received + timedelta(minutes=random.randrange(-600, 6_000))
    form = random.choice(FORMS)
    return {
        "place": place,
        "at": received.isoformat(),
        "request": {"received_at": received.isoformat(), **({"form": form} if form else {})},
        "custody": {"release_eligible_at": eligible.isoformat()},
        **random.choice(({}, {"convictions": []}, {"convictions": {"partial": []}})),
    }


def shown(reading: Reading) -> dict[str, Any]:
    """A reading as the script returns it."""
    return {
        "provision": reading.provision, "words": reading.words, "hours": reading.hours, "condition": reading.condition,
        "starts_at": reading.starts_at.isoformat() if reading.starts_at else "",
        "until": reading.until.isoformat() if reading.until else "", "elapsed": reading.elapsed, "rules": reading.rules,
        "steps": [{"at": step.at.isoformat(), "words": step.words, "counted": step.counted} for step in reading.steps],
        "note": reading.note,
    }  # fmt: skip


def test_citations_are_those_of_a_decision() -> None:
    stack, _ = next(stacks_of("us/fl/miami-dade/memo-2017-01-26"))
    cites = write_stack(Explainer(stack).diagrams)["cites"]
    assert cites
    for name, cite in cites.items():
        ground = ground_of(stack, name)
        assert ground and cite == {"cite": ground.cite, "evidence": ground.evidence, "plain": ground.plain}


def test_figures_are_rounded_as_python_rounds(node: Node) -> None:
    numbers = [whole / parts for parts in range(1, 32) for whole in range(4 * parts + 1)]
    assert node.run({"task": "round", "numbers": numbers}) == [round(number, 2) for number in numbers]


def test_a_page_loads_them_as_plain_scripts(node: Node) -> None:
    stack, rows = next(stacks_of("us/fl/miami-dade/memo-2017-01-26"))
    written = write_stack(Explainer(stack).diagrams)
    requests = [{path: as_json(value) for path, value in row.items()} for row in rows]
    task = {"stack": written, "clock": None, "requests": requests}
    assert node.run({"task": "as_on_a_page", **task}) == node.run({"task": "decide", **task})["decisions"]


def test_a_value_that_cannot_be_read_is_named_and_not_known(node: Node) -> None:
    stack = next(stack for stack, _ in stacks_of("us/i247a"))
    written = write_stack(Explainer(stack).diagrams)
    known = [fact["path"] for fact in written["facts"] if fact["kind"] == "day"][0]
    wrong, nothing = {known: "2017-02-30"}, dict[str, Any]()
    requests = [wrong, nothing]
    one, other = node.run({"task": "decide", "stack": written, "clock": None, "requests": requests})["decisions"]
    assert one.pop("unread") == [known] and other.pop("unread") == [] and one == other
