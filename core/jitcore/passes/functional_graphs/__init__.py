"""Passes that put what neither writes nor is known outside into graphs of its own, and back."""
