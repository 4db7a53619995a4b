"""No request ends in anything but a decision or a refusal in words, and what is unknown only widens what is possible.

`COMITY_FUZZ=20 python3 start.py test tests/fuzz` looks for 20 minutes of processor time instead of some seconds.
"""

from __future__ import annotations

import copy
import json
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

import comity
from comity.decision.decision import Decision
from tests.commands.running import run
from tests.decision.documents import Documents
from tests.fuzz.budget import fuzz
from tests.fuzz.values import ODD_TEXTS, keys, values

LAW = comity.open()
VOCABULARY = LAW.library.vocabulary
PLACES = (
    "us/fl/miami-dade",
    "us/ca/los-angeles",
    "us/ny/new-york-city",
    "us/il/cook",
    "us/tx/harris",
    "us/nj",
    "us/dc",
)
PATHS = (
    *VOCABULARY.entries,
    *("request", "convictions", "custody", "agency", "agency.kind", "agency.name", "decision", "decision.on", "no.fact", "at", "place"),
)  # fmt: skip
SECONDS_MAX, MESSAGE_MAX = 2, 120_000
HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
EDITS = st.lists(st.tuples(st.sampled_from(PATHS), values()), min_size=1, max_size=3)
SEEDS = st.integers(0, 10**9)
Answer = Decision | dict[str, Any] | str


def document_of(place: str, number: int, missing: float) -> dict[str, Any]:
    """A sound request, another one for each number."""
    year, month, day = 2010 + number % 16, 1 + number % 12, 1 + number % 28
    return Documents(VOCABULARY, place, number).document(missing, f"{year}-{month:02}-{day:02}T09:00:00-05:00")


def edited(document: dict[str, Any], path: str, value: Any) -> None:
    """Puts any value where a fact, a section or a field of a record belongs."""
    of_list, _, field = path.partition("[].")
    if field:
        path, value = of_list, [{field: value}, {}]
    section, _, name = path.rpartition(".")
    if not section:
        document[path] = value
        return
    if not isinstance(document.get(section), dict):
        document[section] = {}
    document[section][name] = value


def answer_of(call: Callable[[Any], Any], request: Any) -> Any:
    """What a function of the API gives, or the text of its refusal; nothing else is raised."""
    started = time.process_time()
    try:
        answer = call(request)
    except comity.InputFault as fault:
        answer = str(fault)
        assert len(answer) < MESSAGE_MAX and not hidden_in(answer)
        assert len(answer.split("\n")) == len(fault.findings)
    assert time.process_time() - started < SECONDS_MAX
    return answer


def hidden_in(text: str) -> list[str]:
    return [char for char in text if unicodedata.category(char) in HIDDEN and char != "\n"]


def test_any_value_is_decided_or_refused_in_words() -> None:
    def check(place: str, number: int, edits: list[tuple[str, Any]]) -> None:
        document = document_of(place, number, (0.0, 0.5, 0.9)[number % 3])
        for path, value in edits:
            edited(document, path, value)
        holds_together(document)

    fuzz(check, st.sampled_from(PLACES), SEEDS, EDITS, examples=300)


def test_any_key_is_decided_or_refused_in_words() -> None:
    def check(number: int, key: Any, value: Any, section: str) -> None:
        document = document_of(PLACES[number % len(PLACES)], number, 0.7)
        inside = document.setdefault(section, {}) if section else document
        if isinstance(inside, list):
            inside[:] = [{key: value}]
        elif isinstance(inside, dict):
            inside[key] = value
        holds_together(document)

    sections = st.sampled_from(("", "request", "custody", "agency", "convictions", "nothing"))
    fuzz(check, SEEDS, keys(), values(), sections, examples=150)


def test_what_is_no_request_is_refused_in_words() -> None:
    def check(value: Any) -> None:
        for call in (LAW.decide, LAW.outcomes, comity.clock_hold):
            answer_of(call, value)

    fuzz(check, values(), examples=100)


def test_any_argument_is_taken_or_refused_in_words() -> None:
    request = document_of(PLACES[0], 1, 0.5)
    calls: list[Callable[[Any, Any], Any]] = [
        lambda one, other: LAW.decide(request, place=one, at=other),
        lambda one, other: LAW.clock(request, eligible_at=one, received_at=other),
        lambda one, other: LAW.clock(place=one, eligible_at=other),
        lambda one, other: LAW.clock(request, form=one, at=other),
        lambda one, other: LAW.at(one, on=other),
        lambda one, other: LAW.at(PLACES[0], on=one, known_on=other),
        lambda one, other: LAW.funding(one, on=other),
        lambda one, other: LAW.classify(one, on=other),
    ]

    def check(call: Callable[[Any, Any], Any], one: Any, other: Any) -> None:
        answer_of(lambda pair: call(*pair), (one, other))

    fuzz(check, st.sampled_from(calls), values(), values(), examples=200)


def holds_together(document: dict[str, Any]) -> None:
    """The outcomes are those of the decision, which both readers make, and which can be shown and written."""
    document.setdefault("at", "2025-06-02T09:00:00-05:00")
    decision, outcomes = answer_of(LAW.decide, document), answer_of(LAW.outcomes, document)
    by_general_reader = answer_of(LAW.decide, MappingProxyType(document))
    answer_of(LAW.clock, document)
    if isinstance(decision, str):
        assert decision == outcomes == by_general_reader
        return
    assert outcomes == {action: answer.possible for action, answer in decision.actions.items()}
    if not any("no moment" in finding.message for finding in decision.findings):
        assert repr(decision) == repr(by_general_reader)
    assert json.dumps(decision.to_dict()).encode()
    assert not hidden_in(decision.to_markdown())


def test_what_is_unknown_only_widens_what_is_possible() -> None:
    def check(place: str, number: int, at: int) -> None:
        document = document_of(place, number, (0.0, 0.3, 0.6, 0.9)[number % 4])
        possible = LAW.outcomes(document)
        smaller = list(with_less(document, Random(at)))
        for less in smaller:
            wider = LAW.outcomes(less)
            narrowed = [action for action in possible if not {*possible[action]} <= {*wider[action]}]
            assert not narrowed or filled(less, document), (less, document)

    fuzz(check, st.sampled_from(PLACES), SEEDS, SEEDS, examples=100)


def filled(less: dict[str, Any], document: dict[str, Any]) -> bool:
    """Whether what was taken out follows from the form, or is true of the place where a request does not say it."""
    proofs = [LAW.decide(request).proof for request in (less, document)]
    return bool(proofs[0] and proofs[1] and proofs[0].filled.keys() - proofs[1].filled.keys())


def with_less(document: dict[str, Any], random: Random) -> Iterator[dict[str, Any]]:
    """The request with a fact less, a list of which less is known, and a record with a field less."""
    for section in random.sample(sorted(document.keys() - {"place", "at"}), min(2, len(document) - 2)):
        less = copy.deepcopy(document)
        inside = less[section]
        if isinstance(inside, dict) and inside.keys() != {"partial"} and inside:
            del inside[random.choice(sorted(inside))]
        elif isinstance(inside, list) and inside:
            if random.random() < 0.5 and isinstance(inside[0], dict) and inside[0]:
                del inside[0][random.choice(sorted(inside[0]))]
            else:
                less[section] = {"partial": inside[1:]}
        else:
            del less[section]
        yield less


def test_the_order_of_keys_and_of_lists_does_not_matter() -> None:
    def check(place: str, number: int, at: int) -> None:
        document = document_of(place, number, (0.0, 0.3, 0.6, 0.9)[number % 4])
        assert LAW.outcomes(shuffled(document, Random(at))) == LAW.outcomes(document)

    fuzz(check, st.sampled_from(PLACES), SEEDS, SEEDS, examples=100)


def shuffled(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        pairs = [(key, shuffled(inner, random)) for key, inner in value.items()]
        return dict(random.sample(pairs, len(pairs)))
    if isinstance(value, list):
        return random.sample([shuffled(inner, random) for inner in value], len(value))
    return value


JSON_PARTS = (
    *(text.encode("utf-8", "surrogatepass") for text in ODD_TEXTS if len(text) < 1_000),
    *(b"NaN", b"-Infinity", b"1e999", b"-0", b"0.5", b"9" * 20, b"9" * 5_000, b"null", b"true", b'"\\ud800"', b'"\\u0000"', b"\xff", b"\xfe\xff"),
    *(b"[" * 2_000, b'{"a":' * 2_000, b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"//", b"\xef\xbb\xbf", b'"place": "us",', b"[1, 2]", b"{}"),
)  # fmt: skip


def test_any_json_text_is_decided_or_refused_on_the_command_line(tmp_path_factory: Any) -> None:
    path: Path = tmp_path_factory.mktemp("json") / "request.json"

    def check(number: int, edits: list[tuple[int, int, bytes]], whole: bytes | None) -> None:
        content = json.dumps(document_of(PLACES[number % len(PLACES)], number, 0.8), indent=1).encode()
        for at, length, part in edits:
            at %= len(content) + 1
            content = content[:at] + part + content[at + length :]
        path.write_bytes(content if whole is None else whole)
        for options in ("", " --json"):
            result = run(f"decide {path}{options}")
            assert result.exit_code in (0, 2), (content, result.stderr)
            assert (result.exit_code == 2) == bool(result.stderr) and not hidden_in(result.stderr)
            assert "Traceback" not in result.stderr

    edits = st.tuples(
        st.integers(0, 3_000),
        st.sampled_from((0, 0, 1, 2, 8, 30)),
        st.one_of(st.sampled_from(JSON_PARTS), st.binary(max_size=3)),
    )
    wholes = st.one_of(
        st.none(),
        st.none(),
        st.none(),
        st.sampled_from((b"", b" ", b"[]", b"null", b"1", b'"a"', "é".encode("utf-16"))),
    )
    fuzz(check, SEEDS, st.lists(edits, min_size=1, max_size=3), wholes, examples=40)
