"""`newsletter check --clients`: the table, and faults of templates on the templates' own lines."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.client_support import our_allowances
from tests.acceptance.publication import Publication

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ISSUE = "issues/2021-11-26.md"
EVERYTHING = """---
number: 46
date: 2021-11-26
---
# The one biggest retail technology news story of the week

An intro with a [link](https://example.com/intro) and `code`.

## 1. A headline

Words.

> A quote.

- An item.

![A shop](https://example.com/shop.png "A caption")

### A heading

[Read the full story](https://example.com/story)

## Sponsored by Acme Tills

Words of [theirs](https://example.com/acme).

---
Sign up for our free retail technology newsletter [here](https://example.com/sign-up).
"""


def lines_of(out: str) -> list[str]:
    return [line for line in out.splitlines() if re.search(r":\d+: (?:\w+ )?K0", line)]


def put(publication: Publication, name: str, old: str, new: str) -> int:
    """Change a template; the line where the change is."""
    path = publication.own(name.removeprefix("templates/"))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_clients_shows_the_table_and_no_finding_for_the_starter(publication: Publication) -> None:
    done = publication.run("check", "--clients", ISSUE)

    assert (0, "", []) == (done.status, done.err, lines_of(done.out))
    assert done.out.startswith("mail program                 fully  partly  not  untested\n")
    assert "Outlook        Android" in done.out
    assert "no template is to blame" in done.out
    assert 80 >= max(map(len, done.out.splitlines()))


def test_clients_has_nothing_against_what_an_issue_may_hold(publication: Publication) -> None:
    """Sponsor, image, quote, list, code: our templates are sound, and each allowance is needed."""
    (publication.folder / "issues" / "2027-01-01.md").write_text(EVERYTHING, encoding="utf-8")

    done = publication.run("check", "--clients", "--format", "json")

    report = json.loads(done.out)
    bad = [item for item in report["diagnostics"] if item["severity"] != "info"]
    assert (0, []) == (done.status, bad)
    assert {one.slug for one in our_allowances()} == set(report["clients"]["allowed"])


def test_clients_reports_a_broken_template_on_its_line(publication: Publication) -> None:
    css = put(publication, "templates/inline.css", ".title h1 {", ".title h1 { display: flex;")
    tag = '<mj-text css-class="title">'
    video = '<video src="https://example.com/a.mp4"></video>'
    page = put(publication, "templates/partials/opening.mjml.j2", tag, f"{tag}{video}")

    done = publication.run("check", "--clients", ISSUE)

    found = lines_of(done.out)
    assert 1 == done.status
    assert 2 == len(found)
    assert found[0].startswith(
        f"templates/inline.css:{css}:13: warning K001 “display: flex”: display:flex"
    )
    assert "does not work in Outlook (Windows)" in found[0]
    assert found[1].startswith(f"templates/partials/opening.mjml.j2:{page}:")
    assert "“<video>”: <video> element does not work in Gmail" in found[1]
    assert "2 warnings in 2 files\n" == done.err


def test_clients_reports_an_image_on_the_line_of_the_issue(publication: Publication) -> None:
    path = publication.folder / ISSUE
    text = path.read_text(encoding="utf-8").rstrip("\n")
    stories = text.split("\n## 2. ")
    image = "\n![A shop](https://example.com/shop.avif)\n"
    path.write_text(f"\n## 2. {''}".join([stories[0] + image, *stories[1:]]), encoding="utf-8")

    done = publication.run("check", "--clients", ISSUE)

    (found,) = lines_of(done.out)
    line = stories[0].count("\n") + 2
    assert 1 == done.status
    assert found.startswith(
        f"{ISSUE}:{line}:11: warning K001 “https://example.com/shop.avif”: AVIF"
    )


def test_clients_obeys_the_publication(publication: Publication) -> None:
    """Its allowances, one of which nothing needs, and its choice of clients."""
    put(publication, "templates/inline.css", ".title h1 {", ".title h1 { display: flex;")
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").split("[clients]")[0]
    section = '[clients]\nallowed = { css-display-flex = "so", css-gap = "so" }\n'
    settings.write_text(f"{text}{section}", encoding="utf-8")
    line = text.count("\n") + 2

    allowed = publication.run("check", "--clients", ISSUE, "--severity", "info")
    settings.write_text(f'{text}[clients]\nonly = ["apple-mail"]\n', encoding="utf-8")
    chosen = publication.run("check", "--clients", ISSUE)

    unused = (
        f"newsletter.toml:{line}:38: note K003 css-gap is allowed, "
        "but nothing in these issues needs it"
    )
    assert 0 == allowed.status
    assert [unused] == [one[: len(unused)] for one in lines_of(allowed.out) if "K003" in one]
    assert (0, []) == (chosen.status, lines_of(chosen.out))
    assert "Of note: Apple Mail." in chosen.out


def test_clients_refuses_what_judges_text(publication: Publication) -> None:
    done = publication.run("check", "--clients", "--fix", ISSUE)

    assert 2 == done.status
    assert done.err.startswith("error: --clients judges the rendered e-mail, so the rules")


def test_clients_gives_findings_to_repositories(publication: Publication) -> None:
    put(publication, "templates/inline.css", ".title h1 {", ".title h1 { display: flex;")

    github = publication.run("check", "--clients", ISSUE, "--format", "github")
    sarif = publication.run("check", "--clients", ISSUE, "--format", "sarif")

    assert github.out.startswith("::warning file=templates/inline.css,line=")
    assert "K001" in {result["ruleId"] for result in json.loads(sarif.out)["runs"][0]["results"]}


def test_check_without_clients_loads_nothing_of_it(publication: Publication) -> None:
    script = (
        "import sys\n"
        "from newsletter.cli import main\n"
        f"sys.argv = ['newsletter', 'check', {ISSUE!r}]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print([name for name in sys.modules if 'client' in name and name.startswith('newsletter.')"
        " or name in ('tinycss2', 'rich')])\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=publication.folder,
        env={**publication.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "[]" == done.stdout.strip()
