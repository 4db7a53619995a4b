"""Names of the columns in tables of detainers: the names of several releases as one, and names that occur twice.

Known are the processed file of the Deportation Data Project, the raw releases from which it is compiled (2025, March
2026, mid-2026), and the files of 2007-2015. Every other column keeps its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

FINAL_ORDER, CASE_FINAL_ORDER = "final_order_yes_no", "case_final_order_yes_no"
RECEIVED, LIFTED, FORM = "detainer_prepare_date", "detainer_lift_reason", "detainer_type"
FACILITY, CITY, STATE = "detention_facility", "facility_city", "facility_state"
FACILITY_CODE = "detention_facility_code"
# Other names, in lower case with underscores, of columns of the processed file.
RENAMED = {
    "date": RECEIVED,
    "detainer_prepared_date": RECEIVED,
    "lift_reason": LIFTED,
    "det_facility": FACILITY,
    "detainer_facility": FACILITY,
    "detainer_facility_code": FACILITY_CODE,
    "det_facility_code": FACILITY_CODE,
    "detloc": FACILITY_CODE,
    "city": CITY,
    "state": STATE,
    "aor": "facility_aor",
    "detainer_criminality": "detainer_prepared_criminality",
    "detainer_threat_level": "detainer_prep_threat_level",
    "detainer_prepared_threat_level": "detainer_prep_threat_level",
    "most_serious_conviction_msc_charge": "most_serious_conviction_charge",
    "msc_charge": "most_serious_conviction_charge",
    "sentence_days": "msc_sentence_days",
    "sentence_months": "msc_sentence_months",
    "sentence_years": "msc_sentence_years",
    "aggravated_felon_yes_no": "felon",
    "time_of_apprehension_case_category": "arrest_time_case_category",
    "toa_case_category": "arrest_time_case_category",
    "toa_case_category_code": "arrest_time_case_category_code",
    "time_of_apprehension_current_program": "arrest_time_current_program",
    "toa_current_program": "arrest_time_current_program",
    "order_to_show_cause_served_yes_no": "order_show_cause_served_yes_no",
    "federal_register_notice_yes_no": "federal_interest_yes_no",
    "anonymized_identifier": "unique_identifier",
    "anonymized_unique_identifier": "unique_identifier",
}
PUBLISHED = frozenset(
    (
        *RENAMED.values(), FORM, FINAL_ORDER, CASE_FINAL_ORDER, "port_of_departure", "departure_country", "departed_date",
        "case_status", "gender", "citizenship_country", "birth_country", "birth_date", "birth_year", "entry_status",
        "msc_charge_code", "msc_charge_date", "msc_conviction_date", "processing_disposition", "case_category",
        "final_program", "tod_final_program", "apprehension_method", "final_order_date", "apprehension_date", "entry_date",
        "prior_felony_yes_no", "multiple_prior_misd_yes_no", "violent_misdemeanor_yes_no", "illegal_entry_yes_no",
        "illegal_reentry_yes_no", "immigration_fraud_yes_no", "significant_risk_yes_no", "other_removal_reason_yes_no",
        "other_removal_reason", "criminal_street_gang_yes_no", "aggravated_felony_yes_no", "deportation_ordered_yes_no",
        "order_to_show_cause_served_date", "biometric_match_yes_no", "statements_made_yes_no", "unlawful_attempt_yes_no",
        "unlawful_entry_yes_no", "visa_yes_no", "resume_custody_yes_no", "detainer_lift_reason_code",
        "active_investigation_yes_no", "arrest_warrant_served_date", "notify_release_request_yes_no",
        "tod_current_duty_site", "alien_file_number", "eid_case_id", "eid_subject_id", "eid_dta_id", "duplicate_likely",
        "file_original", "sheet_original", "row_original",
    )
)  # fmt: skip
NUMBERED = re.compile(r"\.\.\.\d+$")  # some programs number two columns of one name
NUMBERS, OF_SOURCE = "row", "row (column)"  # `intake.cells` numbers the rows in a column of the first name
NO_NAME = re.compile(r"[^a-z0-9]+")


def names_of(headings: Sequence[str]) -> list[str]:
    """The name of each column; published columns have the name that the processed file uses."""
    return [_name(heading.strip()) for heading in headings]


def _name(heading: str) -> str:
    plain = NO_NAME.sub("_", NUMBERED.sub("", heading).lower()).strip("_")
    plain = RENAMED.get(plain, plain)
    name = plain if plain in PUBLISHED else " ".join(heading.split())
    return OF_SOURCE if name == NUMBERS else name


def distinct_names(names: Sequence[str], read: Collection[str]) -> tuple[list[str], str]:
    """The names without repetition, and the name of a column that is read and occurs twice, or the empty text.

    The release of 2025 has two columns called Final Order Yes No, one on the case and one on the detainer. This is known,
    and both are read. Of columns that are not read the second is numbered.
    """
    counts: dict[str, int] = {}
    distinct, taken = [], {*names}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        written = name if counts[name] == 1 else _second(name, counts[name])
        while counts[name] > 1 and written in taken:  # another heading may be written so
            counts[name] += 1
            written = _second(name, counts[name])
        taken.add(written)
        distinct.append(written)
    doubled = next(
        (name for name, count in counts.items() if count > 1 and name in read and not _known_twice(name, count, names)),
        "",
    )
    return distinct, doubled


def _known_twice(name: str, count: int, names: Sequence[str]) -> bool:
    return name == FINAL_ORDER and count == len((FINAL_ORDER, CASE_FINAL_ORDER)) and CASE_FINAL_ORDER not in names


def _second(name: str, count: int) -> str:
    return (
        CASE_FINAL_ORDER
        if name == FINAL_ORDER and count == len((FINAL_ORDER, CASE_FINAL_ORDER))
        else f"{name} ({count})"
    )
