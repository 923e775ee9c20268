"""The examples of `--help`, done one after the other with the installed command."""

import shlex
import shutil

import pytest

from newsletter.cli.examples import EXAMPLES
from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import issue_text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ISSUE = "2026-11-27"

STORY = (
    "transports",
    "dkim new",
    "subscribers import",
    "subscribers list",
    "subscribers find",
    "subscribers count",
    "subscribers export",
    "new",
    "check",
    "show",
    "rules",
    "fmt",
    "render",
    "templates eject",
    "templates diff",
    "approve",
    "send",
    "status",
    "publish",
    "backup",
)
"""A publication's week; each is tried where those before it have led. The others last, ask the net,
want a run under way, or do to a person what tests of their own do; a unit test reads them all.
"""


def test_the_examples_work(publication: Publication) -> None:
    """What asks is told yes; all else is as the help has it."""
    shutil.copy(publication.folder / "subscribers.example.csv", publication.folder / "people.csv")
    for name in STORY:
        if name == "check":
            (publication.folder / f"issues/{ISSUE}.md").write_text(issue_text(), encoding="utf-8")
        words = shlex.split(EXAMPLES[name])[1:]
        done = publication.run(*words, *(["--yes"] if name == "subscribers import" else []))

        assert done.status in ({0, 1} if name in {"check", "fmt", "send"} else {0}), (name, done)
