"""Webinars: questions beforehand, attendance, feedback, certificates."""
