"""Entries that stay

Revision 0004, after 0003: versions of entries from the desk, who was given which wording, changes to decide on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_OPEN = "state IN ('draft', 'waiting')"
_PUBLISHED = "state = 'published'"
_INDEXED = ('entry_id', 'state', 'question_id', 'owner_id', 'author_id', 'review_by')


def upgrade() -> None:
    """Change the schema."""
    op.create_table('entry_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('next_step', sa.Text(), nullable=True),
    sa.Column('variants', sa.JSON(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('substantial', sa.Boolean(), nullable=False),
    sa.Column('to_check', sa.Boolean(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('hands', sa.JSON(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('review_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retracted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['members.id'], name=op.f('fk_entry_versions_author_id_members')),
    sa.ForeignKeyConstraint(['decided_by'], ['members.id'], name=op.f('fk_entry_versions_decided_by_members')),
    sa.ForeignKeyConstraint(['owner_id'], ['members.id'], name=op.f('fk_entry_versions_owner_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_versions'))
    )
    with op.batch_alter_table('entry_versions', schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.create_index(batch_op.f(f'ix_entry_versions_{name}'), [name], unique=False)
        batch_op.create_index('ix_entry_versions_open', ['entry_id', 'language'], unique=True,
                              sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN))
        batch_op.create_index('ix_entry_versions_published', ['entry_id', 'language'], unique=True,
                              sqlite_where=sa.text(_PUBLISHED), postgresql_where=sa.text(_PUBLISHED))

    op.create_table('entry_given',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_entry_given_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', 'entry_id', name=op.f('pk_entry_given'))
    )
    with op.batch_alter_table('entry_given', schema=None) as batch_op:
        batch_op.create_index('ix_entry_given_wording', ['entry_id', 'language', 'digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_entry_given_given_at'), ['given_at'], unique=False)

    op.create_table('entry_texts',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_entry_texts'))
    )

    op.create_table('entry_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('old', sa.String(), nullable=False),
    sa.Column('new', sa.String(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['members.id'], name=op.f('fk_entry_changes_decided_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_changes'))
    )
    with op.batch_alter_table('entry_changes', schema=None) as batch_op:
        batch_op.create_index('ix_entry_changes_pair', ['entry_id', 'language', 'old', 'new'], unique=True)
        batch_op.create_index(batch_op.f('ix_entry_changes_verdict'), ['verdict'], unique=False)


def downgrade() -> None:
    """Change it back."""
    op.drop_table('entry_changes')
    op.drop_table('entry_texts')
    op.drop_table('entry_given')
    op.drop_table('entry_versions')
