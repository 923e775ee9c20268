"""Who is let in at `newsletter.web.studio`, and who is refused, over real HTTP."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from newsletter.web.studio import guard
from newsletter.web.studio.app import ROUTES
from tests.integration.web.studio.door_world import EVIL, NAME, Door, Inside, door, lay_out

OPEN = f"/api/issues/{NAME}/open"
SAVE = f"/api/issues/{NAME}/save"
LOOK = f"/api/issues/{NAME}/look"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One for all tests here, which change nothing in it that another one sees."""
    with door(
        lay_out(tmp_path_factory.mktemp("friday")), tmp_path_factory.mktemp("state")
    ) as found:
        yield found
    assert [] == found.heard


@pytest.fixture(scope="module")
def inside(studio: Door) -> Iterator[Inside]:
    found = studio.inside()
    yield found
    found.client.close()


def text_of(inside: Inside) -> str:
    text: str = inside.get(OPEN).json()["text"]
    return text


# The link


def test_looking_at_a_link_opens_nothing_and_a_press_opens_it_once(tmp_path: Path) -> None:
    with door(lay_out(tmp_path / "friday"), tmp_path / "state") as studio:
        link, ours = studio.started.own_link, {"Origin": studio.url}
        with studio.stranger() as machine:
            looks = [machine.request(method, link) for method in ("GET", "HEAD", "GET")]
        with studio.stranger() as browser:
            first = browser.post(link, headers=ours)
            again = browser.get(link)
        with studio.stranger() as late:
            spent = late.get(link, headers={"Accept": "text/html"})
            pressed = late.post(link, headers=ours)

    assert [200, 200, 200] == [look.status_code for look in looks]
    assert not any("set-cookie" in look.headers for look in looks)
    assert (200, {"to": "/"}) == (first.status_code, first.json())
    said = first.headers["set-cookie"].lower()
    assert ("httponly" in said, "samesite=strict" in said, "path=/" in said) == (True, True, True)
    assert (303, "/") == (again.status_code, again.headers["location"])
    assert (403, 403) == (spent.status_code, pressed.status_code)
    assert "newsletter studio" in spent.text
    assert "This link has been used" in pressed.json()["said"]


def test_link_is_not_opened_by_a_page_of_another_origin(studio: Door) -> None:
    link = studio.started.own_link
    with studio.stranger() as browser:
        for headers in ({}, {"Origin": EVIL}, {"Origin": "null"}, {"Origin": f"{studio.url}0"}):
            assert 403 == browser.post(link, headers=headers).status_code, headers


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/"]
)
def test_link_leads_to_pages_of_ours_alone(studio: Door, inside: Inside, to: str) -> None:
    asked = inside.client.get("/enter/spent", params={"to": to})

    assert (303, "/") == (asked.status_code, asked.headers["location"])


def test_link_of_another_time_or_another_studio_is_none(studio: Door) -> None:
    with studio.stranger() as browser:
        for link in ("x", "1.any.x.00", "é", "%00", "9999999999.any.x." + "0" * 64):
            assert 403 == browser.get(f"/enter/{link}").status_code
            answer = browser.post(f"/enter/{link}", headers={"Origin": studio.url})
            assert 403 == answer.status_code


# Who asks


def test_stranger_is_told_how_to_get_in_and_nothing_else(studio: Door) -> None:
    with studio.stranger() as browser:
        page = browser.get("/", headers={"Accept": "text/html,*/*"})
        api = browser.get(OPEN)
        plain = browser.get(f"/issues/{NAME}")

    assert (403, 403, 403) == (page.status_code, api.status_code, plain.status_code)
    assert "text/html; charset=utf-8" == page.headers["content-type"]
    assert "<code" in page.text
    assert "newsletter studio" in page.text
    assert "The Friday" not in page.text
    assert "studio-token" not in page.text
    assert "newsletter studio" in api.json()["said"]
    assert "newsletter studio" in plain.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost",
        "127.0.0.1",
        "localhost.:{port}",
        "",
        "127.0.0.1:1",
    ],
)
def test_another_name_is_not_answered_whoever_asks(studio: Door, inside: Inside, host: str) -> None:
    """DNS rebinding: the browser believes that evil.example is here, cookie and all."""
    named = host.format(port=studio.port)

    assert 421 == inside.get("/", Host=named).status_code
    assert 421 == inside.post(LOOK, {"text": ""}, Host=named).status_code
    assert 421 == inside.get("/static/studio.js", Host=named).status_code


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_own_names_are_answered(studio: Door, inside: Inside, name: str) -> None:
    host = f"{name}:{studio.port}"
    origin = f"http://{host.lower()}"

    assert 200 == inside.get("/", Host=host).status_code
    assert 200 == inside.post(LOOK, {"text": ""}, Host=host, Origin=origin).status_code


def test_two_hosts_or_none_are_refused(studio: Door, inside: Inside) -> None:
    cookie = inside.cookie.encode()
    ours = f"Host: {studio.host}\r\n".encode()
    for hosts in (
        ours + b"Host: evil.example\r\n",
        b"Host: evil.example\r\n" + ours,
        ours * 2,
        b"",
    ):
        head = b"GET / HTTP/1.1\r\n" + hosts + b"Cookie: " + cookie + b"\r\n\r\n"
        assert studio.talk(head).split()[1] in (b"400", b"421"), hosts
    old = b"GET / HTTP/1.0\r\nCookie: " + cookie + b"\r\n\r\n"
    assert b"421" == studio.talk(old).split()[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"x-studio-token": ""},
        {"x-studio-token": "0" * 64},
        {"x-studio-token": "\xe9"},
        {"Cookie": ""},
        {"Cookie": "studio=x"},
    ],
    ids=str,
)
def test_change_is_refused_without_origin_token_or_session(
    studio: Door, inside: Inside, headers: dict[str, str]
) -> None:
    before = text_of(inside)
    version = inside.get(OPEN).json()["version"]
    sent = {"Cookie": inside.cookie, **inside.headers, **headers}
    octets = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    with httpx.Client(base_url=studio.url) as client:
        answer = client.post(SAVE, json={"text": "gone", "base": version}, headers=octets)

    assert 403 == answer.status_code
    assert answer.json()["said"]
    assert before == text_of(inside)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"])
def test_no_method_goes_round_the_token(studio: Door, inside: Inside, method: str) -> None:
    answer = inside.client.request(method, SAVE, json={"text": "gone"})

    assert 403 == answer.status_code


def test_every_route_asks_for_a_session_and_every_change_for_a_token(
    studio: Door, inside: Inside
) -> None:
    """Whoever adds a route need not think of it."""
    routes = [each for each in ROUTES if isinstance(each, Route)]
    asked = [
        (method, route.path_format.format_map(defaultdict(lambda: NAME)))
        for route in routes
        for method in route.methods or ()
        if not route.path.startswith(guard.ENTRANCE)
    ]
    assert 40 < len(asked)
    with studio.stranger() as stranger:
        for method, path in asked:
            ours = {"Origin": studio.url}
            assert 403 == stranger.request(method, path, headers=ours).status_code, path
            if method not in {"GET", "HEAD"}:
                answer = inside.client.request(method, path, headers=ours, json={})
                assert 403 == answer.status_code, path


def test_page_of_another_origin_is_given_nothing_to_load(inside: Inside) -> None:
    """What a browser says of an image, a script, a frame or a fetch of another page."""
    for site in ("cross-site", "same-site"):
        for mode, dest in (("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")):
            said = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
            for path in ("/", OPEN, "/static/studio.js", "/frame"):
                assert 403 == inside.client.get(path, headers=said).status_code, (said, path)
        link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert 200 == inside.client.get("/", headers=link).status_code


def test_cookie_of_another_account_is_none(
    studio: Door, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's server on this machine is sent the cookie: cookies do not know ports."""
    with httpx.Client(base_url=studio.url, headers={"Cookie": inside.cookie}) as client:
        ours = client.get("/").status_code
    monkeypatch.setattr("newsletter.web.studio.server.account_of", lambda *_: 4_321)
    with httpx.Client(base_url=studio.url, headers={"Cookie": inside.cookie}) as client:
        theirs = client.get("/").status_code

    assert (200, 403) == (ours, theirs)


# Headers


def test_every_answer_has_the_policies(studio: Door, inside: Inside) -> None:
    with studio.stranger() as stranger:
        answers = [
            stranger.get("/"),
            stranger.get("/enter/x"),
            stranger.get("/static/studio.css"),
            inside.get("/"),
            inside.get("/nothing"),
            inside.get(OPEN),
            inside.get("/", Host="evil.example"),
            inside.post(LOOK, {"text": 1}),
        ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
        assert "nosniff" == answer.headers["x-content-type-options"]
        assert "no-referrer" == answer.headers["referrer-policy"]
        assert "same-origin" == answer.headers["cross-origin-resource-policy"]
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
        is_static = "/static/" in str(answer.url)
        assert ("no-cache" if is_static else "no-store") == answer.headers["cache-control"]


def test_frame_of_the_message_is_a_sandbox_of_its_own(inside: Inside) -> None:
    answer = inside.get("/frame")
    policy = answer.headers["content-security-policy"]

    assert policy.startswith("sandbox allow-same-origin; default-src 'none'")
    assert "script" not in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy


# Paths


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../newsletter",
        "..%2fnewsletter.toml",
        "%2e%2e%2fnewsletter.toml",
        "..%5cnewsletter.toml",
        "%2e%2e",
        "....//newsletter.toml",
        "%2fetc%2fpasswd",
        "archive%2fx",
        ".hidden",
        f"{NAME}.md%00",
        "%00",
        "%ff%fe",
        "missing",
        "link",
        "shelved",
        "folder",
        "x" * 5_000,
    ],
)
def test_no_path_reaches_a_file_that_is_no_issue(studio: Door, inside: Inside, name: str) -> None:
    issues = studio.folder / "issues"
    (issues / ".hidden.md").write_text("hidden")
    (studio.folder / "secret.md").write_text("secret")
    (studio.folder / "elsewhere").mkdir(exist_ok=True)
    (studio.folder / "elsewhere" / "shelved.md").write_text("secret")
    (issues / "folder.md").mkdir(exist_ok=True)
    for place, target in (("link.md", "secret.md"), ("archive", "elsewhere")):
        if not (issues / place).is_symlink():
            (issues / place).symlink_to(studio.folder / target)
    ours = f"Host: {studio.host}\r\nCookie: {inside.cookie}\r\nConnection: close\r\n\r\n"
    answer = studio.talk(f"GET /api/issues/{name}/open HTTP/1.1\r\n{ours}".encode())

    assert answer.split()[1] in (b"404", b"400"), answer
    assert b"secret" not in answer
    assert b"hidden" not in answer
    page = studio.talk(f"GET /issues/{name} HTTP/1.1\r\n{ours}".encode())
    assert page.split()[1] in (b"404", b"400")


@pytest.mark.parametrize(
    "path",
    ["../guard.py", "..%2fguard.py", "%2e%2e/%2e%2e/guard.py", "..%5cguard.py", "/etc/passwd", ""],
)
def test_static_is_the_bundle_alone(studio: Door, path: str) -> None:
    raw = f"GET /static/{path} HTTP/1.1\r\nHost: {studio.host}\r\nConnection: close\r\n\r\n"

    assert studio.talk(raw.encode()).split()[1] in (b"404", b"405", b"403")


def test_picture_that_is_a_link_is_not_read(studio: Door, inside: Inside) -> None:
    secret = studio.folder.parent / "secret.png"
    secret.write_bytes(b"\x89PNG xyzzy")
    link = studio.folder / "images" / "link.png"
    link.symlink_to(secret)
    text = text_of(inside) + "\n![A boat](images/link.png)\n"
    linked = inside.post(LOOK, {"text": text}).text
    link.unlink()
    secret.unlink()
    link.symlink_to(secret)
    dangling = inside.post(LOOK, {"text": text}).text
    link.unlink()

    assert "xyzzy" not in linked
    assert linked == dangling, "nobody learns whether the target is there"


# Bodies


def head(studio: Door, inside: Inside, *lines: str, path: str = LOOK) -> bytes:
    sent = [
        f"POST {path} HTTP/1.1",
        f"Host: {studio.host}",
        f"Cookie: {inside.cookie}",
        *(f"{name}: {value}" for name, value in inside.headers.items()),
        *lines,
    ]
    return "\r\n".join(sent).encode() + b"\r\n\r\n"


def chunks(count: int, size: int) -> bytes:
    return b"%x\r\n%s\r\n" % (size, b"x" * size) * count + b"0\r\n\r\n"


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_BODY", 100_000)
    monkeypatch.setattr(guard, "MOST_BODY_TIME", 1.0)
    monkeypatch.setattr(guard, "MOST_LEFT_TIME", 1.0)


@pytest.mark.usefixtures("narrow")
def test_body_too_large_is_refused_and_the_refusal_is_read(studio: Door, inside: Inside) -> None:
    answer = inside.post(LOOK, {"text": "x" * 1_000_000})

    assert 413 == answer.status_code
    assert "too large" in answer.json()["said"]


@pytest.mark.usefixtures("narrow")
def test_chunks_are_counted_as_they_come(studio: Door, inside: Inside) -> None:
    sent = head(studio, inside, "Transfer-Encoding: chunked")

    assert b"413" == studio.talk(sent + chunks(50, 10_000)).split()[1]
    small = b'6\r\n{"text\r\n5\r\n":""}\r\n0\r\n\r\n'
    closed = head(studio, inside, "Transfer-Encoding: chunked", "Connection: close")
    assert b"200" == studio.talk(closed + small).split()[1]


@pytest.mark.usefixtures("narrow")
def test_body_that_does_not_come_is_not_waited_for(studio: Door, inside: Inside) -> None:
    assert b"408" == studio.talk(head(studio, inside, "Content-Length: 10") + b"{").split()[1]


def test_two_lengths_are_refused(studio: Door, inside: Inside) -> None:
    both = head(studio, inside, "Content-Length: 4", "Transfer-Encoding: chunked")

    assert b"400" == studio.talk(both + b"0\r\n\r\n").split()[1]


def test_refused_stranger_reads_the_refusal_of_a_large_body(studio: Door) -> None:
    with studio.stranger() as client:
        answer = client.post(SAVE, content=b"x" * 2_000_000, headers={"Origin": studio.url})

    assert 403 == answer.status_code


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[" * 200_000, b"[]", b"1", b'{"text": 1}', b'"\\ud800"', b"\xff\xfe"]
)
def test_body_that_is_no_question_is_refused(studio: Door, inside: Inside, body: bytes) -> None:
    answer = inside.client.post(LOOK, content=body, headers=inside.headers)

    assert 400 == answer.status_code


def test_text_larger_than_an_issue_is_refused(inside: Inside) -> None:
    assert 413 == inside.post(LOOK, {"text": "x" * 3_000_000}).status_code
