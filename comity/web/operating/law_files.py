"""Where the law that a county uploaded lies: ZIP files beside the archive, and the folder that the one in effect is unpacked into."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from comity.finding import Finding, InputFault, Place, phrase
from comity.web.operating.law_zip import unpack_law

UPLOADED, PROPOSED = "uploaded", "proposed"
UNPACKED = "law-uploaded"  # beside the archive; it can be made again from the ZIP file
NAME_DIGITS = 32


def zip_name(digest: str) -> str:
    """The name of an uploaded ZIP file in the archive."""
    return f"uploaded-{digest[:NAME_DIGITS]}.zip"


def uploaded_folder(archive: Path) -> Path | None:
    """The folder of the uploaded law that is in effect; None where there is none. Raises `InputFault` where its file was changed."""
    try:
        digest = (archive / UPLOADED).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    return unpacked(archive, digest)


def unpacked(archive: Path, digest: str) -> Path:
    """The folder with the files of an uploaded ZIP, unpacked where it is not there yet; raises `InputFault` where it was changed."""
    target = archive.parent / UNPACKED / digest[:NAME_DIGITS]
    path = archive / zip_name(digest)
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != digest:
        help = phrase("restore it from a backup, or upload the law again")
        raise InputFault([Finding("changed-law", Place(str(path)), phrase("was changed since it was uploaded"), help)])
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        _, findings = unpack_law(content, part)
        if findings:
            raise InputFault(findings)
        part.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was quicker
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target
