"""The reference for those who write law: each group of its examples is a law file that reads, checks and comes out as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from pytest import MonkeyPatch

from comity.authoring.boundary_cases import check_boundaries
from comity.decision.cases import run_cases
from comity.facts import kinds
from comity.finding import Finding, Place
from comity.language.check import Known, check
from comity.language.parse import parse
from comity.law import front_matter, instrument, provisions
from comity.law.cache import shipped
from comity.law.instrument import Instrument
from comity.law.library import LAID_BY_KEY, Library, read_library
from comity.law.literate import BLOCKS
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "writing-law.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(?P<info>[a-z]+ [a-z_.]+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
WHOLE = re.compile(r"^````markdown\n(?P<text>.*?)^````$", re.DOTALL | re.MULTILINE)
DEFAULTS = {"title": "An example", "kind": "ordinance", "effective": "2026-02-01", "evidence": "recalled-high"}
COUNTY = "us/wy/{}"
COUNTIES = (
    *("albany", "big-horn", "campbell", "carbon", "converse", "crook", "fremont", "goshen", "hot-springs", "johnson"),
    *("lincoln", "natrona", "niobrara", "park", "platte", "sublette", "sweetwater", "uinta", "washakie", "weston"),
)


def sections() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each heading of the page with the blocks below it: their info string and their text."""
    page = WHOLE.sub("", PAGE)
    for part in re.split(r"^#{2,3} ", page, flags=re.MULTILINE):
        blocks = [(found["info"], found["text"]) for found in FENCE.finditer(part)]
        if blocks:
            yield part.partition("\n")[0], blocks


def front_of(blocks: list[tuple[str, str]]) -> tuple[str, str]:
    """The path that the front matter of a section names, or nothing, and the front matter with what it leaves out."""
    given = next((text for info, text in blocks if info == "yaml front"), "")
    path = re.match(r"# (\S+\.md)\n", given)
    keys = set(re.findall(r"^([a-z_]+):", given, re.MULTILINE))
    lines = [f"{key}: {value}\n" for key, value in DEFAULTS.items() if key not in keys]
    return path[1] if path else "", "".join(lines) + given


def text_of(blocks: list[tuple[str, str]]) -> str:
    parts = [f"---\n{front_of(blocks)[1]}---\nAn example.\n"]
    number = 0
    for info, text in blocks:
        if info.removeprefix("yaml ") in BLOCKS and not info.endswith("fact"):
            if info == "yaml provision" or not number:
                number += 1
                parts.append(f"\n## {number} One\n\nPlain words.\n")
            parts.append(f"\n```{info}\n{text}```\n")
    return "".join(parts)


def write_examples(folder: Path) -> list[str]:
    """Writes each section as a law file or a table; returns the paths of the law files."""
    counties = iter(COUNTIES)
    written = ["us/fl/miami-dade/ordinance-2026.md"]
    files = {written[0]: WHOLE.search(PAGE)["text"]}  # type: ignore[index]
    for title, blocks in sections():
        for info, text in blocks:
            if info.startswith("csv "):
                files[info.removeprefix("csv ")] = text
            elif info == "yaml fact":
                files["us/wy/sheridan/facts.md"] = f"# Known\n\n```yaml fact\n{text}```\n"
        if any(info == "yaml provision" for info, _ in blocks):
            path = front_of(blocks)[0] or f"{COUNTY.format(next(counties))}/{re.sub('[^a-z]+', '-', title.lower())}.md"
            files[path] = text_of(blocks)
            written.append(path)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return written


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, list[Finding], list[Instrument]]:
    folder = tmp_path_factory.mktemp("law")
    written = write_examples(folder)
    library, findings = read_library([shipped(), folder])
    return library, findings, [library.instruments[path.removesuffix(".md")] for path in written]


def test_each_group_of_examples_is_law_without_a_fault(
    examples: tuple[Library, list[Finding], list[Instrument]],
) -> None:
    _, findings, chosen = examples
    assert not [finding.line() for finding in findings] and len(chosen) > 25


def test_each_case_comes_out_as_the_page_says(examples: tuple[Library, list[Finding], list[Instrument]]) -> None:
    library, _, chosen = examples
    assert sum(len(each.cases) for each in chosen) > 40
    assert not [finding.line() for finding in run_cases(library, chosen)]


def test_the_examples_have_a_case_on_each_side_of_a_number_or_a_day(
    examples: tuple[Library, list[Finding], list[Instrument]],
) -> None:
    library, _, chosen = examples
    patterns = [
        each for each in chosen if each.id.split("/")[-1] != "conditions"
    ]  # there, each kind of condition is shown
    found = [finding for each in patterns for finding in check_boundaries(library, each)[0]]
    assert not [finding.line() for finding in found if finding.grave]


def test_its_own_tables_are_laid_over_the_shipped_ones(
    examples: tuple[Library, list[Finding], list[Instrument]],
) -> None:
    library = examples[0]
    assert str(library.researched["us/wy/teton"].to) == "2026-06-01" and "us/wy" in library.researched
    assert [fact.value for fact in library.facts_at("us/wy/sheridan")] == ["false"]


KEYS = {
    "front matter": front_matter.KEYS,
    "suspension": ("from", "until", "by", "covers", "provisions"),
    "provision": (*provisions.SHARED, *(key for keys in provisions.OF_EFFECT.values() for key in keys)),
    "effect": (*instrument.EFFECT_KINDS, "only"),
    "case": ("name", "at", "stack", "given", "then", "possible", *provisions.LISTS_OF_CASE),
    "fact": ("fact", "value", "from", "until", "binds", "source", "evidence"),
    "explains": ("finding", "because"),
}


@pytest.mark.parametrize("group", KEYS)
def test_every_key_has_an_example(group: str) -> None:
    text = "".join(text for _, blocks in sections() for info, text in blocks if info.startswith("yaml"))
    used = set(re.findall(r"(?:^\s*(?:- )?|[{,] ?)([a-z_]+):", text, re.MULTILINE))
    assert not {*KEYS[group]} - used


@pytest.mark.parametrize(
    "words",
    [
        provisions.AFTER[1:], instrument.TOPICS, instrument.BURDENS, instrument.EVIDENCE, instrument.INSTRUMENT_KINDS,
        (*instrument.ACTIONS, *instrument.FURTHER_ACTIONS), front_matter.KEYS, LAID_BY_KEY,
    ],
)  # fmt: skip
def test_every_word_that_a_key_takes_is_explained(words: tuple[str, ...]) -> None:
    assert not [word for word in words if f"`{word}`" not in PAGE]


def test_the_example_of_each_fact_is_a_condition(
    examples: tuple[Library, list[Finding], list[Instrument]], monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from facts_page import example_of

    vocabulary = examples[0].vocabulary
    without = set()
    for entry in vocabulary.entries.values():
        text = example_of(entry, vocabulary)
        if not text:
            without.add(type(entry.kind))
            continue
        parsed, findings = parse(dedent(text), Place(entry.path))
        assert parsed and not findings and not check(parsed, Known(vocabulary, {}, {}))
    assert without == {kinds.Moment}
