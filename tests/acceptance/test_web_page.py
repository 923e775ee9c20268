"""The archive's page of an issue, as `newsletter render --web` writes it."""

import pytest

from tests.acceptance.publication import Publication

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"


def test_render_writes_the_web_page_beside_the_mail(publication: Publication) -> None:
    done = publication.run("render", ISSUE, "--web")
    page = (publication.folder / "outbox/2021-11-26.web.html").read_text("utf-8")

    assert 0 == done.status, done.err
    assert "2021-11-26.web.html" in done.out
    assert "Hello there, the last Friday" in page
    assert 'content="2021-11-26T07:00:00+00:00"' in page


def test_render_gives_the_same_web_page_in_two_processes(publication: Publication) -> None:
    for seed in ("1", "2"):
        done = publication.run(
            "render", ISSUE, "--web", "--out", seed, env={"PYTHONHASHSEED": seed}
        )
        assert 0 == done.status, done.err
    first, second = (
        (publication.folder / seed / "2021-11-26.web.html").read_bytes() for seed in ("1", "2")
    )

    assert first == second
