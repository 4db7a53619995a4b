"""The shipped vocabulary: every fact that others rely on, each with its question; and what a faulty one gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.facts import kinds
from comity.facts.vocabulary import read_vocabulary

VOCABULARY, FINDINGS = read_vocabulary(Path(__file__).parents[2] / "policies")

TRUTHS = """request.complete request.issuer_authorized request.signed request.served_on_subject request.neutral_review
request.reimbursement_agreed request.supported_by_documents request.other_law_enforcement_purpose
subject.terrorist_screening_match subject.gang_member subject.registered_offender subject.reentered_after_removal
subject.victim_or_witness subject.federal_felony_warrant subject.outstanding_criminal_warrant
subject.consented_to_interview subject.asked_for_interview subject.counsel_present subject.counsel_waived
subject.public_safety_risk subject.chose_to_stay custody.release_date_public custody.on_federal_charge
convictions[].attempt convictions[].juvenile convictions[].expunged convictions[].reduced_by_prop_47
charges[].pending charges[].bondable charges[].bond_posted charges[].magistrate_found_cause
request.warrants[].signed""".split()
DAYS = """request.received_on custody.arrested_on custody.release_eligible_on decision.on convictions[].convicted_on
convictions[].released_on charges[].charged_on""".split()
MOMENTS = "request.received_at request.warrants[].received_at custody.release_eligible_at".split()
SETS = (
    "request.asks request.basis request.priority agency.agreements_287g convictions[].classes charges[].classes".split()
)
CHOICES = """request.form request.issuer request.warrants[].kind request.warrants[].issuer subject.citizenship
subject.final_order convictions[].offense convictions[].grade charges[].offense charges[].grade custody.stage
custody.holder agency.kind""".split()


def test_the_shipped_vocabulary_is_sound() -> None:
    assert FINDINGS == []


@pytest.mark.parametrize(
    ("paths", "kind"),
    [
        (TRUTHS, kinds.Truth),
        (DAYS, kinds.Day),
        (MOMENTS, kinds.Moment),
        (SETS, kinds.Set),
        (CHOICES, kinds.Choice),
        (["subject.age", "convictions[].days_incarcerated"], kinds.Number),
        (["agency.name"], kinds.Text),
        (["convictions", "charges", "request.warrants"], kinds.Records),
    ],
    ids=["truths", "days", "moments", "sets", "choices", "numbers", "names", "lists"],
)
def test_every_fact_is_there_with_its_kind(paths: list[str], kind: type) -> None:
    assert [path for path in paths if not isinstance(VOCABULARY.kind(path), kind)] == []


def test_every_fact_has_a_question_that_ends_as_one_and_a_source() -> None:
    lacking = [
        entry.path for entry in VOCABULARY.entries.values() if not entry.question.endswith("?") or not entry.source
    ]
    assert lacking == []


def test_forms_and_actions_are_those_that_scripts_know() -> None:
    form, asks = VOCABULARY.kind("request.form"), VOCABULARY.kind("request.asks")
    assert isinstance(form, kinds.Choice) and isinstance(asks, kinds.Set)
    assert form.members == tuple(
        "i247_pre2010 i247_2010 i247_2011 i247_2012 i247d i247n i247x i247a i247g other".split()
    )
    assert asks.members[:5] == ("hold", "notify", "transfer", "interview", "share_status")


def test_convictions_and_charges_share_their_offense_families() -> None:
    assert VOCABULARY.kind("convictions[].offense") == VOCABULARY.kind("charges[].offense")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- fact: a.b\n  kind: realm\n  question: Which?\n", "vocabulary"),
        ("- fact: a.b\n  kind: truth\n- fact: a.b\n  kind: truth\n", "vocabulary"),
        ("- fact: a.b\n  kinds: truth\n", "unknown-key"),
        ("- fact: a.b\n  kind: truth\n  kind: day\n", "doubled-key"),
        ("- just words\n", "vocabulary"),
        ("- fact: [\n", "yaml"),
    ],
)
def test_a_fault_is_a_finding(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "vocabulary.yaml").write_text(text, encoding="utf-8")
    assert code in {finding.code for finding in read_vocabulary(tmp_path)[1]}
