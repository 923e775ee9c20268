"""One finding for one mistake: what only follows from another finding is not told beside it.

A rule knows what follows from its own finding, and names those rules in `Finding.explains`. A root
never hides what is worse than itself, so that no error is lost behind a warning.
"""

from collections.abc import Iterable

from newsletter.check.diagnostic import Diagnostic, Severity, at_least


def without_followers(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings less those that another one explains, in the same order."""
    every = tuple(found)
    explained: dict[str, Severity] = {}
    for root in every:
        for slug in root.explains:
            if slug != root.slug and at_least(root.severity, explained.get(slug, Severity.INFO)):
                explained[slug] = root.severity
    if not explained:
        return every
    return tuple(item for item in every if not _follows(item, explained.get(item.slug)))


def _follows(item: Diagnostic, root: Severity | None) -> bool:
    return root is not None and at_least(root, item.severity)
