"""What the server does about its law: it says which it holds, and follows changes that a command makes."""

from __future__ import annotations

import threading

from comity.web.operating.law_change import follow_changes, kept_folders


def serve_changes() -> None:
    """Names the law of the desk that this process serves as the current one, and follows changes from then on."""
    from comity.web.at_desk import this_desk  # noqa: PLC0415  the desk needs Django set up

    desk, folders = this_desk(), kept_folders()
    if folders is not None:
        folders.name_current(desk.library.version)
        follow_changes(desk, threading.Event())
