"""Events and signed heads are only added: the database itself refuses to change or delete them."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("desk_entry", "desk_head")
WORDS = "events are only added"


def refuse_changes(apps: Any, editor: Any) -> None:
    """Triggers that refuse each update and deletion; PostgreSQL also refuses to empty the table."""
    for table in TABLES:
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


class Migration(migrations.Migration):
    """Runs once, after the tables are there; there is no way back."""

    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes)]
