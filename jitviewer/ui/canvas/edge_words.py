"""What the canvas says about an edge: the type of the value, as observed if it was run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jitviewer.protocol.rows import CanvasEdge

TIMES = "\N{MULTIPLICATION SIGN}"
_TENSOR = re.compile(r"(\w+)\(([\d, ]*)(?:, )?((?:device|strides|requires_grad)=.*)?\)")
_PLAIN_FLOAT = "Float"


def short_type(text: str) -> str:
    """The sizes of a tensor with a sign between them, without `Float`; other types as they are.

    Floats are what nearly everything is, so only other kinds are named: `Long 1 x 16`.
    """
    found = _TENSOR.fullmatch(text)
    if found is None:
        return text
    kind, sizes, rest = found.groups()
    shape = TIMES.join(size.strip() for size in sizes.split(",") if size.strip()) or "scalar"
    words = [] if kind == _PLAIN_FLOAT else [kind]
    words.append(shape)
    if rest and rest.startswith("device="):
        words.append(rest.removeprefix("device=").partition(",")[0])
    return " ".join(words)


def edge_label(edge: CanvasEdge, observed: Mapping[str, str]) -> str:
    """The words beside an edge; "" where all that is known is that a tensor flows."""
    seen = observed.get(edge.value, "")
    text = short_type(seen) if seen else ("" if edge.type == "Tensor" else edge.type)
    return f"{text} +{len(edge.more)}" if text and edge.more else text


def edge_tip(edge: CanvasEdge, observed: Mapping[str, str]) -> str:
    """All that is known of an edge: each value with its type."""
    lines = [f"{edge.value} : {observed.get(edge.value) or edge.type}"]
    lines += [f"{name} : {observed[name]}" if name in observed else name for name in edge.more]
    return "\n".join(lines)
