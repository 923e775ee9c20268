"""What of a page is no part of its article, and leaves a mark behind: what stands on every page of
a site, what no reader sees, what no issue can hold.
"""

import re
from collections.abc import Iterator

from newsletter.importing.losses import Change, Kind
from newsletter.importing.pictures import is_pixel
from newsletter.importing.tags import BLOCKS, HEADINGS, Tag, left_class, left_out

_BY_NAME = {
    "nav": Kind.NAVIGATION,
    "aside": Kind.NAVIGATION,
    "dialog": Kind.NAVIGATION,
    "footer": Kind.FOOTER,
    **dict.fromkeys(("button", "select", "textarea", "input"), Kind.FORMS),
    **dict.fromkeys(
        ("iframe", "frame", "object", "embed", "video", "audio", "canvas", "svg"), Kind.MEDIA
    ),
    "math": Kind.EQUATIONS,
}
_BY_ROLE = {
    **dict.fromkeys(("navigation", "complementary", "search", "dialog"), Kind.NAVIGATION),
    "contentinfo": Kind.FOOTER,
}
_LEFT = {left_class(what): what for what in (*Kind, *Change)}
_TALK = re.compile(
    r"(?:comments?(?:-?(?:list|section|area|thread|form))?|respond|disqus_thread|sharedaddy"
    r"|(?:social-?)?share(?:-?(?:bar|buttons|links))?)\Z",
    re.IGNORECASE,
)
_LEAVING = (
    r"unsubscri|opt[-_ ]?out\b|abmeld|abbestell|d[ée]sabonn|désinscri|darse de baja|disiscriv"
    r"|cancelar (?:la |a )?(?:su )?su[bs]+cri|annulla l.iscrizione|uitschrijv|afmelden"
    r"|avregistrer|avsluta prenum|avprenumerer|wypisz|zrezygnuj|odhlásit|إلغاء الاشتراك"
    r"|配信停止|購読解除|退订"
)
_IN_A_BROWSER = (
    r"(?:view|read|open|see|trouble|problems?)\b[^.]{0,40}\b(?:browser|online)|web ?version"
    r"|im browser|online[- ]?(?:version|ansehen)|dans (?:votre|un|le) navigateur"
    r"|version en ligne|en (?:tu|su|el) navegador|nel (?:tuo )?browser|no (?:seu )?navegador"
    r"|in (?:je|uw|de) browser|i (?:din )?webbläsare|w przeglądarce|ブラウザ"
)
_PREFERENCES = (
    r"(?:manage|update|change|edit) (?:your )?(?:e-?mail |mail )?"
    r"(?:preferences|subscriptions?|settings)"
)
_SERVICES = re.compile(
    r"(?:subscription-widget(?:-wrap(?:-editor)?)?|subscribe-widget|subscribe-footer|kg-signup-card"
    r"|gh-post-upgrade-cta|gh-subscribe-form|captioned-button-wrap|buttondown-subscribe-form)\Z",
    re.IGNORECASE,
)
"""Boxes that newsletter systems put into a text, by their classes: to sign up, to pay, to share."""

_SERVICE_BUTTONS = re.compile(r"(?:button-wrapper|kg-button-card)\Z", re.IGNORECASE)
_SERVICE_LINK = re.compile(
    r"#unsubscribe|/subscribe\b|/comments\b|/leaderboard\b|/account\b|[?&]action=(?:share|gift)"
    r"|[?&]gift=|#/portal|buttondown\.(?:com|email)/[^/]+/?(?:\?[^/]*)?\Z",
    re.IGNORECASE,
)
"""Where a button leads that is the system's own, and not the writer's."""

_PAYWALLS = re.compile(r"paywall(?:-jump|-cta)?\Z", re.IGNORECASE)
_OTHERS = re.compile(f"{_LEAVING}|{_IN_A_BROWSER}|{_PREFERENCES}", re.IGNORECASE)
"""What another sender's own links say; one that would take our editor off their list among them."""

_OTHERS_LONGEST = 400
_PROSE = 60
"""Characters: a paragraph of as many in a header is the standfirst, not a name and a day."""


def prune(body: Tag) -> Tag:
    """The page without what is no part of an article."""
    return _Pruning(len(body.text())).pruned(body)


def why_left(tag: Tag) -> Kind | None:
    """What an element is that is left out wherever it stands."""
    if _is_hidden(tag):
        return Kind.HIDDEN
    if "msoDel" in tag.get("class").split():
        return Kind.DELETED
    if tag.name == "form":  # some systems put the whole page into one
        is_page = any(inner.name in {"article", "main", "h1"} for inner in tag.tags())
        return None if is_page else Kind.FORMS
    return _BY_NAME.get(tag.name) or _BY_ROLE.get(tag.get("role"))


def _is_hidden(tag: Tag) -> bool:
    if "hidden" in tag.attributes and tag.get("hidden").lower() != "until-found":
        return True
    if tag.get("aria-hidden") == "true" and tag.name != "math":
        return True
    style = tag.get("style")
    if not style:
        return False
    return (
        tag.style("display") == "none"
        or tag.style("visibility") in {"hidden", "collapse"}
        or tag.style("mso-hide") == "all"
    )


class _Pruning:
    """One page; `length` is that of all its words."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._doubts = 8  # elements named as talk that hold most of the page

    def pruned(self, tag: Tag) -> Tag:
        return tag.having(inner for child in tag.children for inner in self._kept(child))

    def _kept(self, child: Tag | str) -> Iterator[Tag | str]:
        if isinstance(child, str):
            yield child
        elif child.style("mso-special-character") == "comment":
            return  # Word's place for the sign of a remark
        elif what := _LEFT.get(child.get("class")):
            yield left_out(what, child.text())
        elif child.name == "input" and child.get("type") == "checkbox":
            yield "☑ " if "checked" in child.attributes else "☐ "
        elif why := why_left(child):
            yield from _mark(why, child)
        elif self._is_talk(child):
            yield from _mark(Kind.COMMENTS, child)
        elif service := _service(child):
            yield left_out(service, child.text())
        elif _is_others(child):
            yield left_out(Kind.OTHERS_LINKS, child.text())
        elif child.name == "header":
            yield from self._of_header(child)
        else:
            yield self.pruned(child)

    def _is_talk(self, tag: Tag) -> bool:
        """By its name alone, so never where it is half of the page."""
        names = [tag.get("id"), *tag.get("class").split()[:20]]
        if not self._doubts or tag.name == "body" or not any(map(_TALK.match, names)):
            return False
        if is_talk := len(tag.text()) * 2 < self._length:
            return is_talk
        self._doubts -= 1
        return False

    def _of_header(self, header: Tag) -> Iterator[Tag]:
        """Of a header, headings and prose: the rest is who wrote it, when, and where to share."""
        kept: list[Tag] = []
        for inner in header.tags():
            is_prose = inner.name == "p" and len(inner.text()) >= _PROSE
            if (inner.name in HEADINGS or is_prose) and not why_left(inner):
                kept.append(self.pruned(inner))
        yield from kept
        words = " ".join(tag.text() for tag in kept)
        rest = len(header.text()) - len(words)
        if rest > 1:
            yield left_out(Kind.HEADER, "")


def _service(tag: Tag) -> Kind | None:
    """What a newsletter system has put there for itself."""
    classes = tag.get("class").split()[:20]
    if not classes:
        return None
    if any(map(_PAYWALLS.match, classes)):
        return Kind.PAYWALL
    if any(map(_SERVICES.match, classes)):
        return Kind.SIGN_UP
    if any(map(_SERVICE_BUTTONS.match, classes)):
        links = [inner.get("href") for inner in tag.tags() if inner.name == "a"]
        return Kind.SIGN_UP if all(map(_SERVICE_LINK.search, links)) else None
    return None


def _is_others(tag: Tag) -> bool:
    """A block, without others in it, that is there for such a link."""
    if tag.name not in BLOCKS - HEADINGS:
        return False
    links: list[Tag] = []
    for inner in tag.tags():
        if inner is not tag and inner.name in BLOCKS:
            return False
        links += [inner] * (inner.name == "a")
    if not any(_OTHERS.search(f"{link.text()} {link.get('href')}") for link in links):
        return False
    return len(tag.text()) < _OTHERS_LONGEST


def _mark(why: Kind, tag: Tag) -> Iterator[Tag]:
    """Nothing where nothing is missed: a frame of one point, an icon, a box without words."""
    if why is Kind.MEDIA:
        if tag.name == "svg" and not tag.text():
            return
        if not is_pixel(tag):
            yield left_out(why, tag.get("src") or tag.get("data") or tag.text())
    elif text := tag.text():
        yield left_out(why, text)
