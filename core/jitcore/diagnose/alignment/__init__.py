"""How the nodes of two graphs correspond: of a trace and a script, or of two archives."""

from jitcore.diagnose.alignment.aligner import align
from jitcore.diagnose.alignment.alignment import Alignment
from jitcore.diagnose.alignment.findings import (
    BurntConstant,
    FlattenedCall,
    KeptArm,
    UnrolledLoop,
    UntakenArms,
)
from jitcore.diagnose.alignment.pair import Pair

__all__ = [
    "Alignment",
    "BurntConstant",
    "FlattenedCall",
    "KeptArm",
    "Pair",
    "UnrolledLoop",
    "UntakenArms",
    "align",
]
