"""`newsletter subscribers forget`: erasure, and what it cannot reach."""

from newsletter.cli.console import good, say
from newsletter.cli.opening import publication_here
from newsletter.cli.people.options import Address, Yes, ask_or_stop
from newsletter.publishing.people import keeping
from newsletter.subscribers import hashed

_WHAT_GOES = (
    "Their name, tags, attributes, consent and history go; what was sent stays in the books as sent"
    " to nobody in particular."
)
_WHAT_STAYS = (
    "What stays is a hash of the address, so that no import brings it back. Backups made before"
    " still hold them: they go when the backups do."
)


def forget(address: Address, yes: Yes = False) -> None:
    """Erase all that is held about one person, but for a hash that keeps them off the list.

    It cannot be undone. Backups, exports and the relay's own log are not reached by it.
    """
    publication = publication_here()
    spec = keeping.address_said(address, publication.settings)
    with publication.acting() as books:
        if not keeping.is_known(spec, books):
            say(f"Nothing that names {spec} is held; nothing has changed.")
            return
        if not yes:
            say(f"{_WHAT_GOES} {_WHAT_STAYS}")
        ask_or_stop(f"Erase {spec} for good?", yes=yes)
        keeping.forget(spec, books)
    say(good(f"{spec} is forgotten."))
    say(f"{_WHAT_STAYS} The hash is {hashed(spec.key)}.")
