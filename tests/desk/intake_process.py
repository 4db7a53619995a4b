"""A process that receives detainers over a socket, so that it can be killed: python -m tests.desk.intake_process CONFIG

It reads the law once. For each line on standard input it forks a child that serves, and prints the child's port and process number.
A client sends a number on a line; the answer, the id of the case, comes once the disk has the event. "-" stands for a fault.
"""

from __future__ import annotations

import os
import socketserver
import sys
from datetime import UTC, datetime
from pathlib import Path

from comity.web.start import start


class Intake(socketserver.StreamRequestHandler):
    """One client: a line in, a line out."""

    def handle(self) -> None:
        while line := self.rfile.readline():
            try:
                answer = received(int(line))
            except Exception:  # of the database: the client tries again
                answer = "-"
            self.wfile.write(f"{answer}\n".encode())


def received(serial: int) -> str:
    """The case of a made-up person with a number, once the disk has it."""
    from comity.desk import deeds
    from comity.web.at_desk import this_desk
    from comity.web.demo_cases import OFFICER
    from tests.desk.test_deeds import SUFFICIENT

    person, now = deeds.Person(name=f"Subject {serial:04}", booking=f"B-{serial}"), datetime.now(UTC)
    arrived = deeds.receive(
        this_desk(), facts=SUFFICIENT, person=person, channel="api", received_at=now, by=OFFICER, at=now
    )
    return arrived.case


def serve() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Intake) as server:
        server.daemon_threads = True
        sys.stdout.write(f"{server.server_address[1]} {os.getpid()}\n")
        sys.stdout.flush()
        server.serve_forever()


def main(config: Path) -> None:
    start(config, migrate=True)
    from django.db import connections

    connections.close_all()  # a child must not share a connection
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            serve()
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
