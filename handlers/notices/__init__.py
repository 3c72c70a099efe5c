"""Notices of organizers to many people."""

from handlers.notices._feature import feature

__all__ = ["feature"]
