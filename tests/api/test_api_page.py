"""The page on the Python API names everything public, and each of its examples gives what the page says."""

from __future__ import annotations

import doctest
import inspect
from types import ModuleType
from typing import Any

import pytest

import comity
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def examples() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs"))
        import api_examples

        return api_examples


def public_members(of: type) -> list[str]:
    return [
        name
        for name, member in vars(of).items()
        if not name.startswith("_") and (callable(member) or isinstance(member, property))
    ]


def test_every_public_name_is_on_the_page() -> None:
    functions = [name for name in comity.__all__ if not inspect.isclass(getattr(comity, name))]
    assert {*comity.__all__} <= {*dir(comity)} and len(functions) >= 13
    assert not [name for name in functions if f"\n### comity.{name}\n" not in PAGE]
    assert not [name for name in public_members(comity.Law) if f"\n### Law.{name}\n" not in PAGE]
    assert all(f"\n## {name}\n" in PAGE for name in ("Law", "InputFault", "Decision"))


def test_every_function_has_an_example(examples: ModuleType) -> None:
    functions = {f"comity.{name}" for name in comity.__all__ if not inspect.isclass(getattr(comity, name))}
    assert not functions - {*examples.EXAMPLES}
    assert not [name for name, text in examples.EXAMPLES.items() if text not in PAGE]


def test_each_example_gives_what_the_page_says(examples: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    printed: list[str] = []
    for name, text in examples.EXAMPLES.items():
        test = parser.get_doctest(examples.REQUEST + text, {}, name, None, 0)
        assert len(test.examples) > 2 and all(each.want for each in test.examples[-1:])
        runner.run(test, out=printed.append)
    assert not printed and runner.summarize(verbose=False).failed == 0, "".join(printed)


@pytest.mark.parametrize("name", [name for name in comity.__all__ if name not in ("InputFault", "Law")])
def test_what_is_not_obvious_is_given_by_name(name: str) -> None:
    """One thing that the function is about, or two laws to compare, may be given by position."""
    positional = [each.name for each in parameters(getattr(comity, name)) if each.kind is each.POSITIONAL_OR_KEYWORD]
    assert positional in (
        [],
        ["table"],
        ["request"],
        ["place"],
        ["folders"],
        ["claim"],
        ["first", "second"],
        ["table", "first", "second"],
    )


@pytest.mark.parametrize("name", public_members(comity.Law))
def test_a_method_of_a_law_takes_what_its_function_takes(name: str) -> None:
    function = {
        "at": "law_at", "clock": "clock_hold", "clock_many": "clock_holds", "context": "describe_context", "funding": "money_at_stake",
    }.get(name, name)  # fmt: skip
    if function not in comity.__all__:
        return
    beside = {"library", "folders", "refresh"}
    expected = {
        each.name: (each.default, each.kind, each.annotation)
        for each in parameters(getattr(comity, function))
        if each.name not in beside
    }
    found = {
        each.name: (each.default, each.kind, each.annotation)
        for each in parameters(getattr(comity.Law, name))
        if each.name != "self"
    }
    assert found == expected


def parameters(function: Any) -> list[inspect.Parameter]:
    return [*inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", [name for name in comity.__all__ if not inspect.isclass(getattr(comity, name))])
def test_every_function_says_what_it_raises_or_refers_to_one_that_does(name: str) -> None:
    text = inspect.getdoc(getattr(comity, name)) or ""
    assert "InputFault" in text or "faults as in `" in text
