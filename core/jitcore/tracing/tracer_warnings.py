"""What the tracer warns of, in torch's words."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from jitcore.slots.torch_names import TORCH

if TYPE_CHECKING:
    from types import FrameType

PYTHON_DATAFLOW: Final = (
    " might cause the trace to be incorrect. We can't record the data flow of Python values, so this value "
    "will be treated as a constant in the future. This means that the trace might not generalize to other "
    "inputs!"
)
CONSTRUCTOR: Final = (
    " results are registered as constants in the trace. You can safely ignore this warning if you use this "
    "function to create tensors out of constant variables that would be the same every time you call this "
    "function. In any other case, this might cause the trace to be incorrect."
)
RESIZE: Final = (
    " can't be represented in the JIT at the moment, so we won't connect any uses of this value with its "
    "current trace. If you happen to use it again, it will show up as a constant in the graph. Consider "
    "using `view` or `reshape` to make it traceable."
)
STRICT: Final = (
    " might cause the trace to be incorrect, this is only valid if the container structure does not change "
    "based on the module's inputs. Consider using a constant container instead (e.g. for `list`, use a "
    "`tuple` instead. for `dict`, use a `NamedTuple` instead). If you absolutely need this and know the "
    "side effects, pass strict=False to trace() to allow this behavior."
)


def warn(frame: FrameType | None, message: str) -> None:
    """Warn, as if the line that a frame is at had warned."""
    if frame is None:
        warnings.warn(message, TORCH.jit.TracerWarning, stacklevel=2)
        return
    names = frame.f_globals
    warnings.warn_explicit(
        message,
        TORCH.jit.TracerWarning,
        frame.f_code.co_filename,
        frame.f_lineno,
        module=names.get("__name__") or "<string>",
        registry=names.setdefault("__warningregistry__", {}),
    )
