"""What is noted while a program runs: what was read of tensors, where it went, and what was decided with it.

Values of Python are not touched. What a number came from is kept beside it: for each variable of each call
of the person's functions, for attributes by their names, and for places of expressions that have just been
run.
"""

from __future__ import annotations

from jitcore.tracing.black_box.assignment_events import AssignmentEvents
from jitcore.tracing.black_box.call_events import CallEvents
from jitcore.tracing.black_box.change_events import ChangeEvents
from jitcore.tracing.black_box.control_events import ControlEvents
from jitcore.tracing.black_box.findings import Findings
from jitcore.tracing.black_box.provenance import Provenance
from jitcore.tracing.black_box.running_calls import RunningCalls
from jitcore.tracing.black_box.surroundings_events import SurroundingsEvents
from jitcore.tracing.black_box.tensor_origins import TensorOrigins
from jitcore.tracing.black_box.tensor_reads import TensorReads


class Recording:
    """What listens to the sites of a program for one box.

    `findings` are kept; `running` and `provenance` know of the calls that are running. The others take what
    sites, operators and reads of tensors tell.
    """

    def __init__(self) -> None:
        self.findings = Findings()
        self.running = RunningCalls()
        self.provenance = Provenance(self.findings)
        self.tensor_reads = TensorReads(self.findings, self.running)
        known = self.findings, self.running, self.provenance
        self.control = ControlEvents(*known, self.tensor_reads)
        self.calls = CallEvents(*known, self.control)
        self.assignments = AssignmentEvents(*known)
        self.changes = ChangeEvents(*known)
        self.surroundings = SurroundingsEvents(self.findings, self.running)

    def forget_calls(self) -> None:
        """The program has ended: let go of its objects, and of the state of its trace."""
        self.running.forget()
        self.tensor_reads.origins = TensorOrigins(None)
        self.changes.reachable = None
