"""What `comity replay --engine spark` reads: a folder of Parquet or a table, on a cluster that the source names."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote

from msgspec import Struct
from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.errors import (
    AnalysisException,
    PySparkException,
    PySparkImportError,
    PySparkRuntimeError,
    PythonException,
)
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.utils import is_remote

from comity.extras import MISSING
from comity.facts.columns import ROW
from comity.finding import Finding, InputFault, Phrase, Place, phrase
from comity.law.library import Library
from comity.present.files import cleaning_up_on_signals
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.address import without_secrets
from comity.warehouse.beside import write_beside
from comity.warehouse.folder import check_replaced
from comity.warehouse.numbered import NUMBER
from comity.warehouse.spark import FILE, OFFSET, RESERVED, column, prepare_spark_replay
from comity.warehouse.spark_output import is_path, local_path, located, write_replay

INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled"
CONNECT = "sc://"
MASTERS = ("spark://", CONNECT)
SETTINGS = {
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
}


class SparkLocation(Struct, frozen=True):
    """A path or a table (`name`), and the cluster that it is read on; where `master` is empty, Spark's configuration says."""

    master: str
    name: str


def location_of(text: str) -> SparkLocation:
    """The cluster and the path or table in `spark://host:7077/data/detainers`, `sc://host:15002/db.table` or a plain path."""
    scheme = next((scheme for scheme in MASTERS if text.startswith(scheme)), "")
    if not scheme:
        return SparkLocation("", text)
    host, _, name = text.removeprefix(scheme).partition("/")
    return SparkLocation(scheme + host, f"/{name}" if is_path(name) else name)


def replay_on_spark(source: str, target: str, arguments: ReplayArguments, library: Library) -> ReplayResult:
    """Decides what a source names, and writes the rows to a target where one is given; raises `InputFault`."""
    location, into, shown = location_of(source), location_of(target), without_secrets(source)
    if into.master not in ("", location.master):
        message = phrase("the rows cannot be written on another cluster than the one that decides them")
        raise InputFault([Finding("two-clusters", Place(target), message, phrase("name the same cluster, or a path"))])
    if not location.name:
        help = phrase("put the path or the table after the host, as in spark://host:7077/data/detainers")
        raise InputFault([Finding("not-a-table", Place(source), phrase("names no path and no table"), help)])
    try:
        with cleaning_up_on_signals():
            return _replay(shown, location, into.name, arguments, library)
    except PythonException:  # a fault of this program in a task
        raise
    except (PySparkException, Py4JError) as fault:
        said = fault.getMessage() if isinstance(fault, PySparkException) else str(fault)
        words = next((line for line in (said or "").splitlines() if line.strip()), type(fault).__name__)
        words = words.replace(source, shown)
        help = phrase("see whether the cluster runs, and whether you may read and write there")
        raise InputFault([Finding("spark", Place(shown), phrase("Spark: {}", words), help)]) from fault


def _replay(
    source: str, location: SparkLocation, target: str, arguments: ReplayArguments, library: Library
) -> ReplayResult:
    with spark_session(location.master) as session:
        frame = read_source(session, location.name, source)
        key = NUMBER if is_path(location.name) else ROW if ROW in frame.columns else ""
        if key == ROW:
            check_row_numbers(frame, source)
        folder = local_path(session, target) if target and is_path(target) else None
        if folder:
            check_replaced(folder, target, local_path(session, location.name) if is_path(location.name) else None)
        replay = prepare_spark_replay(frame, arguments, library, key=key, source=source)
        if not target:
            return replay.result()
        result = write_replay(replay, target)
        if folder:
            write_beside(folder, result)
        return result


@contextmanager
def spark_session(master: str) -> Iterator[Any]:
    """A session on a cluster; one that was not there before is ended afterwards.

    Spark gives the session that a process has, whatever cluster it was asked for: raises `InputFault` where that is another.
    """
    is_connect = master.startswith(CONNECT)
    if is_connect and not find_spec("grpc"):
        raise InputFault([_connect_lacks(master, phrase("Spark Connect needs grpcio, which is not installed"))])
    builder = SparkSession.builder.appName("comity")
    if is_connect:
        builder = builder.remote(master)
    elif master:
        builder = builder.master(master)
    for name, value in SETTINGS.items():
        if not (is_connect and name in ("spark.ui.showConsoleProgress", "spark.log.level")):
            builder = builder.config(name, value)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"pyspark\.")
        try:
            running = running_cluster()
            _check_is_same(master, running)
            session = builder.getOrCreate()
        except PySparkImportError as fault:
            words = (fault.getMessage() or "").split(";")[0]
            raise InputFault([_connect_lacks(master, phrase("{}", words))]) from fault
        try:
            yield session
        finally:
            if not running:
                session.stop()


def _connect_lacks(master: str, message: Phrase) -> Finding:
    return Finding(MISSING, Place(master), message, phrase('install it with pip install "pyspark[connect]"'))


def running_cluster() -> str:
    """The cluster of the Spark session or context of this process, in any thread; empty where it has none."""
    if is_remote():
        try:
            client = SparkSession.active().client
        except PySparkRuntimeError:  # there is no session
            return ""
        return f"{CONNECT}{getattr(client._builder, 'endpoint', client.host)}"
    context = SparkContext._active_spark_context
    return "" if context is None else str(context.master)


def _check_is_same(master: str, running: str) -> None:
    """Raises `InputFault` where the source names a cluster and the session that runs is on another."""
    if not (master and running):
        return
    cluster = master
    if master.startswith(CONNECT) and running.startswith(CONNECT):
        from pyspark.sql.connect.client import DefaultChannelBuilder  # noqa: PLC0415  needs grpcio

        cluster = f"{CONNECT}{DefaultChannelBuilder(master).endpoint}"  # with the port, if the source leaves it out
    if cluster != running:
        message = phrase("this process has a Spark session on another cluster, {}", running)
        help = phrase("stop that session, or name its cluster")
        raise InputFault([Finding("two-clusters", Place(master), message, help)])


def read_source(session: Any, name: str, source: str) -> DataFrame:
    """The rows of a path or a table. Those of a path are numbered file by file in the order of the files' names."""
    try:
        if not is_path(name):
            table: DataFrame = session.table(name)
            return table
        inferred = session.conf.get(INFERENCE)
        session.conf.set(INFERENCE, "false")  # values in the names of folders are text, as this process reads them
        try:
            frame = session.read.option("mergeSchema", "true").parquet(located(session, name))
        finally:
            session.conf.set(INFERENCE, str(inferred))
        return numbered_by_file(session, frame)
    except AnalysisException as fault:
        words = (fault.getMessage() or type(fault).__name__).splitlines()[0]
        help = phrase(
            "name a folder of Parquet files by a path with a slash in it, as in ./requests, or a table that Spark can read"
        )
        raise InputFault([Finding("not-a-table", Place(source), phrase("cannot be read: {}", words), help)]) from None


def check_row_numbers(frame: DataFrame, source: str) -> None:
    """Raises `InputFault` where the column `row` of a table has whole numbers that do not differ in every row."""
    [counted] = frame.agg(functions.count("*").alias("n"), functions.count_distinct(ROW).alias("numbers")).collect()
    if counted["n"] != counted["numbers"]:
        message = phrase("the numbers in row do not differ in every row, or some are NULL")
        help = phrase("number the rows, so that each has a number of its own")
        raise InputFault([Finding("doubled-row", Place(source), message, help)])


def numbered_by_file(session: Any, frame: DataFrame) -> DataFrame:
    """The rows of files with their numbers: from 1 in the first file, and on in the next, whoever reads which part."""
    path = functions.col("_metadata.file_path")
    counts = {row[0]: row[1] for row in frame.groupBy(path.alias(FILE)).count().collect()}
    offsets, last = [], 0
    for file in sorted(counts, key=lambda file: unquote(file).split("/")):  # as paths are sorted, folder by folder
        offsets.append((file, last))
        last += counts[file]
    found = session.createDataFrame(offsets, f"{FILE} string, {OFFSET} bigint")
    columns = [column(name) for name in frame.columns if name not in RESERVED]
    in_file = frame.select(*columns, path.alias(FILE), functions.col("_metadata.row_index").alias(NUMBER))
    joined = in_file.join(functions.broadcast(found), FILE)
    number = functions.col(NUMBER) + functions.col(OFFSET) + 1
    return joined.select(*columns, number.alias(NUMBER))
