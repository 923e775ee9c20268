"""The studio: from a key press to the message painted, and memory while somebody types on.

    python -m benchmarks.studio              key press to message, for 5 and 30 stories
    python -m benchmarks.studio --minutes 30 memory of server and tab, too, over so long a typing

The real command serves a copy of the example publication, and a real Chromium types. A key counts
from its event to the frame after which its letter stands in the message.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.publication import KEY, ROOT

EXAMPLE = "2021-11-26"
HOLD = 100
"""Milliseconds from key press to message at the median, of an issue of five stories."""
SINGLE, TYPED, PACE = 60, 200, 0.1
WORD = 5
"""Letters, all of them q, which the example is nearly without."""
LONG = 30
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

PROBE = """
() => {
  const frame = document.querySelector('#message iframe').contentDocument;
  const count = () => (frame.body.textContent.match(/q/g) ?? []).length;
  const probe = window.probe = { pressed: [], painted: [], from: count() };
  const channel = new MessageChannel();
  let seen = 0;
  channel.port1.onmessage = ({ data }) => {
    while (probe.painted.length < data) probe.painted.push(performance.now());
  };
  document.addEventListener('keydown', (event) => {
    if (event.key === 'q') probe.pressed.push(event.timeStamp);
  }, true);
  new MutationObserver(() => {
    const now = count() - probe.from;
    if (now <= seen) return;
    seen = now;
    requestAnimationFrame(() => channel.port2.postMessage(now));
  }).observe(frame, { subtree: true, childList: true, characterData: true });
}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """In megabytes; `nodes` are those of all documents of the tab."""

    minute: float
    server: float
    heap: float
    nodes: int


@dataclass(kw_only=True, slots=True)
class Studio:
    """One that is running, and its first window."""

    process: subprocess.Popen[str]
    page: Page
    memories: list[Memory] = field(default_factory=list)

    def settle(self, story: int) -> None:
        """The cursor at the end of a story's first paragraph, and the message there."""
        self.page.frame_locator("#message iframe").locator("h1").wait_for()
        heading = self.page.locator(".cm-line", has_text="Cyber Week starts").nth(story)
        heading.click()
        self.page.keyboard.press("End")
        self.page.keyboard.type(" ")
        self.page.wait_for_timeout(1000)

    def type(self, keys: int, pace: float) -> list[float]:
        """Milliseconds of each letter; `pace` is in seconds, the keys are as even as can be."""
        self.page.evaluate(PROBE)
        due = time.monotonic()
        for at in range(keys * (WORD + 1) // WORD):
            self.page.keyboard.press("q" if at % (WORD + 1) else "Space")
            due += pace
            self.page.wait_for_timeout(max(0.0, due - time.monotonic()) * 1000)
        while self.page.evaluate("window.probe.painted.length") < keys:
            self.page.wait_for_timeout(100)
        probe: dict[str, Any] = self.page.evaluate("window.probe")
        times = zip(probe["pressed"], probe["painted"], strict=False)
        return [painted - pressed for pressed, painted in times]

    def remember(self, minute: float) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.enable")
        session.send("HeapProfiler.collectGarbage")
        session.send("Performance.enable")
        metrics = {
            one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
        }
        session.detach()
        self.memories.append(
            Memory(
                minute=minute,
                server=_resident(self.process.pid),
                heap=metrics["JSHeapUsedSize"] / 1e6,
                nodes=int(metrics["Nodes"]),
            )
        )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=0, help="of typing, for the memory")
    options = parser.parse_args(arguments)
    for line in measure(options.minutes):
        print(line, flush=True)
    return 0


def measure(minutes: float = 0) -> Iterator[str]:
    """Markdown tables, line by line."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield f"| the studio ({os.getloadavg()[0]:.1f} processes waited) | hold | median | p95 |"
        yield "|---|---|---|---|"
        for stories in (5, LONG):
            yield from _speed(browser, stories)
        if minutes:
            yield ""
            yield "| memory while somebody types | server | tab’s heap | tab’s nodes |"
            yield "|---|---|---|---|"
            yield from _memory(browser, minutes)
        browser.close()


def _speed(browser: Browser, stories: int) -> Iterator[str]:
    with studio(browser, stories) as one:
        one.settle(0)
        one.type(10, 0.25)  # what is loaded by the first renderings
        single = one.type(SINGLE, 0.3)
        typed = one.type(TYPED, PACE)
    hold = f"{HOLD} ms" if stories == 5 else ""
    yield _row(f"one key, {stories} stories", hold, single)
    yield _row(f"ten keys a second, {stories} stories", "", typed)


def _row(what: str, hold: str, times: Sequence[float]) -> str:
    high = statistics.quantiles(times, n=20)[-1]
    return f"| {what} | {hold} | {statistics.median(times):.0f} ms | {high:.0f} ms |"


def _memory(browser: Browser, minutes: float) -> Iterator[str]:
    """Words are typed and taken out again, so that the text stays of one length."""
    with studio(browser, 5) as one:
        one.settle(0)
        begun = time.monotonic()
        steps = max(2, min(10, round(minutes)))
        for step in range(steps + 1):
            while time.monotonic() - begun < minutes * 60 * step / steps:
                one.page.keyboard.type("a word or two ", delay=PACE * 1000)
                for _ in range(14):
                    one.page.keyboard.press("Backspace", delay=PACE * 500)
            one.remember((time.monotonic() - begun) / 60)
            last = one.memories[-1]
            yield (
                f"| {last.minute:.1f} minutes | {last.server:.0f} MB | {last.heap:.1f} MB"
                f" | {last.nodes:,} |"
            )


@contextmanager
def studio(browser: Browser, stories: int) -> Iterator[Studio]:
    """The installed command, on a copy of the example with so many stories."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _lay_out(folder, stories)
        command = Path(sys.executable).with_name("newsletter")
        environment = {**os.environ, "NEWSLETTER_SECRET_KEY": KEY}
        environment["NEWSLETTER_TRANSPORT"] = "directory:sent/"
        process = subprocess.Popen(
            [command, "studio", EXAMPLE, "--no-browser"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(_link(process))
            yield Studio(process=process, page=page)
            page.close()
        finally:
            process.terminate()
            process.wait()


def _lay_out(folder: Path, stories: int) -> None:
    shutil.copy(ROOT / "newsletter.toml", folder)
    text = (ROOT / "issues" / f"{EXAMPLE}.md").read_text(encoding="utf-8")
    head, *parts = re.split(r"(?m)^(?=## \d+\. )", text)
    last, rule, footer = parts[-1].rpartition("\n---\n")
    parts[-1] = last + "\n"
    many = [re.sub(r"^## \d+", f"## {at + 1}", parts[at % len(parts)]) for at in range(stories)]
    (folder / "issues").mkdir()
    whole = head + "".join(many).rstrip("\n") + "\n" + rule + footer
    (folder / "issues" / f"{EXAMPLE}.md").write_text(whole, encoding="utf-8")


def _link(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://\S+/enter/\S+", line):
            return found[0]
    raise RuntimeError("the studio has not started")


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
