"""`comity ask`: the questions that an officer is asked, in which order, how answers are read, and that any input ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.api import load
from comity.decision.request import decided
from comity.facts import kinds
from comity.interview.asking import QUESTIONS_MAX, Interview

from .running import pinned, run

GOLDEN = Path(__file__).parent / "golden"
LIBRARY = load()
AT = "2026-11-25 02:00"
NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
ASK = f'ask --at "{AT}"'


def transcript(text: str) -> str:
    """What was asked and answered, without the card."""
    return text[: text.index("COUNTY, ")].rpartition("\n")[0]


@pytest.mark.parametrize(
    ("name", "options", "answers"),
    [
        (
            "ask_texas",
            "",
            ["Harris County, TX", "?", "Form I-247A", "1", "hold; notify", "2026-11-01 01:30", "2026-11-25 18:00"],
        ),
        (
            "ask_convictions",
            "--place us/ca/fresno",
            [
                "i247b", "1", "perhaps", "no", "0", "no", "back", "no", "no", "2", "0", "", "assault", "DWI", "felony",
                "thief", "44", "misdemeanor", "?", "0",
            ],
        ),
    ],
)  # fmt: skip
def test_a_request_is_asked_for(name: str, options: str, answers: list[str]) -> None:
    done = run(f"{ASK} {options}", "\n".join(answers) + "\n")
    assert done.exit_code == 0
    pinned(GOLDEN / f"{name}.txt", transcript(done.stdout))


def test_it_stops_where_nothing_is_left_that_matters() -> None:
    done = run(f"{ASK} --place us/ca/los-angeles", "1\n0\nno\n")
    assert done.stdout.count("> ") == 3 and "LOS ANGELES COUNTY" in done.stdout and "MUST NOT" in done.stdout


def test_the_file_holds_the_request_and_decides_alike(tmp_path: Path) -> None:
    out = tmp_path / "request.json"
    asked = run(f"{ASK} --place us/tx/harris --out {out} --json", "i247a\nnone\n1,2\n2026-11-25 18:00\n")
    assert asked.exit_code == 0 and "Which form did the officer send?" in asked.stderr
    assert json.loads(asked.stdout) == json.loads(run(f"decide {out} --json").stdout)
    assert json.loads(out.read_text(encoding="utf-8")) == {
        "place": "us/tx/harris",
        "at": "2026-11-25T02:00:00-06:00",
        "request": {"form": "i247a", "asks": ["hold", "notify"]},
        "subject": {"citizenship": "none_claimed"},
        "custody": {"release_eligible_at": "2026-11-25T18:00:00-06:00"},
    }
    again = run(f"{ASK} --out {out}", "")
    assert again.exit_code == 2 and "exists already" in again.stderr


def test_the_end_of_the_input_shows_the_card_of_what_is_known() -> None:
    assert "DEPENDS" in run(f"{ASK} --place us/tx/harris", "").stdout
    nowhere = run(ASK, "")
    assert (nowhere.exit_code, nowhere.stderr.strip()) == (
        2,
        "comity ask: no place was given, so nothing can be decided; give --place [no-place]",
    )


def test_bad_options_are_refused_before_anything_is_asked() -> None:
    for options, code in (("--place us/tx/haris", "unknown-place"), ("--place us/tx/harris --at tomorrow", "moment")):
        done = run(f"ask {options}", "1\n")
        assert done.exit_code == 2 and done.stdout == "" and f"[{code}]" in done.stderr


def test_an_interruption_is_one_line_and_writes_nothing(tmp_path: Path) -> None:
    with patch("comity.commands.ask.Dialog.read", side_effect=KeyboardInterrupt):
        done = run(f"{ASK} --place us/tx/harris --out {tmp_path / 'request.json'}")
    assert done.exit_code == 130 and done.stderr.strip() == "comity: interrupted; unfinished files were not written"
    assert not list(tmp_path.iterdir())


def test_a_name_of_several_places_is_asked_again() -> None:
    interview = Interview(LIBRARY, NOW)
    assert interview.question and interview.question.fact == "place"
    (finding,) = interview.answer("Harris County")
    assert finding.code == "ambiguous-place"
    named = [choice.member for choice in interview.question.choices]
    assert {"us/tx/harris", "us/ga/harris"} == {*named}
    assert interview.answer(str(named.index("us/tx/harris") + 1)) == []
    assert interview.document()["place"] == "us/tx/harris" and interview.document()["at"] == "2026-11-25T02:00:00-06:00"
    assert interview.undo() and interview.decision is None


@pytest.mark.parametrize("text", ["", "Nowhere County", "us/tx", "99", "\x00", "x" * 5_000])
def test_what_is_no_place_is_said(text: str) -> None:
    interview = Interview(LIBRARY, NOW)
    findings = interview.answer(text)
    assert findings or interview.document()["place"] == "us/tx"


def test_only_forms_in_use_are_listed_and_only_classes_that_the_law_names() -> None:
    interview = Interview(LIBRARY, NOW, "us/ca/fresno")
    assert interview.question and [choice.member for choice in interview.question.choices] == [
        "i247a",
        "i247g",
        "other",
    ]
    while interview.question and not interview.question.fact.endswith(".classes"):
        interview.answer("1" if interview.question.fact == "convictions" else "")
    assert interview.question and {choice.member[:3] for choice in interview.question.choices} == {"ca_"}


def test_a_word_is_read_by_its_synonyms_and_an_ambiguous_one_is_not() -> None:
    interview = Interview(LIBRARY, NOW, "us/ca/fresno")
    while interview.question and interview.question.fact != "convictions[1].offense":
        interview.answer("2" if interview.question.fact == "convictions" else "")
    assert interview.question and interview.question.record == "Conviction 2 of 2"
    (finding,) = interview.answer("assault")
    assert finding.message == '"assault" may mean simple_assault or aggravated_assault or assault_other'
    (finding,) = interview.answer("thief")
    assert finding.help == 'did you mean "theft"?'
    (finding,) = interview.answer("Murder")
    assert finding.message == "read as murder or another intentional killing" and not finding.grave
    assert interview.document()["convictions"] == [{}, {"offense": "homicide"}]


def test_a_list_may_be_known_in_part() -> None:
    interview = Interview(LIBRARY, NOW, "us/tx/harris")
    while interview.question and interview.question.fact != "request.asks":
        interview.answer("")
    assert interview.answer("1 2 +") == []
    assert interview.document()["request"]["asks"] == {"partial": ["hold", "notify"]}
    assert interview.question is None or interview.question.fact != "request.asks"


ANSWERS = st.one_of(
    st.sampled_from(["", "1", "2", "3", "0", "2+", "20", "yes", "no", "1,2", "1 2 +", "back", "?", "DWI", "assault"]),
    st.sampled_from(["2019-03-02", "2026-11-25 18:00", "2026-11-01 01:30", "34", "none", "-1", "99", "21", "9" * 50]),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["us/tx/harris", "us/ca/fresno", "us/ny/new-york-city", ""]), st.lists(ANSWERS, max_size=25))
def test_any_answers_are_taken_or_refused_and_the_questions_end(place: str, answers: list[str]) -> None:
    interview = Interview(LIBRARY, NOW, place)
    for text in answers:
        if interview.question is None:
            break
        if text == "back":
            interview.undo()
        else:
            before = interview.question
            findings = interview.answer(text)
            assert interview.question != before or findings
    if interview.arrived is None:
        return
    for _ in range(QUESTIONS_MAX):
        if interview.question is None:
            break
        interview.answer("")
    assert interview.question is None and interview.decision
    document: dict[str, Any] = interview.document()
    decision, _ = decided(document, LIBRARY)
    assert decision and decision.actions == interview.decision.actions and decision.limits == interview.decision.limits


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_card_or_one_line(content: bytes) -> None:
    done = run(f"{ASK} --place us/tx/harris", content)  # type: ignore[arg-type]
    assert done.exit_code == 0 and "HARRIS COUNTY" in done.stdout


def test_no_more_questions_than_the_bound() -> None:
    interview = Interview(LIBRARY, NOW, "us/ca/fresno")
    count = 0
    while (question := interview.question) is not None:
        interview.answer("20" if isinstance(question.kind, kinds.Records) else "")
        count += 1
    assert count <= QUESTIONS_MAX
