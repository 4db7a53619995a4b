"""What stands in each column of a replay's rows, and how it was made: the page that goes beside every output."""

from __future__ import annotations

from comity.decision.page import ACTION_WORDS, OUTCOME_WORDS
from comity.engine.outcome import OUTCOMES
from comity.law.facilities import CLASSES
from comity.records.comparison import Comparison
from comity.records.page import LIFTED_CAVEAT
from comity.records.replay_result import Replayed

COLUMNS = {
    "row": "the number of the request in the source; the first row under the headings is 1",
    "place": "the jurisdiction whose law was asked, as a path; empty where none is certain, or where no local law binds",
    "day": "the local day for which the law was asked: that on which the request was received, as the source has it",
    "facility_class": f"what the facility is, by its name and state: {', '.join(CLASSES)}",
    "law": "the law that decided, as PLACE@DAY: the outermost place with the same law, and the day from which it stood so",
}
OF_ACTION = {
    "": "the outcome; empty, as are the other columns of an action, where no local law was asked",
    "_possible": "the outcomes still possible under what the row does not say, set apart by semicolons",
    "_determining": "the provisions on which the outcome rests, or may rest",
    "_missing": "the facts that would settle it, most decisive first",
}


def codebook_of(own: Replayed) -> str:
    """The codebook of one output, in Markdown."""
    law = f"the law of {own.law}" if own.law else "the law of each request's place and day"
    lines = ["# Codebook", "", f"Requests of `{own.source}` under {law}; law version {own.law_version}.", ""]
    lines += [
        f"- Rows in the source: {own.rows:,}; decided {own.decided:,}, beyond local law {sum(own.beyond.values()):,},"
    ]
    lines += [f"  refused {len(own.refused):,}, left out as likely duplicates {own.left_out:,}."]
    lines += [f"- Read of each row: {', '.join(own.read) or 'nothing'}."]
    lines += [f"- Assumed where a row does not say: {fact} = {value}." for fact, value in own.assumed.items()]
    lines += [f"- Known of a place: {fact} = {value}." for fact, value in own.of_place.items()]
    lines += ["", "## Columns", "", *(f"- `{name}`: {words}" for name, words in COLUMNS.items())]
    for action in own.actions_asked:
        words = ACTION_WORDS.get(action, action).lower()
        lines += [f"- `{action}{ending}`: {what} ({words})" for ending, what in OF_ACTION.items()]
    lines += ["", "## Outcomes", "", *(f"- `{outcome}`: {OUTCOME_WORDS[outcome].lower()}" for outcome in OUTCOMES)]
    lines += ["", "## Why a detainer was lifted", "", LIFTED_CAVEAT]
    return "\n".join([*lines, *_findings(own)]) + "\n"


def _findings(own: Replayed | Comparison) -> list[str]:
    """What was refused, odd or not understood, by code, with the first of each."""
    told = [f"- {code}: {count:,} rows. {own.examples.get(code, '')}".rstrip() for code, count in own.findings.items()]
    return ["", "## Findings", "", *told] if told else []


OF_PAIR = {
    "": "whether the two laws treat the request alike: same, different, or open",
    "_pairs": "the pairs of outcomes still possible, under the first law and the second, set apart by semicolons",
    "_first": "the provisions on which the outcome rests, or may rest, under the first law",
    "_second": "the same under the second law",
    "_turns_on": "the facts on which it turns whether the laws agree",
}


def codebook_of_comparison(own: Comparison) -> str:
    """The codebook of a comparison's rows, in Markdown."""
    lines = ["# Codebook", "", f"Requests of `{own.source}` under two laws: first {own.laws[0]}, second {own.laws[1]};"]
    lines += [
        f"law version {own.law_version}.",
        "",
        f"- Rows in the source: {own.rows:,}; refused {len(own.refused):,}.",
    ]
    lines += [f"- Read of each row: {', '.join(own.read) or 'nothing'}."]
    lines += [f"- Assumed where a row does not say: {fact} = {value}." for fact, value in own.assumed.items()]
    lines += [f"- Known of a place: {fact} = {value}." for fact, value in own.of_place.items()]
    lines += ["", "## Columns", "", *(f"- `{name}`: {words}" for name, words in COLUMNS.items() if name != "law")]
    for action in own.actions:
        words = ACTION_WORDS.get(action, action).lower()
        lines += [f"- `{action}{ending}`: {what} ({words})" for ending, what in OF_PAIR.items()]
    lines += ["", "## Outcomes", "", *(f"- `{outcome}`: {OUTCOME_WORDS[outcome].lower()}" for outcome in OUTCOMES)]
    return "\n".join([*lines, *_findings(own)]) + "\n"
