"""The kinds of what looks like a link or a picture and is none.

Each is a pattern over a part's loose text, with its words and, where it can do no harm, the link
that was meant. Which come first matters: a kind is looked for in what those above it left.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

URL = r"(?:https?://|www\.|mailto:)"
_TO = rf"(?P<to>{URL}[^\s()\[\]<>\x00]{{1,400}}+(?:\([^\s()]{{0,100}}\)[^\s()\[\]<>]{{0,200}})?)"
_WORDS = r"(?P<words>[^\[\]\n]{1,200}?)"
PICTURE_END = r"\.(?:jpe?g|png|gif|webp|svg|avif)"
_REFUSED = re.compile(r"(?:javascript|vbscript|data|file):", re.IGNORECASE)
_ON_DISK = re.compile(
    r"[\"“<]?(?:[A-Za-z]:[\\/\x00]|\\|\x00\x00[^\s\\]+\\|~/|\.{1,2}/|/(?:Users|home)/)"
)
"""Two blanked characters are an escape, as two backslashes are."""
_CURLY = re.compile(r"[“”„‟«»‘’‚\"'](?P<inner>[^\"]*)[“”„‟«»‘’‚\"']", re.DOTALL)
_LOCAL = re.compile(r"\.[A-Za-z]{2,5}(?:\Z|[?#])|/")
_WORDS_BEHIND = re.compile(r"\s[A-Z][^/.]*\Z")
"""A caption without its marks, perhaps, and no part of the address."""
_SPACES = re.compile(r"\s+")
_AFTER = ".,;:!?’”\"'"

Said = tuple[str, str, str | None]
"""What is wrong, what to do, and what was meant, or None where that is not sure."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`says` is asked for each match; None from it means that the match is nothing of the kind."""

    pattern: re.Pattern[str]
    says: Callable[[re.Match[str]], Said | None]
    is_part: bool = False
    """Whether the match is only the end of something, which may have been escaped on purpose."""


def _link(match: re.Match[str]) -> str:
    to = match["to"]
    rest = to[len(to.rstrip(_AFTER)) :]
    bang = (match.groupdict().get("bang") or "").strip()
    return f"{bang}[{match['words']}]({to[: len(to) - len(rest)]}){rest}"


def _meant(what: str, hint: str) -> Callable[[re.Match[str]], Said]:
    return lambda match: (what, hint, _link(match))


def _in_brackets(match: re.Match[str]) -> Said | None:
    """`[words](…)` where Markdown takes what is in the round brackets for no address."""
    target = match["target"].strip()
    what = "this is no picture" if match["bang"] else "this is no link"
    if _REFUSED.match(target):
        return None  # link-scheme says so
    is_local = match["bang"] and _LOCAL.search(target) and not re.match(rf"<?{URL}", target)
    if _ON_DISK.match(target) or is_local:
        hint = "put the file on the web and write its https:// address"
        if match["bang"]:
            hint = "put the file in images/ beside newsletter.toml and write images/tram.jpg"
        return f"{what}: its address is a file on a computer", hint, None
    if target.startswith("<") and not target.endswith(">"):
        to = target[1:]
        put = f"{match['bang']}[{match['words']}]({to})" if re.fullmatch(rf"{URL}\S+", to) else None
        return f"{what}: its address lacks a “>”", "write it without “<”", put
    to, title = _with_title_apart(target)
    start = f"{match['bang']}[{match['words']}]("
    straight = _CURLY.fullmatch(title)
    put_title = f' "{straight["inner"]}"' if straight else ""
    is_sure = bool(straight or not title) and to.count("://") == 1
    if not (_LOCAL.search(to) or re.match(URL, to)):
        return f"{what}: there is no address in the round brackets", _EXAMPLE, None
    if "\n" in to:
        joined = "".join(line.strip() for line in to.split("\n"))
        put = f"{start}{joined}{put_title})" if is_sure and not _SPACES.search(joined) else None
        return f"{what}: its address is broken over two lines", "write it on one line", put
    if _SPACES.search(to):
        is_sure = is_sure and not _WORDS_BEHIND.search(to)
        put = f"{start}{_SPACES.sub('%20', to)}{put_title})" if is_sure else None
        return f"{what}: there is a space in its address", "write %20 for it", put
    hint = 'write straight marks round the words behind the address: (https://… "words")'
    put = f"{start}{to}{put_title})" if straight else None
    return f"{what}: the words behind its address are not between straight marks", hint, put


def _with_title_apart(target: str) -> tuple[str, str]:
    """The address, and what stands behind it in marks of some kind."""
    match = re.fullmatch(r"(.*?)\s+([\"'“”„‟«»‘’‚].*)", target, re.DOTALL)
    return (match[1], match[2]) if match else (target, "")


_EXAMPLE = "write [words](https://…)"


def _no_picture(_match: re.Match[str]) -> Said:
    return "this is no picture: its address is missing", "write ![words](https://…)", None


def _unopened(_match: re.Match[str]) -> Said:
    return "this is no link: its opening bracket is missing", "put [ before its words", None


def _bare_www(_match: re.Match[str]) -> Said:
    return "this is no link", _EXAMPLE, None


def _unsure(what: str, hint: str) -> Callable[[re.Match[str]], Said]:
    return lambda _match: (what, hint, None)


def _wiki(match: re.Match[str]) -> Said | None:
    if re.fullmatch(r"\[\[[a-z_]{1,40}\]\]", match[0]):
        return None  # merge-field says that it is another program's
    return "this is no link: [[…]] means nothing here", _EXAMPLE, None


_OTHER = "this is how another program writes a link"
KINDS = (
    Kind(
        re.compile(
            r"(?P<bang>!?)\[(?P<words>[^\[\]]{0,300})\]"
            r"\((?P<target>[^()\[\]]{1,500}(?:\([^()]{0,100}\)[^()]{0,200})?)\)"
        ),
        _in_brackets,
    ),
    Kind(re.compile(rf"\[\[(?P<to>https?://[^\[\]\s]+)\]\[{_WORDS}\]\]"), _meant(_OTHER, _EXAMPLE)),
    Kind(
        re.compile(rf"(?P<bang>!?)\[\[{_WORDS}\]\][ ]?\({_TO}\)"),
        _meant("this is no link: its square brackets are doubled", "keep one pair"),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[{_WORDS}\]\]\({_TO}\)"),
        _meant("this is no link: it has a square bracket too many", "take one out"),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[{_WORDS}\](?:[ \t\u00a0]+\n?|\n)[ \t\u00a0]*\({_TO}[ ]*\)"),
        _meant(
            "this is no link: words and address stand apart",
            "put the round bracket right behind the square one",
        ),
    ),
    Kind(
        re.compile(
            rf"(?P<bang>!)[ ]?\[{_WORDS}\][ \t\u00a0\n]+"
            rf"\((?P<to>[^\s()]{{1,400}}{PICTURE_END})\)",
            re.IGNORECASE,
        ),
        _meant(
            "this is no picture: words and address stand apart",
            "put the round bracket right behind the square one",
        ),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\({_WORDS}\)\[(?P<to>{URL}[^\s\[\]]+)\]"),
        _meant("this is no link: its brackets are the wrong way round", _EXAMPLE),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[{_WORDS}\][ ]?\[(?P<to>{URL}[^\s\[\]]+)\]"),
        _meant("this is no link: its address stands in square brackets", _EXAMPLE),
    ),
    Kind(
        re.compile(rf"\((?P<to>{URL}[^\s()\[\]]+)\)[ ]?\[{_WORDS}\]"),
        _meant("this is no link: its words stand behind its address", _EXAMPLE),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[(?P<words>[^\[\](){{}}<>\n]{{1,200}}?)[)}}>]\({_TO}\)"),
        _meant("this is no link: another bracket closes its words", "write ] there"),
    ),
    Kind(
        re.compile(
            rf"(?P<bang>!?)\[(?P<words>[^\[\]\n]{{0,200}}?)\]"
            rf"\((?P<to>{URL}[^\s()\[\]{{}}\x00]+)[\]}}](?!\w)"
        ),
        _meant("this is no link: another bracket closes its address", "write ) there"),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[{_WORDS}\][ ]?\{{(?P<to>{URL}[^\s{{}}]+)\}}"),
        _meant("this is no link: its address stands in braces", "write round brackets"),
    ),
    Kind(
        re.compile(
            rf"(?P<bang>!?)[\[［]{_WORDS}(?:［|］|\])[ ]?[(（](?P<to>{URL}[^\s()（）]+)[)）]"
        ),
        _meant("this is no link: it has full-width brackets", "write [ ] ( )"),
    ),
    Kind(
        re.compile(rf"\[url=[\"']?(?P<to>[^\]\s\"']+)[\"']?\]{_WORDS}\[/url\]", re.IGNORECASE),
        _meant(_OTHER, _EXAMPLE),
    ),
    Kind(
        re.compile(rf"\[{_WORDS}\|(?P<to>{URL}[^\s\[\]|]+)(?:\|[^\[\]\n]*)?\]"),
        _meant(_OTHER, _EXAMPLE),
    ),
    Kind(re.compile(rf"\[(?P<to>https?://[^\s\[\]|]+)[ |]{_WORDS}\]"), _meant(_OTHER, _EXAMPLE)),
    Kind(
        re.compile(r"<(?P<to>https?://[^\s<>|]+)\|(?P<words>[^<>\n]{1,200})>"),
        _meant(_OTHER, _EXAMPLE),
    ),
    Kind(
        re.compile(rf"\"(?P<words>[^\"\n]{{1,100}})\":{_TO}"),
        _meant(_OTHER, _EXAMPLE),
    ),
    Kind(
        re.compile(rf"(?P<to>https?://[^\s\[\]()<>\x00]{{1,400}})\[{_WORDS}\](?![(\[])"),
        _meant(_OTHER, _EXAMPLE),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[{_WORDS}\]\(\(+(?P<to>{URL}[^\s()\[\]\x00]+)\)*"),
        _meant("this is no link: it has a round bracket too many", "take it out"),
    ),
    Kind(
        re.compile(
            r"(?P<bang>!?)\[(?P<words>[^\[\]\n]{0,200}?)\]"
            rf"\((?P<to>{URL}[^\s()\[\]\x00]+)(?=\s|\Z|\[)"
        ),
        _meant("this is no link: its closing bracket is missing", "put ) behind the address"),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[{_WORDS}\]:?[ ]?(?P<to>{URL}[^\s()\[\]\x00]+)\)"),
        _meant("this is no link: a bracket before its address is missing", "put ( before it"),
    ),
    Kind(
        re.compile(rf"(?P<bang>!?)\[{_WORDS}\](?P<to>{URL}[^\s()\[\]\x00]+)"),
        _meant("this is no link: the brackets round its address are missing", _EXAMPLE),
    ),
    Kind(
        re.compile(
            r"(?P<bang>!?)\[(?P<words>[^\[\]()\n]{1,200}?)[ ]?"
            rf"\((?P<to>{URL}[^\s()\[\]\x00]+)\)(?!\])"
        ),
        _meant("this is no link: the bracket behind its words is missing", "put ] there"),
    ),
    Kind(re.compile(rf"\]\((?:{URL})[^\s()]*\)"), _unopened, is_part=True),
    Kind(re.compile(r"!?\[\[[^\[\]\n]{1,200}\]\](?!\()"), _wiki),
    Kind(re.compile(r"(?<![\w#])!\[[^\[\]\n]{0,200}\](?![(\[])"), _no_picture),
    Kind(re.compile(r"<www\.[^\s<>]+>", re.IGNORECASE), _bare_www),
    Kind(
        re.compile(r"<https?://[^<>\n]*\s[^<>\n]*>", re.IGNORECASE),
        _unsure("this is no link: there is a space in its address", "write %20 for it"),
    ),
    Kind(re.compile(r"\]\("), _unsure("this is no link", _EXAMPLE), is_part=True),
)
