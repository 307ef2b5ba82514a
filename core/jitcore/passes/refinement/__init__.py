"""Passes that learn from comparisons and from lists what values are."""
