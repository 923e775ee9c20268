from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Rendered, Theme, render_issue

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture
def templates() -> Path:
    """The templates that the package ships."""
    return TEMPLATES


@pytest.fixture(scope="session")
def publication() -> Imprint:
    return Imprint(
        name="The Harbour Post",
        tagline="Boats and tides, weekly",
        language="en-GB",
        base_url="https://post.example.org",
        signup_url="https://post.example.org/signup",
        why="You get this because you signed up at post.example.org.",
        organisation="Harbour Press",
        postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
    )


@pytest.fixture
def render(publication: Imprint) -> Callable[..., Rendered]:
    """Render an issue's text: `render(text)`, `render(text, templates=[folder])`."""

    def render_text(text: str, *, templates: tuple[Path, ...] = (TEMPLATES,)) -> Rendered:
        return render_issue(
            parse_issue(source_from_text(text, path="issues/2021-11-26.md")),
            publication=publication,
            theme=Theme(),
            templates=templates,
            issue_date=date(2021, 11, 26),
            tag="0" * 32,
        )

    return render_text


FIVE_STORIES = """\
---
subject: Tides, ropes and a very old boat
preheader: A spring tide on Sunday, a rope walk reopens, and a boat from 1907
---
# The five biggest harbour stories of the week

Hello {{ first_name | default("there") }}. It's Friday, so here is the week at the harbour.

## 1. Spring tide on Sunday

The water stands at 5.9 metres at noon.

> "Tie up well," says the *harbour master*.

[Read the full story](https://example.org/tide?a=1&b=2)

## 2. The rope walk reopens

![A long low shed beside the water](https://example.org/shed.png "The shed, built in 1811")

What is new:

- a roof
- **two** doors

[Read the full story](https://example.org/rope)

## 3. A boat from 1907 is afloat

She was raised by [six divers](https://example.org/divers) in `May`.

[Read the full story](https://example.org/boat)

## 4. No ferry until Tuesday

1. Walk.
2. Or wait.

[Read the full story](https://example.org/ferry)

## 5. Gulls, again

Nothing can be done.

[Read the full story](https://example.org/gulls)

---

Sign up for our free harbour newsletter [here](https://post.example.org/join).
"""


@pytest.fixture
def five_stories() -> str:
    """An issue that has one of everything."""
    return FIVE_STORIES


@pytest.fixture(scope="session")
def rendered(publication: Imprint) -> Rendered:
    """The issue above, rendered once for all the tests that only look at it."""
    return render_issue(
        parse_issue(source_from_text(FIVE_STORIES, path="issues/2021-11-26.md")),
        publication=publication,
        theme=Theme(),
        templates=[TEMPLATES],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    )
