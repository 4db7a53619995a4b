"""The page on the Python API: each public name with its signature, its docstring, its parameters and an example."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from textwrap import fill
from typing import Any

import msgspec
from api_examples import EXAMPLES, REQUEST
from coverage_page import table

import comity
from comity import schemas
from comity.decision import answer as answers
from comity.decision import decision
from comity.finding import Finding, Place
from comity.pages import PAGES

WIDTH = 120
PARTS = (
    *(decision.Decision, answers.ActionAnswer, answers.Yielded, answers.Missing, answers.Warned, answers.Known),
    *(answers.Owed, answers.Limited, answers.Ground, answers.Proof, Finding, Place),
)
FUNCTION_OF = {
    "at": "law_at",
    "clock": "clock_hold",
    "clock_many": "clock_holds",
    "funding": "money_at_stake",
    "context": "describe_context",
}
# One name means one thing wherever it is a parameter.
PARAMETERS = {
    "action": "an action: hold, notify, transfer, interview or share_status",
    "agency": "the receiving agency, by kind and name",
    "assume": "facts by path, that hold where a row does not say",
    "at": "the moment of the decision, with its offset from UTC",
    "at_stake_cents": "federal money at stake, in cents",
    "basis": "the kind of rate that a day costs: average, marginal or federal",
    "bill_overlaps": "overlapping holds of one person are billed twice",
    "changes": "fields and their new values",
    "claim": "the name of a claim: never, implies, equivalent, differs, meets",
    "comparison": "the result of `weigh`",
    "day_cost_cents": "what a day of a hold costs, in cents",
    "days": "how many days a hold lasts; for `classify_many`, the days to ask about",
    "definition": "the id of a definition, such as def-cis",
    "eligible_at": "when the person would walk out but for the request",
    "figures": "a file of the county's own figures, as CSV or YAML; see [the decision before a board](board.md)",
    "first": "the first law, as PLACE@DAY or a law file",
    "folders": "a path or several: a county's own law and tables, laid over those that ship",
    "form": "the form of the request, such as i247a",
    "graded": "says before the message whether it is an error or a warning",
    "group_by": "columns of the counts: county, year, month, facility, state, class, law",
    "known_on": "leaves out what could not be known on this day",
    "law": "one law for all rows, as PLACE@DAY",
    "laws": "laws, as PLACE@DAY or law files",
    "columns": "how the columns of a table of one's own are read: the path of a map, or a mapping of headings to facts",
    "leave_out": "rows that cannot be costed are refused, not a fault",
    "library": "what `open` or `load` gives",
    "name": "the path of a place, or an alias of it",
    "not_billed": "no hold is charged to the federal government",
    "note": "what else is to be known of the requests",
    "on": "a local day: a date, or text as YYYY-MM-DD",
    "outcome": "an outcome, such as forbidden",
    "payments": "a table of payments received",
    "people": "adds the foreign-born residents of the place",
    "place": "the path of a place, such as us/fl/miami-dade",
    "places": "the paths of places",
    "received_at": "when the agency got the request",
    "refresh": "reads the law again where a file changed",
    "request": "a request, nested as in JSON",
    "requests": "requests, nested as in JSON; for `weigh`, how many a year there are",
    "rounding": "of a fraction of a cent: half_up, half_even, down or up",
    "second": "the second law, as `first`",
    "seconds": "the time for one question of a proof",
    "stack": "a file is taken among all law of its place, not alone",
    "table": "a path to delimited text, a workbook, JSON lines, Parquet or an Arrow file, or an Arrow, pandas or polars frame",
    "trust": "adds at most three findings on trust in the police",
    "undecided": "people on whom no rule applies are held, not-held, or either",
    "when": "a condition, as in a law file",
    "without_duplicates": "leaves out the rows marked as likely duplicates",
}
OPENING = """# Python API

`import comity` reads nothing and imports little until a function is called. Each function works on `library`, which `comity.open` or
`comity.load` gives, or without one on the shipped law, read once a process. Bad input raises `comity.InputFault`: one line for each
fault, with what is wrong, where, and what would be right. Results are frozen values; in a notebook they show themselves.

A request and a decision as JSON have schemas, draft 2020-12: [request.json](schemas/request.json) and
[decision.json](schemas/decision.json). [In a notebook](notebook.md) works through tables; [errors](errors.md) shows what each fault says.

This page is made from the docstrings by `.venv/bin/python docs/write_pages.py api`, and a test runs its examples. They all begin with:

"""


def api_page() -> str:
    """The page as Markdown."""
    names = [name for name in comity.__all__ if not inspect.isclass(getattr(comity, name))]
    parts = [OPENING, _code(REQUEST), "\n## Functions\n"]
    parts += [_function(f"comity.{name}", getattr(comity, name)) for name in names]
    parts += [
        _function(f"comity.schemas.{each.__name__}", each) for each in (schemas.request_schema, schemas.decision_schema)
    ]
    parts += ["\n## Law\n", _text(comity.Law), *_methods(comity.Law)]
    parts += ["\n## Decision\n", *(_struct(part) for part in PARTS)]
    parts += ["\n## InputFault\n", _text(comity.InputFault), "\n", _code(EXAMPLES["comity.InputFault"])]
    parts += _methods(comity.InputFault)
    return "".join([*parts, "\n## Results\n\n", _results()])


def _results() -> str:
    """Which types the other functions give, with the beginning of what each says of itself."""
    opening = (
        "What the other functions return. Each has `to_dict()`, which gives what the command prints with `--json`.\n\n"
    )
    rows = []
    for path in sorted(PAGES):
        module, _, name = path.rpartition(".")
        result = getattr(__import__(module, fromlist=[name]), name)
        rows.append((f"`{name}`", f"`{module}`", _first_paragraph(result)))
    return opening + table(("type", "module", "what it is"), rows)


def _methods(of_class: type, level: int = 3) -> Iterator[str]:
    for name, member in _members(of_class):
        function = FUNCTION_OF.get(name, name)
        link = f"\nAs [`comity.{function}`](#comity{function}).\n" if function in comity.__all__ else ""
        yield _function(f"{of_class.__name__}.{name}", member, level, more=link)


def _members(of_class: type) -> list[tuple[str, Any]]:
    """The public methods and properties that a class defines itself."""
    return [
        (name, member)
        for name, member in vars(of_class).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    ]


def _function(name: str, function: Any, level: int = 3, more: str = "") -> str:
    """A function or a property: its signature, its docstring, its parameters and its example."""
    example = EXAMPLES.get(name, "")
    parts = [f"\n{'#' * level} {name}\n", _text(function), more]
    if callable(function):
        rows = [_parameter(each) for each in _parameters(function)]
        parts.insert(1, "\n" + _code(signature_of(name, function)))
        parts += ["\n", table(("parameter", "kind", "default", "what it is"), rows)] if rows else []
    return "".join([*parts, "\n" + _code(example) if example else ""])


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return [each for each in inspect.signature(function).parameters.values() if each.name != "self"]


def _parameter(each: inspect.Parameter) -> tuple[str, ...]:
    default = "" if each.default is inspect.Parameter.empty else f"`{each.default!r}`"
    return f"`{each.name}`", f"`{each.annotation}`", default, PARAMETERS[each.name]


def signature_of(name: str, function: Callable[..., Any]) -> str:
    """The signature as Python writes it, on several lines where one is too long."""
    parts = [str(each.replace(annotation=inspect.Parameter.empty)) for each in _parameters(function)]
    kinds = [each.kind for each in _parameters(function)]
    if inspect.Parameter.VAR_POSITIONAL not in kinds and inspect.Parameter.KEYWORD_ONLY in kinds:
        parts.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    returned = inspect.signature(function).return_annotation
    line = f"{name}({', '.join(parts)}) -> {returned}"
    if len(line) <= WIDTH:
        return f"{line}\n"
    inside = fill(", ".join(parts) + ",", WIDTH, initial_indent="    ", subsequent_indent="    ")
    return f"{name}(\n{inside}\n) -> {returned}\n"


def _struct(part: type[msgspec.Struct]) -> str:
    """A part of a decision: its docstring, its fields, and its methods."""
    rows = [(f"`{name}`", f"`{kind}`") for name, kind in part.__annotations__.items()]
    methods = _methods(part, 4)
    return "".join([f"\n### {part.__name__}\n", _text(part), "\n", table(("field", "kind"), rows), *methods])


def _text(documented: Any) -> str:
    return f"\n{inspect.getdoc(documented)}\n"


def _first_paragraph(documented: Any) -> str:
    return (inspect.getdoc(documented) or "").partition("\n\n")[0].replace("\n", " ")


def _code(text: str) -> str:
    return f"```python\n{text}```\n"
