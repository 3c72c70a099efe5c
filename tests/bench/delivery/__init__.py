"""How well messages are delivered, measured against bare bots and the bare wire: `python -m tests.bench.delivery`."""
