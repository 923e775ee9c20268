"""What a column is, by its name: as the usual exports spell it, or by the words it is made of.

The spellings are those of Mailchimp, Substack, Buttondown, Ghost, listmonk, Kit and beehiiv, of our
own export, and of people. There are far more systems than these, and languages: so whatever else
speaks of leaving, bouncing or agreeing is known by its words. Better somebody too many is named in
the plan as gone than one who has left is written to.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache


class Meaning(Enum):
    """What a column is. Weak ones say only that somebody has gone, and are attributes as well."""

    TAGS = auto()
    ATTRIBUTES = auto()
    STATUS = auto()
    WEAK_STATUS = auto()
    WANTS = auto()
    WANTS_NOT = auto()
    WAITS = auto()
    AGREED = auto()
    WEAK_AGREED = auto()
    GONE_AT = auto()
    WEAK_GONE = auto()
    BOUNCED_AT = auto()
    COMPLAINED_AT = auto()
    CONSENT_SOURCE = auto()
    CONSENT_AT = auto()
    SOURCE = auto()
    CREATED_AT = auto()
    UPDATED_AT = auto()
    PAUSED_UNTIL = auto()
    SUPPRESSED = auto()
    SUPPRESSED_BECAUSE = auto()
    SUPPRESSED_AT = auto()


# In the order of preference: beside "email", an "address" is one of bricks.
ADDRESSES = (
    *("email", "e mail", "email address", "e mail address", "subscriber email", "contact email"),
    *("emailaddress", "mail address", "e mail adresse", "email adresse", "emailadresse"),
    *("mailadresse", "adresse e mail", "adresse email", "adresse mail", "adresse courriel"),
    *("adresse de messagerie", "courriel", "correo electronico", "direccion de correo"),
    *("direccion de correo electronico", "direccion de email", "indirizzo email"),
    *("indirizzo e mail", "indirizzo mail", "indirizzo di posta elettronica", "e mailadres"),
    *("emailadres", "endereco de e mail", "endereco de email", "adres e mail", "adres email"),
    *("e postadress", "epostadress", "e post", "epost", "correo", "mail", "subscriber", "address"),
    "e mail 1 value",  # Google's contacts
)
FIRST_NAMES = (
    *("first name", "firstname", "fname", "given name", "vorname", "prenom", "voornaam"),
    *("primeiro nome", "fornamn", "imie", "nombre", "name"),
)
HASHES = ("sha256", "email sha256", "sha256 email", "email hash", "hashed email", "hash")

_SPELLINGS: Mapping[Meaning, Sequence[str]] = {
    Meaning.TAGS: ("tags", "tag", "labels", "label", "groups"),
    Meaning.ATTRIBUTES: ("attributes", "attribs", "metadata"),
    Meaning.STATUS: ("status", "subscriber type"),
    Meaning.WEAK_STATUS: ("state", "type", "statut", "stato", "estado", "stan", "stop status"),
    Meaning.WANTS: ("subscribed to emails", "subscribed", "email enabled"),
    Meaning.AGREED: (
        *("opt in", "optin", "opted in", "double opt in", "confirmed", "is confirmed"),
        *("email confirmed", "verified", "email verified", "activated"),
    ),
    Meaning.WANTS_NOT: ("email disabled", "unsubscribed", "opted out", "opt out", "optout"),
    Meaning.GONE_AT: (
        *("unsubscribed at", "unsub time", "unsubscribe time", "unsubscription date"),
        *("unsubscribed on", "unsubscribe date", "unsubscribed date", "opt out time"),
        *("optout time", "opted out at", "cancelled at", "canceled at", "deleted at", "removed at"),
        *("stop time", "deactivated"),
    ),
    Meaning.BOUNCED_AT: (
        *("bounced at", "bounced", "bounce", "hard bounced", "cleaned", "cleaned at", "clean time"),
        *("cleaned on", "cleaned date", "undeliverability date"),
    ),
    Meaning.COMPLAINED_AT: ("complained at", "complained", "complaint", "spam complaint"),
    Meaning.CONSENT_SOURCE: ("consent source", "consent"),
    Meaning.CONSENT_AT: (
        *("consent at", "confirm time", "confirmed at", "confirmation date", "optin time"),
        *("opt in time", "opt in date", "opted in at", "double opt in at", "subscribed at"),
        *("subscribed on", "consent date", "confirmation time", "confirmed opt in date"),
        *("subscribed date", "date subscribed", "subscribe date", "subscription date"),
        *("confirmed on", "email confirmed at", "verified at", "email verified at"),
    ),
    Meaning.SOURCE: ("source", "signup source", "sign up source", "utm source", "referrer url"),
    Meaning.CREATED_AT: (
        *("created at", "created", "creation date", "created on", "date added", "date created"),
        *("joined at", "signup date", "sign up date", "added time", "added at", "date joined"),
    ),
    Meaning.UPDATED_AT: ("updated at",),
    Meaning.PAUSED_UNTIL: ("paused until",),
    Meaning.SUPPRESSED: ("suppressed",),
    Meaning.SUPPRESSED_BECAUSE: ("suppressed because",),
    Meaning.SUPPRESSED_AT: ("suppressed at",),
}
OF_STANDING = frozenset(
    {Meaning.STATUS, Meaning.WEAK_STATUS, Meaning.WANTS, Meaning.WANTS_NOT, Meaning.WAITS}
    | {Meaning.AGREED}
    | {Meaning.WEAK_AGREED, Meaning.GONE_AT, Meaning.WEAK_GONE, Meaning.BOUNCED_AT}
    | {Meaning.COMPLAINED_AT, Meaning.SUPPRESSED}
)
"""Those that say who has gone, or has not agreed."""

YES_BY_DATE = frozenset(
    {"confirmed at", "confirmed on", "email confirmed at", "verified at", "email verified at"}
)
"""Of the dates of a yes, those of a confirmation: who has none has not confirmed."""

_MEANINGS = {name: meaning for meaning, names in _SPELLINGS.items() for name in names}
_PREFERENCE = {name: place for place, name in enumerate(_MEANINGS)}

_ABOUT = (
    r"(?:(?:is|has|have|currently|e|email|mail|emails|newsletter|marketing|contact|member|user"
    r"|global|the|of|to|from|by|double|single|gdpr|rgpd|dsgvo) )*"
)
_TO_LEAVE = (
    r"(?:is)?un ?sub(?:s|scri\w+)?|excluded from|opt(?:ed|s)? ?out|(?:black|block) ?list\w*"
    r"|do ?not ?(?:e ?)?(?:mail|contact|send)|dnc|no (?:e ?)?mails?|deactivat\w+|suppress\w+"
    r"|abgemeldet|abmeld\w+|ausgetragen|austrag\w+|abbestell\w+|des(?:abonn|inscri|uscri)\w+"
    r"|disiscri\w+|(?:fecha de )?baja|afgemeld|afmeld\w+|uitgeschreven|uitschrijf\w+|descadastr\w+"
    r"|wypis\w+|avregistr\w+|avprenum\w+|avanmal\w+"
)
_TO_BOUNCE = r"bounced?|(?:hard|email) ?bounced?|undeliver\w+|unzustell\w+|rebond\w*|rebotad\w+"
_TO_COMPLAIN = r"complain\w*|marked as spam|(?:reported|spam) (?:as )?(?:spam|reports?|complaints?)"
_OF_SOMETHING_ELSE = (
    r"(?:sms|whatsapp|push|phone|mobile|link|links|url|uri|href|hash|uuid|guid|secret|header|token|id|ids|key|code|count|counts|counter|number|num|rate|score"
    r"|total|page|form|text|group|clicks?|soft|sum|percent)"
)
_HOW = r"(?:reason|reasons|comment|feedback|campaign|title|source|ip|method|other)"
_STATE = r"(?:status|state|statut|stato|estado|stan)"
_OF_MAIL = (
    r"(?:e?mails?|marketing|newsletter|subscription|subscriber|permission|consent|opt|optin"
    r"|global|list|abonnement|inscription|abo|suscripcion)"
)
_AGREED = (
    r"(?:opt(?:ed)? ?in|confirmed|verified|activated|validated|consent(?:ed|s)?(?: given)?|agreed"
    r"|newsletter|mailing list|subscription|e?mail marketing|permission"
    r"|accepts? (?:e?mail )?marketing|gdpr|rgpd|dsgvo|einwilligung"
    r"|consentement|consentimiento|consenso|toestemming|bestatigt"
    r"|confirme|confirmado|confermato|bevestigd)"
)
_WANTED = (
    r"(?:subscribed?|active|enabled|mailable|emailable|marketable|allowed|abonniert|angemeldet"
    r"|(?:is|newsletter) subscriber|(?:allows?|can) (?:be )?(?:e ?mails?|e ?mailed|mailings?)"
    r"|(?:receives?|wants?|gets?) (?:the )?(?:e ?mails?|newsletters?|mailings?))"
)
_GONE = r"(?:inactive|disabled|deleted|archived|removed|banned|blocked|invalid|inaktiv|geloscht)"


def _holding(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b")


_PATTERNS: Sequence[tuple[re.Pattern[str], Meaning]] = (
    (_holding(f"(?:{_TO_LEAVE}).*{_HOW}"), Meaning.WEAK_GONE),
    (_holding(_TO_LEAVE), Meaning.GONE_AT),
    (_holding(_TO_COMPLAIN), Meaning.COMPLAINED_AT),
    (_holding(_TO_BOUNCE), Meaning.BOUNCED_AT),
    (re.compile(rf"(?=.*\b{_STATE}\b).*\b{_OF_MAIL}\b"), Meaning.STATUS),
    (re.compile(rf"\A{_ABOUT}{_AGREED}\Z"), Meaning.WEAK_AGREED),
    (re.compile(rf"\A(?:{_ABOUT}{_WANTED})\Z"), Meaning.WANTS),
    (re.compile(rf"\A{_ABOUT}(?:opt ?in )?(?:pending|un(?:confirm|verifi)ed)\Z"), Meaning.WAITS),
    (re.compile(rf"\A{_ABOUT}{_GONE}(?: (?:at|on|date|time|am))?\Z"), Meaning.WANTS_NOT),
)
_ELSE = _holding(_OF_SOMETHING_ELSE)


@lru_cache(maxsize=1024)
def meaning_of(words: str) -> Meaning | None:
    """What a column of this name is, in plain words; None for an attribute.

    >>> meaning_of("date unsubscribed").name, meaning_of("unsubscribe link")
    ('GONE_AT', None)
    """
    if (spelt := _MEANINGS.get(words)) is not None:
        return spelt
    if _ELSE.search(words):
        return None
    return next((meaning for pattern, meaning in _PATTERNS if pattern.search(words)), None)


def preference_of(words: str) -> int:
    """The smaller is asked first, where several columns of a file have one meaning."""
    return _PREFERENCE.get(words, len(_PREFERENCE))
