"""The measured times as a table, a line for each node or group of nodes, with other runs beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from jitviewer.plain_text import plain_line
from jitviewer.protocol.roofline import reached
from jitviewer.protocol.rows import NodeTime
from jitviewer.protocol.run_rows import MachineRow
from jitviewer.ui.models.formatting import bytes_text, count_text, rate_text, share_text, time_text
from jitviewer.ui.models.time_groups import BY_NODE, GROUPINGS, NO_WORK, TimeGroup, group_times
from jitviewer.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex

COLUMNS = (
    "Node",
    "Self",
    "Share",
    "Total",
    "Calls",
    "Spread",
    "FLOPs",
    "Moved",
    "Of peak",
    "Allocated",
    "Types",
)
_HELP = (
    "The operator, and where several are alike the module, and the number of the node",
    "Time in the node itself, without nested blocks and calls, median over the repeats",
    "Its part of the self times of all nodes together, which are less than the time of the whole run",
    "Time with nested blocks and calls, median over the repeats",
    "Calls in one run",
    "Half of the repeats lie within this range around the median",
    "Operations of products and convolutions in one run, as torch counts them; a dash where none are counted",
    "Bytes that kernels read and wrote in one run; views are free",
    "The larger share of what this machine was measured to compute or to move; caches can give more than all",
    "Bytes of new tensors in one run",
    "Observed types of the outputs",
)
SHARE_COLUMN = 2
PEAK_COLUMN = 8

GROUP_ROLE = Qt.ItemDataRole.UserRole
SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `TimeGroup` of a line, and its share of the time of all nodes (0 to 1)."""

ABSENT = "\N{EM DASH}"


class TimeModel(QAbstractTableModel):
    """Lines of `TimeGroup`, sorted by any column; by self time, longest first, until asked otherwise.

    Lines that only a compared run has are shown too, with dashes.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TimeGroup] = []
        self._times: Sequence[NodeTime] = ()
        self._grouping = BY_NODE
        self._others: list[tuple[str, Sequence[NodeTime]]] = []
        self._other_us: list[dict[str, float]] = []
        self._own_keys: set[str] = set()
        self._row_of_node: dict[int, int] | None = {}
        self._total_us = 0.0
        self._machine = MachineRow()
        self._sorting = (1, Qt.SortOrder.DescendingOrder)

    @property
    def total_us(self) -> float:
        """Time of all nodes together."""
        return self._total_us

    @property
    def machine(self) -> MachineRow:
        """What rates are compared with."""
        return self._machine

    def groups(self) -> list[TimeGroup]:
        """The lines of the shown run."""
        return [row for row in self._rows if row.key in self._own_keys]

    def set_times(
        self,
        times: Iterable[NodeTime],
        others: Sequence[tuple[str, Sequence[NodeTime]]] = (),
        machine: MachineRow | None = None,
    ) -> None:
        """Show these times, and beside them those of other runs, each under its name.

        Rates are compared with the peaks of `machine`.
        """
        self._times = list(times)
        self._machine = machine or MachineRow()
        self._others = list(others)
        self._rebuild()

    def set_grouping(self, grouping: int) -> None:
        """Sum up by node, operator, module or source line."""
        if grouping != self._grouping:
            self._grouping = grouping
            self._rebuild()

    def row_of_node(self, node_id: int) -> int:
        """The line of a node, -1 if it was not measured."""
        if self._row_of_node is None:
            self._row_of_node = {node: at for at, row in enumerate(self._rows) for node in row.nodes}
        return self._row_of_node.get(node_id, -1)

    def lines(self) -> list[list[str]]:
        """The table as it is shown, its head first: times as microseconds, shares as parts of one."""
        head = [
            GROUPINGS[self._grouping],
            "Self us",
            "Share",
            "Total us",
            "Calls",
            "Spread us",
            "FLOPs",
            "Bytes moved",
            "Share of peak",
            "Peak of",
            "Bytes allocated",
            self._last_head(),
        ]
        found = [[*head, *(f"{name} self us" for name, _ in self._others)]]
        for row in self._rows:
            own = row.key in self._own_keys
            cells = [row.label]
            cells += (
                [
                    f"{row.self_us:.3f}", f"{self._share(row):.6f}", f"{row.total_us:.3f}", str(row.calls),
                    f"{row.spread_us:.3f}", *self._work_cells(row), str(row.allocated), row.detail,
                ]
                if own
                else [*([""] * 10), row.detail]
            )  # fmt: skip
            cells += [f"{us[row.key]:.3f}" if row.key in us else "" for us in self._other_us]
            found.append(cells)
        return found

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._rows = group_times(self._times, self._grouping)
        self._own_keys = {row.key for row in self._rows}
        self._total_us = sum(row.self_us for row in self._rows)
        self._other_us = []
        known = set(self._own_keys)
        for _, times in self._others:
            groups = group_times(times, self._grouping)
            self._other_us.append({group.key: group.self_us for group in groups})
            absent = [group for group in groups if group.key not in known]
            known.update(group.key for group in absent)
            self._rows += [
                group._replace(
                    nodes=(), self_us=0.0, total_us=0.0, spread_us=0.0, calls=0, work=NO_WORK, allocated=0
                )
                for group in absent
            ]
        self._sort()
        self.endResetModel()

    def _work_cells(self, row: TimeGroup) -> list[str]:
        best = reached(row.work, self._machine)
        return [
            *("" if count < 0 else str(count) for count in (row.work.flops, row.work.moved)),
            *(("", "") if best is None else (f"{best.share:.6f}", best.bound)),
        ]

    def _of_peak(self, row: TimeGroup) -> str:
        best = reached(row.work, self._machine)
        return ABSENT if best is None else f"{share_text(best.share)} {best.bound}"

    def _last_head(self) -> str:
        return "Types" if self._grouping == BY_NODE else "Operators" if self._grouping > 1 else "Nodes"

    def _share(self, row: TimeGroup) -> float:
        return row.self_us / self._total_us if self._total_us else 0.0

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: the number of lines."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Qt: those of `COLUMNS`, and one for each compared run."""
        return 0 if parent.isValid() else len(COLUMNS) + len(self._others)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, alignment, tool tip and row of a cell."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_line(self._text(row, column))
        if role == Qt.ItemDataRole.TextAlignmentRole and column not in (0, len(COLUMNS) - 1):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row))
        if role == GROUP_ROLE:
            return row
        if role == SHARE_ROLE:
            return self._share(row)
        return None

    def _text(self, row: TimeGroup, column: int) -> str:
        if column >= len(COLUMNS):
            other = self._other_us[column - len(COLUMNS)].get(row.key)
            if other is None:
                return ABSENT
            if row.key not in self._own_keys or row.self_us <= 0:
                return time_text(other)
            return f"{time_text(other)}  {_change(row.self_us, other)}"
        if column not in (0, len(COLUMNS) - 1) and row.key not in self._own_keys:
            return ABSENT
        return (
            row.label + ("  NaN" if row.has_nan else ""),
            time_text(row.self_us),
            share_text(self._share(row)),
            time_text(row.total_us),
            f"{row.calls:,}",
            time_text(row.spread_us),
            (count_text(row.work.flops) or "0") if row.work.flops >= 0 else ABSENT,
            bytes_text(row.work.moved) or ABSENT,
            self._of_peak(row),
            bytes_text(row.allocated) or ABSENT,
            row.detail,
        )[column]

    def _tip(self, row: TimeGroup) -> str:
        words = [row.label, *row.key.split("\n")[1:3], row.detail]
        if row.has_nan:
            words.append("An output held a NaN")
        work = row.work
        rates = rate_text(work.flops_rate, "FLOP"), rate_text(work.bytes_rate, "B")
        words.append(", ".join(rate for rate in rates if rate))
        return "\n".join(dict.fromkeys(word for word in words if word))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt: names of the columns and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if section >= len(COLUMNS):
            name = self._others[section - len(COLUMNS)][0]
            if role == Qt.ItemDataRole.DisplayRole:
                return name
            return f"Self time in {name}, and how the shown run differs" if role == _TIP else None
        if role == Qt.ItemDataRole.DisplayRole:
            if section == 0:
                return GROUPINGS[self._grouping]
            return self._last_head() if section == len(COLUMNS) - 1 else COLUMNS[section]
        return _HELP[section] if role == _TIP else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: sort by a column."""
        self.beginResetModel()
        self._sorting = (column, order)
        self._sort()
        self.endResetModel()

    def _sort(self) -> None:
        column, order = self._sorting
        is_down = order == Qt.SortOrder.DescendingOrder
        if column == PEAK_COLUMN:
            self._rows.sort(key=self._share_of_peak, reverse=is_down)
        elif 0 <= column < len(_SORTED_BY):
            self._rows.sort(key=attrgetter(_SORTED_BY[column]), reverse=is_down)
        elif column < len(_SORTED_BY) + len(self._other_us):
            other = self._other_us[column - len(_SORTED_BY)]
            self._rows.sort(key=lambda row: other.get(row.key, -1.0), reverse=is_down)
        self._row_of_node = None

    def _share_of_peak(self, row: TimeGroup) -> float:
        best = reached(row.work, self._machine)
        return -1.0 if best is None else best.share


_TIP = Qt.ItemDataRole.ToolTipRole
_SORTED_BY = (
    "label", "self_us", "self_us", "total_us", "calls", "spread_us", "work.flops", "work.moved", "work",
    "allocated", "detail",
)  # fmt: skip


def _change(now_us: float, other_us: float) -> str:
    """How the shown run differs from another: 20% less, 3% more, 12 times as long."""
    if other_us <= 0:
        return ""
    if now_us >= 10 * other_us:
        return f"\N{MULTIPLICATION SIGN}{now_us / other_us:.0f}"
    percent = round((now_us / other_us - 1) * 100)
    return f"{percent:+d}%".replace("-", "\N{MINUS SIGN}") if percent else "\N{PLUS-MINUS SIGN}0%"
