"""The mail transaction: MAIL, RCPT, DATA, the content, the final dot (RFC 5321, 3.3).

Knows which reply at which stage blames whom: a refused MAIL is our fault and nobody's else, a
refused RCPT or content is this recipient's, and from the final dot on a reply that cannot be heard
leaves its recipient in doubt (RFC 1047). Where the relay offers PIPELINING (RFC 2920), MAIL, RCPT
and DATA are one packet, and travel with the final dot of the message before: one round trip a
message. Connecting is left to `smtp`, octets to `smtp_wire`.
"""

from contextlib import suppress
from functools import lru_cache

from newsletter.errors import RelayFault, SessionLost
from newsletter.transports.admission import needs_smtputf8
from newsletter.transports.base import (
    AUTHENTICATION_REQUIRED,
    SERVICE_NOT_AVAILABLE,
    BeforeContent,
    Envelope,
    Reply,
    Stage,
)
from newsletter.transports.options import Timeouts
from newsletter.transports.smtp_command import (
    DATA,
    FINAL_DOT,
    RSET,
    Extensions,
    mail_command,
    packet,
    rcpt_command,
)
from newsletter.transports.smtp_reply import WireReply
from newsletter.transports.smtp_wire import SmtpWire

START_MAIL_INPUT = 354
MAILBOX_NAME_NOT_ALLOWED = 553
NON_ASCII_ADDRESS_NOT_PERMITTED = "5.6.7"
"""RFC 6531, 3.5: what a server says in place of a non-ASCII address it cannot take."""


class MailTransaction:
    """One after another on one connection; `extensions` is what the relay offered to EHLO.

    `announced` is whose MAIL, RCPT and DATA went out with the last final dot: the next message
    must be for that envelope. `was_broken_off` says that the journal forbade the final dot, so
    the connection was dropped for a reason that is not the relay's.
    """

    def __init__(self, wire: SmtpWire, extensions: Extensions, timeouts: Timeouts) -> None:
        self._wire = wire
        self._extensions = extensions
        self._timeouts = timeouts
        self._is_pipelining = "pipelining" in extensions
        self._takes_utf8 = "smtputf8" in extensions
        limit = extensions.get("size", "")
        self._limit = int(limit) if limit.isdecimal() else 0
        self._is_half_done = False
        self._seconds = {
            Stage.MAIL: timeouts.mail,
            Stage.RCPT: timeouts.rcpt,
            Stage.DATA: timeouts.data,
        }
        self.announced: Envelope | None = None
        self.was_broken_off = False

    async def run(
        self,
        envelope: Envelope,
        content: bytes,
        stuffed: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        """Deliver one message, as `base.Session.deliver` promises; `stuffed` is its content with
        doubled dots.
        """
        refusal = self._refuse_beforehand(envelope, content)
        if refusal is None and not self._take_announced():
            refusal = await self._open_envelope(envelope, content)
        if refusal is not None:
            return refusal
        # All but the final dot is on its way while the journal writes down that it may arrive.
        rest = self._wire.begin_content(stuffed)
        try:
            await before_content()
        except Exception:
            self.was_broken_off = True
            self._wire.kill("the journal forbade the final dot")
            raise
        if rest or not self._wire.is_clear:
            await self._wire.finish_content(rest, block_seconds=self._timeouts.block)
        # Up to here nobody can have the message: without the dot it is no message.
        self._wire.send(FINAL_DOT + self._announce(following))
        try:
            reply = await self._wire.read_reply(seconds=self._timeouts.final_dot)
        except SessionLost as lost:
            return Reply(code=None, enhanced_code="", text=lost.what, stage=Stage.FINAL_DOT)
        return self._final(reply)

    def _refuse_beforehand(self, envelope: Envelope, content: bytes) -> Reply | None:
        if 0 < self._limit < len(content):
            raise RelayFault(
                f"the message has {len(content)} octets and the relay takes {self._limit} at most",
                where=self._wire.where,
                next_step="make the issue smaller, or use another relay",
            )
        if self._takes_addresses_of(envelope):
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

    def _takes_addresses_of(self, envelope: Envelope) -> bool:
        return self._takes_utf8 or not needs_smtputf8(envelope)

    def _announce(self, following: Envelope | None) -> bytes:
        """The commands for the next message, where the relay takes them now; remembers whose."""
        if following is None or not self._is_pipelining or not self._takes_addresses_of(following):
            return b""
        self.announced = following
        return packet(following, self._extensions)

    def _take_announced(self) -> bool:
        """Take the relay's yes to what was announced; False where it is not here, or is none."""
        if self.announced is None or not self._wire.take_all_three():
            return False
        self.announced = None
        self._is_half_done = True
        return True

    async def _open_envelope(self, envelope: Envelope, content: bytes) -> Reply | None:
        """MAIL, RCPT and DATA; the recipient's reply where that was a refusal."""
        if self.announced is not None:
            self.announced = None
            return await self._hear_all_three(envelope)
        if not self._is_pipelining:
            await self._reset_if_half_done()
            return await self._open_step_by_step(envelope, content)
        reset = RSET if self._is_half_done else b""
        self._wire.send(reset + packet(envelope, self._extensions, size=len(content)))
        if reset:
            await self._hear_reset()
        return await self._hear_all_three(envelope)

    async def _open_step_by_step(self, envelope: Envelope, content: bytes) -> Reply | None:
        self._wire.send(mail_command(envelope, self._extensions, size=len(content)))
        refusal = await self._hear_mail(envelope)
        rcpt = rcpt_command(envelope, self._extensions)
        for command, stage in ((rcpt, Stage.RCPT), (DATA, Stage.DATA)):
            if refusal is None:
                self._wire.send(command)
                refusal = _refusal(await self._hear(stage), stage)
        return refusal

    async def _hear_all_three(self, envelope: Envelope) -> Reply | None:
        """The replies to a packet of MAIL, RCPT and DATA: every one must be heard (RFC 2920, 3.1).

        The first refusal settles the recipient, whatever comes after it.
        """
        refusal = await self._hear_mail(envelope)
        if refusal is not None:
            await self._hear_out(None)
            return refusal
        rcpt = await self._hear(Stage.RCPT)
        refusal = _refusal(rcpt, Stage.RCPT)
        if refusal is not None:
            await self._hear_out(rcpt)
            return refusal
        return _refusal(await self._hear(Stage.DATA), Stage.DATA)

    async def _hear_mail(self, envelope: Envelope) -> Reply | None:
        reply = await self._hear(Stage.MAIL)
        if reply.code >= 500:
            self._wire.kill(f"the relay answered MAIL with {reply}")
            raise RelayFault(
                f"the relay refuses mail from <{envelope.reverse_path}>: {reply}",
                where=self._wire.where,
                next_step=_step_after_refused(envelope, reply),
            )
        self._is_half_done = True
        return _refusal(reply, Stage.MAIL)

    async def _hear_out(self, rcpt: WireReply | None) -> None:
        """Hear the rest after a refusal, so that the next reply is not taken for another's.

        A relay that takes DATA though nobody is to have the message gets a dot and nothing else
        (RFC 2920, 3.1), but only where it refused the one recipient: else somebody might be sent
        an empty message. A connection that ends here changes nothing for the recipient.
        """
        with suppress(SessionLost):
            rcpt = rcpt or await self._wire.read_reply(seconds=self._timeouts.rcpt)
            data = await self._hear(Stage.DATA)
            if data.code != START_MAIL_INPUT:
                return
            if rcpt.code < 400:
                raise self._end("the relay refused MAIL, and took RCPT and DATA")
            self._wire.send(FINAL_DOT)
            reply = await self._wire.read_reply(seconds=self._timeouts.final_dot)
            if reply.code == SERVICE_NOT_AVAILABLE or 300 <= reply.code < 400:
                raise self._end(f"the relay answered an empty message with {reply}")

    async def _reset_if_half_done(self) -> None:
        """A refusal leaves the server in the middle; RSET only when there is a next message."""
        if self._is_half_done:
            self._wire.send(RSET)
            await self._hear_reset()

    async def _hear_reset(self) -> None:
        reply = await self._wire.read_reply(seconds=self._timeouts.mail)
        if reply.code >= 300:
            raise self._end(f"the relay answered RSET with {reply}")
        self._is_half_done = False

    async def _hear(self, stage: Stage) -> WireReply:
        """A command's reply. Raises SessionLost also for 421 and for one that cannot be right."""
        reply = await self._wire.read_reply(seconds=self._seconds[stage])
        is_expected = reply.code == START_MAIL_INPUT if stage is Stage.DATA else reply.code < 300
        if reply.code == SERVICE_NOT_AVAILABLE or not (is_expected or reply.code >= 400):
            raise self._end(f"the relay answered {stage.value.upper()} with {reply}")
        return reply

    def _end(self, why: str) -> SessionLost:
        self._wire.kill(why)
        return SessionLost(why, where=self._wire.where, next_step="open a new session")

    def _final(self, reply: WireReply) -> Reply:
        """The reply to the final dot, as the recipient's."""
        self._is_half_done = False
        if reply.code == SERVICE_NOT_AVAILABLE or 300 <= reply.code < 400:
            self._wire.kill(f"the relay answered the content with {reply}")
        if 300 <= reply.code < 400:
            return Reply(code=None, enhanced_code="", text=str(reply), stage=Stage.FINAL_DOT)
        return _reply(reply, Stage.FINAL_DOT)


def _step_after_refused(envelope: Envelope, reply: WireReply) -> str:
    """530 is for whoever has not said who they are, or says it in clear (RFC 4954, 6; 3207, 4)."""
    if reply.code == AUTHENTICATION_REQUIRED:
        if "STARTTLS" in reply.text.upper():
            return "leave tls=none out of the transport"
        return "name a user in the transport, smtp://user@host, and set its password"
    step = "check the reverse-path and what this account may send"
    if envelope.envelope_id and f"+{envelope.envelope_id}@" in envelope.reverse_path:
        return f"{step}; where it takes no +, set verp = false under [sender]"
    return step


def _refusal(reply: WireReply, stage: Stage) -> Reply | None:
    """The reply as the recipient's, where it is a refusal."""
    return _reply(reply, stage) if reply.code >= 400 else None


@lru_cache(maxsize=64)  # a relay says the same of nearly every message
def _reply(reply: WireReply, stage: Stage) -> Reply:
    return Reply(code=reply.code, enhanced_code=reply.enhanced_code, text=reply.text, stage=stage)
