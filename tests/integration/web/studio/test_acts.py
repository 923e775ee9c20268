"""What is done to an issue from its desk, with real books; what is refused, and in which words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError
from newsletter.publishing import approving, scheduling
from newsletter.publishing.sending import open_run
from newsletter.schedule import ApprovalRule
from tests.integration.publishing.conftest import FRIDAY, SLOT, World
from tests.integration.publishing.conftest import world as world
from tests.integration.web.studio.acts_world import NAME, Editor, editor_of

AT = "2026-11-27 07:00"


@pytest.fixture
def editor(world: World) -> Iterator[Editor]:
    world.write()
    with editor_of(world) as opened:
        yield opened


def by_line(editor: Editor, author: str) -> None:
    path = editor.world.path
    path.write_text(f"---\nauthor: {author}\n---\n{editor.text}", encoding="utf-8")


def test_way_leads_from_draft_to_slot(editor: Editor) -> None:
    first = editor.ask("standing")
    editor.approve()
    second = editor.ask("standing")
    editor.do("schedule", at=AT)
    third = editor.ask("standing")

    assert ["Draft", "Checked", "Approved 0 of 1", "Scheduled", "Sent"] == [
        each["label"] for each in first["steps"]
    ]
    assert ["approve", "schedule", "rest"] == [
        each["next"]["act"] for each in (first, second, third)
    ]
    assert [2, 3, 4] == [each["here"] for each in (first, second, third)]
    assert "Fri 27 November 07:00" == third["slot"]["words"]
    assert "unschedule" in third["offers"]
    assert "schedule" not in third["offers"]


def test_standing_makes_no_database_where_there_is_none(editor: Editor) -> None:
    editor.world.settings = replace(
        editor.world.settings,
        environment=replace(
            editor.world.settings.environment,
            database=type(editor.world.settings.environment.database)(
                f"sqlite:///{editor.world.folder}/none.db"
            ),
        ),
    )
    found = editor.ask("standing")

    assert "approve" == found["next"]["act"]
    assert not (editor.world.folder / "none.db").exists()


def test_issue_with_errors_is_to_be_mended_and_refused_as_the_command_refuses_it(
    editor: Editor,
) -> None:
    path = editor.world.path
    path.write_text(editor.text.replace("## 1. Walmart", "## 1. …\n\n## 7. Walmart"))

    assert "mend" == editor.ask("standing")["next"]["act"]
    assert "it is not approved: the check has errors" == editor.refused("approve", digest="")
    assert "it is not scheduled: the check has errors" == editor.refused("schedule", at=AT)


def test_yes_is_for_the_message_that_was_shown_and_for_no_other(editor: Editor) -> None:
    shown = editor.ask("approval")
    path = editor.world.folder / "templates/theme.mjml"
    editor.world.settings = replace(
        editor.world.settings,
        sender=replace(editor.world.settings.sender, list_id="other.example.com"),
    )
    editor.studio._publication = None

    assert "Nothing of it was approved before." == shown["title"]
    assert not path.exists()
    assert "the message has changed since you looked at it; look at it again" == editor.refused(
        "approve", digest=shown["digest"]
    )
    assert not editor.world.database.approvals.of(NAME)


def test_act_on_a_file_that_changed_meanwhile_is_refused(editor: Editor) -> None:
    before, digest = editor.text, editor.ask("approval")["digest"]
    editor.world.write(mark="Somebody else was here.")
    answers = [
        editor.post(act, text=before, digest=digest, at=AT, to="a@example.com")
        for act in ("approve", "schedule", "test")
    ]

    assert [409] * 3 == [answer.status_code for answer in answers]
    assert {"this was changed by another program"} == {answer.json()["said"] for answer in answers}


def test_changed_byte_voids_the_approval_and_is_shown_as_a_difference(editor: Editor) -> None:
    editor.approve()
    editor.world.write(mark="It began on Monday.")
    found = editor.ask("approval")
    standing = editor.ask("standing")

    assert "One change since you approved it at 07:00." == found["title"]
    [change] = found["changes"]
    assert "Story 1" == change["part"]
    assert {"kind": "new", "text": " It began on Monday."} in change["pieces"]
    [said] = found["rows"][0]["lines"]
    assert "One is asked for. ada@host at 07:00, void. One still to come." == said
    assert [] == standing["approvals"]["given"]
    assert "approve" == standing["next"]["act"]


def test_author_may_not_approve_but_may_override_with_a_reason(editor: Editor) -> None:
    by_line(editor, "ada@host")
    shown = editor.ask("approval")
    ready = editor.world.ready(editor.world.path, FRIDAY)
    with pytest.raises(NewsletterError) as refusal:
        approving.approve(ready, editor.world.books("ada@host"))
    said = editor.refused("approve", digest=shown["digest"])
    without = editor.refused("approve", digest=shown["digest"], isOverride=True, reason=" ")
    done = editor.do("approve", digest=shown["digest"], isOverride=True, reason="Kim  is ill")

    assert line_of(refusal.value).endswith(f": {said}")
    assert "an override needs a reason; give one" == without
    assert not shown["mayApprove"]
    assert "Overridden by ada@host: Kim is ill" == done["said"]
    assert "schedule" == editor.ask("standing")["next"]["act"]


def test_two_approvals_count_and_ones_own_can_be_taken_back(editor: Editor) -> None:
    editor.world.settings = replace(editor.world.settings, approval=ApprovalRule(required=2))
    first = editor.approve()
    standing = editor.ask("standing")
    taken = editor.do("withdraw", reason="I misread it")

    assert "Approved by ada@host." == first["said"]
    assert "Approved 1 of 2" == standing["steps"][2]["label"]
    assert "schedule" == standing["next"]["act"]
    assert "withdraw" in standing["offers"]
    assert f"ada@host no longer approves {NAME}." == taken["said"]
    assert "Approved 0 of 2" == editor.ask("standing")["steps"][2]["label"]
    assert "nobody has approved it" in editor.refused("withdraw")


def test_slots_to_choose_are_free_ones_with_what_must_be_so(editor: Editor) -> None:
    editor.world.write(name="2026-12-04")
    editor.world.schedule(name="2026-12-04", day=FRIDAY + timedelta(days=7))
    editor.world.write(name="soon")
    found, own = editor.ask("slots", name="soon"), editor.ask("slots")

    assert [AT] == [each["at"] for each in own["slots"]]
    assert [AT, "2026-12-11 07:00", "2026-12-18 07:00"] == [each["at"] for each in found["slots"]]
    assert "07:00 UTC · in 2 days · the next free slot" == found["slots"][0]["beside"]
    assert "08:00" == found["slots"][0]["until"]
    assert [
        ("ok", "The check is clean"),
        ("bad", "One more approves them"),
        ("bad", "Nothing has been seen here that would start it"),
    ] == [(each["is"], each["said"]) for each in found["must"]]
    assert found["reach"]["words"].startswith("4 subscribers today")
    assert "the desk is told" in found["consequence"]


def test_taken_slot_is_refused_in_the_words_of_the_command(editor: Editor) -> None:
    path = editor.world.write(name="2026-12-04")
    editor.world.schedule(name="2026-12-04", day=FRIDAY)
    with pytest.raises(NewsletterError) as refusal:
        scheduling.schedule(
            editor.world.path, (FRIDAY, SLOT.time()), editor.world.books("ada@host")
        )
    said = editor.refused("schedule", at=AT)

    assert path.exists()
    assert line_of(refusal.value).removeprefix(f"{NAME}: ") == said
    assert editor.world.database.slots.find(NAME) is None


def test_slot_is_given_and_left_again_with_a_reason_in_the_log(editor: Editor) -> None:
    done = editor.do("schedule", at=AT)
    left = editor.do("unschedule", reason="Not  yet ")
    entries = list(editor.world.database.audit.entries(NAME))

    assert f"{NAME} goes out at {AT} Europe/London." == done["said"]
    assert f"{NAME} is no longer scheduled; its slot was {AT} Europe/London." == left["said"]
    assert ("ada@host", "Not yet") == (entries[-1].by, entries[-1].detail)
    assert "“soon” is not a date and time; give the day and the time" == editor.refused(
        "schedule", at="soon"
    )


def test_segment_that_cannot_be_understood_points_into_itself(editor: Editor) -> None:
    answer = editor.runner.run(
        editor.client.get(f"/api/issues/{NAME}/slots", params={"segment": "tag:uk ane"})
    )

    assert 422 == answer.status_code
    assert "did you mean “and”?" in answer.json()["said"]


def test_test_goes_to_whom_is_named_and_needs_somebody(editor: Editor) -> None:
    nobody = editor.refused("test")
    found = editor.do("test", to="kim@example.com")

    assert "there is nobody to send a test to; name an address" == nobody
    assert ["kim@example.com"] == [each["to"] for each in found["tests"]]
    assert found["tests"][0]["isAccepted"]
    [mail] = editor.world.mails("kim@example.com")
    assert b"Subject: [Test]" in mail.read_bytes()
    assert "07:00" == found["at"]


def test_run_is_paused_resumed_and_ended(editor: Editor) -> None:
    editor.approve()
    editor.do("schedule", at=AT)
    begin(editor)
    paused = editor.do("pause")
    standing = editor.ask("standing")
    resumed = editor.do("resume")
    ended = editor.do("cancel", run=NAME)

    assert f"{NAME} was paused by ada@host." == paused["said"]
    assert "Paused" == standing["steps"][4]["label"]
    assert {"report", "resume", "cancel"} <= set(standing["offers"])
    assert f"{NAME} is no longer paused: 4 are left." == resumed["said"]
    assert f"{NAME} was cancelled by ada@host." == ended["said"]
    assert "report" == editor.ask("standing")["next"]["act"]


def begin(editor: Editor) -> None:
    """A run whose audience is frozen, and of which nothing has been sent."""
    ready = editor.world.ready(editor.world.path, FRIDAY)
    open_run(ready, editor.world.books(), approved_by=("ada@host",))


def test_another_issues_run_is_out_of_reach(editor: Editor) -> None:
    other = editor.world.write(name="2026-12-04")
    ready = editor.world.ready(other, FRIDAY + timedelta(days=7))
    open_run(ready, editor.world.books())

    assert 400 == editor.post("cancel", run="2026-12-04").status_code


def test_correction_of_a_sent_issue_is_approved_as_its_issue_was(editor: Editor) -> None:
    editor.approve()
    begin(editor)
    editor.do("cancel")
    by_mistake = editor.ask("standing")
    path = editor.world.path
    path.write_text(f"---\ncorrection: Boots pays in cash.\n---\n{editor.text}", encoding="utf-8")
    standing = editor.ask("standing")
    done = editor.approve()

    assert "report" == by_mistake["next"]["act"]
    assert "correct" in by_mistake["offers"]
    assert ("correct", True) == (standing["next"]["act"], standing["next"]["isForward"])
    assert not standing["approvals"]["isGiven"]
    assert "Approved by ada@host." == done["said"]
    assert editor.ask("standing")["approvals"]["isGiven"]
