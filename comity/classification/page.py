"""The page of the answers for one place and day, and the table for several places and days.

Every answer is that of one definition. Example requests are listed once, at the end, and referred to by number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.classification.view import UNKNOWN, Classified, CriterionAnswer, DefinitionAnswer, ExampleRequest
from comity.decision.words import EVIDENCE_WORDS, noun_of, state_outcome
from comity.present.page import WIDTH, Block, Heading, Style, Table, Text

MEETS: dict[bool | str, str] = {True: "met", False: "not met", UNKNOWN: "not known"}
MARKS: dict[bool | str, str] = {True: "yes", False: "no", UNKNOWN: "?"}
STYLES: dict[bool | str, Style] = {True: "strong", False: "", UNKNOWN: "open"}
HEAD = "Definition"
CELL_MAX = 4  # `yes*`
GAP = 2  # between the columns of a table
INTRODUCTION = (
    'The term "sanctuary jurisdiction" has no single meaning. Each answer below is that of one definition, by its author, and'
    " none is this program's. The answers are about the law as encoded here, not about unwritten practice."
)
LEGEND = (
    "yes: the definition is met. no: it is not. ?: not known, because it depends on something that the law encoded"
    " here does not show. *: the definition was not in use on that day, or it is uncertain whether it was. A State's definition is"
    " applied to places outside that State too, where it has no force. For the reasons, classify by one definition."
)


def page_of(answers: Classified) -> list[Block]:
    """The page for one place on one day, under each definition."""
    requests = ExampleList()
    alone = len(answers.definitions) == 1
    sections = [
        block for id, answer in answers.definitions.items() for block in _definition(id, answer, requests, alone)
    ]
    blocks: list[Block] = [Heading(f"{answers.name}, {answers.on}", 1)]
    blocks += [
        Text(f"{INTRODUCTION} Law version {answers.law_version}.", "quiet"),
        *_lacking(answers),
        *_recorded(answers),
    ]
    if not alone:
        blocks += [
            Text(""),
            Table((HEAD, "Answer", "In use then", ""), tuple(_rows(answers)), ("", "strong", "", "quiet")),
        ]
    return [*blocks, *sections, *requests.set_out()]


def _lacking(answers: Classified) -> Iterable[Block]:
    if answers.not_encoded:
        text = f"Not encoded here, though it may affect the answers: {'; '.join(answers.not_encoded)}."
        yield Text(f"{text} So what is not shown to be met is given as not known.", "open")


def _recorded(answers: Classified) -> Iterable[Block]:
    for fact in answers.facts:
        text = f"Recorded of this place, and assumed for every request: {fact.value} ({fact.source}; {EVIDENCE_WORDS[fact.evidence]})."
        yield Text(text, "quiet")


def _rows(answers: Classified) -> Iterable[tuple[str, str, str, str]]:
    for id, answer in answers.definitions.items():
        yield id, MEETS[answer.meets], {True: "yes", False: "no", UNKNOWN: "uncertain"}[answer.in_use], answer.title


def _definition(id: str, answer: DefinitionAnswer, requests: ExampleList, alone: bool) -> Iterable[Block]:
    yield Heading(f"{answer.title} ({id})")
    cite = f", {answer.citation}" if answer.citation and answer.citation not in answer.by else ""
    yield Text(f"By {answer.by}{cite}; {EVIDENCE_WORDS[answer.evidence]}. {_in_use(answer)}", "quiet", 1)
    if alone:
        yield Text(answer.summary, "", 1)
    yield Text(_verdict(answer), STYLES[answer.meets], 1)
    for criterion in answer.criteria:
        yield Text(criterion_in_words(criterion), STYLES[criterion.met], 2, f"{MARKS[criterion.met]:<4}")
        yield from (Text(line, "quiet", 5) for line in reasons_of(criterion, requests))


def criterion_in_words(criterion: CriterionAnswer) -> str:
    """What a criterion requires.

    Of one that the law encoded here cannot show, the fact that it depends on.
    """
    if criterion.sort != "beyond":
        return criterion.words
    fact = "; ".join(criterion.lacking)
    return f"{fact[:1].upper()}{fact[1:]}: the law encoded here does not show it."


def _in_use(answer: DefinitionAnswer) -> str:
    outside = f" Outside {answer.within} it has no force." if answer.within else ""
    if answer.in_use == UNKNOWN:
        return f"Whether it was in use then is uncertain.{outside}"
    return f"It was {'' if answer.in_use else 'not '}in use on that day.{outside}"


def _verdict(answer: DefinitionAnswer) -> str:
    if answer.score is None:
        return MEETS[answer.meets]
    least, most = answer.score
    score = f"score {least}" if least == most else f"score between {least} and {most}"
    return f"{MEETS[answer.meets]}: {score} of {len(answer.criteria)}, and {answer.at_least} is enough"


def reasons_of(criterion: CriterionAnswer, requests: ExampleList) -> Iterable[str]:
    """What the answer of a criterion rests on, one line each."""
    for shown in criterion.witnesses:
        yield f"{'Against it: request' if criterion.met is False else 'Request'} {requests.number(shown)}. {_follows(criterion, shown)}"
    for fact in criterion.facts:
        yield f"Recorded of this place: {fact.value} ({fact.source}; {EVIDENCE_WORDS[fact.evidence]})."
    if criterion.on_list:
        yield f"Listed as {criterion.on_list}."
    for lacking in criterion.lacking if criterion.sort != "beyond" else ():
        yield f"It depends on {lacking}."
    if not criterion.settled:
        yield "Not settled within the time limit, which proves nothing either way."
    if criterion.like:
        yield f"As in {criterion.like}."
    if criterion.met is False and criterion.sort in ("some", "rule_against") and not criterion.witnesses:
        yield "The law encoded here treats no possible request this way."
    if criterion.met is False and criterion.sort == "every" and not criterion.witnesses:
        yield "No such request is possible here."


def _follows(criterion: CriterionAnswer, shown: ExampleRequest) -> str:
    outcome = state_outcome(shown.action, shown.outcome)
    recorded = ", given the recorded facts of this place" if shown.facts else ""
    cites = _joined(dict.fromkeys(provision.cite for provision in shown.provisions))
    if criterion.sort == "rule_against" or (criterion.sort == "as" and shown.outcome != "forbidden"):
        yields = recorded if shown.outcome == "forbidden" else f"; that rule yields to other law, and {outcome}"
        noun = noun_of(shown.action)
        return f"{noun[:1].upper()}{noun[1:]} is forbidden by {cites}{yields}."
    return f"{outcome[:1].upper()}{outcome[1:]}{f', by {cites}' if cites else ''}{recorded}."


def _joined(words: Iterable[str]) -> str:
    every = list(words)
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else "".join(every)


class ExampleList:
    """The example requests of a page, each once, with its number."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, ...], int] = {}

    def number(self, example: ExampleRequest) -> int:
        """The number of an example; a new one if the same words have none yet."""
        return self.known.setdefault(example.words, len(self.known) + 1)

    def set_out(self) -> Iterable[Block]:
        """The examples in the order of their numbers, as part of the page."""
        if not self.known:
            return
        yield Heading("The requests named above")
        yield Text(
            "Each is an example, reduced to the facts that matter; its other facts make no difference.", "quiet", 1
        )
        for words, number in self.known.items():
            text = "; ".join(words) or "any request"
            yield Text(f"{text[:1].upper()}{text[1:]}.", "", 1, f"{number}.")


def table_of(found: Sequence[Classified]) -> list[Block]:
    """The table for several places or days, with a row for each definition."""
    days = dict.fromkeys(answers.on for answers in found)
    places = dict.fromkeys(answers.place for answers in found)
    blocks: list[Block] = [Heading("Definitions over places and days", 1), Text(INTRODUCTION, "quiet")]
    if len(days) == 1:
        blocks += [
            Heading(f"On {found[0].on}"),
            *_columns([(answers.place.removeprefix("us/"), answers) for answers in found]),
        ]
    else:
        for place in places:
            of_place = [answers for answers in found if answers.place == place]
            yearly = all((answers.on.month, answers.on.day) == (1, 1) for answers in of_place)
            blocks.append(Heading(f"{of_place[0].name}{', on 1 January of each year' if yearly else ''}"))
            blocks += _columns([(str(answers.on.year) if yearly else str(answers.on), answers) for answers in of_place])
    return [*blocks, Text(""), Text(LEGEND, "quiet"), *_not_encoded(found)]


def _columns(columns: Sequence[tuple[str, Classified]]) -> Iterable[Block]:
    for part in _fitting(columns):
        rows = tuple(
            (_short(id), *(_cell(answers.definitions[id]) for _, answers in part)) for id in part[0][1].definitions
        )
        yield Text("")
        yield Table((HEAD, *(head for head, _ in part)), rows)


def _fitting(columns: Sequence[tuple[str, Classified]]) -> Iterable[list[tuple[str, Classified]]]:
    """The columns divided into tables that each fit the width of a page."""
    first = max(len(text) for text in (HEAD, *map(_short, columns[0][1].definitions))) + GAP
    part: list[tuple[str, Classified]] = []
    left = WIDTH - first
    for head, answers in columns:
        needed = max(len(head), CELL_MAX) + GAP
        if part and needed > left:
            yield part
            part, left = [], WIDTH - first
        part.append((head, answers))
        left -= needed
    yield part


def _short(id: str) -> str:
    return id.removeprefix("def-")


def _cell(answer: DefinitionAnswer) -> str:
    return MARKS[answer.meets] + ("" if answer.in_use is True else "*")


def _not_encoded(found: Sequence[Classified]) -> Iterable[Block]:
    lacking: dict[str, dict[str, None]] = {}
    for answers in found:
        lacking.setdefault(answers.name, {}).update(dict.fromkeys(answers.not_encoded))
    for name, titles in lacking.items():
        if titles:
            yield Text(f"Not encoded here, of {name}: {'; '.join(titles)}.", "open")
