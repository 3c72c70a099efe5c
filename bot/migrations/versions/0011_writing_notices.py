"""Writing notices

Revision 0011: which test passed, why a notice was sent back, and who wrote which text last.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table('notice_texts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('album', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('earlier', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('changed_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_notice_texts_album'), ['album'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notice_texts_changed_by_members'), 'members', ['changed_by'], ['id'])

    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tested', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('testing', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.String(), nullable=True))



def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_column('note')
        batch_op.drop_column('testing')
        batch_op.drop_column('tested')

    with op.batch_alter_table('notice_texts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notice_texts_changed_by_members'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notice_texts_album'))
        batch_op.drop_column('changed_at')
        batch_op.drop_column('changed_by')
        batch_op.drop_column('earlier')
        batch_op.drop_column('album')

