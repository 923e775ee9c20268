"""`newsletter.lookup` over a real name server: an answer, no such thing, and no answer."""

import asyncio

import pytest

from newsletter.lookup import Answer, Bounds, Outcome, RecordType, open_resolver, parse_name_server
from tests.name_server import Names, Odd, names, zone_file
from tests.pace import passing

HASH = "0b9fa5a59eed715c" * 4
ZONE = f"""
    example.com A 192.0.2.1
    example.com MX 10 mx.example.com
    example.com MX 5 Other.Example.com
    example.com TXT "v=spf1 -all"
    alias.example.com CNAME second.example.com
    second.example.com CNAME example.com
    dangling.example.com CNAME nowhere.example.com
    round.example.com CNAME round.example.com
    parts.example.com TXT "one " "two"
    deep.empty.example.com A 192.0.2.2
    1.2.0.192.in-addr.arpa PTR Host.Example.com
    _25._tcp.mx.example.com TLSA 3 1 1 {HASH}
"""


def ask(served: Names, name: str, kind: RecordType, bounds: Bounds | None = None) -> Answer:
    async def asked() -> Answer:
        return await open_resolver([served.server], bounds).ask(name, kind)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("example.com", RecordType.A, ("192.0.2.1",)),
        ("EXAMPLE.com.", RecordType.A, ("192.0.2.1",)),
        ("example.com", RecordType.MX, ("10 mx.example.com", "5 other.example.com")),
        ("example.com", RecordType.TXT, ("v=spf1 -all",)),
        ("alias.example.com", RecordType.A, ("192.0.2.1",)),
        ("parts.example.com", RecordType.TXT, ("one two",)),
        ("1.2.0.192.in-addr.arpa", RecordType.PTR, ("host.example.com",)),
    ],
)
def test_what_is_there_is_found(name: str, kind: RecordType, values: tuple[str, ...]) -> None:
    with names(ZONE) as served:
        answer = ask(served, name, kind)

    assert Outcome.FOUND is answer.outcome
    assert sorted(values) == sorted(answer.values)


@pytest.mark.parametrize(
    ("name", "kind", "outcome"),
    [
        ("nowhere.example.com", RecordType.TXT, Outcome.NO_NAME),
        ("example.com", RecordType.AAAA, Outcome.NO_RECORD),
        ("empty.example.com", RecordType.A, Outcome.NO_RECORD),
        ("dangling.example.com", RecordType.A, Outcome.NO_NAME),
        ("no..name", RecordType.A, Outcome.NO_NAME),
        (f"{'x' * 64}.example.com", RecordType.A, Outcome.NO_NAME),
        ("back\\slash.example.com", RecordType.A, Outcome.NO_NAME),
    ],
)
def test_what_the_dns_denies_is_missing(name: str, kind: RecordType, outcome: Outcome) -> None:
    with names(ZONE) as served:
        answer = ask(served, name, kind)

    assert outcome is answer.outcome
    assert answer.is_missing
    assert not answer.is_unknown


@pytest.mark.parametrize(
    ("odd", "outcome", "words"),
    [
        (Odd.SERVFAIL, Outcome.FAILED, "SERVFAIL"),
        (Odd.REFUSED, Outcome.FAILED, "REFUSED"),
        (Odd.SILENT, Outcome.NO_TIME, "no answer within"),
        (Odd.GARBAGE, Outcome.NO_TIME, "no answer within"),
    ],
)
def test_what_nobody_answers_is_never_missing(odd: Odd, outcome: Outcome, words: str) -> None:
    bounds = Bounds(seconds_each=passing(1))
    with names(ZONE, odd={"odd.example.com": odd}) as served:
        answer = ask(served, "odd.example.com", RecordType.TXT, bounds)

    assert outcome is answer.outcome
    assert answer.is_unknown
    assert not answer.is_missing
    assert words in answer.why


def test_a_circle_of_names_is_no_answer() -> None:
    with names(ZONE) as served:
        answer = ask(served, "round.example.com", RecordType.A, Bounds(seconds_each=passing(1)))

    assert answer.is_unknown


def test_an_answer_that_was_cut_is_asked_for_by_tcp() -> None:
    long = "v=spf1 " + " ".join(f"ip4:192.0.2.{number}" for number in range(1, 200)) + " -all"
    with names(zone_file({"long.example.com TXT": [long, "x" * 40_000]})) as served:
        answer = ask(served, "long.example.com", RecordType.TXT)

    assert {long, "x" * 40_000} == set(answer.values)
    assert ["udp", "tcp"] == [way for *_, way in served.asked]


def test_dnssec_is_the_resolvers_word() -> None:
    with names(ZONE, is_authentic=True) as served:
        proven = ask(served, "_25._tcp.mx.example.com", RecordType.TLSA)
    with names(ZONE) as served:
        unproven = ask(served, "_25._tcp.mx.example.com", RecordType.TLSA)

    assert (True, False) == (proven.is_authentic, unproven.is_authentic)
    assert proven.values[0].startswith("3 1 1 0b9fa5a5")


def test_each_question_is_asked_once() -> None:
    async def asked() -> None:
        resolver = open_resolver([served.server])
        await asyncio.gather(
            *(resolver.ask(name, RecordType.A) for name in ("example.com", "Example.com.") * 5)
        )

    with names(ZONE) as served:
        asyncio.run(asked())

    assert 1 == len(served.asked)


def test_questions_are_bounded_in_number() -> None:
    async def asked() -> list[Answer]:
        resolver = open_resolver([served.server], Bounds(questions=3))
        return [await resolver.ask(f"n{number}.example.com", RecordType.A) for number in range(5)]

    with names(ZONE) as served:
        answers = asyncio.run(asked())

    assert 3 == len(served.asked)
    assert [False, False, False, True, True] == [each.is_unknown for each in answers]


def test_questions_are_bounded_in_time_and_asked_at_once() -> None:
    first, later = [[f"{when}{number}.example.com" for number in range(6)] for when in ("a", "b")]
    bounds = Bounds(at_once=6, seconds_each=passing(0.5), seconds=passing(0.75))

    async def asked() -> list[list[Outcome]]:
        resolver = open_resolver([served.server], bounds)
        together = await asyncio.gather(*(resolver.ask(name, RecordType.A) for name in first))
        in_turn = [await resolver.ask(name, RecordType.A) for name in later]
        return [[each.outcome for each in answers] for answers in (together, in_turn)]

    with names(ZONE, odd=dict.fromkeys([*first, *later], Odd.SILENT)) as served:
        together, in_turn = asyncio.run(asked())

    assert {Outcome.NO_TIME} == set(together), "one after the other they would take too long"
    assert Outcome.SPENT is in_turn[-1]


def test_a_server_that_is_not_there_is_no_answer() -> None:
    with names(ZONE) as served:
        pass

    answer = ask(served, "example.com", RecordType.A, Bounds(seconds_each=passing(0.5)))

    assert answer.is_unknown


@pytest.mark.parametrize("text", ["localhost", "127.0.0.1:0", "127.0.0.1:x", "[::1]x", "", "1.2.3"])
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the settings word it
        parse_name_server(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("192.0.2.1", "192.0.2.1:53"),
        ("192.0.2.1:5353", "192.0.2.1:5353"),
        ("[::1]:5353", "[::1]:5353"),
        ("::1", "[::1]:53"),
        ("[::1]", "[::1]:53"),
    ],
)
def test_a_server_is_an_address_with_a_port_or_without(text: str, shown: str) -> None:
    assert shown == str(parse_name_server(text))
