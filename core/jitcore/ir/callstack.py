"""Where an inlined node came from: the chain of calls that inlining removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.source import SourceRange
    from jitcore.types import Type


class CallFrame:
    """One inlined call.

    `callee` is the qualified name of the function or method, `call_site` the range of the call,
    `module_type` and `instance` tell the module it was called on (`instance` is the attribute name
    as TorchScript records it, `path` the attribute path from the caller's `self`, () for itself).
    """

    __slots__ = ("call_site", "callee", "instance", "module_type", "path")

    def __init__(
        self,
        callee: str,
        call_site: SourceRange | None,
        module_type: Type | None = None,
        instance: str | None = None,
        path: tuple[str, ...] = (),
    ) -> None:
        self.callee = callee
        self.call_site = call_site
        self.module_type = module_type
        self.instance = instance
        self.path = path


class CallStack:
    """Immutable list of frames, outermost call first when iterated over `frames()`."""

    __slots__ = ("frame", "inner")

    def __init__(self, frame: CallFrame, inner: CallStack | None = None) -> None:
        self.frame = frame
        self.inner = inner

    def frames(self) -> list[CallFrame]:
        """Frames from the outermost call to the innermost."""
        found: list[CallFrame] = []
        stack: CallStack | None = self
        while stack is not None:
            found.append(stack.frame)
            stack = stack.inner
        return found

    def module_path(self) -> tuple[str, ...]:
        """Attribute path of the module whose method the node was written in."""
        path: list[str] = []
        for frame in self.frames():
            path.extend(frame.path)
        return tuple(path)
