"""The page of one document: a message while it opens or if it cannot, else its views."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from jitviewer.protocol.trust import TrustedContent
from jitviewer.ui.document_view import DocumentView
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.services.trusted_files import TrustedFiles
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.message_panel import MessagePanel
from jitviewer.ui.workspaces.arrangement import Arrangement

_MAKE_VIEWS_AFTER_MS = 20

SLOW_MS = 4000
"""Milliseconds after which somebody may wonder whether a program ends at all."""
Camera = tuple[float, float, float]


@dataclass(frozen=True)
class Sight:
    """What a person looks at: `camera` of the canvas (None before there is a picture), how far texts are
    scrolled by their names, across and down, and the nodes that are selected."""

    camera: Camera | None
    scrolled: dict[str, tuple[int, int]]
    selected: tuple[int, ...]


SIGHT_ORIGIN = "sight"
"""Origin of a selection that comes back with its document."""

_LONGEST_ON_BUTTON = 24
_WHY_RUN = (
    "To list what this Python file defines and compile it, jitviewer has to run it. It runs in a process of "
    "its own, with your rights: whatever it does to files or the network, it does."
)
_WHAT_IS_KEPT = (
    "jitviewer remembers that you trust this file at this place, as it is now, and asks again once it has "
    "changed. It does not look at what the file imports. Trust is taken back in the settings."
)
_NOT_BY_ITSELF = "It is open because it was open last time, and what comes back does not run by itself."


class DocumentPage(QStackedWidget):
    """Attributes: `document`, `message`, `view`, `file_banner` (news of the file on disk).

    Signals: open_requested(): the person wants to choose another file; close_requested(): and to close this;
    view_wanted(name): what was asked for is to be seen in this view
    """

    open_requested = Signal()
    close_requested = Signal()
    view_wanted = Signal(str)

    def __init__(
        self, document: DocumentState, documents: Documents, themes: ThemeManager, settings: Settings,
        arrangement: Arrangement, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.document = document
        self._documents = documents
        self.message = MessagePanel(themes)
        self.file_banner = Banner(themes)
        self._themes = themes
        self._arrangement = arrangement
        self._trusted = TrustedFiles(settings, self)
        self._view: DocumentView | None = None
        self._camera: Camera | None = None
        self._sight: Sight | None = None
        self.addWidget(self.message)
        self.message.action_triggered.connect(self._on_action)
        document.phase_changed.connect(self._on_phase_changed)
        document.canvas_changed.connect(self._on_canvas_changed)
        self._was_ready = False
        self._waiting = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._waiting.timeout.connect(self._on_still_waiting)
        self._on_phase_changed()

    @property
    def view(self) -> DocumentView:
        """The views, made when they are first needed: making them takes longer than a frame or two."""
        if self._view is None:
            self._view = DocumentView(
                self.document, self._documents, self._themes, self._arrangement, self.file_banner, self
            )
            self._view.view_wanted.connect(self.view_wanted)
            self.addWidget(self._view)
            self._view.empty.action_triggered.connect(self.open_requested)
        return self._view

    def take_focus(self) -> None:
        """Give the keyboard to what is shown."""
        if self.currentWidget() is self._view:
            # The canvas, unless the workspace does without.
            self.parts()[-1].setFocus()
        else:
            self.message.setFocus()

    def parts(self) -> tuple[QWidget, ...]:
        """What the keyboard walks through, in reading order: texts and canvas."""
        if self.currentWidget() is not self._view:
            return (self.message,)
        space = self.view
        if self.document.why_no_program:
            return (space.empty,)
        parts = (*space.text_parts(), *space.comparison_parts(), space.canvas.view)
        return tuple(part for part in parts if not part.isHidden() and part.isVisibleTo(self)) or (space,)

    def camera(self) -> Camera | None:
        """Zoom of the canvas and the point in its middle; None before there is a picture."""
        if self.document.canvas is None:
            return self._sight.camera if self._sight is not None else self._camera
        view = self.view.canvas.view
        middle = view.mapToScene(view.viewport().rect().center())
        return round(view.zoom(), 4), round(middle.x(), 1), round(middle.y(), 1)

    def sight(self) -> Sight:
        """What a person looks at."""
        scrolled: dict[str, tuple[int, int]] = {}
        if self._view is not None:
            for name, editor in self._view.editors().items():
                scrolled[name] = editor.horizontalScrollBar().value(), editor.verticalScrollBar().value()
        return Sight(self.camera(), scrolled, self.document.selection.nodes)

    def come_back_to(self, sight: Sight) -> None:
        """Look at this when the first picture is there; it is the last of the views to come."""
        self._sight = sight

    def point_camera(self, camera: Camera) -> None:
        """Look at this when the first picture is there."""
        self._camera = camera

    def _on_canvas_changed(self) -> None:
        sight, self._sight = self._sight, None
        if sight is not None:
            self._camera = sight.camera
            self._select_again(sight.selected)
            # Selecting has scrolled; once the texts have their final size they stand where they stood.
            QTimer.singleShot(0, self, lambda: self._scroll(sight.scrolled))
        if self._camera is None:
            return
        camera, self._camera = self._camera, None
        # Once the view has its final size.
        QTimer.singleShot(0, self, lambda: self.view.canvas.view.look_at(*camera))

    def _select_again(self, nodes: tuple[int, ...]) -> None:
        """Select what is still there: the file may be another by now."""
        graph = self.document.graph
        present = {node for line in graph.line_nodes for node in line} if graph is not None else set[int]()
        self.document.selection.select((node for node in nodes if node in present), SIGHT_ORIGIN)

    def _scroll(self, scrolled: dict[str, tuple[int, int]]) -> None:
        editors = self.view.editors()
        for name, (across, down) in scrolled.items():
            editors[name].horizontalScrollBar().setValue(across)
            editors[name].verticalScrollBar().setValue(down)

    def _on_phase_changed(self) -> None:
        document = self.document
        name = Path(document.path).name
        if document.phase == "ready" or (document.phase == "opening" and self._was_ready):
            # A document that is opened again after the engine died keeps what it showed.
            self._was_ready = True
            self.setCurrentWidget(self.view)
        elif document.phase in ("waiting", "opening"):
            self.message.show_progress(f"Opening {name}", document.path)
            self.setCurrentWidget(self.message)
            if document.phase == "opening":
                # While the engine reads the file, once the page itself is painted.
                QTimer.singleShot(_MAKE_VIEWS_AFTER_MS, self, lambda: self.view)
                self._waiting.start()
        elif document.phase == "asking" and document.asked_about is not None:
            if document.is_wanted and self._trusted.knows(document.asked_about):
                document.trust()
            else:
                self._ask_about(document.asked_about)
        else:
            self._was_ready = False
            actions = ("Open another file…", "Try again")
            self.message.show_failure(f"{name} cannot be opened", document.failure, document.path, actions)
            self.setCurrentWidget(self.message)

    def _ask_about(self, found: TrustedContent) -> None:
        self._was_ready = False
        path = self.document.path
        name = Path(path).name
        words = [_WHY_RUN, _WHAT_IS_KEPT]
        is_known = self._trusted.knows(found)
        if is_known:
            words.insert(0, f"You trusted {name} before, and it has not changed since. {_NOT_BY_ITSELF}")
        elif self._trusted.knows_other(found):
            words.insert(0, f"{name} has changed since you trusted it.")
        verb = "Run" if is_known else "Trust and run"
        self.message.show_question(
            f"Run {name}?",
            " ".join(words),
            path if found.path == path else f"{path} leads to {found.path}",
            (f"{verb} {name if len(name) <= _LONGEST_ON_BUTTON else 'it'}", "Do not run"),
        )
        self.setCurrentWidget(self.message)

    def _on_still_waiting(self) -> None:
        """A program may loop for ever, and only a person knows whether it does."""
        document = self.document
        name = Path(document.path).name
        if document.phase == "opening" and not self._was_ready and name.endswith(".py"):
            self.message.show_progress(
                f"Opening {name}",
                document.path,
                "Python is being started, or is still running the file. It has no keyboard here, and what it "
                "prints is not shown; to stop it ends its process and closes this tab.",
                (f"Stop {name}",),
            )

    def _on_action(self, number: int) -> None:
        document = self.document
        if document.phase == "opening":
            self.close_requested.emit()
        elif document.phase == "asking":
            if number == 0 and document.asked_about is not None:
                self._trusted.add(document.asked_about)
                document.trust()
            else:
                self.close_requested.emit()
        elif number == 0:
            self.open_requested.emit()
        else:
            self.document.open()
