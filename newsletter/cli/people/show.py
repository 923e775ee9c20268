"""`newsletter subscribers show`: everything that is known of one person, on one page."""

from newsletter.cli.console import say
from newsletter.cli.formats import AsFormat, Format, say_record
from newsletter.cli.opening import publication_here
from newsletter.cli.people.options import Address
from newsletter.cli.people.person import person_data, person_lines
from newsletter.publishing.people.finding import file_of
from newsletter.publishing.people.keeping import address_said


def show(address: Address, format_: AsFormat = Format.TEXT) -> None:
    """Show all that is known of one person: how they stand, why, and what they were sent.

    With --format json it is what a person who asks for their data can be given.
    """
    publication = publication_here()
    spec = address_said(address, publication.settings)
    with publication.reading() as books:
        file, now = file_of(spec, books), books.now()
    if format_ is Format.JSON:
        say_record(person_data(str(spec), file, now))
        return
    for line in person_lines(str(spec), file, now):
        say(line)
