"""Which columns of a list say who a person is, when a detainer came, and what became of it: by a map of columns, or by usual headings."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from comity.facts.synonyms import squeeze
from comity.intake import headings
from comity.intake.column_map.column_map import LIST_ROLES, ColumnMap, MappedColumn, Target
from comity.intake.row_days import RECEIVED, RECEIVED_AT

FORM, PLACE = "request.form", "place"
DAYS = (RECEIVED, RECEIVED_AT, headings.RECEIVED)
DUPLICATE = "duplicate_likely"
FACILITY = (headings.FACILITY, headings.CITY, headings.STATE, headings.FACILITY_CODE)
READ = frozenset((*LIST_ROLES, *DAYS, FORM, headings.FORM, headings.LIFTED, PLACE, *FACILITY, DUPLICATE))
# Headings as agencies write them, squeezed, for each column that no published table has. The first that a list has is read.
USUAL: dict[str, tuple[str, ...]] = {
    "name": ("name", "fullname", "subjectname", "inmatename", "personname", "defendantname", "aliensname", "noncitizenname"),
    "last_name": ("lastname", "surname", "familyname", "lname"),
    "first_name": ("firstname", "givenname", "fname"),
    "middle_name": ("middlename", "mname", "middleinitial", "mi"),
    "a_number": ("anumber", "ano", "alienno", "aliennumber", "alienregistrationnumber", "alienfilenumber", "afile", "afilenumber"),
    "booking_number": ("booking", "bookingnumber", "bookingno", "bookingid", "booknumber", "bookno"),
    "born_on": ("bornon", "dateofbirth", "dob", "birthdate", "birthday", "dayofbirth"),
    RECEIVED: (
        "day", "receivedon", "datereceived", "received", "detainerreceived", "detainerrecvd", "detainerdate", "detainerlodged",
        "datelodged", "lodgedon", "dateissued", "issuedon", "detainerissued",
    ),
    FORM: ("form", "iceform", "detainerform", "formtype", "formnumber"),
    "outcome": ("outcome", "disposition", "result", "status", "releasereason"),
    "station": ("station", "precinct", "district", "receivedat", "receivedby"),
    headings.FACILITY: ("facility", "jail", "heldat", "detainedat"),
}  # fmt: skip
# Published columns that a list has under the same heading, and that stand for one of the roles.
PUBLISHED = {"alien_file_number": "a_number", "birth_date": "born_on"}


def known_headings(found: Sequence[str]) -> int:
    """How many headings of a row are known, by which the row of headings is found."""
    names = headings.names_of(found)
    every = {word for words in USUAL.values() for word in words}
    return sum(name in READ or name in PUBLISHED or squeeze(name) in every for name in names)


def with_usual_headings(names: Sequence[str], column_map: ColumnMap | None, days: str = "") -> ColumnMap:
    """A map with a column for each usual heading that a list has, beside what the map given says, which goes first.

    `days` is the order in which the list writes days, where the map says none.
    """
    given = column_map or ColumnMap()
    taken = given.headings | given.ignored
    targets = {column.target.name for column in given.columns}
    added: list[MappedColumn] = []
    by_word = {squeeze(name): name for name in reversed(names) if name not in taken}
    for target, words in USUAL.items():
        given_otherwise = target == RECEIVED and (targets | {*names}) & {*DAYS}
        if target in targets or target in names or given_otherwise:
            continue
        published = next((name for name, role in PUBLISHED.items() if role == target and name in by_word.values()), "")
        heading = published or next((by_word[word] for word in words if word in by_word), "")
        if heading:
            added.append(MappedColumn(heading=heading, target=Target(target)))
    return replace(given, columns=(*given.columns, *added), days=given.days or days)
