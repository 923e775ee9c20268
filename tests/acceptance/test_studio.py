"""`newsletter studio` and `newsletter preview` as commands: begun, found again, ended, refused."""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.acceptance.publication import Publication, clean_environment
from tests.acceptance.site_world import Process, going
from tests.pace import patience

pytestmark = pytest.mark.slow

NAME = "2021-11-26"


@pytest.fixture
def editor(tmp_path: Path) -> Publication:
    """The example publication, of somebody who has never opened the studio."""
    folder = tmp_path / "friday"
    folder.mkdir()
    made = Publication(folder, {**clean_environment(), "XDG_STATE_HOME": str(tmp_path / "state")})
    made.lay_out()
    return made


@dataclass
class Begun:
    process: Process
    line: str

    @property
    def link(self) -> str:
        found = re.search(r"http://\S+/enter/\S+", self.line)
        assert found, self.line
        return found[0]

    @property
    def url(self) -> str:
        return self.link.partition("/enter/")[0]

    @contextmanager
    def tab(self) -> Iterator[httpx.Client]:
        """A browser that opens the link."""
        with httpx.Client(base_url=self.url, timeout=patience(30)) as client:
            entered = client.post(self.link, headers={"Origin": self.url})
            assert 200 == entered.status_code, entered.text
            yield client

    def interrupt(self) -> int:
        """Ctrl-C."""
        self.process.process.send_signal(signal.SIGINT)
        return self.process.process.wait(timeout=patience(30))


@contextmanager
def begun(editor: Publication, *arguments: str, command: str = "studio") -> Iterator[Begun]:
    with going(editor, command, *arguments) as process:
        yield Begun(process, process.wait_for("/enter/"))


def test_studio_prints_its_link_and_ctrl_c_ends_it_with_a_tab_open(editor: Publication) -> None:
    with begun(editor, NAME) as studio, studio.tab() as tab:
        page = tab.get(f"/issues/{NAME}")
        idle = socket.create_connection(("127.0.0.1", int(studio.url.rpartition(":")[2])))
        ended = studio.interrupt()
        idle.close()

    assert (200, 0) == (page.status_code, ended)
    assert studio.link.endswith(f"?to=/issues/{NAME}")
    assert [studio.line] == studio.process.said
    assert "opens once, within 15 minutes. Ctrl-C ends the studio." in studio.line


def test_tab_goes_on_when_the_studio_is_started_again(editor: Publication) -> None:
    with begun(editor) as first, first.tab() as tab:
        first.process.kill()
        with begun(editor) as second:
            answer = tab.get("/")
            ended = second.interrupt()

    assert first.url == second.url
    assert (200, 0) == (answer.status_code, ended)


def test_second_command_opens_the_studio_that_runs(editor: Publication) -> None:
    with begun(editor) as studio:
        again = editor.run("studio", NAME)
        preview = editor.run("preview", NAME)
        with Begun(studio.process, again.out).tab() as tab:
            page = tab.get(f"/issues/{NAME}")
        ended = studio.interrupt()
    number = studio.process.process.pid

    assert (0, 0, 200, 0) == (again.status, preview.status, page.status_code, ended)
    said = f"The studio of this publication runs already, as process {number}.\n"
    assert again.out.startswith(said)
    assert preview.out.startswith(said)
    assert f"{studio.url}/enter/" in again.out
    assert "Ctrl-C" not in again.out
    assert f"?to=/preview/{NAME}" in preview.out


def test_browser_is_given_a_link_of_its_own_that_only_its_account_can_open(
    editor: Publication, tmp_path: Path
) -> None:
    """Other accounts see what programs are started with, and nothing of the terminal."""
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {seen}.part\nmv {seen}.part {seen}\n')
    browser.chmod(0o755)
    with going(editor, "studio", "--browser", env={"BROWSER": f"{browser} %s"}) as process:
        studio = Begun(process, process.wait_for("/enter/"))
        for _ in range(int(patience(100))):
            if seen.exists():
                break
            signal.sigtimedwait([], 0.1)
        opened = seen.read_text()
        with Begun(process, opened).tab() as tab:
            page = tab.get("/")

    assert opened != studio.link
    assert ".any." in studio.link
    assert ".any." not in opened
    assert 200 == page.status_code


def test_port_is_the_one_asked_for_or_a_refusal(editor: Publication) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = editor.run("studio", "--port", str(port))
    with begun(editor, "--port", str(port)) as studio:
        studio.interrupt()

    assert 2 == refused.status
    assert "the studio cannot listen there: Address already in use" in refused.err
    assert f"http://127.0.0.1:{port}" == studio.url


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.nip.io"])
def test_address_that_others_reach_is_refused(editor: Publication, host: str) -> None:
    refused = editor.run("studio", "--host", host)

    assert 2 == refused.status
    assert "" == refused.out
    assert f"--host {host}: the studio would answer the whole network, unencrypted" in refused.err
    assert "--i-know" in refused.err


def test_address_that_others_reach_is_listened_on_by_who_knows(editor: Publication) -> None:
    with begun(editor, "--host", "0.0.0.0", "--i-know") as studio:
        port = studio.url.rpartition(":")[2]
        with httpx.Client() as client:
            named = client.get(f"http://127.0.0.1:{port}/", headers={"Host": f"192.0.2.1:{port}"})
            bound = client.get(
                f"http://127.0.0.1:{port}/", headers={"Host": f"evil.example:{port}"}
            )
        studio.interrupt()

    assert (403, 421) == (named.status_code, bound.status_code)


def test_localhost_and_ipv6_are_this_machine(editor: Publication) -> None:
    with begun(editor, "--host", "localhost") as studio:
        studio.interrupt()
    assert studio.url.startswith("http://127.0.0.1:")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with begun(editor, "--host", "::1") as studio, studio.tab() as tab:
        assert 200 == tab.get("/").status_code
        assert studio.url.startswith("http://[::1]:")


@pytest.mark.parametrize("command", ["studio", "preview"])
def test_issue_that_is_not_there_is_refused_in_words(editor: Publication, command: str) -> None:
    refused = editor.run(command, "2031-01-03")

    assert (2, "") == (refused.status, refused.out)
    assert "2031-01-03: there is no such issue; begin one: `newsletter new`" in refused.err


def test_issue_elsewhere_and_a_link_are_refused(editor: Publication, tmp_path: Path) -> None:
    own = editor.folder / "issues" / f"{NAME}.md"
    away = tmp_path / "away.md"
    away.write_text(own.read_text())
    (editor.folder / "issues" / "link.md").symlink_to(away)
    for asked in (str(away), "link", "../away.md"):
        refused = editor.run("studio", asked)
        assert 2 == refused.status, asked
        assert "the studio opens files in issues/ alone, and no links" in refused.err, asked

    with begun(Publication(editor.folder / "issues", editor.environment), own.name) as studio:
        assert studio.link.endswith(f"?to=/issues/{NAME}")


def test_no_publication_and_faults_in_settings_are_told_as_by_every_command(
    editor: Publication, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    nowhere = Publication(empty, editor.environment)
    settings = editor.folder / "newsletter.toml"
    settings.write_text(settings.read_text() + "\n[nonsense]\n")

    for publication, arguments in ((nowhere, ["studio"]), (editor, ["studio", NAME])):
        by_studio, by_status = publication.run(*arguments), publication.run("status")
        assert (2, "") == (by_studio.status, by_studio.out)
        assert by_status.err == by_studio.err


def test_missing_extra_is_told_with_the_command_that_adds_it(
    editor: Publication, tmp_path: Path
) -> None:
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text("import sys\nsys.modules['uvicorn'] = None\n")
    for command in ("studio", "preview"):
        refused = editor.run(command, NAME, env={"PYTHONPATH": str(guard)})

        assert (2, "") == (refused.status, refused.out)
        assert "The studio needs the extra “studio”; add it: `" in refused.err


def test_state_that_cannot_be_kept_is_told(editor: Publication, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = editor.run("studio", env={"XDG_STATE_HOME": str(tmp_path / "file")})

    assert (2, "") == (refused.status, refused.out)
    assert "cannot be written: Not a directory" in refused.err
