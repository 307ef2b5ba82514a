"""What is shown of a document: enough to come back to it after a restart or a reload."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from jitviewer.protocol.bounded import OfEdges, OfInputs, OfPasses, OfScriptables
from jitviewer.protocol.bounds import LARGEST


class DocumentPlace(msgspec.Struct, frozen=True):
    """A method with its passes, how many rewrites are applied, the form of its code, what was open.

    `position` is -1 where all rewrites are applied. `items` says of containers of the canvas whether they
    were open, by their ids; `shows_constants` and `merges_repeats` what the canvas was asked to show.
    `arguments` are those of the constructors of classes in a Python file, by name; `traces` the inputs that
    objects of it were traced with.
    """

    module_path: str
    method: str
    passes: Annotated[list[str], OfPasses]
    position: Annotated[int, Meta(ge=-LARGEST, le=LARGEST)] = -1
    code_after_passes: bool = False
    items: Annotated[dict[str, bool], OfEdges] = {}
    shows_constants: bool = False
    merges_repeats: bool = False
    code_is_original: bool = False
    arguments: Annotated[dict[str, str], OfScriptables] = {}
    traces: Annotated[dict[str, Annotated[list[str], OfInputs]], OfScriptables] = {}
