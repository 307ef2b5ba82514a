"""Passes that change how a graph is written, and nothing that it computes."""
