"""The welcome: a text of the editors', sent once to whoever has confirmed, if there is a file.

Its first line is the subject, as a Markdown heading or without its mark; the rest goes out as it
stands, as plain text.
"""

from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import IssueFileError, SettingsError, reading
from newsletter.settings import Settings

MAX_BYTES = 64_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Welcome:
    """What the file says."""

    subject: str
    text: str


def read_welcome(settings: Settings) -> Welcome | None:
    """None where [site] names no file.

    Raises IssueFileError where it cannot be read, SettingsError where it cannot be a letter.
    """
    path = settings.site.welcome
    if path is None:
        return None
    with reading(path, IssueFileError, wanted="the welcome"):
        octets = path.read_bytes()
    return parse_welcome(octets, path)


def parse_welcome(octets: bytes, path: Path) -> Welcome:
    """Raises SettingsError."""
    if len(octets) > MAX_BYTES:
        raise _fault(path, f"it has more than {MAX_BYTES:,} bytes", "shorten it")
    try:
        text = octets.decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError as error:
        raise _fault(path, "it is not UTF-8", "save it as UTF-8") from error
    subject, _, rest = text.partition("\n")
    subject = subject.lstrip("#").strip()
    if not subject or not rest.strip():
        raise _fault(path, "it needs a subject and a text", "write the subject on its first line")
    return Welcome(subject=subject, text=rest.strip())


def _fault(path: Path, what: str, step: str) -> SettingsError:
    return SettingsError([what], where=str(path), next_step=step)
