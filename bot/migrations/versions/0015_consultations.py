"""Consultations

Revision 0015: slots of a session, bookings with what came of them, and the waiting list.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('consultation_arrangements',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('made_from', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_consultation_arrangements_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_consultation_arrangements'))
    )
    op.create_table('consultation_slots',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('consultant_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['consultant_id'], ['members.id'], name=op.f('fk_consultation_slots_consultant_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_consultation_slots_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation_slots')),
    sa.UniqueConstraint('session_id', 'position', 'consultant_id', name=op.f('uq_consultation_slots_session_id_position_consultant_id'))
    )
    with op.batch_alter_table('consultation_slots', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_slots_consultant_id'), ['consultant_id'], unique=False)

    op.create_table('consultation_waiting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first', sa.Boolean(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('case', sa.JSON(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_consultation_waiting_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_consultation_waiting_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation_waiting')),
    sa.UniqueConstraint('session_id', 'member_id', name=op.f('uq_consultation_waiting_session_id_member_id'))
    )
    with op.batch_alter_table('consultation_waiting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_waiting_member_id'), ['member_id'], unique=False)

    op.create_table('consultation_bookings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('consultant_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('case', sa.JSON(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('came', sa.Boolean(), nullable=True),
    sa.Column('notes', sa.Text(), nullable=True),
    sa.Column('next_steps', sa.Text(), nullable=True),
    sa.Column('notes_by', sa.Integer(), nullable=True),
    sa.Column('notes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('follow_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('went', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['consultant_id'], ['members.id'], name=op.f('fk_consultation_bookings_consultant_id_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_consultation_bookings_member_id_members')),
    sa.ForeignKeyConstraint(['notes_by'], ['members.id'], name=op.f('fk_consultation_bookings_notes_by_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_consultation_bookings_session_id_sessions')),
    sa.ForeignKeyConstraint(['slot_id'], ['consultation_slots.id'], name=op.f('fk_consultation_bookings_slot_id_consultation_slots')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation_bookings')),
    sa.UniqueConstraint('slot_id', name=op.f('uq_consultation_bookings_slot_id'))
    )
    with op.batch_alter_table('consultation_bookings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_bookings_consultant_id'), ['consultant_id'], unique=False)
        batch_op.create_index('ix_consultation_bookings_follow_up', ['follow_up_at'], unique=False, sqlite_where=sa.text('follow_up_at IS NOT NULL'), postgresql_where=sa.text('follow_up_at IS NOT NULL'))
        batch_op.create_index('ix_consultation_bookings_member', ['member_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_bookings_notes_by'), ['notes_by'], unique=False)
        batch_op.create_index('ix_consultation_bookings_one_each', ['session_id', 'member_id'], unique=True, sqlite_where=sa.text("state IN ('offered', 'booked')"), postgresql_where=sa.text("state IN ('offered', 'booked')"))
        batch_op.create_index('ix_consultation_bookings_state_starts_at', ['state', 'starts_at'], unique=False)
        batch_op.create_index('ix_consultation_bookings_until', ['until'], unique=False, sqlite_where=sa.text("state = 'offered'"), postgresql_where=sa.text("state = 'offered'"))



def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('consultation_bookings', schema=None) as batch_op:
        batch_op.drop_index('ix_consultation_bookings_until', sqlite_where=sa.text("state = 'offered'"), postgresql_where=sa.text("state = 'offered'"))
        batch_op.drop_index('ix_consultation_bookings_state_starts_at')
        batch_op.drop_index('ix_consultation_bookings_one_each', sqlite_where=sa.text("state IN ('offered', 'booked')"), postgresql_where=sa.text("state IN ('offered', 'booked')"))
        batch_op.drop_index(batch_op.f('ix_consultation_bookings_notes_by'))
        batch_op.drop_index('ix_consultation_bookings_member')
        batch_op.drop_index('ix_consultation_bookings_follow_up', sqlite_where=sa.text('follow_up_at IS NOT NULL'), postgresql_where=sa.text('follow_up_at IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_consultation_bookings_consultant_id'))

    op.drop_table('consultation_bookings')
    with op.batch_alter_table('consultation_waiting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consultation_waiting_member_id'))

    op.drop_table('consultation_waiting')
    with op.batch_alter_table('consultation_slots', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consultation_slots_consultant_id'))

    op.drop_table('consultation_slots')
    op.drop_table('consultation_arrangements')
