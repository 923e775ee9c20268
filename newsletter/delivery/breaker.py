"""The circuit breaker: tells a relay that refuses us from one that refuses a recipient.

Knows which permanent replies may be a policy against the whole list (RFC 3463, 3.8: X.7.X), and
when they have come so often in a row that the run must stop. What is written down for whom is left
to `settlement`. A refused MAIL, AUTH or TLS never comes here: it is a fault of ours at once.

Nobody is marked for a fault of ours, and a reply cannot say whose fault it is. So a policy reply
is not believed the first time: its delivery is deferred, and believed when it is heard again while
the relay accepts others. A reply without an enhanced code is believed unless it repeats, word for
word, what was said to another recipient, with no acceptance between.
"""

from dataclasses import dataclass

from newsletter.books import Delivery
from newsletter.errors import RelayFault
from newsletter.transports import Reply, Verdict

POLICY_ROW = 10
"""First attempts refused for the same policy, with no acceptance between, that stop a run."""

NOT_BELIEVED = "a policy of the relay's, perhaps against the whole list; tried once more"

_POLICY = "5.7."


@dataclass
class Breaker:
    """`is_proven` says that the relay does take mail of ours.

    To begin with that is false as long as the run has recipients who were never tried, and true
    for a run of which only retries are left: what was said to everybody need not be theirs.
    """

    where: str
    is_proven: bool = False
    _words: str = ""
    _row: int = 0

    def hear(self, reply: Reply, delivery: Delivery) -> bool:
        """Take in a reply, as every one of a run must be; True where it is believed.

        Believed means that it is the recipient's own affair.
        """
        if reply.verdict is Verdict.ACCEPTED:
            self.is_proven, self._words, self._row = True, "", 0
            return True
        words = _policy_words(reply, delivery)
        if not words:
            return True
        is_repeated = words == self._words
        if delivery.attempts == 0:
            self._row = self._row + 1 if is_repeated else 1
            self._words = words
            return words != _POLICY and not is_repeated
        return self.is_proven or (words != _POLICY and not is_repeated)

    def fault(self, reply: Reply) -> RelayFault | None:
        """The fault that the row of refusals stands for, when it is long enough."""
        if self._row < POLICY_ROW:
            return None
        said = " ".join(filter(None, (str(reply.code), reply.enhanced_code, reply.text)))
        return RelayFault(
            f"{self._row} recipients in a row were refused for the same reason: {said}",
            where=self.where,
            next_step="settle it with whoever runs the relay, then run the same command again",
        )


def _policy_words(reply: Reply, delivery: Delivery) -> str:
    """What makes two policy refusals the same; "" where this is none."""
    if reply.verdict is not Verdict.PERMANENT:
        return ""
    if reply.enhanced_code:
        return _POLICY if reply.enhanced_code.startswith(_POLICY) else ""
    return f"{reply.code} {reply.text}".replace(str(delivery.recipient), "")
