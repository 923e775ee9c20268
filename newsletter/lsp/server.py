"""The language server: which question of an editor is answered by what.

Texts come whole with every change: an issue is a few kilobytes, and what a line is, is then ours to
say (a page separator is no line end in LSP). Checking one costs a millisecond, so nothing waits.
"""

from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from newsletter import __version__
from newsletter.check import Rule
from newsletter.errors import SettingsError
from newsletter.lsp import answers
from newsletter.lsp.document import Document
from newsletter.lsp.publications import Past, Publications


class Server(LanguageServer):
    """The server with the texts that are open in the editor."""

    def __init__(self, rules: Sequence[Rule], past: Past) -> None:
        super().__init__(
            "newsletter", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full
        )
        self._rules = rules
        self._past = past
        self._publications = Publications()
        self._open: dict[str, Document] = {}

    @property
    def encoding(self) -> str:
        """The units of columns that were agreed on."""
        agreed = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        return str(getattr(agreed, "value", agreed))

    def read(self, uri: str, version: int | None, *, afresh: bool) -> None:
        """Take a text as it is now, and publish what the check says of it.

        What ran before is looked up only `afresh`: the disk is not read at every keystroke.
        """
        try:
            document = self._document(uri, afresh=afresh)
        except SettingsError as error:
            self._open.pop(uri, None)
            found = [answers.settings_diagnostic(error)]
        else:
            self._open[uri] = document
            found = answers.diagnostics(document, self.encoding)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )

    def read_all(self) -> None:
        """Check every open text anew: the settings or an earlier issue may have changed."""
        for uri, text in list(self.workspace.text_documents.items()):
            self.read(uri, text.version, afresh=True)

    def close(self, uri: str) -> None:
        self._open.pop(uri, None)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
        )

    def document(self, uri: str) -> Document | None:
        return self._open.get(uri)

    def _document(self, uri: str, *, afresh: bool) -> Document:
        text = self.workspace.get_text_document(uri).source
        path = _path(uri)
        house = self._publications.house(path)
        known = self._open.get(uri)
        if known and not afresh:
            return known.with_text(text, house)
        pictures = self._publications.pictures(path)
        document = Document(text=text, path=path, house=house, rules=self._rules, pictures=pictures)
        if path is None or not document.is_issue:
            return document
        return document.with_past(self._past(house, path, document.issue.date))


def _path(uri: str) -> Path | None:
    found = uris.to_fs_path(uri)
    return Path(found) if found else None


def build_server(rules: Sequence[Rule], past: Past) -> Server:
    """A server that answers; whoever calls it starts it."""
    server = Server(rules, past)
    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds)
    )(_actions)
    server.feature(types.TEXT_DOCUMENT_FORMATTING)(_formatting)
    return server


def _opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    server.read(params.text_document.uri, params.text_document.version, afresh=True)


def _changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    server.read(params.text_document.uri, params.text_document.version, afresh=False)


def _saved(server: Server, _params: types.DidSaveTextDocumentParams) -> None:
    server.read_all()


def _closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    server.close(params.text_document.uri)


def _files_changed(server: Server, _params: types.DidChangeWatchedFilesParams) -> None:
    server.read_all()


def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    document = server.document(params.text_document.uri)
    return answers.hover(document, params.position, server.encoding) if document else None


def _actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    document = server.document(uri)
    return answers.actions(document, uri, params, server.encoding) if document else []


def _formatting(
    server: Server, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """The canonical form, or a word on why there is none."""
    document = server.document(params.text_document.uri)
    if document is None:
        return None
    text = document.canonical()
    if text is None:
        message = "The front matter has faults, and would be lost: mend them, then format."
        server.window_show_message(
            types.ShowMessageParams(type=types.MessageType.Warning, message=message)
        )
        return None
    return answers.changes(document.text, text, server.encoding)
