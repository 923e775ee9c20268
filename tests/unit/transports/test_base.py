import pytest

from newsletter.transports import Reply, Stage, Verdict


def reply(code: int | None) -> Reply:
    return Reply(code=code, enhanced_code="", text="as told", stage=Stage.FINAL_DOT)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (200, Verdict.ACCEPTED),
        (250, Verdict.ACCEPTED),
        (252, Verdict.ACCEPTED),
        (421, Verdict.TRANSIENT),
        (499, Verdict.TRANSIENT),
        (500, Verdict.PERMANENT),
        (599, Verdict.PERMANENT),
        (None, Verdict.IN_DOUBT),
        (354, Verdict.IN_DOUBT),
        (600, Verdict.IN_DOUBT),
    ],
)
def test_reply_verdict_goes_by_the_code_alone(code: int | None, verdict: Verdict) -> None:
    assert verdict == reply(code).verdict


@pytest.mark.parametrize(
    ("code", "ends"), [(250, False), (450, False), (421, True), (550, False), (None, True)]
)
def test_reply_ends_its_session_where_no_other_can_be_heard(code: int | None, ends: bool) -> None:
    """RFC 5321, 3.8: after 421 the server closes; after silence the next reply could be this."""
    assert ends == reply(code).ends_session
