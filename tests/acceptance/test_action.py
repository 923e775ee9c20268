"""The GitHub Action: its own steps, in the shell that GitHub gives them, on a real pull request."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "issues/2021-11-26.md"
ISSUE = "issues/2021-12-03.md"
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""What GitHub runs a step with whose shell is `bash`."""

DEFAULTS = {"github.token": "token-of-the-job", "github.event_name": "pull_request"}


class Comments(BaseHTTPRequestHandler):
    """GitHub's comments of one pull request."""

    kept: list[dict[str, Any]]
    status = 200

    def do_GET(self) -> None:
        self._answer(self.kept)

    def do_POST(self) -> None:
        if self.status == 200:
            self.kept.append({"id": len(self.kept) + 1, **self._read()})
        self._answer({})

    def do_PATCH(self) -> None:
        number = int(self.path.rpartition("/")[2])
        self.kept[number - 1].update(self._read())
        self._answer({})

    def log_message(self, *_: Any) -> None:
        """Nothing: the tests read the answers."""

    def _read(self) -> dict[str, Any]:
        assert "Bearer token-of-the-job" == self.headers["Authorization"]
        read: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return read

    def _answer(self, value: Any) -> None:
        octets = json.dumps(value).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)


@contextmanager
def github(kept: list[dict[str, Any]], status: int = 200) -> Iterator[str]:
    kind = type("Here", (Comments,), {"kept": kept, "status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def pull_request(tmp_path: Path) -> Path:
    """A checkout of a pull request that adds one issue with a fault, and its `origin`."""
    origin, work = tmp_path / "origin.git", tmp_path / "work"
    git(tmp_path, "init", "--quiet", "--bare", str(origin))
    (work / "issues").mkdir(parents=True)
    shutil.copy(ROOT / "newsletter.toml", work)
    shutil.copy(SAMPLE, work / "issues")
    git(work, "init", "--quiet", "--initial-branch", "main")
    git(work, "remote", "add", "origin", str(origin))
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "Before")
    git(work, "push", "--quiet", "origin", "main")
    text = SAMPLE.read_text().replace("date: 2021-11-26", "date: 2021-12-03")
    (work / ISSUE).write_text(text.replace("\n## 2. ", "\n## 2) "))
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "An issue")
    return work


class Job:
    """One run of the Action: its steps in order, with what each one leaves to the next."""

    def __init__(self, work: Path, api: str, **inputs: str) -> None:
        self.action = yaml.safe_load((ROOT / "action.yml").read_text())
        self.temp = work.parent / "runner"
        self.temp.mkdir(exist_ok=True)
        event = self.temp / "event.json"
        event.write_text(json.dumps({"number": 7}))
        installed = self.temp / "newsletter"
        if not installed.exists():  # in place of the step that installs it, from the network
            installed.symlink_to(Path(sys.executable).parents[1])
        self.work = work
        self.known = {
            **{f"inputs.{name}": one["default"] for name, one in self.action["inputs"].items()},
            **{f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()},
            **DEFAULTS,
        }
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.temp),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": api,
            "GITHUB_BASE_REF": "main",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "ada/weekly",
            "GITHUB_RUN_ID": "42",
            "GITHUB_SERVER_URL": "https://git.example.com",
            "GITHUB_WORKSPACE": str(work),
        }

    def run(self) -> dict[str, int]:
        """The exit status of each step that ran, by its name."""
        ended: dict[str, int] = {}
        for step in self.action["runs"]["steps"]:
            if "run" in step and step["name"] != "Install" and self._holds(step.get("if", "")):
                ended[step["name"]] = self._step(step)
        return ended

    def _step(self, step: dict[str, Any]) -> int:
        output, script = self.temp / "output", self.temp / "script.sh"
        output.write_text("")
        assert "${{" not in step["run"], "a script holds no expression: anybody may name a branch"
        script.write_text(step["run"])
        done = subprocess.run(
            [*SHELL, script],
            cwd=self.work / self._filled(step.get("working-directory", ".")),
            env={
                **self.environment,
                **{name: self._filled(value) for name, value in step.get("env", {}).items()},
                "GITHUB_OUTPUT": str(output),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience(90),
        )
        assert "Traceback" not in done.stderr, done.stderr
        self.said = done.stdout
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode

    def _filled(self, text: str) -> str:
        """An input's own default may be an expression as well."""
        for _ in range(2):
            text = re.sub(r"\$\{\{ *(.*?) *\}\}", lambda one: self.known.get(one[1], ""), text)
        return text

    def _holds(self, condition: str) -> bool:
        """A condition of comparisons joined by `&&`, which is all that the Action has."""
        for part in filter(None, condition.split(" && ")):
            name, sign, value = re.fullmatch(r"(\S+) (==|!=) '(.*)'", part).groups()  # type: ignore[union-attr]
            if (self.known[name] == value) != (sign == "=="):
                return False
        return True


def test_pull_request_is_checked_rendered_and_said(pull_request: Path) -> None:
    kept: list[dict[str, Any]] = [{"id": 1, "body": "Looks good to me"}]
    with github(kept) as api:
        job = Job(pull_request, api, pictures="false")
        ended = job.run()
        again = Job(pull_request, api, pictures="false").run()

    folder = job.temp / "newsletter-preview"
    assert 1 == ended.pop("Errors fail it")
    assert {0} == set(ended.values())
    assert {"Which issues", "Check", "Render", "Say so in the pull request"} == set(ended)
    assert f"{ISSUE}\n" == (folder / "issues.list").read_text()
    assert (folder / "2021-12-03.html").exists()
    assert ["Looks good to me"] == [one["body"] for one in kept[:1]]
    assert 2 == len(kept)
    assert "**Something was found.**" in kept[1]["body"]
    assert "issues/2021-12-03.md:19:1: " in kept[1]["body"]
    assert 1 == again["Errors fail it"]


def test_pictures_stand_in_the_comment_where_they_have_a_branch(pull_request: Path) -> None:
    if not shutil.which("chromium"):
        pytest.skip("no Chromium on this machine")
    kept: list[dict[str, Any]] = []
    with github(kept) as api:
        for _ in range(2):
            ended = Job(pull_request, api, pictures_branch="pictures").run()

    listed = subprocess.run(
        [
            "git",
            "-C",
            pull_request.parent / "origin.git",
            "ls-tree",
            "-r",
            "--name-only",
            "pictures",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    address = "https://git.example.com/ada/weekly/raw/pictures/7/2021-12-03-680-dark.png?run=42"
    assert 1 == ended.pop("Errors fail it")
    assert {0} == set(ended.values())
    assert "7/2021-12-03-680-light.png" in listed
    assert address in kept[0]["body"]
    assert 1 == len(kept)


def test_token_that_may_not_comment_fails_nobody(pull_request: Path) -> None:
    with github([], status=403) as api:
        job = Job(pull_request, api, pictures="false")
        ended = job.run()

    assert 0 == ended["Say so in the pull request"]
    assert 1 == ended["Errors fail it"]
