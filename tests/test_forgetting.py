"""Every table that can name a member is given a row of theirs: /mydata shows it all, and after /forget none names them."""

from __future__ import annotations

import typing
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, func, select, types
from sqlmodel import SQLModel

from bot.db import UtcDateTime, Word
from tests.test_people import member, newcomer
from tests.town import Town

ROW = 9001
"""The number of the one row that each table is given."""

THEN = datetime(2026, 11, 1, tzinfo=UTC)


def _shape(table: Table, name: str) -> Any:
    """What a JSON column holds: an empty list or an empty mapping."""
    model = next(m.class_ for m in SQLModel._sa_registry.mappers if m.local_table is table)
    hints = typing.get_args(model.model_fields[name].annotation) or (model.model_fields[name].annotation,)
    shapes = {typing.get_origin(hint) or hint for hint in (model.model_fields[name].annotation, *hints)}
    return {} if dict in shapes else []


def _value(column: Column[Any], me: int) -> Any:
    """The person in every column for members, the other tables' row in every reference, else what the type takes."""
    if column.name == "co_owner_id":
        return None  # nobody shares a card with themselves
    targets = {key.column.table.name for key in column.foreign_keys}
    if targets:
        return me if targets == {"members"} else ROW if isinstance(column.type, types.Integer) else "x"
    if column.nullable and not column.primary_key:
        return None
    if isinstance(column.type, Word):
        return list(column.type.kind)[-1]
    if isinstance(column.type, JSON):
        return _shape(column.table, column.name)
    plain: dict[type, Any] = {
        UtcDateTime: THEN,
        types.Boolean: False,
        types.Date: date(2026, 11, 1),
        types.Integer: ROW,
    }
    return next((value for kind, value in plain.items() if isinstance(column.type, kind)), "x")


def _fill(connection: Connection, me: int) -> None:
    """A row in each table but those of Telegram's own comings and goings."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in SQLModel.metadata.sorted_tables:
        if table.name == "members" or connection.execute(select(func.count()).select_from(table)).scalar_one():
            continue
        wanted = [c for c in table.columns if c.default is None or c.foreign_keys or isinstance(c.type, Word)]
        connection.execute(table.insert().values({c.name: _value(c, me) for c in wanted}))


def _naming(connection: Connection, me: int) -> list[str]:
    """The columns in which somebody is named."""
    return [
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "members" for key in column.foreign_keys)
        and connection.execute(select(func.count()).where(column == me)).scalar_one()
    ]


def test_no_table_names_a_member_who_wants_to_be_forgotten(town: Town) -> None:
    seat = newcomer(town)
    seat.starts()
    seat.taps("I agree")
    me = member(town, seat).id or 0
    with town.database.connection() as connection:
        _fill(connection, me)
        assert len(_naming(connection, me)) > 60
    seat.says("/mydata")
    assert "document" in seat.last.message
    seat.says("/forget")
    seat.taps("Delete everything")
    seat.sees("It is deleted")
    with town.database.connection() as connection:
        assert _naming(connection, me) == []
