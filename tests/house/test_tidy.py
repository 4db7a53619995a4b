"""Tidy: sizes, names, docstrings, and texts that no file of this project may contain."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median
from typing import TypeAlias

import pytest

from tests.house.tree import PACKAGE, ROOT, files, name_of

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
LINES_MAX, FUNCTION_LINES_MAX, MEDIAN_LINES_MAX, FILE_BYTES_MAX = 400, 60, 10, 1_000_000
SCRIPT_LINES_MAX = 800
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "base"}
FACES = ("comity/cli.py", "comity/commands/")
TEXT = (".cff", ".css", ".csv", ".html", ".js", ".lock", ".md", ".py", ".toml", ".txt", ".typed", ".yaml", ".yml")
# Some letters are in brackets, so that this file does not match.
NEVER = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.|d[e]b\.debian|debian\.org/d[e]bian|extensions\.d[u]ckdb|/op[t]/(pypi|wheels)"
    r"|/w[o]rk/|/f[a]rm/|/r[o]ot/|/tm[p]/|/hom[e]/|/User[s]/|[A-Z]:\\User[s]|[.]py[e]nv|F[A]CTS[.]md|[.][.]/sh[a]red"
)
RUNNER = ".ci/run"  # the only file that may name the folder of the real records


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, Function)]


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def package_files() -> list[Path]:
    """The modules that we write; those that change the tables of the desk are made by Django."""
    return [path for path in files(".py") if path.is_relative_to(PACKAGE) and path.parent.name != "migrations"]


def test_no_python_file_is_long() -> None:
    counts = {name_of(path): path.read_bytes().count(b"\n") for path in files(".py")}
    assert counts and not {name: count for name, count in counts.items() if count > LINES_MAX}


def test_no_script_is_long() -> None:
    counts = {name_of(path): path.read_bytes().count(b"\n") for path in files(".js")}
    assert counts and not {name: count for name, count in counts.items() if count > SCRIPT_LINES_MAX}


def test_no_function_is_long() -> None:
    sizes = {
        f"{name_of(path)} {function.name}": lines_of(function) for path in files(".py") for function in functions(path)
    }
    assert sizes and not {name: size for name, size in sizes.items() if size > FUNCTION_LINES_MAX}


def test_most_functions_of_each_room_are_small() -> None:
    rooms: dict[str, list[int]] = defaultdict(list)
    for path in package_files():
        rooms[path.parent.relative_to(ROOT).as_posix()] += [lines_of(function) for function in functions(path)]
    medians = {room: median(sizes) for room, sizes in rooms.items() if sizes}
    assert medians and not {room: size for room, size in medians.items() if size > MEDIAN_LINES_MAX}


def test_no_name_is_empty_of_meaning() -> None:
    parts = {name_of(path): set(re.split(r"[/_.-]", name_of(path).lower())) for path in files(".py")}
    assert not [name for name, words in parts.items() if words & EMPTY_NAMES]


def test_packages_start_empty() -> None:
    starts = [path for path in package_files() if path.name == "__init__.py" and path.parent != PACKAGE]
    assert starts and not [name_of(path) for path in starts if path.read_bytes()]


def test_every_module_and_public_name_is_explained() -> None:
    assert not [name for path in package_files() for name in unexplained(path)]


def unexplained(path: Path) -> Iterator[str]:
    """Modules, public functions and classes without a docstring; a function that only returns needs none."""
    tree = tree_of(path)
    if tree.body and not ast.get_docstring(tree) and path.name != "__main__.py":
        yield name_of(path)
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node) and not is_plain(node):
                yield f"{name_of(path)}:{node.lineno} {node.name}"


def is_plain(node: Function | ast.ClassDef) -> bool:
    return isinstance(node, Function) and len(node.body) == 1 and isinstance(node.body[0], ast.Return)


def test_only_the_faces_print() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in package_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not [place for place in found if not place.startswith(FACES)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in (path for path in files() if is_text(path) and name_of(path) != RUNNER):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found += [f"{name_of(path)}:{number} {match[0]}" for match in NEVER.finditer(line)]
    assert not found


def is_text(path: Path) -> bool:
    return path.suffix in TEXT or not path.suffix


@pytest.mark.parametrize("line", ["see /ro" + "ot/notes", "https://py" + "pi.org/simple", "cd /wo" + "rk/main"])
def test_a_line_that_must_not_be_committed_is_recognised(line: str) -> None:
    assert NEVER.search(line)


def test_the_law_is_utf8_with_plain_line_ends() -> None:
    law = [path for path in files() if path.is_relative_to(ROOT / "policies")]
    assert law and not [name_of(path) for path in law if not is_plain_text(path.read_bytes())]


def is_plain_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return content.endswith(b"\n") and b"\r" not in content and not content.startswith(b"\xef\xbb\xbf")


def test_no_file_is_large() -> None:
    assert not [name_of(path) for path in files() if path.stat().st_size > FILE_BYTES_MAX]
