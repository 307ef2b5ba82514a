"""Source text to Python's own syntax tree, with every way that this can fail told as a `SourceError`."""

from __future__ import annotations

import ast
import re
import warnings

from jitcore.source import Source, SourceError, SourceRange

TOO_LARGE = "Integral constant out of range (must fit in a signed 64 bit integer)"
"""What torch's parser (tree_views.h) says of a number."""

MOST_SIGNS = 400_000
"""Signs of code that Python's parser is given at once. It makes objects of a kilobyte or two for each; the
largest functions that torch writes have some ten thousand, runs of calls of operators aside."""

MOST_LINES = 4_000_000
"""Lines of a file; each costs memory, be it empty."""

_SIGN = re.compile(r"[-(,=\[.+*/%;<>&|^:@]|\n[^\n]")
_VERSION_LINE = re.compile(r"op_version_set\s*=\s*\d+[^\n]*")


def parse(source: Source) -> ast.Module:
    """The syntax tree of an archive's code file; raises `SourceError` for what is not code."""
    try:
        return parse_text(without_version(source.text))
    except SyntaxError as error:
        raise _located(source, error) from None
    except (RecursionError, MemoryError):
        raise SourceError("the code is nested too deeply to be parsed", source.filename or "") from None
    except ValueError as error:
        raise SourceError(f"the code cannot be parsed: {error}", source.filename or "") from None


def parse_text(text: str) -> ast.Module:
    """The syntax tree of a text, with Python's own exceptions; `SourceError` for one of too much code.

    Python is told no file name: it opens the file of that name to show the line of a syntax error.
    """
    if len(text) > MOST_SIGNS and sum(1 for _ in _SIGN.finditer(text)) > MOST_SIGNS:
        raise SourceError(f"a function or file has more code than can be read ({MOST_SIGNS:,} signs)")
    with warnings.catch_warnings():
        # Python's advice on style is not for code that a program wrote.
        warnings.simplefilter("ignore")
        return ast.parse(text)


def refuse_endless(source: Source) -> None:
    """Raise `SourceError` for a text of more lines than any program has."""
    lines = source.text.count("\n")
    if lines > MOST_LINES:
        raise SourceError(f"the code has {lines:,} lines; {MOST_LINES:,} can be read", source.filename or "")


def without_version(text: str) -> str:
    """`text` with blanks, which keep offsets, for the version that files of 2019 begin with."""
    first = _VERSION_LINE.match(text)
    return text if first is None else " " * first.end() + text[first.end() :]


def _located(source: Source, error: SyntaxError) -> SourceError:
    line = (error.lineno or 1) - 1
    starts = source.line_starts
    start = min(starts[min(line, len(starts) - 1)] + max((error.offset or 1) - 1, 0), len(source.text))
    place = SourceRange(source, start, start + 1)
    # Python's parser advises to lift a limit of its own where an integer has thousands of digits.
    is_number = "integer string conversion" in error.msg
    return place.error(TOO_LARGE if is_number else f"not valid code: {error.msg}")
