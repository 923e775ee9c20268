"""`newsletter check`, `fmt` and `rules` as editors, hooks and CI run them."""

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from newsletter.check import all_rules
from tests.acceptance.publication import COMMAND, Publication
from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ISSUE = "issues/2021-11-26.md"
FOOTER = "Sign up for our free retail technology newsletter [here]"


def damage(publication: Publication, *pairs: tuple[str, str]) -> Path:
    path = publication.folder / ISSUE
    text = path.read_bytes().decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_bytes(text.encode())
    return path


def piped(publication: Publication, data: bytes, *arguments: str) -> tuple[int, bytes, str]:
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=publication.folder,
        env=publication.environment,
        input=data,
        capture_output=True,
        timeout=patience(60),
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr.decode()


def test_check_prints_nothing_for_a_sound_issue(publication: Publication) -> None:
    done = publication.run("check", ISSUE, "--severity", "info")

    assert (0, "", "") == (done.status, done.out, done.err)


def test_fix_mends_the_file_and_says_what_is_left(publication: Publication) -> None:
    path = publication.folder / ISSUE
    sound = path.read_bytes()
    damage(publication, ("## 2. ", "## 2) "), ("The five", "The six"))
    path.chmod(0o664)

    done = publication.run("check", "--fix", ISSUE)

    mended = path.read_bytes()
    assert 1 == done.status
    assert re.findall(r"^issues\S+ (?:error|warning|info) (\w+)", done.out, re.MULTILINE) == [
        "C001"
    ]
    assert "1 error in 1 file; the error stops a send; 1 file mended" == done.err.strip()
    assert sound == mended.replace(b"The six", b"The five")
    assert 0o664 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(path.parent.iterdir())


def test_fix_that_leaves_nothing_exits_with_zero_and_the_second_time_does_nothing(
    publication: Publication,
) -> None:
    path = damage(publication, ("## 2. ", "## 2) "))

    first = publication.run("check", "--fix")
    before = path.stat()
    second = publication.run("check", "--fix")

    assert (0, "", "1 file mended") == (first.status, first.out, first.err.strip())
    assert (0, "", "") == (second.status, second.out, second.err)
    assert (before.st_ino, before.st_mtime_ns) == (path.stat().st_ino, path.stat().st_mtime_ns)


def test_fix_keeps_line_ends_and_mark_unless_the_rule_for_them_runs(
    publication: Publication,
) -> None:
    path = publication.folder / ISSUE
    sound = path.read_bytes()
    odd = b"\xef\xbb\xbf" + sound.replace(b"\n", b"\r\n")
    path.write_bytes(odd.replace(b"## 2. ", b"## 2) "))

    kept = publication.run("check", "--fix", "--select", "S011", ISSUE)
    after_one = path.read_bytes()
    publication.run("check", "--fix", ISSUE)

    assert 0 == kept.status
    assert odd == after_one
    assert sound == path.read_bytes()


def test_fix_follows_a_link_and_keeps_it(publication: Publication) -> None:
    path = damage(publication, ("## 2. ", "## 2) "))
    link = publication.folder / "this-week.md"
    link.symlink_to(path)

    publication.run("check", "--fix", "this-week.md")

    assert link.is_symlink()
    assert "## 2. " in path.read_text()


def test_fix_of_a_folder_that_cannot_be_written_says_so(publication: Publication) -> None:
    path = damage(publication, ("## 2. ", "## 2) "))

    done = publication.run("check", "--fix", max_file_bytes=10)

    assert 2 == done.status
    assert "cannot be written" in done.err
    assert "## 2) " in path.read_text()


def test_diff_shows_what_fix_would_change_and_writes_nothing(publication: Publication) -> None:
    path = damage(publication, ("## 2. ", "## 2) "))
    before = path.read_text()

    done = publication.run("check", "--diff", ISSUE)

    assert 1 == done.status
    assert before == path.read_text()
    assert done.out.startswith(f"--- {ISSUE}\n+++ {ISSUE}\n@@ ")
    changed = [line for line in done.out.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert ["-## 2) ", "+## 2. "] == [line[:7] for line in changed]
    assert "1 file would change" == done.err.strip()


def test_diff_can_be_applied(publication: Publication) -> None:
    path = damage(publication, ("## 2. ", "## 2) "))
    text = path.read_text()
    path.write_text(text[: text.index("\n\n---\nSign up")])  # no newline at the end

    shown = publication.run("check", "--diff", ISSUE).out
    assert "\\ No newline at end of file\n" in shown
    wanted = publication.run("check", "--fix", ISSUE)
    fixed = path.read_text()
    path.write_text(text[: text.index("\n\n---\nSign up")])
    (publication.folder / "change.diff").write_text(shown)
    applied = subprocess.run(
        ["git", "apply", "-p0", "change.diff"], cwd=publication.folder, capture_output=True
    )

    assert 0 == wanted.status, wanted.out
    assert 0 == applied.returncode, applied.stderr
    assert fixed == path.read_text()


def test_diff_of_a_sound_issue_is_empty(publication: Publication) -> None:
    done = publication.run("check", "--diff", "--fix")

    assert (0, "", "") == (done.status, done.out, done.err)


def test_select_and_ignore_choose_the_rules(publication: Publication) -> None:
    damage(publication, ("## 2. ", "## 2) "), ("## 4. ", "## 5. "))

    def codes(*arguments: str) -> list[str]:
        out = publication.run("check", ISSUE, *arguments).out
        return re.findall(r"^issues\S+ (?:error|warning|info) (\w+)", out, re.MULTILINE)

    assert ["S011", "S008", "S008"] == codes()
    assert ["S011"] == codes("--select", "headline-number-style")
    assert ["S011"] == codes("--ignore", "S008,story-count", "--ignore", "C")
    assert [] == codes("--select", "T")
    assert 2 == publication.run("check", "--select", "S99").status
    assert "did you mean story-count?" in publication.run("check", "--ignore", "story-cuont").err


def test_ignore_comment_of_a_rule_that_is_not_selected_is_no_finding(
    publication: Publication,
) -> None:
    damage(publication, ("## 2. ", "<!-- check: ignore headline-number-style -->\n## 2) "))

    done = publication.run("check", ISSUE, "--select", "S008", "--select", "X")

    assert (0, "") == (done.status, done.out)


def test_severity_is_what_is_shown_and_what_fails(publication: Publication) -> None:
    damage(publication, ("## 2. ", "## 2) "))

    assert 1 == publication.run("check", "--severity", "warning").status
    only_errors = publication.run("check", "--severity", "error")
    assert (0, "") == (only_errors.status, only_errors.out)


def test_fix_mends_what_is_only_info_and_not_shown(publication: Publication) -> None:
    path = publication.folder / ISSUE
    sound = path.read_text()
    damage(publication, ("\n\n## 2. ", "  \n\n## 2. "))

    asked = publication.run("check", ISSUE)
    shown = publication.run("check", ISSUE, "--severity", "info")
    compared = publication.run("check", ISSUE, "--diff")
    mended = publication.run("check", ISSUE, "--fix")

    assert (0, "") == (asked.status, asked.out)
    assert 0 == shown.status
    assert "[stray-spaces]" in shown.out
    assert 1 == compared.status
    assert (0, "") == (mended.status, mended.out)
    assert sound == path.read_text()


def test_standard_input_is_checked_and_mended(publication: Publication) -> None:
    sound = (publication.folder / ISSUE).read_bytes()
    damaged = sound.replace(b"## 2. ", b"## 2) ").replace(b"The five", b"The six")

    checked = piped(publication, damaged, "check", "-")
    mended = piped(publication, damaged, "check", "-", "--fix")

    assert 1 == checked[0]
    line = damaged.split(b"\n# ")[0].count(b"\n") + 2
    assert checked[1].startswith(b"-:%d:3: error C001 " % line)
    assert 1 == mended[0]
    assert sound.replace(b"The five", b"The six") == mended[1]
    assert " C001 " in mended[2]


def test_standard_input_that_is_no_text_is_refused(publication: Publication) -> None:
    status, out, err = piped(publication, b"\xff\xfe", "check", "-")

    assert (2, b"") == (status, out)
    assert "-:1:1: byte 0xff is not UTF-8" in err


def test_many_files_end_in_one_line(publication: Publication) -> None:
    text = damage(publication, ("## 2. ", "## 2) ")).read_text()
    for number in range(3):
        (publication.folder / f"issues/draft-{number}.md").write_text(text)

    done = publication.run("check", "issues", "issues/draft-1.md", "--no-history")

    assert 1 == done.status
    assert "4 warnings in 4 files; nothing stops a send; --fix mends 4" == done.err.strip()


def test_github_format_names_files_from_here(publication: Publication) -> None:
    path = damage(publication, ("## 2. ", "## 2) "))

    done = publication.run("check", "--format", "github", path)

    assert 1 == done.status
    assert re.fullmatch(
        r"::warning file=issues/2021-11-26\.md,line=\d+,col=1,endLine=\d+,endColumn=6,"
        r"title=S011 headline-number-style::the number is written “## 2\)”%0Awrite .*\n",
        done.out,
    )


def test_sarif_format_names_files_from_here_and_has_fixes(publication: Publication) -> None:
    path = damage(publication, ("## 2. ", "## 2) "))

    done = publication.run("check", "--format", "sarif", path)

    [run] = json.loads(done.out)["runs"]
    [result] = run["results"]
    assert (1, "") == (done.status, done.err)
    assert ISSUE == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (
        "## 2. "
        == (result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"])
    )


def test_send_date_of_the_command_wins(publication: Publication) -> None:
    text = damage(publication, ("the last Friday of", "this Friday in")).read_text()
    assert "date: 2021-11-26" in text

    from_file = publication.run("check", ISSUE, "--select", "C004")
    given = publication.run("check", ISSUE, "--select", "C004", "--send-date", "2021-11-25")

    assert (0, "") == (from_file.status, from_file.out)
    assert (1, True) == (given.status, " C004 " in given.out)
    refused = publication.run("check", "--send-date", "yesterday")
    assert 2 == refused.status
    assert "--send-date: “yesterday” is not a date" in refused.err


def test_earlier_issues_of_the_folder_are_remembered(publication: Publication) -> None:
    issues = publication.folder / "issues"
    text = (publication.folder / ISSUE).read_text()
    later = text.replace("date: 2021-11-26", "date: 2021-12-03")
    (issues / "2021-12-03.md").write_text(later)
    (issues / "2021-12-10.md").write_bytes(b"\xff not text")
    (issues / "2021-11-19.md").write_bytes(b"\xff not text")

    def codes(name: str, *arguments: str) -> set[str]:
        done = publication.run("check", name, "--select", "R", *arguments)
        assert done.status in {0, 1}, done.err
        return set(re.findall(r"^issues\S+ (?:error|warning|info) (\w+)", done.out, re.MULTILINE))

    assert {"R001", "R002"} == codes("issues/2021-12-03.md")
    assert set() == codes("issues/2021-12-03.md", "--no-history")
    assert set() == codes(ISSUE)


def test_memory_reaches_back_as_far_as_the_house_says(publication: Publication) -> None:
    issues = publication.folder / "issues"
    text = (publication.folder / ISSUE).read_text()
    other = "# T\n\nI.\n\n## 1. Nothing of the kind\n\nNothing.\n"
    (issues / "2021-11-30.md").write_text(other)
    (issues / "2021-12-03.md").write_text(text.replace("date: 2021-11-26", "date: 2021-12-03"))
    settings = publication.folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace("[house]\n", "[house]\nmemory = 1\n"))

    done = publication.run("check", "issues/2021-12-03.md", "--select", "R")

    assert (0, "") == (done.status, done.out)


def test_rule_that_the_house_switches_off_mends_when_it_is_selected(
    publication: Publication,
) -> None:
    path = publication.folder / ISSUE
    sound = path.read_text()
    assert "’" in sound
    damage(publication, ("week’s", "week's"))

    assert 0 == publication.run("check").status
    assert 0 == publication.run("check", "--fix", "--select", "apostrophes").status
    assert sound == path.read_text()


def test_online_asks_only_public_addresses_that_nobody_allowed(publication: Publication) -> None:
    damage(publication, ("https://www.example.com/newsletter", "https://127.0.0.1/newsletter"))
    settings = publication.folder / "newsletter.toml"
    allowed = '[house]\nallowed_links = ["https://www.example.com/"]\n'
    settings.write_text(settings.read_text().replace("[house]\n", allowed))
    env = {"XDG_CACHE_HOME": str(publication.folder / "cache")}

    others = ("--ignore", "mistaken-address")  # which says the same without asking
    asked = publication.run("check", "--online", *others, env=env)
    not_asked = publication.run("check", *others, env=env)

    assert (0, "") == (not_asked.status, not_asked.out)
    assert 1 == asked.status
    assert ["[dead-link]"] == re.findall(r"\[[a-z-]+\]$", asked.out, re.MULTILINE)
    assert "https://127.0.0.1/newsletter" in asked.out


def test_fmt_writes_the_canonical_form(publication: Publication) -> None:
    path = publication.folder / ISSUE
    sound = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + sound.replace(b"\n", b" \r\n").replace(b"## 1. ", b"# 1)  "))
    path.chmod(0o600)

    asked = publication.run("fmt", "--check")
    shown = publication.run("fmt", "--diff", ISSUE)
    written = publication.run("fmt")

    assert (1, "", f"{ISSUE} would change\n") == (asked.status, asked.out, asked.err)
    assert 1 == shown.status
    assert "+## 1. " in shown.out
    assert (0, f"{ISSUE} rewritten\n") == (written.status, written.err)
    assert sound == path.read_bytes()
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert (0, "", "") == tuple(vars(publication.run("fmt", "--check")).values())


def test_fmt_passes_standard_input_on(publication: Publication) -> None:
    sound = (publication.folder / ISSUE).read_bytes()

    assert (0, sound, "") == piped(publication, sound.replace(b"\n", b"\r\n"), "fmt", "-")


def test_fmt_refuses_front_matter_that_it_would_lose(publication: Publication) -> None:
    good = damage(publication, ("## 2. ", "## 2) "))
    before = good.read_bytes()
    bad = publication.folder / "issues/2021-12-03.md"
    bad.write_text("---\nsubject: A\nA line.\n---\n# T\n\nI.\n\n## 1) A\n\nB.\n")

    done = publication.run("fmt")

    assert 2 == done.status
    assert "issues/2021-12-03.md:3:1: the front matter cannot be read" in done.err
    assert before == good.read_bytes()


def test_rules_lists_every_rule_with_its_severity_here(publication: Publication) -> None:
    settings = publication.folder / "newsletter.toml"
    settings.write_text(
        settings.read_text().replace(
            "[house]\n",
            '[house]\noff = ["blank-lines"]\nseverities = { footer-wording = "error" }\n',
        )
    )

    done = publication.run("rules")

    lines = {line.split()[1]: line.split()[2] for line in done.out.splitlines()}
    assert 0 == done.status
    assert [rule.slug for rule in all_rules()] == list(lines)
    assert ("off", "error", "error") == (
        lines["blank-lines"],
        lines["footer-wording"],
        lines["story-numbering"],
    )


@pytest.mark.parametrize("name", ["story-numbering", "S008", "s008"])
def test_rules_explains_one_with_its_page(name: str, empty: Publication) -> None:
    page = (ROOT / "docs/rules/story-numbering.md").read_text(encoding="utf-8")

    done = empty.run("rules", name)

    assert (0, page) == (done.status, done.out)


def test_rules_names_the_nearest_of_an_unknown_one(empty: Publication) -> None:
    done = empty.run("rules", "story-cuont")

    assert (2, "") == (done.status, done.out)
    assert "did you mean story-count?" in done.err


def test_pre_commit_hooks_run_commands_that_there_are(publication: Publication) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    damage(publication, ("## 2. ", "## 2) "))

    assert ["newsletter-check", "newsletter-fmt"] == [hook["id"] for hook in hooks]
    for hook in hooks:
        assert re.search(hook["files"], ISSUE)
        assert not re.search(hook["files"], "README.md")
        program, *arguments = hook["entry"].split()
        done = publication.run(*arguments, *hook.get("args", []), ISSUE)
        assert ("newsletter", True) == (program, done.status in {0, 1}), done.err


@pytest.mark.skipif(not shutil.which("bash"), reason="the workflow's steps are for bash")
def test_workflow_in_the_docs_runs_as_it_stands(publication: Publication) -> None:
    """Its steps find a damaged issue, and leave a file to upload."""
    page = (ROOT / "docs/pull-requests.md").read_text(encoding="utf-8")
    [text] = [
        block
        for block in re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        if "upload-sarif" in block
    ]
    [job] = yaml.safe_load(text)["jobs"].values()
    steps = [step["run"] for step in job["steps"] if "newsletter check" in step.get("run", "")]
    damage(publication, ("## 2. ", "## 2) "))
    env = {**publication.environment, "PATH": f"{COMMAND.parent}:{os.environ['PATH']}"}

    statuses = [
        subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step], cwd=publication.folder, env=env
        ).returncode
        for step in steps
    ]

    [upload] = [step for step in job["steps"] if "upload-sarif" in step.get("uses", "")]
    log = json.loads((publication.folder / upload["with"]["sarif_file"]).read_text())
    assert [0, 1] == statuses
    assert 1 == len(log["runs"][0]["results"])
