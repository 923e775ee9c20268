import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import TransportURLError
from newsletter.transports import Tls, parse_transport_url
from newsletter.transports.options import Timeouts
from newsletter.transports.url import mask


def fault_of(text: str, *, password: str | None = None) -> str:
    with pytest.raises(TransportURLError) as caught:
        parse_transport_url(text, password=password)
    return str(caught.value)


def test_parse_transport_url_reads_user_password_host_and_port() -> None:
    url = parse_transport_url("smtp://ada:pw@relay.example.com:2525")

    assert (
        "ada",
        "pw",
        "relay.example.com",
        2525,
        Tls.REQUIRED,
    ) == (url.user, url.password, url.host, url.port, url.tls)


@pytest.mark.parametrize(
    ("text", "port", "tls", "address"),
    [
        ("smtp://relay", 587, Tls.REQUIRED, "relay:587"),
        ("smtp://relay/", 587, Tls.REQUIRED, "relay:587"),
        ("SMTP://relay", 587, Tls.REQUIRED, "relay:587"),
        ("smtp://relay?tls=opportunistic", 587, Tls.OPPORTUNISTIC, "relay:587"),
        ("smtps://relay", 465, Tls.IMPLICIT, "relay:465"),
        ("smtps://relay:8465", 8465, Tls.IMPLICIT, "relay:8465"),
        ("smtp://[::1]?tls=none", 587, Tls.NONE, "[::1]:587"),
        ("smtp://[2001:db8::1]:25", 25, Tls.REQUIRED, "[2001:db8::1]:25"),
        ("  smtp://relay  ", 587, Tls.REQUIRED, "relay:587"),
        ("smtp:///run/re%20lay", None, Tls.NONE, "/run/re lay"),
        ("lmtp:///run/dovecot/lmtp", None, Tls.NONE, "/run/dovecot/lmtp"),
        ("lmtp://localhost:24", 24, Tls.NONE, "localhost:24"),
        ("lmtp://localhost:24?tls=required", 24, Tls.REQUIRED, "localhost:24"),
        ("lmtp://store.example:24", 24, Tls.REQUIRED, "store.example:24"),
        ("lmtp://store.example:24?tls=none", 24, Tls.NONE, "store.example:24"),
    ],
)
def test_parse_transport_url_gives_each_scheme_its_port_and_encryption(
    text: str, port: int | None, tls: Tls, address: str
) -> None:
    url = parse_transport_url(text)

    assert (port, tls, address) == (url.port, url.tls, url.address)


def test_parse_transport_url_reads_every_option() -> None:
    url = parse_transport_url(
        "smtp://127.0.0.1:2525?tls=none&connections=10&rate=30/m&timeout=2.5"
        "&ca=keys/my%20ca.pem&messages=7&helo=news.example.com"
    )

    options = url.options

    assert (10, 0.5, 2.5, "keys/my ca.pem", 7, "news.example.com") == (
        options.connections,
        options.rate,
        options.timeout,
        options.ca,
        options.messages,
        options.helo,
    )


def test_parse_transport_url_reads_a_timeout_for_each_stage() -> None:
    options = parse_transport_url("smtp://relay?timeout.dot=900&timeout.mail=2.5").options

    assert Timeouts(final_dot=900.0, mail=2.5) == options.stage_timeouts
    assert 30.0 == options.timeout, "that of connecting is another"


@pytest.mark.parametrize(
    ("rate", "per_second"), [("50", 50), ("50/s", 50), ("0.5", 0.5), ("300/m", 5), ("1800/h", 0.5)]
)
def test_parse_transport_url_reads_a_rate_as_messages_per_second(
    rate: str, per_second: float
) -> None:
    assert per_second == parse_transport_url(f"smtp://relay?rate={rate}").options.rate


def test_parse_transport_url_has_sensible_defaults() -> None:
    options = parse_transport_url("smtp://relay").options

    assert (
        4,
        None,
        30.0,
        500,
    ) == (options.connections, options.rate, options.timeout, options.messages)


@pytest.mark.parametrize(
    ("option", "allowed"),
    [
        ("tls=yes", "required, opportunistic, none or insecure"),
        ("tls=implicit", "required, opportunistic, none or insecure"),
        ("connections=0", "1 to 100"),
        ("connections=101", "1 to 100"),
        ("connections=four", "1 to 100"),
        ("connections=", "1 to 100"),
        ("connections=²", "1 to 100"),
        ("rate=0", "above 0"),
        ("rate=-1", "above 0"),
        ("rate=5/d", "above 0"),
        ("rate=nan", "above 0"),
        ("timeout=0", "up to 600"),
        ("timeout=601", "up to 600"),
        ("timeout=1e2", "up to 600"),
        ("ca=", "PEM file"),
        ("messages=0", "1 to 100000"),
        ("timeout.dot=3601", "up to 3600"),
        ("idempotency=Bcc", "the relay's header field"),
        ("idempotency=X-Idempotency-Key%0D%0ABcc", "the relay's header field"),
        ("idempotency=X-Idempotency-Key:", "the relay's header field"),
        ("helo=two words", "a host name"),
        ("helo=a%0D%0ARSET", "a host name"),
        ("helo=%ff", "a host name"),
    ],
)
def test_parse_transport_url_names_a_bad_value_and_what_is_allowed(
    option: str, allowed: str
) -> None:
    fault = fault_of(f"smtp://relay?{option}")

    assert f"{option}: must be " in fault
    assert allowed in fault


def test_parse_transport_url_names_the_nearest_option_and_all_there_are() -> None:
    fault = fault_of("smtp://relay?conections=3")

    assert "unknown option “conections”, did you mean “connections”?" in fault
    allowed = "auth, ca, cert, connections, helo, idempotency, key, messages, per_day, per_hour, "
    assert f"(smtp: allows {allowed}" in fault


@pytest.mark.parametrize(
    "text", ["sendgrid:?tls=insecure", "directory:outbox?timeout=3", "console:?connections=2"]
)
def test_parse_transport_url_knows_which_scheme_takes_which_option(text: str) -> None:
    assert "unknown option" in fault_of(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("smtps://relay?tls=none", "smtps:// has TLS from the first byte: take out tls=none"),
        ("smtp:///run/relay.sock?tls=insecure", "a socket has no TLS"),
        ("smtps://relay?key=k.pem", "name that with cert="),
        ("smtp://localhost?tls=none&cert=c.pem", "there is none here: take out cert="),
    ],
)
def test_parse_transport_url_refuses_tls_options_that_contradict(text: str, part: str) -> None:
    assert part in fault_of(text)


@pytest.mark.parametrize(
    ("text", "tls"), [("smtp://relay", Tls.REQUIRED), ("smtps://relay", Tls.IMPLICIT)]
)
def test_parse_transport_url_knows_an_insecure_relay_encrypts_all_the_same(
    text: str, tls: Tls
) -> None:
    sound, insecure = parse_transport_url(text), parse_transport_url(f"{text}?tls=insecure")

    assert (tls, tls) == (sound.tls, insecure.tls)
    assert (False, True) == (sound.is_insecure, insecure.is_insecure)


def test_parse_transport_url_tells_all_faults_at_once() -> None:
    fault = fault_of("smtp://relay:0?rate=x&tls=maybe&speed=5&rate=3")

    for part in ("port 0", "rate=x", "tls=maybe", "“speed”", "“rate” is given twice"):
        assert part in fault


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no scheme"),
        ("relay", "no scheme"),
        ("smtp:", "//host:port"),
        ("smtp:relay", "//host:port"),
        ("smtp://", "host ''"),
        ("smtp://relay:port", "port …: must be 1 to 65535"),
        ("smtp://relay:99999", "port 99999: must be 1 to 65535"),
        ("smtp://relay:587/path", "nothing after it"),
        ("smtp://relay#x", "nothing after it"),
        ("smtp://ré.example", "ASCII"),
        ("smtp://re lay", "ASCII"),
        ("smtp://[::1", "host '[::1'"),
        ("smtp://[12345::1]", "not an IPv6 address"),
        ("smtp://relay\r\nRSET", "control character"),
        ("lmtp://relay", "the port is missing"),
        ("lmtp:///run/x?idempotency=X-Idempotency-Key", "unknown option"),
        ("smtps:///run/x", "a socket has no TLS"),
        ("smtp:///run/x?tls=required", "a socket has no TLS"),
        ("smtp:///" + "x" * 107, "longer than 107 octets"),
        ("smtp:///run/a@b", "there is an @ where none may be"),
        ("directory:", "the folder is missing: write it like directory:outbox/"),
        ("directory://outbox", "without slashes: directory:outbox"),
        ("maildir:a%00b", "the folder holds a control character"),
        ("console:out.txt", "nothing may follow “console:”"),
    ],
)
def test_parse_transport_url_says_what_is_wrong(text: str, part: str) -> None:
    assert part in fault_of(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("directory:outbox/", "outbox/"),
        ("directory:/var/out box", "/var/out box"),
        ("directory:///var/outbox", "/var/outbox"),
        ("maildir:a%20b%3F", "a b?"),
        ("maildir:Bücher", "Bücher"),
    ],
)
def test_parse_transport_url_reads_a_folder(text: str, path: str) -> None:
    url = parse_transport_url(text)

    assert path == url.path
    assert path == parse_transport_url(url.masked).path


def test_parse_transport_url_decodes_user_and_password() -> None:
    url = parse_transport_url("smtp://ada%40example.com:p%2Fw%3A%C3%A4%25@relay")

    assert ("ada@example.com", "p/w:ä%") == (url.user, url.password)


def test_parse_transport_url_takes_the_password_from_apart() -> None:
    assert "s3cret" == parse_transport_url("smtp://ada@relay", password="s3cret").password
    assert "s3cret" == parse_transport_url("smtp://ada:s3cret@relay", password="s3cret").password


@pytest.mark.parametrize("text", ["smtp://127.0.0.1?tls=none", "smtp://relay", "console:"])
def test_parse_transport_url_ignores_the_password_where_nobody_logs_in(text: str) -> None:
    """It may stand in the environment while one tries the local inbox."""
    assert parse_transport_url(text, password="s3cret").password is None


@pytest.mark.parametrize(
    ("text", "password", "part"),
    [
        ("smtp://ada:one@relay", "two", "given twice"),
        ("smtp://ada@relay", None, "no password: set NEWSLETTER_TRANSPORT_PASSWORD"),
        ("smtp://ada:@relay", None, "no password: set NEWSLETTER_TRANSPORT_PASSWORD"),
        ("smtp://:s3cret@relay", None, "a password but no user name"),
        ("smtp://ada:a%0D%0Ab@relay", None, "the password holds a control character"),
        ("smtp://a%00b:s3cret@relay", None, "the user name holds a control character"),
        ("smtp://ada@relay", "s3\ncret", "the password holds a control character"),
        ("smtp://ada:100%sure@relay", None, "the password holds a bare % sign: write %25"),
        ("smtp://ada:%ff@relay", None, "the password is not UTF-8"),
        ("smtp://ada:s3/cret@relay", None, "%2F"),
        ("smtp://ada:s3?cret@relay", None, "%3F"),
        ("smtp://ada:s3#cret@relay", None, "%23"),
        ("smtp://ada:s3cret@relay?tls=none", None, "in the clear"),
        ("smtp://ada@192.0.2.1?tls=none", "s3cret", "in the clear"),
    ],
)
def test_parse_transport_url_refuses_a_login_that_cannot_be(
    text: str, password: str | None, part: str
) -> None:
    assert part in fault_of(text, password=password)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_parse_transport_url_allows_a_clear_password_to_this_machine(host: str) -> None:
    assert parse_transport_url(f"smtp://ada:pw@{host}?tls=none").is_loopback


def test_parse_transport_url_allows_a_password_over_a_socket() -> None:
    url = parse_transport_url("smtp://ada:pw@/run/relay%3F")

    assert url.is_loopback
    assert ("/run/relay?", "smtp://ada:***@/run/relay%3F") == (url.path, url.masked)


def test_transport_url_never_shows_the_password() -> None:
    url = parse_transport_url("smtp://ada%40x:s3cret@relay:587?rate=5/s&ca=a%20b")

    assert "smtp://ada%40x:***@relay:587?rate=5/s&ca=a%20b" == url.masked
    assert "s3cret" not in f"{url} {url!r} {url.masked}"


@pytest.mark.parametrize(
    "text",
    [
        "smtp://ada:s3cret@relay?rate=x",
        "smtp://ada:s3cret@relay:nope",
        "smtp://ada:s3cret",
        "smtp:ada:s3cret@relay",
        "smtp://ada:s3/cret@relay",
        "smtp://ada:12/s3cret@relay",
        "smtp://ada:12?s3cret@relay",
        "smtp://ada:a?s3cret&cret@relay",
        "smtp://ada:a?b=1&s3cret@relay",
        "smtp://a/da:s3cret@relay",
        "smtp://ada:s3#cret@re#lay",
        "smtp://relay?password=s3cret",
        "smtp://relay?ada:s3cret",
        "smtp://ada:s3cret@re lay",
        "smtp://ada:s3cret%zz@relay",
        "smtp://ada:s3cret@relay\n",
        "://ada:s3cret@relay?x",
        "smtp://ada:s3cret@[::1?x",
        "smtps://ada:s3cret@/run/x",
        "smtp://ada:s3cret/run/x@y",
        "lmtp://ada:s3cret@store",
        "smtp://ada:s3:cret",
        "smtp://a da:s3cret",
        "maildir://ada:s3cret@x",
        "maildir://ada:s3/cret@x/y",
        "maildir://s3cret@x",
        "maildir:ada:s3cret@x",
        "directory://ada:s3cret@x?rate=x",
        "console:ada:s3cret@x",
        "console://s3cret",
        "recording:s3cret",
        "sendgrid:s3cret",
        "ses://s3cret:s3cret",
    ],
)
def test_a_fault_never_shows_the_password(text: str) -> None:
    fault = fault_of(text, password="other-s3cret" if "@" in text else None)

    assert "cret" not in fault


@pytest.mark.parametrize("path", ["/var/mail/ada@example.com/", "ada@example.com/box", "a:b"])
def test_a_folder_may_have_a_sign_in_its_name_that_is_no_login(path: str) -> None:
    assert path == parse_transport_url(f"maildir:{path}").path


def test_another_packages_scheme_keeps_its_options_and_hides_their_values() -> None:
    url = parse_transport_url("pigeon://ada:pw@loft:99/a%20b?rate=2&key=s3cret", password="x")

    assert (
        "ada",
        "pw",
        "loft",
        99,
        "/a b",
    ) == (url.user, url.password, url.host, url.port, url.path)
    assert {"key": "s3cret"} == dict(url.extra)
    assert "pigeon://ada:***@loft:99/a b?rate=2&key=***" == str(url)


def test_mask_shows_what_is_surely_no_password() -> None:
    assert "smtp://relay.example:587?…" == mask("smtp://relay.example:587?rate=5")
    assert "directory:outbox/" == mask("directory:outbox/")
    assert "…" == mask("whatever")
    assert "smtp:…" == mask("smtp://ada:2021?and-more@relay"), "2021 is no port here"


@given(st.text())
def test_parse_transport_url_raises_nothing_but_its_own_error(text: str) -> None:
    for candidate in (
        text,
        f"smtp:{text}",
        f"smtp://{text}",
        f"smtp://relay?{text}",
        f"maildir:{text}",
        f"x://{text}",
    ):
        try:
            url = parse_transport_url(candidate, password="kept-apart")
        except TransportURLError as error:
            shown = str(error)
        else:
            shown = url.masked

        assert "\n" not in shown
        assert "kept-apart" not in shown


@given(
    user=st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=1),
    password=st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=1),
)
def test_parse_transport_url_reads_any_login_that_is_percent_encoded(
    user: str, password: str
) -> None:
    from urllib.parse import quote

    url = parse_transport_url(f"smtp://{quote(user, safe='')}:{quote(password, safe='')}@relay")

    assert (user, password) == (url.user, url.password)
