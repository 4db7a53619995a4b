"""`comity new`: begins a law file, checks it, and says what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from comity import api
from comity.api import load
from comity.authoring import new_file as drafting
from comity.authoring.check import CheckResult, check_files
from comity.authoring.new_place import NewPlace, find_place_faults, write_place
from comity.commands.options import Command, bad, folders, refuse, shared
from comity.commands.output import show_json
from comity.commands.parameters import by_option
from comity.decision.words import noun_of
from comity.finding import InputFault, grave
from comity.law.cities import CITY_KINDS
from comity.law.instrument import ACTIONS, EVIDENCE, INSTRUMENT_KINDS
from comity.law.library import PLACES_FILE, Library

FAILS = 1
COUNTY_LAW, CHECKOUT = "county-law", "policies"
SILENT, UNREAD = "says nothing", "recalled-low"
SHERIFF, CHIEF = "the sheriff", "the chief of police"
NEEDED = {"title": "What is it called", "kind": "What kind of act is it", "effective": "From which day is it in force"}
FURTHER = {
    "enacted": "On which day was it enacted",
    "source": "Where was its text read",
    "evidence": "How certain is its content",
}
BINDS = (
    "Which agencies alone does it bind, by kind, as police_department or sheriff (several apart by spaces; empty: all)"
)
EFFECTS_EXPLAINED = "What does it say about each action? only: it permits the action only with a judge's warrant."
# The options by the fields of a draft that findings name.
OPTIONS = {"effects": "comity new"} | {
    name: f"--{name}"
    for name in ("title", "kind", "effective", "enacted", "source", "evidence", "name", *drafting.EFFECTS)
}
PLACE_OPTIONS = {"path": "PLACE", "name": "--place-name", "within": "--place-within", "zone": "--place-zone"}
ENTER_HELP = "or enter it with --place-name and --place-within"
CHOICES = {"kind": INSTRUMENT_KINDS, "evidence": EVIDENCE}


def actions_option(name: str, help: str) -> Callable[[Command], Command]:
    """An option that takes actions and may be repeated."""
    return click.option(f"--{name}", name, multiple=True, metavar="ACTION", help=help)


@click.command("new")
@click.argument("place")
@click.option("--title", metavar="TEXT", help="Its title: Command Order 5-2014, detainers.")
@click.option("--kind", metavar="KIND", help=f"One of {', '.join(INSTRUMENT_KINDS)}.")
@click.option("--effective", metavar="DAY", help="The first day in force; YYYY-MM or YYYY if no more is known.")
@click.option("--enacted", metavar="DAY", default="", help="The day on which it was enacted.")
@click.option("--source", metavar="TEXT", default="", help="Where its text was read.")
@click.option(
    "--evidence", metavar="MARK", default="", help=f"The evidence: {', '.join(EVIDENCE)}; by default {UNREAD}."
)
@click.option("--citation", metavar="TEXT", default="", help="Its citation; by default its title.")
@click.option("--name", metavar="NAME", default="", help="The name of its file; by default made from the title.")
@click.option(
    "--decider",
    metavar="WHO",
    default="",
    help=f"Who decides what is permitted; by default {SHERIFF}, in a city {CHIEF}.",
)
@click.option(
    "--binds", metavar="WHO", multiple=True, help="The only agency that it binds, by kind or name; repeatable."
)
@click.option("--summary", metavar="TEXT", default="", help="What it does, in one sentence.")
@actions_option(
    "requires",
    "An action that it requires: hold, notify, transfer, interview, share_status; repeatable.",
)
@actions_option("permits", "An action that it leaves to the decider; repeatable.")
@actions_option("forbids", "An action that it forbids; repeatable.")
@actions_option("only", "An action that it permits only with a judicial warrant; repeatable.")
@click.option(
    "--place-name", metavar="NAME", default="", help="Enter PLACE as a new place of this name into your places.csv."
)
@click.option(
    "--place-within",
    metavar="PLACE",
    multiple=True,
    help="The county that the new place lies in, by its path; repeatable.",
)
@click.option("--place-zone", metavar="ZONE", default="", help="Its time zone; by default that of its county.")
@click.option(
    "--into",
    metavar="DIR",
    help=f"The folder of law to write into; by default {CHECKOUT} in a checkout of comity, else {COUNTY_LAW}.",
)
@shared
def command(place: str, into: str | None, library: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Writes a law file for a place with headings, provisions and cases, adds it to the register, and checks it.

    On a terminal, asks for what is not given. Never overwrites a file. Exits 1 if the check finds an error.

    A place that is not known, such as a small city, is entered into the table of places of the same folder: on a terminal it asks
    for its name, county and time zone, else give --place-name and --place-within.

    \b
    Example: comity new us/ca/sutter --title "Command Order 5-2014" --kind directive --effective 2014-05-06 --forbids hold
    """
    folder = Path(into or (CHECKOUT if Path(CHECKOUT, "us").is_dir() else COUNTY_LAW))
    entered = [folder] if Path(folder, PLACES_FILE).is_file() else []  # places that were entered before
    law = load([*folders(library), *entered])
    path_of_place, new_place = _place(place, law, given, at_terminal() and not as_json)
    is_city = bool(new_place) or law.gazetteer.places[path_of_place].kind in ("city", *CITY_KINDS)
    draft = _draft(path_of_place, given, as_json, CHIEF if is_city else SHERIFF)
    refuse(by_option(drafting.find_faults(draft, law), OPTIONS))
    path, register = drafting.write_draft(draft, folder)
    places = write_place(new_place, folder, law.gazetteer) if new_place else None
    result = check_files([path], folders(library))
    _show(draft, path, register, result, as_json, places)
    return FAILS if grave(result.findings) else 0


def _place(place: str, law: Library, given: dict[str, Any], asks: bool) -> tuple[str, NewPlace | None]:
    """The path of a place; with one that is not known, what is to be entered of it, from the options or from answers."""
    name, within, zone = (given.pop(f"place_{key}") for key in ("name", "within", "zone"))
    wanted = place.strip().strip("/").lower()
    if not (name or within or zone):
        try:
            return api.place_named(place, law), None
        except InputFault as fault:
            if not asks:
                help = " ".join(filter(None, (fault.findings[0].help, ENTER_HELP)))
                raise InputFault([fault.findings[0].changed(help=help), *fault.findings[1:]]) from fault
            near = law.gazetteer.suggestion(wanted)
            if not click.confirm(
                f'"{wanted}" is not known here{f"; {near}" if near else "."} Enter it as a new place?'
            ):
                raise
        name = click.prompt("What is its name")
        within = tuple(click.prompt("In which county does it lie, by its path (several apart by spaces)").split())
        zone = click.prompt("In which time zone", default=law.gazetteer.zone_of(within[0]) if within else "")
    new_place = NewPlace(path=wanted, name=name, within=tuple(within), zone=zone)
    refuse(by_option(find_place_faults(new_place, law.gazetteer), PLACE_OPTIONS))
    return wanted, new_place


def _draft(place: str, given: dict[str, Any], as_json: bool, decider: str) -> drafting.Draft:
    """The draft from the options and, on a terminal, from answers to questions; `decider` unless another is named."""
    asks = at_terminal() and not as_json
    incomplete = not all(given[name] for name in NEEDED)
    for name, question in NEEDED.items():
        given[name] = given[name] or _ask_or_refuse(name, question, asks)
    for name, question in FURTHER.items() if asks and incomplete else ():
        given[name] = given[name] or _ask(name, question, UNREAD if name == "evidence" else "")
    given["evidence"] = given["evidence"] or UNREAD
    if asks and incomplete and not given["binds"]:
        given["binds"] = tuple(click.prompt(BINDS, default="").split())
    effects = {name: given.pop(name) for name in drafting.EFFECTS}
    if asks and not any(effects.values()):
        effects = _ask_effects()
        if not given["decider"] and (effects["permits"] or effects["only"]):
            given["decider"] = click.prompt("Who decides what is permitted", default=decider)
    given["decider"] = given["decider"] or decider
    return drafting.Draft(place=place, effects=effects, **given)


def at_terminal() -> bool:
    return sys.stdin.isatty()


def _ask_or_refuse(option: str, question: str, asks: bool) -> str:
    if not asks:
        help = "give it, or run this on a terminal to be asked"
        raise bad("comity new", "missing-option", f"--{option} is missing", help)
    return _ask(option, question, None)


def _ask(option: str, question: str, default: str | None) -> str:
    """Asks on the terminal; for an option with choices, until the answer is one of them."""
    kind = click.Choice(CHOICES[option]) if option in CHOICES else None
    return str(click.prompt(question, type=kind, default=default))


def _ask_effects() -> dict[str, tuple[str, ...]]:
    """Asks what the instrument says about each of the five actions."""
    click.echo(EFFECTS_EXPLAINED)
    choices = click.Choice([*drafting.EFFECTS, SILENT])
    answers = {action: click.prompt(f"About {noun_of(action)} it", type=choices, default=SILENT) for action in ACTIONS}
    return {
        effect: tuple(action for action, answer in answers.items() if answer == effect) for effect in drafting.EFFECTS
    }


def _show(
    draft: drafting.Draft, path: Path, register: Path, result: CheckResult, as_json: bool, places: Path | None = None
) -> None:
    """Prints what was written and found; `places` is the table into which the place was entered, if it was."""
    errors = len(grave(result.findings))
    cases = sum(len(instrument.cases) for instrument in result.chosen) if result.ran else 0
    hints = tuple(_next(draft, path, register))
    if as_json:
        counts = {"cases": cases, "errors": errors, "warnings": len(result.findings) - errors}
        where = {"instrument": draft.id, "file": str(path), "register": str(register)}
        where |= {"places": str(places)} if places else {}
        show_json({**where, **counts, "findings": result.findings, "next": hints})
        return
    click.echo(f"Written: {path}, and a line in {register}.")
    if places:
        click.echo(f"Entered: the place {draft.place}, in {places}.")
    for finding in result.findings:
        click.echo(finding.lines(graded=True))
    click.echo(f"Cases run: {cases}. Errors: {errors}. Warnings: {len(result.findings) - errors}.\n\nNext:")
    for number, hint in enumerate(hints, 1):
        click.echo(f"  {number}. {hint}")


def _next(draft: drafting.Draft, path: Path, register: Path) -> Iterable[str]:
    folder = "" if register.parent == Path(CHECKOUT) else f" --library {register.parent.as_posix()}"
    kind = draft.kind.replace("_", " ")
    yield f"Put the paragraph and each sentence into your own words, and add what the {kind} says beyond them."
    yield "Where it makes exceptions, write them as a condition in `when` or `unless`, with a case on each side."
    yield f"comity law {draft.place} --on {drafting.first_day(draft)}{folder}   shows it among the law above it"
    yield "Add a case with `stack: true` for its first day, and one for its last where it has ended."
    yield f"comity check {path.as_posix()}   until nothing is wrong"
