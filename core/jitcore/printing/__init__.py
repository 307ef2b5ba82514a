"""Graphs and functions as text, and graphs from text."""

from jitcore.printing.graph_text import graph_text, print_graph
from jitcore.printing.listing import Listing, Occurrence

__all__ = ["Listing", "Occurrence", "graph_text", "print_graph"]
