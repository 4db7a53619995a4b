"""Triggers by which the database itself refuses to change or delete what is only added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WORDS = "events are only added"


def add_triggers(editor: Any, tables: Sequence[str]) -> None:
    """Triggers that refuse each update and deletion; PostgreSQL also refuses to empty the table."""
    for table in tables:
        if editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                name = f"{table}_no_{verb.lower()}"
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
                )
        else:
            editor.execute(
                f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
            )
