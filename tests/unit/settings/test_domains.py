"""The section [limits.domains]: receivers with rules of their own."""

from pathlib import Path

import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.errors import SettingsError
from newsletter.settings import load_settings
from newsletter.settings.domains import DomainGroup
from newsletter.settings.limits import Limits
from newsletter.settings.receivers import receiver_domains
from newsletter.starter import starter_folder


def load(folder: Path, section: str) -> Limits:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    own = text.replace("[limits.domains]\n", f"[limits.domains]\n{section}\n")
    (folder / "newsletter.toml").write_text(own, encoding="utf-8")
    return load_settings(folder, {}, with_environment=False).limits


def test_domains_have_no_rules_when_nothing_is_set(tmp_path: Path) -> None:
    assert () == load(tmp_path, "").domains


def test_domains_are_a_group_named_by_the_first(tmp_path: Path) -> None:
    found = load(tmp_path, '"gmail.com, googlemail.com" = "20/s"')

    group = DomainGroup(name="gmail.com", domains=("gmail.com", "googlemail.com"), rate=20.0)
    assert (group,) == found.domains
    assert {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"} == found.groups


def test_domains_of_a_receiver_are_in_our_table(tmp_path: Path) -> None:
    found = load(tmp_path, '"icloud, example.com" = { rate = "30/m", pause = true }')

    assert found.groups == dict.fromkeys(
        ["icloud.com", "mac.com", "me.com", "example.com"], "icloud"
    )
    group = found.group("icloud")
    assert (0.5, True) == found_rules(group)


def test_a_group_may_have_no_rules_yet(tmp_path: Path) -> None:
    assert found_rules(load(tmp_path, "microsoft = {}").group("microsoft")) == (None, False)


def found_rules(group: DomainGroup) -> tuple[float | None, bool]:
    return group.rate, group.is_paused


def test_an_international_domain_becomes_its_a_label(tmp_path: Path) -> None:
    assert {"xn--bcher-kva.example": "Bücher.example"} == load(
        tmp_path, '"Bücher.example" = "1/h"'
    ).groups


@pytest.mark.parametrize(
    ("expected", "section"),
    [
        ('"gmial" is neither a domain nor a receiver that we know; did you mean gmail?', "gmial"),
        ("the receivers are gmail, microsoft, yahoo,", "nobody-knows-it"),
        ('"a b.com" is not a domain', '"a b.com"'),
        ('"" is neither a domain', '"gmail,"'),
    ],
)
def test_domains_that_nobody_knows_are_a_fault(tmp_path: Path, expected: str, section: str) -> None:
    assert expected in fault_of(tmp_path, f'{section} = "20/s"')


@pytest.mark.parametrize(
    ("expected", "section"),
    [
        ('gmail = "20/x": must be a rate such as "20/s"', 'gmail = "20/x"'),
        ("gmail = 20: must be a rate", "gmail = 20"),
        ('[limits.domains.gmail] rate = "0/s": must be messages', 'gmail = { rate = "0/s" }'),
        ("[limits.domains.gmail] pauze means nothing; did you mean pause?", "gmail.pauze = true"),
        ('[limits.domains."a.com"] pause = 1: must be true or false', '"a.com" = { pause = 1 }'),
        ("mail.gmx.net has to be in quotes", 'mail.gmx.net = "20/s"'),
        ("gmx.net has to be in quotes", "gmx.net.pause = true"),
        (
            'mac.com is in two groups, "icloud" and "mac.com"',
            'icloud = "1/s"\n"mac.com" = { pause = true }',
        ),
    ],
)
def test_a_rule_that_is_none_is_a_fault(tmp_path: Path, expected: str, section: str) -> None:
    assert expected in fault_of(tmp_path, section)


def test_all_faults_of_the_domains_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, 'gmial = "20/s"\ngmx = "x"\n"a b.de" = { rate = "x", relays = "" }')

    assert 5 == len(caught.value.faults)


def test_no_domain_is_two_receivers() -> None:
    """And each is as addresses have it: lower case, in A-labels."""
    domains = [domain for row in receiver_domains().values() for domain in row]

    assert sorted(set(domains)) == sorted(domains)
    assert [parse_addr_spec(f"x@{domain}").domain for domain in domains] == domains
    assert not [name for name in receiver_domains() if "." in name or name != name.lower()]


def fault_of(folder: Path, section: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, section)

    (fault,) = caught.value.faults
    return fault


def test_a_group_names_the_relay_that_the_environment_has_for_it(tmp_path: Path) -> None:
    found = load(tmp_path, 'gmail = { rate = "20/s", relay = "b" }')

    assert "b" == found.group("gmail").relay


@pytest.mark.parametrize("name", ["smtp://relay-b.example.net", "B", "relay_b", ""])
def test_a_relay_is_a_name_and_no_url(tmp_path: Path, name: str) -> None:
    """It may hold a password, which does not belong into this file."""
    if not name:
        assert not load(tmp_path, 'gmail = { relay = "" }').group("gmail").relay
        return
    fault = fault_of(tmp_path, f'gmail = {{ relay = "{name}" }}')

    assert "the variable NEWSLETTER_RELAY_B has its transport URL then" in fault
