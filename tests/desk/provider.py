"""A small provider of OpenID Connect on the loopback interface, for tests: it logs in whom the test says, with no question asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "comity-desk", "the secret of a client in tests, long enough"


class Provider:
    """What the provider says: `claims` of the person at the browser, and `audience` of its tokens."""

    def __init__(self, url: str) -> None:
        self.url, self.claims, self.audience = url, {"sub": "0"}, CLIENT
        self.refuses = False
        self.exchanged: list[dict[str, str]] = []

    def configuration(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"} | {
            name: f"{self.url}/{path}" for name, path in paths.items()
        }

    def way_back(self, sent: dict[str, str]) -> str:
        answer = {"error": "access_denied"} if self.refuses else {"code": "a-code"}
        return f"{sent['redirect_uri']}?{urlencode({**answer, 'state': sent['state']})}"

    def tokens(self, sent: dict[str, str]) -> dict[str, Any]:
        self.exchanged.append(sent)
        now = int(time.time())
        claims = {**self.claims, "iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60}
        token = jwt.encode(claims, SECRET, algorithm="HS256")
        return {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 60, "id_token": token}


def _handler(find: Any) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider, parts = find(), urlsplit(self.path)
            sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.way_back(sent))
                self.end_headers()
                return
            known = {"/.well-known/openid-configuration": provider.configuration, "/userinfo": lambda: provider.claims}
            self._answer(known[parts.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(find().tokens({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, document: dict[str, Any]) -> None:
            content = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None: ...

    return Handler


@contextmanager
def serving() -> Iterator[Provider]:
    """A provider that answers while the block runs."""
    providers: list[Provider] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: providers[0]))
    providers.append(Provider(f"http://127.0.0.1:{server.server_port}"))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield providers[0]
    finally:
        server.shutdown()
        server.server_close()
