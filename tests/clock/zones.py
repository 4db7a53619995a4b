"""The time zones in which some place has law, and how much the long tests look at."""

from __future__ import annotations

import os
from pathlib import Path

from comity.clock.days import ClockLocation
from comity.law.instrument import Limit
from comity.law.places import read_gazetteer

TIMES = int(os.environ.get("COMITY_CLOCK", "1"))
GAZETTEER = read_gazetteer(Path(__file__).parents[2] / "policies")[0]
ZONES = sorted({place.zone for place in GAZETTEER.places.values()})
EAST = ClockLocation("America/New_York")
FLAT, WORKING = Limit(48), Limit(48, "excluding_weekends_holidays")
MIDNIGHT = Limit(until="23:59", of="release_eligible")
HOURS = (2, 5, 6, 24, 48, 120, 168, 288)  # 2 hours to 12 days: what the laws that are known of say
LIMITS = (
    *(Limit(hours, clock) for hours in HOURS for clock in ("continuous", "excluding_weekends_holidays")),
    MIDNIGHT,
)
