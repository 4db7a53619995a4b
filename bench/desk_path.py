"""A booking officer's path in a real browser, from the board to a recorded decision: keys, the machine's time, and a person's.

python bench/desk_path.py            walks the path of tests/desk/web/officer_path.py five times at 1100 pixels
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WALKS, START_SECONDS = 5, 60


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The server of a demonstration, as `comity serve` runs it."""
    from comity.desk.config import DeskSettings  # noqa: PLC0415  no Django before it is needed
    from comity.web.demo import write_demo  # noqa: PLC0415
    from comity.web.start import CONFIG, make_keys, start  # noqa: PLC0415

    path = write_demo(folder)
    make_keys(folder, DeskSettings(place=""))
    start(path, migrate=True)
    from comity.web.demo_cases import fill_demo  # noqa: PLC0415

    fill_demo(datetime.now(UTC))
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
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
    server = subprocess.Popen(command, env={**os.environ, CONFIG: str(path)}, stderr=subprocess.DEVNULL)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    sys.exit("the server did not start")


def log_in(page: Any) -> None:
    """Logs a booking officer in, by the banner, the password and a code."""
    from comity.web.demo import PASSWORD, code_at  # noqa: PLC0415

    page.goto("/")
    page.click("text=I accept")
    page.fill("#id_login", "booking-officer")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("#id_code", code_at(time.time()))
    page.keyboard.press("Enter")
    page.wait_for_selector("#board")


def main() -> None:
    """Walks the path and writes the figures."""
    sys.path.insert(0, str(ROOT))
    from tests.browser import open_browser  # noqa: PLC0415
    from tests.desk.web.officer_path import walk  # noqa: PLC0415

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        server = serve(Path(folder), port)
        try:
            page = browser.new_page(base_url=f"http://127.0.0.1:{port}", viewport={"width": 1100, "height": 900})
            log_in(page)
            walk(page, 99)  # the law is compiled
            walks = [walk(page, 100 + number) for number in range(WALKS)]
        finally:
            server.terminate()
            server.wait()
    keys = walks[0]
    print(
        f"from the board to a recorded decision, {WALKS} times: {keys.of_facts} keys state {keys.fields} facts, {keys.to_next} go to the next "
        f"field, {keys.others} are others; the machine takes {median(walk.machine_seconds for walk in walks):.2f} s "
        f"(at most {max(walk.machine_seconds for walk in walks):.2f}), and a person "
        f"{median(walk.seconds for walk in walks):.0f} s; load average {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
