"""How a table was read, in sentences: what became of each of its lines, and what a person should check."""

from __future__ import annotations

from collections.abc import Iterator

from comity.intake.sources.source import Account, Reading
from comity.present.clean import cleaned

PARTS = {
    "titles": "above the headings",
    "headings": "of headings",
    "rows": "rows",
    "continued": "that continue a row",
    "joined": "that belong to the request of an earlier row, as their booking is the same",
    "blank": "blank",
    "totals": "of totals, which are not decided",
}


def describe_reading(reading: Reading) -> list[str]:
    """One sentence for each file or sheet that has lines, and one for each note."""
    return [*_accounts(reading), *(f"{note[0].upper()}{note[1:]}." for note in reading.notes)]


def _accounts(reading: Reading) -> Iterator[str]:
    for account in reading.accounts:
        if account.left_out or account.why:
            rows = "1 row" if account.left_out == 1 else f"{account.left_out:,} rows"
            yield f"Sheet {cleaned(account.sheet)} is left out with {rows}: {account.why}."
        elif account.headings:
            whose = f"Sheet {cleaned(account.sheet)}" if account.sheet else "The table"
            hidden = (
                " is hidden, and is read all the same, as no other sheet holds a table; it" if account.hidden else ""
            )
            yield f"{whose}{hidden} has {account.lines:,} {'line' if account.lines == 1 else 'lines'}: {_parts(account)}."


def _parts(account: Account) -> str:
    counts = {words: getattr(account, name) for name, words in PARTS.items()}
    texts = (f"{count:,} {words}" for words, count in counts.items() if count or words == "rows")
    return ", ".join("1 row" if text == "1 rows" else text for text in texts)
