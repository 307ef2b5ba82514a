"""Diagnoses as an engine would tell them."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from jitviewer.protocol.diagnosis_rows import (
    DecidedRow,
    DiagnosisRow,
    FoundCauseRow,
    RemedyRow,
    SourceFileRow,
)
from jitviewer.protocol.trust import TrustedContent
from tests.gui.comparisons import comparison

FILE, HELPER = "/home/p/net.py", "/home/p/helper.py"
TEXT = "import torch\n\n\n" + "".join(f"x = x + {number}\n" for number in range(4, 40))
HELPER_TEXT = "def count(x):\n    return len(x)\n"
PATCH = "--- a/net.py\n+++ b/net.py\n@@ -1,3 +1,3 @@\n import torch\n-a = 1\n+a = 2\n b = 3\n"
BEFORE, AFTER = "import torch\na = 1\nb = 3\n", "import torch\na = 2\nb = 3\n"


def diagnosis(**options: Any) -> DiagnosisRow:
    """A branch of `scale` that a trace keeps, a decision in another file of theirs and one of a library."""
    flip = ["float32[2] = [-1, -1]"]
    decided = DecidedRow("branch", FILE, 4, "if x.sum() > 0:", "True", "taken once", 1, False, True, flip)
    made = DiagnosisRow(
        name="scale",
        content=TrustedContent(FILE, ""),
        diverged=True,
        explanation="Python decided once.",
        causes=[FoundCauseRow("branch", FILE, 4, "if x.sum() > 0:", "Python decided once.")],
        inputs=["float32[2] = [-1, -1]"],
        made="the values negated",
        difference="2 of 2 elements differ",
        sides=[("program, trace", False), ("program, script", True), ("trace, script", False)],
        tried=12,
        refused=1,
        decisions=[
            decided,
            replace(decided, file=HELPER, line=2, times=3, flipped=False, inputs=[]),
            replace(
                decided,
                kind="shape",
                file="/lib/library.py",
                line=4,
                value="",
                decided="",
                harmless=True,
                flipped=None,
                inputs=[],
            ),
        ],
        more_decisions=2,
        remedy=RemedyRow("script the branch", FILE, PATCH),
        script_refusal="",
        notes=[],
        report="<!doctype html><title>scale</title>",
        comparison=comparison(),
        sources=[SourceFileRow(FILE, TEXT), SourceFileRow(HELPER, HELPER_TEXT)],
    )
    return replace(made, **options)
