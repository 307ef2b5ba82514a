"""Strings of results as Python has them; TorchScript's are bytes, and a program may cut a character apart."""

from __future__ import annotations

from typing import Any, cast

from jitcore.exec.errors import ExecutionError
from jitcore.ops.kernels.byte_strings import whole


def check_texts(value: Any) -> None:
    """Raise `ExecutionError` where a text in a value, or in its containers, is not UTF-8."""
    # A list may hold itself.
    seen: set[int] = set()
    pending: list[Any] = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            _check(part)
        elif isinstance(part, list | tuple | dict) and id(cast("object", part)) not in seen:
            seen.add(id(cast("object", part)))
            items = cast("list[Any]", part)
            pending.extend(items)
            if isinstance(part, dict):
                pending.extend(cast("dict[Any, Any]", part).values())


def _check(text: str) -> None:
    try:
        whole(text)
    except UnicodeDecodeError as error:
        raise ExecutionError(
            f"the result holds a string that is no text: {error}; strings of TorchScript are bytes of UTF-8, "
            "and the program cut a character beyond ASCII apart"
        ) from error
