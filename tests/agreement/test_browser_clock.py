"""The clock of the browser against the definition: ends of holds with every step, and deadlines, in every zone with law."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from comity.clock.days import ClockLocation
from comity.clock.durations import deadline_of
from comity.clock.hold import Ending, count_hold
from comity.clock.readings import ApplicableLimit, find_ruling_end
from comity.engine.browser.clock_json import FIRST_WRITTEN, LAST_WRITTEN, offsets_of, write_clock
from comity.law.instrument import Limit
from comity.period import shifted
from tests.agreement.browser_process import Node, node_process
from tests.clock.zones import LIMITS, ZONES

LISTED = (
    Limit(48, "excluding_weekends_holidays", holidays=("federal", "04-16", "2017-06-01")),
    Limit(24, "excluding_weekends_holidays", holidays=()),
    Limit(until="02:30", of="release_eligible"),
    Limit(until="01:30", of="release_eligible"),
    Limit(until="00:00", of="receipt"),
)
WITHIN = ("1 hour", "24 hours", "1 day", "10 days", "30 minutes", "")
RANDOM, BESIDE_CHANGES = 60, 40
FIRST, DAYS = datetime(2007, 1, 1, tzinfo=UTC), 33 * 365


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with node_process() as running:
        yield running


@pytest.mark.parametrize("zone", ZONES)
def test_holds_and_deadlines_end_as_by_the_definition(
    zone: str, node: Node, record_property: Callable[[str, object], None]
) -> None:
    here, limits = ClockLocation(zone, zone == "America/New_York"), (*LIMITS, *LISTED)
    moments = list(moments_of(zone))
    clock, texts = write_clock(here), [moment.isoformat() for moment in moments]
    written = [{name: getattr(limit, name) for name in limit.__struct_fields__} for limit in limits]
    found = node.run({"task": "count", "clock": clock, "limits": written, "moments": texts})
    for limit, endings in zip(limits, found, strict=True):
        for moment, ending in zip(moments, endings, strict=True):
            assert ending == shown(count_hold(limit, moment, here)), (zone, limit, moment)
    due = node.run({"task": "deadlines", "clock": clock, "times": WITHIN, "moments": texts})
    for within, ends in zip(WITHIN, due, strict=True):
        for moment, end in zip(moments, ends, strict=True):
            wanted = deadline_of(within, moment, zone)
            assert end == (wanted and wanted.isoformat()), (zone, within, moment)
    record_property("agreement: holds in a browser", len(limits) * len(moments))


def moments_of(zone: str) -> Iterator[datetime]:
    """Random moments, and moments on and beside the changes of a zone's offset."""
    random = Random(zone)
    for _ in range(RANDOM):
        yield FIRST + timedelta(days=random.randrange(DAYS), microseconds=random.randrange(86_400_000_000))
    for at, _ in random.choices(
        offsets_of(zone, date(2007, 1, 1), date(2040, 1, 1))[1:] or [(1_489_302_000, 0)], k=BESIDE_CHANGES
    ):
        beside = random.choice((0, -1, 1, -3600, 3600, random.randrange(-100_000, 100_000)))
        yield datetime.fromtimestamp(at + beside, UTC)


def shown(ending: Ending) -> dict[str, Any]:
    """The end of a hold and its steps, as the script returns them."""
    steps = [{"at": step.at.isoformat(), "words": step.words, "counted": step.counted} for step in ending.steps]
    return {"until": ending.until.isoformat(), "steps": steps}


def test_days_move_as_by_the_definition(node: Node) -> None:
    random = Random(9)
    starts = [date(2016, 2, 29), date(2015, 1, 31), date(1, 1, 1), date(9999, 12, 31), date(1900, 2, 28)]
    starts += [date.fromordinal(random.randrange(1, date.max.toordinal())) for _ in range(400)]
    amounts = [0, 1, -1, 12, 40_000, -40_000, *(random.randrange(-900, 900) for _ in range(6))]
    moves = [(day, unit, amount) for day in starts for unit in ("years", "months", "days") for amount in amounts]
    wanted = [shifted(day, **{unit: amount}).toordinal() for day, unit, amount in moves]
    assert node.run({"task": "shift", "moves": [(day.toordinal(), *rest) for day, *rest in moves]}) == wanted


def test_the_same_end_rules(node: Node) -> None:
    """Among limits that are federal, chosen by counsel, or neither, and that apply or only may."""
    random, holds, wanted = Random(10), [], []
    for _ in range(2_000):
        ends = []
        for _ in range(random.randrange(6)):
            kind, maybe, hour = (
                random.choice(("federal", "chosen", "local")),
                random.random() < 0.4,
                random.randrange(9),
            )
            limit = Limit(48, chosen=kind == "chosen")
            reading = ApplicableLimit("a#1", "", limit, "", kind == "federal", "it may" if maybe else "")
            ends.append((reading, FIRST + timedelta(hours=hour)))
        found = find_ruling_end(ends)
        wanted.append(None if found is None else (found - FIRST) // timedelta(hours=1))
        holds.append(
            [
                {
                    "limit": {"chosen": each.limit.chosen, "federal": each.federal},
                    "maybe": bool(each.condition),
                    "until": (until - FIRST) // timedelta(hours=1),
                }
                for each, until in ends
            ]
        )
    assert node.run({"task": "rules", "holds": holds}) == wanted and len({*wanted}) == 10


@pytest.mark.parametrize("at", ["1999-01-01T12:00:00+00:00", "2045-01-01T12:00:00+00:00", "2040-12-30T12:00:00+00:00"])
def test_what_lies_beyond_the_days_written_is_not_counted(at: str, node: Node) -> None:
    clock = write_clock(ClockLocation("America/New_York"))
    written = [{name: getattr(LIMITS[3], name) for name in LIMITS[3].__struct_fields__}]
    assert node.run({"task": "count", "clock": clock, "limits": written, "moments": [at]}) == [[None]]


def test_days_before_the_holidays_are_known_are_refused() -> None:
    with pytest.raises(ValueError, match="1971"):
        write_clock(ClockLocation("America/New_York"), date(1970, 1, 1))


def test_a_narrow_span_has_only_its_own_changes() -> None:
    changes = offsets_of("America/New_York", date(2017, 1, 1), date(2018, 1, 1))
    days = [datetime.fromtimestamp(at, UTC).date().isoformat() for at, _ in changes[1:]]
    assert days == ["2017-03-12", "2017-11-05"] and FIRST_WRITTEN < LAST_WRITTEN
