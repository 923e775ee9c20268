"""A name server on loopback, UDP and TCP, that answers from a zone file in the test's body."""

import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from textwrap import dedent

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone

from newsletter.lookup import NameServer

_UDP_OCTETS = 1232


class Odd(Enum):
    """How a server behaves at a name, in place of an answer."""

    SERVFAIL = "servfail"
    REFUSED = "refused"
    SILENT = "silent"
    GARBAGE = "garbage"


@dataclass
class Names:
    """The server's zone, what it is odd about, and what it was asked: name, type, way."""

    zone: dns.zone.Zone
    odd: Mapping[str, Odd]
    port: int = 0
    is_authentic: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def server(self) -> NameServer:
        return NameServer(address="127.0.0.1", port=self.port)

    def answer(self, wire: bytes, way: str) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append((name, dns.rdatatype.to_text(question.rdtype), way))
        answer = dns.message.make_response(query, recursion_available=True)
        match self.odd.get(name):
            case Odd.SILENT:
                return None
            case Odd.GARBAGE:
                return wire[:2] + b"\xff" * 40
            case Odd.SERVFAIL:
                answer.set_rcode(dns.rcode.SERVFAIL)
            case Odd.REFUSED:
                answer.set_rcode(dns.rcode.REFUSED)
            case None:
                self._fill(answer, question)
        octets = answer.to_wire(max_size=65535)
        if way == "udp" and len(octets) > _UDP_OCTETS:
            answer.answer.clear()
            answer.flags |= dns.flags.TC
            octets = answer.to_wire()
        return octets

    def _fill(self, answer: dns.message.Message, question: dns.rrset.RRset) -> None:
        name = question.name
        for _ in range(20):  # a chain of CNAME, or a circle
            node = self.zone.get_node(name)
            if node is None:
                is_above = any(each.is_subdomain(name) for each in self.zone)
                answer.set_rcode(dns.rcode.NOERROR if is_above else dns.rcode.NXDOMAIN)
                return
            found = node.get_rdataset(dns.rdataclass.IN, question.rdtype)
            alias = node.get_rdataset(dns.rdataclass.IN, dns.rdatatype.CNAME)
            if found is not None:
                if self.is_authentic:
                    answer.flags |= dns.flags.AD
                answer.answer.append(dns.rrset.from_rdata_list(name, found.ttl, list(found)))
                return
            if alias is None:
                return
            answer.answer.append(dns.rrset.from_rdata_list(name, alias.ttl, list(alias)))
            name = alias[0].target


@contextmanager
def names(
    zone: str, *, odd: Mapping[str, Odd] | None = None, is_authentic: bool = False
) -> Iterator[Names]:
    """A server of the lines of a zone file, whose names end in a dot or mean the same without."""
    text = "\n".join(map(_absolute, dedent(zone).strip().splitlines()))
    parsed = dns.zone.from_text(
        f"$TTL 60\n{text}\n", origin=".", relativize=False, check_origin=False
    )
    served = Names(zone=parsed, odd=odd or {}, is_authentic=is_authentic)
    servers = _bound(served)
    threads = [threading.Thread(target=each.serve_forever, args=(0.02,)) for each in servers]
    for thread in threads:
        thread.start()
    try:
        yield served
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


def zone_file(records: Mapping[str, Sequence[str]]) -> str:
    """Records by `name TYPE` as lines of a zone file; a TXT of more than 255 octets in pieces."""
    return "\n".join(
        f"{key} {_strings(value) if key.endswith(' TXT') else value}"
        for key, values in records.items()
        for value in values
    )


def _strings(value: str) -> str:
    pieces: Sequence[str] = [value[at : at + 255] for at in range(0, len(value), 255)] or [""]
    return " ".join(
        '"{}"'.format(each.replace("\\", "\\\\").replace('"', '\\"')) for each in pieces
    )


def _absolute(line: str) -> str:
    """`example.com MX 10 mx.example.com`: a name at the end is whole, too."""
    name, kind, *rest = line.split(" ")
    if kind in ("MX", "PTR", "CNAME"):
        rest[-1] = f"{rest[-1].rstrip('.')}."
    return " ".join([f"{name.rstrip('.')}.", kind, *rest])


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _bound(served: Names) -> tuple[socketserver.BaseServer, socketserver.BaseServer]:
    """Both at one port, which the system chooses for TCP and may have given away for UDP."""

    class ByUdp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            octets, back = self.request
            if (answer := served.answer(octets, "udp")) is not None:
                back.sendto(answer, self.client_address)

    class ByTcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while head := self.rfile.read(2):
                answer = served.answer(self.rfile.read(struct.unpack("!H", head)[0]), "tcp")
                if answer is None:
                    return
                self.wfile.write(struct.pack("!H", len(answer)) + answer)

    for _ in range(50):
        tcp = _Tcp(("127.0.0.1", 0), ByTcp)
        served.port = tcp.server_address[1]
        try:
            return _Udp(("127.0.0.1", served.port), ByUdp), tcp
        except OSError:
            tcp.server_close()
    raise AssertionError("no port is free both ways")
