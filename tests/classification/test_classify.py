"""The definitions that ship, asked of the law that ships: the story of Miami-Dade, and what every answer must hold to."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import comity
from comity import api as calls
from comity.classification.page import page_of
from comity.classification.view import Classified
from comity.intake.named_place import lies_in_several
from comity.law.library import Library
from comity.present.page import as_text

EVE, DAYS = "2017-01-25", ("2017-03-01", "2025-08-05")
MIAMI = "us/fl/miami-dade"
SECONDS_MAX = 3  # for one encoded place on one day; it takes some 0.1 s, and 0.4 s where the law is long


@pytest.fixture(scope="module")
def library() -> Library:
    return comity.load()


@pytest.fixture(scope="module")
def eve(library: Library) -> Classified:
    return comity.classify(MIAMI, on=EVE, library=library)


@pytest.fixture(scope="module")
def everywhere(library: Library) -> tuple[list[Classified], float]:
    """A third of the places with law, and two more; the page of classified places is made of all of them."""
    jurisdictions = {instrument.jurisdiction for instrument in library.instruments.values()} - {"us"}
    places = sorted(place for place in jurisdictions if not lies_in_several(library.gazetteer.places[place]))
    start = time.monotonic()
    return calls.classify_many(
        sorted({*places[::3], "us/fl/alachua", "us/mn"}), DAYS, library=library
    ), time.monotonic() - start


@pytest.mark.parametrize(
    ("definition", "meets", "in_use"),
    [
        ("def-eo13768", False, True),
        ("def-eo13768-designated", "unknown", True),
        ("def-eo13768-enforcement", "unknown", True),
        ("def-cis", True, True),
        ("def-ddor2017", True, False),
        ("def-oig2016", True, True),
        ("def-fl-908.102(6)", True, False),
        ("def-la-33:81", True, False),
        ("def-bondi2025", "unknown", False),
        ("def-eo14159", "unknown", False),
    ],
)
def test_miami_dade_on_the_day_before_the_memo(
    eve: Classified, definition: str, meets: bool | str, in_use: bool
) -> None:
    answer = eve.definitions[definition]
    assert (eve.meets(definition), answer.in_use) == (meets, in_use)


@pytest.mark.parametrize(
    ("definition", "criterion", "met"),
    [
        ("def-eo13768", "restricts_status", False),
        ("def-eo13768", "willful", "unknown"),
        ("def-cis", "refuses", True),
        ("def-cis", "denies_interviews", False),
        ("def-fl-908.102(6)", "limits_notice", True),
        ("def-fl-908.102(6)", "has_agreement", False),
        ("def-ilrc-7", "no_agreement", True),
        ("def-oig2016", "sampled", True),
    ],
)
def test_its_criteria_one_by_one(eve: Classified, definition: str, criterion: str, met: bool | str) -> None:
    assert {criterion.name: criterion.met for criterion in eve.definitions[definition].criteria}[criterion] == met


def test_the_memo_of_the_next_day_turns_them(library: Library) -> None:
    after = comity.classify(MIAMI, on=date(2017, 1, 26), library=library)
    assert {id: after.meets(id) for id in ("def-cis", "def-oig2016", "def-nc")} == dict.fromkeys(
        ("def-cis", "def-oig2016", "def-nc"), False
    )


def test_a_states_definition_has_no_force_elsewhere(eve: Classified) -> None:
    within = {id: answer.within for id, answer in eve.definitions.items()}
    assert (within["def-ga-36-80-23"], within["def-fl-908.102(6)"], within["def-cis"]) == ("Georgia", "", "")


def test_refusal_rests_on_what_is_recorded_of_the_place_and_says_so(eve: Classified) -> None:
    refuses = next(criterion for criterion in eve.definitions["def-cis"].criteria if criterion.name == "refuses")
    assert [witness.facts for witness in refuses.witnesses] == [("request.reimbursement_agreed",)]
    assert "request.reimbursement_agreed" in [fact.fact for fact in eve.facts]


def test_every_request_shown_is_decided_as_it_says(
    everywhere: tuple[list[Classified], float], library: Library
) -> None:
    seen: list[dict[str, Any]] = []
    for found in everywhere[0]:
        for witness in (
            shown for answer in found.definitions.values() for one in answer.criteria for shown in one.witnesses
        ):
            if witness.request not in seen:
                seen.append(witness.request)
                assert comity.decide(witness.request, library=library).outcome(witness.action) == witness.outcome, (
                    witness
                )
    assert len(seen) > 20


def test_an_answer_that_is_not_known_says_on_what_it_turns(everywhere: tuple[list[Classified], float]) -> None:
    for found in everywhere[0]:
        for id, answer in found.definitions.items():
            for criterion in answer.criteria:
                assert criterion.settled and (criterion.met != "unknown" or criterion.lacking), (
                    found.place,
                    id,
                    criterion.name,
                )
                assert (
                    criterion.met is not True
                    or criterion.witnesses
                    or criterion.facts
                    or criterion.on_list
                    or criterion.like
                ), (
                    found.place,
                    id,
                    criterion.name,
                )


def test_places_are_answered_in_reasonable_time(everywhere: tuple[list[Classified], float]) -> None:
    assert everywhere[1] < SECONDS_MAX * len(everywhere[0])


def test_where_no_law_is_encoded_nothing_is_said_to_be_unmet(everywhere: tuple[list[Classified], float]) -> None:
    found = [answers for answers in everywhere[0] if answers.place == "us/fl/alachua"]
    assert len(found) == len(DAYS)
    for answers in found:
        assert answers.not_encoded == ("law of Alachua County itself, of which none is encoded",)
        by_law = [
            one
            for answer in answers.definitions.values()
            for one in answer.criteria
            if one.sort in ("some", "every", "rule_against")
        ]
        assert by_law and {one.met for one in by_law} == {"unknown"}


def test_minnesota_is_on_the_list_and_its_law_shows_nothing(everywhere: tuple[list[Classified], float]) -> None:
    answers = next(answers for answers in everywhere[0] if (answers.place, str(answers.on)) == ("us/mn", "2025-08-05"))
    assert (answers.meets("def-eo14287"), answers.meets("def-cis")) == (True, False)


def test_the_json_is_as_promised(eve: Classified) -> None:
    document = eve.to_dict()
    assert {*document} >= {"place", "on", "law_version", "definitions"}
    cis = document["definitions"]["def-cis"]
    assert cis["meets"] is True and cis["in_use"] is True
    assert cis["criteria"][0]["witnesses"][0]["provisions"][0]["provision"] == f"{MIAMI}/r-1008-13#1"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A folder with a law and a definition written by a county."""
    law = tmp_path / "us" / "fl" / "alachua" / "ordinance.md"
    law.parent.mkdir(parents=True)
    law.write_text(
        "---\ntitle: An ordinance\nkind: ordinance\neffective: 2016-01-01\nevidence: verified\n---\nOurs.\n\n"
        "## 1 No holds\n\nNone.\n\n```yaml provision\nforbids: hold\n```\n",
        encoding="utf-8",
    )
    path = tmp_path / "definitions" / "def-ours.md"
    path.parent.mkdir()
    path.write_text(
        "---\ntitle: Our own\nby: the board\nevidence: verified\nmeets: holds\n---\nOurs.\n\n"
        "## 1 No holds\n\nA hold is forbidden.\n\n```yaml criterion\nname: holds\nevery: hold\noutcome: forbidden\n```\n",
        encoding="utf-8",
    )
    return tmp_path


def test_a_county_brings_its_own_law_and_its_own_definition(county: Path) -> None:
    found = comity.classify("us/fl/alachua", on=EVE, folders=[county])
    assert found.not_encoded == () and found.meets("def-cis") is True
    assert found.definitions["def-ours"].criteria[0].witnesses[0].provisions[0].provision == "us/fl/alachua/ordinance#1"
    assert "def-ours" not in comity.classify("us/fl/alachua", on=EVE).definitions


def test_a_rule_on_status_counts_though_it_yields_and_what_becomes_of_it_is_told(county: Path) -> None:
    law = county / "us" / "fl" / "alachua" / "ordinance.md"
    law.write_text(law.read_text(encoding="utf-8").replace("forbids: hold", "forbids: share_status"), encoding="utf-8")
    found = comity.classify("us/fl/alachua", on=EVE, folders=[county])
    ids = ("def-eo13768", "def-eo13768-enforcement", "def-ga-36-80-23", "def-bondi2025")
    assert [found.meets(id) for id in ids] == ["unknown", True, True, True]
    text = " ".join(as_text(page_of(found)).split())
    assert (
        "Sharing of immigration status is forbidden by An ordinance; that rule yields to other law, and no rule applies to sharing of immigration status"
        in text
    )


def test_what_was_not_settled_is_said_to_show_nothing(eve: Classified) -> None:
    answer = eve.definitions["def-cis"]
    unsettled = replace(answer.criteria[1], met="unknown", witnesses=(), settled=False)
    page = page_of(replace(eve, definitions={"def-cis": replace(answer, meets="unknown", criteria=(unsettled,))}))
    assert "Not settled within the time limit, which proves nothing either way." in as_text(page)


def test_a_fault_in_an_own_definition_is_told(county: Path) -> None:
    file = county / "definitions" / "def-ours.md"
    file.write_text(file.read_text(encoding="utf-8").replace("every: hold", "evry: hold"), encoding="utf-8")
    with pytest.raises(comity.InputFault, match="this criterion says nothing that must be shown"):
        comity.classify("us/fl/alachua", on=EVE, folders=[county])


def test_one_definition_is_asked_for_by_its_name_with_or_without_its_beginning(library: Library) -> None:
    for name in ("def-cis", "cis"):
        assert [*comity.classify(MIAMI, on=EVE, definition=name, library=library).definitions] == ["def-cis"]
    with pytest.raises(comity.InputFault, match='there is no definition "def-sis"; did you mean "def-cis"'):
        comity.classify(MIAMI, on=EVE, definition="def-sis", library=library)


def test_it_shows_itself_in_a_notebook(eve: Classified) -> None:
    assert "Center for Immigration Studies" in eve._repr_html_()


def truths(found: Classified) -> dict[str, Any]:
    return {
        id: (answer.meets, [(one.name, one.met, one.lacking) for one in answer.criteria])
        for id, answer in found.definitions.items()
    }


def test_no_answer_turns_on_what_was_asked_before(library: Library) -> None:
    asked = [(MIAMI, EVE), ("us/pa/philadelphia", "2015-12-28"), (MIAMI, "2012-06-01"), ("us/pa/lehigh", "2020-01-01")]
    first = {pair: truths(comity.classify(pair[0], on=pair[1], library=library)) for pair in asked}
    assert {pair: truths(comity.classify(pair[0], on=pair[1], library=library)) for pair in reversed(asked)} == first
