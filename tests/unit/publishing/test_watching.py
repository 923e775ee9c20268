"""What `newsletter.publishing.watching` sees change: files of a message, and no others."""

from pathlib import Path

import pytest

from newsletter.publishing import watching
from newsletter.publishing.watching import mark_of
from newsletter.settings import Settings, load_settings
from newsletter.starter import starter_folder


def lay_out(folder: Path) -> tuple[Path, Settings]:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    for name in ("issues", "images/2026", "templates/partials", "sent"):
        (folder / name).mkdir(parents=True)
    issue = folder / "issues" / "one.md"
    issue.write_text("one")
    return issue, load_settings(folder, {}, with_environment=False)


def test_mark_changes_with_every_file_that_a_message_is_made_of(tmp_path: Path) -> None:
    issue, settings = lay_out(tmp_path)
    seen = [mark_of(issue, settings)]
    for name in (
        "issues/one.md",
        "newsletter.toml",
        "images/2026/tram.png",
        "templates/partials/story.mjml.j2",
    ):
        (tmp_path / name).write_text(f"{name} is another by now")
        seen.append(mark_of(issue, settings))
    issue.unlink()
    seen.append(mark_of(issue, settings))

    assert len(seen) == len(set(seen))
    assert seen[-1] == mark_of(issue, settings)


def test_mark_is_the_same_while_other_files_change(tmp_path: Path) -> None:
    issue, settings = lay_out(tmp_path)
    before = mark_of(issue, settings)
    for name in ("issues/two.md", "sent/one.eml", "newsletter.db"):
        (tmp_path / name).write_text("other")

    assert before == mark_of(issue, settings)


def test_nothing_is_looked_at_through_a_link_and_no_folder_is_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue, settings = lay_out(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "images" / "link").symlink_to(elsewhere)
    before = mark_of(issue, settings)
    (elsewhere / "new").write_text("new")
    same = mark_of(issue, settings)
    for number in range(5):
        (tmp_path / "images" / f"{number}").write_text("x")
    monkeypatch.setattr(watching, "MOST", 0)
    few = mark_of(issue, settings)
    (tmp_path / "images" / "more").write_text("x")
    still = mark_of(issue, settings)

    assert before == same
    assert few == still
