"""A comparison as an engine tells of it, of a script and its trace."""

from jitviewer.protocol.comparison_rows import (
    ComparedNodeRow,
    ComparisonRow,
    DepartureRow,
    DifferenceRow,
    ElementRow,
    FiguresRow,
    FindingRow,
    PairLookRow,
    PairRow,
)
from jitviewer.protocol.run_rows import ValueLook

FIGURES = FiguresRow(6, 4, 0.5, 0.25, 0.4375, 1.25, 0.125, 0.75, 20.0, 1, 0, 0, 2)
DIFFERS = DifferenceRow("differs", "Float(2, 3)", "Float(2, 3)", "values differ", "", FIGURES)
SAME = DifferenceRow("identical", "Float(2, 3)", "Float(2, 3)")


LOOK = ValueLook("Double(2, 3)", [], [4, 0, 2], 0.0, 0.5, [2, 3], 1, 0, 2, 3, 0, 0, [], bytes(6), 3, 2)


LOOKS = [PairLookRow(2, LOOK, [ElementRow("[1, 2]", "0.25", "0.75")])]


def node(
    number: int, kind: str, line: int = 0, module: str = "", reads: tuple[int, ...] = ()
) -> ComparedNodeRow:
    """A node at a line of one file."""
    return ComparedNodeRow(number, kind, "/home/p/net.py" if line else "", line, module, [*reads])


LEFT = [
    node(1, "aten::sum", 3), node(2, "prim::If", 4, "", (1, 3, 4)), node(3, "aten::relu", 5),
    node(4, "aten::tanh", 7), node(5, "prim::Loop", 8, "", (2, 6)), node(6, "aten::sin", 9, "block", (5,)),
    node(7, "prim::Constant"), node(8, "aten::mul", 10, "", (5, 7)),
]  # fmt: skip
RIGHT = [
    node(11, "aten::relu", 5), node(12, "aten::sin", 9, "block", (11,)),
    node(13, "aten::sin", 9, "block", (12,)), node(14, "prim::Constant"),
    node(15, "aten::mul", 10, "", (13, 14)), node(16, "aten::neg", 11, "", (11,)),
]  # fmt: skip


def comparison(*, diverged: bool = True) -> ComparisonRow:
    """An if whose other arm ran, and an unrolled loop; or, of the same graphs, runs that agree."""
    status, difference = ("differs", DIFFERS) if diverged else ("identical", SAME)
    return ComparisonRow(
        "script.pt", "trace.pt", diverged, "branch" if diverged else "", "/home/p/net.py" if diverged else "",
        4 if diverged else 0, "The if at net.py:4 ran the second arm in script.pt." if diverged else "",
        LEFT, RIGHT,
        [
            PairRow(3, 11, "place", [], [], "not reached" if diverged else "identical"),
            PairRow(6, 12, "place", [0], [], "identical", 1, False, SAME),
            PairRow(6, 13, "place", [1], [], status, 1, diverged, difference),
            PairRow(7, 14, "operand", [], []),
            PairRow(8, 15, "place", [], [], status, 3, False, difference),
        ],
        [1, 2, 4, 5], [16],
        [FindingRow("arm", "left", 2, -1, "the first arm", "/home/p/net.py", 4)],
        [DepartureRow("arm", "left", 2, -1, "the first arm", "the second arm", "/home/p/net.py", 4)]
        if diverged
        else [],
        [difference], 2 if diverged else -1, 0 if diverged else -1, -1, [6, 8] if diverged else [],
        [13, 15] if diverged else [], "", "", ["a note"], LOOKS if diverged else [],
    )  # fmt: skip
