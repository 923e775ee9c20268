"""The lint says what MJML's compiler would swallow."""

import json
from importlib.resources import files

import pytest

from newsletter.errors import RenderError
from newsletter.render.mjml import compile_mjml
from newsletter.render.mjml_lint import lint_mjml

DOCUMENT = """<mjml><mj-body><mj-section>
<mj-column>
{}
</mj-column></mj-section></mj-body></mjml>"""


def faults(part: str) -> list[tuple[int, str]]:
    mjml = DOCUMENT.format(part)
    return [(mjml.count("\n", 0, one.offset) + 1, one.what) for one in lint_mjml(mjml)]


def test_lint_finds_every_fault_on_its_line() -> None:
    part = '<mj-txt />\n<mj-text colour="x" padding="0">a</mj-text>\n<p>b</p>'

    assert [
        (3, "<mj-txt> is not an MJML tag"),
        (4, '<mj-text> has no attribute "colour"'),
        (4, 'padding="0" needs a unit'),
        (5, "<p> is not allowed in <mj-column>"),
    ] == faults(part)


def test_lint_counts_the_html_inside_a_text() -> None:
    """Tags are told apart by their number, and those of HTML count, too."""
    part = "<mj-text>\n<p><b>x</b></p></mj-text>\n<mj-raw><!-- <i> --><br /></mj-raw>\n<mj-txt />"

    assert [(6, "<mj-txt> is not an MJML tag")] == faults(part)


@pytest.mark.parametrize(
    "part",
    [
        '<mj-text padding="10px 0px">x</mj-text>',
        '<mj-text css-class="a" mj-class="b">x</mj-text>',
        '<mj-text><p colour="x">HTML is not our business</p></mj-text>',
        '<mj-image alt="" src="https://x.example/i.png" padding="0.5px 20px" />',
        "<!-- a comment --><mj-text>&#160;</mj-text>",
        '<mj-button href="https://x.example/?a=&#34;b&#34;">x</mj-button>',
        '<mj-text color="RED"><img alt="" src="x" /></mj-text>',
        "<mj-text><!--[if mso]><td><![endif]--></mj-text>",
        '<mj-image alt="it\'s" src="https://x.example/i.png" />',
    ],
)
def test_lint_is_silent(part: str) -> None:
    assert [] == faults(part)


def test_lint_knows_no_attribute_that_the_compiler_ignores() -> None:
    """The list was measured with mjml-python; this measures a part of it again."""
    known = json.loads(files("newsletter.render").joinpath("mjml_tags.json").read_text())
    values = ("7px", "#123456", "right", "uppercase", "https://x.example/", "top")
    bare = compile_mjml(DOCUMENT.format('<mj-button href="https://y.example/">x</mj-button>'))
    ignored = [
        name
        for name in known["mj-button"]["attributes"].split()
        if name not in {"href", "target"}
        and all(
            compile_mjml(
                DOCUMENT.format(
                    f'<mj-button href="https://y.example/" {name}="{value}">x</mj-button>'
                )
            )
            == bare
            for value in values
        )
    ]

    assert [] == ignored


@pytest.mark.parametrize("mjml", ["<p>x</p>", "", "<mjml><mj-body><mj-text></mj-body></mjml>"])
def test_compile_mjml_raises_render_error(mjml: str) -> None:
    with pytest.raises(RenderError, match="the MJML compiler refuses"):
        compile_mjml(mjml)


def test_compile_mjml_asks_for_no_font() -> None:
    assert "fonts.googleapis" not in compile_mjml(DOCUMENT.format("<mj-text>x</mj-text>"))


def test_lint_knows_what_the_compiler_lets_stand_where() -> None:
    """Each pair that the list allows comes out of the compiler with its words."""
    known = json.loads(files("newsletter.render").joinpath("mjml_tags.json").read_text())
    around = {
        "mj-section": "<mj-section>{}</mj-section>",
        "mj-wrapper": "<mj-wrapper>{}</mj-wrapper>",
        "mj-hero": "<mj-hero>{}</mj-hero>",
        "mj-column": "<mj-section><mj-column>{}</mj-column></mj-section>",
        "mj-group": "<mj-section><mj-group>{}</mj-group></mj-section>",
    }
    inside = {
        "mj-section": "<mj-section><mj-column><mj-text>QQ</mj-text></mj-column></mj-section>",
        "mj-column": "<mj-column><mj-text>QQ</mj-text></mj-column>",
        "mj-group": "<mj-group><mj-column><mj-text>QQ</mj-text></mj-column></mj-group>",
        "mj-hero": "<mj-hero><mj-text>QQ</mj-text></mj-hero>",
        "mj-text": "<mj-text>QQ</mj-text>",
        "mj-raw": "<mj-raw>QQ</mj-raw>",
        "mj-button": "<mj-button>QQ</mj-button>",
        "mj-table": "<mj-table>QQ</mj-table>",
    }
    lost = [
        (parent, child)
        for parent, outer in around.items()
        for child in known[parent]["holds"].split()
        if child in inside
        and "QQ"
        not in compile_mjml(f"<mjml><mj-body>{outer.format(inside[child])}</mj-body></mjml>")
    ]

    assert [] == lost
