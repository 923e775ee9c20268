"""A plan as a record for programs: what `newsletter send --dry-run` shows, and sends nobody."""

import json

from newsletter.check import FORMATS
from newsletter.cli.asked import One
from newsletter.cli.formats import Record
from newsletter.cli.held_back import early
from newsletter.cli.standing_record import judgement_record
from newsletter.publishing.approving import judgement_on
from newsletter.publishing.plan import AudiencePlan, Plan, Stint


def dry_run_record(plan: Plan, one: One) -> Record:
    """The plan, and what would keep the send from beginning."""
    judgement = judgement_on(one.ready, one.books)
    run = one.run
    return {
        **plan_record(plan),
        "approval": judgement_record(judgement),
        "must_be_approved": one.must_be_approved,
        "too_early": early(one) or None,
        "changed_since_begun": run is not None and run.digest != one.ready.digest,
    }


def plan_record(plan: Plan) -> Record:
    """Sizes are octets; without a rate there is no telling how many seconds it takes."""
    return {
        "issue": plan.issue,
        "path": plan.path,
        "digest": plan.digest,
        "from": str(plan.sender),
        "subject": plan.subject,
        "preheader": plan.preheader,
        "audience": _audience(plan.audience),
        "octets": {
            "message": plan.message_size,
            "headers": plan.headers_size,
            "text": plan.text_size,
            "html": plan.html_size,
            "pictures": plan.pictures_size,
        },
        "transport": plan.transport,
        "connections": plan.connections,
        "per_second": plan.rate,
        "seconds": plan.duration.total_seconds() if plan.duration is not None else None,
        "limit": _stint(plan.stint) if plan.stint else None,
        "cautions": [caution.what for caution in plan.cautions],
        "weak_keys": list(plan.weak_keys),
        "diagnostics": json.loads(FORMATS["json"](plan.diagnostics)),
    }


def _audience(audience: AudiencePlan) -> Record:
    return {
        "due": audience.due,
        "segment": audience.segment or None,
        "suppressed": dict(audience.suppressed),
        "accepted": audience.accepted,
        "settled": audience.settled,
        "newcomers": audience.newcomers,
        "first": [str(recipient.address) for recipient in audience.first],
    }


def _stint(stint: Stint) -> Record:
    return {
        "reason": stint.limit,
        "now": stint.now,
        "times": stint.times,
        "last_after_seconds": stint.after.total_seconds(),
    }
