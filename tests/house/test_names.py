"""Names: what the code calls things, and what the rooms are called."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import comity
from tests.house.tree import PACKAGE, ROOT, files, name_of

# Names that say nothing, or nothing that a reader of English would expect, and what to write instead.
INSTEAD = {
    "own": "the thing's name: provision, limit, finding, answer, path, row",
    "made": "the thing's name: stack, decision, view, table, result",
    "told": "description, or the thing's name",
    "plainest": "simplest, simplest_witness",
    "staking": "at_stake",
    "staked": "at_stake",
    "bearing": "applicable, applicable_conditions",
    "sides": "the things' names: laws, answers",
    "naming": "named_law",
    "viewing": "build_view",
    "whereabouts": "location",
    "turning": "break_even",
    "weighed": "comparison",
    "stored": "cache, cached",
    "kept": "cache, cached",
}
# Names that may stay since users read them: keys of JSON output.
KEYS_OF_JSON = {("comity/claims/diff_view.py", "stored")}
FILES_MAX = 25


def package_files() -> list[Path]:
    return [path for path in files(".py") if path.is_relative_to(PACKAGE)]


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that the code gives to something: variables, parameters, functions, classes, attributes, fields, imports."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name
            case ast.ExceptHandler(name=str(name)):
                yield node.lineno, name
            case _:
                continue


def banned(name: str) -> str:
    """What to write instead of a name, or nothing where it may stay."""
    return INSTEAD.get(name.strip("_").lower(), "")


def faults_in(path: Path) -> list[str]:
    found = [(1, path.stem), *names_in(ast.parse(path.read_bytes()))]
    return [
        f'{name_of(path)}:{line}: "{name}" is not a name here; write {banned(name)}'
        for line, name in found
        if banned(name) and (name_of(path), name) not in KEYS_OF_JSON
    ]


def test_no_name_is_one_of_those_that_say_nothing() -> None:
    assert files(".py") and not [fault for path in files(".py") for fault in faults_in(path)]


def test_every_exception_for_json_is_needed() -> None:
    names = {(name_of(path), name) for path in package_files() for _, name in names_in(ast.parse(path.read_bytes()))}
    assert names >= KEYS_OF_JSON


def test_a_banned_name_is_found_wherever_it_is_given() -> None:
    code = """
import law as stored
class Weighed(Base):
    bearing: int = 0
def told(own, *, made=1):
    self.kept = [turning for turning in []]
    for sides in (): pass
    match a:
        case [naming, *viewing]: pass
    lambda staked: 1
    with a as whereabouts: pass
    if (plainest := 1): pass
    try: pass
    except Exception as staking: pass
"""
    assert {banned(name) for _, name in names_in(ast.parse(code)) if banned(name)} == {*INSTEAD.values()}
    assert not [name for _, name in names_in(ast.parse("provision = own.made(told=stored.kept)")) if banned(name)]


def test_no_room_has_many_files() -> None:
    counts = Counter(path.parent for path in package_files() if path.name != "__init__.py")
    assert counts and not {name_of(room): count for room, count in counts.items() if count > FILES_MAX}


def test_every_room_has_its_paragraph_in_the_plan() -> None:
    rooms = {path.parent for path in package_files() if path.parent != PACKAGE and path.parent.parent == PACKAGE}
    lines = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()
    described = Counter(
        room for room in rooms for line in lines if line.startswith("|") and f"`comity/{room.name}/`" in line
    )
    assert rooms and {name_of(room): described[room] for room in rooms if described[room] != 1} == {}


def test_no_room_has_the_name_of_a_function_that_import_comity_offers() -> None:
    rooms = {path.parent.name for path in package_files() if path.parent != PACKAGE}
    functions = {name for name in comity.__all__ if not inspect.isclass(getattr(comity, name))}
    assert functions and not rooms & functions
