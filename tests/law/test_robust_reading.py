"""What no law file can do: be dropped in silence, hide a character, take long, or end the program."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from comity.authoring.check import check_files
from comity.finding import Finding
from comity.law.front_matter import read_instrument
from comity.law.library import digest_of, law_files, read_library, unread_files

POLICIES = Path(__file__).parents[2] / "policies"
SECONDS_MAX = 10  # far above what it takes, and far below what a growth of 2^n would
HEAD = "title: Ordinance 12\nkind: ordinance\neffective: 2015-01-01\nevidence: verified\n"
PROVISION = "forbids: hold\ncite: section 1\n"
BLOCK = f"```yaml provision\n{PROVISION}```\n"
RECORD = 'charges.exists(c, c.offense == "robbery" && c.pending)'


def file_of(body: str, front: str = HEAD) -> str:
    return f"---\n{front}---\nThe county decides.\n\n## 1 One\n\nWords.\n\n{body}"


def findings_of(body: str) -> list[Finding]:
    return read_instrument(file_of(body), "one.md", "us/fl/one")[2]


def codes_of(body: str) -> list[str]:
    return [finding.code for finding in findings_of(body)]


def put(folder: Path, body: str, name: str = "us/fl/one.md") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(file_of(body), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the words and places of the shipped law, and no instrument."""
    folder = tmp_path_factory.mktemp("bare")
    for name in ("vocabulary.yaml", "places.csv"):
        shutil.copy(POLICIES / name, folder)
    return folder


def timed(*folders: Path) -> tuple[list[Finding], float]:
    started = time.perf_counter()
    findings = read_library(folders)[1]
    return findings, time.perf_counter() - started


@pytest.mark.parametrize(
    "body",
    [
        f"````yaml provision\n{PROVISION}````\n",
        f"~~~yaml provision\n{PROVISION}~~~\n",
        f"~~~~~ yaml   provision \n{PROVISION}~~~~~~~\n",
        f"   ```yaml provision\n{PROVISION}  ```\n",
        f"```yaml provision\n{PROVISION}````\n",
    ],
)
def test_every_fence_of_markdown_is_read(body: str) -> None:
    instrument, _, findings = read_instrument(file_of(body), "one.md", "us/fl/one")
    assert instrument and not findings and [provision.cite for provision in instrument.provisions] == ["section 1"]


@pytest.mark.parametrize(
    "body",
    [
        f"````yaml provision\n{PROVISION}```\n",
        f"~~~yaml provision\n{PROVISION}```\n",
        f"    ```yaml provision\n    {PROVISION}    ```\n",
        f"> ```yaml provision\n> {PROVISION}> ```\n",
        f"- ```yaml provision\n{PROVISION}```\n",
        f"1. ```yaml provision\n{PROVISION}```\n",
        f"``yaml provision\n{PROVISION}``\n",
        f"'''yaml provision\n{PROVISION}'''\n",
        f"```yml provision\n{PROVISION}```\n",
        f"```YAML provision\n{PROVISION}```\n",
        f"```provision\n{PROVISION}```\n",
        f"```yaml\n{PROVISION}```\n",
        f"```\n{PROVISION}```\n",
        f"```text\nAn example:\n{BLOCK}",
        f"```yaml-provision\n{PROVISION}```\n",
    ],
)
def test_a_block_that_does_not_run_is_a_finding(body: str) -> None:
    assert "block" in codes_of(body)


def test_a_block_in_another_language_is_a_warning() -> None:
    [finding] = findings_of(f"```text\nA form.\n```\n\n{BLOCK}")
    assert (finding.code, finding.grave, finding.place.line) == ("block", False, 13)


@pytest.mark.parametrize("line", ["##2 Two", " ## 2 Two", "  ### 2 Two"])
def test_what_looks_like_a_heading_and_is_none_is_a_finding(line: str) -> None:
    assert codes_of(f"{line}\n\n{BLOCK}") == ["heading"]


def test_an_instrument_of_which_nothing_runs_is_a_warning(tmp_path: Path, bare: Path) -> None:
    path = put(tmp_path, "No block at all.\n")
    [finding] = read_library([bare, tmp_path])[1]
    assert (finding.code, finding.grave, finding.place.source) == ("nothing-runs", False, str(path))


@pytest.mark.parametrize(
    ("terms", "chain"),
    [
        ("a: b\nb: a\n", "a -> b -> a"),
        ("a: a\n", "a -> a"),
        ('a: "!a"\n', "a -> a"),
        ("a: b && request.signed\nb: request.complete || c\nc: a\n", "a -> b -> c -> a"),
        ("a(c): b(c)\nb(c): a(c)\n", "a -> b -> a"),
    ],
)
def test_a_circle_of_terms_is_an_error_that_names_it(terms: str, chain: str, tmp_path: Path, bare: Path) -> None:
    use = "charges.exists(c, a(c))" if "(c)" in terms else "a"
    put(tmp_path, f"```yaml define\n{terms}```\n\n```yaml provision\nforbids: hold\nwhen: {use}\n```\n")
    found = [finding for finding in read_library([bare, tmp_path])[1] if finding.code == "circle"]
    assert len(found) == 1 and found[0].grave and chain in found[0].message and found[0].place.line == 14


def test_a_lent_term_that_needs_a_borrowed_one_is_an_error(tmp_path: Path, bare: Path) -> None:
    """It would be lent without it, and never be so."""
    term = "```yaml define\nsigned: request.signed\n```\n\n"
    lender = HEAD + "exports: [signed]\n"
    between = HEAD + "uses: {us/fl/first: [signed]}\nexports: [both]\n"
    (tmp_path / "us" / "fl").mkdir(parents=True)
    (tmp_path / "us" / "fl" / "first.md").write_text(file_of(term, lender), encoding="utf-8")
    body = "```yaml define\nboth: signed && request.complete\n```\n\n" + BLOCK
    (tmp_path / "us" / "fl" / "second.md").write_text(file_of(body, between), encoding="utf-8")
    [finding] = read_library([bare, tmp_path])[1]
    assert finding.grave and 'lends "both", whose meaning needs the borrowed term "signed"' in finding.message


@pytest.mark.parametrize("robbed", ["robbed", "stolen && robbed", "deeper"])
def test_a_quantifier_inside_another_by_way_of_a_term_is_an_error(robbed: str, tmp_path: Path, bare: Path) -> None:
    terms = 'robbed: convictions.exists(c, c.offense == "robbery")\nstolen: request.signed\ndeeper: "!robbed"\n'
    use = f"charges.exists(d, d.pending && {robbed})"
    put(tmp_path, f"```yaml define\n{terms}```\n\n```yaml provision\nforbids: hold\nwhen: {use}\n```\n")
    assert [finding.code for finding in read_library([bare, tmp_path])[1]] == ["nested"]


def test_a_term_may_only_read_fields_of_its_list_through_other_terms_too(tmp_path: Path, bare: Path) -> None:
    terms = "jailed(c): c.days_incarcerated >= 30\nlong(c): jailed(c)\n"
    block = f"```yaml define\n{terms}```\n\n```yaml provision\nforbids: hold\nwhen: charges.exists(d, long(d))\n```\n"
    put(tmp_path, block)
    assert {finding.code for finding in read_library([bare, tmp_path])[1]} == {"term-use"}


def chain_of_terms(step: str, count: int) -> str:
    rows = "".join(f"t{number}: {step.replace('BEFORE', f't{number - 1}')}\n" for number in range(1, count + 1))
    return (
        f"```yaml define\nt0: subject.age >= 18\n{rows}```\n\n```yaml provision\nforbids: hold\nwhen: t{count}\n```\n"
    )


def test_a_chain_of_terms_that_use_each_other_twice_is_shared(tmp_path: Path, bare: Path) -> None:
    put(tmp_path, chain_of_terms("BEFORE && BEFORE", 60))
    findings, seconds = timed(bare, tmp_path)
    assert {finding.code for finding in findings} == {"doubled-part"} and seconds < SECONDS_MAX


@pytest.mark.parametrize(
    ("step", "count", "code"),
    [
        ("BEFORE || (request.signed && BEFORE)", 60, "too-large"),
        ("BEFORE || (BEFORE && request.signed) || (request.complete && BEFORE)", 40, "too-large"),
        ("BEFORE && subject.age != 30", 1_500, "too-deep"),
        ('"!BEFORE"', 1_500, "too-deep"),
        ("BEFORE", 1_500, "too-deep"),
    ],
)
def test_terms_that_grow_beyond_bounds_are_an_error(
    step: str, count: int, code: str, tmp_path: Path, bare: Path
) -> None:
    put(tmp_path, chain_of_terms(step, count))
    findings, seconds = timed(bare, tmp_path)
    assert [finding.code for finding in findings if finding.grave] == [code] and seconds < SECONDS_MAX


@pytest.mark.parametrize(
    "condition",
    [
        " || ".join(f"subject.age == {number}" for number in range(5_000)),
        " && ".join(f"subject.age != {number}" for number in range(5_000)),
        " || ".join([RECORD] * 2_000),
        "subject.age in [" + ", ".join(map(str, range(5_000))) + "]",
    ],
    ids=["or", "and", "records", "members"],
)
def test_a_long_condition_is_read_at_once(condition: str, tmp_path: Path, bare: Path) -> None:
    put(tmp_path, f"```yaml provision\nforbids: hold\nwhen: |\n  {condition}\n```\n")
    findings, seconds = timed(bare, tmp_path)
    assert not [finding for finding in findings if finding.grave] and seconds < SECONDS_MAX


def test_a_file_of_3000_provisions_is_read_at_once(tmp_path: Path, bare: Path) -> None:
    put(tmp_path, "".join(f"## {number} A\n\nWords.\n\n{BLOCK}\n" for number in range(1, 3_001)))
    findings, seconds = timed(bare, tmp_path)
    assert not findings and seconds < SECONDS_MAX


@pytest.mark.parametrize("relation", ["overrides", "subject_to"])
def test_a_long_chain_of_instruments_is_an_error(relation: str, tmp_path: Path, bare: Path) -> None:
    for number in range(1_200):
        front = f"{HEAD}{relation}: [us/fl/o{number + 1}]\n" if number < 1_199 else HEAD
        path = tmp_path / "us" / "fl" / f"o{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file_of(BLOCK, front), encoding="utf-8")
    assert [finding.code for finding in read_library([bare, tmp_path])[1]] == ["chain"]


@pytest.mark.parametrize(
    ("condition", "params"),
    [
        ("convictions.count(c, c.attempt) >= 1000000", ""),
        ("convictions.count(c, c.attempt) == 1001", ""),
        ("convictions.count(c, c.attempt) < params.many", "many: {2015-01-01: 999999999}"),
        ("convictions.count(c, c.attempt) < params.many", "many: {2015-01-01: 2, 2016-01-01: -3}"),
    ],
)
def test_a_count_beyond_bounds_is_an_error(condition: str, params: str, tmp_path: Path, bare: Path) -> None:
    block = f"```yaml params\n{params}\n```\n\n" if params else ""
    put(tmp_path, f"{block}```yaml provision\nforbids: hold\nwhen: {condition}\n```\n")
    assert [finding.code for finding in read_library([bare, tmp_path])[1]] == ["count"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("```yaml provision\nlimits: hold\nhours: ²\n```\n", "not-a-number"),
        ("```yaml provision\nlimits: hold\nhours: ٤٨\n```\n", "not-a-number"),
        ("```yaml provision\nlimits: hold\nhours: --5\n```\n", "not-a-number"),
        (f"```yaml provision\nlimits: hold\nhours: {'9' * 5_000}\n```\n", "not-a-number"),
        (f"```yaml params\nyears: {{2015-01-01: {'9' * 5_000}}}\n```\n", "param"),
        ("```yaml params\nyears: {2015-01-01: ١٢}\n```\n", "param"),
        (f"```yaml provision\nforbids: hold\nwhen: subject.age in [{'9' * 5_000}]\n```\n", "syntax"),
        (f"```yaml provision\nforbids: hold\nwhen: subject.age > -{'9' * 5_000}\n```\n", "syntax"),
        ("```yaml provision\nforbids: hold\nwhen: subject.age > ١٨\n```\n", "syntax"),
        ("```yaml provision\ncosts: hold\namount: ١٢٠\n```\n", "amount"),
        ("```yaml case\nname: x\nat: ２０１４-01-01\ngiven: {}\nthen: {hold: forbidden}\n```\n", "not-a-day"),
    ],
)
def test_a_number_in_other_digits_or_without_end_is_a_finding(body: str, code: str) -> None:
    assert code in codes_of(body)


def test_a_month_in_other_digits_is_no_day() -> None:
    front = HEAD.replace("2015-01-01", "٢٠١٥-٠١")
    assert "not-a-day" in [finding.code for finding in read_instrument(file_of(BLOCK, front), "one.md", "us/fl/one")[2]]


def test_an_expiry_beyond_the_calendar_is_read() -> None:
    front = HEAD.replace("2015-01-01", "9990-01-01") + "expires: {after: 99999 days}\n"
    instrument, _, findings = read_instrument(file_of(BLOCK, front), "one.md", "us/fl/one")
    assert instrument and instrument.ended and not findings and instrument.ended.last.year == 9999


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        ("x: &x [hold]\nforbids: *x", "anchor"),
        ("forbids: &x hold", "anchor"),
        ("forbids: hold\nwhen: !request.signed", "tag"),
        ("forbids: hold\nwhen: ! request.signed", "tag"),
        ("forbids: !!str hold", "tag"),
        ("forbids: " + "[" * 200_000, "yaml"),
        ("- " * 100_000 + "hold", "yaml"),
        ("forbids: " + "{a: " * 100_000, "yaml"),
        ("forbids: " + "[" * 150 + "]" * 150, "yaml"),
    ],
)
def test_what_yaml_can_do_beyond_text_is_refused(tree: str, code: str) -> None:
    assert code in codes_of(f"```yaml provision\n{tree}\n```\n")


def test_aliases_are_not_expanded() -> None:
    rows = "".join(f"x{number}: &x{number} [{', '.join([f'*x{number - 1}'] * 9)}]\n" for number in range(1, 30))
    started = time.perf_counter()
    assert "anchor" in codes_of(f"```yaml provision\nx0: &x0 [a]\n{rows}forbids: *x29\n```\n")
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_byte_order_mark_and_line_ends_change_nothing(
    mark: bytes, line_end: bytes, tmp_path: Path, bare: Path
) -> None:
    path = put(tmp_path, BLOCK)
    path.write_bytes(mark + file_of(BLOCK).encode().replace(b"\n", line_end))
    library, findings = read_library([bare, tmp_path])
    assert not findings and library.instruments["us/fl/one"].provisions[0].cite == "section 1"


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2066", "\x00", "\x1b", "\x07", "\x0c", "\x85", "\u2028", "\u200b", "\ufeff"]
)
def test_a_hidden_character_is_a_finding_with_its_place(sign: str, tmp_path: Path, bare: Path) -> None:
    path = put(tmp_path, BLOCK)
    path.write_bytes(file_of(BLOCK).replace("Words", f"Wo{sign}rds").encode())
    found = [finding for finding in read_library([bare, tmp_path])[1] if finding.code == "hidden-character"]
    assert [(finding.place.line, finding.place.column, finding.grave) for finding in found] == [(11, 3, True)]
    assert sign not in found[0].lines()


def test_a_value_without_end_is_not_echoed_whole() -> None:
    [finding] = findings_of(f"```yaml provision\nforbids: hold\nevidence: {'x' * 2_000_000}\n```\n")
    assert len(finding.lines()) < 500


def test_a_file_that_is_too_large_is_a_finding(tmp_path: Path, bare: Path) -> None:
    put(tmp_path, "words\n" * 700_000)
    assert [finding.code for finding in read_library([bare, tmp_path])[1]] == ["too-large"]


@pytest.mark.parametrize("name", ["o.MD", "o.markdown", "o.Markdown", "places.CSV", "vocabulary.yml", "o.mkd"])
def test_what_looks_like_law_and_is_not_read_is_an_error(name: str, tmp_path: Path) -> None:
    path = put(tmp_path, BLOCK, f"us/fl/{name}")
    assert not law_files([tmp_path])
    assert [(finding.code, finding.place.source) for finding in unread_files([tmp_path])] == [("not-read", str(path))]
    assert [finding.code for finding in check_files([tmp_path / "us"]).findings] == ["not-read"]


def test_links_are_not_followed_and_said_so(tmp_path: Path, bare: Path) -> None:
    law, elsewhere = tmp_path / "law", tmp_path / "elsewhere"
    put(elsewhere, BLOCK)
    (law / "us" / "ca").mkdir(parents=True)
    (law / "us" / "fl").symlink_to(elsewhere / "us" / "fl")
    (law / "us" / "ca" / "one.md").symlink_to(elsewhere / "us" / "fl" / "one.md")
    library, findings = read_library([bare, law])
    assert {finding.place.source for finding in findings} == {str(law / "us/fl"), str(law / "us/ca/one.md")}
    assert {finding.code for finding in findings} == {"not-read"} and not law_files([law])
    assert "us/fl/one" not in library.instruments and "us/ca/one" not in library.instruments


def test_a_file_whose_name_is_not_utf8_is_an_error(tmp_path: Path, bare: Path) -> None:
    (tmp_path / "us").mkdir()
    try:
        os.close(os.open(os.fsencode(tmp_path) + b"/us/caf\xe9.md", os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    [finding] = read_library([bare, tmp_path])[1]
    assert finding.code == "not-read" and "cafU+DCE9.md" in finding.line() and finding.line().encode()
    assert digest_of(law_files([tmp_path])) == digest_of({})
