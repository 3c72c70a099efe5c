"""Consultations: booking, agenda, notes."""

from handlers.consultations._feature import feature

__all__ = ["feature"]
