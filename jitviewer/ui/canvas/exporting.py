"""Saves what a canvas shows: asks for the file and writes it while the window lives on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from jitviewer.ui.canvas.exports import KINDS, Shown, export_bytes, kind_of, remark
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.exported_files import write_exported
from jitviewer.ui.theme import ThemeManager

if TYPE_CHECKING:
    from jitviewer.ui.canvas.panel import CanvasPanel


class ExportDialog(QObject):
    """Signals: finished(path, why not, "" if it worked; what has to be said of the file, "" for nothing)"""

    finished = Signal(str, str, str)

    def __init__(
        self,
        panel: CanvasPanel,
        document: DocumentState,
        themes: ThemeManager,
        tell: Callable[[str, str], None],
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._document = document
        self._themes = themes
        self._tell = tell
        self._folder = ""
        self.finished.connect(self._on_finished)

    def ask(self) -> None:
        """Ask for a file; its suffix says what is written. Without a graph there is none to write."""
        if self._document.canvas is None:
            why = self._document.why_no_program or "No graph is shown that could be exported."
            self._document.noticed.emit("info", why)
            return
        filters = [f"{text} (*.{kind})" for kind, text in KINDS.items()]
        name = f"{Path(self._document.path).stem}.svg"
        path, chosen = QFileDialog.getSaveFileName(
            self._panel, "Export what is shown", str(Path(self._folder) / name), ";;".join(filters)
        )
        if not path:
            return
        if not kind_of(path):
            # No suffix of ours: the chosen filter says what was meant.
            path += "." + chosen.rpartition(".")[2].rstrip(")")
        self.write(path)

    def write(self, path: str) -> None:
        """Write what is shown; the kind is the suffix of the file. The window is not held up."""
        self._folder = str(Path(path).parent)
        shown = self._shown()
        threading.Thread(target=self._write, args=(shown, path), name="export", daemon=True).start()

    def _shown(self) -> Shown:
        document, graph = self._document, self._panel.view.graph
        where = f"{document.module_path}.{document.method}" if document.module_path else document.method
        return Shown(
            graph.picture,
            self._themes.theme,
            f"{Path(document.path).name}: {where}",
            dict(document.times),
            dict(document.observed),
            (graph.highlighted, frozenset(document.highlight.edges)),
            self._panel.steering.actions.types.isChecked(),
        )

    def _write(self, shown: Shown, path: str) -> None:
        why_not = write_exported(path, export_bytes(shown, kind_of(path)))
        self.finished.emit(path, why_not, "" if why_not else remark(shown, kind_of(path)))

    def _on_finished(self, path: str, why_not: str, said: str) -> None:
        if why_not:
            self._tell("error", f"{path} cannot be written: {why_not}. Choose another place.")
        elif said:
            self._tell("warning", f"Saved {path}. {said}")
        else:
            self._tell("info", f"Saved {path}.")
