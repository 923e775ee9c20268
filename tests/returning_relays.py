"""Real relays that accept for readers elsewhere, and return what those then refuse.

Each hands mail for reader.example.com on to a server of the test, and delivers everything for
news.example.com, with whatever stands behind a `+`, into one Maildir.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.real_relays import RealRelay, SetUp, real_relay

_POSTFIX = "transport_maps = inline:{{ {{ reader.example.com = smtp:[127.0.0.1]:{next_hop} }} }}"
_ROUTERS = """
onward:
  driver = manualroute
  domains = reader.example.com
  route_list = * 127.0.0.1
  self = send
  transport = onward
own:
  driver = accept
  domains = news.example.com
  transport = maildir
"""
_TRANSPORTS = """
onward:
  driver = smtp
  port = {next_hop}
  allow_localhost
  hosts_avoid_tls = *
"""


@contextmanager
def returning_relay(kind: str, next_hop: int) -> Iterator[RealRelay]:
    """`next_hop` is the port of the readers' own server. Skips where the relay cannot be run."""
    set_up = SetUp(
        domain="news.example.com",
        postfix=_POSTFIX.format(next_hop=next_hop),
        routers=_ROUTERS,
        transports=_TRANSPORTS.format(next_hop=next_hop),
    )
    with real_relay(kind, set_up) as relay:
        yield relay
