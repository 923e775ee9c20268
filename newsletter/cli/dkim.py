"""`newsletter dkim`: make a key, and print what has to stand in the DNS for it."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import faint, good, say, say_data, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, Record, say_records
from newsletter.cli.opening import publication_here
from newsletter.cli.publication import settings_here
from newsletter.clock import now
from newsletter.publishing.keys import NewKey, configured_records, make_key
from newsletter.publishing.keys import Record as DnsRecord

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
        str | None, typer.Option(help="The key's name in the DNS; default: year and month.")
    ] = None,
    bits: Annotated[int, typer.Option(min=2048, max=4096, help="Size of an RSA key.")] = 2048,
) -> None:
    """Make a key file (mode 0600, never overwritten); say what to put where."""
    settings = settings_here(with_environment=False)
    made = make_key(settings, ed25519=ed25519, selector=selector, bits=bits, now=now())
    say(good(f"{_shown(made.path, settings.folder)} is written; only you can read it."))
    _show(made.record)
    if not made.is_configured:
        _show_settings(made, settings.folder)


@app.command("show")
def show(format_: AsFormat = Format.TEXT) -> None:
    """Print the DNS records of the keys in newsletter.toml."""
    records = configured_records(publication_here())
    if format_ is Format.JSON:
        say_records(map(_record, records))
    else:
        for record in records:
            _show(record)
    is_weak = any(record.is_weak for record in records)
    raise typer.Exit(ExitStatus.FOUND if is_weak else ExitStatus.DONE)


def _record(record: DnsRecord) -> Record:
    return {
        "name": record.name,
        "type": "TXT",
        "value": record.value,
        "strings": list(record.strings),
        "domain": record.domain,
        "selector": record.selector,
        "algorithm": record.algorithm,
        "bits": record.bits,
        "weak": record.is_weak,
    }


def _show(record: DnsRecord) -> None:
    say()
    say(strong(f"TXT record of {record.name} ({record.algorithm})"))
    say(faint("  for a form:"))
    say_data(f"  {record.value}")
    say(faint("  for a zone file:"))
    strings = " ".join(f'"{string}"' for string in record.strings)
    say_data(f"  {record.name}. IN TXT ( {strings} )")
    if record.is_weak:
        say(warning(f"  This key has {record.bits} bits; receivers want 2048 (RFC 8301)."))


def _show_settings(made: NewKey, folder: Path) -> None:
    prefix = "ed25519_" if made.record.is_ed25519 else ""
    say()
    say("Once the DNS answers with it, put this in newsletter.toml:")
    say("  [dkim]")
    if not prefix:
        say(f'  domain = "{made.record.domain}"')
    say(f'  {prefix}selector = "{made.record.selector}"')
    say(f'  {prefix}key = "{_shown(made.path, folder)}"')


def _shown(path: Path, folder: Path) -> str:
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()
