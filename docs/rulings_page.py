"""Court decisions: the facts of each as a request, decided under the law as it then stood, beside what the court held.

Each is a file under docs/rulings. What it says must come out is compared with what comes out, as soon as the law that it
rests on is encoded: so the page is a test of the law, and says which of it has not been put to the test yet.
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
from comity.facts.request import flattened
from comity.finding import Finding, InputFault, Place, grave
from comity.law.cache import shipped
from comity.law.library import Library
from comity.yamltext import read_yaml

FOLDER = Path(__file__).resolve().parent / "rulings"
OPENING = f"""# Rulings, put to the law

Court decisions about detainers. The facts of each are written down as a request, abridged to what the ruling turns on and
with nobody's name, and decided under the law as it then stood at that place on that day. Beside it stands what the court held, and
how the same request is decided on the day of the ruling, with the ruling itself among the law.

A court in a damages case says what should have been done; the law of the day says what was asked of the jail. So the two may differ
without either being wrong, and where a jail was told to do what a court then called unlawful, that is the story. *Unaddressed*
means that no law there required, forbade or expressly allowed the hold. [Marks of evidence]({EVIDENCE_PAGE}) are about the facts.

`.venv/bin/python docs/write_pages.py rulings` decides every request again and writes this page; a test compares each outcome with
the one that the ruling's file under `docs/rulings` states. Where the law that bears on a request is not encoded yet, the page says so
and nothing is compared.
"""


class Ruling(msgspec.Struct, frozen=True):
    """One decision as its file has it: `then` is what must come out, once the entries of `rests_on` are encoded."""

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


class Asked(NamedTuple):
    """A ruling's request on one of its two days: what must come out, what came out, and what is not encoded for it."""

    at: str
    then: Mapping[str, str]
    decision: Decision
    lacking: tuple[str, ...]
    document: str

    @property
    def wrong(self) -> list[str]:
        """Each outcome that is not the one that the file states."""
        found = [(action, said, self.decision.outcome(action)) for action, said in self.then.items()]
        return [f"{action} is {own}, not {said}" for action, said, own in found if own != said and not self.lacking]


class Put(NamedTuple):
    """A ruling put to the law: its request on its own day, and on the day of the ruling."""

    ruling: Ruling
    asked: Asked
    after: Asked | None
    speaks: tuple[str, ...]


def rulings_page(library: Library) -> str:
    """The page as Markdown: all of them in a table, then one after another."""
    put = every_ruling(library)
    head = ("ruling", "place and day", "as the law then stood", "on the day of the ruling")
    parts = [OPENING, f"## All {len(put)} of them\n", table(head, map(_row, put))]
    return "\n".join([*parts, *(text for own in put for text in _section(own))])


def every_ruling(library: Library) -> list[Put]:
    """Each ruling of the folder, in the order in which they were decided."""
    register = {row["id"]: row for row in register_rows(shipped())}
    rulings = sorted((read_ruling(path) for path in FOLDER.glob("*.yaml")), key=lambda own: (own.decided, own.title))
    return [_put(own, register, library) for own in rulings]


def read_ruling(path: Path) -> Ruling:
    """A ruling from its file; raises where it is none."""
    tree, findings = read_yaml(path.read_text(encoding="utf-8"), path.name)
    if findings or not isinstance(tree, dict):
        raise InputFault(findings)
    return Ruling(**{str(key): own for key, own in tree.items()})


def _put(ruling: Ruling, register: Mapping[str, Mapping[str, str]], library: Library) -> Put:
    asked = _asked(ruling, ruling.request, ruling.then, ruling.rests_on, register, library)
    if not ruling.after:
        return Put(ruling, asked, None, ())
    again = {**ruling.request, "at": ruling.after["at"]}
    after = _asked(ruling, again, ruling.after["then"], ruling.after.get("rests_on", []), register, library)
    hold = after.decision.actions["hold"]
    named = {own.partition("#")[0] for own in (*hold.determining, *(warned.provision for warned in hold.warnings))}
    return Put(ruling, asked, after, tuple(id for id in register[ruling.register]["encoded"].split() if id in named))


def _asked(
    ruling: Ruling,
    document: Mapping[str, Any],
    then: Mapping[str, str],
    rests_on: Iterable[str],
    register: Mapping[str, Mapping[str, str]],
    library: Library,
) -> Asked:
    arrived, findings = incoming(document, library, ruling.title)
    if arrived is None:
        raise InputFault(grave(findings) or [Finding("not-a-request", Place(ruling.title), "this is no request")])
    given = flattened({key: own for key, own in document.items() if key not in ENVELOPE}, library.vocabulary)
    shown = {
        "place": arrived.where.path,
        "at": document["at"],
        **document_of({path: arrived.request.values[path] for path in given}),
    }
    lacking = tuple(
        register[id]["title"] for id in rests_on if register[id]["why_not"] and not is_out_of_reach(register[id])
    )
    return Asked(str(document["at"]), then, decided_of(arrived, library), lacking, _json(shown))


def _json(document: Mapping[str, Any]) -> str:
    """The request as a file for `comity decide`, a line for each part of it."""
    return "{\n" + ",\n".join(f'  "{key}": {json.dumps(own)}' for key, own in document.items()) + "\n}"


def _row(own: Put) -> tuple[str, ...]:
    where = f"{own.ruling.request['place']}, {own.asked.at[:10]}"
    link = f"[{own.ruling.title}](#{_anchor(own.ruling.title)})"
    return link, where, _outcomes(own.asked), _outcomes(own.after) if own.after else "the same day"


def _outcomes(asked: Asked) -> str:
    """What came out; where law is missing, what should, which is not compared yet."""
    if asked.lacking:
        stated = ", ".join(f"{action} {own}" for action, own in asked.then.items())
        return f"*{stated}: stated, not compared; not encoded yet: {'; '.join(asked.lacking)}*"
    return ", ".join(f"{action} {asked.decision.outcome(action)}" for action in asked.then).replace("_", " ")


def _section(own: Put) -> Iterator[str]:
    ruling = own.ruling
    yield f"## {ruling.title}\n\n{ruling.court}, {ruling.decided}.\n"
    yield f"**{ruling.subject}.** {_flowing(ruling.facts)}\n"
    yield f"```json\n{own.asked.document}\n```\n"
    rows = [
        _line("as the law then stood", own.asked),
        *([_line("on the day of the ruling", own.after)] if own.after else []),
    ]
    yield table(("", "day", "outcome", "by"), rows)
    yield f"**The court:** {_flowing(ruling.held)}\n"
    speaks = f" On its day the ruling itself speaks, in {_links(own.speaks)}." if own.speaks else ""
    yield f"**Beside each other:** {_flowing(ruling.beside)}{speaks}\n"
    yield f"*Facts {ruling.evidence}: {'; '.join(ruling.sources)}.*\n"


def _line(label: str, asked: Asked) -> tuple[str, ...]:
    by = dict.fromkeys(id.partition("#")[0] for action in asked.then for id in _determining(asked, action))
    return label, asked.at[:10], _outcomes(asked), "" if asked.lacking else _links(by) or "no law"


def _determining(asked: Asked, action: str) -> Sequence[str]:
    answer = asked.decision.actions.get(action)
    return answer.determining if answer else ()


def _links(ids: Iterable[str]) -> str:
    return ", ".join(f"[{id}](../policies/{id}.md)" for id in ids)


def _anchor(heading: str) -> str:
    """A heading's name in a link, made the way that the code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _flowing(text: str) -> str:
    return " ".join(text.split())
