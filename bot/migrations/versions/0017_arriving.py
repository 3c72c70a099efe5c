"""Arriving

Revision 0017: who came to which group, wishes to join, rules, what waits and was reported, measures, and pinned guides.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('greetings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_greetings'))
    )
    with op.batch_alter_table('greetings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_greetings_chat_id'), ['chat_id'], unique=False)

    op.create_table('guides',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('changes', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_guides'))
    )
    op.create_table('lacking_rights',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('right', sa.String(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', 'right', name=op.f('pk_lacking_rights'))
    )
    op.create_table('arrivals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('greeting_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['greeting_id'], ['greetings.id'], name=op.f('fk_arrivals_greeting_id_greetings')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_arrivals_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arrivals')),
    sa.UniqueConstraint('chat_id', 'member_id', name=op.f('uq_arrivals_chat_id_member_id'))
    )
    with op.batch_alter_table('arrivals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_arrivals_greeting_id'), ['greeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_arrivals_joined_at'), ['joined_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_arrivals_member_id'), ['member_id'], unique=False)

    op.create_table('group_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('reported_by', sa.Integer(), nullable=True),
    sa.Column('others', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['members.id'], name=op.f('fk_group_reports_author_id_members')),
    sa.ForeignKeyConstraint(['decided_by'], ['members.id'], name=op.f('fk_group_reports_decided_by_members')),
    sa.ForeignKeyConstraint(['reported_by'], ['members.id'], name=op.f('fk_group_reports_reported_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_reports')),
    sa.UniqueConstraint('chat_id', 'message_id', name=op.f('uq_group_reports_chat_id_message_id'))
    )
    with op.batch_alter_table('group_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_reports_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_reports_reported_by'), ['reported_by'], unique=False)

    op.create_table('group_rules',
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('entities', sa.JSON(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['written_by'], ['members.id'], name=op.f('fk_group_rules_written_by_members')),
    sa.PrimaryKeyConstraint('language', name=op.f('pk_group_rules'))
    )
    op.create_table('held_posts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('entities', sa.JSON(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('album', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['members.id'], name=op.f('fk_held_posts_decided_by_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_held_posts_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_posts')),
    sa.UniqueConstraint('chat_id', 'message_id', name=op.f('uq_held_posts_chat_id_message_id'))
    )
    with op.batch_alter_table('held_posts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_held_posts_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_posts_state'), ['state'], unique=False)

    op.create_table('join_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('workplace', sa.String(), nullable=True),
    sa.Column('city', sa.String(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['members.id'], name=op.f('fk_join_requests_decided_by_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_join_requests_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_join_requests'))
    )
    with op.batch_alter_table('join_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_join_requests_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_join_requests_state'), ['state'], unique=False)

    op.create_table('measures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['members.id'], name=op.f('fk_measures_made_by_members')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_measures_member_id_members')),
    sa.ForeignKeyConstraint(['undone_by'], ['members.id'], name=op.f('fk_measures_undone_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measures'))
    )
    with op.batch_alter_table('measures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_measures_made_at'), ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_measures_member_id'), ['member_id'], unique=False)



def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('measures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_measures_member_id'))
        batch_op.drop_index(batch_op.f('ix_measures_made_at'))

    op.drop_table('measures')
    with op.batch_alter_table('join_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_join_requests_state'))
        batch_op.drop_index(batch_op.f('ix_join_requests_member_id'))

    op.drop_table('join_requests')
    with op.batch_alter_table('held_posts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_held_posts_state'))
        batch_op.drop_index(batch_op.f('ix_held_posts_member_id'))

    op.drop_table('held_posts')
    op.drop_table('group_rules')
    with op.batch_alter_table('group_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_group_reports_reported_by'))
        batch_op.drop_index(batch_op.f('ix_group_reports_author_id'))

    op.drop_table('group_reports')
    with op.batch_alter_table('arrivals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_arrivals_member_id'))
        batch_op.drop_index(batch_op.f('ix_arrivals_joined_at'))
        batch_op.drop_index(batch_op.f('ix_arrivals_greeting_id'))

    op.drop_table('arrivals')
    op.drop_table('lacking_rights')
    op.drop_table('guides')
    with op.batch_alter_table('greetings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_greetings_chat_id'))

    op.drop_table('greetings')
