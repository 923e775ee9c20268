"""Deliveries that end otherwise than accepted are told, each once, by a real send."""

import asyncio
from dataclasses import replace

from newsletter.books import DeliveryState
from newsletter.publishing.marking import Mark
from newsletter.publishing.sending import Send, open_run, send
from newsletter.publishing.terms import Listener
from newsletter.transports import RecordingTransport, Reply, Stage
from tests.integration.publishing.conftest import FRIDAY, World


class Heard(Listener):
    def __init__(self) -> None:
        self.marks: list[Mark] = []

    def marked(self, mark: Mark) -> None:
        self.marks.append(mark)


def test_refused_and_in_doubt_are_told_with_their_numbers_and_accepted_are_not(
    ready_world: World,
) -> None:
    world, relay, heard = ready_world, RecordingTransport(), Heard()
    unknown = Reply(code=550, enhanced_code="5.1.1", text="no such mailbox", stage=Stage.RCPT)
    unheard = Reply(code=None, enhanced_code="", text="the line went dead", stage=Stage.FINAL_DOT)
    relay.tell("reader1@example.com", unknown)
    relay.tell("reader2@example.com", unheard)
    books = replace(
        world.books(), publication=replace(world.publication, open_transport=lambda: relay)
    )
    run = open_run(world.ready(world.path, FRIDAY), books)

    asyncio.run(
        send(Send(books=books, ready=world.ready(world.path, FRIDAY), run=run, listener=heard))
    )

    found = {mark.recipient: (mark.state, mark.run_id, mark.said) for mark in heard.marks}
    assert 2 == len(heard.marks) == len({mark.delivery_id for mark in heard.marks})
    assert {
        "reader1@example.com": (DeliveryState.REFUSED, run.id, "550 5.1.1 no such mailbox"),
        "reader2@example.com": (DeliveryState.IN_DOUBT, run.id, "the line went dead"),
    } == found
