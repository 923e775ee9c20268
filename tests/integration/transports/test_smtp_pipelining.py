"""The final dot of one message travels with MAIL, RCPT and DATA of the next (RFC 2920)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import NewsletterError, RelayFault, SessionLost
from newsletter.transports import Envelope, Reply, Session, Stage, parse_transport_url
from newsletter.transports.smtp import SmtpTransport
from tests.pace import passing

SECONDS = passing(0.5)
SHORT = "".join(
    f"&timeout.{stage}={SECONDS:g}" for stage in ("mail", "rcpt", "data", "block", "dot")
)
NAMES = ("ada", "bob", "cyd")
FIRST = b"250 m\r\n250 r\r\n354 go\r\n"
"""What the peer says to the packet of MAIL, RCPT and DATA."""
TAKEN = b"250 2.0.0 taken\r\n"
DOT = b"\r\n.\r\n"
DATA = b"DATA\r\n"
QUIT = b"QUIT\r\n"
HANG_UP = b""
"""After the last piece."""


def envelope(name: str) -> Envelope:
    return Envelope(reverse_path="b@example.com", recipient=f"{name}@example.com")


def content(name: str) -> bytes:
    return f"Subject: News\r\n\r\nDear {name}\r\n".encode()


def commands(name: str, size: str = "") -> bytes:
    return f"MAIL FROM:<b@example.com>{size}\r\nRCPT TO:<{name}@example.com>\r\nDATA\r\n".encode()


@dataclass
class Peer:
    """Reads until what stands there ends in `until`, then says the pieces; one step after another.

    A new connection begins where the last one ended. HANG_UP ends it; at the script's end the
    client is listened to until it goes, and all but its QUIT is kept as `rest`.
    """

    script: Sequence[tuple[bytes, Sequence[bytes]]]
    flights: list[bytes] = field(default_factory=list)
    connections: int = 0
    rest: bytes = b""
    has_quit: bool = False
    step: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            writer.write(b"220 peer\r\n")
            await reader.readline()
            writer.write(b"250-peer\r\n250 PIPELINING\r\n")
            while self.step < len(self.script):
                until, pieces = self.script[self.step]
                self.flights.append(await self.read(reader, until))
                self.step += 1
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.002 if len(pieces) > 1 else 0)
                if HANG_UP in pieces:
                    writer.close()
                    return
            while not self.rest.endswith(QUIT) and (octets := await reader.read(65536)):
                self.rest += octets
            self.has_quit = self.rest.endswith(QUIT)
            self.rest = self.rest.removesuffix(QUIT)
        except ConnectionError:
            pass  # the client went
        finally:
            writer.transport.abort()

    async def read(self, reader: asyncio.StreamReader, until: bytes) -> bytes:
        flight = b""
        while not flight.endswith(until):
            octets = await reader.read(65536)
            self.rest = flight = flight + octets
            if not octets:
                raise ConnectionResetError
        self.rest = b""
        return flight


@dataclass
class Told:
    """What came of the messages to ada, bob and cyd, and what the journal heard."""

    outcomes: list[Reply | NewsletterError] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)

    async def deliver(
        self, session: Session, name: str, following: str | None = None
    ) -> Reply | NewsletterError:
        async def before_content() -> None:
            self.begun.append(name)

        try:
            outcome: Reply | NewsletterError = await session.deliver(
                envelope(name),
                content(name),
                before_content=before_content,
                following=envelope(following) if following else None,
            )
        except (SessionLost, RelayFault) as error:
            outcome = error
        self.outcomes.append(outcome)
        return outcome


def talk(
    script: Sequence[tuple[bytes, Sequence[bytes]]], *, names: Sequence[str] = NAMES[:2]
) -> tuple[Told, Peer]:
    """Deliver to the names in turn, each announced with the one before, as long as it goes."""

    async def scenario() -> tuple[Told, Peer]:
        told, peer = Told(), Peer(script)
        async with open_transport(peer) as transport:
            session = await transport.open()
            for name, following in zip(names, [*names[1:], None], strict=True):
                await told.deliver(session, name, following)
            await session.close()
            await asyncio.sleep(0.01)
        return told, peer

    return asyncio.run(scenario())


@asynccontextmanager
async def open_transport(peer: Peer, query: str = "") -> AsyncIterator[SmtpTransport]:
    """A transport to the peer, which listens on a free port."""
    async with await asyncio.start_server(peer.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = parse_transport_url(f"smtp://127.0.0.1:{port}?tls=none{query}{SHORT}")
        async with SmtpTransport(url) as transport:
            yield transport


def said(outcome: Reply | NewsletterError) -> tuple[int | None, Stage]:
    assert isinstance(outcome, Reply), outcome
    return outcome.code, outcome.stage


ACCEPTED = (250, Stage.FINAL_DOT)


def test_session_sends_the_dot_with_the_commands_of_the_following_message() -> None:
    """One packet and one round trip a message: nothing else is written between two contents."""
    script = [
        (DATA, [FIRST]),
        (DATA, [TAKEN + FIRST]),
        (DATA, [TAKEN + FIRST]),
        (DOT, [TAKEN]),
        (QUIT, [b"221 bye\r\n"]),
    ]
    told, peer = talk(script, names=NAMES)

    assert [ACCEPTED] * 3 == [said(outcome) for outcome in told.outcomes]
    assert [
        commands("ada"),
        content("ada") + b".\r\n" + commands("bob"),
        content("bob") + b".\r\n" + commands("cyd"),
        content("cyd") + b".\r\n",
        QUIT,
    ] == peer.flights
    assert list(NAMES) == told.begun


@settings(max_examples=60, deadline=None)
@given(cuts=st.sets(st.integers(1, len(TAKEN + FIRST) - 1), max_size=5))
def test_session_hears_four_replies_wherever_they_are_split(cuts: set[int]) -> None:
    replies = TAKEN + FIRST
    edges = [0, *sorted(cuts), len(replies)]
    pieces = [replies[start:end] for start, end in pairwise(edges)]

    told, peer = talk([(DATA, [FIRST]), (DATA, pieces), (DOT, [TAKEN])])

    assert [ACCEPTED] * 2 == [said(outcome) for outcome in told.outcomes]
    assert content("bob") + b".\r\n" == peer.flights[2]


def test_session_hears_four_replies_octet_by_octet() -> None:
    pieces = [bytes([octet]) for octet in TAKEN + FIRST]

    told, _ = talk([(DATA, [FIRST]), (DATA, pieces), (DOT, [TAKEN])])

    assert [ACCEPTED] * 2 == [said(outcome) for outcome in told.outcomes]


@pytest.mark.parametrize(
    ("replies", "second"),
    [
        (b"250 m\r\n550 5.1.1 no\r\n554 5.5.1 nobody\r\n", (550, Stage.RCPT)),
        (b"250 m\r\n450 4.2.1 later\r\n503 5.5.1 nobody\r\n", (450, Stage.RCPT)),
        (b"451 4.7.1 later\r\n503 5.5.1 no\r\n503 5.5.1 no\r\n", (451, Stage.MAIL)),
        (b"250 m\r\n250 r\r\n451 4.3.0 not now\r\n", (451, Stage.DATA)),
        (b"250 m\r\n250 r\r\n554 5.3.0 never\r\n", (554, Stage.DATA)),
    ],
)
def test_session_goes_on_after_a_refusal_of_the_announced_message(
    replies: bytes, second: tuple[int, Stage]
) -> None:
    """With RSET in the same packet as the next commands: no round trip for it."""
    script = [
        (DATA, [FIRST]),
        (DATA, [TAKEN + replies]),
        (DATA, [b"250 reset\r\n" + FIRST]),
        (DOT, [TAKEN]),
    ]
    told, peer = talk(script, names=NAMES)

    assert [ACCEPTED, second, ACCEPTED] == [said(outcome) for outcome in told.outcomes]
    assert b"RSET\r\n" + commands("cyd") == peer.flights[2]
    assert ["ada", "cyd"] == told.begun


@pytest.mark.parametrize("answer", [b"554 5.5.1 no recipients\r\n", b"503 no\r\n", TAKEN])
def test_session_sends_a_lone_dot_where_data_is_taken_for_nobody(answer: bytes) -> None:
    """RFC 2920, 3.1: nothing but a dot, which reaches nobody, and the next message goes on."""
    script = [
        (DATA, [FIRST]),
        (DATA, [TAKEN + b"250 m\r\n550 5.1.1 no\r\n354 go\r\n"]),
        (b".\r\n", [answer]),
        (DATA, [b"250 reset\r\n" + FIRST]),
        (DOT, [TAKEN]),
    ]
    told, peer = talk(script, names=NAMES)

    assert [ACCEPTED, (550, Stage.RCPT), ACCEPTED] == [said(each) for each in told.outcomes]
    assert b".\r\n" == peer.flights[2]
    assert 1 == peer.connections


@pytest.mark.parametrize(
    "rest",
    [
        b"",  # the end
        b"554 half a re",
        b"421 4.3.2 going down\r\n",
        b"nonsense\r\n",
        b"250 ok\r\n",
        b"354 go\r\n421 4.3.2 going down\r\n",
    ],
)
def test_session_keeps_the_refusal_of_rcpt_whatever_ends_the_connection_after_it(
    rest: bytes,
) -> None:
    script = [(DATA, [FIRST]), (DATA, [TAKEN + b"250 m\r\n550 5.1.1 no\r\n" + rest, HANG_UP])]
    told, _ = talk(script, names=NAMES)

    assert [ACCEPTED, (550, Stage.RCPT)] == [said(outcome) for outcome in told.outcomes[:2]]
    assert isinstance(told.outcomes[2], SessionLost)
    assert ["ada"] == told.begun


def test_session_sends_no_lone_dot_to_a_recipient_that_was_taken() -> None:
    """MAIL refused, RCPT and DATA taken: a dot might be an empty message to somebody."""
    script = [(DATA, [FIRST]), (DATA, [TAKEN + b"451 4.3.0 m\r\n250 r\r\n354 go\r\n"])]
    told, peer = talk(script, names=NAMES)

    assert [ACCEPTED, (451, Stage.MAIL)] == [said(outcome) for outcome in told.outcomes[:2]]
    assert isinstance(told.outcomes[2], SessionLost)
    assert b"" == peer.rest


def test_session_settles_the_first_before_a_refused_mail_stops_us() -> None:
    script = [(DATA, [FIRST]), (DATA, [TAKEN + b"550 5.7.1 not you\r\n503 x\r\n503 x\r\n"])]
    told, _ = talk(script)

    assert ACCEPTED == said(told.outcomes[0])
    assert isinstance(told.outcomes[1], RelayFault)
    assert "550 5.7.1 not you" in told.outcomes[1].what


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize(
    "fault",
    [
        b"421 4.3.2 going down\r\n",
        b"nonsense\r\n",
        b"25",
        b"",
        b"250-one\r\n550 two\r\n",
        b"334 more\r\n",
    ],
)
def test_session_loses_the_announced_message_only(at: int, fault: bytes) -> None:
    """Whatever ends the connection before its final dot, nobody is in doubt about it."""
    replies = [b"250 m\r\n", b"250 r\r\n", b"354 go\r\n"]
    pieces = [TAKEN + b"".join(replies[:at]) + fault]
    if not fault.endswith(b"\n"):
        pieces.append(HANG_UP)
    told, peer = talk([(DATA, [FIRST]), (DATA, pieces)])

    assert ACCEPTED == said(told.outcomes[0])
    assert isinstance(told.outcomes[1], SessionLost)
    assert ["ada"] == told.begun
    assert b"" == peer.rest


@pytest.mark.parametrize("fault", [b"", b"25", b"nonsense\r\n", b"354 go\r\n" + FIRST])
def test_session_is_in_doubt_about_the_first_only(fault: bytes) -> None:
    told, _ = talk([(DATA, [FIRST]), (DATA, [fault, HANG_UP])])

    assert (None, Stage.FINAL_DOT) == said(told.outcomes[0])
    assert isinstance(told.outcomes[1], SessionLost)
    assert ["ada"] == told.begun


def test_session_gives_the_first_its_421_and_loses_the_announced_one() -> None:
    told, _ = talk([(DATA, [FIRST]), (DATA, [b"421 4.3.2 going down\r\n"])])

    assert (421, Stage.FINAL_DOT) == said(told.outcomes[0])
    assert isinstance(told.outcomes[1], SessionLost)


def test_session_goes_on_with_the_announced_message_when_the_first_is_refused() -> None:
    script = [(DATA, [FIRST]), (DATA, [b"554 5.6.0 no\r\n" + FIRST]), (DOT, [TAKEN])]
    told, _ = talk(script)

    assert [(554, Stage.FINAL_DOT), ACCEPTED] == [said(outcome) for outcome in told.outcomes]


def test_session_finds_out_when_a_reply_too_many_shifts_the_others() -> None:
    """Of the three that follow, the last must be 354: a 250 in its place is another's."""
    told, peer = talk([(DATA, [FIRST]), (DATA, [TAKEN + b"250 again\r\n" + FIRST])])

    assert isinstance(told.outcomes[1], SessionLost)
    assert ["ada"] == told.begun
    assert b"" == peer.rest


def test_session_finds_out_when_the_relay_speaks_after_354() -> None:
    told, peer = talk([(DATA, [FIRST]), (DATA, [TAKEN + FIRST + b"250 taken\r\n"])])

    assert isinstance(told.outcomes[1], SessionLost)
    assert ["ada"] == told.begun
    assert DOT not in peer.rest


def test_session_sends_the_content_while_the_journal_writes_and_the_dot_after_it() -> None:
    seen: list[bytes] = []

    async def scenario() -> None:
        peer = Peer([(DATA, [FIRST]), (DOT, [TAKEN])])

        async def before_content() -> None:
            await asyncio.sleep(0.05)
            seen.append(peer.rest)

        async with open_transport(peer) as transport:
            session = await transport.open()
            await session.deliver(envelope("ada"), content("ada"), before_content=before_content)
            seen.append(peer.flights[1])

    asyncio.run(scenario())

    assert [content("ada"), content("ada") + b".\r\n"] == seen


def test_session_drops_the_connection_without_a_dot_when_the_journal_forbids_it() -> None:
    """A lease that was lost meanwhile, say. The next message has a connection of its own."""

    class FencedError(Exception):
        pass

    async def forbid() -> None:
        raise FencedError

    async def scenario() -> tuple[Told, Peer, bytes]:
        told, peer = Told(), Peer([(DATA, [FIRST]), (DATA, [FIRST]), (DOT, [TAKEN])])
        async with open_transport(peer) as transport:
            session = await transport.open()
            with pytest.raises(FencedError):
                await session.deliver(envelope("ada"), content("ada"), before_content=forbid)
            await asyncio.sleep(0.01)
            unfinished = peer.rest
            await told.deliver(session, "bob")
        return told, peer, unfinished

    told, peer, unfinished = asyncio.run(scenario())

    assert ACCEPTED == said(told.outcomes[0])
    assert b".\r\n" not in unfinished
    assert 2 == peer.connections


def test_session_takes_a_new_connection_when_another_message_comes_than_announced() -> None:
    script = [(DATA, [FIRST]), (DATA, [TAKEN + FIRST]), (DATA, [FIRST]), (DOT, [TAKEN])]

    async def scenario() -> tuple[Told, Peer]:
        told, peer = Told(), Peer(script)
        async with open_transport(peer) as transport:
            session = await transport.open()
            await told.deliver(session, "ada", "bob")
            await told.deliver(session, "cyd")
        return told, peer

    told, peer = asyncio.run(scenario())

    assert [ACCEPTED] * 2 == [said(outcome) for outcome in told.outcomes]
    assert 2 == peer.connections
    assert [commands("cyd"), content("cyd") + b".\r\n"] == peer.flights[2:]


@pytest.mark.parametrize("replies", [TAKEN, TAKEN + b"250 m\r\n", TAKEN + FIRST])
def test_session_hangs_up_without_a_word_when_the_announced_message_never_comes(
    replies: bytes,
) -> None:
    """A QUIT would be taken for a line of content, once DATA is."""

    async def scenario() -> tuple[Told, Peer]:
        told, peer = Told(), Peer([(DATA, [FIRST]), (DATA, [replies])])
        async with open_transport(peer) as transport:
            session = await transport.open()
            await told.deliver(session, "ada", "bob")
            await session.close()
            await asyncio.sleep(0.02)
        return told, peer

    told, peer = asyncio.run(scenario())

    assert ACCEPTED == said(told.outcomes[0])
    assert (2, b"", False) == (len(peer.flights), peer.rest, peer.has_quit)


def test_session_announces_nothing_that_would_be_for_the_next_connection() -> None:
    script = [
        (DATA, [FIRST]),
        (DATA, [TAKEN + FIRST]),
        (DOT, [TAKEN]),
        (QUIT, [b"221 bye\r\n", HANG_UP]),
        (DATA, [FIRST]),
        (DOT, [TAKEN]),
    ]

    async def scenario() -> tuple[Told, Peer]:
        told, peer = Told(), Peer(script)
        async with open_transport(peer, "&messages=2") as transport:
            session = await transport.open()
            for name, following in zip(NAMES, [*NAMES[1:], None], strict=True):
                await told.deliver(session, name, following)
        return told, peer

    told, peer = asyncio.run(scenario())

    assert [ACCEPTED] * 3 == [said(outcome) for outcome in told.outcomes]
    assert content("bob") + b".\r\n" == peer.flights[2]
    assert 2 == peer.connections


@pytest.mark.parametrize("recipient", ["zoë@example.com", "eve@example.com>\r\nDATA", ""])
def test_session_announces_no_envelope_that_the_relay_must_not_see(recipient: str) -> None:
    following = Envelope(reverse_path="b@example.com", recipient=recipient)

    async def scenario() -> Peer:
        peer = Peer([(DATA, [FIRST]), (DOT, [TAKEN])])

        async def nothing() -> None:
            return None

        async with open_transport(peer) as transport:
            session = await transport.open()
            await session.deliver(
                envelope("ada"), content("ada"), before_content=nothing, following=following
            )
        return peer

    assert [commands("ada"), content("ada") + b".\r\n"] == asyncio.run(scenario()).flights
