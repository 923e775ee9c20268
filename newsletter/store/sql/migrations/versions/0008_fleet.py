"""Several machines send one run: shards are of a group of domains, and a pace is everybody's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    group = sa.Column("domain_group", sa.Text, nullable=False, server_default="")
    op.add_column("shards", group)
    kind = sa.Column("kind", sa.Text, nullable=False, server_default="daemon")
    op.add_column("heartbeats", kind)
    op.create_table(
        "paces",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("next_at", sa.BigInteger, nullable=False),
    )
