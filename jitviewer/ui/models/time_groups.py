"""Sums measured times up by node, operator, module or source line, in a way that compares across runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from jitviewer.protocol.roofline import Work, work_of
from jitviewer.protocol.rows import NodeTime
from jitviewer.ui.models.nested_times import outermost_us
from jitviewer.ui.models.told_apart import longer_where_alike, parts_of, tail_of

BY_NODE, BY_OPERATOR, BY_MODULE, BY_LINE = range(4)
GROUPINGS = ("Node", "Operator", "Module", "Source line")


NO_WORK = Work(-1, -1, 0.0, 0.0)


class TimeGroup(NamedTuple):
    """A line of the table: one node, or several that belong together.

    `key` is the same in other runs of the program. `self_us` are sums over the nodes; `total_us` too, where
    nothing counts twice, but of a module it is the self time of everything below it. `spread_us` of several
    nodes is the root of the sum of squares, as for times that vary independently. `work` and the `allocated`
    bytes of a module are of everything below it too.
    """

    key: str
    label: str
    nodes: tuple[int, ...]
    self_us: float
    total_us: float
    spread_us: float
    calls: int
    detail: str
    has_nan: bool
    work: Work = NO_WORK
    allocated: int = 0


def group_times(times: Sequence[NodeTime], grouping: int) -> list[TimeGroup]:
    """The lines of a table, in the order in which the nodes stand."""
    if grouping == BY_NODE:
        return _single_nodes(times)
    gathered: dict[str, list[NodeTime]] = {}
    for row in times:
        gathered.setdefault(_key(row, grouping), []).append(row)
    by_id = {row.node_id: row for row in times}
    groups = [_group(key, rows, grouping, by_id) for key, rows in gathered.items()]
    if grouping == BY_LINE:
        # Files of one name are common.
        keys = [group.key for group in groups]
        most = max(map(parts_of, keys), default=0)
        longer = [lambda at, count=count: tail_of(keys[at], count) for count in range(2, most + 1)]
        labels = longer_where_alike([group.label for group in groups], longer)
        groups = [group._replace(label=label) for group, label in zip(groups, labels, strict=True)]
    return _with_inner_modules(groups) if grouping == BY_MODULE else groups


def short_kind(kind: str) -> str:
    """An operator as it is spoken of: without `aten::`."""
    return kind.removeprefix("aten::")


def short_source(source: str) -> str:
    """`file.py:17` of a whole path."""
    return PurePath(source).name


def _single_nodes(times: Sequence[NodeTime]) -> list[TimeGroup]:
    """A line for each node: there may be tens of thousands, while the window waits."""
    groups: list[TimeGroup] = []
    counts: dict[str, int] = {}
    for row, label in zip(times, _labels_of(times), strict=True):
        # Numbers of nodes differ between pipelines; the place in the program does not.
        place = f"{row.kind}\n{row.module}\n{row.source}"
        number = counts[place] = counts.get(place, 0) + 1
        types = row.types
        groups.append(
            TimeGroup(
                f"{place}\n{number}", label, (row.node_id,), row.self_us, row.total_us,
                row.spread_us, row.calls, types[0] if len(types) == 1 else ", ".join(types), row.has_nan,
                work_of((row,)), row.allocated,
            )
        )  # fmt: skip
    return groups


def _labels_of(times: Sequence[NodeTime]) -> list[str]:
    """The operator of each node; where others have it, with the module that it is in, or with its number."""
    kinds = [short_kind(row.kind) for row in times]
    sources: dict[str, str] = {}

    def with_place(at: int) -> str:
        row = times[at]
        place = row.module
        if not place:
            source = row.source
            place = sources.get(source)
            if place is None:
                place = sources[source] = short_source(source)
        return f"{kinds[at]}  {place}" if place else kinds[at]

    return longer_where_alike(kinds, (with_place, lambda at: f"{with_place(at)}  #{times[at].node_id}"))


def _key(row: NodeTime, grouping: int) -> str:
    if grouping == BY_OPERATOR:
        return row.kind
    return row.module if grouping == BY_MODULE else row.source


def _group(key: str, rows: Sequence[NodeTime], grouping: int, times: Mapping[int, NodeTime]) -> TimeGroup:
    first = rows[0]
    kinds = ", ".join(dict.fromkeys(short_kind(row.kind) for row in rows))
    if grouping == BY_OPERATOR:
        label, detail = short_kind(first.kind), _counted(rows)
    elif grouping == BY_MODULE:
        label, detail = first.module or "(root)", kinds
    else:
        label, detail = short_source(first.source) or "(unknown)", kinds
    return TimeGroup(
        key, label, tuple(row.node_id for row in rows), sum(row.self_us for row in rows),
        outermost_us(rows, times), math.sqrt(sum(row.spread_us**2 for row in rows)),
        sum(row.calls for row in rows), detail, any(row.has_nan for row in rows), work_of(rows),
        sum(row.allocated for row in rows),
    )  # fmt: skip


def _counted(rows: Sequence[NodeTime]) -> str:
    return "1 node" if len(rows) == 1 else f"{len(rows):,} nodes"


def _with_inner_modules(groups: Iterable[TimeGroup]) -> list[TimeGroup]:
    """The total of a module is the self time of all that is below it, and so are its work and memory."""
    listed = list(groups)
    below: dict[str, float] = {}
    works: dict[str, Work] = {}
    allocated: dict[str, int] = {}
    for group in listed:
        parts = group.key.split(".") if group.key else []
        for count in range(len(parts) + 1):
            path = ".".join(parts[:count])
            below[path] = below.get(path, 0.0) + group.self_us
            works[path] = works[path].beside(group.work) if path in works else group.work
            allocated[path] = allocated.get(path, 0) + group.allocated
    return [
        group._replace(total_us=below[group.key], work=works[group.key], allocated=allocated[group.key])
        for group in listed
    ]
