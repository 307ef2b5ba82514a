"""Everything that the engine does with a file that a person opens, ending as a list of sentences."""

from __future__ import annotations

from jitcore.archive import tensor_digests
from jitcore.archive.digests import named_digests
from jitcore.ir import Function
from jitcore.passes.inline import inlined_graph
from jitcore.printing import code_text, graph_text
from jitcore.source import JitError
from jitviewer.engine.document import Document, source_of
from jitviewer.engine.tree_rows import tree_rows


def open_fully(path: str) -> list[str]:
    """Open the file, list its tree, print every method and read every tensor and record.

    Gives the sentences that a person reads: none if nothing is wrong. Only `JitError` becomes one.
    """
    sentences: list[str] = []
    try:
        document = Document.open(path)
        tree_rows(document)
    except JitError as error:
        return [str(error)]
    try:
        for function in _functions(document):
            _try(sentences, lambda function=function: _print(function))
        archive = document.archive
        if archive is not None:
            _try(sentences, archive.verify)
            _try(sentences, lambda: tensor_digests(archive))
            for record in archive.records:
                _try(sentences, lambda record=record: source_of(document, record.name))
        tensors = document.tensors
        if tensors is not None:
            _try(sentences, tensors.verify)
            _try(sentences, lambda: named_digests(list(tensors.tensors.items()), tensors.size, "x"))
    finally:
        document.close()
    return sentences


def _functions(document: Document) -> list[Function]:
    if document.module is None:
        return []
    types = {id(module.type): module.type for _, module in document.module.named_modules()}
    return [m for t in types.values() for m in t.methods.values() if isinstance(m, Function)]


def _print(function: Function) -> None:
    graph_text(function.graph)
    graph_text(inlined_graph(function))
    code_text(function)


def _try(sentences: list[str], action) -> None:
    try:
        action()
    except JitError as error:
        sentences.append(str(error))
