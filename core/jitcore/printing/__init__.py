"""Graphs and functions as text, and graphs from text."""

from jitcore.printing.code_printer import CodePrinter
from jitcore.printing.code_text import code_of_graph, code_text, print_code
from jitcore.printing.graph_text import graph_text, print_graph
from jitcore.printing.listing import Listing, Occurrence
from jitcore.printing.parser import parse_graph

__all__ = [
    "CodePrinter", "Listing", "Occurrence", "code_of_graph", "code_text", "graph_text", "parse_graph",
    "print_code", "print_graph",
]  # fmt: skip
