"""The black box of a trace: what Python decided with tensors while it was traced, and the graph cannot show.

with black_box() as box:
    jitcore.trace(model, inputs)
for decision in box.decisions: ...
"""

from jitcore.tracing.black_box.box import BlackBox, black_box, current_box, paused
from jitcore.tracing.black_box.decision import Decision, Read

__all__ = ["BlackBox", "Decision", "Read", "black_box", "current_box", "paused"]
