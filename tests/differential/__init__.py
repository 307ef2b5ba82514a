"""Comparison of jitcore with torch.jit on archives: texts, pass results and values."""
