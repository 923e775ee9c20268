"""The server of `newsletter.web.studio`: one for a publication, what outlives it, how it ends."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from newsletter.errors import NewsletterError, OutputError, SettingsError
from newsletter.web.studio import preview, server
from newsletter.web.studio.session import Session
from newsletter.web.studio.studio import Studio
from tests.integration.web.studio.door_world import NAME, door, lay_out, opened

OPEN = f"/api/issues/{NAME}/open"
SEEN = f"/api/issues/{NAME}/seen"


def test_tab_goes_on_when_the_studio_is_started_again(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "friday")
    with door(folder, tmp_path / "state") as first:
        tab = first.inside()
    with door(folder, tmp_path / "state") as second:
        asked = tab.get(OPEN).status_code
        looked = tab.post(f"/api/issues/{NAME}/look", {"text": ""}).status_code
        old_link = tab.client.post(first.started.link, headers=tab.headers).status_code
        tab.client.close()

    assert first.url == second.url
    assert (200, 200, 403) == (asked, looked, old_link)


def test_port_of_last_time_that_is_taken_is_not_waited_for(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "friday")
    with door(folder, tmp_path / "state") as first:
        tab = first.inside()
    cookie = tab.cookie
    tab.client.close()
    with socket.create_server(("127.0.0.1", first.port)):
        with (
            door(folder, tmp_path / "state") as second,
            httpx.Client(base_url=second.url, headers={"Cookie": cookie}) as client,
        ):
            asked = client.get("/").status_code
        with (
            pytest.raises(OutputError, match="Address already in use"),
            door(folder, tmp_path / "state", port=first.port),
        ):
            pass

    assert first.port != second.port
    assert 200 == asked


def test_second_studio_is_a_link_into_the_first(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "friday")
    with door(folder, tmp_path / "state") as first:
        with door(folder, tmp_path / "state", path=f"/issues/{NAME}") as second:
            pass
        with first.stranger() as browser:
            entered = browser.post(second.started.link, headers={"Origin": first.url})
            again = browser.post(second.started.link, headers={"Origin": first.url})
    with door(folder, tmp_path / "state") as third:
        pass

    assert (first.url, 0) == (second.url, first.started.process)
    assert second.started.process
    assert (200, {"to": f"/issues/{NAME}"}, 403) == (
        entered.status_code,
        entered.json(),
        again.status_code,
    )
    assert 0 == third.started.process


def test_another_publication_has_its_own_studio_and_its_own_cookie(tmp_path: Path) -> None:
    one, two = lay_out(tmp_path / "one"), lay_out(tmp_path / "two")
    with door(one, tmp_path / "state") as first, door(two, tmp_path / "state") as second:
        tab = first.inside()
        with httpx.Client(base_url=second.url, headers={"Cookie": tab.cookie}) as client:
            asked = client.get("/").status_code
        other = second.inside()
        names = {*tab.client.cookies, *other.client.cookies}
        tab.client.close()
        other.client.close()

    assert 403 == asked
    assert 2 == len(names)


def test_studio_that_hangs_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay_out(tmp_path / "friday")
    with door(folder, tmp_path / "state"):
        monkeypatch.setattr(server, "_answers", lambda _: False)
        with (
            pytest.raises(NewsletterError, match="runs already, and does not answer"),
            door(folder, tmp_path / "state"),
        ):
            pass


def test_studio_ends_though_a_browser_keeps_its_connection(tmp_path: Path) -> None:
    with door(lay_out(tmp_path / "friday"), tmp_path / "state") as studio:
        tab = studio.inside()
        idle = socket.create_connection(("127.0.0.1", studio.port))
        half = socket.create_connection(("127.0.0.1", studio.port))
        half.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n1")
        began = time.monotonic()
    took = time.monotonic() - began
    for each in (idle, half):
        each.close()
    tab.client.close()

    assert 15 > took


@contextmanager
def _broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("secret words")

    with monkeypatch.context() as patch:
        patch.setattr(preview, "mark_of", breaks)
        yield


def test_fault_of_ours_is_in_the_log_with_its_traceback_and_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with door(lay_out(tmp_path / "friday"), tmp_path / "state") as studio:
        tab = studio.inside()
        with _broken(monkeypatch):
            answer = tab.get(SEEN)
        studio.talk(b"\x16\x03\x01 no HTTP\r\n\r\n")
        well = tab.get(SEEN).status_code
        tab.client.close()
    [log] = (tmp_path / "state").glob("*.log")

    assert (500, 200) == (answer.status_code, well)
    assert str(log) in answer.json()["said"]
    assert "secret words" not in answer.text
    assert 1 == log.read_text().count("Traceback (most recent call last)")
    assert 0o600 == log.stat().st_mode & 0o777
    [line] = studio.heard
    assert line.endswith(f"(ZeroDivisionError); the traceback is in {log}")
    assert ("", "") == capfd.readouterr()


def test_writing_goes_on_while_settings_are_broken_and_acts_are_refused(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "friday")
    studio = Studio(
        open_publication=lambda: opened(folder), session=Session(key=b"", name="studio")
    )
    toml = folder / "newsletter.toml"
    well, first = toml.read_text(), studio.publication
    toml.write_text(f"{well}\n[nonsense]\n")
    with pytest.raises(SettingsError) as told:
        _ = studio.publication
    known = studio.known
    toml.write_text(well)

    assert "nonsense" in told.value.faults[0]
    assert first is known
    assert folder == studio.folder
    assert studio.publication is studio.known
    assert first is not studio.publication


def test_slow_client_is_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server._Neighbourly, "header_time", 0.3)
    with door(lay_out(tmp_path / "friday"), tmp_path / "state") as studio:
        answered = studio.talk(b"GET / HTTP/1.1\r\nHost:")

    assert b"" == answered


def test_state_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OutputError, match="Not a directory"),
        door(lay_out(tmp_path / "friday"), tmp_path / "file" / "state"),
    ):
        pass
