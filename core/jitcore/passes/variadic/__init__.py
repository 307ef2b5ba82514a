"""Passes that give operators the tensors that a list is built of, in place of the list."""
