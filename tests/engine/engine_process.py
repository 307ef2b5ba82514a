"""Drives the engine as the window does: a process of its own, frames over its pipes."""

import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

from jitviewer.protocol import events, requests
from jitviewer.protocol.framing import encode, read_messages

SECONDS = 120.0
VIEWS = (events.CodeChanged, events.GraphChanged, events.StepsChanged, events.CanvasChanged)


def _runs(process: int, module: bytes) -> bool:
    return module in Path(f"/proc/{process}/cmdline").read_bytes()


class EngineProcess:
    """An engine and the events that it sent, in order."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jitviewer.engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._inbox: queue.SimpleQueue = queue.SimpleQueue()
        self._errors: list[bytes] = []
        self._threads = [
            threading.Thread(target=target, daemon=True) for target in (self._read, self._read_errors)
        ]
        for thread in self._threads:
            thread.start()
        self.ready = self.until(events.EngineReady)[-1]

    def _read(self) -> None:
        for event in read_messages(self.process.stdout, events.AnyEvent):
            self._inbox.put(event)
        self._inbox.put(None)

    def _read_errors(self) -> None:
        self._errors.extend(self.process.stderr)

    def send(self, request: requests.Request) -> None:
        """Send one request."""
        self.process.stdin.write(encode(request))
        self.process.stdin.flush()

    def until(self, *kinds: type[events.Event], seconds: float = SECONDS) -> list[events.Event]:
        """The events up to and including the first of `kinds`."""
        found = []
        deadline = time.monotonic() + seconds
        while True:
            event = self._inbox.get(timeout=max(0.01, deadline - time.monotonic()))
            assert event is not None, f"the engine ended: {self.errors()}"
            found.append(event)
            if isinstance(event, kinds):
                return found

    def ask(self, request: requests.Request, *kinds: type[events.Event]) -> events.Event:
        """Send a request and give the first event of `kinds`; a notice of an error fails the test."""
        self.send(request)
        seen = self.until(*kinds, events.Notice)
        assert isinstance(seen[-1], kinds), seen[-1]
        return seen[-1]

    def open(self, path: Path, document: int = 1) -> dict[type, events.Event]:
        """Open a file; the events by their type."""
        self.send(requests.OpenDocument(document, str(path)))
        last = (events.CanvasChanged, events.DocumentFailed, events.MethodFailed)
        return {type(event): event for event in self.until(*last)}

    def views(self, request: requests.Request) -> dict[type, events.Event]:
        """Send a request that all views change with; the events by their type."""
        self.send(request)
        found: dict[type, events.Event] = {}
        while events.CanvasChanged not in found:
            event = self.until(events.Event)[-1]
            is_error = isinstance(event, events.Notice) and event.level == "error"
            assert not is_error, event
            assert not isinstance(event, events.MethodFailed), event
            found[type(event)] = event
        return found

    def children(self) -> list[int]:
        """Process ids of its runners."""
        return [child for child in self._all_children() if _runs(child, b"jitviewer.runner")]

    @property
    def parser(self) -> int:
        """Process id of what parses files: a confined child of the process that was started."""
        (found,) = (child for child in self._all_children() if _runs(child, b"jitviewer.engine"))
        return found

    def _all_children(self) -> list[int]:
        found: set[int] = set()
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            found.update(int(word) for word in (task / "children").read_text().split())
        return sorted(found)

    def maps(self) -> str:
        """What is mapped into the process."""
        return Path(f"/proc/{self.parser}/maps").read_text()

    def anonymous_megabytes(self) -> float:
        """Memory that it has for itself, not counting mapped files."""
        lines = Path(f"/proc/{self.parser}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))

    def resident_megabytes(self) -> float:
        """Memory in use, mapped files included."""
        lines = Path(f"/proc/{self.parser}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    def errors(self) -> str:
        """What it wrote to standard error so far."""
        return b"".join(self._errors).decode()

    def end(self) -> int:
        """Close its input as a window does that is closed; its exit status."""
        self.process.stdin.close()
        status = self.process.wait(timeout=30)
        for thread in self._threads:
            thread.join(timeout=10)
        self.process.stdout.close()
        self.process.stderr.close()
        return status
