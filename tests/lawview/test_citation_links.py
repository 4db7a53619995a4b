"""Citations as links: each form makes the address that its publisher uses, and every citation of the law has a known form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from comity.law.cache import load
from comity.law.instrument import Instrument
from comity.lawview.citation_links import (
    OTHER,
    Piece,
    address_of,
    count_by_kind,
    forms,
    kind_of,
    own_address,
    pieces_in,
    pieces_of,
)

INSTRUMENTS = load()[0].instruments
# What a citation of a published series looks like, whatever the series.
SERIES = re.compile(
    r"\bU\.?S\.?C\b|C\.?F\.?R\b|\bCode (?:\d|art\.|ch\.)|Stat\. \d|\b\d+ [A-Z][\w. ]*\d[a-z]{1,2} \d|\b\d+ U\.S\. \d|\bFR \d"
)
USCODE = "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title8-section{}&num=0&edition=prelim"
COURTS = "https://www.courtlistener.com/c/"
CALIFORNIA = "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode="
FLORIDA = (
    "https://www.leg.state.fl.us/statutes/index.cfm?App_mode=Display_Statute&URL=0900-0999/0908/Sections/0908.105.html"
)
TEXAS = "https://statutes.capitol.texas.gov/Docs/"
MARYLAND = "https://mgaleg.maryland.gov/mgawebsite/Laws/StatuteText?article="


@pytest.mark.parametrize(
    ("citation", "place", "address"),
    [
        ("8 CFR 287.7(d)", "us", "https://www.ecfr.gov/current/title-8/section-287.7#p-287.7(d)"),
        ("8 C.F.R. 287.7", "us", "https://www.ecfr.gov/current/title-8/section-287.7"),
        ("8 U.S.C. 1373", "us", USCODE.format(1373)),
        ("8 USC 1357(g)(1), (9) and (10)", "us", USCODE.format(1357)),
        ("Pub. L. 119-1", "us", "https://www.govinfo.gov/link/plaw/119/public/1"),
        ("H.R. 3003, 115th Congress", "us", "https://www.congress.gov/bill/115th-congress/house-bill/3003"),
        ("82 Fed. Reg. 8799", "us", "https://www.federalregister.gov/citation/82-FR-8799"),
        ("EO 13768, section 9(a)", "us", "https://www.federalregister.gov/executive-order/13768"),
        ("EO 1-14, section 1", "us/pa/philadelphia", ""),
        ("U.S. Const. amend. IV (citizens)", "us", "https://constitution.congress.gov/constitution/amendment-4/"),
        ("Galarza v. Szalczyk, 745 F.3d 634", "us", f"{COURTS}F.3d/745/634/"),
        ("Arizona, 567 U.S. 387, part IV-D", "us", f"{COURTS}U.S./567/387/"),
        ("213 F. Supp. 3d 999 (N.D. Ill. 2016)", "us", f"{COURTS}F.%20Supp.%203d/213/999/"),
        ("65 F.4th 631 (11th Cir. 2023)", "us", f"{COURTS}F.4th/65/631/"),
        ("477 Mass. 517 (2017)", "us/ma", f"{COURTS}Mass./477/517/"),
        ("2018 NY Slip Op 07740", "us/ny", "https://www.nycourts.gov/reporter/3dseries/2018/2018_07740.htm"),
        ("No. 3:25-cv-01350-WHO (N.D. Cal.)", "us", ""),
        ("Gov. Code 7284.6(a)(1)(A)", "us/ca", f"{CALIFORNIA}GOV&sectionNum=7284.6"),
        ("Cal. Gov. Code 7285.1", "us/ca/los-angeles", f"{CALIFORNIA}GOV&sectionNum=7285.1"),
        ("Gov. Code 7284.6", "us/tx", ""),
        ("Gov. Code 7284.6", "us/caa", ""),
        ("Penal Code 679.10(e)", "us/ca", f"{CALIFORNIA}PEN&sectionNum=679.10"),
        ("Penal Code 39.07", "us/tx", f"{TEXAS}PE/htm/PE.39.htm#39.07"),
        ("Gov't Code 752.053(a)", "us/tx", f"{TEXAS}GV/htm/GV.752.htm#752.053"),
        ("Code Crim. Proc. art. 2.251 (since 2025-01-01 art. 2A.060)", "us/tx", f"{TEXAS}CR/htm/CR.2A.htm#2A.060"),
        ("Fla. Stat. 908.105", "us/fl", FLORIDA),
        ("5 ILCS 805/15(a)", "us/il", "https://www.ilga.gov/documents/legislation/ilcs/documents/000508050K15.htm"),
        ("705 ILCS 96/10-15", "us/il", "https://www.ilga.gov/documents/legislation/ilcs/documents/070500960K10-15.htm"),
        ("Civ. Rights Law 28(1)", "us/ny", "https://www.nysenate.gov/legislation/laws/CVR/28"),
        ("G.L. c. 258F, 3", "us/ma", "https://malegislature.gov/Laws/GeneralLaws/PartIII/TitleIV/Chapter258F/Section3"),
        ("Crim. Proc. 5-104(b)", "us/md", f"{MARYLAND}gcp&section=5-104"),
        ("SB25-276, penalties", "us/co", "https://leg.colorado.gov/bills/sb25-276"),
        ("RCW 10.93.160(4)(a)", "us/wa", "https://app.leg.wa.gov/RCW/default.aspx?cite=10.93.160"),
        ("Utah Code 77-38-503(1)", "us/ut", "https://le.utah.gov/xcode/Title77/Chapter38/77-38-S503.html"),
        ("A.R.S. 11-1051(B)", "us/az", "https://www.azleg.gov/ars/11/01051.htm"),
        ("D.C. Code 24-211.07(a)(1)", "us/dc", "https://code.dccouncil.gov/us/dc/council/code/sections/24-211.07"),
        ("N.C.G.S. 162-62(b1)", "us/nc", "https://www.ncleg.gov/EnactedLegislation/Statutes/HTML/BySection/Chapter_162/GS_162-62.html"),
        ("O.C.G.A. 36-80-23", "us/ga", ""),
        ("Admin. Code 9-131(b)", "us/ny/new-york-city", ""),
        ("policy of 2025-01-23", "us/fl", ""),
        ("Order 3 of 2026, https://county.example/orders/3.pdf", "us/fl", "https://county.example/orders/3.pdf"),
    ],
)  # fmt: skip
def test_the_address_of_a_citation(citation: str, place: str, address: str) -> None:
    assert address_of(citation, place) == address


def test_only_what_names_a_text_is_a_link() -> None:
    pieces = pieces_of("U.S. Const. amend. IV; 8 U.S.C. 1226(a), 1231(a)")
    assert [piece.words for piece in pieces] == ["U.S. Const. amend. IV", "; ", "8 U.S.C. 1226(a)", ", 1231(a)"]
    assert [bool(piece.address) for piece in pieces] == [True, False, True, False]
    assert pieces_of("") == ()


def citations() -> Iterator[tuple[str, Instrument]]:
    for instrument in INSTRUMENTS.values():
        for cite in (instrument.citation, *(provision.cite for provision in instrument.provisions)):
            if cite:
                yield cite, instrument


def test_pieces_are_the_citation() -> None:
    for cite, instrument in citations():
        assert "".join(piece.words for piece in pieces_in(cite, instrument)) == cite


def test_every_citation_of_the_law_has_a_known_form() -> None:
    """Each leads to its text, or has a form of which the table says why it has no address, or names no published series."""
    unknown = {cite for cite, one in citations() if kind_of(cite, one.jurisdiction) == OTHER and SERIES.search(cite)}
    assert not unknown, "add the form to comity/lawview/citation_links.yaml, with its address or why it has none"


def test_how_many_lead_to_their_text() -> None:
    counts = count_by_kind(INSTRUMENTS.values())
    assert sum(whole for _, whole in counts.values()) == len({(cite, one.jurisdiction) for cite, one in citations()})
    federal = ("Federal statutes", "Federal regulations", "Federal Register and executive orders", "Constitution")
    assert all(counts[kind][0] == counts[kind][1] > 0 for kind in federal)
    assert counts["State codes"][0] > 0.7 * counts["State codes"][1]


def test_each_form_is_used_and_whole() -> None:
    used = {form.pattern for form in forms() for cite, _ in citations() if form.compiled.search(cite)}
    for form in forms():
        assert bool(form.address) != bool(form.why_not), form
        groups = {name for _, name, _, _ in Formatter().parse(form.address) if name}
        assert groups == set(form.compiled.groupindex) if form.address else not form.compiled.groupindex, form
        assert not form.address or urlsplit(form.address).scheme == "https"
        assert form.pattern in used or form.pattern.startswith(("H\\.R\\.", "U\\.S\\. Const\\. amend\\. X")), form


def test_a_file_may_name_the_address_of_its_own_text() -> None:
    order = replace(
        INSTRUMENTS["us/fl/miami-dade/memo-2017-01-26"],
        citation="Order 3 of 2026",
        sources=(
            "County Herald, 2026-01-02, https://herald.example/1",
            "Order 3 of 2026: https://county.example/3.pdf",
        ),
    )
    assert own_address(order) == "https://county.example/3.pdf"
    assert pieces_in("section 2", order) == (Piece("section 2", "https://county.example/3.pdf"),)
    assert pieces_in("8 USC 1373(a)", order)[0].address == USCODE.format(1373)
    assert own_address(replace(order, sources=order.sources[:1])) == ""
