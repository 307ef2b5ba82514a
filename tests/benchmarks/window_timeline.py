"""Opens one file in the real window and prints, as JSON, seconds from process start to each stage.

Run as a program of its own, because what it measures is a process from its start:
`python -m tests.benchmarks.window_timeline FILE`.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from jitviewer.allocator import use_the_c_library


def process_age() -> float:
    """Seconds since this process was started, as the kernel has it."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    up = float(Path("/proc/uptime").read_text().split()[0])
    return up - ticks / os.sysconf("SC_CLK_TCK")


def main(path: str) -> int:
    """Show the window with the file, wait for its canvas, and print the stages."""
    born = time.perf_counter() - process_age()
    from PySide6.QtCore import QEvent, QObject

    from jitviewer.protocol import events
    from jitviewer.ui.app import make_application, make_window
    from jitviewer.ui.services.engine_client import EngineClient
    from jitviewer.ui.services.settings import Settings

    stages: dict[str, float] = {}

    def reached(stage: str) -> None:
        stages.setdefault(stage, time.perf_counter() - born)

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                reached("first paint")
            return False

    application = make_application()
    client = EngineClient()
    client.start()
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(client, settings=Settings(Path(folder) / "settings.ini"), theme="dark")
        watcher = Watcher()
        window.installEventFilter(watcher)
        names = {events.GraphChanged: "texts", events.CanvasChanged: "canvas"}
        client.event_received.connect(lambda e: reached(names[type(e)]) if type(e) in names else None)
        window.open_path(path)
        window.show()
        deadline = time.perf_counter() + 120
        while "canvas" not in stages and time.perf_counter() < deadline:
            application.processEvents()
        application.processEvents()
        reached("canvas painted")
        client.stop()
        window.close()
    print(json.dumps(stages))
    return 0 if "canvas" in stages else 1


if __name__ == "__main__":
    use_the_c_library()
    sys.exit(main(sys.argv[1]))
