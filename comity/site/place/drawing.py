"""The timeline as the numbers of a drawing: where each band, bar, mark of a year and word is, in units of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from comity.site.place.timeline import Band, Bar, Suspended, Timeline

WIDTH = 1000.0
LETTER = 7.4  # units that a letter of a band's word needs at most
SMALL_LETTER = 6.7  # and one of the title of an instrument
AXIS, TITLE, BAND, BAR, GAP, LEVEL = 26.0, 17.0, 24.0, 9.0, 9.0, 26.0
YEARS_MIN = 34.0  # units between two marks of years


class Box(Struct, frozen=True, kw_only=True):
    """A part of a band or a bar: its left edge and width, how it is drawn, its word, and the days that it shows."""

    x: float
    width: float
    key: str
    word: str = ""
    since: str = ""
    until: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """A band or a bar: its words at `x` above it, at the `end` of the picture where they would leave it, and its boxes."""

    words: str
    y: float
    x: float
    at_end: bool
    boxes: tuple[Box, ...]
    instrument: str = ""


class Heading(Struct, frozen=True):
    """The name of the place that made the instruments below it."""

    words: str
    y: float


class Drawing(Struct, frozen=True, kw_only=True):
    """The picture: its size, the marks of years, and its lines from above."""

    width: float
    height: float
    years: tuple[tuple[float, int], ...]
    bands: tuple[Line, ...]
    headings: tuple[Heading, ...]
    bars: tuple[Line, ...]
    band_height: float = BAND
    bar_height: float = BAR
    title_height: float = TITLE
    letter: float = LETTER  # a word longer than its box is not drawn


def draw(timeline: Timeline) -> Drawing:
    """The drawing of a timeline."""
    scale = _Scale(timeline)
    y, bands, headings, bars = AXIS, [], [], []
    for band in timeline.bands:
        bands.append(scale.band(band, y))
        y += TITLE + BAND + GAP
    for level in timeline.levels:
        headings.append(Heading(level.name, y + LEVEL - 6))
        y += LEVEL
        for bar in level.bars:
            bars.append(scale.bar(bar, y))
            y += TITLE + BAR + GAP
    return Drawing(
        width=WIDTH,
        height=y,
        years=tuple(scale.years()),
        bands=tuple(bands),
        headings=tuple(headings),
        bars=tuple(bars),
    )


class _Scale:
    """Where a day is: the first day at the left edge, the end at the right one."""

    def __init__(self, timeline: Timeline) -> None:
        self.first, self.end = timeline.first, timeline.end

    def x(self, day: date) -> float:
        return round(WIDTH * (day - self.first).days / (self.end - self.first).days, 1)

    def years(self) -> Iterator[tuple[float, int]]:
        for year in range(self.first.year, self.end.year + 1):
            at = self.x(date(year, 1, 1))
            if at <= WIDTH - YEARS_MIN:
                yield at, year

    def box(self, since: date, until: date, key: str, word: str = "") -> Box:
        x = self.x(since)
        width = round(max(self.x(until) - x, 1.5), 1)  # a span of days must be seen too
        last = until - timedelta(1)
        return Box(x=x, width=width, key=key, word=word, since=f"{since}", until=f"{last}")

    def band(self, band: Band, y: float) -> Line:
        boxes = (self.box(span.since, span.until, span.answer.key, span.answer.word) for span in band.spans)
        return Line(words=f"{band.words[:1].upper()}{band.words[1:]}", y=y, x=0.0, at_end=False, boxes=tuple(boxes))

    def bar(self, bar: Bar, y: float) -> Line:
        x = self.x(bar.earliest)
        at_end = x + len(bar.title) * SMALL_LETTER > WIDTH
        boxes = tuple(self._boxes(bar))
        end = boxes[-1].x + boxes[-1].width
        fits_before = len(bar.title) * SMALL_LETTER <= end
        place = (end if fits_before else WIDTH) if at_end else x
        return Line(words=bar.title, y=y, x=place, at_end=at_end, boxes=boxes, instrument=bar.instrument)

    def _boxes(self, bar: Bar) -> Iterator[Box]:
        if bar.earliest < bar.since:
            yield self.box(bar.earliest, bar.since, "uncertain")
        if bar.since < bar.until:
            yield from self._certain(bar)
        if bar.until < bar.latest:
            yield self.box(bar.until, bar.latest, "uncertain")

    def _certain(self, bar: Bar) -> Iterator[Box]:
        """The time in which it is surely in force, cut where it is suspended."""
        at = bar.since
        for stay in sorted(bar.suspended, key=_since):
            if at < stay.since:
                yield self.box(at, stay.since, "in-force")
            yield self.box(max(at, stay.since), stay.until, "in-part" if stay.in_part else "suspended")
            at = max(at, stay.until)
        if at < bar.until:
            yield self.box(at, bar.until, "in-force")


def _since(stay: Suspended) -> date:
    return stay.since
