"""Runs whose audience is still being written down, page by page."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

RUN_STATES = ("freezing", "running", "paused", "cancelled", "complete")


def upgrade() -> None:
    """SQLite cannot change a CHECK in place: its table is copied, as in 0002."""
    allowed = ", ".join(f"'{word}'" for word in RUN_STATES)
    with op.batch_alter_table("runs") as batch:
        batch.drop_constraint(op.f("ck_runs_state"), type_="check")
        batch.create_check_constraint(op.f("ck_runs_state"), sa.text(f"state IN ({allowed})"))
