"""Graphs and functions as text, and graphs from text.

Only what prints graphs is imported at once: a program that shows one should not wait for the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from jitcore.printing.graph_text import graph_text, node_text, print_graph
from jitcore.printing.listing import Listing, Occurrence

if TYPE_CHECKING:
    from jitcore.printing.code_printer import CodePrinter
    from jitcore.printing.function_code import code_of_graph, code_text, print_code
    from jitcore.printing.parser import parse_graph

__all__ = [
    "CodePrinter", "Listing", "Occurrence", "code_of_graph", "code_text", "graph_text", "node_text",
    "parse_graph", "print_code", "print_graph",
]  # fmt: skip

_LATER = {
    "CodePrinter": "jitcore.printing.code_printer",
    "code_of_graph": "jitcore.printing.function_code",
    "code_text": "jitcore.printing.function_code",
    "parse_graph": "jitcore.printing.parser",
    "print_code": "jitcore.printing.function_code",
}


def __getattr__(name: str) -> object:
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(module), name)
    return value
