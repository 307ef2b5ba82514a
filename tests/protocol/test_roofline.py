"""Shares of a machine's peaks."""

from jitviewer.protocol.roofline import reached, ridge, work_of
from jitviewer.protocol.rows import NodeTime
from jitviewer.protocol.run_rows import MachineRow

MACHINE = MachineRow(100e9, 10e9, 2)


def node(us, flops, moved):
    return NodeTime(1, "aten::mm", us, us, us, 0.0, 1, [], flops=flops, moved=moved)


def test_the_larger_share_is_what_bounds():
    # 1e6 operations in 100 us are 10 G a second, 5e5 bytes 5 G a second.
    assert reached(work_of([node(100.0, 1_000_000, 50_000)]), MACHINE) == (0.1, "compute")
    assert reached(work_of([node(100.0, 1_000_000, 500_000)]), MACHINE) == (0.5, "memory")
    assert work_of([node(100.0, 1_000_000, 500_000)]).intensity == 2.0
    assert ridge(MACHINE) == 10.0


def test_what_was_not_counted_is_in_no_sum():
    rows = [node(100.0, 1_000_000, 100_000), node(900.0, -1, -1), node(50.0, -1, 0)]
    work = work_of(rows)
    assert (work.flops, work.moved, work.flops_us, work.moved_us) == (1_000_000, 100_000, 100.0, 100.0)
    nothing = work_of(rows[1:2])
    assert (nothing.flops, nothing.moved) == (-1, -1)
    assert reached(nothing, MACHINE) is None
    assert reached(work, MachineRow()) is None
    assert ridge(MachineRow()) == 0.0
