"""Passes on graphs of quantized programs."""
