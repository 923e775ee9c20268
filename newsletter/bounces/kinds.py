"""Whether a recipient is gone, may come back, or is not to blame: from codes and words, by a table.

`kinds.toml` has the table. Codes are read as RFC 5321 (4.2) and RFC 3463 have them: the reply code
decides of the class, and an enhanced code of another class says nothing. Words beat a code that is
generic, for servers choose their words with more care. In doubt it is soft.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from newsletter.books import ReturnKind

MAX_REASON = 500
"""Characters of a server's words that are kept."""
_LOOKED_AT = 1500

_REPLY = re.compile(
    r"(?<![\w./:@=-])([45][0-7]\d)(?=[ \-:;,.)>\]]|$)(?![.:]\d| ?(?:sec|byte|hour|kb|mb|min))"
)
_TOGETHER = re.compile(
    r"(?<![\w./:@=-])([45])([0-7]\d)[\s\-:'\"(#]{1,5}(\1\.\d{1,3}\.\d{1,3})(?!\d|\.\d)"
)
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\d|\.\d)")
_POLICY = re.compile(r"[45]\.7\.(?!(?:0|1|13|17|18)$)\d{1,3}")
"""Security and policy (RFC 3463, 3.8), whatever words go with it. 0 and 1 say too little, and the
others are of mailboxes that are disabled or changed hands (RFC 5248, RFC 7293)."""
_ADDRESS = re.compile(r"<?[^\s<>@]{1,128}@[\w.-]{1,255}>?")
_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,400}")
_HOST = re.compile(
    r"(?<![\w.])(?!RESOLVER|SMTPSEND|STOREDRV|ROUTING|TRANSPORT|AGENT|QUEUE|MSEXCH)"
    r"(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,12}\b(?!\.\w)"
)
_BLACKLISTS = re.compile(
    r"spamhaus|spamcop|barracudacentral|sorbs\.|abuseat|cbl\.|uceprotect|mailspike|invaluement"
    r"|senderbase|senderscore|dnsbl|rbl\."
    r"|postmaster\.(?:gmx|web|1und1|t-online)[^ ]*(?:c=(?:bl|rip|hi)|reason)"
)


@dataclass(frozen=True, slots=True)
class _Group:
    kind: ReturnKind
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    of_permanent: bool


@dataclass(frozen=True, slots=True)
class _Table:
    boilerplate: re.Pattern[str]
    doubted_hosts: re.Pattern[str]
    despite_policy: re.Pattern[str]
    groups: Sequence[_Group]
    hard: Sequence[str]
    blocked: Sequence[str]


def kind_of(
    words: str, code: int | None = None, enhanced_code: str = "", *, beside: str = ""
) -> ReturnKind:
    """Hard, soft or blocked, of one recipient whom a server gave up.

    What stands `beside` the server's words is looked at where neither these nor the codes are sure.

    >>> kind_of("550 5.7.1 <ada@example.org>: no such user here", 550, "5.7.1").value
    'hard'
    >>> kind_of("", 550, "5.7.26").value, kind_of("450 user unknown", 450).value
    ('blocked', 'soft')
    """
    return sure_kind(words, code, enhanced_code, beside=beside) or ReturnKind.SOFT


def sure_kind(
    words: str, code: int | None = None, enhanced_code: str = "", *, beside: str = ""
) -> ReturnKind | None:
    """As `kind_of`, and None where neither words nor codes say anything."""
    if code and enhanced_code and not enhanced_code.startswith(str(code)[0]):
        enhanced_code = ""
    if _POLICY.fullmatch(enhanced_code) and not _table().despite_policy.search(words.lower()):
        return ReturnKind.BLOCKED
    is_transient = str(code or enhanced_code).startswith("4")
    by_code = _by_code(enhanced_code)
    by_words = _by_words(" ".join(words[:_LOOKED_AT].split()), is_transient=is_transient)
    if by_words is not None:
        return by_words
    if by_code is not None:
        return by_code
    return _by_words(" ".join(beside[:_LOOKED_AT].split()), is_transient=is_transient)


def is_doubted(words: str) -> bool:
    """Whether they are of a server that says "unknown" of mailboxes that want no mail of ours."""
    return _table().doubted_hosts.search(words.lower()) is not None


def _bare(words: str) -> str:
    """Lower case, without links, addresses and hosts, in whose names anything may stand."""
    return _HOST.sub("~", _ADDRESS.sub("~", _LINK.sub("~", words))).lower()


@lru_cache(maxsize=1024)
def _by_words(words: str, *, is_transient: bool) -> ReturnKind | None:
    if _BLACKLISTS.search(words.lower()):
        return ReturnKind.BLOCKED
    bare = _table().boilerplate.sub("~", _bare(words))
    for group in _table().groups:
        if group.of_permanent and is_transient:
            continue
        if group.words.search(bare) and not (group.unless and group.unless.search(bare)):
            return group.kind
    return None


def _by_code(enhanced_code: str) -> ReturnKind | None:
    table = _table()
    if enhanced_code in table.hard:
        return ReturnKind.HARD
    for each in table.blocked:
        if enhanced_code == each or (each.endswith(".") and enhanced_code.startswith(each)):
            return ReturnKind.BLOCKED
    return None


def codes_in(words: str) -> tuple[int | None, str]:
    """The first reply code and the enhanced code that goes with it; None and "" without.

    >>> codes_in("smtp; 550-5.1.1 The account does not exist")
    (550, '5.1.1')
    """
    together = _TOGETHER.search(words)
    if together is not None:
        return int(together[1] + together[2]), together[3]
    reply = _REPLY.search(words)
    code = int(reply[1]) if reply else None
    found = _ENHANCED.findall(words)
    fitting = [each for each in found if code is None or each[0] == str(code)[0]]
    telling = [each for each in fitting if not each.endswith(".0.0")]
    return code, next(iter(telling or fitting or found), "")


def one_line(words: str) -> str:
    """Words as they are kept: folded to one line, cut where they are too long."""
    printable = "".join(each if each.isprintable() else " " for each in words[: MAX_REASON * 4])
    line = " ".join(printable.split())
    return line if len(line) <= MAX_REASON else f"{line[: MAX_REASON - 1].rstrip()}…"


@lru_cache(maxsize=1)
def _table() -> _Table:
    data = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))
    parts = {name: "|".join(each) for name, each in data["fragments"].items()}
    groups = [
        _Group(
            kind=ReturnKind(each["kind"]),
            words=_joined(each["patterns"], parts),
            unless=re.compile(each["unless"]) if "unless" in each else None,
            of_permanent=each.get("permanent", False),
        )
        for each in data["words"]
    ]
    boilerplate = _joined(data["boilerplate"], parts)
    codes = data["codes"]
    doubted_hosts = re.compile(data["doubted_hosts"])
    despite = re.compile(data["despite_policy"])
    return _Table(
        boilerplate, doubted_hosts, despite, groups, tuple(codes["hard"]), tuple(codes["blocked"])
    )


def _joined(patterns: Sequence[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern of all; names in braces stand for the parts of this name."""
    filled = "|".join(map(_pattern, patterns))
    for name, part in parts.items():
        filled = filled.replace(f"{{{name}}}", f"(?:{part})")
    return re.compile(filled)


def _pattern(text: str) -> str:
    starts_a_word = text[0] == "{" or (text[0].isalpha() and text.isascii())
    return rf"\b(?:{text})" if starts_a_word else f"(?:{text})"
