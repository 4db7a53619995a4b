"""`comity audit`: proves a record whole, or says where it was broken."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from comity.extras import report_missing_extras


@click.group("audit")
def command() -> None:
    """Proves the record of a desk whole, or says where it was broken.

    \b
    Example: comity audit verify record.txt heads.txt
    """


@command.command("verify")
@click.argument("files", nargs=-1)
@click.option("--config", metavar="FILE", help="The configuration of a desk, whose record is read from its database.")
@click.option("--key", "keys", multiple=True, metavar="HEX", help="A public key that must have signed; repeatable.")
@report_missing_extras()
def verify_record(files: tuple[str, ...], config: str | None, keys: tuple[str, ...]) -> None:
    """Verifies a record that was written out, with its signed heads; or that of a desk."""
    from comity.desk.audit import verifier  # noqa: PLC0415

    if not config:
        sys.exit(verifier.main([*files, *(word for key in keys for word in ("--key", key))]))
    from comity.web.operating import keeping  # noqa: PLC0415  no Django where only files are verified

    verified = keeping.verify_desk(Path(config), keys)
    click.echo("\n".join(map(str, verified.faults)) or verifier.describe(verified))
    raise click.exceptions.Exit(1 if verified.faults else 0)
