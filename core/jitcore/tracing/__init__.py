"""The tracer: what a Python program does with tensors while it runs, recorded as a graph."""
