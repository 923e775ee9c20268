"""A publication's site, really served: started, asked over HTTP, and the letters that it sends."""

import email
import email.policy
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx

from tests.acceptance.publication import Publication
from tests.pace import patience

_ANSWERS = re.compile(r"(http://\S+) answers for ")


@dataclass
class Process:
    """A command that goes on; what it says is kept as it comes."""

    process: subprocess.Popen[str]
    said: list[str]

    def wait_for(self, words: str) -> str:
        """The first line with these words."""
        end = time.monotonic() + patience(60)
        while True:
            for line in list(self.said):
                if words in line:
                    return line
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)

    @property
    def url(self) -> str:
        found = _ANSWERS.search(self.wait_for(" answers for "))
        assert found
        return found[1]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=patience(60))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=patience(30))


@contextmanager
def going(
    publication: Publication, *arguments: str, env: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """The installed command, ended with the block whatever happens."""
    process = publication.start(*arguments, env=env or {})
    said: list[str] = []
    threads = [
        Thread(target=said.extend, args=(stream,), daemon=True)
        for stream in (process.stdout, process.stderr)
        if stream is not None
    ]
    for thread in threads:
        thread.start()
    try:
        yield Process(process, said)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=patience(30))
        for thread in threads:
            thread.join(timeout=patience(10))
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def stamp_of(page: str) -> str:
    found = re.search(r'name="stamp"\s+value="([^"]+)"', page)
    assert found, page
    return found[1]


def sign_up(client: httpx.Client, address: str, stamp: str) -> httpx.Response:
    return client.post("/subscribe", data={"email": address, "first_name": "", "stamp": stamp})


def letters(folder: Path) -> Mapping[str, list[str]]:
    """Message-IDs of all letters in a folder of .eml files, by whom they are to."""
    found: dict[str, list[str]] = {}
    for path in folder.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        found.setdefault(str(message["To"]), []).append(str(message["Message-ID"]))
    return found
