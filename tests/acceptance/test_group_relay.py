"""A relay for some receivers, by the real command: shown before it is used, and used for them."""

import json

from tests.acceptance.publication import Publication

RULES = '[limits.domains]\n"gmail.com" = { relay = "b" }\ngmx = {}\n'
PEOPLE = (
    "email,first_name,consent\na@gmail.com,Ada,a test\nb@gmx.net,Bob,a test\nc@x.org,Cy,a test\n"
)
ISSUE = "issues/2021-11-26.md"


def test_a_group_goes_over_its_own_relay_and_a_dry_run_says_so(publication: Publication) -> None:
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").replace("[limits.domains]\n", RULES, 1)
    settings.write_text(text, encoding="utf-8")
    publication.environment["NEWSLETTER_RELAY_B"] = "directory:other/"
    path = publication.folder / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    assert 0 == publication.run("subscribers", "import", path, "--yes").status

    plan = publication.run("send", ISSUE, "--dry-run")
    record = publication.run("send", ISSUE, "--dry-run", "--format", "json")
    sent = publication.run("send", ISSUE, "--yes")

    assert "other/  for gmail.com alone" in plan.out
    [table] = [each for each in plan.out.splitlines() if "gmail.com  " in each and "over" in each]
    assert "over directory:" in table
    [relay] = json.loads(record.out)["relays"]
    assert ["gmail.com"] == relay["groups"]
    assert 0 == sent.status, sent.err
    assert ["a@gmail.com"] == [each.name[:11] for each in publication.folder.glob("other/*.eml")]


def test_a_relay_that_nobody_has_set_is_a_fault(publication: Publication) -> None:
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").replace("[limits.domains]\n", RULES, 1)
    settings.write_text(text, encoding="utf-8")

    found = publication.run("send", ISSUE, "--yes")

    assert 2 == found.status
    assert "NEWSLETTER_RELAY_B is not set" in found.err
