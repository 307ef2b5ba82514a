"""Comparisons that tell where two programs differ.

`compare` runs a program of Python, and is imported when it is first asked for: it needs torch, which the
comparisons of archives do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.diagnose.archive_diff import ArchiveDiff, compare_archives, compare_weights

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.comparing import compare

__all__ = ["ArchiveDiff", "compare", "compare_archives", "compare_weights"]


def __getattr__(name: str) -> Any:
    if name != "compare":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # As the docstring says: only this one needs torch.
    from jitcore.diagnose.divergence.comparing import compare

    globals()["compare"] = compare
    return compare
