"""Completion as people have it: installed by the command, asked for by the shells themselves."""

import os
import pty
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.publication import COMMAND, Publication
from tests.pace import patience

pytestmark = pytest.mark.slow

LINES = {
    "newsletter unsch": ["unschedule"],
    "newsletter check --severity ": ["error", "info", "warning"],
    "newsletter dkim n": ["new"],
    "newsletter status 2026-": ["2026-11-27", "2026-12-04"],
    "newsletter resolve --ya": [],
    "newsletter status gr": ["grüße"],
}
"""What is typed, and what may come next. Issues whose names a shell would obey are left out."""


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(shell), reason=f"{shell} is not installed")


@pytest.fixture
def at_home(publication: Publication, tmp_path: Path) -> Publication:
    """A publication of two issues and some that are a trap, and somebody at home."""
    home = tmp_path / "home"
    home.mkdir()
    traps = ("2026-$(touch caught).md", "2026-;x y`z`.md", "KW 'touch caught'.md", "-KW 4.md")
    for name in ("2026-11-27.md", "2026-12-04.md", "grüße.md", "KW 48.md", "KW 49 Köln.md", *traps):
        (publication.folder / "issues" / name).write_text("An issue.\n")
    path = f"{COMMAND.parent}:{publication.environment['PATH']}"
    publication.environment.update(HOME=str(home), PATH=path, TERM="xterm")
    return publication


def install(shell: str, at_home: Publication) -> None:
    done = at_home.run("completion", "install", "--shell", shell)

    assert 0 == done.status, done.err
    assert f"{shell} completes `newsletter` from now on" in done.out


def asked(at_home: Publication, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=at_home.folder,
        env=at_home.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience(60),
    )
    assert "" == done.stderr
    return done.stdout


BASH = r"""
source ~/.bashrc
function=$(complete -p newsletter | sed 's/.*-F \([^ ]*\).*/\1/')
for line in "$@"; do
  read -ra COMP_WORDS <<<"$line"
  [[ $line == *" " ]] && COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  $function newsletter "${COMP_WORDS[COMP_CWORD]}"
  echo "${COMPREPLY[@]}"
done
"""


@needs("bash")
def test_bash_completes(at_home: Publication) -> None:
    install("bash", at_home)

    found = asked(at_home, "bash", "--norc", "-c", BASH, "bash", *LINES)

    assert list(LINES.values()) == [sorted(line.split()) for line in found.splitlines()]
    assert not list(at_home.folder.rglob("caught"))


@needs("fish")
def test_fish_completes(at_home: Publication) -> None:
    install("fish", at_home)

    found = asked(
        at_home, "fish", "-c", "for line in $argv; complete -C $line; echo @; end", *LINES
    )

    blocks = found.removesuffix("@\n").split("@\n")
    names = [[line.split("\t")[0] for line in block.splitlines()] for block in blocks]
    assert list(LINES.values()) == [sorted(block) for block in names]
    assert "unschedule\tTake an issue out of its slot." in found
    assert not list(at_home.folder.rglob("caught"))


@needs("bash")
@pytest.mark.parametrize(
    ("typed", "names"),
    [("KW", [r"KW\ 48", r"KW\ 49\ Köln"]), (r"KW\ 49", [r"KW\ 49\ Köln"]), (r"KW\ 5", [])],
)
def test_bash_masks_the_blanks_of_a_name(
    at_home: Publication, typed: str, names: list[str]
) -> None:
    install("bash", at_home)
    script = (
        "source ~/.bashrc; f=$(complete -p newsletter | sed 's/.*-F \\([^ ]*\\).*/\\1/');"
        'COMP_WORDS=(newsletter status "$1") COMP_CWORD=2; $f newsletter "$1";'
        "printf '%s\\n' \"${COMPREPLY[@]}\""
    )

    found = asked(at_home, "bash", "--norc", "-c", script, "bash", typed)

    assert names == sorted(found.split("\n"))[-len(names) :] if names else not found.strip()


@needs("fish")
def test_fish_masks_the_blanks_of_a_name(at_home: Publication) -> None:
    install("fish", at_home)

    found = asked(at_home, "fish", "-c", "complete -C 'newsletter status KW'")

    assert ["KW 48", "KW 49 Köln"] == sorted(found.splitlines())


ZSH = r"""
keep() { print -r -- "$BUFFER" >> ~/typed; zle kill-buffer }
zle -N keep
bindkey '^Xk' keep
"""


@needs("zsh")
def test_zsh_completes(at_home: Publication) -> None:
    """Typed on a terminal: Tab, and then a key that writes down what stands in the line."""
    install("zsh", at_home)
    home = Path(at_home.environment["HOME"])
    with (home / ".zshrc").open("a") as file:
        file.write(ZSH)
    lines = [
        *("newsletter unsch", "newsletter check --severity e", "newsletter status 2026-12"),
        *("newsletter status gr", r"newsletter status KW\ 49"),
    ]

    typed = "".join(f"{line}\t\x18k" for line in lines)
    written = typed_into_zsh(at_home, typed, home / "typed", len(lines))

    assert [
        "newsletter unschedule",
        "newsletter check --severity error",
        "newsletter status 2026-12-04",
        "newsletter status grüße",
        r"newsletter status KW\ 49\ Köln",
    ] == [line.rstrip() for line in written]
    assert not list(at_home.folder.rglob("caught"))


def typed_into_zsh(at_home: Publication, keys: str, kept: Path, count: int) -> list[str]:
    """What stood in the line at each press of the key that keeps it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["zsh", "-i"],
        cwd=at_home.folder,
        env=at_home.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as shell:
        os.close(theirs)
        os.write(ours, keys.encode())
        os.set_blocking(ours, False)
        ends = time.monotonic() + patience(60)
        while time.monotonic() < ends and shell.poll() is None:
            drain(ours)
            if kept.exists() and len(kept.read_text().splitlines()) >= count:
                break
            time.sleep(0.05)
        shell.kill()
    os.close(ours)
    return kept.read_text().splitlines()


def drain(terminal: int) -> None:
    """Whoever reads nothing stops who writes."""
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        return


@pytest.mark.parametrize("words", ["newsletter send --", "newsletter subscribers ", "newsletter"])
def test_completion_loads_no_command_and_nothing_heavy(words: str, at_home: Publication) -> None:
    """`newsletter send --help` loads database, templates and all; a press of Tab does not."""
    done = at_home.run(
        env={
            "_NEWSLETTER_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
            "PYTHONPROFILEIMPORTTIME": "1",
        }
    )

    loaded = {line.rpartition("|")[2].strip() for line in done.err.splitlines()}
    assert "newsletter.cli.completing" in loaded
    assert set() == loaded & {"newsletter.cli.send", "newsletter.issue", "rich", "sqlalchemy"}


def test_a_shell_that_is_not_known_is_said_with_those_that_are(at_home: Publication) -> None:
    done = at_home.run("completion", "show", env={"SHELL": "/bin/tcsh"})

    assert (2, "") == (done.status, done.out)
    assert "there is no completion for tcsh; add --shell with one of bash, zsh, fish" in done.err


def test_show_prints_what_install_writes(at_home: Publication) -> None:
    install("fish", at_home)

    shown = at_home.run("completion", "show", env={"SHELL": "/usr/bin/fish"})

    written = Path(at_home.environment["HOME"], ".config/fish/completions/newsletter.fish")
    assert written.read_text() == shown.out
