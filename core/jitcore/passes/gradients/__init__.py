"""Passes on graphs of gradients, in which tensors may be undefined: zeros that nobody computed."""
