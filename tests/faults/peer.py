"""A relay on a real socket that plays a script, and keeps a log of what it was given.

It knows the server's half of RFC 5321 with PIPELINING (RFC 2920); which fault it plays where is
said by `script`. Its log is the other half of the truth: the journal is compared with it.
"""

import asyncio
import socket
import ssl
import struct
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NoReturn, Self

from tests.faults.script import BAD_CERTIFICATES, OCTETS, THEN_CLOSES, USUAL, Fault, Script, Stage

IDLE_SECONDS = 0.02
"""So long without a command after a final reply is idleness."""

MOMENT = 0.02
"""Seconds between two octets of a reply that drips, and between two looks at a silent relay."""

BODY_OCTETS = 1000
"""How much of a content has come in when a fault in the body is played."""


class Answer(StrEnum):
    """What the relay did with a whole content."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNHEARD = "unheard"


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A content whose final dot came in: it may be in a mailbox unless it was refused aloud."""

    recipient: str
    content: bytes
    answer: Answer


LAST_LINE = b"--\r\n"
"""How a multipart content ends (RFC 2046, 5.1.1)."""

GREETING = b"250 peer.example\r\n"
"""To HELO, by which nothing is offered (RFC 5321, 3.2)."""

Says = Callable[[Stage, str], bytes | None]
"""What a relay says at a stage, of a recipient ("" before RCPT), in place of the usual; or None."""

ANSWERS = {
    USUAL[Stage.FINAL_DOT]: Answer.ACCEPTED,
    **{
        OCTETS[fault](USUAL[Stage.FINAL_DOT]): answer
        for fault, answer in {
            Fault.TWICE: Answer.ACCEPTED,
            Fault.TRANSIENT: Answer.REFUSED,
            Fault.PERMANENT: Answer.REFUSED,
            Fault.POLICY: Answer.REFUSED,
            Fault.UNAVAILABLE: Answer.REFUSED,
        }.items()
    },
}
"""What each reply to a content means; every other one says nothing that can be relied on."""


def answer_of(said: bytes) -> Answer:
    """What a reply to a content means for its recipient."""
    of_code = {b"4": Answer.REFUSED, b"5": Answer.REFUSED}
    return ANSWERS.get(said) or of_code.get(said[:1], Answer.UNHEARD)


class Point(StrEnum):
    """A moment in a session that a watcher hears of, in time to kill the client at it."""

    BANNER = "the banner"
    MAIL = "after MAIL"
    RCPT = "after RCPT"
    DATA = "at 354"
    MID_BODY = "in the middle of the body"
    BEFORE_DOT = "the body complete, before the dot"
    DOT = "the dot received, before the reply"
    REPLY = "the reply sent"
    BETWEEN = "between two messages"
    QUIT = "at QUIT"


class Gone(Exception):  # noqa: N818 - not an error: the end of a connection, as the script wants it
    """This connection is over."""


@dataclass
class Peer:
    """Serves until it is closed; `certificates` are the contexts to show, by fault; None is good.

    `refuses` are recipients whose RCPT is answered 550, `drops` those at whose RCPT the
    connection ends. `joined` sends replies only when no more
    commands are waiting: several in one packet. `says` is asked before the script is. More
    connections than `limit` at once are turned away at the banner; `login_seconds` is how long
    EHLO takes. `turned_away` counts them. `told` are the answers to AUTH LOGIN. `keeps_waiting` is
    called after each moment in which the script keeps the only client waiting.
    """

    script: Script | None = None
    certificates: Mapping[Fault | None, ssl.SSLContext] = field(default_factory=dict)
    extensions: tuple[bytes, ...] = (b"PIPELINING", b"SIZE 50000000", b"8BITMIME")
    refuses: frozenset[str] = frozenset()
    drops: frozenset[str] = frozenset()
    joined: bool = False
    says: Says = lambda stage, recipient: None
    limit: int | None = None
    login_seconds: float = 0.0
    turned_away: int = 0
    open: int = 0
    told: list[bytes] = field(default_factory=list)
    watch: Callable[[Point], None] = lambda point: None
    keeps_waiting: Callable[[], None] = lambda: None
    log: list[Taken] = field(default_factory=list)
    played: int = 0
    connections: int = 0
    largest_burst: int = 0
    port: int = 0
    occurrences: Counter[Stage] = field(default_factory=Counter)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        place = ("127.0.0.1", self.port)
        self._server = await asyncio.start_server(self._serve, *place, limit=2**14)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open += 1
        with suppress(Gone, ConnectionError, ssl.SSLError, asyncio.CancelledError):
            await Connection(self, reader, writer).talk()
        self.open -= 1
        writer.transport.abort()

    def fault_at(self, stage: Stage) -> Fault | None:
        """What to play now; asking counts as an occurrence of the stage."""
        occurrence = self.occurrences[stage]
        self.occurrences[stage] += 1
        if self.script is None or self.script.stage is not stage:
            return None
        if not self.script.plays(occurrence):
            return None
        self.played += 1
        return self.script.fault


class Connection:
    """One client's session."""

    def __init__(
        self, peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.peer = peer
        self.number = peer.connections
        self.reader = reader
        self.writer = writer
        self.buffer = bytearray()
        self.unsent = b""
        self.said = b""
        self.is_encrypted = False
        self.recipient = ""
        self.subject = ""
        self.is_idle = False

    async def talk(self) -> None:
        await self.say(Stage.CONNECT, b"")
        self.peer.watch(Point.BANNER)
        await self.greet()
        while True:
            line = await self.next_command()
            verb = line.split()[0].upper() if line.split() else b""
            match verb:
                case b"EHLO":
                    stage = Stage.EHLO_AFTER_TLS if self.is_encrypted else Stage.EHLO
                    await asyncio.sleep(self.peer.login_seconds)
                    await self.say(stage, self.greeting())
                case b"STARTTLS":
                    await self.encrypt()
                case b"AUTH":
                    await self.log_in(line)
                case b"MAIL":
                    self.recipient = self.subject = ""
                    self.peer.watch(Point.MAIL)
                    await self.say(Stage.MAIL, USUAL[Stage.MAIL])
                case b"RCPT":
                    await self.take_recipient(line)
                case b"DATA":
                    await self.take_content()
                case b"RSET":
                    self.recipient = ""
                    await self.say(Stage.RSET, USUAL[Stage.RSET])
                case b"QUIT":
                    self.peer.watch(Point.QUIT)
                    await self.say(Stage.QUIT, USUAL[Stage.QUIT])
                    raise Gone
                case _:
                    self.write(GREETING if verb == b"HELO" else b"502 5.5.1 what?\r\n")

    async def greet(self) -> None:
        if self.peer.limit is not None and self.peer.open > self.peer.limit:
            self.peer.turned_away += 1
            await self.hang_up(b"421 4.3.2 Too many concurrent SMTP connections\r\n")
        await self.say(Stage.BANNER, USUAL[Stage.BANNER])

    def greeting(self) -> bytes:
        offers = list(self.peer.extensions)
        if self.peer.certificates and not self.is_encrypted:
            offers.append(b"STARTTLS")
        if self.peer.certificates and self.is_encrypted:
            offers.append(b"AUTH PLAIN")
        lines = [b"peer.example", *offers]
        return b"".join(b"250-" + line + b"\r\n" for line in lines[:-1]) + b"250 %s\r\n" % lines[-1]

    async def log_in(self, line: bytes) -> None:
        """AUTH LOGIN asks for both names, and is not told one with the command."""
        if line.upper() == b"AUTH LOGIN":
            for question in (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n"):
                self.write(question)
                self.peer.told.append(await self.take(b"\r\n"))
        await self.say(Stage.AUTH, USUAL[Stage.AUTH])

    async def encrypt(self) -> None:
        await self.say(Stage.STARTTLS, USUAL[Stage.STARTTLS])
        await self.writer.drain()
        fault = self.peer.fault_at(Stage.TLS_HANDSHAKE)
        if fault is not None and fault not in BAD_CERTIFICATES:
            await self.more()  # the client's half of the handshake
            await self.play(fault, b"")
            await self.wait_for_the_end()
        context = self.peer.certificates[fault if fault in BAD_CERTIFICATES else None]
        self.buffer.clear()  # RFC 3207, 4.2: nothing that was said in the clear counts
        await self.writer.start_tls(context)
        self.is_encrypted = True

    async def take_recipient(self, line: bytes) -> None:
        address = line[line.index(b"<") + 1 : line.index(b">")].decode()
        usual = USUAL[Stage.RCPT]
        self.subject = address
        self.peer.watch(Point.RCPT)
        if address in self.peer.drops:
            raise Gone
        if address in self.peer.refuses:
            usual = b"550 5.1.1 nobody of that name\r\n"
        if (await self.say(Stage.RCPT, usual)).startswith(b"25"):
            self.recipient = address

    async def take_content(self) -> None:
        usual = USUAL[Stage.DATA] if self.recipient else b"554 5.5.1 no valid recipients\r\n"
        if not (await self.say(Stage.DATA, usual)).startswith(b"354"):
            return
        await self.flush()
        self.peer.watch(Point.DATA)
        if self.peer.script is not None and self.peer.script.stage is Stage.BODY:
            await self.play_in_the_body()
        content = await self.take_to_the_dot()
        recipient, self.recipient = self.recipient, ""
        place = len(self.peer.log)
        taken = Taken(recipient=recipient, content=_unstuffed(content), answer=Answer.UNHEARD)
        self.peer.log.append(taken)
        self.peer.watch(Point.DOT)
        self.said = b""
        try:
            await self.say(Stage.FINAL_DOT, USUAL[Stage.FINAL_DOT])
        finally:
            self.peer.log[place] = replace(taken, answer=answer_of(self.said))
        await self.flush()
        self.peer.watch(Point.REPLY)
        self.is_idle = True

    async def take_to_the_dot(self) -> bytes:
        """Watched twice on the way: with some of it here, and with all but the dot."""
        has_begun = False
        while b"\r\n.\r\n" not in self.buffer[-(2**17) :]:
            await self.more()
            if not has_begun:
                has_begun = True
                self.peer.watch(Point.MID_BODY)
            if self.buffer.endswith(LAST_LINE):
                self.peer.watch(Point.BEFORE_DOT)
        return await self.take(b"\r\n.\r\n")

    async def play_in_the_body(self) -> None:
        """Only in a content that is long enough for its dot not to be on its way yet."""
        while len(self.buffer) < BODY_OCTETS and b"\r\n.\r\n" not in self.buffer:
            await self.more()
        if b"\r\n.\r\n" in self.buffer:
            return
        fault = self.peer.fault_at(Stage.BODY)
        if fault is not None:
            await self.play(fault, USUAL[Stage.FINAL_DOT])

    async def say(self, stage: Stage, usual: bytes) -> bytes:
        """The usual reply, or the fault that is played in its place; what was said in the end."""
        usual = self.peer.says(stage, self.subject) or usual
        fault = self.peer.fault_at(stage)
        if fault is not None:
            return await self.play(fault, usual)
        self.said = usual
        if usual.startswith(b"421"):
            await self.hang_up(usual)
        self.write(usual)
        return usual

    async def hang_up(self, reply: bytes) -> NoReturn:
        """Say this last thing, and close."""
        self.write(reply)
        await self.flush()
        self.writer.close()
        raise Gone

    async def play(self, fault: Fault, usual: bytes) -> bytes:
        match fault:
            case Fault.FIN:
                await self.flush()
                raise Gone
            case Fault.RST:
                self.reset()
                raise Gone
            case Fault.SILENCE:
                await self.wait_for_the_end()
            case Fault.DRIP:
                await self.drip(usual[:3] or b"220")
            case Fault.ENDLESS:
                await self.talk_for_ever(usual[:3] or b"220")
            case Fault.BYTEWISE:
                await self.spell(usual)
                self.said = usual
                return usual
            case Fault.LOST:
                self.write(b"250 peer.example\r\n")
                return b"250 peer.example\r\n"
            case _:
                return await self.answer_badly(fault, usual)
        raise Gone

    async def answer_badly(self, fault: Fault, usual: bytes) -> bytes:
        octets = OCTETS[fault](usual)
        self.write(octets)
        self.said = octets
        if fault in THEN_CLOSES:
            await self.flush()
            self.writer.close()
            raise Gone
        return octets

    def reset(self) -> None:
        """RST in place of FIN: close with nothing lingering."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def wait_for_the_end(self) -> None:
        """Say nothing, and take nothing in either, until the client has gone or the test ends."""
        while True:
            await self.let_a_moment_pass()

    async def let_a_moment_pass(self) -> None:
        """A client that has come back is no longer waiting here."""
        await asyncio.sleep(MOMENT)
        if self.peer.connections == self.number and not self.writer.transport.is_closing():
            self.peer.keeps_waiting()

    async def drip(self, code: bytes) -> None:
        for octet in code + b"-" + b"drip " * 10_000:
            self.write(bytes([octet]))
            await self.writer.drain()
            await self.let_a_moment_pass()

    async def talk_for_ever(self, code: bytes) -> None:
        while True:
            self.write((code + b"-and on\r\n") * 100)
            self.send()
            await self.writer.drain()
            await asyncio.sleep(0)

    async def spell(self, usual: bytes) -> None:
        for octet in usual:
            self.write(bytes([octet]))
            await asyncio.sleep(0)

    def write(self, octets: bytes) -> None:
        """At once, or together with the replies to what has come in already."""
        self.unsent += octets
        if not self.peer.joined:
            self.send()

    def send(self) -> None:
        if self.unsent:
            self.writer.write(self.unsent)
            self.unsent = b""

    async def flush(self) -> None:
        self.send()
        with suppress(ConnectionError):
            await self.writer.drain()

    async def next_command(self) -> bytes:
        if self.is_idle and b"\r\n" not in self.buffer:
            await self.wait_idly()
        self.is_idle = False
        return await self.take(b"\r\n")

    async def wait_idly(self) -> None:
        """Where the client keeps us waiting after a message, the idle stage is played."""
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self.more()
            return
        self.peer.watch(Point.BETWEEN)
        await self.say(Stage.IDLE, b"")

    async def take(self, end: bytes) -> bytes:
        """What comes up to this end, without it; what follows waits for its turn."""
        start = 0
        while (found := self.buffer.find(end, start)) == -1:
            start = max(len(self.buffer) - len(end), 0)
            await self.more()
        taken = bytes(self.buffer[:found])
        del self.buffer[: found + len(end)]
        return taken

    async def more(self) -> None:
        await self.flush()
        octets = await self.reader.read(2**16)
        if not octets:
            raise Gone
        self.peer.largest_burst = max(self.peer.largest_burst, _commands(octets))
        self.buffer += octets


def _commands(octets: bytes) -> int:
    """How many commands of a mail transaction came in one packet: 3 with PIPELINING."""
    return sum(octets.count(b"\r\n" + verb) for verb in (b"MAIL", b"RCPT", b"DATA\r\n"))


def _unstuffed(content: bytes) -> bytes:
    whole = content + b"\r\n"
    plain = whole.replace(b"\r\n.", b"\r\n")
    return plain[1:] if plain.startswith(b".") else plain
