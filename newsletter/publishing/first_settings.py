"""The settings of a new publication: what follows from the answers that started it.

The text they are put into is our own newsletter.toml, which shows and explains every key.
"""

from collections.abc import Mapping
from typing import Any

from newsletter.addresses import Mailbox
from newsletter.books import key_of
from newsletter.languages import language_of, marks_of
from newsletter.message import has_room
from newsletter.publishing.answers import Answers
from newsletter.schedule import WEEKDAYS
from newsletter.settings import FILE_NAME, Values, with_values
from newsletter.starter import new_key, starter_folder

_LONGEST_LABEL = 40
"""Characters of the name in the List-Id, before the domain."""


def settings_text(answers: Answers) -> str:
    """The whole of newsletter.toml, with a key that no other publication has."""
    text = (starter_folder() / FILE_NAME).read_text(encoding="utf-8")
    return with_values(text, _values(answers), _shown(answers))


def _values(answers: Answers) -> Values:
    own = answers.own
    followed = {
        "publication": _publication(answers),
        "sender": _sender(answers),
        "house": _house(answers),
        "schedule": {
            "weekday": WEEKDAYS[answers.weekday],
            "time": f"{answers.time:%H:%M}",
            "timezone": answers.zone.key,
        },
    }
    sections = {*followed, *own}
    return {section: {**followed.get(section, {}), **own.get(section, {})} for section in sections}


def _publication(answers: Answers) -> Mapping[str, Any]:
    starter = language_of(answers.language).starter
    return {
        "key": new_key(_slug(answers)),
        "name": answers.name,
        "tagline": starter["taglines"][answers.weekday],
        "language": answers.language,
        "base_url": _base_url(answers),
        "signup_url": _signup_url(answers),
        "why": starter["why"].format(name=answers.name, host=_host(answers)),
        "organisation": answers.name,
        "postal_address": answers.postal_address,
    }


def _sender(answers: Answers) -> Mapping[str, Any]:
    """Bounces go to the sender, the one mailbox that is known to be there."""
    reverse_path = answers.sender.addr_spec
    return {
        "from": _quoted(answers.sender),
        "reverse_path": str(reverse_path),
        **({} if has_room(reverse_path) else {"verp": False}),
        "list_id": f"{_slug(answers)[:_LONGEST_LABEL].strip('-')}.{_domain(answers)}",
        "list_name": answers.name,
        "archive_url": f"{_base_url(answers)}/issues",
    }


def _house(answers: Answers) -> Mapping[str, Any]:
    return {
        "stories": answers.stories,
        "footer": language_of(answers.language).starter["footer"],
        "footer_link": _signup_url(answers),
    }


def _shown(answers: Answers) -> Values:
    """Examples in comments, so that none speaks of another publication or another language."""
    language, marks, base = language_of(answers.language), marks_of(answers.language), _base_url
    weekdays = language.house.get("weekdays") or [name.capitalize() for name in WEEKDAYS]
    desk = [f"desk@{_domain(answers)}"]
    return {
        "words": language.frame,
        "sender": {
            "unsubscribe": f"unsubscribe@{_domain(answers)}",
            "reply_to": f"{answers.name} <editors@{_domain(answers)}>",
            "help_url": f"{base(answers)}/help",
            "feedback_id": f"{_slug(answers)[:15].strip('-')}:weekly:news:mail",
        },
        "dkim": {"domain": _domain(answers)},
        "house": {"titles": language.starter["titles"], "intro": weekdays[answers.weekday]},
        "house.words": {**language.house, **({"quotes": [marks.pair]} if marks else {})},
        "theme": {"logo_alt": answers.name},
        "site": {
            "promise": language.starter["taglines"][answers.weekday],
            "privacy_url": f"{base(answers)}/privacy",
            "contact_url": f"mailto:{answers.sender.addr_spec}",
        },
        "notifications": {"alert": desk, "report": desk},
        "bounces": {
            "source": f"imaps://bounces@mail.{_domain(answers)}/INBOX",
            "authserv_id": f"mail.{_domain(answers)}",
        },
    }


def _slug(answers: Answers) -> str:
    return key_of(answers.name)


def _domain(answers: Answers) -> str:
    return answers.sender.addr_spec.domain


def _base_url(answers: Answers) -> str:
    return str(answers.own.get("publication", {}).get("base_url") or f"https://{_domain(answers)}")


def _signup_url(answers: Answers) -> str:
    own = answers.own.get("publication", {}).get("signup_url")
    return str(own or f"{_base_url(answers)}/subscribe")


def _host(answers: Answers) -> str:
    """The pages' host as people write it: `bücher.example`."""
    host = _base_url(answers).removeprefix("https://").partition("/")[0]
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _quoted(mailbox: Mailbox) -> str:
    r"""As `parse_mailbox` reads it again: `"Ada \"the\" Great" <ada@example.com>`."""
    if not set(mailbox.display_name) & set('"<>\\'):
        return str(mailbox)
    name = mailbox.display_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{mailbox.addr_spec}>'
