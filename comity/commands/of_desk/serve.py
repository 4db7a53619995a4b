"""`comity serve`: the desk of a county, or of a made-up one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.extras import report_missing_extras

DEMO = "comity-desk-demo"
PORT = 8000
CHECK_SECONDS = 2.0


@click.command("serve")
@click.option("--demo", is_flag=True, help=f"A made-up county in the folder {DEMO}, with nothing else installed.")
@click.option("--config", metavar="FILE", help="The configuration of a desk.")
@click.option("--port", default=PORT, show_default=True, help="The port on 127.0.0.1.")
@report_missing_extras()
def command(demo: bool, config: str | None, port: int) -> None:
    """Serves the desk: the county's own record of every detainer, from receipt to release.

    It listens on this machine alone. A county puts a proxy with TLS before it; docs/desk-runbook.md says how.

    \b
    Example: comity serve --demo
    """
    if not demo and not config:
        raise click.UsageError("name a configuration with --config, or use --demo for a made-up county")
    path = _open_demo() if demo else _open(Path(str(config)))
    click.echo(f"The desk is at http://127.0.0.1:{port}/ until Ctrl-C.")
    if demo:
        _show_codes()
    _serve(path.resolve(), port)


def _open(path: Path) -> Path:
    """Opens a desk once before it is served, so that what is wrong is said here; and brings its tables up to date."""
    from comity.web.start import start  # noqa: PLC0415  no Django before it is served

    start(path, migrate=True)
    return path


def _open_demo() -> Path:
    """Makes a made-up county where there is none yet; returns its configuration."""
    from comity.desk.config import DeskSettings  # noqa: PLC0415  no Django before it is served
    from comity.web.demo import PASSWORD, TOTP_SECRET, write_demo  # noqa: PLC0415
    from comity.web.start import make_keys  # noqa: PLC0415

    path = write_demo(Path(DEMO))
    make_keys(path.resolve().parent, DeskSettings(place=""))
    _open(path)
    from comity.web.demo_cases import fill_demo  # noqa: PLC0415  its tables need Django set up

    fill_demo(datetime.now(UTC))
    names = "booking-officer, supervisor, county-attorney, auditor, public-records-officer or administrator"
    click.echo(f'Log in as {names}; the password is "{PASSWORD}".')
    click.echo(f"The second factor of each is in this secret, for an authenticator app: {TOTP_SECRET}")
    return path


def _show_codes() -> None:
    """Prints the code of the demonstration's accounts: once, and on a terminal again whenever it changes."""
    from comity.web.demo import TOTP_SECONDS, code_at  # noqa: PLC0415  no Django before it is served

    def show() -> None:
        while True:
            now = time.time()
            click.echo(f"The code is now {code_at(now)}, for {TOTP_SECONDS - int(now) % TOTP_SECONDS} seconds.")
            if not sys.stdout.isatty():
                return
            time.sleep(TOTP_SECONDS - now % TOTP_SECONDS)

    threading.Thread(target=show, daemon=True).start()


def _serve(config: Path, port: int) -> None:
    """Runs the server and, beside it, the clockwork, which is started again when it ends; both end together."""
    from comity.web.start import CONFIG  # noqa: PLC0415

    environment = {**os.environ, CONFIG: str(config)}
    clockwork = [sys.executable, "-m", "comity", "desk", "clockwork", "--config", str(config)]
    server = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "8", "--log-level", "warning", "--no-ws"),
        "comity.web.wsgi:application",
    ]
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # as a machine that shuts down ends it
    running = {
        name: subprocess.Popen(words, env=environment) for name, words in (("clockwork", clockwork), ("server", server))
    }
    try:
        while running["server"].poll() is None:
            if running["clockwork"].poll() is not None:
                click.echo("The clockwork ended and is started again.", err=True)
                running["clockwork"] = subprocess.Popen(clockwork, env=environment)
            time.sleep(CHECK_SECONDS)
        sys.exit(running["server"].returncode)
    except KeyboardInterrupt:
        click.echo("\nThe desk is closed.")
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait()
