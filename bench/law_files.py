"""Large and hostile law files, written for one place: what `comity check` and `comity decide` must bear. `checks` measures it.

    python bench/law_files.py FOLDER

writes each of `FILES` into a law folder of its own below FOLDER.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

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


def duties_on_one_action(count: int) -> str:
    """`count` provisions on one action, no two with one condition, alternately required and forbidden."""
    return file_of([(EFFECTS[at % 2], "hold", different(at)) for at in range(count)], NO_CONVICTION)


def look_backs(count: int) -> str:
    """`count` provisions over five actions, each about one number of days of its own in the same field of a record."""
    return file_of(
        [
            (EFFECTS[2 * (at % 2)], ACTIONS[at % 5], f"convictions.exists(c, c.days_incarcerated > {at})")
            for at in range(count)
        ],
        NO_CONVICTION,
    )


def dated_look_backs(count: int, actions: int) -> str:
    """`count` provisions over the first `actions`, each about an offense and a number of days before the decision."""

    def when(at: int) -> str:
        offense, span = OFFENSES[at % len(OFFENSES)], f"days({1 + at // len(OFFENSES)})"
        return f'convictions.exists(c, c.offense == "{offense}" && c.convicted_on >= decision.on - {span})'

    return file_of([(EFFECTS[2 * (at % 2)], ACTIONS[at % actions], when(at)) for at in range(count)], NO_CONVICTION)


def years_of_look_back(count: int) -> str:
    """`count` provisions over five actions, each with two offenses and a look-back of years, two of a kind in 900."""

    def when(at: int) -> str:
        offense, other = OFFENSES[at % 10], OFFENSES[(at // 10) % 10]
        recent = f"c.convicted_on >= decision.on - years({1 + at // 100})"
        return f'convictions.exists(c, c.offense in ["{offense}", "{other}"] && {recent})'

    return file_of([(EFFECTS[2 * (at % 2)], ACTIONS[at % 5], when(at)) for at in range(count)], NO_CONVICTION)


def days_of_request(count: int) -> str:
    """`count` provisions over five actions, each about a day of its own before or after which a request comes."""
    first = date(2010, 1, 1)

    def when(at: int) -> str:
        return f'request.received_on {("<", ">=")[at % 2]} day("{first + timedelta(at)}")'

    given = "request.received_on: 2026-03-01"
    return file_of([(EFFECTS[2 * (at % 2)], ACTIONS[at % 5], when(at)) for at in range(count)], given)


def counted(count: int) -> str:
    """`count` provisions over five actions, each about how many convictions of one kind there are."""

    def when(at: int) -> str:
        return f'convictions.count(c, c.offense == "{OFFENSES[at % 10]}") >= {1 + at // 10}'

    return file_of([(EFFECTS[2 * (at % 2)], ACTIONS[at % 5], when(at)) for at in range(count)], NO_CONVICTION)


def two_facts(count: int) -> str:
    """`count` provisions over five actions, each about an age and the name of an agency together."""

    def when(at: int) -> str:
        return f'subject.age >= {at % 100} && agency.name == "Agency {at}"'

    given = "subject.age: 30, agency.name: Another"
    return file_of([(EFFECTS[2 * (at % 2)], ACTIONS[at % 5], when(at)) for at in range(count)], given)


def with_cases(count: int) -> str:
    """`count` provisions over five actions, each about an age of its own, and a case on each side of each boundary."""
    text = file_of(
        [("forbids", ACTIONS[at % 5], f"subject.age >= {at}") for at in range(1, count + 1)], "subject.age: 0"
    )
    for age in range(1, count + 1):
        text += f"\n```yaml case\nname: age {age}\ngiven: {{subject.age: {age}}}\nthen: {{notify: forbidden}}\n```\n"
    return text


def many_conditions(count: int) -> str:
    """`count` provisions over five actions without any case, each of them the same as no other."""
    return file_of(
        [(EFFECTS[2 * (at % 2)], ACTIONS[at % 5], different(at)) for at in range(count)], NO_CONVICTION
    ).rsplit("\n```yaml case", 1)[0]


def names(count: int) -> str:
    """One provision whose condition joins `count` comparisons of one name by `||`."""
    return file_of(
        [("forbids", "hold", " || ".join(f'agency.name == "Agency {at}"' for at in range(count)))],
        "agency.name: Another",
    )


def records(count: int) -> str:
    """One provision whose condition joins `count` questions about a list by `||`."""
    return file_of([("forbids", "hold", " || ".join(different(at) for at in range(count)))], NO_CONVICTION)


def mixed(count: int) -> str:
    """`count` provisions over five actions with conditions of two to four parts about many facts, drawn at random."""
    random = Random(count)
    return file_of(
        [
            (random.choice(EFFECTS), random.choice(ACTIONS), f" {random.choice(('&&', '||'))} ".join(some))
            for some in ([_part(random) for _ in range(random.randint(2, 4))] for _ in range(count))
        ],
        NO_CONVICTION,
    )


def _part(random: Random) -> str:
    number = random.randrange(100)
    return random.choice(
        (
            f"subject.age {random.choice(('<', '>=', '=='))} {number}",
            f'request.received_on >= day("20{10 + number % 10}-0{1 + number % 9}-01")',
            "request.reimbursement_agreed",
            'request.warrants.exists(w, w.kind == "judicial_criminal" && w.signed)',
            f"convictions.count(c, c.days_incarcerated >= {number}) >= {1 + number % 3}",
            f"convictions.exists(c, c.convicted_on >= request.received_on - years({1 + number % 20}))",
            different(number),
            f"!({different(number)})",
        )
    )


FILES: Mapping[str, Callable[[], str]] = {
    "400-disjuncts": lambda: disjuncts(400),
    "5000-disjuncts": lambda: disjuncts(5_000),
    "100-on-one-action": lambda: on_one_action(100),
    "600-on-one-action": lambda: on_one_action(600),
    "3000-provisions": lambda: on_all_actions(3_000),
    "3000-ages": lambda: ages_on_all_actions(3_000),
    "3000-look-backs": lambda: look_backs(3_000),
    "3000-mixed": lambda: mixed(3_000),
    "300-mixed": lambda: mixed(300),
    "600-duties": lambda: duties_on_one_action(600),
    "5000-names": lambda: names(5_000),
    "2000-records": lambda: records(2_000),
    "3000-on-one-action": lambda: on_one_action(3_000),
    "3000-duties": lambda: duties_on_one_action(3_000),
    "3000-dated-look-backs": lambda: dated_look_backs(3_000, 5),
    "3000-dated-look-backs-on-one-action": lambda: dated_look_backs(3_000, 1),
    "3000-look-backs-of-years": lambda: years_of_look_back(3_000),
    "3000-days": lambda: days_of_request(3_000),
    "3000-counts": lambda: counted(3_000),
    "3000-of-two-facts": lambda: two_facts(3_000),
    "3000-with-cases": lambda: with_cases(3_000),
    "3000-without-cases": lambda: many_conditions(3_000),
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
