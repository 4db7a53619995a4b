"""A mark says what was read and no more: what is `verified` names a text among its sources."""

from __future__ import annotations

import re

import pytest

from comity.api import load
from comity.law.instrument import Instrument

LIBRARY = load()
# Words by which a source names the law's own text, or a collection of texts, and not a report about it.
TEXT = re.compile(
    r"\b(text|texts|opinions?|synopsis|order|section|sections|article|code|act|acts|chapter|public law|law library|register"
    r"|resolution|matter|legislative file|record|title|copy|copies|sample|documents|directive|form|quotation"
    r"|enrolled|rcw|ors|casetext|vlex|justia|heinonline)\b"
    r"|cite\.case\.law|\b(o\.s\.|k\.s\.a\.|r\.s\.|v\.s\.a\.|n\.d\.c\.c\.)",
    re.IGNORECASE,
)
PRESS = re.compile(
    r"\b(herald|times|post|news|press|wsvn|wbez|npr|tribune|inquirer|patch)\b(?! article \d)", re.IGNORECASE
)


def names_a_text(source: str) -> bool:
    """Whether a source names a text: one that only names a newspaper does not, even where it says `article`."""
    return bool(TEXT.search(source)) and not (
        PRESS.search(source) and not re.search(r"\btext\b", source, re.IGNORECASE)
    )


VERIFIED = [
    instrument
    for instrument in LIBRARY.instruments.values()
    if instrument.evidence == "verified" or any(part.evidence == "verified" for part in instrument.provisions)
]


@pytest.mark.parametrize("instrument", VERIFIED, ids=lambda instrument: instrument.id)
def test_what_is_verified_names_a_text_among_its_sources(instrument: Instrument) -> None:
    assert any(names_a_text(source) for source in instrument.sources), instrument.sources


def test_a_newspaper_is_no_text() -> None:
    assert len(VERIFIED) > 50
    for source in (
        "Miami Herald, 2017-01-26",
        "an article in the Star Tribune, 2025",
        "Associated Press on the decision",
    ):
        assert not names_a_text(source)
    for source in ("full text as broadcast by WSVN", "N.Y. Exec. Law, section 170-k", "casetext"):
        assert names_a_text(source)


def test_every_state_was_looked_at_and_says_to_which_day() -> None:
    states = {path for path, place in LIBRARY.gazetteer.places.items() if place.kind in ("state", "district")}
    lacking = {path for path in states if path not in LIBRARY.researched} - {
        "us/pr",
        "us/gu",
        "us/vi",
        "us/as",
        "us/mp",
    }
    assert len(states) >= 51 and not lacking
    assert all(row.looked_at for row in LIBRARY.researched.values())
