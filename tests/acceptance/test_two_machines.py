"""docs/operators.md, “Two machines in fifteen minutes”, done word for word on two machines.

They are namespaces with roots of their own (`tests/machines`), joined by a network on which a third
is the relay. Each line of each block is typed on the machine that the block is headed with. Four
programs have stand-ins (`tests/machines/standing_in`): `apt` fetches nothing, for what it would
install is here; `sudo` is `runuser`; `ssh`, by which rsync goes, knows no keys; and as no systemd
runs there, `systemctl` starts what the unit that `schedule install` wrote has as its ExecStart, as
its user and in its folder. What pip would download are the packages that the tests run with.
"""

import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.test_wheel import build
from tests.machines.machine import Machine, connect, missing
from tests.pace import passing, patience

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgresql,
    pytest.mark.timeout(900),
]

PAGE = Path(__file__).parents[2] / "docs/operators.md"
RELAY = Path(__file__).parents[1] / "machines/relay.py"
PASSWORD = "5f0c9e"
PEOPLE = 4_000
"""A dozen shards and more, of which a worker has two at a time."""

BLOCK = re.compile(r'^```(\w+) title="([^"]*)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)


def section() -> str:
    text = PAGE.read_text(encoding="utf-8").partition("## Two machines in fifteen minutes\n")[2]
    return text.partition("\n## ")[0]


@dataclass
class Network:
    """Two machines, and the file in which the relay has written who got a message from which."""

    machines: dict[str, Machine]
    log: Path

    def named(self, title: str) -> list[Machine]:
        return [self.machines[name] for name in title.split(" and ")]

    def sent(self) -> list[tuple[str, str]]:
        """Address of the machine and recipient, a message each."""
        said = self.log.read_text(encoding="utf-8").splitlines()
        return [(machine, recipient) for machine, _, recipient in (x.partition(" ") for x in said)]

    def sent_by(self) -> Counter[str]:
        """How many each machine has sent."""
        sent = Counter({each.address: 0 for each in self.machines.values()})
        sent.update(machine for machine, _ in self.sent())
        return sent


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    if why := missing():
        pytest.skip(why)
    wheel = build(tmp_path, "--wheel")
    with ExitStack() as stack:
        alpha, beta, relay = (
            stack.enter_context(Machine(name, f"10.0.0.{number}"))
            for number, name in enumerate(("alpha", "beta", "relay"), 1)
        )
        connect(relay, [alpha, beta])
        for machine in (alpha, beta):
            machine.copy(wheel, "/root/")
            machine.environment["PIP_NO_INDEX"] = "1"
        yield Network({"alpha": alpha, "beta": beta}, start_relay(stack, relay, tmp_path))


def start_relay(stack: ExitStack, machine: Machine, folder: Path) -> Path:
    target, log = str(machine.first_process), folder / "relay.log"
    process = subprocess.Popen(
        ["nsenter", "-t", target, "-n", shutil.which("python3") or "", RELAY, "2525", log],
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.callback(process.communicate)
    stack.callback(process.kill)
    assert process.stdout is not None
    assert "up\n" == process.stdout.readline()
    return log


def type_block(network: Network, title: str, block: str) -> None:
    for machine in network.named(title):
        for line in block.splitlines():
            if " health " in line:  # its comment: in some seconds
                until(lambda: machine.try_(line).returncode == 0, 60, network)  # noqa: B023
            else:
                machine.do(line, typed=f"{PASSWORD}\n{PASSWORD}\n" if "--pwprompt" in line else "")
            if "-m venv" in line:
                at_hand(machine)


def at_hand(machine: Machine) -> None:
    """What pip would download is there already."""
    machine.do("(cd /opt/newsletter/lib/python3*/site-packages; echo /run/packages > at-hand.pth)")


def change(machine: Machine, path: str, block: str) -> None:
    """Lines of a file, each told by its name, with this network's relay and password."""
    text = machine.read(path)
    changed = block.replace("PASSWORD@", f"{PASSWORD}@").replace("the relay's", "")
    changed = changed.replace(
        "smtp://user@relay.example.com",
        "smtp://10.0.0.3:2525?tls=none&connections=4&rate=1500/s",
    )
    for line in changed.splitlines():
        name = line.partition("=")[0]
        text, count = re.subn(rf"(?m)^{name}=.*$", line, text)
        assert 1 == count, name
    machine.write(path, text)


def issue_of(day: date) -> str:
    stories = "\n\n".join(
        f"## {number}. {name} gets its trees back\n\nTwelve limes were planted on Tuesday.\n\n"
        f"[Look at the plan of {name}](https://www.example.com/trees/{number})"
        for number, name in enumerate(
            ("Mill Lane", "Ford Road", "Elm Row", "Hope Quay", "Oak End"), 1
        )
    )
    return (
        f"---\nsubject: Trees, trees, trees\npreheader: Sixty limes in five streets\ndate: {day}\n"
        f"number: 1\n---\n# The week in five stories\n\nIt's {day:%A}, and there are new trees:"
        f" including Mill Lane and Elm Row.\n\n{stories}\n\n---\n"
        "Sign up for our free newsletter [here](https://example.com/subscribe).\n"
    )


def prepare(alpha: Machine) -> date:
    """What an editor does, and a slot that is near, for nobody here waits until Friday: its day."""
    slot = datetime.now(UTC) + timedelta(seconds=60 + passing(30))
    path = "/srv/friday/newsletter.toml"
    text, count = re.subn(
        r'(?m)^weekday = "friday"\ntime = "07:00"\ntimezone = ".*"$',
        f'weekday = "{slot:%A}"\ntime = "{slot:%H:%M}"\n'.lower() + 'timezone = "UTC"',
        alpha.read(path),
    )
    assert 1 == count
    alpha.write(path, text.replace('postal_address = "…"', 'postal_address = "1 Mill Lane"'))
    alpha.do(f"install -o friday -g friday -m 600 /dev/null issues/{slot:%F}.md")
    alpha.write(f"/srv/friday/issues/{slot:%F}.md", issue_of(slot.date()))
    return slot.date()


def until(condition: Callable[[], bool], seconds: float, network: Network) -> None:
    """Wait for what is sure to come."""
    deadline = time.monotonic() + patience(seconds)
    while not condition():
        said = "\n".join(each.logs() for each in network.machines.values())
        assert time.monotonic() < deadline, f"{len(network.sent())} were sent\n{said}"
        time.sleep(0.2)


def people(count: int) -> str:
    rows = (f"reader{number}@example.com,Reader,a test,2021-03-02\n" for number in range(count))
    return "email,first_name,consent_source,consent_at\n" + "".join(rows)


def test_packages_that_the_page_has_installed_are_debians() -> None:
    if not [*Path("/var/lib/apt/lists").glob("*_Packages*")]:
        pytest.skip("apt has no lists here: apt-get update")
    typed = re.findall(r"^apt install --yes (.*)$", section(), re.MULTILINE)
    wanted = {name for names in typed for name in names.split()}

    assert {"postgresql", "rsync"} < wanted
    known = subprocess.run(["apt-cache", "pkgnames"], check=True, capture_output=True, text=True)
    assert wanted <= set(known.stdout.split())


def test_two_machines_are_set_up_by_the_page_and_send_together(network: Network) -> None:
    alpha, beta = network.machines["alpha"], network.machines["beta"]
    beta.do("ssh --serve >/run/ssh.log 2>&1 &")
    *blocks, (_, place, last) = BLOCK.findall(section())
    begun = time.monotonic()

    for kind, title, block in blocks:
        if kind == "ini":
            change(alpha, title, block)
            alpha.write("/srv/friday/subscribers.example.csv", people(PEOPLE))
        else:
            type_block(network, title, block)

    assert time.monotonic() - begun < passing(600)  # the people have the rest of the 15 minutes

    day = prepare(alpha)
    type_block(network, place, last.replace("2026-11-27", str(day)))
    until(lambda: min(network.sent_by().values()) > 100, 180, network)
    beta.do("systemctl stop friday-worker")  # the page: hand-over needs nothing of you
    until(lambda: network.sent_by().total() >= PEOPLE, 120, network)
    report = f"sudo -u friday newsletter report {day}"
    until(lambda: "The run is complete" in alpha.do(report), 60, network)

    got = Counter(recipient for _, recipient in network.sent())
    assert PEOPLE == len(got)
    assert {1} == set(got.values())
