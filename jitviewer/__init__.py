"""jitviewer: open, read, rewrite and run TorchScript programs."""

__version__ = "0.1.0"
