"""A publication to measure with: one issue of about 40 kB as a message, and any number of readers.

It is the repository's example with a database of its own, in a folder given.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ISSUE = "issues/2021-12-03.md"
KEY = "0123456789abcdef0123456789abcdef0123456789"

TEXT = """---
subject: Walmart and Carrefour: the week in retail tech
preheader: A live shop on Twitter, and a store without scanning
---
# The two biggest retail technology news stories of the week

Hello {{ first_name | default("there") }}, it's Friday: the news includes Walmart and Carrefour.

## 1. Walmart turns a show on Twitter into a shop

Walmart opens Cyber Week with a live show on Twitter. Whoever watches can buy what is shown
without leaving the page.

Twitter is still testing the function, and Walmart is the first American brand to use it.

[Read the full story](https://www.example.com/2021/12/walmart)

## 2. Carrefour opens a Paris shop where nobody scans

Flash 10/10 is a convenience store that Carrefour has built with AiFi, a US start-up. Its makers
say that France has seen nothing like it.

> Ten seconds to shop, ten seconds to pay.

[Read the full story](https://www.example.com/2021/12/carrefour)

---
Sign up for our free retail technology newsletter [here](https://www.example.com/newsletter).
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """A folder in which `newsletter send` can be called, again and again for new readers."""

    folder: Path
    is_signed: bool = False

    def lay_out(self) -> None:
        (self.folder / ISSUE).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "newsletter.toml", self.folder / "newsletter.toml")
        (self.folder / ISSUE).write_text(TEXT, encoding="utf-8")
        settings = self.folder / "newsletter.toml"
        text = settings.read_text(encoding="utf-8").replace("stories = 5 ", "stories = 2 ")
        if self.is_signed:
            self._run("dkim", "new", "--selector", "bench")
            keys = 'domain = "news.example.com"\nselector = "bench"\nkey = "dkim/bench.pem"\n'
            text = text.replace("[dkim]\n", f"[dkim]\n{keys}")
        settings.write_text(text, encoding="utf-8")

    def invite(self, readers: int) -> float:
        """A new database of so many readers; returns how many rows a second went into it."""
        for pattern in ("newsletter.db*", "newsletter.witness"):
            for path in self.folder.glob(pattern):
                path.unlink()
        rows = "".join(f"reader{number}@example.com,Ada,fair\n" for number in range(readers))
        (self.folder / "readers.csv").write_text(
            f"email,first_name,consent\n{rows}", encoding="utf-8"
        )
        began = time.perf_counter()
        self._run("subscribers", "import", "readers.csv", "--yes")
        return readers / (time.perf_counter() - began)

    def message(self) -> bytes:
        """The very bytes that a reader gets, without a signature of their own."""
        self._run("send", ISSUE, "--subscribers", "readers.csv", "--dry-run")
        return (self.folder / "outbox" / f"{Path(ISSUE).stem}.first.eml").read_bytes()

    def environment(self, transport: str = "console:") -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "NEWSLETTER_TRANSPORT": transport,
            "NEWSLETTER_SECRET_KEY": KEY,
        }

    def _run(self, *arguments: str) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "newsletter", *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(f"newsletter {' '.join(arguments)}: {ran.stdout}{ran.stderr}")
