"""Sending, side by side: ours with everything on against what else one might send with.

All on one machine, to one local sink, with the same message, in turns. Every ratio is of two
trials of one round, and the median of the rounds is shown.
"""

import json
import re
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from email import policy
from email.parser import BytesParser
from pathlib import Path

from benchmarks import trials
from benchmarks.publication import Publication
from benchmarks.sink import open_link, open_sink, tool
from benchmarks.trials import FEWER, THEIRS, Trial

MESSAGES, SIGNED, MEDIUM, FEW = 20_000, 8_000, 2_000, 1_000
"""For us, for us with signatures, for nodemailer, and for those who take milliseconds each."""

WAY = 0.025
"""Seconds each way on the long link."""

OURS = "newsletter send"
TEN = f"newsletter send, {FEWER} connections"
DKIM = "newsletter send, DKIM RSA-2048"
NULL = "newsletter send, nothing written to the journal"
SOURCE = f"smtp-source -d, {THEIRS} connections"
SMTPLIB = "smtplib + EmailMessage, 1 connection"
THREADS = "smtplib + EmailMessage, 10 threads"
AIOSMTPLIB = "aiosmtplib send_message, 10 connections"
NODEMAILER = f"nodemailer pool, {THEIRS} connections"
FAR, FAR_PEER = "newsletter send, 50 ms away", "aiosmtplib send_message, 50 ms away"
READERS = {count: f"newsletter send, {count:,} readers" for count in (20_000, 100_000, 300_000)}


@dataclass
class Results:
    """Trials by what was tried, one a round; what could not be tried, and why; and facts.

    `signatures` is how many RSA-2048 signatures a second openssl made round each trial that signs.
    """

    signatures: list[float] = field(default_factory=list)
    trials: dict[str, list[Trial]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    facts: dict[str, float | str] = field(default_factory=dict)

    def add(self, what: str, trial: Trial) -> None:
        self.trials.setdefault(what, []).append(trial)

    def median(self, of: Callable[[Trial, Trial], float], one: str, other: str) -> float | None:
        pairs = zip(self.trials.get(one, ()), self.trials.get(other, ()), strict=False)
        found = [of(first, second) for first, second in pairs]
        return statistics.median(found) if found else None

    def raw(self) -> Mapping[str, object]:
        """For a file in JSON: every trial as it was, nothing left out."""
        each = {name: [asdict(trial) for trial in found] for name, found in self.trials.items()}
        return {
            "trials": each,
            "signatures": self.signatures,
            "missing": self.missing,
            "facts": self.facts,
        }


def measure(scratch: Path, *, rounds: int) -> Results:
    """`scratch` keeps nodemailer from one time to the next."""
    results = Results()
    with tempfile.TemporaryDirectory() as name, open_sink() as (sink, port):
        folder = Path(name)
        plain, signed = (
            Publication(folder=folder / "plain"),
            Publication(folder=folder / "signed", is_signed=True),
        )
        for publication in (plain, signed):
            publication.folder.mkdir()
            publication.lay_out()
        plain.invite(1)
        letter = _letter(folder, plain.message())
        results.facts |= {"sink": sink, "octets of the message": letter.stat().st_size}
        near = _near(plain, port, letter, scratch, results)
        for _ in range(rounds):
            before = _signatures_a_second()
            results.add(DKIM, trials.ours(signed, port, SIGNED))
            results.signatures.append((before + _signatures_a_second()) / 2)
            for what, bench in near.items():
                results.add(what, bench())
        with open_link(port, WAY) as far:
            results.trials[FAR] = [trials.ours(plain, far, FEW, connections=FEWER)]
            results.trials[FAR_PEER] = [trials.peer("aiosmtplib", far, 400, letter)]
        for count, what in READERS.items():
            results.trials[what] = [trials.ours(plain, port, count)]
        results.facts["rows imported a second"] = plain.invite(100_000)
    return results


def _near(
    plain: Publication,
    port: int,
    letter: Path,
    scratch: Path,
    results: Results,
) -> dict[str, Callable[[], Trial]]:
    """What to try each round; ours stands between those it is compared with most closely."""
    near: dict[str, Callable[[], Trial]] = {
        SMTPLIB: lambda: trials.peer("smtplib", port, FEW, letter),
        THREADS: lambda: trials.peer("smtplib-threads", port, FEW, letter),
        AIOSMTPLIB: lambda: trials.peer("aiosmtplib", port, FEW, letter),
    }
    source, modules = tool("smtp-source"), _nodemailer(scratch)
    content = letter.with_suffix(".json")
    if modules is None:
        results.missing[NODEMAILER] = "node or npm is missing, or npm reached no registry"
    else:
        near[NODEMAILER] = lambda: trials.nodemailer(modules, port, MEDIUM, content)
    if source is None:
        results.missing[SOURCE] = "not installed (Debian: postfix)"
    else:
        octets = letter.stat().st_size
        near[SOURCE] = lambda: trials.smtp_source(source, port, MESSAGES, octets)
    near[OURS] = lambda: trials.ours(plain, port, MESSAGES)
    near[NULL] = lambda: trials.ours(plain, port, MESSAGES, journalled=False)
    near[TEN] = lambda: trials.ours(plain, port, MESSAGES, connections=FEWER)
    return near


def _letter(folder: Path, message: bytes) -> Path:
    """The message as it is, and beside it what nodemailer makes one of."""
    path = folder / "letter.eml"
    path.write_bytes(message)
    sent = BytesParser(policy=policy.SMTP).parsebytes(message)
    text, html = (part.get_content() for part in sent.iter_parts())
    links = re.findall(r"<(?:mailto:)?([^>]+)>", str(sent["List-Unsubscribe"]))
    path.with_suffix(".json").write_text(
        json.dumps(
            {
                "from": str(sent["From"]),
                "subject": str(sent["Subject"]),
                "listId": "friday-five.news.example.com",
                "unsubscribe": links,
                "text": text,
                "html": html,
            }
        ),
        encoding="utf-8",
    )
    return path


def _nodemailer(scratch: Path) -> Path | None:
    """The folder with node's packages, nodemailer in it; None where it cannot be had."""
    if not tool("node") or not tool("npm"):
        return None
    modules = scratch / "node_modules"
    if not (modules / "nodemailer").is_dir():
        scratch.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", ".", "nodemailer"]
        subprocess.run(command, cwd=scratch, check=False, capture_output=True)
    return modules if (modules / "nodemailer").is_dir() else None


def _signatures_a_second() -> float:
    """What one core can sign with RSA-2048, as `openssl speed` says; 0 where there is none."""
    if tool("openssl") is None:
        return 0.0
    ran = subprocess.run(
        ["openssl", "speed", "-seconds", "2", "rsa2048"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"^rsa\s*2048 bits\s+\S+s\s+\S+s\s+([0-9.]+)", ran.stdout, re.MULTILINE)
    return float(found[1]) if found else 0.0
