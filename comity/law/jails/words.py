"""The classes of facilities, and the name of a facility in standard words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

FacilityClass: TypeAlias = Literal[
    "county_jail",
    "city_lockup",
    "juvenile",
    "state_prison",
    "federal_prison",
    "immigration_site",
    "hospital",
    "unknown",
]
CLASSES: tuple[FacilityClass, ...] = get_args(FacilityClass)
LOCAL: tuple[FacilityClass, ...] = ("county_jail", "city_lockup", "juvenile")
FEDERAL: tuple[FacilityClass, ...] = ("federal_prison", "immigration_site")

SHORT = {
    "CNTY": "COUNTY", "CTY": "COUNTY", "CO": "COUNTY", "COUNY": "COUNTY", "FED": "FEDERAL", "PEN": "PENITENTIARY",
    "DIST": "DISTRICT", "DEPT": "DEPARTMENT", "DPT": "DEPARTMENT", "PD": "POLICE", "SAINT": "ST", "SAINTE": "STE",
    "FT": "FORT", "MT": "MOUNT", "DET": "DETENTION", "DETENT": "DETENTION", "HOLDROOM": "HOLD ROOM",
    "HOLDING": "HOLD", "RM": "ROOM", "MARSHALS": "MARSHAL", "JUV": "JUVENILE", "JUVI": "JUVENILE",
    "JUVENILLE": "JUVENILE", "CORR": "CORRECTIONAL", "COR": "CORRECTIONAL", "CORRECTION": "CORRECTIONAL",
    "CORRECTIONS": "CORRECTIONAL", "CTR": "CENTER", "CNTR": "CENTER", "FAC": "FACILITY", "FCLTY": "FACILITY",
    "INST": "INSTITUTION", "INSTITUTE": "INSTITUTION", "REG": "REGIONAL", "SHERIFFS": "SHERIFF", "TWP": "TOWNSHIP",
    "MUNI": "MUNICIPAL", "METROPOLITAN": "METRO",
}  # fmt: skip
# Abbreviations that mean something in one State alone.
OF_STATE = {
    ("ny", "NYC"): "NEW YORK CITY", ("ny", "NYPD"): "NEW YORK CITY POLICE", ("ca", "LAPD"): "LOS ANGELES POLICE",
    ("ca", "LASD"): "LOS ANGELES SHERIFF", ("ca", "SFPD"): "SAN FRANCISCO POLICE", ("ca", "SDPD"): "SAN DIEGO POLICE",
    ("fl", "MDCR"): "MIAMI DADE COUNTY", ("az", "MCSO"): "MARICOPA COUNTY", ("nm", "BCMDC"): "BERNALILLO COUNTY",
    ("il", "CCDOC"): "COOK COUNTY", ("tx", "HCSO"): "HARRIS COUNTY", ("tx", "HPD"): "HOUSTON POLICE",
    ("il", "CPD"): "CHICAGO POLICE", ("pa", "PPD"): "PHILADELPHIA POLICE",
}  # fmt: skip
# Abbreviations of States in use before the postal codes, as letters without spaces.
STATES_SHORT = {
    "ALA": "al", "ARIZ": "az", "ARK": "ar", "CAL": "ca", "CALIF": "ca", "COLO": "co", "CONN": "ct", "DEL": "de", "FLA": "fl",
    "ILL": "il", "IND": "in", "KAN": "ks", "KANS": "ks", "MASS": "ma", "MICH": "mi", "MINN": "mn", "MISS": "ms", "MONT": "mt",
    "NEB": "ne", "NEBR": "ne", "NEV": "nv", "NMEX": "nm", "NDAK": "nd", "SDAK": "sd", "NCAR": "nc", "SCAR": "sc", "NOCAROLINA": "nc",
    "SOCAROLINA": "sc", "NCAROLINA": "nc", "SCAROLINA": "sc", "NDAKOTA": "nd", "SDAKOTA": "sd", "OKLA": "ok", "ORE": "or",
    "PENN": "pa", "PENNA": "pa",
    "TENN": "tn", "TEX": "tx", "WASH": "wa", "WVA": "wv", "WESTVA": "wv", "WVIRGINIA": "wv", "WIS": "wi", "WISC": "wi", "WYO": "wy",
    "NHAMPSHIRE": "nh", "NJERSEY": "nj", "NMEXICO": "nm", "NYORK": "ny", "WASHINGTONSTATE": "wa", "STATEOFWASHINGTON": "wa",
}  # fmt: skip
INITIALS = re.compile(r"\b([A-Z])\. ?(?=[A-Z]\b)")  # S.C.I. is SCI, and U.S. is US
NO_LETTERS = re.compile(r"[^A-Z0-9]+")
WORDS_MAX = 20_000  # names whose standard words are remembered: a name is looked at about five times
PARTS = re.compile(r"[/,;()]|\s-|-\s")
MARKS = re.compile("['`\u2018\u2019]")


def letters(text: str) -> str:
    """A text in capitals, its words apart by single spaces, without accents and signs."""
    plain = text
    if not text.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(NO_LETTERS.sub(" ", INITIALS.sub(r"\1", MARKS.sub("", plain.upper()))).split())


@lru_cache(maxsize=WORDS_MAX)
def standard_words(text: str, state: str = "") -> str:
    """The letters of a name with its usual abbreviations written out, and those that are used in its State."""
    return " ".join(OF_STATE.get((state, word)) or SHORT.get(word, word) for word in letters(text).split())


def spelled(words: str) -> str:
    """What two spellings of a name in standard words have in common: `DE WITT` and `DEWITT`, `KING QUEEN` and `KING AND QUEEN`."""
    return "".join(word for word in words.split() if word != "AND")


def singular(words: str) -> str:
    """The same without an s at the end of a word: `PRINCE GEORGE` and `PRINCE GEORGES`."""
    return "".join(word.removesuffix("S") for word in words.split() if word != "AND")


def name_parts(text: str, state: str) -> list[str]:
    """The parts of a name between slashes, commas, brackets and dashes, in standard words."""
    parts = [standard_words(part, state) for part in PARTS.split(MARKS.sub("", text))]
    return [part for part in parts if part]
