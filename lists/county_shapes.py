"""Writes comity/site/county_shapes.json: python lists/county_shapes.py FOLDER.

FOLDER is the unpacked package us-atlas 3 of npm (`npm pack us-atlas@3`, then `tar xzf us-atlas-3*.tgz`; the folder is `package`).
It holds the cartographic boundaries of the U.S. Census Bureau of 2017: `counties-albers-10m.json`, the States in the Albers
projection with Alaska and Hawaii as insets, and `counties-10m.json`, from which the territories are added as insets of their own.

Boundaries are simplified arc by arc, so that neighbours keep one common line, and rounded to a quarter of a point of a map that is
975 points wide. Places that changed since, or that the boundaries lack, are named in this file: the script fails where a county of
the gazetteer has no shape and is not named here, or a shape belongs to no place.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from people import INDEPENDENT, INDEPENDENT_IN, county_path

from comity.api import load
from comity.law.places import COUNTY_KINDS, Gazetteer

OUT = Path(__file__).resolve().parent.parent / "comity" / "site" / "county_shapes.json"
SOURCE = "U.S. Census Bureau, cartographic boundaries of counties, 2017, by way of us-atlas 3 (ISC), simplified"
GRID = 4  # units to a point
AREA_MIN = 10.0  # of the triangle that a point of a line makes with its neighbours, in units; smaller ones are left out
ISLAND_MIN = 40.0  # of an island of a county that has larger ones, in square units
SQUARE = 4  # the side of the square that stands for a county smaller than the grid shows
LEFT, TOP, WIDTH, HEIGHT = -58 * GRID, 8 * GRID, 1042 * GRID, 612 * GRID
ALIKE = {"us/dc": "11001", "us/gu": "66010"}  # one county each, which the gazetteer has as the place itself
# Valdez-Cordova Census Area was split on 2019-01-02; its one shape stands for both parts.
SPLIT, PART, OTHER_PART = "02261", ("us/ak/chugach", "02063"), ("us/ak/copper-river", "02066")
# Atolls of American Samoa, which the boundaries leave out: nobody lives on Rose Island, and a few people on Swains Island.
NOT_DRAWN = {"us/as/rose-island": "60030", "us/as/swains-island": "60040"}
# Territories: the longitude and latitude at the upper left of each inset, its place in points, and points to a degree.
INSETS = {
    "72": (-67.35, 18.60, 858.0, 566.0, 38.0), "78": (-67.35, 18.60, 858.0, 566.0, 38.0),
    "66": (144.60, 13.70, 920.0, 520.0, 38.0), "60": (-170.90, -14.10, 906.0, 480.0, 38.0),
    "69": (145.10, 15.32, 948.0, 484.0, 38.0),
}  # fmt: skip
NORTHERN = ("69085", (144.60, 20.60, 943.0, 420.0, 12.0))  # a chain of 500 km, on a smaller scale above Saipan
# The States in the order of their numbers, which run with the alphabet of names; a hyphen is a number that none has.
STATES = """
al ak - az ar ca - co ct de dc fl ga - hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa - ri sc
sd tn tx ut vt va - wa wv wi wy
"""
TERRITORIES = {"60": "as", "66": "gu", "69": "mp", "72": "pr", "78": "vi"}

Point: TypeAlias = tuple[int, int]
Line: TypeAlias = list[Point]


def main(arguments: list[str]) -> int:
    """Reads the boundaries and writes the shapes."""
    parser = argparse.ArgumentParser(description="Writes comity/site/county_shapes.json from the npm package us-atlas.")
    parser.add_argument("folder", type=Path, help="the unpacked package")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    gazetteer = load().gazetteer
    states = _read(given.folder / "counties-albers-10m.json")
    everywhere = _read(given.folder / "counties-10m.json")
    names = {county["id"]: county["properties"]["name"] for county in _counties(everywhere)}
    of_states = {county["id"] for county in _counties(states)}
    paths, faults = paths_of(names, gazetteer)
    lines = [simplified([_rounded(point) for point in arc]) for arc in _arcs(states)]
    shapes = {county["id"]: shape_of(_rings(county, lines)) for county in _counties(states)}
    shapes |= _insets(everywhere, [county for county in _counties(everywhere) if county["id"] not in of_states])
    counties = {path: [PART[1] if path == PART[0] else code, shapes[code]] for code, path in paths.items()}
    counties |= {path: [code, ""] for path, code in (OTHER_PART, *NOT_DRAWN.items())}
    faults += check(counties, gazetteer)
    document = {
        "source": SOURCE, "view": [LEFT, TOP, WIDTH, HEIGHT], "states": _drawn(_borders(states, lines)),
        "shared": {OTHER_PART[0]: PART[0]},
        "counties": dict(sorted(counties.items())),
    }  # fmt: skip
    if not faults:
        given.out.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        print(f"{len(counties)} counties in {given.out}, {given.out.stat().st_size:,} bytes")
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


def paths_of(names: Mapping[str, str], gazetteer: Gazetteer) -> tuple[dict[str, str], list[str]]:
    """The path of the place that each shape shows, by the code of the shape, and the shapes that show none."""
    state_codes = _state_codes(gazetteer)
    alike = {code: path for path, code in ALIKE.items()}
    found, faults = {SPLIT: PART[0]}, list[str]()
    for code, name in names.items():
        if code in found:
            continue
        if code in alike:
            found[code] = alike[code]
            continue
        state = state_codes.get(code[:2], "")
        independent = int(code) % 1000 >= INDEPENDENT and state in INDEPENDENT_IN
        path = county_path(state, name, independent, gazetteer) or county_path(state, name, False, gazetteer)
        if path is None:
            faults.append(f"{code}: no county {name} in {state or code[:2]}")
        else:
            found[code] = path
    return found, faults


def check(counties: Mapping[str, Any], gazetteer: Gazetteer) -> list[str]:
    """The counties of the gazetteer that have no shape and are not named as such."""
    return [
        f"{path}: no shape"
        for path, place in gazetteer.places.items()
        if (place.kind in COUNTY_KINDS or place.kind == "independent_city" or path in ALIKE) and path not in counties
    ]


def _state_codes(gazetteer: Gazetteer) -> dict[str, str]:
    """The postal code of each State by its number."""
    codes = {f"{number:02}": code for number, code in enumerate(STATES.split(), 1) if code != "-"}
    return {number: code for number, code in (codes | TERRITORIES).items() if f"us/{code}" in gazetteer.places}


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _counties(topology: Mapping[str, Any]) -> list[dict[str, Any]]:
    counties: list[dict[str, Any]] = topology["objects"]["counties"]["geometries"]
    return counties


def _arcs(topology: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """The arcs as points; in the file each point is a step from the one before, on a grid of its own."""
    (x_scale, y_scale), (x_first, y_first) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * x_scale + x_first, y * y_scale + y_first))
        yield points


def _rounded(point: tuple[float, float]) -> Point:
    return round(point[0] * GRID), round(point[1] * GRID)


def simplified(line: Line) -> Line:
    """The line without the points whose triangle with their neighbours is small (Visvalingam and Whyatt); its ends stay."""
    line = [point for at, point in enumerate(line) if not at or point != line[at - 1]]
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))
    alive = [True] * len(line)
    queue = [(_area(line[at - 1 : at + 2]), at) for at in range(1, len(line) - 1)]
    areas = {at: area for area, at in queue}
    heapify(queue)
    while queue and queue[0][0] < AREA_MIN:
        area, at = heappop(queue)
        if not alive[at] or areas[at] != area:
            continue
        alive[at] = False
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        for near in (left, right):
            if 0 < near < len(line) - 1:
                areas[near] = max(area, _area([line[before[near]], line[near], line[after[near]]]))
                heappush(queue, (areas[near], near))
    return [point for at, point in enumerate(line) if alive[at]]


def _area(points: Sequence[Point]) -> float:
    (x1, y1), (x2, y2), (x3, y3) = points
    return abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2


def _rings(county: Mapping[str, Any], lines: Sequence[Line]) -> list[Line]:
    polygons = [county["arcs"]] if county["type"] == "Polygon" else county["arcs"]
    return [_joined(ring, lines) for polygon in polygons for ring in polygon]


def _joined(ring: Iterable[int], lines: Sequence[Line]) -> Line:
    """A ring from its arcs; a negative number is an arc read backwards."""
    points: Line = []
    for number in ring:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line if not points else line[1:]
    return points


def shape_of(rings: Sequence[Line]) -> str:
    """Rings as the data of an SVG path: the largest always, and others where they are large enough to be seen."""
    ordered = sorted(rings, key=_ring_area, reverse=True)
    if _ring_area(ordered[0]) < SQUARE:
        x, y = ordered[0][0]
        return f"M{x - SQUARE // 2},{y - SQUARE // 2}h{SQUARE}v{SQUARE}h{-SQUARE}z"
    return _drawn([ordered[0], *(ring for ring in ordered[1:] if _ring_area(ring) >= ISLAND_MIN)], closed=True)


def _ring_area(ring: Sequence[Point]) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _drawn(lines: Iterable[Line], *, closed: bool = False) -> str:
    """Lines as the data of an SVG path, each point as a step from the one before."""
    parts = []
    for line in lines:
        points = line[:-1] if closed and line[0] == line[-1] else line
        steps = [(x - x0, y - y0) for (x0, y0), (x, y) in pairwise(points)]
        text = "".join(
            f"{x if n == 0 or x < 0 else f' {x}'}{y if y < 0 else f' {y}'}" for n, (x, y) in enumerate(steps)
        )
        parts.append(f"M{points[0][0]},{points[0][1]}l{text}{'z' if closed else ''}")
    return "".join(parts)


def _borders(topology: Mapping[str, Any], lines: Sequence[Line]) -> list[Line]:
    """The lines between two States: the arcs that counties of two States share."""
    states: dict[int, set[str]] = {}
    for county in _counties(topology):
        polygons = [county["arcs"]] if county["type"] == "Polygon" else county["arcs"]
        for number in (number for polygon in polygons for ring in polygon for number in ring):
            states.setdefault(number if number >= 0 else ~number, set()).add(county["id"][:2])
    return [lines[number] for number in sorted(states) if len(states[number]) > 1 and len(lines[number]) > 1]


def _insets(topology: Mapping[str, Any], counties: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The shapes of the territories, each in its inset."""
    arcs, shapes = list(_arcs(topology)), {}
    for county in counties:
        code = county["id"]
        west, north, x, y, scale = NORTHERN[1] if code == NORTHERN[0] else INSETS[code[:2]]
        lines = [
            [_rounded((x + (longitude - west) * scale, y + (north - latitude) * scale)) for longitude, latitude in arc]
            for arc in arcs
        ]
        shapes[code] = shape_of(_rings(county, [simplified(line) for line in lines]))
    return shapes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
