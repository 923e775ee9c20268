"""The forms in which mail systems tell of a failure without a standard: a table, one row a form.

`forms.toml` has them. A form that is known says by what the message was understood; whom it names
and why is found by `named`. Copies of messages were cut off before (`outline`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from newsletter.books import ReturnKind
from newsletter.bounces.delays import is_of_a_delay
from newsletter.bounces.kinds import codes_in, is_doubted, one_line, sure_kind
from newsletter.bounces.named import Named, forms_table, named_in, pattern_of, said_of
from newsletter.bounces.nearby import is_after_content
from newsletter.bounces.outline import Outline
from newsletter.bounces.understanding import ReturnedRecipient

_LOOKED_AT = 64 * 1024
_MOST = 100
_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Form:
    """`stands_alone` where it is known whoever wrote the message, and whatever its subject.

    Its kind `decides` where the form says one thing only.
    """

    name: str
    fields: re.Pattern[str] | None
    says: Sequence[str]
    recipient: re.Pattern[str] | None
    domain: str
    kind: ReturnKind | None
    decides: bool
    is_final: bool
    stands_alone: bool


def form_of(outline: Outline, *, from_a_system: bool) -> Form | None:
    """The form a message has, the more special one before the common one.

    What is not `from_a_system` has one only if the form stands alone.
    """
    words = outline.words[:_LOOKED_AT]
    said = " ".join(
        (words if from_a_system else _unquoted(words)).lower().replace("’", "'").split()
    )
    fields = "\n".join(f"{name}: {value.lower()}" for name, value in outline.top.fields[:_FIELDS])
    for form in forms():
        if not (from_a_system or form.stands_alone):
            continue
        if form.fields is not None and not form.fields.search(fields):
            continue
        if not form.says or any(phrase in said for phrase in form.says):
            return form
    return None


def _unquoted(words: str) -> str:
    """Without lines that a person quotes, who may well have been sent a bounce."""
    return "\n".join(line for line in words.split("\n") if not line.lstrip().startswith(">"))


def recipients_by_form(outline: Outline, form: Form | None) -> list[ReturnedRecipient]:
    """Whom the words name, and why. Without a `form` every common pattern is tried."""
    words = _from_beginning(outline.words[:_LOOKED_AT])
    pattern, domain = (form.recipient, form.domain) if form else (None, "")
    named = named_in(outline, words, pattern, domain)[:_MOST]
    is_delay = is_of_a_delay(outline) or (form is not None and not form.is_final)
    if len(named) == 1:
        said = [said_of(named[0], words, before=0, until=len(words))]
    else:
        ends = [0, *(each.end for each in named)]
        starts = [*(each.start for each in named[1:]), len(words)]
        said = [
            said_of(each, words, before=before, until=until)
            for each, before, until in zip(named, ends, starts, strict=False)
        ]
    return [
        _returned(each, words, form, is_delay=is_delay)
        for each, words in zip(named, said, strict=True)
    ]


def _from_beginning(words: str) -> str:
    """From where those are named who were not reached: before it our own fields may be quoted."""
    for begin in _begins().finditer(words):
        if words[begin.end() :].strip():
            return words[begin.end() :]
    return words


@lru_cache(maxsize=1)
def _begins() -> re.Pattern[str]:
    return pattern_of("|".join(forms_table()["begins"]))


def _returned(named: Named, said: str, form: Form | None, *, is_delay: bool) -> ReturnedRecipient:
    code, enhanced_code = codes_in(said)
    kind = sure_kind(said, code, enhanced_code)
    if form is not None and form.kind is not None and (form.decides or kind is None):
        kind = form.kind
    if kind is ReturnKind.HARD and is_after_content(said) and is_doubted(said):
        kind = ReturnKind.SOFT
    return ReturnedRecipient(
        address=named.address,
        kind=ReturnKind.SOFT if is_delay or kind is None else kind,
        code=code,
        enhanced_code=enhanced_code,
        reason=one_line(said),
        is_final=not is_delay,
    )


@lru_cache(maxsize=1)
def forms() -> Sequence[Form]:
    """All of them, those that ask for fields first."""
    found = [_form(each) for each in forms_table()["form"]]
    return sorted(found, key=lambda form: form.fields is None)


def _form(row: Mapping[str, Any]) -> Form:
    fields: Sequence[str] = row.get("fields", ())
    return Form(
        name=row["name"],
        fields=re.compile("|".join(fields), re.MULTILINE) if fields else None,
        says=tuple(row.get("says", ())),
        recipient=pattern_of(row["recipient"]) if "recipient" in row else None,
        domain=row.get("domain", ""),
        kind=ReturnKind(row["kind"]) if "kind" in row else None,
        decides=row.get("decides", False),
        is_final=row.get("final", True),
        stands_alone=row.get("alone", False),
    )
