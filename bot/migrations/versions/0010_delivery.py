"""Delivery

Revision 0010: who delivers, whether delivery is held, and what became of messages hour by hour.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('term', sa.Integer(), nullable=False),
    sa.Column('owner', sa.String(), nullable=True),
    sa.Column('owner_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ticked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_through', sa.Integer(), nullable=True),
    sa.Column('backed_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery'))
    )
    op.create_table('delivery_tallies',
    sa.Column('hour', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lane', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('hour', 'lane', 'what', 'seconds', name=op.f('pk_delivery_tallies'))
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table('delivery_tallies')
    op.drop_table('delivery')
