"""`newsletter.settings` with themes of other packages: found, and gone before by the settings."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings import Settings, load_settings, theme_package_in
from newsletter.starter import starter_folder


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages, which Python looks into as well."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


def install(packages: Path, name: str, *, values: str = "", templates: bool = True) -> None:
    package = packages / f"pkg_{name}"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('it was run')")
    if values:
        (package / "theme.toml").write_text(values)
    if templates:
        (package / "templates").mkdir()
    known = packages / f"pkg_{name}-2.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: pkg-{name}\nVersion: 2.0\n")
    (known / "entry_points.txt").write_text(f"[newsletter.themes]\n{name} = pkg_{name}\n")


def settings(folder: Path, **sections: str) -> Settings:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    for section, line in sections.items():
        name = section.replace("_", ".")
        text = text.replace(f"[{name}]\n", f"[{name}]\n{line}\n")
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, {}, with_environment=False)


def test_a_themes_values_are_defaults_and_the_publications_go_first(
    packages: Path, tmp_path: Path
) -> None:
    values = 'serif = "Palatino, serif"\n[light]\naccent = "#7a1f5c"\naccent_text = "#6a1f5c"\n'
    install(packages, "plum", values=values)

    chosen = settings(tmp_path, theme='package = "plum"', theme_light='accent_text = "#5a0f4c"')

    theme = chosen.theme
    assert ("Palatino, serif", "#7a1f5c", "#5a0f4c") == (
        theme.serif,
        theme.light.accent,
        theme.light.accent_text,
    )
    assert [tmp_path / "templates", packages / "pkg_plum/templates"] == [
        *chosen.template_folders[:2]
    ]
    found = theme_package_in(tmp_path)
    assert found is not None
    assert ("pkg-plum", "2.0") == (found.package, found.version)


def test_without_one_the_templates_are_the_publications_and_ours(tmp_path: Path) -> None:
    assert 2 == len(settings(tmp_path).template_folders)
    assert theme_package_in(tmp_path) is None


@pytest.mark.parametrize(
    ("values", "templates", "words"),
    [
        ('serif = "x\\"; }"', True, "the theme “plum” of the package pkg-plum: [theme]"),
        ("colour = 1", True, "colour means nothing"),
        ("", False, "has no folder with templates"),
    ],
)
def test_a_theme_at_fault_is_named_with_its_package(
    packages: Path, tmp_path: Path, values: str, templates: bool, words: str
) -> None:
    install(packages, "plum", values=values, templates=templates)

    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, theme='package = "plum"')

    [fault] = caught.value.faults
    assert words in fault
    assert "plum" in fault


def test_a_theme_that_is_not_installed_is_a_fault(packages: Path, tmp_path: Path) -> None:
    install(packages, "plum")

    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, theme='package = "plumm"')

    assert (
        "[theme] package: no package that is installed has a theme “plumm”; did you mean plum?",
    ) == caught.value.faults
