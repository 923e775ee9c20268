"""[site]: what it means, and every fault by its key."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.render.site import Topic
from newsletter.settings import Settings, SignUpLimits, load_settings
from newsletter.starter import starter_folder


def read(folder: Path, line: str, *, section: str = "site", language: str = "en-GB") -> Settings:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace(f"[{section}]", f"[{section}]\n{line}", 1)
    text = text.replace('language = "en-GB"', f'language = "{language}"')
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, {}, with_environment=False)


def test_defaults_say_nothing_and_trust_nobody() -> None:
    site = load_settings(starter_folder(), {}, with_environment=False).site

    assert ("", "", "", ()) == (site.promise, site.privacy_url, site.contact_url, site.topics)
    assert ((), None, True) == (site.trusted_proxies, site.welcome, site.has_preferences)
    assert SignUpLimits(per_network_hour=20, overall_hour=2_000) == site.limits


def test_site_is_shown_with_what_the_settings_say(tmp_path: Path) -> None:
    line = (
        'promise = " Five stories,\\n every Friday. "\npreferences = false\n'
        'privacy_url = "https://a.example/privacy"\ncontact_url = "mailto:Desk@a.example"'
    )
    shown = read(tmp_path, line).public_site

    assert "Five stories, every Friday." == shown.promise
    assert ("https://a.example/privacy", "mailto:Desk@a.example") == (
        shown.privacy_url,
        shown.contact,
    )
    assert not shown.has_preferences
    assert "friday@news.example.com" == shown.mailbox


def test_contact_is_the_sender_where_none_is_set() -> None:
    settings = load_settings(starter_folder(), {}, with_environment=False)

    assert "mailto:friday@news.example.com" == settings.public_site.contact


def test_topics_are_tags_with_a_name_and_a_sentence(tmp_path: Path) -> None:
    line = (
        'topics = [{ tag = "UK", name = " Britain " }, { tag = "e-u", name = "E", sentence = "S" }]'
    )
    topics = read(tmp_path, line).site.topics

    assert (Topic(tag="uk", name="Britain"), Topic(tag="e-u", name="E", sentence="S")) == topics


def test_proxies_are_networks(tmp_path: Path) -> None:
    line = 'trusted_proxies = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]'
    found = read(tmp_path, line).site.trusted_proxies

    assert tuple(map(ip_network, ("127.0.0.1", "10.0.0.0/8", "2001:db8::/32"))) == found


def test_welcome_is_a_file_of_the_publication(tmp_path: Path) -> None:
    (tmp_path / "welcome.md").write_text("Welcome.")

    assert tmp_path / "welcome.md" == read(tmp_path, 'welcome = "welcome.md"').site.welcome


def test_limits_are_numbers_an_hour(tmp_path: Path) -> None:
    limits = read(tmp_path, "per_network_hour = 5", section="site.limits").site.limits

    assert SignUpLimits(per_network_hour=5, overall_hour=2_000) == limits


def test_words_are_those_of_the_language_but_for_the_publications_own(tmp_path: Path) -> None:
    words = read(tmp_path, 'undo = "Halt!"', section="site.words", language="de").site.words

    assert ("Halt!", "Alle Ausgaben") == (words.undo, words.all_issues)


@pytest.mark.parametrize(
    ("expected", "section", "line"),
    [
        ("[site] privacy_url", "site", 'privacy_url = "http://a.example/"'),
        ("[site] privacy_url", "site", 'privacy_url = "javascript:alert(1)"'),
        ("[site] privacy_url", "site", 'privacy_url = "https://me:pw@a.example/"'),
        ("[site] contact_url", "site", 'contact_url = "mailto:nobody"'),
        ("[site] contact_url", "site", 'contact_url = "tel:+441"'),
        ("[site] topics", "site", 'topics = ["uk"]'),
        ("[site] topics", "site", 'topics = [{ tag = "u k", name = "Britain" }]'),
        ("[site] topics", "site", 'topics = [{ tag = "uk" }]'),
        ("[site] topics", "site", 'topics = [{ tag = "uk", name = "B", colour = "red" }]'),
        (
            "[site] topics",
            "site",
            'topics = [{ tag = "uk", name = "B" }, { tag = "UK", name = "C" }]',
        ),
        ("[site] trusted_proxies", "site", 'trusted_proxies = ["proxy.example"]'),
        ("[site] trusted_proxies", "site", 'trusted_proxies = ["10.0.0.1/8"]'),
        ("and not everybody", "site", 'trusted_proxies = ["0.0.0.0/0"]'),
        ("and not everybody", "site", 'trusted_proxies = ["::/0"]'),
        ("must be true or false", "site", 'preferences = "no"'),
        ("[site] welcome", "site", 'welcome = "welcome.md"'),
        ("[site] welcome", "site", 'welcome = "../../../../etc/hostname"'),
        ("[site] per_address_day means nothing", "site", "per_address_day = 5"),
        ("[site.limits] per_network_hour", "site.limits", "per_network_hour = 0"),
        ("has no link to “leave”", "site.words", 'leave_or = "Go."'),
        ("“addres” is not a field", "site.words", 'left_lead = "Bye, {addres}."'),
        ("the word is empty", "site.words", 'undo = " "'),
        ("[site.words] hello means nothing", "site.words", 'hello = "x"'),
    ],
)
def test_fault_names_its_key(expected: str, section: str, line: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, line, section=section)

    assert [True] == [expected in fault for fault in caught.value.faults]
