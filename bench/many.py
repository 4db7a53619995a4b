"""Tables of requests: comity's SELECT beside handwritten SQL, polars and numpy and beside openfisca-core.

Also the memory that it takes, and how its cost grows with the provisions.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import numpy as np
import polars as pl
from msgspec import structs
from peers import ByOpenfisca
from stacks import ACTIONS, growing, requests

from comity.api import load
from comity.engine.columns.answers import find_alike
from comity.engine.compiled.compiled import Compiled
from comity.engine.questions.diagram import BIT, Diagrams
from comity.engine.questions.questions import Questions, questions
from comity.engine.sql import select as many
from comity.engine.sql.dialects import open_duckdb
from comity.engine.sql.steps import steps_of
from comity.facts.columns import COMPLETE, facts_table
from comity.law.in_force import Stack, of_instrument
from comity.records.engine import deciding_effects

RESOLUTION, ON = "us/fl/miami-dade/r-1008-13", date(2015, 1, 1)
AGREED, CONVICTIONS, CHARGES = COLUMNS = ("request.reimbursement_agreed", "convictions", "charges")
FORCIBLE = (
    "treason", "homicide", "manslaughter", "sexual_assault", "carjacking", "home_invasion_robbery", "robbery", "burglary",
    "residential_burglary", "arson", "kidnapping", "aggravated_assault", "aggravated_stalking", "aircraft_piracy",
    "destructive_device",
)  # fmt: skip
OFFENSES, GRADES = ("robbery", "fraud", "homicide", "theft"), ("felony", "misdemeanor")
REQUIRED, PERMITTED, FORBIDDEN, UNADDRESSED = (
    BIT[outcome] for outcome in ("required", "permitted", "forbidden", "unaddressed")
)
HELD = 300  # how many rows of a growing stack are compared with the diagrams
COUNTED = "SELECT hold, notify, count(*) FROM ({}) GROUP BY ALL ORDER BY ALL"
# Made-up requests: agreement, up to two convictions, up to two charges. In the rows of `part`, one fact in three is missing.
REQUESTS = """
    SELECT i AS row, CASE WHEN part AND hash(i + 1) % 3 = 0 THEN NULL ELSE hash(i) % 2 = 0 END AS "request.reimbursement_agreed",
        list_transform(range((hash(i + 7) % 3)::BIGINT), lambda x: {{
            'offense': {offenses}[1 + (hash(i * 3 + x) % 4)::INT], 'grade': {grades}[1 + (hash(i * 5 + x) % 2)::INT],
            'classes': {{'members': []::VARCHAR[], 'whole': true}} }}) AS convictions,
        NOT (part AND hash(i + 2) % 3 = 0) AS "convictions.whole",
        list_transform(range((hash(i + 11) % 3)::BIGINT), lambda x: {{
            'pending': hash(i + x) % 2 = 0, 'bondable': hash(i + x + 1) % 2 = 0 }}) AS charges,
        NOT (part AND hash(i + 4) % 3 = 0) AS "charges.whole"
    FROM (SELECT i, i % 100 < {part} AS part FROM range({rows}) numbers(i))
"""


def resolution() -> Stack:
    """Miami-Dade's resolution of 2013 alone, without the fact that nobody had agreed to pay."""
    library = load()
    stack = of_instrument(library, library.instruments[RESOLUTION], ON)
    return structs.replace(stack, standing=deciding_effects(stack), facts={})


def select_requests(rows: int, part: int) -> str:
    """The SQL that makes rows, `part` of each hundred with missing facts. The last column marks the complete rows."""
    inner = REQUESTS.format(rows=rows, part=part, offenses=list(OFFENSES), grades=list(GRADES))
    known = '"request.reimbursement_agreed" IS NOT NULL AND "convictions.whole" AND "charges.whole"'
    return f"SELECT *, {known} AS {COMPLETE} FROM ({inner})"


def by_hand() -> str:
    """The same law as somebody who knows SQL would write it, for complete rows."""
    grave = f"""len(list_filter(convictions, lambda c: c.grade IN ('felony', 'capital_or_life')
        AND (c.offense IN {FORCIBLE} OR list_contains(c.classes.members, 'fl_forcible_felony')))) > 0
        OR len(list_filter(charges, lambda c: c.pending AND NOT c.bondable)) > 0"""
    return f"""SELECT CASE WHEN so THEN {PERMITTED} ELSE {FORBIDDEN} END AS hold,
            CASE WHEN so THEN {UNADDRESSED} ELSE {FORBIDDEN} END AS notify
        FROM (SELECT "{AGREED}" AND ({grave}) AS so FROM facts)"""


def by_polars(frame: pl.DataFrame) -> list[tuple[int, ...]]:
    """The same in polars: lists are exploded, filtered, and joined again by row."""

    def any_of(path: str, so: pl.Expr) -> pl.Series:
        flat = frame.select("row", path).explode(path).drop_nulls().unnest(path).filter(so)
        return frame["row"].is_in(flat["row"].unique().implode())

    felony = pl.col("grade").is_in(["felony", "capital_or_life"]) & pl.col("offense").is_in(FORCIBLE)
    grave = any_of(CONVICTIONS, felony) | any_of(CHARGES, pl.col("pending") & ~pl.col("bondable"))
    return _counts(frame[AGREED] & grave)


def by_numpy(columns: dict[str, Any]) -> list[tuple[int, ...]]:
    """The same in numpy, from arrays prepared beforehand: flat records, each with its row."""
    forcible = [place for place, offense in enumerate(OFFENSES) if offense in FORCIBLE]
    felony = np.isin(columns["grade"], GRADES.index("felony")) & np.isin(columns["offense"], forcible)
    grave = np.zeros(len(columns["agreed"]), bool)
    grave[columns["of_conviction"][felony]] = True
    grave[columns["of_charge"][columns["pending"] & ~columns["bondable"]]] = True
    return _counts(pl.Series(columns["agreed"] & grave))


class Simulated:
    """The same by openfisca-core, from columns prepared beforehand; for fewer rows, since it takes them as objects."""

    def __init__(self, database: duckdb.DuckDBPyConnection, rows: int) -> None:
        self.peer, self.rows = (
            ByOpenfisca(resolution(), {CONVICTIONS: ("offense", "grade"), CHARGES: ("pending", "bondable")}),
            rows,
        )
        facts = f'SELECT "{AGREED}" AS agreed, convictions, charges FROM facts WHERE row < {rows} ORDER BY row'
        self.columns = self.peer.columns([_document(*row) for row in database.sql(facts).fetchall()])

    def __call__(self) -> list[tuple[int, ...]]:
        applies = self.peer.applies(*self.columns, self.rows)
        stands: dict[int, Any] = {}
        found = {
            action: dict.fromkeys(("requires", "forbids", "permits"), np.zeros(self.rows, bool))
            for action in ("hold", "notify")
        }
        for place, kind, action, _, yields in self.peer.effects:
            stands[place] = applies[place] & ~np.logical_or.reduce(
                [np.zeros(self.rows, bool), *(stands[to] for to in yields)]
            )
            if action in found:
                found[action][kind] = found[action][kind] | stands[place]
        pairs = np.stack([_bits(**kinds) for kinds in found.values()])
        distinct, counts = np.unique(pairs, axis=1, return_counts=True)
        return [(*map(int, pair), int(count)) for pair, count in zip(distinct.T, counts, strict=True)]


def _document(agreed: bool, convictions: Sequence[Any], charges: Sequence[Any]) -> dict[str, Any]:
    flat = [{**conviction, "classes": conviction["classes"]["members"]} for conviction in convictions]
    return {"request": {"reimbursement_agreed": agreed}, "convictions": flat, "charges": charges}


def _bits(requires: Any, forbids: Any, permits: Any) -> Any:
    cases = [requires & forbids, requires, forbids, permits]
    return np.select(cases, [BIT["in_conflict"], REQUIRED, FORBIDDEN, PERMITTED], UNADDRESSED)


def _counts(so: pl.Series) -> list[tuple[int, ...]]:
    count, rest = int(so.sum()), len(so) - int(so.sum())
    return sorted([(FORBIDDEN, FORBIDDEN, rest), (PERMITTED, UNADDRESSED, count)])


def _flat(database: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The arrays that numpy is given."""
    agreed = database.sql(f'SELECT "{AGREED}" AS agreed FROM facts ORDER BY row').fetchnumpy()["agreed"]
    places = " ".join(f"WHEN '{name}' THEN {at}" for names in (OFFENSES, GRADES) for at, name in enumerate(names))
    convictions = database.sql(
        f"SELECT row AS of_conviction, CASE c.offense {places} END AS offense, CASE c.grade {places} END AS grade "
        "FROM (SELECT row, unnest(convictions) AS c FROM facts)"
    ).fetchnumpy()
    charges = database.sql(
        "SELECT row AS of_charge, c.pending, c.bondable FROM (SELECT row, unnest(charges) AS c FROM facts)"
    ).fetchnumpy()
    return {
        "agreed": np.asarray(agreed),
        **{name: np.asarray(column) for records in (convictions, charges) for name, column in records.items()},
    }


def beside_others(rows: int, rounds: Callable[[], Any]) -> list[str]:
    """The rate of one SELECT beside handwritten code, for complete rows and with incomplete rows among them."""
    asked, few = questions(resolution()), max(1_000, rows // 100)
    plain = many.build_query(asked, COLUMNS, actions=("hold", "notify"), complete=True, outcomes_only=True).sql()
    lines = [
        "## Tables",
        "",
        f"Miami-Dade's resolution of 2013 alone, with its lists of convictions and charges, over {rows:,} made-up requests in DuckDB; what",
        "is timed is the decision of every row and the count of the outcomes. Polars gets a frame with its lists; numpy gets",
        f"flat records prepared beforehand, and so does openfisca-core, for {few:,} of the rows. All gave the same counts before",
        "they were timed.",
        "",
        "| | rows a second | SQL by hand, in ratio |",
        "|---|---:|---:|",
    ]
    with open_duckdb() as database:
        database.execute(f"CREATE TABLE facts AS {select_requests(rows, 0)}")
        frame = database.sql('SELECT row, "request.reimbursement_agreed", convictions, charges FROM facts').pl()
        flat = _flat(database)
        runs: dict[str, Callable[[], object]] = {
            "SQL by hand": lambda: database.sql(COUNTED.format(by_hand())).fetchall(),
            "comity, complete rows": lambda: database.sql(COUNTED.format(plain)).fetchall(),
            "polars by hand": lambda: by_polars(frame),
            "numpy by hand": lambda: by_numpy(flat),
        }
        wanted = {(int(a), int(b)): int(c) for a, b, c in runs["SQL by hand"]()}  # type: ignore[attr-defined]
        simulated = Simulated(database, few)
        of_few = by_hand().replace("FROM facts", f"FROM facts WHERE row < {few}")
        if simulated() != database.sql(COUNTED.format(of_few)).fetchall():
            raise SystemExit("openfisca-core decides otherwise than SQL by hand")
        for name, run in runs.items():
            if {(int(a), int(b)): int(c) for a, b, c in run()} != wanted:  # type: ignore[attr-defined]
                raise SystemExit(f"{name} decides otherwise than SQL by hand")
        timed = rounds()
        for name, run in runs.items():
            timed.add(name, rows, run)
        timed.add("openfisca-core", few, simulated)
        rates = timed.rates()
        database.execute(f"CREATE OR REPLACE TABLE facts AS {select_requests(rows, 50)}")
        missing = database.sql(f"SELECT avg((NOT {COMPLETE})::INT) FROM facts").fetchall()[0][0]
        half = rounds()
        for name in ("SQL by hand", "comity, complete rows"):
            half.add(name, rows, runs[name])
        by_hand_too, ours = half.rates().values()
    lines += [f"| {name} | {rate:,.0f} | {rate / rates['SQL by hand']:.2f} |" for name, rate in rates.items()]
    lines.append(f"| comity, {missing:.0%} of the rows missing facts | {ours:,.0f} | {ours / by_hand_too:.2f} |")
    note = "In the last row, the SQL by hand runs over the same rows and treats missing facts as false: it answers a different question."
    return [*lines, "", note, ""]


def memory(sizes: Sequence[int]) -> list[str]:
    """The peak memory of a process that decides a Parquet file, by its number of rows."""
    lines = ["Peak memory of a process that decides a Parquet file, incomplete rows among them:", ""]
    lines += ["| rows | MB |", "|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.parquet"
            with open_duckdb() as database:
                database.execute(f"COPY ({select_requests(size, 50)}) TO '{path}' (FORMAT parquet)")
            done = subprocess.run([sys.executable, __file__, str(path)], check=True, capture_output=True, text=True)
            lines.append(f"| {size:,} | {int(done.stdout):,} |")
    return [*lines, ""]


def decide_file(path: str) -> int:
    """Decides a file and returns the peak memory in MB. Linux only."""
    query = many.build_query(
        questions(resolution()), COLUMNS, actions=("hold", "notify"), complete=True, outcomes_only=True
    ).sql()
    with open_duckdb() as database:
        database.execute("SET memory_limit = '2GB'")
        database.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet('{path}')")
        database.sql(COUNTED.format(query)).fetchall()
    # The system's count for a child starts at its parent's memory; VmHWM is that of this process alone.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024


def growth_of_tables(sizes: Sequence[int], seconds: Callable[[Callable[[], object]], float]) -> list[str]:
    """How one SELECT, and the answers of whole columns, grow with the provisions."""
    lines = [
        "The same stacks as under Growth, as one SELECT that gives the outcomes of five actions. Each fact of a request has a chance of",
        "40 % to be missing; larger stacks get fewer requests. Written: once for each stack, from its questions to the SQL text.",
        "Planned: by the database, each time that it gets the text. Then the plan is run. By columns, as a replay decides: each question is",
        "answered for all rows, and each distinct combination of answers is followed through the diagrams once; prepared are the questions",
        "and diagrams.",
        "",
        "| provisions | steps | SELECT written, s | planned, s | requests | rows a second, once planned | by columns: prepared, s | rows a second |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in sizes:
        rows = max(5_000, 500_000 // size)
        asked = questions(stack := growing(size))
        facts = facts_table(given := requests(stack, rows, 0.4), list(paths := _paths(asked)), stack.vocabulary)
        diagrams = Diagrams(asked)
        steps = len(steps_of([diagrams.of_action(action) for action in ACTIONS]))
        text: list[str] = []
        written = seconds(lambda: text.append(_text_of(asked, paths, diagrams)))  # noqa: B023
        compiled = Compiled(asked, ACTIONS)
        with open_duckdb() as database:
            database.register("given", facts)
            database.execute("CREATE TABLE facts AS SELECT * FROM given")
            planned = seconds(lambda: database.execute(f"PREPARE decide AS {text[0]}"))  # noqa: B023
            decided = sorted(database.execute("EXECUTE decide").fetchall())
            took = median(seconds(lambda: database.execute("EXECUTE decide").fetchall()) for _ in range(3))
        for (_, *bits), row in zip(decided[:HELD], given, strict=False):
            if [many.outcomes_of(open_bits) for open_bits in bits] != [
                *compiled.outcomes(compiled.decide(row)).values()
            ]:
                raise SystemExit(f"of {size} provisions the SELECT decides otherwise than the diagrams")
        prepared, by_columns = _by_columns(stack, facts, decided, seconds)
        lines.append(
            f"| {size:,} | {steps:,} | {written:,.2f} | {planned:,.2f} | {rows:,} | {rows / took:,.0f} | {prepared:,.2f} | {rows / by_columns:,.0f} |"
        )
    return [
        *lines,
        "",
        "In the SELECT every row pays for every question, so its cost grows with them. Writing and planning take a few milliseconds for each question.",
        "What grows faster are the nodes that several others use, since each is a step of its own, and these stacks consist",
        "only of such nodes: no two of their provisions ask the same question, and all of them are about the same actions.",
        "",
    ]


def _by_columns(
    stack: Any, facts: Any, decided: Sequence[tuple[int, ...]], seconds: Callable[[Callable[[], object]], float]
) -> tuple[float, float]:
    """The seconds that it takes to prepare a stack, and to decide a table by its columns, held to the rows of the SELECT."""
    found: list[Any] = []

    def prepare() -> None:
        asked = questions(stack)
        compiled = Compiled(asked, ACTIONS)
        found[:] = [asked, compiled, compiled.tops]

    def decide() -> None:
        asked, compiled, _ = found[:3]
        alike = find_alike(asked, facts, {})
        bits = [compiled.by_answers(answers) for answers in alike.combinations]
        found[3:] = [[bits[number] for number in alike.of_row.tolist()]]

    took = seconds(prepare), seconds(decide)
    compiled, bits_of_row = found[1], found[3]
    for bits, (_, *wanted) in zip(bits_of_row, decided, strict=True):
        if [*compiled.outcomes(bits).values()] != [many.outcomes_of(open_bits) for open_bits in wanted]:
            raise SystemExit("the columns decide otherwise than the SELECT")
    return took


def _text_of(asked: Questions, paths: Sequence[str], diagrams: Diagrams) -> str:
    return many.build_query(asked, paths, actions=ACTIONS, diagrams=diagrams, outcomes_only=True).sql()


def _paths(asked: Questions) -> list[str]:
    return sorted({path for split in asked.splits for path in split.facts})


if __name__ == "__main__":
    print(decide_file(sys.argv[1]))
