"""The page of scenes: dated scenes outside the jail, each as a request, what the program says of that day, and the source beside it.

Each scene is a file under docs/scenes. The outcome that it states is compared with the decision as soon as the law that it rests on
is encoded, so that the page is a test of the law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from coverage_page import EVIDENCE_PAGE, table
from rulings_page import anchor_of, flowing, json_of, links_to

from comity.decision.answer import Owed, Warned
from comity.decision.decision import Decision
from comity.decision.incoming import ENVELOPE, incoming
from comity.decision.request import decided_of
from comity.decision.words import OUTCOME_WORDS, describe_action
from comity.facts.document import document_of
from comity.facts.request import flatten
from comity.finding import Finding, InputFault, Place, grave
from comity.law.in_force import Agency, agency_of, in_force
from comity.law.library import Library
from comity.yamltext import read_yaml

FOLDER = Path(__file__).resolve().parent / "scenes"
OPENING = f"""# Scenes outside the jail

{{count}} dated scenes: agents at a court, a school, a city's lot or offices, an officer who asks a witness about status, a victim who
asks for a certification. Each is a request without names, decided under the law of that place on that day. Below it is what the
program says, and the source beside it. *No rule applies* means that no law encoded there requires, forbids or permits the action. A
memo that guides federal officers gives nobody a right, so it is shown as a warning and decides nothing.

Where the law that a scene rests on is not encoded yet, the page says so, and nothing is compared. {{lacking}}
[Marks of evidence]({EVIDENCE_PAGE}) are about the facts.

`.venv/bin/python docs/write_pages.py scenes` decides every scene again and writes this page; a test compares each outcome with the one
that the scene's file under `docs/scenes` states.
"""
COMPLETE = "The law of every scene is encoded."
CERTIFICATION = "certification_request"  # what a duty of certification is counted from
KIND_OF_PLACE = "place.kind"  # a request writes it as the kind of the visit


class Scene(msgspec.Struct, frozen=True):
    """One scene as in its file.

    `then` is the outcome that is expected; where it is empty, the scene is about what is said beside the outcome. `rests_on` names the
    places whose law it depends on.
    """

    title: str
    subject: str
    facts: str
    request: dict[str, Any]
    beside: str
    evidence: str
    sources: list[str]
    then: dict[str, str] = {}
    rests_on: list[str] = []


class DecidedScene(NamedTuple):
    """A scene with its decision, its request as JSON, and the places whose law it rests on and is not encoded."""

    scene: Scene
    decision: Decision
    document: str
    lacking: tuple[str, ...]

    @property
    def wrong(self) -> list[str]:
        """Each outcome that differs from the one that the file states, where its law is encoded."""
        outcomes = [(action, stated, self.decision.outcome(action)) for action, stated in self.scene.then.items()]
        differing = [
            f"{action} is {outcome}, not {stated}" for action, stated, outcome in outcomes if outcome != stated
        ]
        return [] if self.lacking else differing


def scenes_page(library: Library) -> str:
    """The page as Markdown: a table of all scenes, then a section for each."""
    scenes = every_scene(library)
    lacking = [decided for decided in scenes if decided.lacking]
    words = f"That is so of {len(lacking)} of them today." if lacking else COMPLETE
    head = ("scene", "place and day", "what the program says")
    opening = OPENING.format(count=len(scenes), lacking=words)
    parts = [opening, "## All scenes\n", table(head, map(_row, scenes))]
    return "\n".join([*parts, *(text for decided in scenes for text in _section(decided))])


def every_scene(library: Library) -> list[DecidedScene]:
    """Every scene of the folder, by subject and then by day."""
    scenes = [read_scene(path) for path in sorted(FOLDER.glob("*.yaml"))]
    ordered = sorted(scenes, key=lambda scene: (scene.subject, str(scene.request["at"]), scene.title))
    return [decide_scene(scene, library) for scene in ordered]


def read_scene(path: Path) -> Scene:
    """Reads a scene from its file; raises `InputFault` if it is not one."""
    tree, findings = read_yaml(path.read_text(encoding="utf-8"), path.name)
    if findings or not isinstance(tree, dict):
        raise InputFault(findings)
    return Scene(**{str(key): value for key, value in tree.items()})


def decide_scene(scene: Scene, library: Library) -> DecidedScene:
    """Decides a scene under the law of its day; raises `InputFault` where its request is none."""
    arrived, findings = incoming(scene.request, library, scene.title)
    if arrived is None:
        raise InputFault(grave(findings) or [Finding("not-a-request", Place(scene.title), "this is no request")])
    given = flatten({key: value for key, value in scene.request.items() if key not in ENVELOPE}, library.vocabulary)
    values = arrived.request.values
    shown = {
        "place": arrived.where.path,
        "at": scene.request["at"],
        **document_of({path: values[path] for path in (KIND_OF_PLACE, *given) if path in values}),
    }
    decision = decided_of(arrived, library)
    lacking = tuple(
        place for place in scene.rests_on if not instruments_of(place, decision, agency_of(values), library)
    )
    return DecidedScene(scene, decision, json_of(shown), lacking)


def instruments_of(place: str, decision: Decision, agency: Agency, library: Library) -> list[str]:
    """The instruments of a place, in force where and when a request was decided, that speak of an action that it asks for."""
    stack = in_force(library, decision.place, decision.at.date(), agency)
    named = {effect.instrument for effect in stack.standing if effect.action in decision.asked}
    return sorted(id for id in named if id in stack.instruments and stack.instruments[id].jurisdiction == place)


def _row(decided: DecidedScene) -> tuple[str, ...]:
    scene = decided.scene
    where = f"{decided.decision.place}, {str(scene.request['at'])[:10]}"
    return f"[{scene.title}](#{anchor_of(scene.title)})", where, _outcomes(decided)


def _outcomes(decided: DecidedScene) -> str:
    decision = decided.decision
    outcomes = ", ".join(f"{action}: {OUTCOME_WORDS[decision.outcome(action)]}" for action in sorted(decision.asked))
    return f"*{outcomes}; law not encoded yet*" if decided.lacking else outcomes


def _section(decided: DecidedScene) -> Iterator[str]:
    scene, decision = decided.scene, decided.decision
    yield f"## {scene.title}\n\n**{scene.subject}.** {flowing(scene.facts)}\n"
    yield f"```json\n{decided.document}\n```\n"
    yield table(
        ("action", "what the program says", "by"),
        map(_answer, sorted(decision.asked), [decision] * len(decision.asked)),
    )
    yield from _said_beside(decision)
    if decided.lacking:
        yield f"**Not encoded yet:** the law of {', '.join(decided.lacking)} that this scene rests on. Nothing is compared.\n"
    yield f"**The law of that day:** {flowing(scene.beside)}\n"
    yield f"*Facts {scene.evidence}: {'; '.join(scene.sources)}.*\n"


def _answer(action: str, decision: Decision) -> tuple[str, ...]:
    answer = decision.actions[action]
    outcome = OUTCOME_WORDS[answer.outcome]
    if answer.outcome == "undetermined":
        outcome = f"{outcome}: {' or '.join(OUTCOME_WORDS[each] for each in answer.possible)}"
    by = dict.fromkeys(name.partition("#")[0] for name in answer.determining)
    return describe_action(action), outcome, links_to(by) or "no law"


def _said_beside(decision: Decision) -> Iterator[str]:
    """The duties that go with the actions asked for, and what the law says of authority over them."""
    asked = set(decision.asked)
    duties = [
        owed for owed in decision.obligations if owed.ours and (asked & {*owed.actions} or owed.after == CERTIFICATION)
    ]
    lines = [f"* Owed: {_duty(owed)} ({links_to([owed.provision.partition('#')[0]])})" for owed in duties]
    warned = [
        (risk.warned.text, risk.provisions[0].partition("#")[0])
        for risk in decision.risks()
        if risk.warned.topic == "authority" and not risk.warned.maybe and _is_about_asked(risk.warned, decision)
    ]
    lines += [f"* {text} ({links_to([id])})" for text, id in dict.fromkeys(warned)]
    if lines:
        yield "\n".join([*lines, ""])


def _is_about_asked(warned: Warned, decision: Decision) -> bool:
    return any(each.text == warned.text for action in decision.asked for each in decision.actions[action].warnings)


def _duty(owed: Owed) -> str:
    words = owed.sentence.rstrip(".") or f"{owed.deed.replace('_', ' ')} {owed.by}".strip()
    return f"{words}; due {datetime.fromisoformat(owed.deadline):%Y-%m-%d %H:%M}" if owed.deadline else words
