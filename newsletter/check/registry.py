"""All rules, by an explicit list; other packages add theirs by the entry point newsletter.rules.

Each module of `newsletter.check.rules` holds one RULE and is named after its slug. None is loaded
before rules are asked for: to read a house format or to render takes no rule.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from newsletter.check.rule import Rule
from newsletter.errors import Act, CheckError, Remedy

SLUGS = (
    # S: what an issue is made of
    "empty-issue",
    "front-matter-invalid",
    "front-matter-key",
    "title-missing",
    "intro-missing",
    "no-stories",
    "story-count",
    "story-numbering",
    "story-without-body",
    "footer-missing",
    "headline-number-style",
    "footer-wording",
    "text-after-footer",
    "blank-lines",
    "empty-slot",
    "sponsor-repeated",
    "sponsor-without-body",
    "comment-not-closed",
    "heading-mark",
    "intro-length",
    # C: what one part says of another
    "title-count",
    "title-wording",
    "intro-weekday",
    "weekday-send-date",
    "weekday-date",
    "date-exists",
    "intro-names",
    "title-names",
    "intro-wording",
    # T: how the words are set
    "headline-full-stop",
    "closing-punctuation",
    "doubled-word",
    "doubled-full-stop",
    "double-space",
    "quotation-marks",
    "apostrophes",
    "stray-spaces",
    "embedded-post",
    "long-headline",
    "long-story",
    "left-over-markup",
    "damaged-characters",
    "long-paragraph",
    # L: where an issue leads
    "link-scheme",
    "link-https",
    "bare-url",
    "link-text",
    "tracking-parameters",
    "link-repeated",
    "footer-link",
    "dead-link",
    "near-link",
    "wrapped-link",
    "mistaken-address",
    # M: what an inbox makes of an issue
    "subject-length",
    "subject-too-long",
    "subject-capitals",
    "preheader-length",
    "image-alt",
    "image-source",
    "merge-field",
    "html-size",
    "html-too-large",
    "story-images",
    "image-https",
    "image-file",
    "image-weight",
    # R: what ran before
    "link-ran-before",
    "headline-ran-before",
    # X: the check's own comments
    "unused-ignore",
)
"""In the order of their codes, whose letter is that of the family."""

GROUP = "newsletter.rules"


def built_in() -> Iterator[Rule]:
    """Our own rules, in the order of the list."""
    for slug in SLUGS:
        yield import_module(f"newsletter.check.rules.{slug.replace('-', '_')}").RULE


def all_rules() -> tuple[Rule, ...]:
    """The built-in rules and those of other packages. Raises CheckError for a broken plug-in."""
    rules = [*built_in()]
    for name, package, load in _plug_ins():
        try:
            loaded = load()
        except Exception as error:
            raise CheckError(
                f"the rule cannot be loaded: {error}",
                where=f"plug-in {name}",
                next_step="mend the package it comes from, or uninstall it",
            ) from error
        if not isinstance(loaded, Rule):
            raise CheckError(
                "this is not a Rule",
                where=f"plug-in {name}",
                next_step="let the entry point name a Rule",
            )
        rules.append(replace(loaded, package=package))
    _refuse_doubles(rules)
    return tuple(rules)


def _plug_ins() -> Iterator[tuple[str, str, Callable[[], object]]]:
    """What stands under our group, whose it is, and how to load it.

    To look for the group's name takes 1 ms; to import importlib.metadata takes 30.
    """
    if any(_may_have_rules(Path(entry or ".")) for entry in sys.path):
        from importlib.metadata import entry_points

        for point in entry_points(group=GROUP):
            package = point.dist.name if point.dist else point.module.split(".")[0]
            yield point.value, package, point.load


def _may_have_rules(folder: Path) -> bool:
    if not folder.is_dir():
        return folder.is_file()  # an archive: let importlib.metadata look inside
    found = folder.glob("*.*-info/entry_points.txt")
    return any(f"[{GROUP}]".encode() in path.read_bytes() for path in found)


def _refuse_doubles(rules: Iterable[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        for name in (rule.code, rule.slug):
            if name in seen:
                packages = " and ".join(one.package or "newsletter" for one in (seen[name], rule))
                raise CheckError(
                    f"two rules are called {name}, of {packages}",
                    where="newsletter.rules",
                    next_step="rename one of them, or uninstall its package",
                )
            seen[name] = rule


def find_rule(name: str, rules: Iterable[Rule]) -> Rule:
    """A rule by code or slug, in any case. Raises CheckError that names the nearest one."""
    by_name = {key: rule for rule in rules for key in (rule.code.lower(), rule.slug)}
    if name.lower() in by_name:
        return by_name[name.lower()]
    near = get_close_matches(name.lower(), by_name, n=1)
    raise CheckError(
        f"there is no rule “{name}”",
        next_step=f"did you mean {near[0]}?" if near else "see which rules there are",
        remedy=None if near else Remedy(Act.LIST_RULES),
    )
