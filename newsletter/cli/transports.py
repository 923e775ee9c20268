"""`newsletter transports`: the schemes a transport URL may begin with, and the presets."""

from collections.abc import Iterator

from newsletter.cli.console import faint, say, strong
from newsletter.cli.formats import AsFormat, Format, Record, say_record
from newsletter.publishing.carriers import known_presets, schemes


def transports(format_: AsFormat = Format.TEXT) -> None:
    """List what can carry messages: schemes and presets."""
    if format_ is Format.JSON:
        say_record({"schemes": list(schemes()), "presets": list(_records())})
        return
    several = "failover(URL URL) or roundrobin(URL URL)"
    say(f"Schemes: {', '.join(f'{each}:' for each in schemes())} and {several}")
    for line in _table():
        say(line)


def _records() -> Iterator[Record]:
    for each in known_presets():
        yield {
            "name": each.name,
            "title": each.title,
            "host": each.host,
            "port": each.port,
            "options": dict(each.options),
        }


def _table() -> Iterator[str]:
    """Name, provider, relay, and the options that a transport URL may change."""
    known = known_presets()
    name = max(len(each.name) for each in known) + 1
    title = max(len(each.title) for each in known)
    for each in known:
        relay = f"{each.host.replace('{region}', 'REGION')}:{each.port}"
        options = "&".join(f"{key}={value}" for key, value in each.options.items())
        line = f"{strong(f'{each.name}:'.ljust(name))}  {each.title.ljust(title)}  {relay}"
        yield f"{line}  {faint(options)}" if options else line
