"""An end of the list of 287(g) agreements is not an end of the agreements."""

from __future__ import annotations

from datetime import date

from comity.law.agreements import Agreements, Listed

SHERIFF = Listed(
    "A County Sheriff's Office", "sheriff", "jail_enforcement", date(2025, 2, 3), date(2026, 5, 19), "a list"
)
TASK_FORCE = Listed("A County Sheriff's Office", "sheriff", "task_force", date(2025, 2, 3), date(2026, 5, 19), "a list")
LIST = Agreements({"us/fl/miami-dade": (SHERIFF, TASK_FORCE)})


def test_after_the_last_day_of_the_list_it_says_what_was_listed() -> None:
    assert LIST.last_listed("us/fl/miami-dade", date(2026, 5, 18)) == ""
    assert LIST.last_listed("us/fl/miami-dade", date(2026, 5, 19)) == (
        "listed on 2026-05-18: A County Sheriff's Office with jail enforcement and task force; not known since"
    )
    assert LIST.last_listed("us/fl/broward", date(2026, 5, 19)) == ""
