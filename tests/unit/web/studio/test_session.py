"""Links, cookies and tokens of `newsletter.web.studio.session`."""

from newsletter.web.studio.session import COOKIE_TIME, LINK_TIME, Session

KEY = b"k" * 32
ADA, EVE, ROOT = 1000, 1001, 0


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def session(clock: Clock | None = None, *, key: bytes = KEY, run: str = "a") -> Session:
    return Session(key=key, name="studio", run=run, clock=clock or Clock())


def test_link_opens_once() -> None:
    ours = session()
    link = ours.new_link()

    assert ours.opens(link)
    assert ours.redeem(link)
    assert not ours.opens(link)
    assert ours.redeem(link) is None


def test_link_ends_with_its_time_and_with_the_process() -> None:
    clock = Clock()
    ours = session(clock)
    link = ours.new_link()

    assert session(clock, run="b").redeem(link) is None
    assert session(clock, key=b"l" * 32).redeem(link) is None
    clock.now += LINK_TIME
    assert ours.redeem(link) is None


def test_another_process_with_the_key_makes_links_for_this_one() -> None:
    link = session().new_link()

    assert session().redeem(link)


def test_changed_link_is_none() -> None:
    ours = session()
    link = ours.new_link()
    for changed in ("", ".", "...", link[1:], link[:-1], link + "0", link.upper(), f"9{link}"):
        assert not ours.opens(changed), changed
    for odd in ("é.ü.ß.\udcff", "\0", "1.any.x.\N{CHECK MARK}"):
        assert ours.redeem(odd) is None


def test_link_for_an_account_is_for_that_account() -> None:
    ours = session()

    assert ours.redeem(ours.new_link(ADA), EVE) is None
    assert ours.redeem(ours.new_link(ADA), ADA)
    assert ours.redeem(ours.new_link(ADA), ROOT)
    assert ours.redeem(ours.new_link(ADA), None)
    assert ours.redeem(ours.new_link(), EVE)


def test_cookie_is_good_for_whoever_was_given_it_for_its_time_and_under_its_key() -> None:
    clock = Clock()
    ours = session(clock)
    cookie = ours.redeem(ours.new_link(), ADA)

    assert cookie
    assert session(clock, run="b").is_ours(cookie, ADA)
    assert not ours.is_ours(cookie, EVE)
    assert not session(clock, key=b"l" * 32).is_ours(cookie, ADA)
    clock.now += COOKIE_TIME
    assert not ours.is_ours(cookie, ADA)


def test_link_is_no_cookie_and_a_cookie_no_link_or_token() -> None:
    ours = session()
    link = ours.new_link()
    cookie = ours.redeem(ours.new_link())

    assert cookie
    assert not ours.is_ours(link)
    assert not ours.opens(cookie)
    assert not ours.is_token(cookie, cookie.rpartition(".")[2])
    assert ours.is_token(cookie, ours.token(cookie))
    for odd in ("", "é", "\udcff"):
        assert not ours.is_ours(odd)
        assert not ours.is_token(cookie, odd)


def test_links_that_were_opened_are_forgotten_when_they_would_not_open_any_more() -> None:
    clock = Clock()
    ours = session(clock)
    for _ in range(5):
        ours.redeem(ours.new_link())
        clock.now += LINK_TIME + 1

    assert 1 == len(ours._spent)


def test_session_shows_no_secret() -> None:
    ours = session()
    ours.redeem(ours.new_link())

    assert "kkk" not in repr(ours)
    assert "_spent" not in repr(ours)
