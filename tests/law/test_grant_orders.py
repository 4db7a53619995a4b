"""Which threat to federal money is stopped, for whom, and from when until when."""

from __future__ import annotations

from datetime import date

import pytest

from comity.api import load
from comity.law.in_force import in_force

LIBRARY = load()
MIAMI, CHICAGO, PHILADELPHIA, OAKLAND, BOSTON = (
    "us/fl/miami-dade",
    "us/il/chicago",
    "us/pa/philadelphia",
    "us/ca/oakland",
    "us/ma/boston",
)
ALBANY, CERTIFICATE, ACCESS, NOTICE = "us/ny/albany", "us/jag-2017#1", "us/jag-2017#2", "us/jag-2017#3"


@pytest.mark.parametrize(
    ("provision", "place", "first", "last"),
    [
        (NOTICE, MIAMI, "2017-09-15", "2018-06-25"),
        (ACCESS, MIAMI, "2017-09-15", "2018-06-25"),
        (NOTICE, MIAMI, "2020-04-30", "2021-04-27"),
        (NOTICE, CHICAGO, "2017-09-15", "2021-04-27"),
        (CERTIFICATE, CHICAGO, "2018-07-27", "2021-04-27"),
        (CERTIFICATE, PHILADELPHIA, "2017-11-15", "2021-04-27"),
        (CERTIFICATE, ALBANY, "2018-11-30", "2020-02-25"),
        ("us/eo14159#1", OAKLAND, "2025-04-24", ""),
        ("us/eo14159#1", BOSTON, "2025-08-22", ""),
        ("us/eo14218#1", OAKLAND, "2025-04-24", ""),
        ("us/eo14287#3", OAKLAND, "2025-05-09", ""),
        ("us/bondi-memo-2025-02-05#2", BOSTON, "2025-08-22", ""),
    ],
)
def test_a_stop_covers_whom_it_covers_and_when(provision: str, place: str, first: str, last: str) -> None:
    begun = date.fromisoformat(first)
    assert stopped(provision, place, begun) and not stopped(provision, place, date.fromordinal(begun.toordinal() - 1))
    if last:
        end = date.fromisoformat(last)
        assert stopped(provision, place, end) and not stopped(provision, place, date.fromordinal(end.toordinal() + 1))


@pytest.mark.parametrize("provision", ["us/eo14159#1", "us/eo14218#1", "us/eo14287#3", "us/bondi-memo-2025-02-05#1"])
def test_who_did_not_sue_is_not_covered(provision: str) -> None:
    assert not stopped(provision, MIAMI, date(2025, 9, 1))


def test_fifty_are_covered_and_each_is_a_place() -> None:
    named = [
        *LIBRARY.instruments["us/sf-v-trump-2025"].parties,
        *LIBRARY.instruments["us/sf-v-trump-2025-08-22"].parties,
    ]
    assert len(set(named)) == len(named) == 50
    assert [place for place in named if place not in LIBRARY.gazetteer.places] == []


def stopped(provision: str, place: str, day: date) -> bool:
    """Whether a provision is suspended at a place on a day."""
    return any(
        entry.provision == provision and entry.reason == "suspended by"
        for entry in in_force(LIBRARY, place, day).set_aside
    )
