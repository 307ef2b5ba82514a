"""A graph that a run made, which a document shows in the place of a file."""

from __future__ import annotations

from dataclasses import dataclass

from jitviewer.protocol.events import StagesDone
from jitviewer.ui.models.stage_names import stage_name


@dataclass(frozen=True)
class StageGraph:
    """`at` is its place among the `stages` of the same runs; `of` names what was run: `gate.pt forward`."""

    of: str
    stages: StagesDone
    at: int

    @property
    def title(self) -> str:
        """What the graph is called: `gate.pt forward, as optimized`. No part of it looks like a folder."""
        name = stage_name(self.stages.stages, self.at)
        return f"{self.of}, {name[:1].lower()}{name[1:]}".replace("/", "|")

    @property
    def text(self) -> str:
        """The graph."""
        return self.stages.stages[self.at].graph
