"""The engine: opens, lowers, rewrites and draws documents without torch, and supervises the runner."""
