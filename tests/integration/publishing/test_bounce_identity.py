"""Whose a message is that came back, over real books: proofs, forgeries, and what they cost."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import (
    Delivery,
    DeliveryState,
    NewRun,
    Outcome,
    ReturnEffect,
    ReturnKind,
    SentDelivery,
)
from newsletter.bounces import Clues, ReturnedRecipient, Rules, Understanding, verdict
from newsletter.message import with_token
from newsletter.publishing.bounce_identity import (
    MAX_CLUES,
    MAX_RECIPIENTS,
    Identified,
    Proof,
    whose,
)
from newsletter.publishing.readers.links import Purpose, links_of
from newsletter.subscribers import (
    AudienceMember,
    make_return_token,
    message_id_mac,
    secret_of,
)
from tests.integration.publishing.conftest import KEY, SLOT, World
from tests.pace import passing
from tests.turns import begin, settle

OTHER = "another secret that is long enough"
ISSUE = "2026-11-27"
LIST = "friday-five.news.example.com"
ADA, BOB = "reader0@example.com", "reader1@example.com"
PATH = AddrSpec("bounces", "news.example.com")
NOBODY = "nobody@example.com"


@pytest.fixture
def sent(world: World) -> World:
    """The issue is in everybody's mailbox, as far as the relay says."""
    claims = claimed(world, [AddrSpec(f"reader{n}", "example.com") for n in range(4)])
    begin(world.database, claims, SLOT)
    accepted = [Outcome(delivery=each, state=DeliveryState.ACCEPTED) for each in claims]
    settle(world.database, accepted, SLOT)
    return world


def claimed(world: World, people: Sequence[AddrSpec]) -> Sequence[Delivery]:
    audience = [AudienceMember(subscriber_id=None, address=each) for each in people]
    new = NewRun(issue=ISSUE, digest="d", subject="s", message_date=SLOT)
    run = world.database.runs.open(new, audience, SLOT, by="ada", owner="me")
    return world.database.journal.claim(run.id, "me", SLOT, timedelta(minutes=5), len(people))


def row(world: World, key: str = ADA) -> SentDelivery:
    [found] = world.database.sent_deliveries.lately_to([key])
    return found


def token(
    world: World, key: str = ADA, *, secret: str = KEY, list_id: str = LIST, salt: str = ""
) -> str:
    found = row(world, key)
    return make_return_token(
        secret_of(secret.encode(), salt),
        list_id=list_id,
        issue=found.issue,
        recipient_key=found.recipient_key,
        delivery_id=found.id,
    )


def own_path(world: World, key: str = ADA) -> str:
    return with_token(PATH, token(world, key))


def message_id(key: str = ADA, issue: str = ISSUE, secret: str = KEY, list_id: str = LIST) -> str:
    mac = message_id_mac(secret.encode(), list_id=list_id, issue=issue, recipient_key=key)
    return f"{mac}@news.example.com"


def unsubscribe_token(world: World, key: str = ADA) -> str:
    return links_of(world.books()).token(Purpose.UNSUBSCRIBE, key)


def acts(found: Identified) -> bool:
    """Whether anything follows from it."""
    kind, rules = found.recipient.kind, Rules()
    effect = verdict(kind, is_final=True, proven=found.proven, rules=rules)
    return effect is not ReturnEffect.SHOWN


def bounce(*addresses: str, kind: ReturnKind = ReturnKind.HARD, **clues: Any) -> Understanding:
    named = [ReturnedRecipient(address=each, kind=kind) for each in addresses]
    return Understanding(kind=kind, recipients=named, clues=Clues(**clues))


def told(field: str, values: Sequence[str], *addresses: str) -> Understanding:
    """The same with a clue of a sort that the test names."""
    clue: dict[str, Any] = {field: values}
    return bounce(*addresses, **clue)


def only(found: Sequence[Identified]) -> Identified:
    [one] = found
    return one


def test_a_reverse_path_names_the_delivery(sent: World) -> None:
    found = only(whose(bounce(ADA, addressed_to=[own_path(sent)]), sent.books()))

    assert Proof.REVERSE_PATH is found.proof
    assert row(sent) == found.delivery
    assert ADA == found.recipient_key
    assert (ISSUE, DeliveryState.ACCEPTED) == (row(sent).issue, row(sent).state)
    assert acts(found)


@pytest.mark.parametrize("field", ["addressed_to", "reverse_paths"])
def test_a_reverse_path_is_found_behind_others_and_in_any_case(sent: World, field: str) -> None:
    paths = ["postmaster@news.example.com", "", own_path(sent).upper()]

    found = only(whose(told(field, paths, NOBODY), sent.books()))

    assert row(sent) == found.delivery


def test_what_the_report_names_is_kept_beside_whose_it_is(sent: World) -> None:
    """Ada's mail was forwarded to two others, one of whom is a reader too."""
    report = bounce("ada@elsewhere.example", BOB, addressed_to=[own_path(sent)])

    found = whose(report, sent.books())

    assert ["ada@elsewhere.example", BOB] == [each.recipient.address for each in found]
    assert {ADA} == {each.recipient_key for each in found}


def test_an_envelope_id_names_the_delivery_where_all_have_one_reverse_path(sent: World) -> None:
    report = bounce(
        ADA, addressed_to=["bounces@news.example.com"], envelope_ids=[token(sent).upper()]
    )

    found = only(whose(report, sent.books()))

    assert (Proof.ENVELOPE_ID, row(sent)) == (found.proof, found.delivery)


@pytest.mark.parametrize("named", [ADA, ADA.upper(), "Reader0@EXAMPLE.com"])
def test_a_message_id_names_the_delivery_of_whom_the_report_names(sent: World, named: str) -> None:
    report = bounce(named, message_ids=["a@b.example", message_id()])

    found = only(whose(report, sent.books()))

    assert (Proof.MESSAGE_ID, row(sent)) == (found.proof, found.delivery)
    assert acts(found)


def test_a_message_id_names_the_delivery_of_whom_we_wrote_to(sent: World) -> None:
    """They had it sent on, and the mailbox behind theirs refuses."""
    ids = [message_id()]
    report = bounce("countess@forward.example", message_ids=ids, sent_to=[BOB, ADA])
    forged = bounce("countess@forward.example", message_ids=ids, sent_to=[BOB])

    found = only(whose(report, sent.books()))

    assert (Proof.MESSAGE_ID, row(sent)) == (found.proof, found.delivery)
    assert Proof.NONE is only(whose(forged, sent.books())).proof


@pytest.mark.parametrize("named", ["ada+news@example.com", "ada+2Bnews@example.com"])
def test_an_original_recipient_may_come_back_as_it_was_told(world: World, named: str) -> None:
    """Postfix says it as an address, Exim as xtext."""
    claims = claimed(world, [AddrSpec("ada+news", "example.com")])
    begin(world.database, claims, SLOT)

    report = bounce(named, message_ids=[message_id("ada+news@example.com")])
    found = only(whose(report, world.books()))

    assert (Proof.MESSAGE_ID, "ada+news@example.com") == (found.proof, found.recipient_key)


def test_a_message_id_names_the_delivery_of_whose_token_is_beside_it(sent: World) -> None:
    """A complaint as large providers send it, with every address blackened."""
    report = bounce(
        "redacted@example.net",
        kind=ReturnKind.COMPLAINT,
        message_ids=[message_id()],
        unsubscribe_tokens=["x", unsubscribe_token(sent)],
    )

    found = only(whose(report, sent.books()))

    assert (Proof.MESSAGE_ID, row(sent)) == (found.proof, found.delivery)


@pytest.mark.parametrize(
    ("kind", "is_enough"),
    [
        (ReturnKind.COMPLAINT, True),
        (ReturnKind.UNSUBSCRIBE, True),
        (ReturnKind.HARD, False),
        (ReturnKind.SOFT, False),
        (ReturnKind.BLOCKED, False),
    ],
)
def test_an_unsubscribe_token_proves_the_person_and_no_delivery(
    sent: World, kind: ReturnKind, is_enough: bool
) -> None:
    report = bounce(BOB, kind=kind, unsubscribe_tokens=[unsubscribe_token(sent)])

    found = only(whose(report, sent.books()))

    assert (Proof.UNSUBSCRIBE_TOKEN, ADA) == (found.proof, found.recipient_key)
    assert found.delivery is None
    assert is_enough == acts(found)


def test_a_message_that_names_nobody_has_one_recipient_without_an_address(sent: World) -> None:
    wish = bounce(kind=ReturnKind.UNSUBSCRIBE, unsubscribe_tokens=[unsubscribe_token(sent)])

    found = only(whose(wish, sent.books()))

    assert ("", ReturnKind.UNSUBSCRIBE) == (found.recipient.address, found.recipient.kind)
    assert ADA == found.recipient_key


def test_a_bare_address_proves_nothing(sent: World) -> None:
    found = only(whose(bounce(ADA, addressed_to=["bounces@news.example.com"]), sent.books()))

    assert (Proof.NONE, None, "") == (found.proof, found.delivery, found.recipient_key)
    assert not acts(found)


def test_forgeries_prove_nothing(sent: World) -> None:
    good = token(sent)
    flipped = ("b" if good[0] == "a" else "a") + good[1:]
    middle = good[:20] + ("b" if good[20] == "a" else "a") + good[21:]
    end = good[:-1] + ("b" if good[-1] == "a" else "a")
    tokens = [
        token(sent, secret=OTHER),
        token(sent, list_id="monday-three.news.example.com"),
        token(sent, salt="a neighbour in the same database"),
        flipped,
        middle,
        end,
        good[:-1],
        good + "a",
        "",
        "a" * 40,
        "a" * 1_000_000,
        unsubscribe_token(sent),
    ]
    ids = [
        message_id(BOB),
        message_id(secret=OTHER),
        message_id(list_id="monday-three.news.example.com"),
        message_id(issue="2026-12-04"),
        message_id()[1:],
        "a" * 1_000_000,
        "@",
        "",
    ]
    books = sent.books()

    for forged in tokens:
        path = f"bounces+{forged}@news.example.com"
        for report in (bounce(ADA, addressed_to=[path]), bounce(ADA, envelope_ids=[forged])):
            assert Proof.NONE is only(whose(report, books)).proof
    for forged in ids:
        assert Proof.NONE is only(whose(bounce(ADA, message_ids=[forged]), books)).proof


@pytest.mark.parametrize(
    "path",
    [
        "bounces+{}@example.com",
        "bounces+{}@news.example.com.evil.example",
        "evil+{}@news.example.com",
        "bounces-{}@news.example.com",
        "{}@news.example.com",
        "{}",
    ],
)
def test_a_token_in_another_address_proves_nothing(sent: World, path: str) -> None:
    report = bounce(ADA, addressed_to=[path.format(token(sent))])

    assert Proof.NONE is only(whose(report, sent.books())).proof


def test_an_id_that_was_given_out_once_more_proves_nothing_of_its_former_owner(
    sent: World,
) -> None:
    """As after a restore: the row is of the same issue and a different person."""
    ada, bob = row(sent), row(sent, BOB)
    mixed = make_return_token(
        secret_of(KEY.encode(), sent.books().salt),
        list_id=LIST,
        issue=ada.issue,
        recipient_key=ADA,
        delivery_id=bob.id,
    )

    found = only(whose(bounce(ADA, addressed_to=[with_token(PATH, mixed)]), sent.books()))

    assert Proof.NONE is found.proof


def test_whoever_was_not_sent_to_cannot_bounce(world: World) -> None:
    """The token is only made when an attempt is, and its content may never go out."""
    [claim] = claimed(world, [AddrSpec("ada", "example.com")])
    report = bounce(
        "ada@example.com",
        addressed_to=[with_token(PATH, _token_of(claim, world))],
        message_ids=[message_id("ada@example.com")],
    )

    assert Proof.NONE is only(whose(report, world.books())).proof

    begin(world.database, [claim], SLOT)

    found = only(whose(report, world.books()))
    assert Proof.REVERSE_PATH is found.proof
    assert found.delivery is not None
    assert DeliveryState.IN_DOUBT is found.delivery.state


def _token_of(claim: Delivery, world: World) -> str:
    return make_return_token(
        secret_of(KEY.encode(), world.books().salt),
        list_id=LIST,
        issue=claim.issue,
        recipient_key=claim.recipient_key,
        delivery_id=claim.id,
    )


def test_no_delivery_is_found_of_whoever_was_erased(sent: World) -> None:
    report = bounce(ADA, addressed_to=[own_path(sent)], message_ids=[message_id()])
    assert acts(only(whose(report, sent.books())))

    sent.database.person_files.forget(ADA, SLOT, by="ada")

    assert Proof.NONE is only(whose(report, sent.books())).proof


def test_what_went_out_under_a_former_key_is_known_while_that_is_listed(sent: World) -> None:
    report = bounce(ADA, addressed_to=[own_path(sent)])
    by_id = bounce(ADA, message_ids=[message_id()])
    books = sent.books()
    publication = replace(books.publication, secret_key=OTHER.encode)
    now = replace(books, publication=publication)
    listed = replace(
        books, publication=replace(publication, former_keys=lambda: [b"x" * 32, KEY.encode()])
    )

    for each in (report, by_id):
        assert not acts(only(whose(each, now)))
        assert row(sent) == only(whose(each, listed)).delivery


def test_each_delivery_is_known_by_the_reverse_path_it_had(ready_world: World) -> None:
    """What the transport was given, and not what a test would make of it."""
    folder = ready_world.folder / "box"
    ready_world.tick(transport=f"maildir:{folder}/")
    paths = [
        line.removeprefix("Return-Path: <").rstrip(">")
        for file in (folder / "new").iterdir()
        for line in file.read_text().splitlines()[:3]
        if line.startswith("Return-Path: <bounces+")
    ]

    found = [
        only(whose(bounce(NOBODY, addressed_to=[path]), ready_world.books())) for path in paths
    ]

    assert {f"reader{n}@example.com" for n in range(4)} == {each.recipient_key for each in found}


def test_a_bomb_costs_little(sent: World) -> None:
    """As much of everything as a message may hold, all of it wrong, and most of it plausible."""
    good = token(sent)
    report = bounce(
        *[f"reader{n % 4}@example.com" for n in range(1_000)],
        addressed_to=[f"bounces+{good[:-1]}{letter}@news.example.com" for letter in "abcde" * 200],
        reverse_paths=["x" * 1_000_000] * 100,
        envelope_ids=[good[:-1] + letter for letter in "abcde" * 200],
        message_ids=[f"{n:a>24}@news.example.com".replace("0", "b") for n in range(1_000)],
        unsubscribe_tokens=["A" * 1_000_000] * 100,
    )
    books, started = sent.books(), time.process_time()

    found = whose(report, books)

    assert time.process_time() - started < passing(0.5)
    assert MAX_RECIPIENTS == len(found)
    assert {Proof.NONE} == {each.proof for each in found}


@pytest.mark.parametrize(
    ("field", "good"),
    [
        ("addressed_to", own_path),
        ("reverse_paths", own_path),
        ("envelope_ids", token),
        ("unsubscribe_tokens", unsubscribe_token),
        ("message_ids", lambda _: message_id()),
    ],
)
def test_no_more_is_tried_than_a_message_of_ours_can_need(
    sent: World, field: str, good: Callable[[World], str]
) -> None:
    wrong, books = ["wrong"] * (MAX_CLUES - 1), sent.books()

    among = told(field, [*wrong, good(sent)], ADA)
    beyond = told(field, [*wrong, "wrong", good(sent)], ADA)

    assert Proof.NONE is not only(whose(among, books)).proof
    assert Proof.NONE is only(whose(beyond, books)).proof


def test_the_token_of_the_longest_address_is_read(sent: World) -> None:
    longest = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.com"
    assert 254 == len(longest)

    report = bounce(unsubscribe_tokens=[unsubscribe_token(sent, longest)])

    assert longest == only(whose(report, sent.books())).recipient_key


def test_identity_needs_no_event_loop_and_leaves_the_books_as_they_are(sent: World) -> None:
    before = sent.database.runs.find(ISSUE)

    async def within() -> Sequence[Identified]:
        return await asyncio.to_thread(whose, bounce(ADA, addressed_to=[own_path(sent)]), books)

    books = sent.books()
    assert acts(only(asyncio.run(within())))
    assert before == sent.database.runs.find(ISSUE)
