"""`comity desk`: what keeps a desk: its clockwork, and stored decisions made again."""

from __future__ import annotations

from pathlib import Path

import click

from comity.commands.of_desk import accounts, operations
from comity.extras import report_missing_extras

with_config = click.option("--config", metavar="FILE", required=True, help="The configuration of the desk.")


@click.group("desk")
def command() -> None:
    """Keeps a desk: its configuration, keys and backups, the process that raises alarms, stored decisions made again.

    \b
    Example: comity desk again 7KQ2M9XR --config desk.toml
    """


@command.command("clockwork")
@with_config
@click.option("--once", is_flag=True, help="One round, and no more.")
@report_missing_extras()
def run_clockwork(config: str, once: bool) -> None:
    """Raises alarms before holds end, opens cases again where law changed, and sends messages, again and again."""
    from comity.web.operating import keeping  # noqa: PLC0415  no Django before it is needed

    click.echo(keeping.run_clockwork(Path(config), once=once))


@command.command("watch")
@with_config
@report_missing_extras()
def watch_clockwork(config: str) -> None:
    """Watches the clockwork: exits 1 with a line where its heartbeat is late, an alarm is missing, or messages are not taken."""
    from comity.web.operating import keeping  # noqa: PLC0415  no Django before it is needed

    faults = keeping.watch_clockwork(Path(config))
    click.echo("; ".join(faults) or "the clockwork runs, and no alarm is missing")
    raise click.exceptions.Exit(1 if faults else 0)


@command.command("again")
@click.argument("case")
@with_config
@click.option("--decision", "number", default=0, help="The number of the decision; the last by default.")
@report_missing_extras()
def decide_again(case: str, config: str, number: int) -> None:
    """Makes a stored decision again, under the law of its version, and says whether it is the same to the letter."""
    from comity.web.operating import keeping  # noqa: PLC0415  no Django before it is needed

    again = keeping.decide_again(Path(config), case, number)
    click.echo(f"Decision {again.number} of {again.at.isoformat(timespec='minutes')}, law version {again.law_version}:")
    click.echo(f"differs in {', '.join(again.differing)}" if again.differing else "the same to the letter")
    if again.differing:
        raise click.exceptions.Exit(1)


@command.command("token")
@with_config
@click.option("--account", metavar="NAME", required=True, help="The account for which another system acts.")
@click.option("--name", metavar="TEXT", required=True, help="What the other system is called.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, metavar="PERMISSION", help="What it may do; repeatable."
)
@click.option("--days", default=90, show_default=True, help="For how many days it is valid.")
@report_missing_extras()
def make_token(config: str, account: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Makes a token for the API and prints its secret, which is shown once and stored nowhere.

    Whoever can read the configuration and its keys acts as the administrator.
    """
    from comity.web.operating import keeping  # noqa: PLC0415  no Django before it is needed

    click.echo(keeping.make_token(Path(config), account=account, name=name, scopes=scopes, days=days))


@command.command("change-law")
@with_config
@report_missing_extras()
def change_law(config: str) -> None:
    """Reads the law of the configuration's folders again, archives it, and has the running desk decide under it.

    The law is read in a process of its own with limits. Where it cannot be relied on, the desk keeps the law that it has.
    """
    from comity.web.operating import keeping  # noqa: PLC0415  no Django before it is needed

    click.echo(f"law version {keeping.change_law(Path(config))}: a desk that runs holds it within seconds")


for operation in operations.COMMANDS:
    command.add_command(operation)
command.add_command(accounts.add_account)
command.add_command(accounts.release_account)
