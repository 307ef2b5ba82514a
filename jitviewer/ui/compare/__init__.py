"""Two graphs beside each other, and where runs of them part."""
