"""Reading law files: what is in them, and that every fault is a finding with its place, never an exception."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.finding import grave
from comity.law.front_matter import read_instrument
from comity.law.instrument import Limit
from comity.law.library import Library, read_library
from comity.period import LegalDay

POLICIES = Path(__file__).parents[2] / "policies"
SHIPPED, FINDINGS = read_library([POLICIES])
LIMIT = "limits: hold\n"
LEFT_OUT: Literal["excluding_weekends_holidays"] = "excluding_weekends_holidays"
HEAD = "title: One\nkind: ordinance\neffective: 2015-01-01\nevidence: verified\n"


def law(front: str = HEAD, body: str = "") -> list[str]:
    return [finding.code for finding in read_instrument(f"---\n{front}---\nWords.\n\n{body}", "one.md", "us/fl/one")[2]]


def provision(text: str, heading: str = "## 1 One") -> str:
    return f"{heading}\n\nPlain.\n\n```yaml provision\n{text}\n```\n"


def test_the_shipped_law_has_no_findings() -> None:
    assert [finding.line() for finding in FINDINGS] == []


def test_an_instrument_is_read_whole() -> None:
    memo = SHIPPED.instruments["us/fl/miami-dade/memo-2017-01-26"]
    assert memo.kind == "memo" and memo.jurisdiction == "us/fl/miami-dade"
    assert memo.effective == LegalDay(date(2017, 1, 26), date(2017, 1, 26))
    assert memo.overrides == ("us/fl/miami-dade/r-1008-13",)
    assert [provision.id.partition("#")[2] for provision in memo.provisions] == ["1", "2", "3"]
    first = memo.provisions[0]
    assert [(effect.kind, effect.action) for effect in first.effects] == [
        ("requires", action) for action in ("hold", "notify", "transfer")
    ]
    assert first.plain == "Every detainer is honored, without condition." and first.cite


def test_a_second_provision_under_a_heading_has_a_second_number() -> None:
    body = "## 3 Two\n\n```yaml provision\nforbids: hold\n```\n\n```yaml provision\nforbids: notify\n```\n"
    instrument, _, findings = read_instrument(f"---\n{HEAD}---\n\n{body}", "one.md", "us/fl/one")
    assert (
        instrument
        and not findings
        and [provision.id for provision in instrument.provisions] == ["us/fl/one#3", "us/fl/one#3.2"]
    )


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("hours: 48", Limit(48)),
        ("hours: 2\nstarts: earlier", Limit(2, starts="earlier")),
        ("until: 23:59\nof: receipt", Limit(until="23:59", of="receipt")),
        (
            "hours: 24\nclock: excluding_weekends_holidays\nholidays: [federal, 04-16]",
            Limit(24, LEFT_OUT, holidays=("federal", "04-16")),
        ),
        ("hours: 24\nclock: excluding_weekends_holidays\nholidays: []", Limit(24, LEFT_OUT, holidays=())),
        ("hours: 48\nchosen: true", Limit(48, chosen=True)),
    ],
)
def test_a_limit_is_read_whole(text: str, limit: Limit) -> None:
    instrument, _, findings = read_instrument(f"---\n{HEAD}---\n\n{provision(LIMIT + text)}", "one.md", "us/fl/one")
    assert instrument and not findings and instrument.provisions[0].limit == limit


@pytest.mark.parametrize(
    ("front", "code"),
    [
        (HEAD + "colour: red\n", "unknown-key"),
        (HEAD + "title: Two\n", "doubled-key"),
        (HEAD.replace("kind: ordinance", "kind: ordinence"), "unknown-choice"),
        (HEAD.replace("effective: 2015-01-01\n", ""), "missing-key"),
        (HEAD.replace("2015-01-01", "2015-02-30"), "not-a-day"),
        (HEAD.replace("2015-01-01", "{from: 2015-01-01}"), "not-a-day"),
        (HEAD.replace("2015-01-01", "{between: [2016-01-01, 2015-01-01]}"), "not-a-day"),
        (HEAD + "ended: 2014-01-01\n", "life"),
        (HEAD + "expires: {after: soon}\n", "expires"),
        (HEAD + "suspended: tomorrow\n", "not-a-list"),
        (HEAD + "suspended: [{until: 2016-01-01}]\n", "missing-key"),
        (HEAD + "uses: [us/fl/x]\n", "not-a-mapping"),
        (HEAD + "sources: {a: b}\n", "not-a-list"),
        (HEAD.replace("verified", "certain"), "unknown-choice"),
        ("title: [\n", "yaml"),
    ],
)
def test_a_fault_in_the_front_matter(front: str, code: str) -> None:
    assert code in law(front)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (provision("forbids: hold\nwhn: asked"), "unknown-key"),
        (provision("cite: nothing"), "effect"),
        (provision("forbids: hold\nrequires: hold"), "effect"),
        (provision("forbids: []"), "no-action"),
        (provision("permits: hold"), "missing-key"),
        (provision("advises: hold"), "missing-key"),
        (provision("only: hold\ndecider: sheriff"), "missing-key"),
        (provision("forbids: hold\nwhen: [a]"), "not-a-condition"),
        (provision("forbids: hold\nwhen: request.signed &&"), "syntax"),
        (provision("limits: hold\nhours: many"), "not-a-number"),
        (provision("limits: hold"), "limit"),
        (provision("limits: hold\nuntil: 24:30\nof: receipt"), "limit"),
        (provision("limits: hold\nhours: 48\nclock: usual"), "unknown-choice"),
        (provision("limits: hold\nhours: 9999"), "limit"),
        (provision("limits: hold\nhours: 48\nholidays: [federal]"), "limit"),
        (provision("limits: hold\nhours: 48\nclock: excluding_weekends_holidays\nholidays: [April 16]"), "limit"),
        (provision("limits: hold\nhours: 48\nchosen: perhaps"), "unknown-choice"),
        (provision("obliges: report\nbearer: agency\nafter: breakfast"), "unknown-choice"),
        (provision("costs: hold\namount: a lot"), "amount"),
        (provision("forbids: hold", "## Unnumbered"), "no-heading"),
        ("## 1 One\n\n```yaml provisions\nforbids: hold\n```\n", "block"),
        ("## 1 One\n\n```yaml provision\nforbids: hold\n", "block"),
        ("## 1 One\n\n```yaml define\nTerm: request.signed\n```\n", "term"),
        ("## 1 One\n\n```yaml params\nyears: 5\n```\n", "param"),
        ("## 1 One\n\n```yaml params\nyears: {someday: 5}\n```\n", "param"),
        ("## 1 One\n\n```yaml case\nname: x\nat: noon\ngiven: {}\nthen: {hold: forbidden}\n```\n", "not-a-day"),
        (
            "## 1 One\n\n```yaml case\nname: x\nstack: maybe\ngiven: {}\nthen: {hold: forbidden}\n```\n",
            "unknown-choice",
        ),
    ],
)
def test_a_fault_in_a_block(body: str, code: str) -> None:
    assert code in law(body=body)


def write(folder: Path, name: str, front: str = HEAD, body: str = "") -> None:
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front}---\nWords.\n\n{body}", encoding="utf-8")


def codes(folder: Path) -> set[str]:
    return {finding.code for finding in read_library([POLICIES, folder])[1]}


@pytest.mark.parametrize(
    ("front", "body", "code"),
    [
        (HEAD + "overrides: [us/fl/nothing]\n", "", "unknown-instrument"),
        (HEAD + "ended_by: us/fl/one\n", "", "itself"),
        (HEAD + "uses: {us/fl/fs-776-08: [forcible]}\n", "", "unknown-term"),
        (HEAD + "exports: [nothing]\n", "", "unknown-term"),
        (HEAD + "court: Court of Nowhere\n", "", "unknown-court"),
        (HEAD, provision("forbids: holding"), "unknown-action"),
        (HEAD, provision("forbids: hold\nwhen: request.fom"), "unknown-fact"),
        (HEAD.replace("ordinance", "ruling"), provision("forbids: hold"), "advisory"),
    ],
)
def test_a_fault_among_instruments(tmp_path: Path, front: str, body: str, code: str) -> None:
    write(tmp_path, "us/fl/one", front, body)
    assert code in codes(tmp_path)


def test_a_param_without_a_day_is_one_fault_and_says_what_to_write(tmp_path: Path) -> None:
    body = "## 1 One\n\n```yaml params\nyears: 7\n```\n\n"
    when = "forbids: hold\nwhen: convictions.exists(c, c.convicted_on + years(params.years) >= decision.on)"
    write(tmp_path, "us/fl/one", body=body + provision(when).partition("\n\n")[2])
    [finding] = grave(read_library([POLICIES, tmp_path])[1])
    assert (finding.code, finding.help) == ("param", "write years: {2020-01-01: 7}, with its first day")


@pytest.mark.parametrize(
    ("court", "help"),
    [
        ("Q.Z. Ohio", "add its row to courts.csv of your own folder, such as: Q.Z. Ohio,federal,no,us/fl"),
        ("S.D. Flo.", 'did you mean "S.D. Fla."? If not, add its row to courts.csv of your own folder, such as: '),
    ],
)
def test_a_court_that_is_not_known_can_be_entered(tmp_path: Path, court: str, help: str) -> None:
    write(tmp_path, "us/fl/one", HEAD + f"court: {court}\n", provision("forbids: hold"))
    [finding] = [finding for finding in read_library([POLICIES, tmp_path])[1] if finding.code == "unknown-court"]
    assert finding.help.startswith(help)
    (tmp_path / "courts.csv").write_text(f"court,system,appellate,places\n{court},federal,no,us/fl\n", encoding="utf-8")
    assert "unknown-court" not in codes(tmp_path)


def test_a_term_made_of_other_terms_alone_is_of_the_list_that_fits_them(tmp_path: Path) -> None:
    terms = 'grave(c): |\n  robbery(c) || felony(c)\nrobbery(c): |\n  c.offense == "robbery"\nfelony(c): |\n  c.grade == "felony"'
    body = f"```yaml define\n{terms}\n```\n\n" + provision("forbids: hold\nunless: charges.exists(c, grave(c))")
    write(tmp_path, "us/fl/one", body=body)
    assert codes(tmp_path) == set()


def test_a_federal_memo_cannot_command(tmp_path: Path) -> None:
    write(tmp_path, "us/memo", HEAD.replace("ordinance", "memo"), provision("requires: hold"))
    assert "advisory" in codes(tmp_path)


def test_instruments_that_set_each_other_aside_are_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "us/fl/one", HEAD + "overrides: [us/fl/two]\n")
    write(tmp_path, "us/fl/two", HEAD + "overrides: [us/fl/one]\n")
    assert "circle" in codes(tmp_path)


def test_a_folder_that_is_no_place_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, "us/fl/lyonesse/one")
    assert "unknown-place" in codes(tmp_path)


def test_facts_of_a_place_that_overlap_are_a_finding(tmp_path: Path) -> None:
    block = "```yaml fact\nfact: request.signed\nvalue: true\nfrom: 2015-01-01\nsource: x\nevidence: verified\n```\n"
    path = tmp_path / "us" / "fl" / "facts.md"
    path.parent.mkdir(parents=True)
    path.write_text(f"# Facts\n\n{block}\n{block}", encoding="utf-8")
    assert "overlap" in codes(tmp_path)


def test_a_file_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "us" / "one.md"
    path.parent.mkdir()
    path.write_bytes(b"---\ntitle: \xff\xfe\n---\n")
    assert "encoding" in codes(tmp_path)


@pytest.mark.parametrize(
    ("content", "code"), [(b"- fact: [a\n  kind: truth: x\n", "yaml"), (b"- fact: \xff\n", "encoding")]
)
def test_a_vocabulary_that_cannot_be_read_is_the_only_fault_that_is_told(
    content: bytes, code: str, tmp_path: Path
) -> None:
    """Without its words every law file would seem to be at fault."""
    (tmp_path / "vocabulary.yaml").write_bytes(content)
    _, findings = read_library([POLICIES, tmp_path])
    assert [finding.code for finding in findings] == [code]


def test_a_later_folder_lies_over_an_earlier_one(tmp_path: Path) -> None:
    write(tmp_path, "us/fl/miami-dade/memo-2017-01-26", HEAD.replace("One", "Another memo"))
    over = read_library([POLICIES, tmp_path])[0]
    assert over.instruments["us/fl/miami-dade/memo-2017-01-26"].title == "Another memo"
    assert len(over.instruments) == len(SHIPPED.instruments) and over.version != SHIPPED.version


SOURCES = sorted(path for path in POLICIES.rglob("*.md"))


@given(st.data())
@settings(max_examples=150)
def test_no_damage_to_a_file_raises(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SOURCES)).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    damage = data.draw(st.text(st.sampled_from('abc{}[]:"|&!-#`\n \x00é'), max_size=6))
    instrument, _, findings = read_instrument(text[:start] + damage + text[end:], "damaged.md", "us/fl/damaged")
    assert instrument is not None or grave(findings)


def test_the_library_is_one_value() -> None:
    assert isinstance(SHIPPED, Library) and len(SHIPPED.version) == 16
