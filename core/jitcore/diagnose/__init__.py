"""Comparisons that tell where two programs differ."""

from jitcore.diagnose.archive_diff import ArchiveDiff, compare_archives, compare_weights

__all__ = ["ArchiveDiff", "compare_archives", "compare_weights"]
