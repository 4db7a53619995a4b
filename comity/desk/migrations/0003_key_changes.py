"""Changes of the key that signs heads, which are only added."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from comity.desk.added_only import add_triggers


def refuse_changes(apps: Any, editor: Any) -> None:
    """The triggers of the table."""
    add_triggers(editor, ["desk_key_change"])


class Migration(migrations.Migration):
    """Runs once, after the events are only added; there is no way back."""

    dependencies = [("desk", "0002_added_only")]
    operations = [
        migrations.CreateModel(
            name="KeyChange",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("line", models.BinaryField()),
            ],
            options={"db_table": "desk_key_change", "ordering": ("number",)},
        ),
        migrations.RunPython(refuse_changes),
    ]
