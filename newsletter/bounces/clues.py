"""What may prove whose a message is: from its fields, and from the copy of ours that it carries.

All of it is a claim until a MAC of ours is found in it, which `publishing` looks for. RFC 3461
(4.4), 3464 (2.2.1), 5965 (3.2), 8058 and 8601 are where these fields come from.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from newsletter.bounces.charsets import words_decoded
from newsletter.bounces.mime import Fields, Part
from newsletter.bounces.naming import addresses_in, distinct, recipient_named, tidied
from newsletter.bounces.outline import Outline
from newsletter.bounces.replies import asked_tokens
from newsletter.bounces.understanding import Clues, Vouching

_CAME_TO = (
    "delivered-to", "x-original-to", "x-delivered-to", "envelope-to", "x-envelope-to", "x-rcpt-to",
    "resent-to", "to", "apparently-to",
)  # fmt: skip
_REVERSE_PATHS = ("return-path", "x-return-path", "x-envelope-from", "x-sender", "errors-to")
_MOST = 100

_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,998})\s*>")
_BARE_ID = re.compile(r"[^<>\s]{1,500}@[^<>\s]{1,498}")
_SAID_ID = re.compile(r"message-?\s?id\s{0,3}:?\s{0,3}<([^<>\s]{1,998})>", re.IGNORECASE)
_TOKEN = re.compile(
    r"/unsubscribe/([A-Za-z0-9._~-]{8,256})|[?&]subject=unsubscribe(?:%20|\+|\s)([A-Za-z0-9._~-]{8,256})",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"^list-unsubscribe\s?:((?:.*\n?)(?:[ \t]+.*\n?){0,12})", re.IGNORECASE | re.MULTILINE
)
_ENVELOPE = re.compile(
    r"envelope-(?:from|sender)\s{0,3}[:=]?\s{0,3}<?([^\s<>()]{1,128}@[^\s<>();]{1,255})",
    re.IGNORECASE,
)
"""Servers on the way write the reverse-path into Received, where it outlives Return-Path."""
_MOST_NESTED = 8
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.){0,1000}\"")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"^\s*(dkim|spf|dmarc)\s*=\s*(\w*)", re.IGNORECASE)
_DOMAIN = re.compile(
    r"\b(?:header\.d|header\.i|header\.from|smtp\.mailfrom|smtp\.mail)\s*=\s*\"?([^\s;\"]{1,320})",
    re.IGNORECASE,
)


def clues_of(outline: Outline, recipient: str) -> Clues:
    """`recipient` is who the envelope named, as the mail server that handed it over says."""
    top = outline.top
    reports = [
        fields for text in (*outline.reports, *outline.feedback) for fields in [_lines(text)]
    ]
    copies = [*outline.copies, *reports]
    came_to = [
        each for value in top.every(*_CAME_TO) for each in addresses_in(words_decoded(value))
    ]
    return Clues(
        addressed_to=distinct([tidied(recipient), *came_to])[:_MOST],
        reverse_paths=distinct(_reverse_paths(copies))[:_MOST],
        message_ids=distinct(_message_ids(outline, copies))[:_MOST],
        unsubscribe_tokens=distinct(_tokens(outline))[:_MOST],
        envelope_ids=distinct(_values(reports, "original-envelope-id"))[:_MOST],
        sent_to=distinct(_sent_to(outline.copies, reports))[:_MOST],
        author=_author(top),
        authenticated=tuple(_vouched(top))[:_MOST],
    )


def _sent_to(copies: Sequence[Fields], reports: Sequence[Fields]) -> Iterator[str]:
    yield from (recipient_named(value) for value in _values(reports, "original-recipient"))
    yield from (tidied(words_decoded(value)) for value in _values(copies, "to"))


def _author(top: Part) -> str:
    """Who wrote it, "" where more than one is named: who is vouched for would then be a guess."""
    named = {each for value in top.every("from") for each in addresses_in(words_decoded(value))}
    return next(iter(named)) if len(named) == 1 else ""


def _lines(text: str) -> Fields:
    """Fields of a machine's report, whatever groups they stand in."""
    fields = []
    for line in text.split("\n")[:2000]:
        name, colon, value = line.partition(":")
        if colon and len(name) < 80:
            fields.append((name.strip().lower(), value.strip()))
    return fields


def _values(copies: Sequence[Fields], *names: str) -> Iterator[str]:
    for fields in copies:
        for name in names:
            yield from (value for each, value in fields if each == name)


def _reverse_paths(copies: Sequence[Fields]) -> Iterator[str]:
    for value in _values(copies, *_REVERSE_PATHS, "original-mail-from"):
        yield tidied(value)
    for value in _values(copies, "received", "received-spf"):
        yield from (tidied(each) for each in _ENVELOPE.findall(value[:4000]))


def _message_ids(outline: Outline, copies: Sequence[Fields]) -> Iterator[str]:
    """Those of copies first, then what the words quote, then what it says to be an answer to."""
    told = ("message-id", "x-message-id", "original-message-id", "x-original-message-id")
    for value in _values(copies, *told):
        yield from _ids(value)
    for text in (outline.words, outline.markup):
        yield from _SAID_ID.findall(text)
    for value in outline.top.every("original-message-id", "in-reply-to", "references"):
        yield from _ids(value)


def _ids(value: str) -> list[str]:
    return _MESSAGE_ID.findall(value[:8000]) or _BARE_ID.findall(value[:1000])[:1]


def _tokens(outline: Outline) -> Iterator[str]:
    yield from asked_tokens(outline)
    values = list(_values(outline.copies, "list-unsubscribe"))
    values += _LEAVING.findall(outline.words)
    for value in values:
        joined = re.sub(r"\s+(?!=)", "", value[:4000]) if "<" in value else value
        for link, subject in _TOKEN.findall(joined) or _TOKEN.findall(unquote(joined)):
            yield link or subject


def _vouched(top: Part) -> Iterator[Vouching]:
    """RFC 8601: who says it, and the domain that passed.

    The last server's field is topmost. One further down with its name may be the sender's own (5),
    so that of each method a server is believed in its first field alone, and in none that stands
    behind the trace of an earlier one.
    """
    settled: set[tuple[str, str]] = set()
    passed: set[str] = set()
    for name, value in top.fields:
        if name == "received":
            passed |= {server for server, _ in settled}
        elif name == "authentication-results":
            server, results = _results(value)
            for method, is_passed, domains in results:
                if is_passed and server not in passed and (server, method) not in settled:
                    for domain in domains:
                        yield Vouching(server=server, method=method, domain=domain)
            settled |= {(server, method) for method, _, _ in results}


def _results(value: str) -> tuple[str, list[tuple[str, bool, list[str]]]]:
    """The server, and of each result the method, whether it passed, and whose domains."""
    server, *results = _without_foreign_words(value[:8000]).split(";")
    found = [
        (match[1].lower(), match[2].lower() == "pass", _domains(result))
        for result in results[:50]
        if (match := _RESULT.match(result))
    ]
    return (server.split() or [""])[0].lower(), found


def _domains(result: str) -> list[str]:
    return [each.rpartition("@")[2].strip(".").lower() for each in _DOMAIN.findall(result)]


def _without_foreign_words(value: str) -> str:
    """Without comments and quoted strings, in which a sender may have written more results.

    "" where some of it is left open: nobody vouches for anything then.
    """
    value = _QUOTED.sub(" ", value)
    for _ in range(_MOST_NESTED):
        value = _COMMENT.sub(" ", value)
    return "" if any(each in value for each in '()"') else value


def joined(outer: Clues, inner: Clues) -> Clues:
    """Clues of a message and of the one it carries; who wrote the outer one is the author."""
    return Clues(
        addressed_to=distinct([*outer.addressed_to, *inner.addressed_to]),
        reverse_paths=distinct([*outer.reverse_paths, *inner.reverse_paths]),
        message_ids=distinct([*outer.message_ids, *inner.message_ids]),
        unsubscribe_tokens=distinct([*outer.unsubscribe_tokens, *inner.unsubscribe_tokens]),
        envelope_ids=distinct([*outer.envelope_ids, *inner.envelope_ids]),
        sent_to=distinct([*outer.sent_to, *inner.sent_to]),
        author=outer.author,
        authenticated=outer.authenticated,
    )
