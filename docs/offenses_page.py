"""The families of offenses: what each is in plain words, and which codes tell it."""

from __future__ import annotations

from itertools import groupby

from coverage_page import table

from comity.law.library import Library

DIGITS = 4
OFFENSE = "convictions[].offense"
OPENING = """# Offenses by family

Records name an offense by the uniform offense codes of the National Crime Information Center, and immigration officers by three
codes of their own, `13AB`, `35AA` and `35AB`. Law speaks in other words. Between them stand families: each code belongs to one,
and each statute says for itself which families, with which grade, it means.

A code tells a family and no more. Whether force was used, of which degree the crime was, whether it was a felony there, what the
sentence was and whether it was only attempted stay Unknown, and so does whether a competent person would count it in a statute's
class. A code of four characters is no number: `999` is not `0999`, and a code that stands in no list is Unknown and counted.

The map is [`policies/offenses.csv`](../policies/offenses.csv); the families and their words are facts of the
[vocabulary](../policies/vocabulary.yaml). `.venv/bin/python docs/write_pages.py offenses` writes this page.

"""


def offenses_page(library: Library) -> str:
    """The page as Markdown: each family in the order of the vocabulary."""
    codes: dict[str, list[str]] = {}
    for code, family in library.offenses.items():
        codes.setdefault(family, []).append(code)
    rows = [
        (f"`{name}`", words, _short(codes.get(name, [])) or "no code tells it")
        for name, words in families(library).items()
    ]
    return OPENING + table(("family", "what it is", f"codes, {len(library.offenses)} in all"), rows)


def families(library: Library) -> dict[str, str]:
    """Each family with its plain words."""
    return library.vocabulary.entries[OFFENSE].words


def _short(codes: list[str]) -> str:
    """Codes with those that follow one another drawn together: `0901-0908`."""
    numbers = [int(code) for code in sorted(codes) if code.isdigit()]
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda own: own[1] - own[0])]
    words = [f"{run[0]:0{DIGITS}d}" + (f"-{run[-1]:0{DIGITS}d}" if len(run) > 1 else "") for run in runs]
    return " ".join([*words, *sorted(code for code in codes if not code.isdigit())])
