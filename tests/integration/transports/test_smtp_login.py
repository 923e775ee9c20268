"""Logging in over real connections: what is asked is answered, and a secret goes nowhere else."""

import asyncio
import base64
import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter.clock import now
from newsletter.errors import RelayFault, TransportURLError
from newsletter.transports import TokenSource, open_transport
from tests.pace import passing

SHORT = passing(2.0)

OpenPeer = Callable[..., Any]
USER, PASSWORD = "ada", "s3cret"
REFUSED = base64.b64encode(b'{"status":"400"}')


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def log_in(
    open_peer: OpenPeer, user_prompt: bytes, password_prompt: bytes
) -> tuple[list[str], RelayFault | None]:
    """What a relay that asks these two hears after its EHLO, and why it let nobody in."""
    answers = {
        "EHLO": b"250-peer\r\n250 AUTH LOGIN\r\n",
        "AUTH": b"334 " + user_prompt + b"\r\n",
        encoded(USER).upper(): b"334 " + password_prompt + b"\r\n",
        encoded(PASSWORD).upper(): b"235 2.7.0 welcome\r\n",
    }
    async with open_peer(answers) as peer:
        url = f"smtp://{USER}@127.0.0.1:{peer.port}?tls=none&timeout=60"
        async with open_transport(url, password=PASSWORD, clock=now) as transport:
            try:
                await transport.open()
            except RelayFault as fault:
                return peer.heard[1:], fault
        return peer.heard[1:4], None


@pytest.mark.parametrize(
    "prompts",
    [
        (b"VXNlcm5hbWU6", b"UGFzc3dvcmQ6"),
        (b"VXNlciBOYW1lAA==", b"UGFzc3dvcmQA"),  # the draft's own, with its NUL
        (b"dXNlcm5hbWU6", b"cGFzc3dvcmQ6"),
        (b"Username", b"Password"),  # in the clear, and base64 all the same
        (b"", b""),
    ],
)
def test_auth_login_answers_what_it_is_asked(
    open_peer: OpenPeer, prompts: tuple[bytes, bytes]
) -> None:
    heard, fault = asyncio.run(log_in(open_peer, *prompts))

    assert fault is None
    assert ["AUTH LOGIN", encoded(USER), encoded(PASSWORD)] == heard


@pytest.mark.parametrize(
    ("prompts", "expected"),
    [
        ((b"UGFzc3dvcmQ6", b"VXNlcm5hbWU6"), ["AUTH LOGIN"]),
        ((b"VXNlcm5hbWU6", b"VXNlcm5hbWU6"), ["AUTH LOGIN", encoded(USER)]),
        ((b"VXNlcm5hbWU6", base64.b64encode(b"One-time code:")), ["AUTH LOGIN", encoded(USER)]),
    ],
    ids=["the password first", "the user name twice", "something else"],
)
def test_auth_login_gives_no_password_to_another_question(
    open_peer: OpenPeer, prompts: tuple[bytes, bytes], expected: list[str]
) -> None:
    heard, fault = asyncio.run(log_in(open_peer, *prompts))

    assert fault is not None
    assert "the relay asked" in fault.what
    assert expected == heard
    assert PASSWORD not in str(fault)


def test_auth_login_gives_the_user_name_with_the_command_where_it_is_wanted_there(
    open_peer: OpenPeer,
) -> None:
    async def scenario() -> list[str]:
        answers = {
            "EHLO": b"250-peer\r\n250 AUTH LOGIN\r\n",
            "AUTH": [b"501 5.5.4 where is it?\r\n", b"334 UGFzc3dvcmQ6\r\n"],
            encoded(PASSWORD).upper(): b"235 2.7.0 welcome\r\n",
        }
        async with open_peer(answers) as peer:
            url = f"smtp://{USER}@127.0.0.1:{peer.port}?tls=none"
            async with open_transport(url, password=PASSWORD, clock=now) as transport:
                await transport.open()
            return list(peer.heard[1:4])

    expected = ["AUTH LOGIN", f"AUTH LOGIN {encoded(USER)}", encoded(PASSWORD)]

    assert expected == asyncio.run(scenario())


def test_auth_names_the_one_way_to_log_in(open_peer: OpenPeer) -> None:
    async def scenario() -> RelayFault:
        async with open_peer({"EHLO": b"250-peer\r\n250 AUTH PLAIN LOGIN\r\n"}) as peer:
            url = f"smtp://{USER}@127.0.0.1:{peer.port}?tls=none&auth=cram-md5"
            return await fault_of(url, password=PASSWORD)

    fault = asyncio.run(scenario())

    assert "does not offer to log in by CRAM-MD5 (it offers PLAIN, LOGIN)" in fault.what


async def fault_of(
    url: str, *, password: str | None = None, token: TokenSource | None = None
) -> RelayFault:
    with pytest.raises(RelayFault) as caught:
        async with open_transport(url, password=password, tokens=[token], clock=now) as transport:
            await transport.open()
    return caught.value


def of_file(folder: Path, text: str, *, mode: int = 0o600) -> TokenSource:
    (folder / "token").write_text(text)
    (folder / "token").chmod(mode)
    return TokenSource(name="NEWSLETTER_TRANSPORT_TOKEN_FILE", folder=folder, file="token")


def of_command(folder: Path, program: str) -> TokenSource:
    """A command that runs a little Python in the folder."""
    (folder / "ask.py").write_text(program)
    return TokenSource(
        name="NEWSLETTER_TRANSPORT_TOKEN_COMMAND",
        folder=folder,
        command=f"'{sys.executable}' ask.py",
    )


COUNTING = """
import pathlib
log = pathlib.Path("asked")
log.write_text(log.read_text() + "x" if log.exists() else "x")
print(f"token{len(log.read_text())}")
"""


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("xoauth2", "user=ada\1auth=Bearer tok\1\1"),
        ("oauthbearer", "n,a=ada,\1host=127.0.0.1\1port={port}\1auth=Bearer tok\1\1"),
    ],
)
def test_a_token_is_shown_as_the_way_has_it(
    open_peer: OpenPeer, tmp_path: Path, way: str, expected: str
) -> None:
    """Google's XOAUTH2, and RFC 7628, 3.1."""

    async def scenario() -> tuple[str, int]:
        answers = {
            "EHLO": b"250-peer\r\n250 AUTH XOAUTH2 OAUTHBEARER\r\n",
            "AUTH": b"235 2.7.0 ok\r\n",
        }
        async with open_peer(answers) as peer:
            url = f"smtp://ada@127.0.0.1:{peer.port}?tls=none&auth={way}"
            source = of_file(tmp_path, "tok\n")
            async with open_transport(url, tokens=[source], clock=now) as transport:
                await transport.open()
            return str(peer.heard[1]), peer.port

    heard, port = asyncio.run(scenario())

    assert f"AUTH {way.upper()} {encoded(expected.format(port=port))}" == heard


@pytest.mark.parametrize("refusal", [b"535 5.7.8 expired\r\n", b"334 " + REFUSED + b"\r\n"])
def test_a_refused_token_is_asked_for_anew_once(
    open_peer: OpenPeer, tmp_path: Path, refusal: bytes
) -> None:
    async def scenario() -> tuple[list[str], int]:
        answers = {
            "EHLO": b"250-peer\r\n250 AUTH XOAUTH2\r\n",
            "AUTH": [refusal, b"235 2.7.0 ok\r\n"],
        }
        if refusal.startswith(b"334"):
            answers |= {"*": b"535 5.7.8 expired\r\n"}
        async with open_peer(answers) as peer:
            url = f"smtp://ada@127.0.0.1:{peer.port}?tls=none&auth=xoauth2"
            source = of_command(tmp_path, COUNTING)
            async with open_transport(url, tokens=[source], clock=now) as transport:
                await transport.open()
            return [line for line in peer.heard if line.startswith("AUTH")], peer.connections

    shown, connections = asyncio.run(scenario())

    tokens = [base64.b64decode(line.split()[2]).decode() for line in shown]
    assert 2 == connections
    assert ["token1", "token2"] == [token.split("Bearer ")[1].strip("\1") for token in tokens]


def test_a_token_that_is_refused_and_stays_the_same_is_not_tried_twice(
    open_peer: OpenPeer, tmp_path: Path
) -> None:
    async def scenario() -> tuple[RelayFault, int]:
        answers = {
            "EHLO": b"250-peer\r\n250 AUTH XOAUTH2\r\n",
            "AUTH": b"535 5.7.8 not tok, please\r\n",
        }
        async with open_peer(answers) as peer:
            url = f"smtp://ada@127.0.0.1:{peer.port}?tls=none&auth=xoauth2"
            fault = await fault_of(url, token=of_file(tmp_path, "tok"))
            return fault, peer.connections

    fault, connections = asyncio.run(scenario())

    assert 1 == connections
    assert "refused user name or token: 535 5.7.8 not ***, please" in fault.what
    assert "not tok," not in f"{fault!r} {fault.__cause__}"


def test_a_commands_token_is_kept_while_it_lives_and_asked_for_once_for_all_sessions(
    open_peer: OpenPeer, tmp_path: Path
) -> None:
    answer = json.dumps({"access_token": "t", "expires_in": 3600})
    program = COUNTING.replace('print(f"token{len(log.read_text())}")', f"print({answer!r})")

    async def scenario() -> int:
        answers = {
            "EHLO": b"250-peer\r\n250 AUTH XOAUTH2\r\n",
            "AUTH": b"235 2.7.0 ok\r\n",
        }
        async with open_peer(answers) as peer:
            url = f"smtp://ada@127.0.0.1:{peer.port}?tls=none&auth=xoauth2"
            source = of_command(tmp_path, program)
            async with open_transport(url, tokens=[source], clock=now) as transport:
                await asyncio.gather(*(transport.open() for _ in range(5)))
            return int(peer.connections)

    assert 5 == asyncio.run(scenario())
    assert "x" == (tmp_path / "asked").read_text()


@pytest.mark.parametrize(
    ("program", "what"),
    [
        ("import sys; print('geheim'); sys.exit(3)", "ended with exit status 3"),
        ("import time; time.sleep(60)", f"took more than {SHORT:g} seconds"),
        ("print('two words')", "is no token"),
        ('print(\'{"error": "invalid_grant geheim"}\')', "is no token"),
        ("", "is no token"),
    ],
)
def test_a_command_that_gives_no_token_says_so_and_shows_nothing_of_it(
    tmp_path: Path, program: str, what: str
) -> None:
    source = of_command(tmp_path, program)
    url = f"smtp://ada@127.0.0.1:9?tls=none&auth=xoauth2&timeout={SHORT:g}"

    fault = asyncio.run(fault_of(url, token=source))

    assert what in fault.what
    assert "NEWSLETTER_TRANSPORT_TOKEN_COMMAND" == fault.where
    assert "geheim" not in f"{fault} {fault.__cause__!r} {source!r}"


def test_a_token_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    source = of_file(tmp_path, "tok", mode=stat.S_IRUSR | stat.S_IROTH)

    fault = asyncio.run(fault_of("smtp://ada@127.0.0.1:9?tls=none&auth=xoauth2", token=source))

    assert "others may read the token's file" in fault.what


@pytest.mark.parametrize(
    ("url", "password", "what"),
    [
        ("smtps://ada@relay.example?auth=xoauth2", None, "nothing says where that comes from"),
        ("smtps://relay.example?auth=xoauth2", None, "has a user name too"),
        ("smtps://ada@relay.example?auth=xoauth2", "pw", "out of NEWSLETTER_TRANSPORT_PASSWORD"),
        ("smtps://ada:pw@relay.example?auth=xoauth2", None, "out of the URL"),
        ("smtp://ada@relay.example?auth=xoauth2&tls=none", None, "in the clear"),
        ("smtps://ada@relay.example?auth=kerberos", "pw", "plain, login, cram-md5, xoauth2"),
    ],
)
def test_a_token_url_says_what_is_wrong_with_it(url: str, password: str | None, what: str) -> None:
    with pytest.raises(TransportURLError) as caught:
        open_transport(url, password=password, clock=now)

    assert what in str(caught.value)
