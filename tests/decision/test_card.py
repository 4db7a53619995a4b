"""The card of a decision: one screen or one page for every place, the same each time, and its PDF."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from comity.cli import main
from comity.decision.answer import Owed, Researched, Warned
from comity.decision.card import ASKED, COMMANDS, LINES_MAX, NO_DEADLINE, card_of
from comity.decision.card_pdf import as_pdf
from comity.decision.decision import Decision
from comity.decision.duties import duties_of, say_duty
from comity.decision.incoming import name_of
from comity.decision.page import full_page_of
from comity.decision.research import BEYOND, describe_research
from comity.decision.risks import WHY_NOT, Answered, rank_risks
from comity.law.cache import load
from comity.present.page import Heading, Table, as_text
from comity.session import Law

LIBRARY = load()[0]
LAW = Law(LIBRARY)
COUNTIES = (
    "us/ca/los-angeles", "us/il/cook", "us/tx/harris", "us/az/maricopa", "us/ca/san-diego", "us/ca/orange", "us/fl/miami-dade",
    "us/tx/dallas", "us/ny/kings", "us/ca/riverside",
)  # fmt: skip
STATES = tuple(path for path in LIBRARY.gazetteer.places if path.count("/") == 1)
PLACES = (*STATES, *COUNTIES)
ON = "2026-11-01T09:00:00-05:00"
REQUEST = {
    "at": ON,
    "subject": {"citizenship": "none_claimed"},
    "request": {
        "form": "i247a",
        "asks": ["hold", "notify", "transfer"],
        "warrants": [{"kind": "i200", "issuer": "immigration_officer", "signed": True}],
    },
    "charges": [{"offense": "theft", "grade": "misdemeanor", "pending": True}],
    "convictions": [],
}
OUTCOMES = (*COMMANDS.values(), "not researched")


@cache
def decided(place: str) -> Decision:
    return LAW.decide({**REQUEST, "place": place})


def card_text(decision: Decision) -> str:
    return as_text(card_of(decision, name_of(LIBRARY.gazetteer.places[decision.place], LIBRARY)))


def test_there_are_at_least_sixty_places() -> None:
    assert len(PLACES) >= 60 and len(set(PLACES)) == len(PLACES)


@pytest.mark.parametrize("place", PLACES)
def test_a_card_has_at_most_forty_lines_and_is_the_same_each_time(place: str) -> None:
    text = card_text(decided(place))
    assert text.count("\n") <= LINES_MAX and max(map(len, text.splitlines())) <= 100
    again = Law(LIBRARY).decide({**REQUEST, "place": place})
    assert card_text(again) == text


@pytest.mark.parametrize("place", PLACES)
def test_an_action_has_one_answer_and_nothing_contradicts_it(place: str) -> None:
    decision = decided(place)
    card = card_of(decision)
    [table] = [block for block in card if isinstance(block, Table)]
    assert [row[1] for row in table.rows][:5] == [
        "hold past release", "tell of the release", "hand the person over", "allow an interview in jail",
        "tell immigration status",
    ]  # fmt: skip
    assert len({row[1] for row in table.rows}) == len(table.rows) and {row[0] for row in table.rows} <= {*OUTCOMES}
    text = as_text(card)
    assert not ("no rule applies" in text and any(row[0] == "not researched" for row in table.rows))
    forbidden = {action for action, answer in decision.actions.items() if answer.outcome == "forbidden"}
    assert not [item for item in decision.obligations if forbidden & {*item.actions} and not item.condition]
    if "hold" in forbidden:
        assert "Until when" not in text
    if "At the latest" in text:
        assert text.count("At the latest") == 1


@pytest.mark.parametrize("place", PLACES)
def test_ranks_have_no_gaps_and_each_warning_says_what_makes_it_count(place: str) -> None:
    decision = decided(place)
    warnings = [
        warned for answer in decision.to_dict()["actions"].values() for warned in answer["warnings"]
    ]  # what `comity decide --json` prints
    assert {warned["rank"] for warned in warnings} == {*range(1, len(decision.risks()) + 1)}
    assert all({"topic", "about", "force", "courts", "rank"} <= {*warned} for warned in warnings)


@pytest.mark.parametrize("place", ["us/ca/los-angeles", "us/md/frederick", "us/fl/miami-dade"])
def test_the_full_page_has_every_duty_wish_and_warning_once(place: str) -> None:
    decision = decided(place)
    page = full_page_of(decision)
    text = " ".join(as_text(page).split())
    risks = decision.risks()
    assert all(text.count(" ".join(risk.warned.text.split())) >= 1 for risk in risks)
    numbers = [block.label for block in page if getattr(block, "label", "").rstrip(".").isdigit()]
    assert len([label for label in numbers if label in {f"{risk.rank}." for risk in risks}]) >= len(risks)
    assert all(
        " ".join(say_duty(item).split()) in text for item in (*duties_of(decision).ours, *decision.asked_by_form)
    )
    headings = [block.text for block in page if isinstance(block, Heading)]
    duties = duties_of(decision)
    groups = {
        "Duties of the receiving agency, by deadline": duties.ours,
        "Duties of others": duties.others,
        "Past": duties.past,
        ASKED: decision.asked_by_form,
    }
    assert [title for title in headings if title in groups] == [title for title, items in groups.items() if items]
    assert "…" not in text


def test_duties_are_grouped_by_bearer_deadline_and_day() -> None:
    owed = (
        Owed("a#1", "agency", "write_later", ours=True),
        Owed("a#2", "agency", "write_first", ours=True, deadline="2026-11-01T12:00:00-05:00"),
        Owed("a#3", "mayor", "speak", last_day="2026-10-31"),
        Owed("a#4", "mayor", "listen", last_day="2026-11-01"),
    )
    duties = duties_of(structs.replace(decided("us/fl/miami-dade"), obligations=owed))
    assert [item.provision for item in duties.ours] == ["a#2", "a#1"]
    assert [item.provision for item in duties.others] == ["a#4"] and [item.provision for item in duties.past] == ["a#3"]


def test_a_duty_without_a_deadline_is_not_among_those_to_do_now() -> None:
    owed = (
        Owed("a#1", "agency", "tell_judge", ours=True, by="after receipt", sentence="Tell the judge."),
        Owed("a#2", "agency", "sign", ours=True, sentence="Sign an agreement."),
        Owed("a#3", "agency", "notify", ours=True, actions=("notify",), sentence="Tell ICE."),
        Owed("a#4", "agency", "let_in", ours=True, actions=("interview",), sentence="Let officers in.", condition="so"),
    )
    decision = structs.replace(decided("us/tx/harris"), obligations=owed)
    text = card_text(decision)
    now, later = text.index("Do now"), text.index(NO_DEADLINE)
    assert now < text.index("Tell the judge.") < text.index("Tell ICE.") < later
    assert text[later:].startswith(f"{NO_DEADLINE}: Sign an agreement. Let officers in (if it applies).")
    none_due = card_text(structs.replace(decision, obligations=owed[1:2]))
    assert "Do now" not in none_due and f"{NO_DEADLINE}: Sign an agreement." in none_due


def test_a_question_and_a_condition_name_an_instrument_by_its_title() -> None:
    decision = decided("us/la/orleans")
    text = as_text(full_page_of(decision))
    assert decision.actions["hold"].missing[0].question.startswith("Was Cacho v. Gusman, Orleans Parish")
    assert "is true" not in text and ", if Cacho v. Gusman" in text


def test_a_warning_that_does_not_count_says_why() -> None:
    warnings = [
        ("hold", Warned("a#1", "Holding is costly.", topic="liability", about="doing")),
        ("hold", Warned("b#1", "Not holding is costly.", topic="liability", about="declining")),
        ("hold", Warned("c#1", "Others must hold.", topic="authority", parties_only=True)),
        ("hold", Warned("d#1", "Grants may end.", topic="money")),
        ("hold", Warned("e#1", "It was so once.", topic="history")),
    ]
    found = {risk.provisions[0]: risk.why_not for risk in rank_risks(warnings, {"hold": Answered("forbidden")})}
    assert found == {"a#1": WHY_NOT[0], "b#1": "", "c#1": WHY_NOT[2], "d#1": WHY_NOT[3], "e#1": WHY_NOT[4]}
    found = {risk.provisions[0]: risk.why_not for risk in rank_risks(warnings, {"hold": Answered("required")})}
    assert (found["a#1"], found["b#1"]) == ("", WHY_NOT[1])
    assert [risk.rank for risk in rank_risks(warnings)] == [1, 2, 3, 4, 5]


def test_the_heading_says_how_far_the_law_was_researched() -> None:
    rows = {
        "us/md": Researched("Maryland", "2026-07-09", beyond=True),
        "us/md/frederick": Researched("Frederick County"),
    }
    assert describe_research(rows, "us/md/frederick", "law of Frederick County itself, of which none is encoded") == (
        f"Law of Maryland researched to 2026-07-09; law of Frederick County not researched, none encoded. {BEYOND}"
    )
    assert describe_research({"us/md": Researched("Maryland")}, "us/md", "") == "Law of Maryland not researched."
    assert describe_research({}, "us", "") == ""
    nowhere = structs.replace(decided("us/md"), researched_to={"us/md": Researched("Maryland")})
    assert "no rule applies " not in as_text(card_of(nowhere)) and "not researched" in as_text(card_of(nowhere))


def words_of(pdf: Path) -> str:
    """The text of a PDF, with the end of each page marked; skipped where poppler is not at hand."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine")
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, encoding="utf-8")
    return done.stdout


def ran(tmp_path: Path, *arguments: str) -> Result:
    path = tmp_path / "request.json"
    path.write_bytes(json.dumps({**REQUEST, "place": "us/ca/los-angeles"}).encode())
    return CliRunner().invoke(main, ["decide", str(path), *arguments])


def test_the_pdf_is_one_page_with_the_words_of_the_card(tmp_path: Path) -> None:
    pdf = tmp_path / "card.pdf"
    done = ran(tmp_path, "--pdf", str(pdf))
    assert (done.exit_code, done.stderr) == (0, "") and f"written: {pdf.as_posix()}" in done.stdout
    content = pdf.read_bytes()
    assert b"/StructTreeRoot" in content and b"pdfuaid:part" in content and b"CreationDate" not in content
    text = words_of(pdf)
    assert text.count("\f") == 1
    decision = decided("us/ca/los-angeles")
    [table] = [block for block in card_of(decision) if isinstance(block, Table)]
    for row in table.rows:
        assert any(row[0] in line and row[1] in line for line in text.splitlines()), row
    assert "Los Angeles County, California, 2026-11-01" in text and decision.law_version in text
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["card.pdf", "request.json"]


@pytest.mark.parametrize("place", [*COUNTIES[:4], "us/md", "us/ny", "us/nj"])
def test_every_card_fits_on_one_page_and_has_the_same_bytes_again(place: str) -> None:
    pdf = as_pdf(decided(place), place)
    assert pdf.startswith(b"%PDF-") and pdf == as_pdf(decided(place), place)


def test_any_script_and_control_signs_are_shown(tmp_path: Path) -> None:
    paper = "a\x1b[31m form of \u0418\u0432\u0430\u043d, \u738b and \u202eevil #emph[x]"
    pdf = tmp_path / "card.pdf"
    pdf.write_bytes(as_pdf(structs.replace(decided("us/md"), paper=paper), "Maryland"))
    text = words_of(pdf)
    for shown in ("\\x1b[31m", "\u0418\u0432\u0430\u043d", "[U+738B]", "U+202E", "#emph[x]"):
        assert shown in text


def test_a_pdf_into_no_folder_and_without_the_extra_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = ran(tmp_path, "--pdf", str(tmp_path / "none" / "card.pdf"))
    assert (done.exit_code, done.stdout) == (2, "") and "there is no folder" in done.stderr
    monkeypatch.setitem(sys.modules, "typst", None)  # an import of it fails as if it were not installed
    done = ran(tmp_path, "--pdf", str(tmp_path / "card.pdf"))
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert 'install it with pip install "comity[pdf]"' in done.stderr
    assert not (tmp_path / "card.pdf").exists()


def test_json_names_the_file_that_was_written(tmp_path: Path) -> None:
    done = ran(tmp_path, "--json", "--pdf", str(tmp_path / "card.pdf"))
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["written"] == [(tmp_path / "card.pdf").as_posix()]
    assert "written" not in json.loads(ran(tmp_path, "--json").stdout)


CERTIFICATION_ACT = """---
title: An act on certifications
kind: statute
effective: 2020-01-01
evidence: partly
---
Agencies answer within a time.

## 1 Thirty days

```yaml provision
obliges: decide_certification
bearer: agency
within: 30 days
after: certification_request
when: |
  "certify_victim" in request.asks
sentence: Sign the certification or refuse it.
cite: section 1
```
"""


def test_the_card_of_a_certification_shows_the_deadline_that_runs_from_the_request_for_it(tmp_path: Path) -> None:
    law = tmp_path / "law" / "us" / "wy" / "an-act.md"
    law.parent.mkdir(parents=True)
    law.write_text(CERTIFICATION_ACT, encoding="utf-8")
    request = {"place": "us/wy", "at": ON, "certification": {"requested_at": "2026-10-30T09:00:00-06:00"}}
    (tmp_path / "certification.json").write_text(json.dumps(request), encoding="utf-8")
    (tmp_path / "detainer.json").write_text(json.dumps({**REQUEST, "place": "us/wy"}), encoding="utf-8")
    of = {
        name: CliRunner().invoke(main, ["decide", str(tmp_path / f"{name}.json"), "--library", str(tmp_path / "law")])
        for name in ("certification", "detainer")
    }
    assert "Sign the certification or refuse it. Due Sunday 2026-11-29, 09:00" in " ".join(
        of["certification"].stdout.split()
    )
    assert of["detainer"].exit_code == 0 and "certification" not in of["detainer"].stdout
