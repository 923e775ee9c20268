"""What can carry messages: the schemes of transport URLs, the presets, and where they write."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.settings import Settings
from newsletter.transports import Preset, folders_of, known_schemes, presets

_SQLITE = "sqlite:///"


def schemes() -> Sequence[str]:
    return known_schemes()


def known_presets() -> Sequence[Preset]:
    return list(presets().values())


def folders_outside(settings: Settings) -> Sequence[Path]:
    """Folders outside of its own that messages, subscribers and the witness are kept in."""
    environment, own = settings.environment, settings.folder.absolute()
    found = {settings.witness_folder}
    database = environment.database.reveal()
    if database.startswith(_SQLITE):
        found.add(Path(database.removeprefix(_SQLITE)).parent)
    if environment.transport:
        found.update(own / folder for folder in folders_of(environment.transport.reveal()))
    return sorted(path for path in found if not path.absolute().is_relative_to(own))
