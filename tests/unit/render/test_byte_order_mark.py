"""A byte-order mark that Windows puts before a template is no part of it."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from newsletter.render import Rendered

TEMPLATES = Path(__file__).parents[3] / "templates"
NAMES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*")
    if path.is_file() and not path.name.startswith("web_")
)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every template of ours, with the mark before it."""
    folder = tmp_path_factory.mktemp("marked")
    copytree(TEMPLATES, folder, dirs_exist_ok=True)
    for name in NAMES:
        path = folder / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    return folder


def test_render_takes_the_mark_off_every_template(
    render: Callable[..., Rendered], five_stories: str, marked: Path
) -> None:
    assert NAMES
    assert render(five_stories) == render(five_stories, templates=(marked,))


@pytest.mark.parametrize("name", ["issue.txt.j2", "inline.css", "partials/story.mjml.j2"])
def test_render_takes_the_mark_off_one_template(
    render: Callable[..., Rendered], five_stories: str, marked: Path, tmp_path: Path, name: str
) -> None:
    own = tmp_path / name
    own.parent.mkdir(exist_ok=True)
    own.write_bytes((marked / name).read_bytes())

    assert render(five_stories) == render(five_stories, templates=(tmp_path, TEMPLATES))
