"""What `newsletter check` says of an e-mail's size, and when it renders to know it."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.publication import COMMAND, Publication
from tests.pace import patience

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"
LONG = "issues/2021-12-03.md"
BROKEN = "{{ page.nothing_of_the_kind }}" + "{# heavy #}" * 6_000
"""Long enough for a check to weigh what it makes."""


def write_long(publication: Publication, paragraphs: int = 2_000) -> Path:
    """An issue whose third story has so many paragraphs."""
    title = "# The five biggest retail technology news stories of the week"
    intro = "It’s Friday, and here are the stories to know."
    stories = [
        f"## {number}. Shop number {number} opens its doors\n\n"
        + "A shop has opened its doors.\n\n" * (paragraphs if number == 3 else 1)
        for number in range(1, 6)
    ]
    footer = "Sign up for our free retail technology newsletter [here](https://example.com/n)."
    path = publication.folder / LONG
    path.write_text(f"{title}\n\n{intro}\n\n{''.join(stories)}---\n{footer}\n")
    return path


def set_budget(publication: Publication, size: int) -> None:
    path = publication.folder / "newsletter.toml"
    path.write_text(re.sub(r"(?m)^html_bytes = \d+", f"html_bytes = {size}", path.read_text()))


def change_template(publication: Publication, name: str, addition: str) -> None:
    path = publication.own(name)
    path.write_text(path.read_text() + addition)


def without_footer(publication: Publication) -> None:
    path = publication.folder / ISSUE
    path.write_text(path.read_text().partition("\n---\nSign up")[0] + "\n")


def found(out: str) -> list[str]:
    return re.findall(r"^\S+:\d+:\d+: (?:error|warning|info) (\w+)", out, re.MULTILINE)


def test_long_issue_is_too_large_and_the_heaviest_story_is_named(publication: Publication) -> None:
    write_long(publication)

    done = publication.run("check", LONG)
    size = int(re.findall(r"has ([\d,]+) bytes of 100,000", done.out)[0].replace(",", ""))
    set_budget(publication, size * 20 // 19)
    near = publication.run("check", LONG)
    set_budget(publication, size * 2)
    far = publication.run("check", LONG)

    assert (1, ["M010"], 0) == (done.status, found(done.out), far.status)
    assert "story 3 is the heaviest" in done.out
    assert (1, ["M009"]) == (near.status, found(near.out))
    assert f"{size:,} bytes of {size * 20 // 19:,}; story 3 is the heaviest" in near.out


def test_many_short_stories_are_too_large_too(publication: Publication) -> None:
    """A story's frame weighs more than its words."""
    path = publication.folder / LONG
    stories = "".join(f"## {number}. Shop {number}\n\nIt is open.\n\n" for number in range(1, 31))
    path.write_text(f"# Stories\n\nIntro.\n\n{stories}")
    set_budget(publication, 70_000)

    done = publication.run("check", LONG, "--select", "M")

    assert len(path.read_bytes()) < 2_000
    assert ["M010"] == found(done.out)


def test_standard_input_is_weighed_in_a_publication(publication: Publication) -> None:
    text = write_long(publication).read_bytes()

    done = subprocess.run(
        [COMMAND, "check", "-", "--select", "M"],
        cwd=publication.folder,
        env=publication.environment,
        input=text,
        capture_output=True,
        timeout=patience(60),
    )

    assert 1 == done.returncode
    assert done.stdout.startswith(b"-:13:7: error M010 ")


def test_nothing_is_weighed_where_there_is_nothing_to_render_by(empty: Publication) -> None:
    (empty.folder / "issues").mkdir()
    write_long(empty)

    alone = empty.run("check", "--select", "M")
    (empty.folder / "newsletter.toml").write_text("[house]\nmemory = 3\n")
    with_house_format = empty.run("check", "--select", "M")

    assert (0, "", "") == (alone.status, alone.out, alone.err)
    assert (0, "", "") == (
        with_house_format.status,
        with_house_format.out,
        with_house_format.err,
    )


def test_shorter_template_than_ours_is_no_reason_to_render(publication: Publication) -> None:
    path = publication.own("partials/footer.mjml.j2")
    path.write_text("{{ page.nothing_of_the_kind }}")

    assert 0 == publication.run("check", ISSUE).status


def test_templates_of_its_own_are_weighed(publication: Publication) -> None:
    path = publication.own("responsive.css")
    path.write_text(path.read_text() + ".nobody { color: #ffffff; }\n" * 4_000)

    assert ["M010"] == found(publication.run("check", ISSUE).out)


@pytest.mark.parametrize("arguments", [[], ["--format", "json"], ["issues"]])
def test_template_that_fails_is_one_line_and_no_clean_bill(
    arguments: list[str], publication: Publication
) -> None:
    write_long(publication, 1)
    change_template(publication, "partials/footer.mjml.j2", BROKEN)

    done = publication.run("check", *arguments)

    assert 2 == done.status
    assert done.err.startswith("error: ")
    assert 1 == done.err.count("\n")
    assert "footer.mjml.j2" in done.err


def test_template_that_fails_is_no_matter_where_nobody_asks_for_the_size(
    publication: Publication,
) -> None:
    change_template(publication, "partials/footer.mjml.j2", BROKEN)

    done = publication.run("check", "--ignore", "html-size,html-too-large")

    assert (0, "", "") == (done.status, done.out, done.err)


def test_findings_come_before_a_template_that_fails(publication: Publication) -> None:
    change_template(publication, "partials/footer.mjml.j2", BROKEN)
    path = publication.folder / ISSUE
    path.write_text(path.read_text().replace("## 2. ", "## 2) "))

    warned = publication.run("check", ISSUE)
    without_footer(publication)
    wrong = publication.run("check", ISSUE)

    assert (2, ["S011"]) == (warned.status, found(warned.out))
    assert "footer.mjml.j2" in warned.err
    assert (1, ["S011", "S010"]) == (wrong.status, found(wrong.out))
    assert "footer.mjml.j2" not in wrong.err


def test_faults_in_the_limits_are_told(publication: Publication) -> None:
    set_budget(publication, 7)

    done = publication.run("check", ISSUE)

    assert 2 == done.status
    assert "[limits] html_bytes = 7: must be a whole number from 10,000" in done.err
