"""What the headings of jails' own tables usually name, and the words by which they abbreviate.

A heading that is listed for one target alone is taken for it where its cells fit. A heading that is listed for several, or that
only resembles a listed one, is left open, with what it may be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from comity.intake.column_map.column_map import BOOKING, IGNORE

SHORT = {
    "dt": "date", "dte": "date", "dates": "date", "rcvd": "received", "recvd": "received", "recd": "received", "rec": "received",
    "bkg": "booking", "bk": "booking", "book": "booking", "booked": "booking", "no": "number", "num": "number", "nbr": "number",
    "nr": "number", "id": "number", "#": "number", "chg": "charge", "chrg": "charge", "charges": "charge", "conv": "conviction",
    "convictions": "conviction", "fac": "facility", "facil": "facility", "off": "offense", "offence": "offense",
    "offenses": "offense", "lvl": "level", "desc": "description", "descr": "description", "det": "detainer", "detainers": "detainer",
    "arr": "arrest", "arrested": "arrest", "rel": "release", "released": "release", "cd": "code", "st": "state", "cnty": "county",
    "fel": "felony", "misd": "misdemeanor", "typ": "type",
    "reimb": "reimbursement", "citz": "citizenship", "usc": "citizen", "sched": "scheduled",
    # Spanish.
    "fecha": "date", "arresto": "arrest", "carcel": "jail", "cargo": "charge", "cargos": "charge", "delito": "offense",
    "delitos": "offense", "condado": "county", "estado": "state", "ciudad": "city", "edad": "age", "numero": "number",
    "recibido": "received",
    "recibida": "received", "solicitud": "request", "condena": "conviction", "condenas": "conviction", "liberacion": "release",
    "nivel": "level",
    "nombre": "name", "apellido": "name", "apellidos": "name", "nacimiento": "birth", "direccion": "address", "domicilio": "address",
    "sexo": "sex", "raza": "race", "notas": "notes", "fianza": "bond", "pais": "country", "nacionalidad": "nationality",
}  # fmt: skip
FILLERS = frozenset(
    ("the", "of", "a", "in", "on", "at", "for", "to", "was", "is", "ice", "s", "by", "de", "del", "el", "la", "los")
)

# Each target with the headings that name it. Words are compared in any order, without fillers.
NAMES: Mapping[str, tuple[str, ...]] = {
    "request.received_on": (
        "detainer date", "date received", "received", "received on", "request date", "detainer received", "date detainer received",
        "detainer received date", "request received", "detainer lodged", "lodged", "date lodged", "hold placed", "date hold placed",
        "detainer placed", "detainer prepared date", "detainer issued", "issue date", "hold received", "hold date",
    ),
    "decision.on": ("decision date", "date decided", "decided on", "decided"),
    "custody.arrested_on": ("arrest date", "arrest"),
    "custody.release_eligible_on": ("release eligible", "release eligible date", "eligible release date", "projected release date",
        "scheduled release date", "date eligible release", "bond posted date"),
    "request.form": ("form", "detainer form", "form number", "form type", "request form", "detainer type", "i 247 form"),
    "request.asks": ("asks", "request asks", "requested action", "action requested", "request type"),
    "request.issuer": ("issuer", "issued by", "issuing agency", "requesting agency"),
    "request.signed": ("signed", "detainer signed", "form signed"),
    "request.complete": ("complete", "form complete"),
    "request.reimbursement_agreed": ("reimbursement agreed", "reimbursement", "agreed pay", "pays", "costs agreed"),
    "request.warrants[].kind": ("warrant", "warrant type", "warrant kind", "warrant form", "admin warrant"),
    "request.warrants[].signed": ("warrant signed",),
    "subject.age": ("age", "age booking"),
    "subject.citizenship": ("citizenship claim", "citizenship claimed", "us citizenship", "citizen claim"),
    "subject.final_order": ("final order", "final order removal", "removal order"),
    "subject.gang_member": ("gang", "gang member"),
    "custody.stage": ("stage", "custody stage", "custody status", "case status", "status"),
    "custody.holder": ("holder", "custodian"),
    "agency.kind": ("agency type", "agency kind"),
    "charges[].offense": ("charge", "charge description", "offense", "offense description", "current charge", "booking charge",
        "charge offense", "arrest charge", "most serious charge", "charge code", "ncic", "ncic code", "offense code", "charge ncic"),
    "charges[].grade": ("level", "charge level", "charge grade", "grade", "degree", "charge degree", "charge class", "severity",
        "charge severity", "offense level", "felony misdemeanor", "charge type"),
    "charges[].pending": ("pending", "charge pending"),
    "convictions[].offense": ("conviction", "prior conviction", "conviction offense", "convicted", "conviction description", "prior",
        "prior offense", "most serious conviction", "conviction charge", "conviction code", "conviction ncic"),
    "convictions[].grade": ("conviction level", "conviction grade", "prior level", "prior grade", "conviction class",
        "conviction degree", "prior degree"),
    "convictions[].convicted_on": ("conviction date", "date convicted", "convicted on", "prior date", "prior conviction date"),
    "facility": ("jail", "facility", "facility name", "jail name", "detention facility", "housing facility", "jail facility",
        "held facility", "correctional facility"),
    "facility_code": ("facility code", "detloc", "jail code", "detention facility code"),
    "city": ("facility city", "jail city"),
    "state": ("facility state", "jail state", "state"),
    "place": ("county", "county name", "place", "jurisdiction", "county jail"),
    "unique_identifier": ("person number", "inmate number", "so number", "subject number", "name number", "offender number",
        "unique identifier", "mni", "sid", "jacket number", "person", "jail number", "inmate"),
    BOOKING: ("booking number", "booking", "arrest number", "intake number", "admission number", "commitment number"),
    "lift_reason": ("lift reason", "detainer lift reason", "reason lifted", "detainer outcome"),
    "duplicate": ("duplicate", "duplicate likely"),
    "held_from": ("held from", "hold start", "hold start date", "hold began", "hold from", "detainer hold start"),
    "held_until": ("held until", "hold end", "hold end date", "hold ended", "hold until", "held through", "hold to"),
}  # fmt: skip
# Headings that may be one of several things: what each may be.
SEVERAL: Mapping[str, tuple[str, ...]] = {
    "booking date": ("request.received_on", "custody.arrested_on"),
    "date booking": ("request.received_on", "custody.arrested_on"),
    "intake date": ("request.received_on", "custody.arrested_on"),
    "admission date": ("request.received_on", "custody.arrested_on"),
    "date": ("request.received_on", "custody.arrested_on", "decision.on"),
    "start date": ("held_from", "request.received_on"),
    "end date": ("held_until",),
    "release date": ("custody.release_eligible_on", "held_until"),
    "date release": ("custody.release_eligible_on", "held_until"),
    "city": ("city",),
    "agency": ("facility", "agency.kind"),
    "location": ("facility", "city", "place"),
    "type": ("request.form", "charges[].grade"),
    "class": ("charges[].grade", "convictions[].grade"),
    "fm": ("charges[].grade",),
    "f m": ("charges[].grade",),  # or the person's sex
    "cty": ("place", "city"),
    "reason": ("lift_reason",),
    "outcome": ("lift_reason",),
    "citizen": ("subject.citizenship",),
    "citizenship": ("subject.citizenship",),
    "detainer": ("request.form", "request.asks"),
    "hold": ("request.asks",),
}
# Words of headings that no law asks about; above all those of the person. Their cells are not shown.
IGNORED = frozenset(
    (
        *("name", "last", "first", "middle", "surname", "alias", "aka", "dob", "birth", "birthdate", "ssn", "social", "address", "street"),
        *("zip", "phone", "race", "ethnicity", "sex", "gender", "height", "weight", "hair", "eyes", "eye", "photo", "mugshot"),
        *("notes", "note", "comment", "comments", "remarks", "remark", "narrative", "memo", "officer", "deputy", "badge", "clerk"),
        *("bond", "bail", "fee", "fine", "amount", "cell", "pod", "bunk", "housing", "block", "alien", "fbi", "anumber", "attorney"),
        *("judge", "court", "docket", "case", "statute", "ori", "email", "religion", "occupation", "employer", "scar", "tattoo"),
        *("country", "nationality", "language", "row", "seq", "sequence", "line"),
    )
)  # fmt: skip
NUMBER_AT_END = re.compile(r"^(.*?[^\d])\s*[#_-]?\s*(\d{1,2})$")
MARKS = re.compile("['`\u2018\u2019]")
WORD = re.compile(r"[a-z]+|\d+|#")
# What headings say of units, of answers and of the order of days, in brackets at the end.
UNIT = re.compile(
    r"^(.+?)\s*[(\[]\s*(years?|yrs?|y ?/ ?n|yes ?/ ?no|f ?/ ?m|m ?/ ?f|[mdy]{1,4}[/. -][mdy]{1,4}[/. -][mdy]{1,4})\s*[)\]]$",
    re.IGNORECASE,
)
HOME = frozenset(("address", "street", "zip", "residence", "home"))
OF_FACILITY = frozenset(("facility", "jail", "detention", "held", "correctional"))
# Words of columns that differ between the rows of one booking, as its charges do.
OF_CHARGE = frozenset(
    (
        *("charge", "offense", "conviction", "level", "grade", "degree", "class", "severity", "statute", "ncic", "code", "count", "counts"),
        *("description", "bond", "bail", "fine", "fee", "amount", "case", "docket", "court", "judge", "disposition", "dispo", "sentence"),
        *("felony", "misdemeanor", "warrant", "pending", "row", "seq", "sequence", "line", "type"),
    )
)  # fmt: skip


def words_of(heading: str) -> tuple[str, ...]:
    """The words of a heading in small letters, abbreviations written out and fillers left out, in alphabetical order."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", MARKS.sub("", heading)) if not unicodedata.combining(letter)
    )
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    words = [SHORT.get(word, word) for word in WORD.findall(spaced.lower())]
    return tuple(sorted({word for word in words if word not in FILLERS}))


def without_number(heading: str) -> tuple[str, int]:
    """A heading without the number at its end, and that number; 0 where it has none, as `Charge 2` has 2."""
    found = NUMBER_AT_END.match(heading.strip())
    return (found[1].strip(), int(found[2])) if found else (heading, 0)


def without_unit(heading: str) -> tuple[str, str]:
    """A heading without the unit in brackets at its end, and the order of days that the unit says; empty where it says none."""
    found = UNIT.match(heading.strip())
    if not found:
        return heading, ""
    order = "".join(dict.fromkeys(letter for letter in found[2].lower() if letter in "mdy"))
    return found[1], order if order in ("mdy", "dmy", "ymd") and len(re.findall("[/. -]", found[2])) > 1 else ""


def may_be_home(heading: str) -> bool:
    """Whether a heading that names a State, a county or a city does not say that it is the jail's."""
    return OF_FACILITY.isdisjoint(words_of(heading))


@cache
def targets_by_words() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The targets that each heading, as its words, may mean."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for target, names in NAMES.items():
        for name in names:
            known = found.get(words_of(name), ())
            found[words_of(name)] = known if target in known else (*known, target)
    return {**found, **{words_of(name): (*targets, OPEN_MARK) for name, targets in SEVERAL.items()}}


OPEN_MARK = "several"  # among the targets of a heading that does not tell them apart


def is_ignored(heading: str) -> bool:
    """Whether a heading is of a column that no law asks about."""
    return not IGNORED.isdisjoint(words_of(heading))


assert IGNORE not in NAMES
