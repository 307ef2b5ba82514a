"""Source texts, ranges in them, and errors that point at them."""

from jitcore.source.errors import JitError, SourceError, one_line
from jitcore.source.ranges import OriginMap, Source, SourceRange, error_at

__all__ = ["JitError", "OriginMap", "Source", "SourceError", "SourceRange", "error_at", "one_line"]
