"""Plays the fault matrix and prints it as the tables of docs/guarantee.md.

Cells of one stage that end alike share a row, and so do relays to the whole list that do, and
those that go wrong beside another.
"""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.faults.cells import CELLS, Cell
from tests.faults.ground import lay_ground
from tests.faults.moods import MOODS, MoodCell, play
from tests.faults.several import SEVERAL, SeveralCell
from tests.faults.several import play as play_beside
from tests.faults.test_matrix import play_all
from tests.faults.world import Result


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        results = play_all(list(CELLS), lay_ground(Path(folder)))
    print("| stage | the relay … | when | books after it | the run | books at the end | cells |")
    print("|---|---|---|---|---|---|---|")
    rows: dict[tuple[str, ...], list[str]] = {}
    for cell, result in zip(CELLS, results, strict=True):
        rows.setdefault(_row(cell, result), []).append(cell.script.fault.value)
    for (stage, when, *rest), faults in rows.items():
        print("| " + " | ".join((stage, "; ".join(faults), when, *rest, str(len(faults)))) + " |")
    pairs = zip(CELLS, results, strict=True)
    wrong = [(cell.name, list(result.wrong)) for cell, result in pairs if result.wrong]
    print(f"\n{len(results)} cells, {len(results) - len(wrong)} as promised, {len(wrong)} not.\n")
    wrong += _play_moods()
    wrong += _play_several()
    for name, differences in wrong:
        print(f"- {name}: {'; '.join(differences)}")
    return 1 if wrong else 0


def _play_moods() -> list[tuple[str, list[str]]]:
    """What is promised is printed: who is deferred and who is planned may differ."""
    with tempfile.TemporaryDirectory() as folder:
        played = [asyncio.run(play(cell, Path(folder) / f"{n}.db")) for n, cell in enumerate(MOODS)]
    rows: dict[tuple[str, ...], list[str]] = {}
    for cell in MOODS:
        rows.setdefault(_mood_row(cell), []).append(cell.name)
    print("| the relay | books after it | the run | books at the end | cells |")
    print("|---|---|---|---|---|")
    for row, names in rows.items():
        print("| " + " | ".join(("<br>".join(names), *row, str(len(names)))) + " |")
    wrong = [(cell.name, found) for cell, found in zip(MOODS, played, strict=True) if found]
    print(f"\n{len(MOODS)} cells, {len(MOODS) - len(wrong)} as promised, {len(wrong)} not.")
    return wrong


def _play_several() -> list[tuple[str, list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        played = [
            asyncio.run(play_beside(cell, Path(folder) / f"{n}.db"))
            for n, cell in enumerate(SEVERAL)
        ]
    rows: dict[tuple[str, ...], list[str]] = {}
    for cell in SEVERAL:
        rows.setdefault(_beside_row(cell), []).append(cell.name)
    print("\n| one relay of two | books after it | the run | in doubt at most | cells |")
    print("|---|---|---|---|---|")
    for row, names in rows.items():
        print("| " + " | ".join(("<br>".join(names), *row, str(len(names)))) + " |")
    wrong = [(cell.name, found) for cell, found in zip(SEVERAL, played, strict=True) if found]
    print(f"\n{len(SEVERAL)} cells, {len(SEVERAL) - len(wrong)} as promised, {len(wrong)} not.")
    return wrong


def _beside_row(cell: SeveralCell) -> tuple[str, ...]:
    books = "all others accepted" if cell.doubts else "all accepted"
    if cell.both:
        books = "nobody marked"
    elif not cell.noticed:
        books = "accepted, or deferred; nobody marked"
    return books, "stops" if cell.both else "goes on over the other", str(cell.doubts)


def _mood_row(cell: MoodCell) -> tuple[str, ...]:
    left = cell.people - sum(cell.first.values())
    others = f"{left} planned or deferred" if left else ""
    after = ", ".join(filter(None, (_books(cell.first), others)))
    run = "stops" if cell.stopped else "rests or goes on" if left else "goes on"
    return (
        after if cell.first else "nobody refused",
        run,
        _books(cell.ends or {"accepted": cell.people}),
    )


def _row(cell: Cell, result: Result) -> tuple[str, ...]:
    run = "stops" if result.stopped else "goes on"
    return cell.script.stage.value, cell.when, _books(result.first), run, _books(result.ends)


def _books(books: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(books.items()))


if __name__ == "__main__":
    sys.exit(main())
