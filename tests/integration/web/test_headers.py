"""What every answer of the site says to browsers and caches, whatever was asked."""

from collections.abc import Iterator

import httpx
import pytest

from newsletter.publishing.readers import Purpose
from tests.integration.web.conftest import MakeWorld, World
from tests.integration.web.routes import good_paths

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def answers(world: World) -> Iterator[tuple[str, httpx.Response]]:
    """Every route by every method, and each kind of error."""
    for asked in good_paths(world):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            yield f"{method} {asked.route}", world.client.request(method, asked.path)
    yield "404", world.client.get("/nowhere")
    yield "400", world.client.get("/unsubscribe/nobody")
    yield "413", world.client.post("/subscribe", content=b"x" * 70_000)
    yield "422", world.sign_up("no address")


def test_every_answer_has_the_strict_policies_and_no_cookie_and_leads_nowhere(
    world: World,
) -> None:
    """A-CSRF-08 among them: no page of ours is shown in a frame."""
    for what, answer in answers(world):
        assert POLICY == set(answer.headers["content-security-policy"].split("; ")), what
        assert "DENY" == answer.headers["x-frame-options"], what
        assert "nosniff" == answer.headers["x-content-type-options"], what
        assert "camera=()" in answer.headers["permissions-policy"], what
        assert answer.headers["referrer-policy"] in {
            "no-referrer",
            "strict-origin-when-cross-origin",
        }, what
        assert "set-cookie" not in answer.headers, what
        assert "location" not in answer.headers, what
        assert not answer.is_redirect, what
        assert "strict-transport-security" not in answer.headers, what
        assert "server" not in answer.headers, what
        assert answer.status_code < 500, what


def test_a_page_with_a_token_is_kept_nowhere_and_refers_to_nobody(world: World) -> None:
    """A-TOK-08. Nothing of a stranger's is loaded by it either."""
    for asked in good_paths(world):
        if "{token}" not in asked.route:
            continue
        answer = world.client.get(asked.path)

        assert "no-store" == answer.headers["cache-control"], asked.route
        assert "no-referrer" == answer.headers["referrer-policy"], asked.route
        assert 'src="http' not in answer.text, asked.route
        assert "access-control-allow-origin" not in answer.headers, asked.route


def test_the_forms_page_is_kept_nowhere_and_the_archive_for_a_minute(world: World) -> None:
    assert "no-store" == world.client.get("/subscribe").headers["cache-control"]
    assert "no-store" == world.client.get("/healthz").headers["cache-control"]
    assert "public, max-age=60" == world.client.get("/issues/2021-11-26").headers["cache-control"]


@pytest.mark.parametrize("forged", [True, False])
def test_https_is_pinned_only_where_a_trusted_proxy_says_that_it_was_https(
    make_world: MakeWorld, *, forged: bool
) -> None:
    proxies = "" if forged else 'trusted_proxies = ["192.0.2.1"]'
    world = make_world({"[site]": f"[site]\n{proxies}"})

    answer = world.client.get("/subscribe", headers={"X-Forwarded-Proto": "https"})

    assert forged is ("strict-transport-security" not in answer.headers)


def test_a_fault_of_ours_is_a_page_with_the_policies_and_without_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("newsletter.web.public.leaving.stamps_of", broken)
    answer = world.client.get(world.path(Purpose.UNSUBSCRIBE))

    assert 500 == answer.status_code
    assert "content-security-policy" in answer.headers
    assert "no-store" == answer.headers["cache-control"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert ["a page could not be made: RuntimeError"] == world.heard


def test_where_even_the_page_for_a_fault_is_at_fault_there_is_a_word(world: World) -> None:
    folder = world.folder / "templates/site"
    folder.mkdir(parents=True)
    (folder / "layout.html.j2").write_text("{{ nothing_of_ours }}")

    answer = world.client.get("/subscribe")

    assert (500, "Something broke here. Please try again later.\n") == (
        answer.status_code,
        answer.text,
    )
    assert "content-security-policy" in answer.headers


TARGETS = [
    "/issues?u=//evil.example",
    "/?u=https:evil.example",
    "/?u=javascript:alert(1)",
    "/subscribe?next=//evil.example",
    "//evil.example/",
    "/%2f%2fevil.example",
    "/\\evil.example",
    "/https://evil.example",
    "/issues/?next=https://evil.example",
    "/subscribe/",
    "/healthz/",
    "/issues/2021-11-26/",
    "/feed.atom/",
    "/click/1",
]


def test_nothing_leads_elsewhere(world: World) -> None:
    """A-REDIR-02, -04, -06, -08 and -10: no route has a target, and nothing is redirected."""
    for target in TARGETS:
        for method in ("GET", "HEAD", "POST"):
            answer = world.client.request(method, target, headers={"Host": "evil.example"})

            assert not answer.is_redirect, target
            assert "location" not in answer.headers, target
            assert "evil.example" not in answer.text, target


def test_nobodys_host_is_on_any_page(world: World) -> None:
    """A-SUB-08: links are made of the settings."""
    forged = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "https://evil.example/",
    }
    for asked in good_paths(world):
        for method in ("GET", "POST"):
            answer = world.client.request(method, asked.path, headers=forged)

            assert "evil.example" not in answer.text + str(answer.headers), asked.route
            assert answer.status_code < 500, asked.route


def test_a_host_that_is_none_breaks_nothing(world: World) -> None:
    for host in ("a/b", "a?b", "[", "a#b", "a:99999", "", "a b", "é"):
        for path in ("/feed.atom", "/site.css?v=1", "/subscribe", "/nowhere"):
            answer = world.client.get(path, headers={"Host": host.encode("latin-1")})

            assert answer.status_code in {200, 400, 404}, (host, path)


def test_a_site_below_a_path_answers_there_and_leads_nowhere(make_world: MakeWorld) -> None:
    base_url = 'base_url = "https://news.example.com'
    world = make_world({f'{base_url}"': f'{base_url}/news"'})
    world.publish()
    statuses = [
        world.client.get(path).status_code
        for path in ("/news", "/news/", "/news/issues", "/news/issues/2021-11-26", "/", "/issues/")
    ]

    assert [200, 200, 200, 200, 404, 404] == statuses
    picture = world.client.get("/news/images/none.png")
    assert "cross-origin" == picture.headers["cross-origin-resource-policy"]


def test_a_page_of_errors_repeats_nothing_of_what_was_asked(world: World) -> None:
    """A-XSS-16."""
    for path in (
        '/issues/?q="><script>alert(1)</script>',
        '/issues/"><script>alert(1)</script>',
        '/unsubscribe/"><script>alert(1)</script>',
        '/nowhere?q="><script>alert(1)</script>',
    ):
        assert "alert(1)" not in world.client.get(path).text
