"""Mailboxes and addr-specs (RFC 5322, 3.4): parsed, normalised and held to RFC 5321's lengths.

An address is normalised once, at the door, and compared by its `key` ever after. Plain ASCII
addresses, nearly all there are, take a short way; all others go to the email-validator package,
which also turns an international domain into its A-label (RFC 5891). No DNS is asked.
"""

import re
from dataclasses import dataclass
from unicodedata import normalize

from newsletter.errors import AddressError

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATEXT}(?:\.{_ATEXT})*)@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})")
_DOTTED = re.compile(r"""("?)([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+)\1@([^@]+)""")
"""Dots wherever somebody put them, with or without quotation marks round the local-part."""
_RESERVED = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})
_MAILBOX = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<>"]*?))\s*<([^<>]*)>\s*')
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ACCENTED = frozenset("àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿßāăąćčďđēėęěğģīįķĺļľłńņňōőœŕřśşšţťūůűųźżž")
"""Letters that nobody takes for a letter of another word."""

MAX_LOCAL_PART = 64
MAX_ADDRESS = 254
"""Octets: RFC 5321, 4.5.3.1.1 and 4.5.3.1.3 (a path of 256 includes its angle brackets)."""


@dataclass(frozen=True, slots=True)
class AddrSpec:
    """`local_part@domain`; the domain is lower case and in A-labels."""

    local_part: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local_part}@{self.domain}"

    @property
    def key(self) -> str:
        """What two spellings of one mailbox have in common, for "the same person"."""
        return str(self).lower()

    @property
    def is_ascii(self) -> bool:
        """False where the server must offer SMTPUTF8 (RFC 6531)."""
        return self.local_part.isascii()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`display_name <addr_spec>`; the display-name may be empty."""

    display_name: str
    addr_spec: AddrSpec

    def __str__(self) -> str:
        if not self.display_name:
            return str(self.addr_spec)
        return f"{self.display_name} <{self.addr_spec}>"


def parse_addr_spec(text: str, *, lenient: bool = False) -> AddrSpec:
    """Parse and normalise one address. Raises AddressError, which says what is wrong with it.

    A `lenient` reader takes dots at the ends of the local-part and next to each other, as old
    Japanese telephones had them. On the wire such a one is a quoted-string (RFC 5321, 4.1.2), and
    so it is here; both spellings are one mailbox.

    >>> str(parse_addr_spec("Ada@EXAMPLE.com"))
    'Ada@example.com'
    >>> str(parse_addr_spec("a..b@docomo.ne.jp", lenient=True))
    '"a..b"@docomo.ne.jp'
    """
    text = text.strip(" ")
    if len(text) > 4 * MAX_ADDRESS:  # an international one may be longer as it is written
        raise AddressError("the address is longer than RFC 5321 allows", where=f"{text[:40]!r}…")
    if lenient and (dotted := _DOTTED.fullmatch(text)):
        return _dotted(dotted[2], dotted[3])
    match = _PLAIN.fullmatch(text)
    if match is None or len(text) > MAX_ADDRESS or "--" in match[2]:
        return _validated(text)
    local_part, domain = match[1], match[2].lower()
    if len(local_part) > MAX_LOCAL_PART or domain[domain.rindex(".") + 1 :] in _RESERVED:
        return _validated(text)
    return AddrSpec(local_part, domain)


def _dotted(local_part: str, domain: str) -> AddrSpec:
    if ".." not in local_part and "." not in (local_part[0], local_part[-1]):
        return parse_addr_spec(f"{local_part}@{domain}")
    quoted = f'"{local_part}"'
    spec = AddrSpec(quoted, parse_addr_spec(f"x@{domain}").domain)
    if len(quoted) > MAX_LOCAL_PART or len(str(spec)) > MAX_ADDRESS:
        raise AddressError("the address is longer than RFC 5321 allows", where=repr(str(spec)))
    return spec


def _validated(text: str) -> AddrSpec:
    from email_validator import EmailNotValidError, validate_email  # slow to import, seldom needed

    if _CONTROL.search(text):
        raise AddressError("the address holds a control character", where=repr(text))
    if "\ufffd" in text:
        raise AddressError("the address lost a character on its way (U+FFFD)", where=ascii(text))
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise AddressError(f"not a mail address: {error}", where=repr(text)) from error
    _check_likeness(text, f"{found.local_part}@{found.domain.lower()}")
    spec = AddrSpec(found.local_part, found.ascii_domain.lower())
    if len(spec.local_part.encode()) > MAX_LOCAL_PART or len(str(spec).encode()) > MAX_ADDRESS:
        raise AddressError("the address is longer than RFC 5321 allows", where=repr(text))
    return spec


def _check_likeness(text: str, taken: str) -> None:
    """Raises AddressError for an address that would be folded onto another one.

    A letter with its accent in one piece or in two is the same letter; one that only looks like
    another (UAX #15, compatibility and singletons), or that an international domain leaves out
    (UTS #46), is not: somebody else's address may be meant.
    """
    domain = text.rpartition("@")[2]
    odd = next((one for one in text if normalize("NFKC", one) != one), "")
    meant = zip(domain.lower().split("."), taken.rpartition("@")[2].split("."), strict=False)
    if not odd and all(typed.isascii() or normalize("NFC", typed) == own for typed, own in meant):
        return
    odd = odd or next(one for one in domain if not one.isascii())
    sign = f"“{odd}” (U+{ord(odd):04X})" if odd.isprintable() else f"U+{ord(odd):04X}"
    raise AddressError(
        f"the address holds {sign} and only looks like {normalize('NFKC', taken)}",
        where=ascii(text),
        next_step="type it anew, or ask whose it is",
    )


def parse_mailbox(text: str) -> Mailbox:
    """Parse `Name <address>`, `"Na, me" <address>` or a bare address. Raises AddressError."""
    if _CONTROL.search(text):
        raise AddressError("the mailbox holds a control character", where=repr(text))
    match = _MAILBOX.fullmatch(text)
    if match is None:
        return Mailbox("", parse_addr_spec(text))
    quoted, bare, address = match.groups()
    name = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
    return Mailbox(" ".join(name.split()), parse_addr_spec(address))


def domain_words(domain: str) -> str:
    """A domain as people read it. What could pass for another one keeps its A-labels beside it.

    Accented Latin letters stand by themselves; of all other scripts some look like Latin (UTS #39).

    >>> domain_words("xn--bcher-kva.example"), domain_words("example.com")
    ('bücher.example', 'example.com')
    >>> domain_words("xn--e1afmkfd.example")
    'пример.example (xn--e1afmkfd.example)'
    """
    if "xn--" not in domain:
        return domain
    read = ".".join(map(_label_read, domain.split(".")))
    if read == domain or all(map(_is_plainly_latin, read)):
        return read
    return f"{read} ({domain})"


def _label_read(label: str) -> str:
    """A label in Unicode (RFC 3492); as it is where it is not the A-label of letters alone."""
    if not label.startswith("xn--"):
        return label
    try:
        read = label.removeprefix("xn--").encode("ascii").decode("punycode")
        is_whole = f"xn--{read.encode('punycode').decode('ascii')}" == label
    except UnicodeError:
        return label
    is_letters = all(each.isalpha() or each in "-0123456789" for each in read)
    return read if is_whole and is_letters and not read.isascii() else label


def _is_plainly_latin(character: str) -> bool:
    return character.isascii() or character in _ACCENTED
