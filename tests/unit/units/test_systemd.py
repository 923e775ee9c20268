"""Unit files, read by systemd's own programs where they are installed."""

import configparser
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from newsletter.errors import OutputError
from newsletter.units import Place, SiteAddress, site_unit, systemd_units, worker_unit

NEWS = Place(command=PurePosixPath("/opt/news/bin/newsletter"), folder=PurePosixPath("/srv/friday"))
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSED = 3.0
"""Of 10, by systemd's own measure; below 2 of them comes from being on the network at all."""

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def settings(text: str) -> dict[str, str]:
    """Those of the service, the last one of each name."""
    reader = configparser.RawConfigParser(strict=False, delimiters="=", comment_prefixes="#")
    reader.optionxform = str  # type: ignore[assignment,method-assign]  # its documented use
    reader.read_string(text)
    return dict(reader["Service"])


def analyzed(*arguments: str, folder: Path) -> str:
    """All that systemd-analyze says; fails where it is not content."""
    done = subprocess.run(
        [str(ANALYZE), *arguments], capture_output=True, cwd=folder, encoding="utf-8", check=False
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout + done.stderr


def written(folder: Path, place: Place) -> list[str]:
    """All units of a place, in a folder; what they are called."""
    folder.mkdir(exist_ok=True)
    alone = replace(place, name=f"{place.name}-both")
    units = {
        **systemd_units(place),
        **systemd_units(place, by_timer=True),
        **systemd_units(alone, site=SiteAddress(host="::1", port=8081)),
        **site_unit(place, SiteAddress()),
        **worker_unit(place),
        **site_unit(alone, SiteAddress(port=443)),
    }
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    return list(units)


def test_units_are_a_daemon_or_a_timer_with_its_service() -> None:
    assert ["newsletter.service"] == list(systemd_units(NEWS))
    assert ["newsletter-due.service", "newsletter-due.timer"] == list(
        systemd_units(NEWS, by_timer=True)
    )


def test_daemon_is_watched_and_started_anew() -> None:
    service = settings(systemd_units(NEWS)["newsletter.service"])

    assert "/opt/news/bin/newsletter run" == service["ExecStart"]
    assert "notify" == service["Type"]
    assert "always" == service["Restart"]
    assert "WatchdogSec" in service


def test_worker_has_a_service_that_is_watched_and_started_anew() -> None:
    service = settings(worker_unit(NEWS)["newsletter-worker.service"])

    assert "/opt/news/bin/newsletter worker" == service["ExecStart"]
    assert ("notify", "always", "2min") == (
        service["Type"],
        service["Restart"],
        service["WatchdogSec"],
    )


def test_site_has_a_service_of_its_own_that_is_watched_and_soon_started_anew() -> None:
    units = site_unit(NEWS, SiteAddress(port=8081))
    service = settings(units["newsletter-site.service"])

    assert "/opt/news/bin/newsletter serve --host 127.0.0.1 --port 8081" == service["ExecStart"]
    assert ("notify", "always", "2s", "1min") == (
        service["Type"],
        service["Restart"],
        service["RestartSec"],
        service["WatchdogSec"],
    )


def test_daemon_may_serve_the_site() -> None:
    units = systemd_units(NEWS, site=SiteAddress(host="::1"))
    service = settings(units["newsletter.service"])

    assert ["newsletter.service"] == list(units)
    assert "/opt/news/bin/newsletter run --serve --host ::1 --port 8080" == service["ExecStart"]


@pytest.mark.parametrize(
    ("right", "users", "port"), [("", "yes", 8080), ("CAP_NET_BIND_SERVICE", "no", 443)]
)
def test_site_may_listen_at_its_port_and_nowhere_else(right: str, users: str, port: int) -> None:
    at = SiteAddress(port=port)
    for units in (site_unit(NEWS, at), systemd_units(NEWS, site=at)):
        service = settings(next(iter(units.values())))

        assert (right, right, users) == (
            service["CapabilityBoundingSet"],
            service["AmbientCapabilities"],
            service["PrivateUsers"],
        )
        assert (f"tcp:{port}", "any") == (service["SocketBindAllow"], service["SocketBindDeny"])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1 --x", "%h", "::1%eth0", "", "1.2\n"])
def test_site_address_is_in_figures(host: str) -> None:
    with pytest.raises(OutputError, match="is no address in figures"):
        SiteAddress(host=host)


def test_due_is_asked_once_a_minute_and_may_take_hours() -> None:
    units = systemd_units(NEWS, by_timer=True)
    service = settings(units["newsletter-due.service"])

    assert "/opt/news/bin/newsletter due" == service["ExecStart"]
    assert "oneshot" == service["Type"]
    assert "infinity" == service["TimeoutStartSec"]
    assert "75" == service["SuccessExitStatus"]
    assert "OnCalendar=minutely\nAccuracySec=1s\nPersistent=true\n" in units["newsletter-due.timer"]


@pytest.mark.parametrize("by_timer", [False, True])
def test_service_is_shut_in(by_timer: bool) -> None:
    units = systemd_units(NEWS, by_timer=by_timer)
    service = settings(next(text for name, text in units.items() if name.endswith(".service")))

    assert "newsletter" == service["User"]
    assert "/srv/friday" == service["WorkingDirectory"] == service["ReadWritePaths"]
    assert ("strict", "yes", "0077") == (
        service["ProtectSystem"],
        service["NoNewPrivileges"],
        service["UMask"],
    )
    assert ("", "AF_UNIX AF_INET AF_INET6") == (
        service["CapabilityBoundingSet"],
        service["RestrictAddressFamilies"],
    )
    assert "ProcSubset" not in service


@pytest.mark.parametrize(
    ("homes", "private", "folder"),
    [
        ("yes", "yes", "/srv/news"),
        ("read-only", "yes", "/home/ada/news"),
        ("yes", "no", "/tmp/news"),
        ("yes", "yes", "/homely/tmp/news"),
    ],
)
def test_service_sees_its_own_publication_wherever_it_lies(
    homes: str, private: str, folder: str
) -> None:
    place = Place(command=NEWS.command, folder=PurePosixPath(folder))
    service = settings(systemd_units(place)["newsletter.service"])

    assert (homes, private) == (service["ProtectHome"], service["PrivateTmp"])


def test_service_may_write_to_further_folders() -> None:
    place = Place(
        command=NEWS.command, folder=NEWS.folder, writable=(PurePosixPath("/var/lib/news letter"),)
    )
    text = systemd_units(place)["newsletter.service"]

    assert 'ReadWritePaths=/srv/friday\nReadWritePaths="/var/lib/news letter"\n' in text


def test_two_publications_of_a_machine_have_units_of_their_own() -> None:
    place = Place(command=NEWS.command, folder=NEWS.folder, name="werft")
    units = systemd_units(place, by_timer=True)

    assert ["werft-due.service", "werft-due.timer"] == list(units)
    assert "Unit=werft-due.service" in units["werft-due.timer"]


def test_units_hold_no_secret_and_no_line_that_a_path_wrote() -> None:
    units = {**systemd_units(NEWS), **systemd_units(NEWS, by_timer=True)}
    for text in (*units.values(), *site_unit(NEWS, SiteAddress()).values()):
        assert "Environment" not in text
        assert all(re.fullmatch(r"#.*|\[\w+\]|\w+=.*|", line) for line in text.splitlines())


@needs_systemd
@pytest.mark.parametrize("name", ["news", "friday five", "its 100%h", "$HOME five", "ümlaut;#"])
def test_systemd_understands_the_units(tmp_path: Path, name: str) -> None:
    """It looks for the command too, so a path that it read otherwise is not there."""
    folder = tmp_path / name
    folder.mkdir()
    command = folder / "newsletter"
    command.write_text("#!/bin/sh\n", encoding="utf-8")
    command.chmod(0o755)
    units = tmp_path / "units"
    names = written(units, Place(command=PurePosixPath(command), folder=PurePosixPath(folder)))
    said = analyzed("verify", "--man=no", *names, folder=units)

    assert "newsletter" not in said


@needs_systemd
def test_systemd_misses_a_command_that_is_not_there(tmp_path: Path) -> None:
    """So that the test above shows something."""
    written(tmp_path, NEWS)
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", "newsletter.service"],
        capture_output=True,
        cwd=tmp_path,
        encoding="utf-8",
        check=False,
    )

    assert 0 != done.returncode
    assert "/opt/news/bin/newsletter is not executable" in done.stderr


@needs_systemd
@pytest.mark.parametrize("folder", ["/srv/friday", "/home/ada/news"])
def test_systemd_finds_the_services_little_exposed(tmp_path: Path, folder: str) -> None:
    place = Place(command=NEWS.command, folder=PurePosixPath(folder))
    services = [name for name in written(tmp_path, place) if name.endswith(".service")]

    assert 6 == len(services)
    for service in services:
        said = analyzed("security", "--offline=true", service, folder=tmp_path)
        level = re.search(r"exposure level for \S+: ([\d.]+)", said)

        assert level
        assert float(level[1]) < MOST_EXPOSED
