"""docs/operators.md: backup, restore and upgrade are done word for word as they stand there."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.publication import COMMAND, Publication
from tests.acceptance.test_backup import ISSUE, filled, relay_log, sent
from tests.pace import patience

__all__ = ["filled"]

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[2] / "docs/operators.md").read_text(encoding="utf-8")
PIP = "/opt/newsletter/bin/pip install --upgrade ./newsletter_as_code-*.whl"


def blocks(heading: str) -> list[str]:
    section = re.split(r"(?m)^##+ ", PAGE.partition(f"# {heading}\n")[2])[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def do(script: str, publication: Publication, folder: Path, backups: Path) -> int:
    """The commands as they are, with the server's folders in a place of the test's."""
    for there, here in (("/srv/friday", folder), ("/var/backups", backups)):
        script = script.replace(there, str(here))
    script = script.replace("/var/log/mail.log", str(backups / "mail.log")).replace(PIP, "true")
    path = f"{COMMAND.parent}:{publication.environment['PATH']}"
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=backups,
        env={**publication.environment, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience(90),
    )
    assert "error:" not in done.stderr, done.stderr
    return done.returncode


def test_backup_restore_and_upgrade_work_as_they_stand(
    filled: Publication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    backups, new = tmp_path_factory.mktemp("backups"), tmp_path_factory.mktemp("new")
    (made,), (restore, let_out), (upgrade,) = (
        blocks("Backup"),
        blocks("Restore, here or on a new machine"),
        blocks("Upgrade"),
    )
    filled.run("send", ISSUE, "--limit", "10", "--yes")
    do(made, filled, filled.folder, backups)
    filled.run("send", ISSUE, "--limit", "10", "--yes")
    relay_log(filled).rename(backups / "mail.log")
    before = sent(filled)

    do(restore, filled, new, backups)
    do(let_out, filled, new, backups)
    status = do(upgrade, filled, new, backups)

    after = sent(Publication(new, filled.environment))
    assert (20, 10) == (len(before), len(after))
    assert set() == set(before) & set(after)
    assert 1 == status  # the example publication has nobody to alert, and signs nothing
