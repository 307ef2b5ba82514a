"""Everything that a command line names: a confined command gets this from its supervisor and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitviewer.commands.named_archives import WRITTEN, named_paths, names_python
from jitviewer.launching.supervisor import Named
from jitviewer.protocol.input_spec import files_in

if TYPE_CHECKING:
    import argparse


def all_named(options: argparse.Namespace) -> Named:
    """What `options` name."""
    named = Named()
    named.read.update(named_paths(options))
    for text in (*getattr(options, "input", ()), *getattr(options, "against", ())):
        named.read.update(files_in(text))
    named.write.update(path for name in WRITTEN if (path := getattr(options, name, "")))
    if names_python(options):
        named.trusted.add(0)
    named.libraries.update(getattr(options, "libraries", ()))
    named.may_reach_files = bool(getattr(options, "allow_files", False))
    return named
