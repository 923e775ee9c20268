"""Secrets that stand in files of their own, as containers hand them over (newsletter.settings)."""

from pathlib import Path

import pytest

from newsletter.settings.environment import Environment, read_environment
from newsletter.settings.faults import DOTENV, Fault

KEY = "0123456789abcdef0123456789abcdef"
VARIABLE = "NEWSLETTER_SECRET_KEY_FILE"


def read(folder: Path, **environ: str) -> Environment:
    """What is understood where nothing is at fault."""
    environment, faults = read_environment(folder, environ)
    assert () == faults
    return environment


def fault(folder: Path, **environ: str) -> Fault:
    _, [found] = read_environment(folder, environ)
    return found


def dotenv(folder: Path, text: str) -> None:
    (folder / DOTENV).write_text(text)
    (folder / DOTENV).chmod(0o600)


@pytest.mark.parametrize("text", [KEY, f"{KEY}\n", f"{KEY}\r\n", f"\ufeff{KEY}\n"])
def test_secret_is_read_from_its_file_without_the_line_end(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text, encoding="utf-8", newline="")

    environment = read(tmp_path, NEWSLETTER_SECRET_KEY_FILE=str(tmp_path / "key"))

    assert environment.secret_key
    assert KEY == environment.secret_key.reveal()
    assert KEY not in repr(environment)


def test_every_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    texts = {
        "NEWSLETTER_TRANSPORT": "failover(smtp://a@one.example smtp://b@two.example)",
        "NEWSLETTER_TRANSPORT_PASSWORD": "first",
        "NEWSLETTER_TRANSPORT_PASSWORD_2": "second",
        "NEWSLETTER_DATABASE": "postgresql://news:p@db.example/news",
        "NEWSLETTER_SECRET_KEY": KEY,
        "NEWSLETTER_SECRET_KEY_OLD": f"{KEY[::-1]},{KEY[1:]}x",
        "NEWSLETTER_WEBHOOK_SECRET": "hook",
        "NEWSLETTER_DKIM_KEY": "-----BEGIN\nrsa\n-----END",
        "NEWSLETTER_DKIM_ED25519_KEY": "-----BEGIN\ned\n-----END",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(f"{text}\n")

    by_file = read(tmp_path, **{f"{name}_FILE": str(tmp_path / name) for name in texts})

    assert read(tmp_path, **texts) == by_file


def test_file_named_in_dotenv_is_relative_to_the_settings(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    dotenv(tmp_path, f"{VARIABLE}=key\n")

    environment = read(tmp_path)

    assert environment.secret_key
    assert KEY == environment.secret_key.reveal()


def test_environment_goes_before_dotenv_in_either_form(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    dotenv(tmp_path, f"NEWSLETTER_SECRET_KEY={KEY[::-1]}\nNEWSLETTER_WEBHOOK_SECRET_FILE=none\n")

    environment = read(tmp_path, NEWSLETTER_SECRET_KEY_FILE="key", NEWSLETTER_WEBHOOK_SECRET="hook")

    assert environment.secret_key
    assert environment.webhook_secret
    assert (KEY, "hook") == (environment.secret_key.reveal(), environment.webhook_secret.reveal())


def test_secret_comes_from_one_place(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)

    found = fault(tmp_path, NEWSLETTER_SECRET_KEY=KEY, NEWSLETTER_SECRET_KEY_FILE="key")

    assert f"NEWSLETTER_SECRET_KEY and {VARIABLE} are both set" in found.what
    assert "environment" == found.where


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "which is not there"),
        (b"", "which is empty"),
        (b" \n\n", "which is empty"),
        (f"{KEY}\n{KEY}\n".encode(), "which has more than one line"),
        (f"{KEY}\0".encode(), "which has a NUL in it"),
        (b"\xff\xfe" + KEY.encode(), "which is no text in UTF-8"),
        (b"x" * 65_537, "which is larger than 65,536 bytes"),
    ],
)
def test_file_that_holds_no_secret_is_a_fault_that_shows_nothing_of_it(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)

    found = fault(tmp_path, NEWSLETTER_SECRET_KEY_FILE="key")

    assert f"{VARIABLE} names {tmp_path / 'key'}, {said}" in found.what
    assert KEY[:8] not in found.what


def test_folder_in_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    assert "which is no file" in fault(tmp_path, NEWSLETTER_SECRET_KEY_FILE=".").what


def test_key_in_a_file_that_is_too_short_is_told_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short")

    found = fault(tmp_path, NEWSLETTER_SECRET_KEY_FILE="key")

    assert "NEWSLETTER_SECRET_KEY has 5 characters" in found.what
    assert "environment" == found.where


def test_misspelt_name_of_a_file_is_told(tmp_path: Path) -> None:
    assert f"did you mean {VARIABLE}?" in fault(tmp_path, NEWSLETTER_SECRETKEY_FILE="x").what
