"""The section [images], and a logo from the disk."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings import ImageMode, ImageSettings, Settings, load_settings
from newsletter.starter import starter_folder


def load(folder: Path, section: str, theme: str = "") -> Settings:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    kept = text.replace("[images]\n", "").replace("[theme]\n", f"[theme]\n{theme}\n")
    (folder / "newsletter.toml").write_text(f"{kept}\n[images]\n{section}\n", encoding="utf-8")
    return load_settings(folder, {}, with_environment=False)


def test_pictures_are_fetched_from_the_site_when_nothing_is_set(tmp_path: Path) -> None:
    assert ImageSettings(mode=ImageMode.SITE) == load(tmp_path, "").images


@pytest.mark.parametrize("mode", ImageMode)
def test_images_reads_the_mode(tmp_path: Path, mode: ImageMode) -> None:
    assert mode is load(tmp_path, f'mode = "{mode}"').images.mode


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ('mode = "cid"', '[images] mode = "cid": must be "site" or "inline"'),
        ("mode = true", '[images] mode = true: must be "site" or "inline"'),
        ('mod = "site"', "[images] mod means nothing; did you mean mode?"),
    ],
)
def test_images_refuses_what_it_does_not_know(tmp_path: Path, section: str, fault: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, section)

    assert (fault,) == raised.value.faults


def test_logo_may_be_a_file_of_the_publication(tmp_path: Path) -> None:
    assert "images/logo.png" == load(tmp_path, "", 'logo = "images/logo.png"').theme.logo


@pytest.mark.parametrize(
    "logo",
    ["../logo.png", "images/../logo.png", "/images/logo.png", "cid:" + "0" * 32 + "@a.example"],
)
def test_logo_may_be_no_other_file(tmp_path: Path, logo: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, "", f'logo = "{logo}"')

    assert 1 == len(raised.value.faults)
    assert "[theme]" in raised.value.faults[0]
