"""Proposes inputs that should run, from what the graph does with each input."""

from jitviewer.engine.input_proposals.proposals import propose_inputs

__all__ = ["propose_inputs"]
