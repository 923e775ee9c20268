"""docs/transports.md: every URL and option on it is one, and every one of ours is on it."""

import re
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.transports import SCHEMES, Preset, open_transport, parse_transport_url, presets

PAGE = (Path(__file__).parents[3] / "docs" / "transports.md").read_text("utf-8")
NAMES = "|".join([*SCHEMES, *presets(), "ses[+]smtp"])
URLS = re.findall(rf"`((?:{NAMES}):[^`]*|(?:failover|roundrobin)\([^`]*\))`", PAGE)
EXAMPLES = [url for url in URLS if not re.search(r"\*\*\*|URL|//$", url)]
OPTIONS = re.findall(r"`([a-z._]+=[^`]+)`", PAGE)


@pytest.mark.parametrize("url", EXAMPLES)
def test_transports_page_shows_urls_that_open(url: str) -> None:
    password = None if re.search(r"//[^/@]+:[^/@]+@", url) else "pw"

    assert open_transport(url, password=password, further_passwords=["pw"], clock=now).name


@pytest.mark.parametrize("option", OPTIONS)
def test_transports_page_shows_options_that_are_read(option: str) -> None:
    beside = "cert=client.pem&" if option.startswith("key=") else ""

    assert option in parse_transport_url(f"smtp://relay?{beside}{option}").masked


def test_transports_page_has_every_scheme_preset_and_option() -> None:
    shown = {re.split(r"[:(+]", url)[0] for url in EXAMPLES}

    assert {*SCHEMES, *presets(), "failover", "roundrobin"} == shown
    assert {key for row in SCHEMES.values() for key in row.options or ()} == {
        option.partition("=")[0] for option in OPTIONS
    }


@pytest.mark.parametrize("preset", presets().values(), ids=lambda each: each.name)
def test_transports_page_has_each_presets_relay(preset: Preset) -> None:
    relay = f"{preset.host.replace('{region}', 'REGION')}:{preset.port}"
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| `{preset.name}:")]

    assert f" {relay} " in rows[-1].split("|")[2]
