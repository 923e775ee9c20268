"""The file of `newsletter.web.studio.state`: kept, private, held by one, and no link."""

import json
import stat
from pathlib import Path

import pytest

from newsletter.errors import OutputError
from newsletter.web.studio.state import State, StateFile, mark_of


def test_key_and_port_are_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "studio.json"
    with StateFile(path) as file:
        key = file.begin().key
        file.write(State(key=key, port=8_123, url="http://127.0.0.1:8123", run="a", process=1))
    with StateFile(path) as file:
        again = file.begin()

    assert (key, 8_123, "") == (again.key, again.port, again.url)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert 0o700 == stat.S_IMODE(path.parent.stat().st_mode)


def test_file_is_held_by_one_who_says_where_it_answers_and_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    with StateFile(path) as first:
        key = first.begin().key
        with StateFile(path) as second:
            assert (True, False) == (first.is_held, second.is_held)
            begun = second.read()
            first.write(State(key=key, port=1, url="http://127.0.0.1:1", run="a", process=7))
            running = second.read()

    assert begun
    assert "" == begun.url
    assert running
    assert (key, "http://127.0.0.1:1", 7) == (running.key, running.url, running.process)
    with StateFile(path) as third:
        assert third.is_held


def test_link_is_not_followed(tmp_path: Path) -> None:
    target, path = tmp_path / "target", tmp_path / "studio.json"
    target.write_text("theirs")
    path.symlink_to(target)
    with pytest.raises(OutputError, match="cannot be written"):
        StateFile(path)

    assert "theirs" == target.read_text()


def test_folder_or_pipe_in_its_place_is_told(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(OutputError):
            StateFile(tmp_path / name)


def test_key_that_others_could_read_is_no_key_any_more(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    with StateFile(path) as file:
        key = file.begin().key
    path.chmod(0o644)
    with StateFile(path) as file:
        assert file.read() is None
        assert key != file.begin().key

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"key": 1}',
        '{"key": "zz"}',
        '{"key": "00"}',
        '{"port": 1}',
        '{"key": "%s", "port": 70000}',
        '{"key": "%s", "port": "x"}',
        '{"key": "%s", "more": 1}',
    ],
)
def test_what_we_did_not_write_is_written_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "studio.json"
    path.write_text(text.replace("%s", "ab" * 32))
    path.chmod(0o600)
    with StateFile(path) as file:
        assert file.read() is None
        state = file.begin()

    assert 0 == state.port
    assert state.key.hex() == json.loads(path.read_text())["key"]


def test_longer_state_leaves_nothing_behind_when_a_shorter_one_follows(tmp_path: Path) -> None:
    path = tmp_path / "studio.json"
    with StateFile(path) as file:
        key = file.begin().key
        file.write(State(key=key, url="http://127.0.0.1:65535", run="a" * 32, process=4_000_000))
        file.begin()

    assert {"key", "port", "url", "run", "process"} == set(json.loads(path.read_text()))


def test_mark_is_the_same_by_whichever_link_one_comes(tmp_path: Path) -> None:
    folder, link = tmp_path / "friday", tmp_path / "link"
    folder.mkdir()
    link.symlink_to(folder)

    assert mark_of(folder) == mark_of(link)
    assert mark_of(folder) != mark_of(tmp_path)
    assert "abc" not in repr(State(key=b"abc"))
