"""The transport `recording:`: keeps everything in memory, and answers what it was told to.

For tests of whatever delivers, ours and those of others. It behaves as a relay does: what it is
told to say at MAIL or RCPT is said before anything of the content could be had.
"""

from collections import defaultdict, deque
from dataclasses import dataclass

from newsletter.errors import TransportError
from newsletter.transports.admission import admit
from newsletter.transports.base import BeforeContent, Envelope, Reply, Stage, Surroundings, Verdict
from newsletter.transports.named import NamedByURL
from newsletter.transports.url import TransportURL

ACCEPTED = Reply(code=250, enhanced_code="2.0.0", text="recorded", stage=Stage.FINAL_DOT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One call of `deliver` and what it was answered."""

    envelope: Envelope
    content: bytes
    reply: Reply


class RecordingTransport(NamedByURL):
    """`attempts` has every reply in the order it was given, over all sessions."""

    def __init__(
        self, url: TransportURL | None = None, surroundings: Surroundings | None = None
    ) -> None:
        super().__init__(url or TransportURL(scheme="recording"), surroundings)
        self.attempts: list[Recorded] = []
        self.sessions_opened = 0
        self._told: defaultdict[str, deque[Reply | TransportError]] = defaultdict(deque)

    def tell(self, recipient: str, *answers: Reply | TransportError) -> None:
        """Answer the next deliveries to a recipient so, one after another; then accept again.

        An error is raised before the content, as a session does that loses its relay.
        """
        self._told[recipient].extend(answers)

    def relent(self) -> None:
        """Accept from now on, whatever it was told."""
        self._told.clear()

    @property
    def deliveries(self) -> tuple[Recorded, ...]:
        """The attempts that were accepted."""
        return tuple(each for each in self.attempts if each.reply.verdict is Verdict.ACCEPTED)

    async def open(self) -> "RecordingSession":
        self.sessions_opened += 1
        return RecordingSession(self)

    def next_answer(self, recipient: str) -> Reply | TransportError:
        told = self._told[recipient]
        return told.popleft() if told else ACCEPTED


class RecordingSession:
    def __init__(self, transport: RecordingTransport) -> None:
        self._transport = transport

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        del following
        admit(envelope, content)
        answer = self._transport.next_answer(envelope.recipient)
        if isinstance(answer, TransportError):
            raise answer
        if answer.stage not in (Stage.MAIL, Stage.RCPT):
            await before_content()
        self._transport.attempts.append(Recorded(envelope=envelope, content=content, reply=answer))
        return answer

    async def close(self) -> None:
        return None
