"""Texts of a requested method: `.code`, `.graph`, and the graph as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jitcore.printing import graph_text

if TYPE_CHECKING:
    from jitcore.requests.rewritten_method import RewrittenMethod


def code_of(found: RewrittenMethod) -> str:
    """`.code` as it was written, or of the graph if that is another."""
    # Who asks for the graph does not wait for what prints code.
    from jitcore.printing import code_of_graph, code_text

    function = found.method.function
    if found.is_own:
        return code_text(function)
    return code_of_graph(found.graph, function.name, function.owner, function.schema).text


def graph_of(found: RewrittenMethod, locations: bool = True) -> str:
    """`.graph`, with the source of each node unless `locations` are not wanted."""
    return graph_text(found.graph, locations=locations)


def json_of(found: RewrittenMethod) -> str:
    """The graph as JSON."""
    # Most ask for text.
    from jitcore.printing.graph_json import graph_json

    return json.dumps(graph_json(found.graph), indent=1)
