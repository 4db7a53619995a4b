"""Replays on Spark, for DataFrames of Spark 4 (classic and Connect).

`comity.spark.replay(dataframe)` gives the decided rows as a DataFrame, `comity.spark.count(dataframe)` the counts with what was
refused, and `comity.spark.write(dataframe, target)` writes the rows whole or not at all and gives the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity import api
from comity.extras import report_missing_extras
from comity.law.library import Library
from comity.session import Law

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from comity.records.replay_result import ReplayResult
    from comity.warehouse.spark import SparkReplay


def replay(
    dataframe: DataFrame,
    *,
    law: str = "",
    place: str = "",
    assume: Mapping[str, Any] | None = None,
    without_duplicates: bool = False,
    key: str = "",
    library: Law | Library | None = None,
) -> DataFrame:
    """The decided rows of a DataFrame, lazily: the rows and columns that `comity replay --out` writes.

    Arguments as in `comity.replay`. `key` names a column of whole numbers that differ in every row, which `row` of the result
    repeats; without it Spark numbers the rows. A row that cannot be read is refused: it is not in the result, and `count` says
    why. Raises `InputFault` as `comity.replay` does, before any row is read.
    """
    return _prepare(
        dataframe, law=law, place=place, assume=assume, without_duplicates=without_duplicates, key=key, library=library
    ).decided()


def count(
    dataframe: DataFrame,
    *,
    law: str = "",
    place: str = "",
    assume: Mapping[str, Any] | None = None,
    group_by: Sequence[str] = (),
    without_duplicates: bool = False,
    key: str = "",
    library: Law | Library | None = None,
) -> ReplayResult:
    """Decides all rows of a DataFrame and counts the outcomes, as `comity.replay` does; no row leaves the cluster.

    `table` of the result is None. Arguments as in `replay`, and `group_by` as in `comity.replay`.
    """
    return _prepare(
        dataframe, law=law, place=place, assume=assume, group_by=group_by, without_duplicates=without_duplicates,
        key=key, library=library,
    ).result()  # fmt: skip


def write(
    dataframe: DataFrame,
    target: str,
    *,
    law: str = "",
    place: str = "",
    assume: Mapping[str, Any] | None = None,
    group_by: Sequence[str] = (),
    without_duplicates: bool = False,
    key: str = "",
    library: Law | Library | None = None,
) -> ReplayResult:
    """Writes the decided rows to a folder of Parquet or a new table, whole or not at all, and counts them in the same pass.

    `target` is the path of a folder, with a slash in it, which is replaced where a replay wrote it; or the name of a table, which must not
    exist. Other arguments as in `count`.
    """
    from comity.warehouse.spark_output import write_replay  # noqa: PLC0415  needs Spark

    prepared = _prepare(
        dataframe, law=law, place=place, assume=assume, group_by=group_by, without_duplicates=without_duplicates,
        key=key, library=library,
    )  # fmt: skip
    return write_replay(prepared, target)


@report_missing_extras()
def _prepare(
    dataframe: DataFrame,
    *,
    law: str,
    place: str,
    assume: Mapping[str, Any] | None,
    without_duplicates: bool,
    key: str,
    library: Law | Library | None,
    group_by: Sequence[str] = (),
) -> SparkReplay:
    from comity.records.replay_table import ReplayArguments  # noqa: PLC0415  no engine is imported until it is needed
    from comity.warehouse.spark import prepare_spark_replay  # noqa: PLC0415  needs Spark

    arguments = ReplayArguments(
        law=law, place=place, assume=assume or {}, group_by=tuple(group_by), without_duplicates=without_duplicates
    )
    return prepare_spark_replay(dataframe, arguments, api.library_given(library), key=key)
