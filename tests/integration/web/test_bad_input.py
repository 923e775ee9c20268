"""Whatever stands in a field, a path, a header or a body: a page and no fault of ours.

What reads them is `newsletter/web/public/forms.py` and `guard.py`.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.publishing.readers import Purpose
from tests.integration.web.conftest import READER, World, call
from tests.integration.web.routes import FORMS, Asked, good_paths

HOSTILE = [
    "x" * 60_000,
    "a@" + "b" * 60_000,
    "ann@example.com\x00",
    "\x00",
    "Ann\r\nBcc: v@evil.example",  # A-HDR-01
    "Ann\rX: y",  # A-HDR-03
    "Ann\x0bBcc: v@e.example",  # A-HDR-05: VT, which splitlines takes for a line end
    "Ann\x0cBcc: v@e.example",  # A-HDR-07
    "Ann\x85Bcc: v@e.example",
    "Ann\u2028Bcc: v@e.example",
    "Ann\x00",  # A-HDR-09
    "=?utf-8?b?QQ0KQmNjOiB2QGU=?=",  # A-HDR-11
    "=?utf-8?q?evil=40bad=2Eorg=3E=2C_x ...?= ",  # A-HDR2-03
    '"><img src=x onerror=alert(1)>',
    "</title><script>alert(1)</script>",
    '"Ann <v@evil.example>"@example.com',
    '"a b"@example.com',
    '"a\\"b"@example.com',
    "(comment)ann@example.com",
    "ann@example.com,bob@example.com",
    "ann@example.com bob@example.com",
    "<ann@example.com>",
    "Ann <ann@example.com>",
    "ann@[127.0.0.1]",
    "ann@[IPv6:::1]",
    "ann@exampl\u217ce.org",  # only looks like example.org
    "\u212aelvin@example.org",  # the Kelvin sign
    "\uff41nn@example.com",  # a full-width letter
    "\u0430nn@example.com",  # a Cyrillic a
    "ann@ex\u0430mple.com",
    "\u202eann@example.com",
    "ann\u200b@example.com",
    "ann@xn--a.example",
    "ann@" + "a." * 200 + "example",
    "a" * 65 + "@example.com",
    "{{ 7 * 7 }}",
    "%s%s%n",
    "' OR 1=1 --",
    "\\ud800",
    "\ufffe\uffff",
    "😀" * 500,
    "",
    " ",
    "@",
    "@@",
    "a@b@c",
]


def spread(value: str) -> dict[str, str | list[str]]:
    """Every field that any form of ours has, with the same in it."""
    names = ("email", "first_name", "topic", "pause", "reason", "List-Unsubscribe")
    return dict.fromkeys(names, value)


def path_of(world: World, route: str) -> str:
    return next(
        asked.path
        for asked in good_paths(world)
        if asked.route == route and "POST" in asked.methods
    )


@pytest.mark.parametrize("route", FORMS)
def test_every_field_of_every_form_takes_anything(world: World, route: str) -> None:
    path = path_of(world, route)
    for value in HOSTILE:
        for kind in ("data", "files") if route == "/subscribe" else ("data",):
            fields: dict[str, Any] = {**spread(value), "stamp": world.stamp(*FORMS[route])}
            if kind == "files":
                fields = {name: (None, each) for name, each in fields.items()}
            answer = world.client.post(path, **{kind: fields})

            assert answer.status_code in {200, 400, 403, 404, 409, 410, 413, 422, 429}, value[:60]
            assert "<script>alert" not in answer.text, value[:60]
            assert "<img src=x" not in answer.text, value[:60]
    assert [] == world.heard


@pytest.mark.parametrize("route", FORMS)
def test_a_field_of_a_megabyte_is_too_large(world: World, route: str) -> None:
    big = "x" * 1_000_000
    form = {"email": big, "first_name": big, "stamp": world.stamp(*FORMS[route])}
    path = path_of(world, route)
    before = world.dump()

    assert 413 == world.client.post(path, data=form).status_code
    assert before == world.dump()


def test_what_is_typed_is_shown_again_and_never_as_markup(world: World) -> None:
    """The form with a fault repeats what its own sender typed, and nobody else sees it."""
    answer = world.sign_up('no"><img src=x onerror=alert(1)>', "<script>alert(1)</script>")

    assert 422 == answer.status_code
    assert "<img src=x" not in answer.text
    assert "<script" not in answer.text
    assert "no&#34;&gt;&lt;img src=x onerror=alert(1)&gt;" in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "Ann\r\nBcc: v@evil.example",
        "Ann\rX: y",
        "Ann\x0bBcc: v@e.example",
        "Ann\x0cBcc: v@e.example",
        "Ann\x00",
        "=?utf-8?b?QQ0KQmNjOiB2QGU=?=",
        "You won 1,210,926 USD http://evil.example",  # A-SUB-04
        "www.evil.example",
        "\u202eAnn",
        "x" * 81,
    ],
)
def test_a_name_that_is_none_is_refused_at_the_door(world: World, name: str) -> None:
    """A-HDR-01 to -11: on the form, and on the reader's own page."""
    before = world.dump()
    signed_up = world.sign_up("new@example.com", name)
    form = {"first_name": name, "stamp": world.stamp("prefer", READER)}
    preferred = world.client.post(world.path(Purpose.PREFERENCES), data=form)

    assert (422, 422) == (signed_up.status_code, preferred.status_code)
    assert before == world.dump()


@pytest.mark.parametrize(
    "charset",
    [
        *("unicode_escape", "raw_unicode_escape", "utf-7", "utf-16", "utf-32", "undefined"),
        *("idna", "punycode", "rot13", "zlib", "base64", "hex", "mbcs", "none", "\x7f", "é"),
    ],
)
def test_a_form_in_any_encoding_is_read_or_refused(world: World, charset: str) -> None:
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field
        for field in [
            (b"stamp", world.stamp("subscribe").encode()),
            (b"email", b"foo\\ud800+2AA-\xff"),
            (b"first_name", b"\\ud800\\x00"),
        ]
    )
    kind = f"multipart/form-data; boundary=x; charset={charset}".encode("latin-1")
    answer = world.client.post(
        "/subscribe", content=body + b"--x--\r\n", headers={"Content-Type": kind}
    )

    assert answer.status_code in {400, 403, 422}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"stamp=x"),  # no boundary
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"\x00" * 1_000),
        ("multipart/form-data; boundary=" + "x" * 10_000, b""),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 5_000),
        ("application/x-www-form-urlencoded", b"&" * 60_000),
        ("application/x-www-form-urlencoded", b"stamp" + b"&a=b" * 15_000),
        ("application/x-www-form-urlencoded", b"%"),
        ("application/x-www-form-urlencoded", b"%ff=%00&%zz=%u0041"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"stamp=%00"),
        ("application/json", b'{"stamp": "x"}'),
        ("text/plain", b"stamp=x"),
        ("", b"stamp=x"),
        ("\xff", b"stamp=x"),
    ],
)
def test_a_body_that_is_no_form_is_refused(world: World, kind: str, body: bytes) -> None:
    for asked in good_paths(world):
        if "POST" in asked.methods:
            headers = {"Content-Type": kind.encode("latin-1")}
            answer = world.client.post(asked.path, content=body, headers=headers)

            assert answer.status_code in {400, 403}, asked.route


def test_a_form_of_which_half_has_come_is_no_form(world: World) -> None:
    """Whoever hangs up after ann@example.co has not asked for anything."""
    whole = f"stamp={world.stamp('subscribe')}&email=ann@example.com".encode()
    headers = [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", str(len(whole)).encode()),
    ]
    before = world.dump()
    sent = world.client.run(
        call(
            world,
            "POST",
            "/subscribe",
            headers,
            {"type": "http.request", "body": whole[:-1], "more_body": True},
            {"type": "http.disconnect"},
        )
    )

    assert [] == sent
    assert before == world.dump()


def test_a_body_with_two_lengths_is_refused(world: World) -> None:
    """RFC 9112, 6.1."""
    headers = [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")]
    body = {"type": "http.request", "body": b"hello", "more_body": False}
    sent = world.client.run(call(world, "POST", "/subscribe", headers, body))

    assert 400 == sent[0]["status"]
    assert (b"connection", b"close") in sent[0]["headers"]


_METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "FOO"])
_TEXT = st.text(max_size=40) | st.sampled_from(["..", "%2e%2e", "\x00", "\udc80", "{token}", "//"])
_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            b"accept",
            b"content-type",
            b"content-length",
            b"cookie",
            b"expect",
            b"forwarded",
            b"host",
            b"if-none-match",
            b"origin",
            b"range",
            b"sec-fetch-site",
            b"x-forwarded-for",
            b"x-forwarded-proto",
        ]
    ),
    st.binary(max_size=40)
    | st.sampled_from(
        [
            b"application/x-www-form-urlencoded",
            b"multipart/form-data; boundary=x",
            b"cross-site",
            b"https",
            b"12",
            b"*",
        ]
    ),
    max_size=5,
)
_BODIES = (
    st.binary(max_size=200)
    | st.just(b"List-Unsubscribe=One-Click")
    | st.dictionaries(_TEXT, _TEXT, max_size=4).map(
        lambda fields: "&".join(f"{name}={value}" for name, value in fields.items()).encode(
            "utf-8", "replace"
        )
    )
)


def _fuzz(world: World, paths: list[Asked], data: st.DataObject) -> None:
    asked = data.draw(st.sampled_from(paths), label="route")
    parts = asked.path.split("/")
    at = data.draw(st.integers(1, len(parts) - 1))
    change = data.draw(st.sampled_from(["keep", "replace", "append", "cut", "double"]))
    changed = {
        "keep": parts[at],
        "replace": data.draw(_TEXT),
        "append": parts[at] + data.draw(_TEXT),
        "cut": parts[at][:-1],
        "double": parts[at] * 2,
    }[change]
    path = "/".join([*parts[:at], changed, *parts[at + 1 :]])
    headers = [*data.draw(_HEADERS).items()]
    body = {"type": "http.request", "body": data.draw(_BODIES), "more_body": False}
    method = data.draw(_METHODS)
    sent = world.client.run(call(world, method, path, headers, body))

    assert sent[0]["status"] < 500, (method, path, headers, body)
    assert sent[0]["status"] // 100 != 3 or sent[0]["status"] == 304
    assert b"content-security-policy" in dict(sent[0]["headers"])


def _fuzzed(world: World, examples: int) -> None:
    paths = [*good_paths(world)]

    @given(data=st.data())
    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    def fuzz(data: st.DataObject) -> None:
        _fuzz(world, paths, data)

    fuzz()


def test_no_request_makes_a_fault_of_ours(world: World) -> None:
    _fuzzed(world, 40)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_request_of_thousands_makes_a_fault_of_ours(world: World) -> None:
    _fuzzed(world, 4_000)
