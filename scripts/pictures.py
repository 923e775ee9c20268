"""The pictures of terminals in docs/images: what a command says at 80 columns, in SVG.

    make pictures

Each is drawn from a real run in a publication that is laid out for it, with the issue of
docs/tutorial.md, so that it shows what the program says today; a test asks for it. No font is
fetched: a picture is drawn in whatever monospaced font its reader has.
"""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from termios import TIOCSWINSZ

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
COLUMNS = 80

PICTURES: Mapping[str, tuple[str, ...]] = {
    "check.svg": ("check",),
    "count.svg": ("subscribers", "count"),
}
"""Name, and the command that it shows."""

_INIT = [
    "init",
    "friday",
    "--language",
    "en-GB",
    "--timezone",
    "Europe/London",
    "--sender",
    "grace@example.com",
    "--yes",
]
_NAME = ("--name", "The Friday Five", "--postal-address", "1 High Street, Leeds LS1 1AA")
_COLOURS = ["161f1d", "ff8a80", "81c784", "ffd580", "90caf9", "ce93d8", "80deea", "dce5e1"]
"""Black, red, green, yellow, blue, magenta, cyan and white, as a calm terminal has them."""


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue


_THEME = TerminalTheme(_rgb(_COLOURS[0]), _rgb(_COLOURS[-1]), list(map(_rgb, _COLOURS)))
_FORMAT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<style>
.{unique_id}-matrix {{
  font: {char_height}px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font: 15px system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""The library's own has a font in it that would be fetched."""


def draw(folder: Path) -> Mapping[str, str]:
    """Every picture by its name; the publication that they are of is laid out in `folder`."""
    _run(folder, *_INIT, *_NAME)
    publication = folder / "friday"
    for issue in (publication / "issues").glob("*.md"):
        issue.unlink()
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    [(name, text)] = re.findall(r'```markdown title="([^"]+)"\n(.*?)```', page, re.DOTALL)
    (publication / name).write_text(text, encoding="utf-8")
    _run(publication, "subscribers", "import", "subscribers.example.csv", "--yes")
    return {
        picture: svg_of("newsletter " + " ".join(command), _run(publication, *command), picture)
        for picture, command in PICTURES.items()
    }


def svg_of(title: str, said: str, name: str) -> str:
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi(f"$ {title}\n{said}"), soft_wrap=True)
    return console.export_svg(
        title=title, theme=_THEME, code_format=_FORMAT, unique_id=Path(name).stem
    )


def _run(folder: Path, *words: str) -> str:
    """What the command says to a terminal, colours and all."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, pack("HHHH", 50, COLUMNS, 0, 0))
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    command = [Path(sys.executable).parent / "newsletter", *words]
    with subprocess.Popen(  # noqa: S603 - ours
        command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        said = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    """Nothing once the last writer has gone, which Linux calls an error (EIO)."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def main() -> None:
    with TemporaryDirectory() as folder:
        for name, svg in draw(Path(folder)).items():
            (IMAGES / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
