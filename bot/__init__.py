"""Small Wins: what is true about the community, and how it is kept, sent and shown."""

__version__ = "0.1.0"
