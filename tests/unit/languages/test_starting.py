"""The first settings of a publication in its language."""

import tomllib
from pathlib import Path

import pytest

from newsletter.languages import LAID_OUT, language_of, settings_in
from newsletter.settings import load_settings
from newsletter.starter import starter_folder

STARTER = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", LAID_OUT)
def test_settings_of_a_language_load_and_speak_it(tag: str, tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(settings_in(STARTER, tag), encoding="utf-8")

    settings = load_settings(tmp_path, {}, with_environment=False)

    language = language_of(tag)
    assert tag == settings.publication.language == settings.house.language
    words = settings.publication.words
    assert language.frame.get("unsubscribe", "Unsubscribe") == words.unsubscribe
    assert language.starter.get("footer", settings.house.footer) == settings.house.footer
    assert "{" not in settings.publication.why


@pytest.mark.parametrize("tag", LAID_OUT[1:])
def test_words_that_are_shown_are_those_that_hold(tag: str) -> None:
    """Taken out of their comments, the shown words of a language change nothing."""
    lines = settings_in(STARTER, tag).splitlines()
    shown = [line[2:] if line.startswith("# ") and " = " in line else line for line in lines]
    words = tomllib.loads("\n".join(shown[: lines.index("[theme]")]).replace("[dkim]", "[x]"))

    language = language_of(tag)
    assert dict(language.frame) == words["words"]
    assert language.house["months"] == words["house"]["words"]["months"]
    assert language.house["numbers"][:4] == words["house"]["words"]["numbers"][:4]


def test_english_settings_differ_by_their_tag_alone() -> None:
    assert STARTER == settings_in(STARTER, "en-GB")
    assert STARTER.replace('"en-GB"', '"en-US"') == settings_in(STARTER, "en-US")
