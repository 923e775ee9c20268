"""Presets are data: each must make a sound transport URL, with encryption and no invented cap."""

import pytest

from newsletter.clock import now
from newsletter.errors import TransportURLError
from newsletter.transports import Preset, Tls, open_transport, parse_transport_url, presets


def url_of(preset: Preset) -> str:
    region = "eu-west-1" if preset.needs_region else ""
    return f"{preset.name}:{preset.user or 'ada@example.com'}@{region}"


@pytest.mark.parametrize("preset", presets().values(), ids=lambda each: each.name)
def test_preset_makes_an_encrypted_connection_and_names_its_source(preset: Preset) -> None:
    url = parse_transport_url(url_of(preset), password="pw")

    assert Tls.IMPLICIT == url.tls if url.port == 465 else Tls.REQUIRED == url.tls
    assert url.user in (preset.user, "ada@example.com")
    assert "." in url.host
    assert "{" not in url.host
    assert preset.page


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ses://AKIA@eu-west-1", "smtp://AKIA:***@email-smtp.eu-west-1.amazonaws.com:587"),
        ("ses+smtp://AKIA@eu-west-1", "smtp://AKIA:***@email-smtp.eu-west-1.amazonaws.com:587"),
        ("sendgrid:", "smtp://apikey:***@smtp.sendgrid.net:587"),
        ("sendgrid://", "smtp://apikey:***@smtp.sendgrid.net:587"),
        ("sendgrid:apikey", "smtp://apikey:***@smtp.sendgrid.net:587"),
        ("mailgun:a@mg.example.com", "smtp://a%40mg.example.com:***@smtp.mailgun.org:587"),
        ("mailgun:a@mg.example.com@eu", "smtp://a%40mg.example.com:***@smtp.eu.mailgun.org:587"),
        ("sparkpost:eu", "smtp://SMTP_Injection:***@smtp.eu.sparkpostmail.com:587"),
        ("RESEND:?rate=5/s", "smtps://resend:***@smtp.resend.com:465?rate=5/s"),
        ("gmail:", "smtp://smtp-relay.gmail.com:587"),
    ],
)
def test_preset_stands_for_a_transport_url(text: str, name: str) -> None:
    assert name == open_transport(text, password="pw", clock=now).name


def test_preset_takes_a_password_inside() -> None:
    url = parse_transport_url("mailgun:a@mg.example.com:p%40w@eu")

    assert ("a@mg.example.com", "p@w") == (url.user, url.password)


def test_preset_has_the_providers_caps_until_others_are_asked_for() -> None:
    plain = open_transport("office365:news@example.com", password="pw", clock=now)
    asked = open_transport("office365:news@example.com?connections=1", password="pw", clock=now)

    assert (3, 0.5) == (plain.connections, plain.rate)
    assert (1, 0.5) == (asked.connections, asked.rate)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ses:AKIAs3cret", "the region is missing: write ses://user@eu-west-1"),
        ("ses:AKIAs3cret@nowhere", "the region is missing"),
        ("mailgun:", "the user name is missing: write the SMTP user"),
        ("mailgun:eu", "the user name is missing"),
        ("sendgrid:SG.s3cret", "the user name is always “apikey”"),
        ("resend:re_s3cret@", "the user name is always “resend”"),
        ("sendgrid:?tls=none", "unknown option “tls”"),
        ("office365:a@b?rate=x", "rate=x: must be"),
    ],
)
def test_preset_says_what_is_wrong_and_shows_no_key(text: str, part: str) -> None:
    with pytest.raises(TransportURLError) as caught:
        parse_transport_url(text, password="pw")

    assert part in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_preset_needs_a_password() -> None:
    with pytest.raises(TransportURLError, match="set NEWSLETTER_TRANSPORT_PASSWORD"):
        open_transport("sendgrid:", clock=now)
