"""Graphs and functions as text, and graphs from text."""

from jitcore.printing.graph_text import graph_text, print_graph
from jitcore.printing.listing import Listing, Occurrence
from jitcore.printing.parser import parse_graph

__all__ = ["Listing", "Occurrence", "graph_text", "parse_graph", "print_graph"]
