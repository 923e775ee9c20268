"""What a publication sends with: its secret key and its transport; and whether its site answers."""

from collections.abc import Iterator

from newsletter.errors import NewsletterError
from newsletter.publishing.agenda.item import Item, Kind, Urgency
from newsletter.publishing.outside import Outside
from newsletter.publishing.publication import Publication


def means_items(publication: Publication, urgency: Urgency) -> Iterator[Item]:
    """What is missing to send with; how urgent that is depends on what is to be sent."""
    environment, folder = publication.settings.environment, publication.settings.folder
    if environment.secret_key is None:
        files = tuple(name for name in (".env", ".env.example") if (folder / name).exists())
        yield Item(kind=Kind.NO_KEY, urgency=urgency, facts={"files": files})
        if files == (".env.example",) and environment.transport is None:
            return  # a copy of that brings a transport along
    try:
        publication.open_transport()
    except NewsletterError as error:
        facts = {"fault": "; ".join(error.faults) or error.what, "step": error.next_step}
        yield Item(kind=Kind.TRANSPORT, urgency=urgency, facts=facts, remedy=error.remedy)


def site_items(publication: Publication, outside: Outside) -> Iterator[Item]:
    """The site is asked by its public address, as mail providers ask it."""
    base_url = publication.settings.publication.base_url
    if fault := outside.fault(base_url):
        facts = {"base_url": base_url, "fault": fault}
        yield Item(kind=Kind.SITE, urgency=Urgency.NOW, facts=facts)
