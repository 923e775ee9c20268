"""The section [clients]: what a publication allows its readers' mail programs to lack."""

from pathlib import Path

import pytest

from newsletter.client_support import Allowance
from newsletter.errors import SettingsError
from newsletter.settings import load_settings
from newsletter.settings.clients import ClientSettings
from newsletter.starter import starter_folder


def load(folder: Path, section: str) -> ClientSettings:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    kept = text.split("[clients]")[0]
    (folder / "newsletter.toml").write_text(f"{kept}\n[clients]\n{section}\n", encoding="utf-8")
    return load_settings(folder, {}, with_environment=False).clients


def test_clients_are_ours_when_nothing_is_set(tmp_path: Path) -> None:
    assert ClientSettings() == load(tmp_path, "")


def test_clients_reads_reasons_and_names(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        'only = ["gmail", "outlook.windows"]\n'
        "[clients.allowed]\n"
        'css-border-radius = "square corners are fine"\n'
        'css-gap = { reason = "so", clients = ["outlook"] }',
    )

    assert ("gmail", "outlook.windows") == found.only
    assert (
        Allowance(slug="css-border-radius", reason="square corners are fine"),
        Allowance(slug="css-gap", reason="so", clients=("outlook",)),
    ) == found.allowed


@pytest.mark.parametrize(
    ("expected", "section"),
    [
        ("css-border-radios is not", 'allowed = { css-border-radios = "so" }'),
        ("eudora is not", 'allowed = { css-gap = { reason = "so", clients = ["eudora"] } }'),
        ("must be a table of features and reasons", 'allowed = { css-gap = "" }'),
        ("must be a table of features and reasons", "allowed = { css-gap = true }"),
        ("must be a table of features and reasons", 'allowed = ["css-gap"]'),
        ("eudora is not", 'only = ["gmail", "eudora"]'),
        ("must be a list of texts", 'only = "gmail"'),
        ("alowed means nothing; did you mean allowed?", "alowed = {}"),
    ],
)
def test_clients_faults_are_told_by_key(tmp_path: Path, expected: str, section: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, section)

    (fault,) = caught.value.faults
    assert fault.startswith("[clients]")
    assert expected in fault
