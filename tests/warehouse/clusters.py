"""A standalone cluster of Spark with two workers, and a server of Spark Connect, each started here and gone afterwards."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyspark

SPARK = Path(pyspark.__file__).parent
LOOPBACK = "127.0.0.1"
SECONDS_MAX = 90


def environment() -> dict[str, str]:
    """The environment of a process of Spark, on the addresses of this machine."""
    inherited = {
        name: value for name, value in os.environ.items() if name != "PYTHONPATH" and not name.startswith("SPARK_")
    }
    return inherited | {"SPARK_LOCAL_IP": LOOPBACK, "PYSPARK_PYTHON": sys.executable, "SPARK_HOME": str(SPARK)}


def without_comity(folder: Path) -> dict[str, str]:
    """The environment of a process whose Python finds a package that ends in a fault as comity, unless the real one is shipped."""
    package = folder / "other" / "comity"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("raise ImportError('this comity was not shipped')", encoding="utf-8")
    return environment() | {"PYTHONPATH": str(package.parent)}


@contextlib.contextmanager
def standalone_master(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of a master whose workers have a core each; raises `TimeoutError` where they do not come up."""
    port = free_port()
    address = f"spark://{LOOPBACK}:{port}"
    master = ["org.apache.spark.deploy.master.Master", "--host", LOOPBACK, "--port", str(port), "--webui-port", "0"]
    worker = [
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        LOOPBACK,
        "--cores",
        "1",
        "--memory",
        "1g",
        "--webui-port",
        "0",
    ]
    with contextlib.ExitStack() as running:
        running.enter_context(java(master, folder / "master"))
        wait_for(lambda: is_open(port), "the master")
        for number in range(workers):
            place = folder / f"worker-{number}"
            running.enter_context(java([*worker, "--work-dir", str(place / "work"), address], place))
        logs = [folder / f"worker-{number}" / "log" for number in range(workers)]
        wait_for(lambda: all("Successfully registered" in log.read_text() for log in logs), "the workers")
        yield address


@contextlib.contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """The address of a server of Spark Connect on two cores."""
    port = free_port()
    settings = {
        "spark.connect.grpc.binding.port": str(port),
        "spark.connect.grpc.binding.address": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.host": LOOPBACK,
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    confs = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    submit = [
        "org.apache.spark.deploy.SparkSubmit",
        "--master",
        "local[2]",
        *confs,
        "--class",
        server,
        "spark-internal",
    ]
    with java(submit, folder / "server"):
        wait_for(lambda: is_open(port), "the server")
        yield f"sc://{LOOPBACK}:{port}"


@contextlib.contextmanager
def java(arguments: list[str], folder: Path) -> Iterator[None]:
    """A process of Spark in a folder of its own, where it writes its log."""
    folder.mkdir(parents=True)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [SPARK / "bin" / "spark-class", *arguments], cwd=folder, env=without_comity(folder), stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(is_there: object, what: str) -> None:
    until = time.monotonic() + SECONDS_MAX
    while not is_there():  # type: ignore[operator]
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not come up within {SECONDS_MAX} seconds")
        time.sleep(0.3)


def is_open(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((LOOPBACK, port)) == 0


def free_port() -> int:
    with socket.socket() as holder:
        holder.bind((LOOPBACK, 0))
        return int(holder.getsockname()[1])
