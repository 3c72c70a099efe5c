"""Consultations: slots of a session, who booked which, what came of it."""
