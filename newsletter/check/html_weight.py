"""How heavy the rendered issue is, of what its budget allows, and which story weighs most."""

from dataclasses import dataclass

from newsletter.check.rule import Context
from newsletter.issue import Issue, Span

NEAR_BUDGET = 0.9
"""Of the budget: from there on the rules have something to say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """`share` is of the budget, 1.0 being all of it; `span` is the heaviest story's headline."""

    share: float
    words: str
    span: Span


def weigh(issue: Issue, context: Context) -> Weight | None:
    """None where nobody gave the size."""
    size, budget = context.html_size, context.html_budget
    if size is None or budget <= 0 or not issue.stories:
        return None
    words = f"the e-mail's HTML has {size:,} bytes of {budget:,}"
    sizes = context.story_sizes
    if len(sizes) != len(issue.stories) or not any(sizes):
        first = (issue.title or issue.stories[0].headline).span
        return Weight(share=size / budget, words=words, span=first)
    at = max(range(len(sizes)), key=sizes.__getitem__)
    story = issue.stories[at]
    heaviest = f"story {story.number or at + 1} is the heaviest with {sizes[at]:,}"
    words += f"; {heaviest} ({sizes[at] / size:.0%})"
    return Weight(share=size / budget, words=words, span=story.headline.span)
