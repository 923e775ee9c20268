"""The `[theme]` section: colours, fonts and logo, over those of a package where one is chosen."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from newsletter.errors import SettingsError
from newsletter.render import MAX_LOGO_WIDTH, Palette, Theme, poor_contrasts
from newsletter.settings.file import read_toml
from newsletter.settings.table import Table
from newsletter.settings.theme_package import VALUES, ThemePackage, find_theme

_TEXTS = ("serif", "sans", "logo", "logo_alt")


def themed(
    table: Table, values: Mapping[str, Any], faults: list[str], cautions: list[str]
) -> tuple[Theme | None, ThemePackage | None]:
    """The theme, whose defaults are the package's, where one is chosen, and else ours."""
    default, package = Theme(), None
    if name := table.text("package", ""):
        try:
            package = find_theme(name)
            default = _defaults(package, faults) or default
        except SettingsError as error:
            faults += [f"[theme] package: {fault}" for fault in error.faults]
    return _theme(table, faults, cautions, values, default=default), package


def _defaults(package: ThemePackage, faults: list[str]) -> Theme | None:
    """What its `theme.toml` says, in the words of [theme]; ours where it has none."""
    if not (package.folder / VALUES).is_file():
        return None
    own: list[str] = []
    values = read_toml(package.folder / VALUES)
    table = Table("theme", values, own)
    found = _theme(table, own, [], values, default=Theme())
    whose = f"the theme “{package.name}” of the package {package.package}"
    faults += [f"{whose}: {each}" for each in own]
    return found


def _theme(
    table: Table,
    faults: list[str],
    cautions: list[str],
    values: Mapping[str, Any],
    *,
    default: Theme,
) -> Theme | None:
    """Words that nobody could read are a fault, those that are hard to read a caution."""
    own: dict[str, Any] = {
        **{name: table.text(name, getattr(default, name)) for name in _TEXTS},
        "logo_width": table.number("logo_width", default.logo_width, least=1, most=MAX_LOGO_WIDTH),
    }
    if own["logo"].startswith("cid:"):
        table.fault("logo", "the address of an image, or a file such as images/logo.png")
    light = _palette("theme.light", values.get("light", {}), default.light, faults)
    dark = _palette("theme.dark", values.get("dark", {}), default.dark, faults)
    table.no_other(also=("light", "dark"))
    if light is None or dark is None:
        return None
    for name, palette, ours in (("light", light, default.light), ("dark", dark, default.dark)):
        for poor in poor_contrasts(palette, ours):
            told = faults if poor.is_unreadable else cautions
            told.append(f"[theme.{name}] {poor}")
    return table.made(lambda: Theme(light=light, dark=dark, **own))


def _palette(name: str, values: object, default: Palette, faults: list[str]) -> Palette | None:
    table = Table(name, values, faults)
    colours = {
        field.name: table.text(field.name, getattr(default, field.name))
        for field in fields(Palette)
    }
    table.no_other()
    return table.made(lambda: Palette(**colours))
