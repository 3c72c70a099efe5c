"""Told in portions

Revision 0014: how far the people of a session have been told something, while it goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table('session_rungs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('began_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reached', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('anew', sa.Integer(), server_default='0', nullable=False))
        batch_op.alter_column('done_at', existing_type=sa.DateTime(timezone=True), nullable=True)
    op.execute('UPDATE session_rungs SET began_at = done_at')
    with op.batch_alter_table('session_rungs', schema=None) as batch_op:
        batch_op.alter_column('began_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column('reached', existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column('anew', existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    """Change it back."""
    op.execute('UPDATE session_rungs SET done_at = began_at WHERE done_at IS NULL')
    with op.batch_alter_table('session_rungs', schema=None) as batch_op:
        batch_op.alter_column('done_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column('anew')
        batch_op.drop_column('reached')
        batch_op.drop_column('began_at')
