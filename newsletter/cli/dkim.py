"""`newsletter dkim`: make a key, and print what has to stand in the DNS for it."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.cli.console import faint, good, say, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.errors import NewsletterError, OutputError
from newsletter.files import write_new

if TYPE_CHECKING:
    from newsletter.message import Algorithm, DkimKey
    from newsletter.settings import Settings

app = typer.Typer(
    help="DKIM: make a key, print its DNS record.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command("new")
def new(
    ed25519: Annotated[
        bool, typer.Option("--ed25519", help="A key for the second signature, besides RSA.")
    ] = False,
    selector: Annotated[
        str | None, typer.Option(help="The key's name in the DNS; else made of year and month.")
    ] = None,
    bits: Annotated[int, typer.Option(min=2048, max=4096, help="Size of an RSA key.")] = 2048,
) -> None:
    """Make a key file (mode 0600, never overwritten); say what goes where to use it."""
    from newsletter.message import Algorithm, is_selector, new_key, read_key

    settings = settings_here(with_environment=False)
    kind = Algorithm.ED25519 if ed25519 else Algorithm.RSA
    name, path = _place(settings, kind, selector)
    if not is_selector(name):
        raise NewsletterError(
            "this is no name that the DNS takes",
            where=f"--selector {name}",
            next_step='use letters, digits, "-" and ".", such as n202111',
        )
    _write_key(path, new_key(kind, bits=bits))
    say(good(f"{_shown(path, settings)} is written; nobody but you can read it."))
    _show(_domain(settings), read_key(path, selector=name, algorithm=kind))
    if not _is_configured(settings, kind, name, path):
        _show_settings(settings, kind, name, path)


@app.command("show")
def show() -> None:
    """Print the DNS records of the keys in newsletter.toml. Exit status 1 for a weak key."""
    settings = settings_here(with_environment=False)
    signer = wiring.open_signer(settings)
    if signer is None:
        raise NewsletterError(
            "no message is signed: newsletter.toml has no [dkim]",
            where=str(settings.folder),
            next_step="make a key with `newsletter dkim new`",
        )
    for key in signer.keys:
        _show(signer.domain, key)
    is_weak = any(key.is_weak for key in signer.keys)
    raise typer.Exit(ExitStatus.FOUND if is_weak else ExitStatus.DONE)


def _place(settings: "Settings", kind: "Algorithm", selector: str | None) -> tuple[str, Path]:
    """The selector and file of newsletter.toml if it names a key of this kind that is not there."""
    configured = settings.dkim.keys if settings.dkim else ()
    for key in configured:
        if key.algorithm is kind and not key.path.exists() and selector in (None, key.selector):
            return key.selector, key.path
    name = selector or _this_month(now(), kind)
    return name, settings.folder / "dkim" / f"{name}.pem"


def _this_month(moment: datetime, kind: "Algorithm") -> str:
    return f"n{moment:%Y%m}{'e' if kind.startswith('ed') else ''}"


def _domain(settings: "Settings") -> str:
    return settings.dkim.domain if settings.dkim else settings.sender.mailbox.addr_spec.domain


def _write_key(path: Path, content: bytes) -> None:
    """A new file for its owner alone, in a folder that git leaves alone. Raises OutputError."""
    write_new(path, content, mode=0o600, kind="key")
    with suppress(OutputError):
        write_new(path.parent / ".gitignore", b"*.pem\n", mode=0o644)


def _show(domain: str, key: "DkimKey") -> None:
    from newsletter.message import record_strings

    say()
    say(strong(f"TXT record of {key.selector}._domainkey.{domain} ({key.algorithm})"))
    say(faint("  for a form:"))
    say(f"  {key.record}")
    say(faint("  for a zone file:"))
    strings = " ".join(f'"{string}"' for string in record_strings(key.record))
    say(f"  {key.selector}._domainkey.{domain}. IN TXT ( {strings} )")
    if key.is_weak:
        say(warning(f"  This key has {key.bits} bits; receivers want 2048 (RFC 8301)."))


def _is_configured(settings: "Settings", kind: "Algorithm", selector: str, path: Path) -> bool:
    keys = settings.dkim.keys if settings.dkim else ()
    return (kind, selector, path) in [(key.algorithm, key.selector, key.path) for key in keys]


def _show_settings(settings: "Settings", kind: "Algorithm", selector: str, path: Path) -> None:
    prefix = "ed25519_" if kind.startswith("ed") else ""
    say()
    say("Once the DNS answers with it, put this into newsletter.toml:")
    say("  [dkim]")
    if not prefix:
        say(f'  domain = "{_domain(settings)}"')
    say(f'  {prefix}selector = "{selector}"')
    say(f'  {prefix}key = "{_shown(path, settings)}"')


def _shown(path: Path, settings: "Settings") -> str:
    is_inside = path.is_relative_to(settings.folder)
    return (path.relative_to(settings.folder) if is_inside else path).as_posix()
