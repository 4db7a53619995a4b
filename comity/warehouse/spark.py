"""Replays on Spark: each task reads and decides its rows as Arrow batches, and says at its end what it counted.

The law travels to the tasks as bytes and the package as a zip file, so that every task decides by the same law and the same
program. Rows are numbered before they are decided, because the rows of a DataFrame have no order.
"""

from __future__ import annotations

import base64
import pickle
from collections.abc import Iterable, Iterator
from typing import Any
from weakref import WeakSet

import pyarrow as pa
from msgspec import Struct
from pyspark.sql import DataFrame, functions
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import IntegralType, StringType, StructField, StructType

from comity.finding import Finding, InputFault, Place, phrase
from comity.law.library import Library
from comity.records.pieces import LAW
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.numbered import NUMBER, Decider, held_decider, in_pieces
from comity.warehouse.part import Part, decode_part, encode_part, merge_parts
from comity.warehouse.shipping import pack_law, packed_package

KIND, ROWS, PART = "comity_kind", "rows", "part"
FILE, OFFSET = "comity_file", "comity_offset"
RESERVED = (NUMBER, KIND, FILE, OFFSET)  # columns of these names are of this program, and no fact is called so
SOURCE, FORMAT = "DataFrame", "Spark"
SHIPPED: WeakSet[Any] = WeakSet()  # the sessions whose tasks can import this package


class SparkReplay(Struct, frozen=True):
    """A replay that Spark can run: the rows to decide, numbered, and what decides them on the driver and in the tasks."""

    rows: DataFrame
    decider: Decider
    arguments: ReplayArguments

    def decided(self) -> DataFrame:
        """The decided rows: a lazy DataFrame with the columns that a replay writes."""
        return self._mapped((ROWS,)).drop(KIND)

    def result(self) -> ReplayResult:
        """Decides all rows and counts them, without keeping the rows."""
        return self.merged(self._mapped((PART,)))

    def everything(self) -> DataFrame:
        """The decided rows, and for each task a row with what it counted; the column `comity_kind` tells them apart."""
        return self._mapped((ROWS, PART))

    def merged(self, parts: DataFrame) -> ReplayResult:
        """The result of all tasks, from the rows with what they counted."""
        texts = [row[LAW] for row in parts.select(LAW).collect()]
        _, like = self.decider.empty()
        return merge_parts([decode_part(base64.b64decode(text)) for text in texts], like)

    def _mapped(self, kinds: tuple[str, ...]) -> DataFrame:
        ship_package(self.rows.sparkSession)
        rows, _ = self.decider.empty()
        schema = from_arrow_schema(rows.schema)
        schema = StructType([*schema.fields, StructField(KIND, StringType())])
        task = Task(
            law=pack_law(self.decider.library),
            schema=self.decider.schema.serialize().to_pybytes(),
            arguments=pickle.dumps(self.arguments),
            source=self.decider.source,
            format=self.decider.format,
            kinds=kinds,
        )
        # Under short names, because a map by Arrow takes no column that has a dot in its name.
        columns = [column(name).alias(f"c{at}") for at, name in enumerate(self.decider.headings)]
        return self.rows.select(*columns, functions.col(NUMBER)).mapInArrow(task, schema)


class Task(Struct, frozen=True):
    """What a task of Spark does: it decides its batches, and gives the decided rows, its counts, or both (`kinds`)."""

    law: bytes
    schema: bytes
    arguments: bytes
    source: str
    format: str
    kinds: tuple[str, ...]

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        decider = held_decider(self.law, self.schema, self.arguments, self.source, self.format)
        names = [*decider.headings, NUMBER]
        for output in decider.part(table.rename_columns(names) for table in in_pieces(batches)):
            if isinstance(output, Part):
                if PART in self.kinds and output.rows:
                    yield from _with_kind(_row_of(output, decider), PART)
            elif ROWS in self.kinds:
                yield from _with_kind(output, ROWS)


def prepare_spark_replay(
    dataframe: DataFrame, arguments: ReplayArguments, library: Library, *, key: str = "", source: str = SOURCE
) -> SparkReplay:
    """A replay of a DataFrame. `key` is a column of whole numbers that numbers the rows; by default Spark numbers them.

    The numbers that Spark gives begin with 1 in the first partition, differ, and are not without gaps. Raises `InputFault` on
    arguments or columns that prevent a replay.
    """
    names = [name for name in dataframe.columns if name not in (*RESERVED, key)]
    if key:
        if key not in dataframe.columns or not isinstance(dataframe.schema[key].dataType, IntegralType):
            message = phrase("no column {key} of whole numbers", key=key)
            help = phrase("name a column of whole numbers that differ in every row")
            raise InputFault([Finding("no-key", Place(phrase("key")), message, help)])
        given = column(key).cast("bigint")
        number = functions.when(given.isNotNull(), given).otherwise(
            functions.raise_error(functions.lit(f"{key} is NULL in a row, and should be its number")).cast("bigint")
        )
    else:
        number = functions.monotonically_increasing_id() + 1
    columns = [column(name) for name in names]
    schema = to_arrow_schema(StructType([dataframe.schema[name] for name in names]), timezone="UTC")
    decider = Decider(schema, arguments, library, source, FORMAT)
    decider.empty()  # a column that cannot be read is a fault here, not in a task
    return SparkReplay(dataframe.select(*columns, number.alias(NUMBER)), decider, arguments)


def column(name: str) -> Any:
    """A column by its whole name, whatever signs are in it."""
    return functions.col("`" + name.replace("`", "``") + "`")


def ship_package(session: Any) -> None:
    """Makes this very package importable in the tasks of a session, once."""
    if session in SHIPPED:
        return
    package = str(packed_package())
    if is_connect(session):
        session.addArtifacts(package, pyfile=True)
    else:
        session.sparkContext.addPyFile(package)
    SHIPPED.add(session)


def is_connect(session: Any) -> bool:
    """Whether a session talks to a server by Spark Connect: it has no access to the server's process then."""
    return type(session).__module__.startswith("pyspark.sql.connect")


def _row_of(part: Part, decider: Decider) -> pa.Table:
    """A row of the decided rows' columns that holds a part as text, in a column that the rows of the law also have."""
    rows, _ = decider.empty()
    text = base64.b64encode(encode_part(part)).decode()
    cells = {field.name: pa.nulls(1, field.type) for field in rows.schema}
    return pa.table({**cells, LAW: pa.array([text], pa.string())})


def _with_kind(rows: pa.Table, kind: str) -> Iterator[pa.RecordBatch]:
    column = pa.array([kind]).take(pa.nulls(rows.num_rows, pa.int32()).fill_null(0))
    yield from rows.append_column(KIND, column).combine_chunks().to_batches()
