"""Alembic's entrance: runs migrations on the connection that bot.db hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import bot.tables  # noqa: F401  (registers every table on the metadata)
from bot.db import UtcDateTime, Word

config = context.config


def _plain(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations name plain types only, so that they stay true whatever becomes of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, (Word, AutoString)):
        return "sa.String()"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = config.attributes.get("connection")
if handed_over is not None:
    _run(handed_over)
else:
    with create_engine(config.get_main_option("sqlalchemy.url") or "").connect() as fresh:
        _run(fresh)
        fresh.commit()
