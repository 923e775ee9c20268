"""`python -m benchmarks`: measure, print a table, and write it to docs/benchmarks.md."""

import platform
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import processes, rooms

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    tables = [processes.measure(ROOT), rooms.measure(ROOT)]
    text = "\n\n".join(tables)
    print(text)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    TARGET.write_text(
        "# Benchmarks\n\n"
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d} ({machine}). Medians; a shared "
        "machine is noisy, so read ratios rather than seconds. Sending is not measured yet.\n\n"
        f"{text}\n",
        encoding="utf-8",
    )


main()
