"""A run, its report, and somebody who was refused, as the tests of the reports take them."""

from datetime import UTC, datetime, timedelta

from newsletter.addresses import parse_addr_spec
from newsletter.books import (
    Balance,
    DeliveryState,
    DomainCount,
    Failure,
    RateCount,
    ReplyCount,
    Run,
    RunState,
)
from newsletter.reports import RunReport

BEGAN = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


def failure(number: int, reason: str = "") -> Failure:
    return Failure(
        recipient=parse_addr_spec(f"reader-{number}@example.com"),
        state=DeliveryState.REFUSED,
        attempts=1,
        next_attempt_at=None,
        reply_code=550,
        enhanced_code="5.1.1",
        reply_text="no such mailbox",
        reason=reason,
        updated_at=BEGAN,
    )


def report_of(accepted: int = 1_190, refused: int = 2, said: str = "accepted") -> RunReport:
    counts = {DeliveryState.ACCEPTED: accepted, DeliveryState.REFUSED: refused}
    return RunReport(
        run=Run(
            id=1,
            issue="2026-11-27",
            digest="ab" * 32,
            subject="Shelves & “tills”",
            state=RunState.COMPLETE,
            frozen=accepted + refused,
            started_at=BEGAN,
            finished_at=BEGAN + timedelta(minutes=2),
            message_date=BEGAN,
        ),
        balance=Balance(frozen=accepted + refused, counts=counts),
        made_at=BEGAN,
        domains=[DomainCount(domain="example.com", counts=counts)],
        others={},
        replies=[
            ReplyCount(
                state=DeliveryState.ACCEPTED,
                code=250,
                enhanced_code="2.0.0",
                text=said,
                count=accepted,
            )
        ],
        rate=RateCount(start=BEGAN, span=timedelta(seconds=2), counts=[0, *[20] * 59, 10]),
        suppressed={},
        resolutions=[],
        next_due=None,
    )
