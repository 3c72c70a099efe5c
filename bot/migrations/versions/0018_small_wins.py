"""Small wins

Revision 0018: the path of each member, steps done, where they are stuck, kudos, the groups' digests.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('win_digests',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('month', sa.String(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', 'month', name=op.f('pk_win_digests'))
    )
    op.create_table('win_hitches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('barrier', sa.String(), nullable=True),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('over_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_win_hitches_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_win_hitches')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('win_hitches', schema=None) as batch_op:
        batch_op.create_index('ix_win_hitches_member_id_step', ['member_id', 'step'], unique=False)
        batch_op.create_index('ix_win_hitches_over', ['barrier', 'over_at'], unique=False, sqlite_where=sa.text('over_at IS NOT NULL'), postgresql_where=sa.text('over_at IS NOT NULL'))
        batch_op.create_index('ix_win_hitches_waiting', ['said_at'], unique=False, sqlite_where=sa.text('offered_at IS NULL AND over_at IS NULL'), postgresql_where=sa.text('offered_at IS NULL AND over_at IS NULL'))

    op.create_table('win_paths',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(), nullable=True),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('minute', sa.Integer(), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('asked_next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unanswered', sa.Integer(), nullable=False),
    sa.Column('kudos_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_win_paths_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_win_paths'))
    )
    with op.batch_alter_table('win_paths', schema=None) as batch_op:
        batch_op.create_index('ix_win_paths_asked', ['asked_next_at'], unique=False, sqlite_where=sa.text('asked_next_at IS NOT NULL'), postgresql_where=sa.text('asked_next_at IS NOT NULL'))
        batch_op.create_index('ix_win_paths_step', ['step'], unique=False)

    op.create_table('wins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('photos', sa.JSON(), nullable=False),
    sa.Column('album', sa.String(), nullable=True),
    sa.Column('chat_id', sa.BigInteger(), nullable=True),
    sa.Column('shared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_wins_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wins')),
    sa.UniqueConstraint('member_id', 'step', name=op.f('uq_wins_member_id_step')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('wins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wins_done_at'), ['done_at'], unique=False)
        batch_op.create_index('ix_wins_shared', ['chat_id', 'shared_at'], unique=False, sqlite_where=sa.text('shared_at IS NOT NULL'), postgresql_where=sa.text('shared_at IS NOT NULL'))
        batch_op.create_index('ix_wins_step_days', ['step', 'days'], unique=False)
        batch_op.create_index('ix_wins_step_done_at', ['step', 'done_at'], unique=False)

    op.create_table('win_kudos',
    sa.Column('win_id', sa.Integer(), nullable=False),
    sa.Column('telegram_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reacted', sa.Boolean(), nullable=False),
    sa.Column('tapped', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['win_id'], ['wins.id'], name=op.f('fk_win_kudos_win_id_wins')),
    sa.PrimaryKeyConstraint('win_id', 'telegram_id', name=op.f('pk_win_kudos'))
    )
    with op.batch_alter_table('win_kudos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_win_kudos_telegram_id'), ['telegram_id'], unique=False)
        batch_op.create_index('ix_win_kudos_untold', ['at'], unique=False, sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))


def downgrade() -> None:
    """Change it back."""
    for table in ("win_kudos", "wins", "win_paths", "win_hitches", "win_digests"):
        op.drop_table(table)
