"""Small Wins: what is true about the community, and how it is kept, sent and shown."""

import os

# One question is a small sum: OpenBLAS's waiting threads would cost three times the work itself. It reads this at import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
