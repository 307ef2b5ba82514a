"""Takes the pictures in this folder from the real window; `make screenshots` runs it.

Without a display the window is drawn offscreen, with the same pixels.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from jitviewer.protocol.events import VersionsTold
from jitviewer.ui.app import make_application, make_window
from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.pages.pass_page import PassPage
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.widgets.start_page import diverging_samples
from jitviewer.ui.workspaces.catalogue import workspace_named

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "resources" / "samples"
SIZE = (1280, 800)
WAIT_S = 120.0
SETTLE_MS = 400


class Session:
    """One window with the real engine, and a person's hand in it."""

    def __init__(self, client: EngineClient, theme: str, folder: Path) -> None:
        self.window: MainWindow = make_window(client, settings=Settings(folder / f"{theme}.ini"), theme=theme)
        self.window.resize(*SIZE)
        self.window.show()
        self.window.resize(*SIZE)

    @property
    def page(self) -> DocumentPage:
        """The page in front."""
        page = self.window.current_page()
        assert page is not None
        return page

    def open(self, path: Path) -> None:
        """Open a file and wait for its picture, or for the message that it cannot be opened."""
        self.window.open_path(str(path))
        document = self.page.document
        wait(lambda: document.canvas is not None or document.phase == "failed")

    def rewrite(self, passes: Sequence[str], position: int | None = None) -> None:
        """Switch passes on, and go to one of their rewrites."""
        document = self.page.document
        seen: list[bool] = []
        document.canvas_changed.connect(lambda: seen.append(True))
        document.set_passes(passes)
        wait(lambda: bool(seen))
        if position is not None:
            seen.clear()
            document.go_to_step(position)
            wait(lambda: bool(seen))

    def select(self, label: str) -> None:
        """Pick the first box on the canvas with this label."""
        canvas = self.page.view.canvas
        item = next(item for item in canvas.view.graph.picture.boxes if item.label == label)
        canvas.view.item_picked.emit(item)

    def run(self) -> None:
        """Run with the proposed inputs and wait for the result."""
        document = self.page.document
        self.window.toggle_run()
        wait(lambda: not document.is_running and not document.turns.is_busy)

    def save(self, name: str) -> None:
        """Save what the window shows."""
        QTest.qWait(SETTLE_MS)
        target = HERE / f"{name}.png"
        small(self.window.grab().toImage()).save(str(target))
        print(target.name, flush=True)

    def turn_to(self, name: str) -> None:
        """Turn to a workspace."""
        self.window.choose_workspace(workspace_named(name))

    def show_page(self, name: str) -> None:
        """Show settings, keys or versions."""
        self.window.pages.toggle_page(name)


def small(picture: QImage) -> QImage:
    """A picture in its 256 most frequent colours: a third of the bytes, for no difference to the eye."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = numpy.frombuffer(plain.constBits(), numpy.uint32).reshape(plain.height(), -1)
    colors, counts = numpy.unique(pixels[:, : plain.width()], return_counts=True)
    table = [int(color) for color in colors[numpy.argsort(-counts)][:256]]
    flat = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    return plain.convertToFormat(QImage.Format.Format_Indexed8, table, flat)


def wait(holds: Callable[[], bool]) -> None:
    """Let the window live until something holds; ends the program if it never does."""
    deadline = time.monotonic() + WAIT_S
    while not holds():
        if time.monotonic() > deadline:
            sys.exit("the window was not ready in time")
        QTest.qWait(10)


def take_all(client: EngineClient, theme: str, folder: Path) -> None:
    """All pictures in one theme."""
    session = Session(client, theme, folder)
    wait(lambda: client.is_ready)
    session.save(f"start-{theme}")
    session.open(SAMPLES / "gate.pt")
    session.select("gt")
    session.save(f"read-{theme}")
    session.open(SAMPLES / "constants.pt")
    session.turn_to("rewrite")
    session.rewrite(("inline", "constant-propagation", "peephole", "dce"), position=2)
    session.save(f"rewrite-{theme}")
    take_passes(session, theme)
    take_python(session, theme)
    take_diagnosis(session, theme)
    take_runs(session, theme)
    take_stages(session, theme)
    take_sides(session, theme)
    take_pages(session, theme, client)
    session.open(Path("/models/classifier.pt"))
    session.save(f"message-{theme}")
    session.window.close()
    session.window.deleteLater()


def take_some(client: EngineClient, theme: str, folder: Path, wanted: Sequence[str]) -> None:
    """The pictures of some steps in one theme."""
    steps = {
        "passes": take_passes, "python": take_python, "diagnosis": take_diagnosis, "runs": take_runs,
        "stages": take_stages,
    }  # fmt: skip
    session = Session(client, theme, folder)
    wait(lambda: client.is_ready)
    for name in wanted:
        steps[name](session, theme)
    session.window.close()
    session.window.deleteLater()


def take_passes(session: Session, theme: str) -> None:
    """What a pass did to the text, and the help of a dock."""
    session.open(SAMPLES / "repeats.pt")
    session.rewrite(("inline", "cse"))
    session.window.passes.come_into_sight()
    document = session.page.document
    document.show_pass_diff("cse")
    wait(lambda: document.pass_diff is not None)
    session.save(f"compare-texts-{theme}")
    session.window.passes.help_button.click()
    session.save(f"help-{theme}")
    session.window.passes.help_button.click()
    dock = session.window.passes
    dock.view.setCurrentIndex(dock.model.index(dock.model.row_of("fuse-tensorexprs")))
    dock.about.click()
    page = session.window.pages.page("pass")
    assert isinstance(page, PassPage)
    wait(page.open.isVisible)
    session.save(f"pass-page-{theme}")
    session.show_page("pass")


def take_runs(session: Session, theme: str) -> None:
    """Inputs, results of two runs as columns, the timeline, a value that flowed."""
    session.open(SAMPLES / "resnet_small.pt")
    dock, document = session.window.run, session.page.document
    dock.take_focus()
    wait(lambda: dock.form.device.count() > 1)
    session.save(f"inputs-{theme}")
    session.run()
    session.rewrite(("inline", "constant-propagation", "cse", "dce"))
    session.run()
    session.save(f"run-{theme}")
    take_costs(session, theme)
    for page, name in ((2, "timeline"), (3, "value")):
        dock.pages.button(page).click()
        node = max(document.times.values(), key=lambda time: time.self_us).node_id
        document.selection.select((node,), "pictures")
        wait(lambda page=page: page != 3 or document.value is not None)
        session.save(f"{name}-{theme}")


def take_costs(session: Session, theme: str) -> None:
    """The roofline of the run that is shown, with the canvas coloured by operations."""
    results, canvas = session.window.run.results, session.page.view.canvas
    by_flops = canvas.costs.actions()[1]
    results.roofline_button.click()
    by_flops.trigger()
    session.save(f"roofline-{theme}")
    results.roofline_button.click()
    canvas.costs.actions()[0].trigger()


def take_stages(session: Session, theme: str) -> None:
    """What the executor made of a method whose inputs varied, with operators fused."""
    session.open(SAMPLES / "loop.pt")
    dock, document = session.window.run, session.page.document
    dock.take_focus()
    wait(lambda: dock.form.device.count() > 1)
    dock.pages.button(4).click()
    dock.stages.fuse.click()
    for size in (2, 2, 5, 5):
        dock.form.fields[0].spec.setText(f"float32[{size},4]")
        dock.stages.run.click()
        wait(lambda: not document.is_running)
    session.save(f"stages-{theme}")


def take_sides(session: Session, theme: str) -> None:
    """The same file beside itself with other passes, and a file that changed on disk."""
    session.open(SAMPLES / "gate.pt")
    session.turn_to("rewrite")
    session.window.actions_.split.trigger()
    page = session.page
    wait(lambda: page.document.canvas is not None)
    session.rewrite(("constant-pooling",))
    page.file_banner.show_message(
        "warning", "gate.pt has changed on disk. What is shown is as it was.", "Reload"
    )
    session.save(f"split-{theme}")
    session.window.actions_.close.trigger()


def take_python(session: Session, theme: str) -> None:
    """A Python file: the question whether it may be run, and its three linked texts."""
    session.turn_to("read")
    session.window.open_path(str(SAMPLES / "loop.py"))
    document = session.page.document
    wait(lambda: document.phase == "asking")
    # Where this machine has it is nobody's concern.
    session.page.message.place.setText("~/jitviewer/samples/loop.py")
    session.save(f"trust-{theme}")
    document.trust()
    wait(lambda: document.canvas is not None)
    view = document.source
    assert view is not None
    line = next(number for number, nodes in enumerate(view.line_nodes) if nodes)
    session.page.view.source.editor.pick_line(line)
    session.save(f"python-{theme}")
    session.window.actions_.close.trigger()


def take_diagnosis(session: Session, theme: str) -> None:
    """Why the trace of a sample differs: inputs, the cause, the cure, values, decisions."""
    sample = next(sample for sample in diverging_samples() if sample.file == "loudness.py")
    session.window.open_diverging(sample)
    document, bar = session.page.document, session.page.view.trace_bar
    wait(lambda: document.phase == "asking")
    document.trust()
    wait(bar.isVisible)
    session.save(f"why-{theme}")
    bar.why.click()
    wait(lambda: document.diagnosis.row is not None)
    view = session.page.view.comparison.diagnosis
    wait(lambda: view.graphs.is_ready)
    session.save(f"diagnosis-{theme}")
    view.graphs.choose_next_differing()
    for page, name in enumerate(("remedy", "values", "decisions"), 1):
        view.tabs.button(page).click()
        session.save(f"{name}-{theme}")
    session.window.actions_.close.trigger()


def take_pages(session: Session, theme: str, client: EngineClient) -> None:
    """Search, settings, keys and versions."""
    session.turn_to("read")
    session.open(SAMPLES / "resnet_small.pt")
    session.window.search_everywhere()
    session.window.search.palette.field.setText("conv")
    session.save(f"search-{theme}")
    session.window.search.palette.close_panel(is_given_up=True)
    for name in ("settings", "keys"):
        session.show_page(name)
        session.save(f"{name}-{theme}")
    told: list[object] = []
    client.event_received.connect(lambda event: told.append(event) if type(event) is VersionsTold else None)
    # What is of this machine only is nobody's concern.
    with patch.object(sys, "prefix", "~/jitviewer/.venv"), patch.object(platform, "release", lambda: "6.12"):
        session.show_page("about")
        wait(lambda: bool(told))
        session.save(f"about-{theme}")
    session.window.pages.show_documents()


def main(wanted: Sequence[str]) -> int:
    """Take the pictures in both themes; with names of steps, `diagnosis`, only those of them."""
    make_application()
    with tempfile.TemporaryDirectory() as folder:
        for theme in ("dark", "light"):
            client = EngineClient()
            client.start()
            if wanted:
                take_some(client, theme, Path(folder), wanted)
            else:
                take_all(client, theme, Path(folder))
            client.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
