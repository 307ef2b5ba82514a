"""A Python function compiled by torch and by us: the same graph and code, or refused by both."""

import re
from collections.abc import Callable
from typing import Any

import torch

from jitcore.printing import graph_text
from jitcore.printing.function_code import code_text
from jitcore.scripting.functions import compile_function
from jitcore.source import JitError

_MANGLED = re.compile(r"___torch_mangle_(\d+)")
_WARNING = re.compile(r"warn_id=(\d+)")


def renumbered(text: str) -> str:
    """The text with its mangling and warning numbers counted from where each appears first."""
    for pattern, shown in ((_MANGLED, "___torch_mangle_"), (_WARNING, "warn_id=")):
        seen: dict[str, int] = {}
        text = pattern.sub(lambda m, s=seen, p=shown: f"{p}#{s.setdefault(m[1], len(s))}", text)
    return text


def compared(function: Callable[..., Any]) -> None:
    """Fail unless torch and we make the same of the function."""
    try:
        theirs = torch.jit.script(function)
    except Exception:
        theirs = None
    try:
        ours = compile_function(function)
    except JitError:
        if theirs is None:
            return
        raise
    assert theirs is not None, f"only torch refuses {function.__name__}"
    assert renumbered(graph_text(ours.graph)) == renumbered(str(theirs.graph))
    assert renumbered(code_text(ours)) == renumbered(theirs.code)
