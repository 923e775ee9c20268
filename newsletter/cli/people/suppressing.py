"""`newsletter subscribers suppress, unsuppress`: whom nothing is ever sent to, and no longer so."""

from enum import StrEnum
from typing import Annotated

import typer

from newsletter.books import minute
from newsletter.cli.console import good, say
from newsletter.cli.opening import publication_here
from newsletter.cli.people.options import Key, Reason, Yes, ask_or_stop
from newsletter.cli.wording import command_for
from newsletter.errors import Act, Remedy
from newsletter.publishing.people import keeping
from newsletter.subscribers import Subscriber, SubscriberState, SuppressionKind, is_hash


class Kind(StrEnum):
    """The kinds of suppression, without a blank to quote."""

    UNSUBSCRIBED = "unsubscribed"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    BY_HAND = "by-hand"
    ERASED = "erased"


def suppress(
    address: Key,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, for the books.", show_default=False)
    ] = "",
    kind: Annotated[Kind, typer.Option("--kind", help="What it comes of.")] = Kind.BY_HAND,
    yes: Yes = False,
) -> None:
    """Put an address, or the hash of one, on the suppression list; no import and no send passes it.

    What is suppressed by hand, the person's own sign-up does not lift; all else it does.
    """
    publication = publication_here()
    key = keeping.key_said(address, publication.settings)
    with publication.acting() as books:
        found = books.database.suppressions.find(key)
        wanted = SuppressionKind[kind.name]
        has_it = found is not None and not found.kind.gives_way_to(wanted)
        ask_or_stop(f"Never mail {_named(key)} again?", yes=yes or has_it)
        is_new = keeping.suppress(key, wanted, reason, books)
        is_stranger = not is_hash(key) and not books.database.subscribers.find([key])
    if is_new:
        say(good(f"{_named(key)} is now suppressed."))
        if is_stranger:
            say("It is not on the list, and no import will put it there.")
    elif found is not None:
        said = f"{found.words}, since {minute(found.created_at)}"
        say(f"{_named(key)} was already suppressed ({said}); nothing has changed.")


def unsuppress(address: Key, reason: Reason = "", yes: Yes = False) -> None:
    """Take an address, or the hash of one, off the suppression list; the reason is kept."""
    publication = publication_here()
    key = keeping.key_said(address, publication.settings)
    why = keeping.reason_said(reason)
    with publication.acting() as books:
        found = books.database.suppressions.find(key)
        if found is None:
            say(f"{_named(key)} is not suppressed; nothing has changed.")
            return
        words = found.words
        ask_or_stop(f"{_named(key)} is suppressed ({words}). Lift it?", yes=yes)
        lifted = keeping.unsuppress(key, why, books)
    say(good(f"{_named(key)} is no longer suppressed."))
    if not is_hash(key):
        say(_what_now(key, lifted.member))


def _what_now(key: str, member: Subscriber | None) -> str:
    if member is None:
        command = command_for(Remedy(Act.ADD_SUBSCRIBER, key))
        return f"They are not on the list; if they ask to be: `{command}`"
    if member.state is SubscriberState.CONFIRMED:
        return "They are on the list, and are sent the next issue."
    command = command_for(Remedy(Act.RESUBSCRIBE, key))
    return f"They are {member.state}, so nothing is sent; if they ask for it: `{command}`"


def _named(key: str) -> str:
    return f"{key[:19]}…" if is_hash(key) else key
