"""Procrastinate set up for one publication: its connections, queues and tasks, one App a process.

A job carries the id of a shard, the issue and the publication, and nothing else: what is to be done
is in the books. The names of tasks and queues stay for ever, for jobs of an older version are
there when a newer one starts.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from newsletter.books import Shard
from newsletter.clock import Clock
from newsletter.publishing.handing_out import SharedServer
from newsletter.workers.tables import SCHEMA, lay_out

HEARTBEAT = 5.0
"""Seconds between two heartbeats of a worker, which go by the database's clock."""

STALE = 15.0
"""Seconds without one after which its jobs are given to others."""

_EVERY_FIVE_SECONDS = "* * * * * */5"
_DAILY = "17 3 * * *"
_KEPT_HOURS = 72

_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Due by any clock: Procrastinate would go by this machine's own, which may be minutes ahead."""

_PAUSE = timedelta(seconds=5)
"""Until a job whose turn broke off is tried again."""

_OPENING = 15.0
"""Seconds for the first connection. Beyond that the pool asks less and less often."""

_PATIENT, _HURRIED = 10.0, 3.0
"""Seconds to wait for one of the pool: as long as all is well, and where the work is ending."""

_SEARCH = f"SELECT set_config('search_path', '{SCHEMA}', false)"

_LONGEST = 30
"""Characters of a publication's key in the name of a queue, whose channel may have 63 bytes."""

_RESCUE_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext(%s))"

Deed = Callable[[], Awaitable[None]]
TakeShard = Callable[[int, str], Awaitable[bool]]
"""Whether the shard of the issue, by its id, is to be given to somebody again."""


class Engine:
    """The App with its tasks: `take` for a shard, `look` every five seconds for somebody alone."""

    def __init__(
        self, server: SharedServer, publication: str, take: TakeShard, look: Deed, clock: Clock
    ) -> None:
        self._first = server.first
        self._publication = publication
        self._clock = clock
        mark = publication
        if len(mark) > _LONGEST:
            mark = sha256(mark.encode()).hexdigest()[:_LONGEST]
        self.send, self.maint = f"send-{mark}", f"maint-{mark}"
        self._connector = PsycopgConnector(
            conninfo=server.url,
            kwargs={"application_name": "newsletter worker"},
            configure=self._set_up,
            min_size=1,
            max_size=6,
            timeout=_PATIENT,
        )
        self._left: list[int] = []
        self.app = App(connector=self._connector)
        self._take = take
        self._look = look
        self._shard = self._define_tasks()

    @property
    def pool(self) -> Any:
        """The open app's connections."""
        return self._connector.pool

    async def _set_up(self, connection: Any) -> None:
        for statement in (self._first, _SEARCH):
            await connection.execute(statement)
        await connection.commit()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Connected, with its tables laid out, and nothing in hand."""
        try:
            async with asyncio.timeout(_OPENING):
                await self.app.open_async()
            await lay_out(self.pool)
            await self._sign_off()
            yield
        finally:
            await self.app.close_async()

    async def _sign_off(self) -> None:
        """Workers of before that could not do so themselves: what they had in hand is nobody's,
        and is done by others as soon as somebody looks.
        """
        while self._left:
            await self.app.job_manager.unregister_worker(self._left[-1])
            self._left.pop()

    def hurry(self) -> None:
        """From now on nobody waits long for the database: the work is ending, or it has failed."""
        self.pool.timeout = _HURRIED

    def _define_tasks(self) -> Any:
        app, again = self.app, _Again(self._clock)

        @app.task(name="newsletter.shard", queue=self.send, retry=again)
        async def shard(shard_id: int, issue: str, publication: str) -> None:
            del publication  # whose the queue is
            if await self._take(shard_id, issue):
                await self._defer(shard_id, issue)

        # Never with `lock`: a worker that dies inside would keep it for ever.
        for name, cron, deed in (
            ("rescue", _EVERY_FIVE_SECONDS, self._rescue),
            ("reconcile", _EVERY_FIVE_SECONDS, self._look),
            ("tidy", _DAILY, self._tidy),
        ):
            self._define_deed(name, cron, deed)
        return shard

    def _define_deed(self, name: str, cron: str, deed: Deed) -> None:
        mark = self.maint.removeprefix("maint-")

        async def task(timestamp: int) -> None:
            del timestamp
            await deed()

        full, lock = f"newsletter.{name}", f"{name}-{mark}"
        defined = self.app.task(name=full, queue=self.maint, queueing_lock=lock)(task)
        self.app.periodic(cron=cron, periodic_id=mark)(defined)

    def worker(self, queue: str, concurrency: int, ending: Callable[[], object]) -> "Running":
        """A worker that is to be run; `ending` is called when it begins to stop, for any reason."""
        is_maint = queue == self.maint
        self.pool.timeout = _PATIENT
        return Running(
            ending,
            self._left.append,
            app=self.app,
            queues=[queue],
            name=queue,
            concurrency=concurrency,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=80,
            fetch_job_polling_interval=1,
            abort_job_polling_interval=2,
            # Who is cut off in the middle of a message leaves a doubt: a turn ends by itself.
            shutdown_graceful_timeout=2 if is_maint else 90,
            install_signal_handlers=False,
            delete_jobs="always" if is_maint else "successful",
        )

    async def jobs(self) -> tuple[Collection[int], Mapping[int, Job]]:
        """The shards whose jobs wait, and those whose jobs are at work."""
        found = [
            {int(str(job.task_kwargs["shard_id"])): job for job in jobs}
            for jobs in [
                await self.app.job_manager.list_jobs_async(queue=self.send, status=status.value)
                for status in (Status.TODO, Status.DOING)
            ]
        ]
        return found[0].keys(), found[1]

    async def give(self, shards: Iterable[Shard], at_work: Mapping[int, Job]) -> None:
        """A job for each; one of each run before the second of any, so that all go on.

        The last ones of a run, which are its largest, go first: then all workers end together. A
        job that is `at_work` is a dead worker's, and is done again, as `_rescue` has it done when
        no heartbeat has come for a while.
        """
        shards = list(shards)
        ahead = Counter(shard.run_id for shard in shards)
        for shard in shards:
            ahead[shard.run_id] -= 1
            if shard.id in at_work:
                await self._again(at_work[shard.id])
                continue
            await self._defer(shard.id, shard.issue, priority=-ahead[shard.run_id])

    async def _defer(self, shard_id: int, issue: str, priority: int = 0) -> None:
        job = self._shard.configure(queueing_lock=f"shard-{shard_id}", priority=priority)
        try:
            await job.defer_async(shard_id=shard_id, issue=issue, publication=self._publication)
        except AlreadyEnqueued:
            return

    async def _again(self, job: Job) -> None:
        """The job is done again; or it is over, where another one of its shard waits by now."""
        manager = self.app.job_manager
        try:
            await manager.retry_job(job, retry_at=_AT_ONCE)
        except UniqueViolation:
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)

    async def _rescue(self) -> None:
        """What a dead worker had in hand is done by others; one process at a time looks."""
        manager = self.app.job_manager
        async with self.pool.connection() as connection:
            asked = await connection.execute(_RESCUE_LOCK, (self.maint,))
            if not (await asked.fetchone())[0]:
                return
            for job in await manager.get_stalled_jobs(
                queue=self.send, seconds_since_heartbeat=STALE
            ):
                await self._again(job)
            for job in await manager.get_stalled_jobs(
                queue=self.maint, seconds_since_heartbeat=STALE
            ):
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)

    async def _tidy(self) -> None:
        for queue in (self.send, self.maint):
            await self.app.job_manager.delete_old_jobs(
                nb_hours=_KEPT_HOURS,
                queue=queue,
                include_failed=True,
                include_cancelled=True,
                include_aborted=True,
            )


class _Again(BaseRetryStrategy):
    """Always, after a pause by the clock that all workers share."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        del exception, job
        return RetryDecision(retry_at=self._clock() + _PAUSE)


class Running(Worker):
    """Procrastinate stops one by itself where its database fails it, and says so to nobody.

    `left` is given the number of one that could not sign off.
    """

    def __init__(
        self, ending: Callable[[], object], left: Callable[[int], object], **options: Any
    ) -> None:
        super().__init__(**options)
        self._ending = ending
        self.left = left

    async def run(self) -> None:
        try:
            await super().run()  # type: ignore[no-untyped-call]  # Procrastinate's own gap
        finally:
            if self.worker_id is not None:
                self.left(self.worker_id)

    def stop(self) -> None:
        self._ending()
        super().stop()  # type: ignore[no-untyped-call]  # the same
