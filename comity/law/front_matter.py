"""Reads the front matter of a law file: when the instrument is in force, its kind, and its relations to others."""

from __future__ import annotations

from typing import Any

from comity.finding import Finding, Place
from comity.law import instrument as law
from comity.law.instrument import Instrument, Suspension
from comity.law.keys import Keys, days_in
from comity.law.literate import split_law_file
from comity.law.provisions import BlockReader
from comity.period import LegalDay, days_later

KEYS = (
    *("title", "kind", "court", "citation", "enacted", "effective", "ended", "ended_by", "expires", "applies_from"),
    *("known", "suspended", "overrides", "subject_to", "binds", "construes", "reviews", "parties", "evidence"),
    *("sources", "uses", "exports", "register"),
)


def read_instrument(text: str, source: str, id: str) -> tuple[Instrument | None, BlockReader, list[Finding]]:
    """Reads an instrument from the text of its file; None without a kind or a first day. Never raises."""
    parts, findings = split_law_file(text, source)
    keys = Keys(parts.front, source, 1, findings)
    keys.only(KEYS)
    evidence = keys.choice("evidence", law.EVIDENCE) or "recalled-low"
    written = BlockReader(source, id, evidence, findings)
    for block in parts.blocks:
        written.add(block)
    kind, effective = keys.choice("kind", law.INSTRUMENT_KINDS), keys.legal_day("effective")
    if effective is None and "effective" not in keys:
        keys.fault(
            "missing-key", None, 'the key "effective" is missing', "no instrument is in force without a first day"
        )
    if kind is None or effective is None:
        return None, written, findings
    ended, expiring = _end(keys, effective)
    applies_from = keys.legal_day("applies_from")
    if ended and ended.last < (applies_from or effective).first:
        keys.fault("life", keys.tree.get("ended"), "the instrument ends before it takes effect")
    instrument = Instrument(
        id,
        id.rpartition("/")[0],
        keys.text("title", needed=True),
        kind,
        effective,
        evidence,
        Place(source, 1, 1),
        parts.summary,
        enacted=keys.legal_day("enacted"),
        ended=ended,
        expiring=expiring,
        applies_from=applies_from,
        known=keys.day("known"),
        suspended=_suspensions(keys),
        uses=_uses(keys),
        provisions=tuple(written.provisions),
        terms=written.terms,
        params=written.params,
        cases=tuple(written.cases),
        explained=tuple(written.explained),
        citation=keys.text("citation"),
        court=keys.text("court"),
        ended_by=keys.text("ended_by"),
        construes=keys.text("construes"),
        reviews=keys.text("reviews"),
        overrides=keys.words("overrides"),
        subject_to=keys.words("subject_to"),
        binds=keys.words("binds"),
        parties=keys.words("parties"),
        sources=keys.words("sources"),
        exports=keys.words("exports"),
        register=keys.words("register"),
    )
    return instrument, written, findings


def _end(keys: Keys, effective: LegalDay) -> tuple[LegalDay | None, bool]:
    """The first day not in force (`ended` or `expires`, whichever is earlier), and whether it is an expiry."""
    ended, raw = keys.legal_day("ended"), keys.tree.get("expires")
    if raw is None:
        return ended, False
    expires = keys.as_legal_day("expires", raw) if isinstance(raw, str) else _after(keys, raw, effective)
    if expires is None:
        return ended, False
    if ended is None or expires < ended:
        return expires, True
    return ended, False


def _after(keys: Keys, raw: Any, effective: LegalDay) -> LegalDay | None:
    count = days_in(str(raw.get("after", ""))) if isinstance(raw, dict) and len(raw) == 1 else None
    if count is None:
        keys.fault(
            "expires",
            keys.tree_key("expires"),
            "expires is neither a day nor a number of days",
            "write a day, or {after: 90 days}",
        )
        return None
    return days_later(effective, count)


def _suspensions(keys: Keys) -> tuple[Suspension, ...]:
    raw = keys.tree.get("suspended", [])
    if not isinstance(raw, list):
        keys.fault("not-a-list", keys.tree_key("suspended"), "suspended must be a list of suspensions")
        return ()
    suspensions = [_suspension(Keys(entry, keys.source, keys.line, keys.findings)) for entry in raw]
    return tuple(entry for entry in suspensions if entry)


def _suspension(keys: Keys) -> Suspension | None:
    keys.only(("from", "until", "by", "covers", "provisions"))
    since = keys.legal_day("from")
    if since is None:
        keys.fault("missing-key", None, 'a suspension needs its "from"')
        return None
    return Suspension(since, keys.legal_day("until"), keys.text("by"), _covers(keys), keys.words("provisions"))


def _covers(keys: Keys) -> tuple[str, ...]:
    """Who is covered by a suspension: `everyone`, `parties`, a list, or {places: [...], agencies: [...]}."""
    raw = keys.tree.get("covers")
    if not isinstance(raw, dict):
        return keys.words("covers") or ("everyone",)
    inner = Keys(raw, keys.source, keys.line, keys.findings)
    inner.only(("places", "agencies"))
    return (*inner.words("places"), *inner.words("agencies"))


def _uses(keys: Keys) -> dict[str, tuple[str, ...]]:
    raw = keys.tree.get("uses", {})
    if not isinstance(raw, dict):
        keys.fault(
            "not-a-mapping", keys.tree_key("uses"), "uses must map instruments to terms", "write {us/fl/x: [term]}"
        )
        return {}
    inner = Keys(raw, keys.source, keys.line, keys.findings)
    return {str(lender): inner.words(lender) for lender in raw}
