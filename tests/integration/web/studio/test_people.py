"""Subscribers in the studio: counted, found, shown; added, suppressed and brought back."""

from dataclasses import replace
from pathlib import Path

from newsletter.books import AuditAction
from newsletter.settings import Secret
from newsletter.subscribers import SubscriberState
from tests.integration.publishing.conftest import BEFORE, World, publication_of
from tests.integration.web.studio.pages_world import Browser, words_of

READER = "reader1@example.com"
ADA = "ada@example.org"


def state(world: World, key: str) -> SubscriberState | None:
    found = world.database.subscribers.find([key]).get(key)
    return found.state if found else None


def told(browser: Browser, act: str, address: str, **more: str) -> tuple[int, str]:
    """The status, and what is said: of success with the person as they stand then."""
    answer = browser.post(f"/api/people/{act}", {"address": address, **more})
    said = answer.json()
    return answer.status_code, words_of(f"{said.get('said', '')} {said.get('html', '')}")


def test_list_is_counted_as_the_command_counts_it(world: World, browser: Browser) -> None:
    page = browser.words("/people")

    assert "4 people are sent the next issue. 4 are confirmed." in page
    assert "pending 0 confirmed 4 unsubscribed 0" in page
    assert "26 weeks: 4 joined, 0 left" in page
    assert "reader" not in page


def test_people_are_found_by_a_part_and_nobody_without_one(browser: Browser) -> None:
    found = browser.post("/api/people/find", {"text": "READER2"}).json()["html"]
    nobody = browser.post("/api/people/find", {"text": "zebra"}).json()["html"]
    nothing = browser.post("/api/people/find", {"text": "  "})

    assert "reader2@example.com confirmed" in words_of(found)
    assert "reader1" not in found
    assert "Nobody’s address or first name holds “zebra”." in nobody
    assert 422 == nothing.status_code
    assert "give a part of it" in nothing.json()["said"]


def test_one_person_is_shown_whole_and_a_stranger_is_refused(
    ready_world: World, browser: Browser
) -> None:
    ready_world.tick()

    status, page = told(browser, "person", READER)
    missing, said = told(browser, "person", ADA)
    wrong, fault = told(browser, "person", "no address")

    assert (200, 422, 422) == (status, missing, wrong)
    assert "The next issue is sent to them." in page
    assert "State confirmed, since 25 Nov 2026, 07:00" in page
    assert "2026-11-27 accepted" in page
    assert "nothing is known of this address" in said
    assert "no address" in fault


def test_somebody_is_added_with_their_consent_and_never_without(
    world: World, browser: Browser
) -> None:
    without = browser.post("/api/people/add", {"address": ADA})

    assert 422 == without.status_code
    assert "say where and how they said yes" in without.json()["said"]
    assert state(world, ADA) is None

    status, page = told(browser, "add", ADA, first_name="Ada", consent="at our stand", tags="uk")
    again = told(browser, "add", ADA)[1]

    assert 200 == status
    assert "ada@example.org is on the list." in page
    assert "Consent at our stand, 25 Nov 2026, 07:00 Tags uk" in page
    assert "is on the list already; nothing has changed" in again

    entry = world.database.audit.last_of(AuditAction.ADDED)

    assert entry is not None
    assert "ada@host" == entry.by


def test_consent_of_a_day_to_come_is_refused(world: World, browser: Browser) -> None:
    answer = browser.post(
        "/api/people/add", {"address": ADA, "consent": "by mail", "date": "2030-01-01"}
    )

    assert 422 == answer.status_code
    assert "is yet to come" in answer.json()["said"]


def test_person_is_suppressed_and_the_suppression_lifted_with_a_reason(
    world: World, browser: Browser
) -> None:
    _, page = told(browser, "suppress", READER, reason="asked on the phone")

    assert "reader1@example.com is now suppressed." in page
    assert "The next issue is not sent to them: suppressed." in page
    assert "by hand: asked on the phone" in page

    refused = browser.post("/api/people/unsuppress", {"address": READER})

    assert 422 == refused.status_code
    assert "say why" in refused.json()["said"]
    assert world.database.suppressions.find(READER) is not None

    _, after = told(browser, "unsuppress", READER, reason="asked again")

    assert "They are on the list, and are sent the next issue." in after
    assert world.database.suppressions.find(READER) is None


def test_suppressed_stranger_is_refused_with_the_act_that_helps(
    world: World, browser: Browser
) -> None:
    told(browser, "suppress", ADA)
    answer = browser.post("/api/people/add", {"address": ADA, "consent": "by mail"})

    assert 422 == answer.status_code
    assert "is suppressed (by hand)" in answer.json()["said"]
    assert "newsletter subscribers unsuppress ada@example.org" in answer.json()["said"]


def test_person_who_left_is_brought_back_with_a_reason(world: World, browser: Browser) -> None:
    _, left = told(browser, "unsubscribe", READER)

    assert "is unsubscribed; an issue that is being sent leaves them out too." in left
    assert SubscriberState.UNSUBSCRIBED == state(world, READER)
    assert 422 == browser.post("/api/people/resubscribe", {"address": READER}).status_code

    _, back = told(browser, "resubscribe", READER, reason="wrote to us")

    assert "is on the list again." in back
    assert SubscriberState.CONFIRMED == state(world, READER)


def test_looking_for_people_makes_no_database(
    world: World, browser: Browser, tmp_path: Path
) -> None:
    nowhere = tmp_path / "elsewhere" / "none.db"
    environment = replace(world.settings.environment, database=Secret(f"sqlite:///{nowhere}"))
    settings = replace(world.settings, environment=environment)
    browser.studio.open_publication = lambda: publication_of(settings, lambda: BEFORE)

    page = browser.words("/people")
    found = browser.post("/api/people/find", {"text": "ada"}).json()["html"]

    assert "Nobody is on the list yet." in page
    assert "Nobody’s address" in found
    assert 422 == browser.post("/api/people/person", {"address": ADA}).status_code
    assert not nowhere.parent.exists()


def test_address_stands_in_no_address_line(browser: Browser) -> None:
    page = browser.get("/people").text
    found = browser.post("/api/people/find", {"text": "reader"}).json()["html"]

    assert "method=" not in page
    assert "href" not in found
    assert 405 == browser.get("/api/people/person?address=reader1@example.com").status_code
