"""The section [images] of newsletter.toml: how a message's readers come by its pictures."""

from dataclasses import dataclass
from enum import StrEnum

from newsletter.settings.table import Table


class ImageMode(StrEnum):
    """From the publication's site, where they are put for it, or in the message itself."""

    SITE = "site"
    INLINE = "inline"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageSettings:
    """What is said of the pictures that are files; others are wherever their address says."""

    mode: ImageMode = ImageMode.SITE


def images(table: Table) -> ImageSettings:
    mode = table.parsed("mode", ImageMode, '"site" or "inline"')
    table.no_other()
    return ImageSettings(mode=mode or ImageMode.SITE)
