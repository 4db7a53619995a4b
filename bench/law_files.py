"""Large and hostile law files, written for one place: what `comity check` and `comity decide` must bear.

    python bench/law_files.py FOLDER

writes each of `FILES` into a law folder of its own below FOLDER.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

PLACE = "us/fl/alachua"
ACTIONS = ("hold", "notify", "transfer", "interview", "share_status")
EFFECTS = ("forbids", "requires", "permits")
FRONT = """---
title: Ordinance 2026-1
kind: ordinance
enacted: 2026-01-05
effective: 2026-02-01
evidence: verified
---
Made up for the bench.
"""
OFFENSES = (
    *("homicide", "kidnapping", "robbery", "carjacking", "aggravated_assault"),
    *("stalking", "arson", "burglary", "theft", "drug_trafficking"),
)
NO_CONVICTION = "convictions: []"
GRADES = ("felony", "misdemeanor")


def provision(number: int, effect: str, action: str, when: str) -> str:
    """A numbered provision with its sentence and its block."""
    decider = "decider: sheriff\n" if effect == "permits" else ""
    lines = f"{effect}: {action}\nwhen: |\n  {when}\n{decider}cite: section {number}\n"
    return f"\n## {number} One\n\nOne sentence.\n\n```yaml provision\n{lines}```\n"


def file_of(provisions: Iterable[tuple[str, str, str]], given: str) -> str:
    """A whole law file of provisions, each an effect, an action and a condition, with a case that meets none of them."""
    case = f"\n```yaml case\nname: none applies\ngiven: {{{given}}}\nthen: {{hold: unaddressed}}\n```\n"
    return FRONT + "".join(provision(number, *parts) for number, parts in enumerate(provisions, 1)) + case


def disjuncts(count: int) -> str:
    """One provision whose condition joins `count` comparisons of one number by `||`."""
    return file_of(
        [("forbids", "hold", " || ".join(f"subject.age == {age}" for age in range(count)))], f"subject.age: {count}"
    )


def different(place: int) -> str:
    """A condition that no other place of the same file has: an offense, a grade and a look-back."""
    offense = OFFENSES[place % len(OFFENSES)]
    grade = GRADES[place // len(OFFENSES) % 2]
    days = 100 + place // (len(OFFENSES) * 2)
    recent = f"c.days_incarcerated >= {days}"
    return f'convictions.exists(c, c.offense == "{offense}" && c.grade == "{grade}" && {recent})'


def on_one_action(count: int) -> str:
    """`count` provisions on one action, no two with one condition, alternately forbidden and permitted."""
    return file_of([(EFFECTS[2 * (at % 2)], "hold", different(at)) for at in range(count)], NO_CONVICTION)


def on_all_actions(count: int) -> str:
    """`count` provisions over five actions, no two with one condition."""
    return file_of([(EFFECTS[2 * (at % 2)], ACTIONS[at % 5], different(at)) for at in range(count)], NO_CONVICTION)


def ages_on_all_actions(count: int) -> str:
    """`count` provisions over five actions, each about one age of its own."""
    return file_of(
        [("forbids", ACTIONS[at % 5], f"subject.age == {at}") for at in range(count)], f"subject.age: {count}"
    )


FILES: Mapping[str, Callable[[], str]] = {
    "400-disjuncts": lambda: disjuncts(400),
    "5000-disjuncts": lambda: disjuncts(5_000),
    "100-on-one-action": lambda: on_one_action(100),
    "600-on-one-action": lambda: on_one_action(600),
    "3000-provisions": lambda: on_all_actions(3_000),
    "3000-ages": lambda: ages_on_all_actions(3_000),
}


def write_files(folder: Path) -> dict[str, Path]:
    """Writes each file into a law folder of its own, and returns the folders by name."""
    folders = {}
    for name, text in FILES.items():
        path = folder / name / PLACE / "ordinance-2026-1.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8", newline="\n")
        folders[name] = folder / name
    return folders


if __name__ == "__main__":
    write_files(Path(sys.argv[1]))
