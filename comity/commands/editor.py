"""`comity editor`: tells an editor what is wrong with a law file while it is written (Language Server Protocol)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

import click

from comity.authoring.check import checked
from comity.commands.options import bad, folders
from comity.finding import Finding, InputFault
from comity.lawview.named_law import root_of

if TYPE_CHECKING:
    from lsprotocol import types
    from pygls.lsp.server import LanguageServer

LACKING = "the editor's protocol is not installed"


@click.command("editor", short_help="What is wrong with a law file, told to an editor while it is written.")
@click.option(
    "--library",
    multiple=True,
    metavar="DIR",
    help="A folder of a county's own law, laid over the shipped law; repeatable.",
)
def command(library: tuple[str, ...]) -> None:
    """Speaks the Language Server Protocol on standard input and output; an editor starts it, not a person.

    A law file that is open is checked as `comity check` checks it, saved or not, whenever it changes. Needs the extra
    `editor`: pip install "comity[editor]".

    \b
    Example: comity editor --library ordinances
    """
    try:
        server = server_of(folders(library))
    except ImportError:
        raise bad("editor", "no-editor", LACKING, 'install it with pip install "comity[editor]"') from None
    server.start_io()


def server_of(library: Sequence[Path]) -> LanguageServer:
    """A server that checks what is open against the shipped law and some folders."""
    from lsprotocol import types  # noqa: PLC0415  an extra that few need
    from pygls.lsp.server import LanguageServer  # noqa: PLC0415

    from comity import __version__  # noqa: PLC0415

    server = LanguageServer("comity", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)

    def tell(uri: str) -> None:
        text = server.workspace.get_text_document(uri).source
        shown = [diagnostic_of(own, text) for own in findings_in(path_of(uri), text, library)]
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(asked: types.DidOpenTextDocumentParams) -> None:
        tell(asked.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(asked: types.DidChangeTextDocumentParams) -> None:
        tell(asked.text_document.uri)

    return server


def path_of(uri: str) -> Path:
    """The file that an editor names."""
    return Path(url2pathname(unquote(urlparse(uri).path)))


def findings_in(path: Path, text: str, library: Sequence[Path]) -> Iterable[Finding]:
    """What is wrong with a law file whose text may not be saved yet; nothing for a file that lies in no folder of a place."""
    root = root_of(path)
    if root is None or path.suffix != ".md":
        return ()
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.resolve().relative_to(root.resolve())
        draft.parent.mkdir(parents=True)
        draft.write_text(text, encoding="utf-8", newline="")
        try:
            found = checked([root], library, [Path(folder)]).findings
        except InputFault as fault:
            found = fault.findings
        return [own for own in found if Path(own.place.source).resolve() == draft.resolve()]


def diagnostic_of(own: Finding, text: str) -> types.Diagnostic:
    """A finding as editors show one: from its place to the end of that line."""
    from lsprotocol import types  # noqa: PLC0415

    line, column = max(own.place.line - 1, 0), max(own.place.column - 1, 0)
    lines = text.splitlines()
    end = len(lines[line]) if line < len(lines) else column
    severity = types.DiagnosticSeverity.Error if own.grave else types.DiagnosticSeverity.Warning
    span = types.Range(types.Position(line, column), types.Position(line, max(end, column)))
    message = f"{own.message}; {own.help}" if own.help else own.message
    return types.Diagnostic(span, message, severity=severity, code=own.code, source="comity")
