"""The commands. Each is imported only when it is asked for, so that `comity --help` answers at once.

Exit codes: 0 it did its work, 1 what it checked does not hold, 2 its input is bad, 70 a fault of comity's own, 130 interrupted.
"""

from __future__ import annotations

import difflib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from comity.version import VERSION

HELP = {
    "demo": "The story of Miami-Dade, January 2017, end to end.",
    "law": "What is in force at a place, and what yields to what.",
    "new": "A law file to begin with, checked.",
    "check": "What is wrong with law files, their cases included.",
    "editor": "What is wrong with a law file, told to an editor while it is written.",
    "decide": "One request: what law says, and why.",
    "clock": "When a hold must end, each step shown.",
    "replay": "Stored requests under the law of their day, or any other.",
    "compare": "The same stored requests under two laws.",
    "cost": "What holds cost, and who pays.",
    "funding": "Which federal money is at stake, and what stands between.",
    "prove": "A claim about every request, proved or refuted by one.",
    "diff": "What two laws treat differently, of every request there could be.",
    "classify": "Which definitions of a sanctuary jurisdiction a place meets.",
}
BAD_INPUT, OWN_FAULT, INTERRUPTED, PIPE_CLOSED = 2, 70, 130, 141
EPILOG = "Example: comity law us/fl/miami-dade --on 2017-01-26"


class Commands(click.Group):
    """The group of all commands; every fault ends in one line on standard error and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(HELP)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in HELP:
            return None
        found: click.Command = importlib.import_module(f"comity.commands.{name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(HELP.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args[0] not in HELP:
            near = difflib.get_close_matches(args[0], HELP, 1)
            help = f'did you mean "{near[0]}"?' if near else f"one of {', '.join(HELP)}"
            raise click.UsageError(f'there is no command "{args[0]}"; {help}', ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = "comity", *_: Any, **__: Any) -> Any:
        """Runs one command and exits."""
        _speak_plainly()
        try:
            code = _exit_code(super().main(args, prog_name or "comity", standalone_mode=False))
            sys.stdout.flush()
        except Exception as fault:  # the outermost door: whatever comes here becomes one line
            code = _told(fault)
        except KeyboardInterrupt:
            code = _interrupted()
        sys.exit(code)


def _exit_code(returned: Any) -> int:
    return returned if isinstance(returned, int) else 0


def _speak_plainly() -> None:
    """A character that a terminal cannot show is spelled out instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _told(fault: Exception) -> int:
    """Says what went wrong, and gives the exit code for it."""
    from comity.finding import InputFault  # noqa: PLC0415  help needs none of it

    match fault:
        case InputFault():
            lines, code = str(fault), BAD_INPUT
        case click.Abort():
            return _interrupted()
        case click.ClickException():
            lines, code = _of_usage(fault), BAD_INPUT
        case BrokenPipeError():
            _silence()
            return PIPE_CLOSED
        case OSError() if fault.filename is not None or fault.errno is not None:
            where = f"{fault.filename}: " if fault.filename else ""
            lines, code = f"comity: {where}{fault.strerror or fault}", BAD_INPUT
        case _:
            if os.environ.get("COMITY_TRACE"):
                raise fault
            lines = f"comity: a fault of its own, {type(fault).__name__}: {' '.join(str(fault).split())}; COMITY_TRACE=1 shows where"
            code = OWN_FAULT
    click.echo(lines, err=True)
    return code


def _interrupted() -> int:
    """Says so; what a command writes is put in place when it is whole, so that nothing is left behind."""
    click.echo("comity: interrupted; what was not finished was not written", err=True)
    return INTERRUPTED


def _of_usage(fault: click.ClickException) -> str:
    message = " ".join(fault.format_message().split()).rstrip(".").replace(". Did you mean", "; did you mean")
    ctx = getattr(fault, "ctx", None)
    command = ctx.command_path if ctx else "comity"
    stop = " See" if message.endswith("?") else "; see"
    return f"{command}: {message[:1].lower()}{message[1:]}{stop} {command} --help"


def _silence() -> None:
    """What still waits to be written has no reader any more: it must not complain when Python ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, io.UnsupportedOperation):
        return  # standard output is no file here (a test's buffer): nothing is left to be written


@click.group("comity", cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="comity %(version)s")
def main() -> None:
    """The law on immigration detainers: what it says of a request at a place on a day, and why."""
