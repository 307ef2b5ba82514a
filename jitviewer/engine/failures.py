"""Sentences for what can go wrong while a request is answered."""

from __future__ import annotations

import sys
import traceback

from jitcore.source import JitError
from jitviewer.protocol.bounds import NAME, SENTENCE, cut


def sentence_of(error: Exception, subject: str) -> str:
    """One sentence on `error` for a person; `subject` is the file or program concerned.

    What is no fault of the file is called an internal error, and its traceback goes to standard error.
    """
    if isinstance(error, JitError):
        return cut(str(error), SENTENCE)
    subject = cut(subject, NAME)
    if isinstance(error, RecursionError):
        return f"{subject} is too deeply nested to be read."
    if isinstance(error, MemoryError):
        return f"{subject} needs more memory than there is."
    traceback.print_exception(error, file=sys.stderr)
    said = f": {error}" if str(error) else ""
    return cut(
        f"{subject}: this is an internal error of jitviewer ({type(error).__name__}{said}); "
        "please report it.",
        SENTENCE,
    )
