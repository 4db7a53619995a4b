"""The scripts of the ask page, in Node: the law that a page loads is the engine's, and its card says what the card of
`comity decide` says, in the same order, with the warnings of a decision ranked as there.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comity.decision import card
from comity.decision.decision import Decision
from comity.decision.duties import duties_now, duties_without_deadline, say_duty
from comity.decision.research import BEYOND, describe_research, is_beyond
from comity.law.in_force import Agency, in_force
from comity.present.page import Block, Heading, Table, Text
from comity.session import open_folders
from comity.site.ask.spans import document_of, law_to_ask
from comity.site.standard_requests import form_of_day, standard_requests
from tests.agreement.browser_process import Node, node_command
from tests.site.conftest import DAY, PLACES

LINES = Path(__file__).with_name("ask_lines.js")
LAW = open_folders(())
FULL = tuple(place for place in PLACES if place != "us/fl/bay")
KINDS = ("", "sheriff", "state_prison")
PARTS: dict[str, Any] = {
    "nothing known": {},
    "a form alone": {"request": {"form": "i247a"}},
    "partly known": {
        "request": {"form": "i247a", "basis": {"partial": ["biometric_and_records"]}, "warrants": {"partial": []}},
        "convictions": {"partial": [{"offense": "robbery"}, {}]},
        "charges": [{"offense": "theft", "pending": True}],
    },
    "release is due": {
        "request": {"form": "i247d", "warrants": [{"kind": "judicial_criminal", "issuer": "article_iii_judge", "signed": True}]},
        "custody": {"release_eligible_on": "2017-03-10"},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def node(site: Path) -> Iterator[Node]:
    process = subprocess.Popen(
        [node_command(), str(LINES), str(site)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdin and process.stdout
    yield Node(process.stdin, process.stdout)
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=10)


@pytest.mark.parametrize("place", ["us/fl/miami-dade", "us/ca/los-angeles-city", "us/tx"])
def test_the_law_of_the_page_is_that_of_the_engine(place: str, node: Node) -> None:
    spans = {(span["since"], *span["kinds"]): span for span in node.run({"task": "spans", "place": place})}
    expected = law_to_ask(LAW.library, place, DAY)
    assert len(spans) == len(expected.spans)
    for at, span in enumerate(expected.spans):
        found = spans[span.since.isoformat(), *span.kinds]
        assert (found["until"], found["day"]) == (span.until.isoformat(), span.day.isoformat())
        if at % 4 == 0:
            stack = in_force(LAW.library, place, span.day, Agency(span.kinds[0]))
            document = node.run({"task": "document", "place": place, "number": found["document"]})
            # The page adds to citations where their texts are published.
            addresses = [cite.pop("address", "") for cite in document["cites"].values()]
            assert any(addresses)
            assert {**document, "day": ""} == {**json.loads(json.dumps(document_of(stack))), "day": ""}


def days_of(place: str) -> list[tuple[date, str]]:
    """Of each kind of agency some days of spans, on which the law of the page is that of the day: the first of spans, and the last."""
    spans = law_to_ask(LAW.library, place, DAY).spans
    return [
        (span.day, kind)
        for kind in KINDS
        for span in [each for each in spans if kind in each.kinds][:: 4 if kind else 3]
    ]


@pytest.mark.parametrize("place", FULL)
def test_the_card_is_that_of_a_decision(place: str, node: Node) -> None:
    zone = LAW.library.gazetteer.places[place].zone
    compared = 0
    for at, (day, kind) in enumerate(days_of(place)):
        form = form_of_day(LAW.library, day)
        whole = [request.at(place, day, zone, form) for request in standard_requests()[at % 4 :: 4]]
        moment = datetime.combine(day, time(12), ZoneInfo(zone)).isoformat()
        for request in [*whole, *({**part, "place": place, "at": moment} for part in PARTS.values())]:
            document = {**request, **({"agency": {"kind": kind}} if kind else {})}
            facts = {name: value for name, value in request.items() if name != "place"}
            task = {"task": "card", "place": place, "day": day.isoformat(), "kind": kind, "facts": facts}
            same(node.run(task), LAW.decide(document), (place, day, kind, request))
            compared += 1
    assert compared > len(PARTS)


def same(found: dict[str, Any], decision: Decision, where: object, *, by_rank: bool = True) -> None:
    """Whether a card of the page says what the card of a decision says; `by_rank` says that it has the warnings of that day."""
    if by_rank:
        risks = decision.risks()
        assert [risk["text"] for risk in found["risks"]] == [risk.warned.text for risk in risks], where
        assert [tuple(risk["provisions"]) for risk in found["risks"]] == [risk.provisions for risk in risks], where
        assert [not risk["whyNot"] for risk in found["risks"]] == [risk.counts for risk in risks], where
    assert [[row["command"], row["words"], row["beside"]] for row in found["answers"]] == rows(decision), where
    assert [question_line(row) for row in found["questions"]] == lines(card.questions_of(decision)), where
    assert until_lines(found["until"]) == lines(card.until_of(decision)), where
    assert [duty_line(row) for row in found["doNow"]] == [
        card.duty_in_words(item, decision) for item in duties_now(decision)
    ], where
    assert [row["duty"] for row in found["noDeadline"]] == [
        say_duty(item) for item in duties_without_deadline(decision)
    ], where
    assert found["asked"] == [f"{say_duty(item)}{card.refused(item, decision)}" for item in decision.asked_by_form], (
        where
    )
    research = describe_research(decision.researched_to, decision.place, decision.not_encoded)
    assert found["research"] == research.removesuffix(f" {BEYOND}") and found["beyond"] == is_beyond(
        decision.researched_to
    ), where
    out_of_time = [finding for finding in decision.findings if finding.code == "form-out-of-time"]
    assert found["checks"] == [f"{finding.message}." for finding in out_of_time], where


def rows(decision: Decision) -> list[list[str]]:
    [table] = [block for block in card.answers_of(decision) if isinstance(block, Table)]
    return [[str(cell) for cell in row] for row in table.rows]


def lines(blocks: Any) -> list[str]:
    """The texts of some blocks, without headings."""
    found: list[Block] = [block for block in blocks if not isinstance(block, Heading)]
    return [block.text.rstrip("…") for block in found if isinstance(block, Text)]


def question_line(row: dict[str, Any]) -> str:
    return card.clip(
        f"{row['question']} ({', '.join(row['settles'])}{'; ' if row['listed'] else ''}{row['listed']})", card.TWO_LINES
    ).rstrip("…")


def until_lines(until: dict[str, Any] | None) -> list[str]:
    if until is None:
        return []
    if not until["moment"]:
        return [card.clip(f"{'; or '.join(until['readings'])}.", card.TWO_LINES).rstrip("…")]
    chosen = " Counsel has chosen this reading." if until["chosen"] else ""
    others = (
        [card.clip(f"Read otherwise: {'; '.join(until['readings'])}.", card.TWO_LINES).rstrip("…")]
        if until["readings"]
        else []
    )
    return [f"At the latest {until['moment']} ({until['cite']}).{chosen}", *others]


def duty_line(row: dict[str, Any]) -> str:
    return f"{row['duty']}{' ' if row['due'] else ''}{row['due']} ({row['source']}){row['perhaps']}"


@pytest.mark.parametrize("kind", ["", "sheriff"])
@pytest.mark.parametrize("day", [date(2026, 3, 2), DAY])  # on the first the list of agreements speaks of its sheriff
def test_a_county_without_law_is_asked_about_on_the_page_of_its_state(kind: str, day: date, node: Node) -> None:
    at = datetime.combine(day, time(12), ZoneInfo(LAW.library.gazetteer.places["us/fl/bay"].zone)).isoformat()
    agency = {"agency": {"kind": kind}} if kind else {}
    decision = LAW.decide({"place": "us/fl/bay", "at": at, "request": {"form": "i247a"}, **agency})
    task = {"task": "card", "place": "us/fl", "member": "us/fl/bay", "day": day.isoformat(), "kind": kind}
    same(
        node.run({**task, "facts": {"at": at, "request": {"form": "i247a"}}}), decision, "us/fl/bay", by_rank=day == DAY
    )


HOSTILE = {
    "day=2031-01-01": "2031-01-01",
    "day=2017-02-30": "2017-02-30",
    "place=us/zz": "us/zz",
    "agency=nobody": "nobody",
    "facts=%7B": "cannot be read",
    "facts=%E0%A4%A": "cannot be read",
    "facts=%5B1%5D": "cannot be read",
    'facts={"request.form":"<img src=x onerror=alert(1)>"}': "<img",
    'facts={"constructor":1}': "constructor",
    'facts={"__proto__":{"a":1}}': "__proto__",
    'facts={"subject.age":-4}': "-4",
    'facts={"convictions":[{"offense":"robbery","nothing":1}]}': "nothing",
    'facts={"convictions":{"partial":[1]}}': "partial",
    "colour=red": "colour",
    f"facts={'x' * 20_001}": "20000",
}


@pytest.mark.parametrize("fragment", HOSTILE)
def test_a_hostile_link_is_refused_in_words(fragment: str, node: Node) -> None:
    found = node.run({"task": "link", "place": "us/fl", "fragment": f"#{fragment}"})
    assert [*found] == ["refused"] and HOSTILE[fragment] in found["refused"]


def test_a_link_is_read(node: Node) -> None:
    fragment = '#day=2017-01-26&place=us/fl/bay&facts={"request.form":"i247d","convictions":{"partial":[{"offense":"robbery"}]}}'
    found = node.run({"task": "link", "place": "us/fl", "fragment": fragment})
    assert found["day"] == "2017-01-26" and found["facts"]["convictions"] == {"partial": [{"offense": "robbery"}]}


def test_local_times_are_those_of_the_place(node: Node) -> None:
    asked = {"task": "moments", "place": "us/fl/miami-dade"}
    assert node.run({**asked, "day": "2026-07-01", "time": "12:00"}) == ["2026-07-01T12:00:00-04:00"]
    assert node.run({**asked, "day": "2026-03-08", "time": "02:30"}) == []
    twice = ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"]
    assert node.run({**asked, "day": "2026-11-01", "time": "01:30"}) == twice
