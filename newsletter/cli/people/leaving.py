"""`newsletter subscribers remove, unsubscribe, resubscribe`: off the list, out of it, and back."""

import typer

from newsletter.cli.console import good, say, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.opening import publication_here
from newsletter.cli.people.options import Address, Reason, Yes, ask_or_stop
from newsletter.cli.wording import command_for
from newsletter.errors import Act, Remedy
from newsletter.publishing.people import keeping
from newsletter.publishing.people.keeping import Left
from newsletter.subscribers import SubscriberState


def remove(address: Address, yes: Yes = False) -> None:
    """Take one person off the list, as if they had never been on it.

    An import may bring them back. Who asked to be left alone is unsubscribed instead.
    """
    publication = publication_here()
    spec = keeping.address_said(address, publication.settings)
    with publication.acting() as books:
        member = keeping.member_of(spec, books)
        if member is None:
            say(f"{spec} is not on the list; nothing has changed.")
            return
        has_left = member.state is SubscriberState.UNSUBSCRIBED
        lost = ", and forget that they have left" if has_left else ""
        ask_or_stop(f"Take {spec} off the list{lost}?", yes=yes)
        keeping.remove(spec, books)
    say(good(f"{spec} is off the list."))
    say(
        "An import or a sign-up may bring them back: "
        "`newsletter subscribers unsubscribe` or `suppress` would not let an import do so."
    )


def unsubscribe(address: Address, yes: Yes = False) -> None:
    """Note that somebody has asked to be left alone; no import brings them back.

    Who is not on the list goes to the suppression list. They may sign up again themselves.
    """
    publication = publication_here()
    spec = keeping.address_said(address, publication.settings)
    with publication.acting() as books:
        ask_or_stop(f"Unsubscribe {spec}?", yes=yes or keeping.has_left(spec, books))
        left = keeping.unsubscribe(spec, books)
    words = {
        Left.LEFT: good(
            f"{spec} is unsubscribed; an issue that is being sent leaves them out too."
        ),
        Left.STRANGER: good(
            f"{spec} was not on the list, and is suppressed now: no import adds it."
        ),
        Left.ALREADY: f"{spec} had left already; nothing has changed.",
    }
    say(words[left])


def resubscribe(address: Address, reason: Reason = "", yes: Yes = False) -> None:
    """Bring somebody back who asks for it; the reason is kept as their consent.

    A suppression is not lifted by it.
    """
    publication = publication_here()
    spec = keeping.address_said(address, publication.settings)
    why = keeping.reason_said(reason)
    with publication.acting() as books:
        member = keeping.member_of(spec, books)
        is_away = member is not None and member.state is not SubscriberState.CONFIRMED
        ask_or_stop(f"Send to {spec} again?", yes=yes or not is_away)
        found = keeping.resubscribe(spec, why, books)
    is_back = f"{spec} is on the list again."
    say(good(is_back) if found.is_new else f"{spec} is on the list already; nothing has changed.")
    if found.suppression is not None:
        command = command_for(Remedy(Act.UNSUPPRESS, str(spec)))
        say(
            warning(
                f"Nothing is sent to them: they are suppressed "
                f"({found.suppression.words}); if that no longer holds: `{command}`"
            )
        )
        raise typer.Exit(ExitStatus.FOUND)
