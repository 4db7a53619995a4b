"""Papers belong to a case: each case that has the same paper holds it under the key of its own person.

The rows that are there were sealed for their case and digest, as new ones are, so they are taken over as they are.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

FIELDS = "case, digest, media_type, size, sealed"


def take_over(apps: Any, editor: Any) -> None:
    """Copies the papers of the table before, inside the database."""
    quoted = ", ".join(map(editor.quote_name, FIELDS.split(", ")))
    editor.execute(f"INSERT INTO desk_case_paper ({quoted}) SELECT {quoted} FROM desk_paper")


class Migration(migrations.Migration):
    """Runs once; there is no way back, since one paper may belong to two cases afterwards."""

    dependencies = [("desk", "0003_key_changes")]
    operations = [
        migrations.CreateModel(
            name="CasePaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.CharField(max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "desk_case_paper"},
        ),
        migrations.AddConstraint(
            model_name="casepaper",
            constraint=models.UniqueConstraint(fields=("case", "digest"), name="desk_case_paper_once"),
        ),
        migrations.RunPython(take_over),
        migrations.DeleteModel(name="Paper"),
        migrations.RenameModel(old_name="CasePaper", new_name="Paper"),
    ]
