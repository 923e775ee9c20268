"""The list's header fields, looked at in a message of the composer that makes the real ones."""

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser

from newsletter.addresses import AddrSpec
from newsletter.message import Composer, Reader, RenderedIssue
from newsletter.publishing.doctoring.finding import Finding, Found, Level, SenderRule
from newsletter.publishing.publication import Publication

_LEAVING = ("List-Unsubscribe", "List-Unsubscribe-Post")
_WANTED = (*_LEAVING, "List-Id")
_TEXT = "looked at, and sent to nobody"


def headers(publication: Publication) -> Iterator[Finding]:
    """Raises NewsletterError where no message can be made, or not be signed."""
    message = _specimen(publication)
    missing = [name for name in _WANTED if name not in message]
    if missing or "https://" not in message["List-Unsubscribe"]:
        what = f"{' and '.join(missing) or 'an https link to leave by'} is not in a message"
        yield _finding(Level.BAD, Found.MISSING, what)
        return
    signatures = message.get_all("DKIM-Signature") or []
    if not signatures:
        what = "List-Unsubscribe, its -Post and List-Id are in every message, and not signed here"
        step = "see that the relay’s signature covers the first two (h=, RFC 8058, 4)"
        yield _finding(Level.INFO, Found.NOT_SIGNED, what, step)
    elif all(map(_covers, signatures)):
        what = "List-Unsubscribe, its -Post and List-Id are in every message, and signed"
        yield _finding(Level.OK, Found.SOUND, what)
    else:
        what = "a signature does not cover the fields to leave by (h=)"
        yield _finding(Level.BAD, Found.INVALID, what)


def _finding(level: Level, found: Found, what: str, step: str = "") -> Finding:
    rule = SenderRule.ONE_CLICK
    return Finding(name="headers", level=level, what=what, step=step, found=found, rule=rule)


def _covers(signature: str) -> bool:
    """RFC 8058, 4: a signature must cover both fields."""
    tags = dict(part.strip().partition("=")[::2] for part in "".join(signature.split()).split(";"))
    covered = {name.strip().lower() for name in tags.get("h", "").split(":")}
    return {name.lower() for name in _LEAVING} <= covered


def _specimen(publication: Publication) -> Message:
    issue = RenderedIssue(
        name="doctor",
        subject=_TEXT,
        html=f"<p>{_TEXT}</p>",
        text=_TEXT,
        placeholders=(),
        date=publication.this_second(),
    )
    signer = publication.open_signer()
    composer = Composer(issue, publication.settings.sender, signer=signer)
    reader = Reader(
        address=AddrSpec("nobody", "example.com"),
        display_name="",
        fields={"unsubscribe_token": "specimen"},
        message_id_mac="specimen",
    )
    return BytesHeaderParser().parsebytes(composer.compose(reader))
