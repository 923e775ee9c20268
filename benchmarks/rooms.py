"""The rooms when they are warm: what a thousand issues or a hundred thousand readers cost."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.check import Context, HouseFormat, all_rules, check_issue
from newsletter.issue import Issue, load_source, parse_issue
from newsletter.publishing.dating import issue_date
from newsletter.publishing.desk import open_desk
from newsletter.publishing.rendering import render
from newsletter.render.environment import Templates
from newsletter.render.inline_css import inline_css
from newsletter.render.minify import minify
from newsletter.render.mjml import compile_mjml
from newsletter.render.page import make_page
from newsletter.render.pipeline import fill_html
from newsletter.settings import Settings, load_settings
from newsletter.starter import default_templates
from newsletter.subscribers import parse_subscribers

NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)


def measure(root: Path) -> str:
    """A Markdown table of rates, a second."""
    settings = load_settings(root, {}, with_environment=False)
    source = load_source(root / "issues/2021-11-26.md")
    issue = parse_issue(source)
    rules, context = all_rules(), Context(house=HouseFormat())
    rendered = render(issue, settings, NOW)
    mjml, css = _filled(issue, settings)
    html = compile_mjml(mjml)
    inlined = inline_css(html, css)
    desk = open_desk(issue, rendered, settings, message_date=NOW, key=b"k" * 32)
    reader = desk.reader(parse_addr_spec("ada@example.com"), {"first_name": "Ada"})
    people = "email,first_name\n" + "".join(f"r{n}@example.com,R{n}\n" for n in range(100_000))

    rows = ["| warm, one core | hold | rate |", "|---|---|---|"]
    rows += [
        _row("parse one issue", "", lambda: parse_issue(source)),
        _row(
            "parse and check one issue",
            "500/s",
            lambda: check_issue(parse_issue(source), rules, context),
        ),
        _row("render one issue", "40/s", lambda: render(issue, settings, NOW)),
        _row("of that, MJML", "1,000/s", lambda: compile_mjml(mjml)),
        _row("of that, premailer", "", lambda: inline_css(html, css)),
        _row("of that, white space", "", lambda: minify(inlined)),
        _row("compose a message", "", lambda: desk.composer.compose(reader)),
        _row("tokens and compose", "", lambda: desk.message(AddrSpec("a", "example.com"), {})),
        _row(
            "read a row of CSV",
            "50,000/s",
            lambda: sum(1 for _ in parse_subscribers(people).rows()),
            times=100_000,
        ),
    ]
    return "\n".join(rows)


def _filled(issue: Issue, settings: Settings) -> tuple[str, str]:
    """The MJML and the style sheet that a render goes on with."""
    day = issue_date(issue, settings, NOW)
    page = make_page(issue, settings.publication, settings.theme, day, tag="0" * 32)
    return fill_html(Templates([default_templates()]), page)


def _row(what: str, hold: str, work: Callable[[], object], *, times: int = 1) -> str:
    work()
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < 1.0:
        work()
        done += times
    return f"| {what} | {hold} | {done / (time.perf_counter() - began):,.0f}/s |"
