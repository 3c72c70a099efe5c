"""What a message heeds

Revision 0021: which of its reader's wishes a message in the outbox heeds until it leaves.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.add_column("outbox", sa.Column("heeds", sa.String(), nullable=True))


def downgrade() -> None:
    """Change it back."""
    op.drop_column("outbox", "heeds")
