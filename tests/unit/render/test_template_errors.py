"""One broken template per fault: the file, the line, and the nearest right spelling."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RenderError
from newsletter.render import Rendered
from newsletter.render.mjml import compile_mjml
from newsletter.render.mjml_lint import lint_mjml

pytestmark = pytest.mark.slow

Render = Callable[..., Rendered]

COLUMN = "<mj-section><mj-column>\n{}\n</mj-column></mj-section>\n"
CALL = "partials/call.mjml.j2"
ELSEWHERE = "cannot be written into an element; move the rule to responsive.css, or name a class"


def error(render: Render, templates: Path, own: Path, name: str, text: str) -> str:
    """The one line that a person reads, paths from the publication's own folder on."""
    path = own / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    issue = "# T\n\nI.\n\n## 1. A\n\nx\n\n## 2. B\n\ny\n"
    with pytest.raises(RenderError) as caught:
        render(issue, templates=(own, templates))
    return str(caught.value).replace(f"{own}/", "").replace(f"{templates}/", "")


@pytest.mark.parametrize(
    ("part", "line", "expected"),
    [
        ("<mj-txt>x</mj-txt>", 2, "<mj-txt> is not an MJML tag; did you mean <mj-text>?"),
        ("<p>x</p>", 2, "<p> is not allowed in <mj-column>; put it in <mj-text>"),
        (
            "<mj-column></mj-column>",
            2,
            "<mj-column> is not allowed in <mj-column>; it belongs in <mj-group> or <mj-section>",
        ),
        (
            '<mj-include path="x.mjml" />',
            2,
            "<mj-include> is not read here; write {% include %} with the file's name",
        ),
        (
            '<mj-text\n  align="left"\n  colour="#ffffff">x</mj-text>',
            4,
            '<mj-text> has no attribute "colour"; did you mean "color"?',
        ),
        (
            '<mj-text foobar="1">x</mj-text>',
            2,
            '<mj-text> has no attribute "foobar"; take it out: MJML drops it',
        ),
        (
            '<mj-text padding="0 40px">x</mj-text>',
            2,
            'padding="0 40px" needs a unit; write padding="0px 40px"',
        ),
        (
            '<mj-text color="redd">x</mj-text>',
            2,
            'color="redd" is not a colour; did you mean “red”?',
        ),
        (
            '<mj-text color="{{ "#12345" }}">x</mj-text>',
            2,
            'color="#12345" is not a colour; write it as #rrggbb',
        ),
        (
            '<mj-button border="1px solid #ggg">x</mj-button>',
            2,
            '#ggg in border="1px solid #ggg" is not a colour; write it as #rrggbb',
        ),
        (
            "<mj-button href='x'>x</mj-button>",
            2,
            "an attribute's value is in single quotation marks; write it in double ones",
        ),
        (
            '<mj-image src="https://x.example/i.png" />',
            2,
            '<mj-image> has no alt; say what the picture shows, or alt="" where it says nothing',
        ),
        (
            '<mj-text>\n<img src="https://x.example/i.png" /></mj-text>',
            3,
            '<img> has no alt; say what the picture shows, or alt="" where it says nothing',
        ),
        (
            "\nwords",
            3,
            "there are words in <mj-column>, outside any text; put them in <mj-text>",
        ),
        (
            "<!--[if mso]>x<![endif]-->",
            2,
            "there is a conditional comment in <mj-column>; put it in <mj-raw>",
        ),
        ("<mj-text>x", 2, "<mj-text> is not closed before </mj-column>; add </mj-text>"),
        ("<mj-text>x<br></mj-text>", 2, "<br> is not closed; write <br />"),
        ("</mj-text>", 2, "</mj-text> closes nothing; take it out, or open its tag"),
        ("<mj-text>&nbsp;</mj-text>", 2, "&nbsp; is not known in MJML; write &#160;"),
        ("<mj-text>a & b</mj-text>", 2, "there is a bare & here; write &amp;"),
        ("<mj-text>1 < 2</mj-text>", 2, "there is a bare < here; write &lt;"),
        (
            "<mj-text align=left>a</mj-text>",
            2,
            'an attribute\'s value has no quotation marks; write name="value"',
        ),
        ("<mj-text align>a</mj-text>", 2, 'the attribute align has no value; write align="…"'),
        (
            '<mj-text align="left" align="left">a</mj-text>',
            2,
            "the attribute align is given twice; take one of the two out",
        ),
        (
            '<mj-text align="left>a</mj-text>',
            2,
            (
                "there is a < in an attribute's value; "
                "write &lt;, or close the quotation mark before it"
            ),
        ),
        ("<mj-text><![CDATA[x]]></mj-text>", 2, "MJML takes no <![CDATA[; take it out"),
        (
            "<mj-text><!-- a -- b --></mj-text>",
            2,
            "a comment is not closed, or holds --; end it with -->",
        ),
        ("{{ page.titel }}", 2, "page has no “titel”; did you mean “title”?"),
        ("{{ titel }}", 2, "nothing here is called “titel”; did you mean “page.title”?"),
        ("{{ pag.title }}", 2, "nothing here is called “pag”; did you mean “page”?"),
        ("{{ storry }}", 2, "nothing here is called “storry”; did you mean “story”?"),
        ("{{ theme.ligth.ink }}", 2, "theme has no “ligth”; did you mean “light”?"),
        ("{{ theme.light.inkk }}", 2, "a palette has no “inkk”; did you mean “ink”?"),
        (
            "{% for one in page.stories %}\n{{ one.headlin }}{% endfor %}",
            3,
            "a story has no “headlin”; did you mean “headline”?",
        ),
        ("{{ page.stories[7].number }}", 2, "a list of 2 has no “7”; mend the template"),
        (
            "{{ page.title | inlinehtml }}",
            2,
            "there is no filter “inlinehtml”; did you mean “inline_html”?",
        ),
        (
            "{% if page.title is defind %}{% endif %}",
            2,
            "there is no test “defind”; did you mean “defined”?",
        ),
        ("{% inclde 'x' %}", 2, "there is no tag “inclde”; did you mean “include”?"),
        ("{% endif %}", 2, "“endif” has no place here; take it out"),
        (
            '{% include "partials/storry.mjml.j2" %}',
            2,
            "there is no template partials/storry.mjml.j2; did you mean “partials/story.mjml.j2”?",
        ),
        ("{{ 1 / 0 }}", 2, "the template fails: division by zero; mend the template"),
        (
            "{% for one in page.stories %}\n<mj-txt>x</mj-txt>\n{% endfor %}",
            3,
            "<mj-txt> is not an MJML tag; did you mean <mj-text>?",
        ),
    ],
)
def test_render_says_where_and_what_of_a_broken_partial(
    render: Render, templates: Path, tmp_path: Path, part: str, line: int, expected: str
) -> None:
    got = error(render, templates, tmp_path, CALL, COLUMN.format(part))

    assert f"{CALL}:{line}: {expected}" == got


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (
            "<mj-section>\n<mj-text>x</mj-text></mj-section>",
            2,
            "<mj-text> is not allowed in <mj-section>; put it in <mj-column>",
        ),
        (
            "\n\n<mj-column></mj-column>",
            3,
            "<mj-column> is not allowed in <mj-body>; put it in <mj-section>",
        ),
        (
            "<mj-section>\n<mj-column></mj-section>",
            2,
            "<mj-column> is not closed before </mj-section>; add </mj-column>",
        ),
        ("\n<mj-head></mj-head>", 2, "<mj-head> is not allowed in <mj-body>; it belongs in <mjml>"),
    ],
)
def test_render_says_what_nests_wrongly(
    render: Render, templates: Path, tmp_path: Path, text: str, line: int, expected: str
) -> None:
    assert f"{CALL}:{line}: {expected}" == error(render, templates, tmp_path, CALL, text)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            '<mj-style inline="inline">.a { color: red; }</mj-style>',
            '<mj-style> has no attribute "inline"; take it out, and put the rules in inline.css',
        ),
        (
            "<mj-title>x</mj-title>",
            "<mj-title> is there twice; put the two together: the compiler takes one",
        ),
        ("<mj-preview><b>x</b></mj-preview>", "<b> is not allowed in <mj-preview>; take it out"),
        (
            "<mj-style>.a { color: redd; }</mj-style>",
            "“redd” is not a colour; did you mean “red”?",
        ),
        (
            "<mj-style><!-- x --></mj-style>",
            "there is a comment in <mj-style>; write it as {# … #}",
        ),
    ],
)
def test_render_says_what_is_wrong_in_the_head(
    render: Render, templates: Path, tmp_path: Path, part: str, expected: str
) -> None:
    head = (templates / "partials/head.mjml.j2").read_text("utf-8").rstrip()
    name, lines = "partials/head.mjml.j2", head.count("\n")
    text = head.replace("</mj-head>", f"\n{part}</mj-head>")

    assert f"{name}:{lines + 2}: {expected}" == error(render, templates, tmp_path, name, text)


@pytest.mark.parametrize(
    ("name", "css", "line", "expected"),
    [
        (
            "inline.css",
            ".a { margin: 0 }\n.b:hover { margin: 0 }",
            2,
            f"the selector “.b:hover” {ELSEWHERE}",
        ),
        ("inline.css", ".a,\n* { margin: 0 }", 2, f"the selector “*” {ELSEWHERE}"),
        ("inline.css", "/* @ */\n@media x { .a { margin: 0 } }", 2, f"an at-rule {ELSEWHERE}"),
        ("inline.css", ".a {\n  color: redd; }", 2, "“redd” is not a colour; did you mean “red”?"),
        (
            "inline.css",
            ".a {\n  margin 0; }",
            2,
            "“margin 0” is not a declaration; write “property: value;”",
        ),
        ("inline.css", "\n.a { margin: 0;", 2, "a rule is not closed; add its }"),
        ("inline.css", "\n}", 2, "a } closes no rule; take it out"),
        (
            "inline.css",
            "{% set c = theme.light %}\n.a { color: {{ c.inkk }}; }",
            2,
            "a palette has no “inkk”; did you mean “ink”?",
        ),
        (
            "dark.css",
            "@media x {\n.a { color: redd; }\n}",
            2,
            "“redd” is not a colour; did you mean “red”?",
        ),
    ],
)
def test_render_says_where_a_style_sheet_is_wrong(
    render: Render,
    templates: Path,
    tmp_path: Path,
    name: str,
    css: str,
    line: int,
    expected: str,
) -> None:
    assert f"{name}:{line}: {expected}" == error(render, templates, tmp_path, name, css)


@pytest.mark.parametrize(
    ("name", "where"), [("partials/footer.mjml.j2", "issue.mjml.j2"), ("issue.txt.j2", "")]
)
def test_render_says_where_an_unsubscribe_link_would_go(
    render: Render, templates: Path, tmp_path: Path, name: str, where: str
) -> None:
    text = (templates / name).read_text("utf-8").replace("page.unsubscribe_url", "page.view_url")
    got = error(render, templates, tmp_path, name, text)
    place, _, rest = got.partition(": ")
    path, _, line = place.rpartition(":")

    assert (where or name) == path
    assert rest.endswith("put {{ page.unsubscribe_url }} in it")
    if where:
        lines = (templates / where).read_text("utf-8").split("\n")
        assert "</mj-body>" == lines[int(line) - 1]


TAGS = ("mj-section", "mj-column", "mj-text", "mj-raw", "mj-image", "mj-title", "mj-style")
WORDS = st.sampled_from(["x", "", " ", "<b>x</b>", "<!-- x -->", "<!--[if mso]>x<![endif]-->"])
PIECES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)


@given(head=PIECES, body=PIECES)
def test_what_the_lint_lets_by_the_compiler_takes(head: str, body: str) -> None:
    mjml = f"<mjml><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>"

    assert [*lint_mjml(mjml)] or compile_mjml(mjml)


@pytest.mark.parametrize("space", [" ", "\t", " \n ", "\r\n"])
def test_compiler_takes_white_space_wherever_tags_may_stand(space: str) -> None:
    """mrml 6.0 takes it for a fault in the head, unless it begins with a line feed."""
    mjml = (
        f"<mjml><mj-head>{space}<mj-title>T</mj-title>{space}</mj-head><mj-body><mj-section>"
        f"<mj-column><mj-social>{space}<mj-social-element alt='' name='x'>x</mj-social-element>"
        f"{space}</mj-social></mj-column></mj-section></mj-body></mjml>"
    )

    assert "<title>T</title>" in compile_mjml(mjml)


def test_a_refusal_of_the_compiler_is_no_fault_of_the_template() -> None:
    mjml = "<mjml>\n<mj-head>\n<mj-title>ééééé</mj-title>\n<mj-nothing /></mj-head></mjml>"

    with pytest.raises(RenderError, match="a fault of ours or of the compiler") as caught:
        compile_mjml(mjml)

    assert "MJML line 4" == caught.value.where
    with pytest.raises(RenderError) as caught:
        compile_mjml(mjml, lambda octets: f"x:{octets}")
    assert f"x:{mjml.encode().index(b'mj-nothing')}" == caught.value.where
