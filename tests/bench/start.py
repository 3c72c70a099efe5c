"""How soon `smallwins demo` answers its first question, and how much memory it takes: `python -m tests.bench.start`."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

QUESTION = "How do we find our first peer supporter? Why look for just one?"
RUNS = 5


def main() -> None:
    """Print a row for each run, and the medians."""
    rows = [_run() for _ in range(RUNS)]
    print("run   page s   answer s   resident MB   peak MB")
    for number, row in enumerate(rows, 1):
        print(f"{number:>3} {row[0]:>8.2f} {row[1]:>10.2f} {row[2]:>13.0f} {row[3]:>9.0f}")
    middle = [statistics.median(column) for column in zip(*rows, strict=True)]
    print(f"med {middle[0]:>8.2f} {middle[1]:>10.2f} {middle[2]:>13.0f} {middle[3]:>9.0f}")


def _run() -> tuple[float, float, float, float]:
    """Seconds until the page is there and until the first answer; then memory, in MB."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([sys.executable, "-m", "bot", "demo", "--port", "0", "--no-open"], cwd=folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
        assert process.stdout is not None
        try:
            url = next(found[0] for line in process.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
            page = time.monotonic() - begun
            _ask(url)
            answer = time.monotonic() - begun
            return page, answer, *_memory(process.pid)
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def _ask(url: str) -> None:
    """Ask in private as Li Wei and wait for the answer's button."""
    with urllib.request.urlopen(f"{url}/sandbox/people", timeout=10) as reply:
        people = json.load(reply)["people"]
    user = next(entry["user"]["id"] for entry in people if entry["user"]["first_name"] == "Li Wei")
    with connect(f"{url.replace('http', 'ws')}/sandbox/socket?as={user}") as socket:
        socket.send(json.dumps({"type": "send", "ref": 1, "chat_id": user, "text": QUESTION}))
        while "Helpful" not in str(socket.recv(timeout=60)):
            pass


def _memory(pid: int) -> tuple[float, float]:
    status: dict[str, Any] = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024, int(status["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    main()
