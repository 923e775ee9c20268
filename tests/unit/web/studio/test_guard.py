"""The names that the studio answers by: `newsletter.web.studio.guard`."""

from newsletter.web.studio.guard import Names

HERE = Names(host="127.0.0.1", port=8_123)
EVERYWHERE = Names(host="0.0.0.0", port=8_123)
FOREIGN = ("evil.example:8123", "localhost.evil.example:8123", "localhost.:8123", "", ":8123")
DOUBTFUL = ("localhost", "127.0.0.1:8124", "127.0.0.1", "localhost:8123,evil.example")


def test_own_names_are_those_of_this_machine_with_the_port() -> None:
    for name in ("127.0.0.1:8123", "localhost:8123", "[::1]:8123"):
        assert name in HERE
    for name in (*FOREIGN, *DOUBTFUL, "192.0.2.1:8123"):
        assert name not in HERE, name


def test_every_address_is_its_own_where_it_answers_the_network_and_no_name_is() -> None:
    for name in ("192.0.2.1:8123", "[2001:db8::1]:8123", "localhost:8123"):
        assert name in EVERYWHERE
    for name in (*FOREIGN, "192.0.2.1:8124"):
        assert name not in EVERYWHERE, name
