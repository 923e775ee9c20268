"""The section [dkim]: every fault by its key, and nothing signed where nothing is set."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.message import Algorithm
from newsletter.settings import DkimKeyFile, DkimSettings, load_settings
from newsletter.starter import starter_folder


def load(folder: Path, *lines: str) -> DkimSettings | None:
    """The [dkim] of the starter's newsletter.toml with these lines in it."""
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    section = "\n".join(["[dkim]", *lines, ""])
    (folder / "newsletter.toml").write_text(text.replace("[dkim]\n", section), encoding="utf-8")
    return load_settings(folder, {}, with_environment=False).dkim


def faults(folder: Path, *lines: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, *lines)
    return "\n".join(caught.value.faults)


def test_dkim_is_none_when_nothing_is_set(tmp_path: Path) -> None:
    assert load(tmp_path) is None


def test_dkim_takes_the_senders_domain_and_the_usual_file_when_only_named(tmp_path: Path) -> None:
    expected = DkimSettings(
        domain="news.example.com",
        keys=[
            DkimKeyFile(
                selector="n202111", algorithm=Algorithm.RSA, path=tmp_path / "dkim" / "rsa.pem"
            )
        ],
        expires_days=None,
    )

    assert expected == load(tmp_path, 'selector = "n202111"')


def test_dkim_names_a_credential_that_systemd_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, 'selector = "a"', 'key = "credential:dkim.rsa"')
    environ = {"CREDENTIALS_DIRECTORY": "/run/credentials/news.service"}
    within = load_settings(tmp_path, environ, with_environment=False).dkim
    outside = load_settings(tmp_path, {}, with_environment=False).dkim

    assert within is not None
    assert outside is not None
    [inner], [outer] = within.keys, outside.keys
    assert (True, "/run/credentials/news.service/dkim.rsa") == (
        inner.is_credential,
        str(inner.path),
    )
    assert "$CREDENTIALS_DIRECTORY/dkim.rsa" == str(outer.path)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "a b"])
def test_dkim_refuses_a_credential_that_leads_elsewhere(tmp_path: Path, name: str) -> None:
    assert "[dkim] key" in faults(tmp_path, 'selector = "a"', f'key = "credential:{name}"')


def test_dkim_key_of_a_variable_that_nothing_is_signed_with_is_a_fault(tmp_path: Path) -> None:
    load(tmp_path)
    environ = {"NEWSLETTER_DKIM_KEY": "pem", "NEWSLETTER_DKIM_ED25519_KEY": "pem"}

    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, environ)

    assert ["NEWSLETTER_DKIM_ED25519_KEY", "NEWSLETTER_DKIM_KEY"] == sorted(
        fault.partition(" ")[0] for fault in caught.value.faults
    )


def test_dkim_reads_both_keys_beside_newsletter_toml(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        'domain = "Example.com"',
        'selector = "a"',
        'key = "keys/a.pem"',
        'ed25519_selector = "b"',
        'ed25519_key = "/etc/dkim/b.pem"',
        "expires_days = 14",
    )

    assert found is not None
    assert ("example.com", 14) == (found.domain, found.expires_days)
    assert [("a", "rsa-sha256"), ("b", "ed25519-sha256")] == [
        (key.selector, key.algorithm.value) for key in found.keys
    ]
    assert [tmp_path / "keys" / "a.pem", Path("/etc/dkim/b.pem")] == [
        key.path for key in found.keys
    ]


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ("[dkim] selector is missing", ['domain = "news.example.com"']),
        ('[dkim] selector = "a b": must be a name', ['selector = "a b"']),
        ("[dkim] selector = 1: must be a name", ["selector = 1"]),
        ("does not cover From", ['selector = "a"', 'domain = "example.org"']),
        ("'no domain' is not a domain", ['selector = "a"', 'domain = "no domain"']),
        ("[dkim] selector is missing", ['ed25519_selector = "b"']),
        ("[dkim] ed25519_selector is missing", ['selector = "a"', 'ed25519_key = "b.pem"']),
        ("another selector", ['selector = "a"', 'ed25519_selector = "A"']),
        ("[dkim] expires_days = 0", ['selector = "a"', "expires_days = 0"]),
        ("did you mean selector?", ['selectr = "a"']),
    ],
)
def test_dkim_names_the_fault_by_its_key(tmp_path: Path, expected: str, lines: list[str]) -> None:
    assert expected in faults(tmp_path, *lines)
