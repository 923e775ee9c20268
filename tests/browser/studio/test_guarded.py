"""What a browser is kept from: pages of other origins, and what an issue or a template holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio, text

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ATTACK = """<!doctype html><title>evil</title>
<iframe id="framed" src="STUDIO/"></iframe>
<iframe name="hole"></iframe>
<form id="form" action="STUDIO/api/issues/NAME/save" method="post" target="hole"
 enctype="text/plain">
<input name='{"text": "gone", "base": "' value='"}'></form>
<script>
const told = [];
const api = 'STUDIO/api/issues/NAME/';
const body = JSON.stringify({text: 'gone', base: 'BASE'});
async function attack(name, path, init) {
  try {
    const answer = await fetch(path, {credentials: 'include', ...init});
    const words = answer.type === 'opaque' ? '' : await answer.text();
    told.push([name, answer.type, answer.status, words]);
  } catch (error) { told.push([name, 'refused']); }
}
(async () => {
  document.getElementById('form').submit();
  const post = {method: 'POST', body};
  await attack('simple', api + 'save', {...post, mode: 'no-cors'});
  await attack('typed', api + 'save', {...post, headers: {'content-type': 'application/json'}});
  await attack('token', api + 'save', {...post, headers: {'x-studio-token': '0'.repeat(64)}});
  await attack('read', api + 'open', {});
  await attack('blind', api + 'open', {mode: 'no-cors'});
  const opened = window.open('STUDIO/');
  await new Promise((done) => setTimeout(done, 1500));
  let sees = 'nothing';
  try { sees = opened.document.body.innerText; } catch (error) { /* as it should be */ }
  told.push(['opened', sees]);
  document.title = JSON.stringify(told);
})();
</script>"""

NASTY = """
<script>top.pwned = 'script'</script>
<img src="x:" alt="" onerror="top.pwned = 'onerror'"/>
<svg onload="top.pwned = 'onload'"></svg>
<a id="bad" href="javascript:top.pwned='link'" onclick="top.pwned = 'onclick'">press</a>
<a id="away" href="http://evil.example/away" target="_top">go</a>
<form id="post" action="http://evil.example/form" target="_top">
<button id="send">send</button></form>
<meta http-equiv="refresh" content="0; url=http://evil.example/refresh"/>
<base href="http://evil.example/base/"/>
<iframe src="http://evil.example/frame"></iframe>
<object data="http://evil.example/object"></object>
<link rel="stylesheet" href="http://evil.example/style.css"/>
<video src="http://evil.example/video" autoplay="autoplay"></video>
"""

MARKDOWN = """
[press](javascript:top.pwned='markdown') [again](data:text/html,<script>top.pwned='data'</script>)
<script>top.pwned = 'raw'</script><img src=x onerror="top.pwned = 'raw image'">
"""


@contextmanager
def another_origin(page: str) -> Iterator[str]:
    """A web server of somebody else on this machine: its port."""

    class Evil(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield str(server.server_port)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_page_of_another_origin_can_neither_change_nor_read_nor_frame_the_studio(
    publication: Publication, browser: "Browser", name: str
) -> None:
    """127.0.0.1 with another port is the same site: the browser sends the cookie along."""
    import json

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        before = world.file().read_bytes()
        version = page.evaluate(
            "async (name) => (await (await fetch(`/api/issues/${name}/open`)).json()).version",
            EXAMPLE,
        )
        attack = ATTACK.replace("STUDIO", world.url).replace("NAME", EXAMPLE)
        with another_origin(attack.replace("BASE", version)) as port:
            evil = page.context.new_page()
            evil.goto(f"http://{name}:{port}/")
            evil.wait_for_function("document.title.startsWith('[')")
            told = {each[0]: each[1:] for each in json.loads(evil.title())}
            framed = evil.frame_locator("#framed").locator("#desk, .rows, .lead").count()
        after = world.file().read_bytes()

    assert before == after
    assert 0 == framed
    assert ["refused"] == told["typed"] == told["token"] == told["read"]
    assert ["nothing"] == told["opened"]
    assert told["simple"] in (["refused"], ["opaque", 0, ""])
    assert told["blind"] in (["refused"], ["opaque", 0, ""])


def test_nothing_of_an_issue_or_a_template_runs_or_leads_away(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    own = publication.own("partials/opening.mjml.j2")
    own.write_text(f"{own.read_text()}<mj-raw>{NASTY}</mj-raw>")
    issue: Path = publication.folder / "issues" / f"{EXAMPLE}.md"
    issue.write_text(issue.read_text().replace("## 1.", f"{MARKDOWN}\n\n## 1.", 1))
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        sent: list[str] = []
        page.context.on("requestfinished", lambda request: sent.append(request.url))
        page.context.on("requestfailed", lambda request: sent.append(_reason(request)))
        expect(text(page)).to_be_visible()
        shown = page.locator("#message iframe:visible").first
        expect(shown.content_frame.locator("#bad")).to_be_attached()
        at = page.url
        facts = shown.evaluate(
            """async (frame) => {
              const leaf = frame.contentDocument;
              for (const id of ['bad', 'away', 'send']) leaf.getElementById(id)?.click();
              leaf.getElementById('post')?.submit?.();
              await new Promise((done) => setTimeout(done, 1500));
              const links = [...leaf.links].map((each) => each.getAttribute('href'));
              return {
                pwned: [window.pwned ?? null, frame.contentWindow.pwned ?? null],
                here: frame.contentWindow.location.pathname,
                sandbox: frame.getAttribute('sandbox'),
                raw: leaf.querySelectorAll('.intro script, .intro img[onerror]').length,
                bad: links.filter((each) => /^(data|javascript):/.test(each)).length,
              };
            }"""
        )
        still = page.url

    assert [None, None] == facts["pwned"]
    assert ("/frame", "allow-same-origin") == (facts["here"], facts["sandbox"])
    assert at == still
    assert 0 == facts["raw"]
    assert 1 >= facts["bad"], "the template's own, and none of the issue's"
    assert [] == [each for each in sent if "evil.example" in each and "csp" not in each]


def _reason(request: Any) -> str:
    """A request that the page's policy keeps back fails before it is sent, and says so."""
    return f"{request.url} {request.failure}"
