"""Freezing: attributes of a module become constants, and what follows from that."""
