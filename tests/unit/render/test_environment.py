"""Templates: whose wins, and what is said of one that is missing or broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import Act, Remedy, RenderError
from newsletter.render import Rendered

Render = Callable[..., Rendered]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A publication's own folder of templates, still empty."""
    (tmp_path / "partials").mkdir()
    return tmp_path


def write_partial(own: Path, text: str) -> Path:
    path = own / "partials" / "call.mjml.j2"
    path.write_text(text, "utf-8")
    return path


def test_templates_of_the_first_folder_win(render: Render, templates: Path, own: Path) -> None:
    write_partial(
        own,
        "<mj-section><mj-column><mj-text>Ahoy, {{ page.publication.name }}</mj-text>"
        "</mj-column></mj-section>",
    )
    html = render("# T\n", templates=(own, templates)).html

    assert "Ahoy, The Harbour Post" in html
    assert "Did a colleague send you this?" not in html


def test_a_template_may_begin_with_a_byte_order_mark(
    render: Render, templates: Path, own: Path
) -> None:
    source = (templates / "issue.txt.j2").read_bytes()
    (own / "issue.txt.j2").write_bytes(b"\xef\xbb\xbf" + source)

    expected = render("# T\n", templates=(templates,)).text
    assert expected == render("# T\n", templates=(own, templates)).text


def test_render_says_which_template_is_missing_and_where_it_looked(
    render: Render, own: Path
) -> None:
    with pytest.raises(RenderError, match=r"there is no template issue\.mjml\.j2") as caught:
        render("# T\n", templates=(own,))

    assert str(own) == caught.value.where
    assert "see which there are" == caught.value.next_step
    assert Remedy(Act.LIST_TEMPLATES) == caught.value.remedy


def test_render_says_which_template_is_no_text(render: Render, templates: Path, own: Path) -> None:
    (own / "issue.txt.j2").write_bytes(b"\xff\xfe")

    with pytest.raises(RenderError, match=r"issue\.txt\.j2: the template fails"):
        render("# T\n", templates=(own, templates))


def test_text_and_styles_are_not_escaped(render: Render, templates: Path, own: Path) -> None:
    (own / "responsive.css").write_text(".a > .b { margin: 0 }")
    rendered = render("# A & B\n\n## 1. C & D\n\nx\n", templates=(own, templates))

    assert ".a > .b { margin: 0 }" in rendered.html
    assert "A & B\n" in rendered.text
    assert "1. C & D\n" in rendered.text
