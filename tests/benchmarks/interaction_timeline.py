"""Works in the real window with one file; prints, as JSON, how long it was held up and frames took.

Run as a program of its own: `python -m tests.benchmarks.interaction_timeline FILE`. Wall-clock times hold
what other programs of the machine took; `cpu` times are those of the window's own thread.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from jitviewer.allocator import use_the_c_library
from jitviewer.ui.app import make_application, make_window
from jitviewer.ui.canvas.view import GraphView
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services import collector
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings
from tests.gui.watchdog import Watchdog

FRAMES = 120
PASS = "dce"
SEARCHES = {
    "rare word": ("19999", False),
    "common word": ("relu", False),
    "word in every line": ("tensor", False),
    "letter": ("e", False),
    "expression": (r"tan.\(%\d+", True),
    "type": (":tensor", False),
    "shape": (":(1, 64", False),
}
"""What is looked for everywhere, and whether it is an expression."""


def main(path: str) -> int:
    """Open, pan, zoom, toggle, switch a pass, search and run."""
    collector.begin()
    application = make_application()
    client = EngineClient()
    client.start()
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(client, settings=Settings(Path(folder) / "settings.ini"), theme="dark")
        window.show()
        until(application, lambda: client.is_ready)
        settle(application)
        found["opening"] = opening(application, window, path)
        page = window.current_page()
        assert page is not None
        document, canvas = page.document, page.view.canvas
        view = canvas.view
        settle(application)
        found |= frames(application, view)
        view.place_first()
        settle(application)
        scopes = [item for item in view.graph.picture.items if item.is_open is not None]
        if scopes:
            item = scopes[0]
            for name, is_open in (("first toggle", not item.is_open), ("toggle back", bool(item.is_open))):
                found[name] = answered(
                    application, document.canvas_changed, lambda to=is_open: document.toggle_item(item.id, to)
                )
        before = document.passes_on
        found["pass on"] = answered(
            application, document.canvas_changed, lambda: document.set_passes([*before, PASS])
        )
        found["pass off"] = answered(
            application, document.canvas_changed, lambda: document.set_passes(before)
        )
        for name, (typed, is_regex) in SEARCHES.items():
            found[f"search: {name}"] = searched(application, window, typed, is_regex)
        found["run"] = ran(application, window)
        client.stop()
        window.close()
    print(json.dumps(found))
    return 0


def opening(application: QApplication, window: MainWindow, path: str) -> dict[str, float]:
    """Milliseconds until the canvas is painted, and the longest that the window was held up."""
    with Watchdog() as watchdog:
        started = time.perf_counter()
        window.open_path(path)
        page = window.current_page()
        assert page is not None
        until(application, lambda: page.document.canvas is not None)
        application.processEvents()
        took = time.perf_counter() - started
        settle(application)
    return {"took": took * 1e3, "held up": watchdog.longest * 1e3, "held up, cpu": watchdog.longest_cpu * 1e3}


def answered(
    application: QApplication,
    signal: object,
    ask: Callable[[], None],
    is_shown: Callable[[], bool] = lambda: True,
) -> dict[str, float]:
    """Milliseconds from a request to its painted answer, and the longest that the window was held up."""
    seen: list[bool] = []
    signal.connect(lambda: seen.append(True))
    with Watchdog() as watchdog:
        started = time.perf_counter()
        ask()
        until(application, lambda: bool(seen) and is_shown())
        application.processEvents()
        took = time.perf_counter() - started
        settle(application)
    return {"took": took * 1e3, "held up": watchdog.longest * 1e3, "held up, cpu": watchdog.longest_cpu * 1e3}


def searched(application: QApplication, window: MainWindow, typed: str, is_regex: bool) -> dict[str, float]:
    """Milliseconds from the last key of a search to its painted results."""
    palette = window.search.palette
    palette.regex.setChecked(is_regex)
    window.search_everywhere()
    palette.field.clear()
    settle(application)
    answer = answered(application, palette.found_changed, lambda: palette.field.setText(typed))
    palette.close_panel(is_given_up=True)
    return answer


def ran(application: QApplication, window: MainWindow) -> dict[str, float]:
    """Milliseconds from F5 to painted times, torch being loaded meanwhile."""
    page = window.current_page()
    assert page is not None
    document = page.document
    return answered(
        application, document.times_changed, window.toggle_run, lambda: not document.turns.is_busy
    )


def frames(application: QApplication, view: GraphView) -> dict[str, dict[str, float]]:
    """Milliseconds a frame while panning near by and from afar, and while zooming out and in."""
    found: dict[str, dict[str, float]] = {}
    for zoom in (1.0, 0.4, 0.1):
        view._set_zoom(zoom)
        found[f"pan at {zoom:.0%}"] = timed(
            application, view, lambda n: view.move_by(QPoint(0, 40 if n < FRAMES * 3 // 4 else -120))
        )
    boxes = view.graph.picture.boxes
    view.place_first()
    found["hover"] = timed(application, view, lambda n: view.graph.hover(boxes[n % min(len(boxes), 30)]))
    hub = max(boxes, key=lambda box: len(view.graph.picture.edges_of(box.id)))
    found["select and let go"] = timed(
        application, view, lambda n: view.graph.select_nodes(()) if n % 2 else view.graph.select_item(hub)
    )
    view.graph.select_nodes(())
    view._set_zoom(1.0)
    found["zoom"] = timed(application, view, lambda n: view.zoom_by(0.94 if n < FRAMES // 2 else 1 / 0.94))
    return found


def timed(application: QApplication, view: GraphView, step: Callable[[int], None]) -> dict[str, float]:
    """The mean, and the longest, time of a step with its paint; wall-clock and of the processor."""
    wall: list[float] = []
    cpu: list[float] = []
    for number in range(FRAMES):
        start, start_cpu = time.perf_counter(), time.thread_time()
        step(number)
        view.viewport().repaint()
        application.processEvents()
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.thread_time() - start_cpu) * 1e3)
    return {
        "mean": statistics.fmean(wall), "longest": max(wall),
        "cpu mean": statistics.fmean(cpu), "cpu longest": max(cpu),
    }  # fmt: skip


def until(application: QApplication, holds: Callable[[], bool]) -> None:
    """Let the window live until something holds."""
    end = time.monotonic() + 120
    while not holds():
        if time.monotonic() > end:
            sys.exit("never")
        application.processEvents()


def settle(application: QApplication) -> None:
    """Let what is left be done."""
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        application.processEvents()


if __name__ == "__main__":
    use_the_c_library()
    sys.exit(main(sys.argv[1]))
