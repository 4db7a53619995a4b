"""Writes a new law file from a few answers: headings, provisions with cases, and its line in the register.

The file passes the check from the start. Its sentences repeat its provisions; the drafter replaces them with better ones. An
existing file is never overwritten.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from comity.facts import kinds
from comity.finding import Finding, InputFault, Place, did_you_mean
from comity.law.instrument import ACTIONS, EVIDENCE, INSTRUMENT_KINDS
from comity.law.library import Library
from comity.law.register import FILE as REGISTER
from comity.period import day_of, legal_day_of

EFFECTS = ("requires", "permits", "forbids", "only")
COLUMNS = (
    "id",
    "place",
    "title",
    "kind",
    "citation",
    "enacted",
    "effective",
    "ended",
    "evidence",
    "summary",
    "encoded",
    "why_not",
)
READ = ("verified", "partly")
DEEDS = {
    "hold": "keeps people past their release",
    "notify": "tells the requesting agency when people will be released",
    "transfer": "hands people over to the requesting agency",
    "interview": "lets the requesting agency question people in the jail",
    "share_status": "tells the requesting agency people's citizenship or immigration status",
}
WARRANT = """```yaml define
judges_warrant: |
  request.warrants.exists(w, w.kind in ["judicial_civil", "judicial_criminal"] && w.signed)
```
"""
WARRANT_CASES = (
    ("no warrant", "[]", "forbidden"),
    ("a judge's civil warrant", "[{kind: judicial_civil, signed: true}]", "permitted"),
    ("a judge's criminal warrant", "[{kind: judicial_criminal, signed: true}]", "permitted"),
    ("a judge's warrant that nobody has signed", "[{kind: judicial_civil, signed: false}]", "forbidden"),
    ("an officer's warrant", "[{kind: i200, signed: true}]", "forbidden"),
)


class Draft(Struct, frozen=True, kw_only=True):
    """The answers about a new instrument.

    `effects` maps the four effects to actions. An action has at most one of them.
    """

    place: str
    title: str
    kind: str
    effective: str
    effects: Mapping[str, tuple[str, ...]]
    enacted: str = ""
    source: str = ""
    evidence: str = "recalled-low"
    citation: str = ""
    name: str = ""
    decider: str = "the sheriff"
    binds: tuple[str, ...] = ()
    summary: str = ""

    @property
    def id(self) -> str:
        return f"{self.place}/{slug(self.name or self.title)}"

    @property
    def cite(self) -> str:
        return self.citation or self.title


def slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub("['\u2019]", "", title.lower())).strip("-")


def find_faults(draft: Draft, library: Library) -> Iterator[Finding]:
    """A finding for each wrong answer.

    The place of a finding is the name of a field of the draft.
    """
    yield from _choice("kind", draft.kind, INSTRUMENT_KINDS)
    yield from _choice("evidence", draft.evidence, EVIDENCE)
    for name, day in (("enacted", draft.enacted), ("effective", draft.effective)):
        if day and legal_day_of(day) is None:
            yield _fault(
                name,
                code="not-a-day",
                message=f'"{day}" is no day',
                help="write YYYY-MM-DD; YYYY-MM or YYYY where no more is known",
            )
    if not slug(draft.name or draft.title):
        yield _fault("title", code="no-name", message="no file name can be made from the title", help="give a name")
    if draft.evidence in READ and not draft.source:
        yield _fault(
            "source",
            code="no-source",
            message=f"what is {draft.evidence} was read somewhere",
            help="give the source, or the evidence recalled-low",
        )
    if draft.id in library.instruments:
        yield _fault(
            "name",
            code="exists",
            message=f"{draft.id} is an instrument already",
            help="amend that file, or give another name",
        )
    yield from _effect_faults(draft.effects, library)


def _effect_faults(effects: Mapping[str, tuple[str, ...]], library: Library) -> Iterator[Finding]:
    asks = library.vocabulary.kind("request.asks")
    known = asks.members if isinstance(asks, kinds.Set) else ACTIONS
    named = [action for actions in effects.values() for action in actions]
    if not named:
        yield _fault(
            "effects",
            code="no-effect",
            message="nothing is required, permitted or forbidden",
            help=f"give one of {', '.join(EFFECTS)}",
        )
    for effect, actions in effects.items():
        for action in actions:
            yield from _choice(effect, action, known)
    for action in dict.fromkeys(named_action for named_action in named if named.count(named_action) > 1):
        yield _fault("effects", code="twice", message=f"{action} is named twice", help="give each action one effect")


def _choice(name: str, value: str, members: Iterable[str]) -> Iterator[Finding]:
    if value not in members:
        help = did_you_mean(value, members) or f"one of {', '.join(members)}"
        yield _fault(name, code="unknown-choice", message=f'{name} cannot be "{value}"', help=help)


def _fault(field: str, *, code: str, message: str, help: str) -> Finding:
    return Finding(code, Place(field), message, help)


def text_of(draft: Draft) -> str:
    """The text of the whole file."""
    front = {
        "title": draft.title,
        "kind": draft.kind,
        "citation": draft.citation,
        "enacted": draft.enacted,
        "effective": draft.effective,
        "binds": f"[{', '.join(map(_scalar, draft.binds))}]" if draft.binds else "",
        "evidence": draft.evidence,
        "sources": f"[{_scalar(draft.source)}]" if draft.source else "",
        "register": f"[{register_id(draft)}]",
    }
    bare = ("binds", "sources", "register")
    lines = [f"{key}: {value if key in bare else _scalar(value)}" for key, value in front.items() if value]
    head = "\n".join(["---", *lines, "---", summary_of(draft), ""])
    return head + "".join(_sections(draft))


def summary_of(draft: Draft) -> str:
    """The paragraph on top: the summary given, or a list of the effects."""
    sentences = [
        f"{effect} {', '.join(actions)}" for effect, actions in draft.effects.items() if effect != "only" and actions
    ]
    only = draft.effects.get("only", ())
    sentences += [f"allows {', '.join(only)} only with a judge's warrant"] if only else []
    return draft.summary or f"{draft.title} {'; '.join(sentences).replace('_', ' ')}."


def _scalar(text: str) -> str:
    """A text as a YAML scalar, in quotes if it has a character that means something in YAML."""
    return text if re.fullmatch(r"[\w(][\w ./()'-]*", text) else json.dumps(text, ensure_ascii=False)


def _sections(draft: Draft) -> Iterator[str]:
    defined = False
    for number, (effect, action) in enumerate(
        ((name, action) for name in EFFECTS for action in draft.effects.get(name, ())), 1
    ):
        heading = (
            f"\n## {number} {action.replace('_', ' ').capitalize()}\n\n{_sentence(effect, action, draft.decider)}\n\n"
        )
        define = f"{WARRANT}\n" if effect == "only" and not defined else ""
        defined = defined or effect == "only"
        yield heading + define + _provision(effect, action, draft) + "".join(_cases(effect, action))


def _sentence(effect: str, action: str, decider: str) -> str:
    deed = DEEDS.get(action, f"does what is asked ({action})")
    match effect:
        case "requires":
            return f"Whenever a federal request asks for it, the agency {deed}."
        case "forbids":
            return f"The agency never {deed} because a federal request asks for it."
        case "permits":
            return f"It is for {decider} to decide whether the agency {deed}."
    return f"Without a warrant that a judge has signed nobody {deed}; with one, {decider} decides."


def _provision(effect: str, action: str, draft: Draft) -> str:
    lines = [f"{effect}: {action}"]
    lines += ["when: asked"] if effect == "requires" else ["when: judges_warrant"] if effect == "only" else []
    lines += [f"decider: {_scalar(draft.decider)}"] if effect in ("permits", "only") else []
    return _block("provision", [*lines, f"cite: {_scalar(draft.cite)}"])


def _cases(effect: str, action: str) -> Iterator[str]:
    """Cases on each side of the boundary of the provision."""
    other = "notify" if action == "hold" else "hold"
    match effect:
        case "requires":
            yield _case("asked for", given=f"{{request.asks: [{action}]}}", action=action, outcome="required")
            yield _case(
                "something else asked for", given=f"{{request.asks: [{other}]}}", action=action, outcome="unaddressed"
            )
        case "only":
            for name, warrants, outcome in WARRANT_CASES:
                yield _case(name, given=f"{{request.warrants: {warrants}}}", action=action, outcome=outcome)
        case _:
            outcome = "forbidden" if effect == "forbids" else "permitted"
            yield _case("asked for", given=f"{{request.asks: [{action}]}}", action=action, outcome=outcome)
            yield _case("nothing known", given="{}", action=action, outcome=outcome)


def _case(name: str, *, given: str, action: str, outcome: str) -> str:
    return "\n" + _block("case", [f"name: {name}", f"given: {given}", f"then: {{{action}: {outcome}}}"])


def _block(sort: str, lines: Iterable[str]) -> str:
    return "\n".join([f"```yaml {sort}", *lines, "```", ""])


def register_id(draft: Draft) -> str:
    """The id in the register: the instrument's id with hyphens for slashes."""
    return slug(draft.id.removeprefix("us/"))


def write_draft(draft: Draft, folder: Path) -> tuple[Path, Path]:
    """Writes the file and its line in the folder's register.

    Raises `InputFault` if the file exists already.
    """
    path, register = folder / f"{draft.id}.md", folder / REGISTER
    if path.exists():
        raise InputFault(
            [Finding("exists", Place(str(path)), "this file exists already", "amend it, or give another name")]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text_of(draft))
    _enter(draft, register)
    return path, register


def _enter(draft: Draft, register: Path) -> None:
    line = io.StringIO()
    writer = csv.DictWriter(line, COLUMNS, lineterminator="\n")
    if not register.exists():
        writer.writeheader()
    row = {name: getattr(draft, name, "") for name in COLUMNS}
    writer.writerow(
        {**row, "id": register_id(draft), "ended": "", "summary": summary_of(draft), "encoded": draft.id, "why_not": ""}
    )
    with register.open("a", encoding="utf-8", newline="\n") as file:
        file.write(line.getvalue())


def first_day(draft: Draft) -> str:
    """The first day on which the instrument is certainly in force."""
    day = day_of(draft.effective) or getattr(legal_day_of(draft.effective), "last", None)
    return str(day)
