"""What mail programs can show, by caniemail's data: features, clients, and a flag for each pair.

The data is the newest release that `scripts/refresh_caniemail.py` took; names of clients and the
list of those of note are ours, in `clients.toml`. Which features an e-mail uses is detection's.
"""

import gzip
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any


class Support(StrEnum):
    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"
    UNTESTED = "untested"


_BY_LETTER = {"y": Support.FULLY, "a": Support.PARTLY, "n": Support.NOT}


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """A mail program on a platform; `key` is caniemail's, "gmail.android"."""

    key: str
    family: str
    platform: str

    @property
    def name(self) -> str:
        return f"{self.family} ({self.platform})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """Something an e-mail may use; `letters` has one for each client, in the clients' order."""

    slug: str
    title: str
    category: str
    letters: str


@dataclass(frozen=True, kw_only=True)
class SupportData:
    """The whole table. `updated` is when caniemail last changed, `release` its package's version.

    `clients` go by family, then platform; `of_note` are the keys of those that findings are about.
    """

    release: str
    updated: str
    clients: tuple[Client, ...]
    of_note: tuple[str, ...]
    features: Mapping[str, Feature]
    places: Mapping[str, int]

    def of(self, slug: str, client: Client) -> Support:
        """What a client makes of a feature. Raises KeyError for a slug that nobody knows."""
        letter = self.features[slug].letters[self.places[client.key]]
        return _BY_LETTER.get(letter, Support.UNTESTED)

    def chosen(self, names: Iterable[str]) -> tuple[Client, ...]:
        """The clients of these keys and families; of a name that nobody knows, none."""
        wanted = set(names)
        return tuple(
            client
            for client in self.clients
            if client.key in wanted or client.key.split(".")[0] in wanted
        )

    def unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names that are neither a client's key nor a family's."""
        return tuple(name for name in names if not self.chosen([name]))


@cache
def load_support() -> SupportData:
    folder = Path(__file__).parent
    data = json.loads(gzip.decompress((folder / "caniemail.json.gz").read_bytes()))
    names = tomllib.loads((folder / "clients.toml").read_text(encoding="utf-8"))
    clients = (_client(key, names) for key in data["clients"])
    return SupportData(
        release=data["release"],
        updated=data["updated"],
        clients=tuple(sorted(clients, key=lambda one: (one.family.lower(), one.platform.lower()))),
        of_note=tuple(names["of_note"]),
        features={
            slug: Feature(slug=slug, title=title, category=category, letters=letters)
            for slug, (title, category, letters) in data["features"].items()
        },
        places={key: place for place, key in enumerate(data["clients"])},
    )


def _client(key: str, names: Mapping[str, Any]) -> Client:
    """A client that is new to us goes by the keys of the data."""
    family, platform = key.split(".", 1)
    return Client(
        key=key,
        family=names["families"].get(family, family),
        platform=names["platforms"].get(platform, platform),
    )
