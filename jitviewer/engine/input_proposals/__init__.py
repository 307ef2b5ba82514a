"""Proposes inputs that should run, from what the graph does with each input."""

from jitviewer.engine.input_proposals.proposals import propose_inputs
from jitviewer.protocol.input_bounds import bounded_inputs

__all__ = ["bounded_inputs", "propose_inputs"]
