"""Qt item models over the engine's frozen rows."""
