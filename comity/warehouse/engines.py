"""The engines on which a replay can run, by the names that `--engine` takes."""

from __future__ import annotations

from pathlib import Path

from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.records.pieces import Progress
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments

LOCAL, SPARK, POSTGRES, CLICKHOUSE = ENGINES = ("duckdb", "spark", "postgres", "clickhouse")


def runs_elsewhere(source: str, engine: str, into: str | None) -> bool:
    """Whether a replay is more than one reading by this process: on another engine, or into a folder, file by file."""
    return engine != LOCAL or into is not None or "://" in source


def replay_elsewhere(
    source: str,
    into: str | None,
    arguments: ReplayArguments,
    library: Library,
    *,
    engine: str,
    progress: Progress | None,
) -> ReplayResult:
    """Decides what a source names on an engine, and writes the rows into a target where one is given.

    Raises `InputFault` where the source, the target or the arguments prevent it.
    """
    if into is not None and not into.strip():
        message, help = phrase("names no target"), phrase("name a folder or a table, or leave it out")
        raise InputFault([Finding("no-target", Place(phrase("into")), message, help)])
    if arguments.columns is not None:
        message = phrase("a map of columns is applied to a whole table, by this process")
        help = phrase("write the rows with `out`, or give the columns the names of facts before")
        raise InputFault([Finding("columns-elsewhere", Place(phrase("columns")), message, help)])
    if engine == SPARK:
        from comity.warehouse.spark_source import replay_on_spark  # noqa: PLC0415  needs Spark

        return replay_on_spark(source, into or "", arguments, library)
    if engine == POSTGRES:
        from comity.warehouse.postgres import replay_on_postgres  # noqa: PLC0415  needs its driver

        return replay_on_postgres(source, into or "", arguments, library)
    if engine == CLICKHOUSE:
        from comity.warehouse.clickhouse import replay_on_clickhouse  # noqa: PLC0415

        return replay_on_clickhouse(source, into or "", arguments, library)
    if "://" in source:
        from comity.warehouse.address import without_secrets  # noqa: PLC0415  only for this message

        shown = phrase("{shown}", shown=without_secrets(source))
        message = phrase("{engine} is the engine of this process, which reads files and folders", engine=LOCAL)
        raise InputFault([Finding("not-a-table", Place(shown), message, phrase("name the engine of the source"))])
    from comity.warehouse.folder import FolderReplay, target_of_folder  # noqa: PLC0415  only where a folder is read

    if not Path(source).is_dir():
        message = phrase("this is not a folder, and `into` writes a folder")
        raise InputFault(
            [Finding("not-a-folder", Place(source), message, phrase("use `out` for the rows of one file"))]
        )
    target = target_of_folder(into, source) if into else None
    return FolderReplay(source, arguments, library).run(target, progress)
