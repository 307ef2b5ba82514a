"""Passes that compute the same by fewer, or by other, operators."""
