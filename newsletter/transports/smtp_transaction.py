"""The mail transaction: MAIL, RCPT, DATA, the content, the final dot (RFC 5321, 3.3).

Knows which reply at which stage blames whom: a refused MAIL is our fault and nobody's else, a
refused RCPT or content is this recipient's, and from the final dot on a reply that cannot be heard
leaves its recipient in doubt (RFC 1047). Connecting is left to `smtp`, octets to `smtp_wire`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.errors import RelayFault, SessionLost
from newsletter.transports.admission import needs_smtputf8
from newsletter.transports.base import BeforeContent, Envelope, Reply, Stage
from newsletter.transports.smtp_reply import WireReply
from newsletter.transports.smtp_wire import SmtpWire

SERVICE_NOT_AVAILABLE = 421
"""RFC 5321, 3.8 and 4.2.3: the server closes the connection, whatever was asked."""

START_MAIL_INPUT = 354
MAILBOX_NAME_NOT_ALLOWED = 553
NON_ASCII_ADDRESS_NOT_PERMITTED = "5.6.7"
"""RFC 6531, 3.5: what a server says in place of a non-ASCII address it cannot take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """Seconds for each stage, as RFC 5321, 4.5.3.2 has them (its subsection beside each).

    The one of the final dot is long because a receiver that is cut short there may deliver all
    the same, and again on the next attempt.
    """

    mail: float = 300.0  # .2
    rcpt: float = 300.0  # .3
    data: float = 120.0  # .4
    block: float = 180.0  # .5
    final_dot: float = 600.0  # .6


class MailTransaction:
    """One after another on one connection; `extensions` is what the relay offered to EHLO."""

    def __init__(self, wire: SmtpWire, extensions: Mapping[str, str], timeouts: Timeouts) -> None:
        self._wire = wire
        self._extensions = extensions
        self._timeouts = timeouts
        self._is_half_done = False

    async def run(
        self, envelope: Envelope, content: bytes, *, before_content: BeforeContent
    ) -> Reply:
        """Deliver one message, as `base.Session.deliver` promises."""
        refusal = self._refuse_beforehand(envelope, content)
        if refusal is not None:
            return refusal
        await self._reset_if_half_done()
        reply = await self._open_envelope(envelope, content)
        if reply is not None:
            return reply
        await before_content()
        refused = await self._say(b"DATA", Stage.DATA)
        if refused is not None:
            return refused
        await self._wire.send_content(_stuffed(content), block_seconds=self._timeouts.block)
        # Up to here nobody can have the message: without the dot it is no message.
        self._wire.send(b".\r\n")
        return await self._hear_final_reply()

    def _refuse_beforehand(self, envelope: Envelope, content: bytes) -> Reply | None:
        limit = self._extensions.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < len(content):
            raise RelayFault(
                f"the message has {len(content)} octets and the relay takes {int(limit)} at most",
                where=self._wire.where,
                next_step="make the issue smaller, or use another relay",
            )
        if not needs_smtputf8(envelope) or "smtputf8" in self._extensions:
            return None
        if not envelope.reverse_path.isascii():
            raise RelayFault(
                f"the relay does not offer SMTPUTF8, which {envelope.reverse_path} needs",
                where=self._wire.where,
                next_step="set a reverse-path in ASCII",
            )
        return Reply(
            code=MAILBOX_NAME_NOT_ALLOWED,
            enhanced_code=NON_ASCII_ADDRESS_NOT_PERMITTED,
            text="the relay does not offer SMTPUTF8",
            stage=Stage.RCPT,
        )

    async def _reset_if_half_done(self) -> None:
        """A refusal leaves the server in the middle; RSET only when there is a next message."""
        if self._is_half_done:
            reply = await self._ask(b"RSET", Stage.MAIL)
            if reply.code >= 400:
                raise self._end(f"the relay answered RSET with {reply}")
            self._is_half_done = False

    async def _open_envelope(self, envelope: Envelope, content: bytes) -> Reply | None:
        mail = f"MAIL FROM:<{envelope.reverse_path}>{self._parameters(envelope, content)}"
        reply = await self._ask(mail.encode(), Stage.MAIL)
        if reply.code >= 500:
            raise RelayFault(
                f"the relay refuses mail from <{envelope.reverse_path}>: {reply}",
                where=self._wire.where,
                next_step="check the reverse-path and what this account may send",
            )
        if reply.code >= 400:
            return _reply(reply, Stage.MAIL)
        self._is_half_done = True
        return await self._say(f"RCPT TO:<{envelope.recipient}>".encode(), Stage.RCPT)

    def _parameters(self, envelope: Envelope, content: bytes) -> str:
        size = f" SIZE={len(content)}" if "size" in self._extensions else ""  # RFC 1870
        eight_bit = "" if content.isascii() else " BODY=8BITMIME"  # RFC 6152
        return size + eight_bit + (" SMTPUTF8" if needs_smtputf8(envelope) else "")

    async def _say(self, command: bytes, stage: Stage) -> Reply | None:
        """The reply as the recipient's, where it is a refusal."""
        reply = await self._ask(command, stage)
        return _reply(reply, stage) if reply.code >= 400 else None

    async def _ask(self, command: bytes, stage: Stage) -> WireReply:
        """Ask and hear. Raises SessionLost also for 421 and for a reply that cannot be right."""
        self._wire.send(command + b"\r\n")
        seconds = {
            Stage.MAIL: self._timeouts.mail,
            Stage.RCPT: self._timeouts.rcpt,
            Stage.DATA: self._timeouts.data,
        }[stage]
        reply = await self._wire.read_reply(seconds=seconds)
        is_expected = reply.code == START_MAIL_INPUT if stage is Stage.DATA else reply.code < 300
        if reply.code == SERVICE_NOT_AVAILABLE or not (is_expected or reply.code >= 400):
            raise self._end(f"the relay answered {_first_word(command)} with {reply}")
        return reply

    def _end(self, why: str) -> SessionLost:
        self._wire.kill(why)
        return SessionLost(why, where=self._wire.where, next_step="open a new session")

    async def _hear_final_reply(self) -> Reply:
        try:
            reply = await self._wire.read_reply(seconds=self._timeouts.final_dot)
        except SessionLost as lost:
            return Reply(code=None, enhanced_code="", text=lost.what, stage=Stage.FINAL_DOT)
        self._is_half_done = False
        if reply.code == SERVICE_NOT_AVAILABLE or 300 <= reply.code < 400:
            self._wire.kill(f"the relay answered the content with {reply}")
        if 300 <= reply.code < 400:
            return Reply(code=None, enhanced_code="", text=str(reply), stage=Stage.FINAL_DOT)
        return _reply(reply, Stage.FINAL_DOT)


def _reply(reply: WireReply, stage: Stage) -> Reply:
    return Reply(code=reply.code, enhanced_code=reply.enhanced_code, text=reply.text, stage=stage)


def _first_word(command: bytes) -> str:
    return command.split(maxsplit=1)[0].decode()


def _stuffed(content: bytes) -> bytes:
    """The content with a dot doubled at every line's start (RFC 5321, 4.5.2)."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
