"""The gallery of errors: one folder an error, its text pinned, and the page of the docs made from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import pinned, run

HERE = Path(__file__).parent / "errors"
PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
NAMES = sorted(path.name for path in HERE.iterdir() if (path / "command").is_file())
OPENING = """# Errors

What comity says when something is wrong: one line with what is wrong, where, and what would be right; for a law file
the faulty line below it, with a mark under the place. Each error here is a folder under `tests/commands/errors`, and
the tests hold the program to the text.
"""


@pytest.mark.parametrize("name", NAMES)
def test_each_error_says_what_where_and_what_would_be_right(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = HERE / name
    monkeypatch.chdir(folder)
    done = run((folder / "command").read_text(encoding="utf-8"))
    assert done.exit_code == int((folder / "exit").read_text(encoding="utf-8"))
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    pinned(folder / "stderr", done.stderr.replace("\\", "/"))


def test_the_gallerys_page_is_made_of_its_folders() -> None:
    pinned(PAGE, OPENING + "".join(_entry(HERE / name) for name in NAMES))


def _entry(folder: Path) -> str:
    """One error: what it is, the input, the command and what it says."""
    title = folder.name.replace("_", " ").capitalize()
    about, command, said = (
        (folder / name).read_text(encoding="utf-8").strip() for name in ("about", "command", "stderr")
    )
    inputs = [path for path in sorted(folder.rglob("*")) if path.suffix in (".csv", ".json", ".md")]
    shown = "".join(
        f"\n`{path.relative_to(folder).as_posix()}`:\n\n{_quoted(path.read_text(encoding='utf-8'))}" for path in inputs
    )
    console = "\n".join(line if len(line) < 400 else f"{line[:397]}..." for line in said.splitlines())
    return f"\n## {title}\n\n{about}\n{shown}\n{_quoted(f'$ comity {command}{chr(10)}{console}')}"


def _quoted(text: str) -> str:
    """A text as a block of code by indentation, since law files hold fences of their own."""
    return "".join(f"    {line}".rstrip() + "\n" for line in text.rstrip().splitlines())
