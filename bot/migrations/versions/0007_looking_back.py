"""Looking back

Revision 0010: the words of questions for /find, what consultants looked for, when the bot was last awake; a small index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_MERGED = sa.text('merged_into_id IS NOT NULL')
_EXACT = sa.String().with_variant(sa.String(collation='C'), 'postgresql')


def upgrade() -> None:
    """Change the schema."""
    op.create_table('question_terms',
    sa.Column('term', _EXACT, nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_terms_question_id_questions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('term', 'question_id', name=op.f('pk_question_terms'))
    )
    with op.batch_alter_table('question_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_terms_question_id'), ['question_id'], unique=False)

    op.create_table('question_finds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_question_finds_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_finds'))
    )
    with op.batch_alter_table('question_finds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_finds_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_finds_looked_at'), ['looked_at'], unique=False)

    op.create_table('pulse',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pulse'))
    )

    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_questions_merged_into_id'))
        batch_op.create_index('ix_questions_merged', ['merged_into_id'], unique=False, sqlite_where=_MERGED, postgresql_where=_MERGED)


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index('ix_questions_merged')
        batch_op.create_index(batch_op.f('ix_questions_merged_into_id'), ['merged_into_id'], unique=False)
    op.drop_table('pulse')
    op.drop_table('question_finds')
    op.drop_table('question_terms')
