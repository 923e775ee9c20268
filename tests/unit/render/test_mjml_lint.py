"""The lint says what MJML's compiler would swallow."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from newsletter.errors import RenderError
from newsletter.render import Rendered
from newsletter.render.mjml import compile_mjml
from newsletter.render.mjml_lint import lint_mjml

DOCUMENT = """<mjml><mj-body><mj-section>
<mj-column>
{}
</mj-column></mj-section></mj-body></mjml>"""


def faults(part: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.what) for fault in lint_mjml(DOCUMENT.format(part))]


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ('<mj-text colour="#ffffff">x</mj-text>', '<mj-text> has no attribute "colour"'),
        ("<mj-txt>x</mj-txt>", "<mj-txt> is no MJML tag"),
        ("<p>x</p>", "<p> is no MJML tag"),
        (
            '<mj-text padding="0 40px">x</mj-text>',
            'padding="0 40px" needs a unit: write "0px"',
        ),
        ('<mj-text padding-top="0">x</mj-text>', 'padding-top="0" needs a unit: write "0px"'),
        (
            '<mj-button inner-padding="10px 0">x</mj-button>',
            'inner-padding="10px 0" needs a unit: write "0px"',
        ),
        ('<mj-image src="https://x.example/i.png" />', "<mj-image> has no alt"),
        ("<mj-button href='https://x.example/\"'>x</mj-button>", "<mj-button> href holds a"),
        ("<mj-text>x", "Opening and ending tag mismatch"),
        ("<mj-text>&nbsp;</mj-text>", "Entity 'nbsp' not defined"),
        ("<mj-text>a & b</mj-text>", "xmlParseEntityRef"),
        ('<mj-table role="presentation"></mj-table>', '<mj-table> has no attribute "role"'),
    ],
)
def test_lint_finds(part: str, what: str) -> None:
    (found,) = faults(part)

    assert found[0] in {3, 4}
    assert found[1].startswith(what)


@pytest.mark.parametrize(
    "part",
    [
        '<mj-text padding="10px 0px">x</mj-text>',
        '<mj-text css-class="a" mj-class="b">x</mj-text>',
        '<mj-text><p colour="x">HTML is not our business</p></mj-text>',
        '<mj-image alt="" src="https://x.example/i.png" padding="0.5px 20px" />',
        "<!-- a comment --><mj-text>&#160;</mj-text>",
    ],
)
def test_lint_is_silent(part: str) -> None:
    assert [] == faults(part)


def test_lint_knows_no_attribute_that_the_compiler_ignores() -> None:
    """The list was measured with mjml-python; this measures a part of it again."""
    known = json.loads(files("newsletter.render").joinpath("mjml_attributes.json").read_text())
    values = ("7px", "#123456", "right", "uppercase", "https://x.example/", "top")
    bare = compile_mjml(DOCUMENT.format('<mj-button href="https://y.example/">x</mj-button>'))
    ignored = [
        name
        for name in known["mj-button"].split()
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


def test_render_names_the_templates_line_where_the_fault_is_found_once(
    render: Callable[..., Rendered], templates: Path, tmp_path: Path
) -> None:
    (tmp_path / "partials").mkdir()
    (tmp_path / "partials" / "call.mjml.j2").write_text(
        '<mj-section>\n<mj-column colour="#ffffff"></mj-column>\n</mj-section>\n'
    )

    with pytest.raises(RenderError) as caught:
        render("# T\n", templates=(tmp_path, templates))

    assert f"{tmp_path / 'partials' / 'call.mjml.j2'}:2" == caught.value.where
    assert '<mj-column> has no attribute "colour"' == caught.value.what


def test_render_shows_the_line_where_the_mjml_is_no_xml(
    render: Callable[..., Rendered], templates: Path, tmp_path: Path
) -> None:
    (tmp_path / "partials").mkdir()
    (tmp_path / "partials" / "call.mjml.j2").write_text("<mj-section><mj-column></mj-section>\n")

    with pytest.raises(RenderError, match="tag mismatch") as caught:
        render("# T\n", templates=(tmp_path, templates))

    assert "<mj-section><mj-column></mj-section>" in caught.value.where


@pytest.mark.parametrize("mjml", ["<p>x</p>", "", "<mjml><mj-body><mj-text></mj-body></mjml>"])
def test_compile_mjml_raises_render_error(mjml: str) -> None:
    with pytest.raises(RenderError, match="the MJML cannot be compiled"):
        compile_mjml(mjml)


def test_compile_mjml_counts_lines_not_octets() -> None:
    mjml = "<mjml>\n<mj-head>\n<mj-title>ééééé</mj-title>\n<mj-nothing /></mj-head></mjml>"

    with pytest.raises(RenderError) as caught:
        compile_mjml(mjml)

    assert "MJML line 4" == caught.value.where


def test_compile_mjml_asks_for_no_font() -> None:
    assert "fonts.googleapis" not in compile_mjml(DOCUMENT.format("<mj-text>x</mj-text>"))
