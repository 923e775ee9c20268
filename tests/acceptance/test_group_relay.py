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


def test_status_has_what_each_relay_leaves(publication: Publication) -> None:
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").replace("[limits.domains]\n", RULES, 1)
    settings.write_text(text, encoding="utf-8")
    publication.environment["NEWSLETTER_TRANSPORT"] = "directory:own/?per_day=1000"
    publication.environment["NEWSLETTER_RELAY_B"] = "directory:other/?per_day=50"
    path = publication.folder / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    publication.run("subscribers", "import", path, "--yes")
    assert 0 == publication.run("send", ISSUE, "--yes").status

    shown = publication.run("status").out
    record = json.loads(publication.run("status", "--format", "json").out)

    other = "directory:other/"
    assert "Limit of 1,000 a day: 2 used, 998 left" in shown
    assert f"Limit of 50 a day over {other}: 1 used, 49 left" in shown
    assert [(1000, 998, None)] == [
        (each["limit"], each["left"], each["group"]) for each in record["limits"]
    ]
    [own] = record["group_relays"]
    assert ([other], ["gmail.com"], None) == (own["relays"], own["groups"], own["rests"])
    assert [(50, 49)] == [(each["limit"], each["left"]) for each in own["limits"]]


def test_a_relay_that_nobody_has_set_is_a_fault(publication: Publication) -> None:
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8").replace("[limits.domains]\n", RULES, 1)
    settings.write_text(text, encoding="utf-8")

    found = publication.run("send", ISSUE, "--yes")

    assert 2 == found.status
    assert "NEWSLETTER_RELAY_B is not set" in found.err
