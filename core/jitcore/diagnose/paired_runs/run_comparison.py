"""What came out of comparing two runs value by value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jitcore.diagnose.alignment.findings import Side
from jitcore.diagnose.paired_runs.difference import Difference

PairStatus = Literal["identical", "within tolerance", "differs", "not reached"]


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """What a pair of the alignment gave, which `pair` is the index of.

    `difference` is the greatest of all outputs and of all `times` that it ran, `turns` are those that it was
    in; `left_times` and `right_times` tell how often each side ran it. None and "not reached" where one side
    never did. `starts` says that what both nodes read was the same and what they gave was not.
    """

    pair: int
    status: PairStatus
    difference: Difference | None
    times: int
    left_times: int
    right_times: int
    turns: tuple[int, ...]
    starts: bool


@dataclass(frozen=True, slots=True)
class Departure:
    """A decision that one side took otherwise than the other one, which has it fixed.

    `kind` says of what: which arm of the if `node` on `side` ran, how many turns of the loop, or what it gave
    where the other side has the constant `other`; or an attribute that is not the same on both sides before
    anything runs, which `other` reads there. `fixed` and `now` are both in words. `index` is that of the
    finding in the alignment: of its arms, loops, constants or pairs. `subject` is the dotted path of an
    attribute, and `apart` how far it is apart in words.
    """

    kind: Literal["arm", "turns", "constant", "attribute"]
    side: Side
    node: int
    other: int
    fixed: str
    now: str
    file: str
    line: int
    index: int
    subject: str = ""
    apart: str = ""


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The first thing that is not the same, in the order in which the left side ran.

    `departure` and `outcome` are indexes of the comparison, -1 for none: the first decision that was taken
    otherwise, if any was taken before values differ, and the first pair with values that do. `starts` says
    that the error begins there; else it grew out of rounding, from the outcome `grew_from` on.
    """

    departure: int
    outcome: int
    starts: bool
    grew_from: int


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Plain data. `results` compares what both runs gave, `outcomes` every pair of operators.

    `left_error` and `right_error` are sentences on why a side did not come to its end, "" for one that did.
    `departures` are in the order in which they were met. `downstream` are the nodes of the left graph that
    what differs first flows into, `downstream_right` those of the right one. `notes` say what was not
    compared in full.
    """

    results: tuple[Difference, ...]
    outcomes: tuple[PairOutcome, ...]
    departures: tuple[Departure, ...]
    first: FirstDifference | None
    downstream: tuple[int, ...]
    downstream_right: tuple[int, ...]
    left_error: str
    right_error: str
    notes: tuple[str, ...]

    @property
    def diverged(self) -> bool:
        """Whether what both give is not the same but for rounding, or one side failed."""
        if bool(self.left_error) != bool(self.right_error):
            return True
        return any(result.agreement == "differs" for result in self.results)
