"""What a watched run cost beside time: products computed, bytes moved, memory that was alive."""
