"""The server for editors, spoken to over its own standard input and output as an editor does."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.commands.running import run
from tests.commands.test_proofs import FILE, ORDINANCE


async def publish_each(path: Path, *texts: str) -> list[list[types.Diagnostic]]:
    """What the server says of a file that is opened with the first text and then changed to each of the others, unsaved."""
    client, said = LanguageClient("test", "1"), asyncio.Queue[list[types.Diagnostic]]()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def receive(parameters: types.PublishDiagnosticsParams) -> None:
        said.put_nowait(list(parameters.diagnostics))

    await client.start_io(sys.executable, "-m", "comity", "editor")
    await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
    uri, found = path.as_uri(), []
    document = types.TextDocumentItem(uri, "markdown", 1, texts[0])
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))
    found.append(await asyncio.wait_for(said.get(), 60))
    for version, text in enumerate(texts[1:], 2):
        changes: list[Any] = [types.TextDocumentContentChangeWholeDocument(text)]
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), changes)
        )
        found.append(await asyncio.wait_for(said.get(), 60))
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return found


def test_what_is_wrong_is_told_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    path.write_text(ORDINANCE, encoding="utf-8")
    misspelt, far = (
        ORDINANCE.replace("subject.age >=", "subject.aeg >="),
        ORDINANCE.replace("subject.age: 17", "subject.age: 12"),
    )
    right, wrong, lacking, nothing = asyncio.run(publish_each(path, ORDINANCE, misspelt, far, ORDINANCE))
    assert right == nothing == []
    [diagnostic] = wrong
    assert (diagnostic.code, diagnostic.severity, diagnostic.source) == (
        "unknown-fact",
        types.DiagnosticSeverity.Error,
        "comity",
    )
    assert "did you mean" in diagnostic.message
    assert misspelt.splitlines()[diagnostic.range.start.line][diagnostic.range.start.character :].startswith(
        "subject.aeg"
    )
    assert [each.code for each in lacking] == ["boundary-without-case"]
    assert path.read_text(encoding="utf-8") == ORDINANCE


def test_without_the_protocol_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lsprotocol", None)  # an import of it fails as if it were not installed
    done = run("editor")
    assert done.exit_code == 2
    assert done.stderr == (
        'comity editor: this needs the extra "editor", which is not installed; install it with pip install "comity[editor]"'
        " [missing-extra]\n"
    )
