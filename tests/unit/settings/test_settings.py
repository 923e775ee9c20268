"""newsletter.toml and the environment: every fault by its key, all at once, and no secret shown."""

import os
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from newsletter.check import Severity
from newsletter.errors import SettingsError
from newsletter.publishing.carriers import folders_outside
from newsletter.settings import TO_SEND, Settings, find_folder, load_settings
from newsletter.settings.environment import NAMES, read_environment
from newsletter.settings.house import house
from newsletter.settings.table import Table
from newsletter.starter import starter_folder

KEY = "k" * 40


def write(folder: Path, **changes: str) -> Path:
    """The starter's newsletter.toml with lines replaced."""
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    for old, new in changes.items():
        line = next(line for line in text.splitlines() if line.startswith((f"{old} ", f"# {old} ")))
        text = text.replace(line, new, 1)
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder, environ or {})
    return caught.value.faults


def test_starter_settings_are_sound() -> None:
    settings = load_settings(starter_folder(), {}, with_environment=False)

    assert "The Friday Five" == settings.publication.name
    assert (4, time(7, 0), "Europe/London") == (
        settings.schedule.weekday,
        settings.schedule.time,
        str(settings.schedule.zone),
    )
    assert (5, 5) == settings.house.stories
    assert timedelta(minutes=10) == settings.limits.lease


THEME = """
[theme.{}]
{} = "{}"
"""


def themed(folder: Path, palette: str, key: str, colour: str) -> Path:
    """The starter with one colour set."""
    text = (write(folder) / "newsletter.toml").read_text("utf-8")
    text = text.replace(f"[theme.{palette}]\n", THEME.format(palette, key, colour).lstrip())
    (folder / "newsletter.toml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("expected", "palette", "key", "colour"),
    [
        ('[theme.light] text = "#ffffff": contrast 1.00 with card', "light", "text", "#ffffff"),
        ('[theme.light] card = "#14211f": contrast 1.00 with ink', "light", "card", "#14211f"),
        ('[theme.dark] accent = "#ff8a95": contrast 2.25 with on', "dark", "accent", "#ff8a95"),
        ('[theme.dark] ink = "#000000": contrast 1.2', "dark", "ink", "#000000"),
    ],
)
def test_words_that_nobody_can_read_are_a_fault(
    expected: str, palette: str, key: str, colour: str, tmp_path: Path
) -> None:
    (fault,) = faults(themed(tmp_path, palette, key, colour), {"NEWSLETTER_SECRET_KEY": KEY})

    assert fault.startswith(expected)
    assert "words need 4.5; the nearest colour that has it is #" in fault


@pytest.mark.parametrize(
    ("expected", "palette", "key", "colour"),
    [
        ('[theme.light] accent = "#e8590c": contrast 3.58', "light", "accent", "#e8590c"),
        ('[theme.light] muted = "#777777": contrast 4.47', "light", "muted", "#777777"),
        ('[theme.dark] kicker = "#8a9a97": contrast 3.8', "dark", "kicker", "#8a9a97"),
    ],
)
def test_words_that_are_hard_to_read_are_a_caution(
    expected: str, palette: str, key: str, colour: str, tmp_path: Path
) -> None:
    folder = themed(tmp_path, palette, key, colour)
    (caution,) = load_settings(folder, {}, with_environment=False).cautions

    assert caution.startswith(expected)


def test_colours_that_can_be_read_are_no_caution(tmp_path: Path) -> None:
    folder = themed(tmp_path, "light", "accent", "#0b5394")

    assert () == load_settings(folder, {}, with_environment=False).cautions


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ('[publication] name = "": must be a text in quotes', "name = ''"),
        (
            '[publication] name = "F\\r\\nBcc: v@evil.example": must be a text on one line',
            'name = "F\\r\\nBcc: v@evil.example"',
        ),
        ('[publication] why = "a\\u0000": must be a text; U+0000 is none', 'why = "a\\u0000"'),
        (
            '[sender] list_name = "F\\nBcc: v": must be a text on one line',
            'list_name = "F\\nBcc: v"',
        ),
        ("'http://a.example' is not an https address", 'base_url = "http://a.example"'),
        ('[sender] from = "nobody": must be a mailbox', 'from = "nobody"'),
        ('[sender] reverse_path = "@": must be an address', 'reverse_path = "@"'),
        ('[sender] reverse_path = ["a"]: must be an address', 'reverse_path = ["a"]'),
        (
            '"the-editors-of-the-friday@a.example": before the @ it must be plain and at most 23',
            'reverse_path = "the-editors-of-the-friday@a.example"',
        ),
        ("[sender] verp = 1: must be true or false", "verp = 1"),
        ("[sender] reply_to = 5: must be a mailbox", "reply_to = 5"),
        ("[house] severities = []: must be a table", "severities = []"),
        ("[house] stories = 0: must be a whole number from 1", "stories = 0"),
        ("[house] stories = [6, 5]: must be", "stories = [6, 5]"),
        ("[house] stories = true: must be", "stories = true"),
        ("[house] stories = [5]: must be", "stories = [5]"),
        ('[house] footer_cue = "(": must be a regular expression', 'footer_cue = "("'),
        ('[house] merge_fields = ["Job Title"]: must be names', 'merge_fields = ["Job Title"]'),
        ('[house] merge_fields = ["a_token"]: must be names', 'merge_fields = ["a_token"]'),
        ("[house.lengths] images_per_story = -1: must be", "images_per_story = -1"),
        ('[house] off = ["blanc-lines"]: must be a list of rules', 'off = ["blanc-lines"]'),
        (
            '[house] severities = {"title-missing": "fatal"}: must be',
            'severities = { title-missing = "fatal" }',
        ),
        ('[schedule] weekday = "fryday": must be one of monday', 'weekday = "fryday"'),
        ('[schedule] time = "7 am": must be a wall time', 'time = "7 am"'),
        ('[schedule] time = "25:00": must be a wall time', 'time = "25:00"'),
        ('[schedule] timezone = "../etc": must be an IANA zone', 'timezone = "../etc"'),
        ("[limits] lease_minutes = 0: must be a whole number from 1", "lease_minutes = 0"),
        ("[limits] retry_after_minutes = []: must be a list", "retry_after_minutes = []"),
        ("[limits] per_day = 0: must be a whole number from 1", "per_day = 0"),
        ("[limits] per_hour = -5: must be a whole number from 1", "per_hour = -5"),
        ('[limits] per_hour = "100/h": must be a whole number', 'per_hour = "100/h"'),
        ("'red' is not a colour", 'accent = "red"'),
        ("'x;y' is not a list of fonts", 'serif = "x;y"'),
        ("[theme] theme logo: 'http://a.example/l.png'", 'logo = "http://a.example/l.png"'),
        ("[theme] logo_width = 400: must be a whole number from 1 to 320", "logo_width = 400"),
        ("[words] words contents: the word is empty", 'contents = ""'),
        ("[words] words call_button: '{nam}' is not a field", 'call_button = "Get {nam}"'),
    ],
)
def test_settings_name_the_key_the_value_and_what_is_allowed(
    expected: str, line: str, tmp_path: Path
) -> None:
    [fault] = faults(write(tmp_path, **{line.split()[0]: line}))

    assert expected in fault


def test_settings_name_a_key_that_means_nothing(tmp_path: Path) -> None:
    [fault] = faults(write(tmp_path, footer='footr = "x"'))

    assert "[house] footr means nothing; did you mean footer?" == fault


def test_settings_tell_every_fault_of_every_section_at_once(tmp_path: Path) -> None:
    write(tmp_path, name="", time='time = "noon"', stories="stories = 99")

    found = faults(tmp_path, {"NEWSLETTER_SECRET_KEY": "short"})

    assert 4 == len(found)


def test_settings_name_an_unknown_section(tmp_path: Path) -> None:
    path = write(tmp_path) / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[hose]\nstories = 5\n")

    assert ("[newsletter.toml] hose means nothing; did you mean house?",) == faults(tmp_path)


def test_house_format_is_read_whole(tmp_path: Path) -> None:
    write(
        tmp_path,
        stories="stories = [5, 6]",
        off='off = ["blank-lines"]',
        severities='severities = { footer-wording = "error" }',
        merge_fields='merge_fields = ["city", "first_name", "city"]',
    )

    house = load_settings(tmp_path, {}).house

    assert ((5, 6), frozenset({"blank-lines"})) == (house.stories, house.switched_off)
    assert {"footer-wording": Severity.ERROR} == house.severities
    assert ("city",) == house.merge_fields


def test_words_take_the_names_of_days_from_the_house_format(tmp_path: Path) -> None:
    days = 'weekdays = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]'
    settings = load_settings(write(tmp_path, weekdays=days), {}, with_environment=False)

    assert "Fr 26 November 2021" == settings.publication.words.dated(date(2021, 11, 26))


def test_words_may_name_months_otherwise_than_the_house_format(tmp_path: Path) -> None:
    """As where a date wants another case than a heading does."""
    months = ", ".join(f'"{number}th"' for number in range(1, 13))
    path = write(tmp_path, contents=f"months = [{months}]")
    settings = load_settings(path, {}, with_environment=False)

    assert "Friday 26 11th 2021" == settings.publication.words.dated(date(2021, 11, 26))


def test_settings_are_read_behind_a_byte_order_mark(tmp_path: Path) -> None:
    """As editors on Windows leave one; .env, issues and CSV files are read so too."""
    path = write(tmp_path) / "newsletter.toml"
    expected = load_settings(tmp_path, {}, with_environment=False)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert expected == load_settings(tmp_path, {}, with_environment=False)


def test_folder_is_the_nearest_above(tmp_path: Path) -> None:
    inside = tmp_path / "issues/drafts"
    inside.mkdir(parents=True)
    write(tmp_path)

    assert tmp_path == find_folder(inside)


def dotenv(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / ".env"
    path.write_text(text)
    path.chmod(mode)
    return folder


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    dotenv(tmp_path, "NEWSLETTER_TRANSPORT=console:\nNEWSLETTER_TRANSPORT_PASSWORD='a b'\n")

    environment, found = read_environment(tmp_path, {"NEWSLETTER_TRANSPORT": "maildir:x"})

    assert () == found
    assert environment.transport
    assert environment.password
    assert ("maildir:x", "a b") == (environment.transport.reveal(), environment.password.reveal())


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
def test_env_file_with_secrets_is_refused_while_others_may_read_it(
    mode: int, tmp_path: Path
) -> None:
    dotenv(tmp_path, f"NEWSLETTER_SECRET_KEY={KEY}\n", mode)

    _, [(_, fault)] = read_environment(tmp_path, {})

    assert "chmod 600" in fault
    assert KEY not in fault


def test_env_file_names_a_variable_that_means_nothing(tmp_path: Path) -> None:
    dotenv(tmp_path, "NEWSLETTER_TRANSPRT=console:\n")

    _, [(_, fault)] = read_environment(tmp_path, {})

    assert "NEWSLETTER_TRANSPRT" in fault


def test_faults_of_env_stand_at_env_and_all_come_at_once(tmp_path: Path) -> None:
    """Of a file that others may read, a key that is too short, and no transport at all."""
    write(tmp_path)
    dotenv(tmp_path, "NEWSLETTER_SECRET_KEY=short\nNEWSLETTER_TRANSPORT\n", 0o644)

    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {}, needs=TO_SEND)

    assert str(tmp_path / ".env") == caught.value.where
    beginnings = (
        "line 2: cannot be read",
        "holds secrets and others may read it (mode 644)",
        "NEWSLETTER_SECRET_KEY has 5 characters",
        "NEWSLETTER_TRANSPORT is not set, here or in the environment",
    )
    assert [True] * 4 == [
        fault.startswith(beginning)
        for fault, beginning in zip(caught.value.faults, beginnings, strict=True)
    ]


def test_fault_of_a_variable_stands_where_it_was_set(tmp_path: Path) -> None:
    write(tmp_path)
    dotenv(tmp_path, f"NEWSLETTER_SECRET_KEY={KEY}\n")

    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {"NEWSLETTER_SECRET_KEY": "short"})

    assert "environment" == caught.value.where


def test_faults_of_several_places_each_say_of_which(tmp_path: Path) -> None:
    path = write(tmp_path) / "newsletter.toml"
    path.write_text(path.read_text().replace("stories = 5 ", "stories = 0 "))
    dotenv(tmp_path, "NEWSLETTER_TRANSPORT=console:\n", 0o644)

    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {}, needs=TO_SEND)

    assert str(tmp_path) == caught.value.where
    assert ["newsletter.toml", ".env", ".env"] == [
        fault.partition(": ")[0] for fault in caught.value.faults
    ]


def test_env_file_interpolates_nothing(tmp_path: Path) -> None:
    dotenv(tmp_path, "NEWSLETTER_TRANSPORT_PASSWORD=a${HOME}b$(id)\n")

    environment, _ = read_environment(tmp_path, {})

    assert environment.password
    assert "a${HOME}b$(id)" == environment.password.reveal()


def test_environment_has_a_password_for_each_transport_of_a_failover(tmp_path: Path) -> None:
    dotenv(tmp_path, "NEWSLETTER_TRANSPORT_PASSWORD_2=two\nNEWSLETTER_TRANSPORT_PASSWORD_10=ten\n")

    environment, [(_, fault)] = read_environment(
        tmp_path, {"NEWSLETTER_TRANSPORT_PASSWORD_4": "four"}
    )

    assert ["two", None, "four"] + [None] * 5 == [
        each and each.reveal() for each in environment.further_passwords
    ]
    assert "NEWSLETTER_TRANSPORT_PASSWORD_10" in fault
    assert (
        "chmod"
        in read_environment(dotenv(tmp_path, "NEWSLETTER_TRANSPORT_PASSWORD_2=x", 0o644), {})[1][
            0
        ].what
    )


def test_database_is_relative_to_the_settings_file(tmp_path: Path) -> None:
    environment, _ = read_environment(tmp_path, {})

    assert f"sqlite:///{tmp_path}/newsletter.db" == environment.database.reveal()


def test_witness_is_kept_beside_the_settings_file_or_where_the_environment_says(
    tmp_path: Path,
) -> None:
    write(tmp_path)
    beside = load_settings(tmp_path, {"NEWSLETTER_SECRET_KEY": KEY})
    below = load_settings(tmp_path, {"NEWSLETTER_SECRET_KEY": KEY, "NEWSLETTER_WITNESS": "seen"})
    away = load_settings(tmp_path, {"NEWSLETTER_SECRET_KEY": KEY, "NEWSLETTER_WITNESS": "/srv"})

    assert tmp_path == beside.witness_folder
    assert tmp_path / "seen" == below.witness_folder
    assert Path("/srv") == away.witness_folder
    assert [Path("/srv")] == folders_outside(away)
    assert [] == folders_outside(below)


def test_secrets_are_in_no_repr(tmp_path: Path) -> None:
    environ = dict.fromkeys(NAMES, "a-very-secret-value-of-some-length")
    del environ["NEWSLETTER_TRANSPORT_TOKEN_FILE"]  # a path is none, and excludes the command
    del environ["NEWSLETTER_WITNESS"], environ["NEWSLETTER_DNS"]  # no secrets either
    path = write(tmp_path) / "newsletter.toml"
    names = 'selector = "a"\ned25519_selector = "b"\n'
    path.write_text(path.read_text().replace("[dkim]\n", f"[dkim]\n{names}"))

    settings = load_settings(tmp_path, environ)

    for text in (repr(settings), str(settings), repr(settings.environment), f"{settings}"):
        assert "secret-value" not in text
    assert isinstance(settings, Settings)


def test_settings_say_that_a_token_comes_from_one_place(tmp_path: Path) -> None:
    names = ("NEWSLETTER_TRANSPORT_TOKEN_COMMAND_2", "NEWSLETTER_TRANSPORT_TOKEN_FILE_2")

    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path), dict.fromkeys(names, "x"))

    assert f"{names[0]} and {names[1]} are both set" in caught.value.faults[0]


def test_env_example_names_every_variable() -> None:
    text = (starter_folder() / ".env.example").read_text(encoding="utf-8")

    for name in NAMES:
        assert f"\n{name}=" in text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_settings_say_that_the_file_cannot_be_read(tmp_path: Path) -> None:
    (write(tmp_path) / "newsletter.toml").chmod(0)

    [fault] = faults(tmp_path)

    assert "cannot be read: Permission denied" in fault


@pytest.mark.parametrize("cue", ["(", "x?", "(?i)x", 3])
def test_sponsors_cue_is_refused_where_it_would_find_all_or_nothing(cue: object) -> None:
    found: list[str] = []
    house(Table("house", {"words": {"sponsor": cue}}, found))

    assert [True] == ["[house.words] sponsor" in fault for fault in found]


def test_sponsors_cue_of_the_publication_is_taken() -> None:
    assert "anzeige" == house(Table("house", {"words": {"sponsor": "anzeige"}}, [])).cues.sponsor


def test_key_is_that_of_the_name_until_one_is_given(tmp_path: Path) -> None:
    named = load_settings(starter_folder(), {}, with_environment=False).key
    settings = load_settings(write(tmp_path, key='key = "Five-2"'), {}, with_environment=False)

    assert ("the-friday-five", "The Friday Five", False) == (named.key, named.name, named.is_given)
    assert ("five-2", "The Friday Five", True) == (
        settings.key.key,
        settings.key.name,
        settings.key.is_given,
    )


@pytest.mark.parametrize("given", ['"Friday Five"', '"five_2"', '"grüße"', "5", '["a"]', '"-"'])
def test_key_that_is_no_plain_name_is_a_fault(tmp_path: Path, given: str) -> None:
    (fault,) = faults(write(tmp_path, key=f"key = {given}"))

    assert fault.startswith("[publication] key = ")
    assert "must be at most 60 letters, digits and hyphens" in fault
