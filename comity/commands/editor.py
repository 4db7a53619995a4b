"""`comity editor`: reports faults in a law file to an editor while it is written (Language Server Protocol)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

import click

from comity.authoring.check import check_files
from comity.commands.options import LIBRARY_HELP, folders
from comity.finding import Finding, InputFault
from comity.lawview.named_law import law_folder_of

if TYPE_CHECKING:
    from lsprotocol import types
    from pygls.lsp.server import LanguageServer


@click.command("editor")
@click.option("--library", multiple=True, metavar="DIR", help=LIBRARY_HELP)
def command(library: tuple[str, ...]) -> None:
    """Speaks the Language Server Protocol on standard input and output; an editor starts it, not a person.

    Checks a law file that is open, saved or not, as `comity check` does, whenever it changes. Needs the extra editor: pip
    install "comity[editor]".

    \b
    Example: comity editor --library ordinances
    """
    server_of(folders(library)).start_io()


def server_of(library: Sequence[Path]) -> LanguageServer:
    """A server that checks open files against the shipped law and some folders."""
    from lsprotocol import types  # noqa: PLC0415  an extra that few need
    from pygls.lsp.server import LanguageServer  # noqa: PLC0415

    from comity import __version__  # noqa: PLC0415

    server = LanguageServer("comity", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)

    def publish(uri: str) -> None:
        text = server.workspace.get_text_document(uri).source
        diagnostics = [diagnostic_of(finding, text) for finding in findings_in(path_of(uri), text, library)]
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(parameters: types.DidOpenTextDocumentParams) -> None:
        publish(parameters.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(parameters: types.DidChangeTextDocumentParams) -> None:
        publish(parameters.text_document.uri)

    return server


def path_of(uri: str) -> Path:
    """The file that an editor names."""
    return Path(url2pathname(unquote(urlparse(uri).path)))


def findings_in(path: Path, text: str, library: Sequence[Path]) -> Iterable[Finding]:
    """Checks a law file whose text may not be saved yet; no findings for a file outside a folder of law."""
    root = law_folder_of(path)
    if root is None or path.suffix != ".md":
        return ()
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.resolve().relative_to(root.resolve())
        draft.parent.mkdir(parents=True)
        draft.write_text(text, encoding="utf-8", newline="")
        try:
            findings = check_files([root], library, [Path(folder)]).findings
        except InputFault as fault:
            findings = fault.findings
        return [finding for finding in findings if Path(finding.place.source).resolve() == draft.resolve()]


def diagnostic_of(finding: Finding, text: str) -> types.Diagnostic:
    """A finding as a diagnostic, from its place to the end of that line."""
    from lsprotocol import types  # noqa: PLC0415

    line, column = max(finding.place.line - 1, 0), max(finding.place.column - 1, 0)
    lines = text.splitlines()
    end = len(lines[line]) if line < len(lines) else column
    severity = types.DiagnosticSeverity.Error if finding.grave else types.DiagnosticSeverity.Warning
    span = types.Range(types.Position(line, column), types.Position(line, max(end, column)))
    message = f"{finding.message}; {finding.help}" if finding.help else finding.message
    return types.Diagnostic(span, message, severity=severity, code=finding.code, source="comity")
