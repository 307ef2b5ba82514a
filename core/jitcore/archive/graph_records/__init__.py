"""Graphs as a compiler made them, in a record beside the code that an archive would be read back from."""

from jitcore.archive.graph_records.decoding import take_graphs
from jitcore.archive.graph_records.encoding import graphs_record

RECORD = "graphs.json"
"""The name of the record."""

__all__ = ["RECORD", "graphs_record", "take_graphs"]
