"""ClickHouse as a library in this process, behind the HTTP interface that its server has: the part of it that a replay uses."""

from __future__ import annotations

import base64
import contextlib
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.agreement.servers import clickhouse_session

USER, PASSWORD = "comity", "secret-word"
LIBRARY_SETTINGS = ("database", "query", "wait_end_of_query")  # what the interface takes beside settings


@contextlib.contextmanager
def clickhouse_server() -> Iterator[tuple[str, Any]]:
    """The address of the server on the loopback, without a database, and the session behind it."""
    with clickhouse_session() as (session, folder):
        server = HTTPServer(("127.0.0.1", 0), _handler(session, folder))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"clickhouse://{USER}:{PASSWORD}@127.0.0.1:{server.server_port}", session
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(session: Any, folder: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body = self.rfile.read(int(self.headers["Content-Length"]))
            expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            if self.headers["Authorization"] != expected:
                return self.answer(403, b"Code: 516. Authentication failed")
            try:
                self.answer(200, self.ran(given, body))
            except Exception as fault:  # the library raises a plain one, with the words of the server
                self.answer(500, str(fault).encode())

        def ran(self, given: dict[str, str], body: bytes) -> bytes:
            for name, value in given.items():
                if name not in LIBRARY_SETTINGS:
                    session.query(f"SET {name} = '{value}'")
            session.query(f'USE "{given["database"]}"')
            if "query" not in given:
                return bytes(session.query(body.decode(), "CSV").bytes() or b"")
            with tempfile.NamedTemporaryFile(dir=folder, suffix=".arrows") as file:
                file.write(body)
                file.flush()
                into = given["query"].removesuffix(" FORMAT ArrowStream")
                assert into != given["query"]
                session.query(f"{into} SELECT * FROM file('{file.name}', 'ArrowStream')")
            return b""

        def answer(self, code: int, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the log of a test shows what fails."""

    return Handler
