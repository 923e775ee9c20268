"""`newsletter templates` with the installed command: list, eject, diff, and what doctor says."""

import re

import pytest

from tests.acceptance.publication import Publication

ISSUE = "issues/2021-11-26.md"


def older(publication: Publication, name: str) -> None:
    """As if ours had changed since it was made."""
    path = publication.own(name)
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"newsletter \S+, \w+\.", "newsletter 0.0.9, 0123456789abcdef.", text))


def test_all_templates_are_ours_at_first(publication: Publication) -> None:
    listed = publication.run("templates", "list")
    compared = publication.run("templates", "diff")

    assert (0, 0) == (listed.status, compared.status)
    assert "partials/story.mjml.j2" in listed.out
    assert {"ours"} == {line.split(maxsplit=1)[1] for line in listed.out.splitlines()}
    assert "All templates are ours.\n" == compared.out


@pytest.mark.parametrize("name", ["inline.css", "partials/story", "issue.txt.j2", "issue.mjml"])
def test_ejected_template_changes_no_byte(name: str, publication: Publication) -> None:
    publication.run("render", ISSUE, "--out", "before")
    done = publication.run("templates", "eject", name)
    publication.run("render", ISSUE, "--out", "after")

    assert (0, "") == (done.status, done.err)
    for suffix in ("html", "txt"):
        before, after = (
            (publication.folder / way / f"2021-11-26.{suffix}").read_bytes()
            for way in ("before", "after")
        )
        assert before == after


def test_ejected_template_is_listed_compared_and_used(publication: Publication) -> None:
    path = publication.own("partials/footer.mjml.j2")
    path.write_text(path.read_text("utf-8").replace("<p>{{ page", "<p>Ahoy! {{ page", 1))

    listed, compared = publication.run("templates", "list"), publication.run("templates", "diff")
    publication.run("render", ISSUE)

    assert re.search(r"^partials/footer\.mjml\.j2 +yours$", listed.out, re.MULTILINE)
    assert 0 == compared.status
    assert "--- ours/partials/footer.mjml.j2\n+++ templates/partials/footer.mjml.j2" in compared.out
    assert "+      <p>Ahoy! {{ page.publication.why }}</p>" in compared.out
    assert "Made from" not in compared.out
    assert "Ahoy!" in (publication.folder / "outbox/2021-11-26.html").read_text("utf-8")


def test_eject_overwrites_nothing(publication: Publication) -> None:
    publication.own("dark.css").write_text("mine")
    done = publication.run("templates", "eject", "dark.css")

    assert 2 == done.status
    assert "already exists, and no template is overwritten" in done.err
    assert "mine" == publication.own("dark.css").read_text()


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        ("did you mean partials/story?", "partials/storey"),
        ("did you mean inline.css?", "inlin.css"),
        ("name one of issue.mjml.j2, issue.txt.j2", "issue"),
        ("see which there are: `newsletter templates list`", "../../etc/passwd"),
    ],
)
def test_eject_of_what_there_is_not_asks_back(
    expected: str, name: str, publication: Publication
) -> None:
    done = publication.run("templates", "eject", name)

    assert 2 == done.status
    assert expected in done.err
    assert not (publication.folder / "templates").exists()


def test_template_that_is_older_than_ours_is_told(publication: Publication) -> None:
    older(publication, "inline.css")
    publication.own("dark.css")

    listed, compared, doctor = (
        publication.run(*command)
        for command in (("templates", "list"), ("templates", "diff"), ("doctor",))
    )
    assert "inline.css yours, from an older one of ours (0.0.9)" in " ".join(listed.out.split())
    assert 1 == compared.status
    assert "inline.css: yours, from an older one of ours (0.0.9)" in compared.out
    assert "inline.css is yours, made from ours of 0.0.9, and ours has changed" in doctor.out
    assert "see what is new in ours: `newsletter templates diff`" in doctor.out
    assert "yours are up to date: dark.css" in doctor.out


def test_first_line_that_is_shown_says_that_all_was_taken_over(publication: Publication) -> None:
    older(publication, "inline.css")
    note = publication.run("templates", "diff").out.splitlines()[-1]
    path = publication.own("inline.css")
    path.write_text(note + "\n" + path.read_text("utf-8").partition("\n")[2])

    assert 0 == publication.run("templates", "diff").status


def test_template_without_a_note_is_told_unless_it_is_as_ours(publication: Publication) -> None:
    """As `newsletter init` once laid them out."""
    for name in ("dark.css", "inline.css"):
        path = publication.own(name)
        path.write_text(path.read_text("utf-8").partition("\n")[2])
    publication.own("inline.css").write_text("{# Ours, years ago. #}\n")
    publication.own("dark.css").with_name("mine.mjml.j2").write_text("Nothing.")

    listed, doctor = publication.run("templates", "list").out, publication.run("doctor").out
    said = dict(re.findall(r"^(\S+) +(\w.*)$", listed, re.MULTILINE))

    assert "yours" == said["dark.css"]
    assert "yours, from nobody knows which of ours" == said["inline.css"]
    assert "yours alone" == said["mine.mjml.j2"]
    assert "yours do not say of which of ours they were made: inline.css" in doctor
