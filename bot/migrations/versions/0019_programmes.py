"""Programmes

Revision 0019: programmes' cards, the index that finds them, and poster weeks with questions and applause.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('poster_weeks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['opened_by'], ['members.id'], name=op.f('fk_poster_weeks_opened_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_weeks')),
    sa.UniqueConstraint('slot', name=op.f('uq_poster_weeks_slot'))
    )
    op.create_table('programme_searches',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.Column('searched_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_programme_searches_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_programme_searches'))
    )
    with op.batch_alter_table('programme_searches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_searches_searched_at'), ['searched_at'], unique=False)

    op.create_table('programmes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('co_owner_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('levels', sa.JSON(), nullable=False),
    sa.Column('at', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['co_owner_id'], ['members.id'], name=op.f('fk_programmes_co_owner_id_members')),
    sa.ForeignKeyConstraint(['owner_id'], ['members.id'], name=op.f('fk_programmes_owner_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programmes')),
    sa.UniqueConstraint('code', name=op.f('uq_programmes_code'))
    )
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programmes_co_owner_id'), ['co_owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programmes_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programmes_remind_at'), ['remind_at'], unique=False)

    op.create_table('posters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('week_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('day', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('presented_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_posters_programme_id_programmes')),
    sa.ForeignKeyConstraint(['week_id'], ['poster_weeks.id'], name=op.f('fk_posters_week_id_poster_weeks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posters')),
    sa.UniqueConstraint('week_id', 'day', name=op.f('uq_posters_week_id_day')),
    sa.UniqueConstraint('week_id', 'programme_id', name=op.f('uq_posters_week_id_programme_id'))
    )
    with op.batch_alter_table('posters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_posters_programme_id'), ['programme_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_posters_week_id'), ['week_id'], unique=False)

    op.create_table('programme_terms',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('term', sa.String().with_variant(sa.String(collation='C'), 'postgresql'), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_programme_terms_programme_id_programmes')),
    sa.PrimaryKeyConstraint('programme_id', 'term', name=op.f('pk_programme_terms'))
    )
    with op.batch_alter_table('programme_terms', schema=None) as batch_op:
        batch_op.create_index('ix_programme_terms_found', ['term', 'programme_id', 'level'], unique=False)

    op.create_table('poster_kudos',
    sa.Column('poster_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_poster_kudos_member_id_members')),
    sa.ForeignKeyConstraint(['poster_id'], ['posters.id'], name=op.f('fk_poster_kudos_poster_id_posters')),
    sa.PrimaryKeyConstraint('poster_id', 'member_id', name=op.f('pk_poster_kudos'))
    )
    with op.batch_alter_table('poster_kudos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poster_kudos_member_id'), ['member_id'], unique=False)

    op.create_table('poster_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('poster_id', sa.Integer(), nullable=False),
    sa.Column('asker_id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('follows', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asker_id'], ['members.id'], name=op.f('fk_poster_questions_asker_id_members')),
    sa.ForeignKeyConstraint(['poster_id'], ['posters.id'], name=op.f('fk_poster_questions_poster_id_posters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_questions'))
    )
    with op.batch_alter_table('poster_questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poster_questions_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_poster_questions_chat_id'), ['chat_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_poster_questions_poster_id'), ['poster_id'], unique=False)



def downgrade() -> None:
    """Change it back."""
    for table in ("poster_questions", "poster_kudos", "posters", "poster_weeks"):
        op.drop_table(table)
    for table in ("programme_terms", "programme_searches", "programmes"):
        op.drop_table(table)
