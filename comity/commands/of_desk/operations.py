"""The commands of `comity desk` for an administrator: begin a desk, back it up, restore it, change its keys, write its record out."""

from __future__ import annotations

from pathlib import Path

import click

from comity.extras import report_missing_extras

with_config = click.option("--config", metavar="FILE", required=True, help="The configuration of the desk.")


@click.command("init")
@click.argument("folder")
@click.option("--place", required=True, help="The place of the agency, such as us/fl/miami-dade.")
@click.option("--agency-kind", default="sheriff", show_default=True, help="The kind of agency that decides.")
@click.option("--postgres", is_flag=True, help="Keep the record in PostgreSQL, and not in a file of SQLite.")
@report_missing_extras()
def begin_desk(folder: str, place: str, agency_kind: str, postgres: bool) -> None:
    """Writes the configuration and the keys of a new desk into FOLDER."""
    from comity.web.operating import operations  # noqa: PLC0415  no Django before it is needed

    files = operations.begin_desk(Path(folder), place, agency_kind=agency_kind, postgres=postgres)
    click.echo("\n".join(f"wrote {path}" for path in files))
    click.echo(
        "Copy the keys to a safe place, apart from the database and its backups: without desk.key no person can be read."
    )


@click.command("sign")
@with_config
@report_missing_extras()
def sign_record(config: str) -> None:
    """Signs a head of the record as it is now. The clockwork signs one each hour."""
    from comity.web.operating import operations  # noqa: PLC0415  no Django before it is needed

    size, key = operations.sign_record(Path(config))
    click.echo(f"signed a head of {size:,} events; the public key is {key}")


@click.command("write-record")
@click.argument("file")
@with_config
@report_missing_extras()
def write_record(file: str, config: str) -> None:
    """Writes the record to FILE and its signed heads to FILE.heads, for `comity audit verify`."""
    from comity.web.operating import operations  # noqa: PLC0415  no Django before it is needed

    events, heads = operations.write_record(Path(config), Path(file))
    click.echo(f"wrote {events:,} events to {file} and {heads:,} heads to {file}.heads")


@click.command("backup")
@click.argument("file")
@with_config
@report_missing_extras()
def write_backup(file: str, config: str) -> None:
    """Backs up a desk on SQLite into FILE while it runs: database, configuration and law archive, without the keys."""
    from comity.web.operating import backup  # noqa: PLC0415  no cryptography before it is needed

    written = backup.write_backup(Path(config), Path(file))
    click.echo(f"wrote {file}: {written.events:,} events, whole; root {written.root}")
    click.echo("The keys are not in it: keep them apart from it.")


@click.command("restore")
@click.argument("file")
@click.argument("folder")
@report_missing_extras()
def restore_backup(file: str, folder: str) -> None:
    """Restores a backup FILE into a new FOLDER, and verifies what is there."""
    from comity.web.operating import backup  # noqa: PLC0415  no cryptography before it is needed

    restored, keys = backup.restore_backup(Path(file), Path(folder))
    click.echo(f"restored {folder}: {restored.events:,} events, whole; root {restored.root}")
    if keys:
        click.echo(f"Put these keys there before you start it: {', '.join(keys)}.")


@click.command("rotate-keys")
@with_config
@report_missing_extras()
def rotate_keys(config: str) -> None:
    """Changes the keys of a desk that is stopped: of persons, and of signatures, whose change both keys sign."""
    from comity.web.operating import operations  # noqa: PLC0415  no Django before it is needed

    rotated = operations.rotate_keys(Path(config))
    if rotated.was_finished:
        click.echo("an earlier change of keys had been cut short, and is finished now")
    else:
        click.echo(f"sealed the keys of {rotated.persons:,} persons again")
    click.echo("\n".join(f"the key before is {path}" for path in rotated.replaced))
    click.echo(
        "Back up the new keys. Keep those before as long as you keep backups from before today, then destroy them."
    )


COMMANDS = (begin_desk, sign_record, write_record, write_backup, restore_backup, rotate_keys)
