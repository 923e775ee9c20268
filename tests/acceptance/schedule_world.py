"""A publication whose issues keep a schedule, under any clock (libfaketime)."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest

from tests.acceptance.publication import Done, Publication

STORIES = (
    ("Walmart opens a shop on Twitter", "Walmart sells on Twitter now."),
    ("Carrefour opens a shop in Paris", "Carrefour does without tills now."),
    ("Getir buys Weezy in London", "Getir grows once more in Britain."),
    ("Richemont moves to the cloud", "Richemont leaves its own rooms."),
    ("Boots looks at new coins", "Boots pays in them one day."),
)
LIBRARIES = glob("/usr/lib/*/faketime/libfaketime.so.1")  # noqa: PTH207 - a fixed place of Debian's

needs_faketime = pytest.mark.skipif(not LIBRARIES, reason="libfaketime is not installed")


def at(moment: str) -> dict[str, str]:
    """The environment in which it is that moment, in UTC, and the clock goes on."""
    return {
        "LD_PRELOAD": LIBRARIES[0],
        "FAKETIME": f"@{moment}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }


def issue_text(mark: str = "", **front_matter: str) -> str:
    """A sound issue; `mark` is a word of its own in the first story."""
    lines = "".join(f"{key}: {value}\n" for key, value in front_matter.items())
    head = f"---\n{lines}---\n" if lines else ""
    stories = "\n\n".join(
        f"## {number}. {headline}\n\n{body} {mark if number == 1 else ''}".rstrip()
        + f"\n\n[Read the full story](https://www.example.com/{number})"
        for number, (headline, body) in enumerate(STORIES, 1)
    )
    return (
        f"{head}# The five biggest retail technology news stories of the week\n\n"
        "It’s Friday, with the news of the week, including Walmart, Carrefour, Getir, Richemont"
        f" and Boots.\n\n{stories}\n\n---\nSign up for our free retail technology newsletter"
        " [here](https://news.example.com/subscribe).\n"
    )


@dataclass(frozen=True)
class Desk:
    """A publication with people to send to, and two addresses that hear of what happens."""

    publication: Publication
    moment: str = "2026-11-25 10:00:00"

    @property
    def folder(self) -> Path:
        return self.publication.folder

    def write(self, name: str, mark: str = "", **front_matter: str) -> Path:
        path = self.folder / f"issues/{name}.md"
        path.write_text(issue_text(mark, **front_matter), encoding="utf-8")
        return path

    def settings(self, section: str, *lines: str) -> None:
        """Lines of their own at the beginning of a section of newsletter.toml."""
        path = self.folder / "newsletter.toml"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace(f"[{section}]\n", "\n".join((f"[{section}]", *lines, "")), 1),
            encoding="utf-8",
        )

    def run(
        self,
        *arguments: str | Path,
        moment: str | None = None,
        env: dict[str, str] | None = None,
        max_file_bytes: int | None = None,
    ) -> Done:
        clock = at(moment or self.moment)
        return self.publication.run(
            *arguments, env={**clock, **(env or {})}, max_file_bytes=max_file_bytes
        )

    def start(
        self, *arguments: str, moment: str, env: dict[str, str] | None = None
    ) -> subprocess.Popen[str]:
        return self.publication.start(*arguments, env={**at(moment), **(env or {})})

    def approved(self, name: str = "2026-11-27", mark: str = "") -> Path:
        """An issue in its next slot, approved."""
        path = self.write(name, mark)
        for arguments in (("schedule", path), ("approve", path, "--by", "Ada Lovelace")):
            done = self.run(*arguments)
            assert done.status == 0, done.out + done.err
        return path

    def mails(self, to: str) -> list[str]:
        """The files in which messages to that address are."""
        folder = self.folder / "sent"
        return sorted(path.name for path in folder.glob(f"{to}-*.eml"))

    def readers(self) -> list[str]:
        """Who was sent something, once for each message."""
        folder = self.folder / "sent"
        return sorted(path.name.split("@")[0] for path in folder.glob("reader*.eml"))


def open_desk(publication: Publication, people: int) -> Iterator[Desk]:
    desk = Desk(publication)
    publication.import_people(people)
    desk.settings("house", "memory = 0")
    alert, report = 'alert = ["desk@example.com"]', 'report = ["boss@example.com"]'
    desk.settings("notifications", alert, report)
    yield desk
