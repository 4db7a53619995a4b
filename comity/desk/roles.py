"""Who may do what at the desk: one list of roles, one table of permissions. Every page, call and deed asks it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is at the desk; a person has one role."""

    BOOKING_OFFICER = "booking_officer"
    SUPERVISOR = "supervisor"
    COUNTY_ATTORNEY = "county_attorney"
    AUDITOR = "auditor"
    PUBLIC_RECORDS_OFFICER = "public_records_officer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What may be done: to see, to do a deed, or to keep the desk itself."""

    SEE_BOARD = "see_board"
    SEE_CASE = "see_case"
    SEE_PERSON = "see_person"  # names and numbers, which are sealed
    SEE_RECORD = "see_record"  # the events, and who did them
    SEE_COUNTS = "see_counts"  # of cases, with no person
    RECEIVE = "receive"
    DECIDE = "decide"
    USE_DISCRETION = "use_discretion"
    ASK_OVERRIDE = "ask_override"
    CONFIRM_OVERRIDE = "confirm_override"
    TEND_HOLD = "tend_hold"  # begin, transfer, release, serve a copy, give notice
    ACKNOWLEDGE_ALARM = "acknowledge_alarm"
    ADD_NOTE = "add_note"
    CORRECT = "correct"
    EXPORT = "export"
    VERIFY_RECORD = "verify_record"
    REPLAY = "replay"
    RECONCILE = "reconcile"  # compare a list of the sender with the desk, and settle its rows
    RECORD_PAYMENT = "record_payment"  # what became of an invoice
    KEEP_ACCOUNTS = "keep_accounts"  # of persons who work here: roles, locks, tokens
    KEEP_DESK = "keep_desk"  # configuration, law, backup
    PROPOSE_LAW = "propose_law"  # upload law of the county
    CONFIRM_LAW = "confirm_law"  # that somebody else uploaded
    ASK_LAW = "ask_law"  # the law alone, without a record
    SEE_METRICS = "see_metrics"  # counts and times of the service


_CASE_WORK = {
    Permission.SEE_BOARD, Permission.SEE_CASE, Permission.SEE_PERSON, Permission.RECEIVE, Permission.DECIDE,
    Permission.TEND_HOLD, Permission.ACKNOWLEDGE_ALARM, Permission.ADD_NOTE, Permission.CORRECT, Permission.ASK_OVERRIDE,
}  # fmt: skip
# An administrator keeps the desk and sees no case; an auditor sees everything and changes nothing.
MAY: dict[Role, frozenset[Permission]] = {
    Role.BOOKING_OFFICER: frozenset(_CASE_WORK),
    Role.SUPERVISOR: frozenset(
        _CASE_WORK | {Permission.USE_DISCRETION, Permission.CONFIRM_OVERRIDE, Permission.SEE_COUNTS, Permission.SEE_RECORD,
           Permission.RECONCILE, Permission.RECORD_PAYMENT}
    ),
    Role.COUNTY_ATTORNEY: frozenset(
        {
            Permission.SEE_BOARD, Permission.SEE_CASE, Permission.SEE_PERSON, Permission.SEE_RECORD, Permission.SEE_COUNTS,
            Permission.USE_DISCRETION, Permission.CONFIRM_OVERRIDE, Permission.ADD_NOTE, Permission.EXPORT, Permission.REPLAY,
            Permission.PROPOSE_LAW, Permission.CONFIRM_LAW, Permission.RECORD_PAYMENT,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_BOARD, Permission.SEE_CASE, Permission.SEE_PERSON, Permission.SEE_RECORD, Permission.SEE_COUNTS,
            Permission.VERIFY_RECORD, Permission.EXPORT, Permission.REPLAY, Permission.SEE_METRICS,
        }
    ),
    Role.PUBLIC_RECORDS_OFFICER: frozenset({Permission.SEE_COUNTS, Permission.EXPORT, Permission.REPLAY}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.KEEP_ACCOUNTS, Permission.KEEP_DESK, Permission.VERIFY_RECORD, Permission.SEE_METRICS,
            Permission.CONFIRM_LAW,
        }
    ),
}  # fmt: skip
_OF_ALL = frozenset({Permission.ASK_LAW})


def may(role: Role, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return permission in MAY[role] or permission in _OF_ALL
