"""A file onto the list, against a floor: Python's csv and executemany, which check nothing."""

import csv
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from newsletter.books import AuditAction
from newsletter.store import Origin, open_database
from newsletter.subscribers import open_subscribers

ROWS = 100_000
ROUNDS = 3
NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)


def measure() -> str:
    """A Markdown table: rows a second, and the share of the floor that they are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "people.csv"
        people = (f"r{n * 7_919 % ROWS}@example.com,R{n},fair\n" for n in range(ROWS))
        path.write_text("email,first_name,consent\n" + "".join(people), encoding="utf-8")
        took: dict[str, list[float]] = {}
        for number in range(ROUNDS):
            for what, work in _WORKS.items():
                began = time.perf_counter()
                lock = work(path, folder / f"{number}-{what[:4].strip()}.db")
                took.setdefault(what, []).append(time.perf_counter() - began)
                if lock:
                    took.setdefault(_LOCKED, []).append(lock)
    floor = median(took[_FLOOR])
    rows = ["| 100,000 people from a file | hold | rate | of the floor |", "|---|---|---|---|"]
    for what, hold in _HOLDS.items():
        rate = ROWS / median(took[what])
        rows.append(f"| {what} | {hold} | {rate:,.0f}/s | {floor / median(took[what]):.2f} |")
    rows.append(f"| {_LOCKED} | | {median(took[_LOCKED]):.2f} s | |")
    return "\n".join(rows)


def _floor(path: Path, database: Path) -> float:
    with path.open(newline="") as file, closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE people (email TEXT UNIQUE, name TEXT, consent TEXT)")
        rows = csv.reader(file)
        next(rows)
        with connection:
            connection.executemany("INSERT INTO people VALUES (?, ?, ?)", rows)
    return 0


def _read(path: Path, _database: Path) -> float:
    with open_subscribers(path) as file:
        sum(1 for _ in file.rows())
    return 0


def _import(path: Path, database: Path) -> float:
    with (
        open_database(f"sqlite:///{database}") as books,
        open_subscribers(path) as file,
        books.imports.compared(file.rows(), Origin(name=path.name, now=NOW)) as compared,
    ):
        began = time.perf_counter()
        compared.apply(AuditAction.IMPORTED, "the benchmark")
        return time.perf_counter() - began


_FLOOR = "csv and executemany, nothing checked"
_LOCKED = "of that, writing: nobody else writes"
_READING = "read and checked"
_WHOLE = "read, compared and written"
_WORKS: dict[str, Callable[[Path, Path], float]] = {
    _FLOOR: _floor,
    _READING: _read,
    _WHOLE: _import,
}
_HOLDS = {_FLOOR: "", _READING: "50,000/s", _WHOLE: "50,000/s"}
