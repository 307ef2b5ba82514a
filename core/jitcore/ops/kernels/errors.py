"""What a running TorchScript program raises when an operator refuses its arguments."""

from __future__ import annotations

from jitcore.source import JitError


class TorchScriptError(JitError):
    """An operator failed; `str()` is the message that TorchScript gives."""
