"""The tree of containers of a graph: module scopes and calls that were inlined, control nodes, blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from jitcore.ir import Block, CallFrame, CallStack, Graph, Node
from jitviewer.engine.canvas.folding import constant_word, folded_nodes, is_module, written_nodes
from jitviewer.engine.canvas.options import Options
from jitviewer.engine.canvas.sizes import node_words
from jitviewer.protocol.bounds import LABEL, PATH, cut, joined

_RESULT_CHARS = 40
_PLAIN = Options()


@dataclass(slots=True, eq=False)
class Container:
    """A frame on the canvas and what stands in it, in source order.

    `kind` is root, frame, control, block or repeat (equal parts one after the other, of which the first is
    shown). `node` is the control node that a control container stands for; `block` the block that a block
    container shows. `node_ids` are all nodes inside at any depth, the folded ones included. `is_hidden` is a
    part of a repeat that is not shown.
    """

    id: str
    kind: str
    label: str
    detail: str
    parent: Container | None
    node: Node | None = None
    block: Block | None = None
    children: list[Container | Node] = field(default_factory=list)
    node_ids: list[int] = field(default_factory=list)
    is_hidden: bool = False
    _chain: tuple[Container, ...] = ()
    _is_inside_hidden: bool | None = None

    def chain(self) -> tuple[Container, ...]:
        """From the root down to this container; asked for once the tree is complete."""
        if not self._chain:
            self._chain = (*self.parent.chain(), self) if self.parent is not None else (self,)
        return self._chain

    @property
    def is_inside_hidden(self) -> bool:
        """Whether this or anything around it is never shown; asked for once the tree is complete."""
        if self._is_inside_hidden is None:
            self._is_inside_hidden = any(outer.is_hidden for outer in self.chain())
        return self._is_inside_hidden


class ContainerTree:
    """Containers of one state of a graph.

    `root` is the outermost; `home` tells in which container each visible node stands (a control
    node: its own container); `by_id` finds containers; `folded` are the nodes without a box. Frames
    that hold nothing visible are left out. `options` say which constants have a box.
    """

    def __init__(self, graph: Graph, options: Options = _PLAIN) -> None:
        self.graph = graph
        self._written = written_nodes(graph)
        self.folded = folded_nodes(graph, options.shows_constants, options.with_constants)
        self.root = Container("root", "root", "", "", None, block=graph.block)
        self.by_id: dict[str, Container] = {"root": self.root}
        self.home: dict[Node, Container] = {}
        self._calls: dict[int, object] = {}
        self._words: dict[Node, tuple[str, str]] = {}
        self._fill(self.root, graph.block, 0)
        _prune(self.root, self.by_id)

    def words_of(self, node: Node) -> tuple[str, str]:
        """Label and detail of a node's box."""
        known = self._words.get(node)
        if known is None:
            known = self._words[node] = node_words(node, self._written)
        return known

    def folded_into(self, node: Node) -> list[Node]:
        """The constants, attribute reads and lists of these that the box of `node` shows in words."""
        found: dict[Node, None] = {}
        pending = list(node.inputs)
        while pending:
            value = pending.pop()
            inner = value.node
            if inner in self.folded and inner not in found and not is_module(value):
                found[inner] = None
                pending.extend(inner.inputs)
        return list(found)

    def shown_as(self, node_id: int) -> Node | None:
        """The node whose box shows a node: itself, or for a folded one the first that uses it."""
        node = next((node for node in self.graph.all_nodes() if node.id == node_id), None)
        seen: set[Node] = set()
        pending = [node] if node is not None else []
        for candidate in pending:
            if candidate in self.home:
                return candidate
            users = [user for output in candidate.outputs for user, _ in output.uses if user not in seen]
            seen.update(users)
            pending.extend(users)
        return None

    def _fill(self, container: Container, block: Block, depth: int) -> None:
        """Put the nodes of `block` below `container`; `depth` frames of their stacks are around it."""
        open_frames: list[tuple[object, Container]] = []
        known: dict[tuple[int, object], Container] = {}
        counts: dict[tuple[str, str], int] = {}
        for node in block.nodes():
            frames = _frames(node.callstack)[depth:]
            calls = [self._call(frame) for frame in frames]
            # Calls shared with the node before are the same containers.
            keep = 0
            while keep < len(open_frames) and keep < len(calls) and open_frames[keep][0] == calls[keep]:
                keep += 1
            del open_frames[keep:]
            for frame, call in zip(frames[keep:], calls[keep:], strict=True):
                outer = open_frames[-1][1] if open_frames else container
                inner = known.get((id(outer), call))
                if inner is None:
                    inner = self._open_frame(outer, frame, counts)
                    known[id(outer), call] = inner
                open_frames.append((call, inner))
            self._place(open_frames[-1][1] if open_frames else container, node, depth + len(frames))

    def _call(self, frame: CallFrame) -> object:
        """What tells one call from another in the same container: its place in the source.

        A body that was inlined by copying has frames of its own for each of its nodes.
        """
        known = self._calls.get(id(frame))
        if known is None:
            site = frame.call_site
            place = (id(site.source), site.start, site.end) if site is not None else id(frame)
            known = self._calls[id(frame)] = (frame.callee, frame.path, place)
        return known

    def _open_frame(
        self, outer: Container, frame: CallFrame, counts: dict[tuple[str, str], int]
    ) -> Container:
        label, detail = (cut(words, LABEL) for words in _frame_names(frame))
        count = counts.get((outer.id, label), 0)
        counts[outer.id, label] = count + 1
        identity = f"{_outer_id(outer)}/{label}" + (f"#{count}" if count else "")
        inner = Container(identity, "frame", label, detail, outer)
        self.by_id[inner.id] = inner
        outer.children.append(inner)
        return inner

    def _place(self, container: Container, node: Node, depth: int) -> None:
        at: Container | None = container
        while at is not None:
            at.node_ids.append(node.id)
            at = at.parent
        if node in self.folded:
            return
        if not node.blocks:
            container.children.append(node)
            self.home[node] = container
            return
        control = Container(f"n{node.id}", "control", node.kind.partition("::")[2], "", container, node=node)
        control.node_ids.append(node.id)
        self.by_id[control.id] = control
        container.children.append(control)
        self.home[node] = control
        for index, block in enumerate(node.blocks):
            inner = Container(
                f"{control.id}.b{index}", "block", _block_label(node, index), _results(block), control,
                block=block,
            )  # fmt: skip
            self.by_id[inner.id] = inner
            control.children.append(inner)
            self._fill(inner, block, depth)


def _outer_id(container: Container) -> str:
    """What ids inside a container begin with: its id, or a digest where calls are nested so deeply that every
    id would hold thousands of names."""
    if len(container.id) <= PATH // 2:
        return container.id
    return blake2b(container.id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _prune(container: Container, by_id: dict[str, Container]) -> None:
    """Drop frames that hold nothing visible."""
    kept: list[Container | Node] = []
    for child in container.children:
        if isinstance(child, Container):
            _prune(child, by_id)
            if child.kind == "frame" and not child.children:
                del by_id[child.id]
                continue
        kept.append(child)
    container.children = kept


def _frames(stack: CallStack | None) -> list[CallFrame]:
    return stack.frames() if stack is not None else []


def _frame_names(frame: CallFrame) -> tuple[str, str]:
    function = frame.callee.rpartition(".")[2]
    if frame.path:
        label = ".".join(frame.path)
        detail = frame.module_type.qualified_name.rpartition(".")[2] if frame.module_type is not None else ""  # type: ignore[attr-defined]
        return label, detail if function == "forward" else f"{detail}.{function}"
    return function, "function" if frame.module_type is None else "method"


def _block_label(node: Node, index: int) -> str:
    if node.kind == "prim::If":
        return "then" if index == 0 else "else"
    if node.kind == "prim::Loop":
        return "body"
    return f"block {index}"


def _results(block: Block) -> str:
    """What a block gives where that is a constant, which has no box: `gives False, %x`."""
    if not any(value.node.kind == "prim::Constant" for value in block.outputs):
        return ""
    text = "gives " + joined(
        (constant_word(value) or f"%{value.name}" for value in block.outputs), LABEL, most=_RESULT_CHARS
    )
    return text if len(text) <= _RESULT_CHARS else text[: _RESULT_CHARS - 1] + "…"
