"""The optional libraries: which extra installs each, and what is said where one is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from comity.finding import Finding, InputFault, Place

# By extra of pyproject.toml, the top-level modules that it installs.
EXTRAS = {
    "tables": ("duckdb", "ibis", "numpy", "pyarrow", "python_calamine", "sqlglot"),
    "prove": ("z3",),
    "pdf": ("typst",),
    "pictures": ("matplotlib",),
    "site": ("jinja2", "markupsafe"),
    "editor": ("lsprotocol", "pygls"),
    "spark": ("py4j", "pyspark"),
    "postgres": ("psycopg",),
    "desk": ("allauth", "cryptography", "django", "granian", "ninja", "pypdfium2"),
}
MISSING = "missing-extra"


def is_installed(extra: str) -> bool:
    """Whether every library of an extra can be imported."""
    return all(find_spec(module) for module in EXTRAS[extra])


def how_to_install(extra: str) -> str:
    return f'install it with pip install "comity[{extra}]"'


def missing_extra(fault: ImportError, where: str = "comity") -> Finding | None:
    """The finding for an import that failed because an extra is not installed; nothing where it failed for another reason."""
    extra = next((extra for extra, modules in EXTRAS.items() if fault.name in modules), None)
    if extra is None or not isinstance(fault, ModuleNotFoundError):
        return None
    message = f'this needs the extra "{extra}", which is not installed'
    return Finding(MISSING, Place(where), message, how_to_install(extra))


@contextmanager
def report_missing_extras(where: str = "comity") -> Iterator[None]:
    """Raises `InputFault` instead of `ModuleNotFoundError` for a library of an extra; also a decorator of functions."""
    try:
        yield
    except ModuleNotFoundError as fault:
        finding = missing_extra(fault, where)
        if finding is None:
            raise
        raise InputFault([finding]) from fault
