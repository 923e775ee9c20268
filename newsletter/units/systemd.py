"""Unit files of systemd: a daemon, or a timer that asks every minute, and the public site, in the
daemon or by itself, and a worker; shut in as far as may be.

Written for systemd 252 (Debian 12) and later; systemd.syntax(7), systemd.service(5) and
systemd.exec(5) say how paths are quoted, which differs from setting to setting. The program reads
its own .env, so no secret stands here. Pure: installing them is left to the command line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from newsletter.errors import OutputError
from newsletter.units.place import Place

_HOST = re.compile(r"[0-9]+(?:\.[0-9]+){3}|[0-9a-f:]*:[0-9a-f:.]*", re.IGNORECASE | re.ASCII)
_FIRST_FREE_PORT = 1024
"""Below it, a process needs a right to listen (ip(7), ip_unprivileged_port_start)."""

_HOMES = ("/home", "/root", "/run/user")
_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - where a unit would not see the publication

_LASTING = """\
[Unit]
Description=Newsletter: {what} ({folder})
Wants=network-online.target
After=network-online.target time-sync.target
# Never give up, however often it has to be started again.
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={start}
# Whoever sends it a SIGTERM past systemd, as some do where memory is short, ends it with status 0.
Restart=always
{spans}
{shared}
[Install]
WantedBy=multi-user.target
"""

_DAEMON_SPANS = """\
RestartSec=30s
# It says that it is alive every few seconds, even in the middle of a send.
WatchdogSec=2min
# Messages under way get this long to finish; even after a hard stop nobody is mailed twice.
TimeoutStopSec=2min"""

_SITE_SPANS = """\
# Readers are waiting.
RestartSec=2s
WatchdogSec=1min
# What is under way is finished: a press of a button, a letter.
TimeoutStopSec=1min"""

_WORKER_SPANS = """\
# Others send meanwhile.
RestartSec=10s
WatchdogSec=2min
# Messages under way get this long to finish; the rest is another worker's.
TimeoutStopSec=2min"""

_DUE = """\
[Unit]
Description=Newsletter: one look at what is due ({folder})
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=oneshot
ExecStart={due}
# Some are deferred: the next minute's look tries them again.
SuccessExitStatus=75
# A send may take hours.
TimeoutStartSec=infinity
TimeoutStopSec=2min
{shared}"""

_TIMER = """\
[Unit]
Description=Newsletter: asks every minute what is due ({folder})

[Timer]
OnCalendar=minutely
AccuracySec=1s
Persistent=true
Unit={name}-due.service

[Install]
WantedBy=timers.target
"""

_SHARED = """\
User={user}
WorkingDirectory={folder}

# The system is read-only, except for the publication's own folder.
ProtectSystem=strict
{writable}
ProtectHome={homes}
PrivateTmp={private}
UMask=0077

# No privileges, now or later; no devices, kernel, clock or other users' business.
NoNewPrivileges=yes
{rights}
PrivateDevices=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# Not ProcSubset=pid: by /proc/sys a process knows after a crash whose lease has ended.
# The relay, name servers, and a database or log on this machine.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
"""


_NO_RIGHTS = """\
CapabilityBoundingSet=
AmbientCapabilities=
PrivateUsers=yes"""

_LOW_PORT = """\
# Of a port below 1024 the machine itself must be asked, so its users are not hidden.
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
AmbientCapabilities=CAP_NET_BIND_SERVICE
PrivateUsers=no"""

_ONE_PORT = """
# It listens where the site is, and nowhere else.
SocketBindAllow=tcp:{port}
SocketBindDeny=any"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteAddress:
    """Where the site listens: an address of this machine, and a port above 0.

    Raises OutputError for what is no address in figures.
    """

    host: str = "127.0.0.1"
    port: int = 8080

    def __post_init__(self) -> None:
        if not _HOST.fullmatch(self.host):
            raise OutputError(
                f"{self.host!r} is no address in figures", next_step="write it as 127.0.0.1 or ::1"
            )

    @property
    def options(self) -> str:
        return f"--host {self.host} --port {self.port}"

    @property
    def rights(self) -> str:
        """What a service may that listens there, and no more."""
        few = _LOW_PORT if self.port < _FIRST_FREE_PORT else _NO_RIGHTS
        return few + _ONE_PORT.format(port=self.port)


def site_unit(place: Place, at: SiteAddress) -> Mapping[str, str]:
    """File name to text: the site by itself, beside whatever starts slots."""
    text = _lasting(place, "serves the public site", f"serve {at.options}", _SITE_SPANS, at.rights)
    return {f"{place.name}-site.service": text}


def worker_unit(place: Place) -> Mapping[str, str]:
    """File name to text: one of many that send runs together, here or on another machine."""
    text = _lasting(place, "sends together with other machines", "worker", _WORKER_SPANS)
    return {f"{place.name}-worker.service": text}


def systemd_units(
    place: Place, *, by_timer: bool = False, site: SiteAddress | None = None
) -> Mapping[str, str]:
    """File name to text: the daemon's service, or a service and the timer that starts it.

    One of the two is enough; both together do no harm. With `site` the daemon serves it too.
    """
    if by_timer:
        texts = {
            "folder": _literal(place.folder),
            "name": place.name,
            "due": _command(place.command, "due"),
            "shared": _shared(place, _NO_RIGHTS),
        }
        return {
            f"{place.name}-due.service": _DUE.format_map(texts),
            f"{place.name}-due.timer": _TIMER.format_map(texts),
        }
    run, rights = (
        ("run", _NO_RIGHTS) if site is None else (f"run --serve {site.options}", site.rights)
    )
    return {
        f"{place.name}.service": _lasting(place, "sends what is due", run, _DAEMON_SPANS, rights)
    }


def _lasting(place: Place, what: str, argument: str, spans: str, rights: str = _NO_RIGHTS) -> str:
    """A service that is to run for ever."""
    return _LASTING.format_map(
        {
            "what": what,
            "folder": _literal(place.folder),
            "start": _command(place.command, argument),
            "spans": spans,
            "shared": _shared(place, rights),
        }
    )


def _shared(place: Place, rights: str) -> str:
    written = (place.folder, *place.writable)
    return _SHARED.format_map(
        {
            "user": place.user,
            "folder": _literal(place.folder),
            "writable": "\n".join(f"ReadWritePaths={_quoted(path)}" for path in written),
            "homes": "read-only" if place.lies_in(*_HOMES) else "yes",
            "rights": rights,
            "private": "no" if place.lies_in(*_TEMPORARY) else "yes",
        }
    )


def _literal(path: PurePosixPath) -> str:
    """Where a setting takes the rest of its line as it is, specifiers aside."""
    return str(path).replace("%", "%%")


def _quoted(path: PurePosixPath) -> str:
    """Where a setting takes words."""
    return f'"{_literal(path)}"' if " " in str(path) else _literal(path)


def _command(command: PurePosixPath, argument: str) -> str:
    """A colon keeps systemd from looking for variables, in a path with a dollar sign."""
    colon = ":" if "$" in str(command) else ""
    return f"{colon}{_quoted(command)} {argument}"
