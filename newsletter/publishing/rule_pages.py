"""The page of a rule: what it wants, with samples, and why; in Markdown, for whoever shows it."""

import sys
from collections.abc import Iterator
from inspect import cleandoc

from newsletter.check import Rule, Severity
from newsletter.starter import rules_folder


def rule_page(rule: Rule) -> str:
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
