"""Freezing an audience: a run, its shards and one delivery a person, before the first message.

Page by page, each in a transaction of its own, so that others can write meanwhile: somebody may
want to leave. Until the last page the run is freezing, and nobody is given anything of it. A freeze
that was broken off is finished by whoever opens the run next; an address that is there already is
passed over. The books balance after every page.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Text,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from newsletter.books import AuditAction, DeliveryState, Run, RunEvents
from newsletter.errors import Act, Remedy, StoreError
from newsletter.store import tallies
from newsletter.store.runs.opening import Opening, enter, is_freezing, state_when_open
from newsletter.store.runs.rows import log, run_of, select_run
from newsletter.store.schedule import slots
from newsletter.store.sql.connections import Connections, insert_new
from newsletter.store.sql.schema import deliveries, runs, shards
from newsletter.store.sql.statements import execute_rows
from newsletter.store.sql.values import Stored, chunks, stored_fields, stored_instant, stored_text
from newsletter.subscribers import AudienceMember

SHARD_SIZE: Final = 5_000
"""Recipients at the most: what one worker takes at a time, and loses to another when it dies."""

LEAST_SIZE: Final = 250
"""Recipients of the first shards; of less, taking it and giving it back would be too great a part.
"""

SHARES: Final = 64
"""A shard has this part of all who were frozen before it: the shards of a small run are as many as
connections that workers may have for it, and those of a large one are few."""

PAGE: Final = 2_500
"""Recipients frozen in one transaction, for which everybody else waits; a tenth of a second."""

_KINDS: Mapping[str, TypeEngine[Any]] = {
    "r": Text(),
    "k": Text(),
    "f": Text(),
    "s": BigInteger(),
    "b": Text(),
}
"""What differs from row to row, under short names, for they are in every row: recipient, its key
where that is another, fields, subscriber, and why it is suppressed, if it is."""

_PLANNED, _SUPPRESSED = DeliveryState.PLANNED.value, DeliveryState.SUPPRESSED.value

# As JSON, which Python writes in a tenth of the time that psycopg has for arrays of text.
_MANY = bindparam("rows", type_=Text)
_GIVEN = (
    func.json_to_recordset(cast(_MANY, JSON))
    .table_valued(*(column(name, kind) for name, kind in _KINDS.items()), name="given")
    .render_derived(with_types=True)
)
_ROW: Mapping[str, ColumnElement[Any]] = {
    "run_id": bindparam("run_id", type_=BigInteger),
    "shard_id": bindparam("shard_id", type_=BigInteger),
    "issue": bindparam("issue", type_=Text),
    "recipient_key": func.coalesce(_GIVEN.c.k, _GIVEN.c.r),
    "recipient": _GIVEN.c.r,
    "fields": _GIVEN.c.f,
    "subscriber_id": _GIVEN.c.s,
    "state": case((_GIVEN.c.b.is_(None), _PLANNED), else_=_SUPPRESSED),
    "attempts": literal_column("0", Integer),
    "enhanced_code": literal_column("''", Text),
    "reply_text": literal_column("''", Text),
    "reason": func.coalesce(_GIVEN.c.b, ""),
    "updated_at": bindparam("updated_at", type_=BigInteger),
}
_INSERT = (
    postgresql.insert(deliveries)
    .from_select(tuple(_ROW), select(*_ROW.values()))
    .on_conflict_do_nothing()
    .inline()
    .execution_options(preserve_rowcount=True)
)


def freeze(connections: Connections, opening: Opening, audience: Iterable[AudienceMember]) -> Run:
    """The run of an issue, with everyone in it. See `Runs.open` for the promises."""
    run: Run | None = None
    pages = _pages_to_add(connections, opening, chunks(audience, PAGE))
    try:
        for members, is_last in _with_end(pages):
            rows = _rows(opening, members)  # before anybody has to wait for it
            with connections.writing() as connection:
                found = enter(connection, opening, is_first=run is None)
                run = _add_page(connection, opening, found, rows, is_last=is_last)
            if not is_freezing(run) and not opening.extend:
                break  # it is whole, by us or by another
    except BaseException:
        if run is not None:
            _let_go(connections, run, opening.freezer)
        raise
    assert run is not None  # there is a last page, if only an empty one
    return run


def _pages_to_add(
    connections: Connections, opening: Opening, pages: Iterator[list[AudienceMember]]
) -> Iterator[list[AudienceMember]]:
    """Nobody for a run that is there and whole; only those who are not in one that is not."""
    with connections.reading() as connection:
        row = connection.execute(select_run(connection, opening.wanted.issue)).one_or_none()
    if row is None:
        return pages
    run = run_of(row)
    if is_freezing(run) or opening.extend:
        return filter(None, _not_yet_in(connections, run.id, pages))
    return iter(())


def _not_yet_in(
    connections: Connections, run_id: int, pages: Iterable[list[AudienceMember]]
) -> Iterator[list[AudienceMember]]:
    for members in pages:
        statement = select(deliveries.c.recipient_key).where(
            deliveries.c.run_id == run_id,
            deliveries.c.recipient_key.in_([member.key for member in members]),
        )
        with connections.reading() as connection:
            known = set(connection.execute(statement).scalars())
        yield [member for member in members if member.key not in known]


def _with_end(pages: Iterator[list[AudienceMember]]) -> Iterator[tuple[list[AudienceMember], bool]]:
    """Each page with whether it is the last one, which there always is."""
    page = next(pages, [])
    for following in pages:
        yield page, False
        page = following
    yield page, True


def _add_page(
    connection: Connection,
    opening: Opening,
    run: Run,
    rows: Sequence[dict[str, Stored]],
    *,
    is_last: bool,
) -> Run:
    """The run with this page in it; with the last one it is whole."""
    if not is_freezing(run) and not opening.extend:
        return run
    added = _add_people(connection, opening, run, rows) if rows else 0
    if not run.frozen + added:
        raise _nobody(run)
    if added:
        reopen = RunEvents.REOPEN
        state = reopen.to if run.state in reopen.before else run.state
        grown = {"frozen": run.frozen + added, "state": state, "finished_at": None}
        connection.execute(update(runs).where(runs.c.id == run.id).values(grown))
    if is_freezing(run) and (is_last or not run.frozen):
        _begin(connection, opening, run, run.frozen + added, is_whole=is_last)
    return run_of(connection.execute(select_run(connection, run.issue)).one())


def _nobody(run: Run) -> StoreError:
    if run.segment:
        return StoreError(
            f"nobody on the list is in the segment {run.segment}, so there is nothing to send",
            where=run.issue,
            next_step="look at whom it holds, or send to another",
        )
    return StoreError(
        "the audience is empty, so there is nothing to send",
        where=run.issue,
        next_step="import subscribers first",
        remedy=Remedy(Act.IMPORT_SUBSCRIBERS),
    )


def _begin(
    connection: Connection, opening: Opening, run: Run, frozen: int, *, is_whole: bool
) -> None:
    """With its first page a run takes its slot; one without a slot is begun with its last."""
    if is_whole:
        _open(connection, run)
    has_slot = slots.take(connection, run.issue, opening.freezer, opening.now)
    if is_whole and not has_slot:
        _log_start(connection, run, frozen, opening.by, opening.now)


def _open(connection: Connection, run: Run) -> None:
    """Whoever asks is given of it from now on, unless somebody has paused it."""
    _free(connection, run.id)
    tallies.keep_all(connection, run.id)
    is_open = update(runs).where(runs.c.id == run.id)
    connection.execute(is_open.values(state=state_when_open(run)))


def _free(connection: Connection, run_id: int) -> None:
    free = {"owner": null(), "lease_until": null()}
    connection.execute(update(shards).where(shards.c.run_id == run_id).values(free))


def _let_go(connections: Connections, run: Run, freezer: str) -> None:
    """Our freeze is broken off, so that nobody need wait until our lease is over."""
    mine = update(shards).where(shards.c.run_id == run.id, shards.c.owner == freezer)
    no_claims = RunEvents.FREEZE.before | RunEvents.CANCEL.after
    still = select(runs.c.id).where(runs.c.id == run.id, runs.c.state.in_(no_claims))
    with suppress(StoreError), connections.writing() as connection:  # the first fault is the one
        if connection.execute(still.with_for_update()).first() is not None:
            connection.execute(mine.values(owner=null(), lease_until=null()))


def _log_start(connection: Connection, run: Run, frozen: int, by: str, now: datetime) -> None:
    segment = f" of the segment {run.segment}" if run.segment else ""
    people = f"to {frozen:,} people{segment}"
    if run.corrects is None:
        log(connection, run, by, AuditAction.STARTED, people, now)
    else:
        log(connection, run, by, AuditAction.CORRECTED, f"{people}, correcting {run.corrects}", now)


def _add_people(
    connection: Connection, opening: Opening, run: Run, rows: Sequence[dict[str, Stored]]
) -> int:
    """Returns how many were added. One address given twice is one delivery."""
    added = 0
    for group, members in _by_group(rows, opening.wanted.groups).items():
        left = members
        while left:
            shard, room = _shard(connection, opening, run, group)
            place: dict[str, Stored] = {"run_id": run.id, "shard_id": shard}
            added += _insert(connection, left[:room], place)
            left = left[room:]
    return added


def _insert(
    connection: Connection, rows: Sequence[Mapping[str, Stored]], place: Mapping[str, Stored]
) -> int:
    """On PostgreSQL in one statement: one for each row takes it three times as long."""
    if connection.dialect.name == "sqlite":
        new = insert_new(connection, deliveries)
        return execute_rows(connection, new, [{**row, **place} for row in rows])
    same = {name: rows[0][name] for name in ("issue", "updated_at")}
    many = json.dumps([_short(row) for row in rows])
    return connection.execute(_INSERT, {"rows": many, **same, **place}).rowcount


def _short(row: Mapping[str, Stored]) -> dict[str, Stored]:
    recipient, key = row["recipient"], row["recipient_key"]
    short = {"r": recipient, "f": row["fields"], "s": row["subscriber_id"]}
    if key != recipient:
        short["k"] = key
    if row["state"] == _SUPPRESSED:
        short["b"] = row["reason"]
    return short


def _by_group(
    rows: Sequence[dict[str, Stored]], groups: Mapping[str, str]
) -> Mapping[str, Sequence[dict[str, Stored]]]:
    """The rows of each group of domains; those of all others under ""."""
    if not groups:
        return {"": rows}
    found: dict[str, list[dict[str, Stored]]] = {}
    for row in rows:
        domain = str(row["recipient"]).rpartition("@")[2]
        found.setdefault(groups.get(domain, ""), []).append(row)
    return found


def _shard(connection: Connection, opening: Opening, run: Run, group: str) -> tuple[int, int]:
    """A new one, or of a run that is freezing the group's last one while it has room; and how many
    it has room for.

    Then it is the freezer's until the run is whole.
    """
    size = min(max(run.frozen // SHARES, LEAST_SIZE), SHARD_SIZE)
    ours = select(shards.c.id, shards.c.number).where(shards.c.run_id == run.id)
    shard: dict[str, object] = {"run_id": run.id, "epoch": 0, "domain_group": group}
    if is_freezing(run):
        of_group = ours.where(shards.c.domain_group == group)
        last = connection.execute(of_group.order_by(shards.c.number.desc()).limit(1)).first()
        if last is not None:
            if (room := size - _number_in(connection, run.id, last.id)) > 0:
                return int(last.id), room
            tallies.keep(connection, run.id, [last.id])
        shard |= {"owner": opening.freezer, "lease_until": opening.lease_until}
    highest = select(func.max(shards.c.number)).where(shards.c.run_id == run.id)
    shard |= {"number": (connection.execute(highest).scalar() or 0) + 1}
    connection.execute(insert_new(connection, shards).values(shard))
    wanted = ours.where(shards.c.number == shard["number"])
    return int(connection.execute(wanted).one().id), size


def _number_in(connection: Connection, run_id: int, shard_id: int) -> int:
    ours = deliveries.c.run_id == run_id, deliveries.c.shard_id == shard_id
    each = [
        select(func.count()).select_from(tallies.listed(state, *ours)).scalar_subquery()
        for state in DeliveryState
    ]
    return sum(connection.execute(select(*each)).one())


def _rows(opening: Opening, members: Iterable[AudienceMember]) -> Sequence[dict[str, Stored]]:
    """The deliveries of a page, but for their run and shard."""
    same: dict[str, Stored] = {
        "issue": opening.wanted.issue,
        "attempts": 0,
        "enhanced_code": "",
        "reply_text": "",
        "updated_at": stored_instant(opening.now),
    }
    return [same | _delivery(member) for member in members]


def _delivery(member: AudienceMember) -> dict[str, Stored]:
    because = member.suppressed_because
    return {
        "recipient_key": member.key,
        "recipient": str(member.address),
        "fields": stored_fields(member.first_name, tuple(member.attributes.items())),
        "subscriber_id": member.subscriber_id,
        "state": _PLANNED if because is None else _SUPPRESSED,
        "reason": stored_text(because or ""),
    }
