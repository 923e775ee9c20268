"""An e-mail of the first rank, points 21 and 22: the same bytes, no network, a light start."""

import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.mail.mails import ALL, REAL, ROOT, mail, named

pytestmark = pytest.mark.slow

DIGESTS = "from tests.mail.mails import *\nfor name in ALL:\n    print(mail(name).rendered.digest)"


def test_21_mails_are_the_same_bytes_in_every_process() -> None:
    mail(REAL[-1])  # skips without the seeds
    here = "".join(f"{mail(name).rendered.digest}\n" for name in ALL)

    assert here == run_python("-c", DIGESTS, PYTHONHASHSEED="1").stdout
    assert here == run_python("-c", DIGESTS, PYTHONHASHSEED="4294967295").stdout


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.mark.parametrize("name", ["2021-11-26", "many images", "everything"], ids=named)
def test_21_mail_is_rendered_without_a_socket(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was asked for")

    for function in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, function, refuse)
    for function in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, function, refuse)

    assert mail(name).rendered == replace(mail(name)).rendered


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (
            ["--help"],
            {"premailer", "cssutils", "requests", "jinja2", "markdown_it", "mjml", "lxml", "ssl"},
        ),
        (
            ["check", "issues/2021-11-26.md"],
            {"premailer", "cssutils", "requests", "sqlalchemy", "yaml", "ssl"},
        ),
    ],
    ids=["help", "check"],
)
def test_22_command_loads_nothing_heavy(arguments: list[str], heavy: set[str]) -> None:
    told = run_python("-X", "importtime", "-m", "newsletter", *arguments).stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}

    assert "newsletter" in loaded
    assert set() == heavy & loaded
