"""What a relay's refusals, drops and nonsense mean, stage by stage, over real connections."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from newsletter.errors import RelayFault, SessionLost
from newsletter.transports import Envelope, Reply, Stage, Verdict, parse_transport_url
from newsletter.transports.smtp import SmtpTransport
from newsletter.transports.smtp_session import SmtpSession
from tests.pace import passing, patience

ENVELOPE = Envelope(reverse_path="bounce@example.com", recipient="ada@example.com")
CONTENT = b"Subject: News\r\n\r\nHello\r\n"
LARGE = b"Subject: News\r\n\r\n" + (b"y" * 998 + b"\r\n") * 10_000
"""More than the buffers of both ends can hold."""

SECONDS = passing(0.5)
SHORT = "".join(
    f"&timeout.{stage}={SECONDS:g}" for stage in ("mail", "rcpt", "data", "block", "dot")
)
DROP = "drop"
SILENCE = "silence"
OpenPeer = Callable[..., Any]


def transport_to(port: int, *, query: str = "") -> SmtpTransport:
    return SmtpTransport(parse_transport_url(f"smtp://127.0.0.1:{port}?tls=none{query}"))


class Journal:
    """Counts how often the content was announced to it."""

    def __init__(self) -> None:
        self.dots = 0

    async def __call__(self) -> None:
        self.dots += 1


def deliver_once(
    open_peer: OpenPeer, answers: dict[str, Any], *, query: str = ""
) -> tuple[Reply | Exception, Reply | Exception, int, list[str]]:
    """The first outcome, that of a second delivery on the session, dots at the first, commands."""

    async def attempt(session: SmtpSession, journal: Journal) -> Reply | Exception:
        try:
            return await session.deliver(ENVELOPE, CONTENT, before_content=journal)
        except (SessionLost, RelayFault) as error:
            return error

    async def scenario() -> tuple[Reply | Exception, Reply | Exception, int, list[str]]:
        async with (
            open_peer(answers) as peer,
            transport_to(peer.port, query=query) as transport,
        ):
            session = await transport.open()
            journal = Journal()
            first = await attempt(session, journal)
            dots, heard = journal.dots, list(peer.heard)
            second = await attempt(session, journal)
            await session.close()
            return first, second, dots, heard

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("answers", "expected", "dots"),
    [
        (
            {"MAIL": [b"451 4.7.1 slow down\r\n", b"250 ok\r\n"]},
            Reply(code=451, enhanced_code="4.7.1", text="slow down", stage=Stage.MAIL),
            0,
        ),
        (
            {"RCPT": [b"550 5.1.1 no such user\r\n", b"250 ok\r\n"]},
            Reply(code=550, enhanced_code="5.1.1", text="no such user", stage=Stage.RCPT),
            0,
        ),
        (
            {"RCPT": [b"450-4.2.0 greylisted,\r\n450 4.2.0 come back\r\n", b"251 ok\r\n"]},
            Reply(code=450, enhanced_code="4.2.0", text="greylisted, come back", stage=Stage.RCPT),
            0,
        ),
        (
            {".": [b"452 4.3.1 disk full\r\n", b"250 ok\r\n"]},
            Reply(code=452, enhanced_code="4.3.1", text="disk full", stage=Stage.FINAL_DOT),
            1,
        ),
        (
            {".": [b"554 5.7.1 looks like spam\r\n", b"250 ok\r\n"]},
            Reply(code=554, enhanced_code="5.7.1", text="looks like spam", stage=Stage.FINAL_DOT),
            1,
        ),
        (
            {".": [b"250\r\n"]},
            Reply(code=250, enhanced_code="", text="", stage=Stage.FINAL_DOT),
            1,
        ),
    ],
)
def test_session_gives_the_recipients_reply_and_goes_on(
    open_peer: OpenPeer, answers: dict[str, Any], expected: Reply, dots: int
) -> None:
    first, second, dots_heard, _ = deliver_once(open_peer, answers)

    assert expected == first
    assert dots == dots_heard
    assert isinstance(second, Reply)
    assert Verdict.ACCEPTED == second.verdict


@pytest.mark.parametrize("code", [451, 554])
def test_session_gives_a_refused_data_command_as_the_recipients(
    open_peer: OpenPeer, code: int
) -> None:
    first, _, dots, _ = deliver_once(open_peer, {"DATA": b"%d 5.0.0 not now\r\n" % code})

    assert isinstance(first, Reply)
    assert (code, Stage.DATA, 0) == (first.code, first.stage, dots)


def test_session_resets_before_the_next_message_after_a_refusal(open_peer: OpenPeer) -> None:
    async def scenario() -> list[str]:
        answers = {"RCPT": [b"550 5.1.1 no\r\n", b"250 ok\r\n"]}
        async with open_peer(answers) as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            for _ in range(3):
                await session.deliver(ENVELOPE, CONTENT, before_content=Journal())
            await session.close()
            return [line.split()[0] for line in peer.heard]

    one = ["MAIL", "RCPT", "DATA"]

    assert ["EHLO", "MAIL", "RCPT", "RSET", *one, *one, "QUIT"] == asyncio.run(scenario())


def test_session_blames_itself_when_mail_is_refused_for_good(open_peer: OpenPeer) -> None:
    fault, _, dots, _ = deliver_once(open_peer, {"MAIL": b"550 5.7.1 not your domain\r\n"})

    assert isinstance(fault, RelayFault)
    assert 0 == dots
    assert "bounce@example.com" in fault.what
    assert "550 5.7.1 not your domain" in fault.what
    assert fault.where.startswith("127.0.0.1:")
    assert fault.next_step


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        (stage, answer)
        for stage in ("MAIL", "RCPT", "DATA")
        for answer in (
            b"421 4.3.2 going down\r\n",
            b"abc\r\n",
            b"999 what\r\n",
            b"150 wait\r\n",
            b"334 VXNlcg==\r\n",
            b"250-one\r\n550 two\r\n",
            b"250_ok\r\n",
            b"x" * 70_000,
            b"250-again\r\n" * 200,
            SILENCE,
            DROP,
        )
    ]
    + [("MAIL", b"354 go\r\n"), ("RCPT", b"354 go\r\n"), ("DATA", b"250 ok\r\n")],
)
def test_session_is_lost_before_the_content_so_nobody_is_in_doubt(
    open_peer: OpenPeer, stage: str, answer: object
) -> None:
    first, second, dots, heard = deliver_once(open_peer, {stage: answer}, query=SHORT)

    assert isinstance(first, SessionLost)
    assert isinstance(second, SessionLost)
    assert 0 == dots
    assert stage == heard[-1].split()[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"abc\r\n",
        b"354 go\r\n",
        b"999 hm\r\n",
        b"250-half a reply\r\n",
        b"250-a\r\n550 b\r\n",
        SILENCE,
        DROP,
    ],
)
def test_session_leaves_the_recipient_in_doubt_when_the_final_reply_is_not_heard(
    open_peer: OpenPeer, answer: object
) -> None:
    """RFC 1047: whether the server took the message, nobody can say now."""
    first, second, dots, _ = deliver_once(open_peer, {".": answer}, query=SHORT)

    assert isinstance(first, Reply)
    assert (None, Stage.FINAL_DOT, Verdict.IN_DOUBT) == (first.code, first.stage, first.verdict)
    assert first.text
    assert 1 == dots
    assert isinstance(second, SessionLost)


def test_session_counts_421_after_the_content_as_the_reply_and_is_dead(
    open_peer: OpenPeer,
) -> None:
    first, second, _, _ = deliver_once(open_peer, {".": b"421 4.3.2 going down\r\n"})

    expected = Reply(code=421, enhanced_code="4.3.2", text="going down", stage=Stage.FINAL_DOT)
    assert expected == first
    assert isinstance(second, SessionLost)


def test_session_hears_the_reply_of_a_server_that_closes_right_after_it(
    open_peer: OpenPeer,
) -> None:
    async def reply_and_leave(writer: asyncio.StreamWriter) -> None:
        writer.write(b"250 2.0.0 taken\r\n")
        writer.close()

    first, second, _, _ = deliver_once(open_peer, {".": reply_and_leave})

    assert isinstance(first, Reply)
    assert Verdict.ACCEPTED == first.verdict
    assert isinstance(second, SessionLost)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_session_is_lost_when_two_replies_come_for_one_command(
    open_peer: OpenPeer, stage: str
) -> None:
    """The second would be taken for the next command's: at worst for the final dot's."""
    code = 354 if stage == "DATA" else 250
    answer = b"%d one\r\n250 two\r\n" % code

    first, second, _, _ = deliver_once(open_peer, {stage: answer}, query=SHORT)

    assert isinstance(first, SessionLost)
    assert "without being asked" in first.what
    assert isinstance(second, SessionLost)


def test_session_is_dead_when_two_replies_come_for_the_final_dot(open_peer: OpenPeer) -> None:
    first, second, _, _ = deliver_once(open_peer, {".": b"250 one\r\n250 two\r\n"})

    assert isinstance(first, Reply)
    assert Verdict.ACCEPTED == first.verdict
    assert isinstance(second, SessionLost)


def test_session_is_lost_when_the_relay_spoke_while_nothing_was_asked(open_peer: OpenPeer) -> None:
    """As a server does that is tired of waiting: 421, then it closes."""

    async def scenario() -> None:
        async def late_farewell(writer: asyncio.StreamWriter) -> None:
            writer.write(b"250 peer\r\n")
            await asyncio.sleep(0.05)
            writer.write(b"421 4.4.2 too slow\r\n")

        async with (
            open_peer({"EHLO": late_farewell}) as peer,
            transport_to(peer.port) as transport,
        ):
            session = await transport.open()
            await asyncio.sleep(0.15)
            with pytest.raises(SessionLost, match="421"):
                await session.deliver(ENVELOPE, CONTENT, before_content=Journal())
            assert ["EHLO"] == [line.split()[0] for line in peer.heard]

    asyncio.run(scenario())


def test_session_never_writes_the_dot_when_the_relay_answers_amid_the_content(
    open_peer: OpenPeer,
) -> None:
    """A reply before the dot cannot be the dot's; without the dot nobody has the message."""

    async def go_and_speak(writer: asyncio.StreamWriter) -> None:
        writer.write(b"354 go\r\n")
        await asyncio.sleep(0.1)  # by now the client waits for us to take its content
        writer.write(b"250 2.0.0 taken\r\n")

    async def scenario() -> bytes:
        async with open_peer({"DATA": go_and_speak}) as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            with pytest.raises(SessionLost, match="without being asked"):
                await session.deliver(ENVELOPE, LARGE, before_content=Journal())
            await asyncio.sleep(0.1)
            return bytes(peer.contents[0])

    content = asyncio.run(scenario())

    assert content
    assert b"\r\n.\r\n" not in content


def test_session_does_not_wait_for_room_once_the_relay_has_spoken(open_peer: OpenPeer) -> None:
    async def refuse_and_sleep(writer: asyncio.StreamWriter) -> None:
        writer.write(b"354 go\r\n")
        await asyncio.sleep(0.1)
        writer.write(b"552 5.3.4 too much\r\n")
        await asyncio.sleep(3600)

    async def scenario() -> None:
        async with (
            open_peer({"DATA": refuse_and_sleep}) as peer,
            transport_to(peer.port, query=SHORT) as transport,
        ):
            session = await transport.open()
            with pytest.raises(SessionLost, match=r"552 5\.3\.4 too much"):
                await session.deliver(ENVELOPE, LARGE, before_content=Journal())

    asyncio.run(scenario())


def test_session_hangs_up_at_once_when_it_is_lost(open_peer: OpenPeer) -> None:
    """What the relay says later must not be heard, nor its line be kept busy."""

    async def scenario() -> bool:
        async with (
            open_peer({"RCPT": b"nonsense\r\n"}) as peer,
            transport_to(peer.port) as transport,
        ):
            session = await transport.open()
            with pytest.raises(SessionLost):
                await session.deliver(ENVELOPE, CONTENT, before_content=Journal())
            await asyncio.wait(peer.tasks, timeout=patience())
            return all(task.done() for task in peer.tasks)

    assert asyncio.run(scenario())


def test_session_gives_up_on_a_relay_that_drips_its_reply(open_peer: OpenPeer) -> None:
    """The deadline is the whole reply's, so that a byte now and then does not hold us for ever."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        for octet in b"250 2.1.0 " + b"." * 1000:
            writer.write(bytes([octet]))
            await writer.drain()
            await asyncio.sleep(0.05)

    async def scenario() -> float:
        loop = asyncio.get_running_loop()
        async with (
            open_peer({"MAIL": drip}) as peer,
            transport_to(peer.port, query=SHORT) as transport,
        ):
            session = await transport.open()
            begun = loop.time()
            with pytest.raises(SessionLost, match=f"{SECONDS:g} seconds"):
                await session.deliver(ENVELOPE, CONTENT, before_content=Journal())
            return loop.time() - begun

    assert asyncio.run(scenario()) < SECONDS + patience(10)


def test_session_gives_up_on_a_relay_that_takes_no_content(open_peer: OpenPeer) -> None:
    async def scenario() -> int:
        async def go_and_sleep(writer: asyncio.StreamWriter) -> None:
            writer.write(b"354 go\r\n")
            await asyncio.sleep(3600)

        async with (
            open_peer({"DATA": go_and_sleep}) as peer,
            transport_to(peer.port, query=SHORT) as transport,
        ):
            session = await transport.open()
            journal = Journal()
            with pytest.raises(SessionLost, match="took nothing more"):
                await session.deliver(ENVELOPE, LARGE, before_content=journal)
            return journal.dots

    assert 1 == asyncio.run(scenario())


def test_session_is_dead_after_a_delivery_was_cancelled(open_peer: OpenPeer) -> None:
    """Which reply is whose, nobody knows afterwards."""

    async def scenario() -> None:
        async with open_peer({"RCPT": SILENCE}) as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(
                    session.deliver(ENVELOPE, CONTENT, before_content=Journal()), 0.1
                )
            with pytest.raises(SessionLost):
                await session.deliver(ENVELOPE, CONTENT, before_content=Journal())

    asyncio.run(scenario())


def test_session_takes_a_new_connection_after_so_many_messages(open_peer: OpenPeer) -> None:
    async def scenario() -> tuple[int, list[str]]:
        async with (
            open_peer() as peer,
            transport_to(peer.port, query="&messages=2") as transport,
        ):
            session = await transport.open()
            for _ in range(5):
                await session.deliver(ENVELOPE, CONTENT, before_content=Journal())
            await session.close()
            return peer.connections, [line.split()[0] for line in peer.heard]

    one = ["MAIL", "RCPT", "DATA"]
    connections, heard = asyncio.run(scenario())

    assert 3 == connections
    assert ["EHLO", *one, *one, "QUIT", "EHLO", *one, *one, "QUIT", "EHLO", *one, "QUIT"] == heard


def test_session_says_size_and_refuses_what_the_relay_cannot_take(open_peer: OpenPeer) -> None:
    """A message that is too large is so for everybody: nobody is to blame but the issue."""

    async def scenario() -> list[str]:
        answers = {"EHLO": b"250-peer\r\n250 SIZE 1000\r\n"}
        async with open_peer(answers) as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            await session.deliver(ENVELOPE, CONTENT, before_content=Journal())
            with pytest.raises(RelayFault, match="1000 at most"):
                await session.deliver(ENVELOPE, CONTENT + b"x\r\n" * 400, before_content=Journal())
            return [line for line in peer.heard if line.startswith("MAIL")]

    assert [f"MAIL FROM:<bounce@example.com> SIZE={len(CONTENT)}"] == asyncio.run(scenario())


@pytest.mark.parametrize(
    "offers", [b"250-peer\r\n250 DSN\r\n", b"250-peer\r\n250-DSN\r\n250 PIPELINING\r\n"]
)
def test_session_asks_for_reports_that_carry_no_content(open_peer: OpenPeer, offers: bytes) -> None:
    """Whether the commands go one by one, together, or with the final dot of the message before."""
    one, two = (
        Envelope(
            reverse_path=f"b+{name}@example.com", recipient=f"{name}@x.example", envelope_id=name
        )
        for name in ("ada", "bob")
    )

    async def scenario() -> list[str]:
        async with open_peer({"EHLO": offers}) as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            await session.deliver(one, CONTENT, before_content=Journal(), following=two)
            await session.deliver(two, CONTENT, before_content=Journal())
            return [line for line in peer.heard if line.startswith(("MAIL", "RCPT"))]

    assert [
        "MAIL FROM:<b+ada@example.com> RET=HDRS ENVID=ada",
        "RCPT TO:<ada@x.example> NOTIFY=FAILURE ORCPT=rfc822;ada@x.example",
        "MAIL FROM:<b+bob@example.com> RET=HDRS ENVID=bob",
        "RCPT TO:<bob@x.example> NOTIFY=FAILURE ORCPT=rfc822;bob@x.example",
    ] == asyncio.run(scenario())


@pytest.mark.parametrize(
    ("path", "is_told"), [("b+ada@example.com", True), ("b@example.com", False)]
)
def test_session_says_what_to_do_where_a_relay_takes_no_reverse_path_of_a_delivery(
    open_peer: OpenPeer, path: str, is_told: bool
) -> None:
    envelope = Envelope(reverse_path=path, recipient="ada@x.example", envelope_id="ada")

    async def scenario() -> str:
        answers = {"MAIL": b"553 5.1.7 no such sender\r\n"}
        async with open_peer(answers) as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            with pytest.raises(RelayFault, match=re.escape(path)) as caught:
                await session.deliver(envelope, CONTENT, before_content=Journal())
            return caught.value.next_step

    assert is_told == ("set verp = false under [sender]" in asyncio.run(scenario()))


def test_session_sends_the_null_reverse_path(open_peer: OpenPeer) -> None:
    async def scenario() -> list[str]:
        async with open_peer() as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            await session.deliver(
                Envelope(reverse_path="", recipient="ada@example.com"),
                CONTENT,
                before_content=Journal(),
            )
            return list(peer.heard[1:3])

    assert ["MAIL FROM:<>", "RCPT TO:<ada@example.com>"] == asyncio.run(scenario())


def test_session_refuses_a_non_ascii_recipient_where_smtputf8_is_not_offered(
    open_peer: OpenPeer,
) -> None:
    envelope = Envelope(reverse_path="b@example.com", recipient="zoë@example.com")

    async def scenario() -> tuple[Reply, list[str]]:
        async with open_peer() as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            reply = await session.deliver(envelope, CONTENT, before_content=Journal())
            return reply, [line.split()[0] for line in peer.heard]

    reply, heard = asyncio.run(scenario())

    assert (
        Reply(
            code=553,
            enhanced_code="5.6.7",
            text="the relay does not offer SMTPUTF8",
            stage=Stage.RCPT,
        )
        == reply
    )
    assert ["EHLO"] == heard


def test_session_blames_itself_for_a_non_ascii_reverse_path(open_peer: OpenPeer) -> None:
    envelope = Envelope(reverse_path="zoë@example.com", recipient="ada@example.com")

    async def scenario() -> None:
        async with open_peer() as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            with pytest.raises(RelayFault, match="SMTPUTF8"):
                await session.deliver(envelope, CONTENT, before_content=Journal())

    asyncio.run(scenario())


def test_session_says_smtputf8_and_8bitmime_where_they_are_needed(open_peer: OpenPeer) -> None:
    envelope = Envelope(reverse_path="b@example.com", recipient="zoë@example.com")
    content = "To: zoë@example.com\r\n\r\nHello\r\n".encode()

    async def scenario() -> list[str]:
        answers = {"EHLO": b"250-peer\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"}
        async with open_peer(answers) as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            await session.deliver(envelope, content, before_content=Journal())
            return list(peer.heard[1:3])

    assert [
        "MAIL FROM:<b@example.com> BODY=8BITMIME SMTPUTF8",
        "RCPT TO:<zoë@example.com>",
    ] == asyncio.run(scenario())


@pytest.mark.parametrize("size", [10, 64 * 1024, 64 * 1024 + 1, 1_000_000])
def test_session_carries_contents_of_all_sizes_octet_for_octet(
    open_peer: OpenPeer, size: int
) -> None:
    line = b".dots and more " + b"x" * 60 + b"\r\n"
    content = b"Subject: x\r\n\r\n" + line * (size // len(line) + 1)

    async def scenario() -> bytes:
        async with open_peer() as peer, transport_to(peer.port) as transport:
            session = await transport.open()
            reply = await session.deliver(ENVELOPE, content, before_content=Journal())
            assert Verdict.ACCEPTED == reply.verdict
            return bytes(peer.contents[0])

    assert content.replace(b"\r\n.", b"\r\n..") + b".\r\n" == asyncio.run(scenario())


@pytest.mark.parametrize(
    ("answer", "step"),
    [
        (b"530 5.7.0 Authentication required\r\n", "name a user in the transport"),
        (b"530 5.7.0 Must issue a STARTTLS command first\r\n", "leave tls=none out"),
        (b"550 5.7.1 not your domain\r\n", "check the reverse-path"),
    ],
)
def test_refused_sender_is_told_what_the_relay_wants(
    answer: bytes, step: str, open_peer: OpenPeer
) -> None:
    fault, *_ = deliver_once(open_peer, {"MAIL": answer})

    assert isinstance(fault, RelayFault)
    assert step in fault.next_step
