"""`newsletter demo --serve`: the site of the example publication, tried out on this machine."""

import httpx
import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.site_world import going, sign_up, stamp_of

pytestmark = pytest.mark.slow


def test_demo_serves_its_issues_and_says_where_a_letter_leads(publication: Publication) -> None:
    for name in ("NEWSLETTER_TRANSPORT", "NEWSLETTER_SECRET_KEY"):
        publication.environment.pop(name)

    with going(publication, "demo", "--serve", "--port", "0") as demo:
        url = demo.wait_for("The site is at ").split()[4].rstrip(".")
        with httpx.Client(base_url=url) as client:
            issue = client.get("/issues/2021-11-26")
            sign_up(client, "ada@example.com", stamp_of(client.get("/subscribe").text))
            path, _, link = demo.wait_for(" leads to ").strip().partition(" leads to ")
            page = client.get(link)
            client.post(link, data={"stamp": stamp_of(page.text)})
            again = client.get(link)
        ended = demo.stop()

    assert (200, 200, 200) == (issue.status_code, page.status_code, again.status_code)
    assert "outbox/ada@example.com.eml" == path
    assert link.startswith(f"{url}/confirm/")
    assert 0 == ended
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
