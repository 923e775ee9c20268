"""A publication laid out: in every language, and in folders that are not empty."""

import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.check import Severity, all_rules
from newsletter.errors import OutputError
from newsletter.languages import LAID_OUT, language_of
from newsletter.publishing.answers import Answers, own_zone, parse_sender
from newsletter.publishing.checking import Checking
from newsletter.publishing.issues import read_issue
from newsletter.publishing.laying_out import LaidOut, lay_out
from newsletter.publishing.pictures import PictureFolder
from newsletter.publishing.rendering import render
from newsletter.settings import Settings, load_settings
from newsletter.starter import WORKFLOWS

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def answers(tag: str = "en-GB", stories: int = 5) -> Answers:
    sender = parse_sender("desk@block.example.org", "The Block")
    return Answers(
        name="The Block", sender=sender, language=tag, zone=own_zone(tag), stories=stories
    )


def found(folder: Path, done: LaidOut, settings: Settings) -> list[tuple[str, Severity]]:
    """What the rules say, info aside."""
    path = folder / done.issue
    checking = Checking(house=settings.house, rules=all_rules())
    findings = checking.find(read_issue(path, settings.house), path=path)
    assert () == findings.faults
    kinds = [(each.slug, each.severity) for each in findings.diagnostics]
    return sorted(kind for kind in kinds if kind[1] is not Severity.INFO)


def blanks(slots: int) -> list[tuple[str, Severity]]:
    """What a check says of an issue that nobody has written: its slots, and its intro."""
    return sorted([("empty-slot", Severity.ERROR)] * slots + [("intro-missing", Severity.ERROR)])


def fill_in(path: Path, tag: str) -> None:
    """The blanks replaced, each by a sentence of the language itself, and the notes taken out."""
    words = language_of(tag).site
    sentence = words.get("away_lead", "We are working on the page. The next issue comes as usual.")
    shorter = words.get("erased_lead", "Your address and your name are gone. We write no more.")
    text = path.read_text(encoding="utf-8")
    text = text.replace("subject: …", f"subject: {shorter[:50]}")
    text = text.replace("preheader: …", f"preheader: {(sentence + ' ' + shorter)[:100]}")
    text = re.sub(r"(\n# [^\n]*\n\n)<!-- [^\n]* -->", rf"\1{sentence}", text)
    text = re.sub(r"(## \d+\. )…\n\n<!-- [^\n]* -->", lambda found: story(found, sentence), text)
    path.write_text(re.sub(r"(?m)^# …$", f"# {shorter.rstrip('.')}", text), encoding="utf-8")


def story(found: re.Match[str], sentence: str) -> str:
    number = int(re.findall(r"\d+", found[1])[0])
    name = ("Ada", "Grace", "Radia", "Barbara", "Frances")[number - 1]
    return f"{found[1]}{name} {name[::-1].capitalize()}\n\n{sentence}"


@pytest.mark.parametrize("tag", LAID_OUT)
def test_first_check_names_the_blanks_and_once_filled_in_nothing(tag: str, tmp_path: Path) -> None:
    done = lay_out(tmp_path, answers(tag), NOW)
    settings = load_settings(tmp_path, {})

    assert blanks(7) == found(tmp_path, done, settings)

    fill_in(tmp_path / done.issue, tag)

    assert [] == found(tmp_path, done, settings)
    issue = read_issue(tmp_path / done.issue, settings.house)
    rendered = render(issue, settings, NOW, PictureFolder(tmp_path))
    assert settings.publication.words.unsubscribe in rendered.html


@pytest.mark.parametrize("stories", [1, 2, 30])
def test_house_format_fits_any_number_of_stories(stories: int, tmp_path: Path) -> None:
    done = lay_out(tmp_path, answers(stories=stories), NOW)

    kinds = found(tmp_path, done, load_settings(tmp_path, {}))

    has_own_title = stories > 1
    assert blanks(2 + stories + (not has_own_title)) == kinds


def test_first_issue_is_number_1_of_the_rules_next_day(tmp_path: Path) -> None:
    done = lay_out(tmp_path, answers(), NOW)

    text = (tmp_path / done.issue).read_text(encoding="utf-8")
    assert Path("issues/2026-12-04.md") == done.issue
    assert "\ndate: 2026-12-04\nnumber: 1\n" in text


def test_issues_that_are_there_are_counted(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues/2026-11-20.md").write_text("---\ndate: 2026-11-20\nnumber: 41\n---\n# A\n")

    done = lay_out(tmp_path, answers(), NOW)

    assert "\nnumber: 42\n" in (tmp_path / done.issue).read_text(encoding="utf-8")


def test_secret_is_for_its_owner_alone_and_settings_have_no_fault(tmp_path: Path) -> None:
    lay_out(tmp_path, answers(), NOW)

    settings = load_settings(tmp_path, {})

    assert 0o600 == stat.S_IMODE((tmp_path / ".env").stat().st_mode)
    assert settings.environment.secret_key is not None
    assert settings.environment.transport is not None


def test_nothing_that_is_there_is_touched(tmp_path: Path) -> None:
    theirs = (".env", ".gitignore", "README.md", ".gitlab-ci.yml", "issues/2026-12-04.md")
    (tmp_path / ".git").mkdir()
    (tmp_path / "issues").mkdir()
    for name in theirs:
        (tmp_path / name).write_text("*.pem\n")

    done = lay_out(tmp_path, answers(), NOW)

    assert all("*.pem\n" == (tmp_path / name).read_text() for name in theirs)
    assert {*theirs} - {"README.md"} == {str(path) for path in done.kept}
    assert set() == set(done.kept) & set(done.written)
    assert ".env" in done.unignored
    assert "*.pem" not in done.unignored


def test_link_that_leads_nowhere_is_there_and_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to(tmp_path / "elsewhere")

    done = lay_out(tmp_path, answers(), NOW)

    assert Path(".env") in done.kept
    assert not (tmp_path / "elsewhere").exists()


def test_publication_is_laid_out_once(tmp_path: Path) -> None:
    lay_out(tmp_path, answers(), NOW)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with pytest.raises(OutputError, match="a publication here already"):
        lay_out(tmp_path, answers("de"), NOW)

    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_within_a_repository_no_workflow_is_written_that_nobody_would_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    inside = lay_out(tmp_path / "newsletters/block", answers(), NOW)
    root = lay_out(tmp_path, answers(), NOW)

    assert (False, True) == (inside.has_workflows, root.has_workflows)
    assert not set(WORKFLOWS) & {*inside.written, *inside.kept}
    assert set(WORKFLOWS) <= {*root.written}
