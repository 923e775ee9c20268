"""Two quite different publications: their settings are all that differs."""

import shutil
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SAMPLES = {"morning-tills": "issues/2026-03-02.md", "werft": "issues/2026-03-05.md"}


@pytest.mark.parametrize("name", SAMPLES)
def test_sound_issue_is_checked_in_silence_and_rendered(name: str, empty: Publication) -> None:
    shutil.copytree(ROOT / "tests/publications" / name, empty.folder, dirs_exist_ok=True)

    checked = empty.run("check")
    rendered = empty.run("render", SAMPLES[name])

    assert (0, "", "") == (checked.status, checked.out, checked.err)
    assert 0 == rendered.status, rendered.err


@pytest.mark.parametrize(
    ("name", "code", "old", "new"),
    [
        ("morning-tills", "S007", "\n## 3. ", "\n### "),
        ("morning-tills", "S008", "## 3. ", "## 5. "),
        ("morning-tills", "S012", "every working day](", "every day]("),
        ("werft", "S007", "\n## 3. ", "\n### "),
        ("werft", "S012", "kostenlos", "umsonst"),
        ("werft", "C001", "Die drei", "Die vier"),
    ],
)
def test_damage_is_found_by_the_house_format_alone(
    name: str, code: str, old: str, new: str, empty: Publication
) -> None:
    shutil.copytree(ROOT / "tests/publications" / name, empty.folder, dirs_exist_ok=True)
    path = empty.folder / SAMPLES[name]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    done = empty.run("check")

    assert text != path.read_text(encoding="utf-8")
    assert 1 == done.status
    assert f" {code} " in done.out
