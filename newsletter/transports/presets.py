"""Presets: the relays of well-known providers by name, read from `presets.toml`.

Knows what a provider's page says: host, port, TLS, how one logs in, its caps. Turning one into a
transport URL is left to `url`; what the page does not say is not guessed here.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")
"""Such as eu-west-1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """One provider. `options` are defaults as a query has them; `page` is where they are from."""

    name: str
    title: str
    host: str
    port: int
    page: str
    tls: str = "required"
    user: str = ""
    login: str = ""
    needs_login: bool = True
    regions: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def scheme(self) -> str:
        """What it stands for."""
        return "smtps" if self.tls == "implicit" else "smtp"

    @property
    def needs_region(self) -> bool:
        return "{region}" in self.host

    def has_region(self, text: str) -> bool:
        return bool(_REGION.fullmatch(text)) if self.needs_region else text in self.regions

    def host_of(self, region: str) -> str:
        """`region` is one of its own, or "" where it needs none."""
        return self.regions.get(region) or self.host.format(region=region)


def find_preset(scheme: str) -> Preset | None:
    """The preset of a scheme; `ses+smtp` is another way to say `ses`."""
    return presets().get(scheme.removesuffix("+smtp"))


@cache
def presets() -> Mapping[str, Preset]:
    """All of them, by name in alphabetical order."""
    text = Path(__file__).with_name("presets.toml").read_text("utf-8")
    return {
        name: Preset(name=name, **values) for name, values in sorted(tomllib.loads(text).items())
    }
