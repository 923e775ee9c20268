"""A client of the language server: JSON-RPC over the pipes of a real process, and nothing else."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.acceptance.publication import COMMAND, Publication
from tests.pace import patience

Json = Any


class Client:
    """An editor, as far as the server can tell."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._last = 0
        self._waiting: list[Json] = []

    def notify(self, method: str, **params: Json) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, **params: Json) -> Json:
        """The result of a request; notifications that come in between are kept."""
        self._last += 1
        request = {"jsonrpc": "2.0", "id": self._last, "method": method, "params": params}
        self._send(request if params or method != "shutdown" else {**request, "params": None})
        while "id" not in (message := self._receive()) or "method" in message:
            self._waiting.append(message)
        assert "error" not in message, message
        assert self._last == message["id"]
        return message["result"]

    def told(self, method: str) -> Json:
        """The parameters of the next notification of a kind."""
        for message in self._waiting:
            if message["method"] == method:
                self._waiting.remove(message)
                return message["params"]
        while (message := self._receive()).get("method") != method:
            self._waiting.append(message)
        return message["params"]

    def start(self, *encodings: str) -> Json:
        general = {"general": {"positionEncodings": list(encodings)}} if encodings else {}
        capabilities = self.ask("initialize", processId=None, rootUri=None, capabilities=general)
        self.notify("initialized")
        return capabilities["capabilities"]

    def open(self, path: Path, text: str | None = None) -> list[Json]:
        """Open a file, and the diagnostics that come of it."""
        content = path.read_bytes().decode() if text is None else text
        self.notify(
            "textDocument/didOpen",
            textDocument={
                "uri": path.as_uri(),
                "languageId": "markdown",
                "version": 1,
                "text": content,
            },
        )
        return self.diagnostics(path)

    def change(self, path: Path, text: str, version: int = 2) -> list[Json]:
        self.notify(
            "textDocument/didChange",
            textDocument={"uri": path.as_uri(), "version": version},
            contentChanges=[{"text": text}],
        )
        return self.diagnostics(path)

    def diagnostics(self, path: Path) -> list[Json]:
        told = self.told("textDocument/publishDiagnostics")
        assert path.as_uri() == told["uri"]
        found: list[Json] = told["diagnostics"]
        return found

    def _send(self, message: Json) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> Json:
        assert self._process.stdout
        length = 0
        while (line := self._process.stdout.readline()) != b"\r\n":
            assert line, "the server has gone"
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return json.loads(self._process.stdout.read(length))


@contextmanager
def open_client(publication: Publication) -> Iterator[Client]:
    """A server and its client; it must end as it should, and say nothing on standard error."""
    process = subprocess.Popen(
        [COMMAND, "lsp", "--stdio"],
        cwd="/",
        env=publication.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        client = Client(process)
        yield client
        client.ask("shutdown")
        client.notify("exit")
        _, err = process.communicate(timeout=patience(20))
        assert (0, b"") == (process.returncode, err)
    finally:
        process.kill()
        process.wait()


def edited(text: str, edits: list[Json], encoding: str = "utf-16") -> str:
    """What an editor makes of text edits, by the units agreed."""
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    lines = text.replace("\r\n", "\n").split("\n")
    ends = "\r\n" if "\r\n" in text else "\n"

    def offset(position: Json) -> int:
        line = lines[position["line"]]
        before = sum(len(each) + len(ends) for each in lines[: position["line"]])
        return before + len(line.encode(codec)[: position["character"] * size].decode(codec))

    for edit in sorted(edits, key=lambda each: offset(each["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text
