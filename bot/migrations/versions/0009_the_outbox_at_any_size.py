"""The outbox at any size

Revision 0009: claims cost what is due now, whatever is promised for later, waits for a receipt or was sent long ago.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_GONE = ("ix_outbox_due", "ix_outbox_claimed", "ix_outbox_needs", "ix_outbox_thread")
_SPENT = (
    "done_at IS NOT NULL AND (lane = 3 OR (about IS NULL AND state IN ('sent', 'void')) "
    "OR (state = 'sent' AND payload <> '{}'))"
)


def _partial(name: str, columns: list[str], where: str, postgres: str | None = None) -> None:
    op.create_index(name, "outbox", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(postgres or where))


def upgrade() -> None:
    """Change the schema."""
    op.add_column("outbox", sa.Column("waits", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("outbox", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    outbox = sa.table("outbox", *(sa.column(name) for name in ("key", "needs", "state", "waits")))
    needed = outbox.alias("needed")
    there = sa.exists(sa.select(needed.c.key).where(needed.c.key == outbox.c.needs, needed.c.state == "sent"))
    waiting = sa.and_(outbox.c.state == "due", outbox.c.needs.is_not(None), ~there)
    op.execute(outbox.update().where(waiting).values(waits=sa.true()))
    for name in _GONE:
        op.drop_index(name, "outbox")
    _partial("ix_outbox_ready", ["lane", "due_at", "id"], "state = 'due' AND waits = 0", "state = 'due' AND NOT waits")
    _partial("ix_outbox_claimed", ["chat_id"], "state = 'claimed'")
    _partial("ix_outbox_put_off", ["chat_id", "lane", "id"], "state = 'due' AND error IS NOT NULL")
    _partial("ix_outbox_needs", ["needs"], "needs IS NOT NULL")
    _partial("ix_outbox_thread", ["chat_id", "thread_id"], "thread_id IS NOT NULL")
    _partial("ix_outbox_spent", ["done_at"], _SPENT)


def downgrade() -> None:
    """Take the change back."""
    for name in ("ix_outbox_ready", "ix_outbox_put_off", "ix_outbox_spent", *_GONE[1:]):
        op.drop_index(name, "outbox")
    op.drop_column("outbox", "taken_back_at")
    op.drop_column("outbox", "waits")
    _partial("ix_outbox_due", ["lane", "id"], "state = 'due'")
    _partial("ix_outbox_claimed", ["id"], "state = 'claimed'")
    op.create_index("ix_outbox_needs", "outbox", ["needs"])
    op.create_index("ix_outbox_thread", "outbox", ["chat_id", "thread_id"])
