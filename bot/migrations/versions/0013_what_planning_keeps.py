"""What planning keeps

Revision 0013: drafts of series and sessions, doubtful days and what was decided, days that organizers said are free or worked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('official_days',
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('free', sa.Boolean(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['members.id'], name=op.f('fk_official_days_by_members')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_official_days'))
    )
    op.create_table('official_years',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['members.id'], name=op.f('fk_official_years_by_members')),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_official_years'))
    )
    op.create_table('schedule_drafts',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_schedule_drafts_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_schedule_drafts'))
    )
    op.create_table('session_doubts',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['members.id'], name=op.f('fk_session_doubts_by_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_session_doubts_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', 'day', name=op.f('pk_session_doubts'))
    )
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.add_column(sa.Column('speaker', sa.String(), nullable=True))

    with op.batch_alter_table('session_tasks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_tasks_due_at'))
        batch_op.create_index('ix_session_tasks_open', ['due_at'], unique=False, sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'))

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('made_by', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_sessions_made_by_members'), 'members', ['made_by'], ['id'])



def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sessions_made_by_members'), type_='foreignkey')
        batch_op.drop_column('made_by')

    with op.batch_alter_table('session_tasks', schema=None) as batch_op:
        batch_op.drop_index('ix_session_tasks_open', sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_session_tasks_due_at'), ['due_at'], unique=False)

    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_column('speaker')

    op.drop_table('session_doubts')
    op.drop_table('schedule_drafts')
    op.drop_table('official_years')
    op.drop_table('official_days')
