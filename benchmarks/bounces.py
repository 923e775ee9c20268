"""`python -m benchmarks.bounces [FOLDER]`: how fast what comes back is understood, in what memory.

Measured on the samples of the tests, or on the messages of a folder, each with another address
every time, so that nothing is remembered of the one before. Seconds are of the processor.
"""

import sys
import time
import tracemalloc
from pathlib import Path
from statistics import median

from newsletter.bounces import understand

SAMPLES = Path(__file__).parents[1] / "tests" / "unit" / "bounces" / "samples"
ROUNDS = 5
LARGE = 10_000_000
BOMB = 1_000_000
BOMBS = (
    b"<", b"@", b"a@", b"\n", b"- ", b"user ", b"mailbox 550 5.1.1 ", b"<a@b.example>:\n", b"> ",
    b"=?utf-8?q?a?= ", b"Final-Recipient: rfc822; a@example.org\n\n",
    b"From: a\nMessage-ID: <c>\n\n",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"Content-Type: message/rfc822\n\n",
)  # fmt: skip
REPORT = b"""\
From: MAILER-DAEMON@mx.example.net
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1

--x
Content-Type: message/rfc822

Message-ID: <issue7.ada@news.example.com>

"""


def measure(folder: Path = SAMPLES) -> str:
    """A Markdown table of one core's rate, of a large message, and of the slowest bomb."""
    raws = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    size = sum(map(len, raws)) / len(raws)
    slowest, unit = max((_seconds(REPORT + one * (BOMB // len(one))), one) for one in BOMBS)
    peak, large = _large()
    rows = [
        (f"{len(raws)} messages of {size:,.0f} bytes, a core-second", "300", f"{_rate(raws):,.0f}"),
        (f"one of {LARGE // 1_000_000} MB, ms", "", f"{large * 1000:,.0f}"),
        ("memory it takes beside itself, MB", "", f"{peak / 1e6:.1f}"),
        (
            f"the slowest of {len(BOMBS)} bombs of 1 MB ({unit[:8]!r}), ms",
            "",
            f"{slowest * 1000:,.0f}",
        ),
    ]
    head = ["| what comes back, understood | hold | measured |", "|---|---|---|"]
    return "\n".join([*head, *(f"| {what} | {hold} | {got} |" for what, hold, got in rows)])


def _rate(raws: list[bytes]) -> float:
    """Messages a second, the median of some rounds without the first, which loads tables."""
    took = []
    for number in range(ROUNDS + 1):
        others = [raw.replace(b"ada", b"ada%d" % number) for raw in raws]
        began = time.process_time()
        for raw in others:
            understand(raw)
        took.append(time.process_time() - began)
    return len(raws) / median(took[1:])


def _seconds(raw: bytes) -> float:
    began = time.process_time()
    understand(raw)
    return time.process_time() - began


def _large() -> tuple[float, float]:
    """The peak of memory in bytes that one large message takes beside itself, and its seconds."""
    raw = REPORT + b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2\n" * (
        LARGE // 65
    )
    took = _seconds(raw)
    tracemalloc.start()
    understand(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, took


if __name__ == "__main__":
    print(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES))
