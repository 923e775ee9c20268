"""A plan as a record for programs: what `newsletter send --dry-run` shows, and sends nobody."""

import json

from newsletter.check import FORMATS
from newsletter.cli.asked import One
from newsletter.cli.formats import Record, moment
from newsletter.cli.held_back import early
from newsletter.cli.standing_record import judgement_record
from newsletter.publishing.approving import judgement_on
from newsletter.publishing.plan import AudiencePlan, Plan, Stint
from newsletter.schedule import Line, Timetable


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
        "reverse_path": str(plan.reverse_path),
        "verp": plan.verp,
        "transport": plan.transport,
        "relays": [
            {"transport": each.transport, "groups": list(each.groups)} for each in plan.relays
        ],
        "connections": plan.connections,
        "per_second": plan.rate,
        "seconds": plan.duration.total_seconds() if plan.duration is not None else None,
        "limit": _stint(plan.stint) if plan.stint else None,
        "timetable": timetable_record(plan.timetable) if plan.timetable else None,
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


def timetable_record(found: Timetable) -> Record:
    """Days are those of the zone. Without a rate, an end is the earliest there can be."""
    pace = found.pace
    return {
        "bounded": found.is_bounded,
        "zone": pace.zone.key,
        "per_second": pace.rate,
        "measured": pace.is_measured,
        "window": str(pace.window) if pace.window else None,
        "warm_until": found.warm_until.isoformat() if found.warm_until else None,
        "ends_at": moment(found.end),
        "days": {day.isoformat(): count for day, count in found.days.items()},
        "groups": [_line(line) for line in found.lines],
    }


def _line(line: Line) -> Record:
    crowd = line.crowd
    return {
        "group": crowd.group or None,
        "people": crowd.people,
        "per_second": crowd.rate,
        "relay": crowd.relay or None,
        "paused": crowd.is_paused,
        "starts_at": moment(line.start),
        "ends_at": moment(line.end),
        "days": {day.isoformat(): count for day, count in line.shares.items()},
    }
