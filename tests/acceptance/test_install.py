"""`make install` on a machine that has Python, and neither uv nor pipx nor the net.

pip finds what it would download beside the Python that runs this test; the other two ways are tried
by hand, for they know no such trick.
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a `tools` folder, which has all of the system's programs but uv and pipx."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for folder in ("/bin", "/usr/bin"):
        for program in Path(folder).iterdir():
            if (
                program.name not in ("newsletter", "pipx", "uv")
                and not (tools / program.name).exists()
            ):
                (tools / program.name).symlink_to(program)
    return tmp_path


def make(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "HOME": str(home),
        "PATH": f"{home}/tools:{home}/.local/bin",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which says that there is to be none
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }
    return subprocess.run(
        ["make", f"PYTHON={sys.executable}", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=patience(180),
    )


@pytest.mark.timeout(600)  # it builds the wheel, and an environment to put it into
def test_install_puts_the_command_on_the_path_and_uninstall_takes_it_off(home: Path) -> None:
    command = home / ".local/bin/newsletter"

    done = make(home, "install", "EXTRAS=lsp")
    link = str(command.readlink())
    gone = make(home, "uninstall")

    assert 0 == done.returncode, done.stderr
    assert f"is installed with an environment of its own:\n  {command}\n" in done.stdout
    assert "PATH" not in done.stdout
    assert f"{home}/.local/share/newsletter-as-code/bin/newsletter" == link
    assert "Removed" in gone.stdout
    assert [] == list(home.rglob("*newsletter*"))


def test_install_leaves_another_program_of_that_name_alone(home: Path) -> None:
    other = home / ".local/bin/newsletter"
    other.parent.mkdir(parents=True)
    other.write_text("another")

    done = make(home, "install")

    assert (2, "another") == (done.returncode, other.read_text())
    assert f"{other} is another program; move it away first" in done.stderr


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("EXTRAS=lps", "There is no extra “lps”"),
        ("WITH=pip", "WITH is one of: uv pipx venv"),
        ("WITH=uv", "uv is not here"),
        ("PYTHON=/nowhere/python3.9", "Python 3.11 or newer is needed"),
    ],
)
def test_install_says_what_it_cannot_do(asked: str, answer: str, home: Path) -> None:
    done = make(home, "install", asked)

    assert 2 == done.returncode
    assert answer in done.stderr
    assert not (home / ".local").exists()
