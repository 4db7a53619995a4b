"""The page of rulings: the facts of each as a request, decided under the law of that day, beside what the court held.

Each ruling is a file under docs/rulings. The outcome that it states is compared with the decision, as soon as the law that it
rests on is encoded, so that the page is a test of the law.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from coverage_page import EVIDENCE_PAGE, is_out_of_reach, register_rows, table

from comity.decision.decision import Decision
from comity.decision.incoming import ENVELOPE, incoming
from comity.decision.request import decided_of
from comity.facts.document import document_of
from comity.facts.request import flatten
from comity.finding import Finding, InputFault, Place, grave
from comity.law.cache import shipped
from comity.law.library import Library
from comity.yamltext import read_yaml

FOLDER = Path(__file__).resolve().parent / "rulings"
OPENING = f"""# Rulings, and the law of their day

Court decisions about detainers. The facts of each are a request, reduced to what the ruling depends on and without names, and
decided under the law in force at that place on that day. Below it is what the court held, and how the same request is decided on
the day of the ruling, under law that includes the ruling.

A court in a damages case says what should have been done; the law of the day says what was required of the jail. So the two may
differ without either being wrong, and where the law required what a court later called unlawful, the page shows it. *Unaddressed*
means that no law there required, forbade or expressly allowed the hold. [Marks of evidence]({EVIDENCE_PAGE}) are about the facts.

`.venv/bin/python docs/write_pages.py rulings` decides every request again and writes this page; a test compares each outcome with
the one that the ruling's file under `docs/rulings` states. Where the law that a request depends on is not encoded yet, the page
says so, and nothing is compared.
"""


class Ruling(msgspec.Struct, frozen=True):
    """One ruling as in its file: `then` is the outcome that is expected once the entries of `rests_on` are encoded."""

    title: str
    register: str
    court: str
    decided: str
    subject: str
    facts: str
    request: dict[str, Any]
    then: dict[str, str]
    held: str
    beside: str
    evidence: str
    sources: list[str]
    rests_on: list[str] = []
    after: dict[str, Any] = {}


class Decided(NamedTuple):
    """A ruling's request on one of its two days: the expected outcome, the decision, and the law that is not encoded for it."""

    at: str
    then: Mapping[str, str]
    decision: Decision
    lacking: tuple[str, ...]
    document: str

    @property
    def wrong(self) -> list[str]:
        """Each outcome that differs from the one that the file states."""
        outcomes = [(action, stated, self.decision.outcome(action)) for action, stated in self.then.items()]
        return [
            f"{action} is {outcome}, not {stated}"
            for action, stated, outcome in outcomes
            if outcome != stated and not self.lacking
        ]


class DecidedRuling(NamedTuple):
    """A ruling with its request decided on the day of the facts, and on the day of the ruling.

    `speaks` are the instruments that encode the ruling and apply on its day.
    """

    ruling: Ruling
    before: Decided
    after: Decided | None
    speaks: tuple[str, ...]


def rulings_page(library: Library) -> str:
    """The page as Markdown: a table of all rulings, then a section for each."""
    rulings = every_ruling(library)
    head = ("ruling", "place and day", "under the law of that day", "on the day of the ruling")
    parts = [OPENING, f"## All {len(rulings)} rulings\n", table(head, map(_row, rulings))]
    return "\n".join([*parts, *(text for ruling in rulings for text in _section(ruling))])


def every_ruling(library: Library) -> list[DecidedRuling]:
    """Every ruling of the folder, ordered by the day of the ruling."""
    register = {row["id"]: row for row in register_rows(shipped())}
    rulings = (read_ruling(path) for path in FOLDER.glob("*.yaml"))
    ordered = sorted(rulings, key=lambda ruling: (ruling.decided, ruling.title))
    return [_decide_ruling(ruling, register, library) for ruling in ordered]


def read_ruling(path: Path) -> Ruling:
    """Reads a ruling from its file; raises `InputFault` if it is not one."""
    tree, findings = read_yaml(path.read_text(encoding="utf-8"), path.name)
    if findings or not isinstance(tree, dict):
        raise InputFault(findings)
    return Ruling(**{str(key): value for key, value in tree.items()})


def _decide_ruling(ruling: Ruling, register: Mapping[str, Mapping[str, str]], library: Library) -> DecidedRuling:
    before = _decide(ruling, ruling.request, ruling.then, ruling.rests_on, register, library)
    if not ruling.after:
        return DecidedRuling(ruling, before, None, ())
    again = {**ruling.request, "at": ruling.after["at"]}
    after = _decide(ruling, again, ruling.after["then"], ruling.after.get("rests_on", []), register, library)
    hold = after.decision.actions["hold"]
    provisions = (*hold.determining, *(warning.provision for warning in hold.warnings))
    named = {provision.partition("#")[0] for provision in provisions}
    return DecidedRuling(
        ruling, before, after, tuple(id for id in register[ruling.register]["encoded"].split() if id in named)
    )


def _decide(
    ruling: Ruling,
    document: Mapping[str, Any],
    then: Mapping[str, str],
    rests_on: Iterable[str],
    register: Mapping[str, Mapping[str, str]],
    library: Library,
) -> Decided:
    arrived, findings = incoming(document, library, ruling.title)
    if arrived is None:
        raise InputFault(grave(findings) or [Finding("not-a-request", Place(ruling.title), "this is no request")])
    given = flatten({key: value for key, value in document.items() if key not in ENVELOPE}, library.vocabulary)
    shown = {
        "place": arrived.where.path,
        "at": document["at"],
        **document_of({path: arrived.request.values[path] for path in given}),
    }
    lacking = tuple(
        register[id]["title"] for id in rests_on if register[id]["why_not"] and not is_out_of_reach(register[id])
    )
    return Decided(str(document["at"]), then, decided_of(arrived, library), lacking, json_of(shown))


def json_of(document: Mapping[str, Any]) -> str:
    """The request as a file for `comity decide`, a line for each part."""
    return "{\n" + ",\n".join(f'  "{key}": {json.dumps(value)}' for key, value in document.items()) + "\n}"


def _row(decided: DecidedRuling) -> tuple[str, ...]:
    where = f"{decided.ruling.request['place']}, {decided.before.at[:10]}"
    link = f"[{decided.ruling.title}](#{anchor_of(decided.ruling.title)})"
    return link, where, _outcomes(decided.before), _outcomes(decided.after) if decided.after else "the same day"


def _outcomes(decided: Decided) -> str:
    """The outcomes; where law is missing, those that the file states, which are not compared yet."""
    if decided.lacking:
        stated = ", ".join(f"{action} {outcome}" for action, outcome in decided.then.items())
        return f"*{stated}: stated, not compared; not encoded yet: {'; '.join(decided.lacking)}*"
    return ", ".join(f"{action} {decided.decision.outcome(action)}" for action in decided.then).replace("_", " ")


def _section(decided: DecidedRuling) -> Iterator[str]:
    ruling = decided.ruling
    yield f"## {ruling.title}\n\n{ruling.court}, {ruling.decided}.\n"
    yield f"**{ruling.subject}.** {flowing(ruling.facts)}\n"
    yield f"```json\n{decided.before.document}\n```\n"
    rows = [
        _line("under the law of that day", decided.before),
        *([_line("on the day of the ruling", decided.after)] if decided.after else []),
    ]
    yield table(("", "day", "outcome", "by"), rows)
    yield f"**The court:** {flowing(ruling.held)}\n"
    speaks = f" On its day, the ruling itself applies, in {links_to(decided.speaks)}." if decided.speaks else ""
    yield f"**Compared:** {flowing(ruling.beside)}{speaks}\n"
    yield f"*Facts {ruling.evidence}: {'; '.join(ruling.sources)}.*\n"


def _line(label: str, decided: Decided) -> tuple[str, ...]:
    by = dict.fromkeys(id.partition("#")[0] for action in decided.then for id in _determining(decided, action))
    return label, decided.at[:10], _outcomes(decided), "" if decided.lacking else links_to(by) or "no law"


def _determining(decided: Decided, action: str) -> Sequence[str]:
    answer = decided.decision.actions.get(action)
    return answer.determining if answer else ()


def links_to(ids: Iterable[str]) -> str:
    """Links to the files of instruments, in Markdown."""
    return ", ".join(f"[{id}](../policies/{id}.md)" for id in ids)


def anchor_of(heading: str) -> str:
    """The anchor of a heading, as code hosts compute it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def flowing(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())
