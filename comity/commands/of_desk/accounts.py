"""`comity desk add-account` and `release-account`: the first account, and a way back where no administrator can log in."""

from __future__ import annotations

from pathlib import Path

import click

from comity.extras import report_missing_extras

ROLES = ("booking_officer", "supervisor", "county_attorney", "auditor", "public_records_officer", "administrator")
with_config = click.option("--config", metavar="FILE", required=True, help="The configuration of the desk.")


@click.command("add-account")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@with_config
@click.option("--single-sign-on", is_flag=True, help="The person logs in by single sign-on, and has no password here.")
@report_missing_extras()
def add_account(name: str, role: str, config: str, single_sign_on: bool) -> None:
    """Makes an account and prints its temporary password.

    \b
    Example: comity desk add-account jdoe administrator --config desk.toml
    """
    from comity.desk.roles import Role  # noqa: PLC0415  no Django before it is needed
    from comity.web.log_in import console  # noqa: PLC0415

    _show(name, console.add(Path(config), name, Role(role), single_sign_on=single_sign_on))


@click.command("release-account")
@click.argument("name")
@with_config
@click.option("--reset", is_flag=True, help="Also give a temporary password and remove the second factor.")
@report_missing_extras()
def release_account(name: str, config: str, reset: bool) -> None:
    """Unlocks an account, as an administrator can on the accounts page.

    \b
    Example: comity desk release-account jdoe --config desk.toml
    """
    from comity.web.log_in import console  # noqa: PLC0415  no Django before it is needed

    _show(name, console.release(Path(config), name, reset=reset))


def _show(name: str, password: str) -> None:
    click.echo(f"{name} can log in now.")
    if password:
        click.echo(f"The temporary password is {password}; it is not shown again.")
