"""Layers: the contracts in pyproject.toml, and the few modules that may import a solver, SQL or Django."""

from __future__ import annotations

from functools import cache

import grimp
import pytest

from tests.house.tree import must_pass

# What each is imported by, by the beginning of the module's name; anything else that imports it is a fault.
ALLOWED = {
    "z3": ("comity.engine.solver",),
    "ibis": ("comity.engine.sql", "comity.clock.many", "comity.money.many"),
    "sqlglot": ("comity.engine.sql", "comity.clock.many", "comity.money.many"),
    "typst": ("comity.present.pdf",),
    "django": ("comity.desk", "comity.web"),
    "pypdfium2": ("comity.desk.papers.pdfium",),
    "pyspark": ("comity.warehouse.spark", "comity.spark"),
    "psycopg": ("comity.warehouse.postgres",),
}
CHECK = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("comity", include_external_packages=True, cache_dir=None)


def test_the_contracts_hold() -> None:
    must_pass("-c", CHECK)


@pytest.mark.parametrize("library", ALLOWED)
def test_imported_where_it_may_be_and_nowhere_else(library: str) -> None:
    found = imports().find_modules_that_directly_import(library) if library in imports().modules else set()
    assert not sorted(name for name in found if not name.startswith(ALLOWED[library]))


def test_the_graph_sees_imports_of_other_packages() -> None:
    assert "comity.yamltext" in imports().find_modules_that_directly_import("yaml")


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = imports()
    ours = sorted(name for name in graph.modules if name.split(".")[0] == "comity")
    below = {name: {to for to in graph.find_modules_directly_imported_by(name) if to in set(ours)} for name in ours}
    while free := [name for name, others in below.items() if not others & below.keys()]:
        for name in free:
            del below[name]
    assert not below  # what is left is in a circle, or imports one
