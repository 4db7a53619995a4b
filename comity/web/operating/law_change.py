"""Changes the law of a running desk in one step: it is read in a child process, checked, archived, and then held.

A deed or call sees one law or the other, since each takes the library once. A command changes the law of a desk that runs in another
process: it archives the law and names its version in a file, which the running desk looks at.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comity.desk.config import DeskSettings
from comity.desk.law_archive import LawArchive
from comity.finding import Finding, Place, phrase
from comity.law import cache
from comity.law.library import Library
from comity.present.files import write_files
from comity.web.operating.law_files import uploaded_folder
from comity.web.operating.law_reading import read_in_child

if TYPE_CHECKING:  # its tables need Django set up, and the command that changes the law does without
    from comity.desk.desk import Desk

CURRENT = "current"  # the file of the archive that names the version to hold
LOOK_SECONDS = 2.0
LOG = logging.getLogger("comity.web")
_ONE_AT_A_TIME = threading.Lock()


class LawFolders:
    """The folders of law that a configuration names, and the archive beside them."""

    def __init__(self, folder: Path, settings: DeskSettings, signing_key: Ed25519PrivateKey) -> None:
        self.configured = [folder / name for name in settings.law_folders]
        self.archive = LawArchive(folder / settings.archive, signing_key)
        self.place, self.settings = settings.place, settings
        self._refused: set[str] = set()  # versions that could not be loaded, which are not tried again

    def folders(self) -> list[Path]:
        """The folders of the configuration, and over them the law that was uploaded and confirmed."""
        uploaded = uploaded_folder(self.archive.folder)
        return [*self.configured, *([uploaded] if uploaded else [])]

    def change(self, desk: Desk) -> tuple[Library | None, list[Finding]]:
        """Reads the folders again and holds their law; or the findings that prevent it. The law held before then stays."""
        with _ONE_AT_A_TIME:
            library, findings = self.read()
            if library is not None:
                desk.change_law(library)
            return library, findings

    def read(self) -> tuple[Library | None, list[Finding]]:
        """Reads, checks and archives the law of the folders, and names its version as that to hold."""
        folders = self.folders()
        library, findings = self._read(folders)
        if library is None:
            return None, findings
        self.archive.keep(library, [cache.shipped(), *folders])
        self.name_current(library.version)
        return library, []

    def read_over(self, uploaded: Path) -> tuple[Library | None, list[Finding]]:
        """The law of the configuration with an uploaded folder over it, which is archived and not held yet."""
        library, findings = self._read([*self.configured, uploaded])
        if library is not None:
            self.archive.keep(library, [cache.shipped(), *self.configured, uploaded])
        return library, findings

    def hold(self, desk: Desk, library: Library) -> None:
        """Holds a law that is archived, and names it as that to hold."""
        with _ONE_AT_A_TIME:
            self.name_current(library.version)
            desk.change_law(library)

    def _read(self, folders: Sequence[Path]) -> tuple[Library | None, list[Finding]]:
        library, findings = read_in_child(folders)
        if library is None:
            return None, findings
        if library.gazetteer.named(self.place) is None:
            words = phrase("this law does not have the desk's place {place}", place=self.place)
            return None, [Finding("no-place", Place("law"), words)]
        return library, []

    def name_current(self, version: str) -> None:
        """Names a version of the archive as that to hold."""
        write_files(self.archive.folder, {CURRENT: f"{version}\n".encode()})

    def follow(self, desk: Desk) -> bool:
        """Holds the law that the archive names, where it is another one; returns whether it changed."""
        path = self.archive.folder / CURRENT
        try:
            version = path.read_text(encoding="ascii").strip()
        except OSError:
            return False
        if version == desk.library.version or version in self._refused:
            return False
        library, findings = self.archive.load(version)
        if library is None or library.version != version:  # another version where the program is another one
            LOG.error("law=%s code=%s", version, findings[0].code if findings else "other-program")
            self._refused.add(version)
            return False
        with _ONE_AT_A_TIME:
            desk.change_law(library)
        LOG.info("law=%s", version)
        return True


_FOLLOWED: list[LawFolders] = []


def keep_folders(folders: LawFolders) -> None:
    """Makes folders those of the desk that this process serves."""
    _FOLLOWED[:] = [folders]


def kept_folders() -> LawFolders | None:
    """The folders of the desk that this process serves."""
    return _FOLLOWED[0] if _FOLLOWED else None


def follow_changes(desk: Desk, ends: threading.Event) -> threading.Thread:
    """Looks for a change of law every few seconds, in a thread of its own, until `ends` is set."""

    def look() -> None:
        while not ends.wait(LOOK_SECONDS):
            if folders := kept_folders():
                folders.follow(desk)

    thread = threading.Thread(target=look, name="law", daemon=True)
    thread.start()
    return thread
