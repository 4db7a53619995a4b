"""The class that the words of a facility's name say, and the words that say whose it is.

A county's, city's or sheriff's name says more than "metro", "federal" or "department of corrections", which local jails use too.
"""

from __future__ import annotations

import re

from comity.law.jails.words import FacilityClass

# The order matters: a hold room in a county's jail is not a jail, nor is a county's juvenile hall.
BY_WORDS: tuple[tuple[FacilityClass, str], ...] = (
    (
        "immigration_site",
        r"HOLD ROOM|STAGING|PROCESSING C\w*|DISTRICT OFFICE|FIELD OFFICE|SUB ?OFFICE|DOCKET CONTROL|FAMILY (RESIDENTIAL|SHELTER|DETENTION)"
        r"|BORDER PATROL|BPS|POE|PORT OF ENTRY|ICE|ERO|DRO|SPC|CDF|IPC|IMMIGRATION|DEPORTATION|RESIDENTIAL CENTER|AIRPORT|CUSTOMS"
        r"|CONTRACT DETENTION|DD P|US INS|CUSTODY CASE|HOTEL|MOTEL|INN|SUITES|TRANSPORT",
    ),
    ("federal_prison", r"FCI|USP|FDC|FMC|FPC|FCC|MCFP|BOP|US PENITENTIARY"),
    ("hospital", r"HOSPITAL|HOSP|MEDICAL|MED CENTER|HEALTH\w*|PSYCHIATRIC|INFIRMARY"),
    ("juvenile", r"JUVENILE|YOUTH|CHILDRENS?|BOYS|GIRLS|ADOLESCENT|MINORS?"),
    ("state_prison", r"SCI|SRCF|STATE (PRISON|PENITENTIARY|CORRECTIONAL|JAIL|REFORMATORY)"),
)
WORDS = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in BY_WORDS)
# What local jails are called too: these words say whose a facility is where nothing else does.
MARSHAL = re.compile(r"\b(?:US MARSHAL|USMS|FEDERAL)\b")
METRO = re.compile(r"\b(?:MCC|MDC|METRO (?:DETENTION|CORRECTIONAL)(?: CENTER)?)\b")
METRO_PRISONS = re.compile(r"\b(?:BROOKLYN|NEW YORK|GUAYNABO|CHICAGO|SAN DIEGO)\b")
METRO_PRISONS_SHORT = re.compile(r"\b(?:BROOKLYN|NEW YORK|GUAYNABO|CHICAGO|SAN DIEGO|LOS ANGELES)\b")
CORRECTIONS = re.compile(r"\b(?:DEPARTMENT OF CORR\w*|D ?O ?C|CORRECTIONAL INSTITUTION FOR)\b")
CORRECTIONS_CUT = re.compile(r"\bDEPARTMENT OF(?: C[A-Z]*)?$")  # names are cut at 50 characters in some tables
CITY = re.compile(
    r"\b(?:POLICE|CITY (?:JAIL|DETENTION|HOLD\w*|SHERIFF|DEPARTMENT OF CORR\w*|LOCK ?UP)|LOCK ?UP|PUBLIC SAFETY DEPARTMENT"
    r"|(?:TOWN|VILLAGE|TOWNSHIP|MUNICIPAL) (?:JAIL|DETENTION|HOLD\w*))\b"
)
CITY_OF = re.compile(r"\b(?:CITY|TOWN|VILLAGE|TOWNSHIP) OF (?P<name>[A-Z ]+)")
JAIL = re.compile(
    r"\b(?:JAIL|DETENTION (?:CENTER|FACILITY|C[A-Z]+)|PRISONS?|DEPARTMENT OF (?:CORR\w*|PRISONS)|SHERIFF)\b"
)
HOUSE = re.compile(r"^(?P<name>[A-Z ]+?) (?:JAIL AND )?HOUSE OF CORR\w*")
REGIONAL = re.compile(r"\bREGIONAL JAIL\b")
# Police of a part of a city: these words may follow the name of the city before the word for police.
STATION = re.compile(
    r"\d\w*|CENTRAL|(?:NORTH|SOUTH)?(?:EAST|WEST)(?:ERN)?|(?:NORTH|SOUTH)(?:ERN)?|DOWNTOWN|MAIN|METRO|DISTRICT|PRECINCT|STATION"
    r"|DIVISION|HEADQUARTERS|HQ|HARBOR|VILLAGE|MUNICIPAL"
)
# Words with which the class `immigration_site` is not certain: local jails and police have them in their names too.
WEAK = re.compile(r"\b(?:PROCESSING C\w*|AIRPORT|CUSTOMS|HOTEL|MOTEL|INN|SUITES|TRANSPORT)\b")
CENTERS = re.compile(
    r"\b(?:RESIDENTIAL CENTER|(?<!JOINT )PROCESSING C\w*)\b"
)  # a county's, or one of immigration officers
OF_OFFICERS = re.compile(r"\b(?:SHERIFF|POLICE|JAIL)\b")
LOCAL_WORDS = re.compile(r"\b(?:COUNTY|PARISH|SHERIFF|POLICE|JAIL)\b")
# Tribes, the armed forces and police of the United States: the law of the State and of its counties does not bind them.
OF_OTHERS = re.compile(
    r"\b(?:TRIBAL|TRIBES?|NATION|RESERVATION|PUEBLO OF|INDIAN (?:POLICE|COMMUNITY|AFFAIRS)|BIA|NAVAJO (?:DEPARTMENT|POLICE|DETENTION)"
    r"|TOHONO|GILA RIVER|SALT RIVER|HOPI|MILITARY|PROVOST|AIR FORCE|ARMY|NAVAL|NAVY|MARINE CORPS|AMTRAK|US PARK|CAPITOL POLICE)\b"
)
HELD_BY_STATE = re.compile(r"\b(?:CORRECTIONAL|JAIL|PRETRIAL|PRISON|PENITENTIARY|C F|C C)\b")
PRISON = re.compile(r"\b(?:CORRECTIONAL|PRISON|PENITENTIARY|REFORMATORY|DEPARTMENT OF CORR\w*|C F)\b")
COUNTY = re.compile(r"\b(?:COUNTY|PARISH|BOROUGH|MUNICIPIO)\b")
COUNTY_OF = re.compile(r"\b(?:COUNTY|PARISH|BOROUGH|MUNICIPIO) OF (?P<name>[A-Z ]+)")
SHERIFF = re.compile(r"^(?P<name>[A-Z ]+?) SHERIFF\b")


def class_of(words: str) -> FacilityClass:
    """The class that strong words name, as `FCI` or `HOSPITAL`; `unknown` where there is none."""
    return next((kind for kind, pattern in WORDS if pattern.search(words)), "unknown")


def is_certain(words: str) -> bool:
    """Whether a name that has words for an immigration site can be that of nothing else, as a county's processing center can."""
    strong = class_of(" ".join(WEAK.sub(" ", CENTERS.sub(" ", words)).split())) == "immigration_site"
    return strong or not LOCAL_WORDS.search(words)


def is_federal(words: str, city: str) -> bool:
    """Whether weak words name a federal prison: only certain metropolitan centers are federal, and Los Angeles has two."""
    if MARSHAL.search(words):
        return True
    found = METRO.search(words)
    known = METRO_PRISONS_SHORT if found and found[0] in ("MCC", "MDC") else METRO_PRISONS
    return bool(found and known.search(f"{words} {city}"))
