"""Whoever writes an issue is killed at any moment: every key press that was answered is there."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsletter.publishing.draft_folder import draft_folder
from newsletter.publishing.draft_journal import find_kept
from newsletter.publishing.drafts import read_draft
from tests.crash.typist import text_of
from tests.pace import passing, patience

pytestmark = [pytest.mark.slow]


def type_until_killed(path: Path, first: int, seconds: float) -> int:
    """The last key press that was answered; `seconds` after the first of them."""
    command = [sys.executable, "-m", "tests.crash.typist", str(path), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as typist:
        assert typist.stdout is not None
        said = [typist.stdout.readline()]
        time.sleep(seconds)
        typist.kill()
        said += typist.stdout.readlines()
        typist.wait(timeout=patience(30))
    whole = [line for line in said if line.endswith("\n")]
    assert whole
    return int(whole[-1])


def test_every_answered_key_press_is_found_when_the_studio_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "2021-11-26.md"
    path.write_text(text_of(1))
    chance, last = random.Random(19), 1
    for _ in range(10):
        answered = type_until_killed(path, last + 1, chance.random() * passing(0.06))
        draft = read_draft(path)
        found = find_kept(path, draft.text, lambda _: False)
        texts = [draft.text, *(each.text for each in found)]
        last = max(int(text.partition("\n")[0]) for text in texts)

        assert answered <= last <= answered + 1
        assert all(text == text_of(int(text.partition("\n")[0])) for text in texts)
        assert len(list(draft_folder(path).glob("*.draft"))) <= 1
