"""Which rules a check runs: all but those switched off, or those that somebody names."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from newsletter.check.registry import find_rule
from newsletter.check.rule import Rule

_FAMILY = re.compile(r"[A-Za-z]+")


def switched_off(
    rules: Sequence[Rule],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    off: Iterable[str] = (),
) -> frozenset[str]:
    """The slugs of the rules not to run.

    A name is a rule's code or slug, or a family's letters (`S`); several may stand in one, with
    commas. Nothing selected means all. `off` is what the house format switches off: to select such
    a rule by its own name runs it. Raises CheckError for a name that means nothing.
    """
    chosen = [_meant(name, rules) for name in _names(select)]
    selected = set(chain.from_iterable(chosen)) if chosen else {rule.slug for rule in rules}
    by_name = {slug for slugs in chosen if len(slugs) == 1 for slug in slugs}
    ignored = set(chain.from_iterable(_meant(name, rules) for name in _names(ignore)))
    return frozenset(
        rule.slug
        for rule in rules
        if rule.slug not in selected
        or rule.slug in ignored
        or (rule.slug in off and rule.slug not in by_name)
    )


def _names(given: Iterable[str]) -> list[str]:
    return [name for part in given for name in re.split(r"[,\s]+", part) if name]


def _meant(name: str, rules: Sequence[Rule]) -> frozenset[str]:
    """The slugs that a name stands for."""
    if _FAMILY.fullmatch(name):
        family = [rule.slug for rule in rules if _letters(rule.code) == name.lower()]
        if family:
            return frozenset(family)
    return frozenset({find_rule(name, rules).slug})


def _letters(code: str) -> str:
    match = _FAMILY.match(code)
    return match[0].lower() if match else ""
