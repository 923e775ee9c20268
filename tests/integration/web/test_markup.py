"""Whatever an issue or a reader is called: no page and no feed of the site runs any of it.

The pages are those that `newsletter/web/public/` gives out.
"""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import html5lib
import pytest
from lxml import etree

from newsletter.books import StoredPicture
from newsletter.errors import RenderError
from newsletter.publishing.readers import Purpose
from tests.integration.web.conftest import World

XSS = [
    '"><img src=x onerror=alert(1)>',  # A-XSS-02
    "[x](javascript:alert(1))",  # A-XSS-04
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    '[x](https://example.org/"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    '![x](x" onerror="alert(1))',  # A-XSS-06
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    '<iframe srcdoc="<script>alert(1)</script>">',  # A-XSS-08
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",  # A-XSS-10
    '<base href="//evil.example/">',  # A-XSS-12
    "</title><script>alert(1)</script>",  # A-XSS-14
    "<!--[if mso]><script>alert(1)</script><![endif]-->",  # A-XSS-18
    "<svg><script>alert(1)</script></svg>",
    "<style>@import '//evil.example/x.css'</style>",
    '<form action="//evil.example"><input name=email>',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202ecigam\u202c \x0b\x0c\x1f \ufffe",
]
ALLOWED = {"https", "http", "mailto", "data", ""}
"""`data` is the empty icon of every page."""
BARE = "<!DOCTYPE html><title>x</title><body>"
NO_ELEMENTS = {"iframe", "object", "embed", "base", "style", "svg", "math", "applet"}


def hostile_issue(text: str) -> str:
    line = " ".join(text.split())
    return (
        f"---\nsubject: {json.dumps(line)}\npreheader: {json.dumps(line)}\n---\n"
        f"# {line}\n\nIntro {text}\n\n## 1. {line}\n\n{text}\n\n> {text}\n\n- {text}\n\n"
        f"![{line}](https://example.org/a.png)\n\n[{line}](https://example.org/)\n\n"
        f"## Sponsored by {line}\n\n{text}\n\n---\nSign up {line} [here](https://example.org/)\n"
    )


def elements(page: str) -> Iterator[tuple[str, dict[str, str], str]]:
    tree = html5lib.parse(page, treebuilder="lxml", namespaceHTMLElements=False)
    for element in tree.iter():
        if isinstance(element.tag, str):
            attributes = {str(name).lower(): value for name, value in element.attrib.items()}
            yield element.tag.lower(), attributes, element.text or ""


def check_data(attributes: dict[str, str], text: str, why: str) -> None:
    """What a search engine is told of an issue: data, which no browser runs."""
    assert {"type": "application/ld+json"} == attributes, why
    assert "<" not in text, why
    assert "@context" in json.loads(text), why


def check_page(page: str, why: str) -> None:
    for tag, attributes, text in elements(page):
        if tag == "script":
            check_data(attributes, text, why)
        assert tag not in NO_ELEMENTS, (why, tag)
        assert not any(name.startswith("on") for name in attributes), (why, tag, attributes)
        assert "style" not in attributes, (why, tag, attributes)
        assert "srcdoc" not in attributes, (why, tag)
        for name in ("href", "src", "action", "formaction"):
            target = "".join(attributes.get(name, "").split())
            assert urlsplit(target).scheme.lower() in ALLOWED, (why, target)
            assert not target.lower().startswith("data:text"), (why, target)
            assert "evil.example" not in urlsplit(target).netloc, (why, target)
        if tag == "meta":
            assert attributes.get("http-equiv", "").lower() in {"", "content-security-policy"}, why
        if tag == "form":
            assert attributes["action"].startswith("/"), why


def check_feed(octets: bytes, why: str) -> None:
    """Well-formed XML, whose HTML is as harmless."""
    tree = etree.fromstring(octets)
    for element in tree.iter():
        if element.get("type") == "html":
            check_page(f"{BARE}{element.text or ''}", why)


def test_an_issue_runs_nothing_on_any_page_and_in_no_feed(world: World) -> None:
    names = [f"hostile-{number}" for number in range(len(XSS))]
    for name, text in zip(names, XSS, strict=True):
        world.publish(hostile_issue(text), name)
    for path in (
        *("/", "/issues/", "/issues/2021", "/subscribe", "/nowhere"),
        *(f"/issues/{name}" for name in names),
        world.path(Purpose.UNSUBSCRIBE),
        world.path(Purpose.PREFERENCES),
        world.confirmation(),
    ):
        check_page(world.client.get(path).text, path)
    for path in ("/feed.atom", "/stories.atom", "/sitemap.xml"):
        check_feed(world.client.get(path).content, path)
    for name in names:
        for story in world.client.get(f"/issues/{name}.json").json()["stories"]:
            check_page(f"{BARE}{story['body_html']}{story['headline_html']}", name)
    for item in world.client.get("/feed.json").json()["items"]:
        check_page(f"{BARE}{item['content_html']}", "feed.json")


def test_an_issue_that_is_a_template_is_published_nowhere(world: World) -> None:
    with pytest.raises(RenderError):
        world.publish(hostile_issue("{{ ''.__class__ }} {% raw %}"), "hostile")

    assert 404 == world.client.get("/issues/hostile").status_code


def test_names_and_tags_of_readers_run_nothing_on_their_pages(world: World) -> None:
    for number, text in enumerate(XSS):
        key = world.add(f"r{number}@example.com", text[:80])
        for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES):
            check_page(world.client.get(world.path(purpose, key)).text, text)
        told = world.client.get(f"{world.path(Purpose.PREFERENCES, key)}/data")

        assert "application/json" == told.headers["content-type"]
        assert told.headers["content-disposition"].startswith("attachment")
        assert "nosniff" == told.headers["x-content-type-options"]


def test_a_picture_is_served_as_what_it_is_or_not_at_all(world: World) -> None:
    """A file with markup in it is no picture of ours, whatever its row says."""
    rows = {"a.png": "image/png", "b.svg": "image/svg+xml", "c.html": "text/html", "d": ""}
    shown = [
        StoredPicture(name=name, media_type=media_type, octets=b"<script>alert(1)</script>")
        for name, media_type in rows.items()
    ]
    found = world.database.archive.find("2021-11-26")
    assert found is not None
    world.database.archive.publish(found, shown)
    answers = {name: world.client.get(f"/images/{name}") for name in rows}

    assert [200, 404, 404, 404] == [answer.status_code for answer in answers.values()]
    assert "image/png" == answers["a.png"].headers["content-type"]
    assert "nosniff" == answers["a.png"].headers["x-content-type-options"]
