"""`newsletter rules`: what the check holds issues to, and why."""

import sys
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from typing import Annotated

import typer

from newsletter.check import HouseFormat, Rule, Severity, all_rules, find_rule
from newsletter.cli.console import faint, say, say_block, strong
from newsletter.cli.publication import house_here
from newsletter.starter import rules_folder


def rules(
    slug: Annotated[
        str | None, typer.Argument(help="A rule's name or code.", show_default=False)
    ] = None,
) -> None:
    """List the rules of the check, or explain one of them."""
    known = all_rules()
    if slug is not None:
        say_block(_page(find_rule(slug, known)))
        return
    for line in _table(known, house_here()[1]):
        say(line)


def _table(known: Sequence[Rule], house: HouseFormat) -> Iterator[str]:
    """Code, slug, severity in this publication, and what holds."""
    width = max(len(rule.slug) for rule in known)
    for rule in known:
        severity = house.severities.get(rule.slug, rule.severity).value
        shown = "off" if rule.slug in house.switched_off else severity
        name = strong(rule.slug.ljust(width))
        yield f"{rule.code}  {name}  {faint(shown.ljust(7))}  {rule.summary}"


def _page(rule: Rule) -> str:
    """The rule's page; a rule of another package brings its own words."""
    page = rules_folder() / f"{rule.slug}.md"
    if page.is_file():
        return page.read_text(encoding="utf-8")
    return "\n\n".join(_parts(rule)) + "\n"


def _parts(rule: Rule) -> Iterator[str]:
    yield f"# {rule.code} {rule.slug}"
    yield rule.summary
    module = sys.modules.get(rule.check.__module__)
    explained = rule.explanation or rule.check.__doc__ or (module and module.__doc__) or ""
    if words := cleandoc(explained).removeprefix(rule.summary).strip():
        yield words
    stops = ", which stops a send" if rule.severity is Severity.ERROR else ""
    yield f"Its severity is {rule.severity.value}{stops}. It comes from the package {rule.package}."
