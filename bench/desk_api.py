"""The API of the desk through HTTP: `POST /api/v1/decide`, explained, by a server of one process and a load from another.

python bench/desk_api.py            writes how many a second, and how long each took
"""

from __future__ import annotations

import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

CONNECTIONS, SECONDS, WARM_SECONDS = 4, 5.0, 2.0
CITIZENSHIP = ("none_claimed", "us_claimed", "us_proven")
PLACES = ("us/fl/miami-dade", "us/ca/los-angeles", "us/ny/new-york-city", "us/tx/harris", "us/dc", "us/il/cook")
AT = "2026-11-02T12:00:00-05:00"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


PORT = free_port()


def request_of(chance: random.Random) -> dict[str, object]:
    """One request, of which few are alike."""
    warrant = {
        "kind": chance.choice(("i200", "i205")),
        "issuer": "immigration_officer",
        "signed": chance.random() < 0.5,
    }
    return {
        "place": chance.choice(PLACES), "at": AT,
        "request": {"form": "i247a", "complete": chance.random() < 0.9, "warrants": [warrant] * chance.randrange(3)},
        "subject": {"citizenship": chance.choice(CITIZENSHIP), "age": chance.randrange(18, 80)},
        "custody": {"stage": chance.choice(("booked", "sentenced", "bail_posted"))},
        "convictions": [{"offense": "murder", "grade": "felony", "convicted_on": "2015-01-01"}] * chance.randrange(2),
    }  # fmt: skip


def message_of(document: dict[str, object], token: str) -> bytes:
    body = json.dumps(document).encode()
    head = (
        f"POST /api/v1/decide HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def answer_from(connection: socket.socket, buffer: bytes) -> tuple[bytes, int, bytes]:
    """One answer: its status line, the length of its body, and what came after it."""
    while (end := buffer.find(b"\r\n\r\n")) < 0:
        buffer += connection.recv(65_536)
    head = buffer[:end].lower()
    at = head.index(b"content-length:") + 15
    length = int(head[at:].split(b"\r\n", 1)[0])
    while len(buffer) < end + 4 + length:
        buffer += connection.recv(65_536)
    return head[:12], length, buffer[end + 4 + length :]


def load(token: str, seconds: float, times: list[float]) -> None:
    """Sends requests over one connection, one after another."""
    chance = random.Random(threading.get_ident())
    messages = [message_of(request_of(chance), token) for _ in range(500)]
    with socket.create_connection(("127.0.0.1", PORT)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer, until, at = b"", time.perf_counter() + seconds, 0
        while (began := time.perf_counter()) < until:
            connection.sendall(messages[at % len(messages)])
            status, length, buffer = answer_from(connection, buffer)
            if status != b"http/1.1 200" or length < 200:
                raise RuntimeError(f"an answer was {status!r}")
            times.append(time.perf_counter() - began)
            at += 1


def run_load(token: str, seconds: float) -> list[float]:
    """The time of each request, over all connections."""
    times: list[float] = []
    threads = [threading.Thread(target=load, args=(token, seconds, times)) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server of a made-up county, and a token that may ask for the law."""
    from comity.desk.config import DeskSettings  # noqa: PLC0415
    from comity.web.demo import write_demo  # noqa: PLC0415
    from comity.web.start import CONFIG, make_keys, start  # noqa: PLC0415

    path = write_demo(folder)
    make_keys(folder, DeskSettings(place=""))
    start(path, migrate=True)
    from comity.desk.events import Actor  # noqa: PLC0415
    from comity.desk.roles import Permission, Role  # noqa: PLC0415
    from comity.web.api.tokens import make_token  # noqa: PLC0415
    from comity.web.models import Account  # noqa: PLC0415

    account = Account.objects.create_user(username="bench", role=Role.AUDITOR.value)
    token = make_token(
        account,
        name="bench",
        scopes=[Permission.ASK_LAW],
        days=1,
        by=Actor("u0", Role.ADMINISTRATOR),
        at=datetime.now(UTC),
    )
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT)),
        *(
            "--workers",
            "1",
            "--blocking-threads",
            "8",
            "--log-level",
            "warning",
            "--no-ws",
            "comity.web.wsgi:application",
        ),
    ]
    environment = {**os.environ, CONFIG: str(path)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL), token


def wait() -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the server did not start")


def main() -> None:
    """Runs both and writes the figures."""
    with tempfile.TemporaryDirectory() as folder:
        server, token = serve(Path(folder))
        try:
            wait()
            run_load(token, WARM_SECONDS)
            began = time.perf_counter()
            times = run_load(token, SECONDS)
            seconds = time.perf_counter() - began
        finally:
            server.terminate()
            server.wait()
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    if len(times) < CONNECTIONS:
        sys.exit("no answer was as it should be")
    last = quantiles(times, n=100)[98]
    print(
        f"decide over HTTP, explained: {len(times) / seconds:,.0f} a second on {CONNECTIONS} connections; "
        f"half under {median(times) * 1_000:.2f} ms, 99 in 100 under {last * 1_000:.2f} ms; the server's start and all requests took {spent.ru_utime + spent.ru_stime:.1f} s of "
        f"processor time; load average {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
