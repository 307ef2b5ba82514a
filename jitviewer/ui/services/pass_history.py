"""Undo and redo of what a person did to the passes of a document."""

from __future__ import annotations

Pipeline = tuple[str, ...]


class PassHistory:
    """Pipelines before and after the present one, without Qt."""

    __slots__ = ("_redo", "_undo")

    def __init__(self) -> None:
        self._undo: list[Pipeline] = []
        self._redo: list[Pipeline] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether a change was taken back."""
        return bool(self._redo)

    def changed(self, before: Pipeline) -> None:
        """The person changed the pipeline that was `before`."""
        self._undo.append(before)
        self._redo.clear()

    def undo(self, present: Pipeline) -> Pipeline:
        """The pipeline before the last change."""
        self._redo.append(present)
        return self._undo.pop()

    def redo(self, present: Pipeline) -> Pipeline:
        """The pipeline that was taken back last."""
        self._undo.append(present)
        return self._redo.pop()
