"""Which links are asked, how many at once, and what is remembered from one check to the next."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.check import (
    Context,
    HouseFormat,
    LinkCache,
    all_rules,
    check_issue,
    find_dead_links,
)
from newsletter.check.online import AT_ONCE
from newsletter.issue import Issue, parse_issue, source_from_text
from tests.pace import patience

NOW = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)


def issue_of(*hrefs: str, footer: str = "https://shop.example/newsletter") -> Issue:
    links = "\n\n".join(f"[Story](<{href}>)" for href in hrefs)
    text = f"# Tills\n\nFriday.\n\n## 1. Shelves\n\n{links}\n\n---\nSign up [here]({footer}).\n"
    return parse_issue(source_from_text(text))


def asked_of(dead: dict[str, str]) -> tuple[list[str], Callable[[str], str | None]]:
    """A fetch that knows which addresses are dead, and the list of what it was asked."""
    asked: list[str] = []

    def fetch(address: str) -> str | None:
        asked.append(address)
        return dead.get(address)

    return asked, fetch


def test_find_dead_links_gives_each_dead_address_with_its_reason() -> None:
    _, fetch = asked_of({"https://shop.example/b": "gone", "https://shop.example/newsletter": "x"})

    found = find_dead_links(
        [issue_of("https://shop.example/a", "https://shop.example/b")], fetch=fetch
    )

    assert {"https://shop.example/b": "gone", "https://shop.example/newsletter": "x"} == found


def test_find_dead_links_asks_each_page_of_all_issues_once() -> None:
    asked, fetch = asked_of({"https://shop.example/a": "gone"})
    issues = [
        issue_of("https://shop.example/a#one", "https://shop.example/a"),
        issue_of("https://shop.example/a#two", "mailto:us@shop.example", "#top"),
    ]

    found = find_dead_links(issues, fetch=fetch)

    assert ["https://shop.example/a", "https://shop.example/newsletter"] == sorted(asked)
    assert {"", "#one", "#two"} == {href.removeprefix("https://shop.example/a") for href in found}


def test_find_dead_links_does_not_ask_what_is_allowed() -> None:
    asked, fetch = asked_of({})

    find_dead_links(
        [issue_of("https://in.example/a", "https://shop.example/b")],
        allowed=("https://in.example/", "https://shop.example/news"),
        fetch=fetch,
    )

    assert ["https://shop.example/b"] == asked


def test_find_dead_links_asks_a_few_at_once() -> None:
    """As many as AT_ONCE wait for each other here; one more never joins them."""
    together = threading.Barrier(AT_ONCE, timeout=patience())
    here, most = 0, 0
    lock = threading.Lock()

    def fetch(_address: str) -> None:
        nonlocal here, most
        with lock:
            here += 1
            most = max(most, here)
        together.wait()
        with lock:
            here -= 1

    pages = [f"https://shop.example/{number}" for number in range(3 * AT_ONCE - 1)]
    find_dead_links([issue_of(*pages)], fetch=fetch)

    assert AT_ONCE == most


def test_find_dead_links_stops_asking_when_one_asking_fails() -> None:
    asked: list[str] = []

    def fetch(address: str) -> None:
        asked.append(address)
        raise KeyboardInterrupt

    pages = [f"https://shop.example/{number}" for number in range(100)]
    with pytest.raises(KeyboardInterrupt):
        find_dead_links([issue_of(*pages)], fetch=fetch)

    assert 100 > len(asked)


def test_find_dead_links_remembers_what_answered_and_asks_the_dead_again(tmp_path: Path) -> None:
    cache = LinkCache(path=tmp_path / "new" / "links.json", now=NOW)
    issue = issue_of("https://shop.example/a", "https://shop.example/b")
    _, fetch = asked_of({"https://shop.example/b": "gone"})
    find_dead_links([issue], cache=cache, fetch=fetch)

    asked, mended = asked_of({})
    found = find_dead_links([issue], cache=cache, fetch=mended)

    assert ["https://shop.example/b"] == asked
    assert {} == found
    assert [cache.path] == list(cache.path.parent.iterdir())


def test_find_dead_links_asks_again_when_the_time_is_over(tmp_path: Path) -> None:
    path = tmp_path / "links.json"
    issue = issue_of("https://shop.example/a", footer="https://shop.example/a")
    asked, fetch = asked_of({})
    for now in (NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=3)):
        cache = LinkCache(path=path, now=now, keep=timedelta(hours=2))
        find_dead_links([issue], cache=cache, fetch=fetch)

    assert 2 == len(asked)


def test_link_cache_forgets_what_is_stale_or_from_the_future(tmp_path: Path) -> None:
    cache = LinkCache(path=tmp_path / "links.json", now=NOW)
    cache.write({"old": NOW - timedelta(days=2), "new": NOW, "odd": NOW + timedelta(days=2)})

    assert {"new": NOW} == cache.read()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"a": 7}', '{"a": "soon"}', '{"a": "2026-03-06T07:00:00"}']
)
def test_link_cache_that_cannot_be_read_is_as_good_as_none(text: str, tmp_path: Path) -> None:
    cache = LinkCache(path=tmp_path / "links.json", now=NOW)
    cache.path.write_text(text, encoding="utf-8")

    assert {} == cache.read()


def test_link_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = LinkCache(path=tmp_path / "file" / "links.json", now=NOW)
    asked, fetch = asked_of({})

    find_dead_links([issue_of("https://shop.example/a")], cache=cache, fetch=fetch)

    assert 2 == len(asked)


def test_link_cache_is_a_file_that_people_can_read(tmp_path: Path) -> None:
    cache = LinkCache(path=tmp_path / "links.json", now=NOW)
    cache.write({"https://shop.example/a": NOW})

    text = cache.path.read_text(encoding="utf-8")

    assert {"https://shop.example/a": "2026-03-06T07:00:00+00:00"} == json.loads(text)


def test_dead_links_are_reported_from_the_context() -> None:
    issue = issue_of("https://shop.example/a", "https://shop.example/b#top")
    _, fetch = asked_of({"https://shop.example/b": "the server says 404 Not Found"})
    dead = find_dead_links([issue], fetch=fetch)

    found = check_issue(issue, all_rules(), Context(house=HouseFormat(), dead_links=dead))

    assert [(9, "L008", "the link is dead: the server says 404 Not Found")] == [
        (item.span.line, item.code, item.message) for item in found if item.slug == "dead-link"
    ]
