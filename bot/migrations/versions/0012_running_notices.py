"""Running notices

Revision 0012: who has got what of a notice, what was corrected or taken back, and how far it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table('notice_recipients', schema=None) as batch_op:
        batch_op.add_column(sa.Column('promise', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('messages', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('revision', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('change', sa.String(), nullable=True))
        batch_op.drop_index(batch_op.f('ix_notice_recipients_open'))
        batch_op.create_index('ix_notice_recipients_open', ['notice_id', 'outcome', 'due_at'], unique=False)
        batch_op.create_index('ix_notice_recipients_change', ['notice_id', 'change'], unique=False)

    with op.batch_alter_table('notice_texts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('revision', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('runs', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('listed_to', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('listed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('shown', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('past', sa.JSON(), server_default='{}', nullable=False))



def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_column('past')
        batch_op.drop_column('shown')
        batch_op.drop_column('reported_at')
        batch_op.drop_column('listed_at')
        batch_op.drop_column('listed_to')
        batch_op.drop_column('runs')

    with op.batch_alter_table('notice_texts', schema=None) as batch_op:
        batch_op.drop_column('revision')

    with op.batch_alter_table('notice_recipients', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_recipients_change')
        batch_op.drop_index('ix_notice_recipients_open')
        batch_op.create_index(batch_op.f('ix_notice_recipients_open'), ['notice_id', 'outcome'], unique=False)
        batch_op.drop_column('change')
        batch_op.drop_column('revision')
        batch_op.drop_column('messages')
        batch_op.drop_column('promise')

