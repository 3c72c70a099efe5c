"""The relay between askers and the room

Revision 0005, after 0004: what came with a question, the last album of a member, and where broken messages are found.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

_BROKEN = "state = 'failed' AND reported_at IS NULL"
_UNCERTAIN = 'uncertain_at IS NOT NULL AND reported_at IS NULL'


def upgrade() -> None:
    """Change the schema."""
    op.create_table('asked_attachments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asked_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('entities', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('media', sa.String(), nullable=False),
    sa.Column('album', sa.String(), nullable=True),
    sa.Column('file_id', sa.String(), nullable=True),
    sa.Column('file_name', sa.String(), nullable=True),
    sa.Column('file_size', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['asked_id'], ['asked.id'], name=op.f('fk_asked_attachments_asked_id_asked')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asked_attachments')),
    sa.UniqueConstraint('chat_id', 'message_id', name=op.f('uq_asked_attachments_chat_id_message_id'))
    )
    with op.batch_alter_table('asked_attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asked_attachments_asked_id'), ['asked_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_asked_attachments_album'), ['album'], unique=False)

    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.add_column(sa.Column('album', sa.String(), nullable=True))

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index('ix_questions_message', ['chat_id', 'message_id'], unique=False)

    op.create_index('ix_outbox_broken', 'outbox', ['id'], unique=False,
                    sqlite_where=sa.text(_BROKEN), postgresql_where=sa.text(_BROKEN))
    op.create_index('ix_outbox_uncertain', 'outbox', ['id'], unique=False,
                    sqlite_where=sa.text(_UNCERTAIN), postgresql_where=sa.text(_UNCERTAIN))


def downgrade() -> None:
    """Change it back."""
    op.drop_index('ix_outbox_uncertain', table_name='outbox')
    op.drop_index('ix_outbox_broken', table_name='outbox')
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index('ix_questions_message')
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.drop_column('album')
    op.drop_table('asked_attachments')
