"""Proposes inputs that should run, from what the graph does with each input."""

from jitviewer.engine.input_proposals.bounding import bounded_inputs
from jitviewer.engine.input_proposals.proposals import propose_inputs

__all__ = ["bounded_inputs", "propose_inputs"]
