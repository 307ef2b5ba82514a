"""The black box of a trace: what Python decided with tensors while it was traced, and the graph cannot show."""
