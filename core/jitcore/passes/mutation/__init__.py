"""Passes that replace operators which write by operators which do not, and back."""
