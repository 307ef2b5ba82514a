"""How the nodes of two graphs of one program, or of two programs, correspond."""

from __future__ import annotations

from dataclasses import dataclass

from jitcore.diagnose.alignment.findings import (
    BurntConstant,
    FlattenedCall,
    KeptArm,
    UnrolledLoop,
    UntakenArms,
)
from jitcore.diagnose.alignment.pair import Pair


@dataclass(frozen=True, slots=True)
class Alignment:
    """Plain data: nodes by their ids, which they keep for life.

    `pairs` are in the order of the right graph; a node that stands in an unrolled loop has one for each turn.
    `only_left` and `only_right` are the nodes without a partner, in the order of their graphs; `untaken` has
    those of them that stand in an arm of which the other side has nothing.
    """

    pairs: tuple[Pair, ...]
    only_left: tuple[int, ...]
    only_right: tuple[int, ...]
    arms: tuple[KeptArm, ...]
    loops: tuple[UnrolledLoop, ...]
    calls: tuple[FlattenedCall, ...]
    constants: tuple[BurntConstant, ...]
    untaken: tuple[UntakenArms, ...]
