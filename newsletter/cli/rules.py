"""`newsletter rules`: what the check holds issues to, and why."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from newsletter.check import HouseFormat, Rule, all_rules, find_rule
from newsletter.cli.console import faint, say, say_block, strong
from newsletter.cli.formats import AsFormat, Format, Record, say_records
from newsletter.cli.publication import house_here
from newsletter.publishing.rule_pages import rule_page


def rules(
    slug: Annotated[
        str | None, typer.Argument(help="A rule's name or code.", show_default=False)
    ] = None,
    format_: AsFormat = Format.TEXT,
) -> None:
    """List the rules of the check, or explain one of them."""
    known = all_rules()
    if format_ is Format.JSON:
        wanted = known if slug is None else [find_rule(slug, known)]
        house = house_here()[1]
        say_records(_record(rule, house, with_page=slug is not None) for rule in wanted)
        return
    if slug is not None:
        say_block(rule_page(find_rule(slug, known)))
        return
    for line in _table(known, house_here()[1]):
        say(line)


def _record(rule: Rule, house: HouseFormat, *, with_page: bool) -> Record:
    return {
        "code": rule.code,
        "slug": rule.slug,
        "severity": house.severities.get(rule.slug, rule.severity).value,
        "on": rule.slug not in house.switched_off,
        "summary": rule.summary,
        "package": rule.package,
        "page": rule_page(rule) if with_page else None,
    }


def _table(known: Sequence[Rule], house: HouseFormat) -> Iterator[str]:
    """Code, slug, severity in this publication, and what holds."""
    width = max(len(rule.slug) for rule in known)
    for rule in known:
        severity = house.severities.get(rule.slug, rule.severity).value
        shown = "off" if rule.slug in house.switched_off else severity
        name = strong(rule.slug.ljust(width))
        yield f"{rule.code}  {name}  {faint(shown.ljust(7))}  {rule.summary}"
