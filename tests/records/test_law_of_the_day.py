"""Each request under the law of its place and day: decided as it is alone, with nothing lost from the total."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import comity
from comity.api import load
from comity.commands.replay_files import ReplayFiles, draw
from comity.decision.explain import decide_by_definition
from comity.facts.columns import values_of
from comity.facts.request import Request
from comity.law.calendar import Calendar, outermost_with_same_law
from comity.law.in_force import Agency, in_force
from comity.law.instrument import BEYOND_ACTIONS
from comity.lawview.named_law import split_law
from comity.records.codebook import build_codebook, build_comparison_codebook, findings_table
from comity.records.engine import deciding_effects
from comity.records.plot import labelled
from tests.records.test_replay import NO_CLAIM, moment_of, read

LIBRARY = load()
ROOT = Path(__file__).parents[2]
PLACES = [
    "us/fl/miami-dade",
    "us/pa/philadelphia",
    "us/pa/lehigh",
    "us/pa/bucks",
    "us/mn/nobles",
    "us/ca/los-angeles",
    "us/pa",
    "us/la/orleans",
    "us/nj/newark",
    "us/wa/king",
]
CHANGES = sorted({day for place in PLACES for day in Calendar(LIBRARY, place, Agency()).days})
FACILITIES = {
    ("LEHIGH COUNTY JAIL, PA", "PENNSYLVANIA"): "us/pa/lehigh",
    ("MOSHANNON VALLEY CORRECTIONAL", "PENNSYLVANIA"): None,
    ("SCI MUNCY", "PENNSYLVANIA"): "us/pa",
    ("A PLACE OF NO NAME", "PENNSYLVANIA"): None,
}


def days() -> st.SearchStrategy[date]:
    """Days of which many stand beside a change of law."""
    near = st.builds(lambda day, by: day + timedelta(days=by), st.sampled_from(CHANGES), st.integers(-1, 1))
    return st.one_of(near, st.dates(date(1990, 1, 1), date(2026, 12, 31)))


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(LIBRARY.gazetteer.places)),
    days(),
    st.sampled_from(["", "state_prison", "police_department"]),
)
def test_between_two_changes_nothing_that_decides_changes(place: str, day: date, kind: str) -> None:
    calendar = Calendar(LIBRARY, outermost_with_same_law(LIBRARY, place, Agency(kind)), Agency(kind))
    alone, shared = in_force(LIBRARY, place, day, Agency(kind)), calendar.stack(calendar.since(day))
    assert (deciding_effects(alone), alone.facts) == (deciding_effects(shared), shared.facts)


def named(stack_or_standing: Any) -> list[tuple[str, str, list[str]]]:
    """Each effect that decides what a detainer asks for, with the provisions to which it yields."""
    standing = getattr(stack_or_standing, "standing", stack_or_standing)
    deciders = ("requires", "forbids", "permits", "protects")
    return [
        (effect.provision, effect.action, [standing[to.to].provision for to in effect.yields_to])
        for effect in standing
        if effect.kind in deciders and effect.action not in BEYOND_ACTIONS
    ]


@pytest.mark.parametrize("place", sorted({instrument.jurisdiction for instrument in LIBRARY.instruments.values()}))
def test_what_an_effect_yields_to_stays_the_same_when_advice_is_left_out(place: str) -> None:
    """Positions were once those among all effects: in Orleans, Newark and King County a replay confused two rules."""
    for day in Calendar(LIBRARY, place, Agency()).days:
        stack = in_force(LIBRARY, place, day)
        assert named(deciding_effects(stack)) == named(stack), day


@settings(max_examples=15)
@example(
    [
        ("us/wa/king", date(2014, 9, 5), "[]"),
        ("us/la/orleans", date(2024, 5, 28), ""),
        ("us/nj/newark", date(2019, 3, 15), ""),
    ]
)
@example(
    [("us/ca/los-angeles", date(2014, 1, 1), "")]
)  # a question on convictions that also reads the day, where none are known
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), days(), st.sampled_from(["", "[]", '[{"kind": "i200"}]'])),
        min_size=1,
        max_size=25,
    )
)
def test_every_row_comes_out_as_it_does_alone(rows: list[tuple[str, date, str]]) -> None:
    frame = pa.table(
        {
            "place": [place for place, _, _ in rows],
            "date": [str(day) for _, day, _ in rows],
            "request.warrants": [papers or None for _, _, papers in rows],
        }
    )
    replay = comity.replay(frame, library=LIBRARY)
    assert replay.table is not None
    given_facts = read(frame).facts.to_pylist()
    for (place, day, _), facts, row in zip(rows, given_facts, replay.table.to_pylist(), strict=True):
        request = Request(place, moment_of(str(day)), values_of(facts, LIBRARY.vocabulary))
        alone = decide_by_definition(in_force(LIBRARY, place, day), request)
        for action, tally in replay.actions.items():
            assert tuple(row[f"{action}_possible"].split("; ")) == alone.actions[action].possible
            assert sum(tally.outcomes.values()) == len(rows)


def frame_of_facilities() -> pa.Table:
    names = [*FACILITIES, *FACILITIES]
    return pa.table(
        {
            "det_facility": [name for name, _ in names],
            "state": [state for _, state in names],
            "date": ["2015-01-01"] * len(FACILITIES) + ["2010-01-01"] * len(FACILITIES),
            "lift_reason": ["Lifted", None] * len(FACILITIES),
            "duplicate_likely": ["TRUE"] + ["FALSE"] * (2 * len(FACILITIES) - 1),
        }
    )


def test_what_no_local_law_binds_has_a_class_and_stays_in_the_total() -> None:
    replay = comity.replay(frame_of_facilities(), assume=NO_CLAIM, group_by=("county", "year"), library=LIBRARY)
    assert replay.table is not None
    assert (replay.rows, replay.decided, replay.beyond) == (8, 4, {"federal_prison": 2, "unknown": 2})
    assert replay.table.column("place").to_pylist() == [*FACILITIES.values()] * 2
    assert [row["hold"] for row in replay.table.to_pylist()] == [
        "undetermined",
        None,
        "unaddressed",
        None,
        "unaddressed",
        None,
        "unaddressed",
        None,
    ]
    document = replay.to_dict()
    assert (
        sum(group["rows"] for group in document["groups"])
        == sum(group["rows"] for group in document["by_lift_reason"])
        == 8
    )
    views = [(name,) for name in ("law", "facility_class", "place", "year", "month", "lift_reason", "local_law")]
    assert {view: sum(count["requests"] for count in replay.counted(*view)) for view in replay.counts} == dict.fromkeys(
        [*views, ("place", "year"), ("place", "local_law")], 8
    )
    assert [law["law"] for law in document["by_law"]] == sorted(
        {name for name in replay.table.column("law").to_pylist() if name}
    )


def test_bounds_hold_whatever_the_open_facts_turn_out_to_be() -> None:
    frame = frame_of_facilities()
    replay = comity.replay(frame, group_by=("year",), library=LIBRARY)
    for papers in ("[]", '[{"kind": "judicial_criminal"}]'):
        assumed = comity.replay(frame, assume={"request.warrants": papers}, group_by=("year",), library=LIBRARY)
        for key, counted in assumed.by("year").items():
            for outcome in ("forbidden", "unaddressed"):
                surely, perhaps = replay.bounds("hold", outcome, replay.by("year")[key])
                assert surely <= assumed.bounds("hold", outcome, counted)[0] <= perhaps


def test_likely_duplicates_are_left_out_and_counted_only_when_asked() -> None:
    replay = comity.replay(frame_of_facilities(), without_duplicates=True, library=LIBRARY)
    assert replay.table is not None and (replay.rows, replay.left_out, replay.table.num_rows) == (8, 1, 7)
    assert comity.replay(frame_of_facilities(), library=LIBRARY).left_out == 0


def test_all_can_be_put_at_one_place() -> None:
    replay = comity.replay(
        pa.table({"date": ["2014-06-01", "2014-04-30"]}), place="us/pa/lehigh-county", library=LIBRARY
    )
    assert replay.table is not None
    assert replay.table.column("law").to_pylist() == ["us/pa/lehigh@2014-05-14", "us/pa/lehigh@1997-04-01"]


def test_a_place_that_is_none_is_counted_and_the_row_stays() -> None:
    replay = comity.replay(
        pa.table({"date": ["2014-06-01"] * 2, "place": ["us/pa/lehihg", "US/PA/Lehigh"]}), library=LIBRARY
    )
    assert replay.findings == {"unknown-place": 1} and replay.decided == 1 and replay.rows == 2


@pytest.mark.parametrize("kind", ["arrow", "pandas", "polars"])
def test_rows_go_back_as_a_frame(kind: str) -> None:
    replay = comity.replay(frame_of_facilities(), library=LIBRARY)
    assert replay.table is not None
    if kind == "arrow":
        assert replay.table.schema.field("hold").type == pa.dictionary(pa.int32(), pa.string())
        return
    library: Any = pytest.importorskip(kind)
    frame = replay.table.to_pandas() if kind == "pandas" else library.from_arrow(replay.table)
    assert list(frame["place"])[0] == "us/pa/lehigh"


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    replay = comity.replay(frame_of_facilities(), library=LIBRARY)
    assert replay.table is not None
    with pytest.raises(KeyboardInterrupt), ReplayFiles(tmp_path / "rows.csv") as files:
        files.add(replay.table)
        raise KeyboardInterrupt
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(os.name == "nt", reason="an interrupt is sent another way there")
def test_an_interruption_in_the_middle_leaves_nothing_and_says_so_in_one_line(tmp_path: Path) -> None:
    source = tmp_path / "many.csv"
    source.write_text("date,place\n" + "2014-06-01,us/pa/lehigh\n" * 1_500_000)
    command = [sys.executable, "-m", "comity", "replay", str(source), "--out", str(tmp_path / "rows.csv")]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while started.poll() is None and len([*tmp_path.iterdir()]) == 1:
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)  # the first rows are being written
    said, faults = started.communicate(timeout=60)
    assert (started.returncode, said) == (130, b"")
    assert faults.strip() == b"comity: interrupted; unfinished files were not written"
    assert [*tmp_path.iterdir()] == [source]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other file permissions")
def test_what_is_written_may_be_read_as_any_new_file(tmp_path: Path) -> None:
    replay = comity.replay(frame_of_facilities(), library=LIBRARY)
    assert replay.table is not None
    (tmp_path / "plain").touch()
    with ReplayFiles(tmp_path / "rows.parquet") as files:
        files.add(replay.table)
        files.finish(findings_table(replay), "")
    assert len({path.stat().st_mode for path in tmp_path.iterdir()}) == 1


def test_every_real_record_is_accounted_for(records: Path) -> None:
    replay = comity.replay(records / "pennsylvania" / "pa_detainers.csv", group_by=("county", "year"), library=LIBRARY)
    assert replay.table is not None
    assert replay.rows == replay.decided + sum(replay.beyond.values()) + len(replay.refused) == 32_757
    assert set(replay.beyond) == {"federal_prison", "immigration_site"}
    laws = Counter(law for law in replay.table.column("law").to_pylist() if law)
    assert {split_law(law)[0] for law in laws} == {
        *("us/pa", "us/pa/lehigh", "us/pa/philadelphia"),
        "us/pa/allegheny",  # a party to an order that stays a federal condition there
    }
    after = pc.sum(
        pc.and_(
            pc.equal(replay.table.column("place"), "us/pa/philadelphia"),
            pc.greater_equal(replay.table.column("day"), date(2014, 4, 16)),
        )
    )
    assert laws["us/pa/philadelphia@2014-04-16"] == after.as_py() > 100


def test_a_codebook_names_every_column_and_every_finding() -> None:
    frame = frame_of_facilities().set_column(2, "date", pa.array(["2015-01-01"] * 7 + ["soon"]))
    replay = comity.replay(frame, library=LIBRARY)
    both = comity.compare(frame, "us/pa/lehigh@2015-01-01", "us/pa@2015-01-01", library=LIBRARY)
    for result, page in ((replay, build_codebook(replay)), (both, build_comparison_codebook(both))):
        assert result.table is not None
        assert set(re.findall(r"^- `(\w+)`: ", page, re.MULTILINE)) >= {*result.table.schema.names}
        assert "- no-day: 1 rows. row 8: " in page


def test_pictures_say_in_words_and_in_a_table_what_they_show(tmp_path: Path) -> None:
    replay = comity.replay(frame_of_facilities(), assume=NO_CLAIM, library=LIBRARY)
    draw(replay, {"us/pa/lehigh": "Lehigh County"}, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"holds-by-{by}.{form}" for by in ("month", "county") for form in ("svg", "png", "md")
    }
    by_month, by_county = ((tmp_path / f"holds-by-{by}.md").read_text() for by in ("month", "county"))
    assert "forbidden 0 to 1, no rule applies 3 to 4, no local law, or place not known 4 requests" in by_month
    assert by_month.count("\n| 20") == 61  # every month between the first and the last, without a gap
    assert "| Lehigh County \\* | 0 to 1 | 1 to 2 |" in by_county  # some are of a day before its resolution
    assert "<title>" in (tmp_path / "holds-by-month.svg").read_text()
    again = tmp_path / "again"
    draw(replay, {"us/pa/lehigh": "Lehigh County"}, again)
    assert all((again / path.name).read_bytes() == path.read_bytes() for path in tmp_path.glob("*.svg"))


def test_pictures_say_what_was_assumed(tmp_path: Path) -> None:
    replay = comity.replay(frame_of_facilities(), assume={"request.warrants": "[]"}, library=LIBRARY)
    draw(replay, {}, tmp_path)
    for path in (*tmp_path.glob("*.md"), *tmp_path.glob("*.svg")):
        shown = re.sub(r"<metadata>.*</metadata>", "", path.read_text(), flags=re.DOTALL)
        assert "Assumed where a row does not say: request.warrants = none." in " ".join(
            re.sub(r"<[^>]*>", "", shown).split()
        )


@pytest.mark.parametrize(
    ("first", "count", "shown"),
    [
        ("2014-03", 3, ["2014-03", "2014-04", "2014-05"]),
        ("2014-03", 13, ["2014-04", "2014-07", "2014-10", "2015-01"]),
        ("2007-10", 94, ["2008-01", "2009-01", "2010-01", "2011-01", "2012-01", "2013-01", "2014-01", "2015-01"]),
    ],
)
def test_labels_stand_where_a_month_quarter_or_year_begins(first: str, count: int, shown: list[str]) -> None:
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    months = [f"{at // 12}-{at % 12 + 1:02d}" for at in range(start, start + count)]
    assert [months[place] for place in labelled(months)] == shown


def test_nothing_is_drawn_of_nothing(tmp_path: Path) -> None:
    draw(
        comity.replay(
            pa.table({"date": pa.array([], pa.string()), "place": pa.array([], pa.string())}), library=LIBRARY
        ),
        {},
        tmp_path,
    )
    assert not [*tmp_path.iterdir()]
