"""`comity words`: the words that a request may use."""

from __future__ import annotations

from collections.abc import Iterable

import click
import msgspec

from comity.commands.options import folders, refuse, shared
from comity.commands.output import show_json, show_page
from comity.intake.words import Found, Word, search_words, sections_of
from comity.law.cache import load
from comity.law.library import Library
from comity.present.page import Block, Heading, Table, Text

CHOICES_MAX = 20


@click.command("words")
@click.argument("text", required=False, default="")
@shared
def command(text: str, library: tuple[str, ...], as_json: bool) -> None:
    """Finds facts, choices and places by a word, with what each means and where it stands on the form.

    Without TEXT it lists the sections of a request. A fact that a request leaves out is unknown, never false.

    \b
    Example: comity words "Harris County"
    """
    law, faults = load(folders(library))
    refuse(faults)
    if not text.strip():
        sections = sections_of(law.vocabulary)
        if as_json:
            show_json(
                {"sections": [{"section": name, "means": means, "facts": count} for name, means, count in sections]}
            )
        else:
            show_page(overview(law))
        return
    found = search_words(text, law)
    if as_json:
        show_json({"words": [msgspec.to_builtins(word) for word in found.words], "more": found.more})
    else:
        show_page(page_of(text, found))


def overview(law: Library) -> list[Block]:
    """The sections of a request."""
    rows = tuple((name, means, str(count)) for name, means, count in sections_of(law.vocabulary))
    return [
        Heading("Words of a request", 1),
        Table(("Section", "About", "Facts"), rows, ("strong",)),
        Text(""),
        Text("Search: comity words TEXT, as in comity words robbery.", "quiet"),
    ]


def page_of(text: str, found: Found) -> list[Block]:
    """The words found, facts first."""
    page: list[Block] = [Heading(f"Words like {text.strip()}", 1)]
    if not found.words:
        return [
            *page,
            Text("Nothing is called that. Try a shorter word, or comity words for the sections of a request."),
        ]
    for title, kind in (("Facts", "fact"), ("Choices", "choice"), ("Places", "place")):
        of_kind = [word for word in found.words if word.kind == kind]
        if of_kind:
            page.append(Heading(title))
            page += [block for word in of_kind for block in _entry(word)]
    return [*page, *([Text(f"and {found.more} more: search for more of the word", "quiet")] if found.more else [])]


def _entry(word: Word) -> Iterable[Block]:
    tail = f" [{word.of}]" if word.of else ""
    yield Text(f"{word.word}: {word.means}{tail}", "", 1, "-")
    if word.synonyms:
        yield Text(f"Also read: {', '.join(word.synonyms)}.", "quiet", 2)
    if word.ambiguous:
        yield Text(f"May mean this or another choice: {', '.join(word.ambiguous)}.", "quiet", 2)
    if word.kind == "fact":
        form = f"; on the form: {word.form}" if word.form else ""
        yield Text(f"{word.question or word.means} Written as {word.written}{form}.", "quiet", 2)
        if word.choices:
            shown, more = word.choices[:CHOICES_MAX], len(word.choices) - CHOICES_MAX
            yield Text(f"Choices: {', '.join(shown)}{f', and {more} more' if more > 0 else ''}.", "quiet", 2)
