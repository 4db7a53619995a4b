"""`comity site --serve`: the folder at an address of this machine, until it is interrupted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from comity.finding import InputFault
from comity.site.serve import HOST, serve

CALM, TO_INTERRUPT = 0, signal.SIGINT
PLACE = "us/gu"


def test_the_folder_is_served_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "comity",
        "site",
        "--place",
        PLACE,
        "--on",
        "2026-11-01",
        "--out",
        "pages",
        "--serve",
    ]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        built, address = process.stdout.readline(), process.stdout.readline().split()[0]
        assert "pages in pages" in built
        with urllib.request.urlopen(f"{address}{PLACE}/") as page:
            assert page.headers["Content-Type"] == "text/html"
            assert b"<h1>" in page.read()
        with urllib.request.urlopen(f"{address}static/icon.svg") as picture:
            assert picture.headers["Content-Type"] == "image/svg+xml"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}none/")
        process.send_signal(TO_INTERRUPT)
        rest, _ = process.communicate(timeout=20)
    assert (rest, process.returncode) == ("", CALM)


def test_a_port_in_use_is_a_finding(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(InputFault, match=f"port {port} cannot be used"):
            serve(tmp_path, port, lambda address: pytest.fail(f"served at {address}"))
