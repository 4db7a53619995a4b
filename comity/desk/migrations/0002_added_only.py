"""Events and signed heads are only added: the database itself refuses to change or delete them."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from comity.desk.added_only import add_triggers

TABLES = ("desk_entry", "desk_head")


def refuse_changes(apps: Any, editor: Any) -> None:
    """The triggers of the first tables."""
    add_triggers(editor, TABLES)


class Migration(migrations.Migration):
    """Runs once, after the tables are there; there is no way back."""

    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes)]
