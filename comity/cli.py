"""The `comity` command. Each command is imported only when it is run, so that `comity --help` answers at once.

Exit codes: 0 done, 1 what was checked does not hold, 2 the input is bad, 70 a fault of comity itself, 130 interrupted.
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
    "demo": "Tell the story of Miami-Dade in January 2017.",
    "law": "Show the law in force at a place, and what overrides what.",
    "new": "Begin a law file, and check it.",
    "check": "Check law files, and run their cases.",
    "editor": "Report faults in a law file to an editor.",
    "decide": "Decide one request, and explain the decision.",
    "ask": "Ask for a request on the terminal, and decide it.",
    "words": "Find the words that a request may use.",
    "clock": "Show when a hold must end, step by step.",
    "columns": "Propose how the columns of your own table are read.",
    "replay": "Decide stored requests under the law of their day, or any other.",
    "compare": "Decide stored requests under two laws, and compare.",
    "cost": "Compute what holds cost, and who pays.",
    "funding": "Show which federal money is at stake at a place.",
    "site": "Build the public pages of the law.",
    "context": "Show the people of a place, with the source of each figure.",
    "prove": "Prove a claim about every request, or refute it by one.",
    "diff": "Show which requests two laws treat differently.",
    "classify": 'Show which definitions of "sanctuary jurisdiction" a place meets.',
    "serve": "Serve the desk: a county's own record of every detainer.",
    "desk": "Keep a desk: its alarms, its stored decisions.",
    "audit": "Prove a record whole, or say where it was broken.",
}
OF_DESK = ("serve", "desk", "audit")  # in a folder of their own
BAD_INPUT, INTERNAL_FAULT, INTERRUPTED, PIPE_CLOSED = 2, 70, 130, 141
EPILOG = "Example: comity law us/fl/miami-dade --on 2017-01-26"


class Commands(click.Group):
    """The group of all commands. Every fault ends in one line on standard error and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(HELP)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in HELP:
            return None
        command: click.Command = importlib.import_module(
            f"comity.commands.{'of_desk.' if name in OF_DESK else ''}{name}"
        ).command
        return command

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
        _escape_unprintable()
        arguments = list(sys.argv[1:] if args is None else args)
        try:
            code = _exit_code(super().main(arguments, prog_name or "comity", standalone_mode=False))
            sys.stdout.flush()
        except Exception as fault:  # the outermost frame: every fault becomes one line
            code = _report(fault, next((argument for argument in arguments if argument in HELP), ""))
        except KeyboardInterrupt:
            code = _report_interrupt()
        sys.exit(code)


def _exit_code(returned: Any) -> int:
    return returned if isinstance(returned, int) else 0


def _escape_unprintable() -> None:
    """Makes the output escape a character that the terminal cannot encode, instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _report(fault: Exception, command: str) -> int:
    """Prints what went wrong, and returns the exit code for it."""
    from comity.extras import missing_extra  # noqa: PLC0415  help needs none of it
    from comity.finding import InputFault  # noqa: PLC0415

    match fault:
        case InputFault(__cause__=ModuleNotFoundError() as missing) if finding := missing_extra(
            missing, f"comity {command}"
        ):
            lines, code = finding.line(), BAD_INPUT
        case InputFault():
            lines, code = str(fault), BAD_INPUT
        case click.Abort():
            return _report_interrupt()
        case click.ClickException():
            lines, code = _usage_line(fault), BAD_INPUT
        case ModuleNotFoundError() if finding := missing_extra(fault, f"comity {command}"):
            lines, code = finding.line(), BAD_INPUT
        case BrokenPipeError():
            _discard_output()
            return PIPE_CLOSED
        case OSError() if fault.filename is not None or fault.errno is not None:
            where = f"{fault.filename}: " if fault.filename else ""
            lines, code = f"comity: {where}{fault.strerror or fault}", BAD_INPUT
        case _:
            if os.environ.get("COMITY_TRACE"):
                raise fault
            message = " ".join(str(fault).split())
            lines = f"comity: an internal fault, {type(fault).__name__}: {message}; COMITY_TRACE=1 shows the traceback"
            code = INTERNAL_FAULT
    click.echo(lines, err=True)
    return code


def _report_interrupt() -> int:
    """Reports an interruption. Commands put files in place only when they are whole, so no part of one is left."""
    click.echo("comity: interrupted; unfinished files were not written", err=True)
    return INTERRUPTED


def _usage_line(fault: click.ClickException) -> str:
    """Click's message about wrong usage, in one line in the manner of a finding."""
    message = " ".join(fault.format_message().split()).rstrip(".").replace(". Did you mean", "; did you mean")
    ctx = getattr(fault, "ctx", None)
    command = ctx.command_path if ctx else "comity"
    stop = " See" if message.endswith("?") else "; see"
    return f"{command}: {message[:1].lower()}{message[1:]}{stop} {command} --help"


def _discard_output() -> None:
    """Sends buffered output to the null device: its reader is gone, and Python would raise again when it flushes."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, io.UnsupportedOperation):
        return  # standard output is not a file here (a test's buffer), so nothing is buffered


@click.group("comity", cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="comity %(version)s")
def main() -> None:
    """The law on immigration detainers: what it says about a request at a place on a day, and why."""
