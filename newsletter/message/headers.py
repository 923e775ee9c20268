"""The header fields that an issue owes to its sender and its list: From, List-Id, how to leave.

Every function checks what it is given and returns whole fields, CRLF included; how a field is
written is left to `fields`. RFC 5322 (3.6.2), 2369, 2919, 6068, 8058.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import MessageError
from newsletter.message.fields import check_ascii, check_text, field, mailbox_field, phrase

MAX_URL = 700
"""Octets, so that the line it stands on, a token of 200 included, keeps below 998."""

ONE_CLICK = field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
"""RFC 8058, 3.1."""

_BASE_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~!$&'*+;=:@%-]+)*")
_URL = re.compile(r"(?:https?://|mailto:)[A-Za-z0-9._~!$&'*+;=:@%/?#-]+")
_LIST_ID = re.compile(r"(?=.{3,255}\Z)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
"""255 octets at most: RFC 2919, 3."""
_FEEDBACK_ID = re.compile(r"(?:[A-Za-z0-9._-]*:){0,3}[A-Za-z0-9._-]{5,15}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """The originator and the list's identity: the same for every issue.

    `reverse_path` belongs to the envelope; it is kept here because it goes with the rest, and
    held to the same rules. `verp` says that each delivery has one of its own made of it.
    `base_url` is https without a slash at its end.
    """

    mailbox: Mailbox
    reply_to: Mailbox | None
    reverse_path: AddrSpec
    list_id: str
    list_name: str
    base_url: str
    unsubscribe_mailbox: AddrSpec | None
    help_url: str | None
    archive_url: str | None
    feedback_id: str | None
    verp: bool = True


def originator_fields(sender: Sender) -> bytes:
    """From and Reply-To. Raises MessageError for an address or name that cannot stand there.

    The issue goes to servers with and without SMTPUTF8, so what is the same for all is ASCII.
    """
    mailboxes = {"From": sender.mailbox}
    if sender.reply_to:
        mailboxes["Reply-To"] = sender.reply_to
    check_ascii(sender.reverse_path, what="reverse-path", where="sender")
    for name, mailbox in mailboxes.items():
        check_ascii(mailbox.addr_spec, what=f"{name} address", where="sender")
        check_text(mailbox.display_name, what=f"{name} display-name", where="sender")
    return b"".join(mailbox_field(name, mailbox) for name, mailbox in mailboxes.items())


def list_fields(sender: Sender) -> bytes:
    """List-Id, List-Post, List-Help, List-Archive and Feedback-ID, as far as they are set."""
    fields = [_list_id(sender), field("List-Post", "NO")]
    for name, url in (("List-Help", sender.help_url), ("List-Archive", sender.archive_url)):
        if url is not None:
            _check(_URL, url, what=name, allowed="an https, http or mailto URL in ASCII")
            fields.append(field(name, f"<{url}>"))
    if sender.feedback_id is not None:
        allowed = "up to four fields, the last of 5 to 15 characters: issue:list:stream:sender"
        _check(_FEEDBACK_ID, sender.feedback_id, what="Feedback-ID", allowed=allowed)
        fields.append(field("Feedback-ID", sender.feedback_id))
    return b"".join(fields)


def membership_fields(sender: Sender, token: str) -> bytes:
    """What a letter to one subscriber says of its list, and how they leave it by their `token`."""
    leave = token.encode("ascii").join(unsubscribe_pieces(sender))
    return _list_id(sender) + leave + ONE_CLICK


def _list_id(sender: Sender) -> bytes:
    """The name is left out where it would need an encoded-word: readers of List-Id match it raw."""
    check_text(sender.list_name, what="list name", where="sender")
    _check(_LIST_ID, sender.list_id, what="List-Id", allowed="a name with a dot: list.example.com")
    words = phrase("List-Id", sender.list_name) if sender.list_name else []
    if any("=?" in word for word in words):
        words = []
    return field("List-Id", *words, f"<{sender.list_id}>")


def _check(pattern: re.Pattern[str], value: str, *, what: str, allowed: str) -> None:
    check_text(value, what=what, where="sender")
    if pattern.fullmatch(value) is None or len(value) > MAX_URL:
        raise MessageError(f"the {what} {value!r} is malformed", where="sender", next_step=allowed)


def unsubscribe_pieces(sender: Sender) -> tuple[bytes, ...]:
    """List-Unsubscribe cut where a reader's token goes in: joined by it, the pieces are the field.

    https first, then mailto where there is a mailbox for it, folded between the two only
    (RFC 8058, 3.1; RFC 2369, 2; RFC 6068, 2).
    """
    _check(_BASE_URL, sender.base_url, what="base URL", allowed="https, no slash at its end")
    link = f"List-Unsubscribe: <{sender.base_url}/unsubscribe/"
    mailbox = sender.unsubscribe_mailbox
    if mailbox is None:
        return link.encode(), b">\r\n"
    check_ascii(mailbox, what="unsubscribe address", where="sender")
    local_part = quote(mailbox.local_part, safe="!$'*+-._~")
    between = f">,\r\n <mailto:{local_part}@{mailbox.domain}?subject=unsubscribe%20"
    return link.encode(), between.encode(), b">\r\n"
