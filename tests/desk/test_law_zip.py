"""ZIP files that were made to harm: each is refused in words, and nothing is written outside the folder, or at all."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path
from random import Random

import pytest

from comity.web.operating import law_zip
from comity.web.operating.law_zip import unpack_law

GOOD = "us/fl/miami-dade/directive.md"


def zipped(*names: str) -> bytes:
    """A ZIP of files with these names, each with a short text."""
    return zipped_of(dict.fromkeys(names, b"text"))


def zipped_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.filename = entry.orig_filename = name  # as it is: zipfile would change some
            archive.writestr(entry, text, method)
    return packed.getvalue()


def of_kind(kind: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(GOOD)
        entry.external_attr = (kind | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return packed.getvalue()


def patched(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


def locked() -> bytes:
    content = bytearray(zipped(GOOD))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= law_zip.ENCRYPTED
    return bytes(content)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "a parent": (zipped("us/../../outside.md"), "leads to another folder"),
    "only parents": (zipped("../outside.md"), "leads to another folder"),
    "an absolute name": (zipped("/etc/cron.d/x.md"), "is an absolute name"),
    "a drive": (zipped("C:/us/x.md"), "is an absolute name"),
    "a backslash": (zipped("us\\..\\..\\x.md"), "has a backslash"),
    "an empty part": (zipped("us//x.md"), "leads to another folder"),
    "a device": (zipped("us/fl/NUL.md"), "is the name of a device"),
    "a device with a blank": (zipped("us/fl/com1 .x.md"), "is the name of a device"),
    "a stream": (zipped("us/fl/x.md:hidden.md"), "some systems do not allow"),
    "an end that is cut": (zipped("us/fl./x.md"), "some systems do not allow"),
    "a sign of direction": (zipped("us/fl/\u202edm.md"), "a character that is not shown"),
    "a NUL": (patched(zipped("us/fl/x.mdZ.md"), b"x.mdZ", b"x.md\0"), "a character that is not shown"),
    "two of one name": (zipped("us/fl/A.md", "us/fl/a.md"), "is there twice"),
    "two forms of one letter": (zipped("us/fl/é.md", "us/fl/e\u0301.md"), "is there twice"),
    "below a file": (zipped("us/fl/x.md", "us/fl/x.md/y.md"), "lies below a file"),
    "a link": (of_kind(stat.S_IFLNK), "is a link"),
    "a pipe": (of_kind(stat.S_IFIFO), "is no plain file"),
    "a device file": (of_kind(stat.S_IFBLK), "is no plain file"),
    "a password": (locked(), "is locked with a password"),
    "another method": (zipped_of({GOOD: b"text"}, zipfile.ZIP_LZMA), "is packed by a method that is not taken"),
    "deep": (zipped("us/" + "a/" * 8 + "x.md"), "folders deep"),
    "long": (zipped("us/" + "a" * 101 + ".md"), "longer than 100 letters"),
    "a bomb": (zipped_of({GOOD: bytes(1_900_000)}), "packed to less than a hundredth"),
    "too much": (zipped_of({f"us/{n}.md": bytes(1_900_000) for n in range(11)}), "unpacks to"),
    "a large file": (zipped_of({GOOD: bytes(2_000_001)}, zipfile.ZIP_STORED), "may have 2,000,000"),
    "many files": (zipped(*(f"us/{n}.md" for n in range(2_001))), "holds 2,001 files"),
    "a large ZIP": (bytes(5_000_001), "the file has 5,000,001 bytes"),
    "a program": (zipped(GOOD, "us/fl/x.py"), "is no file of law"),
    "no law": (zipped("notes/x.md"), "holds no folder us/"),
    "no files": (zipped(), "holds no folder us/"),
    "no ZIP": (b"%PDF-1.7", "is no ZIP file"),
    "a cut ZIP": (zipped(GOOD)[:-30], "is no ZIP file"),
    "a false checksum": (patched(zipped_of({GOOD: b"abcdef"}, zipfile.ZIP_STORED), b"abcdef", b"abcdeg"), "is no ZIP file"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words(name: str, tmp_path: Path) -> None:
    content, words = HOSTILE[name]
    files, findings = unpack_law(content, tmp_path / "law")
    assert not files and words in " ".join(finding.message for finding in findings), findings
    assert not [*tmp_path.rglob("*")]


def test_what_an_entry_says_of_its_size_is_not_relied_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law_zip, "FILE_BYTES_MAX", 50)
    content = zipped_of({GOOD: b"a" * 60})
    size = (60).to_bytes(4, "little")
    files, findings = unpack_law(patched(content, size, (40).to_bytes(4, "little")), tmp_path)
    assert not files and findings and not [*tmp_path.rglob("*")]


@pytest.mark.parametrize("top", ["", "county-law/"])
def test_law_is_unpacked_without_the_folder_around_it(top: str, tmp_path: Path) -> None:
    litter = {f"{top}.DS_Store": b"x", f"__MACOSX/{top}us/._directive.md": b"x"}
    content = zipped_of({f"{top}{GOOD}": b"law", f"{top}rates.csv": b"place\n", **litter})
    assert unpack_law(content, tmp_path) == (["rates.csv", GOOD], [])
    assert (tmp_path / GOOD).read_bytes() == b"law"


def test_broken_files_end_in_a_finding_and_write_nothing_elsewhere(tmp_path: Path) -> None:
    """Bytes changed, cut and doubled at random; the folder beside the target stays empty."""
    random, whole = Random(11), zipped_of({GOOD: b"law " * 50, "us/fl/x.csv": b"a,b\n" * 9, "us/y.yaml": b"z: 1\n"})
    refused = 0
    for number in range(600):
        broken = bytearray(whole)
        for _ in range(random.randint(1, 6)):
            broken[random.randrange(len(broken))] = random.randrange(256)
        start = random.randrange(len(broken))
        if number % 3 == 0:
            del broken[start : start + random.randint(1, 40)]
        if number % 5 == 0:
            broken += broken[start:]
        target = tmp_path / str(number) / "law"
        files, findings = unpack_law(bytes(broken), target)
        assert bool(files) != bool(findings)
        refused += bool(findings)
        assert all(path.is_relative_to(target) for path in (tmp_path / str(number)).rglob("*.*"))
    assert refused > 300
