"""Servers on loopback to which alarms are sent: one speaks SMTP, one takes webhooks. Each can be told to fail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """What it took, as messages; with `fails` it takes none."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.taken: list[Message] = []
        self.fails = False


class _Mail(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 loopback")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(message_from_bytes(b"".join(lines)))
                self._say("250 taken")
            elif word == b"QUIT":
                return self._say("221 bye")
            elif word == b"MAIL" and self.server.fails:
                self._say("451 try again later")
            else:
                self._say("250 yes")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class HookServer(HTTPServer):
    """The headers and bodies that it took; it answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 204


class _Hook(BaseHTTPRequestHandler):
    server: HookServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *values: Any) -> None:
        """Says nothing."""


@contextmanager
def running(server: Any) -> Iterator[Any]:
    """A server in a thread, closed at the end."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
