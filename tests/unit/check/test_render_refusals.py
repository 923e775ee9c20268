"""What the renderer refuses in an issue, the check has reported as an error before."""

import ast
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.check import Context, HouseFormat, Severity, all_rules, check_issue
from newsletter.errors import RenderError
from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Theme
from newsletter.render.page import make_page

PACKAGE = Path(__file__).parents[3] / "newsletter"
RULES = all_rules()
PUBLICATION = Imprint(
    name="The Friday Five",
    tagline="",
    language="en-GB",
    base_url="https://news.example.com",
    signup_url="https://news.example.com/subscribe",
    why="You signed up.",
    organisation="Example Media Ltd",
    postal_address="1 Example Street, London",
)
FIELD = '{{ first_name | default("there") }}'
PLACES = (
    "# The stories {0}\n\nIntro.\n",
    "# T\n\nIntro {0} here.\n",
    "# T\n\nIntro.\n\n## Sponsored by {0}\n\nTry.\n",
    "# T\n\nIntro.\n\n## Sponsored by Acme\n\n> Try {0} now.\n",
    "# T\n\nIntro.\n\n## 1. A {0} headline\n\nBody.\n",
    "# T\n\nIntro.\n\n## 1. A headline\n\n- one\n- {0}\n",
    "# T\n\nIntro.\n\n## 1. A headline\n\nB.\n\n---\nSign up {0}\n",
    "# T\n\nIntro.\n\n## 1. A headline\n\nB.\n\n---\nSign up.\n\nAnd {0}\n",
    "The two stories\n\nIntro.\n\n1. A headline {0}\n\nBody.\n",
)
STORY = "\n## 2. Another\n\nText.\n"
BAD = (
    "{{ name }}",
    "{{ firstname }}",
    "{{ first_name.upper() }}",
    "{{ first_name | default(“there”) }}",
    '{{ first_name | default("a", "b") }}',
    '{{ first_name | default("a") | upper }}',
    "{{ }}",
    "{{",
    "{{ first_name",
    "{% if x %}",
    "{%",
    "{# a #}",
    f"[a](https://www.example.com/{FIELD})",
    f"[a](<https://www.example.com/ {FIELD}>)",
    f'[a](https://www.example.com/{FIELD} "title")',
    f"![a](https://www.example.com/{FIELD}.png)",
    f"<https://www.example.com/{FIELD}>",
    f"[![a](https://www.example.com/a.png)](https://www.example.com/{FIELD})",
    "x" * 300 + "{{ " + "x" * 300 + " }}",
)


def errors(text: str) -> list[str]:
    issue = parse_issue(source_from_text(text, path="issues/2021-11-26.md"))
    found = check_issue(issue, RULES, Context(house=HouseFormat()))
    return [
        item.message
        for item in found
        if item.severity is Severity.ERROR and item.slug == "merge-field"
    ]


def is_refused(text: str) -> bool:
    issue = parse_issue(source_from_text(text, path="issues/2021-11-26.md"))
    try:
        make_page(issue, PUBLICATION, Theme(), date(2021, 11, 26), tag="0" * 32)
    except RenderError:
        return True
    return False


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("place", PLACES)
def test_check_reports_what_the_renderer_refuses(place: str, bad: str) -> None:
    text = place.format(bad) + STORY

    assert is_refused(text), "the sample is of no use"
    assert errors(text)


@pytest.mark.parametrize("key", ["subject", "preheader"])
def test_check_reports_a_field_that_the_inbox_would_show(key: str) -> None:
    text = f"---\n{key}: 'Hello {FIELD}, how do you do?'\n---\n# T\n\nI.\n{STORY}"

    assert [f"{key} is the same for every reader: a merge field is not filled in there"] == errors(
        text
    )


def test_check_reports_a_field_that_would_stop_a_send() -> None:
    """The renderer takes a field without a default, as its own are; a reader may have no name."""
    text = f"# T\n\nHello {{{{ first_name }}}}!\n{STORY}"

    assert not is_refused(text)
    assert ["first_name has no default, for readers who gave none"] == errors(text)


def test_every_refusal_of_an_issue_is_among_the_samples() -> None:
    """A new `raise RenderError` in these modules asks for a sample above, and a rule."""
    modules = [PACKAGE / "render" / "page.py", PACKAGE / "issue" / "merge_fields.py"]
    raised = [
        node.exc.args[0]
        for module in modules
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
        and node.exc.func.id == "RenderError"
    ]

    assert [
        "'there is a merge field in an address'",
        "error.what",
        "found.fault",
    ] == sorted(map(ast.unparse, raised))


PARTS = st.sampled_from(
    [*BAD, FIELD, *"[]()<>!*_`|{} \n", "](https://www.example.com/", "<!--", "-->", "\n\n", "word"]
)


@given(st.lists(PARTS, max_size=12).map("".join), st.sampled_from(PLACES))
@example(f"`{FIELD}` \\{FIELD}", PLACES[1])
@settings(deadline=None, max_examples=300)
def test_check_reports_what_the_renderer_refuses_of_any_text(words: str, place: str) -> None:
    text = place.format(words) + STORY

    assert errors(text) or not is_refused(text)
