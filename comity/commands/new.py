"""`comity new`: a law file to begin with, checked, and what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from comity import api as calls
from comity.api import load
from comity.authoring import new_file as drafting
from comity.authoring.check import Checked, checked
from comity.commands.options import Command, bad, folders, refuse, shared
from comity.commands.output import show_json
from comity.commands.parameters import by_option
from comity.finding import grave
from comity.law.instrument import ACTIONS, EVIDENCE, INSTRUMENT_KINDS

FAILS = 1
OWN, CHECKOUT = "county-law", "policies"
SILENT, UNREAD = "says nothing", "recalled-low"
NEEDED = {"title": "What is it called", "kind": "What kind of act is it", "effective": "From which day is it in force"}
FURTHER = {
    "enacted": "On which day was it made",
    "source": "Where was its text read",
    "evidence": "How surely is its content known",
}
# The options by the fields of a draft that findings name.
OPTIONS = {"effects": "comity new"} | {
    name: f"--{name}"
    for name in ("title", "kind", "effective", "enacted", "source", "evidence", "name", *drafting.EFFECTS)
}
CHOICES = {"kind": INSTRUMENT_KINDS, "evidence": EVIDENCE}


def several(name: str, help: str) -> Callable[[Command], Command]:
    """An option for actions, which may be given more than once."""
    return click.option(f"--{name}", name, multiple=True, metavar="ACTION", help=help)


@click.command("new", short_help="A law file to begin with, checked.")
@click.argument("place")
@click.option("--title", metavar="TEXT", help="What it is called: Command Order 5-2014, detainers.")
@click.option("--kind", metavar="KIND", help=f"One of {', '.join(INSTRUMENT_KINDS)}.")
@click.option("--effective", metavar="DAY", help="The first day in force; YYYY-MM or YYYY where no more is known.")
@click.option("--enacted", metavar="DAY", default="", help="The day on which it was made.")
@click.option("--source", metavar="TEXT", default="", help="Where its text was read.")
@click.option(
    "--evidence", metavar="MARK", default="", help=f"How sure it is: {', '.join(EVIDENCE)}; {UNREAD} without it."
)
@click.option("--citation", metavar="TEXT", default="", help="How it is cited, where not by its title.")
@click.option("--name", metavar="NAME", default="", help="The name of its file, where not made of the title.")
@click.option("--decider", metavar="WHO", default="the sheriff", help="Who decides what is permitted.")
@click.option(
    "--binds", metavar="WHO", multiple=True, help="The agency, by kind or name, that alone it binds; repeatable."
)
@click.option("--summary", metavar="TEXT", default="", help="What it does, in a sentence of your own.")
@several(
    "requires",
    "What it orders whenever a request asks for it: hold, notify, transfer, interview, share_status; repeatable.",
)
@several("permits", "What it leaves to the decider; repeatable.")
@several("forbids", "What it forbids; repeatable.")
@several("only", "What it allows only with a warrant that a judge has signed; repeatable.")
@click.option(
    "--into", metavar="DIR", help=f"The folder of law to write into; {CHECKOUT} in a checkout of comity, else {OWN}."
)
@shared
def command(place: str, into: str | None, library: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Writes a law file for a place with headings, provisions and cases, enters it in the register, and checks it.

    What is not given is asked on a terminal. Nothing is ever written over. Exits 1 where the check finds an error.

    \b
    Example: comity new us/ca/sutter --title "Command Order 5-2014" --kind directive --effective 2014-05-06 --forbids hold
    """
    law, folder = load(folders(library)), Path(into or (CHECKOUT if Path(CHECKOUT, "us").is_dir() else OWN))
    draft = _draft(calls.place_named(place, law), given, as_json)
    refuse(by_option(drafting.faults(draft, law), OPTIONS))
    path, register = drafting.written(draft, folder)
    made = checked([path], folders(library))
    _tell(draft, path, register, made, as_json)
    return FAILS if grave(made.findings) else 0


def _draft(place: str, given: dict[str, Any], as_json: bool) -> drafting.Draft:
    asks = at_terminal() and not as_json
    begun = not all(given[name] for name in NEEDED)
    for name, question in NEEDED.items():
        given[name] = given[name] or _asked(name, question, asks)
    for name, question in FURTHER.items() if asks and begun else ():
        given[name] = given[name] or _prompted(name, question, UNREAD if name == "evidence" else "")
    given["evidence"] = given["evidence"] or UNREAD
    effects = {name: given.pop(name) for name in drafting.EFFECTS}
    if asks and not any(effects.values()):
        effects = _effects_asked()
    return drafting.Draft(place=place, effects=effects, **given)


def at_terminal() -> bool:
    return sys.stdin.isatty()


def _asked(option: str, question: str, asks: bool) -> str:
    if not asks:
        raise bad(
            "comity new", "missing-option", f"--{option} is missing", "give it, or run this on a terminal to be asked"
        )
    return _prompted(option, question, None)


def _prompted(option: str, question: str, default: str | None) -> str:
    """An answer; of a closed list one of its members."""
    kind = click.Choice(CHOICES[option]) if option in CHOICES else None
    return str(click.prompt(question, type=kind, default=default))


def _effects_asked() -> dict[str, tuple[str, ...]]:
    """Asks about the five actions that are always answered, one after another."""
    choices = click.Choice([*drafting.EFFECTS, SILENT])
    answers = {action: click.prompt(f"About {action} it", type=choices, default=SILENT) for action in ACTIONS}
    return {effect: tuple(action for action, own in answers.items() if own == effect) for effect in drafting.EFFECTS}


def _tell(draft: drafting.Draft, path: Path, register: Path, made: Checked, as_json: bool) -> None:
    errors = len(grave(made.findings))
    cases = sum(len(own.cases) for own in made.chosen)
    hints = tuple(_next(draft, path, register))
    if as_json:
        counts = {"cases": cases, "errors": errors, "warnings": len(made.findings) - errors}
        where = {"instrument": draft.id, "file": str(path), "register": str(register)}
        show_json({**where, **counts, "findings": made.findings, "next": hints})
        return
    click.echo(f"Written: {path}, and a line in {register}.")
    for finding in made.findings:
        click.echo(finding.lines())
    click.echo(f"Cases run: {cases}. Errors: {errors}. Warnings: {len(made.findings) - errors}.\n\nNext:")
    for number, hint in enumerate(hints, 1):
        click.echo(f"  {number}. {hint}")


def _next(draft: drafting.Draft, path: Path, register: Path) -> Iterable[str]:
    folder = "" if register.parent == Path(CHECKOUT) else f" --library {register.parent.as_posix()}"
    yield "Put the paragraph and each sentence into your own words, and add what the directive says beyond them."
    yield "Where it makes exceptions, write them as a condition in `when` or `unless`, with a case on each side."
    yield f"comity law {draft.place} --on {drafting.first_day(draft)}{folder}   shows it among the law above it"
    yield "Add a case with `stack: true` for its first day, and one for its last where it has ended."
    yield f"comity check {path.as_posix()}   until nothing is wrong"
