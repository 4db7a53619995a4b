"""Sentences under the tables of a replay or a comparison: what a table says, in words that can be quoted, with the law's version."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from comity.engine.outcome import Outcome
from comity.records.comparison import Comparison
from comity.records.replay_result import ReplayResult

HOLD_WORDS: dict[Outcome, str] = {
    "required": "must be held in {}", "permitted": "may be held in {}", "forbidden": "must not be held in {}",
    "in_conflict": "must and must not be held in {}",
}  # fmt: skip
NONE_ENCODED = (
    "For {count} of {rows} requests decided, none of the law of the county, city or State that held the person is encoded here: they are "
    'decided by the law around it alone, and "no rule applies" says nothing of a rule of its own.'
)


def source_words(source: str, law_version: str) -> str:
    """The source and the version of the law, as every picture and sentence names them."""
    return f"Source: {PurePath(source).name}; comity, law version {law_version}."


def holds_sentence(replay: ReplayResult) -> str:
    """The result in one sentence: in how many requests the person must, may and must not be held, and how many are open."""
    if not replay.decided:
        return "No request was decided."
    outcomes = replay.tally("hold", replay.counted()).outcomes
    held = [words.format(f"{outcomes[outcome]:,}") for outcome, words in HOLD_WORDS.items() if outcome in outcomes]
    none, open_ = outcomes.get("unaddressed", 0), outcomes.get("undetermined", 0)
    left = [f"no rule applies in {none:,}"] if none else []
    left += [f"{open_:,} {_verb(open_, 'depends', 'depend')} on facts that the table does not give"] if open_ else []
    clauses = [f"the person {_listed(held)}"] if held else []
    clauses += [", and ".join(left)] if left else []
    beyond = replay.rows - replay.decided
    not_decided = f" {beyond:,} {_verb(beyond, 'was', 'were')} not decided." if beyond else ""
    return f"Of {requests_words(replay.rows)}, {'; '.join(clauses)}.{not_decided}"


def local_law_sentence(count: int, rows: int) -> str:
    """For how many requests none of the place's own law is encoded; empty where there are none."""
    return NONE_ENCODED.format(count=f"{count:,}", rows=f"{rows:,}") if count else ""


def groups_sentence(replay: ReplayResult, groups: int) -> str:
    """How the cells of a table of groups are to be read."""
    read = replay.rows - len(replay.refused) - replay.left_out
    return (
        f'{requests_words(read)} read, in {groups:,} groups by {", ".join(replay.grouped_by)}. "2 to 5" means that at least 2 and at most '
        "5 requests have the outcome, depending on facts that the table does not give."
    )


def beyond_sentence(replay: ReplayResult) -> str:
    """How many requests no law was applied to."""
    beyond = sum(replay.beyond.values())
    return f"To {beyond:,} of {replay.rows:,} requests no local law was applied, for the reasons listed; they have no outcome."


def laws_sentence(replay: ReplayResult, laws: int) -> str:
    """Under how many laws the rows were decided."""
    under = f"{laws:,} {_verb(laws, 'law', 'laws')}"
    return f"{requests_words(replay.decided)} decided under {under}, each under that of its place and day."


def compared_sentence(comparison: Comparison) -> str:
    """How many holds two laws treat alike."""
    verdicts: Mapping[str, int] = comparison.verdicts("hold")
    same, different, open_ = (verdicts.get(name, 0) for name in ("same", "different", "open"))
    return (
        f"Of {requests_words(same + different + open_)}, the two laws certainly treat a hold alike in {same:,} and certainly differently "
        f"in {different:,}; {open_:,} {_verb(open_, 'depends', 'depend')} on facts that the table does not give."
    )


def requests_words(count: int) -> str:
    """So many requests, in words."""
    return f"{count:,} {_verb(count, 'request', 'requests')}"


def _verb(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
