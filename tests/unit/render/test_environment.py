"""Templates: whose wins, and what is said of one that is missing or broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import RenderError
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


def test_render_says_which_template_is_missing_and_where_it_looked(
    render: Render, own: Path
) -> None:
    with pytest.raises(RenderError, match=r"there is no template issue\.mjml\.j2") as caught:
        render("# T\n", templates=(own,))

    assert str(own) == caught.value.where
    assert "newsletter init" in caught.value.next_step


def test_render_says_which_included_template_is_missing(
    render: Render, templates: Path, own: Path
) -> None:
    write_partial(own, '{% include "partials/nothing.mjml.j2" %}')

    with pytest.raises(RenderError, match=r"there is no template partials/nothing\.mjml\.j2"):
        render("# T\n", templates=(own, templates))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<mj-raw>\n{{ page.colour }}\n</mj-raw>", "has no attribute 'colour'"),
        ("<mj-raw>\n{{ nothing }}\n</mj-raw>", "'nothing' is undefined"),
        ("<mj-raw>\n{% if %}\n</mj-raw>", "the template cannot be read"),
        ("<mj-raw>\n{{ page.title | nothing }}\n</mj-raw>", "No filter named 'nothing'"),
        ("<mj-raw>\n{{ 1 / 0 }}\n</mj-raw>", "division by zero"),
        ("<mj-raw>\n{{ page.title + 1 }}\n</mj-raw>", "the template fails"),
    ],
)
def test_render_says_file_and_line_of_a_template_that_fails(
    render: Render, templates: Path, own: Path, text: str, what: str
) -> None:
    path = write_partial(own, text)

    with pytest.raises(RenderError) as caught:
        render("# T\n", templates=(own, templates))

    assert what in caught.value.what
    assert f"{path}:2" == caught.value.where


def test_render_says_which_template_is_no_text(render: Render, templates: Path, own: Path) -> None:
    (own / "issue.txt.j2").write_bytes(b"\xff\xfe")

    with pytest.raises(RenderError, match=r"issue\.txt\.j2: the template fails"):
        render("# T\n", templates=(own, templates))


@pytest.mark.parametrize("name", ["issue.txt.j2", "partials/footer.mjml.j2"])
def test_render_refuses_a_template_without_an_unsubscribe_link(
    render: Render, templates: Path, own: Path, name: str
) -> None:
    text = (templates / name).read_text("utf-8").replace("page.unsubscribe_url", "page.view_url")
    (own / name).write_text(text, "utf-8")

    with pytest.raises(RenderError, match="no unsubscribe link"):
        render("# T\n", templates=(own, templates))


def test_text_and_styles_are_not_escaped(render: Render, templates: Path, own: Path) -> None:
    (own / "responsive.css").write_text(".a > .b { margin: 0 }")
    rendered = render("# A & B\n\n## 1. C & D\n\nx\n", templates=(own, templates))

    assert ".a > .b { margin: 0 }" in rendered.html
    assert "A & B\n" in rendered.text
    assert "1. C & D\n" in rendered.text
