"""Hidden cards, and the next poster week

Revision 0022: what readers report about programmes' cards, and what organizers hide and show again; when a next poster
week was suggested; how many cards have a filter's value.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('programme_hidings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('hidden_by', sa.Integer(), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hidden_by'], ['members.id'], name=op.f('fk_programme_hidings_hidden_by_members')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_programme_hidings_programme_id_programmes')),
    sa.ForeignKeyConstraint(['undone_by'], ['members.id'], name=op.f('fk_programme_hidings_undone_by_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_hidings'))
    )
    with op.batch_alter_table('programme_hidings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_hidings_programme_id'), ['programme_id'], unique=False)

    op.create_table('programme_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_programme_reports_programme_id_programmes')),
    sa.ForeignKeyConstraint(['reporter_id'], ['members.id'], name=op.f('fk_programme_reports_reporter_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_reports')),
    sa.UniqueConstraint('programme_id', 'reporter_id', name=op.f('uq_programme_reports_programme_id_reporter_id'))
    )
    with op.batch_alter_table('programme_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_reports_programme_id'), ['programme_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_reports_reporter_id'), ['reporter_id'], unique=False)

    with op.batch_alter_table('programmes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('programme_counts',
    sa.Column('term', sa.String().with_variant(sa.String(collation='C'), 'postgresql'), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('term', 'level', name=op.f('pk_programme_counts'))
    )
    op.execute(
        "INSERT INTO programme_counts (term, level, number) SELECT term, level, count(*) FROM programme_terms "
        "WHERE term >= '=' AND term < '>' GROUP BY term, level"
    )
    with op.batch_alter_table('poster_weeks', schema=None) as batch_op:
        batch_op.add_column(sa.Column('nudged_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    """Change it back."""
    op.drop_table('programme_counts')
    with op.batch_alter_table('poster_weeks', schema=None) as batch_op:
        batch_op.drop_column('nudged_at')

    with op.batch_alter_table('programmes', schema=None) as batch_op:
        batch_op.drop_column('hidden_at')

    with op.batch_alter_table('programme_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_reports_reporter_id'))
        batch_op.drop_index(batch_op.f('ix_programme_reports_programme_id'))

    op.drop_table('programme_reports')
    with op.batch_alter_table('programme_hidings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_hidings_programme_id'))

    op.drop_table('programme_hidings')
