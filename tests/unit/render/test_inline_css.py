"""The styles in the elements: what goes in, what must not be touched, and a second opinion."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import css_inline
import html5lib
import pytest

from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Theme
from newsletter.render.css_lint import find_inline_faults
from newsletter.render.environment import Templates
from newsletter.render.inline_css import inline_css
from newsletter.render.mjml import compile_mjml
from newsletter.render.page import make_page

PAGE = "<!doctype html><html><head>{}</head><body>{}</body></html>"


def styles_of(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element's tag and style properties, in order, by HTML's own parsing rules."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [(one.tag, _properties(one.get("style") or "")) for one in tree.iter()]


def _properties(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.split(";") if ":" in part)
    return {name.strip(): " ".join(value.split()) for name, _, value in pairs}


def test_inline_css_writes_a_rule_into_its_element() -> None:
    html = inline_css(PAGE.format("", '<div class="a"><p>x</p></div>'), ".a p { margin: 0 }")

    assert '<p style="margin:0">x</p>' in html


@pytest.mark.parametrize("doctype", ["<!doctype html>", "<!DOCTYPE html>", ""])
def test_inline_css_writes_the_doctype_whatever_it_was(doctype: str) -> None:
    """premailer keeps it in capitals only, and MRML writes it small: quirks mode otherwise."""
    html = inline_css(PAGE.replace("<!doctype html>", doctype).format("", ""), "")

    assert html.startswith("<!DOCTYPE html>\n<html>")


def test_inline_css_keeps_important() -> None:
    html = inline_css(PAGE.format("", '<p class="a">x</p>'), ".a { margin: 0 !important }")

    assert '<p class="a" style="margin:0 !important">x</p>' in html


def test_inline_css_leaves_style_blocks_as_they_are() -> None:
    block = "@media (max-width:1px){.a>b{color:red!important}} [data-ogsc] .a{margin:0 !important}"
    html = inline_css(PAGE.format(f"<style>{block}</style>", '<div class="a">x</div>'), "")

    assert f"<style>{block}</style>" in html
    assert '<div class="a">x</div>' in html


def test_inline_css_leaves_outlooks_comments_and_attributes_as_they_are() -> None:
    body = '<!--[if mso | IE]><td width="9" class="a"><![endif]--><table width="300" class="a">'
    html = inline_css(PAGE.format("", body + "</table>"), ".a { width: 100% }")

    assert '<!--[if mso | IE]><td width="9" class="a"><![endif]-->' in html
    assert '<table width="300" class="a" style="width:100%">' in html


def test_inline_css_lets_placeholders_in_addresses_be() -> None:
    html = inline_css(PAGE.format("", '<a href="https://x.example/u/zzSLOT1zz">x</a>'), "")

    assert 'href="https://x.example/u/zzSLOT1zz"' in html


def test_our_style_sheet_holds_nothing_that_would_get_lost(templates: Path) -> None:
    css = (templates / "inline.css").read_text("utf-8")

    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", css)

    assert [] == list(find_inline_faults(bare))


def test_our_style_sheet_never_mixes_a_shorthand_with_its_parts(templates: Path) -> None:
    """premailer's cascade is by property name: a part after its whole comes out wrong."""
    css = (templates / "inline.css").read_text("utf-8")

    assert [] == re.findall(r"(?:margin|padding)-\w+", css)
    assert [] == re.findall(r"(?<![-\w])(?:font|background):", css)


def test_our_styles_come_out_alike_from_a_second_inliner(
    publication: Imprint, templates: Path, five_stories: str
) -> None:
    """css-inline has a browser's selectors and a true cascade; premailer has neither."""
    issue = parse_issue(source_from_text(five_stories, path="issues/2021-11-26.md"))
    page = make_page(issue, publication, Theme(), date(2021, 11, 26), tag="0" * 32)
    sources = Templates([templates])
    html = compile_mjml(sources.fill("issue.mjml.j2", page))
    css = sources.fill("inline.css", page)
    second = css_inline.CSSInliner(
        keep_style_tags=True, load_remote_stylesheets=False, extra_css=css
    ).inline(html.replace("<style", '<style data-css-inline="ignore"'))

    assert styles_of(second) == styles_of(inline_css(html, css))


def test_inlining_loads_neither_cssutils_nor_a_network_library() -> None:
    """Premailer would load both: to read CSS, which we do, and to fetch, which it may not."""
    code = (
        "import sys; from newsletter.render.inline_css import inline_css;"
        "print(inline_css('<!doctype html><p class=a>x</p>', '.a { color: #123456 }'));"
        "heavy = {'cssutils', 'encutils', 'requests', 'ssl', 'urllib.request', 'urllib3'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert 'style="color:#123456"' in done.stdout
    assert "[]" == done.stdout.splitlines()[-1]


def test_inlining_leaves_to_others_the_packages_it_keeps_from_premailer() -> None:
    code = (
        "import cssutils as before; from newsletter.render.inline_css import inline_css;"
        "print(inline_css('<p class=a>x</p>', '.a { color: #ffffff; margin: 0px }'));"
        "import cssutils, requests;"
        "print(cssutils is before, callable(requests.get), cssutils.parseStyle('a: b').cssText)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert 'style="color:#ffffff; margin:0"' in done.stdout
    assert "True True a: b" == done.stdout.splitlines()[-1]


def test_our_styles_come_out_as_with_cssutils(
    publication: Imprint, templates: Path, five_stories: str, tmp_path: Path
) -> None:
    """Who has loaded premailer before us has given it cssutils: the same bytes, to the last."""
    issue = parse_issue(source_from_text(five_stories, path="issues/2021-11-26.md"))
    page = make_page(issue, publication, Theme(), date(2021, 11, 26), tag="0" * 32)
    sources = Templates([templates])
    html = compile_mjml(sources.fill("issue.mjml.j2", page))
    css = sources.fill("inline.css", page)
    (tmp_path / "html").write_text(html, encoding="utf-8")
    (tmp_path / "css").write_text(css, encoding="utf-8")
    code = (
        "import pathlib, sys, cssutils, premailer;"
        "cssutils.log.setLevel(100); cssutils.ser.prefs.minimizeColorHash = False;"
        "from newsletter.render.inline_css import inline_css;"
        "folder = pathlib.Path(sys.argv[1]);"
        "html, css = ((folder / name).read_text('utf-8') for name in ('html', 'css'));"
        "(folder / 'out').write_text(inline_css(html, css), 'utf-8')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True)

    assert (tmp_path / "out").read_text("utf-8") == inline_css(html, css)


def test_premailer_of_somebody_else_changes_no_byte() -> None:
    """Whoever loads it first, as a plug-in may, gets one with cssutils, which shortens colours."""
    code = (
        "import sys\n"
        "if sys.argv[1:]:\n"
        "    import premailer\n"
        "    assert 'cssutils' in sys.modules\n"
        "from newsletter.render.inline_css import inline_css\n"
        "print(inline_css('<p>x</p>', 'p { color: #ffffff }'))\n"
        "if sys.argv[1:]:\n"
        "    assert sys.modules['premailer'] is premailer\n"
    )

    alone, beside = (
        subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
        ).stdout
        for words in ([], ["first"])
    )

    assert "color:#ffffff" in alone
    assert alone == beside


def test_threads_that_begin_at_once_write_the_same_bytes() -> None:
    """The studio renders in several from its first moment on."""
    code = (
        "import sys\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from newsletter.render.inline_css import inline_css\n"
        "sys.setswitchinterval(1e-6)\n"
        "one = ('<p>x</p>', 'p { color: #ffffff }')\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    print({*pool.map(lambda _: inline_css(*one), range(8))})\n"
        "assert 'cssutils' not in sys.modules\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "color:#ffffff" in done.stdout
    assert 1 == done.stdout.count("<p")
