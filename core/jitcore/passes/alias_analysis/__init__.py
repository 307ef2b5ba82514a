"""Alias analysis: which values may share memory, and which nodes write to it."""

from jitcore.passes.alias_analysis.alias_db import AliasDb
from jitcore.passes.alias_analysis.mutable_types import is_mutable_type, is_mutable_value

__all__ = ["AliasDb", "is_mutable_type", "is_mutable_value"]
