"""`newsletter resolve` with the installed command: three people whose replies never came."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, Delivery, DeliveryState, NewRun, Outcome, RunState
from newsletter.store import Database, open_database
from newsletter.subscribers import AudienceMember, message_id_mac
from tests.acceptance.publication import KEY, Publication
from tests.turns import begin, settle

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
NAME = "2021-11-26"
NAMES = ("ada", "bob", "eve")


@pytest.fixture
def doubtful(publication: Publication) -> Publication:
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(name, "example.com"), first_name=name)
        for name in NAMES
    ]
    with open_database(f"sqlite:///{publication.folder}/newsletter.db") as database:
        run = database.runs.open(
            NewRun(issue=NAME, digest="d1", subject="Five stories", message_date=NOW),
            audience,
            NOW,
            by="ada",
        )
        begin(database, database.journal.claim(run.id, "me", NOW, timedelta(minutes=9), 9), NOW)
        database.journal.release(run.id, "me", NOW)
        database.runs.finish(run.id, "ada", NOW)
    return publication


def test_resolve_lists_the_doubts_and_changes_nothing(doubtful: Publication) -> None:
    first = doubtful.run("resolve", NAME)
    second = doubtful.run("resolve", NAME, "--policy", "hold")

    assert (1, 1) == (first.status, second.status), first.err
    assert "3 in doubt." in first.out
    assert "3 in doubt." in second.out


def test_resolve_takes_a_word_on_one_and_keeps_it(doubtful: Publication) -> None:
    done = doubtful.run(
        "resolve", NAME, "ada@example.com", "--as", "accepted", "--reason", "she rang", "--yes"
    )
    again = doubtful.run("resolve", NAME, "ada@example.com", "--as", "planned", "--yes")
    report = doubtful.run("report", NAME)

    assert (1, 2) == (done.status, again.status)  # two are left
    assert "1  accepted by the relay" in done.out
    assert "is accepted, not in doubt" in again.err
    assert "ada@example.com  accepted  she rang (" in report.out


def test_resolve_sends_again_by_policy(doubtful: Publication) -> None:
    done = doubtful.run("resolve", NAME, "--policy", "resend", "--yes")
    status = doubtful.run("status", NAME)

    assert 75 == done.status, done.err
    assert "3  planned: not yet tried" in status.out


def test_resolve_believes_the_relays_log(doubtful: Publication) -> None:
    mac = message_id_mac(
        KEY.encode(),
        list_id="friday-five.news.example.com",
        issue=NAME,
        recipient_key="bob@example.com",
    )
    ours = f"{mac}@news.example.com"
    log = doubtful.folder / "mail.log"
    log.write_text(
        f"Nov 26 mx postfix/cleanup[2]: 4XyzAb12Cd: message-id=<{ours}>\n"
        "Nov 26 mx postfix/smtp[4]: 4XyzAb12Cd: to=<bob@example.com>, status=sent (250 2.0.0 Ok)\n"
    )

    asked = doubtful.run("resolve", NAME, "--log", log)
    done = doubtful.run("resolve", NAME, "--log", log, "--yes")
    status = doubtful.run("status", NAME, "--failed")

    assert (2, 1) == (asked.status, done.status), asked.err + done.err  # nobody was there to ask
    assert "The log proves 1 of 3 in doubt." in asked.out
    assert "1  accepted by the relay" in done.out
    assert "bob@example.com" not in status.out


def test_resolve_says_when_it_is_told_too_much_or_too_little(doubtful: Publication) -> None:
    both = doubtful.run("resolve", NAME, "--as", "accepted", "--policy", "resend")
    neither = doubtful.run("resolve", NAME, "ada@example.com")

    assert (2, 2) == (both.status, neither.status)
    assert "use one of them" in both.err
    assert "add --as accepted or --as planned" in neither.err


def test_send_sends_doubts_again_where_the_settings_say_so(publication: Publication) -> None:
    people = publication.people(2)
    issue = f"issues/{NAME}.md"
    publication.run("send", issue, "--subscribers", people, "--limit", "1", "--yes")
    with open_database(f"sqlite:///{publication.folder}/newsletter.db") as database:
        (run,) = database.runs.all()
        now = datetime.now(UTC)
        begin(database, database.journal.claim(run.id, "me", now, timedelta(minutes=9), 9), now)
        database.journal.release(run.id, "me", now)

    held = publication.run("send", issue, "--yes")
    toml = publication.folder / "newsletter.toml"
    toml.write_text(toml.read_text().replace("[limits]", '[limits]\nin_doubt = "resend"'))
    sent = publication.run("send", issue, "--yes")

    assert (1, 0) == (held.status, sent.status), sent.err + sent.out
    assert "1 to send" in sent.out
    assert "2  accepted by the relay" in sent.out


def test_resolve_plans_again_whom_the_relay_refused_by_domain_and_words(
    publication: Publication,
) -> None:
    """Their attempts begin anew, and stay in the journal."""
    with open_database(f"sqlite:///{publication.folder}/newsletter.db") as database:
        refuse(database, [AddrSpec("ada", "a.example"), AddrSpec("bob", "b.example")])

    listed = publication.run("resolve", NAME, "--state", "refused", "--reply", "DAILY limit")
    nobody = publication.run("resolve", NAME, "--state", "refused", "--domain", "c.example")
    wrong = publication.run("resolve", NAME, "--state", "refused", "--as", "accepted")
    done = publication.run(
        *("resolve", NAME, "--state", "refused", "--domain", "a.example"),
        *("--as", "planned", "--reason", "our quota", "--yes"),
    )

    assert (1, 0, 2, 1) == (listed.status, nobody.status, wrong.status, done.status), done.err
    assert "2 refused." in listed.out
    assert "1 are planned" in done.out
    with open_database(f"sqlite:///{publication.folder}/newsletter.db") as database:
        run = database.runs.find(NAME)
        assert run is not None
        assert RunState.RUNNING is run.state
        [claim] = database.journal.claim(run.id, "me", NOW, timedelta(minutes=9), 9)
        assert ("ada@a.example", 0) == (claim.recipient_key, claim.attempts)
        begin(database, [claim], NOW)
        settle(database, [refusal(claim)], NOW)
        [entry] = [each for each in database.audit.entries(NAME) if each.action == "resolved"]
        assert "1 planned: our quota" == entry.detail


def refuse(database: Database, addresses: Sequence[AddrSpec]) -> None:
    audience = [AudienceMember(subscriber_id=None, address=each) for each in addresses]
    new = NewRun(issue=NAME, digest="d1", subject="Five stories", message_date=NOW)
    run = database.runs.open(new, audience, NOW, by="ada")
    claims = database.journal.claim(run.id, "me", NOW, timedelta(minutes=9), 9)
    settle(database, [refusal(claim) for claim in claims], NOW)
    database.journal.release(run.id, "me", NOW)
    database.runs.finish(run.id, "ada", NOW)


def refusal(claim: Delivery) -> Outcome:
    attempt = Attempt(
        started_at=NOW,
        ended_at=NOW,
        stage="final-dot",
        code=550,
        enhanced_code="5.4.5",
        text="Daily limit exceeded",
        transport="smtp://relay",
    )
    return Outcome(delivery=claim, state=DeliveryState.REFUSED, attempt=attempt)
