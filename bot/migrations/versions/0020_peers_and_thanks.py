"""Peers and thanks

Revision 0020: who helps whom, personal digests, what readers say of resources and what givers say of theirs.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('peer_searches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seeker_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('username', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('look_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('helper_id', sa.Integer(), nullable=True),
    sa.Column('follow_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seeker_said', sa.String(), nullable=True),
    sa.Column('helper_said', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['helper_id'], ['members.id'], name=op.f('fk_peer_searches_helper_id_members')),
    sa.ForeignKeyConstraint(['seeker_id'], ['members.id'], name=op.f('fk_peer_searches_seeker_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peer_searches'))
    )
    with op.batch_alter_table('peer_searches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_peer_searches_follow_up_at'), ['follow_up_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_peer_searches_helper_id'), ['helper_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_peer_searches_look_at'), ['look_at'], unique=False)
        batch_op.create_index('ix_peer_searches_open', ['seeker_id'], unique=True, sqlite_where=sa.text("state = 'searching'"), postgresql_where=sa.text("state = 'searching'"))
        batch_op.create_index(batch_op.f('ix_peer_searches_seeker_id'), ['seeker_id'], unique=False)

    op.create_table('peer_willing',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('per_month', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_peer_willing_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_peer_willing'))
    )
    op.create_table('personal_digests',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('minute', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_personal_digests_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_personal_digests'))
    )
    with op.batch_alter_table('personal_digests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_digests_next_at'), ['next_at'], unique=False)

    op.create_table('resources_helped',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('resource_id', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_resources_helped_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', 'resource_id', name=op.f('pk_resources_helped'))
    )
    with op.batch_alter_table('resources_helped', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resources_helped_resource_id'), ['resource_id'], unique=False)

    op.create_table('peer_asks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('search_id', sa.Integer(), nullable=False),
    sa.Column('helper_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['helper_id'], ['members.id'], name=op.f('fk_peer_asks_helper_id_members')),
    sa.ForeignKeyConstraint(['search_id'], ['peer_searches.id'], name=op.f('fk_peer_asks_search_id_peer_searches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peer_asks')),
    sa.UniqueConstraint('search_id', 'helper_id', name=op.f('uq_peer_asks_search_id_helper_id'))
    )
    with op.batch_alter_table('peer_asks', schema=None) as batch_op:
        batch_op.create_index('ix_peer_asks_lately', ['helper_id', 'asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_peer_asks_search_id'), ['search_id'], unique=False)

    op.create_table('resource_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shared_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_resource_reports_member_id_members')),
    sa.ForeignKeyConstraint(['shared_id'], ['shared_resources.id'], name=op.f('fk_resource_reports_shared_id_shared_resources')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_reports')),
    sa.UniqueConstraint('shared_id', 'member_id', name=op.f('uq_resource_reports_shared_id_member_id'))
    )
    with op.batch_alter_table('resource_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resource_reports_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resource_reports_shared_id'), ['shared_id'], unique=False)

    with op.batch_alter_table('shared_resources', schema=None) as batch_op:
        batch_op.add_column(sa.Column('good_for', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('licence', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('named', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('helped', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('thanked', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('thanked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_shared_resources_helped'), ['helped'], unique=False)
    with op.batch_alter_table('shared_resources', schema=None) as batch_op:
        batch_op.alter_column('named', existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column('helped', existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column('thanked', existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('shared_resources', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shared_resources_helped'))
        batch_op.drop_column('thanked_at')
        batch_op.drop_column('thanked')
        batch_op.drop_column('helped')
        batch_op.drop_column('named')
        batch_op.drop_column('consented_at')
        batch_op.drop_column('licence')
        batch_op.drop_column('good_for')

    with op.batch_alter_table('resource_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_resource_reports_shared_id'))
        batch_op.drop_index(batch_op.f('ix_resource_reports_member_id'))

    op.drop_table('resource_reports')
    with op.batch_alter_table('peer_asks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_peer_asks_search_id'))
        batch_op.drop_index('ix_peer_asks_lately')

    op.drop_table('peer_asks')
    with op.batch_alter_table('resources_helped', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_resources_helped_resource_id'))

    op.drop_table('resources_helped')
    with op.batch_alter_table('personal_digests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_digests_next_at'))

    op.drop_table('personal_digests')
    op.drop_table('peer_willing')
    with op.batch_alter_table('peer_searches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_peer_searches_seeker_id'))
        batch_op.drop_index('ix_peer_searches_open', sqlite_where=sa.text("state = 'searching'"), postgresql_where=sa.text("state = 'searching'"))
        batch_op.drop_index(batch_op.f('ix_peer_searches_look_at'))
        batch_op.drop_index(batch_op.f('ix_peer_searches_helper_id'))
        batch_op.drop_index(batch_op.f('ix_peer_searches_follow_up_at'))

    op.drop_table('peer_searches')
