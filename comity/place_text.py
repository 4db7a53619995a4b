"""How the name of a place is written: slugs, spellings that are compared as equal, sound, and names such as `Harris County, TX`."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

Kind: TypeAlias = Literal["", "county", "city"]
COUNTY_WORDS = ("county", "parish", "borough", "census-area", "municipality", "municipio", "planning-region")
CITY_WORDS = ("city", "town", "village", "township")
SHORT = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
OF_COUNTRY = ("us", "usa", "united-states")
OF_CAPITAL = ("", "washington", "district-of-columbia")
NEAR_MAX, SLUG_MAX, SIMILAR = 3, 200, 0.6
MARKS = re.compile(r"['`.\u2018\u2019]")
OTHERS = re.compile(r"[^a-z0-9]+")
CODES = {
    letter: code
    for letters, code in (("bfpv", "1"), ("cgjkqsxz", "2"), ("dt", "3"), ("l", "4"), ("mn", "5"), ("r", "6"))
    for letter in letters
}


class PlaceText(Struct, frozen=True):
    """A name in words: the postal code of its State, and the slug of the name with the words for its kind."""

    state: str
    slug: str = ""


def slug_of(name: str) -> str:
    """A name as part of a path: small letters without accents, words joined by hyphens (`Ste. Genevieve`: `ste-genevieve`)."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return OTHERS.sub("-", MARKS.sub("", plain.lower())).strip("-")


def spelling(slug: str) -> str:
    """What two spellings of one name have in common: `la-salle` and `lasalle`, `saint-louis` and `st-louis`."""
    return "".join(SHORT.get(word, word) for word in slug_of(slug).split("-"))


def sound(name: str) -> str:
    """A phonetic key: the first letter and the Soundex code of every later consonant, not cut to four."""
    letters = spelling(name)
    key, last = letters[:1], CODES.get(letters[:1], "")
    for letter in letters[1:]:
        code = CODES.get(letter, "")
        if code and code != last:
            key += code
        if letter not in "hw":
            last = code
    return key


def read_place_text(text: str, states: Mapping[str, str]) -> PlaceText | None:
    """A name with its State at the end (`Harris County, TX`, `harris county texas`, `DC`); None where it ends in no State.

    `states` maps the slugs of names and postal codes to postal codes.
    """
    words = slug_of(text).split("-")
    while len(words) > 1 and any(_ends(words, country) for country in OF_COUNTRY):
        words = words[: -max(len(country.split("-")) for country in OF_COUNTRY if _ends(words, country))]
    # The longest name first: `West Virginia` before `Virginia`.
    found = next((at for at in range(len(words)) if "-".join(words[at:]) in states), None)
    if "," in text:
        of_state = [at for at in range(len(words)) if "-".join(words[at:]) == _last_part(text)]
        found = of_state[0] if of_state and _last_part(text) in states else found
    if found is None:
        return None
    state, slug = states["-".join(words[found:])], "-".join(words[:found])
    if state == "dc" and slug in OF_CAPITAL:
        return PlaceText(state)
    return PlaceText(state, slug)


def kind_of(slug: str) -> tuple[str, Kind]:
    """A slug without the words that tell the kind of place (`harris-county`, `city-of-houston`), and that kind."""
    for word in COUNTY_WORDS:
        if slug.endswith(f"-{word}"):
            return slug.removesuffix(f"-{word}"), "county"
        if slug.startswith(f"{word}-of-"):
            return slug.removeprefix(f"{word}-of-"), "county"
    for word in CITY_WORDS:
        if slug.startswith(f"{word}-of-"):
            return slug.removeprefix(f"{word}-of-"), "city"
        if slug.endswith(f"-{word}"):
            return slug.removesuffix(f"-{word}"), "city"
    return slug, ""


def nearest_names(slug: str, paths: Sequence[str]) -> list[str]:
    """The paths whose names are nearest to a slug, at most three, the nearest first.

    First those with all its words, then those that sound alike, then the one with the most similar letters.
    """
    slugs = {path: path.rpartition("/")[2] for path in paths}
    words = set(slug.split("-"))
    near = [path for path, name in slugs.items() if words <= set(name.split("-"))]
    if not near:
        near = [path for path, name in slugs.items() if sound(kind_of(name)[0]) == sound(slug)]
    if not near:
        alike = set(difflib.get_close_matches(slug[:SLUG_MAX], slugs.values(), n=1, cutoff=SIMILAR))
        return [path for path, name in slugs.items() if name in alike][:1]
    return sorted(near, key=lambda path: (abs(len(slugs[path]) - len(slug)), path))[:NEAR_MAX]


def one_of(texts: Sequence[str], verb: str = "did you mean") -> str:
    """A help text that offers one or more texts, or the empty text."""
    if not texts:
        return ""
    listed = texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"
    return f"{verb} {listed}{'?' if verb.startswith('did') else ''}"


def _ends(words: list[str], name: str) -> bool:
    parts = name.split("-")
    return len(words) > len(parts) and words[-len(parts) :] == parts


def _last_part(text: str) -> str:
    parts = [slug_of(part) for part in text.split(",")]
    return next((part for part in reversed(parts) if part and part not in OF_COUNTRY), "")
