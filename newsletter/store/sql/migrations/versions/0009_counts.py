"""A shard that rests keeps its counts; those from before are counted as they are looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("shards", sa.Column("counts", sa.Text))
