"""What sending took, as tables for docs/benchmarks.md: what to hold, what was seen, raw rates."""

import os
import statistics

from benchmarks.sending import (
    AIOSMTPLIB,
    DKIM,
    FAR,
    FAR_PEER,
    NODEMAILER,
    NULL,
    OURS,
    READERS,
    SMTPLIB,
    SOURCE,
    THREADS,
    Results,
)
from benchmarks.trials import CONNECTIONS, FEWER, Trial

MEGABYTE = 1_000_000
SIGNERS = max(1, (os.cpu_count() or 1) - 1)
"""Cores left for signatures when one is the event loop's. The sink takes its share of them too."""


def page(results: Results) -> str:
    return "\n\n".join([_held(results), _seen(results), _words(results)])


def _held(results: Results) -> str:
    """One row a promise: the ratio of rates, and of CPU a message, which noise hardly touches."""
    rows = [
        "| sending: newsletter against | hold | times its rate | times less CPU a message |",
        "|---|---|---|---|",
        _against(results, OURS, SMTPLIB, ">= 15"),
        _against(results, OURS, THREADS, ""),
        _against(results, OURS, AIOSMTPLIB, ""),
        _against(results, OURS, NODEMAILER, ">= 8"),
        _against(results, OURS, SOURCE, ">= 0.9"),
        _against(results, OURS, NULL, ">= 0.85"),
        _against(results, FAR, FAR_PEER, ">= 3.5"),
        _signing(results),
        _memory(results),
        _imported(results),
    ]
    return "\n".join(rows)


def _rate(one: Trial, other: Trial) -> float:
    return one.rate / other.rate


def _cost(one: Trial, other: Trial) -> float:
    return other.cost / one.cost


def _against(results: Results, ours: str, other: str, hold: str) -> str:
    rate = results.median(_rate, ours, other)
    cost = results.median(_cost, ours, other)
    if rate is None or cost is None:
        return f"| {other} | {hold} | not measured: {results.missing.get(other, '')} | |"
    return f"| {other} | {hold} | {rate:.2f} | {cost:.2f} |"


def _signing(results: Results) -> str:
    pairs = zip(results.trials[DKIM], results.signatures, strict=False)
    found = [trial.rate / (possible * SIGNERS) for trial, possible in pairs if possible]
    what = f"with DKIM: what openssl signs with RSA-2048 on {SIGNERS} of the cores"
    seen = f"{statistics.median(found):.2f}" if found else "not measured: openssl is missing"
    return f"| {what} | >= 0.75 | {seen} | |"


def _memory(results: Results) -> str:
    """Peaks of two large audiences, and the straight line through them to a million.

    Up to the first of them the databases' caches are still filling.
    """
    few, many = sorted(READERS)[-2:]
    low, high = (results.trials[READERS[count]][0].memory for count in (few, many))
    million = low + (high - low) * (1_000_000 - few) / (many - few)
    seen = (
        f"{low / MEGABYTE:.0f} MB for {few:,}, {high / MEGABYTE:.0f} MB for {many:,}: "
        f"{million / MEGABYTE:.0f} MB for 1,000,000 if it goes on so"
    )
    return f"| memory of the sending process, at its most | <= 120 MB | {seen} | |"


def _imported(results: Results) -> str:
    rate = float(results.facts["rows imported a second"])
    return f"| import of 100,000 readers, start to exit | | {rate:,.0f} rows/s | |"


def _best(results: Results, name: str) -> Trial:
    return max(results.trials[name], key=lambda trial: trial.rate)


def _is_of_others(name: str) -> bool:
    return not name.startswith(OURS)


def _seen(results: Results) -> str:
    rows = [
        "| best of the rounds | messages | messages/s | CPU a message | peak memory |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(results.trials, key=_is_of_others):
        best = _best(results, name)
        rows.append(
            f"| {name} | {best.messages:,} | {best.rate:,.0f} | {best.cost:,.0f} µs "
            f"| {best.memory / MEGABYTE:.0f} MB |"
        )
    rows += [f"| {name} | | not measured: {why} | | |" for name, why in results.missing.items()]
    return "\n".join(rows)


def _words(results: Results) -> str:
    octets = int(results.facts["octets of the message"])
    journal = _best(results, OURS)
    per_turn = journal.messages / journal.turns if journal.turns else 0.0
    return (
        f"The message has {octets:,} octets and goes to {results.facts['sink']} on the same "
        "machine, so sender and sink share its cores. Ours is the installed command with journal, "
        f"tokens and scanner on, SQLite with synchronous=FULL, over {CONNECTIONS} connections "
        f"({FEWER} on the long link, and where it is said), because more of them share a turn of "
        "the journal; nodemailer and smtp-source are no quicker with more than they have. It is "
        "timed from the first claim to the last outcome written down, so start, rendering and the "
        "freezing of the audience are not in it, as they are not in the others. The others keep no "
        "journal; `smtp-source` makes up its content, and its whole process is timed. "
        f"In the best round a turn of the journal held {per_turn:.1f} messages."
    )
