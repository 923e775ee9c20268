"""The first settings of a publication, in its own words."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.languages import LAID_OUT, language_of
from newsletter.publishing.answers import (
    Answers,
    example_sender,
    own_zone,
    parse_name,
    parse_sender,
)
from newsletter.publishing.first_settings import settings_text
from newsletter.settings import Settings, Values, load_settings
from newsletter.starter import starter_folder

EXAMPLE = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")


def answers(name: str = "The Block", tag: str = "en-GB") -> Answers:
    return Answers(
        name=name,
        sender=parse_sender("desk@block.example.org", name),
        language=tag,
        zone=own_zone(tag),
        weekday=2,
        stories=3,
        postal_address="1 High Street, Leeds",
    )


def loaded(folder: Path, given: Answers) -> Settings:
    (folder / "newsletter.toml").write_text(settings_text(given), encoding="utf-8")
    return load_settings(folder, {}, with_environment=False)


@pytest.mark.parametrize("tag", LAID_OUT)
def test_settings_load_and_speak_the_language(tag: str, tmp_path: Path) -> None:
    settings = loaded(tmp_path, answers(tag=tag))

    language = language_of(tag)
    assert tag == settings.publication.language == settings.house.language
    words = settings.publication.words
    assert language.frame.get("unsubscribe", "Unsubscribe") == words.unsubscribe
    assert language.starter["footer"] == settings.house.footer
    assert language.starter["taglines"][2] == settings.publication.tagline
    assert "block.example.org" in settings.publication.why
    assert () == settings.house.titles
    assert () == settings.cautions


def test_domain_of_the_sender_gives_every_other_address(tmp_path: Path) -> None:
    settings = loaded(tmp_path, answers())

    assert "https://block.example.org" == settings.publication.base_url
    assert "https://block.example.org/subscribe" == settings.publication.signup_url
    assert settings.publication.signup_url == settings.house.footer_link
    assert "The Block <desk@block.example.org>" == str(settings.sender.mailbox)
    assert "desk@block.example.org" == str(settings.sender.reverse_path)
    assert "the-block.block.example.org" == settings.sender.list_id
    assert settings.sender.unsubscribe_mailbox is None  # nobody may read such a mailbox yet


@pytest.mark.parametrize(
    ("address", "verp"),
    [("desk@block.example.org", True), ("the-editors-of-the-block@block.example.org", False)],
)
def test_a_sender_that_is_too_long_has_one_reverse_path_for_all(
    address: str, verp: bool, tmp_path: Path
) -> None:
    settings = loaded(tmp_path, replace(answers(), sender=parse_sender(address, "The Block")))

    assert address == str(settings.sender.reverse_path)
    assert verp == settings.sender.verp
    assert () == settings.cautions


@pytest.mark.parametrize("tag", LAID_OUT)
def test_nothing_of_the_example_is_left(tag: str) -> None:
    text = settings_text(answers(tag=tag)).casefold()

    for word in ("friday five", "friday-five", "retail", "news.example.com", "example media"):
        assert word not in text


@pytest.mark.parametrize("tag", LAID_OUT[1:])
def test_words_that_are_shown_are_those_that_hold(tag: str) -> None:
    """Taken out of their comments, the shown words of a language change nothing."""
    lines = settings_text(answers(tag=tag)).splitlines()
    shown = [line[2:] if line.startswith("# ") and " = " in line else line for line in lines]
    words = tomllib.loads("\n".join(shown[: lines.index("[theme]")]).replace("[dkim]", "[x]"))

    language = language_of(tag)
    assert dict(language.frame) == words["words"]
    assert language.house["months"] == words["house"]["words"]["months"]
    assert language.house["numbers"][:4] == words["house"]["words"]["numbers"][:4]
    assert language.starter["titles"] == words["house"]["titles"]


def test_comments_stay() -> None:
    comments = [line.partition("  # ")[2] for line in EXAMPLE.splitlines()]

    text = settings_text(answers())
    for comment in filter(None, comments):
        assert comment in text


def test_further_settings_go_before_those_that_follow(tmp_path: Path) -> None:
    own: Values = {
        "publication": {"tagline": "Streets and houses", "base_url": "https://block.example"},
        "theme.light": {"accent": "#123456"},
        "notifications": {"alert": ["ada@block.example.org"]},
        "house": {"memory": 3},
    }

    settings = loaded(tmp_path, replace(answers(), own=own))

    assert "Streets and houses" == settings.publication.tagline
    assert "https://block.example/subscribe" == settings.publication.signup_url
    assert "#123456" == settings.theme.light.accent
    assert ["ada@block.example.org"] == [str(each) for each in settings.notifications.alert]
    assert 3 == settings.house.memory


def test_what_is_still_a_blank_is_a_caution(tmp_path: Path) -> None:
    given = Answers(name="The Block", sender=example_sender("The Block"))

    (caution,) = loaded(tmp_path, given).cautions

    assert "[publication] postal_address is not filled in yet, and readers see it" == caution


@given(name=st.text(max_size=40))
def test_any_name_that_is_taken_makes_settings_that_load(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        taken = parse_name(name)
        sender = parse_sender("desk@example.com", taken)
    except NewsletterError:
        return

    settings = loaded(
        tmp_path_factory.mktemp("any"), Answers(name=taken, sender=sender, postal_address=taken)
    )

    assert taken == settings.publication.name == settings.sender.mailbox.display_name
