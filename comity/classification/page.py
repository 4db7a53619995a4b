"""Definitions at a place on a day as a page for people, and over places and days as a table.

Every answer is one definition's. Requests that show something are set out once, at the end, and named by number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.classification.view import UNKNOWN, Classified, CriterionAnswer, DefinitionAnswer, Shown
from comity.decision.page import EVIDENCE_WORDS
from comity.present.page import WIDTH, Block, Heading, Style, Table, Text

MEETS: dict[bool | str, str] = {True: "met", False: "not met", UNKNOWN: "not known"}
MARKS: dict[bool | str, str] = {True: "yes", False: "no", UNKNOWN: "?"}
STYLES: dict[bool | str, Style] = {True: "strong", False: "", UNKNOWN: "open"}
OUTCOMES = {
    "required": "is required",
    "permitted": "is permitted",
    "forbidden": "is forbidden",
    "unaddressed": "is left open by the law here",
    "undetermined": "is not determined",
    "in_conflict": "is both required and forbidden",
}
DEEDS = {
    "hold": "a hold past release",
    "notify": "word of the release",
    "transfer": "a handover",
    "interview": "an interview in the jail",
    "share_status": "word of status",
    "share_custody": "word of custody or court dates",
    "access": "entry to the jail or its records",
}
HEAD = "Definition"
CELL_MAX = 4  # `yes*`
GAP = 2  # between the columns of a table
INTRODUCTION = (
    "There is no one meaning of a sanctuary jurisdiction. Each answer below is that of one definition, by whoever made it,"
    " and none is this program's. What is asked is what law does, as it is encoded here; an unwritten practice is not seen."
)
LEGEND = (
    "yes: the definition is met. no: it is not. ?: not known, because it turns on something that the law encoded"
    " here does not show. *: the definition was not in use on that day, or it is uncertain whether it was. A State's definition is"
    " asked of places elsewhere too, where it has no force; `--definition` says more of one."
)


def page_of(own: Classified) -> list[Block]:
    """One place on one day under each definition."""
    requests = Requests()
    alone = len(own.definitions) == 1
    told = [block for id, answer in own.definitions.items() for block in _definition(id, answer, requests, alone)]
    blocks: list[Block] = [Heading(f"{own.name}, {own.on}", 1)]
    blocks += [Text(f"{INTRODUCTION} Law version {own.law_version}.", "quiet"), *_lacking(own), *_recorded(own)]
    if not alone:
        blocks += [Text(""), Table((HEAD, "Answer", "In use then", ""), tuple(_rows(own)), ("", "strong", "", "quiet"))]
    return [*blocks, *told, *requests.set_out()]


def _lacking(own: Classified) -> Iterable[Block]:
    if own.not_encoded:
        text = f"Missing here, though it may bear on the answers: {'; '.join(own.not_encoded)}."
        yield Text(f"{text} So where nothing is shown to be met, that is said to be not known.", "open")


def _recorded(own: Classified) -> Iterable[Block]:
    for fact in own.facts:
        text = f"Recorded of this place, and taken with every request: {fact.value} ({fact.source}; {EVIDENCE_WORDS[fact.evidence]})."
        yield Text(text, "quiet")


def _rows(own: Classified) -> Iterable[tuple[str, str, str, str]]:
    for id, answer in own.definitions.items():
        yield id, MEETS[answer.meets], {True: "yes", False: "no", UNKNOWN: "uncertain"}[answer.in_use], answer.title


def _definition(id: str, answer: DefinitionAnswer, requests: Requests, alone: bool) -> Iterable[Block]:
    yield Heading(f"{answer.title} ({id})")
    cite = f", {answer.citation}" if answer.citation and answer.citation not in answer.by else ""
    yield Text(f"By {answer.by}{cite}; {EVIDENCE_WORDS[answer.evidence]}. {_in_use(answer)}", "quiet", 1)
    if alone:
        yield Text(answer.summary, "", 1)
    yield Text(_verdict(answer), STYLES[answer.meets], 1)
    for own in answer.criteria:
        yield Text(asked(own), STYLES[own.met], 2, f"{MARKS[own.met]:<4}")
        yield from (Text(line, "quiet", 5) for line in because(own, requests))


def asked(own: CriterionAnswer) -> str:
    """What a criterion says; of one that the law encoded here cannot show, the fact on which it turns."""
    if own.sort != "beyond":
        return own.words
    fact = "; ".join(own.lacking)
    return f"{fact[:1].upper()}{fact[1:]}: the law encoded here does not show it."


def _in_use(answer: DefinitionAnswer) -> str:
    beyond = f" Beyond {answer.within} it has no force." if answer.within else ""
    if answer.in_use == UNKNOWN:
        return f"Whether it was in use then is uncertain.{beyond}"
    return f"It was {'' if answer.in_use else 'not '}in use on that day.{beyond}"


def _verdict(answer: DefinitionAnswer) -> str:
    if answer.score is None:
        return MEETS[answer.meets]
    least, most = answer.score
    score = f"score {least}" if least == most else f"score between {least} and {most}"
    return f"{MEETS[answer.meets]}: {score} of {len(answer.criteria)}, and {answer.at_least} is the line drawn here"


def because(own: CriterionAnswer, requests: Requests) -> Iterable[str]:
    """What an answer rests on."""
    for shown in own.witnesses:
        yield f"{'Against it: request' if own.met is False else 'Request'} {requests.number(shown)}. {_follows(own, shown)}"
    for fact in own.facts:
        yield f"Recorded of this place: {fact.value} ({fact.source}; {EVIDENCE_WORDS[fact.evidence]})."
    if own.on_list:
        yield f"Listed as {own.on_list}."
    for lacking in own.lacking if own.sort != "beyond" else ():
        yield f"It turns on {lacking}."
    if not own.settled:
        yield "Not settled in the time given, which shows nothing either way."
    if own.like:
        yield f"As in {own.like}."
    if own.met is False and own.sort in ("some", "rule_against") and not own.witnesses:
        yield "No request that could come here is treated so by the law encoded here."
    if own.met is False and own.sort == "every" and not own.witnesses:
        yield "No such request could come here at all."


def _follows(own: CriterionAnswer, shown: Shown) -> str:
    deed, outcome = DEEDS.get(shown.action, shown.action), OUTCOMES[shown.outcome]
    recorded = ", with what is recorded of this place" if shown.facts else ""
    cites = _joined(dict.fromkeys(rests.cite for rests in shown.provisions))
    if own.sort == "rule_against" or (own.sort == "as" and shown.outcome != "forbidden"):
        yields = recorded if shown.outcome == "forbidden" else f"; that rule yields to other law, and {deed} {outcome}"
        return f"{deed[:1].upper()}{deed[1:]} is forbidden by {cites}{yields}."
    return f"{deed[:1].upper()}{deed[1:]} {outcome}{f', by {cites}' if cites else ''}{recorded}."


def _joined(words: Iterable[str]) -> str:
    every = list(words)
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else "".join(every)


class Requests:
    """The requests that show something, each once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, ...], int] = {}

    def number(self, own: Shown) -> int:
        return self.known.setdefault(own.words, len(self.known) + 1)

    def set_out(self) -> Iterable[Block]:
        if not self.known:
            return
        yield Heading("The requests that are named above")
        yield Text("Each is an example, reduced to what matters; all else about it may be as it will.", "quiet", 1)
        for words, number in self.known.items():
            text = "; ".join(words) or "any request"
            yield Text(f"{text[:1].upper()}{text[1:]}.", "", 1, f"{number}.")


def table_of(found: Sequence[Classified]) -> list[Block]:
    """Several places or days side by side: a row a definition, a column each."""
    days = dict.fromkeys(own.on for own in found)
    places = dict.fromkeys(own.place for own in found)
    blocks: list[Block] = [Heading("Definitions over places and days", 1), Text(INTRODUCTION, "quiet")]
    if len(days) == 1:
        blocks += [Heading(f"On {found[0].on}"), *_columns([(own.place.removeprefix("us/"), own) for own in found])]
    else:
        for place in places:
            of_place = [own for own in found if own.place == place]
            yearly = all((own.on.month, own.on.day) == (1, 1) for own in of_place)
            blocks.append(Heading(f"{of_place[0].name}{', on 1 January of each year' if yearly else ''}"))
            blocks += _columns([(str(own.on.year) if yearly else str(own.on), own) for own in of_place])
    return [*blocks, Text(""), Text(LEGEND, "quiet"), *_not_encoded(found)]


def _columns(columns: Sequence[tuple[str, Classified]]) -> Iterable[Block]:
    for part in _fitting(columns):
        rows = tuple((_short(id), *(_cell(own.definitions[id]) for _, own in part)) for id in part[0][1].definitions)
        yield Text("")
        yield Table((HEAD, *(head for head, _ in part)), rows)


def _fitting(columns: Sequence[tuple[str, Classified]]) -> Iterable[list[tuple[str, Classified]]]:
    """The columns in as many tables as it takes for each to fit the width of a page."""
    first = max(len(own) for own in (HEAD, *map(_short, columns[0][1].definitions))) + GAP
    part: list[tuple[str, Classified]] = []
    left = WIDTH - first
    for head, own in columns:
        needed = max(len(head), CELL_MAX) + GAP
        if part and needed > left:
            yield part
            part, left = [], WIDTH - first
        part.append((head, own))
        left -= needed
    yield part


def _short(id: str) -> str:
    return id.removeprefix("def-")


def _cell(answer: DefinitionAnswer) -> str:
    return MARKS[answer.meets] + ("" if answer.in_use is True else "*")


def _not_encoded(found: Sequence[Classified]) -> Iterable[Block]:
    lacking: dict[str, dict[str, None]] = {}
    for own in found:
        lacking.setdefault(own.name, {}).update(dict.fromkeys(own.not_encoded))
    for name, titles in lacking.items():
        if titles:
            yield Text(f"Missing here, of {name}: {'; '.join(titles)}.", "open")
