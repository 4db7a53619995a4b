"""Calls that people get wrong, each answered in one line; and values and files that are not what they seem."""

from __future__ import annotations

import json
import pydoc
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import comity
from comity import api
from comity.decision.decision import SYNONYMS

ROOT = Path(__file__).parents[2]
LAW = comity.open()
MIAMI = {
    "place": "us/fl/miami-dade", "at": "2017-01-26T09:00:00-05:00", "request": {"form": "i247d"},
    "subject": {"citizenship": "none_claimed"},
}  # fmt: skip
SECONDS_MAX = 2
DAYS = (date(2010, 1, 2), datetime(2010, 1, 2), pd.Timestamp("2010-01-02"), np.datetime64("2010-01-02", "ns"))
ORDINANCE = """---
title: Ordinance 1
kind: ordinance
effective: 2020-01-01
evidence: verified
---
A county's ordinance.

## 1 Holds

What the county does with a request to hold.

```yaml provision
EFFECT: hold
```
"""
ALACHUA = {
    "place": "us/fl/alachua",
    "at": "2021-06-01T12:00:00-04:00",
    "request": {"asks": ["hold"]},
    "subject": {"citizenship": "none_claimed"},
}


def fault(call: Any) -> str:
    with pytest.raises(comity.InputFault) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text and "Traceback" not in text
    return text


@pytest.mark.parametrize(
    "word", ["Hold", "HOLD", " hold ", "detain", "hodl", "share-status", "Share status", *SYNONYMS]
)
def test_a_word_near_an_action_is_refused_and_named(word: str) -> None:
    assert "did you mean" in fault(lambda: LAW.decide(MIAMI).outcome(word))


def test_a_word_near_no_action_is_refused_with_the_actions() -> None:
    assert "one of hold, notify, transfer, interview, share_status" in fault(lambda: LAW.decide(MIAMI).outcome("zzz"))
    assert fault(lambda: LAW.decide(MIAMI).outcome("detain")).endswith('did you mean "hold"? [unknown-action]')
    assert LAW.decide(MIAMI).outcome("hold") == "required" and LAW.decide(MIAMI).outcome("access") == "unaddressed"


@pytest.mark.parametrize("call", [comity.load, comity.open])
def test_a_text_is_one_folder_and_no_list_of_letters(call: Any) -> None:
    expected = "mine: there is no such folder of law; name the folder that holds us/ [no-folder]"
    assert fault(lambda: call("mine")) == expected == fault(lambda: call(["mine"])) == fault(lambda: call(Path("mine")))


def test_a_folder_without_law_is_refused_before_the_whole_disk_is_read() -> None:
    start = time.monotonic()
    assert fault(lambda: comity.load("/")).endswith(
        "there is no law in this folder; name the folder that holds us/ [no-law]"
    )
    assert time.monotonic() - start < SECONDS_MAX


def test_a_library_that_is_none_is_refused() -> None:
    for library in ("mine", Path("mine"), ["mine"], {}):
        text = fault(lambda library=library: comity.decide(MIAMI, library=library))
        assert "a library is what comity.open() or comity.load() gives" in text and text.endswith(
            "give library=comity.open(folders) [not-a-library]"
        )


@pytest.mark.parametrize("request_", [json.dumps(MIAMI), json.dumps(MIAMI).encode()])
def test_a_json_text_is_no_request(request_: Any) -> None:
    for call in (comity.decide, LAW.decide, LAW.outcomes, lambda text: [*LAW.decide_many([text])], comity.clock_hold):
        assert fault(lambda call=call: call(request_)).endswith("parse it first, with json.loads [not-a-request]")


@pytest.mark.parametrize("request_", [[MIAMI], 3, {"a"}, MIAMI.items()])
def test_what_is_no_mapping_is_no_request(request_: Any) -> None:
    assert fault(lambda: comity.decide(request_)).endswith("give a dict, nested as in JSON [not-a-request]")


def same(first: Any, second: Any) -> bool:
    return bool(LAW.decide(first).proof.request == LAW.decide(second).proof.request)


@pytest.mark.parametrize(
    ("path", "written", "plain"),
    [
        *(("subject.age", kind(34), 34) for kind in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint64)),
        ("request.complete", np.bool_(True), True),
        ("custody.stage", np.str_("pretrial"), "pretrial"),
        ("request.asks", np.array(["hold", "notify"]), ["hold", "notify"]),
        ("convictions", np.array([{"grade": "felony"}]), [{"grade": "felony"}]),
        ("convictions", [{"days_incarcerated": np.int64(3)}], [{"days_incarcerated": 3}]),
        ("convictions", [{"grade": np.str_("felony")}], [{"grade": "felony"}]),
        ("charges", [{"pending": np.bool_(True)}], [{"pending": True}]),
        ("request.asks", [np.str_("hold"), "notify"], ["hold", "notify"]),
        *(("convictions", [{"convicted_on": day}], [{"convicted_on": "2010-01-02"}]) for day in DAYS),
        ("custody.arrested_on", pd.Timestamp("2017-01-20"), "2017-01-20"),
        ("custody.arrested_on", datetime(2017, 1, 20), "2017-01-20"),
        ("custody.arrested_on", date(2017, 1, 20), "2017-01-20"),
        *(("custody.arrested_on", np.datetime64("2017-01-20", unit), "2017-01-20") for unit in ("D", "s", "us", "ns")),
        ("request.received_at", pd.Timestamp("2017-01-20T09:00:00-05:00"), "2017-01-20T09:00:00-05:00"),
        *(
            (path, nothing, None)
            for path in ("subject.age", "custody.stage", "request.asks")
            for nothing in (pd.NA, pd.NaT)
        ),
    ],
)
def test_a_scalar_of_numpy_or_pandas_says_what_the_plain_value_says(path: str, written: Any, plain: Any) -> None:
    section, _, name = path.rpartition(".")
    for value in (written, plain):
        nested = {**MIAMI, section: {**MIAMI.get(section, {}), name: value}} if section else {**MIAMI, path: value}
        assert same(nested, {**MIAMI, path: plain})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("subject.age", np.float64(34.0)),
        ("subject.age", np.float64("nan")),
        ("request.complete", np.int64(1)),
        ("custody.arrested_on", pd.Timestamp("2017-01-20T09:00:00")),
        ("custody.arrested_on", pd.Timestamp("2017-01-20", tz="America/New_York")),
        ("custody.arrested_on", np.datetime64("2017-01-20T09:00:00", "ns")),
        ("request.received_at", np.datetime64("2017-01-20T09:00:00", "ns")),
    ],
)
def test_a_scalar_that_says_something_else_is_refused(path: str, value: Any) -> None:
    assert path in fault(lambda: LAW.decide({**MIAMI, path: value}))


def test_help_shows_a_function_with_its_parameters() -> None:
    shown = pydoc.plain(pydoc.render_doc(comity.decide))
    on_one_line = "".join(shown.split())  # Python 3.13 writes long parameters one a line
    assert "decide(request:" in on_one_line and "place:" in on_one_line and "Decides one request" in shown
    for name in comity.__all__:
        assert pydoc.getdoc(getattr(comity, name)), name
    module = pydoc.plain(pydoc.render_doc(comity))
    assert not [name for name in comity.__all__ if name not in module]


def test_dir_lists_every_name() -> None:
    assert {*comity.__all__, "__version__"} <= {*dir(comity)} and [*dir(comity)] == sorted(dir(comity))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    write(tmp_path / "county", "forbids")
    return tmp_path / "county"


def write(folder: Path, effect: str) -> None:
    path = folder / "us" / "fl" / "alachua" / "ordinance-1.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ORDINANCE.replace("EFFECT", effect), encoding="utf-8")


def in_a_new_process(folder: Path) -> list[str]:
    code = f"import comity; law = comity.open({str(folder)!r}); print(law.decide({ALACHUA!r}).outcome('hold'), law.version)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_changed_file_is_seen_by_refresh_and_by_a_new_process(county: Path) -> None:
    law = comity.open(county)
    before = law.decide(ALACHUA)
    assert before.outcome("hold") == "in_conflict" or "us/fl/alachua/ordinance-1#1" in str(before.to_dict())
    assert in_a_new_process(county) == [before.outcome("hold"), law.version] and law.refresh() is law
    write(county, "requires")
    fresh = law.refresh()
    after = fresh.decide(ALACHUA)
    assert fresh.version != law.version and after.outcome("hold") == "required"
    assert in_a_new_process(county) == ["required", fresh.version]
    assert law.decide(ALACHUA) == before  # a law that is held open never changes


def test_the_law_that_a_process_holds_open_is_read_again_when_asked(county: Path) -> None:
    first = api._law(None, county, False)
    write(county, "requires")
    assert api._law(None, county, False) is first
    second = api._law(None, county, True)
    assert second.version != first.version and api._law(None, county, False) is second is api._law(None, county, True)
