"""`comity ask`: the request asked for question by question, ending in the card."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from comity.commands.options import bad, folders, refuse, shared
from comity.commands.output import show_json, show_page, show_written
from comity.decision.card import card_of
from comity.decision.incoming import name_of
from comity.facts import kinds
from comity.finding import Finding, grave
from comity.interview.answers import ANSWER_MAX, RECORDS_MAX, Question
from comity.interview.asking import Interview
from comity.law.cache import load
from comity.present.clean import cleaned
from comity.present.files import write_files
from comity.present.page import WIDTH, Block, Table, Text, as_text

LINES_MAX = 300  # lines read, so that no input keeps it going
LONG_LIST = 12  # a longer list of choices is shown once, in columns
COLUMNS = 3
EXPLAIN, UNDO, STOP = ("?", "help"), ("back", "undo"), ("stop", "quit")
INTRODUCTION = "An empty answer means not known. ? explains a question, back undoes an answer, stop shows the card."
HOW_TO = {
    kinds.Truth: "yes or no",
    kinds.Set: "numbers, as in 1,3; 0 for none; + at the end if there may be more",
    kinds.Records: f"type how many, at most {RECORDS_MAX}: 0 for none, 2+ for two or more; each is asked about next",
    kinds.Day: "YYYY-MM-DD",
    kinds.Moment: "local time, as in 2026-11-25 18:00",
    kinds.Number: "a number",
}  # fmt: skip


@click.command("ask")
@click.option("--place", metavar="PLACE", default="", help="The place that decides; asked for if it is not given.")
@click.option("--at", metavar="MOMENT", default="", help="The moment of the decision, in local time; by default now.")
@click.option("--out", metavar="FILE", help="Write the request to a new file, which comity decide reads.")
@shared
def command(place: str, at: str, out: str | None, library: tuple[str, ...], as_json: bool) -> None:
    """Asks for a request on the terminal, and decides it.

    The questions come one by one, the most decisive first, until no further answer can change the decision. Then it prints the card
    of comity decide. With --json, it asks on standard error and prints the decision as JSON. Answers may come from a pipe, a line each.

    \b
    Example: comity ask --place us/tx/harris --out request.json
    """
    if out and Path(out).exists():
        raise bad("--out", "file-exists", f"{out} exists already", "name a new file")
    law, faults = load(folders(library))
    refuse(faults)
    interview = Interview(law, datetime.now(UTC).replace(microsecond=0), place, at)
    refuse(interview.faults)
    Dialog(interview, to_stderr=as_json).run()
    if interview.arrived is None or interview.decision is None:
        raise bad("comity ask", "no-place", "no place was given, so nothing can be decided", "give --place")
    if as_json:
        show_json(interview.decision.to_dict())
    else:
        show_page(card_of(interview.decision, name_of(interview.arrived.where, law)))
    if out:
        content = msgspec.json.format(msgspec.json.encode(interview.document()), indent=2) + b"\n"
        paths = write_files(Path(out).parent, {Path(out).name: content})
        if not as_json:
            show_written(paths)


class Dialog:
    """Shows the questions of an interview, and reads the answers from standard input until it ends."""

    def __init__(self, interview: Interview, *, to_stderr: bool) -> None:
        self.interview, self.to_stderr = interview, to_stderr
        self.listed: set[str] = set()
        self.echoes = not sys.stdin.isatty()

    def run(self) -> None:
        """Asks until nothing is left that matters, the input ends, or `stop`."""
        self.show([Text(INTRODUCTION, "quiet")])
        shown: Question | None = None
        number = 0
        for _ in range(LINES_MAX):
            question = self.interview.question
            if question is None:
                break
            if question != shown:
                number = len(self.interview.history) + 1
                self.show(self.lines(question, number))
                shown = question
            line = self.read()
            if line is None or line.casefold() in STOP:
                break
            if line.casefold() in UNDO:
                self.show([] if self.interview.undo() else [Text("There is no answer to undo.", "open", 1)])
                shown = None
            elif line.casefold() in EXPLAIN:
                self.show(explain(question))
            else:
                self.show(said(finding) for finding in self.interview.answer(line))
        self.show([Text("")])

    def lines(self, question: Question, number: int) -> Iterable[Block]:
        """A question with its choices; a long list is shown the first time only."""
        record = f"{question.record}: " if question.record else ""
        how = "; ".join(part for part in (HOW_TO.get(type(question.kind), ""), on_the_form(question)) if part)
        yield Text("")
        yield Text(f"{record}{question.text}{f' ({how})' if how else ''}", "strong", 0, f"{number}.")
        if len(question.choices) <= LONG_LIST:
            for index, choice in enumerate(question.choices, 1):
                yield Text(choice.words, "", 1, f"{index:>2}")
            return
        field = question.fact.partition("[")[0] + question.fact.partition("]")[2]
        if field in self.listed:
            yield Text("A number, or a word such as DWI; ? lists the choices.", "quiet", 1)
        else:
            self.listed.add(field)
            yield from columns(question)
            yield Text("A number, or a word such as DWI; ? says what each means.", "quiet", 1)

    def show(self, blocks: Iterable[Block]) -> None:
        page = list(blocks)
        if not page:
            return
        if self.to_stderr:
            click.echo(as_text(page, WIDTH), nl=False, err=True)
        else:
            show_page(page)

    def read(self) -> str | None:
        """One answer; None at the end of the input. What comes from a pipe is shown, as if it had been typed."""
        click.echo("> ", nl=False, err=self.to_stderr)
        content = sys.stdin.buffer.readline(ANSWER_MAX)
        line = content.decode("utf-8", "replace").strip() if content else None
        if self.echoes or line is None:
            click.echo(cleaned(line or ""), err=self.to_stderr)
        return line


def on_the_form(question: Question) -> str:
    """Where on the form the answer is found."""
    return f"on the form: {question.form}" if question.form else ""


def columns(question: Question) -> Iterable[Block]:
    """A long list of choices in columns: number and name, read downwards."""
    cells = [f"{n:>2} {choice.member.replace('_', ' ')}" for n, choice in enumerate(question.choices, 1)]
    height = -(-len(cells) // COLUMNS)
    rows = tuple(tuple([*cells[row::height], "", ""][:COLUMNS]) for row in range(height))
    yield Table(("",) * COLUMNS, rows, indent=1)


def explain(question: Question) -> Iterable[Block]:
    """What a question is about: where the answer is found, what depends on it, and what each choice means."""
    if question.decides:
        yield Text(f"The answer may decide: {', '.join(question.decides)}.", "quiet", 1)
    if question.form:
        yield Text(f"On the form: {question.form}.", "quiet", 1)
    if question.source:
        yield Text(f"Source: {question.source}.", "quiet", 1)
    yield Text(f"Name in a file: {question.fact}. Leave the answer empty if it is not known.", "quiet", 1)
    for index, choice in enumerate(question.choices, 1):
        yield Text(f"{choice.words} [{choice.member}]", "", 1, f"{index:>2}")


def said(finding: Finding) -> Block:
    """What is wrong with an answer, or how it was read."""
    tail = f"; {finding.help}" if finding.help else ""
    return Text(f"{finding.message}{tail}", "open" if grave([finding]) else "quiet", 1)
