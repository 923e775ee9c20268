"""Claims: which deliveries may go out now, and the taking of the shards that they are in.

A shard's epoch grows by one each time it is taken. How long it is whose is left to `leases`.
Functions on a connection, or past SQLAlchemy; the transaction round them is the journal's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, null, update

from newsletter.books import (
    UNCLAIMABLE,
    WHOLE,
    Delivery,
    DeliveryEvents,
    Part,
    Quota,
    second,
)
from newsletter.errors import RunBusyError
from newsletter.process import shown
from newsletter.store import tallies
from newsletter.store.journal import quota
from newsletter.store.journal.claimable import (
    DUE,
    NEW,
    RUN_STATE,
    Candidate,
    find_shards,
    lock_shards,
    mark_claimed,
)
from newsletter.store.journal.leases import Claimant, give_back, lease_judge, renew
from newsletter.store.sql.schema import deliveries, shards
from newsletter.store.sql.statements import Driver, Executor, execute_rows
from newsletter.store.sql.values import (
    CHUNK,
    Stored,
    address_of,
    fields_of,
    instant_of,
    stored_instant,
)


@dataclass(frozen=True, slots=True)
class _Shard:
    id: int
    run_id: int
    epoch: int
    owner: str | None
    lease_until: datetime | None
    group: str
    is_counted: bool
    is_lease_live: bool
    has_planned: bool
    has_claimed: bool
    has_deferred: bool
    has_due: bool

    def is_of(self, who: Claimant) -> bool:
        return self.owner == who.owner

    def is_held_by_another(self, who: Claimant) -> bool:
        return self.owner is not None and not self.is_of(who) and self.is_lease_live

    def has_work_for(self, who: Claimant) -> bool:
        """Rows claimed by an owner that is gone are work; our own are in our hands already."""
        return self.has_planned or self.has_due or (self.has_claimed and not self.is_of(who))

    @property
    def is_done(self) -> bool:
        """But for what waits until it is due, or is in doubt."""
        return not (self.is_counted or self.has_planned or self.has_claimed or self.has_due)

    @property
    def is_unfinished(self) -> bool:
        return self.has_planned or self.has_claimed or self.has_deferred


def claim(
    driver: Driver,
    run_id: int,
    who: Claimant,
    limit: int,
    within: Sequence[Quota] = (),
    part: Part = WHOLE,
) -> list[Delivery]:
    """Up to `limit` deliveries, now claimed. See `Journal.claim` for the promises."""
    if not _is_running(driver, run_id):
        return []
    allowed = _allowance(driver, within, who) if within else quota.boundless()
    found = _locked_shards(driver, run_id, who, part)
    reachable = [shard for shard in found if not shard.is_held_by_another(who)]
    # Ours first, so that a worker takes no more shards than it needs.
    at_hand = sorted(reachable, key=lambda shard: not shard.is_of(who))
    # Counted when it goes on to the next one: there is time for that once in a shard.
    done = [shard.id for shard in found if shard.is_of(who) and shard.is_done]
    claimed: list[Delivery] = []
    for shard in at_hand:
        if len(claimed) >= limit:
            break
        room = allowed.of(shard.group, limit - len(claimed))
        if room and shard.has_work_for(who):
            ours = _in_hand(driver, shard, who)
            if ours is not shard:
                tallies.keep(driver, run_id, done)
                done = []
            rows = _claim_rows(driver, ours, who, room)
            allowed.use(shard.group, len(rows))
            claimed += rows
    renew(driver, run_id, who.owner, who.lease_until, part)
    if not claimed and not any(shard.is_of(who) for shard in found):
        _check_not_all_held(found, who)
    return claimed


def _allowance(driver: Driver, within: Sequence[Quota], who: Claimant) -> quota.Allowance:
    """What the quotas leave us; nobody else takes of it until the commit."""
    if not driver.is_sqlite:
        quota.lock(driver.ask)
    judge = lease_judge(who.now)
    return quota.allowance(
        driver.ask, within, who.now, lambda owner, until: owner == who.owner or judge(owner, until)
    )


def _is_running(driver: Driver, run_id: int) -> bool:
    """Only a run that is running gives anything; locked, so that none is given meanwhile."""
    found = driver.ask(RUN_STATE, {"run": run_id})
    return any(state not in UNCLAIMABLE for (state,) in found)


def _locked_shards(driver: Driver, run_id: int, who: Claimant, part: Part) -> list[_Shard]:
    lock_shards(driver, run_id, part)
    lives = lease_judge(who.now)
    rows = find_shards(driver, run_id, part, stored_instant(who.now))
    found = [_shard_of(*row, lives=lives) for row in rows]
    return [shard for shard in found if part.has(shard.group)]


def _shard_of(
    number: int,
    run_id: int,
    epoch: int,
    owner: str | None,
    lease_until: int | None,
    group: str,
    is_counted: bool,  # noqa: FBT001 - a column
    *has: bool,
    lives: Callable[[str | None, datetime | None], bool],
) -> _Shard:
    until = None if lease_until is None else instant_of(lease_until)
    is_live = lives(owner, until)
    return _Shard(number, run_id, epoch, owner, until, group, is_counted, is_live, *has)


def _in_hand(driver: Driver, shard: _Shard, who: Claimant) -> _Shard:
    """The shard, ours, and without its counts: it is about to change."""
    if shard.is_counted:
        tallies.forget(driver, [shard.id])
    return shard if shard.is_of(who) else _take(driver, shard, who)


_TAKE = (
    update(shards)
    .where(shards.c.id == bindparam("shard"))
    .values(epoch=bindparam("new_epoch"), owner=bindparam("who"), lease_until=bindparam("until"))
)


def _take(driver: Driver, shard: _Shard, who: Claimant) -> _Shard:
    """Make a free or abandoned shard ours; what its last owner had claimed is planned again.

    That is safe: a claimed delivery's content never went out. What is in doubt stays in doubt.
    """
    taken = replace(shard, epoch=shard.epoch + 1, owner=who.owner, lease_until=who.lease_until)
    until = stored_instant(who.lease_until)
    execute_rows(
        driver,
        _TAKE,
        [{"shard": shard.id, "new_epoch": taken.epoch, "who": who.owner, "until": until}],
    )
    give_back(driver, shard.run_id, [shard.id], who.now)
    return taken


def _claim_rows(driver: Driver, shard: _Shard, who: Claimant, limit: int) -> list[Delivery]:
    """Claim in one shard; whoever was suppressed since the freeze is passed over for good."""
    claimed: list[Delivery] = []
    at = stored_instant(who.now)
    place = {
        "run": shard.run_id,
        "shard": shard.id,
        "now": at,
        "publication": driver.publication,
    }
    due = (DUE,) if shard.has_due else ()
    for candidates in (*due, NEW):
        while limit and (rows := candidates.ask(driver, {**place, "limit": min(limit, CHUNK)})):
            suppress(driver, [(row[0], row[-1]) for row in rows if row[-1] is not None], at)
            free = [row for row in rows if row[-1] is None]
            mark_claimed(driver, [row[0] for row in free], at)
            limit -= len(free)
            claimed += [_delivery_of(row, shard) for row in free]
    return claimed


_SUPPRESS = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(
        state=bindparam("to_state"),
        reason=bindparam("because"),
        next_attempt_at=null(),
        updated_at=bindparam("at"),
    )
)


def suppress(executor: Executor, reasons: Iterable[tuple[int, str]], at: int) -> None:
    """Deliveries, each with why nothing may be sent; `at` as it is stored."""
    to_state = DeliveryEvents.SUPPRESS.to.value
    changes: list[dict[str, Stored]] = [
        {"delivery": delivery, "to_state": to_state, "because": because, "at": at}
        for delivery, because in reasons
    ]
    execute_rows(executor, _SUPPRESS, changes)


def _delivery_of(row: Candidate, shard: _Shard) -> Delivery:
    number, issue, recipient, recipient_key, fields, subscriber_id, attempts, _ = row
    return Delivery(
        id=number,
        run_id=shard.run_id,
        shard_id=shard.id,
        epoch=shard.epoch,
        issue=issue,
        recipient=address_of(recipient),
        recipient_key=recipient_key,
        fields=fields_of(fields),
        subscriber_id=subscriber_id,
        attempts=attempts,
    )


def _check_not_all_held(found: Iterable[_Shard], who: Claimant) -> None:
    unfinished = [shard for shard in found if shard.is_unfinished]
    if not unfinished or not all(shard.is_held_by_another(who) for shard in unfinished):
        return
    first = unfinished[0]
    assert first.owner is not None
    until = max(shard.lease_until for shard in unfinished if shard.lease_until is not None)
    raise RunBusyError(
        f"{shown(first.owner)} is sending this issue, and its lease runs until {second(until)}",
        next_step="wait until it is done; if it has died, run this again after that time",
    )
