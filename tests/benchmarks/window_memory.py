"""Opens many files in the real window, closes them, and prints what window and engine hold at each stage.

`python -m tests.benchmarks.window_memory FILE ...` prints JSON: by stage and process, resident megabytes, and
under "… own" those of them that are no mapped files. A program of its own, because it measures a process.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jitviewer.allocator import use_the_c_library

ROUNDS = 3
"""Times that the files are opened: what grows from round to round is a leak."""

SAMPLE = str(Path(__file__).resolve().parents[2] / "resources" / "samples" / "gate.pt")
"""A small file, with which everything is loaded that showing a file needs."""

_SETTLE_S = 1.0
"""The engine has nothing to do when it used no processor for so long."""

_PATIENCE_S = 240.0


def megabytes(process: int, name: str) -> dict[str, float]:
    """Resident memory of a process, all of it and what is its own, under its name."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines)
    kinds = {name: "VmRSS", f"{name} own": "RssAnon"}
    return {kind: int(status[key].split()[0]) / 1024 for kind, key in kinds.items()}


def parser_of(process: int) -> int:
    """What parses files for a process that supervises it; the process itself where nothing is confined."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    lines = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return next((child for child, line in lines.items() if b"jitviewer.engine" in line), process)


def ticks(process: int) -> int:
    """Processor time of a process so far, in ticks of the kernel."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def main(paths: list[str]) -> int:
    """Open the files one after another and all at once, several times, and print what is held in between."""
    from PySide6.QtTest import QTest

    from jitviewer.ui.app import make_application, make_window
    from jitviewer.ui.services import collector
    from jitviewer.ui.services.engine_client import EngineClient
    from jitviewer.ui.services.settings import Settings
    from jitviewer.ui.services.transport import ProcessTransport

    collector.begin()
    make_application()
    transport = ProcessTransport()
    client = EngineClient(transport)
    client.start()
    held: dict[str, dict[str, float]] = {}

    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + _PATIENCE_S
        while not holds():
            if time.perf_counter() > deadline:
                sys.exit("the window was not ready in time")
            # Unlike `processEvents`, this deletes what is to be deleted later.
            QTest.qWait(2)

    def settle() -> None:
        used, since = -1, 0.0

        def is_still() -> bool:
            nonlocal used, since
            if not client.is_ready:
                # An engine without documents is replaced by a fresh one.
                return False
            now = ticks(parser_of(transport.process_id))
            if now != used:
                used, since = now, time.perf_counter()
            return time.perf_counter() - since > _SETTLE_S

        wait(is_still)

    def note(stage: str) -> None:
        settle()
        held[stage] = {
            **megabytes(os.getpid(), "window"), **megabytes(parser_of(transport.process_id), "engine"),
        }  # fmt: skip

    with tempfile.TemporaryDirectory() as folder:
        window = make_window(client, settings=Settings(Path(folder) / "settings.ini"), theme="dark")
        window.resize(1280, 800)
        window.show()
        wait(lambda: client.is_ready)
        note("nothing was open yet")

        def open_file(path: str) -> None:
            window.open_path(path)
            page = window.current_page()
            assert page is not None
            document = page.document
            wait(lambda: document.canvas is not None or document.phase == "failed")

        open_file(SAMPLE)
        window.close_current()
        note("a small file was open")
        for number in range(1, ROUNDS + 1):
            for path in paths:
                open_file(path)
                window.close_current()
            note(f"round {number}: one after another, all closed")
            for path in paths:
                open_file(path)
            note(f"round {number}: all open")
            window.close_all()
            note(f"round {number}: all closed")
        client.stop()
        window.close()
    print(json.dumps(held, indent=1))
    return 0


if __name__ == "__main__":
    use_the_c_library()
    sys.exit(main(sys.argv[1:]))
