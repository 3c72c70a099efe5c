"""Webinars

Revision 0016: questions beforehand and their support, attendance in minutes and lists under review, feedback, certificates.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('webinar_attempts',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_webinar_attempts_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_webinar_attempts_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', 'member_id', name=op.f('pk_webinar_attempts'))
    )
    with op.batch_alter_table('webinar_attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_attempts_member_id'), ['member_id'], unique=False)

    op.create_table('webinar_certificates',
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_webinar_certificates_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_webinar_certificates_session_id_sessions')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_webinar_certificates'))
    )
    with op.batch_alter_table('webinar_certificates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_certificates_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_certificates_session_id'), ['session_id'], unique=False)
        batch_op.create_index('ix_webinar_certificates_valid', ['session_id', 'member_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.create_table('webinar_feedback',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('useful', sa.Integer(), nullable=True),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('trying', sa.Integer(), nullable=True),
    sa.Column('line', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_webinar_feedback_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_webinar_feedback_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', 'member_id', name=op.f('pk_webinar_feedback'))
    )
    with op.batch_alter_table('webinar_feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_feedback_member_id'), ['member_id'], unique=False)

    op.create_table('webinar_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['members.id'], name=op.f('fk_webinar_imports_made_by_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_webinar_imports_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_imports'))
    )
    with op.batch_alter_table('webinar_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_imports_made_at'), ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_imports_made_by'), ['made_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_imports_session_id'), ['session_id'], unique=False)

    op.create_table('webinar_minutes',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_webinar_minutes_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_webinar_minutes_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', 'member_id', name=op.f('pk_webinar_minutes'))
    )
    with op.batch_alter_table('webinar_minutes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_minutes_member_id'), ['member_id'], unique=False)

    op.create_table('webinar_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('anonymous', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('passed_on_as', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_webinar_questions_member_id_members')),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_webinar_questions_session_id_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webinar_questions'))
    )
    with op.batch_alter_table('webinar_questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_questions_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_webinar_questions_session_id'), ['session_id'], unique=False)

    op.create_table('webinar_records',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=True),
    sa.Column('day_list_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hour_list_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reached', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['sessions.id'], name=op.f('fk_webinar_records_session_id_sessions')),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_webinar_records'))
    )
    with op.batch_alter_table('webinar_records', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_records_reached'), ['reached'], unique=False)

    op.create_table('webinar_supports',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_webinar_supports_member_id_members')),
    sa.ForeignKeyConstraint(['question_id'], ['webinar_questions.id'], name=op.f('fk_webinar_supports_question_id_webinar_questions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('question_id', 'member_id', name=op.f('pk_webinar_supports'))
    )
    with op.batch_alter_table('webinar_supports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webinar_supports_member_id'), ['member_id'], unique=False)



def downgrade() -> None:
    """Change it back."""
    for table in ("supports", "records", "questions", "minutes", "imports", "feedback", "certificates", "attempts"):
        op.drop_table(f"webinar_{table}")
