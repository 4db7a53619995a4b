"""Serves a folder of the site to this machine alone, for a look at it; any web server can serve it to others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from comity.finding import Finding, InputFault, Place, phrase

HOST = "127.0.0.1"
FREE_PORT = 0  # the system chooses one


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line in the terminal for each."""

    # What a browser runs or shows only under its own type; systems differ in which of them they know.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml",
    }  # fmt: skip

    def log_message(self, format: str, *values: Any) -> None:
        """Writes nothing."""


def serve(folder: Path, port: int, announce: Callable[[str], None]) -> None:
    """Serves a folder until it is interrupted; `announce` is called with its address. Raises `InputFault` on a port in use."""
    try:
        server = ThreadingHTTPServer((HOST, port), partial(QuietHandler, directory=str(folder)))
    except OSError as fault:
        message = phrase("port {} cannot be used: {}", port, fault.strerror or str(fault))
        finding = Finding("port", Place("--port"), message, "name another port, or none for a free one")
        raise InputFault([finding]) from None
    with server:
        announce(f"http://{HOST}:{server.server_port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
