"""A replay of a folder of Parquet files, one file at a time: larger than memory, and resumed where it was interrupted.

Beside the target lies a hidden folder of work with the decided rows of each file and what was counted of it, under a key of
everything that these depend on: the content of the file, where its rows begin, the columns, the law and the arguments. A file whose
key is there is not decided again. When all are there, the folder of work takes the place of the target.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.dataset as dataset
import pyarrow.parquet as parquet
from msgspec import Struct

from comity.finding import Finding, InputFault, Place, phrase
from comity.intake.sources.columnar import columns_of, files_of_folder, partitioning_of, reading_of_folder
from comity.intake.sources.source import Reading
from comity.law.library import Library
from comity.present.files import cleaning_up_on_signals, is_running, part_of, sweep_parts
from comity.program import program_digest
from comity.records.pieces import Progress
from comity.records.replay_result import ReplayResult
from comity.records.replay_table import ReplayArguments
from comity.warehouse.beside import write_beside
from comity.warehouse.numbered import NUMBER, ROW_COLUMNS, ROWS_A_PIECE, Decider
from comity.warehouse.part import Part, merge_parts

BYTES_A_READ = 1 << 20
ROWS, STATE = "rows", "state"  # the folders in the folder of work
HELP = phrase("name a folder of Parquet files with the same columns")


class FolderFile(Struct, frozen=True):
    """A file of a folder: its path, how many rows it has, and the number of its first row."""

    path: Path
    rows: int
    first_row: int


class DonePart(Struct, frozen=True):
    """A file that was decided: the key of everything that it depends on, the size of the decided rows, and what was counted."""

    key: str
    size: int
    part: Part


class FolderReplay:
    """A replay of a folder, ready to run; `decided_again` counts the files that an earlier run had not finished."""

    def __init__(self, source: str, arguments: ReplayArguments, library: Library) -> None:
        """Raises `InputFault` on a folder or arguments that prevent a replay."""
        self.folder, self.arguments, self.library = Path(source), arguments, library
        self.schema, self.files, reading = read_folder(self.folder)
        self.decider = Decider(self.schema, arguments, library, source, reading.format)
        self.empty, like = self.decider.empty()
        self.like = msgspec.structs.replace(like, reading=reading)
        self.decided_again = 0

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    def run(self, target: Path | None, progress: Progress | None = None) -> ReplayResult:
        """Decides every file; with a target, the rows are written there, all of them or none."""
        if target is None:
            return self.merged([self.decide(file, None) for file in self._each(progress)])
        work = target.absolute().with_name(f".{target.name}.work")
        for name in (ROWS, STATE):
            (work / name).mkdir(parents=True, exist_ok=True)
            sweep_parts(work / name)
        with cleaning_up_on_signals(), alone_in(work, target):
            parts = [self.decide_once(file, work) for file in self._each(progress)]
            result = self.merged(parts)
            self._commit(work, target)
        write_beside(target, result)
        return result

    def decide_once(self, file: FolderFile, work: Path) -> Part:
        """What was counted of a file: as an earlier run stored it, or decided now."""
        rows, state = _rows_of(work, file), _state_of(work, file)
        key = self.key_of(file)
        done = _read_state(state)
        if done and done.key == key and rows.is_file() and rows.stat().st_size == done.size:
            return done.part
        state.unlink(missing_ok=True)
        part = self.decide(file, rows)
        _write_whole(state, msgspec.msgpack.encode(DonePart(key, rows.stat().st_size, part), enc_hook=str))
        return part

    def decide(self, file: FolderFile, rows: Path | None) -> Part:
        """Decides a file, and writes its rows to a path where one is given."""
        self.decided_again += 1
        unfinished = part_of(rows) if rows else None
        writer = parquet.ParquetWriter(unfinished, self.empty.schema) if unfinished else None
        try:
            for output in self.decider.part(self.tables_of(file)):
                if isinstance(output, Part):
                    counted = output
                elif writer:
                    writer.write_table(output)
        except (OSError, pa.ArrowException) as fault:
            raise InputFault([_unreadable(str(file.path), fault)]) from None
        finally:
            if writer:
                writer.close()
        if rows and unfinished:
            unfinished.replace(rows)
        return counted

    def tables_of(self, file: FolderFile) -> Iterator[pa.Table]:
        """The rows of a file in pieces, with their numbers and with every column of the folder."""
        found = dataset.dataset(
            file.path,
            schema=self.schema,
            format="parquet",
            partitioning=partitioning_of(self.folder),
            partition_base_dir=str(self.folder),
        )
        last = file.first_row
        for batch in found.to_batches(columns=self.decider.headings, batch_size=ROWS_A_PIECE):
            if batch.num_rows:
                numbers = pa.array(range(last, last + batch.num_rows), pa.int64())
                last += batch.num_rows
                yield pa.Table.from_batches([batch]).append_column(NUMBER, numbers)

    def key_of(self, file: FolderFile) -> str:
        """A key that differs wherever the decided rows of a file may differ."""
        digest = hashlib.sha256()
        with file.path.open("rb") as content:
            while block := content.read(BYTES_A_READ):
                digest.update(block)
        partition = file.path.relative_to(self.folder).parent.as_posix()
        for text in (
            partition,
            str(file.first_row),
            self.library.digest,
            program_digest(),
            repr(self.arguments),
            self.schema.to_string(),
        ):
            digest.update(b"\0" + text.encode())
        return digest.hexdigest()

    def merged(self, parts: Sequence[Part]) -> ReplayResult:
        return merge_parts(parts, self.like)

    def _each(self, progress: Progress | None) -> Iterator[FolderFile]:
        for file in self.files:
            yield file
            if progress:
                progress(file.first_row - 1 + file.rows)

    def _commit(self, work: Path, target: Path) -> None:
        """Puts the decided rows in the place of the target, without what another run left among them."""
        ours = {_rows_of(work, file) for file in self.files}
        for path in (work / ROWS).iterdir():
            if path not in ours:
                path.unlink()
        replaced = work / "replaced"
        if target.exists():
            shutil.rmtree(replaced, ignore_errors=True)  # of a run that ended after the folders had changed places
            target.rename(replaced)
        try:
            (work / ROWS).rename(target)
        except OSError:
            if replaced.exists():
                replaced.rename(target)
            raise
        shutil.rmtree(work, ignore_errors=True)


def read_folder(folder: Path) -> tuple[pa.Schema, list[FolderFile], Reading]:
    """The columns of all files of a folder together, its files in the order of their names, and how it is read.

    Raises `InputFault` where it cannot be read.
    """
    paths, notes = files_of_folder(folder)
    if not paths:
        message = phrase("the folder has no file that ends in .parquet")
        raise InputFault([Finding("not-a-table", Place(str(folder)), message, HELP)])
    partitioning = partitioning_of(folder)
    files, last, schemas = [], 1, []
    for path in paths:
        try:
            file = parquet.ParquetFile(path)
            rows = file.metadata.num_rows
            schemas.append(columns_of(file))
            schema = pa.unify_schemas([*schemas, partitioning.schema], promote_options="permissive")
        except (OSError, pa.ArrowException) as fault:
            raise InputFault([_unreadable(str(path), fault)]) from None
        files.append(FolderFile(path, rows, last))
        last += rows
    return schema, files, reading_of_folder(len(files), notes)


def target_of_folder(into: str, source: str) -> Path:
    """The folder to write; raises `InputFault` where it cannot be written, or is not a folder that a replay wrote."""
    target = Path(into)
    if not target.absolute().parent.is_dir():
        help = phrase("make the folder first")
        raise InputFault([Finding("no-file", Place(into), phrase("its folder does not exist"), help)])
    check_replaced(target, into, Path(source))
    return target


def check_replaced(target: Path, into: str, source: Path | None) -> None:
    """Raises `InputFault` where a folder would be replaced that is the source, or that no replay wrote."""
    help = phrase("name a folder that may be replaced")
    if target.exists() and not (target.is_dir() and _holds_parquet_alone(target)):
        message = phrase("this is there, and it is not a folder of Parquet files")
        raise InputFault([Finding("not-a-folder", Place(into), message, help)])
    inside, outside = target.absolute().resolve(), source and source.absolute().resolve()
    if outside and (inside == outside or outside in inside.parents or inside in outside.parents):
        message = phrase("the table that is read would be replaced, or would get more files")
        raise InputFault([Finding("out-is-the-table", Place(into), message, phrase("name another folder"))])
    if target.exists() and not all(_was_written_by_a_replay(path) for path in target.glob("*.parquet")):
        message = phrase("there is such a folder, and it is not one that a replay wrote")
        raise InputFault([Finding("folder-exists", Place(into), message, help)])


@contextmanager
def alone_in(work: Path, target: Path) -> Iterator[None]:
    """Marks a folder of work as that of this process; raises `InputFault` where another process works in it."""
    mark, here = work / "process", f"{platform.node()} {os.getpid()}"
    try:
        host, _, process = mark.read_text(encoding="utf-8").rpartition(" ")
    except OSError:
        host = process = ""
    if host == platform.node() and process.isdecimal() and int(process) != os.getpid() and is_running(int(process)):
        message, help = phrase("another replay writes this folder now"), phrase("wait for it, or name another folder")
        raise InputFault([Finding("busy", Place(str(target)), message, help)])
    mark.write_text(here, encoding="utf-8")
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _was_written_by_a_replay(path: Path) -> bool:
    try:
        return tuple(parquet.read_schema(path).names[: len(ROW_COLUMNS)]) == ROW_COLUMNS
    except (OSError, pa.ArrowException):
        return False


def _holds_parquet_alone(folder: Path) -> bool:
    return all(path.suffix in (".parquet", ".crc") or path.name == "_SUCCESS" for path in folder.iterdir())


def _rows_of(work: Path, file: FolderFile) -> Path:
    return work / ROWS / f"part-{file.first_row:012}.parquet"


def _state_of(work: Path, file: FolderFile) -> Path:
    return work / STATE / f"part-{file.first_row:012}"


def _read_state(path: Path) -> DonePart | None:
    """The state of a part; None where there is none, or where it was not written whole."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=DonePart)
    except (OSError, msgspec.MsgspecError):
        return None


def _write_whole(path: Path, content: bytes) -> None:
    part = part_of(path)
    part.write_bytes(content)
    part.replace(path)


def _unreadable(source: str, fault: Exception) -> Finding:
    return Finding(
        "not-a-table", Place(source), phrase("cannot be read as a table: {}", " ".join(str(fault).split())), HELP
    )
