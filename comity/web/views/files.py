"""The style sheets and pictures of the pages: those of the desk, and those of the public pages, which it shares."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

PACKAGE = Path(__file__).resolve().parents[2]
FOLDERS = (PACKAGE / "web" / "static", PACKAGE / "site" / "static")
FILES = {
    "site.css": "text/css", "desk.css": "text/css", "desk.js": "text/javascript", "icon.svg": "image/svg+xml",
    "idle.js": "text/javascript", "security-key.js": "text/javascript", "paper.css": "text/css",
}  # fmt: skip


@require_GET
def show(request: HttpRequest, name: str) -> FileResponse:
    """One file, by its name; no other file of the machine can be asked for."""
    path = next((folder / name for folder in FOLDERS if name in FILES and (folder / name).is_file()), None)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), content_type=FILES[name], headers={"Cache-Control": "max-age=3600"})
