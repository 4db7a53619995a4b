"""Writes what Spark decided: to a hidden folder or table first, put in place when all of it is there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import uuid4

from pyspark.errors import AnalysisException

from comity.finding import Finding, InputFault, Place, phrase
from comity.records.replay_result import ReplayResult
from comity.warehouse.numbered import ROW_COLUMNS
from comity.warehouse.spark import KIND, PART, ROWS, SparkReplay, is_connect

WRITERS = "spark.sql.maxConcurrentOutputFileWriters"  # with it, a task writes rows and counts without sorting them


def write_replay(replay: SparkReplay, target: str) -> ReplayResult:
    """Writes the decided rows to a folder of Parquet or to a new table, and gives the counts; raises `InputFault`."""
    return _write_folder(replay, target) if is_path(target) else _write_table(replay, target)


def is_path(target: str) -> bool:
    """Whether a target is the path of a folder, and not the name of a table."""
    return "/" in target or "\\" in target or target.endswith(".parquet")


def _write_folder(replay: SparkReplay, target: str) -> ReplayResult:
    session = replay.rows.sparkSession
    folders: _LocalFolders | _HadoopFolders = (
        _LocalFolders() if is_connect(session) else _HadoopFolders(session, target)
    )
    path = folders.full_path(located(session, target)).rstrip("/")
    check_written(session, folders, path)
    parent, _, name = path.rpartition("/")
    part = f"{parent}/.{name}.{uuid4().hex}.part"
    try:
        _write_kinds(replay, lambda writer: writer.parquet(part))
        counted = f"{part}/{KIND}={PART}"  # without rows, no task has counted any
        result = replay.merged(_read(session, replay, counted) if folders.exists(counted) else _empty(replay, session))
        rows = f"{part}/{KIND}={ROWS}"
        if not folders.exists(rows):
            _empty(replay, session).write.parquet(rows)
        folders.replace(rows, path, f"{part}/replaced")
    finally:
        folders.remove(part)
    return result


def check_written(session: Any, folders: _LocalFolders | _HadoopFolders, path: str) -> None:
    """Raises `InputFault` where there is a folder that no replay wrote."""
    if not folders.exists(path) or folders.is_empty(path):
        return
    try:
        columns = session.read.parquet(path).columns
    except AnalysisException:
        columns = []
    if tuple(columns[: len(ROW_COLUMNS)]) != ROW_COLUMNS:
        message = phrase("there is such a folder, and it is not one that a replay wrote")
        help = phrase("name a folder that may be replaced")
        raise InputFault([Finding("folder-exists", Place(path), message, help)])


def _write_table(replay: SparkReplay, target: str) -> ReplayResult:
    session = replay.rows.sparkSession
    if session.catalog.tableExists(target):
        help = phrase("name a table that does not exist; it is made whole or not at all")
        raise InputFault([Finding("table-exists", Place(target), phrase("there is such a table"), help)])
    part = f"{target}_part_{uuid4().hex[:12]}"
    try:
        _write_kinds(replay, lambda writer: writer.format("parquet").saveAsTable(part))
        written = session.table(part)
        result = replay.merged(written.where(written[KIND] == PART))
        written.where(written[KIND] == ROWS).drop(KIND).write.format("parquet").saveAsTable(target)
    finally:
        session.sql(f"DROP TABLE IF EXISTS {_quoted(part)}")
    return result


def _write_kinds(replay: SparkReplay, write: Any) -> None:
    """Writes rows and counts in one pass, each kind to a folder of its own."""
    session = replay.rows.sparkSession
    before = session.conf.get(WRITERS)
    session.conf.set(WRITERS, "2")
    try:
        write(replay.everything().write.partitionBy(KIND))
    finally:
        session.conf.set(WRITERS, str(before))


def _read(session: Any, replay: SparkReplay, path: str) -> Any:
    return session.read.schema(_empty(replay, session).schema).parquet(path)


def _empty(replay: SparkReplay, session: Any) -> Any:
    return session.createDataFrame([], replay.decided().schema)


def _quoted(table: str) -> str:
    return ".".join(f"`{part}`" for part in table.split("."))


def located(session: Any, path: str) -> str:
    """A path as Spark is to be given it: a relative one of this machine begins where this process is, not where Java was started."""
    local = local_path(session, path)
    return str(local) if local else path


def local_path(session: Any, path: str) -> Path | None:
    """The path on this machine that a text names; None where it is on another file system."""
    parts = urlsplit(path)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path)).absolute()
    if len(parts.scheme) > 1:  # a letter is a drive of Windows
        return None
    here = is_connect(session) or _default_of(session).startswith("file:")
    return Path(path).absolute() if here else None


def _default_of(session: Any) -> str:
    """The file system of paths that name none."""
    return str(session._jsc.hadoopConfiguration().get("fs.defaultFS") or "file:///")


class _LocalFolders:
    """Folders of this machine."""

    def full_path(self, path: str) -> str:
        if "://" in path:
            message = phrase("Spark Connect can put a folder in place only on a file system of this machine")
            help = phrase("name a path that this machine and the cluster share, or a table")
            raise InputFault([Finding("no-file", Place(path), message, help)])
        return path

    def exists(self, path: str) -> bool:
        return Path(path).exists()

    def is_empty(self, path: str) -> bool:
        return Path(path).is_dir() and not any(Path(path).iterdir())

    def replace(self, new: str, target: str, old: str) -> None:
        """Puts a folder in place of another, which is put back where that fails."""
        if not Path(target).exists():
            os.rename(new, target)
            return
        os.rename(target, old)
        try:
            os.rename(new, target)
        except OSError:
            os.rename(old, target)
            raise

    def remove(self, path: str) -> None:
        shutil.rmtree(path, ignore_errors=True)


class _HadoopFolders:
    """Folders of any file system that Spark reaches, this machine's among them."""

    def __init__(self, session: Any, target: str) -> None:
        self.path = session._jvm.org.apache.hadoop.fs.Path
        self.files = self.path(target).getFileSystem(session._jsc.hadoopConfiguration())

    def full_path(self, path: str) -> str:
        return str(self.files.makeQualified(self.path(path)).toString())

    def exists(self, path: str) -> bool:
        return bool(self.files.exists(self.path(path)))

    def is_empty(self, path: str) -> bool:
        return not len(self.files.listStatus(self.path(path)))

    def replace(self, new: str, target: str, old: str) -> None:
        """Puts a folder in place of another, which is put back where that fails."""
        replaced = self.exists(target)
        if replaced:
            self._rename(target, old)
        try:
            self._rename(new, target)
        except OSError:
            if replaced:
                self._rename(old, target)
            raise

    def remove(self, path: str) -> None:
        self.files.delete(self.path(path), True)

    def _rename(self, from_: str, to: str) -> None:
        if not self.files.rename(self.path(from_), self.path(to)):
            raise OSError(f"{from_} could not be renamed to {to}")
