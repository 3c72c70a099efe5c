"""The feature that the siblings register on."""

from handlers._kit import Feature

feature = Feature("notices")
