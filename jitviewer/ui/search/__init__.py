"""Searching: patterns, work in slices that never holds the window up, and search everywhere."""
