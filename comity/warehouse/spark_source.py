"""What `comity replay --engine spark` reads: a folder of Parquet or a table, on a cluster that the source names."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from msgspec import Struct
from py4j.protocol import Py4JError
from pyspark.errors import AnalysisException, PySparkException, PySparkImportError, PythonException
from pyspark.sql import DataFrame, SparkSession, functions

from comity.extras import MISSING
from comity.facts.columns import ROW
from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.beside import write_beside
from comity.warehouse.numbered import NUMBER
from comity.warehouse.spark import prepare_spark_replay
from comity.warehouse.spark_output import is_path, local_path, located, write_replay

FILE, OFFSET = "comity_file", "comity_offset"
MASTERS = ("spark://", "sc://")
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
    location, into = location_of(source), location_of(target)
    if into.master not in ("", location.master):
        message = phrase("the rows cannot be written on another cluster than the one that decides them")
        raise InputFault([Finding("two-clusters", Place(target), message, phrase("name the same cluster, or a path"))])
    if not location.name:
        help = phrase("put the path or the table after the host, as in spark://host:7077/data/detainers")
        raise InputFault([Finding("not-a-table", Place(source), phrase("names no path and no table"), help)])
    try:
        return _replay(source, location, into.name, arguments, library)
    except PythonException:  # a fault of this program in a task
        raise
    except (PySparkException, Py4JError) as fault:
        words = (str(fault).splitlines() or [type(fault).__name__])[0]
        help = phrase("see whether the cluster runs, and whether you may read and write there")
        raise InputFault([Finding("spark", Place(source), phrase("Spark: {}", words), help)]) from fault


def _replay(
    source: str, location: SparkLocation, target: str, arguments: ReplayArguments, library: Library
) -> ReplayResult:
    with spark_session(location.master) as session:
        frame = read_source(session, location.name, source)
        key = ROW if not is_path(location.name) and ROW in frame.columns else ""
        replay = prepare_spark_replay(frame, arguments, library, key=key, source=source)
        if not target:
            return replay.result()
        result = write_replay(replay, target)
        folder = local_path(session, target) if is_path(target) else None
        if folder:
            write_beside(folder, result)
        return result


@contextmanager
def spark_session(master: str) -> Iterator[Any]:
    """A session on a cluster; one that was not there before is ended afterwards."""
    active = SparkSession.getActiveSession()
    builder = SparkSession.builder.appName("comity")
    if master.startswith("sc://"):
        builder = builder.remote(master)
    elif master:
        builder = builder.master(master)
    for name, value in SETTINGS.items():
        if not (master.startswith("sc://") and name in ("spark.ui.showConsoleProgress", "spark.log.level")):
            builder = builder.config(name, value)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"pyspark\.")
        try:
            session = builder.getOrCreate()
        except PySparkImportError as fault:
            words, help = (
                (fault.getMessage() or "").split(";")[0],
                phrase('install it with pip install "pyspark[connect]"'),
            )
            raise InputFault([Finding(MISSING, Place(master), phrase("{}", words), help)]) from fault
        try:
            yield session
        finally:
            if active is None:
                session.stop()


def read_source(session: Any, name: str, source: str) -> DataFrame:
    """The rows of a path or a table. Those of a path are numbered file by file in the order of the files' names."""
    try:
        if not is_path(name):
            table: DataFrame = session.table(name)
            return table
        return numbered_by_file(session, session.read.parquet(located(session, name)))
    except AnalysisException as fault:
        words = (fault.getMessage() or type(fault).__name__).splitlines()[0]
        help = phrase(
            "name a folder of Parquet files by a path with a slash in it, as in ./requests, or a table that Spark can read"
        )
        raise InputFault([Finding("not-a-table", Place(source), phrase("cannot be read: {}", words), help)]) from None


def numbered_by_file(session: Any, frame: DataFrame) -> DataFrame:
    """The rows of files with their numbers: from 1 in the first file, and on in the next, whoever reads which part."""
    path = functions.col("_metadata.file_path")
    counts = {row[0]: row[1] for row in frame.groupBy(path.alias(FILE)).count().collect()}
    offsets, last = [], 0
    for file in sorted(counts, key=lambda file: unquote(file).split("/")):  # as paths are sorted, folder by folder
        offsets.append((file, last))
        last += counts[file]
    found = session.createDataFrame(offsets, f"{FILE} string, {OFFSET} bigint")
    columns = [functions.col(f"`{name}`") for name in frame.columns]
    in_file = frame.select(*columns, path.alias(FILE), functions.col("_metadata.row_index").alias(NUMBER))
    joined = in_file.join(functions.broadcast(found), FILE)
    number = functions.col(NUMBER) + functions.col(OFFSET) + 1
    return joined.select(*columns, number.alias(NUMBER))
