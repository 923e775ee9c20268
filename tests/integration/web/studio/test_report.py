"""The report of a run in the studio: its figures, who needs a person, and the words for them."""

from newsletter.books import DeliveryState
from newsletter.subscribers import SuppressionKind
from tests.integration.publishing.conftest import World
from tests.integration.web.studio.pages_world import Browser, run_of

REFUSED, DOUBT = DeliveryState.REFUSED, DeliveryState.IN_DOUBT
PAGE = "/issues/2026-11-27/report"
API = "/api/issues/2026-11-27"
NO_USER = (REFUSED, "550 5.1.1 <a1@example.com> no such user")


def group(browser: Browser) -> str:
    """The id of the first group that needs a person."""
    return browser.get(PAGE).text.partition('name="group" value="')[2].partition('"')[0]


def test_report_of_a_real_run_has_its_figures_and_balances(
    ready_world: World, browser: Browser
) -> None:
    ready_world.tick()

    page = browser.words(PAGE)

    assert "4 of 4 accepted, in" in page
    assert "Started at 07:00:00 in London, complete at 07:00:00." in page
    assert "Who needs a person Nobody." in page
    assert "The books balance accepted 4 suppressed 0" in page
    assert "audience 4" in page
    assert "https://news.example.com/issues/2026-11-27" in browser.get(PAGE).text


def test_report_gathers_who_needs_a_person_by_what_the_relay_said(
    world: World, browser: Browser
) -> None:
    run_of(world, (DOUBT, ""), NO_USER, (REFUSED, "550 5.1.1 <b2@example.com> no such user"))

    page = browser.words(PAGE)

    assert "1 of 4 accepted" in page
    assert "3 need a person" in page
    assert "reader0@example.com sent, and no reply came; they may have it Resolve…" in page
    assert "2 readers at example.com 550 5.1.1 … no such user Suppress all…" in page


def test_report_of_what_was_never_sent_is_not_there_and_makes_nothing(
    world: World, browser: Browser
) -> None:
    world.write()

    assert 404 == browser.get(PAGE).status_code
    assert 404 == browser.get(f"{PAGE}.html").status_code
    assert 404 == browser.post(f"{API}/resolve", {"become": "accepted"}).status_code


def test_report_is_saved_as_the_command_writes_it(ready_world: World, browser: Browser) -> None:
    ready_world.tick()

    answer = browser.get(f"{PAGE}.html")

    assert 'attachment; filename="2026-11-27-report.html"' == answer.headers["content-disposition"]
    assert "2026-11-27: who has it and who does not" in answer.text
    assert answer.text.rstrip().endswith("</html>")


def test_doubt_is_resolved_by_a_word_and_the_books_say_whose(
    world: World, browser: Browser
) -> None:
    run = run_of(world, (DOUBT, ""))

    refused = browser.post(f"{API}/resolve", {"become": "lost"})
    answer = browser.post(f"{API}/resolve", {"become": "accepted", "reason": "they told us"})

    [word] = world.database.doubts.resolutions(run.id)

    assert 400 == refused.status_code
    assert {"said": "1 are accepted."} == answer.json()
    assert ("they told us", "ada@host") == (word.reason, word.resolved_by)
    assert "Who needs a person Nobody." in browser.words(PAGE)


def test_refused_mailboxes_are_suppressed_together_with_a_reason(
    world: World, browser: Browser
) -> None:
    run_of(world, NO_USER, (REFUSED, "554 5.7.1 refused by policy"))
    wanted = {"group": group(browser)}

    without = browser.post(f"{API}/suppress", wanted)
    answer = browser.post(f"{API}/suppress", {**wanted, "reason": "no such user"})

    found = world.database.suppressions.find("reader0@example.com")

    assert 422 == without.status_code
    assert "say why" in without.json()["said"]
    assert "1 suppressed" in answer.json()["said"]
    assert found is not None
    assert (SuppressionKind.BOUNCE, "no such user") == (found.kind, found.reason)
    assert world.database.suppressions.find("reader1@example.com") is None


def test_refused_are_planned_again_and_a_group_that_is_gone_is_refused(
    world: World, browser: Browser
) -> None:
    run_of(world, NO_USER)
    wanted = {"group": group(browser), "reason": "the relay was mended"}

    first = browser.post(f"{API}/again", wanted)
    second = browser.post(f"{API}/again", wanted)

    assert {"said": "1 are planned: the next send of 2026-11-27 goes to them."} == first.json()
    assert 422 == second.status_code
    assert "nobody needs a person for this any more" in second.json()["said"]
    assert "Being sent: 3 of 4 accepted." in browser.words(PAGE)


def test_stamp_of_a_report_changes_with_its_figures_alone(world: World, browser: Browser) -> None:
    run_of(world, (DOUBT, ""))
    first = browser.get(f"{API}/report").json()["stamp"]

    assert first == browser.get(f"{API}/report").json()["stamp"]

    browser.post(f"{API}/resolve", {"become": "accepted"})

    assert first != browser.get(f"{API}/report").json()["stamp"]
