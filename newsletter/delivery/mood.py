"""The judge of a relay's mood: tells a refusal of one recipient from a refusal of us all (G9).

Whom a refusal meets decides, not its code. Every reply is evidence for one of two things: a healthy
list, of which one recipient in five may be refused, or a relay that refuses everybody from some
moment on. The evidence is summed as a CUSUM does (Page, Biometrika 41, 1954): a refusal adds the
logarithm of how much likelier it is in the second case, an acceptance takes away, and the sum never
falls below nothing. Recipients of one domain count less after the first, for a dead domain refuses
them all; so do those who were refused before while others were accepted. Words and codes raise or
lower what a refusal adds, and decide nothing by themselves.

No clock, no socket, no journal: replies in, a mood out. What is made of it is left to `settlement`
and `sender`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from newsletter.books import Delivery
from newsletter.delivery.words import OURS, Hint, are_alike, cap_of, folded, hint_of, said
from newsletter.transports import Reply, Verdict

ENOUGH = 19.0
"""The sum at which it is the relay: e to this power is about how often in healthy replies it is
wrongly reached once. Twelve unhinted refusals in a row over different domains make it."""

SUSPECT = 5.0
"""The sum from which on a permanent refusal is not believed at its first hearing."""

_ACCEPTED = -3.7
"""log(0.02 / 0.8): a relay that has turned on us takes one message in fifty."""

_PERMANENT = {
    Hint.NONE: 1.6,  # log(0.98 / 0.2)
    Hint.MAILBOX: 0.4,  # bad addresses stand together in lists: fifty in a row, and it is no list
    Hint.GREYLIST: 0.1,
    Hint.POLICY: 2.6,
    Hint.RATE: 2.6,
    Hint.CAP: 3.2,
}
_TRANSIENT = {**_PERMANENT, Hint.NONE: 0.7, Hint.MAILBOX: 0.2}
"""A healthy list may see every second recipient deferred at a first attempt."""

_SAME_DOMAIN, _SAME_TAKEN_DOMAIN, _SAME_DOMAIN_OURS = 0.15, 0.5, 0.7
_DEAD_DOMAIN = 3.5
"""The most that one domain adds which has taken nothing, however many refusals it gives."""

_FEW_DOMAINS = 5
"""Where so few are heard of and none has taken anything, it is not that all of them are dead: each
refusal counts whole. With the most that a dead one adds, they could never be enough."""

_LONG_ROW, _ITS_DOMAINS = 6, 3
"""A row of refusals of so many people, at so many domains, is suspicious whatever its words."""

_REFUSED_BEFORE = 0.1
_GREYLISTED = 0.0

_SECOND_TRIES = 3
"""So many taken at a second try: what defers first tries is a greylist."""

_KEPT_WORDS = 16


class Mood(StrEnum):
    """What the replies come to."""

    WELL = "takes mail"
    NOT_NOW = "takes nobody's mail now"
    CAPPED = "takes no more in this time"
    AGAINST_US = "refuses everybody"


@dataclass
class Judge:
    """Hears every reply of a send, and those at the end of the one before it.

    `receivers` has the domains that belong together, by the name of their receiver: they live or
    die as one. `words` are the relay's, of the refusal heard last. `cap` is how long a cap lasts
    that it has stated.
    """

    receivers: Mapping[str, str] = field(default_factory=dict)
    mood: Mood = Mood.WELL
    words: str = ""
    cap: timedelta = timedelta(days=1)
    _sum: float = 0.0
    _highest: float = 0.0
    _taken_domains: set[str] = field(default_factory=set)
    _domains: set[str] = field(default_factory=set)
    _row: set[int] = field(default_factory=set)
    _row_domains: dict[str, float] = field(default_factory=dict)
    _row_words: list[tuple[frozenset[str], int]] = field(default_factory=list)
    _row_refusals: int = 0
    _row_moods: Counter[Mood] = field(default_factory=Counter)
    _common: list[tuple[frozenset[str], set[int]]] = field(default_factory=list)
    _deferred: set[int] = field(default_factory=set)
    _second_tries: int = 0

    @property
    def is_bad(self) -> bool:
        return self.mood is not Mood.WELL

    @property
    def is_suspicious(self) -> bool:
        """Whether the row of refusals is such that no permanent one of it is believed at once."""
        is_long = len(self._row) >= _LONG_ROW and len(self._row_domains) >= _ITS_DOMAINS
        return is_long or self._highest >= SUSPECT

    def accept(self, delivery: Delivery) -> None:
        """The relay took a message: what it refused before was not everybody's."""
        self._taken_domains.add(self._hear_of(delivery))
        if delivery.id in self._deferred:
            self._second_tries += 1
        if not self._row and not self.is_bad:
            return
        self._sum = 0.0 if self.is_bad else max(self._sum + _ACCEPTED, 0.0)
        self.mood = Mood.WELL
        self._highest = self._sum
        self._row.clear()
        self._row_domains.clear()
        self._row_words.clear()
        self._row_refusals = 0
        self._row_moods.clear()

    def refuse(self, reply: Reply, delivery: Delivery) -> None:
        """The relay refused a recipient, for now or for good."""
        weight = self._weight(reply, delivery)
        self._sum = min(self._sum + weight, 2 * ENOUGH)
        self._highest = max(self._highest, self._sum)
        self._remember(reply, delivery, weight)
        self.words = said(reply)
        self.cap = cap_of(reply) or self.cap
        if self._sum >= ENOUGH:
            self.mood = self._row_moods.most_common(1)[0][0]

    def is_common(self, reply: Reply) -> bool:
        """Whether another recipient was refused in these words too."""
        return any(
            len(heard) > 1 and are_alike(words, folded(reply)) for words, heard in self._common
        )

    def expect(self, mood: Mood, words: str) -> None:
        """Begin with what is known of the relay from another run: one acceptance ends it."""
        self.mood, self.words, self._sum = mood, words, ENOUGH

    def is_told_again(self, reply: Reply) -> bool:
        """Whether a refusal is in the words that most of the row has heard."""
        most, _ = max(self._row_words, key=lambda each: each[1], default=(frozenset(), 0))
        return are_alike(most, folded(reply))

    def heard_before(self, delivery: Delivery, *, accepted_at: int) -> None:
        """Of an earlier send: at which try it was taken, counted from 1."""
        self._second_tries += accepted_at > 1
        self.accept(delivery)

    def _weight(self, reply: Reply, delivery: Delivery) -> float:
        hint, domain = hint_of(reply), self._hear_of(delivery)
        is_transient = reply.verdict is Verdict.TRANSIENT
        weight = (_TRANSIENT if is_transient else _PERMANENT)[hint]
        if domain in self._row_domains and not self._are_few:
            weight = self._again_of(domain, weight, hint)
        weight *= self._share_of(folded(reply))
        if delivery.id in self._row or (delivery.attempts and hint not in OURS):
            weight *= _REFUSED_BEFORE
        if is_transient and hint not in OURS and self._second_tries >= _SECOND_TRIES:
            weight *= _GREYLISTED
        return weight

    @property
    def _are_few(self) -> bool:
        """Whether one domain is all there is; or a few are, of which none is known to live."""
        return len(self._domains) <= (1 if self._taken_domains else _FEW_DOMAINS)

    def _hear_of(self, delivery: Delivery) -> str:
        """The domain of its recipient, or whose that is."""
        domain = delivery.recipient.domain
        domain = self.receivers.get(domain, domain)
        if len(self._domains) <= _FEW_DOMAINS:
            self._domains.add(domain)
        return domain

    def _share_of(self, words: frozenset[str]) -> float:
        """How much of the row is in these words, this one included: a relay has few of its own,
        and other servers, whose words it passes on, have each their own.
        """
        alike = sum(count for known, count in self._row_words if are_alike(known, words))
        return (alike + 1) / (self._row_refusals + 1)

    def _again_of(self, domain: str, weight: float, hint: Hint) -> float:
        """What a refusal of a domain adds that has refused another recipient in this row."""
        if hint in OURS:
            return weight * _SAME_DOMAIN_OURS
        if domain in self._taken_domains:
            return weight * _SAME_TAKEN_DOMAIN
        return min(weight * _SAME_DOMAIN, max(_DEAD_DOMAIN - self._row_domains[domain], 0.0))

    def _remember(self, reply: Reply, delivery: Delivery, weight: float) -> None:
        words, domain = folded(reply), self._hear_of(delivery)
        self._row.add(delivery.id)
        self._row_domains[domain] = self._row_domains.get(domain, 0.0) + weight
        self._row_moods[_mood_of(reply)] += 1
        if reply.verdict is Verdict.TRANSIENT:
            self._deferred.add(delivery.id)
        if not delivery.attempts:  # else it is known to be the recipient's own
            self._remember_words(words)
        for known, heard in self._common:
            if are_alike(known, words):
                heard.add(delivery.id)
                return
        if len(self._common) < _KEPT_WORDS:
            self._common.append((words, {delivery.id}))

    def _remember_words(self, words: frozenset[str]) -> None:
        self._row_refusals += 1
        for at, (known, count) in enumerate(self._row_words):
            if are_alike(known, words):
                self._row_words[at] = (known, count + 1)
                return
        if len(self._row_words) < _KEPT_WORDS:
            self._row_words.append((words, 1))


def _mood_of(reply: Reply) -> Mood:
    """What a relay means that says this to everybody."""
    hint = hint_of(reply)
    if hint is Hint.CAP:
        return Mood.CAPPED
    is_for_now = hint is Hint.RATE or reply.verdict is Verdict.TRANSIENT
    return Mood.NOT_NOW if is_for_now else Mood.AGAINST_US
