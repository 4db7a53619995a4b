"""Reads the law of one or more folders into one Library: vocabulary, places, courts and every instrument.

A file in a later folder replaces the file at the same path in an earlier folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from comity.csvtext import read_overlaid
from comity.facts.offenses import FILE as OFFENSES_FILE
from comity.facts.offenses import read_offenses
from comity.facts.vocabulary import FILE as VOCABULARY_FILE
from comity.facts.vocabulary import Vocabulary, read_vocabulary
from comity.finding import Finding, Place
from comity.law.agreements import FILE as AGREEMENTS_FILE
from comity.law.agreements import Agreements, read_agreements
from comity.law.cities import CITIES_FILE, FORMER_FILE
from comity.law.conditions import check_conditions
from comity.law.consistency import check_relations
from comity.law.front_matter import read_instrument
from comity.law.instrument import Instrument, PlaceFact, Provision
from comity.law.jails.table import FILE as FACILITIES_FILE
from comity.law.jails.table import JAILS_FILE, Alias, check_jails, read_aliases
from comity.law.literate import split_law_file
from comity.law.places import Gazetteer, read_gazetteer
from comity.law.provisions import BlockReader
from comity.law.register_table import read_register_table
from comity.law.researched import FILE as RESEARCHED_FILE
from comity.law.researched import Researched, read_researched
from comity.program import program_digest
from comity.textfile import read_text_file

if TYPE_CHECKING:
    from comity.law.facilities import Facilities

FACTS_FILE = "facts.md"
COURTS_FILE = "courts.csv"
COURT_COLUMNS, SYSTEMS, YES_OR_NO = ("court", "system", "appellate", "places"), ("federal", "state"), ("yes", "no")
PLACES_FILE = "places.csv"
REGISTER_FILE = "register.csv"
CONTEXT_FILE, TRUST_FILE = "context.csv", "trust.csv"  # beside the law: comity.context reads them, and no decision does
# Tables of which a row of one's own replaces the shipped row with the same key, while all others stay.
LAID_BY_KEY = (
    PLACES_FILE, COURTS_FILE, OFFENSES_FILE, FACILITIES_FILE, AGREEMENTS_FILE, RESEARCHED_FILE, REGISTER_FILE,
    CITIES_FILE, FORMER_FILE, JAILS_FILE, CONTEXT_FILE, TRUST_FILE,
)  # fmt: skip
VERSION_DIGITS = 16  # of the digest of the law, as every answer names it
UNREADABLE = ("yaml", "anchor", "tag", "encoding", "too-large", "unreadable")
SUFFIXES = (".md", ".csv", ".yaml")
NEAR_SUFFIXES = (".markdown", ".mdown", ".mkd", ".mkdn")  # other endings of Markdown files
BESIDE = DEFINITIONS, CONDITIONS = (
    "definitions",
    "conditions",
)  # a folder of law may also contain these, which are not law


class Court(Struct, frozen=True):
    """A court: its short name, federal or state, whether its decisions are precedents, and for which places."""

    name: str
    system: str
    appellate: bool
    places: tuple[str, ...]


class Library(Struct, frozen=True, dict=True):
    """All the law that was read, and `digest`, that of every file that it was read from and of the program that read it.

    `offenses` maps NCIC codes to their families, `aliases` holds facilities that their names do not identify, and
    `agreements` the published list of agencies with an agreement, `researched` how far the law of each place was followed.
    `jail_tables` has the files of the tables of listed facilities, which are read when a facility is first looked up.
    """

    vocabulary: Vocabulary
    gazetteer: Gazetteer
    courts: dict[str, Court] = {}
    instruments: dict[str, Instrument] = {}
    facts: tuple[PlaceFact, ...] = ()
    offenses: dict[str, str] = {}
    aliases: dict[str, tuple[Alias, ...]] = {}
    agreements: Agreements = Agreements()
    digest: str = ""
    researched: dict[str, Researched] = {}
    jail_tables: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The law version that every answer names: the first 16 digits of the digest."""
        return self.digest[:VERSION_DIGITS]

    @cached_property
    def provisions(self) -> dict[str, Provision]:
        """Every provision by its id."""
        return {
            provision.id: provision for instrument in self.instruments.values() for provision in instrument.provisions
        }

    @cached_property
    def instruments_by_place(self) -> dict[str, list[tuple[int, Instrument]]]:
        """The instruments of each jurisdiction, each with its position among all instruments."""
        found: dict[str, list[tuple[int, Instrument]]] = {}
        for position, instrument in enumerate(self.instruments.values()):
            found.setdefault(instrument.jurisdiction, []).append((position, instrument))
        return found

    def facts_at(self, place: str) -> tuple[PlaceFact, ...]:
        """The facts of a place itself, from its file and from the list of agreements."""
        if place not in self._facts_at:
            self._facts_at[place] = (*self._facts_by_place.get(place, ()), *self.agreements.facts(place))
        return self._facts_at[place]

    @cached_property
    def _facts_by_place(self) -> dict[str, list[PlaceFact]]:
        found: dict[str, list[PlaceFact]] = {}
        for fact in self.facts:
            found.setdefault(fact.place_path, []).append(fact)
        return found

    @cached_property
    def _facts_at(self) -> dict[str, tuple[PlaceFact, ...]]:
        return {}

    @cached_property
    def prepared(self) -> dict[str, Any]:
        """What other rooms have prepared from this library, by a name of theirs; it lives as long as the library."""
        return {}

    @cached_property
    def facilities(self) -> Facilities:
        """The finder of facilities by their codes and names."""
        from comity.law.facilities import Facilities  # noqa: PLC0415  a decision needs no facility

        return Facilities(self.aliases, self.gazetteer, self.jail_tables)


def law_files(folders: Sequence[Path]) -> dict[str, Path]:
    """The files that hold the law, by their path within the folders; later folders replace files of earlier ones.

    Of a table that is laid over others by key each counts: a second one is found under `2:places.csv`, by the number of its folder.
    A file is read if its name ends in `.md`, `.csv` or `.yaml` and neither it nor a folder above it is a symbolic link.
    `unread_files` reports the others.
    """
    found: dict[str, Path] = {}
    for number, folder in enumerate(folders, 1):
        for name, entry in _walk(folder, []):
            if _fault_of(entry) is None:
                found[f"{number}:{name}" if name in LAID_BY_KEY and name in found else name] = Path(entry.path)
    return dict(sorted(found.items()))


def unread_files(folders: Sequence[Path]) -> list[Finding]:
    """A finding for each file that looks like law and is not read, and for each folder that cannot be listed."""
    findings: list[Finding] = []
    for folder in folders:
        for _, entry in _walk(folder, findings):
            fault = _fault_of(entry)
            if fault:
                findings.append(Finding("not-read", Place(entry.path), fault[0], fault[1]))
    return findings


def _walk(folder: Path, findings: list[Finding]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Each file below a folder that is law or looks like it, and each link to a folder, with its path within the folder.

    What the listing of a folder tells of an entry is not asked again, since all law is listed for every process.
    """
    pending = [("", str(folder))]
    while pending:
        prefix, path = pending.pop()
        try:
            with os.scandir(path) as listed:
                entries = list(listed)
        except OSError as fault:
            message = f"this folder cannot be read: {fault.strerror or type(fault).__name__}"
            findings.append(Finding("not-read", Place(path), message, "give yourself the right to read it"))
            continue
        inside = {entry.name: entry for entry in entries if _is_folder(entry)}
        inner = [entry for entry in inside.values() if prefix or entry.name not in BESIDE]
        links = [entry for entry in inner if entry.is_symlink()]
        files = (entry for entry in entries if _looks_like_law(entry.name) and entry.name not in inside)
        yield from ((prefix + entry.name, entry) for entry in (*links, *files))
        pending += [(f"{prefix}{entry.name}/", entry.path) for entry in reversed(inner) if not entry.is_symlink()]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or a link to one; a link that leads nowhere is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _looks_like_law(name: str) -> bool:
    plain = name.casefold()
    return plain.endswith((*SUFFIXES, *NEAR_SUFFIXES)) or plain.removesuffix(".yml") + ".yaml" == VOCABULARY_FILE


def _fault_of(entry: os.DirEntry[str]) -> tuple[str, str] | None:
    """Why a file that looks like law is not read, and what would be right; None where it is read."""
    if entry.is_symlink():
        return "this is a symbolic link, and links are not followed", "put the file or folder itself here"
    if not entry.name.endswith(SUFFIXES):
        return "this looks like law, and is not read", f"end its name in {', '.join(SUFFIXES)}, in small letters"
    try:
        entry.path.encode()
    except UnicodeEncodeError:
        return "the name of this file is not UTF-8, so it is not read", "rename it"
    return None if entry.is_file() else ("this is not a regular file, and is not read", "put a text file here")


def digest_of(files: dict[str, Path]) -> str:
    """The SHA-256 of the program and of the names and contents of law files, in hexadecimal.

    The same law read by another program may mean something else. An unreadable file counts as empty.
    """
    digest = hashlib.sha256(program_digest().encode())
    for name, path in files.items():
        try:
            content = path.read_bytes()
        except OSError:
            content = b""
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def read_library(folders: Sequence[Path]) -> tuple[Library, list[Finding]]:
    """The law of the folders and every fault found in it; never raises on bad text."""
    files = law_files(folders)
    missing = [
        Finding("no-folder", Place(str(folder)), "there is no such folder of law")
        for folder in folders
        if not folder.is_dir()
    ]
    missing += unread_files([folder for folder in folders if folder.is_dir()])
    vocabulary, findings = read_vocabulary(_parent(files, VOCABULARY_FILE, folders))
    if any(
        finding.code in UNREADABLE for finding in findings
    ):  # without the vocabulary every law file would seem faulty
        return Library(vocabulary, Gazetteer()), [*missing, *findings]
    tables = {name: _layers(files, name, folders) for name in LAID_BY_KEY}
    gazetteer, of_places = read_gazetteer(
        tables[PLACES_FILE][0].parent,
        tables[PLACES_FILE][1:],
        cities=tables[CITIES_FILE],
        former=tables[FORMER_FILE],
    )
    courts, of_courts = _read_courts(tables[COURTS_FILE])
    offenses, of_offenses = read_offenses(tables[OFFENSES_FILE][0], vocabulary, tables[OFFENSES_FILE][1:])
    aliases, of_facilities = read_aliases(tables[FACILITIES_FILE][0], gazetteer, tables[FACILITIES_FILE][1:])
    jail_tables = [table for table in tables[JAILS_FILE] if table.is_file()]
    of_facilities += check_jails(jail_tables, gazetteer)
    agreements, of_agreements = read_agreements(
        tables[AGREEMENTS_FILE][0], gazetteer, vocabulary, tables[AGREEMENTS_FILE][1:]
    )
    of_register = read_register_table(folders)[1]
    researched, of_research = read_researched(tables[RESEARCHED_FILE][0], gazetteer, tables[RESEARCHED_FILE][1:])
    of_tables = (*of_places, *of_courts, *of_offenses, *of_facilities, *of_agreements, *of_register, *of_research)
    reading = _Reading(vocabulary, [*missing, *findings, *of_tables])
    for name, path in files.items():
        if name.endswith(".md"):
            reading.read(name, path)
    library = Library(
        vocabulary,
        gazetteer,
        courts,
        reading.instruments,
        tuple(reading.facts),
        offenses,
        aliases,
        agreements,
        digest_of(files),
        researched,
        tuple(str(table) for table in jail_tables),
    )
    reading.findings += check_conditions(library.instruments, vocabulary, reading.written)
    facts = [
        fact for place in dict.fromkeys(fact.place_path for fact in library.facts) for fact in library.facts_at(place)
    ]
    reading.findings += check_relations(library.instruments, facts, vocabulary, gazetteer, courts.keys())
    return library, reading.findings


def _layers(files: dict[str, Path], name: str, folders: Sequence[Path]) -> list[Path]:
    """The tables of a name, in the order of their folders; at least one path, whether the file exists or not."""
    later = sorted((int(key.partition(":")[0]), path) for key, path in files.items() if key.endswith(f":{name}"))
    return [files.get(name, folders[0] / name), *(path for _, path in later)]


def _parent(files: dict[str, Path], name: str, folders: Sequence[Path]) -> Path:
    return files[name].parent if name in files else folders[0]


class _Reading:
    """Reads the law files one by one."""

    def __init__(self, vocabulary: Vocabulary, findings: list[Finding]) -> None:
        self.vocabulary, self.findings = vocabulary, findings
        self.instruments: dict[str, Instrument] = {}
        self.facts: list[PlaceFact] = []
        self.written: dict[str, BlockReader] = {}

    def read(self, name: str, path: Path) -> None:
        text, findings = read_text_file(path)
        self.findings += findings
        if text is None:
            return
        id = name.removesuffix(".md")
        if path.name == FACTS_FILE:
            self.read_facts(text, str(path), id.rpartition("/")[0])
            return
        instrument, written, findings = read_instrument(text, str(path), id)
        self.findings += findings
        self.written[id] = written
        if instrument:
            self.instruments[id] = instrument

    def read_facts(self, text: str, source: str, place: str) -> None:
        parts, findings = split_law_file(text, source)
        written = BlockReader(source, place, "recalled-low", findings)
        for block in parts.blocks:
            written.add(block)
        self.facts += written.facts
        self.findings += findings


def _read_courts(tables: Sequence[Path]) -> tuple[dict[str, Court], list[Finding]]:
    """The table of courts, with others laid over it: name, system, appellate (yes or no), places separated by spaces."""
    courts: dict[str, Court] = {}
    rows, findings = read_overlaid(tables, COURT_COLUMNS, lambda row: row["court"])
    for row in rows:
        name, system, appellate = row["court"], row["system"], row["appellate"]
        if not name or name in courts or system not in SYSTEMS or appellate not in YES_OR_NO:
            message = f'the court "{name}" has no name or is given twice, or its system or appellate is not known'
            help = f"system is one of {', '.join(SYSTEMS)}; appellate is yes or no"
            findings.append(Finding("court", row.at, message, help))
            continue
        courts[name] = Court(name, system, appellate == "yes", tuple(row["places"].split()))
    return courts, findings
