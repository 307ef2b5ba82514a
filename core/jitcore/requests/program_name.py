"""How a program is named: a path, and of a Python file a name in it."""

from __future__ import annotations

from typing import Final, NamedTuple

from jitcore.source import JitError

PYTHON: Final = ".py"
"""What the name of a file ends with that is executed, and of which one object is compiled."""

IR_TEXT: Final = ".ir"
"""What the name of a file ends with that is the text of one graph."""


class ProgramName(NamedTuple):
    """A file, and the `object` that is meant of a Python file ("" for the only one there is)."""

    path: str
    object: str = ""

    @classmethod
    def read(cls, text: str) -> ProgramName:
        """What `FILE`, or `FILE.py:NAME`, stands for."""
        path, colon, name = text.rpartition(":")
        return cls(path, name) if colon and path.endswith(PYTHON) else cls(text)

    @property
    def is_python(self) -> bool:
        """Whether it is a Python file."""
        return self.path.endswith(PYTHON)

    @property
    def is_ir_text(self) -> bool:
        """Whether it is the text of a graph."""
        return self.path.endswith(IR_TEXT)

    def missing(self, objects: list[str]) -> str:
        """Says that the file has no such object, but those that it has."""
        known = ", ".join(objects) or "nothing that can be compiled"
        return f"there is no '{self.object}' in this file; it has {known}"

    def choose(self, objects: list[str]) -> str:
        """The object that is meant of those that the file has.

        Raises `JitError` where none is named and there is not one alone.
        """
        if self.object:
            return self.object
        if not objects:
            raise JitError(f"{self.path} defines no function, module or class that could be compiled")
        if len(objects) > 1:
            raise JitError(f"{self.path} defines {', '.join(objects)}; name one as {self.path}:NAME")
        return objects[0]
