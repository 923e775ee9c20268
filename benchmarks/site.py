"""The public site: pages and one-clicks a second, sign-ups beside a run, and what it weighs.

The real command serves, over a real SQLite database on the disk, every change durable before it is
answered. A bare application of the same framework stands beside it as what HTTP alone costs.
"""

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.publication import ISSUE, KEY, ROOT, Publication
from benchmarks.sink import open_sink
from benchmarks.site_client import Crowd, ask_all, get, post
from newsletter.publishing.readers import Links, Purpose, Stamps
from newsletter.subscribers import secret_of

LIST_ID = "friday-five.news.example.com"
READERS = 20_000
_TICKS = os.sysconf("SC_CLK_TCK")

BARE = """
import asyncio, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = b"x" * int(sys.argv[1])
async def page(request): return Response(body, media_type="text/html")
app = Starlette(routes=[Route("/", page)])
config = uvicorn.Config(app, port=0, log_level="warning", http="h11")
server = uvicorn.Server(config)
async def main():
    task = asyncio.create_task(server.serve())
    while not server.started: await asyncio.sleep(0.05)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await task
asyncio.run(main())
"""


def measure(root: Path) -> str:
    """A Markdown table."""
    del root
    with tempfile.TemporaryDirectory() as name, open_sink() as (_, sink):
        publication = Publication(folder=Path(name))
        publication.lay_out()
        raise_limits(publication)
        transport = f"smtp://127.0.0.1:{sink}?tls=none&connections=10"
        return "\n".join(_rows(publication, transport))


def raise_limits(publication: Publication) -> None:
    """All readers of a benchmark come from one computer."""
    path = publication.folder / "newsletter.toml"
    text = path.read_text(encoding="utf-8")
    limits = "[site.limits]\nper_network_hour = 100000\noverall_hour = 1000000\n"
    path.write_text(text.replace("[site.limits]\n", limits), encoding="utf-8")


def _rows(publication: Publication, transport: str) -> Iterator[str]:
    yield "| the public site | hold | measured |"
    yield "|---|---|---|"
    publication.invite(READERS)
    newsletter(publication, "publish", ISSUE, transport=transport)
    with serving(publication, transport) as (port, process):
        page = f"/issues/{Path(ISSUE).stem}"
        size = len(_once(port, page))
        crowd, cpu = _timed(process, port, [get(page)] * 20_000, connections=16)
        yield _row("a page of the archive, a core-second", "1,000", f"{crowd.done / cpu:,.0f}")
        yield _row("the same, a bare application", "", f"{_bare(size):,.0f}")
        clicks = [post(path, "List-Unsubscribe=One-Click") for path in leave_paths(5_000)]
        crowd, cpu = _timed(process, port, clicks, connections=64)
        assert crowd.statuses == {200: 5_000}, crowd.statuses
        yield _row("one-click, a second, each durable", "300", f"{crowd.rate:,.0f}")
        yield _row("one-click, a core-second", "300", f"{crowd.done / cpu:,.0f}")
        yield _row("memory of it by then, MB", "120", f"{_memory(process):,.0f}")
    yield from _beside_a_run(publication, transport)


def _beside_a_run(publication: Publication, transport: str) -> Iterator[str]:
    """The run by itself, then another one with 200 sign-ups a second beside it."""
    publication.invite(READERS)
    with serving(publication, transport):
        alone = _run_seconds(publication, transport)
    publication.invite(READERS)
    with serving(publication, transport) as (port, process):
        seconds, crowd = asyncio.run(_run_and_sign_up(publication, transport, port))
        memory = _memory(process)
        pending = _count(publication, "pending")
    assert {200: crowd.done} == crowd.statuses, crowd.statuses
    assert crowd.done == pending, (crowd.done, pending)
    yield _row("sign-ups a second beside a run", "200", f"{crowd.rate:,.0f} of {crowd.done:,}")
    yield _row(f"rate of a run of {READERS:,} then, of alone", "0.8", f"{alone / seconds:.2f}")
    yield _row("memory of the site then, MB", "120", f"{memory:,.0f}")


async def _run_and_sign_up(
    publication: Publication, transport: str, port: int
) -> tuple[float, Crowd]:
    running = asyncio.create_task(asyncio.to_thread(_run_seconds, publication, transport))
    stamp = Stamps(keys=[_key()], list_id=LIST_ID).embedded()

    def sign_ups() -> Iterator[bytes]:
        number = 0
        while not running.done():
            number += 1
            yield post("/subscribe", f"email=new{number}%40example.org&stamp={stamp}")

    crowd = await ask_all(port, sign_ups(), connections=32, rate=200)
    return await running, crowd


def leave_paths(count: int) -> list[str]:
    """The links by which the first readers leave."""
    links = Links(keys=[_key()], list_id=LIST_ID, base_url="https://news.example.com")
    return [
        links.path(Purpose.UNSUBSCRIBE, f"reader{number}@example.com") for number in range(count)
    ]


def _key() -> bytes:
    return secret_of(KEY.encode(), "")


def _run_seconds(publication: Publication, transport: str) -> float:
    """From the first claim to the last word in the journal, as the command's progress has it."""
    began = time.perf_counter()
    newsletter(publication, "send", ISSUE, "--yes", transport=transport)
    return time.perf_counter() - began


def newsletter(publication: Publication, *arguments: str, transport: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "newsletter", *arguments],
        cwd=publication.folder,
        env=publication.environment(transport),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@contextlib.contextmanager
def serving(
    publication: Publication, transport: str
) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The site's port and its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newsletter", "serve", "--port", "0"],
        cwd=publication.folder,
        env=publication.environment(transport),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert found
    try:
        yield int(found[1]), process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _timed(
    process: subprocess.Popen[str], port: int, requests: list[bytes], *, connections: int
) -> tuple[Crowd, float]:
    """What became of them, and the seconds of CPU that the site had for them."""
    before = _cpu(process)
    crowd = asyncio.run(ask_all(port, requests, connections=connections))
    return crowd, _cpu(process) - before


def _bare(size: int) -> float:
    process = subprocess.Popen(
        [sys.executable, "-c", BARE, str(size)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        crowd, cpu = _timed(
            process, int(process.stdout.readline()), [get("/")] * 10_000, connections=16
        )
        return crowd.done / cpu
    finally:
        process.terminate()
        process.wait(timeout=60)


def _once(port: int, path: str) -> bytes:
    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get(path).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        whole = await reader.read()
        writer.close()
        return whole.partition(b"\r\n\r\n")[2]

    return asyncio.run(ask())


def _cpu(process: subprocess.Popen[str]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / _TICKS


def _memory(process: subprocess.Popen[str]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def _count(publication: Publication, state: str) -> int:
    told = newsletter(publication, "subscribers", "count", transport="console:")
    found = re.search(rf"([\d,]+)\s+{state}", told)
    assert found
    return int(found[1].replace(",", ""))


def _row(what: str, hold: str, measured: str) -> str:
    return f"| {what} | {hold} | {measured} |"


if __name__ == "__main__":
    print(measure(ROOT))
