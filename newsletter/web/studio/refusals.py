"""A refusal in the words of the command: what happened, where, and what to do next."""

from newsletter.errors import NewsletterError
from newsletter.publishing.publication import Publication


def line_of(error: NewsletterError, publication: Publication) -> str:
    """One line; where an act mends it, the next step is what the command line calls it."""
    return error.told(publication.word)
