"""Calendar and notices

Revision 0008: what people want to be told and when; series and sessions; notices and their recipients.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('attention_preferences',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('quiet_from', sa.Integer(), nullable=False),
    sa.Column('quiet_until', sa.Integer(), nullable=False),
    sa.Column('muted', sa.JSON(), nullable=False),
    sa.Column('budget', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_attention_preferences_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_attention_preferences'))
    )
    op.create_table('attention_unasked',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_attention_unasked_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attention_unasked'))
    )
    with op.batch_alter_table('attention_unasked', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attention_unasked_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attention_unasked_member_id'), ['member_id'], unique=False)

    op.create_table('calendar_tokens',
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_calendar_tokens_member_id_members')),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_calendar_tokens'))
    )
    with op.batch_alter_table('calendar_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_tokens_member_id'), ['member_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('buttons', sa.JSON(), nullable=False),
    sa.Column('fallback', sa.String(), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('pin', sa.Boolean(), nullable=False),
    sa.Column('confirmed', sa.String(), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('recipients', sa.Integer(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['approved_by'], ['members.id'], name=op.f('fk_notices_approved_by_members')),
    sa.ForeignKeyConstraint(['author_id'], ['members.id'], name=op.f('fk_notices_author_id_members')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['members.id'], name=op.f('fk_notices_confirmed_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_notices_state_due_at', ['state', 'due_at'], unique=False)

    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=False),
    sa.Column('rrule', sa.String(), nullable=False),
    sa.Column('first', sa.String(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('skipped', sa.JSON(), nullable=False),
    sa.Column('extra', sa.JSON(), nullable=False),
    sa.Column('link', sa.String(), nullable=True),
    sa.Column('join_hint', sa.String(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('slot_minutes', sa.Integer(), nullable=True),
    sa.Column('buffer_minutes', sa.Integer(), nullable=False),
    sa.Column('ladder', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['members.id'], name=op.f('fk_series_made_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series'))
    )
    op.create_table('notice_recipients',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_notice_recipients_member_id_members')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_recipients_notice_id_notices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_recipients')),
    sa.UniqueConstraint('notice_id', 'chat_id', name=op.f('uq_notice_recipients_notice_id_chat_id'))
    )
    with op.batch_alter_table('notice_recipients', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_recipients_member_id'), ['member_id'], unique=False)
        batch_op.create_index('ix_notice_recipients_open', ['notice_id', 'outcome'], unique=False)

    op.create_table('notice_signups',
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('button', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_notice_signups_member_id_members')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_signups_notice_id_notices')),
    sa.PrimaryKeyConstraint('notice_id', 'member_id', 'button', name=op.f('pk_notice_signups'))
    )
    with op.batch_alter_table('notice_signups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_signups_member_id'), ['member_id'], unique=False)

    op.create_table('notice_texts',
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('media', sa.JSON(), nullable=False),
    sa.Column('poll', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_texts_notice_id_notices')),
    sa.PrimaryKeyConstraint('notice_id', 'language', name=op.f('pk_notice_texts'))
    )
    op.create_table('series_people',
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_series_people_member_id_members')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_series_people_series_id_series')),
    sa.PrimaryKeyConstraint('series_id', 'member_id', 'part', name=op.f('pk_series_people'))
    )
    with op.batch_alter_table('series_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_series_people_member_id'), ['member_id'], unique=False)

    op.create_table('sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('occurrence', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('description', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('speaker', sa.String(), nullable=True),
    sa.Column('link', sa.String(), nullable=True),
    sa.Column('join_hint', sa.String(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('slot_minutes', sa.Integer(), nullable=True),
    sa.Column('buffer_minutes', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('uid', sa.String(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('own', sa.Boolean(), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('recording', sa.String(), nullable=True),
    sa.Column('materials', sa.JSON(), nullable=False),
    sa.Column('next_rung_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_sessions_series_id_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('series_id', 'occurrence', name=op.f('uq_sessions_series_id_occurrence')),
    sa.UniqueConstraint('uid', name=op.f('uq_sessions_uid'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sessions_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index('ix_sessions_kind_starts_at', ['kind', 'starts_at'], unique=False)
        batch_op.create_index('ix_sessions_rung', ['next_rung_at'], unique=False, sqlite_where=sa.text('next_rung_at IS NOT NULL'), postgresql_where=sa.text('next_rung_at IS NOT NULL'))

    op.create_table('attendees',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('standing', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_sequence', sa.Integer(), nullable=False),
    sa.Column('attended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attended_how', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_attendees_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_attendees_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendees')),
    sa.UniqueConstraint('session_id', 'member_id', name=op.f('uq_attendees_session_id_member_id'))
    )
    with op.batch_alter_table('attendees', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendees_member_id'), ['member_id'], unique=False)

    op.create_table('session_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('old', sa.Text(), nullable=True),
    sa.Column('new', sa.Text(), nullable=True),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['members.id'], name=op.f('fk_session_changes_by_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_session_changes_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_changes'))
    )
    with op.batch_alter_table('session_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_changes_session_id'), ['session_id'], unique=False)
        batch_op.create_index('ix_session_changes_untold', ['at'], unique=False, sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))

    op.create_table('session_people',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_session_people_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_session_people_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', 'member_id', 'part', name=op.f('pk_session_people'))
    )
    with op.batch_alter_table('session_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_people_member_id'), ['member_id'], unique=False)

    op.create_table('session_rungs',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_session_rungs_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', 'rung', name=op.f('pk_session_rungs'))
    )
    op.create_table('session_tasks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('task', sa.String(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('nagged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['members.id'], name=op.f('fk_session_tasks_owner_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_session_tasks_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_tasks')),
    sa.UniqueConstraint('session_id', 'task', name=op.f('uq_session_tasks_session_id_task'))
    )
    with op.batch_alter_table('session_tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_tasks_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_tasks_owner_id'), ['owner_id'], unique=False)



def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('session_tasks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_tasks_owner_id'))
        batch_op.drop_index(batch_op.f('ix_session_tasks_due_at'))

    op.drop_table('session_tasks')
    op.drop_table('session_rungs')
    with op.batch_alter_table('session_people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_people_member_id'))

    op.drop_table('session_people')
    with op.batch_alter_table('session_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_session_changes_untold', sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_session_changes_session_id'))

    op.drop_table('session_changes')
    with op.batch_alter_table('attendees', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendees_member_id'))

    op.drop_table('attendees')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_sessions_rung', sqlite_where=sa.text('next_rung_at IS NOT NULL'), postgresql_where=sa.text('next_rung_at IS NOT NULL'))
        batch_op.drop_index('ix_sessions_kind_starts_at')
        batch_op.drop_index(batch_op.f('ix_sessions_ends_at'))

    op.drop_table('sessions')
    with op.batch_alter_table('series_people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_series_people_member_id'))

    op.drop_table('series_people')
    op.drop_table('notice_texts')
    with op.batch_alter_table('notice_signups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_signups_member_id'))

    op.drop_table('notice_signups')
    with op.batch_alter_table('notice_recipients', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_recipients_open')
        batch_op.drop_index(batch_op.f('ix_notice_recipients_member_id'))

    op.drop_table('notice_recipients')
    op.drop_table('series')
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index('ix_notices_state_due_at')
        batch_op.drop_index(batch_op.f('ix_notices_author_id'))

    op.drop_table('notices')
    with op.batch_alter_table('calendar_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_tokens_member_id'))

    op.drop_table('calendar_tokens')
    with op.batch_alter_table('attention_unasked', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attention_unasked_member_id'))
        batch_op.drop_index(batch_op.f('ix_attention_unasked_at'))

    op.drop_table('attention_unasked')
    op.drop_table('attention_preferences')
