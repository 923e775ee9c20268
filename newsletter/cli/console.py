"""What the commands say: plain lines, coloured only on a terminal, and questions only to people.

All of it goes through `shown`, the one exit: whatever is in a text, a terminal obeys none of it.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from textwrap import wrap
from typing import TextIO

import typer

from newsletter.cli.pointing import pointed
from newsletter.cli.shown import painted, shown
from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError, OutputError, SegmentError

_STDOUT, _STDERR = 1, 2


def say(text: str = "") -> None:
    """A terminal gets its lines broken between words."""
    typer.echo(_fitted(shown(text)))


def say_data(text: str) -> None:
    """What programs read, as it is."""
    typer.echo(shown(text))


def _fitted(text: str) -> str:
    width = columns_of(sys.stdout)
    if width is None or len(text) <= width:
        return text
    from newsletter.cli.fitted import fitted  # only a terminal's lines need it

    return fitted(text, width)


def say_drawn(text: str) -> None:
    """What was drawn for a terminal from words of our own, its colours included."""
    typer.echo(text)


def say_whole(text: str, *, aside: bool = False) -> None:
    """A text with its line ends; `aside` to standard error."""
    typer.echo(shown(text), nl=False, err=aside)


def say_exactly(text: str) -> None:
    """Byte for byte, for a file or a program; a terminal gets it as `say` would show it."""
    octets = text.encode("utf-8", "surrogatepass")
    typer.echo(shown(text) if sys.stdout.isatty() else octets, nl=False)


def say_block(text: str) -> None:
    """Lines that end in a line end of their own; nothing for an empty text."""
    if text:
        say(text.removesuffix("\n"))


def note(text: str) -> None:
    """A remark that is no result: to standard error, so that results can be piped."""
    typer.echo(shown(text), err=True)


def note_fitted(text: str, *, word: str = "", paint: Callable[[str], str] | None = None) -> None:
    """A remark on one line, which a terminal gets wrapped between words; `word` opens it."""
    width = columns_of(sys.stderr)
    whole = f"{word} {text}".strip()
    lines = wrap(whole, width, break_long_words=False, break_on_hyphens=False) if width else [whole]
    first, *others = lines or [""]
    note("\n".join([first.replace(word, paint(word), 1) if paint else first, *others]))


def columns_of(stream: TextIO) -> int | None:
    """How wide the terminal is that reads a stream, None where none does."""
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except OSError:
        return None


def leave_dead_terminal() -> None:
    """What is said after a terminal has hung up goes nowhere, and no command fails by it.

    Such a terminal is still a character device, and no longer answers as a terminal (EIO).
    """
    for number in (_STDOUT, _STDERR):
        with suppress(OSError):
            if stat.S_ISCHR(os.fstat(number).st_mode) and not os.isatty(number):
                _send_nowhere(number)


def open_closed_streams() -> None:
    """What was closed by whoever called us (`>&-`) is written to nowhere, and read from nowhere."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def say_no_more() -> None:
    """Whatever is still to be written is, or goes nowhere where nobody reads it any more.

    Raises OutputError where there is no room for it.
    """
    for number, stream in ((_STDOUT, sys.stdout), (_STDERR, sys.stderr)):
        if stream.closed:  # by who spoke a protocol over it, such as a language server
            continue
        try:
            stream.flush()
        except BrokenPipeError:
            _send_nowhere(number)
        except OSError as error:
            _send_nowhere(number)
            raise no_room(error) from error


def no_room(error: OSError) -> OutputError:
    """The error for output that could not be written whole."""
    return OutputError(
        f"cannot be written: {error.strerror}",
        where="standard output",
        next_step="make room there, and do it again",
    )


def _send_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def _in_colour(text: str, codes: str) -> str:
    """Unless the reader wants none (no-color.org), or has a terminal that knows none."""
    has_none = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if has_none else painted(text, codes)


def strong(text: str) -> str:
    return _in_colour(text, "1")


def faint(text: str) -> str:
    return _in_colour(text, "2")


def good(text: str) -> str:
    return _in_colour(text, "32")


def bad(text: str) -> str:
    return _in_colour(text, "31;1")


def warning(text: str) -> str:
    return _in_colour(text, "33")


def cool(text: str) -> str:
    return _in_colour(text, "36")


def show_error(error: NewsletterError) -> None:
    """One line for an error; settings have a line for each fault, and a segment is pointed at."""
    note_fitted(line_of(error), word="error:", paint=bad)
    for fault in error.faults:
        note(f"  - {' '.join(fault.split())}")
    if isinstance(error, SegmentError):
        for line in pointed(error.text, error.at, error.width):
            note(f"  {line}")


def show_warning(error: NewsletterError) -> None:
    """Something that could not be done beside the act, which was."""
    note_fitted(line_of(error), word="warning:", paint=warning)


def show_errors(errors: Iterable[NewsletterError]) -> None:
    """Each once, however many files have met it."""
    for error in {line_of(error): error for error in errors}.values():
        show_error(error)


def confirm(question: str, *, yes: bool, option: str = "--yes") -> bool:
    """Whether to go on. Without a terminal nobody can be asked, so the option must be given."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise NewsletterError(
            "this asks first, and there is no terminal to ask on",
            next_step=f"add {option}",
        )
    return typer.confirm(_fitted(shown(question)))


def ask(question: str, *, option: str) -> str:
    """What somebody answers. Without a terminal nobody can, so the option must have been given."""
    if not sys.stdin.isatty():
        raise NewsletterError(
            f"{option} is missing, and there is no terminal to ask on",
            next_step=f'add {option} "…"',
        )
    return str(typer.prompt(shown(question)))


def draws(text: str) -> bool:
    """Whether standard output can show these signs; `LC_ALL=C` says that it cannot."""
    if os.environ.get("LC_ALL") in {"C", "POSIX"}:
        return False
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
