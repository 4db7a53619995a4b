"""`comity new`: what it writes checks and decides as asked; what cannot be is refused in a line, and nothing is written over."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import comity
from comity.commands import new
from comity.law.cache import load

from .running import pinned, run

HERE = Path(__file__).parent
GIVEN = '--title "Command Order 5-2014" --kind directive --effective 2014-05-06'
EFFECTS = ("requires", "permits", "forbids", "only")
REQUEST = {
    "place": "us/ca/sutter",
    "at": "2015-01-02T12:00:00-08:00",
    "request": {"asks": ["hold", "notify"], "warrants": []},
}
FILE = Path("county-law/us/ca/sutter/command-order-5-2014.md")


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_it_says_and_writes() -> None:
    done = run(
        f"new us/ca/sutter {GIVEN} --enacted 2014-05-06 --source 'a published copy' --evidence verified --forbids hold --requires notify"
    )
    assert (done.exit_code, done.stderr) == (0, "")
    pinned(HERE / "golden" / "new.txt", done.stdout.replace("\\", "/"))
    pinned(HERE / "golden" / "new_file.txt", FILE.read_text(encoding="utf-8"))
    with Path("county-law/register.csv").open(encoding="utf-8", newline="") as lines:
        [row] = csv.DictReader(lines)
    assert (row["place"], row["encoded"], row["effective"]) == (
        "us/ca/sutter",
        "us/ca/sutter/command-order-5-2014",
        "2014-05-06",
    )
    assert row["summary"].endswith(".") and not row["why_not"]


def test_what_to_do_next_names_the_kind_of_instrument() -> None:
    done = run('new us/ca/sutter --title "Order 3" --kind executive_order --effective 2014-05-06 --forbids hold')
    assert "add what the executive order says beyond them." in done.stdout


@pytest.mark.parametrize("action", ["hold", "transfer", "share_status"])
@pytest.mark.parametrize("effect", EFFECTS)
def test_every_effect_on_every_action_checks(effect: str, action: str) -> None:
    assert run(f"new sutter-county {GIVEN} --{effect} {action}").exit_code == 2  # a place is named by its path
    assert run(f"new us/ca/Sutter-County {GIVEN} --{effect} {action}").exit_code == 0
    done = run("check county-law --json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0 and found["errors"] == 0 and found["instruments"] == 1 and found["cases"] >= 2
    expected = (
        ["always-yields"] if action == "share_status" and effect in ("forbids", "only") else []
    )  # to 8 U.S.C. 1373, which the check should report
    assert [finding["code"] for finding in found["findings"]] == expected


def test_what_is_written_decides() -> None:
    assert (
        run(f"new us/ca/sutter {GIVEN} --only hold --requires notify --permits interview --forbids transfer").exit_code
        == 0
    )
    library, findings = load(["county-law"])
    decision = comity.decide(REQUEST, library=library)
    assert not findings and {action: decision.outcome(action) for action in ("notify", "interview", "transfer")} == {
        "notify": "required",
        "interview": "permitted",
        "transfer": "forbidden",
    }
    assert decision.outcome("hold") == "forbidden"


def test_odd_words_are_read_back_as_they_were_given() -> None:
    title, source = 'Order "No. 5": holds, [and] more # of #2', "sheriff's site: page 3, \u00a7 4"
    done = run(
        f"new us/ca/sutter --title '{title}' --kind directive --effective 2014-05 --forbids hold --source {json.dumps(source, ensure_ascii=False)} --binds \"Sheriff's Office, Sutter\""
    )
    assert done.exit_code == 0, done.stderr
    [written] = [
        written
        for written in load(["county-law"])[0].instruments.values()
        if written.place.source.startswith("county-law")
    ]
    assert (written.title, written.sources, written.binds) == (title, (source,), ("Sheriff's Office, Sutter",))
    assert str(written.effective.last) == "2014-05-31"


def test_nothing_is_written_over() -> None:
    assert run(f"new us/ca/sutter {GIVEN} --forbids hold").exit_code == 0
    before = FILE.read_bytes(), Path("county-law/register.csv").read_bytes()
    for again in ("", " --library county-law"):
        done = run(f"new us/ca/sutter {GIVEN} --permits hold{again}")
        assert done.exit_code == 2 and done.stdout == "" and done.stderr.count("\n") == 1 and "already" in done.stderr
    assert (FILE.read_bytes(), Path("county-law/register.csv").read_bytes()) == before
    assert run(f"new us/ca/sutter {GIVEN} --permits hold --name order-two").exit_code == 0
    assert len(Path("county-law/register.csv").read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("us/ca/suter " + GIVEN + " --forbids hold", 'did you mean "us/ca/sutter"?'),
        ("us/ca/sutter --kind directive --effective 2014-05-06 --forbids hold", "--title is missing"),
        ("us/ca/sutter " + GIVEN, "nothing is required, permitted or forbidden"),
        ("us/ca/sutter " + GIVEN.replace("directive", "directiv") + " --forbids hold", 'did you mean "directive"?'),
        ("us/ca/sutter " + GIVEN.replace("2014-05-06", "2014-02-30") + " --forbids hold", '"2014-02-30" is no day'),
        ("us/ca/sutter " + GIVEN + " --enacted soon --forbids hold", '"soon" is no day'),
        ("us/ca/sutter " + GIVEN + " --forbids holds", 'did you mean "hold"?'),
        ("us/ca/sutter " + GIVEN + " --forbids hold --requires hold", "hold is named twice"),
        ("us/ca/sutter " + GIVEN + " --forbids hold --evidence verified", "what is verified was read somewhere"),
        ("us/ca/sutter " + GIVEN + " --forbids hold --evidence sure", 'evidence cannot be "sure"'),
        ('us/ca/sutter --title "---" --kind directive --effective 2014 --forbids hold', "no file name can be made"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_written(given: str, says: str, empty: Path) -> None:
    done = run(f"new {given}")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert says in done.stderr and not [*empty.iterdir()]


def test_on_a_terminal_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "at_terminal", lambda: True)
    answers = [
        "Command Order 5-2014",
        "edict",
        "directive",
        "2014-05-06",
        "",
        "a copy",
        "partly",
        "sheriff",
        "forbids",
        "requires",
        "",
        "",
        "permits",
        "",
    ]
    done = run("new us/ca/sutter", stdin="\n".join([*answers, ""]))
    assert done.exit_code == 0, done.stderr
    written = load(["county-law"])[0].instruments["us/ca/sutter/command-order-5-2014"]
    assert (written.kind, written.sources, written.evidence, written.enacted) == (
        "directive",
        ("a copy",),
        "partly",
        None,
    )
    assert written.binds == ("sheriff",) and "About notice of the release it" in done.stdout
    assert [
        (effect.kind, effect.action, provision.decider)
        for provision in written.provisions
        for effect in provision.effects
    ] == [
        ("requires", "notify", ""),
        ("permits", "share_status", "the sheriff"),
        ("forbids", "hold", ""),
    ]


@pytest.mark.parametrize(
    ("place", "decider"), [("us/ca/sutter", "the sheriff"), ("us/ca/oxnard", "the chief of police")]
)
def test_in_a_city_the_chief_of_police_decides_unless_another_is_named(place: str, decider: str) -> None:
    assert (
        run(f'new {place} --title "Chief\'s order" --kind directive --effective 2026-02-01 --only hold').exit_code == 0
    )
    written = Path(f"county-law/{place}/chiefs-order.md").read_text(encoding="utf-8")
    assert f"decider: {decider}\n" in written
    other = "--kind directive --effective 2026-02-01 --only hold --decider 'the board'"
    assert run(f"new {place} --title Another {other}").exit_code == 0
    assert "decider: the board\n" in Path(f"county-law/{place}/another.md").read_text(encoding="utf-8")


HARBOR = '--place-name "Harbor City" --place-within us/ca/sutter'
HARBOR_FILE = "county-law/us/ca/harbor-city/command-order-5-2014.md"
HARBOR_ROW = "us/ca/harbor-city,Harbor City,city,America/Los_Angeles,us/ca/sutter,"


def test_a_city_that_is_not_known_is_entered_and_its_law_checks_and_decides() -> None:
    done = run(f"new us/ca/harbor-city {GIVEN} --forbids hold {HARBOR}")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Entered: the place us/ca/harbor-city, in county-law/places.csv." in done.stdout.replace("\\", "/")
    assert Path("county-law/places.csv").read_text(encoding="utf-8").splitlines()[1:] == [HARBOR_ROW]
    assert run("check county-law").exit_code == 0
    assert "HARBOR CITY" in run("law us/ca/harbor-city --on 2015-01-02 --library county-law").stdout
    library, findings = load(["county-law"])
    assert not findings and len(library.gazetteer.places) == len(load()[0].gazetteer.places) + 1
    decision = comity.decide({**REQUEST, "place": "us/ca/harbor-city"}, library=library)
    assert decision.outcome("hold") == "forbidden"
    assert "us/ca/harbor-city/command-order-5-2014#1" in decision.actions["hold"].determining


def test_a_second_law_of_an_entered_city_enters_it_no_second_time() -> None:
    assert run(f"new us/ca/harbor-city {GIVEN} --forbids hold {HARBOR}").exit_code == 0
    second = run(f"new us/ca/harbor-city {GIVEN} --forbids transfer --name second --json")
    assert second.exit_code == 0 and "places" not in json.loads(second.stdout)
    again = run(f"new us/ca/harbor-city {GIVEN} --forbids notify --name third {HARBOR}")
    assert again.exit_code == 2 and "us/ca/harbor-city is a place already" in again.stderr
    assert len(Path("county-law/places.csv").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("place", "options", "says"),
    [
        ("us/ca/harbor-city", "", "or enter it with --place-name and --place-within"),
        ("us/ca/harbor-city", '--place-name "Harbor City"', "--place-within: nothing says what contains"),
        ("us/ca/harbor-city", "--place-within us/ca/sutter", "--place-name: the new place has no name"),
        ("us/ca/harbor-city", HARBOR.replace("sutter", "suter"), 'did you mean "us/ca/sutter"?'),
        ("us/ca/harbor-city", HARBOR.replace("ca/sutter", "fl/monroe"), "us/fl/monroe does not lie in us/ca"),
        ("us/ca/harbor-city", f"{HARBOR} --place-zone America/Los_Angles", 'did you mean "America/Los_Angeles"?'),
        ("us/ca/harbor_city", HARBOR, "cannot be the path of a place"),
        ("us/zz/harbor-city", HARBOR, "cannot be the path of a place"),
        ("us/ca/sutter", HARBOR, "us/ca/sutter is a place already"),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_nothing_is_written(
    place: str, options: str, says: str, empty: Path
) -> None:
    done = run(f"new {place} {GIVEN} --forbids hold {options}")
    assert (done.exit_code, done.stdout) == (2, "") and says in done.stderr and not [*empty.iterdir()]


def test_on_a_terminal_it_asks_about_a_place_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "at_terminal", lambda: True)
    done = run(f"new us/ca/harbor-city {GIVEN} --forbids hold", stdin="y\nHarbor City\nus/ca/sutter\n\n")
    assert done.exit_code == 0, done.stderr
    assert Path("county-law/places.csv").read_text(encoding="utf-8").splitlines()[1:] == [HARBOR_ROW]
    assert run(f"new us/ca/other-city {GIVEN} --forbids hold", stdin="n\n").exit_code == 2
    assert not Path("county-law/us/ca/other-city").exists()
