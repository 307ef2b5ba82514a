"""Functions from texts, for compiling needs their source, and whether both compilers make the same of them."""

import importlib.util
import re
import sys
import warnings

import torch

import jitcore
from tests.scripting.documentation.examples import refusal, texts

_SLIPS = (
    "INTERNAL ASSERT FAILED", "object has no attribute 'lineno'", "object has no attribute 'range'",
    "incompatible constructor arguments",
)  # fmt: skip
"""What torch says where it trips over itself."""


def module_of(folder, name, text):
    """The module that a text is, written into a folder."""
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    # The source of a class is looked for in the file of its module.
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def difference(function, given=None):
    """What differs between torch.jit and ours; None if nothing does.

    Both compile the function to the same, and with arguments from `given` run it to the same, or both refuse it
    in the same words.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = torch.jit.script(function)
        except Exception as error:
            return _difference_of_refusals(function, str(error))
        try:
            ours = jitcore.script(function)
        except Exception as error:
            return f"only ours refuses it: {error}"
        if texts(ours) != texts(theirs):
            return f"texts differ: torch\n{texts(theirs)}\nours\n{texts(ours)}"
        if given is not None:
            found, wanted = attempted(ours, given), attempted(theirs, given)
            if found != wanted:
                return f"runs differ: torch {wanted}, ours {found}"
    return None


def attempted(function, given):
    """What a call gives, or says."""
    try:
        return repr(function(*given()))
    except Exception:
        return refusal(lambda: function(*given()))


def _difference_of_refusals(function, expected):
    try:
        jitcore.script(function)
    except Exception as error:
        if any(slip in expected for slip in _SLIPS):
            # Ours says why.
            return None
        said, wanted = (_first_line(text) for text in (str(error), expected))
        # Ours may go on with what to write instead.
        return None if said.startswith(wanted.rstrip(": ")) else f"torch says {wanted!r}, ours {said!r}"
    return f"only torch refuses it: {expected}"


def _first_line(text):
    text = re.sub(r" \(of Python compilation unit at: 0x[0-9a-f]+\)", "", text)
    return text.strip().splitlines()[0] if text.strip() else ""
