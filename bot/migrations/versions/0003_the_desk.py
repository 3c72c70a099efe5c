"""The desk's tables

Revision 0003, after 0002: targets, merging and rating of questions; albums, files, earlier wordings; offers; saved replies.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_MOMENTS = ('taken_back_at', 'paused_at', 'ack_due_at', 'answer_due_at', 'warned_at', 'overdue_at', 'escalated_at', 'apologised_at')
_INDEXED = ('ack_due_at', 'answer_due_at', 'merged_into_id')


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table('questions', schema=None) as batch_op:
        for moment in _MOMENTS:
            batch_op.add_column(sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('rating', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('rating_note', sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_questions_merged_into_id_questions'), 'questions', ['merged_into_id'], ['id'])
        for name in _INDEXED:
            batch_op.create_index(batch_op.f(f'ix_questions_{name}'), [name], unique=False)

    with op.batch_alter_table('question_parts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('album', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('file_id', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('file_name', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('file_size', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_question_parts_album'), ['album'], unique=False)

    op.create_table('question_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('entities', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['part_id'], ['question_parts.id'], name=op.f('fk_question_versions_part_id_question_parts')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_versions_question_id_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_versions'))
    )
    with op.batch_alter_table('question_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_versions_question_id'), ['question_id'], unique=False)

    op.create_table('question_offers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_question_offers_member_id_members')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_offers_question_id_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_offers'))
    )
    with op.batch_alter_table('question_offers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_offers_question_id'), ['question_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_offers_member_id'), ['member_id'], unique=False)
        batch_op.create_index('ix_question_offers_until', ['outcome', 'until'], unique=False)
        batch_op.create_index('ix_question_offers_open', ['question_id'], unique=True,
                              sqlite_where=sa.text("outcome = 'open'"), postgresql_where=sa.text("outcome = 'open'"))

    op.create_table('saved_replies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('entities', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['members.id'], name=op.f('fk_saved_replies_made_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_replies'))
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table('saved_replies')
    op.drop_table('question_offers')
    op.drop_table('question_versions')
    with op.batch_alter_table('question_parts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_parts_album'))
        for name in ('undone_at', 'file_size', 'file_name', 'file_id', 'album'):
            batch_op.drop_column(name)
    with op.batch_alter_table('questions', schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.drop_index(batch_op.f(f'ix_questions_{name}'))
        batch_op.drop_constraint(batch_op.f('fk_questions_merged_into_id_questions'), type_='foreignkey')
        for name in ('rating_note', 'rating', 'merged_into_id', *reversed(_MOMENTS)):
            batch_op.drop_column(name)
