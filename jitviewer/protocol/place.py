"""What is shown of a document: enough to come back to it after a restart or a reload."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Number, OfEdges, OfPasses, OfScriptables, Words


class DocumentPlace(msgspec.Struct, frozen=True):
    """A method with its passes, how many rewrites are applied, the form of its code, what was open.

    `position` is -1 where all rewrites are applied. `items` says of containers of the canvas whether they
    were open, by their ids; `shows_constants` and `merges_repeats` what the canvas was asked to show.
    `arguments` are those of the constructors of classes in a Python file, by name.
    """

    module_path: Words
    method: Words
    passes: Annotated[list[Words], OfPasses]
    position: Number = -1
    code_after_passes: bool = False
    items: Annotated[dict[Words, bool], OfEdges] = {}
    shows_constants: bool = False
    merges_repeats: bool = False
    code_is_original: bool = False
    arguments: Annotated[dict[Words, Words], OfScriptables] = {}
