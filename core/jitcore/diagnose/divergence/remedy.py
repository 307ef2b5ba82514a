"""Changes of a person's file that may cure a divergence, tried before they are offered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Remedy:
    """A change that was tried: retraced and compared again.

    Attributes: `summary`, one sentence; `file`, what it changes; `patch`, a unified diff; `text`, the whole
    file
    with the change.
    """

    summary: str
    file: str
    patch: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The change as plain values."""
        return {"summary": self.summary, "file": self.file, "patch": self.patch}
