"""Addresses that lead to a page by way of somebody else, who counts or filters the click: which
page that is, where the address itself tells it. Nothing is fetched.

Mail filters rewrite the links of every mail that passes them, search engines and networks those
that are copied from them. Pasted on, they send every reader through a company's filter, and break
when it forgets them.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase, digits
from urllib.parse import SplitResult, quote, unquote, urlsplit

_DEEPEST = 5
"""Wrappers in wrappers: a mail that was forwarded through two filters has two."""

_LONGEST = 8_000
_UNSAFE = {ord(sign): quote(sign) for sign in ' ()<>"\\^`{|}'} | {
    code: f"%{code:02X}" for code in (*range(0x20), 0x7F)
}
"""What would end a link in Markdown early, or could not stand in an address at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapper:
    """Whose it is, and how its target is read; None where the target cannot be read from it."""

    host: str
    path: str = ""
    target: Callable[[SplitResult], str | None]


def unwrapped(address: str) -> str:
    """Where an address leads in the end, as far as it says so; itself where it is no wrapper.

    >>> unwrapped("https://www.google.com/url?q=https://www.example.com/a&sa=D&usg=x")
    'https://www.example.com/a'
    """
    for _ in range(_DEEPEST):
        target = _once(address)
        if target is None:
            break
        address = target
    return address


def wrapper_of(address: str) -> str | None:
    """The host that a wrapped address goes by way of; None where it goes straight to its page."""
    found = _wrapper(address)
    if found is None:
        return None
    parts, wrapper = found
    is_known = wrapper.target(parts) is not None or wrapper.target is _mimecast
    return parts.hostname if is_known else None


def _once(address: str) -> str | None:
    found = _wrapper(address)
    if found is None:
        return None
    parts, wrapper = found
    target = wrapper.target(parts)
    return target.translate(_UNSAFE) if target and is_whole(target) else None


def is_whole(address: str) -> bool:
    """Whether it is an address of the web, with a host that could be one."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and "." in host.strip(".")


def _site(address: str) -> list[str]:
    """The labels of the host that say whose it is, roughly; nearly every address ends here.

    >>> _site("https://www.google.co.uk/url")
    ['google', 'co', 'uk']
    """
    before, _, rest = address.partition("//")
    host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2].partition(":")[0]
    return host.lower().split(".")[-3:] if before else []


def _wrapper(address: str) -> tuple[SplitResult, Wrapper] | None:
    if len(address) > _LONGEST or _NAMES.isdisjoint(_site(address)):
        return None
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"}:
        return None
    for wrapper in _WRAPPERS:
        if re.fullmatch(wrapper.host, host) and parts.path.startswith(wrapper.path):
            return parts, wrapper
    return None


def _parameter(*names: str) -> Callable[[SplitResult], str | None]:
    """The first of these parameters that holds an address; a plus sign in it is one."""

    def read(parts: SplitResult) -> str | None:
        given = _parameters(parts.query)
        values = (unquote(given[name]) for name in names if name in given)
        return next((value for value in map(_as_address, values) if value), None)

    return read


def _parameters(query: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in query.split("&"))
    return {name.lower(): value for name, _, value in reversed([*pairs])}


def _as_address(value: str) -> str | None:
    """The address that a value is, or is when it is decoded once or twice."""
    for _ in range(3):
        if is_whole(value):
            return value
        value = unquote(value)
    return None


def _base64(name: str, *, skip: int = 0) -> Callable[[SplitResult], str | None]:
    def read(parts: SplitResult) -> str | None:
        given = unquote(_parameters(parts.query).get(name, ""))[skip:]
        return _as_address(_plain(given) or "")

    return read


def _plain(encoded: str) -> str | None:
    """Base64 of either alphabet, with or without padding; None for what is none."""
    try:
        data = encoded.replace("+", "-").replace("/", "_").rstrip("=").encode("ascii")
        return urlsafe_b64decode(data + b"=" * (-len(data) % 4)).decode()
    except ValueError:
        return None


def _in_path(parts: SplitResult) -> str | None:
    """As in https://secure-web.cisco.com/HASH/https%3A%2F%2Fwww.example.com%2Fa."""
    at = re.search(r"https?(?::|%3a)", parts.path, re.IGNORECASE)
    if at is None:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return _as_address(parts.path[at.start() :] + query)


def _amp(parts: SplitResult) -> str | None:
    """https://www.google.com/amp/s/www.example.com/a; the s is for https."""
    rest = parts.path.removeprefix("/amp/")
    scheme, rest = ("https", rest[2:]) if rest.startswith("s/") else ("http", rest)
    return _as_address(f"{scheme}://{rest}" + (f"?{parts.query}" if parts.query else ""))


def _yahoo(parts: SplitResult) -> str | None:
    found = re.search(r"/RU=([^/]+)/", parts.path)
    return _as_address(found[1]) if found else None


def _fragment(parts: SplitResult) -> str | None:
    return _as_address(parts.fragment)


def _after_question(parts: SplitResult) -> str | None:
    return _as_address(parts.query)


def _mimecast(parts: SplitResult) -> str | None:
    """Some forms carry the address; of the others Mimecast alone knows where they lead."""
    return _parameter("url", "u", "q")(parts)


def _proofpoint_v1(parts: SplitResult) -> str | None:
    return _parameter("u")(parts)


def _proofpoint_v2(parts: SplitResult) -> str | None:
    """Its own alphabet: - for %, _ for /."""
    given = _parameters(parts.query).get("u", "").translate({ord("-"): "%", ord("_"): "/"})
    return _as_address(unquote(given))


_V3 = re.compile(r"/v3/__(?P<url>.+?)__;(?P<signs>[^!]*)!")
_V3_SIGN = re.compile(r"\*(?:\*(.))?")
_RUNS = {
    sign: length
    for length, sign in enumerate([*ascii_uppercase, *ascii_lowercase, *digits, "-", "_"], start=2)
}


def _proofpoint_v3(parts: SplitResult) -> str | None:
    """Signs that might be changed on the way are stars, and stand together in base64 behind."""
    whole = f"{parts.path}?{parts.query}" if parts.query else parts.path
    found = _V3.match(f"{whole}#{parts.fragment}" if parts.fragment else whole)
    if found is None:
        return None
    signs = iter(_plain(found["signs"]) or "")

    def put(sign: re.Match[str]) -> str:
        length = _RUNS.get(sign[1], 0) if sign[1] else 1
        return "".join(next(signs, "") for _ in range(length))

    url = _V3_SIGN.sub(put, unquote(found["url"]))
    return _as_address(re.sub(r"\A(https?:/)(?!/)", r"\1/", url))


def _avanan(parts: SplitResult) -> str | None:
    """As in https://url.avanan.click/v2/___https://www.example.com/a___.SIGNATURE."""
    whole = f"{parts.path}?{parts.query}" if parts.query else parts.path
    found = re.search(r"___(https?:.+?)___", whole)
    return _as_address(found[1]) if found else None


def _wrappers(
    *given: tuple[str, str, Callable[[SplitResult], str | None]],
) -> Iterable[Wrapper]:
    for host, path, target in given:
        yield Wrapper(host=host, path=path, target=target)


_WRAPPERS = tuple(
    _wrappers(
        (r"(?:www\.)?google\.[a-z.]{2,6}", "/url", _parameter("q", "url")),
        (r"(?:www\.)?google\.[a-z.]{2,6}", "/imgres", _parameter("imgrefurl", "imgurl")),
        (r"(?:www\.)?google\.[a-z.]{2,6}", "/amp/", _amp),
        (r"ci\d\.googleusercontent\.com", "/", _fragment),
        (r"[\w.-]+\.safelinks\.protection\.(?:outlook\.com|office365\.us)", "", _parameter("url")),
        (r"statics\.teams\.cdn\.office\.net", "/evergreen-assets/safelinks/", _parameter("url")),
        (r"[\w.-]+\.safelink\.emails\.azure\.net", "/redirect", _parameter("destination")),
        (r"urldefense\.proofpoint\.com|urldefense\.com", "/v1/", _proofpoint_v1),
        (r"urldefense\.proofpoint\.com|urldefense\.com", "/v2/", _proofpoint_v2),
        (r"urldefense\.proofpoint\.com|urldefense\.com|urldefense\.us", "/v3/", _proofpoint_v3),
        (r"(?:protect|url)[\w.-]*\.mimecast(?:protect)?\.com", "/", _mimecast),
        (r"linkprotect\.cudasvc\.com", "/url", _parameter("a")),
        (r"protect\d?\.fireeye\.com", "", _parameter("u")),
        (r"secure-web\.cisco\.com", "/", _in_path),
        (r"[\w.-]+\.trendmicro\.com", "/wis/clicktime/", _parameter("url")),
        (r"[\w.-]+\.protection\.sophos\.com", "", _base64("u")),
        (r"clicktime\.symantec\.com", "/", _parameter("u")),
        (r"clicktime\.cloud\.postoffice\.net", "/", _parameter("u")),
        (r"scanmail\.trustwave\.com", "/", _parameter("u")),
        (r"urlsand\.esvalabs\.com", "/", _parameter("u")),
        (r"url(?:\.\w+)?\.avanan\.click", "/", _avanan),
        (r"(?:avanan|checkpoint)\.url-protection\.com", "/", _parameter("o")),
        (r"lm?\.(?:facebook|instagram|messenger|threads)\.com", "/", _parameter("u")),
        (r"l\.threads\.net", "/", _parameter("u")),
        (r"(?:www\.)?facebook\.com", "/l.php", _parameter("u")),
        (r"(?:www\.)?linkedin\.com", "/redir/", _parameter("url")),
        (r"(?:www\.)?linkedin\.com", "/safety/go", _parameter("url")),
        (r"(?:www\.)?youtube\.com", "/redirect", _parameter("q")),
        (r"(?:www\.)?bing\.com", "/ck/a", _base64("u", skip=2)),
        (r"(?:www\.)?duckduckgo\.com", "/l/", _parameter("uddg")),
        (r"r\.search\.yahoo\.com", "/", _yahoo),
        (r"slack-redir\.net", "/link", _parameter("url")),
        (r"out\.reddit\.com", "/", _parameter("url")),
        (r"(?:www\.)?steamcommunity\.com", "/linkfilter", _parameter("u", "url")),
        (r"vk\.com", "/away.php", _parameter("to")),
        (r"href\.li", "/", _after_question),
    )
)
_NAMES = frozenset(
    {
        "avanan",
        "azure",
        "bing",
        "cisco",
        "cudasvc",
        "duckduckgo",
        "esvalabs",
        "facebook",
        "fireeye",
        "google",
        "googleusercontent",
        "href",
        "instagram",
        "linkedin",
        "messenger",
        "mimecast",
        "mimecastprotect",
        "office",
        "office365",
        "outlook",
        "postoffice",
        "proofpoint",
        "reddit",
        "slack-redir",
        "sophos",
        "steamcommunity",
        "symantec",
        "threads",
        "trendmicro",
        "trustwave",
        "url-protection",
        "urldefense",
        "vk",
        "yahoo",
        "youtube",
    }
)
"""A name of each row's; it spares nearly every address the table, whose patterns cost time."""
