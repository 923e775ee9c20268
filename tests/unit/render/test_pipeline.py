"""The whole way: hostile words in, clean parts out; the same bytes each time; no network."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from newsletter.render import Rendered, measure

ROOT = Path(__file__).parents[3]

HOSTILE = """\
---
subject: '"><script>alert(1)</script> {{ subject }} ]]> &amp; \\u200b'
preheader: '</div><img src=x onerror=alert(1)> {% raw %}'
---
# "Title" </h1><script>alert(1)</script> & ]]> 'x'

Intro with <b>markup</b>, <!--[if mso]>x<![endif]--> and a % b.

## 1. A "headline" with </mj-text><mj-raw> & 'quotes'

![An "alt" <with> 'marks'](https://x.example/i.png?a=1&b="2")

Words \x07 with \x1b controls \x9b in them.

[Read "it" > now](https://x.example/?a="><script>)

---

Sign up for our free newsletter [here](https://x.example/"onclick="x).
"""


def test_render_escapes_every_word_of_an_issue(render: Callable[..., Rendered]) -> None:
    rendered = render(HOSTILE.replace("\\u200b", "\u200b"))
    tree: Any = etree.fromstring(rendered.html, etree.HTMLParser())

    assert [] == list(tree.iter("script", "b", "mj-raw", "mj-text"))
    assert [] == tree.xpath("//@onerror | //@onclick")
    assert 1 == rendered.html.count("<img ")
    assert "“Title” </h1><script>alert(1)</script> & ]]> ‘x’" == tree.findtext(".//h1")
    assert rendered.subject == tree.findtext(".//title")
    assert "An \"alt\" <with> 'marks'" == tree.find(".//img").get("alt")
    assert "Words with controls in them." in " ".join(rendered.html.split())
    assert rendered.preheader in "".join(tree.find("body").itertext())


def test_render_strips_controls_from_every_part(render: Callable[..., Rendered]) -> None:
    rendered = render("# T\x1b\x85\ufffe\n\nIn\x07tro\x9b.\n\n## 1. A\x08\n\nx\x7f\n")
    together = f"{rendered.subject}{rendered.preheader}{rendered.html}{rendered.text}"

    assert [] == re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", together)
    assert "Intro." == rendered.preheader


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "# Only a title",
        "## 1. Only a headline",
        "# T\n\nNo story.",
        "1. 2024 was odd\n2. x",
        "> " * 15 + "deep",
        "- " * 15 + "deep",
        "# T\n\nI.\n\n## 1. A\n\nx\n\n---\n\nSign up for our newsletter here.\n\nP.S. Late words.",
    ],
)
def test_render_takes_any_issue_however_odd(render: Callable[..., Rendered], text: str) -> None:
    """What is wrong with it is the check's to say; a preview must still show it."""
    rendered = render(text)

    assert rendered.html.startswith("<!DOCTYPE html>")
    assert "Late" not in text or ("Late words." in rendered.html and "Late words." in rendered.text)


def test_render_does_not_double_an_arrow(render: Callable[..., Rendered]) -> None:
    html = render("# T\n\nIntro.\n\n## 1. A\n\n[Read on →](https://x.example/)\n").html

    assert 1 == html.count("→")


def test_render_makes_the_same_bytes_in_every_process(five_stories: str, tmp_path: Path) -> None:
    issue = tmp_path / "2021-11-26.md"
    issue.write_text(five_stories, "utf-8")

    digests = {digest_in_new_process(issue, seed) for seed in ("0", "1", "4294967295")}

    assert 1 == len(digests)
    assert re.fullmatch(r"[0-9a-f]{64}\n", digests.pop())


SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from typing import Any
from newsletter.issue import load_issue
from newsletter.render import Imprint, Theme, render_issue

publication = Imprint(
    name="P", tagline="T", language="en", base_url="https://p.example", why="Because.",
    signup_url="https://p.example/signup", organisation="O", postal_address="A",
)
rendered = render_issue(
    load_issue(sys.argv[1]), publication=publication, theme=Theme(),
    templates=[Path("templates")], issue_date=date(2021, 11, 26), tag="0" * 32,
)
print(rendered.digest)
"""


def digest_in_new_process(issue: Path, seed: str) -> str:
    return run_python(SCRIPT, str(issue), PYTHONHASHSEED=seed)


def run_python(script: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    return done.stdout


def test_render_opens_no_socket(
    render: Callable[..., Rendered], five_stories: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was asked for")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)

    assert render(five_stories).html


def test_the_door_of_the_room_is_cheap() -> None:
    """Whoever may have to render imports the room at the top of the file."""
    loaded = run_python("import newsletter.render, sys; print(*sys.modules)").split()
    heavy = {"premailer", "cssutils", "requests", "jinja2", "mjml", "lxml", "markdown_it", "PIL"}

    assert set() == heavy & {name.partition(".")[0] for name in loaded}


def test_measure_counts_octets_with_crlf(render: Callable[..., Rendered]) -> None:
    rendered = render("# É\n")
    sizes = measure(rendered)

    assert len(rendered.html.replace("\n", "\r\n").encode()) == sizes.html
    assert sizes.html_quoted_printable > sizes.html
    assert sizes.text_quoted_printable > len(rendered.text)
