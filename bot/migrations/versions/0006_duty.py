"""Duty

Revision 0006: what consultants say about their subjects, languages and time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('duties',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('hours', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('days_off', sa.JSON(), nullable=False),
    sa.Column('region', sa.String(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_duties_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_duties'))
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table('duties')
