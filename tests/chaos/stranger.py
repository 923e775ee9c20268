"""A worker of the same queues that knows none of our tasks: `python stranger.py URL SECONDS`.

It stands for an installation of another version: whatever job it takes, it fails.
"""

import asyncio
import sys

from procrastinate import App, PsycopgConnector

SCHEMA = "newsletter_jobs"
_QUEUES = "SELECT DISTINCT queue_name FROM newsletter_jobs.procrastinate_jobs"


async def main(url: str, seconds: float) -> None:
    search = {"options": f"-c search_path={SCHEMA}"}
    connector = PsycopgConnector(conninfo=url, kwargs=search)
    app = App(connector=connector)
    async with app.open_async():
        found = await connector.execute_query_all_async(_QUEUES)
        worker = app.run_worker_async(
            queues=[row["queue_name"] for row in found if row["queue_name"].startswith("send-")],
            concurrency=2,
            install_signal_handlers=False,
            fetch_job_polling_interval=0.2,
            shutdown_graceful_timeout=1,
        )
        try:
            await asyncio.wait_for(worker, seconds)
        except TimeoutError:
            return


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
