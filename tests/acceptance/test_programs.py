"""Commands as programs use them: JSON of the shape that docs/schemas tells, and no questions."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema.exceptions import best_match
from referencing import Registry, Resource

from tests.acceptance.publication import COMMAND, Publication, clean_environment
from tests.acceptance.schedule_world import issue_text
from tests.pace import patience

pytestmark = pytest.mark.slow

FRIDAY = 4
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
SENT = "2021-11-26"
TODAY = datetime.now(UTC).date()
NEXT = (TODAY + timedelta(days=14 + (FRIDAY - TODAY.weekday()) % 7)).isoformat()
LATER = (TODAY + timedelta(days=30)).isoformat()
ADA = "ada@reader.example.com"
RETURNED = f"""From: MAILER-DAEMON@mx.example.com
To: bounces@news.example.com
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

{ADA}: 550 5.1.1 no such user

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {ADA}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, laid_out: Path) -> Publication:
    """An issue that was sent, one that is approved and has its slot, and people who came and went.

    It is read, and written to only where that makes no difference to another test.
    """
    folder = tmp_path_factory.mktemp("programs") / "publication"  # what is beside it is its own too
    shutil.copytree(laid_out, folder)
    publication = Publication(folder, clean_environment())
    for part in ("cur", "new", "tmp"):
        (folder / "returned" / part).mkdir(parents=True)
    (folder / "returned/new/1").write_text(RETURNED, encoding="utf-8")
    (folder / f"issues/{NEXT}.md").write_text(issue_text(), encoding="utf-8")
    (folder / f"issues/{LATER}.md").write_text(issue_text(date=LATER), encoding="utf-8")
    for arguments in (
        ("subscribers", "import", "subscribers.example.csv", "--yes"),
        ("subscribers", "suppress", ADA, "--reason", "asked for it", "--yes"),
        ("dkim", "new", "--selector", "january"),
        ("send", SENT, "--yes"),
        ("bounces", "read", "returned"),
        ("schedule", NEXT),
        ("approve", NEXT, "--by", "Grace"),
        ("templates", "eject", "partials/story"),
    ):
        done = publication.run(*arguments)
        assert 0 == done.status, (arguments, done)
    settings = folder / "newsletter.toml"
    dkim = '[dkim]\ndomain = "example.com"\nselector = "january"\nkey = "dkim/january.pem"\n'
    settings.write_text(settings.read_text().replace("[dkim]\n", dkim, 1))
    return publication


def test_moments_are_moments() -> None:
    """The checker checks formats, and not only that there is a text."""
    with pytest.raises(jsonschema.ValidationError):
        validator("scheduled").validate({"at": "soon", "rule": "", "next_date": "", "slots": []})


READING = {
    "bounces-explain": ["bounces explain returned/new/1"],
    "bounces-list": ["bounces list"],
    "bounces-read": ["bounces read returned"],
    "bounces-show": ["bounces show 1"],
    "check": [f"check {SENT} --ignore C", f"check {SENT} --clients"],
    "dkim-show": ["dkim show"],
    "doctor": ["doctor"],
    "due": ["due"],
    "health": ["health", "health --timer --workers 1"],
    "log": ["log", "log --verify"],
    "next": ["next"],
    "publish": [f"publish {SENT} --to public"],
    "report": [f"report {SENT}", "report --over 3"],
    "rules": ["rules", "rules T001"],
    "scheduled": ["scheduled --all"],
    "send": [f"send {NEXT} --dry-run", f"send {NEXT} --to {ADA} --yes"],
    "show": [f"show {SENT}"],
    "status": ["status", f"status {SENT} --failed", f"status {NEXT}"],
    "subscribers-count": ["subscribers count"],
    "subscribers-export": ["subscribers export"],
    "subscribers-find": ["subscribers find reader"],
    "subscribers-history": ["subscribers history"],
    "subscribers-list": ["subscribers list"],
    "subscribers-show": [f"subscribers show {ADA}"],
    "templates-list": ["templates list"],
    "transports": ["transports"],
}
ACTING = {
    f"approve {NEXT} --by Ada": 0,
    f"approve {NEXT} --by Ada --withdraw": 0,
    f"unschedule {NEXT}": 0,
    f"schedule {NEXT}": 0,
    f"send {NEXT} --limit 1 --yes --date-is-right": 75,
    f"pause {NEXT}": 0,
    f"resume {NEXT}": 0,
    f"resolve {NEXT}": 0,
    f"cancel {NEXT} --yes": 0,
}
"""In this order, with the exit status of each."""


@pytest.mark.parametrize(
    ("schema", "line"), [(name, line) for name, lines in READING.items() for line in lines]
)
def test_json_has_the_shape_that_its_schema_tells(
    schema: str, line: str, world: Publication
) -> None:
    done = world.run(*line.split(), "--format", "json")

    assert done.status in {0, 1}, done.err
    check(schema, done.out)


@pytest.mark.timeout(300)
def test_acts_tell_how_the_issue_stands_afterwards(world: Publication) -> None:
    for line, status in ACTING.items():
        done = world.run(*line.split(), "--format", "json")

        assert status == done.status, (line, done)
        check(line.split()[0], done.out)
        assert NEXT == json.loads(done.out)["issue"]
        assert done.err  # what people would have been told


def test_a_group_that_is_paused_is_told_wherever_somebody_waits_for_it(
    publication: Publication,
) -> None:
    settings = publication.folder / "newsletter.toml"
    paused = '[limits.domains]\n"example.com" = { pause = true }\n'
    text = settings.read_text(encoding="utf-8").replace("[limits.domains]\n", paused, 1)
    settings.write_text(text, encoding="utf-8")
    (publication.folder / f"issues/{NEXT}.md").write_text(issue_text(), encoding="utf-8")
    publication.run("subscribers", "import", publication.people(2), "--yes")

    def told(line: str) -> dict[str, Any]:
        done = publication.run(*line.split(), "--format", "json")
        assert done.out, done.err
        check(line.split()[0], done.out)
        record: dict[str, Any] = json.loads(done.out)
        return record

    (crowd,) = told(f"schedule {NEXT}")["timetable"]["groups"]
    publication.run("send", SENT, "--yes")
    (queue,) = [each for each in told("health")["checks"] if each["check"] == "queue"]

    assert ("example.com", True, 2) == (crowd["group"], crowd["paused"], crowd["people"])
    assert [{"group": "example.com", "count": 2}] == told(f"status {SENT}")["run"]["held_back"]
    assert ["example.com"] == told("status")["paused_groups"] == queue["facts"]["paused_groups"]
    assert "; paused in newsletter.toml: example.com" in queue["text"]


def test_every_schema_is_held_to_real_output() -> None:
    tried = {*READING, *(line.split()[0] for line in ACTING)}

    assert tried == {path.stem for path in SCHEMAS.glob("*.json")} - {"common"}


def test_what_could_not_be_done_leaves_standard_output_empty(world: Publication) -> None:
    for arguments in ("status 2031-01-03", "show 2031-01-03", "report 2031-01-03", "rules Z999"):
        done = world.run(*arguments.split(), "--format", "json")

        assert (2, "") == (done.status, done.out)
        assert done.err.startswith("error: ")


def check(schema: str, out: str) -> None:
    fault = best_match(validator(schema).iter_errors(json.loads(out)))
    assert fault is None, (schema, list(fault.absolute_path), fault.message[:300])


ASKING = {
    "subscribers add new@example.org": "--consent",
    "subscribers import new.csv --yes": "--consent",
    "subscribers import told.csv": "--yes",
    "subscribers sync told.csv --yes-remove-most": "--yes",
    "subscribers remove grace@reader.example.com": "--yes",
    "subscribers unsubscribe grace@reader.example.com": "--yes",
    "subscribers suppress grace@reader.example.com": "--yes",
    f"subscribers unsuppress {ADA} --reason asked": "--yes",
    "subscribers forget grace@reader.example.com": "--yes",
    f"send {SENT} --to {ADA}": "--yes",
    f"send {SENT} --subscribers told.csv --extend": "--yes",
    f"send {LATER}": "--date-is-right",
    f"send {LATER} --date-is-right": "--yes",
    "restore ../friday.backup": "--yes",
}
"""Commands that ask, with the option that answers."""


@pytest.mark.timeout(300)
def test_nothing_asks_where_there_is_no_terminal(world: Publication) -> None:
    (world.folder / "new.csv").write_text("email\nnew@example.org\n")
    (world.folder / "told.csv").write_text("email,consent_source\nnew@example.org,a form\n")
    assert 0 == world.run("backup", "../friday.backup").status

    for line, option in ASKING.items():
        done = world.run(*line.split())

        assert 2 == done.status, (line, done)
        assert f"add {option}" in done.err.splitlines()[-1], line

    counts = json.loads(world.run("subscribers", "count", "--format", "json").out)
    assert 12 == counts["states"]["confirmed"]


FORMATS = jsonschema.FormatChecker(["date"])


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(text: object) -> bool:
    """RFC 3339, as far as Python reads it: with its distance from UTC."""
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


def validator(name: str) -> jsonschema.Draft202012Validator:
    """It knows every key: what the schema does not name is a fault, so that none goes untold."""
    resources = {
        file.name: Resource.from_contents(closed(json.loads(file.read_text())))
        for file in SCHEMAS.glob("*.json")
    }
    return jsonschema.Draft202012Validator(
        resources[f"{name}.json"].contents,
        registry=Registry().with_resources(resources.items()),
        format_checker=FORMATS,
    )


def closed(schema: Any) -> Any:
    """The schema, with nothing in an object but what it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {name: closed(each) for name, each in schema.items()}
    is_named = isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
    return {"additionalProperties": False, **inside} if is_named else inside


@pytest.mark.parametrize("act", ["approve {} --by Ada", "schedule {}"])
@pytest.mark.parametrize("text", ["---\nsubject: x\n# No end\n", "# T\n\n## 1. A\n\n[a](b)\n"])
def test_act_that_the_check_forbids_tells_how_the_issue_stands(
    act: str, text: str, publication: Publication
) -> None:
    """Its exit status is 1, and whoever parses standard output has something to parse."""
    (publication.folder / f"issues/{NEXT}.md").write_text(text, encoding="utf-8")

    done = publication.run(*act.format(NEXT).split(), "--format", "json")

    assert 1 == done.status, done.err
    check(act.split()[0], done.out)
    assert json.loads(done.out)["issue"] == NEXT
    assert "the check has errors" in done.err


@pytest.mark.parametrize("line", ["rules", "--help", "status"])
@pytest.mark.parametrize(
    ("output", "statuses", "said"),
    [
        ("| true", {0, 141}, ""),
        ("> /dev/full", {2}, "error: standard output: cannot be written: No space left on device"),
        (">&-", {0}, ""),
    ],
)
def test_output_that_nobody_takes_is_no_finding(
    line: str, output: str, statuses: set[int], said: str, publication: Publication
) -> None:
    """A 1 would say that something was found."""
    command = f"{COMMAND} {line} {output}; echo ${{PIPESTATUS[0]}}"

    done = subprocess.run(
        ["bash", "-c", command],
        cwd=publication.folder,
        env=publication.environment,
        capture_output=True,
        text=True,
        timeout=patience(60),
    )

    assert int(done.stdout) in statuses, done.stderr
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
