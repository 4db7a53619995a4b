"""The codebook that accompanies every output of a replay: what each column contains, and how it was computed."""

from __future__ import annotations

import re

import pyarrow as pa

from comity.decision.words import OUTCOME_WORDS, describe_action
from comity.engine.outcome import OUTCOMES
from comity.finding import Phrase
from comity.intake.lines_read import describe_reading
from comity.law.jails.words import CLASSES
from comity.present.clean import cleaned
from comity.present.markdown import code_span, escape_markdown
from comity.records.compare import OF_LAWS
from comity.records.comparison import Comparison
from comity.records.page import LIFTED_CAVEAT
from comity.records.replay_result import ReplayResult

FINDINGS = pa.schema(
    [
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("code", pa.string()),
        ("message", pa.string()),
        ("kind", pa.string()),
    ]
)
FIRST_ROW = re.compile(r"row (\d+)(?: of sheet (.*?))?: ")
COLUMNS = {
    "row": "the line of the file as a spreadsheet shows it, with the headings in line 1; in Parquet and frames, the first row is 1",
    "sheet": "the sheet of the workbook, where several are read",
    "place": "the jurisdiction whose law was applied, as a path: a State where the county or city is not known; empty where the State "
    "is not certain either, or no local law applies",
    "day": "the local day whose law was applied: the day of decision where the source gives one, else the day of receipt",
    "facility_class": f"the kind of facility, by its name and state: {', '.join(CLASSES)}",
    "law": "the law that decided, as PLACE@DAY: the outermost place with the same law, and the day since which it is unchanged",
    "local_law": "whether law of that place itself is encoded on that day: encoded, or none encoded; empty without a place",
}
OF_ACTION = {
    "": "the outcome; empty, as are the other columns of an action, where no local law was applied",
    "_possible": "the outcomes still possible given what the row does not say, separated by semicolons",
    "_determining": "the provisions on which the outcome rests, or may rest",
    "_missing": "the facts that would settle it, most decisive first",
}


def build_codebook(replay: ReplayResult) -> str:
    """The codebook of one output, in Markdown."""
    law = f"the law of {escape_markdown(replay.law)}" if replay.law else "the law of each request's place and day"
    lines = [
        "# Codebook",
        "",
        f"Requests of {code_span(replay.source)} under {law}; law version {replay.law_version}.",
        "",
    ]
    lines += [
        f"- Rows in the source: {replay.rows:,}; decided {replay.decided:,}, "
        f"beyond local law {sum(replay.beyond.values()) - sum(replay.not_placed.values()):,},"
    ]
    lines += [f"  place not known {sum(replay.not_placed.values()):,},"] if replay.not_placed else []
    lines += [f"  refused {len(replay.refused):,}, left out as likely duplicates {replay.left_out:,}."]
    lines += [f"- {escape_markdown(sentence)}" for sentence in describe_reading(replay.reading)]
    lines += _facts_of(replay)
    lines += ["", "## Columns", "", *_columns(replay)]
    for action in replay.actions_asked:
        words = describe_action(action).lower()
        lines += [f"- `{action}{ending}`: {what} ({words})" for ending, what in OF_ACTION.items()]
    lines += ["", "## Outcomes", "", *(f"- `{outcome}`: {OUTCOME_WORDS[outcome]}" for outcome in OUTCOMES)]
    lines += ["", "## Why a detainer was lifted", "", LIFTED_CAVEAT]
    return "\n".join([*lines, *_findings(replay)]) + "\n"


def _columns(result: ReplayResult | Comparison) -> list[str]:
    """The columns that every output has, and that of sheets where there are several."""
    without = {"law"} if isinstance(result, Comparison) else set()
    if not any(account.sheet and not account.why for account in result.reading.accounts):
        without.add("sheet")
    return [f"- `{name}`: {words}" for name, words in COLUMNS.items() if name not in without]


def _findings(result: ReplayResult | Comparison) -> list[str]:
    """What was refused, odd or not understood, by code. No cell is quoted: a codebook is passed on, the findings file is not."""
    lines = [
        f"- {code}: {count:,} rows. {escape_markdown(_without_values(result.examples.get(code, '')))}".rstrip()
        for code, count in result.findings.items()
    ]
    return ["", "## Findings", "", *lines] if lines else []


def findings_table(result: ReplayResult | Comparison) -> pa.Table:
    """The findings file: each row refused, then for each other finding its first row, and in its message how many rows have it.

    `kind` is "refused" for a row that is not decided, and "found" for a finding on rows that are. A column `sheet` is there
    where several sheets were read.
    """
    refused = {refusal.code for refusal in result.refused}
    rows: list[tuple[str | None, int | None, str, str, str]] = [
        (cleaned(row.sheet), row.row, row.code, row.message, "refused") for row in result.refused
    ]
    for code, count in result.findings.items():
        if code not in refused:
            example = str(result.examples.get(code, ""))
            found = FIRST_ROW.match(example)
            message = example[found.end() :] if found else example
            row, sheet = (int(found[1]), found[2]) if found else (None, None)
            rows.append((sheet, row, code, f"{message} ({count:,} rows in all)", "found"))
    columns = [*zip(*rows, strict=True)] or [(), (), (), (), ()]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, FINDINGS, strict=True)]
    table = pa.table(arrays, schema=FINDINGS)
    return table if any(row[0] for row in rows) else table.drop_columns(["sheet"])


def _without_values(example: str) -> str:
    return example.without_values if isinstance(example, Phrase) else ""


def _facts_of(result: ReplayResult | Comparison) -> list[str]:
    """The facts read of each row, and those that were filled in where a row does not give them."""
    return [
        f"- Read from each row: {', '.join(map(escape_markdown, result.read)) or 'nothing'}.",
        *(
            f"- Assumed where a row does not say: {fact} = {escape_markdown(value)}."
            for fact, value in result.assumed.items()
        ),
        *(f"- Known of a place: {escape_markdown(f'{fact} = {value}')}." for fact, value in result.of_place.items()),
    ]


OF_PAIR = {
    "": "whether the two laws treat the request alike: same, different, or open",
    "_pairs": "the pairs of outcomes still possible, under the first law and the second, separated by semicolons",
    "_first": "the provisions on which the outcome rests, or may rest, under the first law",
    "_second": "the same under the second law",
    "_turns_on": "the facts that decide whether the laws agree",
}


def build_comparison_codebook(comparison: Comparison) -> str:
    """The codebook of a comparison's rows, in Markdown."""
    first, second = map(escape_markdown, comparison.laws)
    lines = [
        "# Codebook",
        "",
        f"Requests of {code_span(comparison.source)} under two laws: first {first}, second {second};",
    ]
    lines += [
        f"law version {comparison.law_version}.",
        "",
        f"- Rows in the source: {comparison.rows:,}; refused {len(comparison.refused):,}.",
    ]
    lines += [f"- {escape_markdown(sentence)}" for sentence in describe_reading(comparison.reading)]
    lines += _facts_of(comparison)
    lines += ["", "## Columns", "", *_columns(comparison)]
    lines += [f"- `{name}`: whether law of the place of that law itself is encoded" for name in OF_LAWS]
    for action in comparison.actions:
        words = describe_action(action).lower()
        lines += [f"- `{action}{ending}`: {what} ({words})" for ending, what in OF_PAIR.items()]
    lines += ["", "## Outcomes", "", *(f"- `{outcome}`: {OUTCOME_WORDS[outcome]}" for outcome in OUTCOMES)]
    return "\n".join([*lines, *_findings(comparison)]) + "\n"
