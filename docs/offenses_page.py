"""The page of offenses: each family in plain words, with the codes that belong to it."""

from __future__ import annotations

from itertools import groupby

from coverage_page import table

from comity.law.library import Library

DIGITS = 4
OFFENSE = "convictions[].offense"
OPENING = """# Offenses by family

Records name an offense by a uniform offense code of the National Crime Information Center, or by one of three codes that only
immigration officers use, `13AB`, `35AA` and `35AB`. Law describes offenses in words. Families connect the two: each code belongs
to one family, and the encoding of each statute names the families, with their grades, that it covers.

A code gives a family and nothing else. Whether force was used, the degree of the crime, whether it was a felony in that State,
the sentence, and whether the crime was only attempted stay Unknown, and so does whether a competent person would count it in a
statute's class. A code is text of four characters: `999` is not `0999`. A code that is in no list is Unknown, and is counted.

The table is [`policies/offenses.csv`](../policies/offenses.csv); the families and their words are facts of the
[vocabulary](../policies/vocabulary.yaml). `.venv/bin/python docs/write_pages.py offenses` writes this page.

"""


def offenses_page(library: Library) -> str:
    """The page as Markdown: each family in the order of the vocabulary."""
    codes: dict[str, list[str]] = {}
    for code, family in library.offenses.items():
        codes.setdefault(family, []).append(code)
    rows = [(f"`{name}`", words, _short(codes.get(name, [])) or "no code") for name, words in families(library).items()]
    return OPENING + table(("family", "what it is", f"codes, {len(library.offenses)} in all"), rows)


def families(library: Library) -> dict[str, str]:
    """Each family with its plain words."""
    return library.vocabulary.entries[OFFENSE].words


def _short(codes: list[str]) -> str:
    """The codes, with consecutive ones as a range: `0901-0908`."""
    numbers = [int(code) for code in sorted(codes) if code.isdigit()]
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    words = [f"{run[0]:0{DIGITS}d}" + (f"-{run[-1]:0{DIGITS}d}" if len(run) > 1 else "") for run in runs]
    return " ".join([*words, *sorted(code for code in codes if not code.isdigit())])
