"""All rules, by an explicit list; other packages add theirs by the entry point newsletter.rules.

Each module of `newsletter.check.rules` holds one RULE, each family lists its own.
"""

import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.check.rule import Rule
from newsletter.errors import CheckError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FAMILIES = ("structure", "consistency", "typography", "links", "mail", "memory", "checking")
"""In the order of their codes. Loaded when rules are asked for: a render has no use for them."""

GROUP = "newsletter.rules"


def built_in() -> Iterator[Rule]:
    """Our own rules, family by family."""
    for family in FAMILIES:
        yield from import_module(f"newsletter.check.families.{family}").RULES


def all_rules() -> tuple[Rule, ...]:
    """The built-in rules and those of other packages. Raises CheckError for a broken plug-in."""
    rules = [*built_in()]
    for point in _entry_points():
        try:
            loaded = point.load()
        except Exception as error:
            raise CheckError(
                f"the rule cannot be loaded: {error}",
                where=f"plug-in {point.value}",
                next_step="mend the package it comes from, or uninstall it",
            ) from error
        if not isinstance(loaded, Rule):
            raise CheckError(
                "this is not a Rule",
                where=f"plug-in {point.value}",
                next_step="let the entry point name a Rule",
            )
        rules.append(loaded)
    _refuse_doubles(rules)
    return tuple(rules)


def _entry_points() -> Iterable["EntryPoint"]:
    """Those of our group. Looking for its name costs 1 ms; importlib.metadata itself costs 30."""
    if not any(_may_have_rules(Path(entry or ".")) for entry in sys.path):
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


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
                raise CheckError(f"two rules are called {name}", where="newsletter.rules")
            seen[name] = rule


def find_rule(name: str, rules: Iterable[Rule]) -> Rule:
    """A rule by code or slug, in any case. Raises CheckError that names the nearest one."""
    by_name = {key: rule for rule in rules for key in (rule.code.lower(), rule.slug)}
    if name.lower() in by_name:
        return by_name[name.lower()]
    near = get_close_matches(name.lower(), by_name, n=1)
    step = f"did you mean {near[0]}?" if near else "`newsletter rules` lists them"
    raise CheckError(f"there is no rule “{name}”", next_step=step)
